-- Erasure: what goes, what stays, and that nothing comes back.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
-- A server without a root key can't do any of this: expected/erasure_1.out.
SELECT coalesce(current_setting('customers.key_file', true), '') = '' AS no_key \gset
\if :no_key
\quit
\endif
SELECT customers.install();
CREATE ROLE erasure_shop LOGIN IN ROLE customers_merchant;
CREATE ROLE erasure_reader LOGIN IN ROLE customers_metadata;
RESET client_min_messages;
-- what a call gives, or how it is refused; an id shows as its prefix
CREATE FUNCTION pg_temp.try(call text, VARIADIC arguments text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  EXECUTE 'SELECT customers.' || format(call, VARIADIC arguments) INTO result;
  RETURN 'done: ' || result;
EXCEPTION WHEN OTHERS THEN
  RETURN sqlstate || ': ' || regexp_replace(sqlerrm, '\m(cus|pm)_[0-9a-z]{26}\M', '\1_#', 'g');
END
$$;
GRANT EXECUTE ON FUNCTION pg_temp.try TO PUBLIC;
SELECT customers.create_merchant('Erasure') AS merchant \gset
SELECT customers.create_merchant('Another') AS another \gset
SELECT customers.bind_role('erasure_shop', :'merchant'), customers.bind_role('erasure_reader', :'merchant');
SET customers.merchant = :'merchant';
SELECT customers.define_context_field('email', '{"type": "string"}', 'create');
SELECT customers.define_context_field('country', '{"type": "string"}', 'commit');

-- Ana has everything; ben, who has as much, is to keep it.
SELECT customers.create_customer('ana', '{"email": "ana@example.com", "country": "FR"}', '{"note": "met at the fair"}',
                                 idempotency_key => 'sign-up of ana') AS ana \gset
SELECT customers.create_customer('ben', '{"email": "ben@example.com", "country": "DE"}', '{"note": "pays late"}',
                                 idempotency_key => 'sign-up of ben') AS ben \gset
SELECT customers.save_payment_method(:'ana', 'card', 'tok_ana', '{"last4": "4242"}', 'fp_ana', '2999-12-31') AS card \gset
SELECT customers.save_payment_method(:'ana', 'sepa_debit', 'tok_sepa', '{"holder": "Ana"}', 'fp_sepa') AS sepa \gset
SELECT customers.remove_payment_method(:'sepa');
SELECT customers.save_payment_method(:'ben', 'card', 'tok_ben', '{"last4": "1881"}', 'fp_ben') AS bens \gset
SELECT customers.create_list('suspects', effect => 'block_payments') AS suspects \gset
SELECT customers.create_list('friends') AS friends \gset
SELECT customers.create_list('french', '$.context.country == "FR"') AS french \gset
SELECT customers.add_to_list(:'friends', ARRAY[:'ana', :'ben']::customers.customer_id[], comment => 'a friend');
SELECT customers.get_metadata(customer_id, 'note') FROM customers.customer
 WHERE merchant_id = :'merchant' ORDER BY reference;
SELECT customers.create_payment(:'ana', '{20.00 EUR}', 'order 1') AS in_flight \gset
SELECT customers.create_payment(:'ana', '{20.00 EUR}', 'order 2', capture => 'manual') AS authorized \gset
SELECT customers.create_payment(:'ana', '{20.00 EUR}', 'order 3') AS paid \gset
SELECT customers.create_payment(:'ana', '{20.00 EUR}', 'order 4') AS open \gset
SELECT customers.create_payment(:'ana', '{20.00 EUR}', 'order 5', expires_in => '1 second') AS short \gset
SELECT customers.create_payment(:'ana', '{20.00 EUR}', 'order 6', idempotency_key => 'order 6') AS kept \gset
SELECT customers.commit_payment(:'in_flight', save_method => true) AS flying \gset
SELECT customers.commit_payment(:'authorized') AS holding \gset
SELECT customers.resolve_commit(:'holding', 'authorized');
SELECT customers.commit_payment(:'paid') AS done \gset
SELECT customers.resolve_commit(:'done', 'succeeded');

-- Who may: the merchant, and of its own customers.
SET ROLE erasure_reader;
SELECT customers.erase_customer(:'ana');
RESET ROLE;
SET customers.merchant = :'another';
SELECT pg_temp.try('erase_customer(%L)', :'ana');
SET customers.merchant = :'merchant';
SELECT customers.erase_customer(NULL);
SELECT customers.erase_customer('cus_00000000000000000000000000');

-- It can be undone until the transaction ends, and not later.
BEGIN;
SELECT customers.erase_customer(:'ana');
ROLLBACK;
SELECT customers.metadata(:'ana');
SET ROLE erasure_shop;
SELECT customers.erase_customer(:'ana');
RESET ROLE;

-- What is left.
\x on
SELECT customer_id = :'ana' AS ana, reference, context, schema_version, payments_allowed, payouts_allowed, archived_at, version,
       erased_at = updated_at AS erased, erased_by
  FROM customers.customer WHERE customer_id = :'ana';
\x off
SELECT kind, token, display, fingerprint, expires_on, is_default, removed_at IS NOT NULL AS removed
  FROM customers.payment_method WHERE customer_id = :'ana' ORDER BY payment_method_id;
SELECT l.name, i.comment FROM customers.list_item i JOIN customers.list l USING (merchant_id, list_id)
 WHERE i.customer_id = :'ana';
SELECT (SELECT count(*) FROM customers.customer_key WHERE customer_id = :'ana') AS keys,
       (SELECT count(*) FROM customers.metadata WHERE customer_id = :'ana') AS metadata,
       (SELECT count(*) FROM customers.metadata_access WHERE customer_id = :'ana') AS reads;
SELECT operation, key FROM customers.idempotency WHERE merchant_id = :'merchant' ORDER BY created_at;
SELECT reference, status, customer_id = :'ana' AS ana FROM customers.payment WHERE customer_id = :'ana' ORDER BY payment_id;

-- Ben has what he had.
SELECT reference, context, erased_at, erased_by FROM customers.customer WHERE customer_id = :'ben';
SELECT customers.metadata(:'ben');
SELECT token IS NULL AS no_token, display, fingerprint, is_default, removed_at FROM customers.payment_method WHERE customer_id = :'ben';
SELECT comment FROM customers.list_item WHERE customer_id = :'ben';

-- Reading gives what is left.
SELECT customers.find_customer('ana') IS NULL AS unknown, customers.metadata(:'ana') AS metadata,
       customers.metadata_keys(:'ana') AS keys, customers.get_metadata(:'ana', 'note') AS note,
       customers.missing_fields(:'ana') AS missing;
SELECT count(*) FROM customers.payment_methods(:'ana');
SELECT customers.lists_of(:'ana') = :'friends' AS friends;
SELECT count(*) AS members FROM customers.list_members(:'friends');
SELECT count(*) AS french FROM customers.list_members(:'french');

-- Repeating it is no error, and changes nothing.
SELECT version, updated_at FROM customers.customer WHERE customer_id = :'ana' \gset before_
SELECT customers.erase_customer(:'ana');
SELECT version = :before_version AND updated_at = :'before_updated_at' AS same FROM customers.customer WHERE customer_id = :'ana';

-- Nothing is added any more.
SELECT pg_temp.try('update_customer(%L, ''{"email": "ana@example.com"}'')', :'ana');
SELECT pg_temp.try('update_customer(%L, ''{}'')', :'ana');
SELECT pg_temp.try('archive_customer(%L)', :'ana'), pg_temp.try('unarchive_customer(%L)', :'ana');
SELECT pg_temp.try('allow_payments(%L, true)', :'ana'), pg_temp.try('allow_payouts(%L, true)', :'ana');
SELECT pg_temp.try('set_metadata(%L, ''{"note": "again"}'')', :'ana'), pg_temp.try('clear_metadata(%L)', :'ana');
SELECT pg_temp.try('save_payment_method(%L, ''card'', ''tok_new'')', :'ana');
SELECT pg_temp.try('set_default_payment_method(%L, %L)', :'ana', :'card');
SELECT pg_temp.try('remove_payment_method(%L)', :'card');
SELECT pg_temp.try('add_to_list(%L, ARRAY[%L, %L]::customers.customer_id[], comment => ''a suspect'')', :'suspects', :'ben', :'ana');
SELECT pg_temp.try('add_to_list(%L, ARRAY[%L]::customers.customer_id[])', :'friends', :'ana');
SELECT pg_temp.try('add_to_list(%L, ARRAY[%L, %2$L, %L]::customers.customer_id[])', :'suspects', :'ben', :'ana');
SELECT pg_temp.try('create_payment(%L, ''{20.00 EUR}'')', :'ana');
SELECT pg_temp.try('commit_payment(%L)', :'open'), pg_temp.try('commit_payment(%L, %L)', :'open', :'card');
SELECT pg_temp.try('choose_payment_method(%L, %L)', :'open', :'card');
SELECT count(*) AS suspects FROM customers.list_members(:'suspects');

-- What has begun comes to its end: money is never lost, and no method is saved.
SELECT customers.resolve_commit(:'flying', 'succeeded', '20.00 EUR', provider_reference => 'ch_1');
SELECT customers.capture_payment(:'authorized', '5.00 EUR', false, idempotency_key => 'parcel');
SELECT customers.capture_payment(:'authorized', '5.00 EUR', false, idempotency_key => 'parcel');
SELECT customers.capture_payment(:'authorized', '1.00 EUR');
SELECT customers.record_return(:'paid', '5.00 EUR', 'return 1');
SELECT customers.cancel_payment(:'open');
DO $$
BEGIN
  PERFORM pg_sleep(extract(epoch FROM max(expires_at) - clock_timestamp())) FROM customers.payment
   WHERE reference = 'order 5' AND merchant_id = customers.current_merchant();
END
$$;
SELECT customers.expire_payments();
SELECT reference, status, received, returned FROM customers.payment WHERE customer_id = :'ana' ORDER BY payment_id;
SELECT count(*) AS usable FROM customers.payment_method WHERE customer_id = :'ana' AND (removed_at IS NULL OR token IS NOT NULL);

-- What takes a customer from a list takes an erased one, too.
SELECT customers.remove_from_list(:'friends', ARRAY[:'ana']::customers.customer_id[]);

-- A repeated request of before gives what the first one gave, but for the
-- creation of the customer: it makes a new one, who may have the reference.
SELECT customers.create_payment(:'ana', '{20.00 EUR}', 'order 6', idempotency_key => 'order 6') = :'kept' AS same;
SELECT customers.create_customer('ana', '{"email": "ana@example.com"}', '{"note": "back"}', idempotency_key => 'sign-up of ana') AS anew \gset
SELECT :'anew' <> :'ana' AS another, customers.find_customer('ana') = :'anew' AS found, customers.metadata(:'anew');
SELECT created FROM customers.ensure_customer('ana');

-- A customer without anything can be erased as well, and twice under one reference.
SELECT customers.erase_customer(:'anew');
SELECT customer, created FROM customers.ensure_customer('ana', '{"email": "third@example.com"}') \gset third_
SELECT :'third_created' AS created;
SELECT customers.archive_customer(:'third_customer');
SELECT customers.erase_customer(:'third_customer');
SELECT count(*) AS erased FROM customers.customer WHERE merchant_id = :'merchant' AND erased_at IS NOT NULL AND reference IS NULL;

-- The guard holds against everybody.
UPDATE customers.customer SET erased_at = NULL, erased_by = NULL WHERE customer_id = :'ana';
UPDATE customers.customer SET erased_at = now() WHERE customer_id = :'ana';
UPDATE customers.customer SET erased_by = 'postgres' WHERE customer_id = :'ana';
UPDATE customers.customer SET reference = 'ana' WHERE customer_id = :'ana';
UPDATE customers.customer SET context = '{"email": "ana@example.com"}' WHERE customer_id = :'ana';
UPDATE customers.customer SET erased_at = now(), erased_by = 'postgres' WHERE customer_id = :'ben';
UPDATE customers.customer SET reference = NULL WHERE customer_id = :'ben';
UPDATE customers.customer SET context = '{}' WHERE customer_id = :'ben';
UPDATE customers.customer SET payouts_allowed = false WHERE customer_id = :'ana' RETURNING payouts_allowed;
\set VERBOSITY terse
UPDATE customers.payment_method SET is_default = true WHERE customer_id = :'ana' AND removed_at IS NOT NULL;
-- An erased row can be put in, as a restore does, and half of one can't.
BEGIN;
INSERT INTO customers.customer (merchant_id, customer_id, created_at, updated_at, erased_at, erased_by)
  VALUES (:'merchant', gen_random_uuid(), now(), now(), now(), 'postgres');
ROLLBACK;
INSERT INTO customers.customer (merchant_id, customer_id, created_at, updated_at, erased_at)
  VALUES (:'merchant', gen_random_uuid(), now(), now(), now());
INSERT INTO customers.customer (merchant_id, customer_id, created_at, updated_at, erased_at, erased_by, reference)
  VALUES (:'merchant', gen_random_uuid(), now(), now(), now(), 'postgres', 'ana');

-- The analyst sees that, when and by whom.
SELECT has_column_privilege('customers_analyst', 'customers.customer', 'erased_at', 'SELECT') AS erased_at,
       has_column_privilege('customers_analyst', 'customers.customer', 'erased_by', 'SELECT') AS erased_by;

SELECT customers.unbind_role('erasure_shop', :'merchant'), customers.unbind_role('erasure_reader', :'merchant');
DROP ROLE erasure_shop, erasure_reader;
