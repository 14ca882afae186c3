# What README.md and doc/ say: every example runs and gives the output shown,
# and every function, table and role has its place in the reference.
#
# A ```sql block is run by psql.  All blocks of a document run in one session in
# order, in a database of their own; a block hidden in a comment "<!-- sql" too.
# A ```text or plain block right after it is the output that it must give, where
# an id that is made anew shows as its prefix and an ellipsis (pay_…); if that
# has an error, the block may fail, else it may not.

use strict;
use warnings;

use Cwd;
use File::Basename;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = Cwd::abs_path(dirname(__FILE__) . '/../..');
my @documents = map { substr $_, length("$root/") } "$root/README.md", sort glob("$root/doc/*.md");
my %source = map { $_ => read_document("$root/$_") } @documents;
my $reference = join "\n", map { $source{$_} } grep { m{^doc/reference} } @documents;

my $node = PostgreSQL::Test::Cluster->new('documentation');
$node->init;
my $key_file = $node->basedir . '/root.key';
append_to_file($key_file, '5a' x 32 . "\n");
chmod 0600, $key_file;
$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers'
customers.key_file = '$key_file'
timezone = 'UTC'
});
$node->start;

sub read_document
{
	my ($path) = @_;
	open my $file, '<:encoding(UTF-8)', $path or die "$path: $!";
	local $/;
	return scalar <$file>;
}

