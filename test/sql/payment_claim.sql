\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- Claims: each open commit goes to one worker at a time, with what the provider has to know.
SELECT pg_temp.try($$customers.create_customer('cara')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('cara'), 'card', 'tok_c1é')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('cara'), 'invoice', null, '{"terms": "30 days"}')$$) IS NOT NULL;
CREATE FUNCTION pg_temp.claim(max_count int = 10, lease interval = '1 minute') RETURNS SETOF text LANGUAGE sql AS
  $$ SELECT concat_ws(' ', c.reference, c.status, c.value, c.capture, c.kind, c.token, CASE WHEN c.save_method THEN 'save' END,
       'attempt', c.attempt, c.provider_reference)
     FROM customers.claim_commits(max_count, claim.lease) c $$;
SELECT pg_temp.claim();
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cara'), '{10.00 EUR}', 'first')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cara'), '{20.00 EUR}', 'second', capture => 'manual')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cara'), '{30.00 EUR}', 'third')$$);
SELECT pg_temp.claim();
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('first'))$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('second'), save_method => true)$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('third'),
  (SELECT payment_method_id FROM customers.payment_methods(pg_temp.cus('cara')) WHERE kind = 'invoice'))$$);
-- the oldest first, and each once
SELECT pg_temp.claim(2);
SELECT pg_temp.claim(2);
SELECT pg_temp.claim(2);
SELECT payment_id = pg_temp.pay('first'), commit_id = pg_temp.cmt('first'), customer_id = pg_temp.cus('cara')
  FROM customers.claim_commits(10, '1 minute');
-- a lease that has run out
UPDATE customers.payment_commit SET claimable_at = now() - interval '1 second' WHERE commit_id = pg_temp.cmt('first');
SELECT payment_id = pg_temp.pay('first'), commit_id = pg_temp.cmt('first'), customer_id = pg_temp.cus('cara'),
       payment_method_id = pg_temp.pm('tok_c1'), attempt, lease_until - clock_timestamp() BETWEEN '1 minute' AND '2 minutes',
       created_at = (SELECT c.created_at FROM customers.payment_commit c WHERE c.commit_id = claimed.commit_id)
  FROM customers.claim_commits(10, '2 minutes') claimed;
SELECT pg_temp.claim();
-- what is open is asked for again: unknown, and what the customer was to do; an outcome ends it
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('first'), 'unknown', provider_reference => 'ch_1')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('second'), 'requires_action')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('third'), 'succeeded')$$);
SELECT pg_temp.claim();
UPDATE customers.payment_commit SET claimable_at = now() - interval '1 second' WHERE payment_id IN (pg_temp.pay('first'), pg_temp.pay('second'), pg_temp.pay('third'));
SELECT pg_temp.claim() ORDER BY 1;
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('first'), 'succeeded')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('second'), 'authorized')$$);
UPDATE customers.payment_commit SET claimable_at = now() - interval '1 second' WHERE payment_id IN (pg_temp.pay('first'), pg_temp.pay('second'), pg_temp.pay('third'));
SELECT pg_temp.claim();
-- a claim that is rolled back was none
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cara'), '{40.00 EUR}', 'fourth')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('fourth'))$$);
BEGIN;
SELECT pg_temp.claim();
ROLLBACK;
SELECT pg_temp.claim();
-- nobody else's: another merchant has nothing to claim
UPDATE customers.payment_commit SET claimable_at = now() - interval '1 second' WHERE commit_id = pg_temp.cmt('fourth');
SELECT customers.create_merchant('Other') AS other \gset
SET customers.merchant = :'other';
SELECT pg_temp.claim();
SET customers.merchant = :'merchant';
-- a token that doesn't open: the error says of which commit, so that people can resolve it
UPDATE customers.payment_method SET token = (SELECT wrapped FROM customers.customer_key k WHERE k.customer_id = pg_temp.cus('cara'))
 WHERE payment_method_id = pg_temp.pm('tok_c1');
CREATE FUNCTION pg_temp.context() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  context text;
BEGIN
  PERFORM customers.claim_commits(10, '1 minute');
  RETURN 'claimed';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
  RETURN SQLSTATE || ' ' || SQLERRM || E'\n' || pg_temp.hide(split_part(context, E'\n', 1));
