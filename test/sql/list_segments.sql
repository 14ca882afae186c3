-- Segments: what is derived from a list's items says the same as the items,
-- whoever writes them and however.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
RESET client_min_messages;
SET search_path = customers, public;

SELECT create_merchant('Vineyard') AS vineyard \gset
SELECT use_merchant(:'vineyard');
CREATE TEMP TABLE person AS SELECT n, create_customer() AS id FROM generate_series(1, 3000) AS n;
CREATE FUNCTION pg_temp.ids(first int, last int, step int = 1) RETURNS customer_id[] LANGUAGE sql AS $$
    SELECT array_agg(id) FROM pg_temp.person WHERE n BETWEEN first AND last AND (n - first) % step = 0
$$;
CREATE FUNCTION pg_temp.segments(of_list list_id) RETURNS TABLE (segments int8, customers int8) LANGUAGE sql AS $$
    SELECT count(*), coalesce(sum(cardinality(s.customers)), 0) FROM list_segment s WHERE s.list_id = of_list
$$;

-- Small lists are left alone, large ones get segments; expiring items never do.
SELECT create_list('Small') AS small, create_list('Large') AS large, create_list('Trials') AS trials \gset
SELECT add_to_list(:'small', pg_temp.ids(1, 100)), add_to_list(:'large', pg_temp.ids(1, 2900)),
       add_to_list(:'trials', pg_temp.ids(1, 2000), now() + interval '1 day');
CALL compact_lists();
SELECT * FROM pg_temp.segments(:'small');
SELECT segments > 5 AS several, customers FROM pg_temp.segments(:'large');
SELECT * FROM pg_temp.segments(:'trials');
SELECT count(*), count(DISTINCT m) FROM list_members(:'large') AS m;

-- A change deletes the segment that covers it and no other; what comes after the
-- last segment is covered by none, and who is a member already changes nothing.
SELECT segments AS before FROM pg_temp.segments(:'large') \gset
SELECT add_to_list(:'large', pg_temp.ids(2901, 2910)), add_to_list(:'large', pg_temp.ids(1, 2000)),
       add_to_list(:'large', pg_temp.ids(2950, 2960), now() + interval '1 day'), remove_from_list(:'large', pg_temp.ids(2950, 2960));
SELECT segments - :before AS change FROM pg_temp.segments(:'large');
SELECT remove_from_list(:'large', pg_temp.ids(700, 700));
SELECT segments - :before AS change FROM pg_temp.segments(:'large');
SELECT count(*) FROM list_members(:'large');
-- so does a row that is written directly, and nothing that leaves it on the list
SELECT segments AS before FROM pg_temp.segments(:'large') \gset
UPDATE list_item SET comment = 'x' WHERE list_id = :'large';
SELECT segments - :before AS change FROM pg_temp.segments(:'large');
UPDATE list_item SET expires_at = now() - interval '1 day' WHERE list_id = :'large' AND customer_id IN (SELECT id FROM person WHERE n = 1500);
SELECT segments - :before AS change FROM pg_temp.segments(:'large');
SELECT count(*) FROM list_members(:'large');
-- a rollback takes it back
BEGIN;
SAVEPOINT change;
DELETE FROM list_item WHERE list_id = :'large' AND customer_id IN (SELECT id FROM person WHERE n = 10);
SELECT segments - :before AS change FROM pg_temp.segments(:'large');
ROLLBACK TO change;
SELECT segments - :before AS change FROM pg_temp.segments(:'large');
DELETE FROM list_item WHERE list_id = :'large' AND customer_id IN (SELECT id FROM person WHERE n = 11);
SELECT segments - :before AS change FROM pg_temp.segments(:'large');
SELECT count(*) FROM list_members(:'large');
COMMIT;

-- operations do it without the trigger, and a TRUNCATE leaves none
BEGIN;
ALTER TABLE list_item DISABLE TRIGGER guard_segments;
SELECT remove_from_list(:'large', pg_temp.ids(12, 2500, 2000)), add_to_list(:'large', pg_temp.ids(10, 12));
SELECT segments - :before AS change FROM pg_temp.segments(:'large');
SELECT count(*) FROM list_members(:'large');
ROLLBACK;
BEGIN;
TRUNCATE list_item;
SELECT count(*) FROM list_segment;
SELECT count(*) FROM list_members(:'large');
ROLLBACK;

-- Few changes aren't worth it; what is sparse comes together again.
CALL compact_lists();
SELECT segments - :before AS change FROM pg_temp.segments(:'large');
SELECT remove_from_list(:'large', pg_temp.ids(1, 2900, 2)) > 0 AS removed;
CALL compact_lists();
SELECT segments BETWEEN 3 AND 4 AS few, customers FROM pg_temp.segments(:'large');
SELECT count(*) FROM list_members(:'large');
SELECT drop_list(:'large');
SELECT * FROM pg_temp.segments(:'large');

