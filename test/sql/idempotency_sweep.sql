-- sweep_idempotency_keys(): what is older goes, and nothing that a client may still use.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
DO $$ BEGIN PERFORM customers.install(); END $$;
RESET client_min_messages;
SELECT customers.sweep_idempotency_keys('23:59:59.999999');
SELECT customers.sweep_idempotency_keys('0');
SELECT customers.sweep_idempotency_keys('-1 day');
SELECT customers.sweep_idempotency_keys(null);
SELECT customers.sweep_idempotency_keys('24 hours', 0);
SELECT customers.sweep_idempotency_keys('24 hours', null);
-- keys of two merchants, and how old each is
SELECT customers.create_merchant('Sweep') AS merchant, customers.create_merchant('Sweep too') AS other \gset
SET customers.merchant = :'merchant';
SELECT count(*) FROM (SELECT customers.create_customer('s' || n, idempotency_key => 'k' || n) FROM generate_series(1, 5) AS n) AS made;
SELECT customers.find_customer('s5') AS fresh, customers.find_customer('s3') AS day_old \gset
SET customers.merchant = :'other';
SELECT customers.create_customer('s6', idempotency_key => 'k6') AS other_customer \gset
UPDATE customers.idempotency SET created_at = now() - CASE key
    WHEN 'k1' THEN interval '4000 hours' WHEN 'k2' THEN interval '3000 hours' WHEN 'k3' THEN interval '25 hours'
    WHEN 'k4' THEN interval '23 hours' WHEN 'k6' THEN interval '2000 hours' ELSE interval '0' END
 WHERE merchant_id IN (:'merchant', :'other');
CREATE FUNCTION pg_temp.keys() RETURNS text LANGUAGE sql AS
  $$ SELECT string_agg(key, ' ' ORDER BY key) FROM customers.idempotency i JOIN customers.merchant m USING (merchant_id) WHERE m.name LIKE 'Sweep%' $$;
SELECT pg_temp.keys();
-- the oldest first, of all merchants, as many as were asked for
SELECT customers.sweep_idempotency_keys('1000 hours', 2), pg_temp.keys();
SELECT customers.sweep_idempotency_keys('1000 hours', 2), pg_temp.keys();
SELECT customers.sweep_idempotency_keys('1 year');
SELECT customers.sweep_idempotency_keys(), pg_temp.keys();
SELECT customers.sweep_idempotency_keys(), pg_temp.keys();
-- A key that is kept gives its result; one that is gone can be used for anything.
SET customers.merchant = :'merchant';
SELECT customers.create_customer('s5', idempotency_key => 'k5') = :'fresh' AS same;
SELECT customers.create_customer('s3', idempotency_key => 'k3') AS refused \gset
SELECT customers.create_customer('s7', idempotency_key => 'k3') = :'day_old' AS same;
-- Found by an index.
SELECT relname FROM pg_class WHERE oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'customers.idempotency'::regclass
  AND pg_get_indexdef(indexrelid) LIKE '%(created_at)');
-- For admins, whatever merchant they act for.
CREATE ROLE sweep_shop IN ROLE customers_merchant, customers_processor;
CREATE ROLE sweep_admin IN ROLE customers_admin;
SET ROLE sweep_shop;
SELECT customers.sweep_idempotency_keys();
CALL customers.expire_all_payments();
SET ROLE sweep_admin;
SET client_min_messages = warning;
RESET customers.merchant;
SELECT customers.sweep_idempotency_keys();
CALL customers.expire_all_payments();
RESET ROLE;
DROP ROLE sweep_shop, sweep_admin;
