# The file of root keys: what is wrong with it is said at server start and
# where a key is needed, and everything else works.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $file = PostgreSQL::Test::Utils::tempdir() . '/root.key';
my $node = PostgreSQL::Test::Cluster->new('main');
my $number = 0;

# random_key is a line of the key file.
sub random_key
{
	open(my $random, '<:raw', '/dev/urandom') or die "no random: $!";
	read($random, my $bytes, 32) == 32 or die "no random: $!";
	return unpack('H*', $bytes) . "\n";
}

# start_with starts the server anew with this key file and returns its log.
sub start_with
{
	my ($content, $mode) = @_;
	chmod 0600, $file;
	open(my $keys, '>', $file) or die "no $file: $!";
	print $keys $content;
	close $keys;
	chmod $mode // 0600, $file;
	my $at = -s $node->logfile;
	$node->restart;
	return slurp_file($node->logfile, $at);
}

# refused_with sets metadata and a token, which fails, and checks that nothing
# else does: also no payment by a method without a token.
sub refused_with
{
	my ($error, $name) = @_;
	my ($status, $out, $err);

	$number++;
	($status, $out, $err) = $node->psql('postgres', qq{
		SELECT customers.use_merchant(customers.create_merchant('M $number'));
		SELECT customers.set_metadata(customers.create_customer('a'), '{"note": "x"}');});
	like($err, $error, "$name: the error says so");
	($status, $out, $err) = $node->psql('postgres', qq{
		SELECT customers.use_merchant(customers.create_merchant('T $number'));
		SELECT customers.save_payment_method(customers.create_customer('a'), 'card', 'tok');});
	like($err, $error, "$name: so it does of the token of a payment method");
	($status, $out, $err) = $node->psql('postgres', qq{
		SELECT customers.use_merchant(customers.create_merchant('N $number'));
		SELECT customers.create_customer('a');
		SELECT customers.metadata_keys(customers.find_customer('a'));
		SELECT customers.set_metadata(customers.find_customer('a'), '{"note": null}');
		SELECT customers.clear_metadata(customers.find_customer('a'));
		SELECT customers.metadata(customers.find_customer('a'));
		SELECT customers.save_payment_method(customers.find_customer('a'), 'invoice', NULL);
		SELECT customers.commit_payment(customers.create_payment(customers.find_customer('a'), '{10.00 EUR}'));
		SELECT customers.resolve_commit(commit_id, 'succeeded') FROM customers.claim_commits(10, '1 minute');});
	is($err, '', "$name: everything else works");
}

# Without what a runner gives to all servers (TEMP_CONFIG).
$node->init;
$node->append_conf('postgresql.conf', "shared_preload_libraries = ''");
$node->adjust_conf('postgresql.conf', 'customers.key_file', undef);
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION customers; SELECT customers.install();');

refused_with(qr/no root key is configured\n.*DETAIL:  The server has not loaded customers at its start\.\n.*HINT:  Write a key with make key FILE=path, set shared_preload_libraries/,
	'not preloaded');

$node->append_conf('postgresql.conf', "shared_preload_libraries = 'customers'");
$node->restart;
refused_with(qr/no root key is configured\n.*HINT:  Write a key with make key FILE=path, set customers\.key_file/,
	'no key file');

$node->append_conf('postgresql.conf', "customers.key_file = '$file'");
$node->restart;
like(slurp_file($node->logfile), qr/could not read the root keys of customers from "\Q$file\E"/,
	'the server starts without the file and says so');
refused_with(qr/the root keys could not be read at server start\nDETAIL:  The key file could not be opened: No such file or directory\.\nHINT:  Make customers\.key_file/,
	'no such file');

my $key = random_key();
chomp(my $digits = $key);
my @faults = (
	[ 'empty', '', 0600, 'The key file is empty.' ],
	[ 'blank line', "\n", 0600, 'Line 1 of the key file has 0 characters, not 64.' ],
	[ 'short line', $key . substr($key, 1), 0600, 'Line 2 of the key file has 63 characters, not 64.' ],
	[ 'long line', "0$key", 0600, 'Line 1 of the key file has 65 characters, not 64.' ],
	[ 'not hexadecimal', $key . 'g' . substr($key, 1), 0600,
	  'Line 2 of the key file has a character that is not a hexadecimal digit.' ],
	[ 'too many', join('', map { random_key() } 1 .. 101), 0600,
	  'The key file has more than 6500 bytes, the length of 100 keys.' ],
	[ 'world-readable', $key, 0644, 'The key file has group or world access: its permissions are 0644.' ],
	[ 'group-readable', $key, 0640, 'The key file has group or world access: its permissions are 0640.' ],
	[ 'unreadable', $key, 0200, 'The key file could not be opened: Permission denied.' ]);
