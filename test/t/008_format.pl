# The format of sealed values is the one that doc/format.md describes: published
# vectors of the cipher, the document's example, and a reader that shares no
# code with the extension.
use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = "$FindBin::RealBin/../..";
my $temporary = PostgreSQL::Test::Utils::tempdir();

# The example of the document: its key file and its rows.
my $document = slurp_file("$root/doc/format.md");
$document =~ /^## An example\n/m or die 'the document has no example';
my ($key_file, $rows) = substr($document, $+[0]) =~ /^```\n(.*?)^```\n.*?^```\n(.*?)^```\n/ms;
my $key_path = "$temporary/root.key";
append_to_file($key_path, $key_file);
chmod 0600, $key_path;
append_to_file("$temporary/example.sql", $rows);
my ($merchant, $customer) = map { $rows =~ /\b(${_}_\w{26})\t/ } qw(mer cus);

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ "--encoding=UTF8", "--no-locale" ]);
$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers'
customers.key_file = '$key_path'
});
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION customers;
	SELECT customers.install();
	CREATE FUNCTION seal_bytes(key bytea, nonce bytea, associated bytea, plaintext bytea) RETURNS bytea
		LANGUAGE c STRICT AS '$libdir/customers_vault', 'vault_seal_bytes';
	CREATE FUNCTION open_bytes(key bytea, nonce bytea, associated bytea, sealed bytea) RETURNS bytea
		LANGUAGE c STRICT AS '$libdir/customers_vault', 'vault_open_bytes';
	CREATE FUNCTION seal(key_id int8, key bytea, content int, merchant uuid, customer uuid, name bytea, nonce bytea,
		plaintext bytea) RETURNS bytea
		LANGUAGE c STRICT AS '$libdir/customers_vault', 'vault_seal';
});

