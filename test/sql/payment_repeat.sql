\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- What becomes of an operation that is called once more since its answer was lost:
-- the table "When an answer is lost" of doc/reference-payments.md, row by row.
SELECT pg_temp.try($$customers.create_customer('rea')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('rea'), 'card', 'tok_r', fingerprint => 'f')$$);
-- a payment of 10.00 EUR, of which 8.00 are authorized
CREATE FUNCTION pg_temp.hold(reference text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  made customers.payment_id := customers.create_payment(customers.find_customer('rea'), '{10.00 EUR}', reference, capture => 'manual');
BEGIN
  RETURN customers.resolve_commit(customers.commit_payment(made, value => '8.00 EUR'), 'authorized');
END $$;

-- create_payment: the key, or else the reference; without both there are two.
SELECT customers.create_payment(pg_temp.cus('rea'), '{10.00 EUR}', idempotency_key => 'k') AS made \gset
SELECT customers.create_payment(pg_temp.cus('rea'), '{10.00 EUR}', idempotency_key => 'k') = :'made' AS same;
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('rea'), '{10.00 EUR,11.00 USD}', 'order', amount_mode => 'editable')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('rea'), '{10.00 EUR,11.00 USD}', 'order', amount_mode => 'editable')$$);
SELECT customers.create_payment(pg_temp.cus('rea'), '{10.00 EUR}') <> customers.create_payment(pg_temp.cus('rea'), '{10.00 EUR}') AS two;

-- choose_currency, choose_payment_method and change_amount: a choice that is made changes nothing.
SELECT pg_temp.try($$customers.choose_currency(pg_temp.pay('order'), 'USD')$$), pg_temp.try($$customers.choose_currency(pg_temp.pay('order'), 'USD')$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('order'), pg_temp.pm('tok_r'))$$), pg_temp.try($$customers.choose_payment_method(pg_temp.pay('order'), pg_temp.pm('tok_r'))$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('order'), '9.00 USD')$$), pg_temp.try($$customers.change_amount(pg_temp.pay('order'), '9.00 USD')$$);
SELECT pg_temp.events('order');
-- A commit has come between, or the first call made it paid: refused.
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('order'), value => '4.00 USD')$$);
SELECT pg_temp.try($$customers.choose_currency(pg_temp.pay('order'), 'USD')$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('order'), pg_temp.pm('tok_r'))$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('order'), '9.00 USD')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('order'), 'succeeded')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('order'), '4.00 USD')$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('order'), '4.00 USD')$$);
SELECT pg_temp.show('order');

-- commit_payment: with the key the same commit, whatever became of it.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('rea'), '{10.00 EUR}', 'parts')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('parts'), value => '4.00 EUR', idempotency_key => 'part 1')$$);
SELECT customers.commit_payment(pg_temp.pay('parts'), value => '4.00 EUR', idempotency_key => 'part 1') = pg_temp.cmt('parts') AS same;
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('parts'), 'succeeded')$$);
SELECT customers.commit_payment(pg_temp.pay('parts'), value => '4.00 EUR', idempotency_key => 'part 1') = pg_temp.cmt('parts') AS same;
SELECT pg_temp.show('parts');
-- Without, it is refused while the first is open, and is another commit afterwards.
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('parts'), value => '3.00 EUR')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('parts'), value => '3.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('parts'), 'succeeded')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('parts'), value => '3.00 EUR')$$);
SELECT pg_temp.commits('parts');

-- claim_commits: others' leases run on, and afterwards the commit comes again, as another attempt.
SELECT attempt FROM customers.claim_commits(10, '1 minute');
SELECT attempt FROM customers.claim_commits(10, '1 minute');
UPDATE customers.payment_commit SET claimable_at = created_at WHERE commit_id = pg_temp.cmt('parts');
SELECT attempt FROM customers.claim_commits(10, '1 minute');
-- resolve_commit: what counted once is no news, whatever the outcome.
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('parts'), 'requires_action')$$), pg_temp.try($$customers.resolve_commit(pg_temp.cmt('parts'), 'requires_action')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('parts'), 'unknown')$$), pg_temp.try($$customers.resolve_commit(pg_temp.cmt('parts'), 'unknown')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('parts'), 'succeeded', '3.00 EUR')$$), pg_temp.try($$customers.resolve_commit(pg_temp.cmt('parts'), 'succeeded', '3.00 EUR')$$);
SELECT pg_temp.show('parts');
SELECT pg_temp.commits('parts');
SELECT pg_temp.events('parts');
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('rea'), '{10.00 EUR}', 'declined')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('declined'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('declined'), 'declined', code => 'timeout')$$), pg_temp.try($$customers.resolve_commit(pg_temp.cmt('declined'), 'declined', code => 'timeout')$$);
SELECT pg_temp.show('declined');

