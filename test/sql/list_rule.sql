-- Rules of dynamic lists: what is missing, what a rule may read, payments, lists.
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

-- What is missing: a comparison of it is unknown, and so is its negation.
CREATE FUNCTION pg_temp.matches(rule jsonpath, context text) RETURNS text LANGUAGE sql AS
$$ SELECT CASE WHEN rule_matches(rule, format('{"context": %s}', context)::jsonb) THEN 'x' ELSE '' END $$;
SELECT rule,
       pg_temp.matches(rule::jsonpath, '{"a": 1, "s": "x", "t": ["x", "y"], "o": [{"k": 1}]}') AS "same",
       pg_temp.matches(rule::jsonpath, '{"a": 2, "s": "z", "t": [], "o": []}') AS "other",
       pg_temp.matches(rule::jsonpath, '{"a": null, "s": null, "t": null, "o": null}') AS "null",
       pg_temp.matches(rule::jsonpath, '{}') AS missing
FROM unnest(ARRAY[
  '$.context.a == 1', '$.context.a != 1', '$.context.a < 2', '1 == $.context.a',
  '!($.context.a == 1)', '!($.context.a != 1)', '!($.context.a < 2)', '!(1 == $.context.a)', '!(!($.context.a == 1))',
  '!($.context.a == 1 && $.context.s == "x")', '!($.context.a == 1 || $.context.s == "x")',
  '!($.context.a == 1) && !($.context.s == "x")', '!($.context.a == 1) || !exists($.context.a)',
  '!($.context.a == $.context.b)', '!($.context.a + 1 == 2)', '!(-$.context.a == -1)', '!(($.context.a + 1) * 2 == 4)',
  'exists($.context.a)', '!exists($.context.a)', '!(exists($.context.a))', '($.context.a == 1) is unknown',
  '!(($.context.a == 1) is unknown)',
  '$.context.s starts with "x"', '!($.context.s starts with "x")', '$.context.s like_regex "^X" flag "i"',
  '!($.context.s like_regex "^X" flag "i")',
  '$.context.t == "x"', '$.context.t[*] == "x"', '!($.context.t == "x")', '!($.context.t[*] == "x")',
  '!($.context.t.size() > 1)', '!($.context.o[*].k == 1)', '!($.context.o.k == 1)',
  '!exists($.context.t[*] ? (@ == "x"))', '!exists($.context.o[*] ? (!(@.k == 1)))',
  '$.context.a', '$.context ? (@.a == 1)', '$.context ? (!(@.a == 1))', '$.context ? (!(@.a == 1) && @.s != "x")',
  '$.context ? (!exists(@.a))', '$.context ? (!(@.t[*] ? (!(@ == "y")) == "x")).s', '$.context.* ? (!(@ == 1))',
  '!($.context.** ? (@ == 1) == 1)', '!($.context.**{1 to 2} == 1)',
  '!($.context."a) == (b" == 1)', '!($.context.s == "a \" == ( ")',
  'strict $.context.a == 1', 'strict !($.context.a == 1)', 'strict !exists($.context.a)', 'strict !($.context.t[*] == "x")'
]) WITH ORDINALITY AS u(rule, place) ORDER BY place;

-- The rule that is kept is the one that was given.
SELECT create_merchant('Rules') AS rules \gset
SELECT use_merchant(:'rules');
SELECT define_context_field('vip', '{"type": "boolean"}');
SELECT create_customer('a', '{"vip": true}') AS a, create_customer('b', '{"vip": false}') AS b, create_customer('c') AS c \gset
SELECT create_list('Not VIP', '!($.context.vip == true)') AS not_vip \gset
SELECT rule FROM list WHERE list_id = :'not_vip';
CREATE FUNCTION pg_temp.refs(customer_id[]) RETURNS text LANGUAGE sql AS
$$ SELECT coalesce(string_agg(c.reference, ' ' ORDER BY c.reference), '') FROM customer c WHERE c.customer_id = ANY ($1) $$;
SELECT pg_temp.refs(array(SELECT list_members(:'not_vip')));

