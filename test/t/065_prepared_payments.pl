# Payments in prepared transactions: what is decided in one holds others up, also
# across a crash of the server, until it is committed or rolled back.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
my $key_file = $node->basedir . '/root.key';
append_to_file($key_file, '5a' x 32 . "\n");
chmod 0600, $key_file;
$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers'
customers.key_file = '$key_file'
customers.notify = off
max_prepared_transactions = 2
lock_timeout = '100ms'
});
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION customers;
	SELECT customers.install();
	DO $$ BEGIN
		EXECUTE format('ALTER DATABASE postgres SET customers.merchant = %L', customers.create_merchant('The Shop'));
	END $$});
$node->safe_psql('postgres', q{
	SELECT customers.save_payment_method(customers.create_customer('ana'), 'card', 'tok');
	SELECT customers.create_payment(customers.find_customer('ana'), '{10.00 EUR}', 'order');
	CREATE VIEW p AS SELECT payment_id, status, received FROM customers.payment;
	CREATE VIEW c AS SELECT commit_id FROM customers.payment_commit});

# state is the payment's status, what is received, its events, and whether they verify.
sub state
{
	return $node->safe_psql('postgres', q{
		SELECT concat_ws(' ', status, received, '-', (SELECT string_agg(event, ' ' ORDER BY sequence) FROM customers.payment_events(payment_id)),
			'-', customers.verify_payment(payment_id)) FROM p});
}

# waits passes if the statement has to wait for the prepared transaction.
sub waits
{
	my ($statement, $what) = @_;
	my ($result, $out, $err) = $node->psql('postgres', $statement);
	like($err, qr/ERROR:  canceling statement due to lock timeout/, "$what waits");
	return;
}

my $commit = q{SELECT customers.commit_payment(payment_id, idempotency_key => 'k') FROM p};

$node->safe_psql('postgres', "BEGIN; $commit; PREPARE TRANSACTION 'commit'");
is(state(), 'created 0.00 EUR - create - t', 'nobody sees what is prepared');
waits($commit, 'the same call');
waits(q{SELECT customers.commit_payment(payment_id) FROM p}, 'another commit');
waits(q{SELECT customers.cancel_payment(payment_id) FROM p}, 'a cancel');
is($node->safe_psql('postgres', q{SELECT count(*) FROM customers.claim_commits(10, '1 minute')}), '0', 'nobody claims it');
is($node->safe_psql('postgres', 'SELECT customers.expire_payments()'), '0', 'nor does the sweep wait');

$node->stop('immediate');
$node->start;
waits(q{SELECT customers.cancel_payment(payment_id) FROM p}, 'after a crash a cancel');
$node->safe_psql('postgres', q{COMMIT PREPARED 'commit'});
is(state(), 'processing 0.00 EUR - create commit - t', 'committed, it is there');
is($node->safe_psql('postgres', $commit), $node->safe_psql('postgres', 'SELECT commit_id FROM c'), 'and the same call gives the same commit');
is($node->safe_psql('postgres', q{SELECT count(*) FROM customers.claim_commits(10, '1 minute')}), '1', 'and it is claimed');

$node->safe_psql('postgres', q{BEGIN; SELECT customers.resolve_commit(commit_id, 'succeeded') FROM c; PREPARE TRANSACTION 'outcome'});
waits(q{SELECT customers.resolve_commit(commit_id, 'declined') FROM c}, 'another outcome');
$node->safe_psql('postgres', q{ROLLBACK PREPARED 'outcome'});
is(state(), 'processing 0.00 EUR - create commit - t', 'rolled back, it has never been');
is($node->safe_psql('postgres', q{SELECT customers.resolve_commit(commit_id, 'succeeded') FROM c}), 'paid', 'and comes again');
is(state(), 'paid 10.00 EUR - create commit succeed - t', 'once');

# So it is with a part that is captured.
my $held = q{FROM customers.payment WHERE reference = 'held'};
my $capture = qq{SELECT customers.capture_payment(payment_id, '4.00 EUR', false, 'parcel') $held};
$node->safe_psql('postgres', q{
	SELECT customers.resolve_commit(customers.commit_payment(customers.create_payment(
		customers.find_customer('ana'), '{10.00 EUR}', 'held', capture => 'manual')), 'authorized')});
$node->safe_psql('postgres', "BEGIN; $capture; PREPARE TRANSACTION 'capture'");
$node->stop('immediate');
$node->start;
waits($capture, 'after a crash the same capture');
is($node->safe_psql('postgres', "SELECT received $held"), '0.00 EUR', 'nothing is captured yet');
$node->safe_psql('postgres', q{COMMIT PREPARED 'capture'});
is($node->safe_psql('postgres', $capture), 'authorized', 'committed, the same call gives the same status');
is($node->safe_psql('postgres', "SELECT received, customers.verify_payment(payment_id) $held"), '4.00 EUR|t', 'and captures nothing');

done_testing();
