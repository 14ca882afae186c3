-- What does it cost to check a document against a JSON Schema?  In one run, on
-- the same 100,000 customers: is_valid(), what users of PostgreSQL write
-- instead, and ajv in node (left out where npm is missing).  A cost is that of
-- a scan with the check, less that of the same scan with a function that does
-- nothing, each the shortest of many short rounds: other load disturbs few of those.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SET jit = off;
SET max_parallel_workers_per_gather = 0;

\ir json_schema/documents.sql

-- Nothing but the call of a function with two arguments: this one looks at none.
CREATE FUNCTION nothing(jsonb, customers.json_schema) RETURNS bool
  LANGUAGE internal IMMUTABLE STRICT AS 'pg_backend_pid';

-- The same checks as an expression of SQL, as well as one can.
CREATE FUNCTION by_expression(doc jsonb) RETURNS bool LANGUAGE sql IMMUTABLE
  RETURN jsonb_typeof(doc) = 'object'
    AND doc - '{number,email,given_name,family_name,phone,status,country,birth_date,score,balance,newsletter,address}'::text[] = '{}'
    AND jsonb_typeof(doc -> 'number') = 'string' AND doc ->> 'number' ~ '^cus_[0-9]{10}$'
    AND jsonb_typeof(doc -> 'email') = 'string' AND length(doc ->> 'email') BETWEEN 6 AND 254
    AND doc ->> 'email' ~ '^[a-zA-Z0-9.!#$%&''*+/=?^_`{|}~-]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*$'
    AND jsonb_typeof(doc -> 'given_name') = 'string' AND length(doc ->> 'given_name') BETWEEN 1 AND 80
    AND jsonb_typeof(doc -> 'family_name') = 'string' AND length(doc ->> 'family_name') BETWEEN 1 AND 80
    AND (NOT doc ? 'phone' OR jsonb_typeof(doc -> 'phone') = 'string' AND doc ->> 'phone' ~ '^\+[1-9][0-9]{6,14}$')
    AND jsonb_typeof(doc -> 'status') = 'string'
    AND doc ->> 'status' IN ('active', 'inactive', 'blocked', 'pending')
    AND jsonb_typeof(doc -> 'country') = 'string' AND doc ->> 'country' ~ '^[A-Z]{2}$'
    AND (NOT doc ? 'birth_date' OR jsonb_typeof(doc -> 'birth_date') = 'string'
         AND doc ->> 'birth_date' ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$')
    AND (NOT doc ? 'score' OR CASE WHEN jsonb_typeof(doc -> 'score') = 'number'
         THEN (doc -> 'score')::numeric BETWEEN 0 AND 100 AND (doc -> 'score')::numeric % 1 = 0 END)
    AND (NOT doc ? 'balance' OR CASE WHEN jsonb_typeof(doc -> 'balance') = 'number'
         THEN (doc -> 'balance')::numeric BETWEEN 0 AND 1000000 END)
    AND (NOT doc ? 'newsletter' OR jsonb_typeof(doc -> 'newsletter') = 'boolean')
    AND jsonb_typeof(doc -> 'address') = 'object'
    AND (doc -> 'address') - '{street,building,city,postal_code,country}'::text[] = '{}'
    AND jsonb_typeof(doc -> 'address' -> 'street') = 'string'
    AND length(doc -> 'address' ->> 'street') BETWEEN 1 AND 120
    AND (NOT doc -> 'address' ? 'building' OR jsonb_typeof(doc -> 'address' -> 'building') = 'string'
         AND length(doc -> 'address' ->> 'building') <= 120)
    AND jsonb_typeof(doc -> 'address' -> 'city') = 'string'
    AND length(doc -> 'address' ->> 'city') BETWEEN 1 AND 80
    AND jsonb_typeof(doc -> 'address' -> 'postal_code') = 'string'
    AND doc -> 'address' ->> 'postal_code' ~ '^[0-9A-Z -]{3,10}$'
    AND (NOT doc -> 'address' ? 'country' OR jsonb_typeof(doc -> 'address' -> 'country') = 'string'
         AND doc -> 'address' ->> 'country' IN ('FR', 'DE', 'ES', 'IT', 'GB', 'US'));

-- The same as a function in PL/pgSQL that goes over the members.
CREATE FUNCTION by_plpgsql(doc jsonb) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  name text;
  value jsonb;
  content text;
BEGIN
  IF jsonb_typeof(doc) <> 'object'
    OR NOT doc ?& '{number,email,given_name,family_name,status,country,address}' THEN
    RETURN false;
  END IF;
  FOR name, value IN SELECT * FROM jsonb_each(doc) LOOP
    content := value #>> '{}';
    IF NOT coalesce(CASE name
      WHEN 'number' THEN jsonb_typeof(value) = 'string' AND content ~ '^cus_[0-9]{10}$'
      WHEN 'email' THEN jsonb_typeof(value) = 'string' AND length(content) BETWEEN 6 AND 254
        AND content ~ '^[a-zA-Z0-9.!#$%&''*+/=?^_`{|}~-]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*$'
      WHEN 'given_name' THEN jsonb_typeof(value) = 'string' AND length(content) BETWEEN 1 AND 80
      WHEN 'family_name' THEN jsonb_typeof(value) = 'string' AND length(content) BETWEEN 1 AND 80
      WHEN 'phone' THEN jsonb_typeof(value) = 'string' AND content ~ '^\+[1-9][0-9]{6,14}$'
      WHEN 'status' THEN jsonb_typeof(value) = 'string'
        AND content IN ('active', 'inactive', 'blocked', 'pending')
      WHEN 'country' THEN jsonb_typeof(value) = 'string' AND content ~ '^[A-Z]{2}$'
      WHEN 'birth_date' THEN jsonb_typeof(value) = 'string'
        AND content ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
      WHEN 'score' THEN CASE WHEN jsonb_typeof(value) = 'number'
        THEN content::numeric BETWEEN 0 AND 100 AND content::numeric % 1 = 0 END
      WHEN 'balance' THEN CASE WHEN jsonb_typeof(value) = 'number'
        THEN content::numeric BETWEEN 0 AND 1000000 END
      WHEN 'newsletter' THEN jsonb_typeof(value) = 'boolean'
      WHEN 'address' THEN jsonb_typeof(value) = 'object'
        AND value ?& '{street,city,postal_code}' AND value - '{street,building,city,postal_code,country}'::text[] = '{}'
        AND jsonb_typeof(value -> 'street') = 'string' AND length(value ->> 'street') BETWEEN 1 AND 120
        AND (NOT value ? 'building' OR jsonb_typeof(value -> 'building') = 'string'
             AND length(value ->> 'building') <= 120)
        AND jsonb_typeof(value -> 'city') = 'string' AND length(value ->> 'city') BETWEEN 1 AND 80
        AND jsonb_typeof(value -> 'postal_code') = 'string'
        AND value ->> 'postal_code' ~ '^[0-9A-Z -]{3,10}$'
        AND (NOT value ? 'country' OR jsonb_typeof(value -> 'country') = 'string'
             AND value ->> 'country' IN ('FR', 'DE', 'ES', 'IT', 'GB', 'US'))
      END, false) THEN
      RETURN false;
    END IF;
  END LOOP;
  RETURN true;
END
$$;

CREATE TABLE cost (name text, us numeric);

-- contender: which condition, over how many documents of which table.
CREATE TABLE contender (number int, name text, condition text, documents text, n int);
INSERT INTO contender
SELECT 1, 'is_valid, ' || name, format('customers.is_valid(doc, %L)', source), 'valid', 5000 FROM source;
INSERT INTO contender
SELECT 2, 'is_valid, invalid documents', format('NOT customers.is_valid(doc, %L)', source), 'invalid', 5000
  FROM source WHERE name = 'whole';
INSERT INTO contender
SELECT 0, 'nothing', format('nothing(doc, %L)', source), 'valid', 5000 FROM source WHERE name = 'whole';
INSERT INTO contender VALUES
  (3, 'expression of SQL', 'by_expression(doc)', 'valid', 1000),
  (4, 'PL/pgSQL', 'by_plpgsql(doc)', 'valid', 1000);

DO $$
DECLARE
  c contender;
  started timestamptz;
  found int;
BEGIN
  FOR round IN 1 .. 120 LOOP
    FOR c IN SELECT * FROM contender ORDER BY number, name LOOP
      started := clock_timestamp();
      EXECUTE format('SELECT count(*) FROM (SELECT doc FROM %I LIMIT %s) AS d WHERE %s',
                     c.documents, c.n, c.condition) INTO found;
      INSERT INTO cost VALUES (c.name, extract(epoch FROM clock_timestamp() - started) * 1e6 / c.n);
      ASSERT found = c.n, c.name;
    END LOOP;
  END LOOP;
  UPDATE cost SET us = us - (SELECT min(us) FROM cost WHERE name = 'nothing') WHERE name <> 'nothing';
END
$$;

\copy (SELECT source FROM source WHERE name = 'whole') TO 'schema.json' (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
\copy (SELECT doc FROM valid LIMIT 1000) TO 'documents.jsonl' (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
\copy cost FROM PROGRAM '"$BENCH/json_schema/ajv"' (FORMAT csv)
RESET client_min_messages;

DO $$
DECLARE
  c record;
BEGIN
  FOR c IN SELECT name, min(us) AS us, min(us) / (SELECT min(us) FROM cost WHERE name = 'is_valid, whole') AS ratio
             FROM cost WHERE name <> 'nothing' GROUP BY name ORDER BY 2 LOOP
    RAISE NOTICE '%: % us each, ratio to is_valid %', c.name, round(c.us, 2), round(c.ratio, 2);
  END LOOP;
END
$$;

-- 100,000 rows inserted with a CHECK, and without.
CREATE TABLE unchecked (doc jsonb);
CREATE TABLE checked (doc jsonb);
SELECT format('ALTER TABLE checked ADD CHECK (customers.is_valid(doc, %L))', source) FROM source WHERE name = 'whole' \gexec
DO $$
DECLARE
  target text;
  started timestamptz;
  ratio numeric;
BEGIN
  FOR round IN 1 .. 7 LOOP
    FOREACH target IN ARRAY '{checked,unchecked}'::text[] LOOP
      EXECUTE 'TRUNCATE ' || target;
      started := clock_timestamp();
      EXECUTE format('INSERT INTO %I SELECT doc FROM valid', target);
      INSERT INTO cost VALUES (target, extract(epoch FROM clock_timestamp() - started) * 1e6 / 100000);
    END LOOP;
  END LOOP;
  ratio := (SELECT min(us) FROM cost WHERE name = 'checked') / (SELECT min(us) FROM cost WHERE name = 'unchecked');
  RAISE NOTICE 'INSERT with a CHECK: % us each, ratio to INSERT without %',
    (SELECT round(min(us), 2) FROM cost WHERE name = 'checked'), round(ratio, 2);
END
$$;

-- A document of n members, and as many properties in the schema: the time per
-- member stays.  (A custom plan would make a constant of each call.)
SET plan_cache_mode = force_generic_plan;
DO $$
DECLARE
  doc jsonb;
  schema customers.json_schema;
  started timestamptz;
  loops int;
  answer bool;
  idle_us numeric;
  us numeric;
  first_us numeric;
BEGIN
  FOREACH loops IN ARRAY '{2000,200,20}'::int[] LOOP
    SELECT jsonb_object_agg('member' || n, n),
           jsonb_build_object('additionalProperties', false, 'properties',
             jsonb_object_agg('member' || n, '{"type": "integer", "minimum": 1}'::jsonb))
      INTO doc, schema FROM generate_series(1, 200000 / loops) AS n;
    us := NULL;
    idle_us := NULL;
    FOR round IN 1 .. 120 LOOP
      started := clock_timestamp();
      FOR i IN 1 .. loops LOOP
        answer := nothing(doc, schema);
      END LOOP;
      idle_us := least(idle_us, extract(epoch FROM clock_timestamp() - started) * 1e6);
      started := clock_timestamp();
      FOR i IN 1 .. loops LOOP
        answer := customers.is_valid(doc, schema);
      END LOOP;
      us := least(us, extract(epoch FROM clock_timestamp() - started) * 1e6);
    END LOOP;
    us := (us - idle_us) / 200000;
    first_us := coalesce(first_us, us);
    RAISE NOTICE '% members: % ns each, ratio to the first %', 200000 / loops, round(us * 1000), round(us / first_us, 2);
  END LOOP;
END
$$;

-- A pattern that backtracks without end, on a value of 50 characters.
DO $$
DECLARE
  started timestamptz := clock_timestamp();
  answer text;
BEGIN
  BEGIN
    answer := customers.is_valid(to_jsonb(repeat('a', 49) || '!'), '{"pattern": "(a+)+$"}');
  EXCEPTION WHEN statement_too_complex THEN
    answer := SQLERRM;
  END;
  RAISE NOTICE '(a+)+$ on 50 characters: % ms: %', round(extract(epoch FROM clock_timestamp() - started) * 1000, 1), answer;
END
$$;
