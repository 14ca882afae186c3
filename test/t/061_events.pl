# Events outside of one database's transactions: by logical decoding, by
# notification, after a restore, on a standby and its promotion, without a root
# key, and how a DBA sweeps.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 'logical');
my $key_file = $node->basedir . '/root.key';
append_to_file($key_file, '5a' x 32 . "\n");
chmod 0600, $key_file;
$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers'
customers.key_file = '$key_file'
max_prepared_transactions = 4
autovacuum = off
});
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION customers; SELECT customers.install();');

# make_merchant makes a merchant, for whom all sessions of the database act then.
sub make_merchant
{
	my ($server, $name) = @_;
	my $merchant = $server->safe_psql('postgres', "SELECT customers.create_merchant('$name')");
	$server->safe_psql('postgres', "ALTER DATABASE postgres SET customers.merchant = '$merchant'");
	return $merchant;
}

# ask asks for a payment with this reference, and returns its id.
sub ask
{
	my ($server, $reference) = @_;
	return $server->safe_psql('postgres', qq{
		SELECT customers.create_payment((customers.ensure_customer('ana')).customer, '{10.00 EUR}', '$reference')});
}

# poll returns the sequences and events after a cursor, and the next cursor.
sub poll
{
	my ($server, $cursor) = @_;
	my @rows = split /\n/, $server->safe_psql('postgres', qq{
		SELECT reference || ' ' || event, next_cursor
		FROM customers.events_since(nullif('$cursor', '')) e JOIN customers.payment p USING (payment_id)});
	my @events = map { (split /\|/)[0] } @rows;
	return (join(', ', @events), @rows ? (split /\|/, $rows[-1])[1] : $cursor);
}

my $merchant = make_merchant($node, 'Shop');
$node->safe_psql('postgres', q{SELECT customers.save_payment_method(customers.create_customer('ana'), 'card', 'tok')});

# 1. Logical decoding has every event as an inserted row, in order.

$node->safe_psql('postgres', q{SELECT pg_create_logical_replication_slot('events', 'test_decoding')});
my $paid = ask($node, 'paid');
$node->safe_psql('postgres', qq{SELECT customers.resolve_commit(customers.commit_payment('$paid'), 'succeeded')});
my $changes = $node->safe_psql('postgres', q{SELECT data FROM pg_logical_slot_get_changes('events', NULL, NULL)});
my @decoded = map { /^table customers\.payment_event: (\w+): .*sequence\[integer\]:(\d+) event\[text\]:'(\w+)'/ ? "$1 $2 $3" : () }
  split /\n/, $changes;
is("@decoded", 'INSERT 1 create INSERT 2 commit INSERT 3 succeed', 'logical decoding has the events as inserted rows, in order');
$node->safe_psql('postgres', q{SELECT pg_drop_replication_slot('events')});

# 2. Notifications.

my $listener = $node->background_psql('postgres');
$listener->query_safe('LISTEN customers_payment');

# heard returns what the listener was told since the last call.
sub heard
{
	my $output = $listener->query('SELECT 1');
	return join ', ', map { "$_" } $output =~ /Asynchronous notification "customers_payment" with payload "([^"]*)"/g;
}

my $told = ask($node, 'told');
is(heard(), "$merchant $told", 'a transaction with an event notifies, of merchant and payment');
$node->safe_psql('postgres', qq{
	BEGIN;
	SELECT customers.commit_payment('$told') AS commit \\gset
	SELECT customers.resolve_commit(:'commit', 'requires_action');
	SELECT customers.resolve_commit(:'commit', 'declined');
	COMMIT});
is(heard(), "$merchant $told", 'once for each payment');
$node->safe_psql('postgres', qq{BEGIN; SELECT customers.commit_payment('$told'); ROLLBACK});
is(heard(), '', 'not when it is rolled back');
$node->safe_psql('postgres', qq{SELECT customers.change_amount('$told', '10.00 EUR') WHERE false});
is(heard(), '', 'nor without an event');
$node->safe_psql('postgres', qq{SET customers.notify = off; SELECT customers.cancel_payment('$told')});
is(heard(), '', 'nor when it is switched off');
$listener->quit;

# A prepared transaction can't notify, and holds up the poll until it ends.
my $cursor = '';
my $events;
($events, $cursor) = poll($node, $cursor);
is($events, 'paid create, paid commit, paid succeed, told create, told commit, told require_action, told decline, told cancel',
	'a poll gives all events in order');
my ($result, $out, $err) = $node->psql('postgres', qq{
	BEGIN;
	SELECT customers.create_payment(customers.find_customer('ana'), '{1.00 EUR}');
	PREPARE TRANSACTION 'p'});
