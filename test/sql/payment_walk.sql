\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- A walk at random: every operation in every state.  Whatever the order, nothing
-- but the errors of section 10 is raised, and the books are right after each step.
SELECT pg_temp.try($$customers.create_customer('walker')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('walker'), 'card', 'tok_1')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('walker'), 'card', 'tok_2')$$);
CREATE TEMP TABLE walked (operation text, code text, message text);

-- one of the words, at random
CREATE FUNCTION pg_temp.one_of(VARIADIC words text[]) RETURNS text LANGUAGE sql VOLATILE AS
  $$ SELECT words[1 + floor(random() * cardinality(words))::int] $$;

-- what is wrong with the books of a payment; null: nothing
CREATE FUNCTION pg_temp.fault(payment customers.payment_id) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  p customers.payment;
  final text[] = ARRAY['paid', 'over_paid', 'partially_paid', 'cancelled', 'failed', 'expired'];
  amount int8;
  received int8;
  authorized int8;
  sums record;
BEGIN
  SELECT * INTO p FROM customers.payment x WHERE x.payment_id = payment;
  amount := customers.minor_units(p.amount);
  received := customers.minor_units(p.received);
  authorized := customers.minor_units(p.authorized);
  SELECT count(*) AS used, coalesce(sum(customers.minor_units(c.received)), 0) AS received,
         coalesce(sum(customers.minor_units(c.authorized)), 0) AS authorized,
         count(*) FILTER (WHERE c.status IN ('submitted', 'requires_action', 'unknown')) AS open,
         count(*) FILTER (WHERE (c.status = 'authorized') <> (customers.minor_units(c.authorized) > 0)) AS holding
    INTO sums FROM customers.payment_commit c WHERE c.payment_id = payment;
  RETURN concat_ws(', ',
    CASE WHEN sums.used <> p.commits_used THEN 'commits' END,
    CASE WHEN sums.received <> received THEN 'received' END,
    CASE WHEN sums.authorized <> authorized THEN 'authorized' END,
    CASE WHEN (sums.open = 1) <> (p.status = 'processing') OR sums.open > 1 THEN 'open commit' END,
    CASE WHEN sums.holding > 0 THEN 'authorized commit' END,
    CASE WHEN (p.closed_at IS NOT NULL) <> (p.status = ANY (final)) THEN 'closed' END,
    CASE p.status
      WHEN 'created' THEN CASE WHEN received + authorized > 0 OR p.commits_used > 0 THEN 'created' END
      WHEN 'attempted' THEN CASE WHEN received + authorized > 0 OR p.commits_used = 0 THEN 'attempted' END
      WHEN 'authorized' THEN CASE WHEN authorized = 0 OR received >= amount THEN 'authorized' END
      WHEN 'pending' THEN CASE WHEN authorized > 0 OR received = 0 OR received >= amount THEN 'pending' END
      WHEN 'paid' THEN CASE WHEN authorized > 0 OR received <> amount THEN 'paid' END
      WHEN 'over_paid' THEN CASE WHEN authorized > 0 OR received <= amount THEN 'over_paid' END
      WHEN 'partially_paid' THEN CASE WHEN authorized > 0 OR received = 0 OR received >= amount THEN 'partially_paid' END
      WHEN 'processing' THEN NULL
      ELSE CASE WHEN authorized + received > 0 THEN p.status END END,
    (SELECT 'events' FROM customers.payment_event e WHERE e.payment_id = payment
     HAVING count(*) <> p.version OR max(e.sequence) <> p.version),
    (SELECT DISTINCT 'no such transition: ' || e.event FROM customers.payment_event e
      WHERE e.payment_id = payment AND NOT EXISTS (SELECT FROM customers.payment_transitions t
        WHERE t."from" IS NOT DISTINCT FROM e.from_status AND t.event = e.event AND t."to" = e.to_status AND t.actor = e.actor)
      LIMIT 1),
    (SELECT DISTINCT 'broken chain' FROM (SELECT e.from_status, lag(e.to_status) OVER (ORDER BY e.sequence) AS before
       FROM customers.payment_event e WHERE e.payment_id = payment) e WHERE e.from_status IS DISTINCT FROM e.before));
END $$;

