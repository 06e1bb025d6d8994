/* SPDX-License-Identifier: ISC */
/*
 * A frame is walked header by header, not by recursion: each reader takes its
 * header from the front of what is left and names the next reader, by one of
 * the tables at the end of this file.  To read one more link type or
 * ethertype, write its reader and add a row.
 *
 * Followed are IEEE 802.3, 802.1Q and 802.11, RFC 1042 (SNAP), 1661 and 1662
 * (PPP), 2516 (PPPoE), 3032 (MPLS), 4385 (pseudowires), and
 * https://www.radiotap.org.  The lengths in 802.3 and PPPoE headers, and the
 * frame check sequence that 802.11 may have at its end, are left alone: the
 * length in the IP header says it all, and cuts off whatever follows.
 */
#include "dissect/link.h"

enum {
	HEADERS_MAX = 16,       /* in a row; a provider's have half as many */
	ETHERTYPE_MIN = 0x0600, /* below is a length: IEEE 802.3 3.2.6 */
	SLL_LLC = 4,            /* a "protocol" of Linux cooked capture */
};

enum {
	SOURCE,
	DESTINATION,
};

struct walk;
typedef void reader(struct walk *w);

struct walk {
	struct bytes rest; /* behind the headers that were read */
	reader *next;      /* NULL: that was the last, and `rest` is `found` */
	enum link_payload found;
	bool padded;        /* radiotap: payload starts at a multiple of 4 */
	struct packet *out; /* NULL in a tunnel: no ethertype notes addresses */
};

/* struct row: what `number` announces.  A row of zeros ends a table. */
struct row {
	unsigned number;
	reader *read;
	enum link_payload found;
};

static void by_ethertype(struct walk *w, unsigned type);
static void by_ppp_protocol(struct walk *w, unsigned protocol);
static void by_family(struct walk *w, unsigned family);

static void
go(struct walk *w, const struct row *row, unsigned number)
{
	while ((row->read != NULL || row->found != LINK_OTHER) &&
	       row->number != number)
		row++;
	w->next = row->read;
	w->found = row->found;
}

/* --- Ethernet and its like ------------------------------------------------- */

/* read_llc knows SNAP alone, with the OUIs of RFC 1042 and IEEE 802.1H. */
static void
read_llc(struct walk *w)
{
	uint32_t oui;

	if (bytes_u24(&w->rest) != 0xaaaa03)
		return;
	oui = bytes_u24(&w->rest);
	if (oui == 0x000000 || oui == 0x0000f8)
		by_ethertype(w, bytes_u16(&w->rest));
}

static void
read_length_or_type(struct walk *w)
{
	uint16_t type = bytes_u16(&w->rest);

	if (type < ETHERTYPE_MIN)
		w->next = read_llc;
	else
		by_ethertype(w, type);
}

static void
read_ethernet(struct walk *w)
{
	link_note_mac(w->out, DESTINATION, bytes_take(&w->rest, LINK_MAC_LEN));
	link_note_mac(w->out, SOURCE, bytes_take(&w->rest, LINK_MAC_LEN));
	read_length_or_type(w);
}

/* read_bridged reads Ethernet that is not the outermost link header. */
static void
read_bridged(struct walk *w)
{
	bytes_take(&w->rest, 2 * LINK_MAC_LEN);
	read_length_or_type(w);
}

static void
read_tag(struct walk *w)
{
	bytes_u16(&w->rest); /* priority and VLAN */
	read_length_or_type(w);
}

/* read_ppp: an odd first byte is a compressed protocol (RFC 1661 6.5). */
static void
read_ppp(struct walk *w)
{
	struct bytes ahead = w->rest;
	unsigned protocol;

	if (bytes_u16(&ahead) == 0xff03) /* RFC 1662 3.1 */
		w->rest = ahead;
	protocol = bytes_u8(&w->rest);
	if (protocol % 2 == 0)
		protocol = protocol << 8 | bytes_u8(&w->rest);
	by_ppp_protocol(w, protocol);
}

static void
read_pppoe(struct walk *w)
{
	bytes_u16(&w->rest); /* version, type, code */
	bytes_u32(&w->rest); /* session, length */
	w->next = read_ppp;
}

static void
read_ip(struct walk *w)
{
	struct bytes ahead = w->rest;

	w->found = bytes_u8(&ahead) >> 4 == 6 ? LINK_IPV6 : LINK_IPV4;
}

/* read_mpls guesses what the labels carry, as routers do (RFC 4928 2). */
static void
read_mpls(struct walk *w)
{
	struct bytes ahead;
	unsigned nibble;

	while (w->rest.len > 0 && (bytes_u32(&w->rest) & 0x100) == 0)
		; /* not the bottom of the stack */
	ahead = w->rest;
	nibble = bytes_u8(&ahead) >> 4;
	if (nibble == 4 || nibble == 6) {
		w->next = read_ip;
	} else if (nibble == 0) { /* an Ethernet pseudowire's control word */
		bytes_u32(&w->rest);
		w->next = read_bridged;
	}
}

