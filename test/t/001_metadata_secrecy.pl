# What a thief of the disk, of the WAL, of the log or of a dump gets of
# metadata is nothing; and reading it back works, also on a standby.
use strict;
use warnings;

use Canary;
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $secret = 'canary-Qx7vN2kLw9-in-metadata';
my $control = 'canary-Rj4tB8sHm3-in-context';
my $refused = 'canary-Uf5pD6gZc1-in-an-error';

my $node = PostgreSQL::Test::Cluster->new('main');
my $key_file = write_keys('root.key', 1);

$node->init(allows_streaming => 1);
$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers'
customers.key_file = '$key_file'
autovacuum = off
max_prepared_transactions = 5
log_statement = all
log_min_duration_statement = 0
log_parameter_max_length = 0
log_error_verbosity = verbose
});
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION customers; SELECT customers.install();');
my $merchant = $node->safe_psql('postgres', "SELECT customers.create_merchant('M')");
$node->append_conf('postgresql.conf', "customers.merchant = '$merchant'");
$node->reload;
$node->safe_psql('postgres', q{SELECT customers.define_context_field('note', '{"type": "string"}')});
my $customer = $node->safe_psql('postgres',
	qq{SELECT customers.create_customer('control', '{"note": "$control"}')});

# The secrets come as bound parameters.
my $script = PostgreSQL::Test::Utils::tempdir() . '/script';
append_to_file($script,
	"SELECT customers.set_metadata(:customer, jsonb_build_object('note', :value::text));\n");
sub set_bound
{
	my ($value) = @_;
	return run_command(
		[ 'pgbench', '-n', '-M', 'extended', '-t', '1', '-f', $script,
		  '-D', "customer=$customer", '-D', "value=$value",
		  '-h', $node->host, '-p', $node->port, 'postgres' ]);
}
# The key is searchable, so there are digests as well.
$node->safe_psql('postgres', q{SELECT customers.define_metadata_key('note', true)});
my ($out, $err) = set_bound($secret);
unlike($err, qr/error/i, 'metadata is set by a bound parameter');
($out, $err) = set_bound($refused x 20);
like($err, qr/the value of metadata key "note" is too long/, 'a value is refused');
unlike($err, qr/\Q$refused\E/, 'the error does not show the value');
is($node->safe_psql('postgres', "SELECT customers.get_metadata('$customer', 'note')"),
	$secret, 'the value is read back');
is($node->safe_psql('postgres', "SELECT customers.metadata('$customer')->>'note'"),
	$secret, 'and with all of them');

# So is the token of a payment method, which only the processor gets.
my $token = 'canary-Wm9cS4yEb7-as-a-token';
my $saving = PostgreSQL::Test::Utils::tempdir() . '/saving';
append_to_file($saving, "SELECT customers.save_payment_method(:customer, 'card', :value::text);\n");
($out, $err) = run_command(
	[ 'pgbench', '-n', '-M', 'extended', '-t', '1', '-f', $saving, '-D', "customer=$customer", '-D', "value=$token",
	  '-h', $node->host, '-p', $node->port, 'postgres' ]);
unlike($err, qr/error/i, 'a token is saved by a bound parameter');
$node->safe_psql('postgres', "SELECT customers.commit_payment(customers.create_payment('$customer', '{10.00 EUR}'))");
is($node->safe_psql('postgres', "SELECT token FROM customers.claim_commits(10, '1 minute')"),
	$token, 'a claim opens it');
unlike($node->safe_psql('postgres', "SELECT customers.export_customer('$customer')"),
	qr/\Q$token\E/, 'an export does not');
is($node->safe_psql('postgres', "SELECT count(*) FROM customers.metadata_access WHERE keys && '{card,token}'"),
	'0', 'and that is no read of metadata');
my $search = PostgreSQL::Test::Utils::tempdir() . '/search';
append_to_file($search, "SELECT count(*) FROM customers.find_by_metadata('note', :value::text);\n");
($out, $err) = run_command(
	[ 'pgbench', '-n', '-M', 'extended', '-t', '1', '-f', $search, '-D', "value=$secret",
	  '-h', $node->host, '-p', $node->port, 'postgres' ]);
unlike($err, qr/error/i, 'it is searched by a bound parameter');
is($node->safe_psql('postgres', 'SELECT found FROM customers.metadata_access WHERE customer_id IS NULL'),
	"{$customer}", 'and found');

# Many at once: the keys of the merchant and the customer are made by whoever
# is first, and every value opens.
my $race = PostgreSQL::Test::Utils::tempdir() . '/race';
append_to_file($race, q{
\set n random(1, 5)
SELECT customers.ensure_customer('race ' || :n);
SELECT customers.set_metadata(customers.find_customer('race ' || :n), jsonb_build_object('key ' || :client_id, 'value of ' || :client_id));
});
my $racing = $node->safe_psql('postgres', "SELECT customers.create_merchant('Race')");
{
	local $ENV{PGOPTIONS} = "-c customers.merchant=$racing";
	$node->command_ok(
		[ 'pgbench', '-n', '-c', '8', '-t', '20', '-f', $race,
		  '-h', $node->host, '-p', $node->port, 'postgres' ],
		'concurrent callers set metadata');
	is( $node->safe_psql('postgres', q{
		SELECT count(*) FROM customers.metadata m
		WHERE customers.get_metadata(m.customer_id, m.key) = replace(m.key, 'key', 'value of')
		AND merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()}),
		$node->safe_psql('postgres', q{
		SELECT count(*) FROM customers.metadata
		WHERE merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()}),
		'every value opens');
	is( $node->safe_psql('postgres', q{
		SELECT count(*) FROM customers.merchant_key
		WHERE merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()}),
		'1', 'the merchant has one key');
}

