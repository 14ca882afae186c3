# Where keys are in memory: locked, so that they are never swapped out, and left
# out of core dumps; and what happens when the server may lock too little.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $file = PostgreSQL::Test::Utils::tempdir() . '/root.key';
my $node = PostgreSQL::Test::Cluster->new('main');

plan skip_all => 'the kernel does not tell'
  unless -r '/proc/self/smaps' && slurp_file('/proc/self/smaps') =~ /^VmFlags:/m;

append_to_file($file, '5a' x 32 . "\n");
chmod 0600, $file;
$node->init;
$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'customers'
customers.key_file = '$file'
});
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION customers; SELECT customers.install();');
$node->append_conf('postgresql.conf',
	"customers.merchant = '" . $node->safe_psql('postgres', q{SELECT customers.create_merchant('M')}) . "'");
$node->reload;
$node->safe_psql('postgres', q{SELECT customers.create_customer('a', metadata => '{"note": "x"}')});

# guarded lists what memory of a process is left out of core dumps and can be
# accessed: how, and "locked" if it is.  The C library may have such memory for
# its random numbers; that is wiped on fork.
sub guarded
{
	my ($pid) = @_;
	my ($access, @found);

	for my $line (split /\n/, slurp_file("/proc/$pid/smaps"))
	{
		# A mapping that has a name is none of malloc's.
		if ($line =~ /^[0-9a-f]+-[0-9a-f]+ (\S+) \S+ \S+ \S+\s*(\S*)/) { $access = $2 eq '' ? $1 : '' }
		elsif ($line =~ /^VmFlags:.* dd\b/ && $line !~ / wf\b/ && $access =~ /^r/)
		{
			push @found, $access . ($line =~ / lo\b/ ? ' locked' : '');
		}
	}
	return sort @found;
}

# session opens one that reads metadata, if it is to, and returns it and its pid.
sub session
{
	my ($reads) = @_;
	my $session = $node->background_psql('postgres');

	is($session->query_safe(q{SELECT customers.get_metadata(customers.find_customer('a'), 'note')}), 'x', 'metadata is read')
	  if $reads;
	return ($session, $session->query_safe('SELECT pg_backend_pid()'));
}

my $complaint = qr/LOG:  could not lock the keys of customers in memory: .*\n.*DETAIL:  They may be written to swap space\.\n.*HINT:  Raise the server's limit of locked memory/;

# complaints counts them in the log from there on.
sub complaints
{
	my ($at) = @_;
	return scalar(() = slurp_file($node->logfile, $at) =~ /$complaint/g);
}

my ($postmaster) = split /\n/, slurp_file($node->data_dir . '/postmaster.pid');
my ($session, $pid) = session(0);
is_deeply([ guarded($postmaster) ], ['r--p locked'], 'the postmaster has the root keys, locked and read-only');
is_deeply([ guarded($pid) ], ['r--p'], 'a session inherits them, not yet locked');
$session->quit;

($session, $pid) = session(1);
is_deeply([ guarded($pid) ], [ 'r--p locked', 'rw-p locked', 'rw-p locked' ],
	'once it uses keys, those of the root, of merchants and of customers are locked');
$session->quit;
is(complaints(0), 0, 'then there is nothing to complain of');

# A limit that came after the start: each session says so, once.
my $at = -s $node->logfile;
system_or_bail('prlimit', '--pid', $postmaster, '--memlock=0:0');
($session, $pid) = session(1);
is_deeply([ guarded($pid) ], [ 'r--p', 'rw-p', 'rw-p' ], 'with no memory to lock, keys are still left out of core dumps');
$session->quit;
is(complaints($at), 1, 'and the log says once that they are not locked');

# One that was there at the start: only the postmaster says so.
$node->stop;
$at = -s $node->logfile;
system_or_bail('sh', '-c', 'ulimit -l 0 && exec pg_ctl -w -D "$1" -l "$2" start', 'sh', $node->data_dir, $node->logfile);
($session, $pid) = session(1);
$session->quit;
is(complaints($at), 1, 'a server that starts so says it at its start only');
system_or_bail('pg_ctl', '-w', '-D', $node->data_dir, '-m', 'fast', 'stop');

done_testing();
