# Rotation of the root key and of a merchant's key: nothing is lost, whoever
# reads and writes meanwhile, and wherever it is stopped.
use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $customers = 5000;
my $directory = PostgreSQL::Test::Utils::tempdir();
my $file = "$directory/root.key";
my $node = PostgreSQL::Test::Cluster->new('main');

# random_key is a line of the key file.
sub random_key
{
	open(my $random, '<:raw', '/dev/urandom') or die "no random: $!";
	read($random, my $bytes, 32) == 32 or die "no random: $!";
	return unpack('H*', $bytes) . "\n";
}

# write_keys writes the key file.
sub write_keys
{
	my (@keys) = @_;
	open(my $out, '>', $file) or die "no $file: $!";
	print $out @keys;
	close $out;
	chmod 0600, $file;
}

# call calls a procedure and returns what it says.
sub call
{
	my ($procedure) = @_;
	my ($status, $out, $err) = $node->psql('postgres', "CALL customers.$procedure()");
	return $err;
}

# key_status is a query of it, which shows rows as psql -A does.
sub key_status
{
	my ($columns, $condition) = @_;
	return $node->safe_psql('postgres',
		"SELECT $columns FROM customers.key_status() WHERE $condition");
}

my @keys = map { random_key() } 1 .. 2;
write_keys($keys[0]);
$node->init;
$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers'
customers.key_file = '$file'
restart_after_crash = on
});
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION customers; SELECT customers.install();');
my $merchant = $node->safe_psql('postgres', q{SELECT customers.create_merchant('M')});
my $other = $node->safe_psql('postgres', q{SELECT customers.create_merchant('Other')});
$node->append_conf('postgresql.conf', "customers.merchant = '$merchant'");
$node->reload;

# Every second customer has metadata; the others get their keys later.
$node->safe_psql('postgres', qq{
	SELECT customers.create_customer('c' || n, metadata => CASE WHEN n % 2 = 0 THEN jsonb_build_object('note', 'note ' || n) END)
	  FROM generate_series(1, $customers) AS n;
	SET customers.merchant = '$other';
	SELECT customers.create_customer('bob', metadata => '{"note": "of Bob"}');});

# unread counts the customers whose note does not open as what it was.
sub unread
{
	return $node->safe_psql('postgres', q{
		SELECT count(*) FROM customers.customer c JOIN customers.metadata m USING (merchant_id, customer_id)
		WHERE customers.get_metadata(c.customer_id, 'note') IS DISTINCT FROM 'note ' || substr(c.reference, 2)
		  AND m.key = 'note' AND c.merchant_id = customers.current_merchant()});
}

# 1. The root key.

is(call('rotate_root_key') =~ s/[0-9a-f]{16}/ID/r, 'psql:<stdin>:1: NOTICE:  root key ID now seals 0 more keys of merchants',
	'without a new root key there is nothing to do');
my $first_root = key_status('key_id', "level = 'root'");
write_keys(@keys);
$node->restart;
is(key_status('in_force, available, uses', "level = 'root' ORDER BY in_force"), "f|t|2\nt|t|0",
	'a new root key is in force and seals nothing yet');
like(call('rotate_root_key'), qr/root key [0-9a-f]{16} now seals 2 more keys of merchants/, 'the root key is rotated');
is(key_status('in_force, available, uses', "level = 'root' ORDER BY in_force"), "f|t|0\nt|t|2",
	'nothing uses the old one any more');
my $before = $node->safe_psql('postgres', 'SELECT md5(string_agg(wrapped::text, NULL)) FROM customers.customer_key');
write_keys($keys[1]);
$node->restart;
is(unread(), '0', 'without the old root key everything opens');
is(key_status('count(*)', "key_id = '$first_root' OR NOT available"), '0', 'key_status() does not show it any more');

# A root key that is gone before the rotation.
write_keys($keys[0]);
$node->restart;
my $error = call('rotate_root_key');
like($error, qr/ERROR:  the server does not have the root keys of all merchants\nDETAIL:  2 keys of merchants are sealed by others and stay so\.\nHINT:  key_status\(\)/,
	'a root key that is missing is an error');
is(key_status('in_force, available, uses', "level = 'root' ORDER BY in_force"), "f|f|2\nt|t|0",
	'key_status() shows the missing one');
is(key_status('DISTINCT available', "level = 'merchant'"), 'f', 'and which keys are out of reach');
write_keys(@keys);
$node->restart;
is(unread(), '0', 'a root key that is put back helps');

# 2. A merchant's key, without anybody else.

like(call('rotate_merchant_key'), qr/rewrapped the keys of \d+ of 2500 customers \(\d+ %\), about \d+ s left\n(.*\n)*.*2500 of 2500 customers \(100 %\).*\n.*key 2 of merchant "$merchant" has replaced the older ones/,
	'progress is shown');
