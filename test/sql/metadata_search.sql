-- Search by the values of metadata: digests, their index, who may search, and the record of it.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
-- A server without a root key can't do any of this: expected/metadata_search_1.out.
SELECT coalesce(current_setting('customers.key_file', true), '') = '' AS no_key \gset
\if :no_key
\quit
\endif
SELECT customers.install();
CREATE ROLE search_shop LOGIN IN ROLE customers_merchant;
CREATE ROLE search_reader LOGIN IN ROLE customers_metadata;
RESET client_min_messages;
SELECT customers.create_merchant('Search') AS merchant \gset
SELECT customers.create_merchant('Other') AS other \gset
SELECT customers.bind_role('search_shop', :'merchant'), customers.bind_role('search_reader', :'merchant');
SET customers.merchant = :'merchant';
SELECT customers.create_customer('ana', metadata => '{"tax": "A-1", "note": "same"}') AS ana \gset
SELECT customers.create_customer('bob', metadata => '{"tax": "B-2", "note": "same"}') AS bob \gset
SELECT customers.create_customer('cem') AS cem \gset
CREATE FUNCTION pg_temp.found(key text, value text) RETURNS text[] LANGUAGE sql AS
$$ SELECT array_agg(reference ORDER BY reference) FROM customers.find_by_metadata(key, value) AS found JOIN customers.customer ON customer_id = found $$;
CREATE FUNCTION pg_temp.digests() RETURNS TABLE (reference text, key text, digest text) LANGUAGE sql AS
$$ SELECT c.reference, m.key, CASE WHEN m.digest IS NOT NULL THEN octet_length(m.digest) || ' bytes, key ' || get_byte(m.digest, 3) END
   FROM customers.metadata m JOIN customers.customer c USING (merchant_id, customer_id)
   WHERE merchant_id = customers.current_merchant() ORDER BY 1, 2 $$;

-- A key that is not searchable.
SELECT customers.find_by_metadata('tax', 'A-1');
SELECT customers.find_by_metadata(repeat('é', 100), 'A-1');
SELECT * FROM pg_temp.digests();

-- Switched on: what there is has digests, and so has what is set.
SELECT customers.define_metadata_key('tax', true);
SELECT key, searchable FROM customers.metadata_key WHERE merchant_id = :'merchant';
SELECT * FROM pg_temp.digests();
SELECT pg_temp.found('tax', 'A-1'), pg_temp.found('tax', 'B-2'), pg_temp.found('tax', 'C-3');
SELECT customers.set_metadata(:'cem', '{"tax": "C-3", "note": "same"}');
SELECT pg_temp.found('tax', 'C-3');
-- The other key is still none to search by.
SELECT customers.find_by_metadata('note', 'same');

-- The digest follows the value: changed, removed, cleared.
SELECT customers.set_metadata(:'cem', '{"tax": "A-1"}');
SELECT pg_temp.found('tax', 'A-1'), pg_temp.found('tax', 'C-3');
SELECT customers.set_metadata(:'ana', '{"tax": ""}');
SELECT pg_temp.found('tax', 'A-1');
SELECT customers.clear_metadata(:'cem');
SELECT pg_temp.found('tax', 'A-1');
SELECT customers.set_metadata(:'ana', '{"tax": "A-1"}'), customers.set_metadata(:'cem', '{"tax": "A-1"}');

-- Exactly the value, as text: no pattern, no other case, no blank more; numbers by their text; any characters.
SELECT pg_temp.found('tax', 'a-1'), pg_temp.found('tax', 'A-1 '), pg_temp.found('tax', 'A%'), pg_temp.found('tax', '');
SELECT pg_temp.found('TAX', 'A-1');
SELECT customers.set_metadata(:'bob', '{"tax": 42.50}');
SELECT pg_temp.found('tax', '42.50'), pg_temp.found('tax', '42.5');
SELECT customers.set_metadata(:'bob', '{"tax": "Łódź 🎈"}');
SELECT pg_temp.found('tax', 'Łódź 🎈');
SELECT customers.find_by_metadata('tax', NULL) IS NULL AS none;
SELECT customers.find_by_metadata(NULL, 'A-1') IS NULL AS none;

-- Digests of equal values are equal within a key, and nowhere else.
SELECT customers.define_metadata_key('note', true);
SELECT customers.set_metadata(:'ana', '{"note": "A-1"}');
SELECT count(DISTINCT digest) FROM customers.metadata WHERE merchant_id = :'merchant' AND key = 'tax' AND customer_id IN (:'ana', :'cem');
SELECT count(DISTINCT digest) FROM customers.metadata WHERE merchant_id = :'merchant' AND customer_id = :'ana';
SET customers.merchant = :'other';
SELECT customers.define_metadata_key('tax', true);
SELECT customers.create_customer('other', metadata => '{"tax": "A-1"}') IS NOT NULL AS created;
SELECT pg_temp.found('tax', 'A-1');
SET customers.merchant = :'merchant';
SELECT pg_temp.found('tax', 'A-1');
SELECT count(DISTINCT digest) FROM customers.metadata WHERE merchant_id IN (:'merchant', :'other') AND key = 'tax' AND length(value::text) = 106;