like($err, qr/ERROR:  cannot PREPARE a transaction that has executed LISTEN, UNLISTEN, or NOTIFY/, 'PREPARE TRANSACTION is refused after a notification');
$node->safe_psql('postgres', qq{
	SET customers.notify = off;
	BEGIN;
	SELECT customers.create_payment(customers.find_customer('ana'), '{1.00 EUR}', 'prepared');
	PREPARE TRANSACTION 'p'});
ask($node, 'after');
is((poll($node, $cursor))[0], '', 'a prepared transaction holds up the poll');
$node->safe_psql('postgres', q{COMMIT PREPARED 'p'});
($events, $cursor) = poll($node, $cursor);
is($events, 'prepared create, after create', 'and then comes in its place');

# 3. A restored dump goes on, though the other server's transactions have lower numbers.

# Each subtransaction that writes takes a number.
$node->safe_psql('postgres', q{
	CREATE TEMP TABLE number (n int);
	DO $$BEGIN
	  FOR i IN 1 .. 5000 LOOP BEGIN INSERT INTO number VALUES (i); EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP;
	END$$});
ask($node, 'last');
($events, $cursor) = poll($node, $cursor);
is($events, 'last create', 'a poll before the dump');
my $dump = $node->basedir . '/dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, '-d', $node->connstr('postgres') ], 'a dump');
my $other = PostgreSQL::Test::Cluster->new('other');
$other->init;
$other->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers'
customers.key_file = '$key_file'
autovacuum = off
});
$other->start;
$other->command_ok([ 'pg_restore', '--no-owner', '-d', $other->connstr('postgres'), $dump ], 'is restored elsewhere')
  or diag('restore');
$other->safe_psql('postgres', "ALTER DATABASE postgres SET customers.merchant = '$merchant'");
cmp_ok($other->safe_psql('postgres', 'SELECT pg_current_xact_id()'), '<',
	$node->safe_psql('postgres', 'SELECT pg_current_xact_id()'), 'where transactions have lower numbers');
is((poll($other, $cursor))[0], '', 'a restored consumer has nothing to read');
is(scalar(split /, /, (poll($other, ''))[0]), 11, 'and a new one everything');
ask($other, 'restored');
is((poll($other, $cursor))[0], 'restored create', 'a new event comes after those of the dump');
is($other->safe_psql('postgres', 'SELECT bool_and(customers.verify_payment(payment_id)) FROM customers.payment'), 't', 'restored payments verify');
my (undef, $later) = poll($other, $cursor);
like(($node->psql('postgres', "SELECT * FROM customers.events_since('$later')"))[2],
	qr/ERROR:  cursor is of a later history than this store has/, 'a cursor of the copy is refused by the original');
$other->stop;

# 4. A standby can be polled; one that is promoted begins a new epoch.

$node->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'backup', has_streaming => 1);
$standby->start;
ask($node, 'streamed');
$node->wait_for_catchup($standby);
is((poll($standby, $cursor))[0], 'streamed create', 'a standby can be polled');
is($standby->safe_psql('postgres', 'SELECT bool_and(customers.verify_payment(payment_id)) FROM customers.payment'), 't', 'and verifies');
($events, $cursor) = poll($node, $cursor);
# It takes over a prepared transaction, whose end on the old primary is lost.
$node->safe_psql('postgres', qq{
	SET customers.notify = off;
	BEGIN;
	SELECT customers.create_payment(customers.find_customer('ana'), '{1.00 EUR}', 'taken over');
	PREPARE TRANSACTION 'p'});
ask($node, 'behind');
$node->wait_for_catchup($standby);
# What only the old primary has gives it numbers that the promoted one gives again.
$standby->stop;
$node->safe_psql('postgres', q{COMMIT PREPARED 'p'});
ask($node, "lost $_") for 1 .. 5;
my (undef, $lost) = poll($node, $cursor);
$node->stop('immediate');
$standby->start;
$standby->promote;
$standby->poll_query_until('postgres', 'SELECT NOT pg_is_in_recovery()');
is((poll($standby, $cursor))[0], '', 'a prepared transaction that was taken over holds up the poll');
ask($standby, 'promoted');
is((poll($standby, $cursor))[0], '', 'though another epoch has begun');
$standby->safe_psql('postgres', q{COMMIT PREPARED 'p'});
is((poll($standby, $cursor))[0], 'taken over create, behind create, promoted create', 'and then comes in its place');
is((poll($standby, $lost))[0], 'promoted create', 'whoever has read what was lost reads what comes after the promotion');
is($standby->safe_psql('postgres', 'SELECT count(*), max(timeline) > min(timeline) FROM customers.event_epoch'), '2|t', 'in a new epoch');

