-- Published schemas, and what $schema says.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
RESET client_min_messages;
SET search_path = customers;

-- An instance is checked as a schema, without a network.
SELECT schema, is_valid(schema, '{"$ref": "https://json-schema.org/draft/2020-12/schema"}') AS of_2020_12,
       is_valid(schema, '{"$schema": "http://json-schema.org/draft-07/schema#", "$ref": "http://json-schema.org/draft-07/schema#"}') AS of_07
  FROM (VALUES ('{"minLength": 1}'::jsonb), ('{"minLength": -1}'), ('true'), ('"string"'), ('{"not": {"type": "whole"}}'),
               ('{"items": [true]}'), ('{"prefixItems": {}}'), ('{"$defs": {"a": {"required": "b"}}}'),
               ('{"definitions": {"a": {"required": "b"}}}'), ('{"pattern": "("}'), ('{"$anchor": "9"}')) AS schemas (schema);
SELECT * FROM validation_errors('{"properties": {"a": {"maximum": "9"}}, "type": "whole"}',
  '{"$ref": "https://json-schema.org/draft/2020-12/schema"}');

-- Parts of them, from either draft, and what extends them by their dynamic anchor.
SELECT is_valid('-1', '{"$ref": "https://json-schema.org/draft/2020-12/meta/validation#/$defs/nonNegativeInteger"}') AS pointer,
       is_valid('{"title": 1}', '{"$ref": "https://json-schema.org/draft/2020-12/meta/meta-data#meta"}') AS anchor,
       is_valid('{"items": [{"type": "x"}]}', '{"$ref": "http://json-schema.org/draft-07/schema#"}') AS draft_07;
SELECT instance, is_valid(instance, '{"$id": "https://example.com/strict", "$dynamicAnchor": "meta",
    "$ref": "https://json-schema.org/draft/2020-12/schema",
    "properties": {"description": true}, "if": {"type": "object"}, "then": {"required": ["description"]}}') AS strict
  FROM (VALUES ('{"description": "a"}'::jsonb), ('{}'),
               ('{"description": "a", "properties": {"b": {"description": "c"}}}'),
               ('{"description": "a", "properties": {"b": {}}}')) AS instances (instance);
SELECT '{"$ref": "https://json-schema.org/draft/2020-12/meta/validation#/$defs/none"}'::json_schema;
SELECT '{"$ref": "https://json-schema.org/draft/2019-09/schema"}'::json_schema;

-- Every stored schema reads back as it was; the published ones stay inside.
CREATE TEMP TABLE kept (schema json_schema);
INSERT INTO kept VALUES ('{"$ref": "https://json-schema.org/draft/2020-12/schema"}');
SELECT schema, is_valid('{"type": 1}', schema) FROM kept;

-- A part of the document with its own $id may be in another draft.
SELECT instance, is_valid(instance, '{"$defs": {"old": {"$id": "urn:old", "$schema": "http://json-schema.org/draft-07/schema#",
    "items": [{"type": "integer"}], "additionalItems": false}}, "properties": {"a": {"$ref": "urn:old"}},
    "prefixItems": [{"type": "string"}]}') AS valid
  FROM (VALUES ('{"a": [1]}'::jsonb), ('{"a": ["b"]}'), ('{"a": [1, 2]}'), ('["c"]'), ('[1]')) AS instances (instance);
SELECT * FROM validation_errors('[1, 2]', '{"$defs": {"old": {"$id": "urn:old", "$schema": "http://json-schema.org/draft-07/schema#",
    "items": [true], "additionalItems": false}}, "$ref": "urn:old"}');
SELECT '{"properties": {"a": {"$schema": "http://json-schema.org/draft-07/schema#"}}}'::json_schema;
SELECT '{"properties": {"a": {"$schema": "https://json-schema.org/draft/2020-12/schema"}}}'::json_schema IS NOT NULL AS same;
SELECT '{"$schema": "https://json-schema.org/draft/2019-09/schema"}'::json_schema;
SELECT '{"$schema": 7}'::json_schema;

-- Not every $id begins a resource: not one that is only a fragment, and in draft-07 none beside $ref.
SELECT '{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {"$id": "#",
    "$schema": "https://json-schema.org/draft/2020-12/schema", "items": [{"type": "string"}]}}}'::json_schema;
SELECT '{"$defs": {"a": {"$id": "urn:a", "$schema": "http://json-schema.org/draft-07/schema#", "$ref": "#", "items": [true]}}}'::json_schema;
SELECT '{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {"$id": "urn:a",
    "$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "#/prefixItems/0", "prefixItems": [true]}}}'::json_schema IS NOT NULL AS modern;

-- `dependencies` of draft-07 stays in 2020-12.
SELECT * FROM validation_errors('{"a": 1}', '{"dependencies": {"a": ["b"]}, "dependentRequired": {"a": ["c"]}}');

-- A metaschema of one's own, with its vocabularies.
SELECT instance, is_valid(instance, '{"$schema": "urn:meta", "$defs": {"meta": {"$id": "urn:meta",
    "$schema": "https://json-schema.org/draft/2020-12/schema", "$vocabulary": {
      "https://json-schema.org/draft/2020-12/vocab/core": true,
      "https://json-schema.org/draft/2020-12/vocab/applicator": true, "urn:other": false}}},
    "properties": {"a": {"type": "integer"}, "b": false}}') AS valid
  FROM (VALUES ('{"a": "no integer"}'::jsonb), ('{"b": 1}')) AS instances (instance);
SELECT '{"$schema": "urn:meta", "$defs": {"meta": {"$id": "urn:meta", "$vocabulary": {"urn:other": true}}}}'::json_schema;
SELECT '{"$schema": "urn:meta", "$defs": {"meta": {"$id": "urn:meta"}}}'::json_schema;
SELECT '{"$schema": "urn:meta", "$defs": {"meta": {"$id": "urn:else"}}}'::json_schema;
SELECT '{"$vocabulary": {"urn:other": 1}}'::json_schema;
SELECT '{"$vocabulary": []}'::json_schema;

-- The vocabulary of formats: asserted or not, where drafts decide.
SELECT vocabulary, jsonb_matches_schema(format('{"$schema": "urn:meta", "$defs": {"meta": {"$id": "urn:meta", "$vocabulary": {
      "https://json-schema.org/draft/2020-12/vocab/core": true,
      "https://json-schema.org/draft/2020-12/vocab/%s": false}}}, "format": "ipv4"}', vocabulary)::json, '"nowhere"') AS matches
  FROM (VALUES ('format-assertion'), ('format-annotation')) AS vocabularies (vocabulary);