-- The merchant defines, the reader searches; nobody sees digests, who could else set guesses and compare.
SET SESSION AUTHORIZATION search_shop;
SELECT customers.find_by_metadata('tax', 'A-1');
SELECT digest FROM customers.metadata;
SELECT * FROM customers.metadata;
SELECT count(*), count(value) FROM customers.metadata;
SELECT customers.define_metadata_key('vat', false);
SELECT key, searchable FROM customers.metadata_key ORDER BY key;
SET SESSION AUTHORIZATION search_reader;
SELECT count(*) FROM customers.find_by_metadata('tax', 'A-1');
SELECT key FROM customers.metadata_key ORDER BY key;
SELECT customers.define_metadata_key('tax', false);
RESET SESSION AUTHORIZATION;
SET customers.merchant = :'merchant';

-- One row for a search, with all that it has found.
SELECT count(*) AS recorded FROM customers.metadata_access WHERE merchant_id = :'merchant' \gset
SELECT count(*) FROM customers.find_by_metadata('tax', 'A-1');
SELECT count(*) FROM customers.find_by_metadata('tax', 'nobody');
SET ROLE search_reader;
SELECT count(*) FROM customers.find_by_metadata('tax', 'Łódź 🎈');
RESET ROLE;
SELECT a.role = current_user AS me, a.session_role = session_user AS my_session, a.customer_id, a.keys,
       ARRAY(SELECT reference FROM unnest(a.found) AS f JOIN customers.customer ON customer_id = f ORDER BY 1) AS found
FROM customers.metadata_access a WHERE merchant_id = :'merchant' ORDER BY access_id OFFSET :recorded;
-- In a read-only transaction it goes to the server log; what fails leaves none.
SELECT count(*) AS recorded FROM customers.metadata_access WHERE merchant_id = :'merchant' \gset
BEGIN READ ONLY;
SELECT count(*) FROM customers.find_by_metadata('tax', 'A-1');
COMMIT;
SELECT customers.find_by_metadata('vat', 'A-1');
SELECT count(*) - :recorded AS new FROM customers.metadata_access WHERE merchant_id = :'merchant';

-- Among many, built in batches, by the index alone; it has the searchable values only.
SELECT count(customers.create_customer('many ' || n, metadata => jsonb_build_object('tax', 'T-' || n, 'card', 'L-' || n % 100)))
FROM generate_series(1, 2345) n;
SELECT customers.define_metadata_key('card', true);
SELECT count(*), count(digest), count(DISTINCT digest) FROM customers.metadata WHERE merchant_id = :'merchant' AND key = 'card';
SELECT count(*) FROM customers.find_by_metadata('card', 'L-7');
SELECT pg_temp.found('tax', 'T-1234'), pg_temp.found('card', 'L-100');
SELECT customers.define_metadata_key('card', false);
SELECT count(*), count(digest) FROM customers.metadata WHERE merchant_id = :'merchant' AND key = 'card';
SELECT customers.find_by_metadata('card', 'L-7');
ANALYZE customers.metadata;
SET plan_cache_mode = force_generic_plan;
PREPARE find_by_digest (customers.merchant_id, bytea[], text) AS SELECT m.customer_id FROM customers.metadata m
  WHERE m.merchant_id = $1 AND m.digest = ANY ($2) AND m.key = $3 ORDER BY m.customer_id;
EXPLAIN (COSTS OFF) EXECUTE find_by_digest (:'merchant', ARRAY['\x00'::bytea], 'tax');
RESET plan_cache_mode;
SELECT pg_stat_force_next_flush() IS NOT NULL AS flushed;
SELECT idx_scan AS scans FROM pg_stat_user_indexes WHERE indexrelname = 'metadata_digest' \gset
SELECT seq_scan AS seq_scans FROM pg_stat_user_tables WHERE relid = 'customers.metadata'::regclass \gset
SELECT pg_temp.found('tax', 'T-2345');
SELECT pg_stat_force_next_flush() IS NOT NULL AS flushed;
SELECT idx_scan - :scans AS index_scans FROM pg_stat_user_indexes WHERE indexrelname = 'metadata_digest';
SELECT seq_scan - :seq_scans AS seq_scans FROM pg_stat_user_tables WHERE relid = 'customers.metadata'::regclass;

-- Repeated, it makes digests that are missing, and no more.
UPDATE customers.metadata SET digest = NULL WHERE merchant_id = :'merchant' AND key = 'tax' AND customer_id = :'bob';
SELECT pg_temp.found('tax', 'Łódź 🎈');
SELECT defined_at FROM customers.metadata_key WHERE merchant_id = :'merchant' AND key = 'tax' \gset
SELECT customers.define_metadata_key('tax', true);
SELECT pg_temp.found('tax', 'Łódź 🎈');
SELECT defined_at = :'defined_at' AS same FROM customers.metadata_key WHERE merchant_id = :'merchant' AND key = 'tax';