-- More rules than a query keeps ready, in turn
SELECT count(create_list('Many ' || n, format('!($.context.vip == %s)', n)::jsonpath)) FROM generate_series(1, 100) AS n;
SELECT count(*) FROM list_union(array(SELECT list_id FROM list WHERE name LIKE 'Many %' AND merchant_id = :'rules'));
SELECT count(drop_list(list_id)) FROM list WHERE name LIKE 'Many %' AND merchant_id = :'rules';

-- What a rule may read
SELECT rule, pg_temp.error_of(format('SELECT preview_list(%L)', rule)) AS result FROM unnest(ARRAY[
  '$', 'true', '$ ? (@.context.vip == true)', '$.context.*', '$.context.** ? (@ == 1)', '$."context"."$x"',
  '$.contxt.vip == true', '$ ? (@.contxt.vip == true)', '$.context ? (@.vip == $.vip)', '$.context.list[$.contxt] == 1',
  '$.*', '$.** ? (@ == 1)', '$.keyvalue().key == "x"', '$[*].context.vip == true',
  '$.context.age > $limit', '$.context ? (@.age + $limit > 1)', '$.context.name starts with $prefix', '$.context.a[$n] == 1',
  '$.lists == "Nobody"', '$.lists == "Not VIP"',
  'exists($.lists)', '$.lists[*]', '$.lists.size() > 1', '$.lists[0] == "x"', '$.lists != "x"', '$.lists starts with "x"',
  '$.lists[*] ? (@ like_regex "x")', '$.lists == $.context.vip', '$.lists ? (@ == "x" || @ starts with "y")'
]) WITH ORDINALITY AS u(rule, place) ORDER BY place;
-- what PostgreSQL's text of it does not say: the rule would be another one in a dump
SELECT rule, rule::jsonpath AS written, pg_temp.error_of(format('SELECT preview_list(%L)', rule)) AS result FROM unnest(ARRAY[
  '!(2 != (-$.context.a).abs())', '1 == ($.context.a + $.context.b).size()', '$.context ? ((@.a - 1).abs() > 2)',
  '(exists($.context.a)).type() == "boolean"', '(!($.context.a == 1)).type() == "null"', '(($.context.a == 1) is unknown).type() == "null"',
  '($.context.a like_regex "x" flag "i").type() == "null"', '$.context.a[(1 - $.context.b).abs()] == 1',
  '$.context.a - 1 > 2 || $.context.a - 1 < -2', '(-1).abs() == $.context.a', '-($.context.a.abs()) == 1', '($.context.a - 1) * 2 == 4'
]) WITH ORDINALITY AS u(rule, place) ORDER BY place;
SELECT pg_temp.error_of($$SELECT create_list('x', '1 == ($.context.a + 1).abs()')$$);
SELECT pg_temp.error_of($$SELECT rule_matches('!(2 != (-$.a).abs())', '{"a": 2}')$$);
-- templates that no date can be read by would be errors once there is a text to read
SELECT rule, pg_temp.error_of(format('SELECT preview_list(%L)', rule)) AS result FROM unnest(ARRAY[
  '$.context.born.datetime("YYYY_MM_DD") < "2020-01-01".datetime()', '$.context ? (@.t[*] ? (exists(@.datetime("(YYYY)"))) == 1)',
  '$.context.born.datetime("DD.MM.YYYY \"x\"").type() == "x"', '$.context.born.datetime("DD/MM/YYYY") < "2020-01-01".datetime()'
]) WITH ORDINALITY AS u(rule, place) ORDER BY place;
-- what is too long, or nested too deeply, would be errors when the list is read
CREATE FUNCTION pg_temp.deep(kind text, n int) RETURNS text LANGUAGE sql AS
$$ SELECT CASE kind WHEN '!' THEN repeat('!(', n) || '$.context.vip == 1' || repeat(')', n)
    WHEN 'or' THEN '!($.context.vip == 0)' || (SELECT string_agg(' || $.context.vip == ' || i, '') FROM generate_series(1, n) AS i)
    WHEN 'exists' THEN repeat('!exists($.context ? (', n) || '@.vip == true' || repeat('))', n) END $$;
