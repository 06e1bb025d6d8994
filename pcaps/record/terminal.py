# SPDX-License-Identifier: ISC
"""Mail programs of the terminal, and tools that speak mail."""
from lab import CA
from program import (ALL_HELD, ALL_MODES, ALL_PROTOCOLS, IMAP, POP3, SMTP,
                     TLS_MODES, every, gnutls_priority, legacy,
                     openssl_version, program)

LOW = "'DEFAULT:@SECLEVEL=0'"
FROM_TO = 'From: anna@example.net\\nTo: bob@example.net\\n'
MESSAGE = f"printf '{FROM_TO}Subject: x\\n\\nhi\\n'"

# What is typed into a TLS tool once the line is open.
SPOKEN = {
    IMAP: "printf 'a1 LOGIN anna test\\r\\na2 LOGOUT\\r\\n'",
    POP3: "printf 'USER anna\\r\\nPASS test\\r\\nQUIT\\r\\n'",
    SMTP: "printf 'EHLO client.example\\r\\nQUIT\\r\\n'",
    'sieve': "printf 'LOGOUT\\r\\n'",
}
TOOL_TALKS = {SMTP: TLS_MODES, IMAP: TLS_MODES, POP3: TLS_MODES,
              'sieve': ('starttls',)}


@program('openssl s_client', 'openssl', TOOL_TALKS, held=ALL_HELD,
         package='openssl')
def s_client(run):
    options = f'-starttls {run.protocol}' if run.starttls else ''
    if run.held:
        options += ' -tls' + run.held.removesuffix('.0').replace('.', '_')
    if legacy(run.held):
        options += f' -cipher {LOW}'
    return (f'(sleep .4; {SPOKEN[run.protocol]}; sleep .3) | openssl '
            f's_client -quiet -connect {run.host}:{run.port} {options}')


@program('gnutls-cli', 'gnutls', TOOL_TALKS, held=ALL_HELD,
         package='gnutls-bin')
def gnutls_cli(run):
    starttls = f'--starttls-proto={run.protocol}' if run.starttls else ''
    priority = f"--priority '{gnutls_priority(run.held)}'" if run.held else ''
    return (f'(sleep .5; {SPOKEN[run.protocol]}; sleep .3) | timeout 8 '
            f'gnutls-cli --no-ca-verification {priority} -p {run.port} '
            f'{starttls} {run.host}')


@program('curl', 'openssl', every(ALL_PROTOCOLS), held=ALL_HELD,
         package='curl')
def curl(run):
    options = '--ssl-reqd' if run.starttls else ''
    if run.held:
        options += f' --tlsv{run.held} --tls-max {run.held}'
    if legacy(run.held):
        options += f' --ciphers {LOW}'
    if run.protocol == SMTP:
        mail = run.file('mail.txt', 'Subject: curl\r\n\r\nhi\r\n')
        options += (' --mail-from anna@example.net --mail-rcpt '
                    f'bob@example.net -T {mail}')
    # With a closing slash curl takes the file's name for EHLO.
    path = '/' if run.number % 2 else ''
    scheme = run.protocol + ('s' if run.implicit else '')
    return (f'curl -sv -m 8 --cacert {CA} {options} -u anna:test '
            f'{scheme}://{run.host}:{run.port}{path}')


@program('swaks', 'openssl', every((SMTP,)), held=ALL_HELD, package='swaks')
def swaks(run):
    options = run.by_mode('--tls', '--tlsc')
    if run.held:
        version = openssl_version(run.held).lower().replace('.', '_')
        options += f' --tls-protocol {version}'
    if legacy(run.held):
        options += f' --tls-cipher {LOW}'
    return (f'swaks --server {run.host} --port {run.port} {options} '
            '--auth PLAIN --auth-user anna --auth-password test '
            '--from anna@example.net --to bob@example.net')


def msmtp_account(run):
    """The lines that msmtp and mpop have in common."""
    lines = ['account default', f'host {run.host}', f'port {run.port}',
             'user anna', 'password test', f'tls_trust_file {CA}',
             'tls ' + run.by_mode('on', 'on', 'off'),
             'tls_starttls ' + run.by_mode('on', 'off', 'off')]
    if run.held:
        lines.append('tls_priorities ' + gnutls_priority(run.held))
    return '\n'.join(lines) + '\n'


@program('msmtp', 'gnutls', every((SMTP,)), held=ALL_HELD, package='msmtp')
def msmtp(run):
    conf = run.file('msmtprc', msmtp_account(run) + 'auth plain\n'
                    'from anna@example.net\n')
    return f'{MESSAGE} | msmtp -C {conf} bob@example.net'


