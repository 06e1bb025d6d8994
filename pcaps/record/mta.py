# SPDX-License-Identifier: ISC
"""Mail servers as clients, and the small senders that conflict with one
another: each is installed in an overlay over the root file system."""
import os
import shutil
import sys

from lab import CA, CERTS, LAB, sh, write
from program import (ALL_HELD, SMTP, TLS_MODES, every, gnutls_priority,
                     openssl_version, program)
from terminal import MESSAGE

OVERLAYS = {
    'exim': ['exim4-daemon-light'], 'dma': ['dma'],
    'nullmailer': ['nullmailer'], 'esmtp': ['esmtp'], 'ssmtp': ['ssmtp'],
    'opensmtpd': ['opensmtpd'],
    'sendmail': ['sendmail-bin', 'sendmail-base', 'sensible-mda'],
}
RCPT = '-f anna@example.net bob@example.net'


def folder(name):
    return f'{LAB}/overlay/{name}'


def root(name):
    return folder(name) + '/root'


def mount(name):
    for part in ('upper', 'work', 'root'):
        os.makedirs(f'{folder(name)}/{part}', exist_ok=True)
    if not os.path.ismount(root(name)):
        sh('mount', '-t', 'overlay', 'overlay', '-o',
           f'lowerdir=/,upperdir={folder(name)}/upper,'
           f'workdir={folder(name)}/work', root(name))
    for tree in ('proc', 'sys', 'dev'):
        if not os.path.ismount(f'{root(name)}/{tree}'):
            sh('mount', '--rbind', '/' + tree, f'{root(name)}/{tree}')
            sh('mount', '--make-rslave', f'{root(name)}/{tree}')


def install(name, packages):
    if not os.path.exists(folder(name) + '/installed'):
        env = dict(os.environ, DEBIAN_FRONTEND='noninteractive')
        sh('chroot', root(name), 'apt-get', 'install', '-y',
           '--no-install-recommends', *packages, env=env)
        write(folder(name) + '/installed', ' '.join(packages) + '\n')
    shutil.copy(CA, root(name) + '/etc/recording-ca.pem')
    for version in ('1.0', '1.1', '1.2', '1.3'):
        shutil.copy(f'{CERTS}/{version}.cnf', root(name) + '/etc/')


def up():
    for name, packages in OVERLAYS.items():
        mount(name)
        install(name, packages)


def down():
    for name in OVERLAYS:
        if os.path.ismount(root(name)):
            sh('umount', '-R', '-l', root(name))


def chroot(run, name):
    """Files of the device, in the overlay; and the words to enter it."""
    for file in ('hosts', 'resolv.conf', 'nsswitch.conf'):
        text = f'/etc/netns/{run.device.netns}/{file}'
        shutil.copy(text, f'{root(name)}/etc/{file}')
    if run.held:
        run.env['OPENSSL_CONF'] = f'/etc/{run.held}.cnf'
    return f'chroot {root(name)}'


def full_name(run):
    """A mail server's own name, as its administrator writes it."""
    name = run.device.hosts_name
    return name if '.' in name else name.lower() + '.home.example'


def server(name, library, package, at, held=ALL_HELD, modes=TLS_MODES):
    """Decorates the command of a program that is installed in `at`."""
    return program(name, library, every((SMTP,), modes), held=held,
                   package=package, root=root(at) if at else '', seconds=20,
                   addressable=False)


POSTFIX_CONF = '''compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {home}/log
maillog_file_prefixes = {home}
myhostname = {name}
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
master_service_disable = inet
relayhost = [{host}]:{port}
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = static:anna:test
smtp_sasl_security_options =
smtp_tls_security_level = {level}
smtp_tls_CAfile = {ca}
smtp_tls_wrappermode = {wrapper}
{versions}'''

POSTFIX_HELD = '''smtp_tls_protocols = {word}
smtp_tls_mandatory_protocols = {word}
tls_medium_cipherlist = ALL:!aNULL:@SECLEVEL=0
import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ \\
    OPENSSL_CONF={certs}/any.cnf
'''


@server('postfix-client', 'openssl', 'postfix', '',
        modes=('starttls', 'implicit', 'plain'))
def postfix(run):
    versions = ''
    if run.held:
        versions = POSTFIX_HELD.format(word=openssl_version(run.held),
                                       certs=CERTS)
    run.file('main.cf', POSTFIX_CONF.format(
        home=run.home, name=full_name(run), host=run.host, port=run.port,
        ca=CA, wrapper=run.by_mode('no', 'yes', 'no'),
        level=run.by_mode('encrypt', 'encrypt', 'none'),
        versions=versions), 0o644)
    services = LAB + '/postfix/master.cf'
    with open(services, encoding='utf-8') as f:
        run.file('master.cf', ''.join(
            line for line in f if 'smtpd' not in line), 0o644)
    for name in ('queue', 'data'):
        os.makedirs(f'{run.home}/{name}', exist_ok=True)
    shutil.chown(run.home + '/data', 'postfix')
    return (f'chmod 755 .; postfix -c $PWD start; {MESSAGE} | sendmail -C '
            f'$PWD {RCPT}; sleep 2.5; postfix -c $PWD stop')


EXIM_CONF = '''primary_hostname = {name}
exim_user = Debian-exim
dns_ipv4_lookup = *
keep_environment =
qualify_domain = example.net
trusted_users = root
begin routers
r:
  driver = manualroute
  transport = t
  route_list = * {host}::{port}
begin transports
t:
  driver = smtp
  hosts_require_auth = *
  tls_verify_certificates = /etc/recording-ca.pem
  {security}
  {versions}
begin retry
* * F,1h,15m
begin authenticators
p:
  driver = plaintext
  public_name = PLAIN
  client_send = ^anna^test
'''


