-- What do set operations over two fixed lists of 1,000,000 members cost, beside
-- INTERSECT over a plain table of members, at overlaps of 1, 50 and 100 %?  And
-- the report of two lists of 100,000 members with 300,000 payments?
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
SELECT customers.use_merchant(customers.create_merchant('Bench lists'));
SET synchronous_commit = off;

-- Lists read neither their customers nor who added them: rows are written
-- directly, without the foreign keys.  Of 2,000,000 ids in the order of time,
-- list "half" has those of two in four that share half with list "all".
CREATE SCHEMA plain_lists;
CREATE TABLE plain_lists.list AS
SELECT name, customers.create_list(name)::uuid AS list FROM unnest('{all,one,half,same}'::text[]) AS name;
CREATE TABLE plain_lists.member (list uuid NOT NULL, customer_id uuid NOT NULL);
INSERT INTO plain_lists.member
SELECT list, (lpad(to_hex(1760000000000 + n), 12, '0') || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 15))::uuid
  FROM (SELECT n, md5(n::text) AS hash FROM generate_series(1, 2000000) AS n) AS person, plain_lists.list
 WHERE CASE name WHEN 'half' THEN n % 4 IN (0, 1) WHEN 'one' THEN n % 200 = 0 OR n % 2 = 1 AND n % 200 <> 1 ELSE n % 2 = 0 END;
ALTER TABLE plain_lists.member ADD PRIMARY KEY (list, customer_id);
SET session_replication_role = replica;
INSERT INTO customers.list_item (merchant_id, list_id, customer_id, added_at, added_by)
SELECT customers.current_merchant(), list::customers.list_id, customer_id::customers.customer_id, now(), 'bench'
  FROM plain_lists.member ORDER BY list, customer_id;
RESET session_replication_role;
VACUUM ANALYZE plain_lists.member, customers.list_item;

-- The median of five runs, in ms, after one to warm up; what: a count.
CREATE FUNCTION plain_lists.cost(what text, expected int8) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  started timestamptz;
  found int8;
  ms float8[];
BEGIN
  FOR round IN 0 .. 5 LOOP
    started := clock_timestamp();
    EXECUTE what INTO found;
    IF round > 0 THEN
      ms := ms || extract(epoch FROM clock_timestamp() - started) * 1000;
    END IF;
    ASSERT found = expected, format('%s: %s', what, found);
  END LOOP;
  RETURN (SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY t)::numeric, 1) FROM unnest(ms) AS t);
END $$;
CREATE FUNCTION plain_lists.compare(state text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  other record;
  arguments text;
  the_first uuid := (SELECT list FROM plain_lists.list WHERE name = 'all');
  plain numeric;
  join_cost numeric;
  rows numeric;
  count numeric;
BEGIN
  FOR other IN SELECT list, shared, percent FROM plain_lists.list
                 JOIN (VALUES ('one', 10000, 1), ('half', 500000, 50), ('same', 1000000, 100)) AS v (name, shared, percent) USING (name)
                ORDER BY percent LOOP
    arguments := format('ARRAY[%L, %L]::customers.list_id[]', customers.list_id(the_first), customers.list_id(other.list));
    plain := plain_lists.cost(format('SELECT count(*) FROM (SELECT customer_id FROM plain_lists.member WHERE list = %L'
                                     ' INTERSECT SELECT customer_id FROM plain_lists.member WHERE list = %L) AS x', the_first, other.list), other.shared);
    join_cost := plain_lists.cost(format('SELECT count(*) FROM plain_lists.member a JOIN plain_lists.member b USING (customer_id)'
                                         ' WHERE a.list = %L AND b.list = %L', the_first, other.list), other.shared);
    rows := plain_lists.cost(format('SELECT count(*) FROM customers.list_intersection(%s)', arguments), other.shared);
    count := plain_lists.cost(format('SELECT min(customers) FROM customers.list_overlap(%s)', arguments), other.shared);
    RAISE NOTICE '% %%, %: INTERSECT % ms, join %; list_intersection() %, x %; list_overlap() %, x %', other.percent, state, plain, join_cost,
      rows, round(plain / rows, 1), count, round(plain / count, 1);
  END LOOP;
END $$;
RESET client_min_messages;
SELECT plain_lists.compare('without segments') \g /dev/null
\set VERBOSITY terse
DO $$ BEGIN PERFORM set_config('bench.started', clock_timestamp()::text, false); END $$;
CALL customers.compact_lists();
DO $$
BEGIN
  RAISE NOTICE 'compact_lists(): % s for 4,000,000 items, % of % ', round(extract(epoch FROM clock_timestamp() - current_setting('bench.started')::timestamptz), 1),
    pg_size_pretty(pg_total_relation_size('customers.list_segment')), pg_size_pretty(pg_total_relation_size('customers.list_item'));
END
$$;
VACUUM ANALYZE customers.list_segment;
SELECT plain_lists.compare('with segments') \g /dev/null
-- What returning rows costs by itself.
DO $$
BEGIN
  RAISE NOTICE '1,000,000 rows of list_members(): % ms; of unnest() of an array: %', plain_lists.cost(format('SELECT count(*) FROM customers.list_members(%L)',
      (SELECT customers.list_id(list) FROM plain_lists.list WHERE name = 'all')), 1000000),
    plain_lists.cost(format('SELECT count(*) FROM unnest((SELECT array_agg(customer_id) FROM plain_lists.member WHERE list = %L)) AS u',
      (SELECT list FROM plain_lists.list WHERE name = 'all')), 1000000);
END
$$;

-- The report, beside a statement that only counts payments of the same lists.
SET client_min_messages = warning;
SET session_replication_role = replica;
SELECT customers.use_merchant(customers.create_merchant('Bench report'));
CREATE TABLE plain_lists.payment AS
SELECT n, (lpad(to_hex(1750000000000 + n), 12, '0') || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 15))::uuid AS id,
       (lpad(to_hex(1740000000000 + n % 150000), 12, '0') || '7' || substr(customer_hash, 1, 3) || '8' || substr(customer_hash, 4, 15))::uuid AS customer
  FROM (SELECT n, md5(n::text) AS hash, md5((n % 150000)::text) AS customer_hash FROM generate_series(1, 300000) AS n) AS p;
