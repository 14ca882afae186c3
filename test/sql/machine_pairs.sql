\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
\set SHOW_CONTEXT never
SET client_min_messages = error;
-- Every status with every event, by the operations: what payment_transitions has
-- happens, and nothing else does.
SELECT pg_temp.try($$customers.create_customer('pair')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('pair'), 'card', 'tok_1')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('pair'), 'card', 'tok_2')$$);

-- makes a payment that has this status; all but a created one have a commit
CREATE FUNCTION pg_temp.arrive(status text, name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  own customers.payment_id := customers.create_payment(pg_temp.cus('pair'), '{10.00 EUR,11.00 USD}', name,
    amount_mode => 'editable', capture => 'manual', commits_limit => CASE status WHEN 'failed' THEN 1 ELSE 5 END);
  outcome text := CASE WHEN status IN ('attempted', 'cancelled', 'failed', 'expired') THEN 'declined'
                       WHEN status = 'authorized' THEN 'authorized'
                       WHEN status IN ('pending', 'paid', 'over_paid', 'partially_paid') THEN 'succeeded' END;
BEGIN
  IF status = 'created' THEN RETURN; END IF;
  PERFORM customers.commit_payment(own, pg_temp.pm('tok_2'),
    CASE WHEN status IN ('pending', 'partially_paid', 'authorized') THEN '4.00 EUR'::customers.amount ELSE '10.00 EUR' END);
  IF outcome IS NULL THEN RETURN; END IF;
  PERFORM customers.resolve_commit(pg_temp.cmt(name), outcome, CASE status WHEN 'over_paid' THEN '12.00 EUR'::customers.amount END);
  IF status IN ('partially_paid', 'cancelled') THEN
    PERFORM customers.cancel_payment(own);
  ELSIF status = 'expired' THEN
    UPDATE customers.payment SET expires_at = created_at WHERE payment_id = own;
    PERFORM customers.expire_payments();
  END IF;
END $$;

-- lets the event happen to it, if it can
CREATE FUNCTION pg_temp.cause(event text, name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  own customers.payment_id := pg_temp.pay(name);
  report text := CASE event WHEN 'require_action' THEN 'requires_action' WHEN 'mark_unknown' THEN 'unknown' WHEN 'authorize' THEN 'authorized'
    WHEN 'succeed' THEN 'succeeded' WHEN 'decline' THEN
      CASE (SELECT p.status FROM customers.payment p WHERE payment_id = own) WHEN 'authorized' THEN 'voided' ELSE 'declined' END END;
BEGIN
  CASE event
    WHEN 'create' THEN PERFORM customers.create_payment(pg_temp.cus('pair'), '{10.00 EUR}', name);
    WHEN 'choose_currency' THEN PERFORM customers.choose_currency(own, 'USD');
    WHEN 'choose_payment_method' THEN PERFORM customers.choose_payment_method(own, pg_temp.pm('tok_2'));
    WHEN 'change_amount' THEN PERFORM customers.change_amount(own, '9.00 EUR');
    WHEN 'commit' THEN PERFORM customers.commit_payment(own, value => '1.00 EUR');
    WHEN 'capture' THEN PERFORM customers.capture_payment(own, '1.00 EUR', false);
    WHEN 'cancel' THEN PERFORM customers.cancel_payment(own);
    WHEN 'return' THEN PERFORM customers.record_return(own, '1.00 EUR', 'back');
    WHEN 'expire' THEN
      UPDATE customers.payment SET expires_at = created_at WHERE payment_id = own;
      PERFORM customers.expire_payments();
    ELSE PERFORM customers.resolve_commit(coalesce(pg_temp.cmt(name), 'cmt_7zzzzzzzzzzzzzzzzzzzzzzzzz'), report);
  END CASE;
END $$;

-- what comes of it: a transition, an error, or nothing
CREATE TEMP TABLE walked (status text, event text, came_to text, code text, message text, detail text, hint text);
CREATE FUNCTION pg_temp.walk(status text, event text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text := status || ' ' || event;
  before customers.payment;
  after customers.payment;
  step record;
  walked walked;
BEGIN
  PERFORM pg_temp.arrive(status, name);
  IF event = 'cancel' AND status = 'processing' THEN -- possible while the provider waits for the customer
    PERFORM customers.resolve_commit(pg_temp.cmt(name), 'requires_action');
  END IF;
  SELECT * INTO before FROM customers.payment p WHERE p.payment_id = pg_temp.pay(name);
  ASSERT before.status = status, before.status || ' is not ' || status;
  walked.status := status;
  walked.event := event;
  BEGIN
    PERFORM pg_temp.cause(event, name);
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS walked.code = RETURNED_SQLSTATE, walked.message = MESSAGE_TEXT, walked.detail = PG_EXCEPTION_DETAIL,
      walked.hint = PG_EXCEPTION_HINT;
  END;
  SELECT * INTO after FROM customers.payment p WHERE p.payment_id = before.payment_id;
  SELECT * INTO step FROM customers.payment_events(before.payment_id) e WHERE e.sequence = after.version;
  IF after.version > before.version THEN
    ASSERT after.version = before.version + 1 AND step.from_status = status AND step.to_status = after.status, name || ' is something else';
    walked.event := step.event;
    walked.came_to := after.status;
  ELSE
    ASSERT after.status = before.status AND after.received = before.received AND after.authorized = before.authorized
       AND after.returned = before.returned AND after.amount = before.amount, name || ' changes something';
  END IF;
  INSERT INTO walked VALUES (walked.*);
END $$;

CREATE TEMP TABLE pair AS
  SELECT s.status, e.event, e.place,
         EXISTS (SELECT FROM customers.payment_transitions t WHERE t."from" = s.status AND t.event = e.event) AS possible
    FROM (SELECT DISTINCT "to" AS status FROM customers.payment_transitions) s
   CROSS JOIN (SELECT event, min(place) AS place FROM customers.payment_transitions() WITH ORDINALITY t ("from", event, "to", actor, place)
                GROUP BY event) e;
SELECT count(*), count(DISTINCT status), count(DISTINCT event), count(*) FILTER (WHERE possible) FROM pair;
SELECT count(pg_temp.walk(status, event)) FROM pair;

-- What is possible happened, and led where the table says; of what is not, nothing did.
SELECT p.status, p.event, p.possible, w.came_to, w.code, w.message FROM pair p LEFT JOIN walked w USING (status, event)
 WHERE p.possible IS DISTINCT FROM EXISTS (SELECT FROM customers.payment_transitions t
   WHERE t."from" = w.status AND t.event = w.event AND t."to" = w.came_to);
SELECT status, event, message FROM walked WHERE came_to IS NOT NULL AND code IS NOT NULL;
-- How it is refused: reports never are, as what happened has to be recorded.
SELECT e.actor, coalesce(w.code, 'no error') AS code, count(*), string_agg(DISTINCT w.event, ', ')
  FROM walked w JOIN (SELECT DISTINCT event, actor FROM customers.payment_transitions) e USING (event)
 WHERE w.came_to IS NULL GROUP BY 1, 2 ORDER BY 1, 2;
SELECT status, event, message FROM walked WHERE code = 'P0002' ORDER BY event;
SELECT DISTINCT pg_temp.hide(message) FROM walked WHERE code = '55000' AND event = 'capture';
SELECT status, event FROM walked
 WHERE code = '55000' AND (message !~ ('^event "' || event || '" is not possible for payment "pay_') OR detail <> format('The payment''s status is "%s".', status));
-- The hint names what people can do now, and what they have to wait for.
SELECT DISTINCT status, hint FROM walked WHERE code = '55000' ORDER BY status;
SELECT w.status, w.event, w.hint FROM walked w,
  LATERAL (SELECT string_agg(event, ', ' ORDER BY place) AS events FROM pair p WHERE p.status = w.status AND possible
              AND event IN (SELECT t.event FROM customers.payment_transitions t WHERE actor IN ('merchant', 'customer'))) possible
 WHERE w.code = '55000' AND w.status <> 'processing'
   AND w.hint <> coalesce('Possible in this status: ' || possible.events || '.', 'This status is final; only a new payment can be paid.');

-- Where an event leads depends on the money: every line of the table, by operations.
CREATE TEMP TABLE way (place serial, "from" text, event text, "to" text, commits_limit int, steps text);
INSERT INTO way ("from", event, "to", commits_limit, steps) VALUES
  ('pending', 'change_amount', 'paid', 5, 'commit 4.00, succeeded, change_amount 4.00'),
  ('processing', 'authorize', 'over_paid', 5, 'commit 4.00, authorized, commit 1.00, succeeded 12.00 1, authorized 1.00 2'),
  ('processing', 'authorize', 'paid', 5, 'commit 4.00, authorized, commit 1.00, succeeded 10.00 1, authorized 1.00 2'),
  ('processing', 'authorize', 'authorized', 5, 'commit 4.00, authorized'),
  ('processing', 'succeed', 'processing', 5, 'commit 4.00, authorized, commit 1.00, succeeded 4.00 1'),
  ('processing', 'succeed', 'over_paid', 5, 'commit, succeeded 12.00'),
  ('processing', 'succeed', 'paid', 5, 'commit, succeeded'),
  ('processing', 'succeed', 'authorized', 5, 'commit 4.00, authorized, commit 1.00, succeeded'),
  ('processing', 'succeed', 'pending', 5, 'commit 4.00, succeeded'),
  ('authorized', 'succeed', 'over_paid', 5, 'commit 4.00, authorized, succeeded 12.00'),
  ('authorized', 'succeed', 'paid', 5, 'commit 4.00, authorized, succeeded 10.00'),
  ('authorized', 'succeed', 'authorized', 5, 'commit 4.00, authorized, commit 1.00, authorized, succeeded 1.00'),
  ('authorized', 'succeed', 'pending', 5, 'commit 4.00, authorized, succeeded'),
  ('authorized', 'capture', 'over_paid', 5, 'commit, authorized 12.00, capture 12.00'),
  ('authorized', 'capture', 'paid', 5, 'commit, authorized, capture 10.00'),
  ('authorized', 'capture', 'authorized', 5, 'commit, authorized, capture 1.00'),
  ('authorized', 'capture', 'partially_paid', 5, 'commit, authorized, capture 1.00 1'),
  ('authorized', 'capture', 'pending', 5, 'commit 4.00, authorized, capture 4.00'),
  ('processing', 'decline', 'processing', 5, 'commit 4.00, authorized, commit 1.00, voided 4.00 1'),
  ('processing', 'decline', 'over_paid', 5, 'commit 4.00, authorized, commit 1.00, succeeded 12.00 1, declined 1.00 2'),
  ('processing', 'decline', 'paid', 5, 'commit 4.00, authorized, commit 1.00, succeeded 10.00 1, declined 1.00 2'),
  ('processing', 'decline', 'authorized', 5, 'commit 4.00, authorized, commit 1.00, declined'),
  ('processing', 'decline', 'partially_paid', 2, 'commit 4.00, succeeded, commit 1.00, declined'),
  ('processing', 'decline', 'failed', 2, 'commit, declined, commit, declined'),
  ('processing', 'decline', 'pending', 5, 'commit 4.00, succeeded, commit 1.00, declined'),
  ('processing', 'decline', 'attempted', 5, 'commit, declined'),
  ('authorized', 'decline', 'authorized', 5, 'commit 4.00, authorized, commit 1.00, authorized, voided'),
  ('authorized', 'decline', 'partially_paid', 2, 'commit 4.00, succeeded, commit 1.00, authorized, voided'),
  ('authorized', 'decline', 'failed', 1, 'commit, authorized, voided'),
  ('authorized', 'decline', 'pending', 5, 'commit 4.00, succeeded, commit 1.00, authorized, voided'),
  ('authorized', 'decline', 'attempted', 5, 'commit, authorized, voided'),
  ('authorized', 'cancel', 'partially_paid', 5, 'commit, authorized, capture 1.00, cancel'),
  ('authorized', 'cancel', 'cancelled', 5, 'commit, authorized, cancel'),
  ('processing', 'cancel', 'over_paid', 5, 'commit 4.00, authorized, commit 1.00, requires_action, succeeded 12.00 1, cancel'),
  ('processing', 'cancel', 'paid', 5, 'commit 4.00, authorized, commit 1.00, requires_action, succeeded 10.00 1, cancel'),
  ('processing', 'cancel', 'partially_paid', 5, 'commit 4.00, succeeded, commit 1.00, requires_action, cancel'),
  ('processing', 'cancel', 'cancelled', 5, 'commit, requires_action, cancel'),
  ('authorized', 'expire', 'partially_paid', 5, 'commit, authorized, capture 1.00, expire'),
  ('authorized', 'expire', 'cancelled', 5, 'commit, authorized, expire');
-- a step is an operation or an outcome, a value, and which commit it is of; for a capture, whether it is final
CREATE FUNCTION pg_temp.go(way way) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  name text := 'way ' || way.place;
  own customers.payment_id := customers.create_payment(pg_temp.cus('pair'), '{10.00 EUR}', name,
    amount_mode => 'editable', capture => 'manual', commits_limit => way.commits_limit);
  step text;
  word text[];
  value customers.amount;
BEGIN
  FOREACH step IN ARRAY string_to_array(way.steps, ', ') LOOP
    word := string_to_array(step, ' ');
    value := word[2] || ' EUR';
    CASE word[1]
      WHEN 'commit' THEN PERFORM customers.commit_payment(own, pg_temp.pm('tok_1'), value);
      WHEN 'capture' THEN PERFORM customers.capture_payment(own, value, word[3] IS NOT NULL);
      WHEN 'change_amount' THEN PERFORM customers.change_amount(own, value);
      WHEN 'cancel' THEN PERFORM customers.cancel_payment(own);
      WHEN 'expire' THEN PERFORM pg_temp.cause('expire', name);
      ELSE PERFORM customers.resolve_commit(pg_temp.cmt(name, word[3]::int), word[1], value);
    END CASE;
  END LOOP;
  RETURN (SELECT concat_ws(' ', from_status, event, to_status) FROM customers.payment_events(own) ORDER BY sequence DESC LIMIT 1);
END $$;
SELECT * FROM (SELECT way.steps, concat_ws(' ', "from", event, "to") AS should, pg_temp.go(way) AS does FROM way) w
 WHERE does IS DISTINCT FROM should;
SELECT "from", event, "to", actor FROM customers.payment_transitions
EXCEPT SELECT from_status, event, to_status, actor FROM customers.payment_event e WHERE e.merchant_id = customers.current_merchant();
SELECT count(*) FROM customers.payment p WHERE p.merchant_id = customers.current_merchant() AND NOT customers.verify_payment(p.payment_id);

-- A superuser's UPDATE: every status to every other one, with the money that the
-- other one needs.  Only what some event does is done.
CREATE TEMP TABLE forced AS SELECT "from", "to", null::text AS code, null::text AS message FROM
  (SELECT DISTINCT status AS "from" FROM pair) f CROSS JOIN (SELECT DISTINCT status AS "to" FROM pair) t;
CREATE FUNCTION pg_temp.force("from" text, "to" text, OUT code text, OUT message text) LANGUAGE plpgsql AS $$
DECLARE
  name text := "from" || ' becomes ' || "to";
BEGIN
  PERFORM pg_temp.arrive("from", name);
  BEGIN
    UPDATE customers.payment SET status = "to", version = version + 1,
      closed_at = CASE WHEN "to" NOT IN ('created', 'attempted', 'processing', 'authorized', 'pending') THEN coalesce(closed_at, now()) END,
      authorized = CASE "to" WHEN 'authorized' THEN '4.00 EUR'::customers.amount ELSE '0.00 EUR' END,
      received = CASE WHEN "to" IN ('pending', 'partially_paid') THEN '4.00 EUR'::customers.amount
                      WHEN "to" = 'paid' THEN '10.00 EUR' WHEN "to" = 'over_paid' THEN '12.00 EUR' ELSE received END
     WHERE payment_id = pg_temp.pay(name);
    code := 'done';
  EXCEPTION WHEN OTHERS THEN
    code := SQLSTATE;
    message := SQLERRM;
  END;
END $$;
UPDATE forced f SET (code, message) = (SELECT t.code, t.message FROM pg_temp.force(f."from", f."to") t);
SELECT code, count(*), count(DISTINCT message) FROM forced WHERE "from" <> "to" GROUP BY code ORDER BY code;
SELECT "from", "to", code, message FROM forced f
 WHERE "from" <> "to" AND code <> CASE WHEN EXISTS (SELECT FROM customers.payment_transitions t WHERE t."from" = f."from" AND t."to" = f."to")
                                       THEN 'done' ELSE '55000' END;
SELECT "from", "to", message FROM forced
 WHERE code = '55000' AND message <> format('a payment can''t go from status "%s" to "%s"', "from", "to");
-- A new payment is a created one.
CREATE FUNCTION pg_temp.insert_payment(new_status text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO customers.payment SELECT (jsonb_populate_record(p, jsonb_build_object('status', new_status, 'reference', 'new',
      'payment_id', 'pay_00000000000000000000000001', 'closed_at', CASE WHEN p.closed_at IS NOT NULL THEN now() END))).*
    FROM customers.payment p WHERE p.payment_id = pg_temp.pay(new_status || ' create');
  RAISE 'done' USING ERRCODE = 'P0001';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT DISTINCT pg_temp.insert_payment(status) FROM pair ORDER BY 1;
