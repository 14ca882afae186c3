# Many workers at once get every commit exactly once, also when workers die; and
# the worker of doc/processor.md does its work.
use strict;
use warnings;

use Cwd;
use File::Basename;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = Cwd::abs_path(dirname(__FILE__) . '/../..');
my $temporary = PostgreSQL::Test::Utils::tempdir();
my $node = PostgreSQL::Test::Cluster->new('main');
my $key_file = "$temporary/root.key";
append_to_file($key_file, '5a' x 32 . "\n");
chmod 0600, $key_file;
$node->init;
$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers'
customers.key_file = '$key_file'
});
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION customers; SELECT customers.install();');
my $merchant = $node->safe_psql('postgres', "SELECT customers.create_merchant('M')");
$node->append_conf('postgresql.conf', "customers.merchant = '$merchant'");
$node->reload;

# make_commits makes as many commits of new customers, each with a token of its own.
sub make_commits
{
	my ($count, $value) = (@_, '10.00 EUR');
	$node->safe_psql('postgres', qq{
		DO \$\$
		DECLARE
			customer customers.customer_id;
		BEGIN
			FOR n IN 1 .. $count LOOP
				customer := customers.create_customer();
				PERFORM customers.save_payment_method(customer, 'card', 'tok_' || customer);
				PERFORM customers.commit_payment(customers.create_payment(customer, '{$value}'));
			END LOOP;
		END \$\$});
}

sub count_of
{
	my ($condition) = @_;
	return $node->safe_psql('postgres', "SELECT count(*) FROM customers.payment_commit WHERE $condition");
}

# Eight workers claim in small portions until nothing is left.
make_commits(400);
$node->safe_psql('postgres', 'CREATE TABLE claimed (worker int, commit_id customers.commit_id, token text, of customers.customer_id)');
append_to_file("$temporary/claim", q{
INSERT INTO claimed SELECT :client_id, commit_id, token, customer_id FROM customers.claim_commits(7, '1 hour');
});
$node->command_ok(
	[ 'pgbench', '-n', '-c', '8', '-j', '2', '-t', '30', '-f', "$temporary/claim",
	  '-h', $node->host, '-p', $node->port, 'postgres' ], 'eight workers claim');
is($node->safe_psql('postgres', 'SELECT count(*), count(DISTINCT commit_id) FROM claimed'), '400|400',
	'each commit went to one of them');
is(count_of('attempt = 1'), '400', 'once');
is($node->safe_psql('postgres', q{SELECT count(*) FROM claimed WHERE token = 'tok_' || of}), '400', 'with the token of its method');

# They report, all at once, and some twice: money is counted once.
append_to_file("$temporary/resolve", q{
\set n random(0, 399)
SELECT customers.resolve_commit(commit_id, 'succeeded') FROM claimed ORDER BY commit_id OFFSET :n LIMIT 1;
});
$node->command_ok(
	[ 'pgbench', '-n', '-c', '8', '-j', '2', '-t', '100', '-f', "$temporary/resolve",
	  '-h', $node->host, '-p', $node->port, 'postgres' ], 'they report');
$node->safe_psql('postgres', q{SELECT customers.resolve_commit(commit_id, 'succeeded') FROM claimed});
is($node->safe_psql('postgres', q{SELECT status, count(*), sum(received) FROM customers.payment GROUP BY status}),
	'paid|400|4000.00 EUR', 'each payment is paid once');
is($node->safe_psql('postgres', q{SELECT max(c) FROM (SELECT count(*) c FROM customers.payment_event WHERE event = 'succeed' GROUP BY payment_id) e}),
	'1', 'by one event');

# A worker that dies in its transaction has claimed nothing.
make_commits(1);
my $worker = $node->background_psql('postgres');
$worker->query_safe('BEGIN');
is($worker->query_safe(q{SELECT count(*) FROM customers.claim_commits(10, '1 hour')}), '1', 'a worker claims');
my $pid = $worker->query_safe('SELECT pg_backend_pid()');
is($node->safe_psql('postgres', q{SELECT count(*) FROM customers.claim_commits(10, '1 hour')}), '0', 'another gets nothing');
$node->safe_psql('postgres', "SELECT pg_terminate_backend($pid, 60000)");
eval { $worker->quit };
is($node->safe_psql('postgres', q{SELECT count(*) || ' ' || max(attempt) FROM customers.claim_commits(10, '1 hour')}), '1 1',
	'until the first is killed');

