# import_staged(): killed it has kept whole batches and goes on when it is called
# again; two at once make one customer of each reference; memory is bounded.
use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $documents = 20000;
my $node = PostgreSQL::Test::Cluster->new('import');
$node->init;
$node->append_conf('postgresql.conf', "shared_preload_libraries = 'customers'\nautovacuum = off\nrestart_after_crash = on\n");
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION customers;
	SELECT customers.install();
	CREATE TABLE merchant AS SELECT customers.create_merchant('Import') AS id;
	SELECT customers.use_merchant(id) FROM merchant;
	SELECT customers.define_context_field('email', '{"type": "string", "format": "email"}', 'create');
	SELECT format('ALTER DATABASE postgres SET customers.merchant = %L', id) FROM merchant \gexec
	CREATE UNLOGGED TABLE staging (ordinal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, document jsonb, error text);
});

# stage fills the staging table, with a bad document in each 1,000.
sub stage
{
	my ($prefix) = @_;
	$node->safe_psql('postgres', qq{
		TRUNCATE staging;
		INSERT INTO staging (document)
		SELECT jsonb_build_object('reference', '$prefix-' || n, 'context',
		                          jsonb_build_object('email', CASE n % 1000 WHEN 0 THEN 'bad' ELSE n || '\@example.com' END))
		  FROM generate_series(1, $documents) AS n});
}

# import_in_background begins an import in a session of its own.
sub import_in_background
{
	my ($out, $err) = ('', '');
	my $run = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', "CALL customers.import_staged('staging')" ],
		'>', \$out, '2>', \$err);
	return { run => $run, out => \$out, err => \$err };
}

sub count_imported
{
	my ($prefix) = @_;
	return $node->safe_psql('postgres', "SELECT count(*) FROM customers.customer WHERE reference LIKE '$prefix-%'");
}

# Killed in the midst.
stage('kill');
my $killed = import_in_background();
$node->poll_query_until('postgres', "SELECT count(*) > 0 FROM customers.customer WHERE reference LIKE 'kill-%'")
  or die 'nothing is imported';
my $pid = $node->safe_psql('postgres', "SELECT pid FROM pg_stat_activity WHERE query LIKE 'CALL %'");
kill 'KILL', $pid if $pid;
$killed->{run}->finish;
$node->poll_query_until('postgres', 'SELECT true') or die 'the server does not come back';

# What is unlogged is empty after a crash: the file is loaded again.
my $kept = count_imported('kill');
cmp_ok($kept, '>', 0, "a killed import has kept batches ($kept customers)");
stage('kill');
is($node->safe_psql('postgres', "CALL customers.import_staged('staging')"),
	($documents * 999 / 1000 - $kept) . "|$kept|" . $documents / 1000, 'the next call imports the rest');
is(count_imported('kill'), $documents * 999 / 1000, 'nobody is there twice');
is($node->safe_psql('postgres', 'SELECT count(*), min(error) FROM staging WHERE error IS NOT NULL'),
	$documents / 1000 . '|email: is not in the format "email"', 'bad documents are reported by their ordinals');

# Two at once.
stage('both');
my @both = (import_in_background(), import_in_background());
$_->{run}->finish for @both;
my ($created, $existing) = (0, 0);
for my $import (@both)
{
	unlike(${ $import->{err} }, qr/ERROR/, 'an import beside another succeeds');
	my @counts = split /\|/, ${ $import->{out} };
	$created += $counts[0];
	$existing += $counts[1];
}
is("$created|$existing", join('|', ($documents * 999 / 1000) x 2), 'each reference was created by one of them');
is(count_imported('both'), $documents * 999 / 1000, 'and is there once');

# The session's own memory does not grow with the number of documents.
stage('memory');
my $private = q{SELECT (regexp_match(pg_read_file('/proc/' || pg_backend_pid() || '/status'), 'RssAnon:\s+(\d+)'))[1]};
my ($before, $after) = (split /\n/, $node->safe_psql('postgres', qq{
	CALL customers.import_staged('staging');
	$private;
	CALL customers.import_staged('staging');
	CALL customers.import_staged('staging');
	CALL customers.import_staged('staging');
	$private}))[1, -1];
cmp_ok($after - $before, '<', 4096, "four imports need no more memory than one ($before kB, $after kB)");

$node->stop;
done_testing();
