-- Lists: fixed and dynamic, their members, set algebra, effects, privileges.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
RESET client_min_messages;
SET search_path = customers, public;

-- Runs a statement that must fail and returns what the user would see, but ids.
CREATE FUNCTION pg_temp.error_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    state text; message text; detail text; hint text;
BEGIN
    EXECUTE statement;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
        hint = PG_EXCEPTION_HINT;
    RETURN regexp_replace(concat_ws(' | ', state, message, nullif(detail, ''), nullif(hint, '')),
                          '(mer|cus|lst)_[0-9a-z]{26}', '\1_…', 'g');
END $$;

SELECT create_merchant('Garden') AS garden, create_merchant('Harbour') AS harbour \gset
SELECT use_merchant(:'harbour');
SELECT create_customer('h1') AS h1, create_list('Guests') AS guests \gset
SELECT use_merchant(:'garden');
SELECT define_context_field('country', '{"type": "string"}'), define_context_field('age', '{"type": "integer"}'),
       define_context_field('vip', '{"type": "boolean"}'), define_context_field('born', '{"type": "string"}');
SELECT create_customer('a', '{"country": "FR", "age": 20, "vip": false}') AS a,
       create_customer('b', '{"country": "DE", "age": 31, "vip": true}') AS b,
       create_customer('c', '{"country": "FR", "age": 44, "born": "1980-02-03"}') AS c,
       create_customer('d') AS d \gset

-- References of customers, names of lists: for output without ids.
CREATE FUNCTION pg_temp.refs(customer_id[]) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(c.reference, ' ' ORDER BY c.reference), '') FROM customer c WHERE c.customer_id = ANY ($1)
$$;
CREATE FUNCTION pg_temp.names(list_id[]) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(l.name, ', ' ORDER BY l.name), '') FROM list l WHERE l.list_id = ANY ($1)
$$;

-- Fixed lists
SELECT create_list('Regulars') AS regulars \gset
SELECT name, rule, effect FROM list WHERE list_id = :'regulars';
SELECT pg_temp.refs(array(SELECT list_members(:'regulars')));
SELECT add_to_list(:'regulars', ARRAY[:'a', :'b', :'a']::customer_id[], comment => 'since May');
SELECT add_to_list(:'regulars', ARRAY[:'b', :'c']::customer_id[], comment => 'since June');
SELECT add_to_list(:'regulars', ARRAY[:'a', :'b', :'c']::customer_id[]);
SELECT add_to_list(:'regulars', '{}');
SELECT pg_temp.refs(array(SELECT list_members(:'regulars')));
-- a member stays as it was
SELECT c.reference, i.expires_at, i.comment, i.added_by = current_user AS by_me, i.added_at > now() - interval '1 minute' AS now
FROM list_item i JOIN customer c USING (merchant_id, customer_id) WHERE i.list_id = :'regulars' ORDER BY 1;
SELECT remove_from_list(:'regulars', ARRAY[:'c', :'d', :'c']::customer_id[]);
SELECT remove_from_list(:'regulars', ARRAY[:'c']::customer_id[]);
SELECT pg_temp.refs(array(SELECT list_members(:'regulars')));
SELECT pg_temp.names(array(SELECT lists_of(:'a'))) AS a, pg_temp.names(array(SELECT lists_of(:'c'))) AS c;

-- Expiry: from then on no member, and added anew
SELECT create_list('Trial') AS trial \gset
SELECT add_to_list(:'trial', ARRAY[:'a', :'b', :'c']::customer_id[], now() + interval '1 day', 'first');
SELECT pg_temp.refs(array(SELECT list_members(:'trial')));
UPDATE list_item SET expires_at = clock_timestamp()
WHERE merchant_id = :'garden' AND list_id = :'trial' AND customer_id IN (:'a', :'b');
SELECT pg_temp.refs(array(SELECT list_members(:'trial'))) AS members,
       pg_temp.refs(array(SELECT list_union(ARRAY[:'trial']::list_id[]))) AS in_union,
       pg_temp.names(array(SELECT lists_of(:'a'))) AS lists_of_a;