CREATE FUNCTION pg_temp.walk(payments int, steps int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text;
  operation text;
  value text;
  fault text;
BEGIN
  FOR number IN 1 .. payments LOOP
    name := 'walk-' || number;
    PERFORM customers.create_payment(pg_temp.cus('walker'), '{10.00 EUR,11.00 USD}', name,
      amount_mode => pg_temp.one_of('strict', 'editable', 'editable', 'editable_if_insufficient'),
      capture => pg_temp.one_of('automatic', 'manual', 'manual'), commits_limit => pg_temp.one_of('2', '4', '9')::int);
    FOR step IN 1 .. steps LOOP
      value := pg_temp.one_of('1.00', '1.00', '2.00', '3.00', '7.00', '12.00') || ' '
        || (SELECT customers.currency(amount) FROM customers.payment WHERE payment_id = pg_temp.pay(name));
      IF random() < 0.05 THEN
        value := '1.00 ' || pg_temp.one_of('EUR', 'USD', 'CHF');
      END IF;
      operation := pg_temp.one_of('choose_currency', 'choose_payment_method', 'change_amount', 'change_amount', 'commit', 'commit', 'commit', 'commit',
        'resolve', 'resolve', 'resolve', 'resolve', 'resolve', 'resolve', 'resolve', 'resolve', 'resolve', 'resolve', 'resolve', 'capture', 'capture', 'cancel', 'return', 'expire');
      BEGIN
        CASE operation
          WHEN 'choose_currency' THEN PERFORM customers.choose_currency(pg_temp.pay(name), pg_temp.one_of('EUR', 'USD'));
          WHEN 'choose_payment_method' THEN
            PERFORM customers.choose_payment_method(pg_temp.pay(name), pg_temp.pm(pg_temp.one_of('tok_1', 'tok_2')));
          WHEN 'change_amount' THEN PERFORM customers.change_amount(pg_temp.pay(name), value::customers.amount);
          WHEN 'commit' THEN PERFORM customers.commit_payment(pg_temp.pay(name),
            pg_temp.pm(pg_temp.one_of('tok_1', 'tok_2', 'none')), pg_temp.one_of(value, NULL)::customers.amount);
          WHEN 'resolve' THEN
            -- any commit of the payment, most often the last
            IF pg_temp.cmt(name) IS NOT NULL THEN
              PERFORM customers.resolve_commit(
                coalesce(pg_temp.cmt(name, pg_temp.one_of(NULL, '1', '2')::int), pg_temp.cmt(name)),
                pg_temp.one_of('requires_action', 'unknown', 'authorized', 'authorized', 'succeeded', 'succeeded', 'declined',
                  'voided', 'cancelled', 'expired'),
                pg_temp.one_of(value, NULL)::customers.amount, pg_temp.one_of('insufficient_funds', 'lost_card', NULL));
            END IF;
          WHEN 'capture' THEN PERFORM customers.capture_payment(pg_temp.pay(name),
            pg_temp.one_of(value, NULL)::customers.amount, pg_temp.one_of('true', 'false')::bool);
          WHEN 'cancel' THEN IF random() < 0.1 THEN PERFORM customers.cancel_payment(pg_temp.pay(name)); END IF;
          WHEN 'return' THEN PERFORM customers.record_return(pg_temp.pay(name), value::customers.amount, 'r' || step % 3);
          WHEN 'expire' THEN
            IF random() < 0.1 THEN
              UPDATE customers.payment SET expires_at = created_at WHERE payment_id = pg_temp.pay(name);
            END IF;
            PERFORM customers.expire_payments();
        END CASE;
        INSERT INTO walked VALUES (operation, NULL, NULL);
      EXCEPTION WHEN OTHERS THEN
        INSERT INTO walked VALUES (operation, SQLSTATE, SQLERRM);
      END;
      fault := pg_temp.fault(pg_temp.pay(name));
      IF fault <> '' THEN
        RAISE EXCEPTION 'after % of %: %', operation, name, fault USING DETAIL =
          pg_temp.show(name) || E'\n' || pg_temp.events(name) || E'\n' || pg_temp.commits(name);
      END IF;
    END LOOP;
  END LOOP;
END $$;
-- the seed: what went wrong once goes wrong again
SELECT setseed(0.20260);
SELECT pg_temp.walk(120, 40);
SELECT DISTINCT code FROM walked WHERE code NOT IN ('55000', '22023', '23505', '23514', 'P0002');
SELECT count(*) FROM customers.payment p WHERE p.merchant_id = customers.current_merchant() AND pg_temp.fault(p.payment_id) <> '';
SELECT count(*) FROM customers.payment p WHERE p.merchant_id = customers.current_merchant() AND NOT customers.verify_payment(p.payment_id);
-- It has been everywhere: every event, every status.
SELECT DISTINCT event FROM customers.payment_transitions
EXCEPT SELECT event FROM customers.payment_event e WHERE e.merchant_id = customers.current_merchant();
SELECT DISTINCT "to" FROM customers.payment_transitions
EXCEPT SELECT to_status FROM customers.payment_event e WHERE e.merchant_id = customers.current_merchant();