# 5. A rotation of the merchant's key leaves the chain whole.

$standby->safe_psql('postgres', 'CALL customers.rotate_merchant_key()');
is($standby->safe_psql('postgres', 'SELECT string_agg(key_id::text, NULL) FROM customers.merchant_key'), '2', 'the old key is destroyed');
ask($standby, 'rotated');
is($standby->safe_psql('postgres', 'SELECT bool_and(customers.verify_payment(payment_id)) FROM customers.payment'), 't',
	'after a rotation old and new events verify');

# 6. Without a root key payments go on, and verify_payment() tells.

my $keyed = ask($standby, 'keyed');
$standby->append_conf('postgresql.conf', "customers.key_file = ''");
$standby->restart;
$standby->safe_psql('postgres', "SELECT customers.cancel_payment('$keyed')");
my $unkeyed = ask($standby, 'unkeyed');
is($standby->safe_psql('postgres', "SELECT string_agg(coalesce(key_id::text, 'none'), ' ' ORDER BY at) FROM customers.payment_event WHERE payment_id IN ('$keyed', '$unkeyed')"),
	'1 none none', 'without a root key events are chained without a key');
is($standby->safe_psql('postgres', "SELECT customers.verify_payment('$unkeyed')"), 't', 'and verified without one');
like(($standby->psql('postgres', "SELECT customers.verify_payment('$keyed')"))[2], qr/ERROR:  no root key is configured/,
	'those with one are not');
$standby->append_conf('postgresql.conf', "customers.key_file = '$key_file'");
$standby->restart;
is($standby->safe_psql('postgres', "SELECT sequence, fault FROM customers.payment_faults('$keyed')"), '2|unkeyed',
	'when the key is back, what was chained without it is told');
is($standby->safe_psql('postgres', "SELECT sequence, fault FROM customers.payment_faults('$unkeyed')"), '1|unkeyed', 'also from the beginning');
$standby->safe_psql('postgres', "SELECT customers.cancel_payment('$unkeyed')");
is($standby->safe_psql('postgres', "SELECT sequence, fault FROM customers.payment_faults('$unkeyed')"), '1|unkeyed', 'and the chain goes on keyed');

# 7. A merchant of many: one call for all.

make_merchant($standby, "Shop $_") for 1 .. 3;
my @merchants = split /\n/, $standby->safe_psql('postgres', q{SELECT merchant_id FROM customers.merchant ORDER BY merchant_id});
for my $each (@merchants)
{
	$standby->safe_psql('postgres', qq{
		SET customers.merchant = '$each';
		SELECT customers.create_payment((customers.ensure_customer('x')).customer, '{1.00 EUR}', 'e' || n, expires_in => '1 us')
		FROM generate_series(1, 2) AS n;
		SELECT customers.create_payment((customers.ensure_customer('x')).customer, '{1.00 EUR}', 'stays')});
}
($result, $out, $err) = $standby->psql('postgres', 'CALL customers.expire_all_payments()');
like($err, qr/NOTICE:  8 payments have expired/, 'expire_all_payments() goes through all merchants');
is($standby->safe_psql('postgres', q{SELECT count(*), count(DISTINCT merchant_id), bool_and(reference LIKE 'e%') FROM customers.payment WHERE status = 'expired'}),
	'8|4|t', 'and lets expire what is overdue');
like(($standby->psql('postgres', 'BEGIN; CALL customers.expire_all_payments(); COMMIT'))[2], qr/ERROR:  invalid transaction termination/,
	'not in a transaction block');
is(($standby->psql('postgres', 'CALL customers.expire_all_payments()'))[2], '', 'a second time does nothing');
# What is wrong with one merchant doesn't touch the others.
$standby->safe_psql('postgres', qq{
	SET customers.merchant = '$_';
	SELECT customers.create_payment(customers.find_customer('x'), '{1.00 EUR}', 'late', expires_in => '1 us')}) for @merchants;
$standby->safe_psql('postgres', qq{
	UPDATE customers.chain_key k SET wrapped = o.wrapped FROM customers.chain_key o
	WHERE k.merchant_id = '$merchants[1]' AND o.merchant_id = '$merchants[2]'});
$err = ($standby->psql('postgres', 'CALL customers.expire_all_payments()'))[2];
like($err, qr/WARNING:  payments of merchant "$merchants[1]" could not expire\nDETAIL:  could not open a sealed value\n.*NOTICE:  3 payments have expired/,
	'a merchant whose key does not open is told of, and the others\' payments expire');

$standby->stop;
done_testing();
