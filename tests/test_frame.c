/* SPDX-License-Identifier: ISC */
#include "dissect/frame.h"

#include "tests/frames.h"

/* clang-format off */
static struct row rows[] = {
	/* IPv4. */
	{ "udp", 101, V4("001c", "11") DATA, FRAME_IP, false, 17, 0, DATA },
	{ "ipv4_options", 101,
	    "4700 0024 00000000 4006 0000" SRC4 DST4 "01010101 01010100" DATA,
	    IS4 },
	{ "ipv4_padding", 101, TCP4 "000000000000", IS4 },
	{ "ipv4_length_0", 101, V4("0000", "06") DATA, IS4 },
	{ "ipv4_cut", 101, V4("05dc", "06") DATA,
	    FRAME_IP, false, 6, 1472, DATA },
	{ "ipv4_cut_behind_its_header", 101, V4("05dc", "06"),
	    FRAME_IP, false, 6, 1480, "" },
	{ "ipv4_without_payload", 101, V4("0014", "06") DATA,
	    FRAME_IP, false, 6, 0, "" },
	{ "ipv4_shorter_than_its_header", 101, V4("0013", "06") DATA,
	    NOT(FRAME_BROKEN) },
	{ "ipv4_with_a_short_header", 101,
	    "4400 001c 00000000 4006 0000" SRC4 DST4 DATA, NOT(FRAME_BROKEN) },
	{ "ipv4_with_options_that_are_not_there", 101,
	    "4f00 004c 00000000 4006 0000" SRC4 DST4 DATA, NOT(FRAME_BROKEN) },
	{ "ipv4_that_may_not_be_fragmented", 101,
	    V4F("001c", "4000", "06") DATA, IS4 },
	{ "ipv4_authentication", 101,
	    V4("0034", "33") "06 04 0000 00000001 00000001"
	    "00000000 00000000 00000000" DATA, IS4 },
	{ "ipv4_encrypted", 101, V4("001c", "32") DATA,
	    FRAME_IP, false, 50, 0, DATA },
	{ "ipv4_has_no_hop_by_hop_header", 101, V4("001c", "00") DATA,
	    FRAME_IP, false, 0, 0, DATA },

	/* IPv6. */
	{ "icmpv6", 101, V6("0008", "3a") DATA, FRAME_IP, true, 58, 0, DATA },
	{ "ipv6_padding", 101, TCP6 "0000", IS6 },
	{ "ipv6_length_0", 101, V6("0000", "06") DATA, IS6 },
	{ "ipv6_cut", 101, V6("0100", "06") DATA,
	    FRAME_IP, true, 6, 248, DATA },
	{ "ipv6_extension_headers", 101,
	    V6("0038", "00") "2b00 000000000000" "3c01 000000000000"
	    "0000000000000000" "8700 000000000000" "8b00 000000000000"
	    "0600 000000000000" DATA, IS6 },
	{ "ipv6_shim", 101, V6("0010", "8c") "0600 000000000000" DATA, IS6 },
	{ "ipv6_authentication", 101,
	    V6("0020", "33") "0604 0000 00000001 00000001"
	    "00000000 00000000 00000000" DATA, IS6 },
	{ "ipv6_without_next_header", 101, V6("0008", "3b") DATA,
	    FRAME_IP, true, 59, 0, DATA },
	{ "ipv6_atomic_fragment", 101,
	    V6("0010", "2c") "0600 0000 00000007" DATA, IS6 },
	{ "ipv6_extension_header_that_is_not_there", 101,
	    V6("0010", "00") "0603 000000000000" DATA, NOT(FRAME_BROKEN) },

