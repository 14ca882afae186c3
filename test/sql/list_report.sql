-- Lists and payments: the report, and lists that block payments.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
RESET client_min_messages;
SET search_path = customers, public;

SELECT create_merchant('Orchard') AS orchard \gset
SELECT use_merchant(:'orchard');
SELECT define_context_field('country', '{"type": "string"}');
SELECT create_customer('a', '{"country": "FR"}') AS a, create_customer('b', '{"country": "DE"}') AS b,
       create_customer('c', '{"country": "FR"}') AS c, create_customer('d') AS d \gset
SELECT create_list('Regulars') AS regulars, create_list('French', '$.context.country == "FR"') AS french,
       create_list('Nobody') AS nobody \gset
SELECT add_to_list(:'regulars', ARRAY[:'a', :'b']::customer_id[]);

-- Creates a payment and, if an outcome is given, commits and resolves it.
CREATE FUNCTION pg_temp.pay(customer customer_id, price amount, outcome text = null, value amount = null)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    payment payment_id := create_payment(customer, ARRAY[price]);
BEGIN
    IF outcome IS NULL THEN
        RETURN 'created';
    END IF;
    RETURN resolve_commit(commit_payment(payment, save_payment_method(customer, 'card', 'tok_' || payment)), outcome, value);
END $$;

SELECT name, customers, customers_with_payment, payments, paid, conversion, declined, volume
FROM list_report(ARRAY[:'french', :'nobody', :'regulars']::list_id[], NULL, NULL);

SELECT pg_temp.pay(:'a', '10.00 EUR', 'succeeded'), pg_temp.pay(:'a', '2.50 EUR', 'succeeded'),
       pg_temp.pay(:'a', '500 JPY', 'succeeded'), pg_temp.pay(:'a', '9.00 USD', 'declined'),
       pg_temp.pay(:'b', '7.00 EUR'), pg_temp.pay(:'c', '3.00 USD', 'succeeded'),
       pg_temp.pay(:'c', '8.00 EUR', 'succeeded', '1.00 EUR'), pg_temp.pay(:'d', '99.00 EUR', 'succeeded');
SELECT name, customers, customers_with_payment, payments, paid, conversion, declined, volume
FROM list_report(ARRAY[:'french', :'nobody', :'regulars']::list_id[], now() - interval '1 hour', now() + interval '1 hour');
SELECT l.list_id = r.list AS same_id FROM list_report(ARRAY[:'nobody']::list_id[], NULL, NULL) AS r JOIN list l ON l.name = r.name
WHERE l.merchant_id = :'orchard';

-- Declines count once for each commit, by class.
SELECT create_payment(:'d', '{4.00 EUR}') AS payment, save_payment_method(:'d', 'card', 'tok_d') AS method, create_list('Declined') AS declined \gset
SELECT add_to_list(:'declined', ARRAY[:'d']::customer_id[]);
SELECT resolve_commit(commit_payment(:'payment', :'method'), 'declined', code => 'insufficient_funds');
SELECT resolve_commit(commit_payment(:'payment', :'method'), 'declined', code => 'insufficient_funds');
SELECT resolve_commit(commit_payment(:'payment', :'method'), 'declined', code => 'expired_card');
SELECT payments, paid, declined FROM list_report(ARRAY[:'declined']::list_id[], NULL, NULL);
SELECT declined FROM list_report(ARRAY[:'declined']::list_id[], NULL, now() - interval '1 day');

-- The period: since is in it, until is not.
SELECT min(created_at) AS first FROM payment WHERE merchant_id = :'orchard' AND customer_id = :'a' \gset
SELECT payments FROM list_report(ARRAY[:'regulars']::list_id[], :'first', NULL)
UNION ALL SELECT payments FROM list_report(ARRAY[:'regulars']::list_id[], :'first'::timestamptz + interval '1 microsecond', 'infinity')
UNION ALL SELECT payments FROM list_report(ARRAY[:'regulars']::list_id[], NULL, :'first')
UNION ALL SELECT payments FROM list_report(ARRAY[:'regulars']::list_id[], NULL, :'first'::timestamptz + interval '1 microsecond')
UNION ALL SELECT payments FROM list_report(ARRAY[:'regulars']::list_id[], NULL, now() - interval '1 day');
SELECT count(*) FROM list_report('{}', NULL, NULL);
SELECT list_report(NULL, NULL, NULL);
SELECT list_report(ARRAY[:'french', NULL]::list_id[], NULL, NULL);
SELECT create_merchant('Meadow') AS meadow \gset
SELECT use_merchant(:'meadow');
\set VERBOSITY sqlstate
SELECT list_report(ARRAY[:'french']::list_id[], NULL, NULL);
\set VERBOSITY default
SELECT use_merchant(:'orchard');

-- Who may read it
CREATE ROLE report_analyst IN ROLE customers_analyst;
CREATE ROLE report_processor IN ROLE customers_processor;
SELECT bind_role('report_analyst', :'orchard'), bind_role('report_processor', :'orchard');
SET SESSION AUTHORIZATION report_analyst;
SELECT name, payments FROM list_report(ARRAY[:'regulars']::list_id[], NULL, NULL);
SET SESSION AUTHORIZATION report_processor;
SELECT list_report(ARRAY[:'regulars']::list_id[], NULL, NULL);
RESET SESSION AUTHORIZATION;
SELECT unbind_role('report_analyst', :'orchard'), unbind_role('report_processor', :'orchard');
DROP ROLE report_analyst, report_processor;

