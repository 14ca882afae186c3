# Looking for secrets where none may be.
package Canary;

use strict;
use warnings;

use Exporter 'import';
use MIME::Base64;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(write_keys forms forms_in files_with);

# write_keys makes a key file of as many keys and returns its name.
sub write_keys
{
	my ($name, $count) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir() . "/$name";

	open(my $random, '<:raw', '/dev/urandom') or die "no random: $!";
	umask 077;
	open(my $keys, '>', $file) or die "no $file: $!";
	for (1 .. $count)
	{
		read($random, my $bytes, 32) == 32 or die "no random: $!";
		print $keys unpack('H*', $bytes), "\n";
	}
	close $keys;
	return $file;
}

# forms are the ways in which a text could be lying about.
sub forms
{
	my ($text) = @_;
	my %forms = (
		'plain' => $text,
		'hex' => unpack('H*', $text),
		'upper-case hex' => uc unpack('H*', $text),
		'UTF-16LE' => join('', map { "$_\0" } split(//, $text)),
		'UTF-16BE' => join('', map { "\0$_" } split(//, $text)),
		'reversed' => scalar reverse $text);

	# By the place where it begins within three bytes; the ends depend on the
	# neighbours.
	for my $shift (0 .. 2)
	{
		my $encoded = encode_base64(('x' x $shift) . $text . 'xx', '');
		$forms{"base64 at $shift"} = substr($encoded, 4, length($encoded) - 12);
	}
	return %forms;
}

# forms_in lists the forms in which the content has the text.
sub forms_in
{
	my ($text, $content) = @_;
	my %forms = forms($text);

	return grep { index($$content, $forms{$_}) >= 0 } sort keys %forms;
}

# files_with lists the files below the paths that hold the text in some form.
sub files_with
{
	my ($text, @paths) = @_;
	my @found;

	while (defined(my $path = shift @paths))
	{
		if (-d $path)
		{
			push @paths, glob("$path/*");
			next;
		}
		next unless -f $path;
		my $content = slurp_file($path);
		push @found, map { "$path: $_" } forms_in($text, \$content);
	}
	return @found;
}

1;
