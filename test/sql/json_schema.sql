-- Type json_schema: text and binary form, casts, equality, tables and checks.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
RESET client_min_messages;
SET search_path = customers, public;

-- The text form is the schema's JSON.
SELECT '{"type": "object", "required": ["a"]}'::json_schema;
SELECT 'true'::json_schema, 'false'::json_schema, '{}'::json_schema;
SELECT '{"type": '::json_schema;
SELECT '[]'::json_schema;
SELECT '"string"'::json_schema;

-- Casts.
SELECT '{"minimum": 1}'::jsonb::json_schema;
SELECT '{"minimum": 1}'::json_schema::jsonb -> 'minimum';
SELECT '{"minimum": "1"}'::jsonb::json_schema;

-- Equality is that of the sources, as jsonb.
SELECT '{"minimum": 1, "maximum": 2}'::json_schema = '{"maximum": 2.0, "minimum": 1}' AS equal;
SELECT '{"minimum": 1}'::json_schema = '{"minimum": 2}' AS equal;
SELECT '{"minimum": 1}'::json_schema <> '{"minimum": 2}' AS different;
SELECT count(*), count(DISTINCT s::jsonb)
  FROM (SELECT s FROM (VALUES ('{"minimum": 1}'::json_schema), ('{"minimum": 1.0}'), ('{"minimum": 2}')) v(s)
        GROUP BY s) distinct_schemas;
SELECT count(DISTINCT json_schema_hash(('{"minimum": ' || n || '}')::json_schema)) > 990 AS hashes_spread
  FROM generate_series(1, 1000) n;

-- Binary form: compiled anew on the way in.
CREATE TABLE wire (schema json_schema);
INSERT INTO wire VALUES ('{"type": "string", "pattern": "^a"}'), ('true');
SELECT json_schema_send(schema) FROM wire ORDER BY schema::text;
SELECT convert_from(substr(json_schema_send('{"type": "string"}'), 2), 'UTF8');

-- Columns, compressed and not, and checks by a column.
CREATE TABLE kinds (kind text PRIMARY KEY, schema json_schema NOT NULL);
INSERT INTO kinds VALUES
  ('short', '{"type": "integer"}'),
  ('long', (SELECT jsonb_build_object('type', 'object', 'additionalProperties', false, 'properties',
            jsonb_object_agg('property_' || n, jsonb_build_object('type', 'integer', 'minimum', n)))
              FROM generate_series(1, 500) n));
SELECT kind, pg_column_size(schema) < length(schema::text) AS compressed,
       is_valid('7', schema) AS seven, is_valid('{"property_300": 300}', schema) AS enough,
       is_valid('{"property_300": 299}', schema) AS too_little
  FROM kinds ORDER BY kind;
UPDATE kinds SET schema = '{"type": "whole"}';

-- CHECK constraints.
CREATE TABLE people (
  id int PRIMARY KEY,
  data jsonb CHECK (is_valid(data, '{"type": "object", "required": ["name"],
                                     "properties": {"name": {"type": "string", "minLength": 1}}}')),
  has_name bool GENERATED ALWAYS AS (is_valid(data, '{"required": ["name"]}')) STORED);
INSERT INTO people VALUES (1, '{"name": "Zoë"}'), (2, NULL);
INSERT INTO people VALUES (3, '{"name": ""}');
INSERT INTO people VALUES (4, '{}');
SELECT * FROM people ORDER BY id;
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'people'::regclass AND contype = 'c';

-- NULL in, NULL out; no rows for a NULL.
SELECT is_valid(NULL, 'true'), is_valid('1', NULL);
SELECT count(*) FROM validation_errors(NULL, 'false');

-- All violations at once, in the order of the document.
SELECT * FROM validation_errors(
  '{"zip": "x", "name": "", "tags": ["a", 1, "a"], "items": [{"price": -1}, {"price": "1"}, {}]}',
  '{"type": "object", "required": ["email", "name"], "maxProperties": 3,
    "properties": {
      "name": {"type": "string", "minLength": 1, "pattern": "^[A-Z]"},
      "tags": {"items": {"type": "string"}, "uniqueItems": true},
      "items": {"items": {"required": ["price"], "properties": {"price": {"$ref": "#/$defs/price"}}}}},
    "additionalProperties": false,
    "$defs": {"price": {"type": "number", "minimum": 0}}}');

-- Locations are JSON pointers, with their escapes.
SELECT * FROM validation_errors('{"a/b": {"c~d": 1}}',
  '{"properties": {"a/b": {"additionalProperties": {"type": "string"}}}}');

DROP TABLE people, kinds, wire;