	/* Tunnels. */
	{ "ipv4_in_ipv4", 101, V4("0030", "04") TCP4, IS4 },
	{ "ipv6_in_ipv4", 101, V4("0044", "29") TCP6, IS6 },
	{ "ipv4_in_ipv6", 101, V6("001c", "04") TCP4, IS4 },
	{ "ipv6_in_ipv6", 101, V6("0030", "29") TCP6, IS6 },
	{ "a_tunnel_that_is_cut", 101, V4("05dc", "04") V4("05c8", "06") DATA,
	    FRAME_IP, false, 6, 1452, DATA },
	{ "padding_in_a_tunnel", 101, V4("0032", "04") TCP4 "0000 0000", IS4 },
	{ "gre", 101, V4("0034", "2f") "0000 0800" TCP4, IS4 },
	{ "gre_with_all_fields", 101,
	    V4("0054", "2f") "b000 86dd 00000000 00000001 00000002" TCP6, IS6 },
	{ "gre_in_ipv6", 101, V6("0024", "2f") "2000 0800 00000001" TCP4, IS4 },
	{ "gre_with_ethernet", 101,
	    V4("0042", "2f") "0000 6558" MAC_D MAC_C "0800" TCP4, IS4 },
	{ "gre_with_arp", 101,
	    V4("002e", "2f") "0000 6558" MAC_D MAC_C "0806" DATA,
	    FRAME_ARP, false, 47, 0, DATA },
	{ "gre_with_routing", 101, V4("0038", "2f") "4000 0800 00000000" TCP4,
	    NOT(FRAME_OTHER) },
	{ "gre_version_2", 101, V4("0034", "2f") "0002 0800" TCP4,
	    NOT(FRAME_OTHER) },
	{ "gre_keepalive", 101, V4("0018", "2f") "0000 0000",
	    NOT(FRAME_OTHER) },
	{ "gre_cut_in_what_it_carries", 101, V4("0038", "2f") "0000 8100 0007",
	    NOT(FRAME_BROKEN) },
	{ "pptp", 101,
	    V4("0044", "2f") "3081 880b 00200001 00000001 00000002 ff03 0021"
	    TCP4, IS4 },
	{ "pptp_without_acknowledgment", 101,
	    V4("003d", "2f") "3001 880b 001d0001 00000001 21" TCP4, IS4 },
	{ "pptp_acknowledgment", 101,
	    V4("0020", "2f") "2081 880b 00000001 00000002", NOT(FRAME_OTHER) },
};
/* clang-format on */

static void
addresses_are_those_of_the_innermost_ip_header(void **state)
{
	uint8_t wire[FRAME_MAX], four[2][16] = { { 0 } }, six[2][16];
	struct packet p;

	(void)state;
	hex(SRC4, four[0], 16);
	hex(DST4, four[1], 16);
	hex(SRC6, six[0], 16);
	hex(DST6, six[1], 16);
	frame_read(101, read_hex(V6("001c", "04") TCP4, wire), &p);
	assert_false(p.ipv6);
	assert_memory_equal(p.ip, four, sizeof(four));
	frame_read(101, read_hex(V4("0044", "29") TCP6, wire), &p);
	assert_true(p.ipv6);
	assert_memory_equal(p.ip, six, sizeof(six));
}

struct fragment_row {
	const char *frame;
	uint8_t protocol;
	bool more;
	uint32_t id, at;
};

#define V6F(at, protocol) V6("0010", "2c") protocol "00" at "01020304" DATA

static const struct fragment_row fragment_rows[] = {
	{ V4F("001c", "2000", "06") DATA, 6, true, 0xabcd, 0 },
	{ V4F("001c", "2001", "11") DATA, 17, true, 0xabcd, 8 },
	{ V4F("001c", "1fff", "04") DATA, 4, false, 0xabcd, 65528 },
	{ V4("0030", "04") V4F("001c", "0001", "06") DATA, 6, false, 0xabcd,
	    8 },
	{ V6F("0001", "06"), 6, true, 0x01020304, 0 },
	{ V6F("fff9", "3c"), 60, true, 0x01020304, 65528 },
	{ V6F("0008", "06"), 6, false, 0x01020304, 8 },
	{ V6F("000e", "06"), 6, false, 0x01020304, 8 },
};

static void
a_fragment_is_told_and_not_looked_into(void **state)
{
	size_t count = sizeof(fragment_rows) / sizeof(fragment_rows[0]);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct fragment_row *row = &fragment_rows[i];
		uint8_t wire[FRAME_MAX], data[FRAME_MAX];
		struct bytes frame = read_hex(row->frame, wire);
		struct packet p;

		assert_int_equal(frame_read(101, frame, &p), FRAME_IP);
		assert_true(p.fragment);
		assert_int_equal(p.protocol, row->protocol);
		assert_int_equal(p.more_fragments, row->more);
		assert_int_equal(p.fragment_id, row->id);
		assert_int_equal(p.fragment_at, row->at);
		assert_true(bytes_equal(p.payload, read_hex(DATA, data)));
	}
}

