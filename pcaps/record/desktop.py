# SPDX-License-Identifier: ISC
"""Graphical mail programs, each on an X server of its own, operated by
xdotool: passwords are typed where a window asks for one."""
import os
import re
import subprocess
import time

from lab import CA, sh
from program import IMAP, POP3, SMTP, gnutls_priority, program

TALKED = 1500       # bytes of capture: more than a greeting
QUIET_SECONDS = 4
PASSWORD = ('(?i)password|authenti', ['type test', 'key Return'])
CERTIFICATE = ('(?i)certificate|ssl|warning|welcome', ['key Return'])
SOCKET = {'starttls': 2, 'implicit': 3, 'plain': 0}     # Thunderbird's
SECURITY = {'starttls': 2, 'implicit': 1, 'plain': 0}   # Claws', Sylpheed's


def xdotool(run, *words):
    env = dict(os.environ, DISPLAY=display(run))
    try:
        return sh('xdotool', *words, env=env, check=False, timeout=5)
    except subprocess.TimeoutExpired:
        return ''


def display(run):
    """One X server a device."""
    return f':{run.device.octet}'


def windows(run):
    found = xdotool(run, 'search', '--onlyvisible', '--name', '.').split()
    return {w: xdotool(run, 'getwindowname', w).strip() for w in found}


def answer(run, window, actions):
    xdotool(run, 'windowfocus', window)
    for action in actions:
        verb, what = action.split(maxsplit=1)
        xdotool(run, verb, *what.split(','))
        time.sleep(0.2)
        if verb == 'mousemove':
            xdotool(run, 'click', '1')


def operate(run, started, path):
    """Answers the program's windows until it has talked to the server: the
    capture in `path` has grown and grows no more."""
    rules = [PASSWORD, CERTIFICATE] + run.rules
    answered = {}
    size, since = 0, time.monotonic()
    end = since + run.program.seconds
    while time.monotonic() < end and started.poll() is None:
        if os.path.getsize(path) != size:
            size, since = os.path.getsize(path), time.monotonic()
        if size > TALKED and time.monotonic() - since > QUIET_SECONDS:
            break
        for window, title in windows(run).items():
            for pattern, actions in rules:
                times = answered.get((window, pattern), 0)
                if times < 3 and re.search(pattern, title):
                    answered[window, pattern] = times + 1
                    answer(run, window, actions)
        time.sleep(0.8)


def desktop(name, library, package, talks, seconds, held=()):
    """Decorates a command; gives it a display and a session bus."""
    def add(command):
        @program(name, library, talks, package=package, seconds=seconds,
                 held=held, desktop=True)
        def wrapped(run):
            run.env.update({
                'DISPLAY': display(run), 'NO_AT_BRIDGE': '1',
                'GTK_A11Y': 'none', 'LIBGL_ALWAYS_SOFTWARE': '1',
                'XDG_RUNTIME_DIR': run.home + '/runtime',
                'GSETTINGS_BACKEND': 'memory',
                'WEBKIT_DISABLE_COMPOSITING_MODE': '1',
            })
            script = run.file('start', command(run) + '\n')
            return ('mkdir -p -m 700 runtime; Xvfb $DISPLAY -screen 0 '
                    '1280x900x24 -nolisten tcp 2>/dev/null & sleep 1; '
                    f'dbus-run-session -- bash {script}')
        return wrapped
    return add


SMTP_PORTS = {'starttls': 587, 'implicit': 465, 'plain': 587}
THUNDERBIRD = {
    'mail.accountmanager.accounts': 'account1,account2',
    'mail.accountmanager.defaultaccount': 'account1',
    'mail.accountmanager.localfoldersserver': 'server2',
    'mail.account.account1.identities': 'id1',
    'mail.account.account1.server': 'server1',
    'mail.account.account2.server': 'server2',
    'mail.account.lastKey': 2,
    'mail.identity.id1.fullName': 'Anna',
    'mail.identity.id1.useremail': 'anna@example.net',
    'mail.identity.id1.smtpServer': 'smtp1',
    'mail.identity.id1.valid': True,
    'mail.identity.id1.fcc': False,
    'mail.server.server1.userName': 'anna',
    'mail.server.server1.name': 'anna',
    'mail.server.server1.login_at_startup': True,
    'mail.server.server1.check_new_mail': True,
    'mail.server.server1.authMethod': 3,
    'mail.server.server1.leave_on_server': True,
    'mail.server.server1.download_on_biff': True,
    'mail.server.server2.type': 'none',
    'mail.server.server2.hostname': 'Local Folders',
    'mail.server.server2.userName': 'nobody',
    'mail.server.server2.name': 'Local Folders',
    'mail.smtpservers': 'smtp1',
    'mail.smtp.defaultserver': 'smtp1',
    'mail.smtpserver.smtp1.authMethod': 3,
    'mail.smtpserver.smtp1.username': 'anna',
    'datareporting.policy.dataSubmissionPolicyBypassNotification': True,
    'toolkit.telemetry.enabled': False,
    'mail.provider.suppress_dialog_on_startup': True,
    'mail.spotlight.firstRunDone': True,
    'app.update.auto': False,
    'mailnews.start_page.enabled': False,
    'mail.shell.checkDefaultClient': False,
    'mailnews.start_page_override.mstone': 'ignore',
    'mail.rights.version': 1,
    'app.donation.eoy.version.viewed': 999,
    'mail.inappnotifications.enabled': False,
    'mail.compose.html': False,
    'mail.warn_on_send_accel_key': False,
    'mail.collect_email_address_outgoing': False,
}


