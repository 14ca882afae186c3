-- JSON Schema: formats, each with strings that have it and strings that do not.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
RESET client_min_messages;
SET search_path = customers, public;

CREATE FUNCTION pg_temp.check_format(format text, VARIADIC strings text[])
RETURNS TABLE (valid bool, string text) LANGUAGE sql AS $$
  SELECT is_valid(to_jsonb(s), jsonb_build_object('format', format)::json_schema), s FROM unnest(strings) s
$$;

SELECT * FROM pg_temp.check_format('date', '2024-02-29', '2000-02-29', '0000-01-01', '2023-02-29', '1900-02-29', '2024-13-01', '2024-00-01', '2024-01-00', '2024-04-31', '24-01-01', '2024-1-01', '2024-01-01 ', '', '٢٠٢٤-01-01');
SELECT * FROM pg_temp.check_format('time', '12:00:00Z', '12:00:00z', '12:00:00.123456789+05:30', '23:59:60Z', '15:59:60-08:00', '12:00:60Z', '24:00:00Z', '12:60:00Z', '12:00:61Z', '12:00:00', '12:00Z', '12:00:00.Z', '12:00:00+24:00', '12:00:00+5:30', '');
SELECT * FROM pg_temp.check_format('date-time', '2024-02-29T12:00:00Z', '2024-02-29t12:00:00.5-23:59', '1990-12-31T23:59:60Z', '2024-02-29 12:00:00Z', '2024-02-30T12:00:00Z', '2024-02-29T12:00:00', '2024-02-29', '');
SELECT * FROM pg_temp.check_format('duration', 'P1Y2M3DT4H5M6S', 'P4W', 'PT1M', 'P0D', 'P1Y2D', 'PT', 'P', 'P1', '1D', 'P1D2H', 'P1W2D', 'PT1D', '');
SELECT * FROM pg_temp.check_format('email', 'zoe@example.com', 'a.b+c@sub.example.co', '"a b"@example.com', 'a@[127.0.0.1]', 'a@[IPv6:::1]', 'a@localhost', 'zoe', '@example.com', 'zoe@', '.a@example.com', 'a.@example.com', 'a..b@example.com', 'a b@example.com', 'a@-example.com', 'a@exa_mple.com', 'a@[300.0.0.1]', 'zoë@example.com', 'a@b@example.com', '""@example.com', '"a\"b"@example.com', '"a"b"@example.com', '"a\"@example.com', '"@example.com', E'"a\tb"@example.com', 'a@xn--wgbl6a.example', 'a@xn--X', '(c)a@example.com', 'a@[IPv6:1::2::3]', 'a@[x:y]', repeat('a', 64) || '@example.com', repeat('a', 65) || '@example.com', 'a@' || repeat('a', 63) || '.' || repeat('a', 63) || '.' || repeat('a', 63) || '.' || repeat('a', 60), 'a@' || repeat('a', 63) || '.' || repeat('a', 63) || '.' || repeat('a', 63) || '.' || repeat('a', 61), '');
SELECT * FROM pg_temp.check_format('idn-email', 'zoë@exämple.com', 'zoe@example.com', '"zoë b"@exämple.com', E'zoe\u0308@exa\u0308mple.com', 'zoe@xn--exmple-cua.com', repeat('ë', 32) || '@a', repeat('ë', 33) || '@a', 'zoë', 'zoë@', 'a..ë@example.com', 'zoë@exämple..com', 'zoë@-exämple.com', 'zoë@ex·ample.com', 'zoë＠example.com', '');
SELECT * FROM pg_temp.check_format('hostname', 'example.com', 'a', 'xn--4gbwdl.xn--wgbh1c', repeat('a', 63) || '.com', repeat('a', 64) || '.com', '-a.com', 'a-.com', 'a..com', '.com', 'com.', 'a_b.com', 'exämple.com', 'a--b.com', 'r3---sn.com', 'XN--EXMPLE-CUA.com', 'xn--', 'xn--a', 'xn--X', 'xn--exmple-cua-', 'xn--al-0ea', '1.xn--4dbrk0ce', 'a.xn--4dbrk0ce', '');
SELECT * FROM pg_temp.check_format('idn-hostname', 'example.com', 'exämple.com', 'straße.de', '例え.テスト', '例え。テスト', '例え．テスト', '例え｡テスト', 'a.xn--exmple-cua.b', 'EXAMPLE.com', E'exa\u0308mple.com', 'r3---sn.com', repeat('ü', 40), repeat('ü', 59), 'Exämple.com', 'exämple', 'exämple.', '.exämple', 'exämple..com', '-exämple', 'exämple-', 'ex--ämple', 'ex_ämple', 'ex ämple.com', 'ä b.com', '♥.com', 'xn--', 'xn--X', 'xn--al-0ea', '');
-- Characters that need a context (RFC 5892, appendix A), and the Bidi rule (RFC 5893).
SELECT * FROM pg_temp.check_format('idn-hostname', 'l·l', 'a·l', '͵α', 'α͵β', 'א׳ב', 'a׳ב', 'ア・ア', 'a・b', E'\u0915\u094d\u200d\u0937', E'\u0915\u200d\u0937', E'\u0628\u064a\u200c\u0628\u064a', E'a\u200cb', 'ب٠ب', 'ب٠۰', '۰0');
SELECT * FROM pg_temp.check_format('idn-hostname', 'אב', 'א0', 'א٠', 'א0٠', 'אa', 'aא', '0א', 'א.a', 'a.א', 'a0.א', '0a.א', '0a.b', 'א.0', 'א.ʹa', 'aʹ.b', 'aʹ.א', 'xn--4dbrk0ce.1a', 'xn--0ca24w');
SELECT * FROM pg_temp.check_format('ipv4', '127.0.0.1', '255.255.255.255', '0.0.0.0', '256.0.0.1', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.4 ', '1..2.3', '1.2.3.', '0x1.2.3.4', '');
SELECT * FROM pg_temp.check_format('ipv6', '::', '::1', '1::', '2001:db8::ff00:42:8329', '1:2:3:4:5:6:7:8', '::ffff:192.0.2.1', '1:2:3:4:5:6:192.0.2.1', '1:2:3:4:5:6:7::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1::2::3', ':::1', '12345::', '1:', ':1', '::g', '::1%eth0', '::192.0.2.256', '1:2:3:4:5:6:7:192.0.2.1', '');
SELECT * FROM pg_temp.check_format('uri', 'https://example.com/a?b=c#d', 'urn:isbn:123', 'mailto:a@example.com', 'http://u:p@[::1]:80/', 'tel:+1-816-555-1212', '//example.com/', '/a', 'a', '://a', 'http://a b', 'http://[::1', 'http://a:b/', 'http://a/%zz', '1a:b', 'http://a/<b>', 'http://a/[b]', 'http://ex.com/ë', 'a:', 'a+-.1:b', 'a://@:/', 'a://b:80', 'a://b:8a', 'a://[v1.a:b]', 'a://[V1f.a]:1?b', 'a://[v.a]', 'a://[v1.]', 'a://[v1.%41]', 'a://[::1]b', 'a://b@c@d', 'a:?/?:@#/?:@', 'a:#b#c', 'a:%', 'a:%4', 'a:%4g', 'a:%4G', 'a:%aF', 'http://%41', '');
SELECT * FROM pg_temp.check_format('uri-reference', 'https://example.com', '//example.com/', '/a/b', 'a', '#x', '', '\\a\b', '#a\b', '%', ':a', 'a:b', '1:b', 'a@b:c', './1:b', '1/b:c', '?a:b', '//a@b:1/c', '//a:b');
SELECT * FROM pg_temp.check_format('iri', 'http://exämple.com/ë?ë#ë', 'http://ë@é:1/', 'http://[::1]/ë', 'a:𐌀', E'a:?\ue000', E'a:?\U000f0000', E'a:\ue000', E'a:#\ue000', E'a:\u0085', E'a:\ufdd0', E'a:\uffff', E'a:?\U000fffff', E'a:\U000e0001', 'ä:b', 'http://[ë]', 'http://a:ë', 'http://a b', '/ë', 'ë', '');
SELECT * FROM pg_temp.check_format('iri-reference', 'http://exämple.com/ë', '//ë', '/ë', 'ë', '?ë', '#ë', '', 'ä:b', 'ë/a:b', E'\ue000', '\ë', 'ë b');
SELECT * FROM pg_temp.check_format('uri-template', '', 'http://a/{b}', '{a,b}', '{+a:1,b*}', '{#a}{.a}{/a}{;a}{?a}{&a}', '{a.b_1.%41}', '{a:9999}', 'ë%41''[]', E'\ue000', '{', '}', '{}', '{a', 'a}', '{{a}}', '{a,}', '{,a}', '{.a.}', '{a..b}', '{a:0}', '{a:}', '{a:10000}', '{a*:1}', '{a-b}', '{ä}', '{=a}', '{|a}', '{+}', '%4', 'a b', '<', E'\u0085');
SELECT * FROM pg_temp.check_format('uuid', '2eb8aa08-aa98-11ea-b4aa-73b441d16380', '2EB8AA08-AA98-11EA-B4AA-73B441D16380', '00000000-0000-0000-0000-000000000000', '2eb8aa08aa9811eab4aa73b441d16380', '2eb8aa08-aa98-11ea-b4aa-73b441d1638', '2eb8aa08-aa98-11ea-b4aa73b441d16380-', 'geb8aa08-aa98-11ea-b4aa-73b441d16380', '');
SELECT * FROM pg_temp.check_format('json-pointer', '', '/', '/a~0b/~1', 'a', '/~', '/~2');
SELECT * FROM pg_temp.check_format('relative-json-pointer', '0', '1/a', '0#', '10', '01', '-1', '/a', '0##', '');
SELECT * FROM pg_temp.check_format('regex', '^a+$', '[', '(', 'a**', '\a', '(?<=a+)b', '(?i)a', 'ë{2}', '[ë-b]', '');

-- Which characters of ASCII may stand in a place.
CREATE FUNCTION pg_temp.allowed(format text, before text, after text) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(chr(c), '' ORDER BY c) FROM generate_series(1, 127) c
  WHERE is_valid(to_jsonb(before || chr(c) || after), jsonb_build_object('format', format)::json_schema)
$$;
SELECT pg_temp.allowed('email', 'a', 'a@b') AS local, pg_temp.allowed('email', 'a@b', 'b') AS domain,
  pg_temp.allowed('email', '"a', '"@b') AS quoted, pg_temp.allowed('hostname', 'a', 'a') AS hostname \gx
SELECT pg_temp.allowed('uri', 'a', ':') AS scheme, pg_temp.allowed('uri', '', ':') AS first_of_scheme, pg_temp.allowed('uri', 'a://b', 'b@c') AS userinfo,
  pg_temp.allowed('uri', 'a://b', 'c') AS host, pg_temp.allowed('uri', 'a:b', 'b') AS path, pg_temp.allowed('uri', 'a:?', '') AS query, pg_temp.allowed('uri', 'a:#', '') AS fragment \gx
SELECT pg_temp.allowed('uri-template', 'a', '') AS literal, pg_temp.allowed('uri-template', '{', '}') AS variable,
  pg_temp.allowed('uri-template', '{', 'a}') AS operator, pg_temp.allowed('uri-template', '{a', '}') AS modifier \gx

-- Only strings have a format, and what is unknown is an annotation.
SELECT is_valid('1', '{"format": "date"}'), is_valid('"x"', '{"format": "colour"}');
SELECT * FROM validation_errors('"x"', '{"format": "date"}');

-- draft-07 has neither duration nor uuid.
SELECT format, is_valid('"-"', jsonb_build_object('$schema', 'http://json-schema.org/draft-07/schema#', 'format', format)::json_schema) AS "draft-07",
  is_valid('"-"', jsonb_build_object('format', format)::json_schema) AS "2020-12"
FROM unnest(ARRAY['duration', 'uuid', 'date', 'idn-hostname', 'regexp']) format;
