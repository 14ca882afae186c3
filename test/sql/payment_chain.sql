-- The chain of a payment's events: whatever is changed behind the operations'
-- back, by a superuser and past the guards, verify_payment() sees it.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
-- A server without a root key chains without one: test/t/061_events.pl.
SELECT coalesce(current_setting('customers.key_file', true), '') = '' AS no_key \gset
\if :no_key
\quit
\endif
RESET client_min_messages;
\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on

-- A payment with every kind of event that there is: two are told apart by tampering.
SELECT customers.create_customer('ann') AS ann, customers.create_customer('abe') AS abe \gset
SELECT customers.save_payment_method(:'ann', 'card', 'tok_a') AS card \gset
SELECT customers.save_payment_method(:'ann', 'card', 'tok_b') AS other_card \gset
SELECT customers.create_payment(:'ann', '{50.00 EUR,60.00 USD}', 'long', amount_mode => 'editable', capture => 'manual') AS long \gset
SELECT customers.choose_currency(:'long', 'USD');
SELECT customers.choose_payment_method(:'long', :'card');
SELECT customers.change_amount(:'long', '70.00 USD');
SELECT customers.resolve_commit(customers.commit_payment(:'long'), 'declined', code => 'insufficient_funds');
SELECT customers.commit_payment(:'long') AS commit \gset
SELECT customers.resolve_commit(:'commit', 'requires_action');
SELECT customers.resolve_commit(:'commit', 'unknown');
SELECT customers.resolve_commit(:'commit', 'authorized');
SELECT customers.capture_payment(:'long', '30.00 USD', false);
SELECT customers.capture_payment(:'long', '25.00 USD');
SELECT customers.record_return(:'long', '5.00 USD', 'refund');
SELECT customers.create_payment(:'ann', '{1.00 EUR}', 'short') AS short \gset
SELECT pg_temp.events('long');
SELECT customers.verify_payment(:'long'), customers.verify_payment(:'short');
SELECT count(*) FROM customers.payment_faults(:'long');

-- The faults after a change, which is undone.
CREATE FUNCTION pg_temp.after(change text, payment customers.payment_id) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  faults text;
  verified bool;
BEGIN
  SET LOCAL session_replication_role = replica;
  EXECUTE change;
  SELECT string_agg(concat_ws(' ', sequence, fault), ', ') INTO faults FROM customers.payment_faults(payment);
  verified := customers.verify_payment(payment);
  RAISE EXCEPTION USING ERRCODE = 'P0001', MESSAGE = format('%s: %s', CASE WHEN verified THEN 'verified' ELSE 'refused' END, faults);
EXCEPTION WHEN raise_exception THEN
  RETURN pg_temp.hide(SQLERRM);
END $$;
-- another value for a column, of the same type
CREATE FUNCTION pg_temp.other(name text, type regtype) RETURNS text LANGUAGE sql AS $$
  SELECT CASE $2::text
    WHEN 'text' THEN format('coalesce(%I, '''') || ''x''', $1)
    WHEN 'integer' THEN format('coalesce(%I, 1) + 1', $1)
    WHEN 'bigint' THEN format('%I + 1', $1)
    WHEN 'timestamp with time zone' THEN format('coalesce(%I, now()) + interval ''1 us''', $1)
    WHEN 'bytea' THEN format('set_bit(%I, 255, 1 - get_bit(%1$I, 255))', $1)
    WHEN 'customers.amount' THEN format('coalesce(%I + ''0.01 USD'', ''0.01 USD'')', $1)
    WHEN 'customers.commit_id' THEN '''cmt_00000000000000000000000001'''
    WHEN 'customers.merchant_id' THEN '''mer_00000000000000000000000001'''
    WHEN 'customers.payment_method_id' THEN format('%L', pg_temp.pm('tok_b'))
    WHEN 'customers.customer_id' THEN format('%L', customers.find_customer('abe'))
    WHEN 'customers.payment_id' THEN format('%L', pg_temp.pay('short')) END $$;

-- Each column of an event that has all of them; a number in use is moved to one that is free.
SELECT attname, pg_temp.after(format('UPDATE customers.payment_event SET %I = %s WHERE payment_id = %L AND sequence = 5',
                                     attname, CASE attname WHEN 'sequence' THEN '99' WHEN 'payment_id' THEN format('%L, sequence = 7', :'short')
                                              ELSE pg_temp.other(attname, atttypid) END, :'long'), :'long')
  FROM pg_attribute WHERE attrelid = 'customers.payment_event'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum;
