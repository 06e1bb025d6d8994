/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_LINK_H
#define MAILTLS_DISSECT_LINK_H

#include "dissect/bytes.h"
#include "dissect/frame.h"

/*
 * The link layer's part of frame.c: everything in front of an IP header, at
 * the start of a frame or inside a tunnel.
 */

enum link_payload {
	LINK_OTHER, /* nothing that carries IP, or encrypted */
	LINK_IPV4,
	LINK_IPV6,
	LINK_ARP,
	LINK_BROKEN, /* cut short, or nested too deep */
	LINK_UNKNOWN,
};

enum {
	LINK_ETHERNET = 1, /* LINKTYPE_ETHERNET */
	LINK_MAC_LEN = 6,
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_TAG = 0x8100, /* 802.1Q */
	ETHERTYPE_IPV6 = 0x86dd,
};

/* link_note_mac keeps the address `which` of `out`, unless it is cut short or
 * all zeros: a loopback's. */
static inline void
link_note_mac(struct packet *out, size_t which, struct bytes address)
{
	struct bytes ahead = address;

	if (address.len != LINK_MAC_LEN ||
	    (bytes_u32(&ahead) == 0 && bytes_u16(&ahead) == 0))
		return;
	bytes_copy(address, out->mac[which], LINK_MAC_LEN);
	out->has_mac[which] = true;
}

/* link_known is frame_link_known. */
bool link_known(int link);

/*
 * link_read takes all link headers from the front of `frame`, which is of link
 * type `link`, notes the outermost addresses in `out` and returns what `frame`
 * starts with now.
 */
enum link_payload link_read(int link, struct bytes *frame, struct packet *out);

/* link_read_ethertype does so for the contents of a tunnel, which are those
 * that `type` announces; it notes no addresses. */
enum link_payload link_read_ethertype(uint16_t type, struct bytes *contents);

#endif