is(key_status('key_id, in_force, uses', "merchant = '$merchant'"), '2|t|2500', 'the new key is the only one');
is(key_status('key_id, in_force, uses', "merchant = '$other'"), '1|t|1', 'that of another merchant stays');
isnt($node->safe_psql('postgres', 'SELECT md5(string_agg(wrapped::text, NULL)) FROM customers.customer_key'),
	$before, 'the keys of the customers are sealed anew');
is(unread(), '0', 'every value opens');

# 3. Stopped and resumed.  A trigger holds it up where half of the customers are done.

$node->safe_psql('postgres', qq{
	CREATE FUNCTION public.hold_up() RETURNS trigger LANGUAGE plpgsql AS
	  'BEGIN PERFORM pg_catalog.pg_advisory_xact_lock(1); RETURN NEW; END';
	DO \$\$BEGIN
	  EXECUTE format('CREATE TRIGGER hold_up BEFORE UPDATE ON customers.customer_key FOR EACH ROW'
	                 ' WHEN (NEW.customer_id OPERATOR(pg_catalog.=) %L) EXECUTE FUNCTION public.hold_up()',
	                 customers.find_customer('c2500'));
	END\$\$});
my $holder = $node->background_psql('postgres');

# begin_rotation starts one that gets no further, and returns its process and its pid.
sub begin_rotation
{
	$holder->query_safe('SELECT pg_advisory_lock(1)');
	my $output = '';
	my $rotation = IPC::Run::start(
		[ 'psql', '-X', '-d', $node->connstr('postgres'), '-c', 'CALL customers.rotate_merchant_key()' ],
		'<', '/dev/null', '>&', \$output);
	my $waiting = q{FROM pg_stat_activity WHERE query LIKE 'CALL %' AND wait_event_type = 'Lock'};
	$node->poll_query_until('postgres', "SELECT count(*) = 1 $waiting") or die 'no rotation is held up';
	return ($rotation, $node->safe_psql('postgres', "SELECT pid $waiting"), \$output);
}

my ($rotation, $pid, $output) = begin_rotation();
is(key_status('key_id, in_force, uses', "merchant = '$merchant'"), "2|f|1300\n3|t|1200",
	'in the middle both keys are in use');
is(unread(), '0', 'and every value opens');
$node->safe_psql('postgres', q{
	SELECT customers.set_metadata(customers.find_customer('c1'), '{"note": "note 1"}');
	SELECT customers.set_metadata(customers.find_customer('c5000'), '{"note": "note 5000"}');});
