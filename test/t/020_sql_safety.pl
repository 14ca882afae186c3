# What a hostile role can't do: capture the statements of the operations by its
# own operators, functions, types and tables, or reach another merchant's rows.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('safety');
$node->init;
my $key_file = $node->basedir . '/root.key';
append_to_file($key_file, '5a' x 32 . "\n");
chmod 0600, $key_file;
$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers'
customers.key_file = '$key_file'
});
$node->start;

# run_as runs a script in one session as a role; the output and the errors.
sub run_as
{
	my ($role, $database, $script) = @_;
	my ($status, $output, $error) =
	  $node->psql($database, $script, extra_params => [ '-U', $role ], on_error_die => 0, on_error_stop => 0);
	return "$output\n$error";
}

$node->safe_psql('postgres', 'CREATE ROLE postgres SUPERUSER LOGIN')
  if $node->safe_psql('postgres', q{SELECT count(*) FROM pg_roles WHERE rolname = 'postgres'}) eq '0';
$node->safe_psql('postgres', "CREATE DATABASE $_") for qw(plain hostile);
$node->safe_psql('plain', q{
	CREATE EXTENSION customers;
	SELECT customers.install();
	CREATE ROLE clerk LOGIN IN ROLE customers_merchant, customers_metadata, customers_analyst, customers_processor;
	CREATE ROLE rival LOGIN IN ROLE customers_merchant, customers_metadata, customers_analyst, customers_processor});

# 1. Traps for every name that a statement could use unqualified.

$node->safe_psql('hostile', q{
CREATE SCHEMA evil;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
CREATE FUNCTION evil.trap() RETURNS bool LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'captured: a type'; END$$;

CREATE PROCEDURE public.lay_traps(victim regnamespace) LANGUAGE plpgsql AS $traps$
DECLARE
  found record;
BEGIN
  -- The same operators on the same types, in a schema that comes first.
  FOR found IN SELECT o.oid, oprname, format_type(oprleft, NULL) AS left, format_type(oprright, NULL) AS right,
                      format_type(oprresult, NULL) AS result, oprleft = 0 AS prefix
               FROM pg_operator o WHERE oprnamespace = victim LOOP
    BEGIN
      EXECUTE format('CREATE FUNCTION evil.operator_%s(%s%s) RETURNS %s LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION %L; END$$',
                     found.oid, CASE WHEN found.prefix THEN '' ELSE found.left || ', ' END, found.right, found.result,
                     'captured: operator ' || found.oprname || '(' || found.left || ', ' || found.right || ')');
      EXECUTE format('CREATE OPERATOR evil.%s (%s RIGHTARG = %s, FUNCTION = evil.operator_%s)', found.oprname,
                     CASE WHEN found.prefix THEN '' ELSE 'LEFTARG = ' || found.left || ',' END, found.right, found.oid);
    EXCEPTION WHEN OTHERS THEN NULL;  -- pseudo-types that PL/pgSQL can't take
    END;
  END LOOP;
  -- The same functions and aggregates.
  FOR found IN SELECT oid, proname, pg_get_function_identity_arguments(oid) AS arguments, format_type(prorettype, NULL) AS result
               FROM pg_proc WHERE pronamespace = victim LOOP
    BEGIN
      EXECUTE format('CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION %L; END$$',
                     found.proname, found.arguments, found.result, 'captured: function ' || found.proname);
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  -- The same types.
  FOR found IN SELECT typname, typnamespace::regnamespace FROM pg_type
               WHERE typnamespace = victim AND typtype IN ('b', 'd') AND typcategory <> 'A' LOOP
    BEGIN
      EXECUTE format('CREATE DOMAIN evil.%I AS %s.%1$I CHECK (evil.trap())', found.typname, found.typnamespace);
    EXCEPTION WHEN duplicate_object THEN NULL;
    END;
  END LOOP;
END
$traps$;
CALL public.lay_traps('pg_catalog')});

cmp_ok($node->safe_psql('hostile', q{SELECT count(*) FROM pg_operator WHERE oprnamespace = 'evil'::regnamespace}),
	'>', 500, 'there are traps for operators');
cmp_ok($node->safe_psql('hostile', q{SELECT count(*) FROM pg_proc WHERE pronamespace = 'evil'::regnamespace}),
	'>', 2000, 'there are traps for functions');

