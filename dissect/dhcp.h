/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_DHCP_H
#define MAILTLS_DISSECT_DHCP_H

#include "dissect/bytes.h"
#include "dissect/sighting.h"

/*
 * Who has which address and name, from what devices say when they join a
 * network.  All report to `hook` a copy of `*heard` with what they read.
 */

/*
 * dhcp_read reads a DHCP message (RFC 2131, 2132): hardware address, offered,
 * acknowledged or requested address, options 12 (host name), 81 (FQDN, RFC
 * 4702), 60 and 55 of the client's own messages.
 */
void dhcp_read(struct bytes message, const struct sighting *heard,
    sighting_hook *hook, void *arg);

/*
 * dhcpv6_read reads a DHCPv6 message of a client (RFC 8415): the hardware
 * address in its DUID, option 39 (FQDN, RFC 4704) and the address it asks for.
 */
void dhcpv6_read(struct bytes message, const struct sighting *heard,
    sighting_hook *hook, void *arg);

/* arp_read reads an ARP packet (RFC 826; RFC 5227 for probes, which say
 * nothing yet). */
void arp_read(struct bytes packet, const struct sighting *heard,
    sighting_hook *hook, void *arg);

/*
 * nd_read reads an ICMPv6 packet (RFC 4861): the link-layer address options of
 * neighbour solicitations and advertisements.  `heard->ip` is the sender.
 */
void nd_read(struct bytes packet, const struct sighting *heard,
    sighting_hook *hook, void *arg);

#endif
