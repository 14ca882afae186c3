-- Export: all that is held about a customer, in the form that doc/erasure.md documents.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
-- A server without a root key can't do any of this: expected/export_1.out.
SELECT coalesce(current_setting('customers.key_file', true), '') = '' AS no_key \gset
\if :no_key
\quit
\endif
SELECT customers.install();
CREATE ROLE export_shop LOGIN IN ROLE customers_merchant;
CREATE ROLE export_reader LOGIN IN ROLE customers_metadata;
RESET client_min_messages;
-- the schema of the document, between the fences of its block
\set schema `sed -n '/^[^ ]\{3\}json$/,/^[^] {}"]\{3\}$/p' "$PG_ABS_SRCDIR/../doc/erasure.md" | sed '1d;$d'`
SELECT length(:'schema') > 1000 AS found;
SELECT customers.create_merchant('Export') AS merchant \gset
SELECT customers.create_merchant('Another') AS another \gset
SELECT customers.bind_role('export_shop', :'merchant'), customers.bind_role('export_reader', :'merchant');
SET customers.merchant = :'merchant';
SET timezone = 'Asia/Kolkata';
SET datestyle = 'German';
SELECT customers.define_context_field('email', '{"type": "string"}');

-- A customer about whom everything is known; and one with nothing.
SELECT customers.create_customer('ana', '{"email": "ana@example.com"}', '{"note": "met at the fair", "size": 42}',
                                 idempotency_key => 'sign-up') AS ana \gset
SELECT customers.create_customer() AS nobody \gset
SELECT customers.create_customer('ben') AS ben \gset
SELECT customers.save_payment_method(:'ana', 'card', 'tok_secret', '{"last4": "4242"}', 'fp_1', '2999-12-31') AS card \gset
SELECT customers.save_payment_method(:'ana', 'card', 'tok_secret', '{"last4": "1881"}', 'fp_2', 'infinity') AS old \gset
SELECT customers.remove_payment_method(:'old');
SELECT customers.create_list('friends') AS friends \gset
SELECT customers.create_list('soon over') AS soon \gset
SELECT customers.create_list('not hers') AS others \gset
SELECT customers.create_list('with email', 'exists($.context.email)', 'block_payouts') AS dynamic \gset
SELECT customers.create_list('in Spain', '$.context.country == "ES"') AS empty \gset
SELECT customers.add_to_list(:'friends', ARRAY[:'ana']::customers.customer_id[], comment => 'a "friend"', expires_at => 'infinity');
SELECT customers.add_to_list(:'soon', ARRAY[:'ana']::customers.customer_id[], expires_at => clock_timestamp() + '1 millisecond');
SELECT customers.add_to_list(:'others', ARRAY[:'ben']::customers.customer_id[]);
SELECT customers.create_payment(:'ana', '{20.00 EUR, 3000 JPY}', 'order 1', 'basket 1', amount_mode => 'editable',
                                min_amounts => '{10.00 EUR}', expires_in => NULL, idempotency_key => 'k1') AS first \gset
SELECT customers.create_payment(:'ana', '{5.000 KWD}') AS second \gset
SELECT customers.create_payment(:'ben', '{7.00 EUR}', 'order of ben') AS bens \gset
SELECT customers.commit_payment(:'first', value => '15.00 EUR', save_method => true, idempotency_key => 'k2') AS commit \gset
SELECT customers.resolve_commit(:'commit', 'succeeded', provider_reference => 'ch_1');
SELECT customers.record_return(:'first', '5.00 EUR', 'return 1');
SELECT customers.commit_payment(:'first') AS declined \gset
SELECT customers.resolve_commit(:'declined', 'declined', code => 'insufficient_funds');
SELECT customers.cancel_payment(:'second', 'asked to');
SELECT customers.get_metadata(:'ana', 'note');
SELECT customers.update_customer(:'ana', '{"email": "ana@example.org"}');

-- Who may: who may read metadata, of its own merchant's customers.
SET ROLE export_shop;
SELECT customers.export_customer(:'ana');
SET ROLE export_reader;
SELECT customers.export_customer(:'ana') ->> 'exported_at' IS NOT NULL AS exported;
RESET ROLE;
SET customers.merchant = :'another';
DO $$
BEGIN
  PERFORM customers.export_customer(customer_id) FROM customers.customer WHERE reference = 'ana' ORDER BY customer_id DESC LIMIT 1;
EXCEPTION WHEN no_data_found THEN
  RAISE NOTICE '%', regexp_replace(sqlerrm, '[0-9a-z]{26}', '#');
END
$$;
SET customers.merchant = :'merchant';
SELECT customers.export_customer('cus_00000000000000000000000000');
SELECT customers.export_customer(NULL) IS NULL AS none;

-- It is recorded as a read of all the keys.
SELECT count(*) AS before FROM customers.metadata_access WHERE customer_id = :'ana' \gset
SELECT customers.export_customer(:'ana') AS document \gset
SELECT count(*) - :before AS reads FROM customers.metadata_access WHERE customer_id = :'ana';
SELECT keys, role = current_user AS me FROM customers.metadata_access WHERE customer_id = :'ana' ORDER BY access_id DESC LIMIT 1;

