-- customer_profile, context_columns() and the columns of fields: what a merchant,
-- a BI tool or an ORM sees.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
CREATE ROLE columns_clerk LOGIN IN ROLE customers_merchant;
CREATE ROLE columns_analyst LOGIN IN ROLE customers_analyst;
CREATE ROLE columns_rival LOGIN IN ROLE customers_merchant;
CREATE SCHEMA columns_clerk AUTHORIZATION columns_clerk;
SET client_min_messages = notice;
SELECT customers.create_merchant('Columns') AS shop \gset
SELECT customers.create_merchant('Columns rival') AS rival \gset
SELECT customers.bind_role('columns_clerk', :'shop');
SELECT customers.bind_role('columns_analyst', :'shop');
SELECT customers.bind_role('columns_rival', :'rival');

-- Values: what fits the type, and NULL for what doesn't.  Never an error.
SELECT v AS value, customers.context_text(c, 'k') AS text, customers.context_integer(c, 'k') AS integer,
       customers.context_number(c, 'k') AS number, customers.context_boolean(c, 'k') AS boolean
FROM unnest(ARRAY['"a"', '""', '"Grüße"', '7', '-7.00', '7.5', '1e2', '0', '9223372036854775807', '9223372036854775808',
                  '-9223372036854775808', '-9223372036854775809', '12345678901234567890123456789', '1e400', '1e-400', 'true', 'false',
                  'null', '[1]', '{"k": 1}']) AS v,
     jsonb_build_object('k', v::jsonb) AS c;