-- capture_payment: with the key once, and the status of then, though more was captured since.
SELECT pg_temp.hold('held');
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held'), '2.00 EUR', false, idempotency_key => 'parcel 1')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held'), '2.00 EUR', false, idempotency_key => 'parcel 1')$$);
SELECT pg_temp.show('held');
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held'), '2.00 EUR', false, idempotency_key => 'parcel 2')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held'), idempotency_key => 'the rest')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held'), idempotency_key => 'the rest')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held'), '2.00 EUR', false, idempotency_key => 'parcel 1')$$);
SELECT pg_temp.show('held');
SELECT pg_temp.events('held');
-- Another request with the key is refused, and so is a key of no length.
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held'), '1.00 EUR', idempotency_key => 'parcel 1')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('parts'), '2.00 EUR', false, idempotency_key => 'parcel 1')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held'), idempotency_key => '')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held'), idempotency_key => repeat('k', 256))$$);
-- A capture that was refused has not used its key.
SELECT pg_temp.hold('held 2');
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held 2'), '8.01 EUR', false, 'parcel 3')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held 2'), '1.00 EUR', false, 'parcel 3')$$);
-- Without a key a part is captured again, and what was final is refused.
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held 2'), '2.00 EUR', false)$$), pg_temp.try($$customers.capture_payment(pg_temp.pay('held 2'), '2.00 EUR', false)$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held 2'), '2.00 EUR')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held 2'), '2.00 EUR')$$);
SELECT pg_temp.show('held 2');
-- Something else that is authorized by then is captured, too.
SELECT pg_temp.hold('held 3');
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held 3'))$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held 3'))$$);
SELECT pg_temp.try($$customers.resolve_commit(customers.commit_payment(pg_temp.pay('held 3')), 'authorized')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held 3'))$$);
-- The key's row says what it was for.
SELECT operation, result::customers.payment_id = pg_temp.pay('held') AS of_payment, status FROM customers.idempotency
 WHERE merchant_id = :'merchant' AND key = 'parcel 1';
SELECT operation, status FROM customers.idempotency WHERE merchant_id = :'merchant' AND operation <> 'capture_payment' ORDER BY 1;

-- record_return: the reference, which each payment has its own of, and which can't be left out.
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('held'), '1.00 EUR', 'r')$$), pg_temp.try($$customers.record_return(pg_temp.pay('held'), '1.00 EUR', 'r')$$);
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('held'), '2.00 EUR', 'r')$$);
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('held 2'), '1.00 EUR', 'r')$$);
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('held'), '1.00 EUR', null)$$);
SELECT returned FROM customers.payment WHERE payment_id IN (pg_temp.pay('held'), pg_temp.pay('held 2'));

-- cancel_payment: refused, and its error names the status that the first call gave.
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('declined'))$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('declined'))$$);
SELECT pg_temp.events('declined');
-- expire_payments: there is nothing left to do.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('rea'), '{10.00 EUR}', 'late')$$);
UPDATE customers.payment SET expires_at = created_at WHERE payment_id = pg_temp.pay('late');
SELECT customers.expire_payments(), customers.expire_payments();
-- open_checkout: another token, and the lost one lives until it is closed or ends.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('rea'), '{10.00 EUR}', 'shown')$$);
SELECT customers.open_checkout(pg_temp.pay('shown')) <> customers.open_checkout(pg_temp.pay('shown')) AS two;
SELECT customers.close_checkout(pg_temp.pay('shown')), customers.close_checkout(pg_temp.pay('shown'));

-- save_payment_method: with a fingerprint the same method, without it another.
SELECT customers.save_payment_method(pg_temp.cus('rea'), 'card', 'tok_r', fingerprint => 'f') = pg_temp.pm('tok_r') AS same;
SELECT customers.save_payment_method(pg_temp.cus('rea'), 'card', 'tok_s') <> customers.save_payment_method(pg_temp.cus('rea'), 'card', 'tok_s') AS two;
-- set_default_payment_method and remove_payment_method
SELECT pg_temp.try($$customers.set_default_payment_method(pg_temp.cus('rea'), pg_temp.pm('tok_r'))$$), pg_temp.try($$customers.set_default_payment_method(pg_temp.cus('rea'), pg_temp.pm('tok_r'))$$);
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_r'))$$), pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_r'))$$);
