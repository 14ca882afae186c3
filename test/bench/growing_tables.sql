-- How much dearer does a payment's life (create, commit, resolve) get while the
-- tables grow in one transaction, so that nobody has counted their rows yet?
-- Plans that were made on empty tables must not stay: the ratio stays near 1.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
SELECT customers.use_merchant(customers.create_merchant('Bench'));
SELECT customers.save_payment_method(customers.create_customer('c'), 'card', 'tok');
RESET client_min_messages;

DO $$
DECLARE
  customer customers.customer_id := customers.find_customer('c');
  started timestamptz;
  first_us numeric;
  us numeric;
BEGIN
  FOR round IN 1 .. 6 LOOP
    started := clock_timestamp();
    FOR life IN 1 .. 500 LOOP
      PERFORM customers.resolve_commit(customers.commit_payment(customers.create_payment(customer, '{10.00 EUR}')),
                                       'succeeded');
    END LOOP;
    us := round(extract(epoch FROM clock_timestamp() - started) * 1e6 / 500);
    first_us := coalesce(first_us, us);
    RAISE NOTICE 'lives % to %: % us each, ratio to the first %', round * 500 - 499, round * 500, us,
      round(us / first_us, 2);
  END LOOP;
END
$$;
