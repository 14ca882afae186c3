-- Rules of the context as a whole, beside the fields.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
RESET client_min_messages;
SELECT customers.use_merchant(customers.create_merchant('Rules'));
SELECT customers.define_context_field('country', '{"type": "string"}'), customers.define_context_field('state', '{"type": "string"}'),
       customers.define_context_field('age', '{"type": "integer"}'), customers.define_context_field('address', '{"type": "object"}');
CREATE TEMP VIEW version AS SELECT max(version) FROM customers.context_schema WHERE merchant_id = customers.current_merchant();

-- Without rules anything goes that the fields accept.
SELECT customers.create_customer('before', '{"country": "US"}') IS NOT NULL AS created;

-- A fault is told by its place in the rules, and nothing happens.
SELECT customers.set_context_rules('{"if": {"properties": {"country": {"const": "US"}}}, "then": {"required": "state"}}');
SELECT customers.set_context_rules('7');
SELECT customers.set_context_rules('{"$ref": "#/$defs/nowhere"}');
TABLE version;

-- Rules make a version of the schema; the same rules make none, and fields carry them over.
SELECT customers.set_context_rules('{"if": {"properties": {"country": {"const": "US"}}, "required": ["country"]}, "then": {"required": ["state"]}}');
TABLE version;
SELECT customers.set_context_rules('{"if": {"required": ["country"], "properties": {"country": {"const": "US"}}}, "then": {"required": ["state"]}}');
TABLE version;
SELECT customers.define_context_field('phone', '{"type": "string"}');
TABLE version;
SELECT customers.context_schema() -> 'allOf' AS rules;

-- What passes and what doesn't.
SELECT customers.create_customer('ana', '{"country": "US", "state": "NY"}') AS ana \gset
SELECT customers.create_customer('ben', '{"country": "FR"}') AS ben \gset
SELECT customers.create_customer('chloe', '{"country": "US"}');
SELECT * FROM customers.ensure_customer('chloe', '{"country": "US"}');
SELECT ordinal, error FROM customers.import_customers(ARRAY['{"reference": "chloe", "context": {"country": "US"}}']::jsonb[]);
SELECT * FROM customers.check_context('{"country": "US", "age": "old"}');
SELECT * FROM customers.check_context('{"country": "US"}', 'optional');
SELECT customers.update_customer(:'ana', '{"state": null}');
SELECT customers.update_customer(:'ben', '{"country": "US"}');
SELECT customers.update_customer(:'ben', '{"country": "US", "state": "OR"}');
UPDATE customers.customer SET context = context - 'state' WHERE customer_id = :'ben';

-- Who fell short before may go on doing so, and change what the rules don't mind.
SELECT customers.update_customer(customers.find_customer('before'), '{"age": 7, "phone": "1"}') AS version;
SELECT customers.update_customer(customers.find_customer('before'), '{"state": "NY"}') AS version;
SELECT customers.update_customer(customers.find_customer('before'), '{"state": null}') AS version;

-- Rules become narrower: a violation within a member counts when the member is written.
SELECT customers.update_customer(:'ana', '{"address": {"zip": "1", "city": "Lyon"}}') AS version;
SELECT customers.set_context_rules('{"properties": {"address": {"properties": {"zip": {"minLength": 5}}}, "age": {"maximum": 150}}}');
SELECT customers.update_customer(:'ana', '{"age": 44}') AS version;
SELECT customers.update_customer(:'ana', '{"address": {"city": "Paris"}}') AS version;
SELECT customers.update_customer(:'ana', '{"age": 151}') AS version;
SELECT customers.update_customer(:'ana', '{"address": {"city": "Paris", "zip": "75001"}}') AS version;

-- However many there were before, one more is refused.
SELECT customers.set_context_rules('{"required": ["c", "a", "b"], "maxProperties": 1, "properties": {"address": false, "country": false}, "not": {"required": ["phone"]}}');
SELECT customers.update_customer(:'ana', '{"age": 45}') AS version;
SELECT customers.update_customer(:'ana', '{"phone": "1"}') AS version;
SELECT customers.update_customer(:'ana', '{"age": null}') AS version;

-- All violations are told, and a value never is; a key that is the beginning of another is another.
SELECT customers.set_context_rules('{"properties": {"age": {"maximum": 150}, "country": {"enum": ["FR", "US"]}}, "maxProperties": 3, "not": {"required": ["phone", "state"]}}');
SELECT customers.create_customer('dora', '{"age": 200, "country": "secret", "phone": "secret", "state": "secret"}');

-- What the rules refer to is within the rules.
SELECT customers.set_context_rules('{"properties": {"address": {"$ref": "#/$defs/tree"}}, "$defs": {"tree": {"additionalProperties": {"$ref": "#/$defs/tree"}, "type": ["object", "string"]}}}');
SELECT customers.context_schema() #> '{allOf,0,$id}' AS id;
SELECT * FROM customers.check_context('{"address": {"a": {"b": 1}}}');
SELECT customers.is_valid('{"address": {"a": {"b": 1}}}', customers.context_schema()::customers.json_schema) AS refused,
       customers.is_valid('{"address": {"a": {"b": "1"}}}', customers.context_schema()::customers.json_schema) AS accepted;

-- They may be of another dialect than the fields, and all of it stays one schema.
SELECT customers.set_context_rules('{"$schema": "http://json-schema.org/draft-07/schema#", "dependencies": {"address": ["country"]}}');
SELECT * FROM customers.check_context('{"address": {}}');
SELECT customers.is_valid('{"address": {}}', customers.context_schema()::customers.json_schema) AS refused,
       customers.is_valid('{"address": {}, "country": "FR"}', customers.context_schema()::customers.json_schema) AS accepted;

-- A card number in a name hides what the rules would say of it.
SELECT customers.set_context_rules('{"additionalProperties": false}');
SELECT * FROM customers.check_context('{"4242424242424242": 1}');

-- None again, and none twice.
SELECT customers.set_context_rules(NULL);
TABLE version;
SELECT customers.set_context_rules(NULL);
TABLE version;
SELECT customers.context_schema() -> 'allOf' AS rules;
SELECT customers.create_customer('chloe', '{"country": "US"}') IS NOT NULL AS created;
-- Versions that had rules keep them.
SELECT version, rules::jsonb ? 'maxProperties' AS limited FROM customers.context_schema
 WHERE merchant_id = customers.current_merchant() AND rules IS NOT NULL ORDER BY version;
