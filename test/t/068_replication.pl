# The store replicates like other tables: a subscriber gets payments in whatever status
# they are, and what happens to them afterwards; and goes on with them when it is the
# one that writes.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 'logical');
$node->start;
$node->safe_psql('postgres', "CREATE DATABASE $_") for qw(shop copy);
$node->safe_psql($_, 'CREATE EXTENSION customers; SELECT customers.install()') for qw(shop copy);

# act calls an operation for the merchant that there is; its result.
sub act
{
	my ($database, $operation) = @_;
	return $node->safe_psql($database,
		"DO \$\$ BEGIN PERFORM customers.use_merchant((SELECT merchant_id FROM customers.merchant)); END \$\$; SELECT $operation");
}

sub payment
{
	my ($reference) = @_;
	return "(SELECT payment_id FROM customers.payment WHERE reference = '$reference')";
}

sub last_commit
{
	my ($reference) = @_;
	return "(SELECT commit_id FROM customers.payment_commit WHERE payment_id = " . payment($reference) . " ORDER BY created_at DESC LIMIT 1)";
}

$node->safe_psql('shop', q{SELECT customers.create_merchant('The shop')});
act('shop', q{customers.save_payment_method(customers.create_customer('ana'), 'card', null)});
act('shop', qq{customers.create_payment(customers.find_customer('ana'), ARRAY['10.00 EUR']::customers.amount[], '$_')}) for qw(paid open);
act('shop', 'customers.commit_payment(' . payment('paid') . ')');
act('shop', 'customers.resolve_commit(' . last_commit('paid') . q{, 'succeeded')});

# All tables that rows of the extension are in, but for what the subscriber has itself.
my $tables = $node->safe_psql('shop', q{SELECT string_agg(oid::regclass::text, ', ') FROM pg_class
	WHERE relnamespace = 'customers'::regnamespace AND relkind = 'r' AND relname <> 'store_step'});
$node->safe_psql('shop', "CREATE PUBLICATION store FOR TABLE $tables; SELECT pg_create_logical_replication_slot('store', 'pgoutput')");
$node->safe_psql('copy', "CREATE SUBSCRIPTION store CONNECTION '" . $node->connstr . " dbname=shop' PUBLICATION store WITH (create_slot = false, slot_name = 'store')");
$node->poll_query_until('copy', q{SELECT bool_and(srsubstate IN ('r', 's')) FROM pg_subscription_rel});
my $state = q{SELECT string_agg(concat_ws(' ', reference, status, received, version), ', ' ORDER BY reference) FROM customers.payment};
is($node->safe_psql('copy', $state), 'open created 0.00 EUR 1, paid paid 10.00 EUR 3', 'a subscriber begins with what is there');

act('shop', 'customers.commit_payment(' . payment('open') . q{, value => '4.00 EUR')});
act('shop', 'customers.resolve_commit(' . last_commit('open') . q{, 'succeeded')});
$node->wait_for_catchup('store');
is($node->safe_psql('copy', $state), 'open pending 4.00 EUR 3, paid paid 10.00 EUR 3', 'and gets what happens');

# What a session keeps of lists and of the schema in force is forgotten when others arrive.
my $allowed = q{SELECT customers.require_payouts_allowed(customers.find_customer('ana'))};
my $missing = q{SELECT customers.missing_fields(customers.find_customer('ana'))};
$node->safe_psql('copy', 'ALTER SUBSCRIPTION store DISABLE');
act('shop', q{customers.define_context_field('email', '{"type": "string"}', 'commit')});
act('shop', q{customers.add_to_list(customers.create_list('Fraud', effect => 'block_payouts'), ARRAY[customers.find_customer('ana')])});
my ($status, $out, $error) = $node->psql('copy', qq{
	SELECT customers.use_merchant(merchant_id) FROM customers.merchant;
	$missing; $allowed;
	ALTER SUBSCRIPTION store ENABLE;
	DO \$\$ BEGIN WHILE NOT EXISTS (SELECT FROM customers.list_item) LOOP PERFORM pg_sleep(0.1); END LOOP; END \$\$;
	$missing; $allowed});
like($out, qr/^\{\}\n(?s:.*)^\{email\}/m, 'a field that arrives is required at once');
like($error, qr/is on a list that blocks payouts/, 'a list that arrives is in force at once');

# A row that breaks a rule, whoever has sent it.
$node->safe_psql('shop', q{ALTER TABLE customers.payment DISABLE TRIGGER guard_payment;
	UPDATE customers.payment SET returned = '5.00 EUR' WHERE reference = 'open';
	ALTER TABLE customers.payment ENABLE ALWAYS TRIGGER guard_payment});
$node->wait_for_log(qr/new row for relation "payment" violates rule "payment_counters"/);
is($node->safe_psql('copy', $state), 'open pending 4.00 EUR 3, paid paid 10.00 EUR 3', 'but no row that breaks a rule');

$node->safe_psql('copy', 'ALTER SUBSCRIPTION store DISABLE; ALTER SUBSCRIPTION store SET (slot_name = NONE); DROP SUBSCRIPTION store');
is(act('copy', 'customers.cancel_payment(' . payment('open') . ')'), 'partially_paid', 'it can be the one that writes');
is(act('copy', 'customers.verify_payment(' . payment('open') . ')'), 't', 'and the chain goes on');
$node->stop;
done_testing();
