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
