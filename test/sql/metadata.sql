-- Metadata of customers: sealed values, limits, access and its record.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
-- A server without a root key can't do any of this: expected/metadata_1.out.
SELECT coalesce(current_setting('customers.key_file', true), '') = '' AS no_key \gset
\if :no_key
\quit
\endif
SELECT customers.install();
CREATE ROLE metadata_shop LOGIN IN ROLE customers_merchant;
CREATE ROLE metadata_reader LOGIN IN ROLE customers_metadata;
CREATE ROLE metadata_other LOGIN IN ROLE customers_merchant, customers_metadata;
RESET client_min_messages;
SELECT customers.create_merchant('Metadata') AS merchant \gset
SELECT customers.create_merchant('Other') AS other \gset
SELECT customers.bind_role('metadata_shop', :'merchant');
SELECT customers.bind_role('metadata_reader', :'merchant');
SELECT customers.bind_role('metadata_other', :'other');
SET customers.merchant = :'merchant';
SELECT customers.create_customer('ana') AS ana \gset
SELECT customers.create_customer('bob', metadata => '{"note": "made with him"}') AS bob \gset

-- Set and read.  Numbers and booleans are kept as their text.
SELECT customers.set_metadata(:'ana', '{"note": "met in Łódź 🎈", "size": 42.50, "vip": true, "gone": false}');
SELECT customers.get_metadata(:'ana', 'note');
SELECT customers.get_metadata(:'ana', 'size'), customers.get_metadata(:'ana', 'vip'), customers.get_metadata(:'ana', 'gone');
SELECT customers.metadata(:'ana');
SELECT customers.metadata_keys(:'ana');
SELECT customers.metadata(:'bob');

-- A repeated call must have the same metadata; what is kept of it to tell is
-- not what anybody can compute, nor the same for another key.
SELECT customers.create_customer('ida', metadata => '{"pin": "0042"}', idempotency_key => 'i1') AS ida \gset
SELECT customers.create_customer('ida', metadata => '{"pin": "0042"}', idempotency_key => 'i1') = :'ida' AS same;
SELECT customers.create_customer('ida', metadata => '{"pin": "0043"}', idempotency_key => 'i1');
SELECT customers.create_customer('ida', idempotency_key => 'i1');
SELECT customers.create_customer('ina', metadata => '{"pin": "0042"}', idempotency_key => 'i2') IS NOT NULL AS created;
SELECT customers.create_customer('ivo', metadata => '{}', idempotency_key => 'i3') = customers.create_customer('ivo', metadata => '{}', idempotency_key => 'i3') AS same;
SELECT count(DISTINCT parameters ->> 'metadata') AS digests, bool_and(parameters ->> 'metadata' ~ '^1:[0-9a-f]{32}$') AS keyed
  FROM customers.idempotency WHERE merchant_id = :'merchant' AND key IN ('i1', 'i2');
SET ROLE metadata_shop;
SELECT operation FROM customers.idempotency ORDER BY created_at;
SELECT key FROM customers.idempotency;
SELECT parameters FROM customers.idempotency;
RESET ROLE;

-- A name that no key can have is recorded as far as a key can be long.
SELECT customers.get_metadata(:'ana', repeat('é', 100000)) IS NULL AS absent;
SELECT keys FROM customers.metadata_access WHERE merchant_id = :'merchant' ORDER BY access_id DESC LIMIT 1;

-- A key that is not there has no value; a customer without metadata has {}.
SELECT customers.get_metadata(:'ana', 'absent') IS NULL AS absent;
SELECT customers.create_customer('cem') AS cem \gset
SELECT customers.metadata(:'cem'), customers.metadata_keys(:'cem'), customers.get_metadata(:'cem', 'note') IS NULL AS absent;

