\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- One order of several payments, summed up by currency.
SELECT pg_temp.try($$customers.create_customer('oda')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('oda'), 'card', 'tok_o')$$);
CREATE FUNCTION pg_temp.ask(reference text, price text, capture text = 'automatic', expires_in interval = '1 day') RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.try(format('customers.create_payment(pg_temp.cus(%L), %L, %L, %L, capture => %L, expires_in => %L)',
                               'oda', price, reference, 'order', capture, expires_in)) $$;
SELECT * FROM customers.order_summary('order');
SELECT pg_temp.ask('open', '{60.00 EUR,70.00 USD}');
SELECT * FROM customers.order_summary('order');
SELECT pg_temp.ask('part', '{40.00 EUR}'), pg_temp.ask('held', '{30.00 EUR}', 'manual'), pg_temp.ask('gone', '{20.00 EUR}'),
  pg_temp.ask('over', '{1.00 EUR}'), pg_temp.ask('yen', '{500 JPY}');
SELECT pg_temp.try($$customers.resolve_commit(customers.commit_payment(pg_temp.pay('part'), value => '15.00 EUR'), 'succeeded')$$);
SELECT pg_temp.try($$customers.resolve_commit(customers.commit_payment(pg_temp.pay('held'), value => '10.00 EUR'), 'authorized')$$);
SELECT pg_temp.try($$customers.resolve_commit(customers.commit_payment(pg_temp.pay('over')), 'succeeded', '3.00 EUR')$$);
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('over'), '2.00 EUR', 'back')$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('gone'))$$);
SELECT * FROM customers.order_summary('order');
-- Closed early, it waits for nothing more; another currency, and it is in another row.
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('part'))$$), pg_temp.try($$customers.choose_currency(pg_temp.pay('open'), 'USD')$$);
SELECT * FROM customers.order_summary('order');
-- What has expired counts as that before the sweep says so.
UPDATE customers.payment SET expires_at = now() WHERE payment_id IN (pg_temp.pay('open'), pg_temp.pay('yen'));
SELECT * FROM customers.order_summary('order');
SELECT customers.expire_payments();
SELECT * FROM customers.order_summary('order');
\set SHOW_CONTEXT never
-- A sum that is no amount
SELECT pg_temp.ask('huge', '{92233720368547758.07 EUR}');
SELECT * FROM customers.order_summary('order');
-- Nobody's, another's, none
SELECT * FROM customers.order_summary(null);
SELECT * FROM customers.order_summary('');
SELECT customers.use_merchant(customers.create_merchant('Another')) IS NULL;
SELECT * FROM customers.order_summary('order');
