\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- create_payment: each argument and each guard, refused.
SELECT pg_temp.try($$customers.create_customer('bert')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}', 'once')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}', 'once')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{}')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR,2.00 EUR}')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{0.00 EUR}')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{-1.00 EUR}')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR,null}')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{{1.00 EUR},{2.00 USD}}')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), null)$$);
SELECT pg_temp.try($$customers.create_payment(null, '{1.00 EUR}')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}', '')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}', repeat('x', 256))$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}', base_reference => '')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}', amount_mode => 'free')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}', capture => 'later')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}', commits_limit => 0)$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}', expires_in => '0')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}', expires_in => '-1 day')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}', min_amounts => '{1.00 USD}')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}', min_amounts => '{1.01 EUR}')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}', max_amounts => '{0.99 EUR}')$$);
SELECT pg_temp.try($$customers.create_payment('cus_7zzzzzzzzzzzzzzzzzzzzzzzzz', '{1.00 EUR}')$$);
SELECT pg_temp.try($$customers.allow_payments(pg_temp.cus('bert'), false)$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}')$$);
SELECT pg_temp.try($$customers.allow_payments(pg_temp.cus('bert'), true)$$);
SELECT pg_temp.try($$customers.archive_customer(pg_temp.cus('bert'))$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}')$$);
SELECT pg_temp.try($$customers.unarchive_customer(pg_temp.cus('bert'))$$);
SELECT pg_temp.try($$customers.add_to_list(customers.create_list('bad debt', effect => 'block_payments'), ARRAY[pg_temp.cus('bert')])$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}')$$);
SELECT pg_temp.try($$customers.remove_from_list((SELECT list_id FROM customers.list WHERE name = 'bad debt'), ARRAY[pg_temp.cus('bert')])$$);
-- without an end
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}', 'endless', expires_in => null)$$);
SELECT expires_at IS NULL FROM customers.payment WHERE payment_id = pg_temp.pay('endless');
SELECT count(*) FROM customers.payment WHERE merchant_id = customers.current_merchant();

-- The same call with the same key gives the same payment.
SELECT customers.create_payment(pg_temp.cus('bert'), '{9.00 EUR}', 'twice', idempotency_key => 'k1')
       = customers.create_payment(pg_temp.cus('bert'), '{9.00 EUR}', 'twice', idempotency_key => 'k1');
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{9.01 EUR}', 'thrice', idempotency_key => 'k1')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{9.00 EUR}', idempotency_key => '')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{9.00 EUR}', idempotency_key => repeat('k', 256))$$);

-- commit_payment: each guard, refused.
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'))$$);
SELECT pg_temp.try($$customers.commit_payment(null)$$);
SELECT pg_temp.try($$customers.commit_payment('pay_7zzzzzzzzzzzzzzzzzzzzzzzzz')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'), 'pm_7zzzzzzzzzzzzzzzzzzzzzzzzz')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('bert'), 'card', 'tok_a')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('bert'), 'card', 'tok_removed')$$);
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_removed'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('bert'), 'card', 'tok_expired', expires_on => '2020-01-31')$$);
SELECT pg_temp.try($$customers.save_payment_method(customers.create_customer('other'), 'card', 'tok_other')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'), pg_temp.pm('tok_removed'))$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'), pg_temp.pm('tok_expired'))$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'), pg_temp.pm('tok_other'))$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('twice'), pg_temp.pm('tok_removed'))$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('twice'), pg_temp.pm('tok_other'))$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'), value => '9.01 EUR')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'), value => '0.00 EUR')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'), value => '1.00 USD')$$);
-- a field that is needed to commit
SELECT pg_temp.try($$customers.define_context_field('country', '{"type": "string"}', 'commit')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'))$$);
SELECT pg_temp.try($$customers.update_customer(pg_temp.cus('bert'), '{"country": "AT"}')$$);
-- what forbids to create a payment forbids to commit one that is open
SELECT pg_temp.try($$customers.allow_payments(pg_temp.cus('bert'), false)$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'))$$);
SELECT pg_temp.try($$customers.allow_payments(pg_temp.cus('bert'), true)$$);
SELECT pg_temp.try($$customers.archive_customer(pg_temp.cus('bert'))$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'))$$);
SELECT pg_temp.try($$customers.unarchive_customer(pg_temp.cus('bert'))$$);
SELECT pg_temp.try($$customers.add_to_list((SELECT list_id FROM customers.list WHERE name = 'bad debt'), ARRAY[pg_temp.cus('bert')])$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'))$$);
SELECT pg_temp.try($$customers.remove_from_list((SELECT list_id FROM customers.list WHERE name = 'bad debt'), ARRAY[pg_temp.cus('bert')])$$);
-- one open commit at a time; the same key gives the same one
SELECT customers.commit_payment(pg_temp.pay('twice'), value => '4.00 EUR', idempotency_key => 'c1')
       = customers.commit_payment(pg_temp.pay('twice'), value => '4.00 EUR', idempotency_key => 'c1');
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'), value => '5.00 EUR', idempotency_key => 'c1')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'))$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('twice'))$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('twice'), pg_temp.pm('tok_a'))$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('twice'), '1.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('twice'), 'unknown')$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('twice'))$$);
SELECT pg_temp.show('twice');

