-- JSON Schema: what is refused when a schema is defined, with the JSON pointer of the fault.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
RESET client_min_messages;
SET search_path = customers, public;

CREATE FUNCTION pg_temp.fault(schema text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  detail text;
BEGIN
  PERFORM schema::json_schema;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RETURN sqlstate || ' ' || sqlerrm || ': ' || detail;
END $$;

-- As users see it.
SELECT '{"properties": {"a": {"minLength": -1}}}'::json_schema;

\pset format unaligned
\pset tuples_only on
SELECT pg_temp.fault(s) FROM unnest(ARRAY[
  '1', 'null', '[]', '"a"',
  '{"type": 1}', '{"type": "obj"}', '{"type": "strings"}', '{"type": []}', '{"type": ["string", "string"]}', '{"type": ["string", null]}',
  '{"enum": "a"}', '{"enum": {}}', '{"enum": [1, 1]}', '{"const": null}']) s;
SELECT pg_temp.fault(format('{"properties": {"a": {%s}}}', s)) FROM unnest(ARRAY[
  '"minLength": "1"', '"minLength": -1', '"minLength": 1.5', '"maxLength": null', '"maxLength": -0.5',
  '"pattern": 1', '"pattern": "("', '"pattern": "a**"', '"pattern": "a++"', '"pattern": "[a"', '"pattern": "\\"', '"pattern": "\\y"',
  '"pattern": "\\A"', '"pattern": "\\Z"', '"pattern": "(?i)a"', '"pattern": "(?>a)"', '"pattern": "(*UCP)a"', '"pattern": "(?R)"', '"pattern": "\\1"', '"pattern": "\\u12"',
  '"pattern": "\\p{Foo}"', '"pattern": "\\pL"', '"pattern": "\\c1"', '"pattern": "\\x1"', '"pattern": "\\01"',
  '"pattern": "a{2,1}"', '"pattern": "[b-a]"', '"pattern": "(?<=a+)b"', '"pattern": "(?<n>a)(?<n>b)"',
  '"pattern": "*a"', '"pattern": "a)"', '"pattern": "a{65536}"', '"pattern": "(?<n-m>a)"', '"pattern": "(?<n"', '"pattern": "\\k<n>"',
  '"format": 1', '"minimum": "1"', '"maximum": true', '"exclusiveMinimum": true', '"exclusiveMaximum": null', '"multipleOf": 0', '"multipleOf": -1', '"multipleOf": "1"']) s;
SELECT pg_temp.fault(s) FROM unnest(ARRAY[
  '{"items": [{}]}', '{"items": 1}', '{"prefixItems": []}', '{"prefixItems": {}}', '{"prefixItems": [true, 1]}', '{"minItems": "1"}', '{"maxItems": -1}', '{"uniqueItems": 1}',
  '{"contains": []}', '{"minContains": -1}', '{"maxContains": 0.5}', '{"unevaluatedItems": 0}',
  '{"required": "a"}', '{"required": [1]}', '{"required": ["a", "b", "a"]}', '{"properties": []}', '{"properties": {"a": 1}}', '{"properties": {"a/b~": {"type": 1}}}',
  '{"patternProperties": {"(": {}}}', '{"patternProperties": {"a": 0}}', '{"patternProperties": []}', '{"additionalProperties": 1}', '{"propertyNames": "a"}', '{"minProperties": true}', '{"maxProperties": {}}',
  '{"dependentRequired": {"a": "b"}}', '{"dependentRequired": {"a": ["b", "b"]}}', '{"dependentSchemas": {"a": []}}', '{"dependentSchemas": []}', '{"unevaluatedProperties": []}',
  '{"allOf": []}', '{"allOf": {}}', '{"anyOf": [1]}', '{"oneOf": null}', '{"not": 1}', '{"if": 1}', '{"then": 1}', '{"else": 1}', '{"$defs": {"a": 1}}', '{"$defs": []}', '{"contentSchema": 1}',
  '{"title": 1}', '{"description": null}', '{"$comment": []}', '{"examples": 1}', '{"readOnly": 1}', '{"deprecated": "yes"}']) s;
SELECT pg_temp.fault(s) FROM unnest(ARRAY[
  '{"$ref": 1}', '{"$ref": "#/$defs/x"}', '{"$ref": "#x"}', '{"$ref": "https://example.com/other"}', '{"$ref": "#/minimum", "minimum": 1}', '{"$dynamicRef": "#x"}',
  '{"$ref": "#"}', '{"allOf": [{"$ref": "#"}]}', '{"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [true, {"not": {"$ref": "#/$defs/b"}}]}, "b": {"if": {"$ref": "#/$defs/a"}}}}',
  '{"dependentSchemas": {"a": {"$ref": "#"}}}', '{"items": {"$ref": "#"}}',
  '{"$id": 1}', '{"$id": "a#b"}', '{"$defs": {"a": {"$id": "x"}, "b": {"$id": "x"}}}', '{"$anchor": "1a"}', '{"$anchor": "a b"}', '{"$anchor": 1}', '{"$defs": {"a": {"$anchor": "x"}, "b": {"$anchor": "x"}}}', '{"$dynamicAnchor": ""}',
  '{"$schema": 1}', '{"$schema": "http://json-schema.org/draft-04/schema#"}', '{"$schema": "https://json-schema.org/draft/2019-09/schema"}', '{"$defs": {"a": {"$schema": "http://json-schema.org/draft-07/schema#"}}}',
  '{"$schema": "https://json-schema.org/draft/2020-12/schema"}', '{"$schema": "http://json-schema.org/draft-07/schema#", "items": []}', '{"$schema": "http://json-schema.org/draft-07/schema#", "dependencies": {"a": 1}}']) s;

-- Nesting and size.
SELECT pg_temp.fault(repeat('{"not": ', 98) || '{}' || repeat('}', 98));
SELECT right(pg_temp.fault(repeat('{"not": ', 100) || '{}' || repeat('}', 100)), 60);
SELECT pg_temp.fault(jsonb_build_object('enum', (SELECT jsonb_agg(repeat('x', 1000) || n) FROM generate_series(1, 20000) n))::text);
SELECT pg_temp.fault(jsonb_build_object('pattern', repeat('a', 20000))::text);
SELECT pg_temp.fault(jsonb_build_object('pattern', repeat('(', 300) || repeat(')', 300))::text);
SELECT pg_temp.fault('{"pattern": "((a{1000}){1000}){1000}"}');
