\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- Expiry: by the clock on every access, and recorded by a sweep; never against a
-- commit whose money may be on its way.
SELECT pg_temp.try($$customers.create_customer('eli')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('eli'), 'card', 'tok_e')$$);
SELECT pg_temp.try(format($$customers.create_payment(pg_temp.cus('eli'), '{10.00 EUR,11.00 USD}', %L, amount_mode => 'editable', capture => %L)$$,
                          name, CASE name WHEN 'authorized' THEN 'manual' ELSE 'automatic' END))
  FROM unnest(ARRAY['created', 'attempted', 'submitted', 'asked', 'unknown', 'authorized', 'pending', 'paid', 'in time', 'never']) AS name;
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('eli'), '{10.00 EUR}', 'now', expires_in => '0')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('eli'), '{10.00 EUR}', 'now', expires_in => '-1 hour')$$);
SELECT pg_temp.try(format('customers.resolve_commit(customers.commit_payment(pg_temp.pay(%L), value => %L), %L)', name, value, outcome))
  FROM (VALUES ('attempted', '10.00 EUR', 'declined'), ('asked', '10.00 EUR', 'requires_action'), ('unknown', '10.00 EUR', 'unknown'),
               ('authorized', '6.00 EUR', 'authorized'), ('pending', '4.00 EUR', 'succeeded'), ('paid', '10.00 EUR', 'succeeded')) AS v(name, value, outcome);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('submitted'))$$);
-- The time is over for all but two; nothing has recorded it.
UPDATE customers.payment SET expires_at = CASE reference WHEN 'in time' THEN now() + interval '1 hour' WHEN 'never' THEN null ELSE created_at END
 WHERE merchant_id = customers.current_merchant();
SELECT reference, status FROM customers.payment WHERE merchant_id = customers.current_merchant() ORDER BY payment_id;

-- On access: nothing goes on, even before a sweep.
SELECT name, operation, pg_temp.try(format('customers.' || operation, name))
  FROM unnest(ARRAY['created', 'in time', 'never']) AS name,
       unnest(ARRAY['choose_currency(pg_temp.pay(%L), ''USD'')', 'choose_payment_method(pg_temp.pay(%L), pg_temp.pm(''tok_e''))',
                    'change_amount(pg_temp.pay(%L), ''12.00 USD'')']) AS operation;
SELECT name, pg_temp.try(format('customers.commit_payment(pg_temp.pay(%L))', name))
  FROM unnest(ARRAY['created', 'attempted', 'authorized', 'pending']) AS name;
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('authorized'))$$);
-- What has its money is no matter of time.
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('paid'), '1.00 EUR', 'r')$$);

-- By sweep: as many as were asked for, and none with an open commit.
SELECT pg_temp.try($$customers.expire_payments(0)$$);
SELECT pg_temp.try($$customers.expire_payments(null)$$);
SELECT customers.expire_payments(1), customers.expire_payments(2), customers.expire_payments(), customers.expire_payments();
SELECT reference, pg_temp.show(reference) FROM customers.payment WHERE merchant_id = customers.current_merchant() ORDER BY payment_id;
SELECT pg_temp.commits('authorized');
SELECT actor, to_status FROM customers.payment_events(pg_temp.pay('pending')) WHERE event = 'expire';

-- An open commit still counts, whatever the provider says; then the payment expires or is paid.
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('submitted'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('submitted'), 'succeeded')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('asked'), 'declined')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('unknown'), 'succeeded', '3.00 EUR')$$);
SELECT customers.expire_payments();
SELECT reference, pg_temp.show(reference), pg_temp.events(reference) FROM customers.payment
 WHERE merchant_id = customers.current_merchant() AND reference IN ('submitted', 'asked', 'unknown') ORDER BY payment_id;
SELECT bool_and(customers.verify_payment(payment_id)) FROM customers.payment WHERE merchant_id = customers.current_merchant();