def literal(value):
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else f'"{value}"'


def thunderbird_profile(run):
    """The preferences of a profile with one account."""
    kind = POP3 if run.protocol == POP3 else IMAP
    other = SMTP if run.protocol == SMTP else kind
    prefs = dict(THUNDERBIRD)
    server, smtp = 'mail.server.server1.', 'mail.smtpserver.smtp1.'
    prefs.update({
        server + 'type': kind, server + 'hostname': run.host,
        server + 'port': run.port, server + 'socketType': SOCKET[run.mode],
        smtp + 'hostname': run.server.host(SMTP),
        smtp + 'port': SMTP_PORTS[run.mode],
        smtp + 'try_ssl': SOCKET[run.mode],
    })
    if other == SMTP:       # only the sending matters: no account to fetch
        prefs[server + 'hostname'] = 'localhost'
        prefs[server + 'login_at_startup'] = False
        prefs[server + 'check_new_mail'] = False
    if run.held:
        number = int(run.held[-1]) + 1
        prefs['security.tls.version.min'] = number
        prefs['security.tls.version.max'] = number
    return ''.join(f'user_pref("{k}", {literal(v)});\n'
                   for k, v in prefs.items())


@desktop('thunderbird', 'nss', 'thunderbird',
         {IMAP: ('starttls', 'implicit', 'plain'),
          POP3: ('starttls', 'implicit', 'plain'),
          SMTP: ('starttls', 'implicit')}, 70, held=('1.0', '1.1', '1.2'))
def thunderbird(run):
    run.file('profile/user.js', thunderbird_profile(run))
    database = f'sql:{run.home}/profile'
    start = f'thunderbird --no-remote --profile {run.home}/profile'
    if run.protocol == SMTP:
        start += (' -compose "to=\'bob@example.net\',subject=\'hallo\','
                  'body=\'hi\'"')
        run.rules = [('Write|hallo', ['key ctrl+Return']),
                            ('Send Message|Confirm', ['key Return'])]
    return (f'certutil -N -d {database} --empty-password; certutil -A -d '
            f'{database} -n lab -t CT,, -i {CA}; exec {start}')


GTK_ACCOUNT = '''[Account: 1]
account_name=anna
is_default=1
name=Anna
address=anna@example.net
protocol={kind}
receive_server={host}
smtp_server={smtp}
user_id=anna
password=test
use_smtp_auth=1
ssl_pop={security}
ssl_imap={security}
ssl_smtp={security}
set_popport=1
pop_port={port}
set_imapport=1
imap_port={port}
set_smtpport=1
smtp_port={smtp_port}
receive_at_getall=1
remove_mail=0
{more}
'''
FOLDERS = '''<?xml version="1.0" encoding="UTF-8"?>
<folderlist>
<folder type="mh" name="Mailbox" path="Mail" collapsed="0">
<folderitem type="inbox" name="inbox" path="inbox"/>
<folderitem type="outbox" name="sent" path="sent"/>
<folderitem type="draft" name="draft" path="draft"/>
<folderitem type="queue" name="queue" path="queue"/>
<folderitem type="trash" name="trash" path="trash"/></folder>
{imap}</folderlist>
'''
IMAP_FOLDER = '''<folder type="imap" name="anna" {id}="1">
<folderitem type="inbox" name="INBOX" path="INBOX"/></folder>
'''


