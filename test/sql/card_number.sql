-- Card numbers are refused, wherever they could be stored; what only looks like one is kept.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
RESET client_min_messages;
SELECT customers.create_merchant('Card numbers') AS merchant \gset
SET customers.merchant = :'merchant';
SELECT customers.define_context_field('note', 'true');
SELECT customers.define_context_field('imei', 'true');
SELECT customers.create_customer('ana', '{"note": "none"}') AS ana \gset

-- Numbers that the networks and providers publish for tests, as people write them.
CREATE FUNCTION pg_temp.refused(value jsonb) RETURNS text LANGUAGE sql AS
$$ SELECT string_agg(concat_ws(' ', instance_location, message), ', ') FROM customers.check_context(jsonb_build_object('note', value)) $$;
SELECT network, length(regexp_replace(number, '\D', '', 'g')) AS digits, number, pg_temp.refused(to_jsonb(number)) IS NOT NULL AS refused
FROM (VALUES
  ('Visa', '4111111111111111'), ('Visa', '4242 4242 4242 4242'), ('Visa', '4000-0566-5566-5556'), ('Visa', '4222222222222'),
  ('Visa', '4000000000000000006'),
  ('Mastercard', '5555555555554444'), ('Mastercard', '2223 0031 2200 3222'), ('Mastercard', '5105105105105100'),
  ('American Express', '378282246310005'), ('American Express', '3714 496353 98431'),
  ('Diners Club', '30569309025904'), ('Diners Club', '3852 000002 3237'), ('Diners Club', '3056 9300 0902 0004'),
  ('Discover', '6011111111111117'), ('Discover', '6011 0009 9013 9424'),
  ('JCB', '3530111333300000'), ('JCB', '3566002020360505'),
  ('UnionPay', '6200000000000005'), ('UnionPay', '6205500000000000004'), ('UnionPay', '6205 5000 0000 0000 004'),
  ('UnionPay', '620550 0000000000004'),
  ('Maestro', '6759649826438453'), ('Maestro', '6304000000000000'), ('Maestro', '6304 0000 0000 0000 000')
) AS t (network, number);

-- Whatever stands around it, and however it is grouped.
SELECT text, pg_temp.refused(to_jsonb(text)) AS refused
FROM (VALUES
  ('card 4111111111111111!'), ('card4111111111111111'), ('(4111 1111 1111 1111)'), ('"4111-1111-1111-1111"'),
  ('4111 1111 1111 1111 12/29'), ('4111111111111111 12/29'), ('4111111111111111 123'), ('2 x 4111 1111 1111 1111'),
  ('qty 2 4111111111111111'), ('1. 3714 496353 98431 12 29 1234'), ('41 11 11 11 11 11 11 11'), ('4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1'),
  ('4111 - 1111 - 1111 - 1111'), (E'4111\u00A01111\u00A01111\u00A01111'), (E'4111\u20111111\u20111111\u20111111'),
  (E'4111\u20091111\u202F1111\u22121111')
) AS t (text);

-- Look-alikes that are kept: another check digit, other lengths, something between.
SELECT text, pg_temp.refused(to_jsonb(text)) AS refused
FROM (VALUES
  ('4111111111111112'), ('4111 1111 1111 1112'), ('411111111111'), ('41111111111111110000'), ('4111/1111/1111/1111'),
  ('4111.1111.1111.1111'), ('4111x1111x1111x1111'), ('4111_1111_1111_1111'), (E'4111\t1111\t1111\t1111'),
  ('+49 170 1234567'), ('+1 (212) 555-0123'), ('0049-170-1234567'), ('order 100000123456'), ('order 12345678901234567890'),
  ('1764025863000'), ('2026-11-24T23:11:03.123456Z'), ('20261124231103'),
  ('0193614e-7e1c-7cc3-98c4-dc0c0c07398f'), ('123e4567-e89b-12d3-a456-426614174000'),
  ('DE89370400440532013000'), ('DE89 3704 0044 0532 0130 00'), ('GB29NWBK60161331926819'), ('FR14 2004 1010 0505 0001 3M02 606'),
  ('NL91 ABNA 0417 1643 00'), ('ES91 2100 0418 4502 0005 1332'),
  ('978-3-16-148410-0'), ('4006381333931'), (''), ('-'), ('     ')
) AS t (text);
-- An IMEI passes the check as well: it is not to be told from a card number.  Another tenth of all numbers does so by chance.
SELECT pg_temp.refused('"490154203237518"') AS imei, pg_temp.refused('"490154203237517"') AS mistyped;
SELECT count(pg_temp.refused(to_jsonb(n::text))) AS refused, count(*) FROM generate_series(1764025863000, 1764025863999) n;

