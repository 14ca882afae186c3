-- Type amount: text form, currencies, arithmetic, order, hashing, aggregates.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
RESET client_min_messages;
SET search_path = customers, public;

-- Runs a statement that must fail and returns what the user would see.
CREATE FUNCTION pg_temp.error_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    state text; message text; detail text;
BEGIN
    EXECUTE statement;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' | ', state, message, nullif(detail, ''));
END $$;

-- Text in and out
SELECT value, value::amount, minor_units(value::amount), currency(value::amount), value::amount::numeric
FROM unnest(ARRAY[
    '49.90 EUR', '500 JPY', '1.250 KWD', '1.2345 CLF', '-0.05 EUR', '-49.90 EUR', '0.00 EUR', '0 JPY', '0.000 BHD', '0.0001 UYW',
    '-0.00 EUR', '007.00 EUR', '10000 JPY', '100.00 USD', '1234567890.12 XCG', '1.00 XAD', '1 XOF',
    '92233720368547758.07 EUR', '-92233720368547758.08 EUR', '9223372036854775807 JPY', '-9223372036854775808 JPY',
    '9223372036854775.807 KWD', '-922337203685477.5808 CLF']) WITH ORDINALITY v(value, position)
ORDER BY position;
SELECT '  1.00 EUR'::amount, E'1.00 EUR\t\n '::amount;

SELECT value, pg_temp.error_of(format('SELECT %L::amount', value)) AS error
FROM unnest(ARRAY[
    '', ' ', '-', 'EUR', ' EUR', '1', '1.00', '1.00EUR', '1.00  EUR', E'1.00\tEUR', '1.00 EU', '1.00 EURO', '1.00 E1R', '1.00 eur', '1.00 €',
    '+1.00 EUR', '- 1.00 EUR', '--1.00 EUR', '.50 EUR', '1. EUR', '1,00 EUR', '1.0.0 EUR', '1e2 JPY', '1 000 JPY', '0x10 JPY', '1_000 JPY',
    'NaN EUR', 'EUR 1.00', '1.00 EUR x', '1.00 EUR 1.00 EUR', '١ JPY',
    '49.9 EUR', '49.900 EUR', '49 EUR', '500.00 JPY', '500.0 JPY', '1.25 KWD', '1.2500 KWD', '1.234 CLF', '1.23456 UYW',
    '1.00 XYZ', '1.00 BGN', '1.00 HRK', '1.00 ANG', '1.00 ZWL', '1.00 SLL', '1.00 CUC', '1.00 AAA', '1.00 ZZZ',
    '1.00 XAU', '1 XXX', '1.00 XTS', '1 XDR',
    '92233720368547758.08 EUR', '-92233720368547758.09 EUR', '9223372036854775808 JPY', '-9223372036854775809 JPY', '99999999999999999999999999999999.00 EUR'
    ]) WITH ORDINALITY v(value, position)
ORDER BY position;

-- From and to minor units
SELECT amount(4990, 'EUR'), amount(500, 'JPY'), amount(-1, 'KWD'), amount(minor_units => 9223372036854775807, currency => 'CLF'), amount(NULL, 'EUR') IS NULL AS strict;
SELECT code, pg_temp.error_of(format('SELECT amount(1, %L)', code)) AS error
FROM unnest(ARRAY['', 'EU', 'EURO', 'eur', 'XYZ', 'XAU']) WITH ORDINALITY v(code, position) ORDER BY position;
CREATE TEMP TABLE edge(value amount);
INSERT INTO edge SELECT amount(minor_units, currency)
FROM (VALUES (-9223372036854775808), (-1), (0), (1), (9), (10), (99), (100), (999), (1000), (9999), (10000), (9223372036854775807)) n(minor_units),
     (VALUES ('JPY'), ('EUR'), ('KWD'), ('CLF')) c(currency);
SELECT count(*), bool_and(value::text::amount = value) AS text_round_trip,
       bool_and(value::numeric::text = split_part(value::text, ' ', 1)) AS numeric_is_exact FROM edge;

