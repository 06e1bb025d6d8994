/* SPDX-License-Identifier: ISC */
/*
 * What TCP comes wrapped in: link types (https://www.tcpdump.org/linktypes),
 * tags, tunnels, fragments.
 */
#include "tests/mkpcaps.h"

#include <string.h>

enum {
	PROTO_HOPOPTS = 0,
	PROTO_TCP = 6,
	PROTO_IPV6 = 41,
	PROTO_FRAGMENT = 44,
	PROTO_GRE = 47,
	PROTO_DSTOPTS = 60,
	MORE_FRAGMENTS = 0x2000,
};

static void
session_over(struct mkframes *to, uint16_t client_port, bool ipv6, mkwrap *wrap,
    mkemit *emit)
{
	struct mktalk t = mktalk_of(to, ipv6, client_port, 993);
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);

	t.wrap = wrap;
	t.emit = emit;
	mktalk_open(&t);
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
}

/* A tag of IEEE 802.1Q. */
static void
wrap_vlan(const struct mktalk *t, enum side from, const struct mkbytes *ip,
    struct mkbytes *frame)
{
	mkwrap_macs(t, from, frame);
	mkbytes_u32(frame, 0x81000007);
	mkbytes_u16(frame, mktalk_ethertype(t));
	mkbytes_put(frame, ip->data, ip->len);
}

/* One inside the service tag of IEEE 802.1ad. */
static void
wrap_stacked(const struct mktalk *t, enum side from, const struct mkbytes *ip,
    struct mkbytes *frame)
{
	mkwrap_macs(t, from, frame);
	mkbytes_u32(frame, 0x88a80064);
	mkbytes_u32(frame, 0x81000007);
	mkbytes_u16(frame, mktalk_ethertype(t));
	mkbytes_put(frame, ip->data, ip->len);
}

static void
vlan(struct mkframes *to)
{
	session_over(to, 50401, false, wrap_vlan, mkemit_plain);
	session_over(to, 50402, false, wrap_stacked, mkemit_plain);
}

/* RFC 2516 */
static void
wrap_pppoe(const struct mktalk *t, enum side from, const struct mkbytes *ip,
    struct mkbytes *frame)
{
	mkwrap_macs(t, from, frame);
	mkbytes_u16(frame, 0x8864);
	mkbytes_u16(frame, 0x1100);
	mkbytes_u16(frame, 0x0042); /* session */
	mkbytes_u16(frame, (unsigned)ip->len + 2);
	mkbytes_u16(frame, t->ipv6 ? 0x0057 : 0x0021);
	mkbytes_put(frame, ip->data, ip->len);
}

static void
pppoe(struct mkframes *to)
{
	session_over(to, 50403, false, wrap_pppoe, mkemit_plain);
	session_over(to, 50404, true, wrap_pppoe, mkemit_plain);
}

/* RFC 3032, two labels */
static void
wrap_mpls(const struct mktalk *t, enum side from, const struct mkbytes *ip,
    struct mkbytes *frame)
{
	mkwrap_macs(t, from, frame);
	mkbytes_u16(frame, 0x8847);
	mkbytes_u32(frame, 0x00010040);
	mkbytes_u32(frame, 0x00011140); /* bottom of stack */
	mkbytes_put(frame, ip->data, ip->len);
}

static void
mpls(struct mkframes *to)
{
	session_over(to, 50405, false, wrap_mpls, mkemit_plain);
}

/* An IPv4 header between two routers around `inner`, then Ethernet. */
static void
wrap_outer(const struct mktalk *t, enum side from, unsigned protocol,
    const struct mkbytes *inner, struct mkbytes *frame)
{
	static struct mkbytes ip;
	struct mktalk outer = *t;

	outer.ipv6 = false;
	memcpy(outer.host[CLIENT].ip, "\313\0\161\1", 4); /* 203.0.113.1 */
	memcpy(outer.host[SERVER].ip, "\313\0\161\2", 4);
	mktalk_ip(&outer, from, protocol, inner, 0, &ip);
	mkwrap_ethernet(&outer, from, &ip, frame);
}

/* RFC 4213 */
static void
wrap_6in4(const struct mktalk *t, enum side from, const struct mkbytes *ip,
    struct mkbytes *frame)
{
	wrap_outer(t, from, PROTO_IPV6, ip, frame);
}

static void
six_in_four(struct mkframes *to)
{
	session_over(to, 50406, true, wrap_6in4, mkemit_plain);
}