# Eight callers want to add a key each where one is left.
my $full = $node->safe_psql('postgres', q{SELECT customers.create_customer('full')});
$node->safe_psql('postgres', qq{
	SELECT customers.set_metadata('$full', jsonb_object_agg('key ' || n, n)) FROM generate_series(1, 49) n});
my $last = PostgreSQL::Test::Utils::tempdir() . '/last';
append_to_file($last,
	"SELECT customers.set_metadata('$full', jsonb_build_object('last ' || :client_id, 'x'));\n");
run_command(
	[ 'pgbench', '-n', '-c', '8', '-t', '1', '-f', $last,
	  '-h', $node->host, '-p', $node->port, 'postgres' ]);
is($node->safe_psql('postgres', "SELECT cardinality(customers.metadata_keys('$full'))"),
	'50', 'concurrent callers do not exceed the limit together');

# What is on the disk, in the WAL, in the log and in a dump.
$node->safe_psql('postgres', 'CHECKPOINT');
my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump.sql';
$node->command_ok(
	[ 'pg_dump', '-h', $node->host, '-p', $node->port, '-f', $dump, 'postgres' ], 'pg_dump');
my $data = $node->data_dir;
is_deeply([ files_with($control, "$data/base") ? 1 : 0, files_with($control, "$data/pg_wal") ? 1 : 0,
			files_with($control, $dump) ? 1 : 0, files_with($control, $node->logfile) ? 1 : 0 ],
	[ 1, 1, 1, 1 ], 'what is not sealed is found everywhere, so the search works');
my @forms = sort keys %{ { forms($secret) } };
append_to_file("$dump.forms", join("\n", map { 'x' . { forms($secret) }->{$_} . 'xxx' } @forms));
is(scalar files_with($secret, "$dump.forms"), scalar @forms, 'and every form is found');
like(slurp_file($node->logfile), qr/SELECT customers\.set_metadata/, 'statements are logged');
for my $text ($secret, $refused, $token)
{
	is_deeply([ files_with($text, $data, $dump, $node->logfile) ], [], "$text is found nowhere");
}

# The root keys are nowhere either.
for my $key (split /\n/, slurp_file($key_file))
{
	is_deeply([ files_with($key, $data, $dump, $node->logfile) ], [], 'the root key is not found as text');
	is_deeply([ files_with(pack('H*', $key), $data, $dump, $node->logfile) ], [], 'nor in bytes');
}

# A dump restored into another database of this server opens.
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok(
	[ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', $node->host, '-p', $node->port,
	  '-f', $dump, 'restored' ], 'the dump restores');
is($node->safe_psql('restored', "SELECT customers.get_metadata('$customer', 'note')"),
	$secret, 'the value opens in a restored dump');
$node->safe_psql('restored', q{UPDATE customers.payment_commit SET claimable_at = now()});
is($node->safe_psql('restored', "SELECT token FROM customers.claim_commits(10, '1 minute')"),
	$token, 'so does the token');

# Also where the encoding of the database is another one.
$node->safe_psql('postgres', q{
	CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0;
	CREATE DATABASE unicode ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0;});
{
	local $ENV{PGCLIENTENCODING} = 'UTF8';
	my ($status, $read);
	$node->safe_psql('latin', q{CREATE EXTENSION customers; SELECT customers.install();});
	my $other = $node->safe_psql('latin', "SELECT customers.create_merchant('L')");
	my $elodie = $node->safe_psql('latin', qq{
		SET customers.merchant = '$other';
		SELECT customers.create_customer('e', metadata => '{"pr\xc3\xa9nom": "\xc3\x89lodie"}');});
	my $question = qq{
		SET customers.merchant = '$other';
		SELECT customers.get_metadata('$elodie', 'pr\xc3\xa9nom') = '\xc3\x89lodie',
			customers.metadata('$elodie')->>'pr\xc3\xa9nom' = '\xc3\x89lodie',
			customers.find_by_metadata('pr\xc3\xa9nom', '\xc3\x89lodie') = '$elodie';};
	$node->safe_psql('latin', qq{
		SET customers.merchant = '$other'; SELECT customers.define_metadata_key('pr\xc3\xa9nom', true)});
	is($node->safe_psql('latin', $question), 't|t|t', 'metadata is read and searched in LATIN1');
	$node->command_ok(
		[ 'pg_dump', '-h', $node->host, '-p', $node->port, '-f', "$dump.latin", 'latin' ], 'its dump');
	$node->command_ok(
		[ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', $node->host, '-p', $node->port,
		  '-f', "$dump.latin", 'unicode' ], 'restores in UTF8');
	is($node->safe_psql('unicode', $question), 't|t|t', 'and opens and is found there');
}

