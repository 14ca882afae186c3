-- What do blocking lists cost create_payment and commit_payment?  Without any list;
-- with 10 fixed lists of 100,000 members; with 5 dynamic lists besides, one of which
-- reads payments.  The customers who pay are on none of them.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
SELECT customers.use_merchant(customers.create_merchant('Bench effects'));
SET synchronous_commit = off;
SELECT customers.define_context_field('country', '{"type": "string"}'), customers.define_context_field('age', '{"type": "integer"}') \g /dev/null

-- The first 2,000 pay, the others are on lists.
ALTER TABLE customers.customer DISABLE TRIGGER guard_customer;
INSERT INTO customers.customer (merchant_id, customer_id, reference, context, schema_version, payments_allowed, payouts_allowed, version, created_at, updated_at)
SELECT customers.current_merchant(), gen_random_uuid()::customers.customer_id, n::text, '{"country": "FR", "age": 30}', 0, true, true, 1, now(), now()
  FROM generate_series(1, 102000) AS n;
ALTER TABLE customers.customer ENABLE TRIGGER guard_customer;
CREATE TABLE effect_buyer AS SELECT reference::int AS n, customer_id AS customer, customers.save_payment_method(customer_id, 'card', 'tok') AS method
  FROM customers.customer WHERE merchant_id = customers.current_merchant() AND reference::int <= 2000;
ANALYZE;
CREATE TABLE effect_time (lists text, operation text, us float8);

CREATE PROCEDURE measure_effects(lists text) LANGUAGE plpgsql AS $$
DECLARE
  started timestamptz;
  payments customers.payment_id[];
BEGIN
  FOR round IN 0 .. 9 LOOP
    started := clock_timestamp();
    SELECT array_agg(customers.create_payment(customer, '{10.00 EUR}')) INTO payments FROM effect_buyer WHERE n % 10 = round;
    INSERT INTO effect_time VALUES (lists, 'create_payment', extract(epoch FROM clock_timestamp() - started) * 1e6 / cardinality(payments));
    COMMIT;
    started := clock_timestamp();
    PERFORM customers.commit_payment(p) FROM unnest(payments) AS p;
    INSERT INTO effect_time VALUES (lists, 'commit_payment', extract(epoch FROM clock_timestamp() - started) * 1e6 / cardinality(payments));
    COMMIT;
  END LOOP;
END $$;

UPDATE customers.payment_method SET is_default = true WHERE merchant_id = customers.current_merchant();
CALL measure_effects('warm up');
CALL measure_effects('no lists');
SELECT count(customers.add_to_list(customers.create_list('Blocked ' || l, effect => 'block_payments'),
         (SELECT array_agg(customer_id) FROM customers.customer WHERE merchant_id = customers.current_merchant() AND reference::int > 2000)))
  FROM generate_series(1, 10) AS l \g /dev/null
ANALYZE customers.list, customers.list_item;
CALL measure_effects('fixed');
SELECT customers.create_list('North', '$.context.country == "NO" || $.context.country == "SE"', 'block_payments'),
       customers.create_list('Minors', '$.context.age < 18', 'block_payments'),
       customers.create_list('Elsewhere', '!($.context.country == "FR")', 'block_payments'),
       customers.create_list('Old and foreign', '$.context ? (@.age > 90 && @.country != "FR")', 'block_payments'),
       customers.create_list('Too much', '$.payments.received.EUR > 10000', 'block_payments') \g /dev/null
CALL measure_effects('fixed and dynamic');
RESET client_min_messages;

DO $$
DECLARE
  line record;
BEGIN
  FOR line IN
    SELECT operation, lists, us, us / first_value(us) OVER (PARTITION BY operation ORDER BY place) AS ratio
      FROM (SELECT operation, lists, percentile_cont(0.5) WITHIN GROUP (ORDER BY us) AS us,
                   array_position(ARRAY['no lists', 'fixed', 'fixed and dynamic'], lists) AS place
              FROM effect_time WHERE lists <> 'warm up' GROUP BY 1, 2) AS t ORDER BY operation DESC, place
  LOOP
    RAISE NOTICE '%, %: % us, ratio %', line.operation, line.lists, round(line.us::numeric, 1), round(line.ratio::numeric, 2);
  END LOOP;
END $$;
