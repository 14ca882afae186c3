-- The id types: text form, casts, order, hashing and indexes.
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

-- The error of reading a text as an id of some type.
CREATE FUNCTION pg_temp.input_error(value text, type regtype) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.error_of(format('SELECT %L::%s', value, type))
$$;

CREATE TEMP TABLE id_type(position int, type regtype, prefix text);
INSERT INTO id_type VALUES
    (1, 'merchant_id', 'mer'), (2, 'customer_id', 'cus'), (3, 'list_id', 'lst'),
    (4, 'payment_method_id', 'pm'), (5, 'payment_id', 'pay'), (6, 'commit_id', 'cmt');

-- Valid cases of the TypeID specification, with our prefixes: text to uuid and
-- back, for each type.
CREATE TEMP TABLE valid(name text, suffix text, id uuid);
INSERT INTO valid VALUES
    ('nil', '00000000000000000000000000', '00000000-0000-0000-0000-000000000000'),
    ('one', '00000000000000000000000001', '00000000-0000-0000-0000-000000000001'),
    ('ten', '0000000000000000000000000a', '00000000-0000-0000-0000-00000000000a'),
    ('sixteen', '0000000000000000000000000g', '00000000-0000-0000-0000-000000000010'),
    ('thirty-two', '00000000000000000000000010', '00000000-0000-0000-0000-000000000020'),
    ('max-valid', '7zzzzzzzzzzzzzzzzzzzzzzzzz', 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
    ('valid-alphabet', '0123456789abcdefghjkmnpqrs', '0110c853-1d09-52d8-d73e-1194e95b5f19'),
    ('valid-uuidv7', '01h455vb4pex5vsknk084sn02q', '01890a5d-ac96-774b-bcce-b302099a8057');

CREATE FUNCTION pg_temp.round_trip(value text, type regtype, OUT as_uuid uuid, OUT as_text text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT %L::%s::uuid', value, type) INTO as_uuid;
    EXECUTE format('SELECT %L::uuid::%s::text', as_uuid, type) INTO as_text;
END $$;

SELECT t.type, count(*) AS cases,
       bool_and(r.as_uuid = v.id) AS reads, bool_and(r.as_text = t.prefix || '_' || v.suffix) AS writes
FROM id_type t CROSS JOIN valid v
CROSS JOIN LATERAL pg_temp.round_trip(t.prefix || '_' || v.suffix, t.type) r
GROUP BY t.position, t.type ORDER BY t.position;
SELECT 'cus_01h455vb4pex5vsknk084sn02q'::customer_id AS id, 'cus_01h455vb4pex5vsknk084sn02q'::customer_id::uuid AS uuid;

-- Its invalid cases.
CREATE TEMP TABLE invalid(position int GENERATED ALWAYS AS IDENTITY, name text, value text);
INSERT INTO invalid(name, value) VALUES
    ('prefix-uppercase', 'CUS_00000000000000000000000000'),
    ('prefix-numeric', '123_00000000000000000000000000'),
    ('prefix-period', 'cu.s_00000000000000000000000000'),
    ('prefix-non-ascii', 'cüs_00000000000000000000000000'),
    ('prefix-spaces', '  cus_00000000000000000000000000'),
    ('prefix-64-chars', 'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl_00000000000000000000000000'),
    ('separator-empty-prefix', '_00000000000000000000000000'),
    ('separator-empty', '_'),
    ('suffix-short', 'cus_1234567890123456789012345'),
    ('suffix-long', 'cus_123456789012345678901234567'),
    ('suffix-spaces', 'cus_1234567890123456789012345 '),
    ('suffix-uppercase', 'cus_0123456789ABCDEFGHJKMNPQRS'),
    ('suffix-hyphens', 'cus_123456789-123456789-123456'),
    ('suffix-wrong-alphabet', 'cus_ooooooiiiiiiuuuuuuulllllll'),
    ('suffix-ambiguous-crockford', 'cus_i23456789ol23456789oi23456'),
    ('suffix-hyphens-crockford', 'cus_123456789-0123456789-0123456'),
    ('suffix-overflow', 'cus_8zzzzzzzzzzzzzzzzzzzzzzzzz'),
    ('prefix-underscore-start', '_cus_00000000000000000000000000'),
    ('prefix-underscore-end', 'cus__00000000000000000000000000'),
    ('empty', ''),
    ('prefix-empty', 'cus_'),
    ('no prefix', '00000000000000000000000000'),
    ('prefix only', 'cus'),
    ('prefix of another type', 'pay_01h455vb4pex5vsknk084sn02q'),
    ('longer prefix', 'cust_01h455vb4pex5vsknk084sn02q'),
    ('suffix-non-ascii', 'cus_01h455vb4pex5vsknk084sn0é'),
    ('a uuid', '01890a5d-ac96-774b-bcce-b302099a8057');
SELECT name, pg_temp.input_error(value, 'customer_id') FROM invalid ORDER BY position;

-- They are invalid for every type.
SELECT t.type, count(*) AS cases, bool_and(pg_temp.input_error(replace(i.value, 'cus', t.prefix), t.type) LIKE '22P02 | invalid input syntax for type ' || t.type || ': %') AS refused
FROM id_type t CROSS JOIN invalid i WHERE i.name <> 'prefix of another type'
GROUP BY t.position, t.type ORDER BY t.position;
-- No type takes the id of another.
SELECT t.type, pg_temp.input_error(other.prefix || '_01h455vb4pex5vsknk084sn02q', t.type) AS error
FROM id_type t JOIN id_type other ON other.position = t.position % 6 + 1 ORDER BY t.position;

-- Stored as uuid is.
SELECT t.typname, t.typlen, t.typalign, t.typbyval, t.typstorage
FROM id_type i JOIN pg_type t ON t.oid = i.type ORDER BY i.position;

-- Clients bind uuid, text or varchar.
CREATE TABLE public.id_test(id customer_id PRIMARY KEY, payment payment_id, external uuid);
INSERT INTO id_test VALUES ('cus_01h455vb4pex5vsknk084sn02q', 'pay_01h455vb4pex5vsknk084sn02q', 'cus_01h455vb4pex5vsknk084sn02q'::customer_id);
INSERT INTO id_test(id) VALUES ('01890a5d-ac96-774b-bcce-b302099a8058'::uuid), ('cus_01h455vb4pex5vsknk084sn02s'::text), ('cus_01h455vb4pex5vsknk084sn02t'::varchar);
SELECT * FROM id_test ORDER BY id;
CREATE FUNCTION pg_temp.takes(customer customer_id) RETURNS text LANGUAGE sql AS $$ SELECT customer::text $$;
CREATE FUNCTION pg_temp.takes_all(customers customer_id[]) RETURNS text LANGUAGE sql AS $$ SELECT customers::text $$;
PREPARE by_uuid(uuid) AS SELECT id, pg_temp.takes($1), pg_temp.takes_all(ARRAY[$1]) FROM id_test WHERE id = $1;
PREPARE by_text(text) AS SELECT id, pg_temp.takes($1), pg_temp.takes_all(ARRAY[$1]) FROM id_test WHERE id = $1;
PREPARE by_varchar(varchar) AS SELECT id, pg_temp.takes($1), pg_temp.takes_all(ARRAY[$1]) FROM id_test WHERE id = $1;
PREPARE by_texts(text[]) AS SELECT id FROM id_test WHERE id = ANY($1);
EXECUTE by_uuid('01890a5d-ac96-774b-bcce-b302099a8057');
EXECUTE by_text('cus_01h455vb4pex5vsknk084sn02q');
EXECUTE by_varchar('cus_01h455vb4pex5vsknk084sn02q');
EXECUTE by_texts('{cus_01h455vb4pex5vsknk084sn02q,cus_01h455vb4pex5vsknk084sn02s}');
EXECUTE by_text('pay_01h455vb4pex5vsknk084sn02q');
SELECT count(*) FROM id_test WHERE id = external;
SELECT 'id: ' || id, id || ';', concat(id), id::varchar FROM id_test WHERE external IS NOT NULL;
SELECT pg_temp.error_of('SELECT id = payment FROM id_test');
SELECT pg_temp.error_of('SELECT id::payment_id FROM id_test');
SELECT pg_temp.error_of('SELECT id = 1 FROM id_test');

-- The casts leave other types alone.
SELECT 'a'::varchar = 'a'::varchar AS varchar_varchar, 'a'::varchar = 'a'::text AS varchar_text, 'a'::text < 'b'::text AS text_text,
       'a' = 'a' AS unknown_unknown, 'a'::varchar IN ('a', 'b') AS varchar_in, 'a'::varchar = ANY(ARRAY['a']::varchar[]) AS varchar_any,
       'a'::varchar || 'b'::text AS concatenation, ('a'::varchar, 1) = ('a'::text, 1) AS row_row;
SELECT max('a'::varchar), greatest('a'::varchar, 'b'::text), nullif('a'::varchar, 'b'), length('a'::varchar), 'a'::name = 'a'::varchar AS name_varchar;
SELECT '00000000-0000-0000-0000-000000000000'::uuid = '00000000-0000-0000-0000-000000000000' AS uuid_unknown;
SELECT pg_temp.error_of($$SELECT gen_random_uuid() = 'a'::text$$) LIKE '42%' AS uuid_text_is_an_error;
SELECT pg_temp.error_of($$SELECT 1 = 'a'::varchar$$) LIKE '42883 %' AS int_varchar_is_an_error;

-- Order and comparison
SELECT a.id < b.id AS lt, a.id <= b.id AS le, a.id = b.id AS eq, a.id <> b.id AS ne, a.id >= b.id AS ge, a.id > b.id AS gt, sign(customer_id_cmp(a.id, b.id)) AS cmp
FROM (VALUES ('cus_00000000000000000000000001'::customer_id), ('cus_7zzzzzzzzzzzzzzzzzzzzzzzzz')) a(id),
     (VALUES ('cus_00000000000000000000000001'::customer_id), ('cus_7zzzzzzzzzzzzzzzzzzzzzzzzz')) b(id) ORDER BY a.id, b.id;
CREATE TABLE public.many_ids(customer customer_id, payment payment_id);
INSERT INTO many_ids SELECT md5(i::text)::uuid, md5(i::text)::uuid FROM generate_series(1, 1000) i;
SELECT array_agg(customer ORDER BY customer) = array_agg(customer ORDER BY customer::text COLLATE "C") AS ordered_as_text,
       array_agg(customer ORDER BY customer) = array_agg(customer ORDER BY customer::uuid) AS ordered_as_uuid FROM many_ids;
-- Equal ids hash alike, others don't.
SELECT count(DISTINCT customer_id_hash(customer)) > 990 AS hash, count(DISTINCT customer_id_hash_extended(customer, 1)) > 990 AS extended,
       bool_and(customer_id_hash(customer) = customer_id_hash(customer::text)) AS alike,
       bool_and(customer_id_hash_extended(customer, 0)::bit(32) = customer_id_hash(customer)::bit(32)) AS extended_alike FROM many_ids;
SELECT count(*) FROM many_ids a JOIN many_ids b USING (customer, payment);

-- Indexes, also through a policy
CREATE INDEX many_ids_customer ON many_ids(customer);
CREATE INDEX many_ids_payment ON many_ids USING hash(payment);
ANALYZE many_ids;
SET enable_seqscan = off;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT * FROM many_ids WHERE customer = 'cus_64t4wn0a60er4tvq5qz4gvtkvt'::text;
EXPLAIN (COSTS OFF) SELECT * FROM many_ids WHERE payment = 'pay_64t4wn0a60er4tvq5qz4gvtkvt';
EXPLAIN (COSTS OFF) SELECT customer FROM many_ids WHERE customer > 'cus_64t4wn0a60er4tvq5qz4gvtkvt' ORDER BY customer;
SELECT payment FROM many_ids WHERE customer = md5('1')::uuid;
SELECT customer FROM many_ids WHERE payment = md5('1')::uuid;
CREATE ROLE customers_test_reader;
GRANT USAGE ON SCHEMA customers TO customers_test_reader;
GRANT SELECT ON many_ids TO customers_test_reader;
ALTER TABLE many_ids ENABLE ROW LEVEL SECURITY;
CREATE POLICY visible ON many_ids USING (payment::text <> '');
SET ROLE customers_test_reader;
EXPLAIN (COSTS OFF) SELECT * FROM many_ids WHERE customer = 'cus_64t4wn0a60er4tvq5qz4gvtkvt'::varchar;
RESET ROLE;
RESET enable_seqscan;
RESET enable_bitmapscan;

-- Binary form: 16 bytes, as uuid's
SELECT customer_id_send('cus_01h455vb4pex5vsknk084sn02q');
CREATE TEMP TABLE every_id(m merchant_id, c customer_id, l list_id, p payment_method_id, y payment_id, t commit_id);
INSERT INTO every_id SELECT u, u, u, u, u, u FROM (VALUES ('01890a5d-ac96-774b-bcce-b302099a8057'::uuid), ('ffffffff-ffff-ffff-ffff-ffffffffffff')) v(u);
CREATE TEMP TABLE every_id_copy (LIKE every_id);
\copy pg_temp.every_id to 'results/id.binary' (format binary)
\copy pg_temp.every_id_copy from 'results/id.binary' (format binary)
SELECT * FROM every_id_copy ORDER BY c;
-- A value of another length is refused.
CREATE TEMP TABLE short(x int8);
INSERT INTO short VALUES (1);
CREATE TEMP TABLE one_id(x customer_id);
\copy pg_temp.short to 'results/id.binary' (format binary)
\set VERBOSITY terse
\copy pg_temp.one_id from 'results/id.binary' (format binary)
\set VERBOSITY default

-- Catalog: operator classes are complete.
SELECT a.amname, c.opcname, amvalidate(c.oid) AS valid, c.opcdefault
FROM pg_opclass c JOIN pg_am a ON a.oid = c.opcmethod
WHERE c.opcintype IN (SELECT type FROM id_type) ORDER BY 2, 1;
SELECT o.oid::regoperator FROM pg_operator o
WHERE o.oprleft IN (SELECT type FROM id_type) AND (o.oprcom = 0 OR o.oprnegate = 0 OR o.oprrest = 0 OR o.oprjoin = 0);
SELECT p.oid::regprocedure FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
WHERE o.oprleft IN (SELECT type FROM id_type) AND NOT (p.proleakproof AND p.proisstrict AND p.provolatile = 'i' AND p.proparallel = 's');

DROP TABLE id_test, many_ids;
REVOKE USAGE ON SCHEMA customers FROM customers_test_reader;
DROP ROLE customers_test_reader;
