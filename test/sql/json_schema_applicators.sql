-- JSON Schema: schemas that apply other schemas, references, unevaluated keywords.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
RESET client_min_messages;
SET search_path = customers, public;

-- One line per instance: whether it is valid, and else what is wrong where.
CREATE FUNCTION pg_temp.check_all(schema json_schema, VARIADIC instances jsonb[])
RETURNS TABLE (instance jsonb, verdict text) LANGUAGE sql AS $$
  SELECT i, CASE WHEN is_valid(i, schema) THEN 'valid' ELSE (
    SELECT string_agg(format('%s %s (%s): %s', instance_location, keyword_location, keyword, message), '; ')
      FROM validation_errors(i, schema)) END
    FROM unnest(instances) i
$$;

SELECT * FROM pg_temp.check_all('{"allOf": [{"minimum": 1}, {"maximum": 3}, true]}', '2', '0', '4');
SELECT * FROM pg_temp.check_all('{"anyOf": [{"type": "string", "minLength": 2}, {"minimum": 5}]}', '"ab"', '7', '"a"', '1', 'null');
SELECT * FROM pg_temp.check_all('{"oneOf": [{"multipleOf": 3}, {"multipleOf": 5}]}', '9', '10', '15', '7');
SELECT * FROM pg_temp.check_all('{"not": {"type": "string"}}', '1', '"a"');
SELECT * FROM pg_temp.check_all('{"if": {"required": ["iban"]}, "then": {"required": ["bic"]}, "else": {"required": ["card"]}}',
  '{"iban": 1, "bic": 2}', '{"iban": 1}', '{"card": 1}', '{}');
SELECT * FROM pg_temp.check_all('{"if": {"const": 1}}', '1', '2');
SELECT * FROM pg_temp.check_all('{"then": false, "else": false}', '1');

-- References by pointer, by anchor, by identifier, to the root, in a circle.
SELECT * FROM pg_temp.check_all('{"$ref": "#/$defs/a~1b%25", "$defs": {"a/b%": {"type": "integer"}}, "maximum": 3}', '1', '4', '"a"');
SELECT * FROM pg_temp.check_all('{"items": {"$ref": "#here"}, "$defs": {"x": {"$anchor": "here", "type": "integer"}}}', '[1]', '["a"]');
SELECT * FROM pg_temp.check_all('{"$id": "https://shop.example/order", "items": {"$ref": "money"},
  "$defs": {"m": {"$id": "/money", "$ref": "#/$defs/n", "$defs": {"n": {"type": "number"}}}}}', '[1.5]', '["a"]');
SELECT * FROM pg_temp.check_all('{"properties": {"children": {"items": {"$ref": "#"}}, "name": {"type": "string"}}, "required": ["name"]}',
  '{"name": "a", "children": [{"name": "b", "children": []}]}', '{"name": "a", "children": [{"name": "b", "children": [{"name": 1}, {}]}]}');
SELECT * FROM pg_temp.check_all('{"$ref": "#/components/x", "components": {"x": {"type": "integer"}}}', '1', '"a"');
SELECT * FROM pg_temp.check_all('{"$ref": "#/$defs/never", "$defs": {"never": false}}', '1');

-- $dynamicRef: the outermost resource decides.
SELECT * FROM pg_temp.check_all('{"$id": "https://shop.example/strict-tree", "$dynamicAnchor": "node", "$ref": "tree", "unevaluatedProperties": false,
  "$defs": {"tree": {"$id": "tree", "$dynamicAnchor": "node", "type": "object",
    "properties": {"data": true, "children": {"type": "array", "items": {"$dynamicRef": "#node"}}}}}}',
  '{"children": [{"data": 1}]}', '{"children": [{"daat": 1}]}');

-- Unevaluated properties and items.
SELECT * FROM pg_temp.check_all('{"allOf": [{"properties": {"a": true}}], "properties": {"b": true}, "unevaluatedProperties": false}', '{"a": 1, "b": 2}', '{"a": 1, "c": 2}');
SELECT * FROM pg_temp.check_all('{"anyOf": [{"required": ["a"], "properties": {"a": true}}, {"required": ["b"], "properties": {"b": true}}], "unevaluatedProperties": {"type": "string"}}',
  '{"a": 1}', '{"a": 1, "b": 2}', '{"a": 1, "c": 2}', '{"a": 1, "c": "2"}');
SELECT * FROM pg_temp.check_all('{"allOf": [{"prefixItems": [true, true]}], "unevaluatedItems": false}', '[1, 2]', '[1, 2, 3]');
SELECT * FROM pg_temp.check_all('{"not": {"properties": {"a": {"const": 1}}, "required": ["a"]}, "unevaluatedProperties": false}', '{}', '{"b": 1}');

-- draft-07, where $schema says so.
SELECT * FROM pg_temp.check_all('{"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "integer"}], "additionalItems": {"type": "string"}}', '[1, "a"]', '["a", 1]');
SELECT * FROM pg_temp.check_all('{"$schema": "http://json-schema.org/draft-07/schema#", "dependencies": {"a": ["b"], "c": {"required": ["d"]}}}', '{"a": 1}', '{"a": 1, "b": 1}', '{"c": 1}');
SELECT * FROM pg_temp.check_all('{"$schema": "http://json-schema.org/draft-07/schema#", "$ref": "#/definitions/x", "minimum": 10, "definitions": {"x": {"type": "integer"}}}', '1', '"a"');
SELECT * FROM pg_temp.check_all('{"$schema": "http://json-schema.org/draft-07/schema#", "allOf": [{"$ref": "#name"}], "definitions": {"x": {"$id": "#name", "type": "integer"}}}', '1', '"a"');
SELECT * FROM pg_temp.check_all('{"$schema": "http://json-schema.org/draft-07/schema#", "dependentRequired": {"a": ["b"]}, "unevaluatedProperties": false}', '{"a": 1}');
SELECT * FROM pg_temp.check_all('{"$schema": "https://json-schema.org/draft/2020-12/schema", "dependencies": {"a": ["b"]}, "additionalItems": false}', '{"a": 1}', '[1]');

-- Without if, then and else are nothing, even if they refer to themselves.
SELECT * FROM pg_temp.check_all('{"then": {"$ref": "#"}, "else": false}', '1');
SELECT '{"if": true, "then": {"$ref": "#"}}'::json_schema;

-- The fragment of a reference may be percent-encoded, all of it.
SELECT * FROM pg_temp.check_all('{"$ref": "#%2F%24defs%2Fa%25b", "$defs": {"a%b": {"type": "integer"}}}', '1', '"a"');
SELECT * FROM pg_temp.check_all('{"$ref": "#%66oo", "$defs": {"a": {"$anchor": "foo", "type": "integer"}}}', '1', '"a"');
SELECT '{"$ref": "#/$defs/%C3", "$defs": {"a": true}}'::json_schema;