-- Setting merges; null and "" remove; the result counts what was set or removed.
SELECT customers.set_metadata(:'ana', '{"note": "again", "gone": null, "vip": "", "absent": null}');
SELECT customers.metadata(:'ana');
SELECT customers.set_metadata(:'ana', '{}');
SELECT customers.set_metadata(:'ana', '{"note": "again", "fresh": 1, "size": 43}');
SELECT customers.set_metadata(:'ana', '{"fresh": null, "size": 42.50}');
SELECT customers.set_metadata(:'ana', NULL);

-- Values are text, nothing else.
SELECT customers.set_metadata(:'ana', '{"tags": ["a"]}');
SELECT customers.set_metadata(:'ana', '{"address": {"city": "X"}}');
SELECT customers.set_metadata(:'ana', '["note"]');
SELECT customers.set_metadata(:'ana', '"note"');

-- Limits count characters, and name the key but never show the value.
SELECT customers.set_metadata(:'ana', jsonb_build_object(repeat('ż', 40), repeat('🎈', 500)));
SELECT customers.get_metadata(:'ana', repeat('ż', 40)) = repeat('🎈', 500) AS kept;
SELECT customers.set_metadata(:'ana', jsonb_build_object(repeat('ż', 41), 'v'));
SELECT customers.set_metadata(:'ana', jsonb_build_object('long', repeat('v', 501)));
SELECT customers.set_metadata(:'ana', '{"": "v"}');
SELECT customers.set_metadata(:'ana', '{"": null}');
SELECT customers.clear_metadata(:'ana');
SELECT customers.metadata_keys(:'ana');
SELECT customers.set_metadata(:'ana', (SELECT jsonb_object_agg('key ' || n, n) FROM generate_series(1, 50) n));
SELECT customers.set_metadata(:'ana', '{"one more": "v"}');
SELECT customers.set_metadata(:'ana', '{"key 1": "other"}');
SELECT customers.set_metadata(:'ana', '{"key 1": null, "one more": "v"}');
SELECT cardinality(customers.metadata_keys(:'ana'));
SELECT customers.set_metadata(:'bob', (SELECT jsonb_object_agg('key ' || n, n) FROM generate_series(1, 51) n));

-- A call that fails has changed nothing.
SELECT customers.set_metadata(:'bob', '{"a": "new", "note": null, "z": ["refused"]}');
SELECT customers.metadata(:'bob');

-- Card numbers are refused, wherever they stand in a value.
SELECT customers.set_metadata(:'bob', '{"card": "4111111111111111"}');
SELECT customers.set_metadata(:'bob', '{"card": 4111111111111111}');
SELECT customers.set_metadata(:'bob', '{"card": "Visa 4111 1111-1111 1111, 12/29"}');
SELECT customers.set_metadata(:'bob', '{"4111 1111 1111 1111": "Visa"}');
\set VERBOSITY sqlstate
SELECT customers.set_metadata(:'bob', '{"card": "378282246310005"}');
SELECT customers.set_metadata(:'bob', '{"card": "4222222222222"}');
SELECT customers.set_metadata(:'bob', '{"card": "6304000000000000000"}');
\set VERBOSITY default
-- What only looks like one is kept: another check digit, too few or too many digits, a letter between.
SELECT customers.set_metadata(:'bob', '{"a": "4111111111111112", "b": "123456789015", "c": "41111111111111110000", "d": "4111x111111111111", "e": "+49 170 1234567", "f": "4111/1111/1111/1111"}');
SELECT customers.set_metadata(:'bob', '{"a": null, "b": null, "c": null, "d": null, "e": null, "f": null}');

-- A customer who is not there, or another merchant's.
SELECT customers.set_metadata('cus_00000000000000000000000000', '{"a": "b"}');
SELECT customers.get_metadata('cus_00000000000000000000000000', 'a');
SELECT customers.metadata('cus_00000000000000000000000000');
SELECT customers.metadata_keys('cus_00000000000000000000000000');
SELECT customers.clear_metadata('cus_00000000000000000000000000');
\set VERBOSITY sqlstate
SET SESSION AUTHORIZATION metadata_other;
SET customers.merchant = :'other';
SELECT customers.set_metadata(:'bob', '{"a": "b"}');
SELECT customers.get_metadata(:'bob', 'note');
SELECT customers.metadata(:'bob');
SELECT customers.metadata_keys(:'bob');
SELECT customers.clear_metadata(:'bob');
SELECT count(*) FROM customers.metadata;
SELECT count(*) FROM customers.metadata_access;
\set VERBOSITY default

