\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
\set SHOW_CONTEXT never
SELECT pg_temp.try($$customers.define_context_field('a', '{}')$$), pg_temp.try($$customers.define_context_field('b', '{}')$$);
-- The same key with other parameters names each that differs, of each operation.
SELECT pg_temp.try($$customers.create_customer('ida')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('ida'), 'card', 'tok_1')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('ida'), 'card', 'tok_2')$$);

-- Calls the operation with these arguments and key, once as they are and then with one
-- after the other replaced; says what differs.
CREATE TEMP TABLE argument (number serial, operation text, name text, value text, other text);
CREATE FUNCTION pg_temp.call(called text, key text, replaced text = null) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
  EXECUTE (SELECT format('SELECT customers.%s(%s, idempotency_key => %L)', called, string_agg(format('%I => %s', name,
             CASE WHEN name = replaced OR replaced = 'all' THEN other ELSE value END), ', ' ORDER BY number), key)
             FROM argument a WHERE a.operation = called) INTO result;
  RETURN result;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS result = PG_EXCEPTION_DETAIL;
  RETURN SQLSTATE || ' ' || SQLERRM || '; ' || result;
END $$;
INSERT INTO argument (operation, name, value, other) VALUES
  ('create_customer', 'reference', 'null', '''eve'''),
  ('create_customer', 'context', '''{"a": 1, "b": [2]}''', '''{}'''),
  ('create_customer', 'metadata', 'null', '''{"note": "secret"}'''),
  ('create_payment', 'customer', 'pg_temp.cus(''ida'')', 'customers.create_customer()'),
  ('create_payment', 'prices', '''{9.00 EUR,10.00 USD}''', '''{10.00 USD,9.00 EUR}'''),
  ('create_payment', 'reference', 'null', '''order'''),
  ('create_payment', 'base_reference', 'null', '''order'''),
  ('create_payment', 'amount_mode', '''editable''', '''strict'''),
  ('create_payment', 'min_amounts', 'null', '''{1.00 EUR}'''),
  ('create_payment', 'max_amounts', 'null', '''{20.00 EUR}'''),
  ('create_payment', 'capture', '''automatic''', '''manual'''),
  ('create_payment', 'commits_limit', '5', '6'),
  ('create_payment', 'expires_in', '''24 hours''', 'null'),
  ('create_payment', 'presets', 'null', '''{}'''),
  ('commit_payment', 'payment', 'pg_temp.pay(''paid'')', 'pg_temp.pay(''unpaid'')'),
  ('commit_payment', 'method', 'pg_temp.pm(''tok_1'')', 'null'),
  ('commit_payment', 'value', 'null', '''1.00 EUR'''),
  ('commit_payment', 'save_method', 'false', 'true'),
  ('capture_payment', 'payment', 'pg_temp.pay(''held'')', 'pg_temp.pay(''held too'')'),
  ('capture_payment', 'value', '''2.00 EUR''', 'null'),
  ('capture_payment', 'final', 'false', 'true');
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('ida'), '{5.00 EUR}', 'paid')$$), pg_temp.try($$customers.create_payment(pg_temp.cus('ida'), '{5.00 EUR}', 'unpaid')$$);
CREATE FUNCTION pg_temp.hold(reference text) RETURNS text LANGUAGE sql AS
  $$ SELECT customers.resolve_commit(customers.commit_payment(customers.create_payment(pg_temp.cus('ida'), '{5.00 EUR}', $1, capture => 'manual')), 'authorized') $$;
SELECT pg_temp.hold('held'), pg_temp.hold('held too');
-- All parameters are here.
SELECT p.proname, u.name FROM pg_proc p, unnest(proargnames) u (name)
 WHERE p.pronamespace = 'customers'::regnamespace AND proname IN (SELECT operation FROM argument)
EXCEPT SELECT operation, name FROM argument ORDER BY 1, 2;
CREATE TEMP TABLE first AS SELECT operation, pg_temp.call(operation, 'key') AS result FROM (SELECT DISTINCT operation FROM argument) o;
SELECT operation, pg_temp.hide(result) FROM first ORDER BY 1;
-- the same call gives the same result, and does nothing
SELECT operation, pg_temp.call(operation, 'key') = result AS same FROM first ORDER BY 1;
SELECT commits_used FROM customers.payment WHERE payment_id = pg_temp.pay('paid');
SELECT received, authorized FROM customers.payment WHERE payment_id = pg_temp.pay('held');
-- each parameter by itself, and all at once
SELECT name, pg_temp.call(operation, 'key', name) FROM argument ORDER BY number;
SELECT operation, pg_temp.call(operation, 'key', 'all') FROM first ORDER BY 1;
-- the other way round: what was given is missing now
SELECT operation, pg_temp.hide(pg_temp.call(operation, 'other key', 'all')) FROM first ORDER BY 1;
SELECT operation, pg_temp.call(operation, 'other key') FROM first ORDER BY 1;
-- The same in other words is the same, and each operation has keys of its own.
SELECT customers.create_customer(context => '{"b": [2], "a": 1}', idempotency_key => 'key') = result::customers.customer_id AS same FROM first WHERE operation = 'create_customer';
SELECT customers.create_payment(pg_temp.cus('ida'), ARRAY['9.00 EUR', '10.00 USD']::customers.amount[], amount_mode => 'editable', expires_in => '24:00', idempotency_key => 'key') = result::customers.payment_id AS same FROM first WHERE operation = 'create_payment';
-- Other amounts to suggest are another request.
SELECT customers.create_payment(pg_temp.cus('ida'), '{9.00 EUR}', amount_mode => 'editable', presets => '{5.00 EUR,7.00 EUR}', idempotency_key => 'presets') IS NOT NULL;
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('ida'), '{9.00 EUR}', amount_mode => 'editable', presets => '{7.00 EUR,5.00 EUR}', idempotency_key => 'presets')$$);
