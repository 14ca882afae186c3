\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
SET client_min_messages = notice;
\set VERBOSITY terse
-- Outcomes: the provider's value decides, repeats and late reports change nothing.
SELECT pg_temp.try($$customers.create_customer('dora')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('dora'), 'card', 'tok_d')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'over')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('over'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('over'), 'paid')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('over'), 'submitted')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('over'), null)$$);
SELECT pg_temp.try($$customers.resolve_commit(null, 'succeeded')$$);
SELECT pg_temp.try($$customers.resolve_commit('cmt_7zzzzzzzzzzzzzzzzzzzzzzzzz', 'succeeded')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('over'), 'succeeded', '12.00 USD')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('over'), 'succeeded', '0.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('over'), 'succeeded', '12.00 EUR', provider_reference => 'ch_1')$$);
SELECT pg_temp.show('over');
-- repeated, late and contradictory
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('over'), 'succeeded', '12.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('over'), 'succeeded', '13.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('over'), 'requires_action')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('over'), 'unknown')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('over'), 'declined', code => 'stolen_card')$$);
SELECT pg_temp.show('over');
SELECT pg_temp.commits('over');
SELECT pg_temp.events('over');

-- Less than asked leaves the rest to be paid.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'less')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('less'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('less'), 'succeeded', '4.00 EUR')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('less'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('less'), 'succeeded')$$);
SELECT pg_temp.show('less');
SELECT pg_temp.commits('less');

-- Every open status can be reported once, and only forward.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'steps')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('steps'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('steps'), 'requires_action')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('steps'), 'requires_action')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('steps'), 'unknown')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('steps'), 'unknown')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('steps'), 'requires_action')$$);
SELECT pg_temp.commits('steps');
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('steps'), 'cancelled')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('steps'), 'cancelled')$$);
SELECT pg_temp.commits('steps');
SELECT event, from_status, to_status, value, detail FROM customers.payment_events(pg_temp.pay('steps'));

-- Captured by itself, an authorization leaves the outcome open.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'auto')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('auto'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('auto'), 'requires_action')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('auto'), 'authorized')$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('auto'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('auto'), 'authorized')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('auto'), 'succeeded')$$);
SELECT pg_temp.events('auto');

-- Money that comes after the customer cancelled is kept in mind, not counted.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'late')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('late'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('late'), 'requires_action')$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('late'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('late'), 'succeeded', '10.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('late'), 'declined')$$);
SELECT pg_temp.show('late');
SELECT pg_temp.commits('late');
-- A late report in the currency of the commit, after another was chosen.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR,11.00 USD}', 'other')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('other'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('other'), 'declined')$$);
SELECT pg_temp.try($$customers.choose_currency(pg_temp.pay('other'), 'USD')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('other'), 'succeeded', '10.00 EUR')$$);
SELECT pg_temp.show('other');
SELECT pg_temp.commits('other');

-- The provider captures an authorization by itself, also while another commit is open.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'self', capture => 'manual')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('self'), value => '4.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('self'), 'authorized')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('self'), 'declined')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('self'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('self', 1), 'succeeded')$$);
SELECT pg_temp.show('self');
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('self', 1), 'authorized')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('self', 2), 'authorized')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('self', 2), 'succeeded')$$);
SELECT pg_temp.show('self');
SELECT pg_temp.commits('self');
-- and all of it: then nothing is authorized any more, and the open one ends paid
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'all', capture => 'manual')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('all'), value => '4.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('all'), 'authorized')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('all'), value => '3.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('all', 1), 'succeeded', '10.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('all', 2), 'authorized')$$);
SELECT pg_temp.show('all');
SELECT pg_temp.commits('all');
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'all-declined', capture => 'manual')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('all-declined'), value => '4.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('all-declined'), 'authorized')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('all-declined'), value => '3.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('all-declined', 2), 'requires_action')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('all-declined', 1), 'succeeded', '10.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('all-declined', 2), 'declined')$$);
SELECT pg_temp.show('all-declined');
SELECT pg_temp.commits('all-declined');
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'all-asked', capture => 'manual')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('all-asked'), value => '4.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('all-asked'), 'authorized')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('all-asked'), value => '3.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('all-asked', 2), 'requires_action')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('all-asked', 1), 'succeeded', '12.00 EUR')$$);
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('all-asked'))$$);
SELECT pg_temp.show('all-asked');
SELECT pg_temp.commits('all-asked');
-- the provider takes the first one back while the second one is open
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'taken', capture => 'manual')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('taken'), value => '4.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('taken'), 'authorized')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('taken'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('taken', 1), 'voided')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('taken', 2), 'succeeded')$$);
SELECT pg_temp.show('taken');
SELECT pg_temp.commits('taken');
SELECT pg_temp.events('taken');

-- The provider's own numbers go before the order in which reports arrive: one that
-- is not later than another changes nothing, but is kept if it contradicts.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'numbered')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('numbered'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('numbered'), 'requires_action', provider_sequence => 2)$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('numbered'), 'requires_action', provider_sequence => 2)$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('numbered'), 'unknown', provider_sequence => 1)$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('numbered'), 'unknown', provider_sequence => 2)$$);
SELECT pg_temp.commits('numbered');
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('numbered'), 'declined', provider_sequence => 1)$$);
SELECT pg_temp.commits('numbered');
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('numbered'), 'requires_action', provider_sequence => 5)$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('numbered'), 'declined', provider_sequence => 5)$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('numbered'), 'succeeded', provider_sequence => 6)$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('numbered'), 'succeeded', provider_sequence => 6)$$);
SELECT pg_temp.commits('numbered');
SELECT pg_temp.events('numbered');
SELECT provider_sequence FROM customers.payment_commit WHERE commit_id = pg_temp.cmt('numbered');
-- without a number a report counts by its status, as ever
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'half-numbered')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('half-numbered'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('half-numbered'), 'unknown', provider_sequence => -3)$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('half-numbered'), 'succeeded')$$);
SELECT pg_temp.commits('half-numbered');

