# SPDX-License-Identifier: ISC
"""Mail programs that are scripts, each with its language's own library."""
import json

from lab import HERE, LAB, package_version, sh
from program import (ALL_HELD, IMAP, POP3, SMTP, TLS_MODES, every,
                     openssl_version, program)

CLIENTS = HERE + '/clients'
BUILT = LAB + '/bin'


def words(run):
    """The arguments that all the scripts in clients/ share."""
    return f'{run.protocol} {run.mode} {run.host} {run.port} {run.held}'


def script(name, library, talks, interpreter, package, **more):
    """Registers a script; `interpreter` runs it."""
    more.setdefault('held', ALL_HELD)

    @program(name, library, talks, package=package, **more)
    def command(run):
        return f'{interpreter} {words(run)}'
    return command


def python(name, protocol):
    script('python3 ' + name, 'openssl', every((protocol,)),
           f'/usr/bin/python3 {CLIENTS}/mail.py', 'python3.11')


def perl(name, protocol, package='perl'):
    script('perl ' + name, 'openssl', every((protocol,)),
           f'perl {CLIENTS}/mail.pl', package)


def ruby(name, talks):
    @program('ruby ' + name, 'openssl', talks, package='ruby3.1',
             held=() if name == 'net/pop' else ALL_HELD)
    def command(run):
        if run.number % 2:
            run.env['HELO'] = 'host.example'
        return f'ruby {CLIENTS}/mail.rb {words(run)}'
    return command


def node(name, talks, module=''):
    manifest = f'{LAB}/node/node_modules/{module or name}/package.json'
    try:
        with open(manifest, encoding='utf-8') as f:
            version = json.load(f)['version']
    except FileNotFoundError:
        version = ''

    @program(name, 'openssl', talks, held=ALL_HELD,
             version=f'{version} (node {sh("node", "--version").strip()})')
    def command(run):
        return (f'node {CLIENTS}/mail.js {name} {run.mode} {run.host} '
                f'{run.port} {run.held}')
    return command


script('python script', 'openssl', every((SMTP, IMAP, POP3)),
       f'/usr/bin/python3 -B {CLIENTS}/script.py', 'python3.11')
python('smtplib', SMTP)
python('imaplib', IMAP)
python('poplib', POP3)
perl('Net::SMTP', SMTP)
perl('Net::POP3', POP3)
perl('Mail::IMAPClient', IMAP, 'libmail-imapclient-perl')
ruby('net/smtp', every((SMTP,)))
ruby('net/imap', every((IMAP,)))
ruby('net/pop', every((POP3,), ('implicit', 'plain')))
node('nodemailer', every((SMTP,)))
node('imapflow', every((IMAP,)))
node('node-imap', every((IMAP,), ('implicit', 'plain')), 'imap')
node('node-pop3', every((POP3,), ('implicit', 'plain')))
node('emailjs', every((SMTP,)))


SSLV2_HELLO = 'SSLv2 hello'     # its format, up to TLS 1.2


@program('java SSLSocket', 'JSSE', every((SMTP, IMAP, POP3), TLS_MODES),
         held=ALL_HELD + (SSLV2_HELLO,), package='openjdk-17-jre-headless')
def java_socket(run):
    versions = openssl_version(run.held) if run.held else ''
    if run.held == SSLV2_HELLO:
        versions = 'SSLv2Hello TLSv1 TLSv1.1 TLSv1.2'
    return (f'java -cp {BUILT} Device {run.protocol} {run.mode} {run.host} '
            f'{run.port} {versions}')


@program('javamail', 'JSSE', every((SMTP, IMAP, POP3)), held=ALL_HELD,
         package='libmail-java')
def javamail(run):
    jars = ':'.join(f'/usr/share/java/{name}.jar' for name in
                    ('javax.mail', 'javax.activation', 'activation'))
    version = openssl_version(run.held) if run.held else ''
    return (f'java -cp {BUILT}:{jars} Mail {run.protocol} {run.mode} '
            f'{run.host} {run.port} {version}')


@program('php imap (c-client)', 'openssl', every((IMAP, POP3)),
         held=ALL_HELD, package='php8.2-imap')
def php_imap(run):
    run.hold_openssl()
    return f'php {CLIENTS}/mail.php {words(run)}'


script('PHPMailer', 'openssl', every((SMTP,)), f'php {CLIENTS}/mail.php',
       'libphp-phpmailer', held=('1.0', '1.1', '1.2'))


def device(library, held, talks):
    name = {'mbedtls': 'libmbedtls14', 'wolfssl': 'libwolfssl35',
            'bearssl': 'libbearssl0'}[library]
    script(f'{library} client', library, talks, f'{BUILT}/{library}', '',
           held=held, version=f'with {name} {package_version(name)}')


device('mbedtls', ('1.0', '1.1', '1.2'), every((SMTP, IMAP, POP3), TLS_MODES))
device('wolfssl', ('1.1', '1.2'), every((SMTP, IMAP, POP3), TLS_MODES))
device('bearssl', ('1.0', '1.1', '1.2'),
       every((SMTP, IMAP, POP3), TLS_MODES))


@program('nss tstclnt', 'nss', every((SMTP, IMAP), ('implicit',)),
         held=ALL_HELD, package='libnss3-tools', addressable=False)
def tstclnt(run):
    held = f'-V tls{run.held}:tls{run.held}' if run.held else ''
    return ("(sleep .8; printf 'QUIT\\r\\n'; sleep .3) | timeout 4 tstclnt "
            f'-h {run.host} -p {run.port} -o -D {held}')
