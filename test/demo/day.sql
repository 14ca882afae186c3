\pset footer off
\pset null '(null)'
\set ECHO none
\echo
\echo '--- The administrator installs the store, and creates a merchant and the roles that act for it.'
\echo
\set ECHO queries
CREATE EXTENSION customers;
SELECT customers.install();

SELECT customers.create_merchant('The Shop') AS merchant \gset
CREATE ROLE shop LOGIN IN ROLE customers_merchant, customers_metadata;
CREATE ROLE shop_worker LOGIN IN ROLE customers_processor;
SELECT customers.bind_role('shop', :'merchant'), customers.bind_role('shop_worker', :'merchant');

\set ECHO none
\echo
\echo '--- From here on the merchant works by itself.  What does it collect about customers?'
\echo
\connect - shop
\ir load.sql
\set ECHO queries
\if :own_file
\ir fields_of_file.sql
\else
SELECT customers.define_context_field('email', '{"type": "string", "format": "email", "maxLength": 254}', 'create');
SELECT customers.define_context_field('first_name', '{"type": "string", "minLength": 1, "maxLength": 80}');
SELECT customers.define_context_field('country', '{"type": "string", "pattern": "^[A-Z]{2}$"}', 'commit');
SELECT customers.define_context_field('birth_date', '{"type": "string", "format": "date"}');
SELECT customers.define_context_field('newsletter', '{"type": "boolean"}');
\endif

\set ECHO none
\echo
\echo '--- It imports the customers of the file: bad lines are reported, the others are kept.'
\echo
\set ECHO queries
CREATE TEMP TABLE imported AS
SELECT * FROM customers.import_customers(ARRAY(SELECT document FROM document ORDER BY ordinal));
SELECT count(customer) AS imported, count(error) AS reported FROM imported;
SELECT ordinal, error FROM imported WHERE error IS NOT NULL ORDER BY ordinal LIMIT 20;
\set ECHO none
SELECT count(customer) = 0 AS none_imported FROM imported \gset
\if :none_imported
\echo 'No line of the file gave a customer, so the day ends here.'
\quit
\endif
\set ECHO queries
SELECT reference, context FROM customers.customer ORDER BY customer_id LIMIT 5;

\set ECHO none
\echo
\echo '--- Metadata: sealed at rest, and every read is recorded.'
\echo
\set ECHO queries
SELECT customer FROM imported WHERE customer IS NOT NULL ORDER BY ordinal LIMIT 1 \gset
SELECT customers.set_metadata(:'customer', '{"loyalty_card": "LC-77231", "shoe_size": 42}');
SELECT customers.metadata_keys(:'customer');
SELECT customers.get_metadata(:'customer', 'loyalty_card');
SELECT key, left(value::text, 40) || '…' AS value FROM customers.metadata ORDER BY key;
SELECT role, keys FROM customers.metadata_access;

\set ECHO none
\echo
\echo '--- A fixed list of customers, and a dynamic one that a rule decides.'
\echo
\set ECHO queries
SELECT customers.create_list('first three') AS fixed \gset
SELECT customers.add_to_list(:'fixed', ARRAY(SELECT customer FROM imported WHERE customer IS NOT NULL
                                              ORDER BY ordinal LIMIT 3));
\if :own_file
SELECT customers.create_list('reachable', 'exists($.context.email)') AS dynamic \gset
\else
SELECT customers.create_list('subscribers', '$.context.newsletter == true') AS dynamic \gset
\endif
SELECT reference FROM customers.list_members(:'fixed') AS member
  JOIN customers.customer ON customer_id = member ORDER BY customer_id;
SELECT count(*) AS members FROM customers.list_members(:'dynamic');

\set ECHO none
\echo
\echo '--- A payment in two currencies.  The customer picks dollars, and saves two methods.'
\echo
\set ECHO queries
SELECT customers.create_payment(:'customer', '{54.00 EUR,60.00 USD}', reference => 'order-1001',
                                amount_mode => 'editable_if_insufficient') AS payment \gset
SELECT customers.choose_currency(:'payment', 'USD');
SELECT customers.save_payment_method(:'customer', 'card', 'tok_4f1c', '{"brand": "visa", "last4": "4242"}') AS card \gset
SELECT customers.save_payment_method(:'customer', 'wallet', 'tok_9a2e', '{"brand": "paypal"}') AS wallet \gset
SELECT status, amount, received FROM customers.payment WHERE payment_id = :'payment';

\set ECHO none
\echo
\echo '--- The first commit is declined for insufficient funds.  The worker reports what the provider said.'
\echo
\set ECHO queries
SELECT customers.commit_payment(:'payment', :'card') AS commit \gset
\connect - shop_worker
\echo '-- the worker:'
SELECT customers.resolve_commit(:'commit', 'declined', code => 'insufficient_funds');
\connect - shop
\echo '-- the shop:'
SELECT status, decline_code, decline_class FROM customers.payment_commit WHERE commit_id = :'commit';

\set ECHO none
\echo
\echo '--- So the customer lowers the amount, and splits it over both methods.'
\echo
\set ECHO queries
SELECT customers.change_amount(:'payment', '48.00 USD');
SELECT customers.commit_payment(:'payment', :'card', '30.00 USD') AS commit \gset
\connect - shop_worker
\echo '-- the worker:'
SELECT customers.resolve_commit(:'commit', 'succeeded');
\connect - shop
\echo '-- the shop:'
SELECT customers.commit_payment(:'payment', :'wallet') AS commit \gset
\connect - shop_worker
\echo '-- the worker:'
SELECT customers.resolve_commit(:'commit', 'succeeded');
\connect - shop
\echo '-- the shop:'
SELECT status, amount, received, commits_used FROM customers.payment WHERE payment_id = :'payment';
SELECT sequence, event, from_status, to_status, actor, value FROM customers.payment_events(:'payment');

\set ECHO none
\echo
\echo '--- Another payment: the customer thinks better of it.'
\echo
\set ECHO queries
SELECT customers.create_payment(:'customer', '{15.00 EUR}', reference => 'order-1002') AS payment \gset
SELECT customers.cancel_payment(:'payment');

\set ECHO none
\echo
\echo '--- What did the lists bring?'
\echo
\set ECHO queries
SELECT * FROM customers.list_report(ARRAY[:'fixed', :'dynamic']::customers.list_id[], now() - interval '1 day', now() + interval '1 day');