@program('mpop', 'gnutls', every((POP3,)), held=ALL_HELD, package='mpop')
def mpop(run):
    conf = run.file('mpoprc', msmtp_account(run) + 'auth user\nkeep on\n'
                    f'delivery maildir {run.home}/Maildir\n')
    return f'mkdir -p Maildir/cur Maildir/new Maildir/tmp; mpop -C {conf}'


@program('fetchmail', 'openssl', every((IMAP, POP3)), held=ALL_HELD,
         package='fetchmail')
def fetchmail(run):
    version = f"sslproto 'TLS{run.held.removesuffix('.0')}'"
    security = run.by_mode(version if run.held else "sslproto 'TLS1+'",
                           'ssl ' + (version if run.held else ''),
                           "sslproto ''")
    if legacy(run.held):
        run.hold_openssl()
        run.env['FETCHMAIL_SSL_CIPHERS'] = LOW.strip("'")
    conf = run.file('fetchmailrc', f'poll {run.host} protocol {run.protocol} '
                    f'service {run.port} user anna password test keep '
                    f'{security} sslcertfile {CA} mda /bin/cat\n')
    return (f'fetchmail -a -v -f {conf} --nosyslog --pidfile '
            f'{run.home}/pid -i {run.home}/ids')


@program('getmail6', 'openssl', every((IMAP, POP3), ('implicit', 'plain')),
         held=ALL_HELD, package='getmail6')
def getmail(run):
    run.hold_openssl()
    kind = f'Simple{run.protocol.upper()}{"SSL" if run.implicit else ""}'
    conf = run.file('getmailrc', f'''[retriever]
type = {kind}Retriever
server = {run.host}
port = {run.port}
username = anna
password = test
{"ca_certs = " + CA if run.implicit else ""}
[destination]
type = Mboxrd
path = {run.home}/mbox
user = nobody
[options]
delete = false
''')
    return ('mkdir -p g; touch mbox; chown nobody mbox; chmod 755 .; '
            f'getmail -g {run.home}/g -r {conf}')


@program('mbsync', 'openssl', every((IMAP,)), held=ALL_HELD,
         package='isync')
def mbsync(run):
    lines = ['IMAPAccount a', f'Host {run.host}', f'Port {run.port}',
             'User anna', 'Pass test', f'CertificateFile {CA}',
             'AuthMechs LOGIN',
             'SSLType ' + run.by_mode('STARTTLS', 'IMAPS', 'None')]
    if run.held:
        lines.append('SSLVersions ' + openssl_version(run.held))
    if legacy(run.held):
        lines.append('CipherString DEFAULT:@SECLEVEL=0')
    lines += ['', 'IMAPStore r', 'Account a', '', 'MaildirStore l',
              f'Path {run.home}/M/', f'Inbox {run.home}/M/INBOX', '',
              'Channel c', 'Far :r:', 'Near :l:', 'Patterns INBOX',
              'Create Near', 'SyncState *', '']
    conf = run.file('mbsyncrc', '\n'.join(lines))
    return f'mkdir -p M; mbsync -c {conf} -a'


@program('offlineimap3', 'openssl', every((IMAP,)),
         held=('1.0', '1.1', '1.2'), package='offlineimap3')
def offlineimap(run):
    version = ''
    if run.held and not run.plain:
        run.hold_openssl()
        word = run.held.replace('.', '_').removesuffix('_0')
        level = 'tls_level = tls_compat' if legacy(run.held) else ''
        version = f'ssl_version = tls{word}\n{level}'
    conf = run.file('offlineimaprc', f'''[general]
accounts = A
maxsyncaccounts = 1
metadata = {run.home}/metadata
[Account A]
localrepository = L
remoterepository = R
[Repository L]
type = Maildir
localfolders = {run.home}/M
[Repository R]
type = IMAP
remotehost = {run.host}
remoteport = {run.port}
remoteuser = anna
remotepass = test
auth_mechanisms = PLAIN
ssl = {run.by_mode('no', 'yes', 'no')}
starttls = {run.by_mode('yes', 'no', 'no')}
sslcacertfile = {CA}
{version}
''')
    return f'offlineimap -o -u basic -c {conf}'


@program('imapfilter', 'openssl', every((IMAP,)), held=ALL_HELD,
         package='imapfilter')
def imapfilter(run):
    run.hold_openssl()
    ssl = ", ssl = 'auto'" if run.implicit else ''
    conf = run.file('config.lua', f'''options.certificates = false
options.starttls = {run.by_mode('true', 'false', 'false')}
a = IMAP {{ server = '{run.host}', port = {run.port}, username = 'anna',
    password = 'test'{ssl} }}
a.INBOX:check_status()
''')
    return f'imapfilter -c {conf}'


