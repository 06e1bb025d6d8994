/* SPDX-License-Identifier: ISC */
/*
 * From the network layer on; link.c does what is in front of it.  Headers are
 * walked one by one, not by recursion: each reader takes its header from the
 * front of what is left and names the next reader by the tables of protocols.
 *
 * Followed are RFC 791, 8200, 4302 (AH), 2003 and 4213 (IP in IP), 2784 and
 * 2890 (GRE), and 2637 (PPTP).
 */
#include "dissect/frame.h"

#include "dissect/link.h"

enum {
	HEADERS_MAX = 16, /* in a row, extension headers and tunnels together */
	IPV4_HEADER_LEN = 20,
	PORTS_LEN = 4, /* of the two ports that TCP and UDP start with */
};

struct walk;
typedef void reader(struct walk *w);

struct walk {
	struct bytes rest; /* behind the headers that were read */
	reader *next;      /* NULL: that was the last, and all is `kind` */
	enum frame_kind kind;
	struct packet *out;
};

static void by_protocol(struct walk *w, uint8_t protocol);
static void by_payload(struct walk *w, enum link_payload payload);

static void
note_addresses(struct walk *w, bool ipv6)
{
	struct packet *out = w->out;

	out->ipv6 = ipv6;
	memset(out->ip, 0, sizeof(out->ip));
	for (size_t i = 0; i < 2; i++)
		bytes_copy(bytes_take(&w->rest, ipv6 ? 16 : 4), out->ip[i],
		    sizeof(out->ip[i]));
}

/* limit ends the packet `len` bytes from here, or notes how many are missing.
 * With 0, segmentation offload, all that is there is the packet. */
static void
limit(struct walk *w, size_t len)
{
	struct bytes all = w->rest;

	w->out->missing = len > all.len ? len - all.len : 0;
	if (len < all.len)
		w->rest = bytes_take(&all, len);
}

static void
note_fragment(
    struct walk *w, uint8_t protocol, uint32_t id, uint32_t at, bool more)
{
	w->out->protocol = protocol;
	w->out->fragment = true;
	w->out->more_fragments = more;
	w->out->fragment_id = id;
	w->out->fragment_at = at;
	w->kind = FRAME_IP;
}

static void
read_ipv4(struct walk *w)
{
	uint8_t version_ihl = bytes_u8(&w->rest);
	size_t header_len = 4u * (version_ihl & 0x0f);
	uint16_t total, id, fragment;
	uint8_t protocol;

	bytes_u8(&w->rest); /* type of service */
	total = bytes_u16(&w->rest);
	id = bytes_u16(&w->rest);
	fragment = bytes_u16(&w->rest);
	bytes_u8(&w->rest); /* time to live */
	protocol = bytes_u8(&w->rest);
	bytes_u16(&w->rest); /* checksum */
	note_addresses(w, false);
	if (version_ihl >> 4 != 4 || header_len < IPV4_HEADER_LEN ||
	    (total != 0 && total < header_len)) {
		w->kind = FRAME_BROKEN;
		return;
	}
	bytes_take(&w->rest, header_len - IPV4_HEADER_LEN);
	if (total != 0)
		limit(w, total - header_len);
	if ((fragment & 0x3fff) != 0)
		note_fragment(w, protocol, id, (fragment & 0x1fffu) * 8,
		    fragment & 0x2000);
	else
		by_protocol(w, protocol);
}

static void
read_ipv6(struct walk *w)
{
	uint8_t version = bytes_u8(&w->rest) >> 4;
	uint16_t len;
	uint8_t protocol;

	bytes_u24(&w->rest); /* traffic class, flow label */
	len = bytes_u16(&w->rest);
	protocol = bytes_u8(&w->rest);
	bytes_u8(&w->rest); /* hop limit */
	note_addresses(w, true);
	if (version != 6) {
		w->kind = FRAME_BROKEN;
		return;
	}
	if (len != 0)
		limit(w, len);
	by_protocol(w, protocol);
}

/* read_extension skips an extension header as RFC 6564 4 has them. */
static void
read_extension(struct walk *w)
{
	uint8_t protocol = bytes_u8(&w->rest);

	bytes_take(&w->rest, 8u * bytes_u8(&w->rest) + 6);
	by_protocol(w, protocol);
}

static void
read_ah(struct walk *w)
{
	uint8_t protocol = bytes_u8(&w->rest);

	bytes_take(&w->rest, 4u * bytes_u8(&w->rest) + 6);
	by_protocol(w, protocol);
}