my @tables = split /\n/, $node->safe_psql('plain', q{
	SELECT relname FROM pg_class WHERE relnamespace = 'customers'::regnamespace AND relkind IN ('r', 'v') ORDER BY 1});
$node->safe_psql('hostile', join ';', map { "CREATE TABLE evil.$_ (trap int)" } @tables);
my $temporary = join '', map { "CREATE TEMP TABLE $_ (trap int);\n" } @tables;

# The operations, as in one day of a merchant.
my $payments = grep { $_ eq 'payment' } @tables;
my @day = (
	[ postgres => 'CREATE EXTENSION customers' ],
	[ postgres => q{
		SELECT customers.install();
		SELECT customers.install();
		SELECT customers.create_merchant('Shop') AS shop \gset
		SELECT customers.bind_role('clerk', :'shop');
		SELECT customers.bind_role('rival', :'shop');
		SELECT customers.unbind_role('rival', :'shop')} ],
	[ clerk => q{
		SELECT customers.current_merchant() IS NOT NULL;
		SELECT customers.define_context_field('email', '{"type": "string", "format": "email"}', 'create');
		SELECT customers.set_context_rules('{"maxProperties": 5, "$ref": "#/$defs/any", "$defs": {"any": true}}');
		SELECT customers.define_context_field('age', '{"type": "integer"}', 'commit');
		SELECT customers.define_context_field('fax', '{"type": "string", "pattern": "^[0-9]+$"}');
		SELECT customers.retire_context_field('fax');
		SELECT customers.context_columns('pg_temp.fields') IS NOT NULL;
		SELECT customers.context_schema();
		SELECT * FROM customers.check_context('{"email": 1, "age": "x"}');
		SELECT customers.create_customer('c1', '{"email": "a@example.com"}', idempotency_key => 'k') AS c1 \gset
		SELECT customers.create_customer('c1', '{"email": "a@example.com"}', idempotency_key => 'k');
		SELECT * FROM customers.ensure_customer('c1');
		SELECT * FROM customers.ensure_customer('c2', '{"email": "b@example.com"}');
		SELECT customers.find_customer('c2') AS c2 \gset
		SELECT customers.create_customer('c1', '{"email": "a@example.com"}');
		SELECT customers.update_customer(:'c1', '{"age": 3}', 1);
		SELECT customers.update_customer(:'c1', '{"age": "old"}');
		SELECT customers.nonconforming_customers();
		SELECT customers.nonconforming_customers('age', 'commit');
		SELECT customers.define_context_field('age', '{"type": "integer"}', 'commit', true);
		SELECT customers.update_customer(:'c2', '{"age": 3}');
		SELECT customers.update_customer(:'c1', '{"age": 4}');
		SELECT customers.update_customer(:'c1', '{"age": 3}');
		SELECT * FROM customers.duplicate_customers('age');
		SELECT customers.missing_fields(:'c1');
		SELECT customers.find_customer('c1');
		SELECT customers.archive_customer(:'c1');
		SELECT customers.unarchive_customer(:'c1');
		SELECT customers.allow_payments(:'c1', false);
		SELECT customers.allow_payments(:'c1', true);
		SELECT customers.allow_payouts(:'c1', false);
		SELECT * FROM customers.import_customers('{"{\"reference\": \"c3\", \"context\": {\"email\": \"c@example.com\"}}","{\"context\": {}}"}');
		CREATE TEMP TABLE staging (ordinal bigint PRIMARY KEY, document pg_catalog.jsonb, error pg_catalog.text);
		INSERT INTO staging VALUES (1, '{"reference": "c4", "context": {"email": "d@example.com"}}'), (2, NULL);
		CALL customers.import_staged('staging');
		SELECT customers.set_metadata(:'c1', '{"card": "LC-1", "size": 4}');
		SELECT customers.get_metadata(:'c1', 'card');
		SELECT customers.metadata(:'c1');
		SELECT customers.metadata_keys(:'c1');
		SELECT customers.create_list('fixed') AS fixed \gset
		SELECT customers.create_list('rule', '$.context.age >= 3') AS rule \gset
		SELECT customers.add_to_list(:'fixed', ARRAY[:'c1']::customers.customer_id[]);
		SELECT customers.list_members(:'fixed');
		SELECT customers.list_members(:'rule');
		SELECT customers.lists_of(:'c1');
		SELECT customers.create_list('named', '$.lists == "fixed" && !($.payments.received.EUR > 1)', 'block_payouts') AS named \gset
		SELECT customers.list_members(:'named');
		SELECT customers.preview_list('$.lists == "fixed" && $.payments.count == 0');
		SELECT customers.drop_list(:'fixed');
		SELECT customers.require_payouts_allowed(:'c1');
		SELECT customers.drop_list(:'named');
		SELECT customers.sweep_list_items();
		SELECT customers.list_union(ARRAY[:'fixed', :'rule']::customers.list_id[]);
		SELECT customers.list_intersection(ARRAY[:'fixed', :'rule']::customers.list_id[]);
		SELECT customers.list_difference(ARRAY[:'fixed', :'rule']::customers.list_id[]);
		SELECT customers.list_overlap(ARRAY[:'fixed', :'rule']::customers.list_id[]);
		SELECT customers.remove_from_list(:'fixed', ARRAY[:'c1']::customers.customer_id[]);
		SELECT customers.drop_list(:'rule');
		SELECT customers.define_context_field('age', '{"type": "number"}', 'commit');
		SELECT customers.context_columns('pg_temp.fields') IS NOT NULL;
		SELECT reference, email, age, fax FROM pg_temp.fields;
		SELECT reference, context, archived FROM customers.customer_profile;
		SELECT reference, context, version FROM customers.customer;
		SELECT name FROM customers.merchant;
		SELECT role, keys FROM customers.metadata_access} ],
	[ postgres => q{
		SET client_min_messages = warning;
		SELECT customers.use_merchant(merchant_id) IS NOT NULL FROM customers.merchant;
		SELECT customers.index_context_field('email');
		SELECT customers.index_context_field('email');
		SELECT customers.unindex_context_field('email');
		CALL customers.rotate_merchant_key();
		CALL customers.rotate_root_key();
		CALL customers.compact_lists();
		SELECT level, in_force, uses FROM customers.key_status()} ],
	$payments ? [ clerk => q{
		SELECT customers.find_customer('c1') AS c1 \gset
		SELECT customers.save_payment_method(:'c1', 'card', 'tok_1') AS card \gset
		SELECT customers.create_payment(:'c1', '{54.00 EUR,60.00 USD}', 'order-1',
		                                amount_mode => 'editable_if_insufficient') AS payment \gset
		SELECT customers.choose_currency(:'payment', 'USD');
		SELECT customers.choose_payment_method(:'payment', :'card');
		SELECT customers.commit_payment(:'payment') AS commit \gset
		SELECT customers.resolve_commit(:'commit', 'declined', code => 'insufficient_funds');
		SELECT customers.change_amount(:'payment', '48.00 USD');
		SELECT customers.commit_payment(:'payment', :'card', idempotency_key => 'k') AS commit \gset
		SELECT customers.resolve_commit(:'commit', 'succeeded');
		SELECT status, amount, received FROM customers.payment;
		SELECT sequence, event, from_status, to_status FROM customers.payment_events(:'payment');
		SELECT customers.create_payment(:'c1', '{9.00 EUR}', 'order-2', capture => 'manual') AS held \gset
		SELECT customers.resolve_commit(customers.commit_payment(:'held', :'card'), 'authorized');
		SELECT customers.capture_payment(:'held', '3.00 EUR', false, idempotency_key => 'k');
		SELECT customers.capture_payment(:'held', '3.00 EUR', false, idempotency_key => 'k');
		SELECT customers.next_steps(:'held') IS NOT NULL;
		SELECT customers.capture_payment(:'held', '3.00 EUR');
		SELECT customers.record_return(:'held', '1.00 EUR', 'r');
		SELECT customers.record_return(:'held', '1.00 EUR', 'r');
		SELECT sequence, event, value FROM customers.payment_events(:'held');
		SELECT customers.create_payment(:'c1', '{1.00 EUR}') AS payment \gset
		SELECT customers.cancel_payment(:'payment')} ] : ());