# fenced_blocks returns the blocks of a document: line, info string and text, and
# for sql what it must give, if that is shown.
sub fenced_blocks
{
	my ($text) = @_;
	my (@blocks, $open);
	my $number = 0;
	my $adjacent = 0;    # is there nothing but blank lines since the last block?

	for my $line (split /\n/, $text)
	{
		$number++;
		if ($open)
		{
			if ($line eq $open->{end})
			{
				if ($open->{info} =~ /^(text)?$/ && $adjacent && @blocks && $blocks[-1]{info} eq 'sql')
				{
					$blocks[-1]{expected} = $open->{text};
					$adjacent = 0;
				}
				else
				{
					push @blocks, $open;
					$adjacent = 1;
				}
				undef $open;
				next;
			}
			$open->{text} .= "$line\n";
		}
		elsif ($line =~ /^```(\w*)$/)
		{
			$open = { line => $number, info => $1, end => '```', text => '' };
		}
		elsif ($line eq '<!-- sql')
		{
			$open = { line => $number, info => 'sql', end => '-->', text => '' };
		}
		elsif ($line =~ /^\s*```/)
		{
			push @blocks, { line => $number, info => 'unreadable', text => $line };
		}
		elsif ($line =~ /\S/)
		{
			$adjacent = 0;
		}
	}
	push @blocks, { line => $number, info => 'unreadable', text => 'a block has no end' } if $open;
	return @blocks;
}

# tidy removes what doesn't show: blanks at the ends of lines and of the text.
sub tidy
{
	my ($text) = @_;
	$text =~ s/[ \t]+$//mg;
	$text =~ s/\A\n+|\n+\z//g;
	return $text;
}

# run_document runs the sql blocks of a document, in a database of their own.
sub run_document
{
	my ($document, $database) = @_;
	my @blocks = grep { $_->{info} eq 'sql' } fenced_blocks($source{$document});
	my $roles = $node->safe_psql('postgres', 'SELECT rolname FROM pg_roles');
	my $script = '';
	my $output;

	return unless @blocks;
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	for my $block (@blocks)
	{
		$block->{fails} = ($block->{expected} // '') =~ /^(ERROR|FATAL):/m;
		$script .= '\set ON_ERROR_STOP ' . ($block->{fails} ? 'off' : 'on') . "\n$block->{text}\n"
		  . "\\echo end of block $block->{line}\n";
	}
	utf8::encode($script);
	IPC::Run::run [ 'psql', '-X', '-q', '-d', $node->connstr($database) ], '<', \$script, '>&', \$output;
	utf8::decode($output);

	for my $block (@blocks)
	{
		my $name = "$document, line $block->{line}";
		if ($output !~ s/\A(.*?)^end of block \Q$block->{line}\E\n//ms)
		{
			fail("$name: runs");
			diag(tidy($output));
			last;
		}
		my $given = tidy($1);
		if (defined $block->{expected})
		{
			$given =~ s/\b(mer|cus|lst|pm|pay|cmt)_([0-9a-z]{26})\b/
			  index($block->{expected}, $2) >= 0 ? "$1_$2" : "$1_\x{2026}"/gex;
			is($given, tidy($block->{expected}), "$name: gives the output shown");
		}
		else
		{
			unlike($given, qr/^(ERROR|FATAL|WARNING):/m, "$name: runs");
		}
	}

	$node->safe_psql('postgres', "DROP DATABASE $database");
	$node->safe_psql('postgres', join ';', map { qq{DROP ROLE "$_"} }
		  grep { my $role = $_; !/^customers_/ && !grep { $_ eq $role } split /\n/, $roles }
		  split /\n/, $node->safe_psql('postgres', 'SELECT rolname FROM pg_roles'));
}

# 1. Every example.

for my $i (0 .. $#documents)
{
	my @unreadable = grep { $_->{info} eq 'unreadable' } fenced_blocks($source{ $documents[$i] });
	is_deeply(\@unreadable, [], "$documents[$i]: every block begins at the margin and ends");
	run_document($documents[$i], "document$i");
}

# 2. The reference is complete.  These queries give what must be there, a piece
# in a line each, with the headings of all.

$node->safe_psql('postgres', 'CREATE EXTENSION customers; SELECT customers.install()');
my %heading;

# has_pieces checks that the reference has the pieces, wherever it breaks lines.
sub has_pieces
{
	my ($what, $query) = @_;
	my @pieces = split /\n/, $node->safe_psql('postgres', $query);
	my @missing = grep {
		my $pattern = join '\s+', map { quotemeta } split ' ', $_;
		$reference !~ /^$pattern$/m
	} @pieces;
	cmp_ok(scalar @pieces, '>', 0, "there are $what");
	is(join("\n", @missing), '', "the reference has all $what");
	$heading{$_} = 1 for map { /^### (\S+)/ ? $1 : () } @pieces;
}

# What a user calls: no support of types, operators, casts and aggregates.  The
# signature is written without schemas and casts, and with the short names of types.
my $functions = q{
	WITH operation AS (
	  SELECT proname, pg_get_function_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS result,
	         array_agg(rolname::text) AS callers,
	         EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0) AS public
	    FROM pg_proc p
	    JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	    JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid,
	         pg_roles r
	   WHERE e.extname = 'customers' AND p.prokind <> 'a'
	     AND rolname LIKE 'customers\_%' AND rolname <> 'customers_owner' AND has_function_privilege(r.oid, p.oid, 'EXECUTE')
	     AND NOT EXISTS (SELECT FROM pg_type WHERE p.oid IN (typinput, typoutput, typreceive, typsend))
	     AND NOT EXISTS (SELECT FROM pg_operator WHERE oprcode = p.oid)
	     AND NOT EXISTS (SELECT FROM pg_amproc WHERE amproc = p.oid)
	     AND NOT EXISTS (SELECT FROM pg_cast WHERE castfunc = p.oid)
	     AND NOT EXISTS (SELECT FROM pg_aggregate WHERE p.oid IN (aggtransfn, aggcombinefn, aggfinalfn))
	   GROUP BY p.oid
	), written AS (
	  SELECT proname, callers, public,
	         replace(replace(replace(replace(replace(regexp_replace(regexp_replace(replace(replace(
	           proname || '(' ||
	           regexp_replace(regexp_replace(arguments, ' DEFAULT NULL::[^,)]*?(\[\])?(?=$|[,)])', ' = null', 'g'),
	                          ' DEFAULT (''[^'']*''|[^,:)]+)(::[a-z]+)?', ' = \1', 'g')
	           || ')' || coalesce(' ' || result, ''),
	           'customers.', ''), '"', ''), '\minteger\M', 'int', 'g'), '\mboolean\M', 'bool', 'g'),
	           'double precision', 'float8'), 'timestamp with time zone', 'timestamptz'), 'bigint', 'int8'), 'TABLE', 'table'), 'SETOF', 'setof')
	         AS signature
	    FROM operation)};

has_pieces('functions, with signature and callers', "$functions" . q{
	SELECT '### ' || proname || ' ``` ' || signature || ' ``` Callers: '
	       || CASE WHEN public THEN 'anybody'
	               ELSE (SELECT string_agg('`' || role || '`', ', ' ORDER BY role COLLATE "C") FROM unnest(callers) AS role) END
	       || '. Added in 0.1.'
	  FROM written ORDER BY 1});

has_pieces('rows of the matrix of roles', "$functions" . q{
	SELECT '| `' || proname || '` |' || (
	         SELECT string_agg(CASE WHEN role = ANY (callers) THEN ' x |' ELSE ' |' END, '' ORDER BY place)
	           FROM unnest(ARRAY['customers_admin', 'customers_merchant', 'customers_checkout', 'customers_processor',
	                             'customers_metadata', 'customers_analyst'])
	           WITH ORDINALITY AS u(role, place)) || CASE WHEN public THEN ' x |' ELSE ' |' END
	  FROM written ORDER BY 1});

has_pieces('tables, with readers, columns and comments', q{
	WITH readable AS (
	  SELECT c.oid AS table, rolname, has_table_privilege(r.oid, c.oid, 'SELECT') AS whole,
	         string_agg('`' || attname || '`', ', ' ORDER BY attnum)
	           FILTER (WHERE NOT has_column_privilege(r.oid, c.oid, attnum, 'SELECT')) AS hidden
	    FROM pg_class c JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped, pg_roles r
	   WHERE rolname LIKE 'customers\_%' AND rolname <> 'customers_owner' AND has_any_column_privilege(r.oid, c.oid, 'SELECT')
	   GROUP BY c.oid, r.oid, rolname
	), readers AS (
	  SELECT readable.table,
	         string_agg('`' || rolname || '`' || CASE WHEN whole THEN '' ELSE ' (but ' || hidden || ')' END,
	                    ', ' ORDER BY rolname COLLATE "C") AS roles
	    FROM readable GROUP BY 1)
	SELECT '### ' || relname || ' ' || upper(left(comment, 1)) || substr(comment, 2) || '. Readable by '
	       || coalesce(roles, 'no group role') || '. | column | type | | |---|---|---| '
	       || string_agg('| `' || attname || '` | `'
	                     || replace(replace(format_type(atttypid, atttypmod), 'customers.', ''),
	                                'timestamp with time zone', 'timestamptz')
	                     || '` | ' || col_description(c.oid, attnum) || ' |', ' ' ORDER BY attnum)
	  FROM pg_class c
	  JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
	  LEFT JOIN readers ON readers.table = c.oid,
	       obj_description(c.oid) AS comment
	 WHERE relnamespace = 'customers'::regnamespace AND relkind IN ('r', 'v')
	 GROUP BY relname, comment, roles ORDER BY 1});

