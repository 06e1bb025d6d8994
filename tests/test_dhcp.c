/* SPDX-License-Identifier: ISC */
#include "dissect/dhcp.h"

#include <stdio.h>

#include "tests/heard.h"

static const uint8_t mac[6] = { 0x00, 0x53, 0x00, 0xaa, 0xbb, 0xcc };

/* dhcp builds a message: op, ciaddr, yiaddr and options in hexadecimal. */
static const char *
dhcp(
    const char *op, const char *ciaddr, const char *yiaddr, const char *options)
{
	static char text[1500];

	snprintf(text, sizeof(text),
	    "%s 01 06 00 11223344 0000 0000 %s %s 00000000 00000000"
	    "005300aabbcc 00000000000000000000 %0384d 63825363 %s",
	    op, ciaddr, yiaddr, 0, options);
	return text;
}

static const char request_options[] =
    "3501 03 3204 c0000207 0c06 6f6666696365 3c08 4d53465420352e30"
    "3704 0103060f ff";

static void
a_request_names_its_client(void **state)
{
	struct heard h =
	    hear_all(dhcp("01", "00000000", "00000000", request_options),
		SIGHTING_DHCP, false, dhcp_read);

	(void)state;
	assert_int_equal(h.count, 1);
	assert_true(h.sightings[0].has_mac);
	assert_memory_equal(h.sightings[0].mac, mac, 6);
	assert_true(h.sightings[0].has_ip);
	assert_memory_equal(h.sightings[0].ip, "\xc0\x00\x02\x07", 4);
	assert_string_equal(h.sightings[0].name, "office");
	assert_string_equal(h.sightings[0].vendor_class, "MSFT 5.0");
	assert_int_equal(h.sightings[0].parameter_count, 4);
	assert_memory_equal(h.sightings[0].parameters, "\1\3\6\x0f", 4);
}

static void
a_fqdn_outranks_the_host_name(void **state)
{
	/* option 81 as text, then in wire format (RFC 4702) */
	struct heard h = hear_all(dhcp("01", "c0000207", "00000000",
				      "350108 5109 000000 61622e63642e65"
				      "0c026162 ff"),
	    SIGHTING_DHCP, false, dhcp_read);

	(void)state;
	assert_string_equal(h.sightings[0].name, "ab.cd.");
	h = hear_all(dhcp("01", "c0000207", "00000000",
			 "350108 5109 040000 02616202636400 ff"),
	    SIGHTING_DHCP, false, dhcp_read);
	assert_string_equal(h.sightings[0].name, "ab.cd");
	assert_memory_equal(h.sightings[0].ip, "\xc0\x00\x02\x07", 4);
}

static void
only_an_acknowledgement_of_the_server_counts(void **state)
{
	struct heard h = hear_all(
	    dhcp("02", "00000000", "c0000208", "350105 0c026162 00 ff"),
	    SIGHTING_DHCP, false, dhcp_read);

	(void)state;
	assert_int_equal(h.count, 1);
	assert_memory_equal(h.sightings[0].ip, "\xc0\x00\x02\x08", 4);
	assert_string_equal(h.sightings[0].name, ""); /* not the client's */
	h = hear_all(dhcp("02", "00000000", "c0000208", "350102 ff"),
	    SIGHTING_DHCP, false, dhcp_read);
	assert_int_equal(h.count, 0); /* an offer */
}

static void
what_is_no_dhcp_says_nothing(void **state)
{
	static const char *const not_dhcp[] = { "", "01", "0106" };
	struct heard h;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		h = hear_all(not_dhcp[i], SIGHTING_DHCP, false, dhcp_read);
		assert_int_equal(h.count, 0);
	}
}

/* Solicit: transaction, DUID-LLT, IA_NA with an address, FQDN nas.example */
static const char solicit[] = "01 abcdef"
			      "0001 000e 0001 0001 11223344 005300aabbcc"
			      "0003 0028 00000001 00000000 00000000"
			      "0005 0018 20010db8000000000000000000000009"
			      "00000000 00000000"
			      "0027 000e 00 036e6173 076578616d706c65 00";

