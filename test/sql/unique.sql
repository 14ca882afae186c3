-- Unique fields: what counts as the same, who has it, and switching on and off.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
RESET client_min_messages;
SELECT customers.use_merchant(customers.create_merchant('Unique'));
CREATE TEMP VIEW taken AS
  SELECT key, (SELECT reference FROM customers.customer c WHERE c.customer_id = u.customer_id) AS reference
    FROM customers.unique_value u WHERE merchant_id = customers.current_merchant() ORDER BY key, reference;

-- Only what can be compared can be unique.
SELECT customers.define_context_field('tags', '{"type": "array"}', is_unique => true);
SELECT customers.define_context_field('tags', 'true', is_unique => true);
SELECT customers.define_context_field('tags', '{"type": ["string", "null"]}', is_unique => true);
SELECT customers.define_context_field('email', '{"type": "string", "format": "email"}', is_unique => true),
       customers.define_context_field('mail', '{"type": "string", "format": "idn-email"}', is_unique => true),
       customers.define_context_field('site', '{"type": "string", "format": "idn-hostname"}', is_unique => true),
       customers.define_context_field('device', '{"type": "string", "format": "uuid"}', is_unique => true),
       customers.define_context_field('name', '{"type": "string"}', is_unique => true),
       customers.define_context_field('number', '{"type": "number"}', is_unique => true),
       customers.define_context_field('free', '{"type": "string"}');
SELECT key, is_unique FROM customers.context_field WHERE merchant_id = customers.current_merchant() ORDER BY position;