-- A hard decline bars the method for this payment, not the payment.
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('twice'), 'declined', code => 'stolen_card')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'))$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('twice'), pg_temp.pm('tok_a'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('bert'), 'wallet', 'tok_b')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('twice'), pg_temp.pm('tok_b'))$$);
-- The customer may cancel while the provider waits for the customer.
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('twice'), 'requires_action')$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('twice'), repeat('x', 256))$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('twice'))$$);
SELECT pg_temp.show('twice');
SELECT pg_temp.commits('twice');

-- The last decline fails the payment, or leaves it partially paid.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{9.00 EUR}', 'limit', commits_limit => 2)$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('limit'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('limit'), 'declined', code => 'try_again_later')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('limit'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('limit'), 'declined')$$);
SELECT pg_temp.show('limit');
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('limit'))$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{9.00 EUR}', 'limit-2', commits_limit => 2)$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('limit-2'), value => '1.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('limit-2'), 'succeeded')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('limit-2'), value => '1.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('limit-2'), 'declined', code => 'Insufficient_Funds')$$);
SELECT pg_temp.show('limit-2');
-- A success with the last commit leaves it pending, without a commit left.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('bert'), '{9.00 EUR}', 'limit-3', commits_limit => 1)$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('limit-3'), value => '1.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('limit-3'), 'succeeded')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('limit-3'))$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('limit-3'))$$);

-- Codes and their classes.
CREATE FUNCTION pg_temp.class_of(code text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE payment customers.payment_id;
BEGIN
  payment := customers.create_payment(pg_temp.cus('bert'), '{1.00 EUR}');
  PERFORM customers.resolve_commit(customers.commit_payment(payment), 'declined', code => code);
  RETURN (SELECT decline_class FROM customers.payment p WHERE p.payment_id = payment);
END $$;
SELECT code, pg_temp.class_of(code) FROM unnest(ARRAY['insufficient_funds', 'expired_card', 'incorrect_cvc',
  'authentication_required', 'processing_error', 'try_again_later', 'card_not_supported', 'do_not_honor', 'stolen_card',
  'lost_card', 'fraudulent', 'amount_too_large', 'withdrawal_count_limit_exceeded', 'from_mars', '', null]) code;

-- NULL is no payment: nothing passes for done that was not.
SELECT customers.choose_currency(NULL, 'EUR');
SELECT customers.choose_currency('pay_00000000000000000000000000', NULL);
SELECT customers.choose_payment_method(NULL, NULL);
SELECT customers.change_amount('pay_00000000000000000000000000', NULL);
SELECT customers.record_return(NULL, '1.00 EUR', 'r');
SELECT customers.expire_payments(NULL);
SELECT customers.set_default_payment_method(NULL, NULL);
SELECT customers.remove_payment_method(NULL);