static void
a_datagram_put_together_is_read_on(void **state)
{
	uint8_t wire[FRAME_MAX], data[FRAME_MAX];
	struct packet p = { .ipv6 = true, .protocol = 60, .fragment = true };

	(void)state;
	p.payload = read_hex("2900 000000000000" TCP6, wire);
	assert_int_equal(frame_resume(&p), FRAME_IP);
	assert_false(p.fragment);
	assert_int_equal(p.protocol, 6);
	assert_true(bytes_equal(p.payload, read_hex(DATA, data)));

	p.payload = read_hex(V4F("001c", "0001", "06") DATA, wire);
	p.protocol = 4;
	assert_int_equal(frame_resume(&p), FRAME_IP);
	assert_true(p.fragment);
	assert_int_equal(p.fragment_at, 8);

	p.payload = read_hex("4500", wire);
	p.protocol = 4;
	assert_int_equal(frame_resume(&p), FRAME_BROKEN);
}

/* Compares with what the IP packet alone gives; `arg` is room for both. */
static void
look_in_ethernet(struct bytes mutant, size_t cut, void *arg)
{
	uint8_t *wire = arg;
	size_t len = hex(ETHER "0800", wire, FRAME_MAX);
	struct bytes frame = bytes_of(wire, len + mutant.len);
	struct packet alone, inside;
	enum frame_kind kind;

	(void)cut;
	bytes_copy(mutant, wire + len, 2 * FRAME_MAX - len);
	kind = frame_read(ETHERNET, frame, &inside);
	/* link type 228 is IPv4, whatever it looks like */
	assert_int_equal(kind, frame_read(228, mutant, &alone));
	assert_true(inside.has_mac[0] && inside.has_mac[1]);
	assert_int_equal(inside.protocol, alone.protocol);
	assert_int_equal(inside.missing, alone.missing);
	assert_int_equal(inside.fragment, alone.fragment);
	assert_memory_equal(inside.ip, alone.ip, sizeof(alone.ip));
	if (kind == FRAME_IP)
		assert_true(bytes_equal(inside.payload, alone.payload));
}

static void
the_link_changes_nothing_of_a_packet(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t wire[FRAME_MAX], room[2 * FRAME_MAX];
		struct bytes frame = read_hex(rows[i].frame, wire);

		if (rows[i].link == 101 && frame.len > 0)
			mutate(frame.data, frame.len, look_in_ethernet, room);
	}
}

/* nested returns what becomes of IPv4 in `depth` times IPv4. */
static enum frame_kind
nested(size_t depth)
{
	uint8_t wire[64 * 20 + FRAME_MAX];
	size_t len = 0;
	struct packet p;

	for (size_t i = 0; i < depth; i++)
		len += hex(V4("0000", "04"), wire + len, sizeof(wire) - len);
	len += hex(TCP4, wire + len, sizeof(wire) - len);
	return frame_read(101, bytes_of(wire, len), &p);
}

static void
tunnels_have_a_bound(void **state)
{
	(void)state;
	assert_int_equal(nested(8), FRAME_IP);
	assert_int_equal(nested(60), FRAME_BROKEN);
}

/* --- the quick look -------------------------------------------------------- */

struct skip_row {
	const char *frame;
	bool skip;
};

#define WEB    "d000 01bb 01020304"
#define E4     ETHER "0800"
#define E6     ETHER "86dd"
#define E4VLAN ETHER "8100 0007 0800"

static const struct skip_row skip_rows[] = {
	{ E4 V4("001c", "06") WEB, true },
	{ E4 V4("001c", "11") WEB, true },
	{ E4 V4("0000", "06") WEB, true },
	{ E4 V4("0018", "06") "d000 01bb", true },
	{ E4 V4F("001c", "4000", "06") WEB, true },
	{ E6 V6("0008", "06") WEB, true },
	{ E6 V6("0008", "11") WEB, true },
	{ E6 V6("0000", "06") WEB, true },
	{ E6 V6("0004", "06") "d000 01bb", true },
	{ E4VLAN V4("001c", "06") WEB, true },
	{ ETHER "8100 0007 86dd" V6("0008", "06") WEB, true },
	/* A port that is asked for, on either side. */
	{ E4 V4("001c", "06") "d000 0019 01020304", false },
	{ E4 V4("001c", "06") "0019 d000 01020304", false },
	{ E6 V6("0008", "06") "03e1 d000 01020304", false },
	{ E4VLAN V4("001c", "11") "d000 03e1 01020304", false },
	/* What takes a closer look. */
	{ E4 V4F("001c", "2000", "06") WEB, false },
	{ E4 V4F("001c", "0001", "06") WEB, false },
	{ E4 "4600 0020 00000000 4006 0000" SRC4 DST4 "01010100" WEB, false },
	{ E4 "6500 001c 00000000 4006 0000" SRC4 DST4 WEB, false },
	{ E4 V4("0017", "06") WEB, false },
	{ E4 V4("001c", "06") "d000 01", false },
	{ E4 V4("001c", "06"), false },
	{ E4 V4("001c", "01") WEB, false },
	{ E4 V4("001c", "04") WEB, false },
	{ E6 V6("0008", "3a") WEB, false },
	{ E6 V6("0010", "00") "0600 000000000000" WEB, false },
	{ E6 V6("0010", "2c") "0600 0000 00000001" WEB, false },
	{ E6 "40000000 0008 06 40" SRC6 DST6 WEB, false },
	{ E6 V6("0003", "06") WEB, false },
	{ ETHER "0806" DATA, false },
	{ ETHER "88a8 0007 0800" V4("001c", "06") WEB, false },
	{ ETHER "8100 0007 8100 0007 0800" V4("001c", "06") WEB, false },
	{ ETHER "8864 1100 0001 001e 0021" V4("001c", "06") WEB, false },
	{ "", false },
};