-- What is the same and what is not.
CREATE FUNCTION pg_temp.same(key text, a jsonb, b jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM customers.create_customer(NULL, jsonb_build_object(key, a));
  PERFORM customers.create_customer(NULL, jsonb_build_object(key, b));
  RAISE EXCEPTION 'different';
EXCEPTION WHEN unique_violation THEN RETURN true;
  WHEN raise_exception THEN RETURN false;
END
$$;
SELECT key, a, b, pg_temp.same(key, a::jsonb, b::jsonb) FROM (VALUES
  ('email', '"Ana@Example.com"', '"ana@example.COM"'), ('email', '"ana@example.com"', '"anna@example.com"'),
  ('mail', '"ana@bücher.example"', '"ana@xn--bcher-kva.example"'), ('mail', '"ANA@bücher.example"', '"ana@bücher.Example"'),
  ('mail', '"zoë@example.com"', '"zoe\u0308@example.com"'), ('mail', '"zoë@example.com"', '"zoe@example.com"'),
  ('mail', '"ZOË@example.com"', '"zoë@example.com"'),
  ('site', '"Example.com"', '"example.com"'), ('site', '"bücher.example"', '"XN--BCHER-KVA.example"'), ('site', '"a.example"', '"b.example"'),
  ('device', '"6BA7B810-9DAD-11D1-80B4-00C04FD430C8"', '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"'),
  ('device', '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"', '"6ba7b811-9dad-11d1-80b4-00c04fd430c8"'),
  ('name', '"Zoë"', '"Zoe\u0308"'), ('name', '"Zoë"', '"zoë"'), ('name', '""', '""'), ('name', '"1"', '"1.0"'),
  ('number', '1', '1.00'), ('number', '1e2', '100'), ('number', '0', '-0.0'), ('number', '1', '1.01'),
  ('free', '"a"', '"a"')) AS v (key, a, b);
SELECT count(*) FROM taken;

-- One customer has a value; who has none is in nobody's way.
DO $$
DECLARE
  state text; message text; detail text; col text; rule text;
BEGIN
  PERFORM customers.create_customer('ana', '{"email": "ana@example.com", "name": "Ana"}');
  PERFORM customers.create_customer('ben', '{"email": "ANA@example.com"}');
EXCEPTION WHEN unique_violation THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
    col = COLUMN_NAME, rule = CONSTRAINT_NAME;
  RAISE NOTICE USING MESSAGE = format('%s %s [%s] %s %s', state, message, detail, col, rule);
END
$$;
SELECT customers.create_customer('ana', '{"email": "ana@example.com", "name": "Ana", "number": 1}') AS ana \gset
SELECT customers.create_customer('ben', '{"email": "ben@example.com", "free": "x"}') AS ben \gset
SELECT customers.create_customer('chloe'), customers.create_customer('dora') AS dora \gset
SELECT * FROM taken;
SELECT created FROM customers.ensure_customer('ana', '{"email": "ben@example.com"}');
SELECT created FROM customers.ensure_customer('emil', '{"email": "ben@example.com"}');
SELECT ordinal, customer IS NOT NULL AS imported, error FROM customers.import_customers(ARRAY[
  '{"reference": "emil", "context": {"email": "emil@example.com"}}', '{"reference": "fay", "context": {"email": "EMIL@example.com"}}',
  '{"reference": "gus", "context": {"name": "Gus", "number": 1.0}}', '{"reference": "emil", "context": {"email": "x@example.com"}}']::jsonb[]);
SELECT * FROM taken;

-- Changes: the own value again, another's, a new one, none; what was given up is free.
SELECT customers.update_customer(:'ana', '{"email": "ANA@example.com"}');
SELECT customers.update_customer(:'ben', '{"email": "Ana@Example.com"}');
SELECT customers.update_customer(:'ana', '{"email": "ana@example.org", "free": "x"}');
SELECT customers.update_customer(:'ben', '{"email": "ana@example.com"}');
SELECT customers.update_customer(:'ana', '{"email": null}');
SELECT customers.update_customer(:'dora', '{"email": "ana@example.org"}');
SELECT * FROM taken;

-- Archived customers keep their values, erased ones don't.
SELECT customers.archive_customer(:'dora');
SELECT customers.update_customer(:'ana', '{"email": "ana@example.org"}');
SELECT customers.erase_customer(:'dora');
SELECT customers.update_customer(:'ana', '{"email": "ana@example.org"}');
SELECT * FROM taken;

-- The same holds for every other statement.
UPDATE customers.customer SET context = context || '{"email": "ana@example.com"}' WHERE customer_id = :'ana';
UPDATE customers.customer SET context = '{"email": "free@example.com"}' WHERE customer_id = :'ben';
INSERT INTO customers.customer (merchant_id, customer_id, reference, context, created_at, updated_at)
SELECT merchant_id, 'cus_00000000000000000000000002', 'raw', '{"email": "FREE@example.com"}', now(), now()
  FROM customers.customer WHERE customer_id = :'ana';
INSERT INTO customers.customer (merchant_id, customer_id, reference, context, created_at, updated_at)
SELECT merchant_id, 'cus_00000000000000000000000002', 'ana', '{"email": "raw@example.com"}', now(), now()
  FROM customers.customer WHERE customer_id = :'ana' ON CONFLICT DO NOTHING;
INSERT INTO customers.customer (merchant_id, customer_id, reference, context, created_at, updated_at)
SELECT merchant_id, 'cus_00000000000000000000000002', 'raw', '{"email": "raw@example.com"}', now(), now()
  FROM customers.customer WHERE customer_id = :'ana' ON CONFLICT DO NOTHING;
SELECT * FROM taken;

-- A row that goes frees its values.
BEGIN;
SELECT customers.create_customer('gone', '{"email": "gone@example.com"}') AS gone \gset
DELETE FROM customers.customer WHERE customer_id = :'gone';
SELECT count(*) FROM taken WHERE reference = 'gone';
SELECT customers.create_customer('fay', '{"email": "gone@example.com"}') IS NOT NULL AS created;
ROLLBACK;

-- Switching on over what is there: all or nothing, and the customers are told.
SELECT customers.update_customer(customers.find_customer('emil'), '{"free": "x"}'), customers.update_customer(customers.find_customer('raw'), '{"free": "y"}');
CREATE FUNCTION pg_temp.named(ids text) RETURNS text LANGUAGE sql AS
  $$SELECT coalesce((SELECT string_agg(coalesce(reference, word), ' ' ORDER BY n) FROM unnest(string_to_array(replace(ids, E'\n', ' / '), ' ')) WITH ORDINALITY AS w (word, n)
      LEFT JOIN customers.customer ON customer_id::text = trim(word, ',')), '')$$;
DO $$
DECLARE
  message text; detail text; hint text; rule text;
BEGIN
  PERFORM customers.define_context_field('free', '{"type": "string"}', is_unique => true);
EXCEPTION WHEN unique_violation THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, rule = CONSTRAINT_NAME;
  RAISE NOTICE USING MESSAGE = concat_ws(' | ', message, pg_temp.named(detail), hint, rule);
END
$$;
SELECT is_unique FROM customers.context_field WHERE key = 'free' AND merchant_id = customers.current_merchant();
SELECT * FROM taken WHERE key = 'free';
SELECT ARRAY(SELECT reference FROM customers.customer WHERE customer_id = ANY (customers) ORDER BY reference) AS customers FROM customers.duplicate_customers('free');
SELECT * FROM customers.duplicate_customers('email');
SELECT * FROM customers.duplicate_customers('unknown');
SELECT customers.update_customer(customers.find_customer('emil'), '{"free": "z"}');
SELECT * FROM customers.duplicate_customers('free');
SELECT customers.define_context_field('free', '{"type": "string"}', is_unique => true);
SELECT * FROM taken WHERE key = 'free';
SELECT customers.update_customer(customers.find_customer('emil'), '{"free": "y"}');

-- What a value is the same as changes with the schema.
SELECT customers.update_customer(customers.find_customer('emil'), '{"free": "A.EXAMPLE"}'), customers.update_customer(:'ana', '{"free": "a.example"}');
SELECT customers.define_context_field('free', '{"type": "string", "format": "hostname"}');
SELECT * FROM taken WHERE key = 'free';
DO $$
BEGIN
  PERFORM customers.define_context_field('free', '{"type": "string", "format": "hostname"}', is_unique => true);
EXCEPTION WHEN unique_violation THEN RAISE NOTICE '%', sqlerrm;
END
$$;
SELECT customers.define_context_field('free', '{"type": "string"}', is_unique => true);
SELECT * FROM taken WHERE key = 'free';

-- Retired fields are unique no longer.
SELECT customers.retire_context_field('free');
SELECT * FROM taken WHERE key = 'free';
SELECT customers.update_customer(:'ben', '{"name": "Ben"}');
SELECT customers.define_context_field('free', '{"type": "string"}', is_unique => true);
SELECT * FROM taken WHERE key = 'free';
SELECT customers.define_context_field('free', '{"type": "string"}', is_unique => true, label => 'Free');
SELECT count(*) FROM taken WHERE key = 'free';

-- An error lists 20 values and 10 customers of each, and counts the rest.
SELECT customers.define_context_field('crowd', '{"type": "integer"}');
SELECT count(customers.create_customer('crowd ' || n, jsonb_build_object('crowd', n % 22))) FROM generate_series(1, 22 * 12) AS n;
DO $$
DECLARE
  message text; detail text;
BEGIN
  PERFORM customers.define_context_field('crowd', '{"type": "integer"}', is_unique => true);
EXCEPTION WHEN unique_violation THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
  RAISE NOTICE '%', message;
  RAISE NOTICE '%', regexp_replace(detail, 'cus_\w+', 'cus', 'g');
END
$$;
SELECT count(*), min(cardinality(customers)) FROM customers.duplicate_customers('crowd');

-- A snapshot could be older than what others have written.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT customers.define_context_field('size', '{"type": "integer"}', is_unique => true);
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT customers.define_context_field('number', '{"type": "number"}');
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT customers.retire_context_field('number');
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT customers.define_context_field('number', '{"type": "number"}', 'commit', is_unique => true);
ROLLBACK;

-- Another merchant has its own.
SELECT customers.use_merchant(customers.create_merchant('Unique too'));
SELECT customers.define_context_field('email', '{"type": "string", "format": "email"}', is_unique => true);
SELECT customers.create_customer('ana', '{"email": "ana@example.com"}') IS NOT NULL AS created;
SELECT * FROM taken;

-- A trigger of the user's may change a context, before the guard or behind it: what
-- counts is the value that is written.
SELECT customers.use_merchant(customers.create_merchant('Unique with a trigger'));
SELECT customers.define_context_field('name', '{"type": "string"}', is_unique => true);
CREATE FUNCTION pg_temp.trim_name() RETURNS trigger LANGUAGE plpgsql AS
  $$BEGIN NEW.context := jsonb_build_object('name', trim(NEW.context ->> 'name')); RETURN NEW; END$$;
CREATE TRIGGER zz_trim_name BEFORE INSERT OR UPDATE ON customers.customer FOR EACH ROW EXECUTE FUNCTION pg_temp.trim_name();
SELECT customers.create_customer('ana', '{"name": " Ana "}') AS ana \gset
SELECT customers.create_customer('anna', '{"name": "Ana"}');
SELECT customers.create_customer('ben', '{"name": "Ben"}') AS ben \gset
SELECT customers.update_customer(:'ben', '{"name": " Ana "}');
SELECT customers.update_customer(:'ben', '{"name": " Ben "}');
SELECT ordinal, customer IS NOT NULL AS imported, error FROM customers.import_customers(ARRAY[
  '{"reference": "dora", "context": {"name": " Dora "}}', '{"reference": "dorothy", "context": {"name": "Dora"}}']::jsonb[]);
DROP TRIGGER zz_trim_name ON customers.customer;
SELECT customers.erase_customer(customers.find_customer('dora'));
CREATE TRIGGER a_trim_name BEFORE INSERT OR UPDATE ON customers.customer FOR EACH ROW EXECUTE FUNCTION pg_temp.trim_name();
SELECT customers.create_customer('chloe', '{"name": " Chloe "}') AS chloe \gset
SELECT customers.update_customer(:'chloe', '{"name": " Chloé "}');
SELECT * FROM taken;
SELECT customers.create_customer('another', '{"name": " Chloe "}') IS NOT NULL AS created;
DROP TRIGGER a_trim_name ON customers.customer;

-- A row that a trigger doesn't let be written takes no value.
CREATE FUNCTION pg_temp.ignore() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$;
CREATE TRIGGER zz_ignore BEFORE UPDATE ON customers.customer FOR EACH ROW EXECUTE FUNCTION pg_temp.ignore();
SELECT customers.update_customer(:'chloe', '{"name": "Emil"}') IS NOT NULL AS answered;
DROP TRIGGER zz_ignore ON customers.customer;
SELECT customers.create_customer('emil', '{"name": "Emil"}') IS NOT NULL AS created;