for my $fault (@faults)
{
	my ($name, $content, $mode, $detail) = @$fault;
	my $log = start_with($content, $mode);

	like($log, qr/WARNING:  could not read the root keys of customers.*\n.*DETAIL:  \Q$detail\E/,
		"$name: the log says so");
	unlike($log, qr/\Q$digits\E/, "$name: the log does not show the key");
	refused_with(qr/the root keys could not be read at server start\nDETAIL:  \Q$detail\E\nHINT:  /, $name);
}

# Neither a directory nor a pipe holds up the start.
unlink $file;
mkdir $file;
$node->restart;
refused_with(qr/DETAIL:  The key file is not a regular file\./, 'directory');
rmdir $file;
system_or_bail('mkfifo', '-m', '600', $file);
$node->restart;
refused_with(qr/DETAIL:  The key file is not a regular file\./, 'pipe');
unlink $file;

# A good file; the line feed at the end may be missing.
my $log = start_with($digits);
like($log, qr/customers has read its root keys, 1 in number\n.*DETAIL:  The current one has the id [0-9a-f]{16}\./,
	'a good file is read');
unlike($log, qr/\Q$digits\E/, 'the log does not show the key');
my $first = $node->safe_psql('postgres', q{SELECT customers.create_merchant('First')});
my $ana = $node->safe_psql('postgres', qq{
	SET customers.merchant = '$first';
	SELECT customers.create_customer('ana', metadata => '{"note": "old"}');});

# reads_as checks what Ana's note is.
sub reads_as
{
	my ($value, $name) = @_;
	is($node->safe_psql('postgres', qq{
		SET customers.merchant = '$first';
		SELECT customers.get_metadata('$ana', 'note');}), $value, $name);
}
reads_as('old', 'metadata is read back');

# Keys are known by what they are, not by their place.
my $other = random_key();
start_with($key . $other);
reads_as('old', 'an older key still opens');
my $second = $node->safe_psql('postgres', q{SELECT customers.create_merchant('Second')});
$node->safe_psql('postgres', qq{
	SET customers.merchant = '$second';
	SELECT customers.create_customer('bob', metadata => '{"note": "new"}');});
is($node->safe_psql('postgres', q{SELECT count(DISTINCT substr(wrapped::text, 5, 16)) FROM customers.merchant_key}),
	'2', 'the last key seals');
start_with($other . $key);
reads_as('old', 'the order does not matter');
start_with(random_key() . uc($key));
reads_as('old', 'nor does the case of the digits');

# Without the key that sealed it, nothing opens, and a key that is put back helps.
start_with($other);
my ($status, $out, $err) = $node->psql('postgres', qq{
	SET customers.merchant = '$first';
	SELECT customers.get_metadata('$ana', 'note');});
like($err, qr/the server does not have root key [0-9a-f]{16}\nDETAIL:  It seals the keys of this merchant\.\nHINT:  Add that key/,
	'a key that is missing is named');
start_with($key);
reads_as('old', 'and opens again when it is back');

# A file and a command are one too many.
$node->append_conf('postgresql.conf', "customers.key_command = 'cat $file'");
$node->restart;
refused_with(qr/DETAIL:  Both customers\.key_file and customers\.key_command are set\.\nHINT:  Remove one of them/,
	'file and command');
$node->adjust_conf('postgresql.conf', 'customers.key_command', undef);
$node->restart;
reads_as('old', 'without the command the file is read again');

# The setting is for superusers, in the file that the server starts with.
$node->safe_psql('postgres', 'CREATE ROLE somebody LOGIN');
($status, $out, $err) = $node->psql('postgres', 'SHOW customers.key_file',
	extra_params => [ '-U', 'somebody' ]);
like($err, qr/must be superuser or have privileges of pg_read_all_settings|permission denied to examine/,
	'others do not see where the keys are');
($status, $out, $err) = $node->psql('postgres', q{ALTER SYSTEM SET customers.key_file = '/tmp/other'});
like($err, qr/cannot be changed/, 'not even ALTER SYSTEM sets it');
$node->stop;

done_testing();
