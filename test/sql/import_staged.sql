-- import_staged: the documents of a staging table, in batches that commit.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
SELECT customers.create_merchant('Staging') AS merchant \gset
CREATE ROLE stager LOGIN IN ROLE customers_merchant, customers_metadata;
SELECT customers.bind_role('stager', :'merchant');
RESET client_min_messages;
\set VERBOSITY terse

SET ROLE stager;
SELECT customers.define_context_field('email', '{"type": "string", "format": "email"}', 'create');
SELECT customers.define_context_field('quote', '{"type": "string"}');

-- JSON lines, backslashes and quotes as they are.
CREATE TEMP TABLE staging (ordinal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, document jsonb, error text);

\copy staging (document) FROM STDIN WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02')
{"reference": "ana", "context": {"email": "ana@example.com", "quote": "C:\\temp\t\"x\", 'y'"}, "metadata": {"note": "A"}}
{"reference": "ben", "context": {"email": "ben", "size": 1}}
{"reference": "ana", "context": {"email": "second@example.com"}}

{"reference": "cleo", "context": {"email": "cleo@example.com"}}
{"context": {"email": "d"}}
\.
CALL customers.import_staged('staging');
SELECT ordinal, error FROM staging ORDER BY ordinal;
SELECT reference, context FROM customers.customer ORDER BY reference;
SELECT customers.get_metadata(customers.find_customer('ana'), 'note');

-- Called again it creates nothing; what was corrected is imported, its error goes.
UPDATE staging SET document = jsonb_set(document - 'context', '{context}', '{"email": "ben@example.com"}') WHERE ordinal = 2;
CALL customers.import_staged('staging');
SELECT ordinal, error FROM staging WHERE error IS NOT NULL ORDER BY ordinal;
CALL customers.import_staged('staging');

-- A CSV file with a heading, one column per field.
CREATE TEMP TABLE incoming (id text, email text, quote text);
\copy incoming FROM STDIN WITH (FORMAT csv, HEADER)
id,email,quote
17,dora@example.com,"said ""yes"""
18,emil@example.com,
\.
TRUNCATE staging;
INSERT INTO staging (document)
SELECT jsonb_build_object('reference', 'crm-' || id,
                          'context', jsonb_strip_nulls(jsonb_build_object('email', email, 'quote', quote)))
  FROM incoming;
CALL customers.import_staged('staging', NULL, NULL, NULL);
SELECT reference, context FROM customers.customer WHERE reference LIKE 'crm-%' ORDER BY reference;

-- More than a batch, of a file of which some lines are bad; ordinals may be sparse, and negative.
CREATE TEMP TABLE many (ordinal integer PRIMARY KEY, document jsonb, error text, source text DEFAULT 'file');
INSERT INTO many SELECT n * 7 - 5000, jsonb_build_object('reference', 'many-' || n, 'context',
    jsonb_build_object('email', CASE WHEN n % 400 = 0 THEN 'bad' ELSE n || '@example.com' END)) FROM generate_series(1, 2500) AS n;
SET client_min_messages = warning;
CALL customers.import_staged('many');
RESET client_min_messages;
SELECT ordinal, error FROM many WHERE error IS NOT NULL ORDER BY ordinal;

-- How far it is shows as it goes on.
CALL customers.import_staged('staging');

-- Empty.
CREATE TEMP TABLE nothing (ordinal bigint PRIMARY KEY, document jsonb, error text);
CALL customers.import_staged('nothing');
INSERT INTO nothing VALUES (9223372036854775807, '{"reference": "last", "context": {"email": "last@example.com"}}'),
                           (-9223372036854775808, '{"reference": "first", "context": {"email": "first@example.com"}}');
CALL customers.import_staged('nothing');

-- A name that needs quotes, and a hostile search_path.
RESET ROLE;
CREATE SCHEMA "od""d" AUTHORIZATION stager;
SET ROLE stager;
CREATE TABLE "od""d"."st aging" (ordinal bigint PRIMARY KEY, document jsonb, error text);
INSERT INTO "od""d"."st aging" VALUES (1, '{"reference": "odd", "context": {"email": "odd@example.com"}}'), (2, NULL);
CREATE FUNCTION "od""d".hostile(bigint, bigint) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hostile'; END $$;
CREATE OPERATOR "od""d".>= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = "od""d".hostile);
CREATE OPERATOR "od""d".= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = "od""d".hostile);
CREATE FUNCTION "od""d".unnest(bigint[]) RETURNS SETOF bigint LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hostile'; END $$;
SET search_path = "od""d", pg_catalog;
CALL customers.import_staged('"od""d"."st aging"');
SELECT * FROM "st aging" ORDER BY 1 USING OPERATOR(pg_catalog.<);
RESET search_path;

-- The caller's triggers and policies run as the caller, never as the store's owner.
CREATE FUNCTION "od""d".tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE NOTICE 'trigger: %', current_user;
  RETURN NEW;
END
$$;
CREATE FUNCTION "od""d".visible(o bigint) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
  RAISE NOTICE 'policy: %', current_user;
  RETURN o <> 3;