/* RFC 2784, and RFC 2890 with key and sequence number */
static void
wrap_gre(const struct mktalk *t, enum side from, const struct mkbytes *ip,
    struct mkbytes *frame)
{
	static struct mkbytes gre;

	gre.len = 0;
	mkbytes_u16(&gre, t->ipv6 ? 0x3000 : 0);
	mkbytes_u16(&gre, mktalk_ethertype(t));
	if (t->ipv6) {
		mkbytes_u32(&gre, 42);
		mkbytes_u32(&gre, t->ip_id);
	}
	mkbytes_put(&gre, ip->data, ip->len);
	wrap_outer(t, from, PROTO_GRE, &gre, frame);
}

static void
gre(struct mkframes *to)
{
	session_over(to, 50407, false, wrap_gre, mkemit_plain);
	session_over(to, 50408, true, wrap_gre, mkemit_plain);
}

static void
wrap_sll(const struct mktalk *t, enum side from, const struct mkbytes *ip,
    struct mkbytes *frame)
{
	mkbytes_u16(frame, from == CLIENT ? 4 : 0); /* sent by us, to us */
	mkbytes_u16(frame, 1);                      /* ARPHRD_ETHER */
	mkbytes_u16(frame, 6);
	mkbytes_put(frame, t->host[from].mac, 6);
	mkbytes_u16(frame, 0);
	mkbytes_u16(frame, mktalk_ethertype(t));
	mkbytes_put(frame, ip->data, ip->len);
}

static void
linux_cooked(struct mkframes *to)
{
	session_over(to, 50409, false, wrap_sll, mkemit_plain);
}

static void
wrap_sll2(const struct mktalk *t, enum side from, const struct mkbytes *ip,
    struct mkbytes *frame)
{
	mkbytes_u16(frame, mktalk_ethertype(t));
	mkbytes_u16(frame, 0);
	mkbytes_u32(frame, 3); /* interface */
	mkbytes_u16(frame, 1); /* ARPHRD_ETHER */
	mkbytes_u8(frame, from == CLIENT ? 4 : 0);
	mkbytes_u8(frame, 6);
	mkbytes_put(frame, t->host[from].mac, 6);
	mkbytes_u16(frame, 0);
	mkbytes_put(frame, ip->data, ip->len);
}

static void
linux_cooked2(struct mkframes *to)
{
	session_over(to, 50410, false, wrap_sll2, mkemit_plain);
}

static void
wrap_nothing(const struct mktalk *t, enum side from, const struct mkbytes *ip,
    struct mkbytes *frame)
{
	(void)t;
	(void)from;
	mkbytes_put(frame, ip->data, ip->len);
}

static void
raw_ip(struct mkframes *to)
{
	session_over(to, 50411, false, wrap_nothing, mkemit_plain);
	session_over(to, 50412, true, wrap_nothing, mkemit_plain);
}

/* The family is in the byte order of the machine: here, little-endian; AF_INET6
 * has another number on each BSD. */
static void
wrap_null(const struct mktalk *t, enum side from, const struct mkbytes *ip,
    struct mkbytes *frame)
{
	(void)from;
	mkbytes_u32(frame, t->ipv6 ? 0x1e000000 : 0x02000000);
	mkbytes_put(frame, ip->data, ip->len);
}

static void
null_loopback(struct mkframes *to)
{
	session_over(to, 50413, false, wrap_null, mkemit_plain);
	session_over(to, 50414, true, wrap_null, mkemit_plain);
}

/* An open network: IEEE 802.11 data frames to and from the access point, with
 * LLC and SNAP (RFC 1042). */
static void
wrap_radiotap(const struct mktalk *t, enum side from, const struct mkbytes *ip,
    struct mkbytes *frame)
{
	static const uint8_t bssid[] = { 0, 0, 0x5e, 0, 0x53, 0xff };

	mkbytes_u32(frame, 0x00000800); /* 8 bytes, little-endian */
	mkbytes_u32(frame, 0);
	mkbytes_u16(frame, from == CLIENT ? 0x0801 : 0x0802); /* to, from DS */
	mkbytes_u16(frame, 0);
	mkbytes_put(frame, from == CLIENT ? bssid : t->host[CLIENT].mac, 6);
	mkbytes_put(frame, from == CLIENT ? t->host[CLIENT].mac : bssid, 6);
	mkbytes_put(frame, t->host[SERVER].mac, 6);
	mkbytes_u16(frame, 0);
	mkbytes_u32(frame, 0xaaaa0300);
	mkbytes_u16(frame, 0);
	mkbytes_u16(frame, mktalk_ethertype(t));
	mkbytes_put(frame, ip->data, ip->len);
}

