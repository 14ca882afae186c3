-- What does the history of customers cost?
-- 1. A change with its history against the same without: a trigger drops the rows
--    of the history before they are written.
-- 2. customer_as_of() and a page of customer_activity() of a customer with 10 and
--    with 10,000 versions and as many events: the ratio stays near 1.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
SELECT customers.use_merchant(customers.create_merchant('Bench'));
SELECT customers.define_context_field('field_' || n, '{"type": "string"}') FROM generate_series(1, 8) AS n;
CREATE TABLE ids AS
SELECT n, customers.create_customer('c' || n, (SELECT jsonb_object_agg('field_' || f, repeat('x', 20)) FROM generate_series(1, 8) AS f)) AS customer
  FROM generate_series(1, 2000) AS n;
CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER skip BEFORE INSERT ON customers.customer_history FOR EACH ROW EXECUTE FUNCTION skip();
VACUUM ANALYZE;
RESET client_min_messages;

-- how long a call takes for each customer of the table, in microseconds
CREATE FUNCTION call_us(call text, number int) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  started CONSTANT timestamptz := clock_timestamp();
  calls bigint;
BEGIN
  EXECUTE format('SELECT count(customers.%s) FROM ids', call) INTO calls USING number;
  RETURN extract(epoch FROM clock_timestamp() - started) * 1e6 / calls;
END
$$;
-- The best of several rounds in turn, as others use the machine too.
CREATE PROCEDURE compare_change(call text) LANGUAGE plpgsql AS $$
DECLARE
  kept numeric;
  none numeric;
BEGIN
  FOR round IN 1 .. 10 LOOP
    ALTER TABLE customers.customer_history DISABLE TRIGGER skip;
    COMMIT;
    kept := least(kept, call_us(call, 2 * round));
    COMMIT;
    ALTER TABLE customers.customer_history ENABLE TRIGGER skip;
    COMMIT;
    none := least(none, call_us(call, 2 * round + 1));
    COMMIT;
  END LOOP;
  RAISE NOTICE '%: % us with history, % us without, ratio %', call, round(kept, 1), round(none, 1), round(kept / none, 2);
END
$$;
CALL compare_change('update_customer(customer, jsonb_build_object(''field_1'', ''v'' || $1))');
CALL compare_change('allow_payouts(customer, $1 % 2 = 1)');
DROP TRIGGER skip ON customers.customer_history;

-- A customer with a short past and one with a long one, among many.
SET client_min_messages = warning;
CREATE TABLE past AS
SELECT length, customers.create_customer('past ' || length) AS customer, NULL::customers.payment_id AS payment
  FROM unnest(ARRAY[10, 10000]) AS length;
UPDATE past SET payment = customers.create_payment(customer, '{10.00 EUR}');
INSERT INTO customers.customer_history (merchant_id, customer_id, version, context, schema_version, payments_allowed, payouts_allowed,
                                        updated_at, replaced_at, replaced_by)
SELECT merchant_id, customer_id, n, (SELECT jsonb_object_agg('field_' || f, repeat('x', 20)) FROM generate_series(1, 8) AS f),
       1, true, true, now() - (length - n + 1) * interval '1 min', now() - (length - n) * interval '1 min', 'r'
  FROM past, customers.customer c, generate_series(1, length) AS n WHERE customer_id = customer;
INSERT INTO customers.payment_event (merchant_id, payment_id, customer_id, sequence, event, to_status, actor, position, hash, at)
SELECT merchant_id, payment, customer_id, n + 1, 'choose_currency', 'created', 'customer', 1, sha256(''), now() - (length - n) * interval '1 min'
  FROM past, customers.customer c, generate_series(1, length) AS n WHERE customer_id = customer;
VACUUM ANALYZE;
RESET client_min_messages;

CREATE PROCEDURE compare_past(call text) LANGUAGE plpgsql AS $$
DECLARE
  us numeric[];
  started timestamptz;
BEGIN
  FOR round IN 1 .. 20 LOOP
    FOR part IN 1 .. 2 LOOP
      started := clock_timestamp();
      EXECUTE format('SELECT count(%s) FROM past, generate_series(1, 100) AS n WHERE length = %s', call,
                     CASE part WHEN 1 THEN 10 ELSE 10000 END);
      us[part] := least(us[part], extract(epoch FROM clock_timestamp() - started) * 1e6 / 100);
    END LOOP;
  END LOOP;
  RAISE NOTICE '%: % us of 10 versions, % us of 10,000, ratio %', call, round(us[1], 1), round(us[2], 1), round(us[2] / us[1], 2);
END
$$;
CALL compare_past('customers.customer_as_of(customer, now() - n % 10 * interval ''1 min'')');
CALL compare_past('customers.customer_as_of(customer, now() - n % 10 * interval ''1 min'' * length / 10)');
CALL compare_past('(SELECT count(*) FROM customers.customer_activity(customer, now() - n % 10 * interval ''1 s'' - interval ''9 min'', 10))');
CALL compare_past('(SELECT count(*) FROM customers.customer_activity(customer, NULL, 10))');
