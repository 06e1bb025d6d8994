/* SPDX-License-Identifier: ISC */
#include "dissect/link.h"

#include "tests/frames.h"

/* clang-format off */
static struct row rows[] = {
	/* Link types. */
	{ "ethernet", ETHERNET, ETHER "0800" TCP4, IS4 },
	{ "ethernet_with_ipv6", ETHERNET, ETHER "86dd" TCP6, IS6 },
	{ "null_in_big_endian", NULL_LINK, "00000002" TCP4, IS4 },
	{ "null_in_little_endian", NULL_LINK, "02000000" TCP4, IS4 },
	{ "null_of_linux", NULL_LINK, "0a000000" TCP6, IS6 },
	{ "null_of_openbsd", NULL_LINK, "18000000" TCP6, IS6 },
	{ "null_of_freebsd", NULL_LINK, "1c000000" TCP6, IS6 },
	{ "null_of_macos", NULL_LINK, "1e000000" TCP6, IS6 },
	{ "loop", LOOP, "0000001e" TCP6, IS6 },
	{ "an_unknown_family", LOOP, "00000010" TCP4, NOT(FRAME_OTHER) },
	{ "ppp", PPP, "0021" TCP4, IS4 },
	{ "ppp_like_hdlc", PPP, "ff03 0057" TCP6, IS6 },
	{ "ppp_with_a_short_protocol", PPP, "21" TCP4, IS4 },
	{ "ppp_like_hdlc_with_a_short_protocol", 50, "ff03 57" TCP6, IS6 },
	{ "ppp_with_mpls", PPP, "0281 00010140" TCP4, IS4 },
	{ "lcp", PPP, "c021 01010004", NOT(FRAME_OTHER) },
	{ "ppp_over_ethernet_alone", 51, "1100 0001 001e 0021" TCP4, IS4 },
	{ "dlt_raw", 12, TCP4, IS4 },
	{ "dlt_raw_of_openbsd", 14, TCP6, IS6 },
	{ "raw", 101, TCP6, IS6 },
	{ "raw_ipv4", 228, TCP4, IS4 },
	{ "raw_ipv6", 229, TCP6, IS6 },
	{ "raw_neither", 101, "50000000 00000000 00000000 00000000 00000000",
	    NOT(FRAME_BROKEN) },
	{ "raw_ipv6_that_is_not", 229, TCP4 DATA DATA, NOT(FRAME_BROKEN) },
	{ "cooked", SLL, "0000 0001 0006" MAC_A "0000 0800" TCP4, IS4 },
	{ "cooked_llc", SLL,
	    "0000 0001 0006" MAC_A "0000 0004" SNAP "0800" TCP4, IS4 },
	{ "cooked_netlink", SLL, "0004 0338 0000 0000000000000000 0000" DATA,
	    NOT(FRAME_OTHER) },
	{ "cooked_2", SLL2, "86dd 0000 00000002 0001 00 06" MAC_A "0000" TCP6,
	    IS6 },
	{ "a_link_type_nobody_knows", 147, TCP4, NOT(FRAME_LINK_UNKNOWN) },
	{ "a_negative_link_type", -1, TCP4, NOT(FRAME_LINK_UNKNOWN) },

