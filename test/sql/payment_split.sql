\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- One payment in parts: three methods, three values, until nothing is left to pay.
SELECT pg_temp.try($$customers.create_customer('sam')$$);
SELECT pg_temp.try(format('customers.save_payment_method(pg_temp.cus(%L), %L, %L)', 'sam', kind, 'tok_' || kind)) FROM unnest('{voucher,card,wallet}'::text[]) kind;
CREATE FUNCTION pg_temp.balance(reference text) RETURNS text LANGUAGE plpgsql AS -- after what the same query does
  $$ BEGIN RETURN customers.next_steps(pg_temp.pay($1)) ->> 'balance'; END $$;
CREATE FUNCTION pg_temp.pay_with(reference text, kind text, value text, outcome text, reported text = null) RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.try(format('customers.resolve_commit(customers.commit_payment(pg_temp.pay(%L), pg_temp.pm(%L), %L), %L, %L)',
       reference, 'tok_' || kind, value, outcome, reported)) $$;
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('sam'), '{100.00 EUR}', 'order-1 goods', 'order-1')$$);
SELECT pg_temp.pay_with('order-1 goods', 'voucher', '25.00 EUR', 'succeeded'), pg_temp.balance('order-1 goods');
-- the provider approves a part of what was asked
SELECT pg_temp.pay_with('order-1 goods', 'card', '75.00 EUR', 'succeeded', '40.00 EUR'), pg_temp.balance('order-1 goods');
SELECT pg_temp.pay_with('order-1 goods', 'wallet', '35.01 EUR', 'succeeded'), pg_temp.balance('order-1 goods');
SELECT pg_temp.pay_with('order-1 goods', 'wallet', '35.00 EUR', 'declined'), pg_temp.balance('order-1 goods');
SELECT pg_temp.pay_with('order-1 goods', 'wallet', null, 'succeeded'), pg_temp.balance('order-1 goods');
SELECT pg_temp.show('order-1 goods');
SELECT kind, c.value, c.received, c.status FROM customers.payment_commit c JOIN customers.payment_method m USING (merchant_id, payment_method_id)
 WHERE c.payment_id = pg_temp.pay('order-1 goods') ORDER BY c.created_at;

-- A second payment of the order, held by two methods: a part is authorized for less,
-- a part is captured, the rest is released.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('sam'), '{50.00 EUR}', 'order-1 deposit', 'order-1', capture => 'manual')$$);
SELECT pg_temp.pay_with('order-1 deposit', 'card', '40.00 EUR', 'authorized', '30.00 EUR'), pg_temp.balance('order-1 deposit');
SELECT pg_temp.pay_with('order-1 deposit', 'wallet', null, 'authorized'), pg_temp.balance('order-1 deposit');
SELECT pg_temp.show('order-1 deposit'), pg_temp.commits('order-1 deposit');
SELECT payments, open_payments, amount, authorized, received, balance FROM customers.order_summary('order-1');
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('order-1 deposit'), '35.00 EUR', false)$$);
SELECT pg_temp.show('order-1 deposit'), pg_temp.commits('order-1 deposit');
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('order-1 deposit'), '1.00 EUR', true)$$);
SELECT pg_temp.show('order-1 deposit'), pg_temp.commits('order-1 deposit');
-- A third, closed early: what was received stays, and nothing more is waited for.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('sam'), '{20.00 EUR}', 'order-1 delivery', 'order-1')$$);
SELECT pg_temp.pay_with('order-1 delivery', 'voucher', '5.00 EUR', 'succeeded'), pg_temp.balance('order-1 delivery');
SELECT payments, open_payments, amount, authorized, received, balance FROM customers.order_summary('order-1');
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('order-1 delivery'))$$);
SELECT pg_temp.show('order-1 delivery');
SELECT payments, open_payments, amount, authorized, received, balance FROM customers.order_summary('order-1');
SELECT p.reference, customers.verify_payment(p.payment_id) FROM customers.payment p WHERE p.base_reference = 'order-1' AND p.merchant_id = customers.current_merchant() ORDER BY 1;

-- Among many payments the summary reads its own by the index.
BEGIN;
SET LOCAL session_replication_role = replica;
INSERT INTO customers.payment SELECT (jsonb_populate_record(p, jsonb_build_object('payment_id', gen_random_uuid()::customers.payment_id,
    'reference', null, 'base_reference', 'order ' || n))).*
  FROM customers.payment p, generate_series(1, 5000) n WHERE p.payment_id = pg_temp.pay('order-1 goods');
ANALYZE customers.payment;
SELECT pg_stat_get_xact_numscans('customers.payment_base_reference'::regclass) AS scans, pg_stat_get_xact_numscans('customers.payment'::regclass) AS seq_scans \gset
SELECT payments, received FROM customers.order_summary('order-1');
SELECT pg_stat_get_xact_numscans('customers.payment_base_reference'::regclass) - :scans, pg_stat_get_xact_numscans('customers.payment'::regclass) - :seq_scans;
ROLLBACK;
