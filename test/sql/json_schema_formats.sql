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
SELECT * FROM pg_temp.check_format('email', 'zoe@example.com', 'a.b+c@sub.example.co', '"a b"@example.com', 'a@[127.0.0.1]', 'a@[IPv6:::1]', 'a@localhost', 'zoe', '@example.com', 'zoe@', '.a@example.com', 'a.@example.com', 'a..b@example.com', 'a b@example.com', 'a@-example.com', 'a@exa_mple.com', 'a@[300.0.0.1]', 'zoë@example.com', 'a@b@example.com', repeat('a', 65) || '@example.com', '');
SELECT * FROM pg_temp.check_format('idn-email', 'zoë@exämple.com', 'zoe@example.com', 'zoë', 'zoë@', 'a..ë@example.com', '');
SELECT * FROM pg_temp.check_format('hostname', 'example.com', 'a', 'xn--4gbwdl.xn--wgbh1c', repeat('a', 63) || '.com', repeat('a', 64) || '.com', '-a.com', 'a-.com', 'a..com', '.com', 'com.', 'a_b.com', 'exämple.com', '');
SELECT * FROM pg_temp.check_format('ipv4', '127.0.0.1', '255.255.255.255', '0.0.0.0', '256.0.0.1', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.4 ', '1..2.3', '1.2.3.', '0x1.2.3.4', '');
SELECT * FROM pg_temp.check_format('ipv6', '::', '::1', '1::', '2001:db8::ff00:42:8329', '1:2:3:4:5:6:7:8', '::ffff:192.0.2.1', '1:2:3:4:5:6:192.0.2.1', '1:2:3:4:5:6:7::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1::2::3', ':::1', '12345::', '1:', ':1', '::g', '::1%eth0', '::192.0.2.256', '1:2:3:4:5:6:7:192.0.2.1', '');
SELECT * FROM pg_temp.check_format('uri', 'https://example.com/a?b=c#d', 'urn:isbn:123', 'mailto:a@example.com', 'http://u:p@[::1]:80/', 'tel:+1-816-555-1212', '//example.com/', '/a', 'a', '://a', 'http://a b', 'http://[::1', 'http://a:b/', 'http://a/%zz', '1a:b', 'http://a/<b>', 'http://a/[b]', 'http://ex.com/ë', '');
SELECT * FROM pg_temp.check_format('uri-reference', 'https://example.com', '//example.com/', '/a/b', 'a', '#x', '', '\\a\b', '#a\b', '%', ':a');
SELECT * FROM pg_temp.check_format('uuid', '2eb8aa08-aa98-11ea-b4aa-73b441d16380', '2EB8AA08-AA98-11EA-B4AA-73B441D16380', '00000000-0000-0000-0000-000000000000', '2eb8aa08aa9811eab4aa73b441d16380', '2eb8aa08-aa98-11ea-b4aa-73b441d1638', '2eb8aa08-aa98-11ea-b4aa73b441d16380-', 'geb8aa08-aa98-11ea-b4aa-73b441d16380', '');
SELECT * FROM pg_temp.check_format('json-pointer', '', '/', '/a~0b/~1', 'a', '/~', '/~2');
SELECT * FROM pg_temp.check_format('relative-json-pointer', '0', '1/a', '0#', '10', '01', '-1', '/a', '0##', '');
SELECT * FROM pg_temp.check_format('regex', '^a+$', '[', '(', 'a**', '\a', '');

-- Only strings have a format, and what is unknown is an annotation.
SELECT is_valid('1', '{"format": "date"}'), is_valid('"x"', '{"format": "colour"}');
SELECT * FROM validation_errors('"x"', '{"format": "date"}');
