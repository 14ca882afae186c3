# What is left of an erased customer on the disk is nothing, once the tables are
# written anew as doc/erasure.md says; and that page leaves no column out.
use strict;
use warnings;

use Cwd;
use File::Basename;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = Cwd::abs_path(dirname(__FILE__) . '/../..');
my $page = slurp_file("$root/doc/erasure.md");

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
my $key_file = $node->basedir . '/root.key';
append_to_file($key_file, '5a' x 32 . "\n");
chmod 0600, $key_file;
$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers'
customers.key_file = '$key_file'
autovacuum = off
});
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION customers; SELECT customers.install();');
my $merchant = $node->safe_psql('postgres', "SELECT customers.create_merchant('M')");
$node->append_conf('postgresql.conf', "customers.merchant = '$merchant'");
$node->reload;
$node->safe_psql('postgres', q{SELECT customers.define_context_field('note', '{"type": "string"}')});

# A canary for each place.  Those marked are long, so that they are stored out
# of line; random digits don't compress.
my @places = qw(reference context wide_context token wide_display fingerprint comment metadata metadata_key request);
my %canary = map { $_ => "canary-$_-" . join('', map { ('a' .. 'z')[ rand 26 ] } 1 .. 12) } @places;
my $noise = join '', map { ('a' .. 'z', 0 .. 9)[ rand 36 ] } 1 .. 9000;

# make_customer makes a customer with the words in all places, and returns the id.
sub make_customer
{
	my (%word) = @_;
	my $id = $node->safe_psql('postgres', qq{
		SELECT customers.create_customer('$word{reference}', '{"note": "$word{context}"}', '{"$word{metadata_key}": "$word{metadata}"}',
		                                 idempotency_key => '$word{request}')});
	$node->safe_psql('postgres', qq{
		SELECT customers.update_customer('$id', '{"note": "$word{context} $noise $word{wide_context}"}');
		SELECT customers.update_customer('$id', '{"note": "$word{context}"}');
		SELECT customers.save_payment_method('$id', 'card', '$word{token}', '{"name": "$noise $word{wide_display}"}', '$word{fingerprint}');
		SELECT customers.add_to_list(list_id, ARRAY['$id']::customers.customer_id[], comment => '$word{comment}') FROM customers.list;
		SELECT customers.create_payment('$id', '{10.00 EUR}')});
	return $id;
}

# files_with lists the files of the database that hold a text: all but the WAL.
sub files_with
{
	my ($text) = @_;
	my @found;

	for my $path (glob($node->data_dir . '/{base,global,pg_tblspc,pg_stat_tmp,pg_stat}{,/*,/*/*}'))
	{
		push @found, basename($path) if -f $path && index(slurp_file($path), $text) >= 0;
	}
	return @found;
}

$node->safe_psql('postgres', q{SELECT customers.create_list('L')});
my $gone = make_customer(%canary);
# Others around, who stay, so that pages are not simply cut off.
my %other = map { my $n = $_; $n => { map { $_ => "$_ of another $n" } @places } } 1 .. 60;
$other{$_}{metadata_key} = 'key' for keys %other;
make_customer(%{ $other{$_} }) for sort { $a <=> $b } keys %other;
$node->safe_psql('postgres', 'ANALYZE; CHECKPOINT');

for my $place (@places)
{
	my @found = files_with($canary{$place});
	if ($place eq 'metadata' || $place eq 'token')
	{
		is("@found", '', "what is sealed is in no file ever: $place");
	}
	else
	{
		isnt("@found", '', "the files have the canary of the $place before");
	}
}
my $sealed = $node->safe_psql('postgres', "SELECT wrapped FROM customers.customer_key WHERE customer_id = '$gone'");
my $wrapped = pack('H*', substr($sealed, 2));
isnt(join(' ', files_with($wrapped)), '', 'the files have the sealed key of the customer');

$node->safe_psql('postgres', "SELECT customers.erase_customer('$gone')");

# The commands of the page, as they stand there.
my ($commands) = $page =~ /^```sql\n(VACUUM.*?)^```/ms;
for my $command (split /;\s*/, $commands // '')
{
	$node->safe_psql('postgres', $command);
}
is(join(' ', files_with($canary{$_})), '', "no file has the canary of the $_ any more") for @places;
is(join(' ', files_with($wrapped)), '', 'no file has the sealed key of the customer any more');
isnt(join(' ', files_with($other{7}{$_})), '', "the files still have the $_ of another") for qw(reference context comment fingerprint);
is($node->safe_psql('postgres', q{SELECT count(DISTINCT customers.metadata(customer_id)) FROM customers.customer WHERE erased_at IS NULL}),
	'60', 'the metadata of the others open');

# The page says of each column of the store what becomes of it.
my %named;
$named{$_} = 1 for $page =~ /`(\w+\.(?:\w+|\*))`/g;
my @columns = split /\n/, $node->safe_psql('postgres', q{
	SELECT relname || '.' || attname FROM pg_class c JOIN pg_attribute ON attrelid = c.oid
	WHERE relnamespace = 'customers'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped ORDER BY 1});
cmp_ok(scalar @columns, '>', 50, 'there are columns');
is(join(' ', grep { my ($table) = split /\./; !$named{$_} && !$named{"$table.*"} } @columns), '',
	'doc/erasure.md says of each column what becomes of it');

# An erased customer lives through dump and restore.
$node->command_ok([ 'pg_dump', '-Fc', '-f', $node->basedir . '/dump', $node->connstr('postgres') ], 'pg_dump');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'pg_restore', '-d', $node->connstr('restored'), $node->basedir . '/dump' ], 'pg_restore');
is($node->safe_psql('restored', "SELECT context, reference IS NULL, erased_at IS NOT NULL FROM customers.customer WHERE customer_id = '$gone'"),
	'{}|t|t', 'an erased customer is restored as such');

$node->stop;
done_testing();