def gtk_home(run, folder, id_word, more, settings):
    """The settings of Claws Mail or Sylpheed, which are relatives."""
    for name in ('inbox', 'sent', 'draft', 'queue', 'trash'):
        os.makedirs(f'{run.home}/Mail/{name}', exist_ok=True)
    run.file(folder + '/accountrc', GTK_ACCOUNT.format(
        kind=3 if run.protocol == IMAP else 0, host=run.host,
        smtp=run.server.host(SMTP), security=SECURITY[run.mode],
        port=run.port, smtp_port=SMTP_PORTS[run.mode], more=more))
    imap = IMAP_FOLDER.format(id=id_word) if run.protocol == IMAP else ''
    run.file(folder + '/folderlist.xml', FOLDERS.format(imap=imap))
    run.file(folder + '/' + settings, '[Common]\ncheck_on_startup=1\n'
             'config_version=2\nautocheck=0\n')


GTK_TALKS = {IMAP: ('starttls', 'implicit'), POP3: ('starttls', 'implicit')}


@desktop('claws-mail', 'gnutls', 'claws-mail', GTK_TALKS, 50,
         held=('1.0', '1.1', '1.2'))
def claws(run):
    more = 'inbox=#mh/Mailbox/inbox\nlocal_inbox=#mh/Mailbox/inbox\n'
    if run.held:
        more += ('set_gnutls_priority=1\ngnutls_priority='
                 f'{gnutls_priority(run.held)}\n')
    gtk_home(run, '.claws-mail', 'account_id', more, 'clawsrc')
    if run.protocol == POP3:
        return 'claws-mail --receive-all'
    return ("claws-mail & sleep 5; claws-mail --select '#imap/anna/INBOX'; "
            'sleep 2; claws-mail --receive-all; wait')


@desktop('sylpheed', 'openssl', 'sylpheed', GTK_TALKS, 50,
         held=('1.0', '1.1', '1.2'))
def sylpheed(run):
    run.hold_openssl()
    gtk_home(run, '.sylpheed-2.0', 'account', 'inbox=inbox\n', 'sylpheedrc')
    return 'sylpheed --receive-all'


EVOLUTION = {
    'account': '''[Data Source]
DisplayName=anna
Enabled=true
Parent=

[Mail Account]
BackendName={backend}
IdentityUid=identity
NeedsInitialSetup=false

[Refresh]
Enabled=true
IntervalMinutes=1

[Authentication]
Host={host}
Method={method}
Port={port}
ProxyUid=system-proxy
RememberPassword=false
User=anna

[Security]
Method={security}

[Imapx Backend]
CheckAll=true

[Pop Backend]
KeepOnServer=true
''',
    'identity': '''[Data Source]
DisplayName=anna
Enabled=true
Parent=account

[Mail Identity]
Address=anna@example.net
Name=Anna

[Mail Submission]
TransportUid=transport
''',
    'transport': '''[Data Source]
DisplayName=anna
Enabled=true
Parent=account

[Mail Transport]
BackendName=smtp

[Authentication]
Host={smtp}
Method=PLAIN
Port=587
User=anna

[Security]
Method=starttls-on-standard-port
''',
}


@desktop('evolution', 'gnutls (glib-networking)', 'evolution', GTK_TALKS, 60,
         held=('1.0', '1.1', '1.2'))
def evolution(run):
    for name, text in EVOLUTION.items():
        run.file(f'.config/evolution/sources/{name}.source', text.format(
            backend='imapx' if run.protocol == IMAP else 'pop',
            method='PLAIN' if run.protocol == IMAP else '',
            host=run.host, port=run.port, smtp=run.server.host(SMTP),
            security=run.by_mode('starttls-on-standard-port',
                                 'ssl-on-alternate-port')))
    if run.held:
        run.env['G_TLS_GNUTLS_PRIORITY'] = gnutls_priority(run.held)
    run.env['GIO_USE_TLS'] = 'gnutls'
    return 'evolution -c mail'


GEARY = '''[Metadata]
version=1
status=enabled

[Account]
ordinal=1
label=
prefetch_days=14
save_drafts=false
save_sent=false
use_signature=false
signature=
sender_mailboxes=Anna <anna@example.net>;
service_provider=other

[Folders]

[Incoming]
login=anna
remember_password=false
host={host}
port={port}
transport_security={security}
credentials=custom

[Outgoing]
remember_password=false
host={smtp}
port=587
transport_security=start-tls
credentials=use-incoming
'''


@desktop('geary', 'gnutls (glib-networking)', 'geary',
         {IMAP: ('starttls', 'implicit')}, 60)
def geary(run):
    run.file('.config/geary/account_01/geary.ini', GEARY.format(
        host=run.host, port=run.port, smtp=run.server.host(SMTP),
        security=run.by_mode('start-tls', 'transport')))
    # Its password box is drawn inside its own window.
    run.rules = [('^Geary|Mail', ['mousemove 644,442', 'type test',
                                         'key Return'])]
    return 'geary'
