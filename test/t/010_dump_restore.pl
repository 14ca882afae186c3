# The store is ordinary tables: a dump takes it to another database whole, and
# install() brings the store of any older version to the current layout.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('store');
$node->init;
my $key_file = $node->basedir . '/root.key';
append_to_file($key_file, '5a' x 32 . "\n");
chmod 0600, $key_file;
$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers'
customers.key_file = '$key_file'
});
$node->start;

# Everything about the tables of the store but their rows.
my $layout = q{
SELECT 'table ' || c.oid::regclass::text || ' ' || c.relkind::text || ' owner ' || c.relowner::regrole
       || ' security ' || c.relrowsecurity || ' forced ' || c.relforcerowsecurity
       || ' options ' || coalesce(c.reloptions::text, 'none')
       || ' comment ' || coalesce(obj_description(c.oid, 'pg_class'), 'none')
FROM pg_class c WHERE c.relnamespace = 'customers'::regnamespace AND c.relkind IN ('r', 'v', 'i')
UNION ALL
SELECT 'column ' || attrelid::regclass || '.' || attname || ' ' || attnum || ' ' || format_type(atttypid, atttypmod)
       || ' not null ' || attnotnull || ' default ' || coalesce(pg_get_expr(adbin, adrelid), 'none')
       || ' comment ' || coalesce(col_description(attrelid, attnum), 'none')
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = 'customers'::regnamespace AND relkind IN ('r', 'v') AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'grant on ' || c.oid::regclass || ' ' || a.grantee::regrole || ' ' || a.privilege_type || ' ' || a.is_grantable
FROM pg_class c, aclexplode(c.relacl) a WHERE relnamespace = 'customers'::regnamespace
UNION ALL
SELECT 'grant on ' || attrelid::regclass || '.' || attname || ' ' || a.grantee::regrole || ' ' || a.privilege_type
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid, aclexplode(attacl) a
WHERE relnamespace = 'customers'::regnamespace
UNION ALL
SELECT 'grant on ' || p.oid::regprocedure || ' ' || CASE a.grantee WHEN 0 THEN 'public' ELSE a.grantee::regrole::text END
FROM pg_proc p, aclexplode(p.proacl) a WHERE pronamespace = 'customers'::regnamespace
UNION ALL
SELECT 'policy ' || p::text FROM pg_policies p WHERE schemaname = 'customers'
UNION ALL
SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
WHERE relnamespace = 'customers'::regnamespace AND NOT tgisinternal
UNION ALL
SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'customers'::regnamespace AND conrelid <> 0
UNION ALL
SELECT 'index ' || pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indrelid
WHERE relnamespace = 'customers'::regnamespace
ORDER BY 1};

# The same psql session for several statements: only the last one's rows.
sub query
{
	my ($database, $sql, @options) = @_;
	my $output = $node->safe_psql($database, $sql, @options);
	$output =~ s/^\n+//;
	return $output;
}

