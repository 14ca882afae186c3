-- index_context_field(): a search by a field is an index scan, for a merchant's
-- role below row-level security, through the view and by the expression.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
CREATE ROLE index_clerk LOGIN IN ROLE customers_merchant;
CREATE ROLE index_rival LOGIN IN ROLE customers_merchant;
CREATE ROLE index_admin LOGIN IN ROLE customers_admin;
CREATE SCHEMA index_clerk AUTHORIZATION index_clerk;
SET client_min_messages = notice;
SELECT customers.create_merchant('Index') AS shop \gset
SELECT customers.create_merchant('Index rival') AS rival \gset
SELECT customers.bind_role('index_clerk', :'shop'), customers.bind_role('index_rival', :'rival'), customers.bind_role('index_admin', :'shop');

SET ROLE index_clerk;
SELECT customers.define_context_field('email', '{"type": "string", "format": "email"}', 'create');
SELECT customers.define_context_field('age', '{"type": "integer"}');
SELECT customers.define_context_field('height', '{"type": "number"}');
SELECT customers.define_context_field('newsletter', '{"type": "boolean"}');
SELECT customers.define_context_field('born', '{"type": "string", "format": "date"}');
SELECT customers.define_context_field('seen', '{"type": "string", "format": "date-time"}');
SELECT customers.define_context_field('tags', '{"type": "array"}');
SELECT customers.define_context_field(repeat('k', 64), '{"type": "string"}');
SELECT count(customers.create_customer('c' || n, jsonb_build_object('email', n || '@example.com', 'age', n, 'height', n / 4.0, 'newsletter', n % 1000 = 7,
  'born', date '1900-01-01' + n, 'seen', to_char(timestamp '2000-01-01' + n * interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), repeat('k', 64), n::text)))
  FROM generate_series(1, 3000) AS n;
SELECT customers.context_columns();

