#!/usr/bin/perl
# Mail::DKIM: mail_dkim.pl keys.json message...  A line for each signature: file, algorithm, pass or what else.
use strict; use warnings;
use JSON::PP; use Net::DNS; use Mail::DKIM::Verifier; use Mail::DKIM::DNS;

my ($zone, @files) = @ARGV;
my $text = do { open my $file, '<', $zone or die; local $/; <$file> };
my %keys = %{ decode_json($text) };

# No question leaves this machine.
package Zone;
sub new { bless {}, shift }
sub errorstring { 'NOERROR' }
sub send {
  my ($self, $name, $type) = @_;
  $name = lc $name; $name =~ s/\.$//;
  my $packet = Net::DNS::Packet->new($name, $type);
  $packet->header->rcode(defined $keys{$name} ? 'NOERROR' : 'NXDOMAIN');
  $packet->push(answer => Net::DNS::RR->new(owner => $name, type => 'TXT', ttl => 60, txtdata => [unpack '(A255)*', $keys{$name}]))
    if defined $keys{$name};
  return $packet;
}

package main;
Mail::DKIM::DNS::resolver(Zone->new);
for my $path (@files) {
  my $message = do { open my $file, '<:raw', $path or die; local $/; <$file> };
  my $verifier = Mail::DKIM::Verifier->new;
  $verifier->PRINT($message);
  $verifier->CLOSE;
  print join(' ', $path, $_->algorithm, $_->result), "\n" for $verifier->signatures;
}
