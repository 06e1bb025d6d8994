# SPDX-License-Identifier: ISC
"""mail.py PROTOCOL MODE HOST PORT [HELD]: what a script with Python's own
smtplib, imaplib or poplib does."""
import imaplib
import os
import poplib
import smtplib
import ssl
import sys


def context(held):
    made = ssl.create_default_context(cafile=os.environ['CA'])
    if held:
        version = 'TLSv1' if held == '1.0' else 'TLSv' + held.replace('.', '_')
        made.minimum_version = made.maximum_version = ssl.TLSVersion[version]
        made.set_ciphers('DEFAULT:@SECLEVEL=0')
    return made


def smtp(mode, host, port, tls):
    if mode == 'implicit':
        session = smtplib.SMTP_SSL(host, port, context=tls)
    else:
        session = smtplib.SMTP(host, port)
    if mode == 'starttls':
        session.starttls(context=tls)
    session.login('anna', 'test')
    session.sendmail('anna@example.net', ['bob@example.net'],
                     'Subject: script\r\n\r\ndone\r\n')
    session.quit()


def imap(mode, host, port, tls):
    if mode == 'implicit':
        session = imaplib.IMAP4_SSL(host, port, ssl_context=tls)
    else:
        session = imaplib.IMAP4(host, port)
    if mode == 'starttls':
        session.starttls(tls)
    session.login('anna', 'test')
    session.select()
    session.logout()


def pop3(mode, host, port, tls):
    if mode == 'implicit':
        session = poplib.POP3_SSL(host, port, context=tls)
    else:
        session = poplib.POP3(host, port)
    if mode == 'starttls':
        session.stls(tls)
    session.user('anna')
    session.pass_('test')
    session.quit()


def main(protocol, mode, host, port, held=''):
    talk = {'smtp': smtp, 'imap': imap, 'pop3': pop3}[protocol]
    talk(mode, host, int(port), context(held))


if __name__ == '__main__':
    main(*sys.argv[1:])
