-- Whoever writes to the tables or to the disk can make sealed values fail to
-- open, and nothing else: at every level there is one error, and no other value.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
-- A server without a root key can't do any of this: expected/tampering_1.out.
SELECT coalesce(current_setting('customers.key_file', true), '') = '' AS no_key \gset
\if :no_key
\quit
\endif
SELECT customers.install();
RESET client_min_messages;
SELECT customers.create_merchant('Tampering') AS merchant \gset
SELECT customers.create_merchant('Neighbour') AS neighbour \gset
SET customers.merchant = :'neighbour';
SELECT customers.create_customer('nel', metadata => '{"a": "of the neighbour"}') AS nel \gset
SET customers.merchant = :'merchant';
SELECT customers.create_customer('ana', metadata => '{"a": "alpha", "b": "beta."}') AS ana \gset
SELECT customers.create_customer('bob', metadata => '{"a": "gamma"}') AS bob \gset

-- An envelope of any bytes: what a thief writes goes past the input of the type.
CREATE CAST (bytea AS customers.sealed) WITHOUT FUNCTION;

-- What reading a customer's key "a" comes to after a change of a sealed column
-- of the customer or of the merchant, which is undone again.
CREATE FUNCTION pg_temp.outcome(change text, customer customers.customer_id) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  detail text;
BEGIN
  EXECUTE change;
  PERFORM customers.metadata(customer);
  RAISE 'opened: %', customers.get_metadata(customer, 'a') USING ERRCODE = 'TT000';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RETURN concat_ws(' ', SQLSTATE, SQLERRM, nullif(detail, ''));
END $$;

-- The levels: how to give a sealed column other bytes.
CREATE TEMP TABLE level AS
SELECT *, format('UPDATE customers.%s SET %I = %%L::bytea::customers.sealed WHERE %s', relation, attribute, condition) AS change
  FROM (VALUES
    (1, 'merchant_key', 'wrapped', format('merchant_id = %L', :'merchant')),
    (2, 'customer_key', 'wrapped', format('customer_id = %L', :'ana')),
    (3, 'metadata', 'value', format('customer_id = %L AND key = ''a''', :'ana'))) AS l (place, relation, attribute, condition);
CREATE FUNCTION pg_temp.envelope_at(level) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
  envelope bytea;
BEGIN
  EXECUTE format('SELECT customers.sealed_send(%I) FROM customers.%s WHERE %s', $1.attribute, $1.relation, $1.condition)
    INTO envelope;
  RETURN envelope;
END $$;

-- Unchanged it opens.
SELECT place, relation, pg_temp.outcome(format(change, pg_temp.envelope_at(level)), :'ana') FROM level ORDER BY place;

