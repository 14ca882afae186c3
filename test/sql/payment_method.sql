\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- Payment methods: saved once for each fingerprint and kind, one default.
SELECT pg_temp.try($$customers.create_customer('mia')$$);
CREATE FUNCTION pg_temp.methods() RETURNS text LANGUAGE sql AS
  $$ SELECT string_agg(concat_ws(' ', (SELECT token FROM customers.payment_method p
       WHERE p.payment_method_id = m.payment_method_id), m.kind, m.display,
       m.expires_on, CASE WHEN m.is_default THEN 'default' END), ', ') FROM customers.payment_methods(pg_temp.cus('mia')) m $$;
SELECT pg_temp.try($$customers.payment_methods(pg_temp.cus('mia'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok_1', '{"last4": "4242"}', 'finger', '2099-12-31')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok_2', '{"last4": "1111"}')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'iban', 'tok_3', fingerprint => 'finger')$$);
SELECT pg_temp.methods();
-- the same card again: the same method, with the new token
SELECT customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok_1b', '{"last4": "4242"}', 'finger', '2199-12-31')
       = pg_temp.pm('tok_1b');
SELECT pg_temp.methods();
SELECT columns.attname FROM pg_attribute columns WHERE attrelid = 'customers.payment_method'::regclass AND attnum > 0
   AND NOT has_column_privilege('customers_merchant', attrelid, attnum, 'SELECT');
SELECT pg_temp.try($$customers.set_default_payment_method(pg_temp.cus('mia'), pg_temp.pm('tok_3'))$$);
SELECT pg_temp.try($$customers.set_default_payment_method(pg_temp.cus('mia'), pg_temp.pm('tok_3'))$$);
SELECT pg_temp.methods();
-- a new default when the default is removed; removing again changes nothing
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_3'))$$);
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_3'))$$);
SELECT pg_temp.methods();
SELECT pg_temp.try($$customers.set_default_payment_method(pg_temp.cus('mia'), pg_temp.pm('tok_3'))$$);
-- saved again after its removal, it is a new one
SELECT customers.save_payment_method(pg_temp.cus('mia'), 'iban', 'tok_3b', fingerprint => 'finger')
       <> pg_temp.pm('tok_3');
SELECT pg_temp.methods();
-- expired ones are not listed, and no default
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok_old', expires_on => '2020-01-31')$$);
SELECT pg_temp.methods();
SELECT pg_temp.try($$customers.set_default_payment_method(pg_temp.cus('mia'), pg_temp.pm('tok_old'))$$);
-- a method is usable on its last day
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok_today', expires_on => (now() AT TIME ZONE 'UTC')::date)$$);
SELECT pg_temp.try($$customers.set_default_payment_method(pg_temp.cus('mia'), pg_temp.pm('tok_today'))$$);
-- all removed: no default
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_today'))$$);
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_1b'))$$);
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_3b'))$$);
SELECT pg_temp.methods();
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_2'))$$);
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_old'))$$);
SELECT count(*), count(*) FILTER (WHERE is_default) FROM customers.payment_method m
 WHERE m.customer_id = pg_temp.cus('mia');

-- Refused.
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), '', 'tok')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), repeat('x', 65), 'tok')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', '')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', null)$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok', '[]')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok', fingerprint => '')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok', '{"number": "4242 4242 4242 4242"}')$$);
SELECT pg_temp.try($$customers.save_payment_method('cus_7zzzzzzzzzzzzzzzzzzzzzzzzz', 'card', 'tok')$$);
SELECT pg_temp.try($$customers.payment_methods('cus_7zzzzzzzzzzzzzzzzzzzzzzzzz')$$);
SELECT pg_temp.try($$customers.payment_methods(pg_temp.cus('mia'), 'XYZ')$$);
SELECT pg_temp.try($$customers.remove_payment_method('pm_7zzzzzzzzzzzzzzzzzzzzzzzzz')$$);
SELECT pg_temp.try($$customers.set_default_payment_method(pg_temp.cus('mia'), 'pm_7zzzzzzzzzzzzzzzzzzzzzzzzz')$$);
SELECT pg_temp.try($$customers.set_default_payment_method(customers.create_customer('nils'), pg_temp.pm('tok_2'))$$);
SELECT pg_temp.try($$customers.archive_customer(pg_temp.cus('mia'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok')$$);