# The SQLSTATE, message and what else psql prints of a statement that fails.
sub error_of
{
	my ($database, $sql, $role) = @_;
	my ($status, $output, $error) =
	  $node->psql($database, "\\set VERBOSITY verbose\n$sql", extra_params => [ '-U', $role // 'postgres' ]);
	return $error;
}

# as runs SQL as a role.
sub as
{
	my ($role, $database, $sql) = @_;
	return query($database, $sql, extra_params => [ '-U', $role ]);
}

sub tables
{
	return split /\n/, query($_[0], q{SELECT relname FROM pg_class
	  WHERE relnamespace = 'customers'::regnamespace AND relkind = 'r' ORDER BY 1});
}

# All rows of all tables as text, by table.
sub rows
{
	my ($database) = @_;
	return { map { $_ => query($database, "SELECT t::text FROM customers.$_ AS t ORDER BY 1") } tables($database) };
}

# The superuser of the cluster is called as who runs this.
$node->safe_psql('postgres', 'CREATE ROLE postgres SUPERUSER LOGIN')
  if $node->safe_psql('postgres', q{SELECT count(*) FROM pg_roles WHERE rolname = 'postgres'}) eq '0';

# install: who may, and that repeating it changes nothing.

$node->safe_psql('postgres', 'CREATE DATABASE shop');
query('shop', 'CREATE EXTENSION customers');
like(error_of('shop', 'SELECT customers.create_merchant($$Early$$)'),
	qr/ERROR:  55000: .*\n.*HINT:.*install\(\)/s, 'without a store, an operation says what to run');

$node->safe_psql('postgres', q{
	CREATE ROLE manager LOGIN IN ROLE customers_admin;
	CREATE ROLE passer_by LOGIN;
	CREATE ROLE clerk LOGIN IN ROLE customers_merchant, customers_metadata, customers_analyst;
	CREATE ROLE stranger LOGIN IN ROLE customers_merchant, customers_metadata, customers_analyst});
like(error_of('shop', 'SELECT customers.install()', 'passer_by'),
	qr/ERROR:  42501: permission denied for function install/, 'install() is refused to anybody else');
like(error_of('shop', 'SELECT customers.install()', 'clerk'),
	qr/ERROR:  42501: permission denied for function install/, 'also to a merchant');
as('manager', 'shop', 'SELECT customers.install()');
my $current = query('shop', $layout);
like($current, qr/table customers\.customer r/, 'an admin who is no superuser installs the store');
unlike($current, qr/owner manager/, 'which belongs to the owner of the extension');

my $steps = query('shop', 'SELECT * FROM customers.store_step ORDER BY installed_at');
query('shop', 'SELECT customers.install()');
is(query('shop', $layout), $current, 'install() again changes no table');
is(query('shop', 'SELECT * FROM customers.store_step ORDER BY installed_at'), $steps, 'and records no step');

# A row in every table.

query('shop', q{
	SELECT customers.create_merchant('The Shop', '{"card_number_exemptions": {"imei": "it''s \"quoted\" \\\\ and ünïcode"}}') AS shop \gset
	SELECT customers.create_merchant('Another') AS another \gset
	SELECT customers.bind_role('clerk', :'shop'), customers.bind_role('stranger', :'another')});
as('clerk', 'shop', q{
	SELECT customers.define_context_field('email', '{"type": "string", "format": "email"}', 'create', true, label => 'E-mail', "position" => 2);
	SELECT customers.define_context_field('notes', '{"type": ["string", "null"], "pattern": "^[^\\\\t]*$"}');
	SELECT customers.define_context_field('age', '{"type": "integer", "minimum": 18}', 'commit');
	SELECT customers.define_context_field('fax', '{"type": "string"}');
	SELECT customers.retire_context_field('fax');
	SELECT customers.set_context_rules('{"not": {"required": ["fax"]}}');
	SELECT customers.create_customer('c1', '{"email": "a@example.com", "age": 30, "notes": "back\\\\slash \"q\" ☃"}',
	                                 idempotency_key => 'key-1') AS c1 \gset
	SELECT customers.create_customer('c2', '{"email": "b@example.com"}') AS c2 \gset
	SELECT customers.create_customer(NULL, '{"email": "c@example.com"}') AS c3 \gset
	SELECT customers.archive_customer(:'c2');
	SELECT customers.set_metadata(:'c1', '{"card": "LC-77231", "size": 42, "vip": true}');
	SELECT customers.define_metadata_key('card', true);
	SELECT customers.get_metadata(:'c1', 'card');
	SELECT customers.find_by_metadata('card', 'LC-77231');
	SELECT customers.create_list('fixed') AS fixed \gset
	SELECT customers.create_list('adults', '$.context.age >= 18', 'block_payouts');
	SELECT customers.add_to_list(:'fixed', ARRAY[:'c1', :'c2']::customers.customer_id[], '2099-01-01', 'why: "because"')});
as('stranger', 'shop', q{SELECT customers.create_customer('c1', '{}')});

# What merchants have with payments is dumped as it is while one is under way.
if (query('shop', q{SELECT to_regclass('customers.payment') IS NOT NULL}) eq 't')
{
	query('shop', q{CREATE ROLE worker LOGIN IN ROLE customers_processor;
	  SELECT customers.bind_role('worker', merchant_id) FROM customers.merchant WHERE name = 'The Shop'});
	my $commit = as('clerk', 'shop', q{
		SELECT customers.find_customer('c1') AS c1 \gset
		SELECT customers.save_payment_method(:'c1', 'card', 'tok_1', '{"last4": "4242"}') AS card \gset
		SELECT customers.create_payment(:'c1', '{54.00 EUR,60.00 USD}', 'order-1',
		                                amount_mode => 'editable_if_insufficient') AS payment \gset
		SELECT customers.choose_currency(:'payment', 'USD');
		SELECT customers.commit_payment(:'payment', :'card');
		SELECT customers.open_checkout(:'payment') IS NOT NULL;});
	my ($id) = $commit =~ /(cmt_\w+)/;
	as('worker', 'shop', "SELECT customers.resolve_commit('$id', 'declined', code => 'insufficient_funds')");
	as('clerk', 'shop', q{
		SELECT payment_id AS payment FROM customers.payment \gset
		SELECT customers.change_amount(:'payment', '48.00 USD');
		SELECT customers.create_payment(customers.find_customer('c1'), '{1.00 EUR}') AS payment \gset
		SELECT customers.cancel_payment(:'payment')});
}

# Segments of a list that is large enough for them.
as('clerk', 'shop', q{
	SELECT customers.create_list('large') AS large \gset
	SELECT customers.add_to_list(:'large', array_agg(customers.create_customer('l' || n, jsonb_build_object('email', 'l' || n || '@example.com'))))
	FROM generate_series(1, 300) AS n});
query('shop', 'CALL customers.compact_lists()');

# Views of a merchant's fields and indexes of fields.
query('shop', q{
	CREATE SCHEMA clerk AUTHORIZATION clerk;
	SELECT customers.use_merchant(merchant_id) FROM customers.merchant WHERE name = 'The Shop';
	SELECT customers.index_context_field(key) FROM unnest('{email,age}'::text[]) AS key});
as('clerk', 'shop', 'SELECT customers.context_columns()');
query('shop', 'GRANT SELECT ON clerk.customer_columns TO passer_by');

# The users' own: an index, a grant and a trigger go with the tables.
query('shop', q{
	CREATE INDEX customer_email ON customers.customer ((context ->> 'email'));
	GRANT SELECT ON customers.list TO passer_by;
	CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
	CREATE TRIGGER note AFTER INSERT ON customers.customer FOR EACH ROW EXECUTE FUNCTION public.note()});

my $before = rows('shop');
my $shop_layout = query('shop', $layout);
for my $table (sort keys %$before)
{
	isnt($before->{$table}, '', "there are rows in $table");
}

# Dump and restore, as plain SQL and in the custom format.

my $dumps = $node->basedir;
$node->command_ok([ 'pg_dump', '-f', "$dumps/plain.sql", 'shop' ], 'a plain dump');
$node->command_ok([ 'pg_dump', '-Fc', '-f', "$dumps/custom.dump", 'shop' ], 'a dump in the custom format');
$node->safe_psql('postgres', "CREATE DATABASE $_") for qw(plain custom);
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dumps/plain.sql", 'plain' ],
	'the plain dump restores without an error');
$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', 'custom', "$dumps/custom.dump" ],
	'so does the other');

