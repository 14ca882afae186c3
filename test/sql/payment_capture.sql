\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- Manual capture: authorized, captured in parts, released.
SELECT pg_temp.try($$customers.create_customer('cleo')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('cleo'), 'card', 'tok_c')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cleo'), '{100.00 EUR}', 'parts', capture => 'manual')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('parts'))$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('parts'), value => '60.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('parts'), 'authorized')$$);
SELECT pg_temp.show('parts');
-- the rest with another commit, whose decline keeps what is held
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('parts'))$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('parts'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('parts'), 'declined', code => 'expired_card')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('parts'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('parts'), 'authorized')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('parts'))$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('parts'), '100.01 EUR')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('parts'), '1.00 USD')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('parts'), '0.00 EUR')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('parts'), final => null)$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('parts'), '70.00 EUR', false)$$);
SELECT pg_temp.show('parts');
SELECT pg_temp.commits('parts');
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('parts'), final => false)$$);
SELECT pg_temp.show('parts');
SELECT pg_temp.commits('parts');
SELECT pg_temp.events('parts');

-- A final capture of less releases the rest: partially paid.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cleo'), '{100.00 EUR}', 'less', capture => 'manual')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('less'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('less'), 'authorized')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('less'), '80.00 EUR')$$);
SELECT pg_temp.show('less');
SELECT pg_temp.commits('less');
-- All of an authorized part captured: the rest is still to be paid.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cleo'), '{100.00 EUR}', 'part', capture => 'manual')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('part'), value => '30.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('part'), 'authorized')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('part'))$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('part'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('part'), 'authorized', '75.00 EUR')$$);
-- more authorized than asked, and captured
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('part'))$$);
SELECT pg_temp.show('part');

-- Cancelled while authorized: voided.  With something received: partially paid.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cleo'), '{10.00 EUR}', 'void', capture => 'manual')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('void'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('void'), 'authorized')$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('void'))$$);
SELECT pg_temp.show('void');
SELECT pg_temp.commits('void');
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cleo'), '{10.00 EUR}', 'void-2', capture => 'manual')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('void-2'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('void-2'), 'authorized')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('void-2'), '4.00 EUR', false)$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('void-2'))$$);
SELECT pg_temp.show('void-2');
SELECT pg_temp.commits('void-2');
-- The provider takes back what it authorized.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cleo'), '{10.00 EUR}', 'back', capture => 'manual', commits_limit => 2)$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('back'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('back'), 'authorized')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('back'), 'voided')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('back'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('back'), 'authorized')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('back'), 'expired')$$);
SELECT pg_temp.show('back');
SELECT pg_temp.commits('back');

-- Returns, once for each reference, up to what was received.
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('less'), '30.00 EUR', 'r1')$$);
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('less'), '30.00 EUR', 'r1')$$);
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('less'), '31.00 EUR', 'r1')$$);
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('less'), '50.01 EUR', 'r2')$$);
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('less'), '50.00 EUR', 'r2')$$);
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('less'), '0.01 EUR', 'r3')$$);
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('less'), '1.00 USD', 'r4')$$);
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('less'), '1.00 EUR', '')$$);
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('void'), '1.00 EUR', 'r1')$$);
SELECT pg_temp.try($$customers.record_return('pay_7zzzzzzzzzzzzzzzzzzzzzzzzz', '1.00 EUR', 'r1')$$);
SELECT pg_temp.show('less');
SELECT event, from_status, to_status, actor, value, detail FROM customers.payment_events(pg_temp.pay('less')) WHERE event = 'return';

-- Expiry: refused on access, recorded by the sweep, never against an open commit.
CREATE FUNCTION pg_temp.overdue(reference text) RETURNS void LANGUAGE sql AS
  $$ UPDATE customers.payment p SET expires_at = clock_timestamp() - interval '1 second'
      WHERE p.payment_id = pg_temp.pay($1) $$;
SELECT pg_temp.try($$customers.expire_payments()$$);
SELECT pg_temp.try($$customers.expire_payments(0)$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cleo'), '{10.00 EUR}', 'e-created')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cleo'), '{10.00 EUR}', 'e-attempted')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cleo'), '{10.00 EUR}', 'e-pending')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cleo'), '{10.00 EUR}', 'e-open')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cleo'), '{10.00 EUR}', 'e-authorized', capture => 'manual')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cleo'), '{10.00 EUR}', 'e-captured', capture => 'manual')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('cleo'), '{10.00 EUR}', 'e-soon')$$);
SELECT pg_temp.try($$customers.resolve_commit(customers.commit_payment(pg_temp.pay('e-attempted')), 'declined')$$);
SELECT pg_temp.try($$customers.resolve_commit(customers.commit_payment(pg_temp.pay('e-pending'), value => '1.00 EUR'), 'succeeded')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('e-open'))$$);
SELECT pg_temp.try($$customers.resolve_commit(customers.commit_payment(pg_temp.pay('e-authorized')), 'authorized')$$);
SELECT pg_temp.try($$customers.resolve_commit(customers.commit_payment(pg_temp.pay('e-captured')), 'authorized')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('e-captured'), '3.00 EUR', false)$$);
SELECT pg_temp.overdue('e-' || name) FROM unnest(ARRAY['created', 'attempted', 'pending', 'open', 'authorized', 'captured']) name;
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('e-created'))$$);
SELECT pg_temp.try($$customers.change_amount(pg_temp.pay('e-attempted'), '1.00 EUR')$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('e-pending'))$$);
SELECT pg_temp.try($$customers.choose_currency(pg_temp.pay('e-created'), 'EUR')$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('e-created'), pg_temp.pm('tok_c'))$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('e-authorized'))$$);
SELECT pg_temp.try($$customers.record_return(pg_temp.pay('e-pending'), '1.00 EUR', 'r1')$$);
SELECT pg_temp.try($$customers.expire_payments(2)$$);
SELECT pg_temp.try($$customers.expire_payments()$$);
SELECT pg_temp.try($$customers.expire_payments()$$);
SELECT name, pg_temp.show('e-' || name) FROM unnest(ARRAY['created', 'attempted', 'pending', 'open', 'authorized', 'captured', 'soon']) name;
SELECT pg_temp.commits('e-authorized');
SELECT pg_temp.commits('e-captured');
SELECT event, from_status, to_status, actor FROM customers.payment_events(pg_temp.pay('e-created'));
-- the open one, once its commit is declined
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('e-open'), 'declined')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('e-open'))$$);
SELECT pg_temp.try($$customers.expire_payments()$$);
SELECT pg_temp.show('e-open');

-- The provider's echo of a capture changes nothing; more than was captured is what it received in all.
SELECT pg_temp.try($$customers.create_customer('echo')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('echo'), 'card', 'tok_echo')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('echo'), '{10.00 EUR}', 'echo', capture => 'manual')$$);
SELECT pg_temp.try($$customers.resolve_commit(customers.commit_payment(pg_temp.pay('echo')), 'authorized')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('echo'), 'authorized', '10.00 EUR')$$);
SELECT pg_temp.commits('echo');
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('echo'), 'authorized', '9.00 EUR')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('echo'), '2.00 EUR', false)$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('echo'), 'succeeded', '2.00 EUR')$$);
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('echo'), '1.00 EUR', false)$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('echo'), 'succeeded', '2.00 EUR')$$);
SELECT pg_temp.show('echo');
SELECT pg_temp.commits('echo');
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('echo'), 'succeeded', '7.00 EUR')$$);
SELECT pg_temp.show('echo');
SELECT pg_temp.commits('echo');