SELECT kind, n, pg_temp.error_of(format('SELECT preview_list(%L)', pg_temp.deep(kind, n))) FROM (VALUES
  ('!', 990), ('!', 1010), ('or', 990), ('or', 1010), ('exists', 330), ('exists', 340)) AS v(kind, n);
SELECT pg_temp.error_of(format('SELECT preview_list(%L)', '$.context.a[0' || repeat(', 1', 20000) || '] == 1'));
SELECT pg_temp.error_of($$SELECT create_list('x', '$.contxt.vip == true')$$);
SELECT pg_temp.error_of($$SELECT create_list('x', '$.lists == "Nobody"')$$);
SELECT pg_temp.error_of($$SELECT preview_list('$.context ?')$$);
SELECT preview_list('$.context.vip == true') AS vip, preview_list('!($.context.vip == true)') AS not_vip,
       preview_list('!exists($.context.vip)') AS no_vip, preview_list('true') AS everybody, preview_list(NULL) AS nothing;

-- Rules that refer to lists
SELECT create_list('Regulars') AS regulars, create_list('Suspects') AS suspects, create_list('"Quoted" list') AS quoted \gset
SELECT add_to_list(:'regulars', ARRAY[:'a', :'b']::customer_id[]), add_to_list(:'suspects', ARRAY[:'b']::customer_id[]),
       add_to_list(:'quoted', ARRAY[:'c']::customer_id[]);
SELECT rule, preview_list(rule::jsonpath), rule_lists(rule::jsonpath) FROM unnest(ARRAY[
  '$.lists == "Regulars"', '"Regulars" == $.lists[*]', '!($.lists[*] == "Suspects")', '!($.lists == "Suspects")',
  '$.lists == "Regulars" && !($.lists == "Suspects")', '$.lists[*] ? (@ == "Suspects" || @ == "Regulars")',
  'exists($.lists ? (@ == "Regulars"))', '$ ? (@.lists == "Suspects")', '$.lists == "\"Quoted\" list"',
  '$.context.vip == true && $.lists == "Regulars"', '$.context.lists == "Nobody"'
]) WITH ORDINALITY AS u(rule, place) ORDER BY place;
UPDATE list_item SET expires_at = clock_timestamp() WHERE merchant_id = :'rules' AND list_id = :'suspects';
SELECT preview_list('$.lists == "Suspects"') AS expired;
SELECT create_list('Trusted', '$.lists == "Regulars" && !($.lists == "Suspects")') AS trusted \gset
SELECT pg_temp.refs(array(SELECT list_members(:'trusted'))) AS members,
       pg_temp.refs(array(SELECT list_intersection(ARRAY[:'trusted', :'not_vip']::list_id[]))) AS intersection,
       array(SELECT name FROM lists_of(:'a') AS l JOIN list ON list_id = l ORDER BY 1) AS lists_of_a;
-- a list that a rule refers to stays, until the rule goes
SELECT pg_temp.error_of(format('SELECT drop_list(%L)', :'regulars'));
SELECT pg_temp.error_of(format('SELECT drop_list(%L)', :'suspects'));
SELECT pg_temp.error_of($$SELECT create_list('x', '$.lists == "Trusted"')$$);
SELECT drop_list(:'quoted');
SELECT drop_list(:'trusted');
SELECT drop_list(:'suspects');
-- another merchant's lists are none, and its rules bind none
SELECT create_merchant('Other rules') AS other \gset
SELECT use_merchant(:'other');
SELECT pg_temp.error_of($$SELECT create_list('x', '$.lists == "Regulars"')$$);
SELECT create_list('Regulars') AS theirs, create_list('x', '$.lists == "Regulars"') IS NOT NULL AS made \gset
SELECT use_merchant(:'rules');
SELECT pg_temp.error_of(format('SELECT drop_list(%L)', :'theirs'));
SELECT drop_list(:'regulars');

