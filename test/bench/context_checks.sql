-- What do the checks of a context cost?  The same 5,000 customers, created by
-- create_customer() and written by a bare INSERT without the guard.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
SELECT customers.use_merchant(customers.create_merchant('Bench contexts'));
SELECT customers.define_context_field('email', '{"type": "string", "format": "email"}', 'create');
SELECT customers.define_context_field('age', '{"type": "integer", "minimum": 18}');
SELECT customers.define_context_field('country', '{"type": "string", "pattern": "^[A-Z]{2}$"}');
RESET client_min_messages;

CREATE TEMP TABLE document AS
SELECT n, jsonb_build_object('email', n || '@example.com', 'age', 18 + n % 60, 'country', 'FR') AS context
  FROM generate_series(1, 20000) AS n;

DO $$
DECLARE
  started timestamptz;
  bare numeric;
  us numeric;
BEGIN
  FOR round IN 1 .. 3 LOOP
    started := clock_timestamp();
    PERFORM count(*) FROM document, LATERAL customers.check_context(context) WHERE n <= 20000;
    RAISE NOTICE 'check_context: % us each', round(extract(epoch FROM clock_timestamp() - started) * 1e6 / 20000, 1);

    ALTER TABLE customers.customer DISABLE TRIGGER guard_customer;
    started := clock_timestamp();
    INSERT INTO customers.customer (merchant_id, customer_id, reference, context, created_at, updated_at)
    SELECT customers.current_merchant(), gen_random_uuid(), 'bare ' || round || ' ' || n, context, now(), now()
      FROM document WHERE n <= 5000;
    bare := extract(epoch FROM clock_timestamp() - started) * 1e6 / 5000;
    ALTER TABLE customers.customer ENABLE TRIGGER guard_customer;

    started := clock_timestamp();
    PERFORM customers.create_customer('operation ' || round || ' ' || n, context) FROM document WHERE n <= 5000;
    us := extract(epoch FROM clock_timestamp() - started) * 1e6 / 5000;
    RAISE NOTICE 'create_customer: % us each, ratio to the rows of one INSERT %', round(us, 1), round(us / bare, 1);

    started := clock_timestamp();
    PERFORM customers.import_customers(ARRAY(
      SELECT jsonb_build_object('reference', 'import ' || round || ' ' || n, 'context', context)
        FROM document WHERE n <= 5000));
    us := extract(epoch FROM clock_timestamp() - started) * 1e6 / 5000;
    RAISE NOTICE 'import_customers: % us each, ratio to the rows of one INSERT %', round(us, 1), round(us / bare, 1);
  END LOOP;
END
$$;