/* read_fragment goes through an atomic fragment (RFC 6946). */
static void
read_fragment(struct walk *w)
{
	uint8_t protocol = bytes_u8(&w->rest);
	uint16_t at;
	uint32_t id;

	bytes_u8(&w->rest); /* reserved */
	at = bytes_u16(&w->rest);
	id = bytes_u32(&w->rest);
	if ((at & 0xfff9) == 0)
		by_protocol(w, protocol);
	else
		note_fragment(w, protocol, id, at & 0xfff8, at & 1);
}

/* read_gre reads version 0 (RFC 2784, 2890) and PPTP's 1 (RFC 2637). */
static void
read_gre(struct walk *w)
{
	enum {
		CHECKSUM = 0x8000,
		ROUTING = 0x4000,
		KEY = 0x2000,
		SEQUENCE = 0x1000,
		ACKNOWLEDGMENT = 0x0080,
	};
	uint16_t flags = bytes_u16(&w->rest);
	uint16_t type = bytes_u16(&w->rest);
	unsigned version = flags & 7;

	if (version > 1 || flags & ROUTING)
		return;
	if (flags & CHECKSUM)
		bytes_u32(&w->rest);
	if (flags & KEY)
		bytes_u32(&w->rest);
	if (flags & SEQUENCE)
		bytes_u32(&w->rest);
	if (version == 1 && flags & ACKNOWLEDGMENT)
		bytes_u32(&w->rest);
	if (w->rest.len > 0) /* else PPTP acknowledges, and says nothing */
		by_payload(w, link_read_ethertype(type, &w->rest));
}

/* --- tables ---------------------------------------------------------------- */

/* https://www.iana.org/assignments/protocol-numbers */
struct row {
	uint8_t protocol;
	reader *read; /* NULL ends a table */
};

static const struct row ipv4_protocols[] = {
	{ 4, read_ipv4 },
	{ 41, read_ipv6 },
	{ 47, read_gre },
	{ 51, read_ah },
	{ 0, NULL },
};

static const struct row ipv6_protocols[] = {
	{ 0, read_extension }, /* hop-by-hop options */
	{ 4, read_ipv4 },
	{ 41, read_ipv6 },
	{ 43, read_extension }, /* routing */
	{ 44, read_fragment },
	{ 47, read_gre },
	{ 51, read_ah },
	{ 60, read_extension },  /* destination options */
	{ 135, read_extension }, /* mobility */
	{ 139, read_extension }, /* host identity */
	{ 140, read_extension }, /* shim6 */
	{ 0, NULL },
};

/* by_protocol: a protocol without a row is what the packet carries. */
static void
by_protocol(struct walk *w, uint8_t protocol)
{
	const struct row *row = w->out->ipv6 ? ipv6_protocols : ipv4_protocols;

	while (row->read != NULL && row->protocol != protocol)
		row++;
	w->out->protocol = protocol;
	w->next = row->read;
	w->kind = FRAME_IP;
}

static void
by_payload(struct walk *w, enum link_payload payload)
{
	static const struct {
		reader *next;
		enum frame_kind kind;
	} of[] = {
		[LINK_OTHER] = { NULL, FRAME_OTHER },
		[LINK_IPV4] = { read_ipv4, FRAME_IP },
		[LINK_IPV6] = { read_ipv6, FRAME_IP },
		[LINK_ARP] = { NULL, FRAME_ARP },
		[LINK_BROKEN] = { NULL, FRAME_BROKEN },
		[LINK_UNKNOWN] = { NULL, FRAME_LINK_UNKNOWN },
	};

	w->next = of[payload].next;
	w->kind = of[payload].kind;
}

/* walk takes every reader for the last, and of no use, until it says more. */
static enum frame_kind
walk(struct walk *w)
{
	for (unsigned i = 0; i < HEADERS_MAX && w->next != NULL; i++) {
		reader *read = w->next;

		w->next = NULL;
		w->kind = FRAME_OTHER;
		read(w);
	}
	if (w->next != NULL || !bytes_ok(w->rest))
		return FRAME_BROKEN;
	w->out->payload = w->rest;
	return w->kind;
}

bool
frame_link_known(int link)
{
	return link_known(link);
}

/*
 * read_usual reads what most packets are at one go: TCP or UDP in IPv4 without
 * options, not a fragment, in Ethernet.  It returns false, and `*out` as it
 * was, when a packet is of any other kind, or broken.
 */