is(key_status('key_id, uses', "merchant = '$merchant'"), "2|1300\n3|1201", 'a new customer key is sealed by the new key');
$node->safe_psql('postgres', "SELECT pg_cancel_backend($pid)");
IPC::Run::finish($rotation);
like($$output, qr/ERROR:  canceling statement due to user request/, 'a rotation can be stopped');
like($$output, qr/rewrapping the key of customer "cus_/, 'and says where it was');
is(unread(), '0', 'then every value opens');

# The next call is held up at the same customer, and ends with the server.
($rotation, $pid, $output) = begin_rotation();
is(key_status('key_id, uses', "merchant = '$merchant'"), "2|1300\n3|1201", 'the next call makes no other key');
kill 'KILL', $pid;
IPC::Run::finish($rotation);
eval { $holder->quit };
$node->poll_query_until('postgres', 'SELECT true') or die 'the server does not come back';
is(unread(), '0', 'after a crash every value opens');
like(call('rotate_merchant_key'), qr/1300 of 1300 customers \(100 %\).*\n.*key 3 of merchant/, 'and the next call ends the rotation');
is(key_status('key_id, in_force, uses', "merchant = '$merchant'"), '3|t|2501', 'the old key is destroyed');
is(unread(), '0', 'still every value opens');
$node->safe_psql('postgres', 'DROP TRIGGER hold_up ON customers.customer_key');

# 4. Readers and writers meanwhile.

# pgbench starts one that runs this script.
sub pgbench
{
	my ($name, $clients, $transactions, $script) = @_;
	append_to_file("$directory/$name", $script);
	return IPC::Run::start(
		[ 'pgbench', '-n', '-c', $clients, '-t', $transactions, '-f', "$directory/$name",
		  '-h', $node->host, '-p', $node->port, 'postgres' ],
		'>', '/dev/null', '2>', "$directory/$name.err");
}

$node->safe_psql('postgres', q{SELECT customers.create_customer('e' || n) FROM generate_series(1, 50) AS n});
my $at = -s $node->logfile;
my %load = (
	# One customer at a time: writes, and reads what it must be.
	one => pgbench('one', 3, 400, qq{
\\set n random(1, $customers)
SELECT customers.set_metadata(customers.find_customer('c' || :n), jsonb_build_object('note', 'note ' || :n));
SELECT 1 / (customers.get_metadata(customers.find_customer('c' || :n), 'note') = 'note ' || :n)::int;
\\set n 2 * random(1, $customers / 2)
SELECT 1 / (customers.get_metadata(customers.find_customer('c' || :n), 'note') = 'note ' || :n)::int;
}),
	# Several in one transaction, against the order in which a rotation goes.
	several => pgbench('several', 1, 200, qq{
\\set n random(10, $customers)
BEGIN;
SELECT customers.set_metadata(customers.find_customer('c' || :n), jsonb_build_object('note', 'note ' || :n));
SELECT customers.set_metadata(customers.find_customer('c' || :n - 3), jsonb_build_object('note', 'note ' || :n - 3));
SELECT customers.set_metadata(customers.find_customer('c' || :n - 9), jsonb_build_object('note', 'note ' || :n - 9));
SELECT customers.create_customer(metadata => jsonb_build_object('other', 'x')) IS NOT NULL;
COMMIT;
}),
	# Rotations by several sessions at a time.
	rotations => pgbench('rotations', 2, 4, "CALL customers.rotate_merchant_key();\n"),
	# Keys that come and go.
	erased => pgbench('erased', 1, 300, q{
\set n random(1, 50)
SELECT customers.set_metadata(customers.find_customer('e' || :n), jsonb_build_object('other', 'x'));
BEGIN;
SELECT FROM customers.customer WHERE reference = 'e' || :n FOR UPDATE;
DELETE FROM customers.customer_key WHERE customer_id = customers.find_customer('e' || :n);
COMMIT;
}));
my $rotations = 0;
my @complaints;
while (grep { $_->pumpable } values %load)
{
	my $said = call('rotate_merchant_key');
	push @complaints, $said if $said =~ /ERROR|WARNING/;
	$rotations++;
	$_->reap_nb for values %load;
}
for my $name (sort keys %load)
{
	IPC::Run::finish($load{$name});
	is($load{$name}->result(0), 0, "pgbench \"$name\" fails at nothing") or diag slurp_file("$directory/$name.err");
}
cmp_ok($rotations, '>', 0, 'there were rotations meanwhile') and note "$rotations rotations";
is(join("\n", @complaints), '', 'which fail at nothing either');
unlike(slurp_file($node->logfile, $at), qr/deadlock detected/, 'nobody was part of a deadlock');
is(unread(), '0', 'every value opens');
is($node->safe_psql('postgres', q{
	SELECT count(*) FROM customers.customer c WHERE substr(reference, 2)::int % 2 = 0 AND reference LIKE 'c%'
	   AND merchant_id = customers.current_merchant()
	   AND NOT EXISTS (SELECT FROM customers.metadata m WHERE m.customer_id = c.customer_id)}), '0', 'and none is lost');
call('rotate_merchant_key');
is(key_status('count(*)', "merchant = '$merchant'"), '1', 'one key is left');
is($node->safe_psql('postgres', 'SELECT count(*) FROM customers.customer_key WHERE merchant_id = customers.current_merchant()'),
	key_status('uses', "merchant = '$merchant'"), 'and seals the keys of all customers');

# 5. A session that had the old key goes on, and idempotency keys do too.

my $session = $node->background_psql('postgres');
my $create = sub {
	my ($note) = @_;
	return qq{SELECT customers.create_customer('i', metadata => '{"note": "$note"}', idempotency_key => 'k')};
};
my $created = $session->query_safe($create->('one'));
call('rotate_merchant_key');
is($session->query_safe(q{SELECT customers.get_metadata(customers.find_customer('c2'), 'note')}), 'note 2',
	'a session with the old key in its cache reads');
is($session->query_safe($create->('one')), $created, 'a repeated request gives the first result');
is($session->query_safe($create->('two')), $created, 'what was digested by the old key is not compared');
$session->quit;

# 6. Not in a transaction block, and for admins only.

my ($status, $out, $err);
for my $procedure ('rotate_merchant_key', 'rotate_root_key')
{
	($status, $out, $err) = $node->psql('postgres', "\\set VERBOSITY sqlstate\nBEGIN; CALL customers.$procedure();");
	like($err, qr/ERROR:  2D000/, "$procedure() is refused in a transaction block");
}
$node->safe_psql('postgres', qq{
	CREATE ROLE shop LOGIN IN ROLE customers_merchant, customers_metadata, customers_analyst, customers_processor;
	SELECT customers.bind_role('shop', '$merchant');
	CREATE ROLE admin LOGIN IN ROLE customers_admin;});
for my $call ('CALL customers.rotate_merchant_key()', 'CALL customers.rotate_root_key()', 'SELECT key_id FROM customers.key_status()')
{
	($status, $out, $err) = $node->psql('postgres', $call, extra_params => [ '-U', 'shop' ]);
	like($err, qr/permission denied/, "$call is not for a merchant");
	($status, $out, $err) = $node->psql('postgres', $call, extra_params => [ '-U', 'admin' ]);
	unlike($err, qr/ERROR/, "but for an admin");
}
$node->stop;

done_testing();