for my $database (qw(plain custom))
{
	my $after = rows($database);
	is(join(' ', sort keys %$after), join(' ', sort keys %$before), "$database: the same tables");
	is($after->{$_}, $before->{$_}, "$database: the same rows in $_") for sort keys %$before;
	is(query($database, $layout), $shop_layout,
		"$database: the same columns, constraints, triggers, policies, grants, comments");

	query($database, 'SELECT customers.install()');
	is_deeply(rows($database), $before, "$database: install() has nothing to do");

	is(as('clerk', $database, q{SELECT customers.get_metadata(customers.find_customer('c1'), 'card')}),
		'LC-77231', "$database: metadata opens");
	is(as('clerk', $database, q{SELECT customers.find_by_metadata('card', 'LC-77231') = customers.find_customer('c1')}),
		't', "$database: and is found");
	is(as('clerk', $database, q{SELECT age FROM customer_columns WHERE email = 'a@example.com'}), 30,
		"$database: the view of the fields shows them");
	like(as('clerk', $database, q{SET enable_seqscan = off; EXPLAIN SELECT FROM customer_columns WHERE email = 'a@example.com'}),
		qr/Index.* customer_context_text_email/, "$database: and the index of a field serves it");
	as('clerk', $database, q{SELECT customers.define_context_field('age', '{"type": "string"}'); SELECT customers.context_columns()});
	is(as('clerk', $database, q{SELECT pg_typeof(age) FROM customer_columns LIMIT 1}), 'text', "$database: it is brought up to date");
	as('clerk', $database, q{SELECT customers.define_context_field('age', '{"type": "integer", "minimum": 18}', 'commit')});
	is(as('clerk', $database, 'SELECT count(*) FROM customers.customer_profile'), 303, "$database: so are the profiles there");
	is(as('clerk', $database, 'SELECT count(*) FROM customers.customer'), 303,
		"$database: a merchant sees its own customers");
	is(as('stranger', $database, 'SELECT count(*) FROM customers.customer'), 1, "$database: another sees its own");
	is(as('clerk', $database, q{SELECT customers.create_customer('c1', '{"email": "a@example.com", "age": 30, "notes": "back\\\\slash \"q\" ☃"}',
	                                 idempotency_key => 'key-1') = customers.find_customer('c1')}),
		't', "$database: a repeated call gives its first result");
	like(as('clerk', $database, q{SELECT customers.create_customer('c4', '{"email": "d@example.com"}')}),
		qr/^cus_/, "$database: a customer is created");
	like(error_of($database, q{SELECT customers.create_customer('c5', '{"email": "nowhere"}')}, 'clerk'),
		qr/ERROR:  23514/, "$database: unless the schema rejects the context");
	like(error_of($database, q{UPDATE customers.customer SET context = '{"email": 5}' WHERE reference = 'c1'}),
		qr/ERROR:  23514/, "$database: the guard holds for a superuser");
	like(error_of($database, q{DELETE FROM customers.metadata_access}),
		qr/ERROR:  55000/, "$database: what only grows only grows");
	like(error_of($database, q{DELETE FROM customers.customer_history}),
		qr/ERROR:  55000/, "$database: so does the history");
	is(as('clerk', $database, q{SELECT customers.customer_as_of(customers.find_customer('c2'), created_at) -> 'archived_at'
	                              FROM customers.customer WHERE reference = 'c2'}),
		'null', "$database: a customer is known as it was");
}

