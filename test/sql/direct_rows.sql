\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- Rows are written directly where that does the same as SQL.  So whatever a user adds
-- to the tables works alike: here a payment is created, committed and paid, once by each
-- way, with what the additions saw; "same" is all there is to see.
CREATE TEMP TABLE seen (n serial, what text);
GRANT ALL ON seen, seen_n_seq TO customers_owner;
CREATE FUNCTION pg_temp.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO seen (what) VALUES (concat_ws(' ', TG_ARGV[0], TG_WHEN, TG_LEVEL, TG_OP, TG_TABLE_NAME,
    CASE WHEN TG_LEVEL = 'ROW' AND TG_TABLE_NAME = 'payment' THEN to_jsonb(NEW) ->> 'status' END));
  RETURN NEW;
END $$;
CREATE FUNCTION pg_temp.pay_once(reference text) RETURNS text[] LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM seen;
  SET CONSTRAINTS ALL DEFERRED;
  BEGIN
    PERFORM customers.create_payment(pg_temp.cus('dora'), '{10.00 EUR,11.00 USD}', reference);
    PERFORM customers.choose_currency(pg_temp.pay(reference), 'USD');
    PERFORM customers.commit_payment(pg_temp.pay(reference), value => '4.00 USD');
    PERFORM customers.resolve_commit(pg_temp.cmt(reference), 'declined', code => 'insufficient_funds');
    PERFORM customers.commit_payment(pg_temp.pay(reference));
    PERFORM customers.resolve_commit(pg_temp.cmt(reference), 'succeeded', provider_reference => 'ch_direct');
    SET CONSTRAINTS ALL IMMEDIATE;
    INSERT INTO seen (what) VALUES (pg_temp.show(reference) || ' ' || pg_temp.commits(reference) || ' '
      || customers.verify_payment(pg_temp.pay(reference)));
  EXCEPTION WHEN OTHERS THEN
    INSERT INTO seen (what) VALUES (SQLSTATE || ' ' || pg_temp.hide(SQLERRM));
  END;
  RETURN (SELECT array_agg(what ORDER BY n) FROM seen);
END $$;
-- both ways, then whether they saw the same and how much, and the last of it
CREATE FUNCTION pg_temp.compare() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  direct text[];
  by_sql text[];
BEGIN
  BEGIN
    SET LOCAL customers.direct_rows = on;
    direct := pg_temp.pay_once('both');
    RAISE 'undo';
  EXCEPTION WHEN raise_exception THEN
  END;
  BEGIN
    SET LOCAL customers.direct_rows = off;
    by_sql := pg_temp.pay_once('both');
    RAISE 'undo';
  EXCEPTION WHEN raise_exception THEN
  END;
  IF direct IS DISTINCT FROM by_sql THEN
    RETURN E'directly:\n' || array_to_string(direct, E'\n') || E'\nby SQL:\n' || array_to_string(by_sql, E'\n');
  END IF;
  RETURN format('same: %s; %s', cardinality(direct), direct[cardinality(direct)]);
END $$;
SELECT pg_temp.try($$customers.create_customer('dora')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('dora'), 'card', 'tok_d')$$);
SELECT pg_temp.compare();

-- Triggers for each row, before and after, of certain columns, of a condition.
BEGIN;
CREATE TRIGGER zz_before BEFORE INSERT OR UPDATE ON customers.payment FOR EACH ROW EXECUTE FUNCTION pg_temp.note('any');
CREATE TRIGGER zz_after AFTER INSERT OR UPDATE ON customers.payment FOR EACH ROW EXECUTE FUNCTION pg_temp.note('any');
CREATE TRIGGER zz_of AFTER UPDATE OF base_reference ON customers.payment FOR EACH ROW EXECUTE FUNCTION pg_temp.note('base_reference');
CREATE TRIGGER zz_of_status AFTER UPDATE OF status ON customers.payment FOR EACH ROW EXECUTE FUNCTION pg_temp.note('status');
CREATE TRIGGER zz_when AFTER UPDATE ON customers.payment FOR EACH ROW WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION pg_temp.note('when');
CREATE TRIGGER zz_event AFTER INSERT ON customers.payment_event FOR EACH ROW EXECUTE FUNCTION pg_temp.note('event');
CREATE CONSTRAINT TRIGGER zz_later AFTER INSERT ON customers.payment_commit DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION pg_temp.note('later');
SELECT pg_temp.compare();
ROLLBACK;

-- Triggers for each statement, and transition tables.
BEGIN;
CREATE FUNCTION pg_temp.note_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO seen (what) SELECT TG_OP || ' ' || to_status FROM written;
  RETURN NULL;
END $$;
CREATE TRIGGER zz_statement BEFORE UPDATE ON customers.payment FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.note('statement');
CREATE TRIGGER zz_rows AFTER INSERT ON customers.payment_event REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.note_rows();
SELECT pg_temp.compare();
ROLLBACK;

-- A trigger that changes the row, one that keeps it from being written, one that fails.
BEGIN;
CREATE FUNCTION pg_temp.mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.detail := 'marked';
  RETURN NEW;
