# SPDX-License-Identifier: ISC
"""script.py PROTOCOL MODE HOST PORT [HELD]: what a script does that talks by
itself over a socket, without a library for mail.  It says little, and in the
lower case of its author."""
import socket
import sys

from mail import context

OPENINGS = {'smtp': ['ehlo {name}', 'starttls'], 'imap': ['x starttls'],
            'pop3': ['stls']}
TALKS = {
    'smtp': ['ehlo {name}', 'auth plain AGFubmEAdGVzdA==', 'quit'],
    'imap': ['x login anna test', 'x select inbox', 'x logout'],
    'pop3': ['user anna', 'pass test', 'stat', 'quit'],
}


def is_end(protocol, line):
    """Whether `line` is the last one of an answer."""
    if protocol == 'smtp':
        return line[3:4] != b'-'
    return protocol != 'imap' or line[:2] != b'* '


def answer(protocol, lines):
    while not is_end(protocol, line := next(lines, b'')):
        pass
    return line


def talk(protocol, connection, says, greeted):
    lines = iter(connection.makefile('rb').readline, b'')
    if not greeted:
        next(lines)
    for command in says:
        line = command.format(name=socket.gethostname())
        connection.sendall(line.encode() + b'\r\n')
        answer(protocol, lines)


def main(protocol, mode, host, port, held=''):
    connection = socket.create_connection((host, int(port)), 5)
    if mode == 'starttls':
        talk(protocol, connection, OPENINGS[protocol], False)
    if mode != 'plain':
        connection = context(held).wrap_socket(
            connection, server_hostname=host)
    talk(protocol, connection, TALKS[protocol], mode == 'starttls')


main(*sys.argv[1:])