# draft-irtf-cfrg-xchacha-03, appendix A.3.1.
my %vector = (
	key => join('', map { sprintf '%02x', $_ } 0x80 .. 0x9f),
	nonce => join('', map { sprintf '%02x', $_ } 0x40 .. 0x57),
	associated => '50515253c0c1c2c3c4c5c6c7',
	plaintext => unpack('H*', q{Ladies and Gentlemen of the class of '99: If I could offer you only one }
		  . q{tip for the future, sunscreen would be it.}),
	sealed => join('', qw(
		bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb
		731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452
		2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9
		21f9664c97637da9768812f615c68b13b52e c0875924c1c7987947deafd8780acf49)));

sub call
{
	my ($function, @arguments) = @_;
	return $node->safe_psql('postgres',
		"SELECT encode($function(" . join(', ', map { "'\\x$_'" } @arguments) . "), 'hex')");
}
is(call('seal_bytes', @vector{qw(key nonce associated plaintext)}),
	$vector{sealed}, 'the published vector is sealed');
is(call('open_bytes', @vector{qw(key nonce associated sealed)}),
	$vector{plaintext}, 'and opened');
for my $part (qw(key nonce associated sealed))
{
	my %changed = (%vector, $part => $vector{$part} =~ s/^./f/r);
	$changed{$part} =~ s/^f/0/ if $changed{$part} eq $vector{$part};
	is(call('open_bytes', @changed{qw(key nonce associated sealed)}),
		'', "with another $part it does not open");
}

# The example: sealed with the given keys and nonces it is what the document has.
my ($root_id) = $document =~ /the id of this root key is `([0-9a-f]{16})`/;
my ($merchant_key, $derived, $customer_key) = $document =~ /^\|.*`([0-9a-f]{64})` \|$/mg;
my @wrapped = $rows =~ /\\\\x([0-9a-f]+)/g;
chomp(my $root_key = $key_file);
my ($merchant_uuid, $customer_uuid) = split /\|/,
  $node->safe_psql('postgres', "SELECT '$merchant'::customers.merchant_id::uuid, '$customer'::customers.customer_id::uuid");
my @levels = (
	[ 'merchant key', $root_id, $root_key, 0, '00' x 16, '0000000000000001', 'a1', $merchant_key ],
	[ 'customer key', '0000000000000001', $derived, 1, $customer_uuid, '', 'a2', $customer_key ],
	[ 'value', '0000000000000001', $customer_key, 2, $customer_uuid, unpack('H*', 'crm_note'), 'a3',
	  unpack('H*', 'met at the fair') ]);
for my $i (0 .. 2)
{
	my ($level, $id, $key, $content, $uuid, $name, $nonce, $plaintext) = @{ $levels[$i] };
	is( $node->safe_psql('postgres', qq{
			SELECT encode(seal(x'$id'::int8, '\\x$key', $content, '$merchant_uuid', '$uuid', '\\x$name',
				decode(repeat('$nonce', 24), 'hex'), '\\x$plaintext'), 'hex')}),
		$wrapped[$i], "the example's $level");
}

# Its rows, brought into a store, open through the whole hierarchy of keys.
$node->safe_psql('postgres', qq{
	INSERT INTO customers.merchant (merchant_id, name, settings, created_at) VALUES ('$merchant', 'Example', '{}', now());
	INSERT INTO customers.customer (merchant_id, customer_id, created_at, updated_at)
	VALUES ('$merchant', '$customer', now(), now());});
$node->command_ok(
	[ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', $node->host, '-p', $node->port,
	  '-f', "$temporary/example.sql", 'postgres' ], 'the example is loaded');
is( $node->safe_psql('postgres', qq{
		SET customers.merchant = '$merchant';
		SELECT customers.get_metadata('$customer', 'crm_note')}),
	'met at the fair', 'and opens');

# The independent reader opens it too, and what the extension writes: under
# several root keys, in any order, with keys and values of any characters.
sub read_independently
{
	my (@arguments) = @_;
	my ($out, $err) = run_command([ "$root/test/tools/open_dump", @arguments ]);
	is($err, '', 'the reader does not complain');
	return $out;
}
is(read_independently($key_path, "$temporary/example.sql"),
	"$customer\tcrm_note\tmet at the fair", 'the reader opens the example');
like(read_independently('--keys', $key_path, "$temporary/example.sql"),
	qr/^root key\t$root_key\nmerchant key\t$merchant_key\nderived key 1\t$derived\n.*^customer key\t$customer_key$/ms,
	'and comes by its keys');

append_to_file($key_path, 'ab' x 32 . "\n");
$node->restart;
my $second = $node->safe_psql('postgres', q{SELECT customers.create_merchant('Second')});
my $other = $node->safe_psql('postgres', qq{
	SET client_encoding = 'UTF8';
	SET customers.merchant = '$second';
	SELECT customers.create_customer(metadata => jsonb_build_object(
		'tab' || chr(9) || 'key', 'a', 'line' || chr(10) || chr(8232), 'b', 'back\\slash', 'c', 'Łódź', '🎈'));});
$node->safe_psql('postgres', qq{
	SET customers.merchant = '$merchant';
	SELECT customers.set_metadata('$customer', jsonb_build_object('empty', ' ', 'long', repeat('é', 500)))});
is( $node->safe_psql('postgres', q{SELECT count(DISTINCT substr(wrapped::text, 5, 16)) FROM customers.merchant_key}),
	'2', 'two root keys are in use');
$node->command_ok(
	[ 'pg_dump', '-h', $node->host, '-p', $node->port, '-f', "$temporary/dump.sql", 'postgres' ], 'a dump');
my $opened = read_independently($key_path, "$temporary/dump.sql");
for my $line ("$customer\tcrm_note\tmet at the fair", "$customer\tempty\t ", "$customer\tlong\t" . 'é' x 500,
	"$other\ttab\tkey\ta", "$other\tline\n\xe2\x80\xa8\tb", "$other\tback\\slash\tc", "$other\tŁódź\t🎈")
{
	ok(index("$opened\n", "$line\n") >= 0, 'the reader opens every value');
}
my $foreign = "$temporary/foreign.key";
append_to_file($foreign, '12' x 32 . "\n");
command_fails([ "$root/test/tools/open_dump", $foreign, "$temporary/dump.sql" ], 'and nothing without the key');
$node->stop;

done_testing();
