-- What does the import of 1,000,000 customers with 8 context fields cost?
-- Against a bare INSERT ... SELECT of the same rows into the same table and
-- indexes without guards.  What counts is the ratio within a round.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();

-- A merchant for each round, so that each finds no customer.
CREATE PROCEDURE make_merchant(INOUT merchant customers.merchant_id) LANGUAGE plpgsql AS $$
BEGIN
  merchant := customers.create_merchant('Bench import');
  PERFORM customers.use_merchant(merchant);
  PERFORM customers.define_context_field('email', '{"type": "string", "format": "email", "maxLength": 254}', 'create');
  PERFORM customers.define_context_field('birth_date', '{"type": "string", "format": "date"}');
  PERFORM customers.define_context_field('signed_up_at', '{"type": "string", "format": "date-time"}');
  PERFORM customers.define_context_field('visits', '{"type": "integer", "minimum": 0}');
  PERFORM customers.define_context_field('score', '{"type": "number", "minimum": 0, "exclusiveMaximum": 100}');
  PERFORM customers.define_context_field('phone', '{"type": "string", "pattern": "^\\+[0-9]{6,15}$"}');
  PERFORM customers.define_context_field('postal_code', '{"type": "string", "pattern": "^[0-9]{5}$"}');
  PERFORM customers.define_context_field('country', '{"enum": ["AT", "BE", "DE", "ES", "FR", "IT", "NL", "PT"]}');
  COMMIT;
END
$$;

\copy (SELECT jsonb_build_object('reference', 'customer-' || n, 'context', jsonb_build_object('email', 'customer.' || n || '@example.com', 'birth_date', date '1950-01-01' + n % 20000, 'signed_up_at', to_char(timestamp '2020-01-01' + n * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'visits', n % 1000, 'score', n % 10000 / 100.0, 'phone', '+' || 33000000000 + n, 'postal_code', lpad((n % 100000)::text, 5, '0'), 'country', (ARRAY['AT', 'BE', 'DE', 'ES', 'FR', 'IT', 'NL', 'PT'])[n % 8 + 1])) FROM generate_series(1, 1000000) AS n) TO 'documents.jsonl' WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02')

CREATE UNLOGGED TABLE staging (ordinal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, document jsonb, error text);
CREATE TABLE bare (LIKE customers.customer INCLUDING ALL);
CREATE TEMP TABLE time (what text, at timestamptz DEFAULT clock_timestamp());

INSERT INTO time VALUES ('copy');
\copy staging (document) FROM 'documents.jsonl' WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02')
INSERT INTO time VALUES ('copied');
-- The rows that the import makes of them, ids and times computed beforehand; ids
-- in the order of the rows, as the import makes them.
CREATE UNLOGGED TABLE prepared AS
SELECT n.customer_id::customers.customer_id, document->>'reference' AS reference, document->'context' AS context, now() AS at
  FROM staging
  JOIN (SELECT id AS customer_id, row_number() OVER (ORDER BY id) AS ordinal
          FROM (SELECT gen_random_uuid() AS id FROM staging) AS made) AS n USING (ordinal)
 ORDER BY ordinal;
VACUUM ANALYZE staging, prepared;
CHECKPOINT;
DO $$
BEGIN
  SET client_min_messages = notice;
  RAISE NOTICE '\copy to the staging table: % rows/s', (SELECT round(1000000 / extract(epoch FROM max(at) - min(at))) FROM time);
END
$$;
\connect
CREATE FUNCTION kilobytes(what text) RETURNS int LANGUAGE sql AS $$
  SELECT substring(pg_read_file('/proc/' || pg_backend_pid() || '/status') FROM what || ':\s+(\d+)')::int
$$;

DO $$
DECLARE
  merchant customers.merchant_id;
  started timestamptz;
  bare numeric;
  import numeric;
  created bigint;
  existing bigint;
  refused bigint;
BEGIN
  FOR round IN 1 .. 2 LOOP
    SET client_min_messages = warning;
    CALL make_merchant(merchant);
    started := clock_timestamp();
    CALL customers.import_staged('staging', created, existing, refused);
    import := extract(epoch FROM clock_timestamp() - started);
    started := clock_timestamp();
    INSERT INTO bare (merchant_id, customer_id, reference, context, schema_version, created_at, updated_at)
    SELECT merchant, customer_id, reference, context, 1, at, at FROM prepared;
    COMMIT;
    bare := extract(epoch FROM clock_timestamp() - started);
    SET client_min_messages = notice;
    RAISE NOTICE 'bare INSERT ... SELECT: % rows/s', round(1000000 / bare);
    RAISE NOTICE 'import_staged: % customers/s, ratio to the bare rows %', round(created / import), round(bare / import, 2);
    -- At most, at any time.
    RAISE NOTICE 'memory of the session, but for shared buffers: % MB',
      (kilobytes('VmHWM') - kilobytes('RssShmem') - kilobytes('RssFile')) / 1024;
    SET client_min_messages = warning;
    started := clock_timestamp();
    CALL customers.import_staged('staging', created, existing, refused);
    SET client_min_messages = notice;
    RAISE NOTICE 'import_staged again: % documents/s',
      round(existing / extract(epoch FROM clock_timestamp() - started));
  END LOOP;
END
$$;
