-- JSON Schema: schemas and documents that mean harm end in an answer or in an error.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
RESET client_min_messages;
SET search_path = customers, public;

-- Catastrophic patterns end after some milliseconds, for a short value and for a long one.
SELECT is_valid(to_jsonb(repeat('a', 50) || '!'), '{"pattern": "(a+)+$"}');
SELECT is_valid(to_jsonb(repeat('a', 100000) || '!'), '{"pattern": "^(a|aa)+$"}');
SELECT is_valid(to_jsonb(repeat('a', 50) || '!'), '{"patternProperties": {"(.*)*$": true}, "pattern": "^((a|b)*c|d)*$"}');
SELECT count(*) FROM validation_errors(to_jsonb(repeat('x', 50) || '!'), '{"pattern": "(x+x+)+y$"}');
-- So do those that stay below the limit at each start, but not at all of them together.
SELECT is_valid(to_jsonb(repeat('a', 4000)), '{"pattern": "(?:a|a){18}[bc]"}');
SELECT is_valid(to_jsonb(repeat('a', 4000)), '{"pattern": "(?=(?:a|a){15}[bc])"}');
SELECT is_valid(to_jsonb(repeat('b', 4000) || repeat('a', 20) || e), '{"pattern": "(?:a|a){18}[!?]"}') FROM unnest(ARRAY['', '!']) e;
-- Windows of a long subject: a match is found wherever it starts, ^ and lookbehind know what is before.
SELECT n, is_valid(to_jsonb(repeat('é', n) || 'xyz'), '{"pattern": "(?<=é)xyz$"}') AS last,
       is_valid(to_jsonb(repeat('é', n) || 'xyz'), '{"pattern": "^x"}') AS first
  FROM unnest(ARRAY[1, 1000, 2046, 2047, 2048, 2049, 5000, 200000]) n;
SET statement_timeout = '500ms';
SELECT is_valid(to_jsonb(repeat('a', 3000000) || '!c'), '{"pattern": "a*[^a]d|c{2}$"}');
RESET statement_timeout;
-- More patterns than the cache keeps.
SELECT count(*) FROM generate_series(1, 2000) n
 WHERE is_valid(to_jsonb(n), jsonb_build_object('pattern', n)::text::json_schema) OR true;
SELECT count(*) FILTER (WHERE is_valid(to_jsonb('k' || n), jsonb_build_object('pattern', format('^k%s$', n % 700))::json_schema))
  FROM generate_series(1, 1400) n;

-- Deep documents.
\set VERBOSITY terse
SELECT is_valid((repeat('[', 1000) || repeat(']', 1000))::jsonb, '{"items": {"$ref": "#"}, "type": "array"}');
SELECT is_valid((repeat('[', 1000) || '1' || repeat(']', 1000))::jsonb, '{"items": {"$ref": "#"}, "type": "array"}');
SELECT length(instance_location), length(keyword_location), message
  FROM validation_errors((repeat('{"a":', 1000) || '1' || repeat('}', 1000))::jsonb, '{"properties": {"a": {"$ref": "#"}}, "type": "object"}');
SET max_stack_depth = '100kB';
SELECT is_valid((repeat('[', 500) || repeat(']', 500))::jsonb, '{"allOf": [{"anyOf": [{"oneOf": [{"items": {"$ref": "#"}}]}]}]}');
RESET max_stack_depth;
SELECT is_valid((repeat('[', 5000) || repeat(']', 5000))::jsonb, '{"uniqueItems": true, "items": {"$ref": "#"}, "const": []}');
-- A dynamic reference that only turns in a circle on its way is stopped by the stack's limit.
SELECT is_valid('1', '{"$id": "https://shop.example/a", "$ref": "b", "$defs": {
  "c": {"$dynamicAnchor": "n", "$ref": "b"},
  "b": {"$id": "b", "$dynamicRef": "#n", "$defs": {"d": {"$dynamicAnchor": "n"}}}}}');
\set VERBOSITY default

-- Alternatives inside alternatives do not multiply when they are reported.
SELECT count(*) > 0 AS reported FROM validation_errors('1', (repeat('{"anyOf": [{"type": "string"}, ', 40) || '{"type": "null"}' || repeat(']}', 40))::json_schema);

-- Schemas that would take exponential time: over references, and over the document's depth.
SELECT is_valid('1', jsonb_build_object('$ref', '#/$defs/s40', '$defs', jsonb_object_agg('s' || n,
    CASE WHEN n = 0 THEN 'true' ELSE format('{"allOf": [{"$ref": "#/$defs/s%1$s"}, {"$ref": "#/$defs/s%1$s"}]}', n - 1)::jsonb END))::json_schema)
  FROM generate_series(0, 40) n;
