/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_HEAR_H
#define MAILTLS_DISSECT_HEAR_H

#include "dissect/frame.h"
#include "dissect/sighting.h"

/*
 * hear_packet looks for names and addresses in `packet`, an IP packet seen at
 * `time_us`: DNS, mDNS, LLMNR, NetBIOS, DHCP and DHCPv6 by their UDP ports,
 * and neighbour discovery.  What it finds goes to `hook`.
 */
void hear_packet(const struct packet *packet, int64_t time_us,
    sighting_hook *hook, void *arg);

/* hear_arp does so for `packet`, whose payload is one of ARP. */
void hear_arp(const struct packet *packet, int64_t time_us, sighting_hook *hook,
    void *arg);

/* hear_ports sets the bits of all those UDP ports in `ports`, a map of 65,536
 * bits, bit `port % 8` of byte `port / 8`. */
void hear_ports(uint8_t *ports);

#endif
