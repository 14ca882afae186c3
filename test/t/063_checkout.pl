# The page of doc/checkout.md does its work through a client driver; a token is in
# no log, view, file or dump; and a standby reads by it.
use strict;
use warnings;

use Cwd;
use File::Basename;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = Cwd::abs_path(dirname(__FILE__) . '/../..');
my $temporary = PostgreSQL::Test::Utils::tempdir();
my $node = PostgreSQL::Test::Cluster->new('main');
my $key_file = "$temporary/root.key";
append_to_file($key_file, '5a' x 32 . "\n");
chmod 0600, $key_file;
$node->init(allows_streaming => 1);
$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers, pg_stat_statements'
customers.key_file = '$key_file'
log_statement = all
log_min_duration_statement = 0
log_parameter_max_length = 0
max_prepared_transactions = 2
});
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION customers;
	CREATE EXTENSION pg_stat_statements;
	SELECT customers.install();
	SELECT customers.create_merchant('M') AS merchant \gset
	CREATE ROLE shop LOGIN IN ROLE customers_merchant;
	CREATE ROLE page LOGIN IN ROLE customers_checkout;
	SELECT customers.bind_role('shop', :'merchant')});

# as_shop runs a script as the merchant.
sub as_shop
{
	my ($script) = @_;
	return $node->safe_psql('postgres', $script, extra_params => [ '-U', 'shop' ]);
}

# new_token makes a payment of 10.00 EUR, with an id, and a token of it.
sub new_token
{
	return split /\|/, as_shop(q{
		WITH c AS MATERIALIZED (SELECT customers.create_customer() AS customer),
		     m AS MATERIALIZED (SELECT customer, customers.save_payment_method(customer, 'card', 'tok') FROM c),
		     p AS MATERIALIZED (SELECT customers.create_payment(customer, '{10.00 EUR}') AS payment FROM m)
		SELECT payment, customers.open_checkout(payment) FROM p});
}

# as_page runs a script as the service, with the token in :token; what it gives.
sub as_page
{
	my ($server, $token, $script) = @_;
	my ($status, $output, $error) =
	  $server->psql('postgres', $script, extra_params => [ '-U', 'page', '-v', "token=$token" ], on_error_stop => 0, on_error_die => 0);
	return "$output\n$error";
}

my ($payment, $token) = new_token();
my ($secret) = $token =~ /^chk_.{24}(.{40})$/;
ok($secret, 'there is a token');

# 1. The page, through a driver that binds parameters.
SKIP:
{
	my ($page) = slurp_file("$root/doc/checkout.md") =~ /^```python\n(.*?)^```$/ms;
	skip 'python3-psycopg2 is not installed', 3 if system('python3 -c "import psycopg2" 2>/dev/null') != 0;
	append_to_file("$temporary/page.py", "import sys\nimport psycopg2\n\n\n$page\n" . q{
connection = psycopg2.connect(sys.argv[1])
for click in "1", "1", "2":
    print(pay(connection, {"token": sys.argv[2], "click": click})["status"])
with connection, connection.cursor() as cursor:
    cursor.execute("SHOW customers.checkout")
    print("left behind:", cursor.fetchone()[0])
});
	my ($output, $error) = run_command([ 'python3', "$temporary/page.py", $node->connstr('postgres') . ' user=page', $token ]);
	is($error, '', 'the page of doc/checkout.md runs');
	is($output, "processing\nprocessing\nprocessing\nleft behind: ", 'and pays once, whatever is clicked');
	is(as_shop("SELECT count(*) FROM customers.payment_commit WHERE payment_id = '$payment'"), '1', 'with one commit');
}

# 2. Where no token may be.  psycopg2 binds on the client, which logs the text; so
# the server is asked by the protocol's parameters, and by set_config in psql.
my (undef, $bound) = new_token();
append_to_file("$temporary/page.pgbench", qq{
BEGIN;
SELECT set_config('customers.checkout', :token, true);
SELECT customers.checkout();
COMMIT;
});
my $before = -s $node->logfile;
$node->command_ok([ 'pgbench', '-n', '-M', 'extended', '-t', '2', '-U', 'page', '-D', "token=$bound", '-f', "$temporary/page.pgbench", 'postgres' ],
	'a token is bound');
$node->command_fails([ 'pgbench', '-n', '-M', 'extended', '-t', '2', '-U', 'page', '-D', "token=${bound}x", '-f', "$temporary/page.pgbench", 'postgres' ],
	'and a wrong one');
my $log = substr slurp_file($node->logfile), $before;
like($log, qr/set_config\('customers.checkout', \$1, true\)/, 'the statement is in the log');
like($log, qr/ERROR:  checkout token is not valid/, 'so is the error');
unlike($log, qr/\Q$bound\E/, 'the token is not');
my ($part) = $bound =~ /(.{40})$/;
my $views = $node->safe_psql('postgres', join ';', map { "SELECT string_agg(v::text, '') FROM $_ v" } qw(pg_settings pg_stat_statements pg_stat_activity));
like($views, qr/set_config\(/, 'the statement is in a view');
unlike($views, qr/\Q$part\E/, 'the token is in none');
$node->command_checks_all([ 'pg_dump', '-d', $node->connstr('postgres'), '-t', 'customers.checkout', '-a' ],
	0, [ qr/^COPY customers.checkout .*\n(mer_.*\n)+/m, qr/^(?!.*\Q$part\E)/s ], [], 'nor in a dump');
my @files = grep { -f $_ && index(slurp_file($_), $part) >= 0 } glob($node->data_dir . '/{base/*/*,pg_wal/*,global/*}');
is("@files", '', 'nor in a file of the store or the WAL');

# 3. A session that has not loaded the module yet, and one that keeps a token.
my $fresh = as_page($node, $token, q{SELECT set_config('customers.checkout', :'token', false) \g /dev/null
	SELECT customers.checkout() ->> 'payment_id'; SHOW customers.checkout; DISCARD ALL; SELECT customers.checkout()});
like($fresh, qr/^\Q$payment\E\n\*+\n.*no checkout token is set/s, 'DISCARD ALL forgets a token');

# 4. A transaction that is prepared leaves no token behind.
my ($paid, $paid_token) = new_token();
my $prepared = as_page($node, $paid_token, qq{
	BEGIN; SELECT set_config('customers.checkout', :'token', true);
	SET LOCAL customers.notify = off;
	SELECT customers.cancel_payment('$paid');
	PREPARE TRANSACTION 'checkout';
	SELECT customers.checkout();
	COMMIT PREPARED 'checkout';
	SET customers.checkout = :'token'; SELECT customers.checkout() ->> 'status'});
like($prepared, qr/no checkout token is set/, 'a prepared transaction takes its token along');
like($prepared, qr/^cancelled$/m, 'and what it did is done');

# 5. A standby reads, and refuses to write.
$node->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'backup', has_streaming => 1);
$standby->start;
my (undef, $standby_token) = new_token();
$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
my $read = as_page($standby, $standby_token, q{SET customers.checkout = :'token';
	SELECT customers.checkout() ->> 'status';
	SELECT count(*) FROM customers.payment_methods((customers.checkout() ->> 'customer_id')::customers.customer_id);
	SELECT customers.cancel_payment((customers.checkout() ->> 'payment_id')::customers.payment_id)});
like($read, qr/^created\n1\n/m, 'a standby reads by a token');
like($read, qr/in a read-only transaction|during recovery/, 'and changes nothing');

$standby->stop;
$node->stop;
done_testing();