static bool
is_asked_for(const uint8_t *ports, uint16_t port)
{
	return ports[port / 8] >> port % 8 & 1;
}

/* ask asks for the ports 25 and 993. */
static void
ask(uint8_t ports[8192])
{
	memset(ports, 0, 8192);
	ports[25 / 8] |= 1u << 25 % 8;
	ports[993 / 8] |= 1u << 993 % 8;
}

static void
only_other_ports_are_skipped(void **state)
{
	static uint8_t ports[8192];

	(void)state;
	ask(ports);
	for (size_t i = 0; i < sizeof(skip_rows) / sizeof(skip_rows[0]); i++) {
		uint8_t wire[FRAME_MAX];
		struct bytes frame = read_hex(skip_rows[i].frame, wire);
		uint8_t *copy = exact_copy(frame.data, frame.len);
		struct frame_glance seen;
		bool skip = frame_skip(bytes_of(copy, frame.len), ports, &seen);

		if (skip != skip_rows[i].skip)
			print_error("row %zu\n", i);
		assert_int_equal(skip, skip_rows[i].skip);
		free(copy);
	}
}

/* Whatever is skipped, a full look finds to be of no interest. */
static void
look_twice(struct bytes mutant, size_t cut, void *arg)
{
	const uint8_t *ports = arg;
	struct frame_glance seen;
	struct packet p;

	(void)cut;
	if (!frame_skip(mutant, ports, &seen))
		return;
	assert_int_equal(frame_read(ETHERNET, mutant, &p), FRAME_IP);
	assert_false(p.fragment);
	assert_int_equal(p.protocol, seen.protocol);
	assert_true(p.protocol == IP_PROTO_TCP || p.protocol == IP_PROTO_UDP);
	assert_true(p.payload.len >= 4);
	assert_int_equal(bytes_u16(&p.payload), seen.port[0]);
	assert_int_equal(bytes_u16(&p.payload), seen.port[1]);
	assert_false(is_asked_for(ports, seen.port[0]));
	assert_false(is_asked_for(ports, seen.port[1]));
	assert_ptr_equal(p.payload.data, seen.rest.data);
}

static void
what_is_skipped_is_of_no_interest(void **state)
{
	static uint8_t ports[8192];

	(void)state;
	ask(ports);
	for (size_t i = 0; i < sizeof(skip_rows) / sizeof(skip_rows[0]); i++) {
		uint8_t wire[FRAME_MAX];
		struct bytes frame = read_hex(skip_rows[i].frame, wire);

		mutate(frame.data, frame.len, look_twice, ports);
	}
}

int
main(void)
{
	static const struct CMUnitTest plain[] = {
		cmocka_unit_test(
		    addresses_are_those_of_the_innermost_ip_header),
		cmocka_unit_test(a_fragment_is_told_and_not_looked_into),
		cmocka_unit_test(a_datagram_put_together_is_read_on),
		cmocka_unit_test(the_link_changes_nothing_of_a_packet),
		cmocka_unit_test(tunnels_have_a_bound),
		cmocka_unit_test(only_other_ports_are_skipped),
		cmocka_unit_test(what_is_skipped_is_of_no_interest),
	};

	return run_rows("frame", rows, sizeof(rows) / sizeof(rows[0]), plain,
	    sizeof(plain) / sizeof(plain[0]));
}
