-- The functions of extension pg_jsonschema, by their own names.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
RESET client_min_messages;
SET search_path = customers;

SELECT json_matches_schema('{"type": "object"}', '{}') AS matches,
       json_matches_schema('{"type": "object"}', '1') AS does_not,
       jsonb_matches_schema('{"maxLength": 4}', '"1234"') AS matches_b,
       jsonb_matches_schema('{"maxLength": 4}', '"12345"') AS does_not_b,
       json_matches_schema(NULL, '{}') IS NULL AND jsonb_matches_schema('{}', NULL) IS NULL AS nulls;

-- In a CHECK, as its documentation shows.
CREATE TEMP TABLE customer (
  metadata json CHECK (json_matches_schema(
    '{"type": "object", "properties": {"tags": {"type": "array", "items": {"type": "string", "maxLength": 16}}}}', metadata))
);
INSERT INTO customer VALUES ('{"tags": ["vip", "darkmode-ui"]}');
INSERT INTO customer VALUES ('{"tags": [1, 3]}');

-- Formats are what the draft says: an annotation in 2020-12, an assertion in draft-07.
SELECT jsonb_matches_schema('{"format": "ipv4"}', '"nowhere"') AS annotation,
       jsonb_matches_schema('{"$schema": "http://json-schema.org/draft-07/schema#", "format": "ipv4"}', '"nowhere"') AS assertion,
       is_valid('"nowhere"', '{"format": "ipv4"}') AS is_valid;

-- A schema that is none is false and a notice, or an error where it is used.
SELECT jsonschema_is_valid('{"type": "integer"}') AS valid,
       jsonschema_is_valid('{"type": "whole"}') AS invalid,
       jsonschema_is_valid('true') AS always,
       jsonschema_is_valid('7') AS number;
SELECT json_matches_schema('{"type": "whole"}', '{}');
SELECT jsonb_matches_schema('{"pattern": "("}', '{}');

-- Errors as texts, never with a value of the document.
SELECT unnest(jsonschema_validation_errors('{"maxLength": 4}', '"123456789"')) AS errors;
SELECT unnest(jsonschema_validation_errors(
  '{"required": ["a"], "properties": {"b": {"type": "integer"}, "c/d": {"enum": [1]}}}', '{"b": "x", "c/d": 2}')) AS errors;
SELECT jsonschema_validation_errors('{"maxLength": 4}', '"1234"') AS none,
       jsonschema_validation_errors('{"type": "whole"}', '1') AS of_the_schema;

-- One call site with many schemas, each row its own: the last one kept is never taken for another.
SELECT n, json_matches_schema(schema, '5') AS matches
  FROM (VALUES (1, '{"minimum": 1}'::json), (2, '{"minimum": 9}'), (3, '{"minimum": 9}'), (4, '{"minimum": 1}'),
               (5, '{"minimum":  9}'), (6, 'true'), (7, 'false')) AS sites (n, schema) ORDER BY n;
SELECT n, jsonschema_is_valid(schema)
  FROM (VALUES (1, '{"minimum": 1}'::json), (2, '{"minimum": "1"}'), (3, '{"minimum": 1}')) AS sites (n, schema) ORDER BY n;

-- A fault after a good schema leaves the good one in place.
DO $$
DECLARE
  schema json;
BEGIN
  FOREACH schema IN ARRAY ARRAY['{"type": "integer"}', '{"type": 1}', '{"type": "integer"}']::json[] LOOP
    BEGIN
      RAISE NOTICE '%', json_matches_schema(schema, '1');
    EXCEPTION WHEN invalid_parameter_value THEN
      RAISE NOTICE '%', sqlerrm;
    END;
  END LOOP;
END
$$;

-- What jsonb cannot hold, cannot be checked.
SELECT json_matches_schema('{}', '"\u0000"');
