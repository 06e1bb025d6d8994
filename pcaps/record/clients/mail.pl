# SPDX-License-Identifier: ISC
# mail.pl PROTOCOL MODE HOST PORT [HELD]: what a Perl script does with
# Net::SMTP, Net::POP3 or Mail::IMAPClient.
use strict;
use warnings;
use IO::Socket::SSL;

my ($protocol, $mode, $host, $port, $held) = @ARGV;
my %tls = (SSL_ca_file => $ENV{CA});
if ($held) {
	my $version = $held =~ s/\.0$//r =~ s/\./_/r;
	$tls{SSL_version} = "TLSv$version";
	$tls{SSL_cipher_list} = 'DEFAULT:@SECLEVEL=0';
}
my $implicit = $mode eq 'implicit';
my $starttls = $mode eq 'starttls';

sub smtp {
	require Net::SMTP;
	my $s = Net::SMTP->new($host, Port => $port, SSL => $implicit, %tls)
	    or die "$@";
	$s->starttls(%tls) or die $s->message if $starttls;
	$s->auth('anna', 'test');
	$s->mail('anna@example.net');
	$s->to('bob@example.net');
	$s->data("Subject: perl\n\nx\n");
	$s->quit;
}

sub pop3 {
	require Net::POP3;
	my $s = Net::POP3->new($host, Port => $port, SSL => $implicit, %tls)
	    or die "$@";
	$s->starttls(%tls) or die $s->message if $starttls;
	$s->login('anna', 'test');
	$s->quit;
}

sub imap {
	require Mail::IMAPClient;
	my @secure = $implicit ? (Ssl => [%tls])
	    : $starttls ? (Starttls => [%tls]) : ();
	my $s = Mail::IMAPClient->new(Server => $host, Port => $port,
	    User => 'anna', Password => 'test', @secure) or die "$@";
	$s->folders;
	$s->logout;
}

{ smtp => \&smtp, pop3 => \&pop3, imap => \&imap }->{$protocol}->();
