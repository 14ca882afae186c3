-- The history of customers: what each change leaves, and what a customer was at a time.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
CREATE ROLE history_shop LOGIN IN ROLE customers_merchant;
CREATE ROLE history_analyst LOGIN IN ROLE customers_analyst;
RESET client_min_messages;
SELECT customers.create_merchant('History') AS merchant \gset
SELECT customers.create_merchant('Another') AS another \gset
SELECT customers.bind_role('history_shop', :'merchant'), customers.bind_role('history_analyst', :'merchant');
SET customers.merchant = :'merchant';
SELECT customers.define_context_field('email', '{"type": "string"}', 'create');
SELECT customers.define_context_field('age', '{"type": "integer"}');
SELECT customers.define_context_field('address', '{"type": "object"}');
CREATE FUNCTION pg_temp.try(call text, VARIADIC arguments text[] = '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
  detail text;
BEGIN
  EXECUTE format(call, VARIADIC arguments) INTO result;
  RETURN 'done: ' || coalesce(result, 'null');
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RETURN regexp_replace(sqlstate || ': ' || concat_ws('; ', sqlerrm, nullif(detail, '')), '\m(cus|mer)_[0-9a-z]{26}\M', '\1_#', 'g');
END
$$;
GRANT EXECUTE ON FUNCTION pg_temp.try TO PUBLIC;
-- the history of a customer, and whether each version begins where the one before ended
CREATE FUNCTION pg_temp.history(customer customers.customer_id)
RETURNS TABLE (version int, context jsonb, payments bool, payouts bool, archived bool, by name, joined bool) LANGUAGE sql AS $$
  SELECT version, context, payments_allowed, payouts_allowed, archived_at IS NOT NULL,
         CASE by WHEN session_user THEN 'the superuser' ELSE by END,
         coalesce(updated_at = lag(replaced_at) OVER (ORDER BY version), updated_at = created_at)
    FROM (SELECT h.*, c.created_at, h.replaced_by AS by
            FROM customers.customer_history h JOIN customers.customer c USING (merchant_id, customer_id)
          UNION ALL
          SELECT merchant_id, customer_id, version, context, schema_version, payments_allowed, payouts_allowed, archived_at,
                 updated_at, NULL, NULL, created_at, NULL FROM customers.customer) AS s
   WHERE customer_id = $1 ORDER BY version $$;

-- Creating writes none, each change one, and what changes nothing none.
SET ROLE history_shop;
SELECT customers.create_customer('ana', '{"email": "ana@example.com"}') AS ana \gset
SELECT * FROM customers.import_customers(ARRAY['{"reference": "ben", "context": {"email": "ben@example.com"}}']::jsonb[]) \gset ben_
SELECT count(*) FROM customers.customer_history;
SELECT customers.update_customer(:'ana', '{"age": 30, "address": {"city": "Lyon", "lines": ["1", "2"]}}');
SELECT customers.update_customer(:'ana', '{"address": {"city": null, "zip": {"code": 69001, "no": null}}}');
SELECT customers.update_customer(:'ana', '{"address": {"zip": {"code": 69001}}}') AS unchanged;
SELECT customers.update_customer(:'ana', '{}') AS unchanged;
SELECT customers.update_customer(:'ana', '{"age": null}');
SELECT customers.update_customer(:'ana', '{"age": null, "address": {"nothing": null}}') AS unchanged;
SELECT customers.archive_customer(:'ana');
SELECT customers.archive_customer(:'ana') AS unchanged;
SELECT pg_temp.try('SELECT customers.update_customer(%L, %L, 4)', :'ana', '{"age": 31}');
SELECT pg_temp.try('SELECT customers.update_customer(%L, %L, 5)', :'ana', '{"age": 31}') AS archived;
SELECT pg_temp.try('SELECT customers.update_customer(%L, %L, 5)', :'ana', '{}') AS stale_and_empty;
SELECT customers.unarchive_customer(:'ana');
SELECT customers.unarchive_customer(:'ana') AS unchanged;
SELECT customers.allow_payments(:'ana', false), customers.allow_payouts(:'ana', false);
SELECT customers.allow_payments(:'ana', false), customers.allow_payouts(:'ana', false);
SELECT customers.allow_payments(:'ana', true), customers.allow_payouts(:'ana', true);
RESET ROLE;
SELECT * FROM pg_temp.history(:'ana');

-- A change that is refused, or rolled back, leaves nothing.
SELECT pg_temp.try('SELECT customers.update_customer(%L, %L)', :'ana', '{"age": "old"}');
BEGIN;
SELECT customers.allow_payments(:'ana', false);
ROLLBACK;
SELECT count(*) FROM pg_temp.history(:'ana');

-- Whoever writes the row leaves it, with the right number, and the time of the clock.
UPDATE customers.customer SET context = context || '{"age": 40}' WHERE customer_id = :'ana' RETURNING version;
UPDATE customers.customer SET payouts_allowed = false, version = version + 1 WHERE customer_id = :'ana' RETURNING version;
UPDATE customers.customer SET archived_at = '2020-01-01', updated_at = '2020-01-01' WHERE customer_id = :'ana'
RETURNING version, updated_at > created_at AND updated_at <= clock_timestamp() AS clock;
UPDATE customers.customer SET archived_at = NULL, updated_at = '2999-01-01' WHERE customer_id = :'ana'
RETURNING version, updated_at > created_at AND updated_at <= clock_timestamp() AS clock;
UPDATE customers.customer SET archived_at = NULL, context = context WHERE customer_id = :'ana' RETURNING version AS unchanged;
SELECT pg_temp.try('UPDATE customers.customer SET version = version - 1 WHERE customer_id = %L', :'ana');
SELECT pg_temp.try('UPDATE customers.customer SET version = version + 2 WHERE customer_id = %L', :'ana');
SELECT pg_temp.try('UPDATE customers.customer SET context = context || %L, version = 1 WHERE customer_id = %L', '{"age": 41}', :'ana');
SELECT * FROM pg_temp.history(:'ana') WHERE version > 10;
-- Of many in one statement each leaves its own.
UPDATE customers.customer SET payments_allowed = false WHERE merchant_id = :'merchant';
SELECT count(*), count(DISTINCT customer_id) FROM customers.customer_history
 WHERE merchant_id = :'merchant' AND (NOT payments_allowed OR version = 1);

-- Versions and times have one order, within a transaction and when the clock steps back.
BEGIN;
SELECT customers.update_customer(:'ana', jsonb_build_object('age', n)) FROM generate_series(50, 52) AS n;
COMMIT;
SELECT count(*) FILTER (WHERE NOT joined) AS torn, count(*) = max(version) AS whole FROM pg_temp.history(:'ana');
SELECT bool_and(updated_at < replaced_at) AS forward FROM customers.customer_history WHERE customer_id = :'ana';
INSERT INTO customers.customer (merchant_id, customer_id, reference, context, created_at, updated_at)
VALUES (:'merchant', 'cus_00000000000000000000000001', 'of tomorrow', '{"email": "t@example.com"}', now(), '2999-01-01');
SELECT customers.update_customer('cus_00000000000000000000000001', '{"age": 1}');
SELECT customers.allow_payouts('cus_00000000000000000000000001', false);
UPDATE customers.customer SET context = context || '{"age": 2}' WHERE reference = 'of tomorrow';
SELECT version, updated_at = '2999-01-01' AS as_before FROM customers.customer WHERE reference = 'of tomorrow';
-- Of versions of the same time the last one counts.
SELECT customers.customer_as_of('cus_00000000000000000000000001', '2999-01-01') -> 'version' AS version,
       customers.customer_as_of('cus_00000000000000000000000001', now()) AS before_that;
UPDATE customers.customer SET version = 2147483647 WHERE reference = 'of tomorrow';
SET session_replication_role = replica;
UPDATE customers.customer SET version = 2147483647 WHERE reference = 'of tomorrow';
RESET session_replication_role;
SELECT pg_temp.try('SELECT customers.allow_payouts(%L, true)', 'cus_00000000000000000000000001');
SELECT pg_temp.try('UPDATE customers.customer SET payouts_allowed = true WHERE customer_id = %L', 'cus_00000000000000000000000001');

-- As of: each version at its time, exactly from its beginning to its end.
SET ROLE history_shop;
SELECT bool_and(a.document -> 'context' = h.context AND (a.document ->> 'version')::int = h.version
                AND (a.document ->> 'schema_version')::int = h.schema_version
                AND (a.document ->> 'payments_allowed')::bool = h.payments_allowed
                AND (a.document ->> 'payouts_allowed')::bool = h.payouts_allowed
                AND (a.document ->> 'archived_at')::timestamptz IS NOT DISTINCT FROM h.archived_at
                AND (a.document ->> 'updated_at')::timestamptz = h.updated_at) AS same, count(*)
  FROM customers.customer_history h,
       LATERAL (VALUES (h.updated_at), (h.replaced_at - interval '1 microsecond')) AS t(at),
       LATERAL customers.customer_as_of(h.customer_id, t.at) AS a(document)
 WHERE h.customer_id = :'ana';
SELECT customers.customer_as_of(:'ana', now()) = customers.customer_as_of(:'ana', 'infinity') AS still,
       customers.customer_as_of(:'ana', created_at - interval '1 microsecond') AS before_creation,
       customers.customer_as_of(:'ana', '-infinity') AS ever, customers.customer_as_of(:'ana', NULL) AS never
  FROM customers.customer WHERE customer_id = :'ana';
SET timezone = 'Asia/Kolkata';
SELECT regexp_replace(jsonb_pretty(customers.customer_as_of(:'ben_customer', created_at)),
                      '[0-9-]{10}T[0-9:.]+(?=\+00:00)|(?<=cus_)[0-9a-z]{26}', '#', 'g') AS first_of_ben
  FROM customers.customer WHERE customer_id = :'ben_customer';
RESET timezone;
-- What was written past the guard is unknown, and never taken for another version.
RESET ROLE;
SET session_replication_role = replica;
UPDATE customers.customer SET context = '{"email": "replica"}', updated_at = updated_at + interval '1 hour' WHERE customer_id = :'ben_customer';
RESET session_replication_role;
SELECT customers.customer_as_of(:'ben_customer', updated_at - interval '1 second') AS unknown,
       customers.customer_as_of(:'ben_customer', updated_at) -> 'context' AS known
  FROM customers.customer WHERE customer_id = :'ben_customer';

-- Who may: merchants, of their own customers.
SET ROLE history_analyst;
SELECT pg_temp.try('SELECT customers.customer_as_of(%L, now())', :'ana');
SELECT pg_temp.try('SELECT count(*) FROM customers.customer_history');
SET ROLE history_shop;
SELECT count(*) > 10 AS some FROM customers.customer_history;
SELECT pg_temp.try('SELECT customers.prune_customer_history(now())');
RESET ROLE;
SET customers.merchant = :'another';
SELECT pg_temp.try('SELECT customers.customer_as_of(%L, now())', :'ana');
SELECT customers.prune_customer_history(now()) AS none;
SET ROLE history_shop;
SELECT pg_temp.try('SELECT count(*) FROM customers.customer_history');
RESET ROLE;
SET customers.merchant = :'merchant';
SELECT pg_temp.try('SELECT customers.customer_as_of(%L, now())', 'cus_00000000000000000000000000');

-- It only grows, whoever asks.
SELECT pg_temp.try('UPDATE customers.customer_history SET context = %L', '{}');
SELECT pg_temp.try('DELETE FROM customers.customer_history');
SELECT pg_temp.try('TRUNCATE customers.customer_history');
SELECT pg_temp.try('DELETE FROM customers.customer WHERE customer_id = %L', :'ana');

-- Pruned: the oldest go first, and a time of which nothing is known gives null.
SELECT count(*) AS held FROM customers.customer_history WHERE merchant_id = :'merchant' \gset
SELECT replaced_at AS before FROM customers.customer_history WHERE customer_id = :'ana' AND version = 4 \gset
SELECT customers.prune_customer_history(:'before', 2), customers.prune_customer_history(:'before'), customers.prune_customer_history(:'before');
SELECT :held - count(*) AS gone, min(version) AS first FROM customers.customer_history WHERE merchant_id = :'merchant';
SELECT customers.customer_as_of(:'ana', created_at) AS pruned FROM customers.customer WHERE customer_id = :'ana';
SELECT customers.customer_as_of(:'ana', :'before'::timestamptz - interval '1 microsecond') -> 'version' AS kept;
SELECT pg_temp.try('SELECT customers.prune_customer_history(%L)', 'infinity');
SELECT pg_temp.try('SELECT customers.prune_customer_history(now(), 0)');
SELECT pg_temp.try('SELECT customers.prune_customer_history(NULL)');
SELECT pg_temp.try('DELETE FROM customers.customer_history');

-- Erased: all of it goes, in the same transaction.
SELECT updated_at AS before_erasure FROM customers.customer WHERE customer_id = :'ana' \gset
BEGIN;
SELECT customers.erase_customer(:'ana');
ROLLBACK;
SELECT count(*) > 10 AS kept FROM customers.customer_history WHERE customer_id = :'ana';
SET ROLE history_shop;
SELECT customers.erase_customer(:'ana');
RESET ROLE;
SELECT count(*) FROM customers.customer_history WHERE customer_id = :'ana';
SELECT customers.customer_as_of(:'ana', :'before_erasure') AS before,
       customers.customer_as_of(:'ana', erased_at) - ARRAY['customer_id', 'created_at', 'updated_at', 'erased_at', 'version'] AS since
  FROM customers.customer WHERE customer_id = :'ana';
UPDATE customers.customer SET payments_allowed = NOT payments_allowed WHERE customer_id = :'ana' RETURNING erased_at < updated_at AS changed;
SELECT count(*) FROM customers.customer_history WHERE customer_id = :'ana';

SELECT customers.unbind_role('history_shop', :'merchant'), customers.unbind_role('history_analyst', :'merchant');
DROP ROLE history_shop, history_analyst;