END $$;
SELECT pg_temp.context();
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('fourth'), 'cancelled')$$);
SELECT pg_temp.context();
-- nor does one that was moved to another method
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('cara'), 'card', 'tok_d')$$);
UPDATE customers.payment_method SET token = (SELECT token FROM customers.payment_method WHERE payment_method_id = pg_temp.pm('tok_d'))
 WHERE payment_method_id = pg_temp.pm('tok_c1');
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('fourth'), pg_temp.pm('tok_c1'))$$);
SELECT pg_temp.context();
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('fourth'), 'cancelled')$$);
-- nor does a claim find a method whose row somebody has deleted behind the guard's back
BEGIN;
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('cara'), 'card', 'tok_gone')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('fourth'), pg_temp.pm('tok_gone'))$$);
SET LOCAL session_replication_role = replica;
DELETE FROM customers.payment_method WHERE payment_method_id = pg_temp.pm('tok_gone');
SET LOCAL session_replication_role = origin;
SELECT pg_temp.context();
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('fourth'), 'cancelled')$$);
SELECT pg_temp.context();
ROLLBACK;
-- by index, however many have ended
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT commit_id FROM customers.payment_commit
 WHERE merchant_id = 'mer_00000000000000000000000000' AND status = ANY (ARRAY['submitted', 'requires_action', 'unknown'])
   AND claimable_at <= '-infinity' ORDER BY claimable_at LIMIT 10 FOR NO KEY UPDATE SKIP LOCKED;
RESET enable_seqscan;
-- refused
SELECT pg_temp.try($$customers.claim_commits(0, '1 minute')$$);
SELECT pg_temp.try($$customers.claim_commits(1001, '1 minute')$$);
SELECT pg_temp.try($$customers.claim_commits(1, '0')$$);
SELECT pg_temp.try($$customers.claim_commits(1, '-1 minute')$$);
SELECT pg_temp.try($$customers.claim_commits(1, '25 hours')$$);
SELECT pg_temp.try($$customers.claim_commits(null, '1 minute')$$);
SELECT pg_temp.try($$customers.claim_commits(1, null)$$);
SET ROLE customers_merchant;
SELECT customers.claim_commits(1, '1 minute');
RESET ROLE;

-- What a customer can do next, for a checkout.
CREATE FUNCTION pg_temp.next(reference text) RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.hide((customers.next_steps(pg_temp.pay($1)) - 'expires_at')::text) $$;
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cara'), '{10.00 EUR}', 'next', amount_mode => 'editable_if_insufficient', commits_limit => 3)$$);
SELECT pg_temp.next('next');
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('next'))$$);
SELECT pg_temp.next('next');
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('next'), 'requires_action')$$);
SELECT pg_temp.next('next');
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('next'), 'declined', code => 'insufficient_funds')$$);
SELECT pg_temp.next('next');
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('next'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('next'), 'declined', code => 'lost_card')$$);
SELECT pg_temp.next('next');
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('cara'), 'card', 'tok_b')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('next'), pg_temp.pm('tok_b'), '4.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('next'), 'succeeded')$$);
SELECT pg_temp.next('next');
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('next'))$$);
SELECT pg_temp.next('next');
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cara'), '{10.00 EUR}', 'short', expires_in => '1 microsecond')$$);
SELECT pg_temp.next('short');
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cara'), '{10.00 EUR}', 'held', expires_in => null, capture => 'manual')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('held'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('held'), 'authorized')$$);
SELECT pg_temp.next('held'), customers.next_steps(pg_temp.pay('held')) ->> 'expires_at' IS NULL,
       customers.next_steps(pg_temp.pay('next')) ->> 'expires_at' IS NULL;
SELECT customers.next_steps(null) IS NULL;
SELECT pg_temp.try($$customers.next_steps('pay_7zzzzzzzzzzzzzzzzzzzzzzzzz')$$);
-- The worker that reports a decline may ask as well, about its merchant's payments; an analyst may not.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cara'), '{10.00 EUR}', 'asked')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('asked'), pg_temp.pm('tok_b'))$$);
SELECT customers.create_merchant('Another') AS another \gset
CREATE ROLE next_worker IN ROLE customers_processor;
CREATE ROLE next_rival IN ROLE customers_processor;
CREATE ROLE next_analyst IN ROLE customers_analyst;
SELECT customers.bind_role('next_worker', :'merchant'), customers.bind_role('next_rival', :'another'), customers.bind_role('next_analyst', :'merchant');
SELECT pg_temp.pay('asked') AS asked, pg_temp.cmt('asked') AS commit \gset
RESET customers.merchant;
SET ROLE next_worker;
SELECT customers.resolve_commit(:'commit', 'declined', code => 'lost_card');
SELECT payment_id = :'asked' AS found, steps ->> 'decline_class', steps -> 'possible', jsonb_array_length(steps -> 'barred_methods')
  FROM customers.payment_commit, customers.next_steps(payment_id) AS steps WHERE commit_id = :'commit';
SET ROLE next_rival;
SELECT count(*) FROM customers.payment_commit WHERE commit_id = :'commit';
SELECT pg_temp.try(format($$customers.next_steps(%L)$$, :'asked'));
SET ROLE next_analyst;
SELECT customers.next_steps(:'asked');
RESET ROLE;
SELECT customers.unbind_role('next_worker', :'merchant'), customers.unbind_role('next_rival', :'another'), customers.unbind_role('next_analyst', :'merchant');
DROP ROLE next_worker, next_rival, next_analyst;
SET customers.merchant = :'merchant';
