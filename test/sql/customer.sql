-- Customers: create, ensure, find, update, archive; and the guard on the table.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
RESET client_min_messages;
SELECT customers.use_merchant(customers.create_merchant('Customers'));
SELECT customers.define_context_field('email', '{"type": "string", "format": "email"}', 'create');
SELECT customers.define_context_field('age', '{"type": "integer", "minimum": 18}');
SELECT customers.define_context_field('address', '{"type": "object", "properties": {"city": {"type": "string"}}}');
SELECT customers.define_context_field('country', '{"type": "string"}', 'commit');

-- Create.
SELECT customers.create_customer('ana', '{"email": "ana@example.com", "age": 30}') AS ana \gset
SELECT customers.create_customer('ana', '{"email": "ana@example.com"}');
SELECT customers.create_customer('', '{"email": "ana@example.com"}');
SELECT customers.create_customer(repeat('é', 255), '{"email": "long@example.com"}') IS NOT NULL AS created;
SELECT customers.create_customer(repeat('é', 256), '{"email": "long@example.com"}');
SELECT customers.create_customer(context => '{"email": "anonymous@example.com"}') IS NOT NULL AS created;
SELECT customers.create_customer(context => '{"email": "anonymous@example.com"}') IS NOT NULL AS created_again;
SELECT customers.create_customer('ben');
SELECT customers.create_customer('ben', '{"email": "no address", "age": 17, "height": 180}');
SELECT customers.create_customer('ben', '["email"]');
SELECT customers.create_customer('ben', NULL);
SELECT reference, context, schema_version, version, payments_allowed, payouts_allowed, archived_at
  FROM customers.customer WHERE customer_id = :'ana';

-- Ids increase within a backend, also within one millisecond.
SELECT bool_and(previous < id) AS increasing, count(DISTINCT id)
  FROM (SELECT id, lag(id) OVER (ORDER BY n) AS previous
          FROM (SELECT n, customers.create_customer(context => '{"email": "n@example.com"}') AS id
                  FROM generate_series(1, 3000) AS n) AS made) AS pairs;

-- Idempotency: the same call gives the same result, another is refused.
SELECT customers.create_customer('carla', '{"email": "carla@example.com"}', idempotency_key => 'k1') AS carla \gset
SELECT customers.create_customer('carla', '{"email": "carla@example.com"}', idempotency_key => 'k1') = :'carla' AS same;
SELECT customers.create_customer('carla', '{"email": "other@example.com"}', idempotency_key => 'k1');
SELECT customers.create_customer('carlo', '{"email": "other@example.com"}', idempotency_key => 'k1');
SELECT customers.create_customer('carlo', '{"email": "other@example.com"}', idempotency_key => '');
SELECT customers.create_customer('carlo', '{"email": "other@example.com"}', idempotency_key => repeat('k', 256));

-- Ensure.
SELECT created FROM customers.ensure_customer('dora', '{"email": "dora@example.com"}');
SELECT created, customer = customers.find_customer('dora') AS same FROM customers.ensure_customer('dora');
SELECT * FROM customers.ensure_customer('eve');
SELECT * FROM customers.ensure_customer(NULL);

-- Find.
SELECT customers.find_customer('ana') = :'ana' AS found;
SELECT customers.find_customer('nobody') IS NULL AS not_found;
-- It reads in the snapshot of the query, as other STABLE functions do.
SELECT (customers.ensure_customer('elsa', '{"email": "elsa@example.com"}')).created, customers.find_customer('elsa') IS NULL AS not_yet;

-- Update: a merge patch.
SELECT customers.update_customer(:'ana', '{"age": 31, "address": {"city": "Lyon", "zip": "69001"}}');
SELECT customers.update_customer(:'ana', '{"address": {"zip": null}}');
SELECT context, version FROM customers.customer WHERE customer_id = :'ana';
SELECT customers.update_customer(:'ana', '{"age": 31}') AS unchanged;
SELECT customers.update_customer(:'ana', '{"age": null}', 3);
SELECT customers.update_customer(:'ana', '{"age": 17}');
SELECT customers.update_customer(:'ana', '{"email": null}');
SELECT customers.update_customer(:'ana', '{"height": 180}');
SELECT customers.update_customer(:'ana', '[]');
SELECT customers.update_customer('cus_00000000000000000000000000', '{}');
DO $$
DECLARE
  message text; detail text; hint text; state text;
BEGIN
  PERFORM customers.update_customer(customers.find_customer('ana'), '{"age": 40}', 1);
EXCEPTION WHEN serialization_failure THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, state = RETURNED_SQLSTATE;
  RAISE NOTICE '% % %', state, detail, hint;
END
$$;

-- A rule that came later locks nobody out of an unrelated update.
SELECT customers.define_context_field('phone', '{"type": "string"}', 'create');
SELECT customers.define_context_field('age', '{"type": "integer", "minimum": 21}');
SELECT customers.update_customer(customers.find_customer('dora'), '{"country": "FR"}');
SELECT customers.create_customer('fay', '{"email": "fay@example.com", "age": 20}');
SELECT customers.missing_fields(customers.find_customer('dora')), customers.missing_fields(:'ana');

-- Archive; repeating it changes nothing.
SELECT customers.archive_customer(:'ana');
SELECT archived_at IS NOT NULL AS archived, version FROM customers.customer WHERE customer_id = :'ana';
SELECT customers.archive_customer(:'ana');
SELECT archived_at IS NOT NULL AS archived, version FROM customers.customer WHERE customer_id = :'ana';
SELECT customers.unarchive_customer(:'ana'), customers.allow_payments(:'ana', false), customers.allow_payouts(:'ana', false);
SELECT archived_at, payments_allowed, payouts_allowed, version FROM customers.customer WHERE customer_id = :'ana';
SELECT customers.archive_customer('cus_00000000000000000000000000');

-- The guard holds for a superuser's statements too.
UPDATE customers.customer SET context = '{"email": 1}' WHERE customer_id = :'ana';
UPDATE customers.customer SET context = context - 'email' WHERE customer_id = :'ana';
UPDATE customers.customer SET reference = 'other' WHERE customer_id = :'ana';
UPDATE customers.customer SET customer_id = 'cus_00000000000000000000000000' WHERE customer_id = :'ana';
UPDATE customers.customer SET context = context || '{"country": "ES"}' WHERE customer_id = :'ana' RETURNING context;
INSERT INTO customers.customer (merchant_id, customer_id, context, created_at, updated_at)
SELECT merchant_id, 'cus_00000000000000000000000001', '{}', now(), now()
  FROM customers.customer WHERE customer_id = :'ana';

-- NULL is no customer: nothing passes for done that was not.
SELECT customers.allow_payments(customers.find_customer('nobody'), false);
SELECT customers.allow_payments(:'ana', NULL);
SELECT customers.archive_customer(NULL);
SELECT customers.set_metadata(NULL, '{}');
SELECT customers.import_customers(NULL);
SELECT customers.retire_context_field(NULL);
SELECT customers.drop_list(NULL);
SELECT customers.bind_role(NULL, customers.current_merchant());
