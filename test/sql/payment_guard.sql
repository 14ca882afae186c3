\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- The guards on the tables hold for a superuser's UPDATE too.
SELECT pg_temp.try($$customers.create_customer('eve')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('eve'), 'card', 'tok_e')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('eve'), '{10.00 EUR,11.00 USD}', 'guarded')$$);
CREATE FUNCTION pg_temp.payment(change text, reference text = 'guarded') RETURNS text LANGUAGE plpgsql AS $$
DECLARE message text; code text;
BEGIN
  EXECUTE format('UPDATE customers.payment SET %s WHERE payment_id = pg_temp.pay(%L)', change, reference);
  RAISE 'done' USING ERRCODE = 'P0001';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, code = RETURNED_SQLSTATE;
  RETURN code || ' ' || message;
END $$;
SELECT pg_temp.payment($$status = 'paid'$$);
SELECT pg_temp.payment($$status = 'sold'$$);
SELECT pg_temp.payment($$status = null$$);
SELECT pg_temp.payment($$status = 'cancelled'$$);
SELECT pg_temp.payment($$status = 'cancelled', closed_at = now()$$);
SELECT pg_temp.payment($$reference = 'other'$$);
SELECT pg_temp.payment($$reference = null$$);
SELECT pg_temp.payment($$customer_id = customers.create_customer()$$);
SELECT pg_temp.payment($$base_reference = 'other'$$);
SELECT pg_temp.payment($$capture = 'manual'$$);
SELECT pg_temp.payment($$amount_mode = 'editable'$$);
SELECT pg_temp.payment($$version = 3$$);
SELECT pg_temp.payment($$version = 0$$);
SELECT pg_temp.payment($$amount = '0.00 EUR'$$);
SELECT pg_temp.payment($$amount = '11.00 USD'$$);
SELECT pg_temp.payment($$received = '-1.00 EUR'$$);
SELECT pg_temp.payment($$returned = '1.00 EUR'$$);
SELECT pg_temp.payment($$commits_used = 6$$);
SELECT pg_temp.payment($$expires_at = now()$$);
SELECT pg_temp.try($$customers.resolve_commit(customers.commit_payment(pg_temp.pay('guarded'), value => '4.00 EUR'), 'succeeded')$$);
SELECT pg_temp.payment($$received = '3.00 EUR'$$);
SELECT pg_temp.payment($$amount = '11.00 USD', received = '4.00 USD', authorized = '0.00 USD', returned = '0.00 USD'$$);
SELECT pg_temp.payment($$status = 'created'$$);
-- no status without its money
SELECT pg_temp.payment($$status = 'paid', closed_at = now()$$);
SELECT pg_temp.payment($$status = 'paid', closed_at = now(), amount = '4.00 EUR'$$);
SELECT pg_temp.payment($$status = 'pending', received = '10.00 EUR'$$);
SELECT pg_temp.payment($$authorized = '1.00 EUR'$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('eve'), '{10.00 EUR}', 'unpaid', capture => 'manual')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('unpaid'))$$);
SELECT pg_temp.payment($$status = 'paid', closed_at = now()$$, 'unpaid');
SELECT pg_temp.payment($$status = 'authorized'$$, 'unpaid');
SELECT pg_temp.payment($$status = 'failed', closed_at = now(), received = '1.00 EUR'$$, 'unpaid');
SELECT pg_temp.payment($$status = 'partially_paid', closed_at = now()$$, 'unpaid');
-- a new row is a created one
INSERT INTO customers.payment SELECT (jsonb_populate_record(p, '{"status": "paid", "reference": "new"}')).*
  FROM customers.payment p WHERE p.payment_id = pg_temp.pay('guarded');
