-- What does an index of a context field give a search among 1,000,000 customers,
-- by a merchant's role below row-level security, and what does it cost a write?
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
SELECT customers.create_merchant('Bench context search') AS shop \gset
SELECT customers.use_merchant(:'shop');
SELECT customers.define_context_field('email', '{"type": "string", "format": "email"}', 'create');
SELECT customers.define_context_field('age', '{"type": "integer"}');
SELECT customers.define_context_field('country', '{"type": "string"}');
CREATE ROLE bench_clerk IN ROLE customers_merchant;
SELECT customers.bind_role('bench_clerk', :'shop');
CREATE SCHEMA bench_clerk AUTHORIZATION bench_clerk;
SET synchronous_commit = off;

-- 1,000,000 customers of the merchant, without the guard, which costs minutes.
ALTER TABLE customers.customer DISABLE TRIGGER guard_customer;
INSERT INTO customers.customer (merchant_id, customer_id, reference, context, schema_version, created_at, updated_at)
SELECT :'shop', gen_random_uuid(), 'c' || n, jsonb_build_object('email', n || '@example.com', 'age', 18 + n % 60, 'country', 'FR'), 3, now(), now()
  FROM generate_series(1, 1000000) AS n;
ALTER TABLE customers.customer ENABLE TRIGGER guard_customer;
VACUUM ANALYZE customers.customer;
CREATE TABLE bench_clerk.time (what text, with_index bool, us float8);
ALTER TABLE bench_clerk.time OWNER TO bench_clerk;
CREATE SEQUENCE bench_clerk.customer;
ALTER SEQUENCE bench_clerk.customer OWNER TO bench_clerk;

SET ROLE bench_clerk;
SELECT customers.context_columns();

-- searches: looks up as many customers as said, one at a time.
CREATE PROCEDURE searches(count int, with_index bool) LANGUAGE plpgsql AS $$
DECLARE
  started timestamptz;
  found text;
BEGIN
  FOR n IN 1 .. count LOOP
    started := clock_timestamp();
    SELECT reference INTO STRICT found FROM customer_columns WHERE email = n * 997 || '@example.com';
    INSERT INTO time VALUES ('search', with_index, extract(epoch FROM clock_timestamp() - started) * 1e6);
    ASSERT found = 'c' || n * 997;
  END LOOP;
END $$;

-- writes: creates customers and changes them, 1,000 in each of 5 rounds.
CREATE PROCEDURE writes(with_index bool) LANGUAGE plpgsql AS $$
DECLARE
  started timestamptz;
  ids customers.customer_id[];
BEGIN
  FOR round IN 1 .. 5 LOOP
    started := clock_timestamp();
    ids := ARRAY(SELECT customers.create_customer('new ' || n, jsonb_build_object('email', n || '@example.org', 'age', 20, 'country', 'FR'))
                   FROM (SELECT nextval('customer') AS n FROM generate_series(1, 1000)) AS s);
    INSERT INTO time VALUES ('create_customer', with_index, extract(epoch FROM clock_timestamp() - started) * 1e3);
    COMMIT;
    started := clock_timestamp();
    PERFORM customers.update_customer(id, '{"country": "DE"}') FROM unnest(ids) AS id;
    INSERT INTO time VALUES ('update_customer', with_index, extract(epoch FROM clock_timestamp() - started) * 1e3);
    COMMIT;
    started := clock_timestamp();
    PERFORM customers.allow_payments(id, false) FROM unnest(ids) AS id;
    INSERT INTO time VALUES ('allow_payments', with_index, extract(epoch FROM clock_timestamp() - started) * 1e3);
    COMMIT;
  END LOOP;
END $$;

CALL searches(5, false);
CALL writes(false);
RESET ROLE;
RESET client_min_messages;
DO $$
DECLARE
  started timestamptz := clock_timestamp();
BEGIN
  PERFORM customers.index_context_field('email');
  RAISE NOTICE 'index_context_field: % s for 1,000,000 customers, % MB', round(extract(epoch FROM clock_timestamp() - started), 1),
    pg_relation_size('customers.customer_context_text_email') / 1000000;
END $$;
SET ROLE bench_clerk;
CALL searches(500, true);
CALL writes(true);

-- The load of the machine changes meanwhile, so writes take turns.
\set turn 'RESET ROLE; SELECT customers.unindex_context_field(''email''); SET ROLE bench_clerk; CALL writes(false); RESET ROLE; SELECT customers.index_context_field(''email''); SET ROLE bench_clerk; CALL writes(true);'
:turn
:turn
:turn

DO $$
DECLARE
  line record;
BEGIN
  FOR line IN
    SELECT what, percentile_cont(0.5) WITHIN GROUP (ORDER BY us) FILTER (WHERE NOT with_index)::numeric AS without,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY us) FILTER (WHERE with_index)::numeric AS "with"
      FROM time GROUP BY what ORDER BY what DESC
  LOOP
    RAISE NOTICE '%: % us without the index, % with it, ratio %', line.what, round(line.without, 1), round(line.with, 1),
      round(line.with / line.without, CASE line.what WHEN 'search' THEN 6 ELSE 2 END);
  END LOOP;
END $$;