static void
a_dhcpv6_client_is_known_by_its_duid(void **state)
{
	struct heard h = hear_all(solicit, SIGHTING_DHCPV6, true, dhcpv6_read);

	(void)state;
	assert_int_equal(h.count, 1);
	assert_memory_equal(h.sightings[0].mac, mac, 6);
	assert_true(h.sightings[0].ipv6);
	assert_int_equal(h.sightings[0].ip[15], 9);
	assert_string_equal(h.sightings[0].name, "nas.example");
}

static void
a_dhcpv6_server_is_not_heard(void **state)
{
	struct heard h = hear_all("07 abcdef 0001 000a 0003 0001 005300aabbcc",
	    SIGHTING_DHCPV6, true, dhcpv6_read);

	(void)state;
	assert_int_equal(h.count, 0);
	h = hear_all("0b abcdef 0001 000a 0003 0001 005300aabbcc",
	    SIGHTING_DHCPV6, true, dhcpv6_read);
	assert_int_equal(h.count, 1);
	assert_false(h.sightings[0].has_ip);
}

static const char arp[] = "0001 0800 06 04 0002 005300aabbcc c0000205"
			  "005300ddeeff c0000201";

static void
arp_names_its_sender(void **state)
{
	struct heard h = hear_all(arp, SIGHTING_ARP, false, arp_read);

	(void)state;
	assert_int_equal(h.count, 1);
	assert_memory_equal(h.sightings[0].mac, mac, 6);
	assert_memory_equal(h.sightings[0].ip, "\xc0\x00\x02\x05", 4);
	/* a probe (RFC 5227) has no address yet */
	h = hear_all("0001 0800 06 04 0001 005300aabbcc 00000000"
		     "000000000000 c0000205",
	    SIGHTING_ARP, false, arp_read);
	assert_int_equal(h.count, 0);
	/* another hardware */
	h = hear_all("0006 0800 06 04 0001 005300aabbcc c0000205"
		     "000000000000 c0000201",
	    SIGHTING_ARP, false, arp_read);
	assert_int_equal(h.count, 0);
}

/* advertisement: 2001:db8::7 is at the MAC */
static const char advertisement[] =
    "88 00 0000 60000000 20010db8000000000000000000000007"
    "02 01 005300aabbcc";

static void
neighbours_name_themselves(void **state)
{
	struct heard h = hear_all(advertisement, SIGHTING_ND, true, nd_read);

	(void)state;
	assert_int_equal(h.count, 1);
	assert_memory_equal(h.sightings[0].mac, mac, 6);
	assert_int_equal(h.sightings[0].ip[15], 7);
	/* a solicitation: the sender's own */
	h = hear_all("87 00 0000 00000000 20010db8000000000000000000000007"
		     "01 01 005300aabbcc",
	    SIGHTING_ND, true, nd_read);
	assert_int_equal(h.count, 1);
	assert_int_equal(h.sightings[0].ip[0], 0xfe);
	/* an echo request; an option of length 0 */
	h = hear_all("80 00 0000 00010001", SIGHTING_ND, true, nd_read);
	assert_int_equal(h.count, 0);
	h = hear_all("85 00 0000 00000000 01 00 005300aabbcc", SIGHTING_ND,
	    true, nd_read);
	assert_int_equal(h.count, 0);
}

static void
damage_is_survived(void **state)
{
	(void)state;
	hear_mutants(dhcp("01", "00000000", "00000000", request_options),
	    SIGHTING_DHCP, dhcp_read);
	hear_mutants(solicit, SIGHTING_DHCPV6, dhcpv6_read);
	hear_mutants(arp, SIGHTING_ARP, arp_read);
	hear_mutants(advertisement, SIGHTING_ND, nd_read);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_names_its_client),
		cmocka_unit_test(a_fqdn_outranks_the_host_name),
		cmocka_unit_test(only_an_acknowledgement_of_the_server_counts),
		cmocka_unit_test(what_is_no_dhcp_says_nothing),
		cmocka_unit_test(a_dhcpv6_client_is_known_by_its_duid),
		cmocka_unit_test(a_dhcpv6_server_is_not_heard),
		cmocka_unit_test(arp_names_its_sender),
		cmocka_unit_test(neighbours_name_themselves),
		cmocka_unit_test(damage_is_survived),
	};

	return cmocka_run_group_tests_name("dhcp", tests, NULL, NULL);
}
