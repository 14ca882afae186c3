-- What do 1,000,000 customers cost that come on a list in one call, beside a bare
-- INSERT ... SELECT of the same rows into a table with the same indexes?  Right
-- after a bulk load, in a session that has planned its statements for an empty
-- store, and once more after ANALYZE.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
SELECT customers.use_merchant(customers.create_merchant('Bench list'));
SET synchronous_commit = off;
ALTER TABLE customers.customer SET (autovacuum_enabled = off);
ALTER TABLE customers.list_item SET (autovacuum_enabled = off);

-- With one row and statistics, reading the whole table is the best plan.
SELECT customers.add_to_list(customers.create_list('First'), ARRAY[customers.create_customer()]) \g /dev/null
ANALYZE customers.customer, customers.list_item;
SELECT customers.add_to_list(customers.create_list('Second'), array_agg(customer_id)) FROM customers.customer \g /dev/null
SELECT customers.create_list('Without statistics') AS unknown, customers.create_list('With statistics') AS known \gset

-- A bulk load; the trigger would only slow it down here.
ALTER TABLE customers.customer DISABLE TRIGGER guard_customer;
INSERT INTO customers.customer (merchant_id, customer_id, context, schema_version, payments_allowed, payouts_allowed, version, created_at, updated_at)
SELECT customers.current_merchant(), gen_random_uuid()::customers.customer_id, '{}', 0, true, true, 1, now(), now()
  FROM generate_series(1, 999999);
ALTER TABLE customers.customer ENABLE TRIGGER guard_customer;

CREATE SCHEMA plain_list;
CREATE TABLE plain_list.item (LIKE customers.list_item INCLUDING INDEXES);
CREATE TABLE plain_list.item_with_key (LIKE customers.list_item INCLUDING INDEXES,
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers.customer (merchant_id, customer_id));
CREATE TABLE plain_list.chosen AS SELECT array_agg(customer_id) AS customers FROM customers.customer;

-- Seconds for each, the memory of contexts that stay is in pg_backend_memory_contexts.
CREATE TABLE plain_list.time (what text, seconds float8);
CREATE FUNCTION plain_list.measure(what text, statement text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  started timestamptz;
BEGIN
  CHECKPOINT;
  started := clock_timestamp();
  EXECUTE statement;
  INSERT INTO plain_list.time VALUES (what, extract(epoch FROM clock_timestamp() - started));
END $$;
CREATE FUNCTION plain_list.bare(target regclass) RETURNS text LANGUAGE sql AS $$
  SELECT format('INSERT INTO %s SELECT customers.current_merchant(), %L, u, NULL, NULL, clock_timestamp(), current_user FROM plain_list.chosen, unnest(customers) AS u',
                target, (SELECT list_id FROM customers.list WHERE name = 'First')) $$;

SELECT plain_list.measure('unknown', format('SELECT customers.add_to_list(%L, customers) FROM plain_list.chosen', :'unknown'));
SELECT plain_list.measure('repeated', format('SELECT customers.add_to_list(%L, customers) FROM plain_list.chosen', :'unknown'));
SELECT plain_list.measure('bare', plain_list.bare('plain_list.item'));
SELECT plain_list.measure('bare with key', plain_list.bare('plain_list.item_with_key'));
ANALYZE customers.customer, customers.list_item;
SELECT plain_list.measure('known', format('SELECT customers.add_to_list(%L, customers) FROM plain_list.chosen', :'known'));
SELECT plain_list.measure('removed', format('SELECT customers.remove_from_list(%L, customers) FROM plain_list.chosen', :'known'));
RESET client_min_messages;

DO $$
DECLARE
  s jsonb := (SELECT jsonb_object_agg(what, round(seconds::numeric, 2)) FROM plain_list.time);
  members bigint := (SELECT count(*) FROM customers.list_item i JOIN customers.list USING (merchant_id, list_id)
                      WHERE name = 'Without statistics');
BEGIN
  ASSERT members = 1000000;
  RAISE NOTICE 'bare INSERT: % s, with the foreign key: % s', s['bare'], s['bare with key'];
  RAISE NOTICE 'add_to_list: % s without statistics, ratio % and % ; % s with, ratio % and %',
    s['unknown'], round(s['unknown']::numeric / s['bare']::numeric, 2), round(s['unknown']::numeric / s['bare with key']::numeric, 2),
    s['known'], round(s['known']::numeric / s['bare']::numeric, 2), round(s['known']::numeric / s['bare with key']::numeric, 2);
  RAISE NOTICE 'again, all are members: % s; remove_from_list: % s', s['repeated'], s['removed'];
END $$;
