# SPDX-License-Identifier: ISC
"""The namespaces: devices - bridge in the router - provider.  Nothing leads
to the machine's own network."""
import os
import shutil
import signal
import sys
import time

from lab import (CERTS, DEVICES, HOME_DOMAIN, LAB, LAN, PREFIX, PROVIDER,
                 ROUTER, SERVERS, WAN, inside, sh, write)


def add_namespace(name, hosts='127.0.0.1 localhost\n'):
    """A namespace with its own /etc/hosts, resolver and trusted CAs."""
    etc = f'/etc/netns/{name}'
    sh('ip', 'netns', 'add', name)
    sh('ip', '-n', name, 'link', 'set', 'lo', 'up')
    write(etc + '/hosts', hosts)
    write(etc + '/resolv.conf', f'nameserver {LAN}1\n')
    write(etc + '/nsswitch.conf', 'hosts: files dns\npasswd: files\n'
          'group: files\nservices: files\n')
    if not os.path.lexists(etc + '/ssl'):
        os.symlink(CERTS + '/ssl', etc + '/ssl')


def plug(name, mac, address, gateway, port):
    """Joins eth0 of `name` to the router's `port`."""
    sh('ip', 'link', 'add', 'eth0', 'netns', name, 'address', mac,
       'type', 'veth', 'peer', 'name', port, 'netns', ROUTER)
    sh('ip', '-n', ROUTER, 'link', 'set', port, 'up')
    sh('ip', '-n', name, 'link', 'set', 'eth0', 'up')
    sh('ip', '-n', name, 'addr', 'add', address, 'dev', 'eth0')
    sh('ip', '-n', name, 'route', 'add', 'default', 'via', gateway)
    # Or recordings would hold packets that no cable has carried.
    for netns, link in ((name, 'eth0'), (ROUTER, port)):
        inside(netns, 'ethtool', '-K', link, 'tx', 'off', 'tso', 'off',
               'gso', 'off', 'gro', 'off', check=False)


def router_up():
    add_namespace(ROUTER)
    sh('ip', '-n', ROUTER, 'link', 'add', 'br0', 'type', 'bridge')
    sh('ip', '-n', ROUTER, 'link', 'set', 'br0', 'up')
    sh('ip', '-n', ROUTER, 'addr', 'add', LAN + '1/24', 'dev', 'br0')
    inside(ROUTER, 'sysctl', '-qw', 'net.ipv4.ip_forward=1')


def provider_up():
    add_namespace(PROVIDER)
    first, *others = SERVERS.values()
    plug(PROVIDER, '00:00:5e:00:53:02', first.ip + '/24', WAN + '1', 'wan')
    sh('ip', '-n', ROUTER, 'addr', 'add', WAN + '1/24', 'dev', 'wan')
    for server in others:
        sh('ip', '-n', PROVIDER, 'addr', 'add', server.ip + '/24',
           'dev', 'eth0')


def device_up(device):
    names = device.hosts_name
    if names != device.host:
        names += ' ' + device.host
    elif '.' in names:
        names += ' ' + names.split('.', maxsplit=1)[0]
    add_namespace(device.netns, f'127.0.0.1 localhost\n127.0.1.1 {names}\n')
    plug(device.netns, device.mac, device.ip + '/24', LAN + '1',
         'v-' + device.name)
    sh('ip', '-n', ROUTER, 'link', 'set', 'v-' + device.name, 'master', 'br0')


def dns_up():
    """dnsmasq answers for the servers, the devices, and nothing else."""
    records = ['address=/#/', f'local=/{HOME_DOMAIN}/']
    for server in SERVERS.values():
        for label in ('mail', 'imap', 'pop', 'smtp'):
            records.append(
                f'host-record={label}.{server.domain},{server.ip}')
        records.append(f'mx-host={server.domain},mail.{server.domain},10')
        records.append(f'local=/{server.domain}/')
    for device in DEVICES:
        records.append(
            f'host-record={device.host.split(".")[0]}.{HOME_DOMAIN},'
            f'{device.host.split(".")[0]},{device.ip}')
    conf = write(LAB + '/run/dnsmasq.conf', '\n'.join(
        ['user=root', 'bind-interfaces', 'interface=br0', 'interface=wan',
         'no-resolv', 'no-hosts', 'no-negcache',
         f'pid-file={LAB}/run/dnsmasq.pid'] + records) + '\n')
    inside(ROUTER, 'dnsmasq', '-C', conf)


def up():
    router_up()
    provider_up()
    for device in DEVICES:
        device_up(device)
    dns_up()


def namespaces():
    return [line.split()[0] for line in sh('ip', 'netns', 'list').splitlines()
            if line.startswith(PREFIX)]


def kill_inside(netns, number):
    for pid in sh('ip', 'netns', 'pids', netns, check=False).split():
        try:
            os.kill(int(pid), number)
        except ProcessLookupError:
            pass


def down():
    """Ends what runs in the lab's namespaces and removes them."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for netns in namespaces():
            kill_inside(netns, number)
        time.sleep(1)
    for netns in namespaces():
        sh('ip', 'netns', 'del', netns)
        shutil.rmtree(f'/etc/netns/{netns}', ignore_errors=True)


if __name__ == '__main__':
    {'up': up, 'down': down}[sys.argv[1]]()
