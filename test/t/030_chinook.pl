# The Chinook shop: 59 customers and 412 invoices become customers and paid
# payments.  The data lies outside the project; CUSTOMERS_SHARED names its folder.

use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $chinook = ($ENV{CUSTOMERS_SHARED} // '') . '/chinook';
plan skip_all => 'the Chinook data is not here (CUSTOMERS_SHARED/chinook)'
  unless -r "$chinook/customers.jsonl" && -r "$chinook/invoices.jsonl";

my %currency_of = (
	Argentina => 'ARS', Australia => 'AUD', Austria => 'EUR', Belgium => 'EUR',
	Brazil => 'BRL', Canada => 'CAD', Chile => 'CLP', 'Czech Republic' => 'CZK',
	Denmark => 'DKK', Finland => 'EUR', France => 'EUR', Germany => 'EUR',
	Hungary => 'HUF', India => 'INR', Ireland => 'EUR', Italy => 'EUR',
	Netherlands => 'EUR', Norway => 'NOK', Poland => 'PLN', Portugal => 'EUR',
	Spain => 'EUR', Sweden => 'SEK', USA => 'USD', 'United Kingdom' => 'GBP');

# What the shop collects.  Empty strings are no values, so the import reports
# every field that the file leaves empty.
my %fields = (
	first_name => '{"type": "string", "minLength": 1, "maxLength": 80}',
	last_name => '{"type": "string", "minLength": 1, "maxLength": 80}',
	email => '{"type": "string", "format": "idn-email"}',
	company => '{"type": "string", "minLength": 1}',
	address => '{"type": "string", "minLength": 1}',
	city => '{"type": "string", "minLength": 1}',
	state => '{"type": "string", "minLength": 2}',
	country => '{"type": "string", "minLength": 2}',
	postal_code => '{"type": "string", "pattern": "^[0-9A-Z -]{3,10}$"}',
	phone => '{"type": "string", "pattern": "^\\\\+[0-9][0-9 ()-]{6,24}$"}',
	fax => '{"type": "string", "pattern": "^\\\\+[0-9][0-9 ()-]{6,24}$"}',
	support_rep_id => '{"type": "integer", "minimum": 1}');
my %required = map { $_ => 1 } qw(first_name last_name email country);

sub read_lines
{
	my ($file) = @_;
	my $json = JSON::PP->new->utf8->allow_bignum;
	return map { $json->decode($_) } split /\n/, slurp_file($file);
}

# snake_case of a member's name
sub field_key
{
	my ($name) = @_;
	$name =~ s/([a-z])([A-Z])/$1_$2/g;
	return lc $name;
}

sub literal
{
	my ($text) = @_;
	$text =~ s/'/''/g;
	return "'$text'";
}

my $node = PostgreSQL::Test::Cluster->new('chinook');
my $key_file = PostgreSQL::Test::Utils::tempdir() . '/root.key';
append_to_file($key_file, '5a' x 32 . "\n");
chmod 0600, $key_file;
$node->init;
$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers'
customers.key_file = '$key_file'
});
$node->start;
my $psql = sub { return $node->safe_psql('postgres', $_[0]) };

my $merchant = $psql->(q{
	SET client_min_messages = warning;
	CREATE EXTENSION customers;
	SELECT customers.install();
	SELECT customers.create_merchant('Chinook')});
$merchant =~ s/^\s+//;
$psql->("ALTER DATABASE postgres SET customers.merchant = '$merchant'");

$psql->(join ';', map {
	sprintf "SELECT customers.define_context_field('%s', %s, '%s')",
	  $_, literal($fields{$_}), $required{$_} ? 'create' : 'optional'
} sort keys %fields);

# Customers: import, read the report, clean what it names, import again.

my $json = JSON::PP->new->canonical->allow_bignum;
my @documents;
for my $line (read_lines("$chinook/customers.jsonl"))
{
	my $reference = delete $line->{CustomerId};
	push @documents,
	  { reference => "$reference", context => { map { field_key($_) => $line->{$_} } keys %$line } };
}
is(scalar @documents, 59, 'the file has 59 customers');

sub import_documents
{
	my $array = join ', ', map { literal($json->encode($_)) . '::jsonb' } @documents;
	my $report = $psql->("SELECT ordinal, coalesce(error, '') FROM customers.import_customers(ARRAY[$array])");
	return map { [ split /\|/, $_, 2 ] } split /\n/, $report;
}

my @report = import_documents();
is(scalar @report, 59, 'the first import reports on every customer');
my @refused = grep { $_->[1] ne '' } @report;
cmp_ok(scalar @refused, '>', 0, 'the first import refuses customers with empty fields');
is($psql->('SELECT count(*) FROM customers.customer'), 59 - @refused, 'and keeps the others');

for my $row (@refused)
{
	my ($ordinal, $error) = @$row;
	my $context = $documents[ $ordinal - 1 ]{context};
	for my $field (map { /^(\w+):/ ? $1 : () } split /; /, $error)
	{
		is($context->{$field}, '', "customer $ordinal: the reported field $field is empty");
		delete $context->{$field};
	}
}
@report = import_documents();
is(scalar(grep { $_->[1] ne '' } @report), 0, 'the second import refuses nobody');
is($psql->('SELECT count(*), count(DISTINCT reference) FROM customers.customer'),
	'59|59', 'there are 59 customers, each once');

# Payments: one per invoice, in the currency of the billing country.  The
# file's totals have two decimals; a peso has none, so there the hundredths
# are taken for pesos: minor units are 100 times the total everywhere.

my @invoices = read_lines("$chinook/invoices.jsonl");
is(scalar @invoices, 412, 'the file has 412 invoices');

my (%expected, %count);
my $script = "BEGIN;\n";
for my $customer (1 .. 59)
{
	$script .= "SELECT customers.save_payment_method(customers.find_customer('$customer'), 'card', 'tok_$customer');\n";
}
for my $invoice (@invoices)
{
	my $currency = $currency_of{ $invoice->{BillingCountry} }
	  or die "no currency of $invoice->{BillingCountry}";
	my $minor_units = $invoice->{Total} * 100;
	$expected{$currency} += $minor_units;
	$count{$currency}++;
	$script .= "SELECT customers.create_payment(customers.find_customer('$invoice->{CustomerId}'), "
	  . "ARRAY[customers.amount($minor_units, '$currency')], reference => 'invoice-$invoice->{InvoiceId}') AS payment \\gset\n"
	  . "SELECT customers.commit_payment(:'payment') AS commit \\gset\n"
	  . "SELECT customers.resolve_commit(:'commit', 'succeeded');\n";
}
$script .= "COMMIT;\n";
$psql->($script);

is($psql->("SELECT status, count(*) FROM customers.payment GROUP BY 1"),
	'paid|412', 'every payment is paid');
is( $psql->(q{SELECT customers.currency(received), count(*), sum(customers.minor_units(received))
                FROM customers.payment GROUP BY 1 ORDER BY 1}),
	join("\n", map { "$_|$count{$_}|$expected{$_}" } sort keys %expected),
	'the sums per currency equal the file\'s');
is( $psql->(q{SELECT count(*) FROM (SELECT sum(received) = sum(amount) AS equal FROM customers.payment
                GROUP BY customers.currency(amount)) AS sums WHERE equal}),
	scalar keys %expected, 'and equal what was asked for');

$node->stop;
done_testing();
