-- Fills a database with :payments payments, of which :open are open, at equal
-- distances, and the rest final: most are paid, at the first commit or after a
-- decline, some cancelled or expired.  Rows are made without guards and foreign keys,
-- and their hashes are none: commits find rows altered, which costs a hash more.
SET client_min_messages = warning;
\ir ../pgbench/shop.sql
-- The merchant's first event begins its chain and the server's epoch.
SELECT customers.create_payment(customers.create_customer('first'), '{10.00 EUR}');

SELECT clock_timestamp() AS began, customers.current_merchant()::text AS merchant, greatest(1000, :payments / 20) AS customers,
       (SELECT max(position) FROM customers.payment_event) AS position \gset
-- What became of a payment, and by which events; commit is its number among the payment's.
CREATE TABLE bench.kind AS SELECT * FROM (VALUES
  ('open', 'created', '0.00 EUR'::customers.amount, 0, NULL::interval),
  ('paid', 'paid', '10.00 EUR', 1, '1 minute'),
  ('retried', 'paid', '10.00 EUR', 2, '5 minutes'),
  ('cancelled', 'cancelled', '0.00 EUR', 0, '10 minutes'),
  ('expired', 'expired', '0.00 EUR', 0, '1 day')) AS v (kind, status, received, commits, took);
CREATE TABLE bench.step AS SELECT * FROM (VALUES
  ('open', 1, 'create', NULL, 'created', 'merchant', NULL::int),
  ('paid', 1, 'create', NULL, 'created', 'merchant', NULL),
  ('paid', 2, 'commit', 'created', 'processing', 'customer', 1),
  ('paid', 3, 'succeed', 'processing', 'paid', 'processor', 1),
  ('retried', 1, 'create', NULL, 'created', 'merchant', NULL),
  ('retried', 2, 'commit', 'created', 'processing', 'customer', 1),
  ('retried', 3, 'decline', 'processing', 'attempted', 'processor', 1),
  ('retried', 4, 'commit', 'attempted', 'processing', 'customer', 2),
  ('retried', 5, 'succeed', 'processing', 'paid', 'processor', 2),
  ('cancelled', 1, 'create', NULL, 'created', 'merchant', NULL),
  ('cancelled', 2, 'cancel', 'created', 'cancelled', 'customer', NULL),
  ('expired', 1, 'create', NULL, 'created', 'merchant', NULL),
  ('expired', 2, 'expire', 'created', 'expired', 'clock', NULL)) AS v (kind, sequence, event, from_status, to_status, actor, commit);
-- The payments, evenly over two years until now, by customers at random.
CREATE VIEW bench.payment AS
SELECT n, bench.number_id(n)::customers.payment_id AS payment_id, bench.number_id(customer)::customers.customer_id AS customer_id,
       bench.number_id(customer)::customers.payment_method_id AS payment_method_id,
       now() - interval '730 days' * ((:payments - n)::float8 / :payments) - interval '1 day' AS created_at,
       CASE WHEN n % (:payments / :open) = 0 THEN 'open'
         ELSE (ARRAY['retried', 'cancelled', 'expired', 'cancelled', 'expired', 'paid'])[least(n * 7919 % 40, 5) + 1] END AS kind
  FROM (SELECT n, 1 + (hashint8extended(n, 0) & 4294967295) % :customers AS customer FROM generate_series(1::int8, :payments) AS g (n)) AS numbered;
CREATE FUNCTION bench.position(n int8) RETURNS int8 LANGUAGE sql IMMUTABLE
RETURN :position - 500 + n * 499 / :payments;

-- touch reads what commits of the nth_id() from first to last will: a backend pays for
-- each page that it has not seen, in memory or not.
CREATE FUNCTION bench.touch(first int8, last int8) RETURNS int8 LANGUAGE sql SECURITY DEFINER STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sum((SELECT count(e.hash) FROM customers.payment_event e WHERE e.merchant_id = p.merchant_id AND e.payment_id = p.payment_id)
           + (SELECT count(*) FROM customers.payment_event e WHERE e.customer_id = p.customer_id AND e.at > now() - interval '1 hour')
           + (SELECT count(c.status) FROM customers.payment_commit c WHERE c.payment_id = p.payment_id)
           + (SELECT count(m.kind) FROM customers.payment_method m WHERE m.merchant_id = p.merchant_id AND m.customer_id = p.customer_id AND m.is_default)
           + (SELECT count(c.context) FROM customers.customer c WHERE c.merchant_id = p.merchant_id AND c.customer_id = p.customer_id))
    FROM generate_series(first, last) AS g (n) JOIN customers.payment AS p
      ON p.merchant_id = (SELECT merchant_id FROM customers.merchant) AND p.payment_id = bench.nth_id(n)::customers.payment_id
$$;

BEGIN;
SET LOCAL session_replication_role = replica;
SET LOCAL maintenance_work_mem = '1GB';
SET LOCAL max_parallel_maintenance_workers = 1;
-- Indexes and constraints go, and come back when the rows are there.
\set tables '\'{customers.payment, customers.payment_price, customers.payment_commit, customers.payment_event, customers.payment_method}\'::regclass[]'
CREATE TABLE bench.constraint AS
SELECT conrelid::regclass AS on_table, conname AS name, contype = 'f' AS is_foreign, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint
 WHERE contype IN ('p', 'f')
   AND (conrelid = ANY (:tables) OR confrelid = ANY (:tables));