SELECT remove_from_list(:'trial', ARRAY[:'b', :'c']::customer_id[]);
SELECT add_to_list(:'trial', ARRAY[:'a', :'c']::customer_id[], 'infinity', 'second');
SELECT c.reference, i.expires_at, i.comment
FROM list_item i JOIN customer c USING (merchant_id, customer_id) WHERE i.list_id = :'trial' ORDER BY 1;
SELECT pg_temp.error_of(format('SELECT add_to_list(%L, %L, clock_timestamp())', :'trial', ARRAY[:'a']));
-- Expired items go when they are swept, those of this merchant and the oldest first.
SELECT use_merchant(:'harbour');
SELECT add_to_list(:'guests', ARRAY[:'h1']::customer_id[], now() + interval '1 day');
SELECT use_merchant(:'garden');
UPDATE list_item SET expires_at = clock_timestamp() - CASE customer_id WHEN :'a' THEN interval '1 hour' ELSE '0' END
WHERE (merchant_id = :'garden' AND list_id = :'trial') OR (merchant_id = :'harbour' AND list_id = :'guests');
SELECT sweep_list_items(1);
SELECT c.reference FROM list_item i JOIN customer c USING (merchant_id, customer_id) WHERE i.list_id = :'trial';
SELECT sweep_list_items() AS swept, sweep_list_items() AS again;
SELECT pg_temp.refs(array(SELECT list_members(:'regulars'))) AS regulars;
SELECT count(*) AS of_another_merchant FROM list_item WHERE merchant_id = :'harbour';
SELECT pg_temp.error_of('SELECT sweep_list_items(0)'), pg_temp.error_of('SELECT sweep_list_items(NULL)');
SELECT add_to_list(:'trial', ARRAY[:'a', :'c']::customer_id[], 'infinity', 'third');

-- Dynamic lists: both forms of jsonpath
SELECT create_list('French', '$.context.country == "FR"') AS french,
       create_list('Known to be VIP or not', 'exists($.context.vip)') AS vip_known,
       create_list('VIP path', '$.context.vip') AS vip_path,
       create_list('VIP', '$.context.vip == true') AS vip,
       create_list('Over 30', '$.context ? (@.age > 30)') AS over_30,
       create_list('Not VIP', '$.context.vip ? (@ == false)') AS not_vip,
       create_list('Elsewhere', '$.context.country != "FR"') AS elsewhere,
       create_list('Negated', '!($.context.country == "FR")') AS negated,
       create_list('Negated strict', 'strict !($.context.country == "FR")') AS negated_strict,
       create_list('No country', '!exists($.context.country)') AS no_country,
       create_list('Unknown', '($.context.age == "x") is unknown') AS unknown,
       create_list('Broken', 'strict $.context.age.floor() / 0 > 1') AS broken,
       create_list('Broken path', 'strict $.context.country.nothing') AS broken_path,
       create_list('Eighties', '$.context.born.datetime() >= "1980-01-01".datetime()') AS eighties,
       create_list('Moment', '$.context.born.datetime() == "1980-02-03T00:00:00+00:00".datetime()') AS moment,
       create_list('Archived', '$.archived == true') AS archived,
       create_list('May pay', '$.payments_allowed == true && $.payouts_allowed == true') AS may_pay,
       create_list('Since 2020', '$.created_at > "2020"') AS since_2020,
       create_list('Old', '$.created_at.datetime() < "2020-01-01".datetime()') AS old \gset
SELECT l.name, l.rule, pg_temp.refs(array(SELECT list_members(l.list_id))) AS members
FROM list l WHERE l.merchant_id = :'garden' AND l.rule IS NOT NULL ORDER BY l.list_id;
-- the same in every session's time zone
SET timezone = 'Asia/Tokyo';
SELECT pg_temp.refs(array(SELECT list_members(:'moment')));
SHOW timezone;
RESET timezone;
SELECT update_customer(:'d', '{"country": "FR"}') > 0 AS updated;
SELECT pg_temp.refs(array(SELECT list_members(:'french')));
SELECT pg_temp.names(array(SELECT lists_of(:'d')));