INSERT INTO customers.payment (merchant_id, payment_id, customer_id, status, amount, authorized, received, returned, commits_used,
                               commits_limit, amount_mode, capture, closed_at, version, event_position, event_hash, row_hash, created_at, updated_at)
SELECT customers.current_merchant(), id::customers.payment_id, customer::customers.customer_id, CASE WHEN n % 3 = 0 THEN 'failed' ELSE 'paid' END,
       '10.00 EUR', '0.00 EUR', CASE WHEN n % 3 = 0 THEN '0.00 EUR' ELSE '10.00 EUR' END::customers.amount, '0.00 EUR', 1, 5, 'strict', 'automatic',
       now(), 1, 0, sha256(''), sha256(''), now(), now() FROM plain_lists.payment;
INSERT INTO customers.payment_commit (merchant_id, commit_id, payment_id, payment_method_id, value, authorized, received, status, save_method,
                                      decline_class, claimable_at, created_at)
SELECT customers.current_merchant(), id::customers.commit_id, id::customers.payment_id, id::customers.payment_method_id, '10.00 EUR', '0.00 EUR',
       CASE WHEN n % 3 = 0 THEN '0.00 EUR' ELSE '10.00 EUR' END::customers.amount, CASE WHEN n % 3 = 0 THEN 'declined' ELSE 'succeeded' END, false,
       CASE WHEN n % 3 = 0 THEN (ARRAY['lower_amount', 'fix_input', 'never'])[1 + n % 7 % 3] END, now(), now() FROM plain_lists.payment;
SELECT customers.create_list('first') AS first, customers.create_list('second') AS second \gset
INSERT INTO customers.list_item (merchant_id, list_id, customer_id, added_at, added_by)
SELECT customers.current_merchant(), list, customer::customers.customer_id, now(), 'bench' FROM (SELECT DISTINCT n % 150000 AS person, customer
  FROM plain_lists.payment) AS p, unnest(ARRAY[:'first', :'second']::customers.list_id[]) WITH ORDINALITY AS l (list, place)
 WHERE CASE place WHEN 1 THEN person < 100000 ELSE person >= 50000 END;
RESET session_replication_role;
VACUUM ANALYZE customers.payment, customers.payment_commit, customers.list_item;
RESET client_min_messages;
SELECT format('ARRAY[%L, %L]::customers.list_id[]', :'first', :'second') AS lists \gset
SELECT plain_lists.cost(format('SELECT sum(payments) FROM customers.list_report(%s, NULL, NULL)', :'lists'), 400000) AS report,
       plain_lists.cost(format('SELECT sum(payments) FROM (SELECT i.list_id, count(*) AS payments, count(DISTINCT p.customer_id),'
         ' count(*) FILTER (WHERE p.status = ''paid'') FROM customers.list_item i JOIN customers.payment p USING (merchant_id, customer_id)'
         ' WHERE i.merchant_id = customers.current_merchant() AND i.list_id = ANY (%s) GROUP BY 1) AS x', :'lists'), 400000) AS plain \gset
SELECT set_config('bench.report', :'report', false), set_config('bench.plain', :'plain', false) \g /dev/null
DO $$
BEGIN
  RAISE NOTICE 'list_report(): % ms, payments counted by a statement: %, ratio %', current_setting('bench.report'), current_setting('bench.plain'),
    round(current_setting('bench.report')::numeric / current_setting('bench.plain')::numeric, 2);
END
$$;
