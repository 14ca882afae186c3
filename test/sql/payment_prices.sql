\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- Prices with their limits, and amounts to suggest: payment_prices() shows them all.
SELECT pg_temp.try($$customers.create_customer('pia')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('pia'), '{20.00 EUR,30.00 USD,500 JPY}', 'top-up', amount_mode => 'editable',
  min_amounts => '{5.00 EUR}', max_amounts => '{100.00 EUR,200.00 USD}', presets => '{50.00 EUR,25.00 USD,5.00 EUR,100.00 EUR,0.01 USD}')$$);
SELECT * FROM customers.payment_prices(pg_temp.pay('top-up'));
-- The chosen one follows the customer; a changed amount is no price.
SELECT pg_temp.try($$customers.choose_currency(pg_temp.pay('top-up'), 'USD')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('top-up'), '25.00 USD')$$);
SELECT currency, price, chosen FROM customers.payment_prices(pg_temp.pay('top-up'));
-- They suggest: any other amount within the limits is as good.
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('top-up'), '26.00 USD')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('top-up'), '200.01 USD')$$);
-- Each preset can be taken.
SELECT preset, pg_temp.try(format('customers.change_amount(pg_temp.pay(%L), %L)', 'top-up', preset))
  FROM customers.payment_prices(pg_temp.pay('top-up')), unnest(presets) preset WHERE chosen;
-- A payment without presets; none is the same as no array.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('pia'), '{20.00 EUR}', 'plain')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('pia'), '{20.00 EUR}', 'empty', presets => '{}')$$);
SELECT * FROM customers.payment_prices(pg_temp.pay('plain'));
SELECT presets IS NULL FROM customers.payment_price WHERE payment_id IN (pg_temp.pay('plain'), pg_temp.pay('empty'));
-- No payment, another's, null.
SELECT pg_temp.try($$customers.payment_prices('pay_7zzzzzzzzzzzzzzzzzzzzzzzzz')$$);
SELECT * FROM customers.payment_prices(null);

-- Refused: what a customer couldn't take, or would be shown twice.
CREATE FUNCTION pg_temp.suggest(presets text, amount_mode text = 'editable') RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.try(format('customers.create_payment(pg_temp.cus(%L), %L, amount_mode => %L, min_amounts => %L, max_amounts => %L, presets => %L)',
                               'pia', '{20.00 EUR,30.00 USD}', amount_mode, '{5.00 EUR}', '{100.00 EUR}', presets)) $$;
SELECT pg_temp.suggest('{5.00 EUR,100.00 EUR,20.00 EUR}');
SELECT pg_temp.suggest('{4.99 EUR}');
SELECT pg_temp.suggest('{5.00 EUR,100.01 EUR}');
SELECT pg_temp.suggest('{0.00 USD}');
SELECT pg_temp.suggest('{-1.00 USD}');
SELECT pg_temp.suggest('{500 JPY}');
SELECT pg_temp.suggest('{7.00 EUR,8.00 USD,7.00 EUR}');
SELECT pg_temp.suggest('{7.00 EUR,7.00 USD}');
SELECT pg_temp.suggest('{7.00 EUR,NULL}');
SELECT pg_temp.suggest('{{7.00 EUR},{8.00 EUR}}');
SELECT pg_temp.suggest('{20.00 EUR}', 'strict');
SELECT pg_temp.suggest('{7.00 EUR}', 'editable_if_insufficient');
SELECT pg_temp.suggest('{}', 'strict');
SELECT pg_temp.suggest((SELECT array_agg(customers.amount(n, 'USD'))::text FROM generate_series(1, 1000) n));
SELECT pg_temp.suggest((SELECT array_agg(customers.amount(n, 'USD'))::text FROM generate_series(1, 1001) n));

-- A superuser's row is held to the same.
CREATE FUNCTION pg_temp.insert_price(change jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE rule text;
BEGIN
  INSERT INTO customers.payment_price
    SELECT (jsonb_populate_record(r, '{"currency": "USD", "price": "30.00 USD", "position": 2}' || change)).*
      FROM customers.payment_price r WHERE r.payment_id = pg_temp.pay('plain');
  RAISE 'done' USING ERRCODE = 'P0001';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS rule = CONSTRAINT_NAME;
  RETURN concat_ws(' ', SQLSTATE, nullif(rule, ''));
END $$;
SELECT change, pg_temp.insert_price(change) FROM unnest(ARRAY['{}', '{"presets": ["1.00 USD", "2.00 USD"]}', '{"presets": []}', '{"presets": [null]}',
  '{"presets": ["0.00 USD"]}', '{"presets": ["5.00 EUR"]}', '{"presets": ["5.000 BHD"]}', '{"presets": ["5.00 UYU"]}',
  '{"presets": ["9.99 USD"], "min_amount": "10.00 USD"}', '{"presets": ["10.00 USD"], "min_amount": "10.00 USD"}',
  '{"presets": ["40.01 USD"], "max_amount": "40.00 USD"}', '{"presets": ["40.00 USD"], "max_amount": "40.00 USD"}']::jsonb[]) AS c (change);
