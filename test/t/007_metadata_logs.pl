# What the server logs, collects and copies of statements that handle metadata:
# nothing of the values, if they are bound parameters and the settings are those
# of doc/metadata.md; and that every one of those settings matters.
use strict;
use warnings;

use Canary;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $temporary = PostgreSQL::Test::Utils::tempdir();
my $key_file = write_keys('root.key', 1);

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 1);
$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers, auto_explain, pg_stat_statements'
customers.key_file = '$key_file'
autovacuum = off
work_mem = 64kB
log_temp_files = 0
log_statement = all
log_min_duration_statement = 0
log_parameter_max_length = 0
log_error_verbosity = verbose
auto_explain.log_min_duration = 0
auto_explain.log_analyze = on
auto_explain.log_nested_statements = on
pg_stat_statements.track = all
});
my $has_explain_parameters = $node->pg_version >= 16;
$node->append_conf('postgresql.conf', 'auto_explain.log_parameter_max_length = 0') if $has_explain_parameters;
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION customers;
	SELECT customers.install();
	CREATE EXTENSION pg_stat_statements;});
my $merchant = $node->safe_psql('postgres', "SELECT customers.create_merchant('M')");
$node->append_conf('postgresql.conf', "customers.merchant = '$merchant'");
$node->reload;
my $customer = $node->safe_psql('postgres', 'SELECT customers.create_customer()');

# run_bound runs a script of SQL with :value, a new canary, as a bound parameter.
# Returns the canary, what the client was told, and what the server has logged.
my $number = 0;
sub run_bound
{
	my ($sql, %arguments) = @_;
	my $canary = 'canary-' . (++$number) . '-Vd6yJ1rXb4-bound';
	my $script = "$temporary/script.$number";
	my $value = $arguments{value} // 'CANARY';
	my $at = -s $node->logfile;

	$value =~ s/CANARY/$canary/;
	append_to_file($script, "$sql;\n");
	local $ENV{PGOPTIONS} = $arguments{options} // '';
	my ($out, $err) = run_command(
		[ 'pgbench', '-n', '-M', 'extended', '-t', '1', '-f', $script, '-D', "customer=$customer",
		  '-D', "value=$value", '-h', $node->host, '-p', $node->port, 'postgres' ]);
	return ($canary, "$out\n$err", slurp_file($node->logfile, $at));
}

