# The sweeps that doc/events.md has for cron and for pg_cron do what they are for,
# with the roles that it gives them.
use strict;
use warnings;

use Cwd;
use File::Basename;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = Cwd::abs_path(dirname(__FILE__) . '/../..');
my ($section) = slurp_file("$root/doc/events.md") =~ /^## Sweeps\n(.*)\z/ms;
# Its blocks: the role, the crontab, the settings of pg_cron, the jobs, and one of a worker.
my @block = map { s/^ {4}//mgr } $section =~ /((?:^ {4}.*\n)+)/mg;
is(scalar @block, 5, 'doc/events.md has what is tested here');
my ($role, $crontab, $settings, $jobs, $job_of_worker) = @block;

my $node = PostgreSQL::Test::Cluster->new('main');
my ($share) = run_command([ 'pg_config', '--sharedir' ]);
my $has_pg_cron = -e "$share/extension/pg_cron.control";
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE shop');
$node->append_conf('postgresql.conf', $has_pg_cron ? $settings : "shared_preload_libraries = 'customers'\n");
$node->restart;
$node->safe_psql('shop', 'CREATE EXTENSION customers; SELECT customers.install()');
$node->safe_psql('shop', $role);

# make_due makes, for two merchants, a payment that is due to expire, one that is
# not, an idempotency key that is old and a checkout that has ended.
sub make_due
{
	$node->safe_psql('shop', q{
		DO $$
		DECLARE
			due customers.payment_id;
		BEGIN
			FOR n IN 1 .. 2 LOOP
				PERFORM customers.use_merchant(customers.create_merchant('M'));
				due := customers.create_payment(customers.create_customer(), '{1.00 EUR}', idempotency_key => 'old');
				PERFORM customers.open_checkout(due, '1 millisecond');
				PERFORM customers.create_payment(customers.create_customer(), '{1.00 EUR}');
				UPDATE customers.payment SET expires_at = created_at WHERE payment_id = due;
			END LOOP;
			UPDATE customers.idempotency SET created_at = created_at - interval '2 days';
			PERFORM pg_sleep(0.01);
		END $$});
}

my $left = q{SELECT concat_ws(' ', count(*) FILTER (WHERE status = 'expired'), count(*) FILTER (WHERE status = 'created'),
	(SELECT count(*) FROM customers.idempotency), (SELECT count(*) FROM customers.checkout)) FROM customers.payment};

# 1. The lines of the crontab, each as cron runs it: with its variables, and for a user whose name is no role.

make_due();
is($node->safe_psql('shop', $left), '0 4 2 2', 'there is something to sweep');
my @variables = grep { /^\w+=/ } split /\n/, $crontab;
for my $line (grep { !/^\w+=/ } split /\n/, $crontab)
{
	my ($schedule, $command) = $line =~ /^((?:\S+ +){5})(\S.*)$/;
	my $output;
	like($schedule // '', qr/^(\*|\d+) +(\*|\d+) +\* +\* +\* +$/, "a line of a crontab: $line");
	ok(IPC::Run::run([ 'env', 'PGUSER=no_role', 'PGHOST=' . $node->host, 'PGPORT=' . $node->port, @variables, 'sh', '-c', $command ], '>&', \$output), 'runs')
	  or diag($output);
	is($output, '', 'and says nothing, which cron would mail');
}
is($node->safe_psql('shop', $left), '2 2 0 0', 'all is swept that is due, and nothing else');

# 2. The jobs of pg_cron.

# run_jobs has all jobs run once, at once: pg_cron of any version can do that when it starts.
sub run_jobs
{
	$node->safe_psql('shop', q{SELECT cron.alter_job(jobid, schedule => '@reboot') FROM cron.job; DELETE FROM cron.job_run_details});
	$node->restart;
	$node->poll_query_until('shop', q{SELECT count(*) = (SELECT count(*) FROM cron.job) AND bool_and(status IN ('succeeded', 'failed'))
		FROM cron.job_run_details});
	is($node->safe_psql('shop', q{SELECT string_agg(return_message, E'
') FROM cron.job_run_details WHERE status <> 'succeeded'}), '', 'the jobs succeed');
}

SKIP:
{
	skip 'no pg_cron', 6 unless $has_pg_cron;

	$node->safe_psql('shop', $jobs);
	is($node->safe_psql('shop', q{SELECT string_agg(schedule || ' ' || username, ', ' ORDER BY jobid) FROM cron.job}),
		'* * * * * shop_clock, 17 3 * * * shop_clock, 27 3 * * * shop_clock', 'the jobs are scheduled');
	make_due();
	is($node->safe_psql('shop', $left), '2 6 2 2', 'there is something to sweep again');
	run_jobs();
	is($node->safe_psql('shop', $left), '4 4 0 0', 'all is swept that is due, and nothing else');

	# A worker's job is for its merchant.
	$node->safe_psql('shop', q{
		SELECT cron.unschedule(jobid) FROM cron.job;
		CREATE ROLE worker LOGIN IN ROLE customers_processor;
		SELECT customers.bind_role('worker', max(merchant_id::text)::customers.merchant_id) FROM customers.merchant;
		GRANT USAGE ON SCHEMA cron TO worker});
	$node->safe_psql('shop', "SET ROLE worker; $job_of_worker");
	make_due();
	$node->safe_psql('shop', q{UPDATE customers.payment SET expires_at = created_at
		WHERE status = 'created' AND merchant_id IN (SELECT merchant_id FROM customers.merchant_role)});
	run_jobs();
	is($node->safe_psql('shop', $left), '5 7 2 2', 'a worker lets the payments of its merchant expire');
}

$node->stop;
done_testing();
