# Schemas as data and as rules: a dump takes them to another database, in plain
# and in binary form, and they go on checking there.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('schemas');
$node->init;
$node->start;
$node->safe_psql('postgres', q{
CREATE EXTENSION customers;
CREATE TABLE kind (name text PRIMARY KEY, schema customers.json_schema NOT NULL);
INSERT INTO kind VALUES
  ('any', 'true'),
  ('address', '{"type": "object", "required": ["city"], "properties": {"city": {"type": "string", "pattern": "^[A-Z]"}}}'),
  ('old', '{"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "integer"}]}'),
  ('schema', '{"$ref": "https://json-schema.org/draft/2020-12/schema"}'),
  ('large', (SELECT jsonb_build_object('properties', jsonb_object_agg('property_' || n, jsonb_build_object('minimum', n)))
               FROM generate_series(1, 3000) AS n));
CREATE TABLE product (
  id int PRIMARY KEY,
  kind text REFERENCES kind,
  data jsonb NOT NULL CHECK (customers.is_valid(data, '{"type": "object", "properties": {"size": {"type": "integer"}}}')),
  old json CHECK (customers.json_matches_schema('{"maxProperties": 1}', old)),
  has_size bool GENERATED ALWAYS AS (customers.is_valid(data, '{"required": ["size"]}')) STORED
);
CREATE INDEX product_sized ON product (id) WHERE customers.is_valid(data, '{"required": ["size"]}');
INSERT INTO product VALUES (1, 'any', '{"size": 42}', '{"a": 1}'), (2, 'address', '{}', NULL);
});

my $content = q{SELECT name, md5(schema::text) FROM kind ORDER BY name;
SELECT * FROM product ORDER BY id;
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'product'::regclass ORDER BY conname;
SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'product'::regclass;
SELECT pg_get_indexdef('product_sized'::regclass);
SELECT name, customers.is_valid('{"city": "Lyon", "property_3000": 3000}', schema),
       customers.is_valid('{"city": "lyon", "property_3000": 2999}', schema),
       customers.is_valid('["x"]', schema)
  FROM kind ORDER BY name;};
my $expected = $node->safe_psql('postgres', $content);
like($expected, qr/^schema\|t\|t\|f$/m, 'a schema for schemas checks');
like($expected, qr/^large\|t\|f\|t$/m, 'a large one checks out of line');

my $folder = PostgreSQL::Test::Utils::tempdir();
for my $format ('plain', 'custom')
{
	$node->command_ok([ 'pg_dump', "--format=$format", "--file=$folder/$format", 'postgres' ], "$format dump");
	$node->safe_psql('postgres', "CREATE DATABASE $format");
	$node->command_ok(
		$format eq 'plain'
		? [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$folder/$format", $format ]
		: [ 'pg_restore', '--exit-on-error', '--dbname', $format, "$folder/$format" ],
		"$format restore");
	is($node->safe_psql($format, $content), $expected, "everything is there after a $format dump");

	for my $refused ([ '{"size": "M"}', '{}' ], [ '{}', '{"a": 1, "b": 2}' ])
	{
		my ($status, $out, $error) = $node->psql($format,
			sprintf q{INSERT INTO product (id, data, old) VALUES (9, '%s', '%s')}, @$refused);
		like($error, qr/violates check constraint/, "$refused->[0] with $refused->[1] is refused after a $format dump");
	}
}

# In binary form only the source travels; what arrives is compiled there.
$node->safe_psql('postgres', "COPY kind TO '$folder/binary' (FORMAT binary)");
$node->safe_psql('plain', "TRUNCATE kind CASCADE; COPY kind FROM '$folder/binary' (FORMAT binary)");
is($node->safe_psql('plain', 'SELECT count(*), md5(string_agg(schema::text, name ORDER BY name)) FROM kind'),
	$node->safe_psql('postgres', 'SELECT count(*), md5(string_agg(schema::text, name ORDER BY name)) FROM kind'),
	'a binary copy has the same schemas');
is($node->safe_psql('plain', q{SELECT customers.is_valid('{"city": "lyon"}', schema) FROM kind WHERE name = 'address'}),
	'f', 'and they check');

done_testing();
