#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""vlan.py add|strip FROM TO: hands frames from the interface FROM to TO, with a
VLAN tag added or without the one that they have."""
import socket
import sys

TAG = bytes.fromhex('81000007')


def open_on(interface):
    # ETH_P_ALL
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    opened.bind((interface, 0))
    return opened


def main(what, source, target):
    source, target = open_on(source), open_on(target)
    while True:
        frame, sender = source.recvfrom(65536)
        if sender[2] == socket.PACKET_OUTGOING:
            continue
        # On its way to us the kernel takes a tag out.
        if what == 'add':
            frame = frame[:12] + TAG + frame[12:]
        try:
            target.send(frame)
        except OSError:
            pass    # too long, or nobody there: it is lost, as on a cable


main(*sys.argv[1:])
