-- Context fields: definitions, the schema they make, and checks against it.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
RESET client_min_messages;
SELECT customers.use_merchant(customers.create_merchant('Context'));

-- Without a field only the empty context is valid.
SELECT customers.context_schema();
SELECT * FROM customers.check_context('{}');
SELECT * FROM customers.check_context('{"email": 1}');

SELECT customers.define_context_field('email', '{"type": "string", "format": "email"}', 'create', label => 'E-mail');
SELECT customers.define_context_field('country', '{"type": "string", "pattern": "^[A-Z]{2}$"}', 'commit');
SELECT customers.define_context_field('score', '{"type": "integer", "minimum": 0, "maximum": 100}', "position" => 1);
SELECT customers.context_schema();
SELECT key, stage, label, position FROM customers.context_field
 WHERE merchant_id = customers.current_merchant() ORDER BY position, key;

-- The same definition makes no new version; another does.
SELECT max(version) FROM customers.context_schema WHERE merchant_id = customers.current_merchant();
SELECT customers.define_context_field('email', '{"type": "string", "format": "email"}', 'create', label => 'E-mail');
SELECT max(version) FROM customers.context_schema WHERE merchant_id = customers.current_merchant();
SELECT customers.define_context_field('email', '{"type": "string", "format": "email", "maxLength": 100}', 'create');
SELECT max(version) FROM customers.context_schema WHERE merchant_id = customers.current_merchant();
UPDATE customers.context_schema SET version = 100;
DELETE FROM customers.context_schema;
TRUNCATE customers.context_schema;

-- What is refused at definition.
SELECT customers.define_context_field('Email', '{}');
SELECT customers.define_context_field('', '{}');
SELECT customers.define_context_field(repeat('k', 65), '{}');
SELECT customers.define_context_field('level', '{}', 'checkout');
SELECT customers.define_context_field('level', '{}', "position" => 0);
SELECT customers.define_context_field('level', NULL);
SELECT customers.define_context_field('level', '{"type": "number", "minimum": "low"}');
SELECT customers.define_context_field('level', '{"pattern": "("}');
SELECT customers.define_context_field('level', '7');

-- What is not refused: the longest key, and others that are said to be allowed.
BEGIN;
SELECT customers.define_context_field(repeat('k', 64), '{}', label => 'Long', "position" => 7), customers.define_context_field('a_1', 'true', 'commit');
SELECT label, position, stage FROM customers.context_field
 WHERE merchant_id = customers.current_merchant() AND (key ~ '^k+$' OR key = 'a_1') ORDER BY position;
SELECT customers.define_context_field('1_a', '{}');
ROLLBACK;

-- Checks: everything that is wrong, and nothing for a valid context.
SELECT * FROM customers.check_context('{"email": "ana@example.com"}');
SELECT * FROM customers.check_context('{"email": "ana@example.com"}', 'commit');
SELECT * FROM customers.check_context('{"email": "ana@example.com", "country": "FR", "score": 100}', 'commit');
SELECT * FROM customers.check_context('{"email": "ana", "country": "France", "score": 101, "height": 1}');
SELECT * FROM customers.check_context('{}', 'optional');
SELECT * FROM customers.check_context('[]');
SELECT * FROM customers.check_context('{}', 'later');

-- Card numbers are refused in any string, whatever the field's schema says.
SELECT customers.define_context_field('notes', '{"type": ["array", "string"]}');
SELECT * FROM customers.check_context('{"email": "ana@example.com", "notes": ["x", {"paid with": "4242 4242-4242 4242"}, "5555555555554444"]}');
SELECT * FROM customers.check_context('{"email": "ana@example.com", "notes": ["order 4242424242424241", "+33 6 12 34 56 78", "424242424242"]}');
SELECT * FROM customers.check_context('{"email": "ana@example.com", "4242424242424242": 1}');

-- A retired field can't be set any more; its values stay.
SELECT customers.create_customer('ana', '{"email": "ana@example.com", "score": 7}') AS ana \gset
SELECT customers.retire_context_field('score');
SELECT customers.retire_context_field('score');
SELECT customers.retire_context_field('unknown');
SELECT customers.update_customer(:'ana', '{"score": 8}');
SELECT customers.update_customer(:'ana', '{"country": "FR"}');
SELECT context FROM customers.customer WHERE customer_id = :'ana';
SELECT customers.define_context_field('score', '{"type": "integer"}');
SELECT customers.update_customer(:'ana', '{"score": 8}');

-- What a field's schema refers to is within the field.
BEGIN;
SELECT customers.define_context_field('tree', '{"type": "object", "additionalProperties": {"$ref": "#"}}');
SELECT customers.define_context_field('code', '{"$ref": "#/$defs/code", "$defs": {"code": {"$anchor": "code", "type": "string"}}}');
SELECT customers.define_context_field('codes', '{"type": "array", "items": {"$ref": "#code"}, "$defs": {"code": {"$anchor": "code", "type": "string"}}}');
SELECT instance_location, message FROM customers.check_context('{"email": "ana@example.com", "tree": {"a": {"b": {}}}, "code": "c", "codes": ["c"]}');
SELECT instance_location, message FROM customers.check_context('{"email": "ana@example.com", "tree": {"a": {"b": 1}}, "code": 1, "codes": [1]}');
ROLLBACK;

-- A field may be of another dialect than the others.
BEGIN;
SELECT customers.define_context_field('pair', '{"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}, {"type": "integer"}]}');
SELECT instance_location, message FROM customers.check_context('{"email": "ana@example.com", "pair": ["a", 1]}');
SELECT instance_location, message FROM customers.check_context('{"email": "ana@example.com", "pair": [1, "a"]}');
ROLLBACK;

-- A field of the last position leaves room for the next one.
BEGIN;
SELECT customers.define_context_field('last', '{}', "position" => 2147483647);
SELECT customers.define_context_field('after_last', '{}');
ROLLBACK;

-- Definitions that are rolled back are gone at once.
BEGIN;
SELECT customers.define_context_field('vip', '{"type": "boolean"}', 'create');
SELECT count(*) FROM customers.check_context('{"email": "ana@example.com"}');
ROLLBACK;
SELECT count(*) FROM customers.check_context('{"email": "ana@example.com"}');

-- At most 256 fields.
SELECT count(customers.define_context_field('field_' || n, '{}')) FROM generate_series(1, 252) AS n;
SELECT customers.define_context_field('one_too_many', '{}');

-- An error lists 20 violations and counts the rest.
SELECT customers.create_customer('many', (SELECT jsonb_object_agg('unknown_' || n, n) FROM generate_series(10, 40) AS n));