-- Every active currency, by its number of digits
CREATE FUNCTION pg_temp.digits(code text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN scale(amount(0, code)::numeric);
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN CASE SQLERRM WHEN format('unknown currency: "%s"', code) THEN NULL ELSE 'none' END;
END $$;
SELECT digits, count(*), string_agg(code, ' ' ORDER BY code COLLATE "C")
FROM (SELECT code, pg_temp.digits(code) AS digits
      FROM (SELECT chr(a) || chr(b) || chr(c) AS code FROM generate_series(65, 90) a, generate_series(65, 90) b, generate_series(65, 90) c) codes) d
WHERE digits IS NOT NULL GROUP BY digits ORDER BY digits;

-- Arithmetic
SELECT '1.00 EUR'::amount + '2.50 EUR' AS add, '1.00 EUR'::amount - '2.50 EUR' AS subtract, - '1.00 EUR'::amount AS negate,
       '1.10 EUR'::amount * 3 AS by_int, 3 * '1.10 EUR'::amount AS int_by, '1.10 EUR'::amount * 3::bigint AS by_bigint, 3::smallint * '1.10 EUR'::amount AS smallint_by,
       '1.10 EUR'::amount * NULL::bigint IS NULL AS strict;
SELECT statement, pg_temp.error_of('SELECT ' || statement) AS error
FROM unnest(ARRAY[
    $$'1.00 EUR'::amount + '1.00 USD'::amount$$,
    $$'1.00 EUR'::amount - '100 JPY'::amount$$,
    $$'92233720368547758.07 EUR'::amount + '0.01 EUR'$$,
    $$'-92233720368547758.08 EUR'::amount - '0.01 EUR'$$,
    $$- '-92233720368547758.08 EUR'::amount$$,
    $$'92233720368547758.07 EUR'::amount * 2$$,
    $$'-1 JPY'::amount * (-9223372036854775808)$$,
    $$(-9223372036854775808) * '-1 JPY'::amount$$,
    $$'1.00 EUR'::amount * '1.00 EUR'::amount$$,
    $$'1.00 EUR'::amount * 1.5$$,
    $$'1.00 EUR'::amount + 1$$]) WITH ORDINALITY v(statement, position)
ORDER BY position;

-- Order: by currency, then by value, also across currencies
SELECT a, b, a < b AS lt, a <= b AS le, a = b AS eq, a <> b AS ne, a >= b AS ge, a > b AS gt, amount_cmp(a, b) AS cmp
FROM (VALUES ('1.00 EUR'::amount, '1.00 EUR'::amount), ('1.00 EUR', '2.00 EUR'), ('2.00 EUR', '-2.00 EUR'), ('100.00 EUR', '1 JPY'), ('1 JPY', '100.00 EUR'), ('0.00 EUR', '0.00 USD')) v(a, b);
SELECT array_agg(value ORDER BY value) FROM (VALUES ('1 JPY'::amount), ('5.00 EUR'), ('-5.00 EUR'), ('10.00 EUR'), ('0.100 KWD'), ('-7 JPY')) v(value);
SELECT count(*) AS pairs, bool_and((a.value < b.value) = (b.value > a.value) AND (a.value <= b.value) = NOT (a.value > b.value)
       AND (a.value = b.value) = (a.value::text = b.value::text) AND amount_cmp(a.value, b.value) = - amount_cmp(b.value, a.value)) AS consistent
FROM edge a, edge b;

-- Equal amounts hash alike, others don't.
CREATE TABLE public.many_amounts(value amount, other amount);
INSERT INTO public.many_amounts SELECT amount(i, 'EUR'), amount(i, 'JPY') FROM generate_series(1, 1000) i;
SELECT count(DISTINCT amount_hash(value)) > 990 AS hash, count(DISTINCT amount_hash_extended(value, 1)) > 990 AS extended,
       bool_and(amount_hash(value) = amount_hash(value::text::amount)) AS alike,
       count(*) FILTER (WHERE amount_hash(value) = amount_hash(other)) < 10 AS currency_counts,
       bool_and(amount_hash_extended(value, 0)::bit(32) = amount_hash(value)::bit(32)) AS extended_alike FROM many_amounts;
SELECT count(*) FROM many_amounts a JOIN many_amounts b USING (value, other);

-- Whether a statement's plan has a node; plans of some shapes differ between versions.
CREATE FUNCTION pg_temp.uses(statement text, node text) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || statement LOOP
        IF strpos(line, node) > 0 THEN RETURN true; END IF;
    END LOOP;
    RETURN false;
END $$;

-- Indexes
CREATE INDEX many_amounts_value ON many_amounts(value);
CREATE INDEX many_amounts_other ON many_amounts USING hash(other);
ANALYZE many_amounts;
SET enable_seqscan = off;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT value FROM many_amounts WHERE value >= '1.00 EUR' AND value < '1.05 EUR' ORDER BY value;
EXPLAIN (COSTS OFF) SELECT * FROM many_amounts WHERE other = '100 JPY';
EXPLAIN (COSTS OFF) SELECT value FROM many_amounts ORDER BY value DESC;
SELECT pg_temp.uses('SELECT max(value) FROM many_amounts', 'Index Only Scan Backward'), pg_temp.uses('SELECT min(value) FROM many_amounts', 'Index Only Scan using');
SELECT value FROM many_amounts WHERE value >= '1.00 EUR' AND value < '1.05 EUR' ORDER BY value;
SELECT * FROM many_amounts WHERE other = '100 JPY';
SELECT min(value), max(value) FROM many_amounts;
RESET enable_seqscan;
RESET enable_bitmapscan;

-- Aggregates skip nulls; nothing adds up to null.
SELECT sum(value), min(value), max(value) FROM (VALUES ('1.10 EUR'::amount), (NULL), ('2.20 EUR'), ('-0.30 EUR')) v(value);
SELECT sum(value), min(value), max(value) FROM (VALUES ('1.10 EUR'::amount)) v(value) WHERE value IS NULL;
SELECT sum(value), min(value), max(value) FROM (VALUES (NULL::amount)) v(value);
SELECT min(value), max(value) FROM (VALUES ('1 JPY'::amount), ('9.00 EUR')) v(value);
SELECT currency(value), sum(value) FROM (VALUES ('1 JPY'::amount), ('9.00 EUR'), ('2 JPY')) v(value) GROUP BY 1 ORDER BY 1;
SELECT value, sum(value) OVER (ORDER BY value) FROM (VALUES ('1 JPY'::amount), ('2 JPY'), ('3 JPY')) v(value);
SELECT sum(value) FROM (VALUES ('1 JPY'::amount), ('9.00 EUR')) v(value);
SELECT sum(value) FROM (VALUES ('9223372036854775807 JPY'::amount), ('1 JPY')) v(value);
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
ALTER TABLE many_amounts SET (parallel_workers = 2);
EXPLAIN (COSTS OFF) SELECT sum(value), max(other) FILTER (WHERE value > '0.00 EUR') FROM many_amounts;
SELECT sum(value), max(other) FILTER (WHERE value > '0.00 EUR') FROM many_amounts;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- Casts: text by assignment, to a number only when asked for
CREATE TEMP TABLE assigned(value amount, number numeric);
INSERT INTO assigned(value) VALUES ('1.00 EUR'::text), ('2.00 EUR'::varchar);
SELECT value, value::text AS text, value || '!' AS concatenation FROM assigned ORDER BY 1;
SELECT pg_temp.error_of($$INSERT INTO assigned(number) SELECT value FROM assigned$$);
SELECT pg_temp.error_of($$SELECT 1::numeric::amount$$);
SELECT pg_temp.error_of($$SELECT sum('1.00 EUR'::text)$$);

-- Binary form: minor units in 8 bytes and the code
SELECT amount_send('49.90 EUR'), amount_send('-1 JPY');
CREATE TEMP TABLE edge_copy(value amount);
\copy pg_temp.edge to 'results/amount.binary' (format binary)
\copy pg_temp.edge_copy from 'results/amount.binary' (format binary)
SELECT count(*), count(DISTINCT value) FROM edge_copy JOIN edge USING (value);
-- Hostile bytes are refused: unknown currency, none, too short, too long
CREATE TEMP TABLE bytes(value bytea);
\set VERBOSITY terse
INSERT INTO bytes VALUES ('\x000000000000000158595a');
\copy pg_temp.bytes to 'results/amount.binary' (format binary)
\copy pg_temp.edge_copy from 'results/amount.binary' (format binary)
UPDATE bytes SET value = '\x0000000000000001584155';
\copy pg_temp.bytes to 'results/amount.binary' (format binary)
\copy pg_temp.edge_copy from 'results/amount.binary' (format binary)
UPDATE bytes SET value = '\x0000000000000001000000';
\copy pg_temp.bytes to 'results/amount.binary' (format binary)
\copy pg_temp.edge_copy from 'results/amount.binary' (format binary)
UPDATE bytes SET value = '\x00000000000000014555';
\copy pg_temp.bytes to 'results/amount.binary' (format binary)
\copy pg_temp.edge_copy from 'results/amount.binary' (format binary)
UPDATE bytes SET value = '\x000000000000000145555200';
\copy pg_temp.bytes to 'results/amount.binary' (format binary)
\copy pg_temp.edge_copy from 'results/amount.binary' (format binary)
UPDATE bytes SET value = '\x0000000000000001455552';
\copy pg_temp.bytes to 'results/amount.binary' (format binary)
TRUNCATE edge_copy;
\copy pg_temp.edge_copy from 'results/amount.binary' (format binary)
SELECT value FROM edge_copy;
\set VERBOSITY default

-- Catalog
SELECT typlen, typalign, typbyval, typstorage FROM pg_type WHERE oid = 'amount'::regtype;
SELECT a.amname, c.opcname, amvalidate(c.oid) AS valid, c.opcdefault
FROM pg_opclass c JOIN pg_am a ON a.oid = c.opcmethod WHERE c.opcintype = 'amount'::regtype ORDER BY 2, 1;
SELECT p.oid::regprocedure AS neither_pure_nor_parallel FROM pg_proc p
WHERE 'amount'::regtype = ANY(p.proargtypes) AND p.pronamespace = 'customers'::regnamespace AND p.proname LIKE 'amount%'
  AND NOT (p.provolatile = 'i' AND p.proisstrict AND p.proparallel = 's');
SELECT p.proname AS leakproof FROM pg_proc p
WHERE 'amount'::regtype = ANY(p.proargtypes) AND p.proleakproof ORDER BY 1;

DROP TABLE many_amounts;
