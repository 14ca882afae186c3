-- What do rules and unique fields cost?  The same 5,000 customers, created one by
-- one by create_customer() for merchants of the same fields; and the switching on
-- and the search for who falls short, over 200,000 customers.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
CREATE FUNCTION pg_temp.merchant(name text) RETURNS customers.merchant_id LANGUAGE plpgsql AS $$
DECLARE
  merchant customers.merchant_id := customers.create_merchant(name);
BEGIN
  PERFORM customers.use_merchant(merchant);
  PERFORM customers.define_context_field('email', '{"type": "string", "format": "email"}', 'create', is_unique => name = 'unique');
  PERFORM customers.define_context_field('age', '{"type": "integer", "minimum": 18}');
  PERFORM customers.define_context_field('country', '{"type": "string", "pattern": "^[A-Z]{2}$"}');
  IF name = 'rules' THEN
    PERFORM customers.set_context_rules('{"if": {"properties": {"country": {"const": "US"}}}, "then": {"required": ["age"]}}');
  END IF;
  RETURN merchant;
END
$$;
SELECT pg_temp.merchant('plain') AS plain, pg_temp.merchant('rules') AS rules, pg_temp.merchant('unique') AS "unique" \gset
CREATE TEMP TABLE document AS
SELECT n, jsonb_build_object('email', n || '@example.com', 'age', 18 + n % 60, 'country', 'FR') AS context
  FROM generate_series(1, 200000) AS n;
CREATE TEMP TABLE merchant AS
SELECT * FROM (VALUES ('plain', :'plain'), ('rules', :'rules'), ('unique', :'unique')) AS v (name, id);
RESET client_min_messages;

DO $$
DECLARE
  started timestamptz;
  plain numeric;
  us numeric;
  m record;
BEGIN
  FOR round IN 0 .. 4 LOOP
    FOR m IN SELECT * FROM merchant ORDER BY name LOOP
      PERFORM customers.use_merchant(m.id::customers.merchant_id);
      started := clock_timestamp();
      PERFORM customers.create_customer(round || ' ' || n, jsonb_set(context, '{email}', to_jsonb(round || (context ->> 'email'))))
         FROM document WHERE n <= 5000;
      us := extract(epoch FROM clock_timestamp() - started) * 1e6 / 5000;
      IF m.name = 'plain' THEN plain := us; END IF;
      CONTINUE WHEN round = 0;
      RAISE NOTICE 'create_customer, %: % us each, ratio to plain %', m.name, round(us, 1), round(us / plain, 2);
    END LOOP;
  END LOOP;
END
$$;

-- A bare INSERT of the same rows, with the guard that is first and with the one that looks at unique values too.
DO $$
DECLARE
  started timestamptz;
  bare numeric;
  us numeric;
BEGIN
  PERFORM customers.use_merchant((SELECT id FROM merchant WHERE name = 'plain')::customers.merchant_id);
  FOR round IN 1 .. 3 LOOP
    ALTER TABLE customers.customer DISABLE TRIGGER guard_unique_values;
    started := clock_timestamp();
    INSERT INTO customers.customer (merchant_id, customer_id, context, created_at, updated_at)
    SELECT customers.current_merchant(), gen_random_uuid(), context, now(), now() FROM document WHERE n <= 20000;
    bare := extract(epoch FROM clock_timestamp() - started) * 1e6 / 20000;
    ALTER TABLE customers.customer ENABLE TRIGGER guard_unique_values;
    started := clock_timestamp();
    INSERT INTO customers.customer (merchant_id, customer_id, context, created_at, updated_at)
    SELECT customers.current_merchant(), gen_random_uuid(), context, now(), now() FROM document WHERE n <= 20000;
    us := extract(epoch FROM clock_timestamp() - started) * 1e6 / 20000;
    RAISE NOTICE 'INSERT with guard_customer: % us a row; with guard_unique_values too: % us', round(bare, 1), round(us, 1);
  END LOOP;
END
$$;

SELECT customers.create_merchant('many') AS many \gset
DO $$
DECLARE
  started timestamptz;
  scan numeric;
  seconds numeric;
  found bigint;
BEGIN
  PERFORM customers.use_merchant((SELECT merchant_id FROM customers.merchant WHERE name = 'many'));
  PERFORM customers.define_context_field('email', '{"type": "string", "format": "email"}', 'create');
  PERFORM customers.define_context_field('age', '{"type": "integer", "minimum": 18}');
  PERFORM customers.define_context_field('country', '{"type": "string", "pattern": "^[A-Z]{2}$"}');
  INSERT INTO customers.customer (merchant_id, customer_id, context, created_at, updated_at)
  SELECT customers.current_merchant(), gen_random_uuid(), context, now(), now() FROM document;

  started := clock_timestamp();
  PERFORM count(context -> 'email') FROM customers.customer WHERE merchant_id = customers.current_merchant();
  scan := extract(epoch FROM clock_timestamp() - started);
  RAISE NOTICE 'reading 200,000 contexts: % s', round(scan, 2);
  started := clock_timestamp();
  SELECT count(*) INTO found FROM customers.nonconforming_customers();
  seconds := extract(epoch FROM clock_timestamp() - started);
  RAISE NOTICE 'nonconforming_customers, % of all checked before: % s, ratio to reading %', found, round(seconds, 2), round(seconds / scan, 2);
  PERFORM customers.define_context_field('age', '{"type": "integer", "minimum": 19}');
  started := clock_timestamp();
  SELECT count(*) INTO found FROM customers.nonconforming_customers();
  seconds := extract(epoch FROM clock_timestamp() - started);
  RAISE NOTICE 'nonconforming_customers, % of a new schema: % s, ratio to reading %', found, round(seconds, 2), round(seconds / scan, 2);
  started := clock_timestamp();
  PERFORM customers.define_context_field('email', '{"type": "string", "format": "email"}', 'create', is_unique => true);
  seconds := extract(epoch FROM clock_timestamp() - started);
  RAISE NOTICE 'becoming unique, 200,000 values: % s, ratio to reading %', round(seconds, 2), round(seconds / scan, 1);
END
$$;
