-- Customers who fall short of the schema in force, and the version that a row has.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
RESET client_min_messages;
SELECT customers.use_merchant(customers.create_merchant('Conform'));
CREATE FUNCTION pg_temp.short(key text = NULL, stage text = 'create') RETURNS text LANGUAGE sql AS
  $$SELECT string_agg(reference, ', ' ORDER BY reference) FROM customers.customer
     WHERE customer_id IN (SELECT customers.nonconforming_customers(key, stage))$$;
CREATE TEMP VIEW customer AS
  SELECT reference, schema_version, context FROM customers.customer WHERE merchant_id = customers.current_merchant() ORDER BY reference;

-- Without a field nobody falls short.
SELECT customers.create_customer('none') IS NOT NULL AS created;
SELECT pg_temp.short();
SELECT customers.define_context_field('age', '{"type": "integer"}'), customers.define_context_field('email', '{"type": "string"}'),
       customers.define_context_field('fax', '{"type": "string"}');
SELECT customers.create_customer('ana', '{"age": 17, "email": "a"}') AS ana \gset
SELECT customers.create_customer('ben', '{"age": 30}') AS ben \gset
SELECT customers.create_customer('chloe', '{"fax": "1"}') AS chloe \gset
SELECT pg_temp.short();

-- How many would fall short: define, count, roll back.
BEGIN;
SELECT customers.define_context_field('age', '{"type": "integer", "minimum": 18}');
SELECT count(*) FROM customers.nonconforming_customers('age');
ROLLBACK;
SELECT pg_temp.short();

-- Narrower, required at create, required at commit, retired.
SELECT customers.define_context_field('age', '{"type": "integer", "minimum": 18}');
SELECT pg_temp.short(), pg_temp.short('age') AS age, pg_temp.short('email') AS email;
SELECT customers.define_context_field('email', '{"type": "string"}', 'create');
SELECT pg_temp.short(), pg_temp.short('age') AS age, pg_temp.short('email') AS email;
SELECT pg_temp.short(NULL, 'optional') AS optional, pg_temp.short('email', 'optional') AS email;
SELECT customers.define_context_field('phone', '{"type": "string"}', 'commit');
SELECT pg_temp.short(NULL, 'commit') AS commit, pg_temp.short('phone', 'commit') AS phone, pg_temp.short('phone') AS at_create;
SELECT customers.retire_context_field('fax');
SELECT pg_temp.short(), pg_temp.short('fax') AS fax;
SELECT pg_temp.short('unknown');
SELECT pg_temp.short(NULL, 'later');
SELECT pg_temp.short(NULL, NULL);
SELECT * FROM customer;

-- Who conforms gets the version in force, who doesn't keeps the old one and can still be changed.
SELECT customers.update_customer(:'ana', '{"phone": "1"}'), customers.update_customer(:'ben', '{"phone": "1"}'),
       customers.update_customer(:'chloe', '{"email": "c"}');
SELECT * FROM customer;
SELECT pg_temp.short(), pg_temp.short(NULL, 'commit') AS commit;
SELECT customers.update_customer(:'ben', '{"email": "b"}');
SELECT customers.update_customer(:'ana', '{"age": 18}');
SELECT * FROM customer;
SELECT pg_temp.short();

-- The value of a retired field stays, and can be removed; it can't be set again.
SELECT customers.update_customer(:'chloe', '{"fax": "2"}');
SELECT customers.update_customer(:'ben', '{"fax": "2"}');
SELECT customers.update_customer(:'chloe', '{"age": 40}');
SELECT customers.update_customer(:'chloe', '{"fax": null}');
SELECT customers.update_customer(:'chloe', '{"fax": "1"}');
SELECT * FROM customers.check_context('{"email": "x", "fax": "1"}');
SELECT customers.create_customer('dora', '{"email": "x", "fax": "1"}');

-- Rules count too, but not for one field.
SELECT customers.set_context_rules('{"properties": {"email": {"pattern": "^[abc]$"}}, "required": ["age"]}');
SELECT customers.create_customer('dora', '{"email": "a", "age": 50}') IS NOT NULL AS created;
SELECT customers.set_context_rules('{"properties": {"email": {"pattern": "^[bc]$"}}, "required": ["age"]}');
SELECT pg_temp.short(), pg_temp.short('email') AS email;
SELECT customers.set_context_rules(NULL);

-- Archived customers count, erased ones don't.
SELECT customers.define_context_field('name', '{"type": "string"}', 'create');
SELECT customers.archive_customer(:'ana'), customers.erase_customer(:'ben');
SELECT pg_temp.short();

-- Of another statement the guard sees to the version; nobody sets it.
UPDATE customers.customer SET schema_version = 9 WHERE customer_id = :'ana';
UPDATE customers.customer SET schema_version = 9, context = context || '{"age": 21}' WHERE customer_id = :'ana';
SELECT * FROM customer WHERE reference = 'ana';
UPDATE customers.customer SET context = context || '{"name": "Ana"}' WHERE customer_id = :'ana';
INSERT INTO customers.customer (merchant_id, customer_id, reference, context, created_at, updated_at)
SELECT merchant_id, 'cus_00000000000000000000000001', 'emil', '{"email": "e", "name": "Emil"}', now(), now()
  FROM customers.customer WHERE customer_id = :'ana';
SELECT reference, schema_version, (SELECT max(version) FROM customers.context_schema WHERE merchant_id = c.merchant_id) AS in_force
  FROM customers.customer c WHERE reference IN ('ana', 'emil') AND merchant_id = customers.current_merchant() ORDER BY 1;
SELECT pg_temp.short();

-- Another merchant has its own.
SELECT customers.use_merchant(customers.create_merchant('Conform too'));
SELECT pg_temp.short();
SELECT pg_temp.short('age');
