-- What does finding a customer by metadata cost among 1,000,000 values, beside
-- looking up the plain value in a btree?  Both leave the record of the read.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
SELECT customers.use_merchant(customers.create_merchant('Bench search'));
SET synchronous_commit = off;
SELECT count(customers.define_metadata_key('key_' || k, true)) FROM generate_series(1, 50) AS k \g /dev/null

-- 20,000 customers with 50 keys each; every value is of one customer only.
CREATE TEMP TABLE chosen AS
SELECT n, customers.create_customer() AS customer FROM generate_series(1, 20000) AS n;
SELECT count(customers.set_metadata(customer, (SELECT jsonb_object_agg('key_' || k, 'value ' || n || ' of ' || k) FROM generate_series(1, 50) AS k)))
  FROM chosen \g /dev/null

CREATE SCHEMA plain_search;
CREATE TABLE plain_search.metadata AS
SELECT customers.current_merchant()::uuid AS merchant_id, customer::uuid AS customer_id, 'key_' || k AS key,
       'value ' || n || ' of ' || k AS value
  FROM chosen, generate_series(1, 50) AS k;
CREATE INDEX ON plain_search.metadata (merchant_id, key, value);
CREATE TABLE plain_search.access (
  merchant_id uuid NOT NULL, access_id uuid NOT NULL, customer_id uuid NOT NULL, at timestamptz NOT NULL,
  role name NOT NULL, session_role name NOT NULL, keys text[] NOT NULL, PRIMARY KEY (merchant_id, access_id));
CREATE INDEX ON plain_search.access (customer_id, at);
CREATE FUNCTION plain_search.find(the_merchant uuid, the_key text, the_value text) RETURNS SETOF uuid LANGUAGE plpgsql ROWS 1 AS $$
DECLARE
  found_ids uuid[] := ARRAY(SELECT m.customer_id FROM plain_search.metadata m
                             WHERE m.merchant_id = the_merchant AND m.key = the_key AND m.value = the_value);
BEGIN
  INSERT INTO plain_search.access
  SELECT the_merchant, gen_random_uuid(), id, clock_timestamp(), current_user, session_user, ARRAY[the_key] FROM unnest(found_ids) AS id;
  RETURN QUERY SELECT unnest(found_ids);
END $$;
ANALYZE;
RESET client_min_messages;

DO $$
DECLARE
  merchant uuid := customers.current_merchant()::uuid;
  started timestamptz;
  found int;
  sealed float8[];
  plain float8[];
  sealed_us numeric;
  plain_us numeric;
BEGIN
  FOR round IN 1 .. 9 LOOP
    started := clock_timestamp();
    SELECT count(*) INTO found FROM chosen,
      LATERAL plain_search.find(merchant, 'key_' || 1 + n % 50, 'value ' || n || ' of ' || 1 + n % 50) WHERE n % 20 = 1;
    ASSERT found = 1000;
    plain := plain || extract(epoch FROM clock_timestamp() - started) * 1e6 / 1000;
    started := clock_timestamp();
    SELECT count(*) INTO found FROM chosen,
      LATERAL customers.find_by_metadata('key_' || 1 + n % 50, 'value ' || n || ' of ' || 1 + n % 50) WHERE n % 20 = 1;
    ASSERT found = 1000;
    sealed := sealed || extract(epoch FROM clock_timestamp() - started) * 1e6 / 1000;
    COMMIT;    -- the reads of a transaction beyond the first 1,000 are logged
  END LOOP;
  SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY us)::numeric, 2) INTO sealed_us FROM unnest(sealed) AS us;
  SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY us)::numeric, 2) INTO plain_us FROM unnest(plain) AS us;
  RAISE NOTICE 'find_by_metadata: % us, in plain %, ratio %', sealed_us, plain_us, round(sealed_us / plain_us, 2);
END
$$;