-- The merchant's role writes and sees ciphertext, but reads no value.
SET SESSION AUTHORIZATION metadata_shop;
SET customers.merchant = :'merchant';
SELECT customers.set_metadata(:'cem', '{"note": "by the shop"}');
SELECT customers.metadata_keys(:'cem');
SELECT key, length(value::text) FROM customers.metadata WHERE customer_id = :'cem';
SELECT customers.get_metadata(:'cem', 'note');
SELECT customers.metadata(:'cem');
SELECT count(*) FROM customers.merchant_key;
SELECT count(*) FROM customers.customer_key;
DELETE FROM customers.metadata;

-- The reader reads, and nothing else.
SET SESSION AUTHORIZATION metadata_reader;
SET customers.merchant = :'merchant';
SELECT customers.get_metadata(:'cem', 'note');
SELECT customers.metadata(:'cem');
SELECT customers.set_metadata(:'cem', '{"note": "by the reader"}');
SELECT customers.clear_metadata(:'cem');
SELECT count(*) FROM customers.metadata;
SELECT count(*) FROM customers.metadata_access;
RESET SESSION AUTHORIZATION;
SET customers.merchant = :'merchant';

-- Every read left a row, also of a key that was not there; writing leaves none.
SELECT role, session_role, keys FROM customers.metadata_access
WHERE merchant_id = :'merchant' AND customer_id = :'cem' ORDER BY access_id;
BEGIN;
SET LOCAL ROLE metadata_reader;
SELECT customers.get_metadata(:'cem', 'note');
COMMIT;
SET SESSION AUTHORIZATION metadata_shop;
SELECT role, session_role, keys FROM customers.metadata_access
WHERE customer_id = :'cem' ORDER BY access_id DESC LIMIT 1;
RESET SESSION AUTHORIZATION;

-- The record only grows, even for a superuser.
UPDATE customers.metadata_access SET role = 'nobody';
DELETE FROM customers.metadata_access;
TRUNCATE customers.metadata_access;

-- In a read-only transaction the record goes to the server log.
SELECT count(*) AS recorded FROM customers.metadata_access \gset
BEGIN READ ONLY;
SELECT customers.get_metadata(:'cem', 'note');
SELECT customers.metadata(:'cem');
\set VERBOSITY sqlstate
SELECT customers.set_metadata(:'cem', '{"note": "refused"}');
\set VERBOSITY default
ROLLBACK;
SELECT count(*) - :recorded AS new FROM customers.metadata_access;

-- Keys are made once: one for the merchant, one for each customer with metadata.
SELECT key_id FROM customers.merchant_key WHERE merchant_id = :'merchant';
SELECT c.reference FROM customers.customer_key k JOIN customers.customer c USING (merchant_id, customer_id)
WHERE merchant_id = :'merchant' ORDER BY 1;

-- The same value never has the same envelope.
SELECT customers.create_customer('dora') AS dora \gset
SELECT customers.set_metadata(:'dora', '{"a": "same", "b": "same"}');
SELECT count(DISTINCT value::text) FROM customers.metadata WHERE customer_id = :'dora';

