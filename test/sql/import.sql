-- import_customers: bad documents are reported, good ones kept.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
RESET client_min_messages;
SELECT customers.use_merchant(customers.create_merchant('Import'));
SELECT customers.define_context_field('email', '{"type": "string", "format": "email"}', 'create');
SELECT customers.define_context_field('age', '{"type": "integer", "minimum": 18}');

CREATE TEMP TABLE document AS SELECT * FROM (VALUES
  (1, '{"reference": "ana", "context": {"email": "ana@example.com"}}'::jsonb),
  (2, '{"reference": "ben", "context": {"email": "ben", "age": 17, "height": 1}}'),
  (3, '{"context": {"email": "nobody@example.com"}}'),
  (4, '{"reference": 4, "context": {"email": "four@example.com"}}'),
  (5, '{"reference": "", "context": {"email": "empty@example.com"}}'),
  (6, NULL),
  (7, '[]'),
  (8, '{"reference": "hal", "contxt": {}}'),
  (9, '{"reference": "ida"}'),
  (10, '{"reference": "jo", "context": ["email"]}'),
  (11, '{"reference": "kim", "context": {"email": "kim@example.com", "age": 18}, "metadata": null}'),
  (12, '{"reference": "ana", "context": {"email": "second@example.com"}}')) AS v (ordinal, document);

SELECT ordinal, customer IS NOT NULL AS kept, error
  FROM customers.import_customers(ARRAY(SELECT document FROM document ORDER BY ordinal));
SELECT reference, context FROM customers.customer WHERE merchant_id = customers.current_merchant() ORDER BY reference;

-- Repeated, it makes no duplicates and changes nothing.
SELECT count(customer), count(error)
  FROM customers.import_customers(ARRAY(SELECT document FROM document ORDER BY ordinal));
SELECT count(*), max(version) FROM customers.customer WHERE merchant_id = customers.current_merchant();

SELECT count(*) FROM customers.import_customers('{}');


-- Many at once.
SELECT count(customer), count(error), count(DISTINCT customer)
  FROM customers.import_customers(ARRAY(
    SELECT jsonb_build_object('reference', 'bulk-' || n, 'context', jsonb_build_object('email', n || '@example.com'))
      FROM generate_series(1, 5000) AS n));

-- All that is wrong with a document is reported, whatever it is.
SELECT ordinal, error FROM customers.import_customers(ARRAY[
  '{"reference": "", "context": {"email": "x", "age": 1}, "metadata": {"": "v"}, "more": 1, "still": 2}',
  '{"context": {"age": 1.5}, "metadata": [1]}',
  '{"reference": "meta", "context": {"email": "meta@example.com"}, "metadata": {"list": [1]}}']::jsonb[]);
SELECT error FROM customers.import_customers(ARRAY[
  jsonb_build_object('reference', repeat('r', 256), 'context', '{"email": "long@example.com"}'::jsonb)]);
SELECT error FROM customers.import_customers(ARRAY[
  jsonb_build_object('reference', repeat('é', 255), 'context', '{"email": "long@example.com"}'::jsonb)]);

-- Metadata: of new customers only, sealed; numbers and booleans as their text; null is none.
SELECT count(customer), count(error) FROM customers.import_customers(ARRAY[
  '{"reference": "m1", "context": {"email": "m1@example.com"}, "metadata": {"note": "first", "size": 42, "vip": true, "none": null}}',
  '{"reference": "m2", "context": {"email": "m2@example.com"}, "metadata": {"note": "second"}}',
  '{"reference": "m3", "context": {"email": "m3@example.com"}, "metadata": {}}',
  '{"reference": "m1", "context": {"email": "m1@example.com"}, "metadata": {"note": "another"}}']::jsonb[]);
SELECT reference, customers.metadata(customer_id) FROM customers.customer
 WHERE merchant_id = customers.current_merchant() AND reference LIKE 'm_' ORDER BY reference;
SELECT count(*) FROM customers.import_customers(ARRAY[
  '{"reference": "m1", "context": {"email": "m1@example.com"}, "metadata": {"note": "later"}}']::jsonb[]);
SELECT customers.get_metadata(customers.find_customer('m1'), 'note');
SELECT customers.define_metadata_key('crm', true);
SELECT count(customer) FROM customers.import_customers(ARRAY(
  SELECT jsonb_build_object('reference', 'crm-' || n, 'context', jsonb_build_object('email', n || '@example.com'),
                            'metadata', jsonb_build_object('crm', 'c' || n % 10))
    FROM generate_series(1, 100) AS n));
SELECT count(*) FROM customers.find_by_metadata('crm', 'c7');

-- What only the table refuses, such as a user's CHECK, costs the bad documents only.
ALTER TABLE customers.customer ADD CONSTRAINT not_seven CHECK (reference NOT LIKE '%-7%' OR reference NOT LIKE 'check-%');
SELECT ordinal, error FROM customers.import_customers(ARRAY(
  SELECT jsonb_build_object('reference', 'check-' || n, 'context', jsonb_build_object('email', n || '@example.com'))
    FROM generate_series(1, 69) AS n UNION ALL
  SELECT jsonb_build_object('reference', 'check-7', 'context', jsonb_build_object('email', 'again@example.com')))) WHERE error IS NOT NULL;
SELECT count(*) FROM customers.customer WHERE reference LIKE 'check-%';
ALTER TABLE customers.customer DROP CONSTRAINT not_seven;