-- ... and keeps the rules of rows, each with its name
CREATE FUNCTION pg_temp.insert_payment(change jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE message text; rule text;
BEGIN
  INSERT INTO customers.payment SELECT (jsonb_populate_record(p, '{"status": "created", "reference": "new", "received": "0.00 EUR",
    "payment_id": "pay_00000000000000000000000001"}' || change)).* FROM customers.payment p WHERE p.payment_id = pg_temp.pay('guarded');
  RAISE 'done' USING ERRCODE = 'P0001';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, rule = CONSTRAINT_NAME;
  RETURN SQLSTATE || ' ' || message || COALESCE(' ' || NULLIF(rule, ''), '');
END $$;
SELECT left(change::text, 30), pg_temp.insert_payment(change) FROM unnest(ARRAY['{}', '{"reference": ""}', jsonb_build_object('reference', repeat('é', 255)),
  jsonb_build_object('reference', repeat('é', 256)), '{"base_reference": ""}', '{"amount_mode": "any"}', '{"capture": "later"}',
  '{"decline_class": "bad"}', '{"decline_class": "never"}', '{"version": 0}', '{"commits_used": -1}', '{"amount": null}']::jsonb[]) AS c (change);
SELECT pg_temp.payment($$decline_class = 'bad'$$);

-- Commits: forward only, one open, and never another decision.
\set VERBOSITY terse
UPDATE customers.payment_commit SET status = 'submitted' WHERE commit_id = pg_temp.cmt('guarded');
UPDATE customers.payment_commit SET status = 'declined' WHERE commit_id = pg_temp.cmt('guarded');
UPDATE customers.payment_commit SET value = '5.00 EUR' WHERE commit_id = pg_temp.cmt('guarded');
UPDATE customers.payment_commit SET payment_method_id = 'pm_7zzzzzzzzzzzzzzzzzzzzzzzzz' WHERE commit_id = pg_temp.cmt('guarded');
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('guarded'), value => '1.00 EUR')$$);
\set VERBOSITY sqlstate
INSERT INTO customers.payment_commit SELECT (jsonb_populate_record(c, '{"commit_id": "cmt_00000000000000000000000001"}')).*
  FROM customers.payment_commit c WHERE c.commit_id = pg_temp.cmt('guarded');
\set VERBOSITY terse
-- Events and prices never change.
UPDATE customers.payment_event SET value = null;
DELETE FROM customers.payment_event;
UPDATE customers.payment_price SET price = '1.00 EUR';
DELETE FROM customers.payment WHERE payment_id = pg_temp.pay('guarded');
TRUNCATE customers.payment_event;
TRUNCATE customers.payment_price;
-- Commits are kept, with the money that they say.
DELETE FROM customers.payment_commit;
TRUNCATE customers.payment_commit;
DELETE FROM customers.payment_method;
TRUNCATE customers.payment_method;
UPDATE customers.payment_commit SET received = '1.00 EUR' WHERE commit_id = pg_temp.cmt('guarded', 1);
UPDATE customers.payment_commit SET received = '1.00 EUR' WHERE commit_id = pg_temp.cmt('guarded');
UPDATE customers.payment_commit SET authorized = '1.00 EUR' WHERE commit_id = pg_temp.cmt('guarded');
UPDATE customers.payment_commit SET status = 'succeeded' WHERE commit_id = pg_temp.cmt('guarded');
UPDATE customers.payment_commit SET decline_class = 'bad' WHERE commit_id = pg_temp.cmt('guarded');
UPDATE customers.payment_commit SET attempt = -1 WHERE commit_id = pg_temp.cmt('guarded');
UPDATE customers.payment_commit SET authorized = '0.00 USD' WHERE commit_id = pg_temp.cmt('guarded');

-- What a subscriber of logical replication receives, or a superuser writes as if it were: in any status, for it is the
-- outcome of other changes, but no row that breaks a rule.
BEGIN;
SET LOCAL session_replication_role = replica;
SELECT change, pg_temp.insert_payment(change) FROM unnest(ARRAY['{}', '{"status": "cancelled", "closed_at": "2026-01-01Z", "version": 9}',
  '{"status": "sold"}', '{"status": "paid"}', '{"returned": "1.00 EUR"}', '{"capture": "later"}']::jsonb[]) AS c (change);
SELECT change, pg_temp.payment(change) FROM unnest(ARRAY['version = 9, reference = $$other$$', 'status = $$sold$$', 'reference = $$$$', 'amount_mode = $$any$$',
  'capture = $$later$$', 'received = $$10.00 EUR$$', 'returned = $$9.00 EUR$$', 'authorized = $$0.00 USD$$', 'commits_used = 6', 'decline_class = $$bad$$']) AS c (change);
SAVEPOINT row;
UPDATE customers.payment_commit SET value = '5.00 EUR', status = 'declined', received = '0.00 EUR' WHERE commit_id = pg_temp.cmt('guarded', 1);
UPDATE customers.payment_commit SET status = 'sold' WHERE commit_id = pg_temp.cmt('guarded', 1);
ROLLBACK TO SAVEPOINT row;
UPDATE customers.payment_commit SET received = '1.00 EUR' WHERE commit_id = pg_temp.cmt('guarded');
ROLLBACK;

-- Events are numbered without gaps, up to the payment's version.
SELECT count(*) FROM (SELECT p.version, count(*), max(e.sequence) FROM customers.payment p JOIN customers.payment_event e
  ON e.payment_id = p.payment_id WHERE p.merchant_id = customers.current_merchant() GROUP BY p.payment_id, p.version
  HAVING count(*) <> p.version OR max(e.sequence) <> p.version) gaps;