-- How a search uses an index of a field.
CREATE FUNCTION plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  line text;
  found bool := false;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP
    found := found OR line ~ 'customer_context_';
    CONTINUE WHEN NOT found OR line !~ 'customer_context_|Index Cond';
    RETURN NEXT regexp_replace(ltrim(line), '''mer_\w+', '''mer_…', 'g');
  END LOOP;
  IF NOT found THEN
    RETURN NEXT 'no index of a field';
  END IF;
END $$;

SET timezone = 'UTC';
SET enable_bitmapscan = off;
SET random_page_cost = 1;

-- Without an index, none serves.
RESET ROLE;
ANALYZE customers.customer;
SET ROLE index_clerk;
SELECT plan($$SELECT reference FROM customer_columns WHERE email = '77@example.com'$$);

-- Who may: an index is of all merchants.
SELECT customers.index_context_field('email');
SELECT customers.unindex_context_field('email');
SET ROLE index_admin;
SELECT customers.index_context_field('email');
SELECT customers.index_context_field('email');
SELECT customers.index_context_field('age');
SELECT customers.index_context_field('height');
SELECT customers.index_context_field('newsletter');
SELECT customers.index_context_field('born');
SELECT customers.index_context_field('seen');
SELECT customers.index_context_field(repeat('k', 64)) AS index \gset
SELECT :'index', length(:'index') - length('customers.') AS length;
SELECT pg_get_indexdef('customers.customer_context_text_email'::regclass);
SELECT relowner::regrole FROM pg_class WHERE oid = 'customers.customer_context_text_email'::regclass;

SET ROLE index_clerk;
SELECT plan($$SELECT reference FROM customer_columns WHERE email = '77@example.com'$$);
SELECT plan($$SELECT reference FROM customers.customer WHERE customers.context_text(context, 'email') = '77@example.com'$$);
SELECT plan($$SELECT reference FROM customers.customer_profile WHERE customers.context_text(context, 'email') = '77@example.com'$$);
SELECT plan($$SELECT reference FROM customer_columns WHERE age = 77$$);
SELECT plan($$SELECT reference FROM customer_columns WHERE age BETWEEN 10 AND 12$$);
SELECT plan($$SELECT reference FROM customer_columns WHERE height > 749.5$$);
SELECT plan($$SELECT reference FROM customer_columns WHERE newsletter$$);
SELECT plan($$SELECT reference FROM customer_columns WHERE born = '1900-03-01'$$);
SELECT plan($$SELECT reference FROM customer_columns WHERE seen < '2000-01-01T02:00:00Z'$$);
SELECT plan($$SELECT reference FROM customer_columns WHERE age IS NOT NULL ORDER BY age LIMIT 1$$);
SELECT plan($$SELECT reference FROM customer_columns WHERE $$ || repeat('k', 61) || $$_2 = '77'$$);
PREPARE by_email(text) AS SELECT reference FROM customer_columns WHERE email = $1;
SET plan_cache_mode = force_generic_plan;
SELECT plan($$EXECUTE by_email('77@example.com')$$);
EXECUTE by_email('77@example.com');
RESET plan_cache_mode;
SELECT reference FROM customer_columns WHERE email = '77@example.com';
SELECT reference FROM customer_columns WHERE age BETWEEN 10 AND 12 ORDER BY age;
SELECT reference FROM customer_columns WHERE height > 749.5 ORDER BY height;
SELECT reference FROM customer_columns WHERE newsletter ORDER BY age;
-- A list of values, and numbers of other types, as drivers bind them.
PREPARE by_emails(text[]) AS SELECT reference FROM customer_columns WHERE email = ANY ($1);
PREPARE by_height(numeric) AS SELECT reference FROM customer_columns WHERE height = $1;
SET plan_cache_mode = force_generic_plan;
SELECT plan($$EXECUTE by_emails('{77@example.com}')$$);
SELECT plan($$EXECUTE by_height(2.5)$$);
RESET plan_cache_mode;
-- Of a boolean, true is found.  PostgreSQL does not see that these are not null.
SELECT plan($$SELECT reference FROM customer_columns WHERE newsletter = true$$);
SELECT plan($$SELECT reference FROM customer_columns WHERE newsletter IS TRUE$$);
SELECT plan($$SELECT reference FROM customer_columns WHERE NOT newsletter$$);
SELECT plan($$SELECT reference FROM customer_columns WHERE NOT newsletter AND newsletter IS NOT NULL$$);
-- What compares otherwise than leakproof is no search in the index.
SELECT plan($$SELECT reference FROM customer_columns WHERE email LIKE '77@example.com'$$);
-- It follows what changes.
SELECT customers.update_customer(customers.find_customer('c77'), '{"email": "new@example.com"}');
SELECT reference FROM customer_columns WHERE email IN ('77@example.com', 'new@example.com');
SELECT customers.erase_customer(customers.find_customer('c77'));
SELECT reference FROM customer_columns WHERE email IN ('77@example.com', 'new@example.com');

-- Another merchant's rows are not there, with or without the index.
SET ROLE index_rival;
SELECT customers.define_context_field('email', '{"type": "string"}');
SELECT customers.create_customer('rival', '{"email": "78@example.com"}') IS NOT NULL AS created;
SELECT reference FROM customers.customer WHERE customers.context_text(context, 'email') = '78@example.com';
-- Nor does an estimate of the planner tell what others have, here 1500 customers more.
SET ROLE index_clerk;
SELECT count(customers.create_customer('often' || n, '{"email": "often@example.com"}')) FROM generate_series(1, 1500) AS n;
SET ROLE index_rival;
SELECT count(customers.create_customer('r' || n, jsonb_build_object('email', n || '@example.net'))) FROM generate_series(1, 1500) AS n;
RESET ROLE;
ANALYZE customers.customer;
SET ROLE index_rival;
CREATE FUNCTION pg_temp.estimate(email text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  plan json;
BEGIN
  EXECUTE format('EXPLAIN (FORMAT json) SELECT FROM customers.customer WHERE customers.context_text(context, ''email'') = %L', email) INTO plan;
  RETURN plan #>> '{0,Plan,Plan Rows}';
END $$;
SELECT pg_temp.estimate('often@example.com') = pg_temp.estimate('nobody@example.com') AS silent;
DROP FUNCTION pg_temp.estimate;
-- A string that is too long for an index.
\set VERBOSITY terse
SELECT customers.create_customer('long', jsonb_build_object('email', (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 200) AS n)));

\set VERBOSITY default

-- Another type: the index is there, and of no use until there is one of the new type.
SET ROLE index_clerk;
SELECT customers.define_context_field('age', '{"type": "number"}');
SELECT customers.context_columns();
SELECT plan($$SELECT reference FROM customer_columns WHERE age = 77$$);
SET ROLE index_admin;
SELECT customers.index_context_field('age');
SET ROLE index_clerk;
SELECT plan($$SELECT reference FROM customer_columns WHERE age = 77$$);

-- What is refused.
SET ROLE index_admin;
SELECT customers.index_context_field(NULL);
SELECT customers.index_context_field('no_such_field');
SELECT customers.index_context_field('tags');
-- An index that CREATE INDEX CONCURRENTLY did not finish.
RESET ROLE;
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'customers.customer_context_text_email'::regclass;
SET ROLE index_admin;
SELECT customers.index_context_field('email');

-- Keys that make the same name: a long one, whose name ends with a digest, and one that has it.
SELECT repeat('z', 50) AS long, repeat('z', 32) || '_' || left(encode(sha256(repeat('z', 50)::bytea), 'hex'), 8) AS short \gset
SELECT customers.define_context_field(:'long', '{"type": "string"}');
SELECT customers.define_context_field(:'short', '{"type": "string"}');
SELECT customers.index_context_field(:'long');
SELECT customers.index_context_field(:'short');
SELECT customers.unindex_context_field(:'short');
SELECT customers.unindex_context_field(:'long');
SELECT customers.index_context_field(:'short');
SELECT customers.unindex_context_field(:'short');
-- Something else of that name, and an index that is of other values.
RESET ROLE;
CREATE TABLE customers.customer_context_date_born_on ();
CREATE INDEX customer_context_integer_visits ON customers.customer (merchant_id, customers.context_integer(context, 'visit'));
CREATE INDEX customer_context_integer_orders ON customers.customer (customers.context_integer(context, 'orders'));
CREATE INDEX customer_context_integer_points ON customers.customer (merchant_id, customers.context_integer(context, 'points'), customer_id);
SET ROLE index_admin;
SELECT customers.define_context_field('born_on', '{"type": "string", "format": "date"}');
SELECT customers.define_context_field(key, '{"type": "integer"}') FROM unnest(ARRAY['visits', 'orders', 'points']) AS key;
SELECT customers.index_context_field('born_on');
SELECT customers.index_context_field('visits');
SELECT customers.index_context_field('orders');
SELECT customers.index_context_field('points');
SELECT key, customers.unindex_context_field(key) FROM unnest(ARRAY['born_on', 'visits', 'orders', 'points']) AS key;
RESET ROLE;
DROP TABLE customers.customer_context_date_born_on;
DROP INDEX customers.customer_context_integer_visits, customers.customer_context_integer_orders;
SET ROLE index_admin;

-- The way back.
SELECT customers.unindex_context_field('email');
SELECT customers.unindex_context_field('email');
SELECT customers.unindex_context_field(NULL);
SELECT key, customers.unindex_context_field(key) FROM unnest(ARRAY['age', 'height', 'newsletter', 'born', 'seen', repeat('k', 64), '"; DROP TABLE x']) AS key;
SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'customers.customer'::regclass ORDER BY 1;
SET ROLE index_clerk;
SELECT plan($$SELECT reference FROM customer_columns WHERE email = '78@example.com'$$);

RESET ROLE;
SET client_min_messages = warning;
DROP SCHEMA index_clerk CASCADE;
SELECT customers.unbind_role('index_clerk', :'shop'), customers.unbind_role('index_rival', :'rival'), customers.unbind_role('index_admin', :'shop');
DROP ROLE index_clerk, index_rival, index_admin;