static void
radiotap(struct mkframes *to)
{
	session_over(to, 50415, false, wrap_radiotap, mkemit_plain);
}

/* Last first; the first one says 16 bytes of the second again. */
static void
emit_fragments(struct mktalk *t, enum side from, struct mkbytes *tcp)
{
	enum {
		PIECE = 64,
		OVERLAP = 16
	};
	static struct mkbytes piece, ip;
	size_t count = (tcp->len + PIECE - 1) / PIECE;

	for (size_t i = count; i-- > 0;) {
		size_t at = i * PIECE, len = tcp->len - at;
		bool more = i + 1 < count;

		if (more)
			len = i == 0 && count > 2 ? PIECE + OVERLAP : PIECE;
		piece.len = 0;
		if (t->ipv6) {
			mkbytes_u16(&piece, PROTO_TCP << 8);
			mkbytes_u16(&piece, (unsigned)at | more);
			mkbytes_u32(&piece, t->ip_id);
		}
		mkbytes_put(&piece, tcp->data + at, len);
		mktalk_ip(t, from, t->ipv6 ? PROTO_FRAGMENT : PROTO_TCP, &piece,
		    (unsigned)(at / 8) | (more ? MORE_FRAGMENTS : 0), &ip);
		mktalk_frame(t, from, &ip);
		t->now_us += 10;
	}
	t->ip_id++;
}

static void
ipv4_fragments(struct mkframes *to)
{
	session_over(to, 50416, false, mkwrap_ethernet, emit_fragments);
}

static void
ipv6_fragments(struct mkframes *to)
{
	session_over(to, 50417, true, mkwrap_ethernet, emit_fragments);
}

/* RFC 8200 4: hop-by-hop and destination options, all of them padding. */
static void
emit_extension_headers(struct mktalk *t, enum side from, struct mkbytes *tcp)
{
	static struct mkbytes payload, ip;

	payload.len = 0;
	mkbytes_u32(&payload, PROTO_DSTOPTS << 24 | 0x0104);
	mkbytes_u32(&payload, 0);
	mkbytes_u32(&payload, PROTO_TCP << 24 | 0x0104);
	mkbytes_u32(&payload, 0);
	mkbytes_put(&payload, tcp->data, tcp->len);
	mktalk_ip(t, from, PROTO_HOPOPTS, &payload, 0, &ip);
	mktalk_frame(t, from, &ip);
}

static void
ipv6_extension_headers(struct mkframes *to)
{
	session_over(to, 50418, true, mkwrap_ethernet, emit_extension_headers);
}

/* Segmentation offload: the length is for the hardware to fill in. */
static void
emit_no_length(struct mktalk *t, enum side from, struct mkbytes *tcp)
{
	static struct mkbytes ip;

	mktalk_ip(t, from, PROTO_TCP, tcp, 0x4000, &ip);
	if (tcp->len > 200)
		memset(ip.data + 2, 0, 2);
	t->ip_id++;
	mktalk_frame(t, from, &ip);
}

static void
tso_zero_length(struct mkframes *to)
{
	session_over(to, 50419, false, mkwrap_ethernet, emit_no_length);
}

const struct mkpcap mkpcaps_link[] = {
	{ "vlan", LINK_ETHERNET, vlan, 0 },
	{ "pppoe", LINK_ETHERNET, pppoe, 0 },
	{ "mpls", LINK_ETHERNET, mpls, 0 },
	{ "six-in-four", LINK_ETHERNET, six_in_four, 0 },
	{ "gre", LINK_ETHERNET, gre, 0 },
	{ "linux-cooked", LINK_LINUX_SLL, linux_cooked, 0 },
	{ "linux-cooked2", LINK_LINUX_SLL2, linux_cooked2, 0 },
	{ "raw-ip", LINK_RAW, raw_ip, 0 },
	{ "null-loopback", LINK_NULL, null_loopback, 0 },
	{ "radiotap", LINK_RADIOTAP, radiotap, 0 },
	{ "ipv4-fragments", LINK_ETHERNET, ipv4_fragments, 0 },
	{ "ipv6-fragments", LINK_ETHERNET, ipv6_fragments, 0 },
	{ "ipv6-extension-headers", LINK_ETHERNET, ipv6_extension_headers, 0 },
	{ "tso-zero-length", LINK_ETHERNET, tso_zero_length, 0 },
	{ NULL, 0, NULL, 0 },
};
