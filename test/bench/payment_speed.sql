-- How fast is commit_payment() beside PL/pgSQL that writes the same rows under the same
-- guards, and beside the bare statements that any implementation must run?
--
-- pgbench runs a fixed number of transactions of each in turn; a figure is the
-- median of the rounds.  CPU is that of the backends, WAL is without full pages.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
ALTER SYSTEM SET full_page_writes = off;
ALTER SYSTEM SET autovacuum = off;
ALTER SYSTEM SET max_wal_size = '8GB';
SELECT pg_reload_conf();
\ir payment_speed/plain.sql

-- One merchant, and 1,000 customers with a method each, in all three.
SELECT customers.use_merchant(customers.create_merchant('Bench'));
CREATE ROLE shop LOGIN IN ROLE customers_merchant, customers_processor;
SELECT customers.bind_role('shop', customers.current_merchant());
SELECT customers.define_context_field('email', '{"type": "string"}', 'commit');
CREATE TABLE plain.customer_number AS
SELECT n, customer::uuid, customers.save_payment_method(customer, 'card', 'tok_' || n)::uuid AS method
  FROM (SELECT n, customers.create_customer('c' || n, '{"email": "a@b.example"}') AS customer FROM generate_series(1, 1000) AS g (n)) AS made;
CREATE FUNCTION plain.merchant() RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN (SELECT merchant_id::uuid FROM customers.merchant);
INSERT INTO plain.customer SELECT plain.merchant(), customer, '{"email": "a@b.example"}' FROM plain.customer_number;
INSERT INTO plain.payment_method SELECT plain.merchant(), method, customer, 'card', 'tok', NULL, NULL, true FROM plain.customer_number;
INSERT INTO plain.context_field VALUES (plain.merchant(), 'email', 'commit');
CREATE FUNCTION plain.id(n int8) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN lpad(to_hex(n), 32, '0')::uuid;
GRANT USAGE ON SCHEMA plain, bare TO shop;
GRANT ALL ON ALL TABLES IN SCHEMA plain, bare TO shop;

-- What commit_payment() commits: payments with numbers for ids.
\set payments 420000
CREATE TABLE plain.created AS
SELECT plain.merchant(), plain.id(g.n) AS payment_id, c.customer, NULL::text AS reference, 'created' AS status, 'EUR' AS currency, 1000 AS amount,
       0 AS authorized, 0 AS received, 0 AS returned, 0 AS commits_used, 5 AS commits_limit, 'strict' AS amount_mode, 'automatic' AS capture,
       NULL::uuid AS payment_method_id, NULL::text AS decline_class, NULL::int8 AS declined, now() + '1 day' AS expires_at,
       NULL::timestamptz AS closed_at, 1 AS version, now() AS created_at, now() AS updated_at
  FROM generate_series(1, :payments) AS g (n) JOIN plain.customer_number AS c ON c.n = g.n % 1000 + 1;
INSERT INTO plain.payment TABLE plain.created;
INSERT INTO bare.payment TABLE plain.created;
INSERT INTO customers.payment (merchant_id, payment_id, customer_id, status, amount, authorized, received, returned, commits_used, commits_limit,
                               amount_mode, capture, expires_at, version, event_position, event_hash, row_hash, created_at, updated_at)
SELECT merchant::customers.merchant_id, payment_id::customers.payment_id, customer::customers.customer_id, status, '10.00 EUR', '0.00 EUR', '0.00 EUR', '0.00 EUR', 0, 5,
       amount_mode, capture, expires_at, 1, 0, sha256(''), sha256(''), created_at, updated_at FROM plain.created;
VACUUM ANALYZE;
CHECKPOINT;
\! "$BENCH/payment_speed/run"