-- Moved to another key, moved to another customer, or changed in any byte, it does not open.
BEGIN;
UPDATE customers.metadata SET value = (SELECT value FROM customers.metadata WHERE customer_id = :'dora' AND key = 'b')
WHERE customer_id = :'dora' AND key = 'a';
SELECT customers.get_metadata(:'dora', 'a');
ROLLBACK;
BEGIN;
UPDATE customers.metadata SET value = (SELECT value FROM customers.metadata WHERE customer_id = :'dora' AND key = 'b')
WHERE customer_id = :'cem';
SELECT customers.metadata(:'cem');
ROLLBACK;
BEGIN;
UPDATE customers.customer_key SET wrapped = (SELECT wrapped FROM customers.customer_key WHERE customer_id = :'cem')
WHERE customer_id = :'dora';
SELECT customers.get_metadata(:'dora', 'a');
ROLLBACK;
CREATE FUNCTION pg_temp.flipped(value customers.sealed, at int) RETURNS text LANGUAGE sql AS
$$ SELECT set_byte(bytes, at, get_byte(bytes, at) # 1)::text FROM customers.sealed_send(value) AS bytes $$;
CREATE FUNCTION pg_temp.open_flipped(customer customers.customer_id, at int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  UPDATE customers.metadata SET value = pg_temp.flipped(value, at)::customers.sealed
  WHERE customer_id = customer AND metadata.key = 'a';
  RETURN 'opened: ' || customers.get_metadata(customer, 'a');
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT min(at), max(at), count(*), outcome
FROM (SELECT at, pg_temp.open_flipped(:'dora', at) AS outcome
      FROM customers.metadata, generate_series(0, octet_length(customers.sealed_send(value)) - 1) AS at
      WHERE customer_id = :'dora' AND key = 'a' OFFSET 0) AS t
GROUP BY outcome ORDER BY 1;
SELECT customers.get_metadata(:'dora', 'a');

-- A merchant's key that the server's root keys did not seal, or that is gone.
BEGIN;
UPDATE customers.merchant_key SET wrapped = overlay(wrapped::text PLACING '0123456789abcdef' FROM 5)::customers.sealed
WHERE merchant_id = :'merchant';
SELECT customers.get_metadata(:'dora', 'a');
ROLLBACK;
BEGIN;
UPDATE customers.merchant_key SET wrapped = pg_temp.flipped(wrapped, 60)::customers.sealed
WHERE merchant_id = :'merchant';
SELECT customers.get_metadata(:'dora', 'a');
ROLLBACK;
BEGIN;
SELECT customers.get_metadata(:'dora', 'a');
DELETE FROM customers.merchant_key WHERE merchant_id = :'merchant';
\set VERBOSITY sqlstate
SELECT customers.get_metadata(:'dora', 'a');
ROLLBACK;
\set VERBOSITY default
SELECT customers.get_metadata(:'dora', 'a');

-- Keys that were made in a transaction that is rolled back are forgotten.
SELECT customers.create_merchant('Rolled back') AS back \gset
SET customers.merchant = :'back';
SELECT customers.create_customer('eve') AS eve \gset
BEGIN;
SELECT customers.set_metadata(:'eve', '{"a": "lost"}');
SELECT customers.get_metadata(:'eve', 'a');
ROLLBACK;
SELECT customers.metadata(:'eve');
BEGIN;
SAVEPOINT s;
SELECT customers.set_metadata(:'eve', '{"a": "lost"}');
ROLLBACK TO s;
SELECT customers.set_metadata(:'eve', '{"a": "kept"}');
COMMIT;
\c -
SET customers.merchant = :'back';
SELECT customers.metadata(:'eve');

-- Destroying the key of a customer destroys the values with it.
BEGIN;
DELETE FROM customers.customer_key WHERE customer_id = :'eve';
SELECT customers.metadata(:'eve');
COMMIT;

-- Who may do what.
SELECT p.proname, p.provolatile, p.proisstrict, p.proparallel,
       array_to_string(ARRAY(SELECT a.grantee::regrole::text FROM aclexplode(p.proacl) a
                             WHERE a.grantee <> p.proowner ORDER BY 1), ', ') AS granted_to
FROM pg_proc p
WHERE p.pronamespace = 'customers'::regnamespace AND p.proname ~ 'metadata' AND p.proname <> 'store_metadata'
ORDER BY 1;
DROP OWNED BY metadata_shop, metadata_reader, metadata_other;
DROP ROLE metadata_shop, metadata_reader, metadata_other;
