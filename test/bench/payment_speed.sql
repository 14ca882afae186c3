-- How fast are commit_payment(), and one whole life of a payment (create, choose a
-- method, commit, claim, resolve: each a transaction), beside PL/pgSQL that writes the same rows
-- under the same guards, and beside the bare statements that any implementation must run?
--
-- pgbench runs a fixed number of each in turn; a figure is the median of the
-- rounds.  CPU is that of the backends, WAL is without full pages.
SET client_min_messages = warning;
ALTER SYSTEM SET fsync = on;
ALTER SYSTEM SET full_page_writes = off;
ALTER SYSTEM SET autovacuum = off;
ALTER SYSTEM SET max_wal_size = '8GB';
SELECT pg_reload_conf();
\ir pgbench/shop.sql
\ir payment_speed/tables.sql
\ir payment_speed/guards.sql
\ir payment_speed/operations.sql
\ir payment_speed/processor.sql
-- With GUARDS=off, the tables of schema plain have CHECKs alone.
\set guards `echo ${GUARDS:-on}`
SELECT :'guards' = 'off' AS unguarded \gset

-- 1,000 customers with a method each, in all three; bare has no look at them.
CREATE TABLE plain.made AS
SELECT n, customer, customers.save_payment_method(customer, 'card', 'tok_' || n) AS method
  FROM (SELECT n, customers.create_customer('c' || n, '{"email": "a@b.example"}') AS customer FROM generate_series(1, 1000) AS g (n)) AS made;
CREATE FUNCTION plain.merchant() RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN (SELECT merchant_id::uuid FROM customers.merchant);
-- A hash of 32 bytes, another one for each event of a payment.
CREATE FUNCTION bench.hash(sequence int) RETURNS bytea LANGUAGE sql IMMUTABLE RETURN sha256(int4send(sequence));
INSERT INTO plain.customer SELECT plain.merchant(), customer::uuid, '{"email": "a@b.example"}' FROM plain.made;
INSERT INTO plain.payment_method (merchant_id, payment_method_id, customer_id, kind, token, is_default)
SELECT plain.merchant(), method::uuid, customer::uuid, 'card', 'tok_' || n, true FROM plain.made;
INSERT INTO plain.context_field VALUES (plain.merchant(), 'email', 'commit');

-- What commit_payment() commits; the numbers of the ids are those of nth_id().
\set payments `"$BENCH/payment_speed/run" --payments`
CREATE TABLE plain.created AS
SELECT g.n, customer, customers.create_payment(customer, '{10.00 EUR}') AS payment
  FROM generate_series(1, :payments) AS g (n) JOIN plain.made AS m ON m.n = g.n % 1000 + 1;
INSERT INTO plain.payment
SELECT plain.merchant(), payment::uuid, customer::uuid, NULL, NULL, 'strict', 'automatic', 5, now() + '1 day', now(), 'EUR', 1000, 0, 0, 0, NULL, NULL, NULL,
       'created', NULL, 0, 1, now(), 9, sha256(''), sha256('') FROM plain.created ORDER BY n;
INSERT INTO bare.payment TABLE plain.payment;
INSERT INTO plain.payment_event
SELECT plain.merchant(), payment::uuid, customer::uuid, 1, 'create', NULL, 'created', 'merchant', NULL, 1000, 'EUR', NULL, now(), 9, NULL, sha256('')
  FROM plain.created ORDER BY n;
INSERT INTO bare.payment_event TABLE plain.payment_event;
COPY (SELECT id FROM (SELECT 1, n, payment::uuid FROM plain.created UNION ALL SELECT 2, n, customer::uuid FROM plain.made
                      UNION ALL SELECT 3, n, method::uuid FROM plain.made) AS u (kind, n, id) ORDER BY kind, n) TO :'ids_file' (FORMAT binary);
\if :unguarded
DROP TRIGGER guard_payment ON plain.payment;
DROP TRIGGER guard_commit ON plain.payment_commit;
\endif
GRANT USAGE ON SCHEMA plain, bare TO shop;
GRANT ALL ON ALL TABLES IN SCHEMA plain, bare TO shop;
VACUUM ANALYZE;
CHECKPOINT;
\! "$BENCH/payment_speed/run"