	/* Between the link and IP. */
	{ "vlan", ETHERNET, ETHER "8100 0007 0800" TCP4, IS4 },
	{ "vlan_in_provider_vlan", ETHERNET,
	    ETHER "88a8 0001 8100 0007 86dd" TCP6, IS6 },
	{ "old_provider_vlans", ETHERNET,
	    ETHER "9100 0001 9100 0002 8100 0007 0800" TCP4, IS4 },
	{ "snap", ETHERNET, ETHER "0024" SNAP "0800" TCP4, IS4 },
	{ "snap_in_vlan", ETHERNET,
	    ETHER "8100 0007 0024 aaaa03 0000f8 0800" TCP4, IS4 },
	{ "snap_of_a_vendor", ETHERNET, ETHER "0024 aaaa03 00000c 2000" DATA,
	    NOT(FRAME_OTHER) },
	{ "spanning_tree", ETHERNET, ETHER "0026 424203 0000" DATA,
	    NOT(FRAME_OTHER) },
	{ "pppoe", ETHERNET, ETHER "8864 1100 0001 001e 0021" TCP4, IS4 },
	{ "pppoe_in_vlan_with_ipv6", ETHERNET,
	    ETHER "8100 0007 8864 1100 0001 0032 0057" TCP6, IS6 },
	{ "pppoe_discovery", ETHERNET, ETHER "8863 1109 0000 0000",
	    NOT(FRAME_OTHER) },
	{ "mpls", ETHERNET, ETHER "8847 00010140" TCP4, IS4 },
	{ "mpls_labels", ETHERNET, ETHER "8848 00010040 00020040 00030140" TCP6,
	    IS6 },
	{ "mpls_pseudowire", ETHERNET,
	    ETHER "8847 00010140 00000001" ETHER "8100 0007 0800" TCP4, IS4 },
	{ "mpls_with_something_else", ETHERNET, ETHER "8847 00010140 10000000",
	    NOT(FRAME_OTHER) },
	{ "mpls_without_a_bottom", ETHERNET, ETHER "8847 00010040 00010040",
	    NOT(FRAME_BROKEN) },
	{ "an_unknown_ethertype", ETHERNET, ETHER "88cc" DATA,
	    NOT(FRAME_OTHER) },
	{ "arp", ETHERNET, ETHER "0806" DATA, FRAME_ARP, false, 0, 0, DATA },
	{ "arp_in_vlan", ETHERNET, ETHER "8100 0007 0806" DATA,
	    FRAME_ARP, false, 0, 0, DATA },

	/* 802.11: frame control, duration, addresses, sequence control. */
	{ "wlan", WLAN, "0801 0000" MAC_C MAC_A MAC_B "0000" SNAP "0800" TCP4,
	    IS4 },
	{ "wlan_qos", WLAN,
	    "8802 0000" MAC_B MAC_C MAC_A "1000 0000" SNAP "86dd" TCP6, IS6 },
	{ "wlan_qos_and_ht", WLAN,
	    "8882 0000" MAC_B MAC_C MAC_A "1000 0000 00000000" SNAP "0800"
	    TCP4, IS4 },
	{ "wlan_without_qos_has_no_ht", WLAN,
	    "0882 0000" MAC_B MAC_C MAC_A "1000" SNAP "0800" TCP4, IS4 },
	{ "wlan_protected", WLAN,
	    "0841 0000" MAC_C MAC_A MAC_B "0000" SNAP "0800" TCP4,
	    NOT(FRAME_OTHER) },
	{ "wlan_more_fragments", WLAN,
	    "0805 0000" MAC_C MAC_A MAC_B "0000" SNAP "0800" TCP4,
	    NOT(FRAME_OTHER) },
	{ "wlan_later_fragment", WLAN,
	    "0801 0000" MAC_C MAC_A MAC_B "0100" SNAP "0800" TCP4,
	    NOT(FRAME_OTHER) },
	{ "wlan_aggregate", WLAN,
	    "8801 0000" MAC_C MAC_A MAC_B "0000 8000" SNAP "0800" TCP4,
	    NOT(FRAME_OTHER) },
	{ "wlan_null_data", WLAN, "4801 0000" MAC_C MAC_A MAC_B "0000",
	    NOT(FRAME_OTHER) },
	{ "wlan_beacon", WLAN, "8000 0000" MAC_C MAC_A MAC_B "0000" DATA,
	    NOT(FRAME_OTHER) },
	{ "radiotap", RADIOTAP,
	    "0000 0800 00000000 0801 0000" MAC_C MAC_A MAC_B "0000" SNAP
	    "0800" TCP4, IS4 },
	{ "radiotap_with_fcs_at_its_end", RADIOTAP,
	    "0000 0900 02000000 10 0801 0000" MAC_C MAC_A MAC_B "0000" SNAP
	    "0800" TCP4 "deadbeef", IS4 },
	{ "radiotap_with_time_and_padding", RADIOTAP,
	    "0000 1100 03000000 1122334455667788 20" "8801 0000" MAC_C MAC_A
	    MAC_B "0000 0000 0000" SNAP "0800" TCP4, IS4 },
	{ "radiotap_with_padding_where_none_is_due", RADIOTAP,
	    "0000 0900 02000000 20 0801 0000" MAC_C MAC_A MAC_B "0000" SNAP
	    "0800" TCP4, IS4 },
	{ "radiotap_with_two_words_and_aligned_time", RADIOTAP,
	    "0000 1900 03000080 00000000 00000000 1122334455667788 20"
	    "8801 0000" MAC_C MAC_A MAC_B "0000 0000 0000" SNAP "0800" TCP4,
	    IS4 },
	{ "radiotap_of_a_damaged_frame", RADIOTAP,
	    "0000 0900 02000000 40 0801 0000" MAC_C MAC_A MAC_B "0000" SNAP
	    "0800" TCP4, NOT(FRAME_BROKEN) },
	{ "radiotap_shorter_than_its_fields", RADIOTAP,
	    "0000 0800 02000000 20 0801 0000" MAC_C MAC_A MAC_B "0000" SNAP
	    "0800" TCP4, NOT(FRAME_BROKEN) },
};
/* clang-format on */