# One that dies later leaves the commit for when its lease runs out.
make_commits(1);
is($node->safe_psql('postgres', q{SELECT attempt FROM customers.claim_commits(10, '1 millisecond')}), '1', 'a worker claims and dies');
is($node->safe_psql('postgres', q{SELECT pg_sleep(0.01); SELECT attempt, status FROM customers.claim_commits(10, '1 hour')}),
	"\n2|submitted", 'another claims again, and is told that it is the second');
is($node->safe_psql('postgres', q{SELECT attempt FROM customers.claim_commits(10, '1 hour')}), '', 'and nobody else');

# The worker of the documentation, with a provider that has charged one commit
# already, for a worker that died, and declines another.
SKIP: {
	skip 'no psycopg2', 6 unless IPC::Run::run([ 'python3', '-c', 'import psycopg2' ], '>&', \my $ignored);

	my ($worker_source) = slurp_file("$root/doc/processor.md") =~ /^```python\n(.*?)^```/ms;
	# It sleeps for a day, so that only a notification wakes it.
	ok($worker_source =~ s/\b60\)/86400)/, 'the worker of doc/processor.md sleeps');
	append_to_file("$temporary/worker.py", $worker_source);
	append_to_file("$temporary/provider.py", q{
def charge(commit, idempotency_key):
    print("charge", commit["attempt"], idempotency_key == commit["commit_id"], commit["token"] == "tok_" + commit["customer_id"], flush=True)
    if commit["value"] == "66.00 EUR":
        return {"outcome": "declined", "code": "lost_card"}
    return {"outcome": "succeeded", "value": commit["value"], "reference": "ch_new"}

def look_up(commit):
    print("look up", commit["attempt"], flush=True)
    return {"outcome": "succeeded", "reference": "ch_old"}
});
	$node->safe_psql('postgres', q{SELECT customers.resolve_commit(commit_id, 'cancelled') FROM customers.payment_commit WHERE status = 'submitted'});
	make_commits(1);
	$node->safe_psql('postgres', q{SELECT customers.claim_commits(10, '1 microsecond')});
	make_commits(2);
	make_commits(1, '66.00 EUR');
	my $output = '';
	my $run = IPC::Run::start([ 'env', "PYTHONPATH=$temporary", 'PYTHONDONTWRITEBYTECODE=1', 'python3', "$temporary/worker.py", $node->connstr('postgres') ],
		'<', \'', '>&', \$output, IPC::Run::timeout(60));
	ok($node->poll_query_until('postgres', q{SELECT count(*) = 0 FROM customers.payment_commit WHERE status = 'submitted'}),
		'the worker of doc/processor.md does all the work') or diag($output);
	$node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_stat_activity
		WHERE state = 'idle' AND query LIKE '%claim_commits%' AND state_change < clock_timestamp() - interval '0.5 s'});
	make_commits(1);
	ok($node->poll_query_until('postgres', q{SELECT count(*) = 0 FROM customers.payment_commit WHERE status = 'submitted'}),
		'a notification wakes it') or diag($output);
	$run->pump_nb;
	$run->kill_kill;
	my @said = sort split /\n/, $output;
	is_deeply(\@said, [ ('charge 1 True True') x 4, 'look up 2' ], 'it charges once, and looks up what was claimed before');
	is($node->safe_psql('postgres', q{SELECT string_agg(status || ' ' || provider_reference, ', ' ORDER BY created_at)
		FROM customers.payment_commit WHERE provider_reference LIKE 'ch%'}), 'succeeded ch_old, succeeded ch_new, succeeded ch_new, succeeded ch_new', 'it reports');
	is($node->safe_psql('postgres', q{SELECT decline_class FROM customers.payment_commit WHERE status = 'declined'}), 'never', 'also a decline');
}

$node->stop;
done_testing();