SET timezone = 'Asia/Kolkata';
SET datestyle = 'SQL, DMY';
SELECT v AS value, to_char(customers.context_date(c, 'k'), 'YYYY-MM-DD BC') AS date,
       to_char(customers.context_timestamp(c, 'k') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US BC') AS timestamp
FROM unnest(ARRAY['2024-02-29', '2023-02-29', '0000-01-01', '9999-12-31', '24-1-1', 'now', 'infinity', '', '2024-02-29T23:59:59Z', '2024-02-29t23:59:59.123456789+02:30',
                  '2024-02-29T23:59:59.9999999-02:30', '2016-12-31T23:59:60Z', '2024-02-29T24:00:00Z', '2024-02-29T23:59:59',
                  '0000-01-01T00:00:00+23:59', '9999-12-31T23:59:59.5z']) AS v,
     jsonb_build_object('k', v) AS c;
RESET datestyle;
SET timezone = 'UTC';
-- Not an object, no such key, a NULL.
SELECT customers.context_text('["k"]', 'k'), customers.context_text('"k"', 'k'), customers.context_text('{}', 'k'),
       customers.context_integer('3', 'k'), customers.context_text('{"k": "v"}', ''), customers.context_text('{"k": "v"}', NULL);

-- The merchant's fields.
SET ROLE columns_clerk;
SELECT customers.define_context_field('email', '{"type": "string", "format": "email"}', 'create', label => 'E-mail');
SELECT customers.define_context_field('age', '{"type": ["integer", "null"], "minimum": 0}');
SELECT customers.define_context_field('height', '{"type": "number"}', label => E'the customer''s \\ "height"');
SELECT customers.define_context_field('newsletter', '{"type": "boolean"}');
SELECT customers.define_context_field('born', '{"type": "string", "format": "date"}');
SELECT customers.define_context_field('seen', '{"type": "string", "format": "date-time"}');
SELECT customers.define_context_field('tags', '{"type": "array"}');
SELECT customers.define_context_field('anything', 'true');
SELECT customers.define_context_field('mixed', '{"type": ["string", "integer"]}');
-- Keys that are names of columns, words of SQL, or too long for a name.
SELECT customers.define_context_field('reference', '{"type": "string"}');
SELECT customers.define_context_field('reference_2', '{"type": "string"}');
SELECT customers.define_context_field('select', '{"type": "string"}');
SELECT customers.define_context_field(repeat('k', 64), '{"type": "integer"}');
SELECT customers.define_context_field(repeat('k', 63), '{"type": "integer"}');
SELECT customers.create_customer('ana', jsonb_build_object('email', 'ana@example.com', 'age', 31, 'height', 1.71, 'newsletter', true,
  'born', '1993-05-01', 'seen', '2024-05-01T10:00:00+02:00', 'tags', '["a", 1]'::jsonb, 'anything', 1, 'mixed', 'x',
  'reference', 'R', 'reference_2', 'R2', 'select', 'S', repeat('k', 64), 64, repeat('k', 63), 63)) AS ana \gset
SELECT customers.create_customer('ben', '{"email": "ben@example.com", "age": null}') AS ben \gset
SELECT customers.create_customer('cleo', '{"email": "cleo@example.com"}') AS cleo \gset
SELECT customers.archive_customer(:'ben');
SELECT customers.erase_customer(:'cleo');

-- customer_profile
SELECT reference, context ->> 'email' AS email, payments_allowed, payouts_allowed, archived, archived_at IS NOT NULL AS since, erased, version
  FROM customers.customer_profile ORDER BY customer_id;
SET ROLE columns_rival;
SELECT count(*) FROM customers.customer_profile;
SET ROLE columns_analyst;
SELECT reference FROM customers.customer_profile;
SELECT customers.context_columns();
SET ROLE columns_clerk;
UPDATE customers.customer_profile SET version = 9;

-- context_columns()
SELECT customers.context_columns();
\d columns_clerk.customer_columns
SELECT reloptions FROM pg_class WHERE oid = 'customer_columns'::regclass;
SELECT attname, col_description(attrelid, attnum) FROM pg_attribute WHERE attrelid = 'customer_columns'::regclass AND attnum > 9 ORDER BY attnum;
SELECT obj_description('customer_columns'::regclass) LIKE 'the customers of merchant ' || customers.current_merchant() || ', %' AS comment;
\x on
SELECT reference, email, age, height, newsletter, born, seen, tags, anything, mixed, reference_3, reference_2, "select", k63.*
  FROM customer_columns, LATERAL (SELECT kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk AS k_63,
                                         kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk_2 AS k_64) AS k63
 ORDER BY customer_id;
\x off
SELECT reference FROM customer_columns WHERE born < '2000-01-01' AND age BETWEEN 30 AND 40 AND height > 1.7 AND newsletter;

-- Again: as it was.  A field more: what depends on the view stands, and so do grants.
GRANT USAGE ON SCHEMA columns_clerk TO PUBLIC;
GRANT SELECT ON customer_columns TO columns_analyst, columns_rival WITH GRANT OPTION;
GRANT SELECT ON customer_columns TO PUBLIC;
CREATE VIEW report AS SELECT email FROM customer_columns;
SELECT customers.context_columns();
SELECT customers.define_context_field('shoe_size', '{"type": "integer"}');
SELECT customers.retire_context_field('height');
SELECT customers.context_columns('columns_clerk.customer_columns');
SELECT attname, format_type(atttypid, atttypmod), col_description(attrelid, attnum) FROM pg_attribute
 WHERE attrelid = 'customer_columns'::regclass AND attname IN ('height', 'shoe_size') ORDER BY attnum;
-- Another type: the view is made anew, once nothing depends on it.  A value that
-- is older than the rule shows as NULL.
SELECT customers.define_context_field('age', '{"type": "string"}');
SELECT customers.context_columns();
DROP VIEW report;
SELECT customers.context_columns();
SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'customer_columns'::regclass AND attname = 'age';
SELECT reference, age FROM customer_columns ORDER BY customer_id LIMIT 1;
SELECT relowner::regrole, acl.grantee::regrole, acl.privilege_type, acl.is_grantable
  FROM pg_class, aclexplode(relacl) AS acl WHERE oid = 'customer_columns'::regclass AND grantee <> relowner ORDER BY grantee::regrole::text;
-- What default privileges give to new tables is not given anew to whom it was taken from.
ALTER DEFAULT PRIVILEGES IN SCHEMA columns_clerk GRANT SELECT, UPDATE ON TABLES TO PUBLIC, columns_analyst, columns_rival;
REVOKE SELECT ON customer_columns FROM PUBLIC;
SELECT customers.define_context_field('age', '{"type": "boolean"}');
SELECT customers.context_columns();
SELECT CASE WHEN grantee <> 0 THEN grantee::regrole END AS grantee, acl.privilege_type, acl.is_grantable
  FROM pg_class, aclexplode(relacl) AS acl WHERE oid = 'customer_columns'::regclass AND grantee <> relowner ORDER BY grantee::regrole::text;
ALTER DEFAULT PRIVILEGES IN SCHEMA columns_clerk REVOKE SELECT, UPDATE ON TABLES FROM PUBLIC, columns_analyst, columns_rival;

-- Who reads it reads with his own rights.
SET ROLE columns_rival;
SELECT count(*) FROM columns_clerk.customer_columns;
SET ROLE columns_analyst;
SELECT count(email) FROM columns_clerk.customer_columns;
SELECT reference FROM columns_clerk.customer_columns ORDER BY 1 LIMIT 1;
-- A superuser sees every merchant, but in this view only its own; and leaves it its owner.
RESET ROLE;
SELECT count(*) FROM columns_clerk.customer_columns;
SELECT customers.use_merchant(:'shop');
SELECT customers.define_context_field('age', '{"type": "integer"}');
SELECT customers.context_columns('columns_clerk.customer_columns');
SELECT relowner::regrole FROM pg_class WHERE oid = 'columns_clerk.customer_columns'::regclass;
-- A comment that somebody took off a column of the store.
BEGIN;
COMMENT ON COLUMN customers.customer.version IS NULL;
SELECT customers.context_columns('columns_clerk.customer_columns');
SELECT col_description('columns_clerk.customer_columns'::regclass, 7);
ROLLBACK;

RESET customers.merchant;

-- What it refuses.
SET ROLE columns_clerk;
SELECT customers.context_columns(NULL);
SELECT customers.context_columns('');
SELECT customers.context_columns('a.b.c.d');
SELECT customers.context_columns('no_such_schema.v');
SELECT customers.context_columns('customers.v');
SELECT customers.context_columns('public.v');
CREATE TABLE a_table ();
SELECT customers.context_columns('a_table');
CREATE VIEW a_view AS SELECT 1 AS one;
SELECT customers.context_columns('a_view');
SELECT customers.context_columns('"x"" AS SELECT 1; DROP TABLE a_table; --"');
SELECT customers.context_columns('"Customers of ours"');
SELECT reference FROM "Customers of ours" ORDER BY 1 LIMIT 1;
SELECT customers.context_columns('pg_temp.mine') IS NOT NULL AS temporary;
SELECT count(*) FROM pg_temp.mine;
SET search_path = '';
SELECT customers.context_columns();
RESET search_path;
SET ROLE columns_rival;
SELECT customers.context_columns('columns_clerk.customer_columns');
-- Another merchant's view is not replaced.
RESET ROLE;
SELECT customers.use_merchant(:'rival');
SELECT customers.context_columns('columns_clerk.customer_columns');

SET client_min_messages = warning;
DROP SCHEMA columns_clerk CASCADE;
DROP OWNED BY columns_clerk, columns_analyst, columns_rival;
SELECT customers.unbind_role('columns_clerk', :'shop');
SELECT customers.unbind_role('columns_analyst', :'shop');
SELECT customers.unbind_role('columns_rival', :'rival');
DROP ROLE columns_clerk, columns_analyst, columns_rival;