/* --- what a host has instead of a link ------------------------------------- */

/* read_loop reads an address family in the order of whichever host. */
static void
read_loop(struct walk *w)
{
	struct bytes swapped = w->rest;
	uint32_t family = bytes_u32(&w->rest);

	if (family > UINT16_MAX)
		family = bytes_le32(&swapped);
	by_family(w, family);
}

static void
by_cooked_type(struct walk *w, unsigned type)
{
	if (type == SLL_LLC)
		w->next = read_llc;
	else
		by_ethertype(w, type);
}

/* note_cooked_mac reads 8 bytes of room for a source address of `len`. */
static void
note_cooked_mac(struct walk *w, size_t len)
{
	struct bytes address = bytes_take(&w->rest, 8);

	if (len == LINK_MAC_LEN)
		link_note_mac(
		    w->out, SOURCE, bytes_take(&address, LINK_MAC_LEN));
}

static void
read_sll(struct walk *w)
{
	bytes_u32(&w->rest); /* packet type, ARPHRD type */
	note_cooked_mac(w, bytes_u16(&w->rest));
	by_cooked_type(w, bytes_u16(&w->rest));
}

static void
read_sll2(struct walk *w)
{
	uint16_t type = bytes_u16(&w->rest);

	bytes_u16(&w->rest); /* reserved */
	bytes_u32(&w->rest); /* interface */
	bytes_u24(&w->rest); /* ARPHRD type, packet type */
	note_cooked_mac(w, bytes_u8(&w->rest));
	by_cooked_type(w, type);
}

/* --- 802.11 ---------------------------------------------------------------- */

enum {
	WLAN_KIND = 0x004f, /* version, type, and "carries no data" */
	WLAN_DATA = 0x0008,
	WLAN_QOS = 0x0080,
	WLAN_DS_SHIFT = 8, /* to and from the distribution system, 2 bits */
	WLAN_MORE_FRAGMENTS = 0x0400,
	WLAN_PROTECTED = 0x4000,
	WLAN_ORDER = 0x8000,           /* in QoS frames: has HT control */
	WLAN_FRAGMENT_NUMBER = 0x000f, /* of sequence control */
	WLAN_AMSDU = 0x0080,           /* of QoS control */
};

enum {
	RADIOTAP_TSFT = 1 << 0, /* of the first word of what is present */
	RADIOTAP_FLAGS = 1 << 1,
	RADIOTAP_PADDED = 0x20, /* of the flags */
	RADIOTAP_BAD_FCS = 0x40,
};

/* read_wlan_addresses returns the sequence control that is among them. */
static uint16_t
read_wlan_addresses(struct walk *w, unsigned ds)
{
	/* IEEE 802.11 9.3.2.1, by to DS + 2 * from DS. */
	static const uint8_t of[4][2] = { { 1, 0 }, { 1, 2 }, { 2, 0 },
		{ 3, 2 } };
	struct bytes address[4] = { { NULL, 0 } };
	uint16_t sequence;

	for (size_t i = 0; i < 3; i++)
		address[i] = bytes_take(&w->rest, LINK_MAC_LEN);
	sequence = bytes_le16(&w->rest);
	if (ds == 3)
		address[3] = bytes_take(&w->rest, LINK_MAC_LEN);
	link_note_mac(w->out, SOURCE, address[of[ds][SOURCE]]);
	link_note_mac(w->out, DESTINATION, address[of[ds][DESTINATION]]);
	return sequence;
}

/* read_wlan gives up on what is encrypted, aggregated or in fragments. */
static void
read_wlan(struct walk *w)
{
	size_t len = w->rest.len;
	uint16_t control = bytes_le16(&w->rest);
	uint16_t sequence, qos = 0;

	if ((control & WLAN_KIND) != WLAN_DATA)
		return;
	bytes_u16(&w->rest); /* duration */
	sequence = read_wlan_addresses(w, control >> WLAN_DS_SHIFT & 3);
	if (control & WLAN_QOS)
		qos = bytes_le16(&w->rest);
	if (control & WLAN_QOS && control & WLAN_ORDER)
		bytes_u32(&w->rest); /* HT control */
	if (w->padded && (len - w->rest.len) % 4 != 0)
		bytes_u16(&w->rest);
	if (control & (WLAN_PROTECTED | WLAN_MORE_FRAGMENTS) ||
	    sequence & WLAN_FRAGMENT_NUMBER || qos & WLAN_AMSDU)
		return;
	w->next = read_llc;
}