-- Archived customers stay on lists, unless the rule says otherwise.
SELECT archive_customer(:'a');
SELECT allow_payments(:'b', false), allow_payouts(:'c', false);
SELECT pg_temp.refs(array(SELECT list_members(:'regulars'))) AS regulars,
       pg_temp.refs(array(SELECT list_members(:'french'))) AS french,
       pg_temp.refs(array(SELECT list_members(:'archived'))) AS archived,
       pg_temp.refs(array(SELECT list_members(:'may_pay'))) AS may_pay;

-- What a list refuses
SELECT pg_temp.error_of($$SELECT create_list('x', '$.context ?')$$);
SELECT pg_temp.error_of($$SELECT create_list('x', '$.context.age > $limit')$$);
SELECT create_list('Dollars', '$.context."$name" == "$\"a"') IS NOT NULL AS no_variable;
SELECT pg_temp.error_of($$SELECT create_list('x', effect => 'block')$$);
SELECT pg_temp.error_of($$SELECT create_list(NULL)$$);
SELECT pg_temp.error_of($$SELECT create_list('x', effect => NULL)$$);
SELECT split_part(pg_temp.error_of($$SELECT create_list('Regulars')$$), ' | Key', 1);
SELECT split_part(pg_temp.error_of($$SELECT create_list('')$$), ' | ', 2);
SELECT pg_temp.error_of(format('SELECT add_to_list(%L, %L)', :'french', ARRAY[:'a']));
SELECT pg_temp.error_of(format('SELECT remove_from_list(%L, %L)', :'french', ARRAY[:'a']));
SELECT pg_temp.error_of(format('SELECT add_to_list(%L, %L)', :'regulars', ARRAY[:'a', NULL]));
SELECT pg_temp.error_of(format('SELECT add_to_list(%L, NULL)', :'regulars'));
SELECT pg_temp.error_of(format('SELECT remove_from_list(NULL, %L)', ARRAY[:'a']));
SELECT pg_temp.error_of(format('SELECT list_union(%L)', ARRAY[:'french', NULL]));

-- Another merchant's customers and lists do not exist.
SELECT pg_temp.error_of(format('SELECT add_to_list(%L, %L)', :'regulars', ARRAY[:'c', :'h1']));
SELECT pg_temp.refs(array(SELECT list_members(:'regulars'))) AS nothing_added;
SELECT pg_temp.error_of(format('SELECT remove_from_list(%L, %L)', :'regulars', ARRAY[:'a', :'h1']));
SELECT pg_temp.error_of(format('SELECT lists_of(%L)', :'h1'));
SELECT pg_temp.error_of(format('SELECT add_to_list(%L, %L)', :'guests', ARRAY[:'a']));
SELECT pg_temp.error_of(format('SELECT remove_from_list(%L, %L)', :'guests', ARRAY[:'a']));
SELECT pg_temp.error_of(format('SELECT list_members(%L)', :'guests'));
SELECT pg_temp.error_of(format('SELECT drop_list(%L)', :'guests'));
SELECT pg_temp.error_of(format('SELECT list_union(%L)', ARRAY[:'regulars', :'guests']));
SELECT pg_temp.error_of(format('SELECT list_intersection(%L)', ARRAY[:'regulars', :'guests']));
SELECT pg_temp.error_of(format('SELECT list_difference(%L)', ARRAY[:'regulars', :'guests']));

-- Set algebra over both kinds: regulars a b, trial a c, french a c d, over_30 b c
SELECT pg_temp.refs(array(SELECT list_union(ARRAY[:'regulars', :'trial']::list_id[]))) AS regulars_or_trial,
       pg_temp.refs(array(SELECT list_union(ARRAY[:'regulars', :'french', :'french']::list_id[]))) AS regulars_or_french,
       pg_temp.refs(array(SELECT list_union('{}'))) AS of_none;
