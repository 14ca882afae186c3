# What a core dump of a backend has of metadata: no key at any moment, and none
# of the values that the operations had in their hands.
use strict;
use warnings;

use Canary;
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $temporary = PostgreSQL::Test::Utils::tempdir();
my $key_file = write_keys('root.key', 2);

# A C library that fills what is freed would hide what is left there.
delete $ENV{MALLOC_PERTURB_};

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers'
customers.key_file = '$key_file'
shared_buffers = 2MB
autovacuum = off
});
$node->start;

my $functions = q{
	CREATE FUNCTION core(path text) RETURNS void
		LANGUAGE c AS '$libdir/customers_vault', 'vault_core';
	CREATE FUNCTION core_trigger() RETURNS trigger
		LANGUAGE c AS '$libdir/customers_vault', 'vault_core_trigger';
	CREATE FUNCTION core_after_sealing(customer customers.customer_id, path text) RETURNS void
		LANGUAGE c AS '$libdir/customers_vault', 'vault_core_after_sealing';
	CREATE FUNCTION core_after_call(function regproc, customer customers.customer_id, masked text, path text) RETURNS text
		LANGUAGE c AS '$libdir/customers_vault', 'vault_core_after_call';};
$node->safe_psql('postgres', "CREATE EXTENSION customers; SELECT customers.install(); $functions");
my $merchant = $node->safe_psql('postgres', "SELECT customers.create_merchant('M')");
$node->append_conf('postgresql.conf', "customers.merchant = '$merchant'");
$node->reload;
my $customer = $node->safe_psql('postgres', q{SELECT customers.create_customer(metadata => '{"note": "old"}')});

# The keys are what the independent reader comes by.
my $dump = "$temporary/dump.sql";
$node->command_ok([ 'pg_dump', '-h', $node->host, '-p', $node->port, '-f', $dump, 'postgres' ], 'pg_dump');
my ($out, $err) = run_command([ "$FindBin::RealBin/../tools/open_dump", '--keys', $key_file, $dump ]);
my @keys = map { [ split /\t/ ] } split /\n/, $out;
is_deeply([ map { $_->[0] } @keys ],
	[ 'root key', 'root key', 'merchant key', 'derived key 1', 'derived key 2', 'derived key 3', 'customer key' ], 'all keys are known');

my $cores = 0;
sub new_core
{
	$cores++;
	return "$temporary/core.$cores";
}

# has_no_key checks a core dump for either half of every key.
sub has_no_key
{
	my ($core, $name) = @_;
	my $content = slurp_file($core);
	my @found;

	ok(length $content > 1_000_000, "$name: there is a core dump");
	for my $key (@keys)
	{
		push @found, map { my $half = $_; map { "$key->[0]: $_" } forms_in($half, \$content) }
		  unpack('(a16)*', pack('H*', $key->[1]));
	}
	is_deeply(\@found, [], "$name: it has no key");
}

# After setting and reading in an ordinary session; what the session has said is there.
my $core = new_core();
$node->safe_psql('postgres', qq{
	SELECT customers.set_metadata('$customer', '{"note": "canary of the session"}');
	SELECT customers.get_metadata('$customer', 'note'), customers.metadata('$customer');
	SELECT core('$core'), 'canary of the statement';});
has_no_key($core, 'after a session');
ok(scalar files_with('canary of the statement', $core), 'the search finds what is there');

# In the midst of an operation, as a trigger sees it.
for my $table ('metadata', 'metadata_access', 'customer_key')
{
	$core = new_core();
	$node->safe_psql('postgres', qq{
		CREATE TRIGGER core BEFORE INSERT ON customers.$table FOR EACH ROW EXECUTE FUNCTION core_trigger('$core');
		SELECT customers.set_metadata('$customer', '{"note": "new"}'), customers.get_metadata('$customer', 'note');
		SELECT customers.create_customer(metadata => '{"note": "new"}');
		DROP TRIGGER core ON customers.$table;});
	has_no_key($core, "in a trigger of $table");
}

# Before anything has covered what sealing and opening left on the stack.
$core = new_core();
$node->safe_psql('postgres', "SELECT core_after_sealing('$customer', '$core')");
has_no_key($core, 'right after sealing');