SELECT is_valid((repeat('[', 40) || repeat(']', 40))::jsonb, '{"allOf": [{"items": {"$ref": "#"}}, {"items": {"$ref": "#"}}]}');
SELECT is_valid((repeat('[', 15) || repeat(']', 15))::jsonb, '{"allOf": [{"items": {"$ref": "#"}}, {"items": {"$ref": "#"}}]}');
-- What is recorded of violations is limited as well: these would take gigabytes.
SELECT count(*) FROM validation_errors((SELECT jsonb_agg(n) FROM generate_series(1, 3000) n), (SELECT jsonb_build_object('items', jsonb_build_object('allOf', jsonb_agg(false)))::json_schema FROM generate_series(1, 3000)));
SELECT count(*) FROM validation_errors((repeat('[', 19) || repeat(']', 19))::jsonb, '{"type": "object", "allOf": [{"items": {"$ref": "#"}}, {"items": {"$ref": "#"}}]}');
SELECT count(*) FROM validation_errors((repeat('[', 12) || repeat(']', 12))::jsonb, '{"type": "object", "allOf": [{"items": {"$ref": "#"}}, {"items": {"$ref": "#"}}]}');

-- Short identifiers under a long base would take memory for all of them, so the whole has a limit.
SELECT jsonb_build_object('$id', 'http://a/' || repeat('b', 991))::json_schema IS NOT NULL;
SELECT jsonb_build_object('$id', 'http://a/' || repeat('b', 992))::json_schema;
SELECT jsonb_build_object('$id', 'http://a/' || repeat('b', 990) || '/', '$defs', '{"c": {"$id": "d"}}'::jsonb)::json_schema;

-- Wide documents and wide schemas stay linear.
SELECT is_valid(d, s) FROM
  (SELECT jsonb_object_agg('k' || n, n) FROM generate_series(1, 50000) n) document(d),
  (SELECT jsonb_build_object('properties', jsonb_object_agg('k' || n, '{"type": "integer"}'::jsonb), 'additionalProperties', false)::json_schema FROM generate_series(1, 50000) n) schema(s);
SELECT count(*) FROM validation_errors((SELECT jsonb_agg(n) FROM generate_series(1, 2000) n),
  (SELECT jsonb_build_object('items', jsonb_build_object('anyOf', jsonb_agg(jsonb_build_object('const', n)))) FROM generate_series(1, 1990) n)::json_schema)
 WHERE keyword = 'anyOf';
SELECT count(*), max(length(message)) FROM validation_errors((SELECT jsonb_agg(n) FROM generate_series(1, 20000) n), '{"items": {"type": "string"}}');

-- A call of validation_errors leaves nothing behind in the memory of its query.
WITH calls AS MATERIALIZED (SELECT count(*) AS n FROM generate_series(1, 20000) i, LATERAL validation_errors(to_jsonb(i), '{"type": "string"}'))
SELECT n, (SELECT sum(used_bytes) < 4000000 FROM pg_backend_memory_contexts WHERE name = 'ExecutorState' AND n > 0) AS little FROM calls;

-- Hostile binary input.
CREATE TABLE wire (schema json_schema);
CREATE FUNCTION pg_temp.receive(wire bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  file text := current_setting('data_directory') || '/wire';
  copy bytea := '\x5047434f50590aff0d0a00' || '\x0000000000000000'::bytea || '\x0001' || int4send(length(wire)) || wire || '\xffff';
BEGIN
  PERFORM lo_from_bytea(2147480000, copy);
  PERFORM lo_export(2147480000, file);
  PERFORM lo_unlink(2147480000);
  EXECUTE format('COPY wire FROM %L (FORMAT binary)', file);
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN sqlstate || ' ' || sqlerrm;
END $$;
SELECT pg_temp.receive(json_schema_send('{"type": "object"}'));
SELECT pg_temp.receive('\x'), pg_temp.receive('\x01'), pg_temp.receive('\x02' || '{}'::bytea), pg_temp.receive('\x01' || '{"type":1}'::bytea),
       pg_temp.receive('\x017bff7d'), pg_temp.receive('\x017b7d00'), pg_temp.receive('\x01' || repeat('[', 100000)::bytea);
SELECT * FROM wire;
DROP TABLE wire;
