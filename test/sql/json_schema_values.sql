-- JSON Schema: types, enum, const, strings and numbers.
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

SELECT * FROM pg_temp.check_all('{"type": "null"}', 'null', 'false', '0', '""', '[]', '{}');
SELECT * FROM pg_temp.check_all('{"type": "boolean"}', 'null', 'false', '0');
SELECT * FROM pg_temp.check_all('{"type": "integer"}', '1', '1.0', '1e3', '-0', '1.5', '1e-3', '"1"', '12345678901234567890123.0', '0.00001');
SELECT * FROM pg_temp.check_all('{"type": "number"}', '1', '1.5', '"1"');
SELECT * FROM pg_temp.check_all('{"type": "string"}', '"a"', '1');
SELECT * FROM pg_temp.check_all('{"type": "array"}', '[1]', '{}');
SELECT * FROM pg_temp.check_all('{"type": "object"}', '{"a": 1}', '[]');
SELECT * FROM pg_temp.check_all('{"type": ["integer", "null"]}', '1', 'null', '1.5', '"1"');

-- Boolean schemas.
SELECT * FROM pg_temp.check_all('true', '1', '{}');
SELECT * FROM pg_temp.check_all('false', '1', '{}');

-- enum and const: mathematical equality, any order of members.
SELECT * FROM pg_temp.check_all('{"enum": ["b", 1, null, {"a": 1, "bb": [2]}, [], "a", true]}',
  '"a"', '"b"', '"c"', '1.0', '2', 'null', 'true', 'false', '{"bb": [2.0], "a": 1}', '{"a": 1}', '[]', '[0]', '"ab"', '""');
SELECT * FROM pg_temp.check_all('{"enum": []}', '1', 'null');
SELECT * FROM pg_temp.check_all('{"const": {"a": [1, null]}}', '{"a": [1.0, null]}', '{"a": [1]}', 'null');
SELECT * FROM pg_temp.check_all('{"const": ""}', '""', '"a"');
SELECT * FROM pg_temp.check_all('{"const": false}', 'false', '0', 'true');

-- Lengths count characters.
SELECT * FROM pg_temp.check_all('{"minLength": 2}', '"ab"', '"Zë"', '"ë"', '"💩"', '""', '1');
SELECT * FROM pg_temp.check_all('{"maxLength": 2}', '"ab"', '"Zë"', '"💩💩"', '"abc"', '"💩💩💩"', '[1, 2, 3]');
SELECT * FROM pg_temp.check_all('{"maxLength": 2.0, "minLength": 1e0}', '"ab"', '"abc"', '""');
SELECT * FROM pg_temp.check_all('{"maxLength": 1e30}', '"abc"');
SELECT * FROM pg_temp.check_all('{"minLength": 1e30}', '"abc"');

-- Patterns search, and mean what ECMA-262 says.
SELECT * FROM pg_temp.check_all('{"pattern": "b+"}', '"abc"', '"ac"', '1');
SELECT * FROM pg_temp.check_all('{"pattern": "^b$"}', '"b"', '"b\n"', '"a\nb"', '"bb"');
SELECT * FROM pg_temp.check_all('{"pattern": "^\\d$"}', '"7"', '"٣"');
SELECT * FROM pg_temp.check_all('{"pattern": "^\\w$"}', '"a"', '"_"', '"é"');
SELECT * FROM pg_temp.check_all('{"pattern": "^\\s$"}', '" "', '"\u00a0"', '"a"');
-- (How wide psql takes this character to be depends on its version.)
SELECT verdict FROM pg_temp.check_all('{"pattern": "^\\s$"}', '"\ufeff"');
SELECT * FROM pg_temp.check_all('{"pattern": "^[^\\S]$"}', '" "', '"\u2003"', '"a"');
SELECT * FROM pg_temp.check_all('{"pattern": "^.$"}', '"a"', '"💩"', '"\n"', '"\u2028"', '"ab"');
SELECT * FROM pg_temp.check_all('{"pattern": "^[[:a]$"}', '"["', '":"', '"b"');
SELECT * FROM pg_temp.check_all('{"pattern": "^[:alpha:]$"}', '":"', '"h"', '"b"');
SELECT * FROM pg_temp.check_all('{"pattern": "^[.-=]$"}', '"."', '"="', '"-"');
SELECT * FROM pg_temp.check_all('{"pattern": "^[^=a=]$"}', '"b"', '"="', '"a"');
SELECT * FROM pg_temp.check_all('{"pattern": "^\\u0061\\u{1F4A9}\\ud83d\\udca9\\x62\\cA$"}', '"a💩💩b\u0001"', '"a"');
SELECT * FROM pg_temp.check_all('{"pattern": "^\\p{Letter}\\p{Lu}\\p{Script=Greek}$"}', '"éÉλ"', '"1Éλ"');
SELECT * FROM pg_temp.check_all('{"pattern": "^(?<x>a)?\\k<x>b{2}{$"}', '"bb{"', '"aabb{"', '"abb{"');
SELECT * FROM pg_temp.check_all('{"pattern": "[]"}', '"a"', '""');
SELECT * FROM pg_temp.check_all('{"pattern": "^[^]$"}', '"\n"', '""');
SELECT * FROM pg_temp.check_all('{"pattern": "^\\$\\.\\-\\/$"}', '"$.-/"', '"$"');
SELECT * FROM pg_temp.check_all('{"pattern": ""}', '""', '"a"');

-- Bounds are exact.
SELECT * FROM pg_temp.check_all('{"minimum": 1.5}', '1.5', '1.50', '1.4999999999999999999999', '2', '-2', '0', '"a"');
SELECT * FROM pg_temp.check_all('{"maximum": -1.5}', '-1.5', '-1.4999999999999999999999', '-2', '0', '1e10');
SELECT * FROM pg_temp.check_all('{"exclusiveMinimum": 0}', '0', '0.0', '1e-20', '-1e-20');
SELECT * FROM pg_temp.check_all('{"exclusiveMaximum": 10000}', '9999.9', '10000', '10000.0001', '100000000');
SELECT * FROM pg_temp.check_all('{"minimum": 9007199254740993}', '9007199254740992', '9007199254740993', '18446744073709551616');
SELECT * FROM pg_temp.check_all('{"multipleOf": 0.01}', '19.99', '0', '-0.07', '1e300', '19.991', '0.001');
SELECT * FROM pg_temp.check_all('{"multipleOf": 3}', '9', '9.0', '-3', '10', '0.3', '30000000000000000000000003', '30000000000000000000000004');
SELECT * FROM pg_temp.check_all('{"multipleOf": 10000}', '100000000', '12345', '1e20');
SELECT * FROM pg_temp.check_all('{"multipleOf": 922337203689999}', '922337203689999', '92233720368999800000000', '92233720368999900000000', '922337203689998');
SELECT * FROM pg_temp.check_all('{"multipleOf": 1.2345678901234567890123}', '2.4691357802469135780246', '2.4691357802469135780247');

-- Annotations, and keywords of other types, do not assert.
SELECT * FROM pg_temp.check_all('{"title": "t", "description": "d", "default": 1, "examples": [1], "$comment": "c",
  "deprecated": true, "readOnly": true, "writeOnly": false, "contentEncoding": "base64", "contentMediaType": "text/plain",
  "x-own": {"type": 1}, "minLength": 2, "minItems": 2, "required": ["a"]}', '1', 'null');
