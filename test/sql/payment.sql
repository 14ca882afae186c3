\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- The life of a payment: two prices, a decline, a lower amount, two methods.
SELECT pg_temp.try($$customers.create_customer('anna')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('anna'), 'card', 'tok_card', '{"brand": "visa", "last4": "4242"}')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('anna'), 'wallet', 'tok_wallet')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('anna'), '{49.90 EUR,55.00 USD}', 'order-1',
  base_reference => 'order', amount_mode => 'editable_if_insufficient')$$);
SELECT pg_temp.show('order-1');
SELECT currency, position, price, min_amount IS NULL, max_amount IS NULL FROM customers.payment_price
 WHERE payment_id = pg_temp.pay('order-1') ORDER BY position;
SELECT pg_temp.try($$customers.choose_currency(pg_temp.pay('order-1'), 'USD')$$);
-- the amount can't be changed before a decline for it
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('order-1'), '40.00 USD')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('order-1'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('order-1'), 'declined', code => 'insufficient_funds')$$);
SELECT pg_temp.show('order-1');
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('order-1'), '55.00 USD')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('order-1'), '40.00 USD')$$);
-- a part with the wallet, the rest with the card
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('order-1'), pg_temp.pm('tok_wallet'))$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('order-1'), value => '25.00 USD')$$);
SELECT pg_temp.show('order-1');
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('order-1'), 'requires_action')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('order-1'), 'succeeded', provider_reference => 'ch_1')$$);
SELECT pg_temp.show('order-1');
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('order-1'), pg_temp.pm('tok_card'), save_method => true)$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('order-1'), 'succeeded')$$);
SELECT pg_temp.show('order-1');
SELECT pg_temp.commits('order-1');
SELECT (SELECT token FROM pg_temp.saved s WHERE s.payment_method_id = m.payment_method_id), c.value, c.save_method, c.provider_reference, c.resolved_at IS NOT NULL
  FROM customers.payment_commit c JOIN customers.payment_method m
    ON m.payment_method_id = c.payment_method_id
 WHERE c.payment_id = pg_temp.pay('order-1') ORDER BY c.created_at;
SELECT sequence, event, from_status, to_status, actor, commit_id IS NOT NULL AS has_commit, value, detail,
       at >= lag(at) OVER (ORDER BY sequence) AS in_order
  FROM customers.payment_events(pg_temp.pay('order-1'));
-- nothing but a return is possible any more
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('order-1'))$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('order-1'))$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('order-1'), '30.00 USD')$$);

-- A choice that is made already is no event.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('anna'), '{500 JPY,1.250 KWD}', 'order-2', amount_mode => 'editable')$$);
SELECT pg_temp.try($$customers.choose_currency(pg_temp.pay('order-2'), 'JPY')$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('order-2'), pg_temp.pm('tok_card'))$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('order-2'), pg_temp.pm('tok_card'))$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('order-2'), '500 JPY')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('order-2'), '700 JPY')$$);
SELECT pg_temp.events('order-2');
-- Another currency begins with its price again.
SELECT pg_temp.try($$customers.choose_currency(pg_temp.pay('order-2'), 'KWD')$$);
SELECT pg_temp.show('order-2');
SELECT pg_temp.try($$customers.choose_currency(pg_temp.pay('order-2'), 'EUR')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('order-2'), '700 JPY')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('order-2'), '0.000 KWD')$$);
-- Money holds the currency.
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('order-2'), value => '0.250 KWD')$$);
SELECT pg_temp.try($$customers.choose_currency(pg_temp.pay('order-2'), 'JPY')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('order-2'), 'succeeded')$$);
SELECT pg_temp.try($$customers.choose_currency(pg_temp.pay('order-2'), 'JPY')$$);
-- An amount goes down to what is received, and is paid then; not below.
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('order-2'), '0.249 KWD')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('order-2'), '0.250 KWD')$$);
SELECT pg_temp.show('order-2');

-- Limits of an editable amount, in one currency of two.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('anna'), '{20.00 EUR,20.00 USD}', 'top-up',
  amount_mode => 'editable', min_amounts => '{5.00 EUR}', max_amounts => '{100.00 EUR}')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('top-up'), '4.99 EUR')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('top-up'), '100.01 EUR')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('top-up'), '5.00 EUR')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('top-up'), '100.00 EUR')$$);
SELECT pg_temp.try($$customers.choose_currency(pg_temp.pay('top-up'), 'USD')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('top-up'), '4000.00 USD')$$);
SELECT pg_temp.show('top-up');

-- A strict amount may be paid in parts, not changed.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('anna'), '{10.00 EUR}', 'strict')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('strict'), '9.00 EUR')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('strict'), value => '4.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('strict'), 'succeeded')$$);
-- Cancelled now, it is partially paid.
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('strict'), 'bought elsewhere')$$);
SELECT pg_temp.show('strict');
SELECT event, to_status, detail FROM customers.payment_events(pg_temp.pay('strict')) ORDER BY sequence DESC LIMIT 1;

-- After a decline of a part, what is left to pay has to be lower than the part.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('anna'), '{100.00 EUR}', 'parts', amount_mode => 'editable_if_insufficient')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('parts'), value => '30.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('parts'), 'succeeded')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('parts'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('parts'), 'declined', code => 'card_velocity_exceeded')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('parts'), '100.00 EUR')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('parts'), '99.00 EUR')$$);
SELECT pg_temp.show('parts');
-- Any other decline doesn't open the amount.
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('parts'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('parts'), 'declined', code => 'do_not_honor')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('parts'), '90.00 EUR')$$);

-- Cancelled before any money.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('anna'), '{10.00 EUR}', 'cancelled')$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('cancelled'))$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('cancelled'))$$);
SELECT pg_temp.show('cancelled');
SELECT sequence, event, from_status, to_status, actor, detail FROM customers.payment_events(pg_temp.pay('cancelled'));
