-- What do the chain of events and the notifications cost?  commit_payment() with
-- and without a notification, and beside it what verify_payment() takes per event,
-- which reads and hashes it: more than what an operation spends on the chain.
-- Then lives of payments (create, commit, resolve) by 8 clients at once: those who
-- notify commit one after another.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
SELECT customers.create_merchant('Bench') AS merchant \gset
ALTER DATABASE postgres SET customers.merchant = :'merchant';
SET customers.merchant = :'merchant';
SELECT customers.save_payment_method(customers.create_customer('c'), 'card', 'tok');
RESET client_min_messages;

CREATE PROCEDURE one_client() LANGUAGE plpgsql AS $$
DECLARE
  customer customers.customer_id := customers.find_customer('c');
  payments customers.payment_id[];
  started timestamptz;
  us numeric[] := '{0,0}';
  verified bool;
BEGIN
  FOR round IN 0 .. 9 LOOP
    PERFORM set_config('customers.notify', 'off', false);
    SELECT array_agg(customers.create_payment(customer, '{10.00 EUR}')) INTO payments FROM generate_series(1, 500);
    COMMIT;
    PERFORM set_config('customers.notify', CASE round % 2 WHEN 0 THEN 'on' ELSE 'off' END, false);
    started := clock_timestamp();
    FOR i IN 1 .. 500 LOOP
      PERFORM customers.commit_payment(payments[i]);
      COMMIT;
    END LOOP;
    us[1 + round % 2] := us[1 + round % 2] + extract(epoch FROM clock_timestamp() - started) * 1e6 / 2500;
  END LOOP;
  RAISE NOTICE 'commit_payment and COMMIT: % us with a notification, % without, ratio %',
    round(us[1]), round(us[2]), round(us[1] / us[2], 2);

  -- a payment of many events, verified again and again
  payments[1] := customers.create_payment(customer, '{10.00 EUR,11.00 USD}');
  FOR i IN 1 .. 999 LOOP
    PERFORM customers.choose_currency(payments[1], CASE i % 2 WHEN 0 THEN 'EUR' ELSE 'USD' END);
  END LOOP;
  COMMIT;
  started := clock_timestamp();
  FOR i IN 1 .. 20 LOOP
    verified := customers.verify_payment(payments[1]);
    ASSERT verified;
  END LOOP;
  us[1] := extract(epoch FROM clock_timestamp() - started) * 1e6 / 20000;
  RAISE NOTICE 'verify_payment: % us an event, % of commit_payment and COMMIT', round(us[1], 2), round(us[1] / us[2], 3);
END
$$;
SET synchronous_commit = off;
CALL one_client();

-- What is at stake is that a commit waits for the disk.
RESET synchronous_commit;
ALTER SYSTEM SET fsync = on;
SELECT pg_reload_conf();
\setenv PGHOST :HOST
\setenv PGUSER :USER
\! bash "$BENCH/payment_events.sh"