# So it does for an independent reader, with the key file.
($out, $err) = run_command([ "$FindBin::RealBin/../tools/open_dump", $key_file, $dump ]);
like($out, qr/^\Q$customer\E\tnote\t\Q$secret\E$/m, 'an independent reader opens the dump');
is($err, '', 'without complaint');

# Reads that can leave no row leave a message in the log.
my $recorded = $node->safe_psql('postgres', 'SELECT count(*) FROM customers.metadata_access');
my $at = -s $node->logfile;
is($node->safe_psql('postgres', "BEGIN READ ONLY; SELECT customers.get_metadata('$customer', 'note'); COMMIT;"),
	$secret, 'a read-only transaction reads');
like(slurp_file($node->logfile, $at),
	qr/metadata of a customer was read\n.*DETAIL:.*Customer "$customer", merchant "$merchant", role "[^"]+", session role "[^"]+", keys: "note"\./,
	'which goes to the log');
$at = -s $node->logfile;
$node->safe_psql('postgres', "BEGIN; SELECT customers.get_metadata('$customer', 'note'); ROLLBACK;");
like(slurp_file($node->logfile, $at),
	qr/read in a transaction that was rolled back\n.*DETAIL:.*Customer "$customer".*"note"\./,
	'a read that is rolled back goes to the log');
$at = -s $node->logfile;
is($node->safe_psql('postgres', q{BEGIN READ ONLY; SELECT customers.find_by_metadata('note', 'nobody'); COMMIT;}),
	'', 'a read-only transaction searches');
like(slurp_file($node->logfile, $at),
	qr/metadata of customers was searched\n.*DETAIL:.*Found none, merchant "$merchant", role "[^"]+", session role "[^"]+", keys: "note"\./,
	'which goes to the log');
$node->safe_psql('postgres', qq{SELECT customers.set_metadata('$customer', '{"plain": "x"}')});
$node->safe_psql('postgres', q{SELECT customers.define_metadata_key('plain', true)});
$at = -s $node->logfile;
$node->safe_psql('postgres', q{BEGIN; SELECT customers.find_by_metadata('plain', 'x'); ROLLBACK;});
like(slurp_file($node->logfile, $at),
	qr/searched in a transaction that was rolled back\n.*DETAIL:.*Found "$customer", merchant.*"plain"\./,
	'a search that is rolled back goes to the log');
$at = -s $node->logfile;
$node->safe_psql('postgres', qq{
	BEGIN; SAVEPOINT a; SAVEPOINT b; SELECT customers.get_metadata('$customer', 'inner');
	RELEASE b; ROLLBACK TO a; SELECT customers.get_metadata('$customer', 'outer'); COMMIT;});
like(slurp_file($node->logfile, $at), qr/rolled back\n.*DETAIL:.*"inner"\./, 'so does one of a subtransaction');
unlike(slurp_file($node->logfile, $at), qr/rolled back\n.*DETAIL:.*"outer"\./, 'and no other');
$at = -s $node->logfile;
$node->safe_psql('postgres', qq{
	BEGIN; SELECT customers.get_metadata('$customer', 'note'); PREPARE TRANSACTION 'p'; ROLLBACK PREPARED 'p';});
like(slurp_file($node->logfile, $at), qr/in a transaction that was prepared\n.*DETAIL:.*"note"\./,
	'so does one of a prepared transaction');
is($node->safe_psql('postgres', 'SELECT count(*) FROM customers.metadata_access'),
	$recorded + 1, 'only the committed read has left a row');

# Nor do more reads than one transaction keeps hide those of a subtransaction.
$at = -s $node->logfile;
$node->safe_psql('postgres', qq{
	BEGIN; SELECT count(customers.get_metadata('$customer', 'note')) FROM generate_series(1, 1000);
	SAVEPOINT a; SELECT customers.get_metadata('$customer', 'hidden'); ROLLBACK TO a; COMMIT;});
like(slurp_file($node->logfile, $at), qr/metadata of a customer was read\n.*DETAIL:.*"hidden"\./,
	'a read beyond those that are kept goes to the log');

# A standby reads, and writes its log.
$node->backup('copy');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'copy', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby);
is($standby->safe_psql('postgres', "SELECT customers.get_metadata('$customer', 'note')"),
	$secret, 'a standby reads');
like(slurp_file($standby->logfile), qr/metadata of a customer was read\n.*DETAIL:.*Customer "$customer"/,
	'which goes to its log');
is($standby->safe_psql('postgres', q{SELECT customers.find_by_metadata('plain', 'x')}),
	$customer, 'a standby searches');
like(slurp_file($standby->logfile), qr/metadata of customers was searched\n.*DETAIL:.*Found "$customer"/,
	'which goes to its log');
$standby->stop;

is_deeply([ map { files_with($_, $data, $dump, $node->logfile, $standby->logfile) } $secret, $token ], [],
	'after all of this the secrets are still found nowhere');
$node->stop;

done_testing();