-- A user's trigger: what it makes of a row is checked by the guard.
CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.reference = 'spoilt-2' THEN NEW.context := '{"email": 2}'; END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER a_spoil BEFORE INSERT ON customers.customer FOR EACH ROW EXECUTE FUNCTION spoil();
SELECT ordinal, customer IS NOT NULL AS kept, error FROM customers.import_customers(ARRAY(
  SELECT jsonb_build_object('reference', 'spoilt-' || n, 'context', jsonb_build_object('email', n || '@example.com'))
    FROM generate_series(1, 3) AS n));
-- One that fails otherwise ends the import.
CREATE OR REPLACE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'no customers today' USING ERRCODE = 'insufficient_privilege';
END
$$;
SELECT * FROM customers.import_customers(ARRAY['{"reference": "zoe", "context": {"email": "zoe@example.com"}}']::jsonb[]);
DROP TRIGGER a_spoil ON customers.customer;

-- References that repeat across batches, and those that exist, give the same customers.
SELECT count(DISTINCT customer), count(*), count(error) FROM customers.import_customers(ARRAY(
  SELECT jsonb_build_object('reference', 'again-' || n % 700, 'context', jsonb_build_object('email', n || '@example.com'))
    FROM generate_series(1, 2100) AS n));
SELECT context FROM customers.customer WHERE reference = 'again-1';
SELECT every(customer = customers.find_customer('bulk-' || ordinal)) AS same, count(*) FROM customers.import_customers(ARRAY(
  SELECT jsonb_build_object('reference', 'bulk-' || n, 'context', jsonb_build_object('email', n || '@example.com'))
    FROM generate_series(1, 1500) AS n));

-- Ids are in the order of the documents.
SELECT array_agg(reference ORDER BY customer_id) FROM customers.customer WHERE reference IN ('crm-1', 'crm-2', 'crm-50', 'crm-100');

-- Unique fields: who was first keeps the value, in one batch or later.
SELECT customers.define_context_field('tax_id', '{"type": "string"}', is_unique => true);
CREATE TEMP TABLE taxed AS
SELECT n AS ordinal, jsonb_build_object('reference', 'tax-' || n, 'context',
         jsonb_build_object('email', n || '@example.com') ||
         CASE WHEN n % 5 = 0 THEN '{}' ELSE jsonb_build_object('tax_id', 'T' || CASE n WHEN 77 THEN 11 ELSE n END) END) AS document
  FROM generate_series(1, 100) AS n;
SELECT ordinal, error FROM customers.import_customers(ARRAY(SELECT document FROM taxed ORDER BY ordinal)) WHERE error IS NOT NULL;
SELECT count(*), count(DISTINCT context->>'tax_id') FROM customers.customer WHERE reference LIKE 'tax-%';
SELECT count(*) FROM customers.unique_value WHERE key = 'tax_id';
SELECT error FROM customers.import_customers(ARRAY[
  '{"reference": "late", "context": {"email": "late@example.com", "tax_id": "T12"}}',
  '{"reference": "tax-12", "context": {"email": "late@example.com", "tax_id": "T12"}}',
  '{"reference": "new", "context": {"email": "new@example.com", "tax_id": "T5"}}']::jsonb[]);
SELECT customers.create_customer('after', '{"email": "after@example.com", "tax_id": "T5"}');

-- A document that is too large for an index of a field, or for the checks, is refused alone; of members that
-- it doesn't have the first are named.
SELECT customers.index_context_field('tax_id');
SELECT ordinal, customer IS NOT NULL AS kept, error FROM customers.import_customers(ARRAY[
  '{"reference": "slim", "context": {"email": "slim@example.com"}}',
  jsonb_build_object('reference', 'wide', 'context', jsonb_build_object('email', 'wide@example.com', 'tax_id',
    (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 500) AS n))),
  '{"reference": "trim", "context": {"email": "trim@example.com"}}']::jsonb[]);
SELECT customers.unindex_context_field('tax_id');
SELECT ordinal, customer IS NOT NULL AS kept, length(error), right(error, 60) AS error FROM customers.import_customers(ARRAY[
  (SELECT jsonb_object_agg('member' || n, n) FROM generate_series(1, 100000) AS n),
  jsonb_build_object('reference', 'vast', 'context', jsonb_build_object(repeat('~', 68000000), 1)),
  '{"reference": "tiny", "context": {"email": "tiny@example.com"}}']::jsonb[]);

-- What a user's trigger writes elsewhere fails without its values in the error.
CREATE TABLE mailing (email text UNIQUE);
CREATE FUNCTION add_to_mailing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.mailing VALUES (NEW.context->>'email');
  RETURN NEW;
END
$$;
ALTER FUNCTION add_to_mailing() SECURITY DEFINER;
CREATE TRIGGER mailing AFTER INSERT ON customers.customer FOR EACH ROW EXECUTE FUNCTION add_to_mailing();
SELECT ordinal, customer IS NOT NULL AS kept, error FROM customers.import_customers(ARRAY[
  '{"reference": "mail-1", "context": {"email": "secret@example.com"}}',
  '{"reference": "mail-2", "context": {"email": "secret@example.com"}}']::jsonb[]);
DROP TRIGGER mailing ON customers.customer;
DROP FUNCTION add_to_mailing();
DROP TABLE mailing;