def mutt_command(run, binary):
    """Sends a mail in batch, or opens a mailbox on a terminal."""
    scheme = {SMTP: 'smtp', IMAP: 'imap', POP3: 'pop'}[run.protocol]
    url = (f'{scheme}{"s" if run.implicit else ""}://anna@{run.host}:'
           f'{run.port}/{"INBOX" if run.protocol == IMAP else ""}')
    lines = ['from=anna@example.net', 'use_from=yes', 'copy=no',
             'ssl_force_tls=' + run.by_mode('yes', 'yes', 'no'),
             'ssl_starttls=' + run.by_mode('yes', 'no', 'no'),
             f'certificate_file={CA}', f'ssl_ca_certificates_file={CA}',
             f"smtp_url='{url}'", 'smtp_pass=test', 'imap_pass=test',
             'pop_pass=test', "header_cache=''", 'pop_delete=no',
             'confirmappend=no', 'spoolfile=/dev/null', "record=''",
             'mbox_type=maildir']
    if run.held:
        lines += ['ssl_use_tlsv1=yes', 'ssl_use_tlsv1_1=yes',
                  f"ssl_ciphers='{gnutls_priority(run.held)}'"]
    conf = run.file('muttrc', ''.join(f'set {line}\n' for line in lines))
    if run.protocol == SMTP:
        return f'echo hi | {binary} -n -F {conf} -s hello bob@example.net'
    return typed(f"{binary} -n -F {conf} -f '{url}'",
                 "sleep 2; printf q; sleep .6; printf n; sleep .3; printf q")


def typed(command, keys, seconds=7):
    """`command` on a terminal, with `keys` typed into it."""
    return (f'({keys}) | timeout {seconds} script -qfc '
            f'"stty rows 24 cols 80; {command}" /dev/null')


@program('mutt', 'gnutls', every(ALL_PROTOCOLS), held=ALL_HELD,
         package='mutt')
def mutt(run):
    return mutt_command(run, 'mutt')


@program('neomutt', 'gnutls', every(ALL_PROTOCOLS), held=ALL_HELD,
         package='neomutt')
def neomutt(run):
    return mutt_command(run, 'neomutt')


@program('s-nail', 'openssl', every(ALL_PROTOCOLS), held=ALL_HELD,
         package='s-nail')
def s_nail(run):
    options = f'-n -S v15-compat -S tls-ca-file={CA} -S tls-verify=strict'
    if run.held:
        word = openssl_version(run.held)
        options += (f" -S 'tls-config-pairs=MinProtocol={word},MaxProtocol="
                    f"{word},CipherString=DEFAULT:@SECLEVEL=0'")
    scheme = run.protocol + ('s' if run.implicit else '')
    url = f'{scheme}://anna:test@{run.host}:{run.port}'
    if run.starttls:
        options += f' -S {run.protocol}-use-starttls'
    if run.protocol == SMTP:
        return (f'echo hi | s-nail {options} -S mta={url} -S smtp-auth=plain '
                '-S from=anna@example.net -S sendwait -s x bob@example.net')
    return (f"echo 'from *' | s-nail {options} -S imap-auth=login -# -R "
            f'-f {url}')


@program('mailutils', 'gnutls', every(ALL_PROTOCOLS), package='mailutils',
         seconds=10)
def mailutils(run):
    secure = 's' if run.implicit else ''
    notls = ';notls' if run.plain else ''
    if run.protocol == SMTP:
        return (f"{MESSAGE} | mail.mailutils --no-config -E \"set sendmail='"
                f'smtp{secure}://anna:test@{run.host}:{run.port};auth=plain'
                f"{notls}'\" -r anna@example.net -s x bob@example.net")
    scheme = run.protocol.removesuffix('3') + secure
    return ("echo headers | mail.mailutils --no-config -N -f "
            f"'{scheme}://anna:test@{run.host}:{run.port}{notls}'")


CHECKS = {
    (SMTP, 'starttls'): 'check_smtp -S -A LOGIN -U anna -P test -p 587',
    (SMTP, 'implicit'): 'check_ssmtp -p 465',
    (SMTP, 'plain'): 'check_smtp -A LOGIN -U anna -P test -p 587',
    (IMAP, 'implicit'): 'check_simap',
    (IMAP, 'plain'): 'check_imap',
    (POP3, 'implicit'): 'check_spop',
    (POP3, 'plain'): 'check_pop',
}


@program('monitoring-plugins', 'openssl',
         {SMTP: ALL_MODES, IMAP: ('implicit', 'plain'),
          POP3: ('implicit', 'plain')},
         held=ALL_HELD, package='monitoring-plugins-basic')
def monitoring_plugins(run):
    run.hold_openssl()
    check = CHECKS[run.protocol, run.mode]
    if (run.protocol, run.mode) == (SMTP, 'plain') and run.number % 2:
        check = 'check_smtp -p 587'     # without a login
    return f'/usr/lib/nagios/plugins/{check} -H {run.host}'