# left_behind calls an operation with a value that nobody else has, and returns
# where it is found afterwards.
sub left_behind
{
	my ($database, $function, $who, $value, $expected_error) = @_;
	my $masked = join '', map { chr(ord($_) ^ 1) } split //, $value;
	my $core = new_core();

	is($node->safe_psql($database, "SELECT core_after_call('customers.$function', '$who', '$masked', '$core')"),
		$expected_error, "$function: as expected");
	has_no_key($core, $function);
	my @found = files_with($value, $core);
	unlink $core;
	return @found;
}
my $value = 'canary-Kw3hY8nRt5-of-an-operation';
my $digits = '7310584926153847209461530';
is_deeply([ left_behind('postgres', 'set_metadata', $customer, $value, '') ], [], 'set_metadata leaves no value');
is($node->safe_psql('postgres', "SELECT customers.get_metadata('$customer', 'note')"), $value, 'it was set');
is_deeply([ left_behind('postgres', 'get_metadata', $customer, $value, '') ], [], 'get_metadata leaves no value');
is_deeply([ left_behind('postgres', 'metadata', $customer, $value, '') ], [], 'metadata leaves no value');
is_deeply([ left_behind('postgres', 'set_metadata', $customer, $digits, '') ], [], 'nor the text of a number');
is($node->safe_psql('postgres', "SELECT customers.get_metadata('$customer', 'note')"), $digits, 'it was set');
is_deeply([ left_behind('postgres', 'get_metadata', $customer, $digits, '') ], [], 'nor when it is read');
is_deeply([ left_behind('postgres', 'create_customer', $customer, $value, '') ], [], 'create_customer leaves no value');
is_deeply([ left_behind('postgres', 'create_customer', $customer, $value, '') ], [],
	'nor when it is repeated');
is_deeply([ left_behind('postgres', 'create_customer', $customer, "$value-too",
			'idempotency key was used with other parameters') ], [],
	'nor when it is repeated with another value');

# Also when the operation fails.
my $long = $value x 20;
is_deeply([ left_behind('postgres', 'set_metadata', $customer, $long, 'the value of metadata key "note" is too long') ],
	[], 'set_metadata leaves no value that is refused');
my $card = '4111111111111111';
is_deeply([ left_behind('postgres', 'set_metadata', $customer, $card, 'the value of metadata key "note" contains a card number') ],
	[], 'nor a number that is refused');

# Nor when one value opens and the next does not.
$node->safe_psql('postgres', qq{
	SELECT customers.set_metadata('$customer', '{"note": "$value", "other": "value"}');
	UPDATE customers.metadata SET value = (SELECT value FROM customers.metadata WHERE customer_id = '$customer' AND key = 'note')
	WHERE customer_id = '$customer' AND key = 'other';});
is_deeply([ left_behind('postgres', 'metadata', $customer, $value, 'could not open a sealed value') ],
	[], 'metadata leaves no value when it fails');

# Nor in a database whose encoding is another one, where values are converted.
$node->safe_psql('postgres', q{CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0});
$node->safe_psql('latin', "CREATE EXTENSION customers; SELECT customers.install(); $functions");
my $other = $node->safe_psql('latin', "SELECT customers.create_merchant('L')");
$node->safe_psql('latin', "ALTER DATABASE latin SET customers.merchant = '$other'");
my $converted = $node->safe_psql('latin', 'SELECT customers.create_customer()');
is_deeply([ left_behind('latin', 'set_metadata', $converted, $value, '') ], [], 'set_metadata leaves no converted value');
is_deeply([ left_behind('latin', 'get_metadata', $converted, $value, '') ], [], 'get_metadata leaves none');
is_deeply([ left_behind('latin', 'metadata', $converted, $value, '') ], [], 'metadata leaves none');

$node->safe_psql('postgres', q{ALTER TABLE customers.metadata ADD CONSTRAINT never CHECK (false) NOT VALID});
is_deeply([ left_behind('postgres', 'set_metadata', $customer, $digits,
			'new row for relation "metadata" violates check constraint "never"') ],
	[], 'nor one that is not stored');

$node->stop;
done_testing();