# One is in no view, as it holds a secret.
has_pieces('settings', q{SELECT '### ' || name FROM pg_settings WHERE name LIKE 'customers.%'
	UNION ALL SELECT '### customers.checkout'});

has_pieces('group roles', q{SELECT '### ' || rolname FROM pg_roles WHERE rolname LIKE 'customers\_%' AND rolname <> 'customers_owner' ORDER BY 1});

is(join(' ', grep { !$heading{$_} } $reference =~ /^### (.*)$/mg), '',
	'the reference has no headings of what is not there');

# 3. What the documents show and name is there.

my $drawing = read_document("$root/doc/payment-machine.svg");
my $diagram = $node->safe_psql('postgres', q{SELECT customers.payment_diagram('dot')});
my ($drawn) = $drawing =~ /<!--\n(.*?)-->/s;
is(tidy($drawn // ''), tidy($diagram),
	'doc/payment-machine.svg draws the payment machine (test/tools/payment_machine draws it anew)');
# It shows what leaves a status as it is in the status itself.
my @arrows = map { s/&#45;&gt;/ -> /r } $drawing =~ /<title>(\w+&#45;&gt;\w+)<\/title>/g;
my @steps = grep { !/^(\w+) -> \1$/ } $diagram =~ /^ +(\w+ -> \w+)/mg;
is(join("\n", sort @arrows), join("\n", sort @steps), 'doc/payment-machine.svg has an arrow for each step');
SKIP: {
	my $output;
	skip 'no Graphviz', 1 unless IPC::Run::run([ 'sh', '-c', 'command -v dot' ], '>&', \$output);
	ok(IPC::Run::run([ 'dot', '-Tcanon' ], '<', \$diagram, '>&', \$output), 'Graphviz reads the diagram') or diag($output);
}

my %targets;
for my $line (split /\n/, $source{'README.md'})
{
	my @code = $line =~ /^ {4}(.*)/ ? $1 : $line =~ /`([^`]+)`/g;
	$targets{$_} = 1 for map { /\bmake ([a-z][a-z-]*)/g } @code;
}
cmp_ok(scalar keys %targets, '>', 0, 'README.md names targets of make');
for my $target (sort keys %targets)
{
	my $output;
	ok(IPC::Run::run([ 'make', '-n', '-C', $root, $target ], '>&', \$output), "make $target exists")
	  or diag($output);
}

# anchors returns the names that a document's headings have in links.
sub anchors
{
	my ($text) = @_;
	return map { my $anchor = lc; $anchor =~ s/[^\w\- ]//g; $anchor =~ tr/ /-/; $anchor } $text =~ /^#+ (.*)$/mg;
}

for my $document (@documents)
{
	my @broken;
	(my $prose = $source{$document}) =~ s/^```.*?^```$//msg;
	for my $link ($prose =~ /\]\(([^)\s]+)\)/g)
	{
		my ($path, $anchor) = $link =~ /^([^#]*)(?:#(.*))?$/;
		next if $path =~ /^https?:/;
		my $target = $path eq '' ? $document : dirname($document) eq '.' ? $path : dirname($document) . "/$path";
		$target =~ s{\b\w+/\.\./}{}g;
		if (!-e "$root/$target") { push @broken, $link }
		elsif (defined $anchor && !grep { $_ eq $anchor } anchors($source{$target} // '')) { push @broken, $link }
	}
	is(join(' ', @broken), '', "$document: its links lead somewhere");
}

$node->stop;
done_testing();