SELECT count(*), count(DISTINCT m) FROM list_union(ARRAY[:'regulars', :'trial', :'french']::list_id[]) AS m;
SELECT pg_temp.refs(array(SELECT list_intersection(ARRAY[:'regulars']::list_id[]))) AS regulars,
       pg_temp.refs(array(SELECT list_intersection(ARRAY[:'regulars', :'trial']::list_id[]))) AS and_trial,
       pg_temp.refs(array(SELECT list_intersection(ARRAY[:'regulars', :'over_30']::list_id[]))) AS and_over_30,
       pg_temp.refs(array(SELECT list_intersection(ARRAY[:'trial', :'french', :'over_30']::list_id[]))) AS of_three,
       pg_temp.refs(array(SELECT list_intersection(ARRAY[:'regulars', :'trial', :'regulars']::list_id[]))) AS repeated;
SELECT pg_temp.refs(array(SELECT list_difference(ARRAY[:'french']::list_id[]))) AS french,
       pg_temp.refs(array(SELECT list_difference(ARRAY[:'french', :'regulars']::list_id[]))) AS not_regulars,
       pg_temp.refs(array(SELECT list_difference(ARRAY[:'regulars', :'french']::list_id[]))) AS reversed,
       pg_temp.refs(array(SELECT list_difference(ARRAY[:'french', :'regulars', :'over_30']::list_id[]))) AS of_three,
       pg_temp.refs(array(SELECT list_difference(ARRAY[:'french', :'regulars', :'french']::list_id[]))) AS itself;
SELECT pg_temp.error_of($$SELECT list_intersection('{}')$$);
SELECT pg_temp.error_of($$SELECT list_difference('{}')$$);

-- Many at once: each once, all or none
SELECT create_list('Many') AS many \gset
SELECT add_to_list(:'many', array(SELECT create_customer() FROM generate_series(1, 1500)) || ARRAY[:'a', :'b', :'a']::customer_id[]);
SELECT add_to_list(:'many', array(SELECT list_members(:'many')));
SELECT pg_temp.error_of(format('SELECT add_to_list(%L, array(SELECT create_customer() FROM generate_series(1, 1500)) || %L::customer_id)', :'many', :'h1'));
SELECT remove_from_list(:'many', array(SELECT list_members(:'many')));
SELECT drop_list(:'many');

-- Dropping
SELECT drop_list(:'trial');
SELECT count(*) FROM list_item WHERE list_id = :'trial';
SELECT pg_temp.error_of(format('SELECT list_members(%L)', :'trial'));
SELECT pg_temp.names(array(SELECT lists_of(:'b')));
SELECT drop_list(:'broken');

-- A new customer in the same statement
SELECT add_to_list(:'regulars', ARRAY[create_customer('e')]);

-- An analyst maintains lists, and sees no contexts and no comments.
CREATE ROLE list_analyst IN ROLE customers_analyst;
CREATE ROLE list_clerk IN ROLE customers_merchant;
CREATE ROLE list_stranger;
SELECT bind_role('list_analyst', :'garden'), bind_role('list_clerk', :'garden'), bind_role('list_stranger', :'garden');
RESET customers.merchant;
SET SESSION AUTHORIZATION list_analyst;
SELECT create_list('Analysed') AS analysed \gset
SELECT add_to_list(:'analysed', ARRAY[:'a', :'b']::customer_id[], comment => 'seen');
SELECT remove_from_list(:'analysed', ARRAY[:'b']::customer_id[]);
SELECT count(*) FROM list_members(:'french');
SELECT name FROM list WHERE list_id = :'analysed' OR list_id = :'guests';
SELECT added_by FROM list_item WHERE list_id = :'analysed';
SELECT comment FROM list_item;
SELECT create_list('Adults', '$.context.age >= 18');
INSERT INTO list_item SELECT * FROM list_item;
SELECT drop_list(:'analysed');
SET SESSION AUTHORIZATION list_clerk;
SELECT create_list('Adults', '$.context.age >= 18') IS NOT NULL AS created;
SELECT DISTINCT comment FROM list_item ORDER BY 1;
UPDATE list SET effect = 'block_payments';
SET SESSION AUTHORIZATION list_stranger;
SELECT list_members(:'french');
SELECT create_list('x');
RESET SESSION AUTHORIZATION;
SELECT unbind_role('list_analyst', :'garden'), unbind_role('list_clerk', :'garden'), unbind_role('list_stranger', :'garden');
DROP ROLE list_analyst, list_clerk, list_stranger;
