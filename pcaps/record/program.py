# SPDX-License-Identifier: ISC
"""What a mail program is to the lab: a name, a version, and a function that
gives the shell command for one run.  The modules that list programs register
them here."""
import os
from dataclasses import dataclass, field
from typing import Callable

from lab import CERTS, LAB, PORTS, package_version, write

ALL_HELD = ('1.0', '1.1', '1.2', '1.3')
SMTP, IMAP, POP3 = 'smtp', 'imap', 'pop3'
ALL_PROTOCOLS = (SMTP, IMAP, POP3)
ALL_MODES = ('starttls', 'implicit', 'plain')
TLS_MODES = ('starttls', 'implicit')

PACKAGES_OF_LIBRARIES = {
    'openssl': 'libssl3', 'gnutls': 'libgnutls30', 'nss': 'libnss3',
    'gnutls (glib-networking)': 'libgnutls30', 'mbedtls': 'libmbedtls14',
    'wolfssl': 'libwolfssl35', 'JSSE': 'openjdk-17-jre-headless',
    'bearssl': 'libbearssl0',
}


@dataclass
class Program:
    name: str
    command: Callable
    library: str
    talks: dict              # protocol -> modes
    held: tuple = ()         # versions it can be told to use alone
    package: str = ''
    version: str = ''
    root: str = ''           # of another file system it is installed in
    seconds: int = 15        # when to give up
    desktop: bool = False
    addressable: bool = True  # takes an address for a host name

    @property
    def slug(self):
        return ''.join(c if c.isalnum() else '_' for c in self.name)

    def full_version(self):
        return self.version or package_version(self.package, self.root)


@dataclass
class Run:
    """One run of a program; its command function may add to `env`."""
    program: Program
    protocol: str
    mode: str
    held: str                # '' is the program's default
    device: object
    server: object
    host: str                # a name, or the server's address
    scenario: str
    number: int
    port: int = 0
    env: dict = field(default_factory=dict)
    rules: list = field(default_factory=list)   # see desktop.py

    def __post_init__(self):
        self.port = self.port or PORTS[self.protocol, self.mode]

    starttls = property(lambda self: self.mode == 'starttls')
    implicit = property(lambda self: self.mode == 'implicit')
    plain = property(lambda self: self.mode == 'plain')

    @property
    def home(self):
        return f'{LAB}/home/{self.program.slug}-{self.device.name}'

    @property
    def name(self):
        return '-'.join((self.program.slug, self.protocol, self.mode,
                         self.scenario.replace(' ', ''), self.device.name,
                         str(self.number)))

    def file(self, name, text, mode=0o600):
        """Writes a file of the program's into its home; returns its path."""
        return write(os.path.join(self.home, name), text, mode)

    def by_mode(self, starttls, implicit, plain=''):
        """The one of these words that fits this run's mode."""
        return {'starttls': starttls, 'implicit': implicit,
                'plain': plain}[self.mode]

    def hold_openssl(self):
        """Holds a program that uses OpenSSL's defaults at one version."""
        if self.held:
            self.env['OPENSSL_CONF'] = f'{CERTS}/{self.held}.cnf'


PROGRAMS = []


def program(name, library, talks, **more):
    """Decorates the command function of the program `name`."""
    def add(command):
        PROGRAMS.append(Program(name, command, library, talks, **more))
        return command
    return add


def every(protocols, modes=ALL_MODES):
    return {protocol: modes for protocol in protocols}


def gnutls_priority(held):
    if not held:
        return 'NORMAL'
    return f'NORMAL:-VERS-ALL:+VERS-TLS{held}'


def openssl_version(held):
    """As OpenSSL's configuration spells it: TLSv1, TLSv1.1 ..."""
    return 'TLSv' + held.removesuffix('.0')


def legacy(held):
    """Whether OpenSSL needs its security level lowered for it."""
    return held in ('1.0', '1.1')