-- Each bit of each byte flipped.  Where these are the bytes of the id of a key,
-- one that is not there is asked for, which the message says.
CREATE FUNCTION pg_temp.part(at int) RETURNS text LANGUAGE sql AS
$$ SELECT CASE WHEN at = 0 THEN 'version' WHEN at < 9 THEN 'key id' ELSE 'rest' END $$;
WITH flipped AS MATERIALIZED (
  SELECT place, relation, pg_temp.part(at) AS part,
         regexp_replace(replace(pg_temp.outcome(format(change,
             set_byte(envelope, at, get_byte(envelope, at) # (1 << bit))), :'ana'), :'merchant', 'mer_…'),
           'key [0-9a-f]+', 'key …') AS outcome
    FROM level, pg_temp.envelope_at(level) AS envelope,
         generate_series(0, octet_length(envelope) - 1) AS at, generate_series(0, 7) AS bit)
SELECT relation, part, count(*), outcome
  FROM flipped GROUP BY place, relation, part, outcome ORDER BY place, part DESC, outcome COLLATE "C";

-- Cut to every length, made longer, of another version, and nothing but zeros.
WITH changed AS MATERIALIZED (
  SELECT relation, 'cut' AS change, pg_temp.outcome(format(change, substr(envelope, 1, length)), :'ana') AS outcome
    FROM level, pg_temp.envelope_at(level) AS envelope, generate_series(0, octet_length(envelope) - 1) AS length
  UNION ALL
  SELECT relation, 'cut at the front', pg_temp.outcome(format(change, '\x01'::bytea || substr(envelope, length)), :'ana')
    FROM level, pg_temp.envelope_at(level) AS envelope, generate_series(10, octet_length(envelope)) AS length
   WHERE place = 3
  UNION ALL
  SELECT relation, 'extended', pg_temp.outcome(format(change, envelope || decode(repeat('00', more), 'hex')), :'ana')
    FROM level, pg_temp.envelope_at(level) AS envelope, unnest('{1,2,16,49,10000}'::int[]) AS more
  UNION ALL
  SELECT relation, 'version', pg_temp.outcome(format(change, set_byte(envelope, 0, version)), :'ana')
    FROM level, pg_temp.envelope_at(level) AS envelope, unnest('{0,2,3,255}'::int[]) AS version
  UNION ALL
  SELECT relation, 'zeros', pg_temp.outcome(format(change, set_byte(decode(repeat('00', length), 'hex'), 0, 1)), :'ana')
    FROM level, unnest('{49,53,81}'::int[]) AS length
   WHERE place > 1)
SELECT outcome, change, count(*), string_agg(DISTINCT relation, ', ' ORDER BY relation) AS relations
  FROM changed GROUP BY outcome, change ORDER BY outcome, change;

-- Moved to another place.
WITH moved AS MATERIALIZED (
  SELECT what, pg_temp.outcome(change, :'ana') AS outcome
    FROM (VALUES
      ('the value of another key',
       format('UPDATE customers.metadata m SET value = o.value FROM customers.metadata o'
              ' WHERE m.customer_id = %L AND m.key = ''a'' AND o.customer_id = m.customer_id AND o.key = ''b''', :'ana')),
      ('the value of another customer',
       format('UPDATE customers.metadata m SET value = o.value FROM customers.metadata o'
              ' WHERE m.customer_id = %L AND o.customer_id = %L', :'ana', :'bob')),
      ('the value of another merchant',
       format('UPDATE customers.metadata m SET value = o.value FROM customers.metadata o'
              ' WHERE m.customer_id = %L AND o.customer_id = %L', :'ana', :'nel')),
      ('the key of another customer',
       format('UPDATE customers.customer_key m SET wrapped = o.wrapped FROM customers.customer_key o'
              ' WHERE m.customer_id = %L AND o.customer_id = %L', :'ana', :'bob')),
      ('the keys of two customers swapped',
       format('UPDATE customers.customer_key m SET wrapped = o.wrapped FROM customers.customer_key o'
              ' WHERE m.customer_id IN (%1$L, %2$L) AND o.customer_id IN (%1$L, %2$L) AND o.customer_id <> m.customer_id',
              :'ana', :'bob')),
      ('the key of another merchant''s customer',
       format('UPDATE customers.customer_key m SET wrapped = o.wrapped FROM customers.customer_key o'
              ' WHERE m.customer_id = %L AND o.customer_id = %L', :'ana', :'nel')),
      ('the keys of two merchants swapped',
       format('UPDATE customers.merchant_key m SET wrapped = o.wrapped FROM customers.merchant_key o'
              ' WHERE m.merchant_id IN (%1$L, %2$L) AND o.merchant_id IN (%1$L, %2$L) AND o.merchant_id <> m.merchant_id',
              :'merchant', :'neighbour')),
      ('another number for the merchant''s key',
       format('UPDATE customers.merchant_key SET key_id = 2 WHERE merchant_id = %L', :'merchant')),
      ('the envelope of another level: the customer''s key as a value',
       format('UPDATE customers.metadata m SET value = k.wrapped FROM customers.customer_key k'
              ' WHERE m.customer_id = %L AND k.customer_id = m.customer_id', :'ana')),
      ('the envelope of another level: the merchant''s key as a customer''s',
       format('UPDATE customers.customer_key k SET wrapped = m.wrapped FROM customers.merchant_key m'
              ' WHERE k.customer_id = %L AND m.merchant_id = k.merchant_id', :'ana')),
      ('the row renamed',
       format('DELETE FROM customers.metadata WHERE customer_id = %1$L AND key = ''a'';'
              ' UPDATE customers.metadata SET key = ''a'' WHERE customer_id = %1$L', :'ana')),
      ('the row under another customer',
       format('DELETE FROM customers.metadata WHERE customer_id = %1$L;'
              ' UPDATE customers.metadata SET customer_id = %1$L WHERE customer_id = %2$L', :'ana', :'bob'))
    ) AS t (what, change))
SELECT what, replace(outcome, :'merchant', 'mer_…') AS outcome FROM moved;

-- A row that is missing takes what it seals with it.
SELECT what, replace(pg_temp.outcome(change, :'ana'), :'merchant', 'mer_…') AS outcome
  FROM (VALUES
    ('value', format('DELETE FROM customers.metadata WHERE customer_id = %L AND key = ''a''', :'ana')),
    ('key of the customer', format('DELETE FROM customers.customer_key WHERE customer_id = %L', :'ana')),
    ('key of the customer, its values left',
     format('SET LOCAL session_replication_role = replica; DELETE FROM customers.customer_key WHERE customer_id = %L', :'ana')),
    ('key of the merchant', format('DELETE FROM customers.merchant_key WHERE merchant_id = %L', :'merchant'))) AS t (what, change);

-- A customer's key or a merchant's that does not open keeps one from writing, too.
SELECT relation, regexp_replace(pg_temp.outcome(format(change, set_byte(envelope, 60, get_byte(envelope, 60) # 1))
         || format('; SELECT customers.set_metadata(%L, ''{"c": "new"}'')', :'ana'), :'ana'), 'key [0-9a-f]+', 'key …') AS outcome
  FROM level, pg_temp.envelope_at(level) AS envelope WHERE place < 3 ORDER BY place;

-- After all of this everything opens.
SELECT customers.metadata(:'ana');
SELECT customers.metadata(:'bob');
DROP CAST (bytea AS customers.sealed);
