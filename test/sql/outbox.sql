-- events_since(): whose events, which cursors it takes.  That it skips none is
-- proven by test/specs/events_since.spec and test/t/061_events.pl.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
RESET client_min_messages;
\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on

SELECT customers.create_customer('ann') AS ann \gset
SELECT customers.create_payment(:'ann', '{1.00 EUR}', 'one') AS one \gset
-- until nothing else runs, as autovacuum may
CREATE PROCEDURE pg_temp.settle() LANGUAGE plpgsql AS $$
BEGIN
  WHILE pg_snapshot_xmin(pg_current_snapshot()) <> pg_snapshot_xmax(pg_current_snapshot()) LOOP
    PERFORM pg_sleep(0.01);
  END LOOP;
END $$;
CALL pg_temp.settle();
SELECT payment_id = :'one', sequence, event, from_status, to_status, actor, commit_id, value, detail FROM customers.events_since();
SELECT next_cursor AS cursor, split_part(next_cursor, '.', 1) AS position FROM customers.events_since() \gset
SELECT count(*) FROM customers.events_since(:'cursor');
SELECT count(*) FROM customers.events_since(:'position' || '.' || :'one' || '.0');

-- What is no cursor, and what this store can't have given.
CREATE FUNCTION pg_temp.since(text, int = 10) RETURNS text LANGUAGE sql AS $$
  SELECT pg_temp.try(format('(SELECT count(*) FROM customers.events_since(%L, %L))', $1, $2)) $$;
SELECT cursor, pg_temp.since(replace(replace(cursor, 'P', :'position'), 'ID', :'one'))
  FROM (VALUES ('P.ID.1'), (''), ('.'), ('..'), ('P'), ('P.ID'), ('P.ID.'), ('P..1'), ('.ID.1'), ('P.ID.1.'), ('P.ID.1 '), (' P.ID.1'),
        ('+P.ID.1'), ('-P.ID.1'), ('-1.ID.1'), ('P.ID.-1'), ('P.ID.+1'), ('P.ID.1x'), ('Px.ID.1'), ('0x10.ID.1'), ('P.IDx.1'), ('P.cus_00000000000000000000000000.1'),
        ('P.ID.2147483647'), ('P.ID.2147483648'), ('9223372036854775808.ID.1'), ('99999999999999999999999999.ID.1'), ('0.ID.0')) AS v (cursor);
SELECT pg_temp.since('1' || repeat('0', 100000));
SELECT pg_temp.since(format('%s.%s.1', n, :'one')) FROM (VALUES (9223372036854775807), (:position + 1000000000), ((1::bigint << 48) + (1::bigint << 47))) AS v (n);
SELECT pg_temp.since(null, n) FROM (VALUES (1), (0), (-1), (null), (2147483647)) AS v (n);

-- Nobody sees another merchant's, whatever the cursor.
SELECT customers.use_merchant(customers.create_merchant('Another'));
SELECT count(*) FROM customers.events_since();
SELECT count(*) FROM customers.events_since(:'position' || '.' || :'one' || '.0');
CREATE ROLE regress_events_nobody;
CREATE ROLE regress_events_checkout IN ROLE customers_checkout;
CREATE ROLE regress_events_analyst IN ROLE customers_analyst;
CREATE ROLE regress_events_processor IN ROLE customers_processor;
SELECT customers.bind_role(name::regrole, :'merchant')
  FROM (VALUES ('regress_events_nobody'), ('regress_events_checkout'), ('regress_events_analyst'), ('regress_events_processor')) AS v (name);
RESET customers.merchant;
SET ROLE regress_events_processor;
SELECT count(*) FROM customers.events_since();
SET ROLE regress_events_analyst;
SELECT count(*) FROM customers.events_since();
SET ROLE regress_events_checkout;
SELECT count(*) FROM customers.events_since();
SET ROLE regress_events_nobody;
SELECT count(*) FROM customers.events_since();
SELECT customers.verify_payment(:'one');
SELECT count(*) FROM customers.payment_event;
SELECT count(*) FROM customers.event_epoch;
SET ROLE regress_events_processor;
SELECT count(*) FROM customers.chain_key;
INSERT INTO customers.payment_event SELECT * FROM customers.payment_event;
RESET ROLE;

-- An epoch that is rolled back is begun again: by a subtransaction, by a transaction.
BEGIN;
ALTER TABLE customers.event_epoch DISABLE TRIGGER guard_append_only;
DELETE FROM customers.event_epoch;
SET LOCAL customers.merchant = :'merchant';
SAVEPOINT s;
SELECT pg_temp.try(format('customers.create_payment(%L, ''{1.00 EUR}'', ''two'') IS NOT NULL', :'ann'));
ROLLBACK TO s;
SELECT count(*) FROM customers.event_epoch;
SELECT pg_temp.try(format('customers.create_payment(%L, ''{1.00 EUR}'', ''two'') IS NOT NULL', :'ann'));
SELECT count(*) FROM customers.event_epoch;
ROLLBACK;
SELECT count(*) FROM customers.event_epoch;
SELECT customers.unbind_role(name::regrole, :'merchant')
  FROM (VALUES ('regress_events_nobody'), ('regress_events_checkout'), ('regress_events_analyst'), ('regress_events_processor')) AS v (name);
DROP ROLE regress_events_nobody, regress_events_checkout, regress_events_analyst, regress_events_processor;
