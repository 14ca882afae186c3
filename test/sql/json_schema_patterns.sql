-- JSON Schema: regular expressions mean what ECMA-262 says with flag u.
-- The cases were answered by an engine of ECMA-262 (V8).
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
RESET client_min_messages;
SET search_path = customers, public;

CREATE TEMP TABLE expectation (pattern text, matching text[], other text[]);
INSERT INTO expectation VALUES
  -- Anchors and dots.
  ('^a$', ARRAY['a'], ARRAY[E'a\u000a', 'ba', E'a\u000ab']),
  ('^.$', ARRAY['a', '💩', E'\u0085'], ARRAY[E'\u000a', E'\u000d', E'\u2028', E'\u2029', 'ab']),
  ('^[^]$', ARRAY[E'\u000a', 'a'], ARRAY['']),
  ('[]', '{}', ARRAY['a', '']),
  ('^[]?a$', ARRAY['a'], ARRAY['b']),
  ('\ba\b', ARRAY['a', '-a-', 'éaé'], ARRAY['1a', '_a']),
  ('a\B', ARRAY['aa'], ARRAY['a', 'aé']),
  ('^$', ARRAY[''], ARRAY[E'\u000a']),
  ('a||b', ARRAY['x'], '{}'),
  -- Sets of characters.
  ('^\d$', ARRAY['7'], ARRAY[E'\u0663', 'a']),
  ('^\D$', ARRAY[E'\u0663'], ARRAY['7']),
  ('^\w$', ARRAY['a', '_', 'Z'], ARRAY['é', E'\u017f', E'\u212a', '-']),
  ('^\W$', ARRAY['é', E'\u017f', '-'], ARRAY['a']),
  ('^\s$', ARRAY[' ', E'\u0009', E'\u000b', E'\u000c', E'\u000d', E'\u000a', E'\u00a0', E'\u1680', E'\u2003', E'\u2028', E'\u202f', E'\u205f', E'\u3000', E'\ufeff'], ARRAY[E'\u0085', E'\u180e', E'\u200b']),
  ('^\S$', ARRAY['a', E'\u200b'], ARRAY[E'\ufeff']),
  ('^[\d-]$', ARRAY['-', '5'], ARRAY['a']),
  ('^[^\S]$', ARRAY[E'\u2003'], ARRAY['a']),
  ('^[^\W]$', ARRAY['a'], ARRAY['é']),
  ('^[^\W\p{L}]$', ARRAY['1'], ARRAY['a', E'\ufeff']),
  ('^[\D\p{Nd}]$', ARRAY['1', E'\u4e00'], '{}'),
  ('^[\b]$', ARRAY[E'\u0008'], ARRAY['b']),
  -- Characters.
  ('^\t\n\v\f\r$', ARRAY[E'\u0009\u000a\u000b\u000c\u000d'], '{}'),
  ('^\cA\cz$', ARRAY[E'\u0001\u001a'], ARRAY['cAcz']),
  ('^\x41\u0042\u{43}\u{000044}$', ARRAY['ABCD'], '{}'),
  ('^\u{1F4A9}$', ARRAY['💩'], ARRAY['💪']),
  ('^\ud83d\udca9$', ARRAY['💩'], ARRAY['x']),
  ('^💩{2}$', ARRAY['💩💩'], ARRAY['💩']),
  ('^[💨-💪]$', ARRAY['💩'], ARRAY['💫']),
  ('\ud83d', '{}', ARRAY['💩', '']),
  ('^[^\ud800-\udfff]$', ARRAY['💩', 'a'], '{}'),
  ('^[\ud800-\udbff]$', '{}', ARRAY['a', E'\ue000']),
  ('^[\ud7ff-\udbff]$', ARRAY[E'\ud7ff'], ARRAY[E'\ue000']),
  ('^[\udc00-\ue001]$', ARRAY[E'\ue000', E'\ue001'], ARRAY[E'\ue002', E'\ud7ff']),
  ('^\$\.\*\+\?\(\)\[\]\{\}\|\/\\\^$', ARRAY['$.*+?()[]{}|/\^'], '{}'),
  ('^[a[:.=&|~#]$', ARRAY['[', ':', '.', '=', '&', '~', '#'], ARRAY[']', 'b']),
  ('^[:alpha:]$', ARRAY['a', ':'], ARRAY['b']),
  ('^[[.a.]$', ARRAY['['], ARRAY['b']),
  ('^[a\]^\\-]$', ARRAY[']', '^', '\', '-'], ARRAY['b']),
  ('^[+--]$', ARRAY[',', '-'], ARRAY['.']),
  ('^#  a$', ARRAY['#  a'], '{}'),
  ('^q?$', ARRAY['q', ''], '{}'),
  -- Quantifiers.
  ('^a*b+c?$', ARRAY['b', 'aabbc'], ARRAY['ac']),
  ('^a{2}$', ARRAY['aa'], ARRAY['a', 'aaa']),
  ('^a{2,}$', ARRAY['aa', 'aaaa'], ARRAY['a']),
  ('^a{2,3}$', ARRAY['aaa'], ARRAY['aaaa']),
  ('^a{0}$', ARRAY[''], ARRAY['a']),
  ('^a+?b$', ARRAY['aab'], ARRAY['b']),
  ('^(?:ab){2,3}?$', ARRAY['abab'], ARRAY['ab']),
  ('^(?:a?)*$', ARRAY['', 'aa'], ARRAY['b']),
  ('^(?:a*)*b$', ARRAY['aab'], ARRAY['c']),
  ('^é+$', ARRAY['éé'], ARRAY[E'é\u0301']),
  ('^(?:){3}$', ARRAY[''], ARRAY['a']),
  -- Groups and references.
  ('^(a)(?:b)\1$', ARRAY['aba'], ARRAY['abb']),
  ('^(?<x>a|b)\k<x>$', ARRAY['aa', 'bb'], ARRAY['ab']),
  ('^(?<ä$_1>a)\k<ä$_1>$', ARRAY['aa'], ARRAY['a']),
  ('^(a)?\1b$', ARRAY['aab', 'b'], ARRAY['ab']),
  ('^\1(a)$', ARRAY['a'], ARRAY['aa']),
  ('^\k<x>(?<x>a)$', ARRAY['a'], ARRAY['aa']),
  ('^(a\1)$', ARRAY['a'], ARRAY['aa']),
  ('^(?:(a)|b\1)$', ARRAY['a', 'b'], ARRAY['ba']),
  ('^(a)?\1{2}b$', ARRAY['aaab', 'b'], ARRAY['ab']),
  ('^(a)?\1+?b$', ARRAY['aab', 'b'], '{}'),
  ('^(?:(["''])x\1,?)+$', ARRAY['"x",''x'''], ARRAY['"x''']),
  ('^(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\10$', ARRAY['abcdefghijj'], ARRAY['abcdefghija0']),
  ('^(\w+) \1$', ARRAY['ab ab'], ARRAY['ab ac']),
  ('^(?:(a)b)+\1$', ARRAY['ababa'], ARRAY['ababb']),
  -- Lookaround.
  ('^(?=a)\w+$', ARRAY['ab'], ARRAY['ba']),
  ('^(?!a)\w+$', ARRAY['ba'], ARRAY['ab']),
  ('(?<=a)b', ARRAY['ab'], ARRAY['b']),
  ('(?<!a)b', ARRAY['b', 'cb'], ARRAY['ab']),
  ('(?<=ab|c)d', ARRAY['abd', 'cd'], ARRAY['bd']),
  ('^(?=(a+))\1b$', ARRAY['aab'], ARRAY['b']),
  ('^(?!(a)b)\1.*$', ARRAY['ac'], ARRAY['ab']),
  ('(?<=^|,)a', ARRAY['a', ',a'], ARRAY['ba']),
  ('^(?=.*\d)(?=.*[a-z]).{4,}$', ARRAY['abc1'], ARRAY['abcd']),
  -- Properties of characters.
  ('^\p{L}$', ARRAY['a', 'é', E'\u03bb'], ARRAY['1']),
  ('^\p{Letter}\p{Lu}\p{gc=Ll}\p{General_Category=Decimal_Number}$', ARRAY[E'aBc\u0663'], ARRAY['abc1']),
  ('^\p{LC}\p{Cased_Letter}$', ARRAY['aB'], ARRAY[E'a\u05d0']),
  ('^\P{L}$', ARRAY['1'], ARRAY['a']),
  ('^[^\p{L}]$', ARRAY['1'], ARRAY['a']),
  ('^[\p{L}\p{Nd}_]+$', ARRAY['é1_'], ARRAY['-']),
  ('^\p{punct}\p{digit}\p{cntrl}$', ARRAY[E'!1\u0001'], ARRAY[E'a1\u0001']),
  ('^\p{Script=Greek}\p{sc=Grek}$', ARRAY[E'\u03b1\u03b2'], ARRAY[E'a\u03b2']),
  ('^\p{Script=Han}+$', ARRAY[E'\u4e2d\u6587'], ARRAY[E'\u3042']),
  ('^\p{scx=Deva}$', ARRAY[E'\u0964'], ARRAY['a']),
  ('^\p{sc=Deva}$', ARRAY[E'\u0905'], ARRAY[E'\u0964']),
  ('^\p{Script_Extensions=Katakana}$', ARRAY[E'\u30fc'], ARRAY[E'\u3042']),
  ('^\p{ASCII}$', ARRAY['a', E'\u007f'], ARRAY['é']),
  ('^\p{Any}$', ARRAY['💩', E'\u000a'], ARRAY['']),
  ('^\p{Assigned}$', ARRAY['a'], ARRAY[E'\u0378']),
  ('^\P{Assigned}$', ARRAY[E'\u0378'], ARRAY['a']),
  ('^[\P{Assigned}\p{ASCII}]$', ARRAY[E'\u0378', 'a'], ARRAY['é']),
  ('^\p{Alphabetic}\p{Alpha}$', ARRAY[E'a\u0345'], ARRAY['1a']),
  ('^\p{Emoji}$', ARRAY['💩', '1'], ARRAY['a']),
  ('^\p{Emoji_Presentation}$', ARRAY['💩'], ARRAY['1']),
  ('^\p{ID_Start}\p{ID_Continue}*$', ARRAY['é1'], ARRAY['1a']),
  ('^\p{White_Space}\p{space}$', ARRAY[E'\u0085 '], ARRAY[E'\ufeff ']),
  ('^\p{Uppercase}\p{Lowercase}$', ARRAY['Aa'], ARRAY['aa']),
  ('^\p{Hex_Digit}\p{AHex}$', ARRAY[E'\uff11a'], ARRAY['ga']),
  -- Not with flag u, but in many schemas: they have one meaning only.
  ('^\-\_\@\"\ \#\&\,\:\;\<\=\>\!\%\~$', ARRAY['-_@" #&,:;<=>!%~'], '{}'),
  ('^[\w-.]+$', ARRAY['a-.'], ARRAY['a,']),
  ('^[+-\d]$', ARRAY['+', '-', '1'], ARRAY[',']),
  ('^[\w-a-z]$', ARRAY['a', '-'], ARRAY['.']),
  ('^a{$', ARRAY['a{'], ARRAY['a']),
  ('^{a}$', ARRAY['{a}'], '{}'),
  ('^a{,2}$', ARRAY['a{,2}'], ARRAY['aa']),
  ('^a{1$', ARRAY['a{1'], '{}'),
  ('^]}$', ARRAY[']}'], '{}'),
  ('^[\@\_]$', ARRAY['@', '_'], ARRAY['\']);
SELECT pattern, s AS "string", is_valid(to_jsonb(s), jsonb_build_object('pattern', pattern)::json_schema)
FROM (SELECT pattern, unnest(matching) AS s, true AS expected FROM expectation
      UNION ALL SELECT pattern, unnest(other), false FROM expectation) e
WHERE is_valid(to_jsonb(s), jsonb_build_object('pattern', pattern)::json_schema) <> expected;
SELECT count(*) AS patterns, sum(cardinality(matching)) AS matching, sum(cardinality(other)) AS other,
  bool_and(is_valid(to_jsonb(pattern), '{"format": "regex"}')) AS "have format regex"
FROM expectation;

-- What is refused, and why.
CREATE FUNCTION pg_temp.fault(pattern text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  detail text;
BEGIN
  PERFORM jsonb_build_object('pattern', pattern)::json_schema;
  RETURN 'accepted';
EXCEPTION WHEN invalid_parameter_value THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RETURN detail;
END $$;
\pset format unaligned
\pset tuples_only on

-- Not in ECMA-262.
SELECT p, is_valid(to_jsonb(p), '{"format": "regex"}') AS "has format regex", pg_temp.fault(p) FROM unnest(ARRAY[
  '(', ')', '(a', 'a)', '[a', '[a\]', '\', '[\', '(?', '(?<', '(?<n', '(?<=', '(?a)', '(?i)a', '(?i:a)', '(?P<n>a)', '(?>a)', '(?|a)', '(?#a)', '(?R)', '(*UCP)a',
  '*', '+a', '?', '{1}', 'a|*', '(*a)', '(?:+)', 'a**', 'a++', 'a???', 'a{1}{2}', '^*', '$+', '\b?', '(?=a)*', '(?<=a)?', 'a{2,1}', 'a{100000,99999}', 'a{1000000000,1}',
  '\a', '\A', '\Z', '\z', '\G', '\K', '\Q', '\E', '\R', '\X', '\N', '\h', '\e', '\y', '[\B]', '[\k]', '[\1]', '\k', '\k<', '\k<n>', '(?<n>a)\k<m>', '(?<n>a)\k<n', '\1', '(a)\2',
  '(?<>a)', '(?<1>a)', '(?<n-m>a)', '(?<n>a)(?<n>b)', '\c', '\c1', '\x', '\x1', '\u', '\u12', '\u{}', '\u{110000}', '\u{12', '\u{g}', '\01', '[b-a]', '[\u{2}-\u{1}]',
  '\p', '\pL', '\p{', '\p{}', '\p{Foo}', '\p{letter}', '\p{Uppercase Letter}', '\p{ Lu}', '\p{^Lu}', '\p{L&}', '\p{Greek}', '\p{Script=greek}', '\p{sc=}', '\p{gc=Greek}', '\p{Block=Basic_Latin}', '\p{Lu=Y}', '\p{ASCII=Y}', '\p{alpha}', '\p{Xan}', '\p{IsGreek}'
]) p;

-- In ECMA-262, but PCRE2 cannot mean it.
SELECT p, is_valid(to_jsonb(p), '{"format": "regex"}') AS "has format regex", pg_temp.fault(p) FROM unnest(ARRAY[
  '(?<=a+)b', '(?<!a|b*)c', '(a)(?<=\1)b', '(?<=\1(a))b',
  '(?:(a)|b)*\1', '(?:(a)|b\1)*', '(?:(?:(a)|b)\1)*', '(?:(a)?b)+\1', '(a*)*\1', '(?:(?=(a))b?)*\1', '(?:(?<n>a)|b){2}\k<n>',
  'a{65536}', 'a{0,65536}', 'a{99999999999}', '\p{Changes_When_NFKC_Casefolded}'
]) p;

-- Near to these, and accepted.
SELECT p, pg_temp.fault(p) FROM unnest(ARRAY[
  '(?<=a|bc)d', '(?:(a)|b)\1', '(?:(a)\1|b)*', '(?:(a)|b)?\1', '(a)*\1', '(?:(?!(a))b)*\1', 'a{65535}', 'a{65535,}'
]) p;

-- However large or deep.
SELECT pg_temp.fault(repeat('a', 10000)), pg_temp.fault(repeat('a', 10001));
SELECT pg_temp.fault(repeat('(', 250) || repeat(')', 250)), pg_temp.fault(repeat('(', 251) || repeat(')', 251)), pg_temp.fault(repeat('(', 9999));
SELECT pg_temp.fault('((a{1000}){1000}){1000}');