struct mac_row {
	int link;
	const char *frame;
	const char *source, *destination; /* "": none */
};

static const struct mac_row mac_rows[] = {
	{ ETHERNET, ETHER "0800" TCP4, MAC_A, MAC_B },
	{ ETHERNET, ETHER "88cc" DATA, MAC_A, MAC_B },
	{ ETHERNET, ETHER "8847 00010140 00000000" MAC_D MAC_C "0800" TCP4,
	    MAC_A, MAC_B },
	{ ETHERNET, "000000000000 000000000000 0800" TCP4, "", "" },
	{ 101, V4("0042", "2f") "0000 6558" MAC_D MAC_C "0800" TCP4, "", "" },
	{ SLL, "0000 0001 0006" MAC_A "0000 0800" TCP4, MAC_A, "" },
	{ SLL, "0000 0001 0008" MAC_A "0000 0800" TCP4, "", "" },
	{ SLL2, "0800 0000 00000002 0001 00 06" MAC_A "0000" TCP4, MAC_A, "" },
	{ SLL2, "0800 0000 00000002 0200 00 00" MAC_A "0000" TCP4, "", "" },
	{ WLAN, "0800 0000" MAC_B MAC_A MAC_C "0000" SNAP "0800" TCP4, MAC_A,
	    MAC_B },
	{ WLAN, "0801 0000" MAC_C MAC_A MAC_B "0000" SNAP "0800" TCP4, MAC_A,
	    MAC_B },
	{ WLAN, "0802 0000" MAC_B MAC_C MAC_A "0000" SNAP "0800" TCP4, MAC_A,
	    MAC_B },
	{ WLAN, "0803 0000" MAC_C MAC_D MAC_B "0000" MAC_A SNAP "0800" TCP4,
	    MAC_A, MAC_B },
	{ PPP, "0021" TCP4, "", "" },
};

static void
hardware_addresses_are_those_of_the_outermost_link_header(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mac_rows) / sizeof(mac_rows[0]); i++) {
		const struct mac_row *row = &mac_rows[i];
		const char *const expected[2] = { row->source,
			row->destination };
		uint8_t wire[FRAME_MAX], mac[FRAME_MAX];
		struct packet p;

		frame_read(row->link, read_hex(row->frame, wire), &p);
		for (size_t j = 0; j < 2; j++) {
			struct bytes b = read_hex(expected[j], mac);

			assert_int_equal(p.has_mac[j], b.len == 6);
			assert_memory_equal(p.mac[j], mac, b.len);
		}
	}
}

/* tagged returns what becomes of a frame with `depth` VLAN tags. */
static enum frame_kind
tagged(size_t depth)
{
	uint8_t wire[64 * 4 + FRAME_MAX];
	size_t len = hex(ETHER "8100", wire, sizeof(wire));
	struct packet p;

	for (size_t i = 1; i < depth; i++)
		len += hex("00078100", wire + len, sizeof(wire) - len);
	len += hex("0007 0800" TCP4, wire + len, sizeof(wire) - len);
	return frame_read(ETHERNET, bytes_of(wire, len), &p);
}

static void
tags_have_a_bound(void **state)
{
	(void)state;
	assert_int_equal(tagged(8), FRAME_IP);
	assert_int_equal(tagged(60), FRAME_BROKEN);
}

int
main(void)
{
	static const struct CMUnitTest plain[] = {
		cmocka_unit_test(
		    hardware_addresses_are_those_of_the_outermost_link_header),
		cmocka_unit_test(tags_have_a_bound),
	};

	return run_rows("link", rows, sizeof(rows) / sizeof(rows[0]), plain,
	    sizeof(plain) / sizeof(plain[0]));
}