# A day gives the same on a database with traps as on one without.
sub day
{
	my ($database, $prelude) = @_;
	my $output = '';
	for my $part (@day)
	{
		my ($role, $script) = @$part;
		$output .= run_as($role, $database, $script =~ /EXTENSION/ ? $script : $prelude . $script);
		# The extension has brought more names, also operators in pg_catalog.
		$node->safe_psql($database, q{SET search_path = pg_catalog;
			CALL public.lay_traps('customers'); CALL public.lay_traps('pg_catalog')})
		  if $prelude && $script =~ /EXTENSION/;
	}
	$output =~ s/^psql:<stdin>:\d+: //mg;
	$output =~ s/\b(mer|cus|lst|pm|pay|cmt)_[0-9a-z]{26}\b/$1_/g;
	return $output;
}

$node->safe_psql('postgres', 'CREATE DATABASE calm');
my $expected = day('calm', '');
unlike($expected, qr/permission denied|syntax error|does not exist/, 'a day without traps has no error of its own');
{
	local $ENV{PGOPTIONS} = '-c search_path=evil,pg_catalog,public';
	like(run_as('clerk', 'hostile', 'SELECT 1 = 1'), qr/captured: operator =/, 'the traps for operators work');
	like(run_as('clerk', 'hostile', 'SELECT now()'), qr/captured: function now/, 'so do those for functions');
	like(run_as('clerk', 'hostile', q{SELECT '1'::"text"}), qr/captured: a type/, 'and those for types');
	my $output = day('hostile', $temporary);
	unlike($output, qr/captured: /, 'no statement of an operation is captured');
	is($output, $expected, 'and a day goes as ever');
}

