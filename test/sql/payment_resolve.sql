\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
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
