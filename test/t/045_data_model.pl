# The diagrams of the data model in README.md and doc/data-model.md are those of
# the store.  test/tools/data_model writes them anew.

use strict;
use warnings;

use Cwd;
use File::Basename;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = Cwd::abs_path(dirname(__FILE__) . '/../..');
my $node = PostgreSQL::Test::Cluster->new('data_model');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION customers; SELECT customers.install()');

# diagram draws the store, with or without columns.
sub diagram
{
	my ($columns) = @_;
	my ($output, $error) = run_command([ 'psql', '-X', '-q', '-At', '-d', $node->connstr('postgres'), '-v', 'ON_ERROR_STOP=1',
			'-v', "columns=$columns", '-f', "$root/test/tools/data_model.sql" ]);
	is($error, '', "columns=$columns: the diagram is drawn");
	return $output;
}

my %diagram = ('README.md' => diagram('false'), 'doc/data-model.md' => diagram('true'));
for my $document (sort keys %diagram)
{
	my ($shown) = slurp_file("$root/$document") =~ /^```mermaid\n(erDiagram\n.*?)\n```$/ms;
	is($shown, $diagram{$document}, "$document has the diagram of the store");
}

# It shows what the store gets: each kind of relation, and columns.
$node->safe_psql('postgres', q{
	CREATE TABLE customers.visit (
	  merchant_id customers.merchant_id NOT NULL, customer_id customers.customer_id NOT NULL, payment_id customers.payment_id,
	  list_id customers.list_id NOT NULL, at timestamptz NOT NULL,
	  PRIMARY KEY (merchant_id, list_id), FOREIGN KEY (merchant_id, customer_id) REFERENCES customers.customer);
	CREATE TABLE customers.pebble (merchant_id customers.merchant_id NOT NULL, weight int, PRIMARY KEY (merchant_id, weight))});
my $drawn = diagram('true');
like($drawn, qr/^ +customer \|\|--o\{ visit : "customer_id"$/m, 'a foreign key is a line');
like($drawn, qr/^ +payment \|o\.\.o\{ visit : "payment_id"$/m, 'an id without one is dashed, and may be null');
like($drawn, qr/^ +list \|\|\.\.o\| visit : "list_id"$/m, 'what is unique is there once at most');
unlike($drawn, qr/merchant \S+ visit/, 'a table that refers to others has no line to merchant');
like($drawn, qr/^ +merchant \|\|\.\.o\{ pebble : "merchant_id"$/m, 'another has');
like($drawn, qr/^ +visit \{\n +merchant_id merchant_id PK\n +customer_id customer_id FK\n +payment_id payment_id\n +list_id list_id PK\n +timestamptz at\n +\}$/m,
	'columns have their types and keys');

$node->stop;
done_testing();