END
$$;
CREATE TRIGGER tell BEFORE UPDATE ON "od""d"."st aging" FOR EACH ROW EXECUTE FUNCTION "od""d".tell();
ALTER TABLE "od""d"."st aging" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "od""d"."st aging" FORCE ROW LEVEL SECURITY;
CREATE POLICY visible ON "od""d"."st aging" USING ("od""d".visible(ordinal));
DELETE FROM "od""d"."st aging" WHERE ordinal = 1;
INSERT INTO "od""d"."st aging" VALUES (4, '{"reference": "odd"}');
CALL customers.import_staged('"od""d"."st aging"');

-- Refused: what is no staging table, or another's.
CREATE TEMP TABLE bad (ordinal bigint, document jsonb, error text);
CALL customers.import_staged('bad');
ALTER TABLE bad ADD PRIMARY KEY (ordinal, error);
CALL customers.import_staged('bad');
CREATE TEMP TABLE bad_document (ordinal bigint PRIMARY KEY, document json, error text);
CALL customers.import_staged('bad_document');
CREATE TEMP TABLE bad_ordinal (ordinal numeric PRIMARY KEY, document jsonb, error text);
CALL customers.import_staged('bad_ordinal');
CREATE TEMP TABLE bad_error (ordinal bigint PRIMARY KEY, document jsonb);
CALL customers.import_staged('bad_error');
CREATE TEMP VIEW staged_view AS TABLE staging;
CALL customers.import_staged('staged_view');
-- What is said of an index is PostgreSQL's and differs between versions.
\set VERBOSITY sqlstate
CALL customers.import_staged('staging_pkey');
\set VERBOSITY terse
CALL customers.import_staged('nowhere');
CALL customers.import_staged(NULL);
RESET ROLE;
CREATE TABLE others (ordinal bigint PRIMARY KEY, document jsonb, error text);
GRANT SELECT ON others TO stager;
INSERT INTO others VALUES (1, '{"reference": "other", "context": {"email": "other@example.com"}}'), (2, NULL);
SET ROLE stager;
-- The error can't be written, so nothing of the batch is kept.
CALL customers.import_staged('others');
SELECT customers.find_customer('other');
RESET ROLE;
REVOKE SELECT ON others FROM stager;
SET ROLE stager;
CALL customers.import_staged('others');

-- It commits, so it can't run where that is not possible.
BEGIN;
CALL customers.import_staged('staging');
ROLLBACK;

-- A user's failing trigger stops it between batches: what is committed stays, and the next call goes on.
RESET ROLE;
CREATE FUNCTION stop_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.reference = 'stop-1200' THEN RAISE EXCEPTION 'stopped' USING ERRCODE = 'query_canceled'; END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER stop BEFORE INSERT ON customers.customer FOR EACH ROW EXECUTE FUNCTION stop_at();
SET ROLE stager;
TRUNCATE staging;
INSERT INTO staging (document) SELECT jsonb_build_object('reference', 'stop-' || n, 'context',
    jsonb_build_object('email', n || '@example.com')) FROM generate_series(1, 1500) AS n;
SET client_min_messages = warning;
CALL customers.import_staged('staging');
SELECT count(*) FROM customers.customer WHERE reference LIKE 'stop-%';
RESET ROLE;
DROP TRIGGER stop ON customers.customer;
SET ROLE stager;
CALL customers.import_staged('staging');
SELECT count(*), count(DISTINCT reference) FROM customers.customer WHERE reference LIKE 'stop-%';

-- Between batches another table may take the name, or a column another type: then its values are converted, or refused.
RESET ROLE;
CREATE TABLE swapped (ordinal bigint PRIMARY KEY, document jsonb, error text);
CREATE TABLE other (ordinal bigint PRIMARY KEY, document json, error int);
GRANT ALL ON swapped, other TO stager;
INSERT INTO swapped SELECT n, jsonb_build_object('reference', 'swap-' || n, 'context', jsonb_build_object('email', n || '@example.com'))
  FROM generate_series(1, 501) AS n;
INSERT INTO other SELECT n, json_build_object('reference', 'swap-' || n, 'context', json_build_object('email', n || '@example.com')), 42
  FROM generate_series(501, 502) AS n;
CREATE FUNCTION swap_tables() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF NEW.reference = 'swap-500' THEN
    ALTER TABLE public.swapped RENAME TO aside;
    ALTER TABLE public.other RENAME TO swapped;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER swap BEFORE INSERT ON customers.customer FOR EACH ROW EXECUTE FUNCTION swap_tables();
SET ROLE stager;
CALL customers.import_staged('swapped');
SELECT count(*) FROM customers.customer WHERE reference LIKE 'swap-%';
RESET ROLE;
DROP TRIGGER swap ON customers.customer;
ALTER TABLE swapped ALTER document TYPE bytea USING '\xffffffff';
ALTER TABLE swapped ALTER error TYPE text;
SET ROLE stager;
CALL customers.import_staged('swapped');

RESET ROLE;
DROP TABLE swapped, aside;
DROP FUNCTION swap_tables();
SET client_min_messages = warning;
DROP SCHEMA "od""d" CASCADE;
SELECT customers.unbind_role('stager', :'merchant');
DROP OWNED BY stager;
DROP ROLE stager;