-- Updates of a payment are HOT until it is closed.
CREATE TEMP TABLE hot AS SELECT customers.create_payment(pg_temp.cus('eve'), '{10.00 EUR,11.00 USD}', 'hot') AS payment;
SELECT pg_stat_force_next_flush();
BEGIN;
SELECT customers.choose_currency(payment, 'USD') FROM hot;
SELECT pg_temp.try($$customers.resolve_commit(customers.commit_payment(pg_temp.pay('hot')), 'requires_action')$$);
SELECT pg_stat_get_xact_tuples_updated(relid) AS updated, pg_stat_get_xact_tuples_hot_updated(relid) AS hot
  FROM (SELECT 'customers.payment'::regclass AS relid) x;
COMMIT;

-- Another merchant's payments, commits and methods are none.
SELECT customers.create_merchant('Another') AS another \gset
CREATE ROLE payment_clerk;
GRANT customers_merchant TO payment_clerk;
SELECT customers.bind_role('payment_clerk', :'another');
SELECT pg_temp.pay('guarded') AS payment, pg_temp.cmt('guarded') AS open_commit, pg_temp.pm('tok_e') AS method, pg_temp.cus('eve') AS eve \gset
SET customers.merchant = :'another';
CREATE FUNCTION pg_temp.refused(expression text) RETURNS text LANGUAGE plpgsql AS
  $$ BEGIN RETURN left(pg_temp.try(expression), 5); END $$;
SELECT pg_temp.refused(format('customers.commit_payment(%L)', :'payment'));
SELECT pg_temp.refused(format('customers.cancel_payment(%L)', :'payment'));
SELECT pg_temp.refused(format('customers.choose_currency(%L, %L)', :'payment', 'USD'));
SELECT pg_temp.refused(format('customers.payment_events(%L)', :'payment'));
SELECT pg_temp.refused(format('customers.resolve_commit(%L, %L)', :'open_commit', 'succeeded'));
SELECT pg_temp.refused(format('customers.remove_payment_method(%L)', :'method'));
SELECT pg_temp.refused(format('customers.payment_methods(%L)', :'eve'));
SELECT pg_temp.refused(format('customers.create_payment(%L, %L)', :'eve', '{1.00 EUR}'));
SELECT customers.expire_payments();
-- A merchant's role sees its own rows, and no token; the processor resolves.
CREATE ROLE payment_worker;
GRANT customers_processor TO payment_worker;
SELECT customers.bind_role('payment_worker', :'another');
RESET customers.merchant;
SET ROLE payment_clerk;
SELECT customers.create_customer('zoe') AS zoe \gset
SELECT customers.save_payment_method(:'zoe', 'card', 'tok_z') AS method \gset
SELECT customers.create_payment(:'zoe', '{3.00 EUR}', 'own') AS own \gset
SELECT customers.commit_payment(:'own') AS own_commit \gset
RESET ROLE;
SET ROLE payment_worker;
SELECT status, value FROM customers.payment_commit;
SELECT customers.resolve_commit(:'own_commit', 'succeeded');
SELECT count(*) FROM customers.payment_events(:'own');
SELECT customers.cancel_payment(:'own');
SELECT count(*) FROM customers.payment_method;
RESET ROLE;
SET ROLE payment_clerk;
SELECT count(*) FROM customers.payment;
SELECT count(*) FROM customers.payment_event;
SELECT count(*) FROM customers.payment_commit;
SELECT count(*) FROM customers.payment_price;
SELECT count(payment_method_id) FROM customers.payment_method;
SELECT token FROM customers.payment_method;
UPDATE customers.payment SET updated_at = now();
SELECT customers.resolve_commit(:'open_commit', 'succeeded');
SELECT customers.expire_payments();
RESET ROLE;
-- Who may call what: the operations of payments, by group role.
SELECT p.proname, string_agg(r.rolname, ', ' ORDER BY r.rolname) FILTER (WHERE has_function_privilege(r.oid, p.oid, 'EXECUTE'))
  FROM pg_proc p CROSS JOIN pg_roles r
 WHERE p.pronamespace = 'customers'::regnamespace AND p.proname ~ '(payment|commit|choose|amount|return|guard)' AND p.prorettype <> 'customers.amount'::regtype
   AND p.proname !~ '^(amount|payment_id|payment_method_id|commit_id)' AND r.rolname ~ '^customers_'
 GROUP BY p.oid, p.proname ORDER BY p.proname;
SELECT customers.unbind_role('payment_clerk', :'another'), customers.unbind_role('payment_worker', :'another');
DROP ROLE payment_clerk, payment_worker;
