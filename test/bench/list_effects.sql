-- What do blocking lists cost create_payment and commit_payment?  Of four merchants
-- one has no lists, one 10 fixed ones of 100,000 members, one 5 dynamic ones besides
-- that read the context, and one 5 of which one reads payments.  Their buyers are on
-- no list.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
SET synchronous_commit = off;
CREATE TABLE effect_merchant AS SELECT lists, customers.create_merchant('Bench ' || lists) AS merchant
  FROM unnest(ARRAY['no lists', '10 fixed', '10 fixed, 5 dynamic', '10 fixed, 5 dynamic with payments']) AS lists;

-- The first 1,000 of each pay, the others are on lists.
ALTER TABLE customers.customer DISABLE TRIGGER guard_customer;
INSERT INTO customers.customer (merchant_id, customer_id, reference, context, schema_version, payments_allowed, payouts_allowed, version, created_at, updated_at)
SELECT merchant, gen_random_uuid()::customers.customer_id, n::text, '{"country": "FR", "age": 30}', 0, true, true, 1, now(), now()
  FROM effect_merchant, generate_series(1, 101000) AS n;
ALTER TABLE customers.customer ENABLE TRIGGER guard_customer;
INSERT INTO customers.payment_method (merchant_id, payment_method_id, customer_id, kind, display, is_default, created_at, updated_at)
SELECT merchant_id, gen_random_uuid()::customers.payment_method_id, customer_id, 'invoice', '{}', true, now(), now()
  FROM customers.customer WHERE reference::int <= 1000;
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT * FROM effect_merchant WHERE lists <> 'no lists' LOOP
    PERFORM customers.use_merchant(one.merchant);
    PERFORM customers.add_to_list(customers.create_list('Blocked ' || l, effect => 'block_payments'),
              (SELECT array_agg(customer_id) FROM customers.customer WHERE merchant_id = one.merchant AND reference::int > 1000))
      FROM generate_series(1, 10) AS l;
    PERFORM customers.create_list('Dynamic ' || rule, rule::jsonpath, 'block_payments') FROM unnest(ARRAY[
      '$.context.country == "NO" || $.context.country == "SE"', '$.context.age < 18', '!($.context.country == "FR")',
      '$.context ? (@.age > 90 && @.country != "FR")',
      CASE one.lists WHEN '10 fixed, 5 dynamic' THEN '$.context.age > 150' ELSE '$.payments.received.EUR > 10000' END]) AS rule
     WHERE one.lists LIKE '%dynamic%';
  END LOOP;
END $$;
ANALYZE;
CREATE TABLE effect_buyer AS SELECT lists, reference::int AS n, customer_id AS customer
  FROM effect_merchant JOIN customers.customer ON merchant_id = merchant WHERE reference::int <= 1000;
CREATE TABLE effect_time (round int, lists text, operation text, us float8);
RESET client_min_messages;

-- The first rounds only fill the tables.
DO $$
DECLARE
  started timestamptz;
  payments customers.payment_id[];
  one record;
BEGIN
  FOR round IN -10 .. 39 LOOP
    FOR one IN SELECT * FROM effect_merchant LOOP
      PERFORM customers.use_merchant(one.merchant);
      started := clock_timestamp();
      SELECT array_agg(customers.create_payment(customer, '{10.00 EUR}')) INTO payments
        FROM effect_buyer WHERE lists = one.lists AND n % 10 = abs(round % 10);
      INSERT INTO effect_time VALUES (round, one.lists, 'create_payment', extract(epoch FROM clock_timestamp() - started) * 1e6 / 100);
      COMMIT;
      started := clock_timestamp();
      PERFORM customers.commit_payment(p) FROM unnest(payments) AS p;
      INSERT INTO effect_time VALUES (round, one.lists, 'commit_payment', extract(epoch FROM clock_timestamp() - started) * 1e6 / 100);
      COMMIT;
    END LOOP;
  END LOOP;
  FOR one IN
    SELECT operation, lists, us, us / first_value(us) OVER (PARTITION BY operation ORDER BY place) AS ratio
      FROM (SELECT operation, lists, percentile_cont(0.5) WITHIN GROUP (ORDER BY us) AS us,
                   length(lists) AS place
              FROM effect_time WHERE round >= 0 GROUP BY 1, 2) AS t ORDER BY operation DESC, place
  LOOP
    RAISE NOTICE '%, %: % us, ratio %', one.operation, one.lists, round(one.us::numeric, 1), round(one.ratio::numeric, 2);
  END LOOP;
END $$;
