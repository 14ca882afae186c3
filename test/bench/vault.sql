-- What does it cost that metadata is sealed?
--
-- First sealing and opening 100 bytes: libsodium in a bare loop, the vault in a
-- loop, and pgcrypto.  The operations unwrap the key of the customer, which the
-- statement that they run anyway has read; the lookup is a statement of its own.  Then set_metadata() and get_metadata() beside functions in
-- PL/pgSQL that do the same with the same rows in plain, the record of the read
-- included.  Each figure is the median of several rounds, taken in turn.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
CREATE EXTENSION IF NOT EXISTS pgcrypto;
SELECT customers.install();
CREATE FUNCTION pg_temp.vault_bench(what text, customer customers.customer_id, count int) RETURNS float8
LANGUAGE c AS '$libdir/customers_vault', 'vault_bench';
SELECT customers.use_merchant(customers.create_merchant('Bench vault'));
SET synchronous_commit = off;

-- The same tables in plain, with the same room left in their pages.
CREATE SCHEMA plain;
CREATE TABLE plain.metadata (
  merchant_id uuid NOT NULL, customer_id uuid NOT NULL, key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 40),
  value text NOT NULL, updated_at timestamptz NOT NULL, PRIMARY KEY (merchant_id, customer_id, key))
  WITH (fillfactor = 80);
CREATE TABLE plain.customer (
  merchant_id uuid NOT NULL, customer_id uuid NOT NULL, context jsonb NOT NULL DEFAULT '{}', PRIMARY KEY (merchant_id, customer_id));
ALTER TABLE plain.metadata ADD FOREIGN KEY (merchant_id, customer_id) REFERENCES plain.customer;
CREATE TABLE plain.access (
  merchant_id uuid NOT NULL, access_id uuid NOT NULL, customer_id uuid NOT NULL, at timestamptz NOT NULL,
  role name NOT NULL, session_role name NOT NULL, keys text[] NOT NULL, PRIMARY KEY (merchant_id, access_id));
CREATE INDEX ON plain.access (customer_id, at);

CREATE FUNCTION plain.set_metadata(the_merchant uuid, the_customer uuid, entries jsonb) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  changed int;
BEGIN
  PERFORM FROM plain.customer WHERE merchant_id = the_merchant AND customer_id = the_customer FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE 'customer "%" does not exist', the_customer;
  END IF;
  INSERT INTO plain.metadata SELECT the_merchant, the_customer, e.key, e.value, clock_timestamp() FROM jsonb_each_text(entries) AS e
  ON CONFLICT (merchant_id, customer_id, key) DO UPDATE SET value = EXCLUDED.value, updated_at = EXCLUDED.updated_at;
  GET DIAGNOSTICS changed = ROW_COUNT;
  IF (SELECT count(*) FROM plain.metadata WHERE merchant_id = the_merchant AND customer_id = the_customer) > 50 THEN
    RAISE 'too many metadata keys';
  END IF;
  RETURN changed;
END $$;
CREATE FUNCTION plain.get_metadata(the_merchant uuid, the_customer uuid, name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  SELECT m.value INTO result FROM plain.customer c
    LEFT JOIN plain.metadata m ON m.merchant_id = the_merchant AND m.customer_id = the_customer AND m.key = name
   WHERE c.merchant_id = the_merchant AND c.customer_id = the_customer;
  IF NOT FOUND THEN
    RAISE 'customer "%" does not exist', the_customer;
  END IF;
  INSERT INTO plain.access
  VALUES (the_merchant, gen_random_uuid(), the_customer, clock_timestamp(), current_user, session_user, ARRAY[name]);
  RETURN result;
END $$;

-- 1,000 customers with five keys each, on either side.
CREATE TEMP TABLE chosen AS
SELECT n, customers.create_customer() AS customer FROM generate_series(1, 1000) AS n;
SELECT count(customers.set_metadata(customer, (SELECT jsonb_object_agg('key_' || k, repeat('v', 100)) FROM generate_series(1, 5) AS k)))
  FROM chosen \g /dev/null
INSERT INTO plain.customer (merchant_id, customer_id) SELECT customers.current_merchant()::uuid, customer::uuid FROM chosen;
SELECT count(plain.set_metadata(customers.current_merchant()::uuid, customer::uuid,
                                (SELECT jsonb_object_agg('key_' || k, repeat('v', 100)) FROM generate_series(1, 5) AS k)))
  FROM chosen \g /dev/null
ANALYZE;

-- What is timed: SQL with the count of operations in it.
CREATE TEMP TABLE measured (what text, round int, us float8);
CREATE FUNCTION pg_temp.measure(what text, round int, operations int, statement text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  started timestamptz;
BEGIN
  started := clock_timestamp();
  EXECUTE statement;
  INSERT INTO measured VALUES (what, round, extract(epoch FROM clock_timestamp() - started) * 1e6 / operations);
END $$;
CREATE FUNCTION pg_temp.median(what text) RETURNS numeric LANGUAGE sql AS
$$ SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY us)::numeric, 2) FROM measured WHERE measured.what = $1 $$;
RESET client_min_messages;