@server('exim-client', 'gnutls', 'exim4-daemon-light', 'exim',
        modes=('starttls', 'implicit', 'plain'))
def exim(run):
    versions = ''
    if run.held:
        versions = f'tls_require_ciphers = {gnutls_priority(run.held)}'
    write(root('exim') + '/etc/recording-exim.conf', EXIM_CONF.format(
        name=full_name(run), host=run.host, port=run.port,
        security=run.by_mode('hosts_require_tls = *', 'protocol = smtps',
                             'hosts_avoid_tls = *'),
        versions=versions))
    return (f'{MESSAGE} | {chroot(run, "exim")} exim4 -C '
            f'/etc/recording-exim.conf -odi {RCPT}; sleep .5')


@server('dma', 'openssl', 'dma', 'dma',
        modes=('starttls', 'implicit', 'plain'))
def dma(run):
    security = run.by_mode('SECURETRANSFER\nSTARTTLS\n', 'SECURETRANSFER\n')
    write(root('dma') + '/etc/dma/dma.conf',
          f'SMARTHOST {run.host}\nPORT {run.port}\n'
          f'AUTHPATH /etc/dma/auth.conf\n{security}')
    write(root('dma') + '/etc/dma/auth.conf', f'anna|{run.host}:test\n')
    return (f'{MESSAGE} | {chroot(run, "dma")} /usr/sbin/dma {RCPT}; '
            'sleep 2')


@server('nullmailer', 'gnutls', 'nullmailer', 'nullmailer', held=(),
        modes=('starttls', 'implicit', 'plain'))
def nullmailer(run):
    etc = root('nullmailer') + '/etc'
    security = run.by_mode('--starttls --insecure', '--ssl --insecure')
    write(etc + '/nullmailer/remotes', f'{run.host} smtp --port={run.port} '
          f'{security} --user=anna --pass=test\n')
    write(etc + '/nullmailer/me', run.device.hosts_name + '\n')
    enter = chroot(run, 'nullmailer')
    return (f'rm -f {root("nullmailer")}/var/spool/nullmailer/queue/*; '
            f'{MESSAGE} | {enter} nullmailer-inject {RCPT}; '
            f'timeout 3 {enter} nullmailer-send; true')


@server('esmtp', 'openssl', 'esmtp', 'esmtp', modes=('starttls', 'plain'))
def esmtp(run):
    home = root('esmtp') + '/root'
    security = run.by_mode('required', '', 'disabled')
    write(home + '/.esmtprc', f'hostname={run.host}:{run.port}\n'
          f'username=anna\npassword=test\nstarttls={security}\n', 0o600)
    os.makedirs(home + '/.authenticate', 0o700, exist_ok=True)
    os.chmod(home + '/.authenticate', 0o700)
    shutil.copy(CA, home + '/.authenticate/ca.pem')
    os.chmod(home + '/.authenticate/ca.pem', 0o600)
    return (f'{MESSAGE} | HOME=/root {chroot(run, "esmtp")} esmtp {RCPT}')


@server('ssmtp', 'gnutls', 'ssmtp', 'ssmtp', held=(),
        modes=('starttls', 'implicit', 'plain'))
def ssmtp(run):
    security = run.by_mode('UseTLS=YES\nUseSTARTTLS=YES\n', 'UseTLS=YES\n')
    write(root('ssmtp') + '/etc/ssmtp/ssmtp.conf',
          f'root=anna@example.net\nmailhub={run.host}:{run.port}\n'
          f'hostname={run.device.hosts_name}\nAuthUser=anna\n'
          f'AuthPass=test\nFromLineOverride=YES\n{security}')
    return f'{MESSAGE} | {chroot(run, "ssmtp")} ssmtp {RCPT}'


@server('opensmtpd-client', 'openssl', 'opensmtpd', 'opensmtpd')
def opensmtpd(run):
    scheme = run.by_mode('smtp+tls', 'smtps')
    write(root('opensmtpd') + '/etc/recording-smtpd.conf',
          'table secrets { anna = anna:test }\nlisten on socket\n'
          f'action o relay helo {full_name(run)} host '
          f'{scheme}://anna@{run.host}:{run.port} auth <secrets>\n'
          'match from local for any action o\n')
    write(root('opensmtpd') + '/etc/mailname', full_name(run) + '\n')
    enter = chroot(run, 'opensmtpd')
    return (f'rm -rf {root("opensmtpd")}/var/spool/smtpd/queue/*; '
            f'{enter} smtpd -d -f /etc/recording-smtpd.conf & daemon=$!; '
            f'sleep 1.5; {MESSAGE} | {enter} sendmail {RCPT}; sleep 2.5; '
            'kill $daemon; sleep .3')


@server('sendmail-client', 'openssl', 'sendmail-bin', 'sendmail',
        modes=('starttls',))
def sendmail(run):
    # It goes by the MX of the recipient's domain, to port 25.
    run.port = 25
    domain = run.server.domain
    enter = chroot(run, 'sendmail')
    # With a short name alone it would wait a minute for a better one.
    write(root('sendmail') + '/etc/hosts', '127.0.0.1 localhost\n'
          f'127.0.1.1 {full_name(run)} {run.device.host}\n')
    return (f'{MESSAGE} | {enter} '
            '/usr/libexec/sendmail/sendmail -C /etc/mail/sendmail.cf -odi '
            f'-f anna@example.net bob@{domain}; sleep .3')


if __name__ == '__main__':
    {'up': up, 'down': down}[sys.argv[1]]()
