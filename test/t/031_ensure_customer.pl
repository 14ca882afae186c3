# However many ask at once, and at any isolation level: one customer for each
# reference, one for each idempotency key, and everybody gets that one.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $clients = 16;
my $calls = 40;
my $references = 30;

my $node = PostgreSQL::Test::Cluster->new('ensure');
$node->init;
$node->append_conf('postgresql.conf', "shared_preload_libraries = 'customers'\nfsync = off");
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION customers;
	SELECT customers.install();
	CREATE TABLE given (name text, customer customers.customer_id, created bool)});

# run has all clients call an operation, each in a transaction of its own, at an
# isolation level, and repeat what fails to serialize.
sub run
{
	my ($name, $level, $script) = @_;
	my $merchant = $node->safe_psql('postgres', "SELECT customers.create_merchant('$name, $level')");
	my $path = $node->basedir . '/script.sql';

	unlink $path;
	append_to_file($path, $script);
	local $ENV{PGOPTIONS} = "-c customers.merchant=$merchant -c default_transaction_isolation=" . ($level =~ s/ /\\ /r);
	$node->command_checks_all(
		[ 'pgbench', '-n', '-c', $clients, '-j', 2, '-t', $calls, '--max-tries=1000', '-f', $path, 'postgres' ],
		0,
		[ qr/number of transactions actually processed: @{[ $clients * $calls ]}\/@{[ $clients * $calls ]}/,
			qr/number of failed transactions: 0 / ],
		[],
		"$name, $level: every call succeeds, at last");
	return $merchant;
}

# check tells what holds of all customers that the calls have given.
sub check
{
	my ($name, $merchant, $count) = @_;
	is($node->safe_psql('postgres', "SELECT count(*), count(DISTINCT reference) FROM customers.customer WHERE merchant_id = '$merchant'"),
		"$count|$count", "$name: one customer for each");
	is($node->safe_psql('postgres', q{SELECT count(*) FROM (SELECT name FROM given GROUP BY name HAVING count(DISTINCT customer) > 1) AS different}),
		'0', "$name: everybody gets the same");
	is($node->safe_psql('postgres', "SELECT count(*) FROM given WHERE NOT EXISTS (SELECT FROM customers.customer c
			WHERE c.merchant_id = '$merchant' AND c.customer_id = customer AND c.reference = name)"),
		'0', "$name: and that is the one with the reference");
	is($node->safe_psql('postgres', 'SELECT count(*) FROM given'), $clients * $calls, "$name: all have got one");
}

for my $level ('read committed', 'repeatable read', 'serializable')
{
	my $merchant = run('ensure_customer', $level, qq{
\\set reference random(1, $references)
WITH ensured AS MATERIALIZED (SELECT * FROM customers.ensure_customer('c' || :reference))
INSERT INTO given SELECT 'c' || :reference, customer, created FROM ensured;
});
	check("ensure_customer, $level", $merchant, $references);
	is($node->safe_psql('postgres', 'SELECT count(*) FROM given WHERE created'), $references, "ensure_customer, $level: one has created it");
	$node->safe_psql('postgres', 'TRUNCATE given');

	# The same key always comes with the same parameters.
	$merchant = run('create_customer', $level, qq{
\\set call random(1, $references)
WITH made AS MATERIALIZED (SELECT customers.create_customer('k' || :call, idempotency_key => 'key ' || :call) AS customer)
INSERT INTO given SELECT 'k' || :call, customer FROM made;
});
	check("create_customer, $level", $merchant, $references);
	$node->safe_psql('postgres', 'TRUNCATE given');
}

$node->stop;
done_testing();
