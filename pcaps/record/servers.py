# SPDX-License-Identifier: ISC
"""The provider: certificates, Dovecot, Postfix and the relay before them.
Every TLS version from 1.0 on and every cipher is allowed."""
import os
import pwd
import shutil
import subprocess
import sys

from lab import (CA, CERTS, HERE, LAB, PROVIDER, SERVERS, sh, write)

HELD = {'1.0': 'TLSv1', '1.1': 'TLSv1.1', '1.2': 'TLSv1.2', '1.3': 'TLSv1.3'}
DOVECOT = LAB + '/dovecot'
POSTFIX = LAB + '/postfix'
ALL_CIPHERS = 'ALL:!aNULL:!eNULL:@SECLEVEL=0'

OPENSSL_CONF = '''openssl_conf = init
[init]
ssl_conf = ssl
[ssl]
system_default = defaults
[defaults]
MinProtocol = {low}
MaxProtocol = {high}
CipherString = DEFAULT:@SECLEVEL=0
'''

DOVECOT_CONF = '''
base_dir = {dir}/run
state_dir = {dir}/state
protocols = imap pop3 lmtp sieve
listen = {ip}
import_environment = TZ OPENSSL_CONF={certs}/any.cnf
log_path = {dir}/log
mail_location = maildir:~/Maildir
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5
mail_max_userip_connections = 100
ssl = yes
ssl_cert = <{certs}/mail-chain.pem
ssl_key = <{certs}/mail.key
ssl_min_protocol = TLSv1
ssl_cipher_list = {ciphers}
passdb {{
  driver = static
  args = password=test
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={lab}/mail/%n
}}
namespace inbox {{
  inbox = yes
}}
service auth {{
  unix_listener auth-client {{
    mode = 0666
  }}
}}
service lmtp {{
  unix_listener lmtp {{
    mode = 0666
  }}
}}
'''

POSTFIX_CONF = '''
compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {dir}/log
maillog_file_prefixes = {dir}
myhostname = mail.example.net
mydestination =
virtual_mailbox_domains = example.net, example.org, example.com
virtual_transport = lmtp:unix:{dovecot}/run/lmtp
mynetworks = 127.0.0.0/8
inet_interfaces = {ip}
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {dovecot}/run/auth-client
smtpd_tls_security_level = may
smtpd_tls_cert_file = {certs}/mail-chain.pem
smtpd_tls_key_file = {certs}/mail.key
smtpd_tls_protocols = >=TLSv1
smtpd_tls_mandatory_protocols = >=TLSv1
smtpd_tls_ciphers = medium
tls_medium_cipherlist = {ciphers}
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ \\
    OPENSSL_CONF={certs}/any.cnf
smtputf8_enable = no
'''

# The services of postfix's own master.cf that this lab needs.
POSTFIX_SERVICES = '''
25 inet n - n - - smtpd
587 inet n - n - - smtpd
465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
'''

MAIL = '''From: sender@example.net
To: anna@example.net
Subject: test {n}
Date: Mon, 23 Nov 2026 10:0{n}:00 +0100
Message-ID: <{n}@example.net>
Content-Type: text/plain

Message {n}.
'''


def certificates():
    """A CA, the servers' certificate, a trust store and OpenSSL settings."""
    os.makedirs(CERTS, exist_ok=True)
    for name, low, high in [('any', 'TLSv1', 'TLSv1.3')] + [
            (version, word, word) for version, word in HELD.items()]:
        write(f'{CERTS}/{name}.cnf', OPENSSL_CONF.format(low=low, high=high))
    if os.path.exists(CA):
        return
    sh('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days',
       '3650', '-keyout', CERTS + '/ca.key', '-out', CA,
       '-subj', '/O=Example/CN=Recording CA')
    names = ','.join(f'DNS:{s.domain},DNS:*.{s.domain},IP:{s.ip}'
                     for s in SERVERS.values())
    sh('openssl', 'req', '-newkey', 'rsa:2048', '-nodes', '-keyout',
       CERTS + '/mail.key', '-out', CERTS + '/mail.csr',
       '-subj', '/CN=mail.example.net')
    extensions = write(CERTS + '/mail.ext', f'subjectAltName={names}\n')
    sh('openssl', 'x509', '-req', '-in', CERTS + '/mail.csr', '-CA', CA,
       '-CAkey', CERTS + '/ca.key', '-CAcreateserial', '-days', '800',
       '-out', CERTS + '/mail.crt', '-extfile', extensions)
    with open(CERTS + '/mail.crt', encoding='utf-8') as leaf, \
            open(CA, encoding='utf-8') as ca:
        root = ca.read()
        write(CERTS + '/mail-chain.pem', leaf.read() + root)
    trust(root)


def trust(root):
    """A copy of /etc/ssl with our CA in it, for the namespaces alone."""
    store = CERTS + '/ssl'
    shutil.copytree('/etc/ssl', store, symlinks=True, dirs_exist_ok=True)
    bundle = store + '/certs/ca-certificates.crt'
    with open(bundle, 'a', encoding='utf-8') as f:
        f.write(root)
    digest = sh('openssl', 'x509', '-noout', '-subject_hash', '-in', CA)
    shutil.copy(CA, f'{store}/certs/{digest.strip()}.0')


def mailboxes():
    user = pwd.getpwnam('mail')
    for name in ('anna', 'bob'):
        for n in (1, 2, 3):
            write(f'{LAB}/mail/{name}/Maildir/new/170000000{n}.mail',
                  MAIL.format(n=n).replace('\n', '\r\n'))
        for folder in ('cur', 'tmp'):
            os.makedirs(f'{LAB}/mail/{name}/Maildir/{folder}', exist_ok=True)
    for path, _, files in os.walk(LAB + '/mail'):
        for entry in [path] + [os.path.join(path, f) for f in files]:
            os.chown(entry, user.pw_uid, user.pw_gid)


def start(*command, **more):
    """Starts a server; what it says goes to a file, as it may keep it."""
    with open(LAB + '/run/servers.log', 'ab') as log:
        return subprocess.Popen(
            ['ip', 'netns', 'exec', PROVIDER, *command], stdout=log,
            stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
            **more)


def dovecot_up():
    conf = write(DOVECOT + '/dovecot.conf', DOVECOT_CONF.format(
        dir=DOVECOT, ip=SERVERS['full'].ip, certs=CERTS, lab=LAB,
        ciphers=ALL_CIPHERS))
    return start('dovecot', '-c', conf,
                 env=dict(os.environ, OPENSSL_CONF=CERTS + '/any.cnf'))


def postfix_up():
    write(POSTFIX + '/main.cf', POSTFIX_CONF.format(
        dir=POSTFIX, ip=SERVERS['full'].ip, certs=CERTS, dovecot=DOVECOT,
        ciphers=ALL_CIPHERS))
    write(POSTFIX + '/master.cf', POSTFIX_SERVICES)
    os.makedirs(POSTFIX + '/queue', exist_ok=True)
    os.makedirs(POSTFIX + '/data', exist_ok=True)
    shutil.chown(POSTFIX + '/data', 'postfix')
    return start('postfix', '-c', POSTFIX, 'start')


def relay_up():
    start('/usr/bin/python3', HERE + '/relay.py',
          *(server.ip for server in SERVERS.values()))


def up():
    os.chmod(LAB, 0o755)
    mailboxes()
    for server in (dovecot_up(), postfix_up()):
        if server.wait(30):
            sys.exit(f'a server did not start, see {LAB}/run/servers.log')
    relay_up()


if __name__ == '__main__':
    {'certificates': certificates, 'up': up}[sys.argv[1]]()
