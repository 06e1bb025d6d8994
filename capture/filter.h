/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_FILTER_H
#define MAILTLS_CAPTURE_FILTER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The filter that the kernel runs on every frame of an interface, so that only
 * those that matter are handed over: TCP from and to some ports, or all but
 * some, what gives devices and servers names, and fragments, which have no
 * ports.  All of that also behind up to three VLAN tags and in PPPoE.
 *
 * It is written here and not in the language of pcap-filter(7), where `vlan`
 * and `pppoes` change the meaning of all that follows them, ports can not be
 * found behind IPv6 extension headers, and each case would be another copy of
 * the whole.
 */

enum {
	FILTER_STEPS_MAX = 2048,
	FILTER_RANGES_MAX = 128, /* of ports; with more, TCP is let through */
	FILTER_OTHERS_MAX = 32,  /* ranges of ports that are kept out */
	FILTER_SNAPLEN = 256 << 10, /* bytes: no frame is longer, GRO or not */
};

struct filter {
	struct sock_filter steps[FILTER_STEPS_MAX];
	size_t count;
};

/*
 * struct filter_ports are maps of ports as in dissect/maildissect.h.  Without
 * `others`, TCP is let through on the ports of `tcp`; with it, on all ports but
 * those of `others` that are not among `tcp`.  NULL in the place of `tcp` or
 * `udp` is all ports.
 */
struct filter_ports {
	const uint8_t *tcp, *others, *udp;
};

/*
 * filter_make makes the filter for link type `link`: Ethernet, Linux cooked v1
 * or raw IP.  It returns false, and an empty filter, for others.
 */
bool filter_make(
    int link, const struct filter_ports *ports, struct filter *out);

/* filter_make_syn makes one that lets through nothing but the SYN that opens a
 * TCP connection to one of the ports that filter_make would let through. */
bool filter_make_syn(
    int link, const struct filter_ports *ports, struct filter *out);

#endif