-- Whatever happens to lists, in an order of chance: they hold what items say.
CREATE TEMP TABLE chance AS SELECT create_list('Chance ' || n) AS list, n FROM generate_series(1, 3) AS n;
SELECT create_list('Rule', '$.archived == true') AS rule \gset
SELECT count(archive_customer(id)) FROM person WHERE n % 3 = 0;
CREATE FUNCTION pg_temp.change(seed float8) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    changed list_id;
    first int;
    last int;
    what int;
    chosen customer_id[];
BEGIN
    PERFORM setseed(seed);
    FOR i IN 1 .. 12 LOOP
        SELECT list INTO changed FROM pg_temp.chance ORDER BY random() LIMIT 1;
        first := 1 + 3000 * random();
        last := first + CASE WHEN random() < 0.5 THEN 5 ELSE 2000 * random() END;
        chosen := ARRAY(SELECT id FROM pg_temp.person WHERE n BETWEEN first AND last AND random() < 0.7 ORDER BY random());
        what := 9 * random();
        BEGIN
            IF what <= 2 THEN
                PERFORM add_to_list(changed, chosen);
            ELSIF what = 3 THEN
                PERFORM add_to_list(changed, chosen, now() + interval '1 day');
            ELSIF what <= 5 THEN
                PERFORM remove_from_list(changed, chosen);
            ELSIF what = 6 THEN
                UPDATE list_item SET expires_at = CASE WHEN random() < 0.5 THEN clock_timestamp() END
                 WHERE list_id = changed AND customer_id = ANY (chosen);
            ELSIF what = 7 THEN
                DELETE FROM list_item WHERE list_id = changed AND customer_id = ANY (chosen);
            ELSIF what = 8 THEN
                INSERT INTO list_item SELECT current_merchant(), changed, unnest(chosen), NULL, NULL, now(), 'x' ON CONFLICT DO NOTHING;
            ELSE
                UPDATE list_item i SET list_id = changed WHERE list_id = (SELECT list FROM pg_temp.chance WHERE list <> changed LIMIT 1)
                   AND customer_id = ANY (chosen) AND NOT EXISTS (SELECT FROM list_item o WHERE o.list_id = changed AND o.customer_id = i.customer_id);
            END IF;
            IF random() < 0.2 THEN
                RAISE division_by_zero;
            END IF;
        EXCEPTION WHEN division_by_zero THEN
            NULL;
        END;
    END LOOP;
END $$;
-- The lists that each customer is on, by the functions and by plain SQL.
CREATE VIEW pg_temp.plain_member AS
    SELECT list_id AS list, customer_id AS id FROM list_item JOIN pg_temp.chance ON list = list_id
     WHERE expires_at IS NULL OR expires_at > clock_timestamp()
    UNION ALL SELECT l.list_id, c.customer_id FROM list l JOIN customer c USING (merchant_id) WHERE l.name = 'Rule' AND c.archived_at IS NOT NULL
      AND merchant_id = current_merchant();
CREATE FUNCTION pg_temp.differences(lists list_id[]) RETURNS text[] LANGUAGE sql AS $$
    WITH plain AS (SELECT id, count(*) AS on_lists, bool_or(list = lists[1]) AS on_first
                     FROM pg_temp.plain_member WHERE list = ANY (lists) GROUP BY id),
    pair AS (SELECT a.list, b.list AS other, count(*) AS customers FROM pg_temp.plain_member a JOIN pg_temp.plain_member b USING (id)
              WHERE a.list = ANY (lists) AND b.list = ANY (lists) GROUP BY 1, 2)
    SELECT array_remove(ARRAY[
        CASE WHEN ARRAY(SELECT id FROM plain ORDER BY 1) <> ARRAY(SELECT list_union(lists)) THEN 'union' END,
        CASE WHEN ARRAY(SELECT id FROM plain WHERE on_lists = cardinality(lists) ORDER BY 1) <> ARRAY(SELECT list_intersection(lists))
             THEN 'intersection' END,
        CASE WHEN ARRAY(SELECT id FROM plain WHERE on_lists = 1 AND on_first ORDER BY 1) <> ARRAY(SELECT list_difference(lists))
             THEN 'difference' END,
        CASE WHEN EXISTS (SELECT FROM list_overlap(lists) AS o LEFT JOIN pair USING (list, other)
                           WHERE o.customers <> coalesce(pair.customers, 0)) THEN 'overlap' END], NULL)
