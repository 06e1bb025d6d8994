# SPDX-License-Identifier: ISC
# mail.rb PROTOCOL MODE HOST PORT [HELD]: what a Ruby script does with
# net/smtp, net/imap or net/pop.
require 'net/smtp'
require 'net/imap'
require 'net/pop'
require 'openssl'
require 'socket'

protocol, mode, host, port, held = ARGV
port = port.to_i
tls = { ca_file: ENV['CA'] }
if held
  version = ('TLS' + held.delete_suffix('.0').tr('.', '_')).to_sym
  tls.update(ciphers: 'DEFAULT:@SECLEVEL=0', min_version: version,
             max_version: version)
end

case protocol
when 'smtp'
  context = OpenSSL::SSL::SSLContext.new
  context.set_params(tls)
  s = Net::SMTP.new(host, port)
  case mode
  when 'implicit' then s.enable_tls(context)
  when 'starttls' then s.enable_starttls(context)
  else s.disable_starttls
  end
  # Its default for EHLO is localhost; web frameworks set the host's name.
  helo = ENV['HELO'] || 'localhost'
  s.start(helo, 'anna', 'test', :plain) do |x|
    x.send_message("Subject: ruby\r\n\r\nx\r\n", 'anna@example.net',
                   'bob@example.net')
  end
when 'imap'
  i = Net::IMAP.new(host, port: port, ssl: mode == 'implicit' ? tls : false)
  i.starttls(tls) if mode == 'starttls'
  i.login('anna', 'test')
  i.examine('INBOX')
  i.logout
when 'pop3'
  s = Net::POP3.new(host, port)
  s.enable_ssl(tls) if mode == 'implicit'
  s.start('anna', 'test') { |x| puts x.n_mails }
end
