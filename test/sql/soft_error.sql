-- What the input functions refuse is a soft error since PostgreSQL 16: COPY with
-- ON_ERROR and pg_input_is_valid() go on.  Version 15 raises the same error.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
RESET client_min_messages;

-- refusal: the error of an input, however the server tells it.
SELECT current_setting('server_version_num')::int >= 160000 AS has_soft_errors \gset
CREATE FUNCTION pg_temp.refusal(value text, type text, soft bool,
  OUT code text, OUT message text, OUT detail text, OUT hint text) LANGUAGE plpgsql AS $$
BEGIN
  IF soft THEN
    EXECUTE 'SELECT sql_error_code, message, detail, hint FROM pg_input_error_info($1, $2)'
    INTO code, message, detail, hint USING value, type;
    RETURN;
  END IF;
  EXECUTE format('SELECT %L::%s', value, type);
EXCEPTION WHEN OTHERS THEN
  IF soft THEN
    message := 'not a soft error: ' || sqlerrm;
    RETURN;
  END IF;
  GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
    detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  detail := nullif(detail, '');
  hint := nullif(hint, '');
END $$;

\pset format unaligned
\pset null -
SELECT type, value, r.* FROM (VALUES
  ('customer_id', 'cus_00041061050r3gg28a1c60t3gf'), ('customer_id', 'pay_00041061050r3gg28a1c60t3gf'),
  ('customer_id', 'cus_'), ('customer_id', 'cus_00041061050r3gg28a1c60t3g'), ('customer_id', 'cus_00041061050r3gg28a1c60t3gu'),
  ('customer_id', 'cus_80041061050r3gg28a1c60t3gf'), ('customer_id', ''),
  ('merchant_id', 'x'), ('list_id', 'x'), ('payment_method_id', 'x'), ('payment_id', 'x'), ('commit_id', 'x'),
  ('amount', '5.00 EUR'), ('amount', '5 EUR'), ('amount', '5.000 EUR'), ('amount', '5.00 XYZ'), ('amount', '1.00 XAU'),
  ('amount', 'five'), ('amount', ''), ('amount', '99999999999999999999.00 EUR'),
  ('json_schema', '{"type": "object"}'), ('json_schema', '{"type": "obj"}'), ('json_schema', '1'),
  ('json_schema', '{"properties": {"a": {"items": [{"pattern": "("}]}}}'), ('json_schema', '{"properties": {"a": {"pattern": "("}}}'),
  ('json_schema', '{"$ref": "#/$defs/x"}'), ('json_schema', '{"$ref": "#"}'), ('json_schema', '{"enum": "a"}'),
  ('sealed', '\x01' || repeat('00', 48)), ('sealed', 'my secret'), ('sealed', '\x0g'), ('sealed', '\x01'))
  AS input (type, value), pg_temp.refusal(value, 'customers.' || type, :'has_soft_errors') r;

-- What is no JSON, or too large.
SELECT r.code, r.message FROM unnest(ARRAY['{', '', '{"type": "\u00"}']) value,
  pg_temp.refusal(value, 'customers.json_schema', :'has_soft_errors') r;
SELECT r.* FROM pg_temp.refusal(
  jsonb_build_object('enum', (SELECT jsonb_agg(repeat('x', 1000) || n) FROM generate_series(1, 20000) n))::text,
  'customers.json_schema', :'has_soft_errors') r;

-- In arrays, too.
SELECT r.* FROM pg_temp.refusal('{5.00 EUR,6.00 XYZ}', 'customers.amount[]', :'has_soft_errors') r;

-- Many refusals in one statement, of which nothing stays.
SELECT count(*), count(DISTINCT r.detail) AS details, min(r.detail) AS detail FROM generate_series(1, 1000) n,
  pg_temp.refusal(format('{"properties": {"p%s": {"type": 1}}}', n), 'customers.json_schema', :'has_soft_errors') r;

-- A long one: the message outlives the memory in which the schema was compiled.
SELECT r.message, length(r.detail), right(r.detail, 80) AS detail
FROM pg_temp.refusal(jsonb_build_object('properties', jsonb_build_object(repeat('long', 100000), '{"type": 1}'::jsonb))::text,
                     'customers.json_schema', :'has_soft_errors') r;
