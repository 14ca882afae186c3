-- JSON Schema: arrays and objects.
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

SELECT * FROM pg_temp.check_all('{"items": {"type": "integer"}}', '[]', '[1, 2]', '[1, "a", 2, null]', '"a"');
SELECT * FROM pg_temp.check_all('{"prefixItems": [{"type": "integer"}, {"type": "string"}], "items": false}', '[]', '[1]', '[1, "a"]', '["a", 1]', '[1, "a", true]');
SELECT * FROM pg_temp.check_all('{"minItems": 1, "maxItems": 2}', '[]', '[1]', '[1, 2]', '[1, 2, 3]', '{}');
SELECT * FROM pg_temp.check_all('{"uniqueItems": true}', '[]', '[1]', '[1, 2, "1", true, null, [1], {"a": 1}]', '[1, 1.0]', '[{"a": 1, "b": 2}, {"b": 2, "a": 1}]', '[[1], [1, 1], [1]]', '[0, false]');
SELECT * FROM pg_temp.check_all('{"uniqueItems": false}', '[1, 1]');
SELECT count(*) FILTER (WHERE is_valid(a, '{"uniqueItems": true}')) AS unique_without,
       count(*) FILTER (WHERE is_valid(a || '500', '{"uniqueItems": true}')) AS unique_with
  FROM (SELECT jsonb_agg(n * 7919 % 1000) FROM generate_series(1, 999) n) v(a);
SELECT * FROM pg_temp.check_all('{"contains": {"type": "integer"}}', '[]', '["a", 1]', '["a"]', '1');
SELECT * FROM pg_temp.check_all('{"contains": {"type": "integer"}, "minContains": 2, "maxContains": 3}', '[1]', '[1, 2]', '[1, "a", 2, 3]', '[1, 2, 3, 4]');
SELECT * FROM pg_temp.check_all('{"contains": {"type": "integer"}, "minContains": 0}', '[]', '["a"]');
SELECT * FROM pg_temp.check_all('{"prefixItems": [true], "contains": {"const": 2}, "unevaluatedItems": false}', '[1, 2, 2]', '[1, 2, 3]');

SELECT * FROM pg_temp.check_all('{"required": ["a", "bb"]}', '{"a": 1, "bb": 2}', '{"a": 1}', '{"c": 1}', '[]');
SELECT * FROM pg_temp.check_all('{"required": []}', '{}');
SELECT * FROM pg_temp.check_all('{"properties": {"a": {"type": "integer"}, "bb": false, "": {"type": "null"}}}', '{}', '{"a": 1}', '{"a": "1", "c": 2}', '{"bb": 1}', '{"": 1}');
SELECT * FROM pg_temp.check_all('{"properties": {"a": true}, "patternProperties": {"^x": {"type": "string"}, "y$": {"maxLength": 1}}, "additionalProperties": false}',
  '{"a": 1, "x": "s", "xy": "s"}', '{"x": 1}', '{"xy": "ss"}', '{"b": 1, "c": 2}');
SELECT * FROM pg_temp.check_all('{"additionalProperties": {"type": "integer"}}', '{"a": 1}', '{"a": "1"}');
SELECT * FROM pg_temp.check_all('{"propertyNames": {"pattern": "^[a-z]+$", "maxLength": 3}}', '{"abc": 1}', '{"abcd": 1, "A": 2}');
SELECT * FROM pg_temp.check_all('{"minProperties": 1, "maxProperties": 2}', '{}', '{"a": 1}', '{"a": 1, "b": 2, "c": 3}');
SELECT * FROM pg_temp.check_all('{"dependentRequired": {"card": ["name", "zip"]}}', '{}', '{"name": 1}', '{"card": 1}', '{"card": 1, "name": 2, "zip": 3}');
SELECT * FROM pg_temp.check_all('{"dependentSchemas": {"card": {"required": ["name"], "properties": {"card": {"type": "string"}}}}}', '{"name": 1}', '{"card": 1}', '{"card": "1", "name": 1}');

-- Names of all lengths, where a property of the schema sorts before, between and after those of the document.
SELECT count(*) FILTER (WHERE is_valid(document, schema)) AS valid, count(*) AS documents
  FROM (SELECT jsonb_build_object('required', jsonb_agg(repeat('k', n)), 'properties', jsonb_object_agg(repeat('k', n), '{"minimum": 0}'::jsonb),
               'additionalProperties', false)::json_schema
          FROM generate_series(1, 100) n) s(schema),
       LATERAL (SELECT jsonb_object_agg(repeat('k', n), n) FROM generate_series(1, 100) n
                UNION ALL
                SELECT jsonb_object_agg(repeat('k', n), n) FROM generate_series(1, 100) n, generate_series(1, 100) missing
                 WHERE n <> missing GROUP BY missing
                UNION ALL
                SELECT jsonb_object_agg(repeat('k', n), n) FROM generate_series(1, 101) n
                UNION ALL
                SELECT jsonb_object_agg(repeat('k', n), -n) FROM generate_series(1, 100) n) d(document);
