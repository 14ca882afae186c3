# With synchronous_commit = off a crash loses the last transactions, but never what
# was handed to others before: events that a poll has given, commits that a worker
# has claimed.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', q{
shared_preload_libraries = 'customers'
restart_after_crash = on
synchronous_commit = off
autovacuum = off
});
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION customers; SELECT customers.install();');
my $merchant = $node->safe_psql('postgres', "SELECT customers.create_merchant('Shop')");
$node->safe_psql('postgres', "ALTER DATABASE postgres SET customers.merchant = '$merchant'");
$node->safe_psql('postgres', q{SELECT customers.save_payment_method(customers.create_customer('ana'), 'invoice', NULL)});

# The process that writes WAL to disk in the background is held until the crash.
my $writer;

sub hold_writer
{
	$node->safe_psql('postgres', 'CHECKPOINT');
	$writer = $node->safe_psql('postgres', q{SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'});
	kill STOP => $writer;
}

# crash kills that process, so that the server ends all others and recovers.
sub crash
{
	kill KILL => $writer;
	$node->poll_query_until('postgres', "SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'walwriter' AND pid <> $writer")
	  or die 'no recovery';
}

sub ask
{
	my ($reference) = @_;
	return $node->safe_psql('postgres', qq{
		SELECT customers.create_payment((customers.ensure_customer('ana')).customer, '{10.00 EUR}', '$reference')});
}

# poll returns the payments of the events after a cursor, and the next cursor.
sub poll
{
	my ($cursor) = @_;
	my @rows = split /\n/, $node->safe_psql('postgres', qq{
		SELECT reference, next_cursor FROM customers.events_since(nullif('$cursor', '')) e JOIN customers.payment p USING (payment_id)});
	return (join(', ', map { (split /\|/)[0] } @rows), @rows ? (split /\|/, $rows[-1])[1] : $cursor);
}

sub payments
{
	return $node->safe_psql('postgres', q{SELECT string_agg(reference, ', ' ORDER BY created_at) FROM customers.payment});
}

my ($events, $cursor);

# Without anybody who has seen it, an event is lost.
ask('kept');
hold_writer();
ask('lost');
crash();
is(payments(), 'kept', 'a crash loses what was committed asynchronously');

# What a poll gives is there after a crash, and what comes then is given next,
# though the numbers of transactions that left no trace are given again.
hold_writer();
$node->safe_psql('postgres', 'SELECT pg_current_xact_id()') for 1 .. 5;
ask('given');
($events, $cursor) = poll('');
is($events, 'kept, given', 'a poll gives what was committed asynchronously');
crash();
is(payments(), 'kept, given', 'then no crash loses it');
ask('next');
($events, $cursor) = poll($cursor);
is($events, 'next', 'and the next poll gives what came after the crash');

# A worker charges what it has claimed, so the claim is there, and the commit.
hold_writer();
my $claimed = $node->safe_psql('postgres', q{
	SELECT customers.commit_payment(payment_id) FROM customers.payment WHERE reference = 'next';
	SELECT attempt FROM customers.claim_commits(1, '1 millisecond')});
like($claimed, qr/^cmt_\w+\n1$/, 'a worker claims a commit');
crash();
is($node->safe_psql('postgres', q{SELECT attempt FROM customers.claim_commits(1, '1 minute')}), '2',
	'the commit is there after a crash, and who claims it is told that it was claimed before');

$node->stop;
done_testing();
