-- The activity of a customer: one timeline of all that happened, in pages.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
CREATE ROLE activity_shop LOGIN IN ROLE customers_merchant;
CREATE ROLE activity_analyst LOGIN IN ROLE customers_analyst;
RESET client_min_messages;
SELECT customers.create_merchant('Activity') AS merchant \gset
SELECT customers.create_merchant('Another') AS another \gset
SELECT customers.bind_role('activity_shop', :'merchant'), customers.bind_role('activity_analyst', :'merchant');
SET customers.merchant = :'merchant';
SELECT customers.define_context_field('email', '{"type": "string"}', 'create');
SELECT customers.define_context_field('age', '{"type": "integer"}');
-- what a row says, without what differs each time
CREATE FUNCTION pg_temp.said(subject text, detail jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT replace(regexp_replace(concat_ws(' ', subject, detail), '_[0-9a-z]{26}', '_#', 'g'), '"' || session_user || '"', 'the superuser') $$;

-- Of each kind one at least.
SET ROLE activity_shop;
SELECT customers.create_customer('ana', '{"email": "ana@example.com"}') AS ana \gset
SELECT customers.create_customer('ben', '{"email": "ben@example.com"}') AS ben \gset
SELECT count(*) AS of_ben FROM customers.customer_activity(:'ben');
SELECT customers.update_customer(:'ana', '{"email": "ana@example.org", "age": 30}'),
       customers.update_customer(:'ana', '{"age": null}');
SELECT customers.allow_payouts(:'ana', false), customers.archive_customer(:'ana'), customers.unarchive_customer(:'ana');
RESET ROLE;
UPDATE customers.customer SET context = context || '{"age": 31}', payouts_allowed = true, archived_at = now() WHERE customer_id = :'ana';
SET ROLE activity_shop;
SELECT customers.unarchive_customer(:'ana');
SELECT customers.save_payment_method(:'ana', 'card', 'tok_1', '{"last4": "4242"}') AS card \gset
SELECT customers.save_payment_method(:'ana', 'sepa_debit', 'tok_2') AS sepa \gset
SELECT customers.remove_payment_method(:'sepa');
SELECT customers.create_payment(:'ana', '{20.00 EUR}', 'order 1') AS payment \gset
SELECT customers.create_payment(:'ben', '{20.00 EUR}', 'order of ben') AS bens \gset
SELECT customers.commit_payment(:'payment') AS commit \gset
RESET ROLE;
SELECT customers.resolve_commit(:'commit', 'declined', code => 'insufficient_funds');
SET ROLE activity_shop;
SELECT customers.cancel_payment(:'payment', 'changed her mind');
SELECT customers.create_list('friends') AS friends \gset
SELECT customers.add_to_list(:'friends', ARRAY[:'ana', :'ben']::customers.customer_id[], comment => 'met at the fair');
RESET ROLE;
INSERT INTO customers.metadata_access (merchant_id, access_id, customer_id, at, role, session_role, keys)
VALUES (:'merchant', gen_random_uuid(), :'ana', clock_timestamp(), 'reader', 'login', '{note,size}');
SET ROLE activity_shop;
SELECT kind, pg_temp.said(subject, detail) FROM customers.customer_activity(:'ana');
SELECT bool_and(CASE WHEN kind LIKE 'method%' THEN subject IN (:'card', :'sepa') WHEN kind = 'payment' THEN subject = :'payment'
                     WHEN kind = 'list_added' THEN subject = :'friends' ELSE subject = :'ana' END) AS own_subjects,
       bool_and(at >= earlier) AS in_order
  FROM (SELECT *, lag(at) OVER () AS earlier FROM customers.customer_activity(:'ana')) AS a;
-- Never a value.
SELECT string_agg(detail::text, ' ') ~ 'example.org|tok_|4242' AS values FROM customers.customer_activity(:'ana');

-- Who may, of which customer.
SELECT customers.customer_activity('cus_00000000000000000000000000');
SELECT customers.customer_activity(NULL);
SELECT customers.customer_activity(:'ana', max_count => 0);
SELECT customers.customer_activity(:'ana', max_count => NULL);
SELECT count(*) AS after_all FROM customers.customer_activity(:'ana', 'infinity');
SET ROLE activity_analyst;
SELECT customers.customer_activity(:'ana');
RESET ROLE;
SET customers.merchant = :'another';
DO $$
BEGIN
  PERFORM customers.customer_activity(customer_id) FROM customers.customer WHERE reference = 'ana' ORDER BY customer_id DESC LIMIT 1;
EXCEPTION WHEN no_data_found THEN
  RAISE NOTICE '%', regexp_replace(sqlerrm, '_[0-9a-z]{26}', '_#');
END
$$;
SET customers.merchant = :'merchant';

-- Pages: whatever their size, together they are the whole, and a page ends where the time changes.
-- Many things of the same time: two sources have five rows of one microsecond each.
BEGIN;
INSERT INTO customers.metadata_access (merchant_id, access_id, customer_id, at, role, session_role, keys)
SELECT :'merchant', gen_random_uuid(), :'ben', '2030-01-01', 'reader', 'login', ARRAY[n::text] FROM generate_series(1, 5) AS n;
INSERT INTO customers.payment_event (merchant_id, payment_id, customer_id, sequence, event, to_status, actor, position, hash, at)
SELECT :'merchant', :'bens', :'ben', 100 + n, 'choose_currency', 'created', 'customer', 1, sha256(''), '2030-01-01' FROM generate_series(1, 5) AS n;
INSERT INTO customers.payment_event (merchant_id, payment_id, customer_id, sequence, event, to_status, actor, position, hash, at)
SELECT :'merchant', :'bens', :'ben', 200 + n, 'choose_currency', 'created', 'customer', 1, sha256(''), timestamptz '2031-01-01' + n / 3 * interval '1 s' FROM generate_series(1, 50) AS n;
CREATE FUNCTION pg_temp.paged(customer customers.customer_id, size int) RETURNS jsonb[] LANGUAGE plpgsql AS $$
DECLARE
  result jsonb[] := '{}';
  page jsonb[];
  since timestamptz;
BEGIN
  LOOP
    SELECT array_agg(to_jsonb(a)), max(a.at) INTO page, since FROM customers.customer_activity(customer, since, size) AS a;
    EXIT WHEN page IS NULL;
    IF cardinality(page) < size AND EXISTS (SELECT FROM customers.customer_activity(customer, since)) THEN
      RAISE 'a short page that is not the last';
    END IF;
    result := result || page;
  END LOOP;
  RETURN result;
END
$$;
SELECT size, pg_temp.paged(:'ben', size) = pg_temp.paged(:'ben', 1000) AS same, cardinality(pg_temp.paged(:'ben', size)) AS rows
  FROM unnest(ARRAY[1, 2, 3, 7, 63]) AS size;
SELECT count(*) FROM customers.customer_activity(:'ben', '2029-01-01', 1);

-- One customer among many, of whom each has a past, and one a long one: a page
-- reads no table from end to end, and hardly more rows than it has.
INSERT INTO customers.customer (merchant_id, customer_id, context, created_at, updated_at)
SELECT :'merchant', gen_random_uuid()::customers.customer_id, '{"email": "x"}', '2020-01-01', '2020-01-01' FROM generate_series(1, 2000);
UPDATE customers.customer SET context = context || '{"age": 1}' WHERE merchant_id = :'merchant' AND reference IS NULL;
INSERT INTO customers.customer_history (merchant_id, customer_id, version, context, schema_version, payments_allowed, payouts_allowed,
                                        updated_at, replaced_at, replaced_by)
SELECT :'merchant', :'ben', n, '{}', 1, true, true, timestamptz '2032-01-01' + (n - 1) * interval '1 s', timestamptz '2032-01-01' + n * interval '1 s', 'r'
  FROM generate_series(1, 5000) AS n;
INSERT INTO customers.payment_event (merchant_id, payment_id, customer_id, sequence, event, to_status, actor, position, hash, at)
SELECT :'merchant', :'bens', :'ben', 300 + n, 'choose_currency', 'created', 'customer', 1, sha256(''), timestamptz '2032-01-01' + n * interval '1 s' FROM generate_series(1, 5000) AS n;
INSERT INTO customers.metadata_access (merchant_id, access_id, customer_id, at, role, session_role, keys)
SELECT :'merchant', gen_random_uuid(), :'ben', timestamptz '2032-01-01' + n * interval '1 s', 'reader', 'login', '{}' FROM generate_series(1, 5000) AS n;
INSERT INTO customers.metadata_access (merchant_id, access_id, customer_id, at, role, session_role, keys)
SELECT merchant_id, gen_random_uuid(), customer_id, now(), 'reader', 'login', '{}' FROM customers.customer WHERE merchant_id = :'merchant';
ANALYZE customers.customer, customers.customer_history, customers.payment_event, customers.metadata_access;
CREATE FUNCTION pg_temp.cost(call text, VARIADIC arguments text[], OUT scans bigint, OUT fetched bigint) LANGUAGE plpgsql AS $$
DECLARE
  counted CONSTANT text := 'SELECT sum(seq_scan), sum(idx_tup_fetch) FROM pg_stat_xact_user_tables
    WHERE schemaname = ''customers'' AND relname IN (''customer'', ''customer_history'', ''payment_event'', ''metadata_access'')';
  scans_before bigint;
  fetched_before bigint;
BEGIN
  EXECUTE counted INTO scans_before, fetched_before;
  EXECUTE format(call, VARIADIC arguments);
  EXECUTE counted INTO scans, fetched;
  scans := scans - scans_before;
  fetched := fetched - fetched_before;
END
$$;
SELECT size, page, cost.scans, cost.fetched < 10 * size + 20 AS few
  FROM (VALUES (10, '-infinity'), (10, '2032-01-01 00:40'), (100, '2032-01-01 00:10')) AS p(size, page),
       LATERAL pg_temp.cost('SELECT customers.customer_activity(%L, %L, %L)', :'ben', page, size::text) AS cost;
SELECT cost.* FROM pg_temp.cost('SELECT customers.customer_as_of(%L, %L)', :'ben', '2032-01-01 00:40') AS cost;
ROLLBACK;

-- What is left of an erased customer: all but the changes.
SELECT customers.erase_customer(:'ana');
SELECT kind, pg_temp.said(subject, detail - 'by') FROM customers.customer_activity(:'ana') WHERE kind <> 'payment';

SELECT customers.unbind_role('activity_shop', :'merchant'), customers.unbind_role('activity_analyst', :'merchant');
DROP ROLE activity_shop, activity_analyst;
