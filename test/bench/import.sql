-- What does the import of 1,000,000 customers with 8 context fields cost?
-- Against a bare INSERT ... SELECT of the same rows into the same table and
-- indexes without guards.  What counts is the ratio within a round.
\set documents 1000000
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
SELECT customers.use_merchant(customers.create_merchant('Bench import'));
SELECT customers.define_context_field('email', '{"type": "string", "format": "email", "maxLength": 254}', 'create');
SELECT customers.define_context_field('birth_date', '{"type": "string", "format": "date"}');
SELECT customers.define_context_field('signed_up_at', '{"type": "string", "format": "date-time"}');
SELECT customers.define_context_field('visits', '{"type": "integer", "minimum": 0}');
SELECT customers.define_context_field('score', '{"type": "number", "minimum": 0, "exclusiveMaximum": 100}');
SELECT customers.define_context_field('phone', '{"type": "string", "pattern": "^\\+[0-9]{6,15}$"}');
SELECT customers.define_context_field('postal_code', '{"type": "string", "pattern": "^[0-9]{5}$"}');
SELECT customers.define_context_field('country', '{"enum": ["AT", "BE", "DE", "ES", "FR", "IT", "NL", "PT"]}');

\copy (SELECT jsonb_build_object('reference', 'customer-' || n, 'context', jsonb_build_object('email', 'customer.' || n || '@example.com', 'birth_date', date '1950-01-01' + n % 20000, 'signed_up_at', to_char(timestamp '2020-01-01' + n * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'visits', n % 1000, 'score', n % 10000 / 100.0, 'phone', '+' || 33000000000 + n, 'postal_code', lpad((n % 100000)::text, 5, '0'), 'country', (ARRAY['AT', 'BE', 'DE', 'ES', 'FR', 'IT', 'NL', 'PT'])[n % 8 + 1])) FROM generate_series(1, 1000000) AS n) TO 'documents.jsonl' WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02')

CREATE UNLOGGED TABLE staging (ordinal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, document jsonb, error text);
CREATE TABLE bare (LIKE customers.customer INCLUDING ALL);
CREATE TEMP TABLE time (what text, at timestamptz DEFAULT clock_timestamp());

INSERT INTO time VALUES ('copy');
\copy staging (document) FROM 'documents.jsonl' WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02')
INSERT INTO time VALUES ('copied');
VACUUM ANALYZE staging;
CREATE UNLOGGED TABLE prepared AS
SELECT customers.current_merchant() AS merchant_id, gen_random_uuid()::customers.customer_id AS customer_id,
       document->>'reference' AS reference, document->'context' AS context, 1 AS schema_version, now() AS at
  FROM staging ORDER BY ordinal;
-- Ids in order of time, as generate_id() gives them.
UPDATE prepared SET customer_id = sorted.customer_id
  FROM (SELECT customer_id, row_number() OVER (ORDER BY customer_id) AS n FROM prepared) AS sorted
 WHERE sorted.n = substr(prepared.reference, 10)::bigint;
CREATE TABLE ordered AS TABLE prepared ORDER BY customer_id;
VACUUM ANALYZE ordered;
CHECKPOINT;
RESET client_min_messages;

CREATE FUNCTION kilobytes(what text) RETURNS int LANGUAGE sql AS $$
  SELECT substring(pg_read_file('/proc/' || pg_backend_pid() || '/status') FROM what || ':\s+(\d+)')::int
$$;

DO $$
DECLARE
  copied numeric := extract(epoch FROM (SELECT max(at) - min(at) FROM time));
  started timestamptz;
  bare numeric;
  import numeric;
  created bigint;
  existing bigint;
  refused bigint;
BEGIN
  RAISE NOTICE '\copy to the staging table: % rows/s', round(1000000 / copied);
  FOR round IN 1 .. 2 LOOP
    started := clock_timestamp();
    INSERT INTO bare (merchant_id, customer_id, reference, context, schema_version, created_at, updated_at)
    SELECT merchant_id, customer_id, reference, context, schema_version, at, at FROM ordered;
    COMMIT;
    bare := extract(epoch FROM clock_timestamp() - started);
    SET client_min_messages = warning;
    started := clock_timestamp();
    CALL customers.import_staged('staging', created, existing, refused);
    import := extract(epoch FROM clock_timestamp() - started);
    SET client_min_messages = notice;
    RAISE NOTICE 'bare INSERT ... SELECT: % rows/s', round(1000000 / bare);
    RAISE NOTICE 'import_staged: % customers/s, ratio to the bare rows %; % kB of private memory',
      round(created / import), round(bare / import, 2), kilobytes('VmHWM') - kilobytes('RssShmem');
    started := clock_timestamp();
    CALL customers.import_staged('staging', created, existing, refused);
    RAISE NOTICE 'import_staged again: % documents/s',
      round(existing / extract(epoch FROM clock_timestamp() - started));
    TRUNCATE bare;
    TRUNCATE customers.customer CASCADE;
    COMMIT;
  END LOOP;
END
$$;