# 2. Merchants apart.

$node->safe_psql('plain', q{
	SELECT customers.create_merchant('Shop') AS shop \gset
	SELECT customers.create_merchant('Rival') AS rival \gset
	SELECT customers.bind_role('clerk', :'shop'), customers.bind_role('rival', :'rival')});
for my $role (qw(clerk rival))
{
	run_as($role, 'plain', $_->[1]) for grep { $_->[0] eq 'clerk' } @day;
}

for my $table (grep { !/^(store_step|event_epoch|payment_transitions)$/ } @tables)
{
	my $visible = run_as('rival', 'plain', "SELECT DISTINCT merchant_id FROM customers.$table");
	my $rival = $node->safe_psql('plain', q{SELECT merchant_id FROM customers.merchant WHERE name = 'Rival'});
	like($visible, qr/^(\Q$rival\E)?\n$|permission denied for table $table/, "a merchant sees only its rows of $table");
	like(run_as('rival', 'plain', "$_ customers.$table"), qr/permission denied|is not a table/, "and can't $_ them")
	  for 'DELETE FROM', 'TRUNCATE';
}

# Every operation that takes an id says of another merchant's what it says of none.
my $attempts = run_as('postgres', 'plain', q{
CREATE FUNCTION public.attempts() RETURNS TABLE (call text, result text) LANGUAGE plpgsql AS $$
DECLARE
  found record;
  id record;
  outcome text[];
BEGIN
  FOR found IN
    SELECT p.oid::regprocedure::text AS signature, p.proname, p.proargtypes[0]::regtype AS type,
           (SELECT coalesce(string_agg(CASE t WHEN 'bool'::regtype THEN 'true' WHEN 'jsonb'::regtype THEN '''{}'''
                   WHEN 'customers.amount'::regtype THEN '''1.00 EUR'''
                   WHEN 'customers.payment_method_id'::regtype THEN '''pm_00000000000000000000000001'''
                   WHEN 'customers.customer_id[]'::regtype THEN '''{}''' WHEN 'customers.amount[]'::regtype THEN '''{1.00 EUR}'''
                   WHEN 'text'::regtype THEN '''declined''' WHEN 'timestamptz'::regtype THEN 'now()'
                   WHEN 'int'::regtype THEN '1' WHEN 'interval'::regtype THEN '''1 hour''' ELSE 'NULL' END, ', ' ORDER BY n), '')
            FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY u(t, n)
            WHERE n BETWEEN 2 AND p.pronargs - p.pronargdefaults) AS rest
    FROM pg_proc p
    WHERE p.pronamespace = 'customers'::regnamespace AND has_function_privilege(p.oid, 'execute')
      AND NOT has_function_privilege('public', p.oid, 'execute') AND p.pronargs > 0
      AND p.proargtypes[0] = ANY (ARRAY['customers.customer_id', 'customers.list_id', 'customers.payment_id',
                                        'customers.payment_method_id', 'customers.commit_id']::regtype[])
    ORDER BY 1
  LOOP
    outcome := '{}';
    FOR id IN SELECT * FROM public.ids WHERE type = found.type ORDER BY ids.whose LOOP
      BEGIN
        EXECUTE format('SELECT count(r) FROM (SELECT customers.%I(%s)) AS t(r)', found.proname,
                       concat_ws(', ', quote_literal(id.id) || '::' || id.type, nullif(found.rest, ''))) INTO result;
        outcome := outcome || ('returned ' || result);
      EXCEPTION WHEN OTHERS THEN
        outcome := outcome || replace(SQLSTATE || ' ' || SQLERRM, id.id, 'ID');
      END;
    END LOOP;
    call := found.signature;
    result := CASE WHEN outcome[1] = outcome[2] THEN 'alike: ' || outcome[1] ELSE 'unlike: ' || array_to_string(outcome, ' / ') END;
    RETURN NEXT;
  END LOOP;
END
$$;
CREATE TABLE public.ids (whose text, type regtype, id text);
GRANT SELECT ON public.ids TO PUBLIC;
INSERT INTO public.ids
  SELECT 'another', 'customers.customer_id', customer_id FROM customers.customer WHERE reference = 'c1'
    AND merchant_id::text = (SELECT merchant_id::text FROM customers.merchant WHERE name = 'Shop');
INSERT INTO public.ids
  SELECT 'another', 'customers.list_id', list_id FROM customers.list WHERE name = 'fixed'
    AND merchant_id::text = (SELECT merchant_id::text FROM customers.merchant WHERE name = 'Shop');
} . ($payments ? q{
INSERT INTO public.ids
  SELECT 'another', 'customers.payment_id', payment_id FROM customers.payment WHERE reference = 'order-1'
    AND merchant_id::text = (SELECT merchant_id::text FROM customers.merchant WHERE name = 'Shop');
INSERT INTO public.ids
  SELECT 'another', 'customers.payment_method_id', payment_method_id FROM customers.payment_method
  WHERE merchant_id::text = (SELECT merchant_id::text FROM customers.merchant WHERE name = 'Shop') LIMIT 1;
INSERT INTO public.ids
  SELECT 'another', 'customers.commit_id', commit_id FROM customers.payment_commit
  WHERE merchant_id::text = (SELECT merchant_id::text FROM customers.merchant WHERE name = 'Shop') LIMIT 1;
} : '') . q{
INSERT INTO public.ids SELECT 'nobody', type, substr(id, 1, position('_' IN id)) || '00000000000000000000000001' FROM public.ids;
\connect - rival
SELECT * FROM public.attempts();
});
my @attempts = grep { /\|/ } split /\n/, $attempts;
cmp_ok(scalar @attempts, '>', 15, 'there are operations that take an id') or diag $attempts;
for my $attempt (@attempts)
{
	my ($call, $result) = split /\|/, $attempt, 2;
	like($result, qr/^alike: (P0002 .* does not exist$|returned 0)/, "$call: another merchant's is as none");
}