static bool
read_usual(struct bytes frame, struct packet *out)
{
	struct bytes head = bytes_take(&frame, 14 + IPV4_HEADER_LEN), from, to;
	uint16_t type, start, total;
	uint32_t fragment;
	uint8_t protocol;

	if (!bytes_ok(head))
		return false;
	to = bytes_take(&head, LINK_MAC_LEN);
	from = bytes_take(&head, LINK_MAC_LEN);
	type = bytes_u16(&head);
	start = bytes_u16(&head);
	total = bytes_u16(&head);
	fragment = bytes_u32(&head) & 0x3fff;
	protocol = (uint8_t)bytes_u16(&head);
	bytes_u16(&head); /* checksum */
	if (type != ETHERTYPE_IPV4 || start >> 8 != 0x45 || fragment != 0 ||
	    (protocol != IP_PROTO_TCP && protocol != IP_PROTO_UDP) ||
	    (total != 0 && total < IPV4_HEADER_LEN))
		return false;
	link_note_mac(out, 0, from);
	link_note_mac(out, 1, to);
	bytes_copy(bytes_take(&head, 4), out->ip[0], 4);
	bytes_copy(bytes_take(&head, 4), out->ip[1], 4);
	out->protocol = protocol;
	if (total > IPV4_HEADER_LEN + frame.len)
		out->missing = total - (IPV4_HEADER_LEN + frame.len);
	else if (total != 0)
		frame = bytes_take(&frame, total - (size_t)IPV4_HEADER_LEN);
	out->payload = frame;
	return true;
}

enum frame_kind
frame_read(int link, struct bytes frame, struct packet *out)
{
	struct walk w = { .rest = frame, .out = out };

	*out = (struct packet){ 0 };
	if (link == LINK_ETHERNET && read_usual(frame, out))
		return FRAME_IP;
	by_payload(&w, link_read(link, &w.rest, out));
	return walk(&w);
}

enum frame_kind
frame_resume(struct packet *p)
{
	struct walk w = { .rest = p->payload, .out = p };

	p->fragment = false;
	by_protocol(&w, p->protocol);
	return walk(&w);
}

/* --- the quick look -------------------------------------------------------- */

/* skip_ipv4 and skip_ipv6 go to what the IP header carries and return its
 * protocol, or 0 when that takes a closer look. */
static uint8_t
skip_ipv4(struct bytes *b)
{
	uint16_t start = bytes_u16(b);
	uint16_t total = bytes_u16(b);
	uint32_t fragment = bytes_u32(b) & 0x3fff;
	uint16_t ttl_protocol = bytes_u16(b);

	bytes_take(b, 10);
	if (start >> 8 != 0x45 || fragment != 0 ||
	    (total != 0 && total < IPV4_HEADER_LEN + PORTS_LEN))
		return 0;
	return (uint8_t)ttl_protocol;
}

static uint8_t
skip_ipv6(struct bytes *b)
{
	uint32_t start = bytes_u32(b);
	uint16_t len = bytes_u16(b);
	uint8_t protocol = bytes_u8(b);

	bytes_take(b, 1 + 2 * 16);
	if (start >> 28 != 6 || (len != 0 && len < PORTS_LEN))
		return 0;
	return protocol;
}

static bool
is_set(const uint8_t *ports, uint16_t port)
{
	return ports[port / 8] >> port % 8 & 1;
}

bool
frame_skip(struct bytes frame, const uint8_t *ports, struct frame_glance *seen)
{
	uint8_t protocol = 0;
	uint16_t type;

	bytes_take(&frame, 2 * 6); /* addresses */
	type = bytes_u16(&frame);
	if (type == ETHERTYPE_TAG) {
		bytes_u16(&frame);
		type = bytes_u16(&frame);
	}
	if (type == ETHERTYPE_IPV4)
		protocol = skip_ipv4(&frame);
	else if (type == ETHERTYPE_IPV6)
		protocol = skip_ipv6(&frame);
	if (protocol != IP_PROTO_TCP && protocol != IP_PROTO_UDP)
		return false;
	seen->protocol = protocol;
	seen->port[0] = bytes_u16(&frame);
	seen->port[1] = bytes_u16(&frame);
	seen->rest = frame;
	return bytes_ok(frame) && !is_set(ports, seen->port[0]) &&
	       !is_set(ports, seen->port[1]);
}