-- Any event will do, to null too.
SELECT sequence, pg_temp.after(format('UPDATE customers.payment_event SET value = null, detail = ''x'' WHERE payment_id = %L AND sequence = %s',
                                      :'long', sequence), :'long')
  FROM customers.payment_events(:'long');
SELECT pg_temp.after(format('UPDATE customers.payment_event SET key_id = null WHERE payment_id = %L AND sequence = 3', :'long'), :'long');
SELECT pg_temp.after(format('UPDATE customers.payment_event SET from_status = null, event = ''create'' WHERE payment_id = %L AND sequence = 3', :'long'), :'long');

-- Events that are gone, added, swapped; the tail with and without its row.
SELECT sequence, pg_temp.after(format('DELETE FROM customers.payment_event WHERE payment_id = %L AND sequence = %s',
                                      :'long', sequence), :'long')
  FROM customers.payment_events(:'long') WHERE sequence IN (1, 3, 13);
SELECT pg_temp.after(format('DELETE FROM customers.payment_event WHERE payment_id = %L', :'long'), :'long');
SELECT pg_temp.after(format('INSERT INTO customers.payment_event SELECT (jsonb_populate_record(e, ''{"sequence": 14}'')).*
                             FROM customers.payment_event e WHERE payment_id = %L AND sequence = 13', :'long'), :'long');
SELECT pg_temp.after(format('UPDATE customers.payment_event SET sequence = sequence + 100 WHERE payment_id = %1$L AND sequence IN (10, 11);
                             UPDATE customers.payment_event SET sequence = 121 - sequence WHERE payment_id = %1$L AND sequence > 100', :'long'), :'long');
SELECT pg_temp.after(format('DELETE FROM customers.payment_event WHERE payment_id = %1$L AND sequence = 13;
                             UPDATE customers.payment p SET version = 12, returned = ''0.00 USD'', event_hash = e.hash, updated_at = e.at
                             FROM customers.payment_event e WHERE p.payment_id = %1$L AND e.payment_id = %1$L AND e.sequence = 12', :'long'), :'long');
-- The whole payment renumbered, so that no gap shows.
SELECT pg_temp.after(format('DELETE FROM customers.payment_event WHERE payment_id = %1$L AND sequence = 3;
                             UPDATE customers.payment_event SET sequence = sequence + 100 WHERE payment_id = %1$L AND sequence > 3;
                             UPDATE customers.payment_event SET sequence = sequence - 101 WHERE payment_id = %1$L AND sequence > 3;
                             UPDATE customers.payment SET version = 12 WHERE payment_id = %1$L', :'long'), :'long');

-- Each column of the row that events change, and whose it is.  A DBA may change
-- until when and how often a payment may be tried; the rest is refused by guards.
SELECT attname, pg_temp.after(format('UPDATE customers.payment SET %I = %s WHERE payment_id = %L', attname,
                                     CASE attname WHEN 'status' THEN '''paid''' WHEN 'decline_class' THEN '''never'', declined = amount'
                                     WHEN 'declined' THEN 'amount, decline_class = ''unknown'''
                                     WHEN 'returned' THEN '''4.99 USD''' ELSE pg_temp.other(attname, atttypid) END, :'long'), :'long')
  FROM pg_attribute WHERE attrelid = 'customers.payment'::regclass AND attnum > 0 AND NOT attisdropped
   AND attname NOT IN ('merchant_id', 'payment_id', 'reference', 'base_reference', 'created_at', 'status', 'authorized', 'amount_mode', 'capture')
 ORDER BY attnum;
SELECT pg_temp.after(format('UPDATE customers.payment SET status = ''cancelled'', received = ''0.00 USD'', returned = ''0.00 USD'' WHERE payment_id = %L', :'long'), :'long');
SELECT customers.create_payment(:'ann', '{9.00 EUR}', 'open') AS open \gset
SELECT customers.commit_payment(:'open') IS NOT NULL;
SELECT pg_temp.after(format('UPDATE customers.payment SET authorized = ''0.50 EUR'' WHERE payment_id = %L', :'open'), :'open');
-- A legal change of status, which no guard refuses, is not what events say either.
SELECT pg_temp.after(format('UPDATE customers.payment SET status = ''cancelled'', closed_at = now() WHERE payment_id = %L', :'short'), :'short');
-- A hash of another length is none.
SELECT pg_temp.after(format('UPDATE customers.payment_event SET hash = hash || ''\x00'' WHERE payment_id = %L', :'short'), :'short');

-- No operation makes the hash of a row that was altered: it says so in its own
-- event, for ever.  A payment that was paid is set back, and then cancelled.
CREATE FUNCTION pg_temp.set_back(payment customers.payment_id, row_hash bytea) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL session_replication_role = replica;
  DELETE FROM customers.payment_event e WHERE e.payment_id = set_back.payment AND sequence > 1;
  UPDATE customers.payment p SET version = 1, status = 'created', received = p.returned, commits_used = 0, closed_at = null,
         event_hash = e.hash, event_position = e.position, updated_at = e.at, row_hash = set_back.row_hash
    FROM customers.payment_event e WHERE e.payment_id = set_back.payment AND p.payment_id = set_back.payment;
  SET LOCAL session_replication_role = origin;
END $$;
SELECT customers.create_payment(:'ann', '{7.00 EUR}', 'set back') AS back \gset
SELECT customers.resolve_commit(customers.commit_payment(:'back'), 'succeeded');
SELECT pg_temp.after(format('SELECT pg_temp.set_back(%1$L, sha256('''')); SELECT customers.cancel_payment(%1$L)', :'back'), :'back');
-- what no event says: the processor holds less than was authorized
SELECT customers.create_payment(:'ann', '{8.00 EUR}', 'held', capture => 'manual') AS held \gset
SELECT customers.resolve_commit(customers.commit_payment(:'held'), 'authorized');
SELECT pg_temp.after(format('UPDATE customers.payment SET authorized = ''1.00 EUR'' WHERE payment_id = %1$L; SELECT customers.capture_payment(%1$L, ''1.00 EUR'')', :'held'), :'held');
SELECT pg_temp.after(format('SELECT customers.capture_payment(%1$L, ''1.00 EUR'')', :'held'), :'held');

-- Nothing of all that is left, and the payments go on.
SELECT customers.verify_payment(:'long'), customers.verify_payment(:'short');
SELECT customers.cancel_payment(:'short');
SELECT customers.verify_payment(:'short');

-- An operation that is rolled back leaves no trace, nor does a key.
SELECT customers.use_merchant(customers.create_merchant('Another'));
SELECT customers.create_customer('eve') AS eve \gset
BEGIN;
SELECT customers.create_payment(:'eve', '{1.00 EUR}') AS gone \gset
SELECT customers.verify_payment(:'gone');
SAVEPOINT before;
SELECT customers.cancel_payment(:'gone');
ROLLBACK TO before;
SELECT customers.verify_payment(:'gone');
ROLLBACK;
SELECT customers.create_payment(:'eve', '{1.00 EUR}', 'short') AS eves \gset
SELECT customers.verify_payment(:'eves');
SELECT count(*) FROM customers.chain_key WHERE merchant_id = customers.current_merchant();

-- Keys differ by merchant: another's key doesn't open here, and makes other hashes.
SELECT pg_temp.try($$customers.verify_payment(pg_temp.pay('long'))$$);
SELECT pg_temp.try(format('customers.verify_payment(%L)', :'long'));
SELECT pg_temp.try(format('(SELECT count(*) FROM customers.payment_faults(%L))', :'long'));
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE customers.payment_event SET merchant_id = customers.current_merchant() WHERE payment_id = :'long';
UPDATE customers.payment SET merchant_id = customers.current_merchant() WHERE payment_id = :'long';
SELECT count(*) FROM customers.payment_faults(:'long') WHERE fault = 'altered';
ROLLBACK;
BEGIN;
UPDATE customers.chain_key k SET wrapped = a.wrapped FROM customers.chain_key a
 WHERE k.merchant_id = customers.current_merchant() AND a.merchant_id = :'merchant';
SELECT pg_temp.try(format('customers.verify_payment(%L)', :'eves'));
ROLLBACK;
SELECT customers.verify_payment(:'eves');
DELETE FROM customers.chain_key;
BEGIN;
ALTER TABLE customers.chain_key DISABLE TRIGGER guard_delete;
DELETE FROM customers.chain_key WHERE merchant_id = customers.current_merchant();
SELECT * FROM customers.payment_faults(:'eves');
ROLLBACK;