# 3. What is not said in SQL: who acts for whom.

my $shop = $node->safe_psql('plain', q{SELECT merchant_id FROM customers.merchant WHERE name = 'Shop'});
my $rival = $node->safe_psql('plain', q{SELECT merchant_id FROM customers.merchant WHERE name = 'Rival'});
like(run_as('rival', 'plain', "SET customers.merchant = '$shop'; SELECT customers.create_customer()"),
	qr/role "rival" is not bound to merchant/, 'setting the merchant gives no access');
like(run_as('rival', 'plain', "SET customers.merchant = '$shop'; TABLE customers.customer"),
	qr/role "rival" is not bound to merchant/, 'not to the tables either');
like(run_as('rival', 'plain', 'SET ROLE customers_merchant; SELECT customers.create_customer()'),
	qr/role "customers_merchant" is not bound to a merchant/, 'a group role acts for nobody');
$node->safe_psql('plain', "SELECT customers.bind_role('rival', '$shop')");
like(run_as('rival', 'plain', 'SELECT customers.create_customer()'), qr/no merchant is chosen/,
	'a role bound to several merchants has to choose one');
like(run_as('rival', 'plain', qq{
	BEGIN; SET LOCAL customers.merchant = '$shop'; SELECT name FROM customers.merchant; COMMIT;
	BEGIN; SET LOCAL customers.merchant = '$rival'; SELECT name FROM customers.merchant; COMMIT;
	SELECT name FROM customers.merchant;}),
	qr/^Shop\nRival\n.*no merchant is chosen/s, 'for each transaction, as transaction-mode poolers need');

$node->stop;
done_testing();