-- What came too late is listed, for those who have to look after it.
SELECT (SELECT p.reference FROM customers.payment p WHERE p.payment_id = l.payment_id), l.commit_id = pg_temp.cmt('late') AS of_late,
       l.late_outcome, l.late_value, l.status, l.received FROM customers.late_outcomes() l;
SELECT count(*) FROM customers.late_outcomes(now() + interval '1 minute');
SELECT count(*) FROM customers.late_outcomes('-infinity');

-- with the provider's identifier of what came, which people need to return it
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'referred')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('referred'))$$);
CREATE FUNCTION pg_temp.referred(n int = null) RETURNS text LANGUAGE sql AS
  $$ SELECT concat_ws(' ', c.status, c.provider_reference, 'late: ' || l.late_outcome, l.late_value, l.late_reference)
     FROM customers.payment_commit c LEFT JOIN customers.late_outcomes() l USING (commit_id)
     WHERE c.commit_id = pg_temp.cmt('referred', n) $$;
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('referred'), 'declined')$$);
-- an authorization that would be captured by itself contradicts an end without money
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('referred'), 'authorized', provider_reference => 'ch_a')$$);
SELECT pg_temp.referred();
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('referred'), 'succeeded', '10.00 EUR', provider_reference => 'ch_b')$$);
SELECT pg_temp.referred();
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('referred'), 'authorized', provider_reference => 'ch_c')$$);
SELECT pg_temp.referred();
-- an identifier that comes with a repeat is kept; another one is another charge
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('referred'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('referred'), 'succeeded')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('referred'), 'authorized')$$);
SELECT pg_temp.referred();
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('referred'), 'succeeded', provider_reference => 'ch_1')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('referred'), 'succeeded', provider_reference => 'ch_1')$$);
SELECT pg_temp.referred();
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('referred'), 'succeeded', provider_reference => 'ch_2')$$);
SELECT pg_temp.referred();
SELECT pg_temp.show('referred');
-- two holds are, too; but what is captured may be reported under an identifier of its own
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'held-twice', capture => 'manual')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('held-twice'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('held-twice'), 'authorized', provider_reference => 'pi_1')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('held-twice'), 'authorized', provider_reference => 'pi_1')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('held-twice'), 'authorized', provider_reference => 'pi_2')$$);
SELECT pg_temp.commits('held-twice');
SELECT pg_temp.try($$customers.capture_payment(pg_temp.pay('held-twice'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('held-twice'), 'succeeded', provider_reference => 'ch_1')$$);
SELECT pg_temp.commits('held-twice');
-- a value counts where money does: a decline over zero is a decline
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'zero')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('zero'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('zero'), 'succeeded', '0.00 EUR')$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('zero'), 'declined', '0.00 EUR', 'insufficient_funds')$$);
SELECT pg_temp.show('zero');

-- A provider's text is never too long for its report to count: it is cut, the same each time.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}', 'long')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('long'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('long'), 'declined', code => repeat('é', 1000), provider_reference => repeat('ü', 1000))$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('long'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('long'), 'declined', code => repeat('é', 1001), provider_reference => repeat('ü', 100000))$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('long'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('long'), 'succeeded', code => repeat('é', 1001), provider_reference => repeat('ü', 1001))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('long'), 'succeeded', provider_reference => repeat('ü', 1002))$$);
SELECT status, decline_code = repeat('é', 1000) AS code, provider_reference = repeat('ü', 1000) AS reference, late_outcome
  FROM customers.payment_commit WHERE payment_id = pg_temp.pay('long') ORDER BY created_at;
SELECT sequence, char_length(detail) FROM customers.payment_events(pg_temp.pay('long')) WHERE detail IS NOT NULL;

-- A merchant's own classes go before the table, in any case of the code.
CREATE FUNCTION pg_temp.class_of(code text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  asked customers.payment_id := customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR}');
  made customers.commit_id := customers.commit_payment(asked);
BEGIN
  PERFORM customers.resolve_commit(made, 'declined', code => class_of.code);
  RETURN (SELECT decline_code || ' ' || decline_class FROM customers.payment_commit c WHERE c.commit_id = made);
END $$;
SELECT pg_temp.class_of('do_not_honor'), pg_temp.class_of('Lost_Card'), pg_temp.class_of('51');
SELECT customers.set_merchant_settings(:'merchant', '{"decline_classes": {"51": "lower_amount", "do_not_honor": "retry_later"}}');
SELECT pg_temp.class_of('DO_NOT_HONOR'), pg_temp.class_of('Lost_Card'), pg_temp.class_of('51');
SELECT customers.set_merchant_settings(:'merchant', '{}');
SELECT pg_temp.class_of('do_not_honor'), pg_temp.class_of('51');
-- every code of the table has its class, which shows that the table is in order
SELECT code, class, pg_temp.class_of(code) FROM customers.decline_codes() WHERE pg_temp.class_of(upper(code)) <> upper(code) || ' ' || class;
SELECT count(*) > 50 FROM customers.decline_codes();
