/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_FRAME_H
#define MAILTLS_DISSECT_FRAME_H

#include "dissect/bytes.h"

/*
 * Link and network layer: from the bytes that a capture holds for one frame
 * to the payload of the innermost IP packet.  Checksums are not looked at:
 * with offload the captured ones are often wrong.
 */

enum {
	IP_PROTO_TCP = 6,
	IP_PROTO_UDP = 17,
	IP_PROTO_ICMPV6 = 58,
};

/* struct packet borrows the frame it was read from. */
struct packet {
	bool has_mac[2];   /* source, destination; all zeros is none */
	uint8_t mac[2][6]; /* of the outermost link header */
	bool ipv6;         /* of the innermost IP header, as all below */
	uint8_t ip[2][16]; /* network order; IPv4: first four, the rest 0 */
	uint8_t protocol;  /* of `payload`: IP_PROTO_TCP, ... */
	struct bytes payload;
	size_t missing; /* bytes of the payload, by the length in the IP
	                       header, that the frame does not hold */
	bool fragment;  /* payload is a part of a datagram: */
	bool more_fragments;
	uint32_t fragment_id;
	uint32_t fragment_at; /* offset of `payload` in the datagram */
};

enum frame_kind {
	FRAME_IP,     /* `*out` is filled in */
	FRAME_ARP,    /* `out->payload` is the ARP packet */
	FRAME_OTHER,  /* well formed, and nothing that carries IP */
	FRAME_BROKEN, /* cut short, contradicting itself, nested too deep */
	FRAME_LINK_UNKNOWN,
};

/*
 * frame_link_known tells whether frame_read can read link type `link`, a
 * LINKTYPE_ or DLT_ number (https://www.tcpdump.org/linktypes.html): NULL and
 * LOOP, Ethernet, PPP, PPP over Ethernet, raw IP in all its numbers, Linux
 * cooked v1 and v2, 802.11 with and without radiotap.
 */
bool frame_link_known(int link);

/*
 * frame_read reads one `frame` of link type `link`.  It goes through 802.1Q
 * and 802.1ad tags, PPPoE, MPLS, IPv4 options and IPv6 extension headers, and
 * into IPv4 and IPv6 in either, and GRE (RFC 2784, 2890, PPTP's of 2637); it
 * stops at the first fragment.  A length of 0 in the IP header (segmentation
 * offload) means all that is there.  802.11 frames that are encrypted, or a
 * part or an aggregate of others, are FRAME_OTHER.  Unless the result is
 * FRAME_IP or FRAME_ARP, `*out` holds what was read before it was clear.
 */
enum frame_kind frame_read(int link, struct bytes frame, struct packet *out);

/*
 * frame_resume goes on in `p` after its payload was put together from
 * fragments: the datagram may hold extension headers or a tunnel, and that
 * a fragment again.
 */
enum frame_kind frame_resume(struct packet *p);

/* struct frame_glance is what a quick look at a frame showed. */
struct frame_glance {
	uint8_t protocol;  /* IP_PROTO_TCP, IP_PROTO_UDP */
	uint16_t port[2];  /* source, destination */
	struct bytes rest; /* of the segment or datagram, behind the ports */
};

/*
 * frame_skip looks at an Ethernet `frame` just enough to say "certainly of no
 * interest": an unfragmented TCP or UDP packet, perhaps behind one VLAN tag,
 * whose ports are both clear in `ports`, a map of 65,536 bits, `port / 8` being
 * the byte.  Most of a capture ends here.  If it says so, `*seen` is what it
 * has seen.
 */
bool frame_skip(
    struct bytes frame, const uint8_t *ports, struct frame_glance *seen);

#endif