-- Lists that block payments: what the user sees, but ids
CREATE FUNCTION pg_temp.error_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    state text; message text; detail text;
BEGIN
    EXECUTE statement;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
    RETURN regexp_replace(concat_ws(' | ', state, message, nullif(detail, '')), '(cus|pay)_[0-9a-z]{26}', '\1_…', 'g');
END $$;
SELECT create_payment(:'b', ARRAY['1.00 EUR']::amount[]) AS open, save_payment_method(:'b', 'card', 'tok_b') AS method \gset
SELECT create_list('Fraud', effect => 'block_payments') AS fraud \gset
SELECT create_list('No payouts', '$.context.country == "DE"', 'block_payouts') IS NOT NULL AS created;
SELECT add_to_list(:'fraud', ARRAY[:'b']::customer_id[], now() + interval '1 day');
SELECT pg_temp.error_of(format('SELECT create_payment(%L, %L)', :'b', '{1.00 EUR}'));
SELECT pg_temp.error_of(format('SELECT commit_payment(%L, %L)', :'open', :'method'));
SELECT pg_temp.error_of(format('SELECT create_payment(%L, %L)', :'a', '{1.00 EUR}'));
-- an expired item blocks nobody
UPDATE list_item SET expires_at = clock_timestamp() WHERE merchant_id = :'orchard' AND list_id = :'fraud';
SELECT pg_temp.error_of(format('SELECT create_payment(%L, %L)', :'b', '{1.00 EUR}'));
SELECT pg_temp.error_of(format('SELECT commit_payment(%L, %L)', :'open', :'method'));
-- a rule blocks likewise
SELECT create_list('Without country', '!exists($.context.country)', 'block_payments') AS without \gset
SELECT pg_temp.error_of(format('SELECT create_payment(%L, %L)', :'d', '{1.00 EUR}'));
SELECT update_customer(:'d', '{"country": "IT"}') > 0 AS updated;
SELECT pg_temp.error_of(format('SELECT create_payment(%L, %L)', :'d', '{1.00 EUR}'));
-- a rule over payments and over lists, too
SELECT drop_list(:'without');
SELECT create_list('Four payments', '$.payments.count >= 4', 'block_payments') AS four,
       create_list('Doubtful') AS doubtful,
       create_list('Doubtful and foreign', '$.lists == "Doubtful" && !($.context.country == "FR")', 'block_payments') AS foreign \gset
SELECT count(*) AS payments FROM payment WHERE customer_id = :'d';
SELECT pg_temp.error_of(format('SELECT create_payment(%L, %L)', :'d', '{1.00 EUR}')) FROM generate_series(1, 3);
SELECT drop_list(:'four');
SELECT add_to_list(:'doubtful', ARRAY[:'d']::customer_id[]);
SELECT pg_temp.error_of(format('SELECT create_payment(%L, %L)', :'d', '{1.00 EUR}'));
SELECT remove_from_list(:'doubtful', ARRAY[:'d']::customer_id[]);
SELECT pg_temp.error_of(format('SELECT create_payment(%L, %L)', :'d', '{1.00 EUR}'));

-- Payouts are made elsewhere: whoever makes them asks.
SELECT create_list('Unverified', effect => 'block_payouts') AS unverified, create_customer('p') AS p \gset
SELECT pg_temp.error_of(format('SELECT require_payouts_allowed(%L)', :'p')) AS allowed;
SELECT add_to_list(:'unverified', ARRAY[:'p']::customer_id[]);
SELECT pg_temp.error_of(format('SELECT require_payouts_allowed(%L)', :'p'));
SELECT pg_temp.error_of(format('SELECT create_payment(%L, %L)', :'p', '{1.00 EUR}')) AS payments_are_not_blocked;
SELECT remove_from_list(:'unverified', ARRAY[:'p']::customer_id[]);
SELECT update_customer(:'p', '{"country": "DE"}') > 0 AS updated;
SELECT pg_temp.error_of(format('SELECT require_payouts_allowed(%L)', :'p')) AS dynamic;
SELECT update_customer(:'p', '{"country": "IT"}') > 0 AS updated, allow_payouts(:'p', false);
SELECT pg_temp.error_of(format('SELECT require_payouts_allowed(%L)', :'p'));
SELECT allow_payouts(:'p', true), allow_payments(:'p', false), archive_customer(:'p');
SELECT pg_temp.error_of(format('SELECT require_payouts_allowed(%L)', :'p'));
SELECT unarchive_customer(:'p');
SELECT pg_temp.error_of(format('SELECT require_payouts_allowed(%L)', :'p')) AS allowed;
SELECT erase_customer(:'p');
SELECT pg_temp.error_of(format('SELECT require_payouts_allowed(%L)', :'p'));
SELECT pg_temp.error_of('SELECT require_payouts_allowed(NULL)');
SELECT create_merchant('Vineyard') AS vineyard \gset
SELECT use_merchant(:'vineyard');
SELECT pg_temp.error_of(format('SELECT require_payouts_allowed(%L)', :'a')) AS of_another_merchant;