# Statements that work.
my ($canary, $told, $log) = run_bound(q{SELECT customers.set_metadata(:customer, jsonb_build_object('note', :value::text))});
unlike($told, qr/error/i, 'metadata is set');
is($node->safe_psql('postgres', "SELECT customers.get_metadata('$customer', 'note')"), $canary, 'indeed');
like($log, qr/execute <unnamed>: SELECT customers\.set_metadata/, 'the statement is logged');
like($log, qr/Query Text: INSERT INTO customers\.metadata \(.*Insert on metadata/s, 'so are the plans of what it runs');
my @canaries = ($canary);
for my $sql (
	q{SELECT customers.set_metadata(:customer, :value::jsonb)},
	q{SELECT customers.create_customer(metadata => :value::jsonb)},
	q{SELECT customers.create_customer(metadata => :value::jsonb, idempotency_key => 'k')},
	q{SELECT customers.ensure_customer('ensured', metadata => :value::jsonb)},
	q{SELECT customers.import_customers(ARRAY[jsonb_build_object('reference', 'imported', 'metadata', :value::jsonb)])})
{
	($canary, $told) = run_bound($sql, value => '{"note": "CANARY"}');
	unlike($told, qr/error/i, $sql);
	push @canaries, $canary;
}

# Statements that fail, in the operation or in what an admin has put on the tables.
$node->safe_psql('postgres', q{
	SELECT customers.define_context_field('age', '{"type": "integer"}');
	ALTER TABLE customers.metadata ADD CONSTRAINT forbidden CHECK (key <> 'forbidden');
	CREATE UNIQUE INDEX once ON customers.metadata (key, (value::text IS NULL)) WHERE key = 'once';
	CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the row is %', NEW; END $$;
	CREATE TRIGGER tell BEFORE INSERT ON customers.metadata FOR EACH ROW WHEN (NEW.key = 'told') EXECUTE FUNCTION tell();
	SELECT customers.create_customer(metadata => '{"once": "x"}');});
for my $failure (
	[ q{SELECT customers.set_metadata(:customer, jsonb_build_object('note', repeat(:value, 50)))}, qr/is too long/ ],
	[ q{SELECT customers.set_metadata(:customer, jsonb_build_object('note', :value || ' 4111 1111 1111 1111'))}, qr/contains a card number/ ],
	[ q{SELECT customers.set_metadata(:customer, jsonb_build_object('note', jsonb_build_array(:value::text)))},
	  qr/must not be an array or an object/ ],
	[ q{SELECT customers.set_metadata(:customer, jsonb_build_array(:value::text))}, qr/must be a JSON object/ ],
	[ q{SELECT customers.set_metadata('cus_00000000000000000000000000', jsonb_build_object('note', :value::text))}, qr/does not exist/ ],
	[ q{SELECT customers.set_metadata(:customer, jsonb_build_object('forbidden', :value::text))},
	  qr/violates check constraint "forbidden".*Failing row contains \(.*\\x01/s ],
	[ q{SELECT customers.set_metadata(:customer, jsonb_build_object('once', :value::text))},
	  qr/violates unique constraint "once".*Key \(key, .*already exists/s ],
	[ q{SELECT customers.set_metadata(:customer, jsonb_build_object('told', :value::text))}, qr/the row is \(.*\\x01/s ],
	[ q{SELECT customers.create_customer(context => '{"age": "old"}', metadata => jsonb_build_object('note', :value::text))}, qr/age: must be/ ],
	[ q{SELECT customers.create_customer(metadata => jsonb_build_object('note', :value::text), idempotency_key => 'k')},
	  qr/used with other parameters/ ],
	[ q{BEGIN READ ONLY; SELECT customers.set_metadata(:customer, jsonb_build_object('note', :value::text))}, qr/read-only transaction/ ],
	[ q{SELECT customers.set_metadata(:customer, jsonb_build_object('note', :value::text)), 1 / 0}, qr/division by zero/ ],
	[ q{SELECT customers.set_metadata(:customer, jsonb_build_object('note', :value::text), 'no such function')}, qr/does not exist/ ])
{
	my ($sql, $error) = @$failure;
	($canary, $told, $log) = run_bound($sql);
	like($told, $error, $sql);
	like($log, $error, 'the log has the error');
	is_deeply([ forms_in($canary, \$told) ], [], 'and the client is not shown the value');
	push @canaries, $canary;
}

# What statistics have of statements, also of those with literals.
push @canaries, 'canary-literal-Hs2bK8wQz5';
{
	local $ENV{PGOPTIONS} = '-c log_statement=none -c log_min_duration_statement=-1 -c auto_explain.log_min_duration=-1';
	$node->safe_psql('postgres', qq{SELECT customers.set_metadata('$customer', '{"note": "$canaries[-1]"}')});
}
is($node->safe_psql('postgres', q{SELECT count(*) > 5 FROM pg_stat_statements WHERE query ~ 'metadata'}), 't', 'statements are counted');
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_stat_statements WHERE query ~ 'canary-'}), '0', 'without values');

# Reading many values, and sorting them in files: those are gone when the query ends.
my $at = -s $node->logfile;
$node->safe_psql('postgres', q{
	SELECT customers.set_metadata(customers.create_customer(), jsonb_build_object('note', 'canary-' || 'sorted-' || n || repeat('.', 100)))
	  FROM (SELECT generate_series(1, 2000) AS n) AS t;});
unlike(slurp_file($node->logfile, $at), qr/temporary file/, 'setting writes no temporary file');
$at = -s $node->logfile;
is($node->safe_psql('postgres', q{
	SELECT count(*) FROM (SELECT customers.metadata(customer_id)::text, key FROM customers.metadata ORDER BY 1, 2 OFFSET 1) AS t}) > 2000,
	1, 'values are sorted');
like(slurp_file($node->logfile, $at), qr/temporary file: path "base\/pgsql_tmp/, 'by way of temporary files');
push @canaries, 'canary-sorted-1999';

# A base backup and a standby.
$node->backup('copy');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'copy', has_streaming => 1);
$standby->start;
$node->safe_psql('postgres', 'CHECKPOINT');
$node->wait_for_catchup($standby);
is($standby->safe_psql('postgres', q{SELECT count(*) FROM (SELECT customers.metadata(customer_id)::text, key FROM customers.metadata ORDER BY 1, 2 OFFSET 1) AS t}) > 2000,
	1, 'a standby reads and sorts');
$standby->safe_psql('postgres', 'CHECKPOINT');
$standby->stop;
my $dump = "$temporary/dump.sql";
$node->command_ok([ 'pg_dump', '-h', $node->host, '-p', $node->port, '-f', $dump, 'postgres' ], 'pg_dump');
$node->stop;

my @places = ($node->data_dir, $node->backup_dir, $standby->data_dir, $node->logfile, $standby->logfile, $dump);
is_deeply([ grep { !-e $_ } @places ], [], 'all places are there');
for my $canary (@canaries)
{
	is_deeply([ files_with($canary, @places) ], [], "$canary is found nowhere");
}

# Each of the settings matters: this is what PostgreSQL logs of bound parameters
# with another one, and what it always does.
$node->start;
my $set = q{SELECT customers.set_metadata(:customer, jsonb_build_object('note', :value::text))};
my $fail = q{SELECT customers.set_metadata(:customer, jsonb_build_object('note', repeat(:value, 50)))};

# logs says whether the log has the canary of such a run.
sub logs
{
	my ($sql, %arguments) = @_;
	my ($canary, $told, $log) = run_bound($sql, %arguments);
	return scalar(forms_in($canary, \$log)) > 0;
}
ok(!logs($set), 'with the settings of the documentation nothing is logged');
ok(logs($set, options => '-c log_parameter_max_length=-1'), 'log_parameter_max_length');
ok(!logs($fail, options => '-c log_statement=none'), 'a failure logs nothing');
ok(logs($fail, options => '-c log_parameter_max_length_on_error=-1'), 'log_parameter_max_length_on_error');
SKIP:
{
	skip 'auto_explain shows no parameters before PostgreSQL 16', 1 unless $has_explain_parameters;
	ok(logs($set, options => '-c auto_explain.log_parameter_max_length=-1'), 'auto_explain.log_parameter_max_length');
}
ok(logs($set, options => '-c auto_explain.log_verbose=on'), 'auto_explain.log_verbose');
ok(logs(q{SELECT customers.set_metadata(:customer, :value::jsonb)}, value => '{"note": "CANARY'), 'a text that is no JSON');
($canary, $told, $log) = run_bound($set, options => '-c debug_print_plan=on');
my $bytes = join '\s+', unpack('C*', $canary);
like($log, qr/\b$bytes\b/, 'debug_print_plan, in numbers');
for my $literal ("SELECT customers.set_metadata('$customer', '{\"note\": \"%s\"}')",
	"PREPARE p AS SELECT customers.set_metadata('$customer', \$1); EXECUTE p('{\"note\": \"%s\"}')")
{
	my $canary = 'canary-' . (++$number) . '-literal';
	$at = -s $node->logfile;
	$node->safe_psql('postgres', sprintf($literal, $canary));
	like(slurp_file($node->logfile, $at), qr/$canary/, 'a literal is logged');
}
$node->stop;

done_testing();