/* read_radiotap looks for one field, the flags, which only TSFT precedes. */
static void
read_radiotap(struct walk *w)
{
	struct bytes ahead = w->rest;
	struct bytes header;
	uint32_t present, more;
	size_t at = 8;
	uint8_t flags = 0;

	bytes_u16(&ahead); /* version, padding */
	header = bytes_take(&w->rest, bytes_le16(&ahead));
	bytes_u32(&header);
	for (present = more = bytes_le32(&header); more >> 31; at += 4)
		more = bytes_le32(&header); /* bit 31: one more word */
	if (present & RADIOTAP_TSFT)
		bytes_take(&header, at % 8 + 8); /* 8 bytes, aligned so */
	if (present & RADIOTAP_FLAGS)
		flags = bytes_u8(&header);
	w->padded = flags & RADIOTAP_PADDED;
	if (!bytes_ok(header) || flags & RADIOTAP_BAD_FCS)
		w->found = LINK_BROKEN;
	else
		w->next = read_wlan;
}

/* --- tables ---------------------------------------------------------------- */

/* clang-format off */

/* https://www.tcpdump.org/linktypes.html */
static const struct row links[] = {
	{   0, read_loop,     0 }, /* NULL */
	{   1, read_ethernet, 0 }, /* ETHERNET */
	{   9, read_ppp,      0 }, /* PPP */
	{  12, read_ip,       0 }, /* DLT_RAW */
	{  14, read_ip,       0 }, /* DLT_RAW of OpenBSD */
	{  50, read_ppp,      0 }, /* PPP_HDLC */
	{  51, read_pppoe,    0 }, /* PPP_ETHER */
	{ 101, read_ip,       0 }, /* RAW */
	{ 105, read_wlan,     0 }, /* IEEE802_11 */
	{ 108, read_loop,     0 }, /* LOOP */
	{ 113, read_sll,      0 }, /* LINUX_SLL */
	{ 127, read_radiotap, 0 }, /* IEEE802_11_RADIOTAP */
	{ 228, NULL, LINK_IPV4 },  /* IPV4 */
	{ 229, NULL, LINK_IPV6 },  /* IPV6 */
	{ 276, read_sll2,     0 }, /* LINUX_SLL2 */
	{ 0 },
};

/* https://www.iana.org/assignments/ieee-802-numbers */
static const struct row ethertypes[] = {
	{ ETHERTYPE_IPV4, NULL, LINK_IPV4 },
	{ ETHERTYPE_IPV6, NULL, LINK_IPV6 },
	{ 0x0806,         NULL, LINK_ARP },
	{ ETHERTYPE_TAG,  read_tag, 0 },
	{ 0x88a8,         read_tag, 0 }, /* 802.1ad */
	{ 0x9100,         read_tag, 0 }, /* used before 802.1ad was there */
	{ 0x8864,         read_pppoe, 0 },
	{ 0x8847,         read_mpls, 0 },
	{ 0x8848,         read_mpls, 0 }, /* multicast */
	{ 0x6558,         read_bridged, 0 },
	{ 0x880b,         read_ppp, 0 },
	{ 0 },
};

/* https://www.iana.org/assignments/ppp-numbers */
static const struct row ppp_protocols[] = {
	{ 0x0021, NULL, LINK_IPV4 },
	{ 0x0057, NULL, LINK_IPV6 },
	{ 0x0281, read_mpls, 0 },
	{ 0x0283, read_mpls, 0 }, /* multicast */
	{ 0 },
};

/* AF_INET is 2 everywhere, AF_INET6 is not. */
static const struct row families[] = {
	{  2, NULL, LINK_IPV4 },
	{ 10, NULL, LINK_IPV6 }, /* Linux */
	{ 24, NULL, LINK_IPV6 }, /* NetBSD, OpenBSD */
	{ 28, NULL, LINK_IPV6 }, /* FreeBSD */
	{ 30, NULL, LINK_IPV6 }, /* macOS */
	{ 0 },
};

/* clang-format on */

static void
by_ethertype(struct walk *w, unsigned type)
{
	go(w, ethertypes, type);
}

static void
by_ppp_protocol(struct walk *w, unsigned protocol)
{
	go(w, ppp_protocols, protocol);
}

static void
by_family(struct walk *w, unsigned family)
{
	go(w, families, family);
}

static enum link_payload
walk(struct walk *w, struct bytes *rest)
{
	for (unsigned i = 0; i < HEADERS_MAX && w->next != NULL; i++) {
		reader *read = w->next;

		w->next = NULL;
		w->found = LINK_OTHER;
		read(w);
	}
	*rest = w->rest;
	if (w->next != NULL || !bytes_ok(w->rest))
		return LINK_BROKEN;
	return w->found;
}

/* start goes to what `link` announces and tells whether it is known. */
static bool
start(struct walk *w, int link)
{
	if (link >= 0)
		go(w, links, (unsigned)link);
	return w->next != NULL || w->found != LINK_OTHER;
}

bool
link_known(int link)
{
	return start(&(struct walk){ 0 }, link);
}

enum link_payload
link_read(int link, struct bytes *frame, struct packet *out)
{
	struct walk w = { .rest = *frame, .out = out };

	if (!start(&w, link))
		return LINK_UNKNOWN;
	return walk(&w, frame);
}

enum link_payload
link_read_ethertype(uint16_t type, struct bytes *contents)
{
	struct walk w = { .rest = *contents };

	by_ethertype(&w, type);
	return walk(&w, contents);
}
