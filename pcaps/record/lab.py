# SPDX-License-Identifier: ISC
"""What every part of the recording lab shares: where things are, which
devices and servers there are, and how to run a command in a namespace."""
import os
import subprocess
from dataclasses import dataclass

TMP = os.environ.get('TMPDIR', '/tmp')
LAB = os.environ.get('LAB', TMP + '/mailtls-record')
OUT = os.environ.get('OUT', TMP + '/mailtls-recordings')
HERE = os.path.dirname(os.path.abspath(__file__))
CERTS = LAB + '/certs'
CA = CERTS + '/ca.pem'

PREFIX = 'mtr-'
ROUTER = PREFIX + 'router'
PROVIDER = PREFIX + 'provider'
LAN = '192.0.2.'        # RFC 5737, like every address here
WAN = '203.0.113.'
HOME_DOMAIN = 'home.example'


@dataclass(frozen=True)
class Device:
    """A machine that runs programs.  `host` is what gethostname() says;
    `hosts_name` what /etc/hosts says first for 127.0.1.1."""
    name: str
    octet: int
    host: str
    hosts_name: str
    batch: str
    desktop: bool = False    # runs the graphical programs, and only those

    @property
    def netns(self):
        return PREFIX + self.name

    @property
    def ip(self):
        return LAN + str(self.octet)

    @property
    def mac(self):
        return '00:00:5e:00:53:%02x' % self.octet   # RFC 9542


# Programs put the host's name into EHLO: the name alone, Debian's way (short
# name, the full one in /etc/hosts), and the full one everywhere.
DEVICES = [
    Device('laptop', 21, 'Laptop-7G4K2QH', 'Laptop-7G4K2QH', 'A'),
    Device('desktop', 22, 'desktop', 'desktop.home.example', 'A'),
    Device('nas', 23, 'DiskStation', 'DiskStation', 'A'),
    Device('server', 24, 'server.home.example', 'server.home.example', 'A'),
    Device('pi', 25, 'raspberrypi', 'raspberrypi', 'B'),
    Device('office', 26, 'office-pc', 'office-pc.home.example', 'B'),
    Device('printer', 27, 'PRN30055C', 'PRN30055C', 'B'),
    Device('box', 28, 'box.home.example', 'box.home.example', 'B'),
    Device('studio', 31, 'Studio-PC', 'Studio-PC', 'A', True),
    Device('kitchen', 32, 'kitchen', 'kitchen.home.example', 'A', True),
    Device('attic', 33, 'attic', 'attic.home.example', 'B', True),
    Device('den', 34, 'DEN-PC', 'DEN-PC', 'B', True),
]


@dataclass(frozen=True)
class Server:
    """A mail server as its clients see it."""
    name: str
    octet: int
    domain: str

    @property
    def ip(self):
        return WAN + str(self.octet)

    def host(self, protocol):
        label = {'pop3': 'pop', 'sieve': 'imap'}.get(protocol, protocol)
        return f'{label}.{self.domain}'


# `full` greets with its capabilities, `bare` does not, `poor` has few.
SERVERS = {
    'full': Server('full', 10, 'example.net'),
    'bare': Server('bare', 20, 'example.org'),
    'poor': Server('poor', 21, 'example.com'),
}

PORTS = {
    ('smtp', 'starttls'): 587, ('smtp', 'implicit'): 465,
    ('smtp', 'plain'): 587, ('imap', 'starttls'): 143,
    ('imap', 'implicit'): 993, ('imap', 'plain'): 143,
    ('pop3', 'starttls'): 110, ('pop3', 'implicit'): 995,
    ('pop3', 'plain'): 110, ('sieve', 'starttls'): 4190,
}


def sh(*command, check=True, **more):
    """Runs `command`; its output is returned, not shown."""
    done = subprocess.run([str(c) for c in command], text=True, check=False,
                          capture_output=True, **more)
    if check and done.returncode:
        raise RuntimeError(f'{command}: {done.stdout}{done.stderr}')
    return done.stdout


def inside(netns, *command, **more):
    """Runs `command` in the network namespace `netns`."""
    return sh('ip', 'netns', 'exec', netns, *command, **more)


def write(path, text, mode=0o644):
    """Writes `text` to `path`, folders and all; returns the path."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    os.chmod(path, mode)
    return path


def package_version(package, root=None):
    """The version of an installed Debian package, '' if there is none."""
    chroot = ['chroot', root] if root else []
    return sh(*chroot, 'dpkg-query', '-W', '-f', '${Version}', package,
              check=False).strip()