-- At every depth: in arrays, objects, names, and in numbers without quotes.
SELECT value, pg_temp.refused(value) AS refused
FROM (VALUES ('["a", "4111111111111111"]'::jsonb), ('[["4111111111111111"], ["4111111111111111"]]'), ('{"a": {"b": ["4111111111111111"]}}'),
  ('{"a": {"4111111111111111": 1}}'), ('[{"4111111111111111": "4111111111111111"}]'),
  ('4111111111111111'), ('4111111111111111.00'), ('[4.111111111111111e15]'), ('-4111111111111111'),
  ('4111111111111112'), ('0.4111111111111111'), ('4111111111111111.5'), ('[4111, 1111, 1111, 1111]'), ('["4111", "1111", "1111", "1111"]'),
  ('null'), ('true')) AS t (value);

-- The error names the field and shows no value, in each operation and in the guard of the table.
SELECT customers.create_customer('bob', '{"note": "4111111111111111"}');
SELECT customers.create_customer('bob', '{"4111111111111111": 1}');
SELECT customers.create_customer('bob', '{"note": {"4111111111111111": 1}, "unknown": 1}');
SELECT customers.ensure_customer('bob', '{"note": 4111111111111111}');
SELECT customers.update_customer(:'ana', '{"note": {"card": ["4111 1111 1111 1111"]}}');
SELECT error FROM customers.import_customers(ARRAY['{"reference": "bob", "context": {"note": "4111111111111111"}}']::jsonb[]);
INSERT INTO customers.customer (merchant_id, customer_id, context, created_at, updated_at)
SELECT merchant_id, 'cus_01h455vb4pex5vsknk084sn02q', '{"note": "4111111111111111"}', now(), now() FROM customers.merchant WHERE merchant_id = :'merchant';
UPDATE customers.customer SET context = '{"note": ["4111111111111111"]}' WHERE customer_id = :'ana';
SELECT context FROM customers.customer WHERE merchant_id = :'merchant';

-- Payment methods: display at every depth, and the fingerprint; not the token, which a provider may make to look like one.
SELECT customers.save_payment_method(:'ana', 'card', 'tok_1', '{"brand": "visa", "number": "4111111111111111"}');
SELECT customers.save_payment_method(:'ana', 'card', 'tok_1', '{"card": {"numbers": [4111111111111111]}}');
SELECT customers.save_payment_method(:'ana', 'card', 'tok_1', '{"card": {"4111111111111111": true}}');
SELECT customers.save_payment_method(:'ana', 'card', 'tok_1', '{"4111111111111111": "visa"}');
SELECT customers.save_payment_method(:'ana', 'card', 'tok_1', fingerprint => '4111111111111111');
SELECT customers.save_payment_method(:'ana', 'card', '4111111111111111', '{"brand": "visa", "last4": "1111", "bin": 411111}', '41111111') IS NOT NULL AS saved;

-- The comment of a list's item.
SELECT customers.create_list('Fraud') AS fraud \gset
SELECT customers.add_to_list(:'fraud', ARRAY[:'ana']::customers.customer_id[], comment => 'used 4111-1111-1111-1111');
SELECT customers.add_to_list(:'fraud', ARRAY[:'ana']::customers.customer_id[], comment => 'used a card ending in 1111');

-- A merchant exempts what has a name, with a reason, in context and display; others stay refused.
SELECT customers.set_merchant_settings(:'merchant', '{"card_number_exemptions": {"imei": "the id of a device"}}');
SELECT customers.update_customer(:'ana', '{"imei": "490154203237518"}');
SELECT customers.update_customer(:'ana', '{"imei": ["490154203237518", {"490154203237518": 490154203237518}]}');
SELECT customers.update_customer(:'ana', '{"note": {"imei": "490154203237518"}}');
SELECT customers.save_payment_method(:'ana', 'phone', 'tok_2', '{"imei": "490154203237518"}') IS NOT NULL AS saved;
SELECT customers.save_payment_method(:'ana', 'phone', 'tok_3', '{"imei": "490154203237518", "number": "490154203237518"}');
UPDATE customers.customer SET context = '{"imei": "490154203237518"}' WHERE customer_id = :'ana' RETURNING context;
SELECT customers.create_merchant('Not exempt') AS other \gset
SET customers.merchant = :'other';
SELECT customers.define_context_field('imei', 'true');
SELECT customers.create_customer('bob', '{"imei": "490154203237518"}');
-- The exemption's end locks nobody out of another change.
SET customers.merchant = :'merchant';
SELECT customers.set_merchant_settings(:'merchant', '{}');
SELECT customers.update_customer(:'ana', '{"note": "changed"}');
SELECT customers.update_customer(:'ana', '{"imei": "356938035643809"}');