-- Totals of payments: a paid 49.90 EUR, of which 9.90 were returned, and 5 USD, and 7.00 EUR of 10.00; b tried, c did nothing
CREATE FUNCTION pg_temp.pay(customer customer_id, price text, received text) RETURNS payment_id LANGUAGE plpgsql AS $$
DECLARE
    payment payment_id := create_payment(customer, ARRAY[price]::amount[]);
BEGIN
    IF received IS NOT NULL THEN
        PERFORM resolve_commit(commit_payment(payment, save_payment_method(customer, 'card', 'tok')), 'succeeded', received::amount);
    END IF;
    RETURN payment;
END $$;
SELECT pg_temp.pay(:'a', '49.90 EUR', '49.90 EUR') AS first, pg_temp.pay(:'a', '5.00 USD', '5.00 USD') AS second,
       pg_temp.pay(:'a', '10.00 EUR', '7.00 EUR') AS third, pg_temp.pay(:'b', '3 JPY', NULL) AS fourth \gset
SELECT record_return(:'first', '9.90 EUR', 'r1') \g /dev/null
SELECT count(create_list('Payments ' || place, rule::jsonpath)) FROM unnest(ARRAY[
  '$.payments.count == 3', '$.payments.count == 0', '!($.payments.count > 0)', '$.payments.paid_count == 2', '$.payments.paid_count == 0',
  '$.payments.received.EUR == 56.90', '$.payments.received.EUR > 56.89', '$.payments.received.USD == 5', 'exists($.payments.received.JPY)',
  '$.payments.received.* > 50', '!($.payments.received.EUR > 100)', '!exists($.payments.received.EUR)',
  '$.payments.returned.EUR == 9.9', 'exists($.payments.returned.USD)',
  'exists($.payments.last_paid_at)', '!exists($.payments.last_paid_at)', '$.payments.last_paid_at > "2020"',
  '$.payments.last_paid_at.datetime() >= $.created_at.datetime()', '$ ? (@.payments.count == 1)'
]) WITH ORDINALITY AS u(rule, place);
SELECT name, rule, pg_temp.refs(array(SELECT list_members(list_id))) AS members
FROM list WHERE merchant_id = :'rules' AND name LIKE 'Payments%' ORDER BY length(name), name;
-- the same for one customer, for several lists at once, and for a preview
SELECT array(SELECT name FROM lists_of(:'a') AS l JOIN list ON list_id = l WHERE name LIKE 'Payments%' ORDER BY length(name), name) AS a,
       array(SELECT name FROM lists_of(:'c') AS l JOIN list ON list_id = l WHERE name LIKE 'Payments%' ORDER BY length(name), name) AS c;
SELECT pg_temp.refs(array(SELECT list_union(array(SELECT list_id FROM list WHERE merchant_id = :'rules' AND name IN ('Payments 1', 'Payments 19'))))) AS in_union,
       pg_temp.refs(array(SELECT list_difference(array(SELECT list_id FROM list WHERE merchant_id = :'rules' AND name IN ('Payments 3', 'Not VIP') ORDER BY name DESC)))) AS in_difference,
       preview_list('$.payments.count > 0');
SELECT name, customers, payments FROM list_report(array(SELECT list_id FROM list WHERE merchant_id = :'rules' AND name IN ('Payments 1', 'Payments 2') ORDER BY name), NULL, NULL);
-- many payments near the limit of an amount break no read
SELECT count(pg_temp.pay(:'c', '92233720368547758.07 EUR', '92233720368547758.07 EUR')) FROM generate_series(1, 2);
SELECT preview_list('$.payments.received.EUR == 184467440737095516.14');
SELECT rule_reads_payments('$.payments.count > 1') AS reads, rule_reads_payments('$.context.payments > 1') AS does_not;

-- Who may ask
CREATE ROLE rule_analyst IN ROLE customers_analyst;
SELECT bind_role('rule_analyst', :'rules');
SET ROLE rule_analyst;
SELECT pg_temp.error_of($$SELECT preview_list('$.context.vip == true')$$);
RESET ROLE;
SELECT unbind_role('rule_analyst', :'rules');
DROP ROLE rule_analyst;