END $$;
CREATE TRIGGER zz_mark BEFORE INSERT ON customers.payment_event FOR EACH ROW EXECUTE FUNCTION pg_temp.mark();
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
CREATE FUNCTION pg_temp.drop_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER zz_drop BEFORE INSERT ON customers.payment_price FOR EACH ROW EXECUTE FUNCTION pg_temp.drop_row();
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
CREATE FUNCTION pg_temp.drop_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER zz_drop BEFORE UPDATE ON customers.payment_commit FOR EACH ROW EXECUTE FUNCTION pg_temp.drop_row();
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
CREATE FUNCTION pg_temp.write_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() = 1 THEN
    UPDATE customers.payment SET updated_at = updated_at WHERE payment_id = NEW.payment_id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER zz_write BEFORE UPDATE ON customers.payment FOR EACH ROW EXECUTE FUNCTION pg_temp.write_row();
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
CREATE FUNCTION pg_temp.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no %', TG_OP USING ERRCODE = '22000'; END $$;
CREATE TRIGGER zz_fail AFTER UPDATE ON customers.payment_commit FOR EACH ROW EXECUTE FUNCTION pg_temp.fail();
SELECT pg_temp.compare();
ROLLBACK;

-- Columns: dropped, with a default, generated, of an identity; a constraint, an index.
BEGIN;
ALTER TABLE customers.payment ADD gone int DEFAULT 1, ADD region text DEFAULT 'eu' NOT NULL,
  ADD open_amount text GENERATED ALWAYS AS (customers.minor_units(amount) || ' of ' || status) STORED;
ALTER TABLE customers.payment DROP gone;
CREATE INDEX ON customers.payment (merchant_id, open_amount);
CREATE TRIGGER zz_after AFTER INSERT OR UPDATE ON customers.payment FOR EACH ROW EXECUTE FUNCTION pg_temp.note('any');
CREATE FUNCTION pg_temp.note_columns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO seen (what) VALUES (NEW.region || ' ' || NEW.open_amount);
  RETURN NULL;
END $$;
CREATE TRIGGER zz_columns AFTER INSERT OR UPDATE ON customers.payment FOR EACH ROW EXECUTE FUNCTION pg_temp.note_columns();
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
ALTER TABLE customers.payment_event ADD number int GENERATED BY DEFAULT AS IDENTITY;
ALTER TABLE customers.payment_price ADD CONSTRAINT one_price CHECK (position < 2) NOT VALID;
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
ALTER TABLE customers.payment_commit ADD note text DEFAULT '' NOT NULL;
ALTER TABLE customers.payment_commit ALTER note DROP DEFAULT;
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
CREATE UNIQUE INDEX one_charge ON customers.payment_commit (merchant_id, provider_reference) WHERE provider_reference = 'ch_direct';
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('dora'), '{1.00 EUR}', 'first')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('first'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('first'), 'succeeded', provider_reference => 'ch_direct')$$);
SELECT pg_temp.compare();
ROLLBACK;

-- Columns of other types: a domain of a column of the user's, with a default, with a
-- check; a type that values are converted to, one that is too short, one that checks.
BEGIN;
CREATE DOMAIN public.region AS text DEFAULT 'eu';
ALTER TABLE customers.payment ADD region public.region;
CREATE FUNCTION pg_temp.note_region() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO seen (what) VALUES ('region ' || NEW.region);
  RETURN NULL;
END $$;
CREATE TRIGGER zz_region AFTER INSERT ON customers.payment FOR EACH ROW EXECUTE FUNCTION pg_temp.note_region();
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
CREATE DOMAIN public.region AS text;
ALTER TABLE customers.payment_event ADD region public.region;
ALTER DOMAIN public.region ADD CONSTRAINT region_known CHECK (VALUE IS NOT NULL) NOT VALID;
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
ALTER TABLE customers.payment_commit ALTER save_method TYPE text, ALTER provider_sequence TYPE numeric;
ALTER TABLE customers.payment_event ALTER detail TYPE varchar;
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
ALTER TABLE customers.payment_event ALTER actor TYPE varchar(8) USING left(actor, 8);
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
CREATE DOMAIN public.charge AS text CHECK (VALUE LIKE 'pi_%');
ALTER TABLE customers.payment_commit ALTER provider_reference TYPE public.charge USING NULL;
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
ALTER TABLE customers.payment_event DROP detail;
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
ALTER TABLE customers.payment_event ADD CONSTRAINT own_table CHECK (tableoid = 'customers.payment_event'::regclass);
SELECT pg_temp.compare();
ROLLBACK;

-- A right that the owner gave up.
BEGIN;
REVOKE INSERT ON customers.payment_event FROM customers_owner;
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
REVOKE UPDATE ON customers.payment FROM customers_owner;
SELECT pg_temp.compare();
ROLLBACK;

-- What only SQL has: a rule, a table that inherits, an owner of one table who is
-- not the store's.
BEGIN;
CREATE RULE zz_rule AS ON INSERT TO customers.payment_event DO ALSO INSERT INTO seen (what) VALUES (NEW.event);
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
CREATE TABLE public.more_payments () INHERITS (customers.payment);
SELECT pg_temp.compare();
ROLLBACK;
BEGIN;
CREATE ROLE direct_rows_owner;
ALTER TABLE customers.payment_event OWNER TO direct_rows_owner;
SELECT pg_temp.compare();
ROLLBACK;

-- Under REPEATABLE READ everything is SQL.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT pg_temp.compare();
ROLLBACK;