-- It satisfies the schema, which refuses what is not like it.
CREATE FUNCTION pg_temp.violations(document jsonb, schema customers.json_schema) RETURNS TABLE (place text, message text)
LANGUAGE sql AS $$ SELECT instance_location, message FROM customers.validation_errors($1, $2) $$;
SELECT customers.is_valid(:'document', :'schema') AS valid;
SELECT * FROM pg_temp.violations(:'document', :'schema');
SELECT customers.is_valid(:'document'::jsonb || '{"more": 1}', :'schema') AS more,
       customers.is_valid(:'document'::jsonb - 'lists', :'schema') AS less,
       customers.is_valid(jsonb_set(:'document', '{payment_methods,0,token}', '"tok_secret"'), :'schema') AS token,
       customers.is_valid(jsonb_set(:'document', '{customer,created_at}', '"2026-11-24T12:00:00+05:30"'), :'schema') AS not_utc,
       customers.is_valid(jsonb_set(:'document', '{payments,0,amount}', '20.00'), :'schema') AS number;

-- What is in it.
CREATE FUNCTION pg_temp.shown(document jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT regexp_replace(regexp_replace(jsonb_pretty($1), '"[0-9-]{10}T[0-9:.]+\+00:00"', '"(a time)"', 'g'),
                        '"(cus|lst|pm|pay|cmt)_[0-9a-z]{26}"', '"\1_#"', 'g') $$;
\pset format unaligned
\pset tuples_only on
SELECT pg_temp.shown(:'document');
SELECT pg_temp.shown(customers.export_customer(:'nobody'));
\pset format aligned
\pset tuples_only off
SELECT :'document'::jsonb #>> '{customer,customer_id}' = :'ana' AS ana, position('tok_secret' IN :'document') AS token,
       position(:'ben' IN :'document') AS ben, position('order of ben' IN :'document') AS his_payment;
SELECT (:'document'::jsonb #>> '{customer,created_at}')::timestamptz = created_at AS same_time FROM customers.customer WHERE customer_id = :'ana';

-- Nothing is forgotten: the columns of each table that it has not.
WITH place (table_name, path) AS (VALUES
  ('customer', '$.customer'::jsonpath), ('customer_history', '$.history[0]'), ('payment_method', '$.payment_methods[0]'), ('payment', '$.payments[0]'),
  ('payment_price', '$.payments[0].prices[0]'), ('payment_commit', '$.payments[0].commits[0]'),
  ('payment_event', '$.payments[0].events[0]'), ('list_item', '$.lists[0]'), ('list', '$.lists[0]'),
  ('metadata_access', '$.metadata_access[0]'), ('idempotency', '$.idempotency[0]'))
SELECT table_name, string_agg(column_name, ', ' ORDER BY ordinal_position) AS not_exported
  FROM place JOIN information_schema.columns USING (table_name)
 WHERE table_schema = 'customers' AND NOT jsonb_path_query_first(:'document', path) ? column_name
 GROUP BY 1 ORDER BY 1;

-- A read-only transaction can export, too; and one statement sees one state.
BEGIN READ ONLY;
SELECT customers.export_customer(:'ana') -> 'metadata' AS metadata;
COMMIT;

-- Of an erased customer there is what is left.
SELECT customers.erase_customer(:'ana');
SELECT customers.export_customer(:'ana') AS document \gset
SELECT customers.is_valid(:'document', :'schema') AS valid, position('"ana' IN :'document') AS name, position('friend"' IN :'document') AS comment;
SELECT :'document'::jsonb #> '{customer,context}' AS context, :'document'::jsonb -> 'metadata' AS metadata,
       :'document'::jsonb #> '{customer,erased_by}' AS erased_by,
       jsonb_array_length(:'document'::jsonb -> 'history') AS history,
       jsonb_array_length(:'document'::jsonb -> 'payments') AS payments, jsonb_path_query_array(:'document', '$.lists.name') AS lists,
       jsonb_path_query_array(:'document', '$.idempotency.operation') AS requests,
       jsonb_path_query_array(:'document', '$.payment_methods.display') AS methods;

-- The key of a capture is the payment's.
SELECT customers.save_payment_method(:'ben', 'card', 'tok_ben') AS bens_card \gset
SELECT customers.create_payment(:'ben', '{7.00 EUR}', capture => 'manual') AS held \gset
SELECT customers.resolve_commit(customers.commit_payment(:'held'), 'authorized');
SELECT customers.capture_payment(:'held', '3.00 EUR', false, 'parcel 1');
SELECT customers.export_customer(:'ben') -> 'idempotency' #- '{0,created_at}' AS requests;
-- A customer with 10,000 payments is exported; too much is refused.
SELECT count(customers.create_payment(:'ben', '{1.00 EUR}')) AS payments FROM generate_series(1, 10000);
SELECT customers.export_customer(:'ben') AS document \gset
SELECT jsonb_array_length(:'document'::jsonb -> 'payments') AS payments, customers.is_valid(:'document', :'schema') AS valid;
BEGIN;
INSERT INTO customers.metadata_access (merchant_id, access_id, customer_id, at, role, session_role, keys)
  SELECT :'merchant', gen_random_uuid(), :'ben', now(), 'r', 'r', '{}' FROM generate_series(1, 190000);
\set VERBOSITY sqlstate
SELECT customers.export_customer(:'ben');
\set VERBOSITY default
ROLLBACK;

SELECT customers.unbind_role('export_shop', :'merchant'), customers.unbind_role('export_reader', :'merchant');
DROP ROLE export_shop, export_reader;