EMACS = {
    SMTP: '''(require 'smtpmail)
(setq smtpmail-smtp-server "{host}" smtpmail-smtp-service {port}
  smtpmail-smtp-user "anna" smtpmail-stream-type '{smtp})
(with-temp-buffer
  (insert "To: bob@example.net\\nFrom: anna@example.net\\nSubject: e\\n"
    mail-header-separator "\\nhi\\n")
  (smtpmail-send-it))''',
    IMAP: '''(require 'nnimap)
(nnimap-open-server "x" '((nnimap-address "{host}")
  (nnimap-server-port {port}) (nnimap-user "anna") (nnimap-stream {other})))
''',
    POP3: '''(require 'pop3)
(setq pop3-mailhost "{host}" pop3-port {port} pop3-maildrop "anna"
  pop3-password "test" pop3-stream-type '{other}
  pop3-password-required nil pop3-leave-mail-on-server t)
(let ((p (pop3-open-server pop3-mailhost pop3-port)))
  (pop3-user p "anna") (pop3-pass p) (pop3-stat p) (pop3-quit p))''',
}


# Reading mail it goes over to TLS by itself where the server offers it.
@program('emacs', 'gnutls',
         {SMTP: ALL_MODES, IMAP: TLS_MODES, POP3: TLS_MODES}, held=ALL_HELD,
         package='emacs-nox')
def emacs(run):
    authinfo = run.file('.authinfo', ''.join(
        f'machine {name} login anna password test port {run.port}\n'
        for name in ('x', run.host)))
    hold = ''
    if run.held:
        priority = gnutls_priority(run.held)
        hold = f'(setq gnutls-algorithm-priority "{priority}")'
    body = EMACS[run.protocol].format(
        host=run.host, port=run.port,
        smtp=run.by_mode('starttls', 'ssl', 'plain'),
        other=run.by_mode('starttls', 'ssl', 'network'))
    script = run.file('mail.el', f'''(setq gnutls-trustfiles '("{CA}")
  network-security-level 'low user-mail-address "anna@example.net"
  auth-sources '("{authinfo}"))
{hold}
{body}
''')
    return f'mkdir -p .emacs.d; emacs -Q --batch -l {script}'


@program('nmh', 'openssl', {SMTP: ALL_MODES, POP3: ('implicit', 'plain')},
         held=('1.1', '1.2', '1.3'), package='nmh')
def nmh(run):
    run.hold_openssl()
    run.file('.mh_profile', 'Path: Mail\n')
    run.file('.netrc', f'machine {run.host}\nlogin anna\npassword test\n')
    trust = '' if run.plain else '-nocertverify'
    if run.protocol == POP3:
        security = '-initialtls' if run.implicit else ''
        return (f'mkdir -p Mail/inbox; /usr/bin/mh/inc -host {run.host} '
                f'-port {run.port} -user anna {security} {trust}')
    run.file('draft', FROM_TO.replace('\\n', '\n') + 'Subject: x\n\nhi\n')
    security = run.by_mode('-tls', '-initialtls', '-notls')
    return (f'mkdir -p Mail; /usr/bin/mh/send -mts smtp -server {run.host} '
            f'-port {run.port} -sasl -saslmech PLAIN -user anna {security} '
            f'{trust} $PWD/draft')


@program('aerc', 'go crypto/tls', every((IMAP,)), package='aerc')
def aerc(run):
    scheme = run.by_mode('imap', 'imaps', 'imap+insecure')
    run.env['SSL_CERT_FILE'] = CA
    run.file('.config/aerc/accounts.conf', f'''[A]
source = {scheme}://anna:test@{run.host}:{run.port}
default = INBOX
from = Anna <anna@example.net>
''')
    return typed('aerc', "sleep 3; printf ':quit -f\\r'; sleep 1; printf y")


@program('alpine', 'openssl', every((IMAP, POP3)), held=ALL_HELD,
         package='alpine')
def alpine(run):
    run.hold_openssl()
    flags = run.by_mode('/tls', '/ssl', '/notls')
    if run.implicit and run.held in ('1.0', '1.1', '1.2'):
        flags += '/tls' + run.held.removesuffix('.0').replace('.', '_')
    flags += '/pop3' if run.protocol == POP3 else ''
    inbox = (f'{{{run.host}:{run.port}{flags}/novalidate-cert/user=anna}}'
             'INBOX')
    return typed(f"alpine -p {run.home}/pinerc -inbox-path='{inbox}'",
                 "sleep 1.5; printf 'test\\r'; sleep 2; printf q; sleep .5; "
                 'printf y; sleep .5')