$$;
CREATE FUNCTION pg_temp.check_lists(seed float8) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    all_lists list_id[] := ARRAY(SELECT list FROM pg_temp.chance ORDER BY n) || ARRAY(SELECT list_id FROM list WHERE name = 'Rule' AND merchant_id = current_merchant());
BEGIN
    FOR i IN 1 .. 4 LOOP
        IF pg_temp.differences(all_lists[i:]) <> '{}' OR pg_temp.differences(all_lists[:i]) <> '{}' THEN
            RAISE EXCEPTION 'lists differ from their items: % %, seed %', pg_temp.differences(all_lists[i:]), pg_temp.differences(all_lists[:i]), seed;
        END IF;
    END LOOP;
END $$;
SELECT random() AS seed \gset
\set ECHO none
\pset tuples_only on
\pset format unaligned
SELECT statement FROM generate_series(1, 12) AS n,
    unnest(ARRAY[format('SELECT pg_temp.change(%s::float8)', mod(:seed + n / 12.0, 1.0)),
                 format('SELECT pg_temp.check_lists(%s)', :seed), 'CALL compact_lists()',
                 format('SELECT pg_temp.check_lists(%s)', :seed)]) AS statement \gexec
\pset tuples_only off
\pset format aligned
\set ECHO all
SELECT count(*) > 0 AS segments_were_made FROM list_segment JOIN chance ON list = list_id;
SELECT pg_temp.check_lists(:seed);

-- Every list as a matrix, in the order in which they are given
SELECT create_list('One') AS one, create_list('Two') AS two, create_list('None') AS none \gset
SELECT add_to_list(:'one', pg_temp.ids(1, 30)), add_to_list(:'two', pg_temp.ids(21, 60));
SELECT name, other_name, customers FROM list_overlap(ARRAY[:'two', :'one', :'none', :'two']::list_id[]) \crosstabview
SELECT name, other_name, customers FROM list_overlap(ARRAY[:'one', :'rule']::list_id[]);
SELECT count(*) FROM list_overlap('{}');
-- an array of arrays is one of all their lists
SELECT name, other_name, customers FROM list_overlap(ARRAY[[:'two', :'one'], [:'none', :'two']]::list_id[]) \crosstabview
SELECT count(*) FROM list_union(ARRAY[[:'two'], [:'one']]::list_id[]);
SELECT list_overlap(ARRAY[:'one', NULL]::list_id[]);
SELECT list_overlap(array_fill(:'one'::list_id, ARRAY[1001]));
SELECT create_merchant('Cellar') AS cellar \gset
SELECT use_merchant(:'cellar');
\set VERBOSITY sqlstate
SELECT list_overlap(ARRAY[:'one']::list_id[]);
\set VERBOSITY default
SELECT use_merchant(:'vineyard');

-- The last of all ids is one like others; no customer has the first.
INSERT INTO customer (merchant_id, customer_id, created_at, updated_at)
SELECT :'vineyard', 'cus_7zzzzzzzzzzzzzzzzzzzzzzzzz', now(), now();
\set VERBOSITY terse
INSERT INTO customer (merchant_id, customer_id, created_at, updated_at)
SELECT :'vineyard', 'cus_00000000000000000000000000', now(), now();
\set VERBOSITY default
SELECT create_list('Last') AS last, create_list('Active', '$.archived == false') AS active \gset
SELECT add_to_list(:'last', pg_temp.ids(1, 600) || customer_id 'cus_7zzzzzzzzzzzzzzzzzzzzzzzzz');
CALL compact_lists();
SELECT count(*) FROM list_segment WHERE list_id = :'last' AND upto = 'cus_7zzzzzzzzzzzzzzzzzzzzzzzzz';
SELECT count(*), count(*) FILTER (WHERE m = 'cus_7zzzzzzzzzzzzzzzzzzzzzzzzz') FROM list_members(:'last') AS m;
SELECT count(*), count(*) FILTER (WHERE m = 'cus_7zzzzzzzzzzzzzzzzzzzzzzzzz') FROM list_members(:'active') AS m;
SELECT remove_from_list(:'last', ARRAY['cus_7zzzzzzzzzzzzzzzzzzzzzzzzz']::customer_id[]);
SELECT count(*) FROM list_members(:'last');

-- Who may compact, and where
CREATE ROLE segment_analyst IN ROLE customers_analyst;
SELECT bind_role('segment_analyst', :'vineyard');
SET SESSION AUTHORIZATION segment_analyst;
SELECT count(*) FROM list_overlap(ARRAY[:'one', :'two']::list_id[]);
SELECT count(*) FROM list_segment;
CALL compact_lists();
RESET SESSION AUTHORIZATION;
SELECT unbind_role('segment_analyst', :'vineyard');
DROP ROLE segment_analyst;
BEGIN;
CALL compact_lists();
ROLLBACK;