DO $$
DECLARE
  ana customers.customer_id := (SELECT customer FROM chosen WHERE n = 1);
  merchant uuid := customers.current_merchant()::uuid;
  base text;
  what text;
BEGIN
  FOR round IN 1 .. 9 LOOP
    FOREACH what IN ARRAY ARRAY['libsodium alone', 'key at hand', 'with the key unwrapped', 'with the key''s lookup'] LOOP
      INSERT INTO measured VALUES (what, round, pg_temp.vault_bench(what, ana, 20000));
    END LOOP;
    PERFORM pg_temp.measure('encrypt_iv', round, 5000, $sql$
      SELECT count(decrypt_iv(encrypt_iv(v, k, i, 'aes-cbc'), k, i, 'aes-cbc'))
        FROM (SELECT decode(repeat('76', 100), 'hex') AS v, decode(repeat('6b', 32), 'hex') AS k,
                     gen_random_bytes(16) AS i FROM generate_series(1, 5000) OFFSET 0) AS t$sql$);
    PERFORM pg_temp.measure('pgp_sym_encrypt', round, 200, $sql$
      SELECT count(pgp_sym_decrypt(pgp_sym_encrypt(repeat('v', 100), repeat('k', 32)), repeat('k', 32)))
        FROM generate_series(1, 200)$sql$);

    PERFORM pg_temp.measure('plain set', round, 1000, format(
      $sql$SELECT count(plain.set_metadata(%L, customer::uuid, jsonb_build_object('key_1', repeat('w', 100)))) FROM chosen$sql$, merchant));
    PERFORM pg_temp.measure('set_metadata', round, 1000,
      $sql$SELECT count(customers.set_metadata(customer, jsonb_build_object('key_1', repeat('w', 100)))) FROM chosen$sql$);
    PERFORM pg_temp.measure('plain get', round, 1000, format(
      $sql$SELECT count(plain.get_metadata(%L, customer::uuid, 'key_1')) FROM chosen$sql$, merchant));
    PERFORM pg_temp.measure('get_metadata', round, 1000,
      $sql$SELECT count(customers.get_metadata(customer, 'key_1')) FROM chosen$sql$);
    COMMIT;    -- the reads of a transaction beyond the first 1,000 are logged
  END LOOP;

  base := 'libsodium alone';
  FOREACH what IN ARRAY ARRAY[base, 'key at hand', 'with the key unwrapped', 'with the key''s lookup', 'encrypt_iv', 'pgp_sym_encrypt'] LOOP
    RAISE NOTICE 'seal and open 100 bytes, %: % us, ratio to libsodium alone %', what, pg_temp.median(what),
      round(pg_temp.median(what) / pg_temp.median(base), 2);
  END LOOP;
  RAISE NOTICE 'set_metadata: % us, in plain %, ratio %', pg_temp.median('set_metadata'), pg_temp.median('plain set'),
    round(pg_temp.median('set_metadata') / pg_temp.median('plain set'), 2);
  RAISE NOTICE 'get_metadata: % us, in plain %, ratio %', pg_temp.median('get_metadata'), pg_temp.median('plain get'),
    round(pg_temp.median('get_metadata') / pg_temp.median('plain get'), 2);
END
$$;