-- Rolled back, nothing is searchable that was not.
BEGIN;
SELECT customers.define_metadata_key('card', true);
SELECT count(*) FROM customers.find_by_metadata('card', 'L-7');
ROLLBACK;
SELECT customers.find_by_metadata('card', 'L-7');
SELECT customers.set_metadata(:'ana', '{"card": "L-7"}');
SELECT count(digest) FROM customers.metadata WHERE merchant_id = :'merchant' AND key = 'card';

-- A value that was changed by hand stops the building; nothing is half on.
BEGIN;
UPDATE customers.metadata SET value = (SELECT value FROM customers.metadata WHERE merchant_id = :'merchant' AND customer_id = :'ana' AND key = 'tax')
WHERE merchant_id = :'merchant' AND customer_id = :'ana' AND key = 'card';
SELECT customers.define_metadata_key('card', true);
ROLLBACK;

-- What can't be a key.
SELECT customers.define_metadata_key('', true);
SELECT customers.define_metadata_key(repeat('é', 40), true);
SELECT customers.define_metadata_key(repeat('é', 41), true);
SELECT customers.define_metadata_key('4111111111111111', true);
SELECT customers.define_metadata_key(NULL, true);
SELECT customers.define_metadata_key('tax', NULL);

-- Erasing a customer's key takes the digests with the values.
DELETE FROM customers.customer_key WHERE merchant_id = :'merchant' AND customer_id = :'bob';
SELECT pg_temp.found('tax', 'Łódź 🎈');

-- Old records are pruned, by admins only, and by nothing else.
SELECT count(*) AS recorded FROM customers.metadata_access WHERE merchant_id = :'merchant' \gset
SET ROLE search_shop;
SELECT customers.prune_metadata_access(now());
RESET ROLE;
DELETE FROM customers.metadata_access WHERE merchant_id = :'merchant';
UPDATE customers.metadata_access SET at = now() WHERE merchant_id = :'merchant';
SET ROLE customers_owner;
UPDATE customers.metadata_access SET at = now() WHERE merchant_id = :'merchant';
DELETE FROM customers.metadata_access WHERE merchant_id = :'merchant';
RESET ROLE;
SELECT customers.prune_metadata_access('infinity');
SELECT customers.prune_metadata_access(clock_timestamp(), 0);
SELECT customers.prune_metadata_access(NULL);
SELECT customers.prune_metadata_access('-infinity'), customers.prune_metadata_access('1960-01-01'), customers.prune_metadata_access(now() - interval '1 day');
SELECT count(*) - :recorded AS gone FROM customers.metadata_access WHERE merchant_id = :'merchant';
SELECT max(access_id::text) AS newest FROM customers.metadata_access WHERE merchant_id = :'merchant' \gset
SELECT at + interval '1 ms' AS middle FROM customers.metadata_access WHERE merchant_id = :'merchant' ORDER BY access_id OFFSET 5 LIMIT 1 \gset
SELECT count(*) FILTER (WHERE at < :'middle') >= 6 AS old, count(*) FILTER (WHERE at >= :'middle') > 0 AS new FROM customers.metadata_access WHERE merchant_id = :'merchant';
SELECT customers.prune_metadata_access(:'middle', 2);
SELECT count(*) - :recorded AS gone FROM customers.metadata_access WHERE merchant_id = :'merchant';
SELECT customers.prune_metadata_access(:'middle') >= 3 AS pruned;
SELECT count(*) AS left FROM customers.metadata_access WHERE merchant_id = :'merchant' AND at < :'middle'::timestamptz - interval '1 ms';
SELECT count(*) FROM customers.metadata_access WHERE merchant_id = :'merchant' AND access_id::text = :'newest';
SELECT count(customers.get_metadata(:'ana', 'tax')) FROM generate_series(1, 2500);
SELECT pg_sleep(0.002);
SELECT customers.prune_metadata_access(clock_timestamp()) >= 2500 AS pruned;
SELECT count(*) FROM customers.metadata_access WHERE merchant_id = :'merchant';
SELECT count(*) > 0 AS of_others FROM customers.metadata_access WHERE merchant_id = :'other';
DELETE FROM customers.metadata_access WHERE merchant_id = :'other';

-- A rotation of the merchant's key takes the digests along; the record of a search is part of an export.
SELECT customers.create_merchant('Rotating') AS rotating \gset
SET customers.merchant = :'rotating';
SELECT customers.create_customer('rita', metadata => '{"vat": "FR 40"}') AS rita \gset
SELECT customers.define_metadata_key('vat', true);
SET client_min_messages = warning;
CALL customers.rotate_merchant_key();
RESET client_min_messages;
SELECT key_id FROM customers.merchant_key WHERE merchant_id = :'rotating';
SELECT get_byte(digest, 3) AS key_id FROM customers.metadata WHERE customer_id = :'rita';
SELECT customers.find_by_metadata('vat', 'FR 40') = :'rita' AS found;
SELECT jsonb_path_query_array(customers.export_customer(:'rita'), '$.metadata_access[*].search') AS search;
DROP OWNED BY search_shop, search_reader;
DROP ROLE search_shop, search_reader;