# The extension doesn't go without its store, and no role with it.

my $refusal = error_of('plain', 'DROP EXTENSION customers');
like($refusal, qr/ERROR:  2BP01: cannot drop extension customers because other objects depend on it/,
	'DROP EXTENSION with a store refuses');
like($refusal, qr/table customers\.customer depends on schema customers/, 'and names the tables');
$node->safe_psql('postgres', 'CREATE DATABASE empty');
query('empty', 'CREATE EXTENSION customers; DROP EXTENSION customers');
is(query('empty', q{SELECT count(*) FROM pg_namespace WHERE nspname = 'customers'}), 0,
	'DROP EXTENSION without a store leaves no schema');
is(query('empty', q{SELECT count(*) FROM pg_roles WHERE rolname LIKE 'customers\_%'}), 7, 'but the roles');

# Stores of older versions: those with only the first steps.

query('empty', 'CREATE EXTENSION customers');
my @steps = split /\n/, query('shop', 'SELECT step FROM customers.store_step ORDER BY installed_at');
cmp_ok(scalar @steps, '>', 1, 'the layout has several steps');
for my $count (0 .. $#steps)
{
	my $older = join '', map { "SELECT FROM customers.$_();" } @steps[ 0 .. $count - 1 ];
	my $names = join ', ', map { "'$_'" } 'none', @steps[ 0 .. $count - 1 ];
	my $drop = join ', ', map { "customers.$_" } grep { $_ ne 'store_step' } keys %$before;
	$node->safe_psql('empty', qq{
		BEGIN;
		SELECT customers.install();
		DROP TABLE $drop CASCADE;
		DELETE FROM customers.store_step WHERE step NOT IN ($names);
		SET LOCAL ROLE customers_owner;
		$older
		COMMIT});
	query('empty', 'SELECT customers.install()');
	is(query('empty', $layout), $current, "a store with the first $count steps is brought to the current layout");
	$node->safe_psql('empty', "DROP TABLE $drop, customers.store_step CASCADE");
}

$node->stop;
done_testing();
