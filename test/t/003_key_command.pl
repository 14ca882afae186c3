# The command that writes the root keys: what is wrong with it is said at server
# start and where a key is needed, and everything else works.
use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $directory = PostgreSQL::Test::Utils::tempdir();
my $node = PostgreSQL::Test::Cluster->new('main');

# random_key is a line of what the command writes.
sub random_key
{
	open(my $random, '<:raw', '/dev/urandom') or die "no random: $!";
	read($random, my $bytes, 32) == 32 or die "no random: $!";
	return unpack('H*', $bytes) . "\n";
}

# quoted is a string as postgresql.conf has it.
sub quoted
{
	my ($string) = @_;
	$string =~ s/'/''/g;
	return "'$string'";
}

# start_with starts the server anew with this command and returns its log.
sub start_with
{
	my ($command) = @_;
	$node->adjust_conf('postgresql.conf', 'customers.key_command', quoted($command));
	my $at = -s $node->logfile;
	$node->restart;
	return slurp_file($node->logfile, $at);
}

# refused_with checks that metadata can't be set, and that all else works.
sub refused_with
{
	my ($server, $detail, $hint, $name) = @_;
	my ($status, $out, $err) = $server->psql('postgres', q{
		SELECT customers.use_merchant(customers.create_merchant('M'));
		SELECT customers.set_metadata(customers.create_customer('a'), '{"note": "x"}');});
	like($err, qr/the root keys could not be read at server start\nDETAIL:  $detail\nHINT:  $hint/,
		"$name: the error says so");
	($status, $out, $err) = $server->psql('postgres', q{
		SELECT customers.use_merchant(customers.create_merchant('N'));
		SELECT customers.create_customer('a');});
	is($err, '', "$name: everything else works");
}

# prepare makes a server that has the extension and this command.
sub prepare
{
	my ($server, $command) = @_;
	$server->init;
	$server->append_conf('postgresql.conf', "shared_preload_libraries = 'customers'");
	$server->adjust_conf('postgresql.conf', 'customers.key_file', undef);
	$server->start;
	$server->safe_psql('postgres', 'CREATE EXTENSION customers; SELECT customers.install();');
	$server->append_conf('postgresql.conf', 'customers.key_command = ' . quoted($command));
}

# A command that does not end is given up after a while.  Meanwhile the other
# server is tested.
my $slow = PostgreSQL::Test::Cluster->new('slow');
prepare($slow, "echo \$\$ >$directory/shell; sleep 1000 & echo \$! >$directory/child; wait; echo never");
$slow->stop;
my $slow_start = IPC::Run::start(
	[ 'pg_ctl', '-w', '-t', '300', '-D', $slow->data_dir, '-l', $slow->logfile, 'start' ],
	'>', '/dev/null', '2>&1');

# One that can be used.  It has no terminal, signals are as usual, and what it
# says goes to the log.
my $key = random_key();
chomp(my $digits = $key);
append_to_file("$directory/key", $key);
prepare($node, 'true');
my $log = start_with("cat >$directory/input; trap >$directory/signals; echo a remark >&2; cat '$directory/key'");
like($log, qr/a remark/, 'its standard error goes to the server log');
like($log, qr/customers has read its root keys, 1 in number\n.*DETAIL:  The current one has the id [0-9a-f]{16}\./,
	'keys of a command are read');
unlike($log, qr/\Q$digits\E|\Q$directory\E/, 'the log shows neither the key nor the command');
is(slurp_file("$directory/input"), '', 'there is nothing on its standard input');
is(slurp_file("$directory/signals"), '', 'no signal is ignored');
my $merchant = $node->safe_psql('postgres', q{SELECT customers.create_merchant('First')});
my $ana = $node->safe_psql('postgres', qq{
	SET customers.merchant = '$merchant';
	SELECT customers.create_customer('ana', metadata => '{"note": "old"}');});

# reads_as checks what Ana's note is.
sub reads_as
{
	my ($name) = @_;
	is($node->safe_psql('postgres', qq{
		SET customers.merchant = '$merchant';
		SELECT customers.get_metadata('$ana', 'note');}), 'old', $name);
}
$node->restart;
reads_as('what its key has sealed opens after a restart');
start_with("cat '$directory/key'; head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \\n'");
reads_as('it may write several keys');
start_with("printf %s '$digits'");
reads_as('the line feed at the end may be missing');

# What can be wrong.
my $failed = 'Correct customers\.key_command and restart the server\. What the command wrote';
my $wrong = 'Each line must be one key of 64 hexadecimal digits';
my @faults = (
	[ 'no output', 'true', 'The output of the key command is empty\.', $wrong ],
	[ 'not a key', 'echo hello', 'Line 1 of the output of the key command has 5 characters, not 64\.', $wrong ],
	[ 'not hexadecimal', "tr 0-9a-f g-v <'$directory/key'",
	  'Line 1 of the output of the key command has a character that is not a hexadecimal digit\.', $wrong ],
	[ 'short', "cut -c 2- '$directory/key'", 'Line 1 of the output of the key command has 63 characters, not 64\.', $wrong ],
	[ 'endless', 'cat /dev/zero', 'The output of the key command has more than 6500 bytes, the length of 100 keys\.', $wrong ],
	[ 'no such command', "$directory/none", 'The key command failed: command not found\.', $failed ],
	[ 'not executable', "'$directory/key'", 'The key command failed: command not executable\.', $failed ],
	[ 'exit status', "cat '$directory/key'; exit 3", 'The key command failed: child process exited with exit code 3\.', $failed ],
	[ 'killed', "cat '$directory/key'; kill -9 \$\$",
	  'The key command failed: child process was terminated by signal 9: Killed\.', $failed ],
	[ 'syntax', "cat '$directory/key", 'The key command failed: child process exited with exit code 2\.', $failed ]);
for my $fault (@faults)
{
	my ($name, $command, $detail, $hint) = @$fault;

	$log = start_with($command);
	like($log, qr/WARNING:  could not read the root keys of customers\n.*DETAIL:  $detail/, "$name: the log says so");
	unlike($log, qr/\Q$digits\E/, "$name: the log does not show the key");
	refused_with($node, $detail, $hint, $name);
}
start_with("cat '$directory/key'");
reads_as('a command that works again helps');

# The setting is for superusers, in the file that the server starts with.
$node->safe_psql('postgres', 'CREATE ROLE somebody LOGIN');
my ($status, $out, $err) = $node->psql('postgres', 'SHOW customers.key_command',
	extra_params => [ '-U', 'somebody' ]);
like($err, qr/must be superuser or have privileges of pg_read_all_settings|permission denied to examine/,
	'others do not see the command');
for my $statement ('SET', 'ALTER SYSTEM SET', 'ALTER DATABASE postgres SET', 'ALTER ROLE somebody SET')
{
	($status, $out, $err) = $node->psql('postgres', "$statement customers.key_command = 'true'");
	like($err, qr/cannot be changed/, "$statement does not set it");
}
$node->stop;

# The slow one has been killed, with what it had started.
IPC::Run::finish($slow_start);
refused_with($slow, 'The key command did not end within 30 seconds and was killed\.', $failed, 'timeout');
for my $name ('shell', 'child')
{
	chomp(my $pid = slurp_file("$directory/$name"));
	ok(!-e "/proc/$pid" || slurp_file("/proc/$pid/stat") =~ /\) Z /, "its $name is gone");
}
system_or_bail('pg_ctl', '-w', '-D', $slow->data_dir, '-m', 'fast', 'stop');

done_testing();