CREATE TABLE bench.index AS
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
  FROM pg_index
 WHERE NOT indisprimary AND indrelid = ANY (:tables);
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', on_table, name) FROM bench.constraint ORDER BY is_foreign DESC \gexec
SELECT format('DROP INDEX %s', name) FROM bench.index \gexec
TRUNCATE customers.payment, customers.payment_price, customers.payment_commit, customers.payment_event, customers.payment_method;

INSERT INTO customers.customer (merchant_id, customer_id, context, schema_version, created_at, updated_at)
SELECT :'merchant', bench.number_id(n)::customers.customer_id, '{"email": "a@b.example"}', 1, now(), now() FROM generate_series(1, :customers) AS g (n);
INSERT INTO customers.payment_method (merchant_id, payment_method_id, customer_id, kind, display, is_default, created_at, updated_at)
SELECT :'merchant', bench.number_id(n)::customers.payment_method_id, bench.number_id(n)::customers.customer_id, 'card', '{"brand": "visa", "last4": "4242"}', true, now(), now()
  FROM generate_series(1, :customers) AS g (n);
INSERT INTO customers.payment (merchant_id, payment_id, customer_id, amount_mode, capture, commits_limit, expires_at, created_at, amount, authorized, received,
                               returned, payment_method_id, status, closed_at, commits_used, version, updated_at, event_position, event_hash, row_hash)
SELECT :'merchant', p.payment_id, p.customer_id, 'strict', 'automatic', 5, CASE p.kind WHEN 'open' THEN now() + '1 day' ELSE p.created_at + '1 day' END,
       p.created_at, '10.00 EUR', '0.00 EUR', k.received, '0.00 EUR', NULL, k.status, p.created_at + k.took, k.commits,
       1 + 2 * k.commits + (k.commits = 0 AND p.kind <> 'open')::int, p.created_at + coalesce(k.took, '0'), bench.position(p.n), sha256(''), sha256('')
  FROM bench.payment AS p JOIN bench.kind AS k USING (kind);
INSERT INTO customers.payment_price (merchant_id, payment_id, currency, position, price)
SELECT :'merchant', bench.number_id(n)::customers.payment_id, 'EUR', 1, '10.00 EUR' FROM generate_series(1, :payments) AS g (n);
INSERT INTO customers.payment_commit (merchant_id, commit_id, payment_id, payment_method_id, value, authorized, received, status, save_method,
                                      decline_code, decline_class, provider_reference, claimable_at, attempt, created_at, resolved_at)
SELECT :'merchant', bench.number_id(2 * p.n + c.number)::customers.commit_id, p.payment_id, p.payment_method_id, '10.00 EUR', '0.00 EUR',
       CASE WHEN c.number = k.commits THEN k.received ELSE '0.00 EUR' END, CASE WHEN c.number = k.commits THEN 'succeeded' ELSE 'declined' END, false,
       CASE WHEN c.number < k.commits THEN 'do_not_honor' END, CASE WHEN c.number < k.commits THEN 'other_method' END, 'ch_' || p.n,
       p.created_at, 1, p.created_at, p.created_at + k.took
  FROM bench.payment AS p JOIN bench.kind AS k USING (kind) CROSS JOIN LATERAL generate_series(1, k.commits) AS c (number);
INSERT INTO customers.payment_event (merchant_id, payment_id, customer_id, sequence, event, from_status, to_status, actor, commit_id, value, at, position, key_id, hash)
SELECT :'merchant', p.payment_id, p.customer_id, s.sequence, s.event, s.from_status, s.to_status, s.actor,
       bench.number_id(2 * p.n + s.commit)::customers.commit_id, '10.00 EUR', p.created_at + interval '1 minute' * (s.sequence - 1), bench.position(p.n), 1, sha256('')
  FROM bench.payment AS p JOIN bench.step AS s USING (kind);

SELECT definition FROM bench.index \gexec
-- Foreign keys hold, and nobody has to look.
SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s%s', on_table, name, definition, CASE WHEN is_foreign THEN ' NOT VALID' END)
  FROM bench.constraint ORDER BY is_foreign \gexec
COMMIT;
VACUUM ANALYZE;

-- The open payments, at random: what commits commit.
COPY (SELECT payment_id::uuid FROM customers.payment WHERE closed_at IS NULL ORDER BY random()) TO :'ids_file' (FORMAT binary);
SELECT format('NOTICE:  %s: %s payments, %s events, %s, made in %s s', current_database(), to_char(:payments, 'FM999,999,999'), to_char(reltuples, 'FM999,999,999'),
              pg_size_pretty(pg_database_size(current_database())), round(extract(epoch FROM clock_timestamp() - :'began')))
  FROM pg_class WHERE oid = 'customers.payment_event'::regclass \g (format=unaligned tuples_only=on)
