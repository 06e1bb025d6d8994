/* SPDX-License-Identifier: ISC */
#include "report/directory.h"

#include <string.h>

#include "tests/kit.h"
#include "tests/mkconnection.h"

/* Devices are numbered: 192.168.1.N, 2001:db8:0:1::N, 00-00-5E-00-53-N. */

static int
set_up(void **state)
{
	*state = directory_new(1, SIZE_MAX);
	return 0;
}

static int
tear_down(void **state)
{
	directory_free(*state);
	return 0;
}

static struct sighting
sighting_of(enum sighting_source source, uint8_t mac, uint8_t host)
{
	struct sighting s = { .source = source,
		.has_mac = mac != 0,
		.mac = { 0, 0, 0x5e, 0, 0x53, mac },
		.has_ip = host != 0,
		.ip = { 192, 168, 1, host } };

	return s;
}

/* Hears that `mac` has the address of `host`; 0 is none, of each. */
static void
hear(struct directory *d, enum sighting_source source, uint8_t mac,
    uint8_t host, const char *name)
{
	struct sighting s = sighting_of(source, mac, host);

	memcpy(s.name, name, strlen(name) + 1);
	directory_hear(d, &s);
}

static void
hear_ipv6(struct directory *d, enum sighting_source source, uint8_t mac,
    uint8_t host, const char *name)
{
	struct sighting s = sighting_of(source, mac, 1);
	const uint8_t ip[16] = { 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0,
		0, 0, host };

	s.ipv6 = true;
	memcpy(s.ip, ip, sizeof(ip));
	memcpy(s.name, name, strlen(name) + 1);
	directory_hear(d, &s);
}

/* The client of `c` has the name from that source; NULL: none. */
static void
assert_named(const struct directory *d, const struct connection *c,
    enum name_source source, const char *name)
{
	const struct endpoint *client = &c->end[CLIENT];
	enum name_source heard;
	const char *is = directory_device(
	    d, client, c->ipv6, directory_owns(d, client, c->ipv6), &heard);

	assert_string_equal(is, name != NULL ? name : "");
	assert_int_equal(heard, source);
}

static struct connection
meet(struct directory *d, uint8_t host, uint8_t mac, const char *ehlo)
{
	struct connection c = mk_connection(1, host, mac, VERDICT_MODERN);

	memcpy(c.ehlo, ehlo, strlen(ehlo) + 1);
	directory_meet(d, &c);
	return c;
}

static void
an_empty_one_knows_nothing(void **state)
{
	uint8_t parameters[SIGHTING_PARAMETERS_MAX];
	struct connection c = mk_connection(1, 40, 40, VERDICT_MODERN);

	assert_named(*state, &c, NAME_NONE, NULL);
	assert_true(directory_owns(*state, &c.end[CLIENT], false));
	assert_string_equal(directory_server(*state, &c), "");
	assert_string_equal(directory_class(*state, c.end[CLIENT].mac), "");
	assert_int_equal(
	    directory_parameters(*state, c.end[CLIENT].mac, parameters), 0);
	assert_int_equal(directory_forgotten(*state), 0);
}

static void
dhcp_names_a_mac_at_any_address(void **state)
{
	struct connection v4, v6;

	hear(*state, SIGHTING_DHCP, 40, 0, "printer");
	v4 = meet(*state, 40, 40, "");
	v6 = mk_connection_ipv6(1, 9, 40, VERDICT_MODERN);
	assert_named(*state, &v4, NAME_DHCP, "printer");
	assert_named(*state, &v6, NAME_DHCP, "printer");
	v4 = meet(*state, 41, 41, "");
	assert_named(*state, &v4, NAME_NONE, NULL);
}

static void
dhcp_shows_habits_which_one_message_may_leave_out(void **state)
{
	struct sighting s = sighting_of(SIGHTING_DHCP, 40, 0);
	uint8_t parameters[SIGHTING_PARAMETERS_MAX];

	memcpy(s.vendor_class, "udhcp", 6);
	directory_hear(*state, &s);
	memset(s.vendor_class, 0, sizeof(s.vendor_class));
	memcpy(s.parameters, "\1\3", 2);
	s.parameter_count = 2;
	directory_hear(*state, &s);
	s.parameter_count = 0;
	directory_hear(*state, &s);
	assert_string_equal(directory_class(*state, s.mac), "udhcp");
	assert_int_equal(directory_parameters(*state, s.mac, parameters), 2);
	assert_memory_equal(parameters, "\1\3", 2);
}

static void
a_name_of_one_address_goes_with_the_mac_to_all(void **state)
{
	struct connection c = mk_connection_ipv6(1, 40, 40, VERDICT_MODERN);

	/* mDNS over IPv4, before anything is known of the address. */
	hear(*state, SIGHTING_MDNS, 40, 40, "laptop.local");
	assert_named(*state, &c, NAME_NONE, NULL);
	hear(*state, SIGHTING_ARP, 40, 40, "");
	assert_named(*state, &c, NAME_MDNS, "laptop");
	/* And after. */
	hear_ipv6(*state, SIGHTING_ND, 41, 41, "");
	hear_ipv6(*state, SIGHTING_LLMNR, 41, 41, "phone");
	c = mk_connection(1, 41, 41, VERDICT_MODERN);
	assert_named(*state, &c, NAME_LLMNR, "phone");
}

static void
the_best_source_wins_and_among_equals_the_last(void **state)
{
	struct connection c = meet(*state, 40, 40, "by-ehlo");

	assert_named(*state, &c, NAME_EHLO, "by-ehlo");
	hear(*state, SIGHTING_NETBIOS, 40, 40, "NETBIOS");
	assert_named(*state, &c, NAME_NETBIOS, "NETBIOS");
	hear(*state, SIGHTING_LLMNR, 40, 40, "llmnr");
	assert_named(*state, &c, NAME_LLMNR, "llmnr");
	hear(*state, SIGHTING_MDNS, 40, 40, "mdns.local");
	hear(*state, SIGHTING_NETBIOS, 40, 40, "LATER");
	assert_named(*state, &c, NAME_MDNS, "mdns");
	hear(*state, SIGHTING_DHCP, 40, 0, "one");
	hear(*state, SIGHTING_MDNS, 40, 40, "later.local");
	hear(*state, SIGHTING_DHCP, 40, 0, "two");
	meet(*state, 40, 40, "by-ehlo");
	assert_named(*state, &c, NAME_DHCP, "two");
}

static void
what_is_no_name_takes_no_name_away(void **state)
{
	struct connection c = meet(*state, 40, 40, "");

	hear(*state, SIGHTING_DHCP, 40, 40, "printer");
	hear(*state, SIGHTING_DHCP, 40, 40, "");
	hear(*state, SIGHTING_DHCP, 40, 40, "localhost");
	hear(*state, SIGHTING_MDNS, 40, 40,
	    "3f2b8d0e-1c55-4a60-9a21-0123456789ab.local");
	assert_named(*state, &c, NAME_DHCP, "printer");
}

static void
nobody_names_the_address_of_another(void **state)
{
	struct connection c = meet(*state, 40, 40, "");
	struct connection other = meet(*state, 41, 41, "");

	hear(*state, SIGHTING_MDNS, 41, 40, "evil.local");
	hear(*state, SIGHTING_LLMNR, 41, 40, "evil");
	assert_named(*state, &c, NAME_NONE, NULL);
	assert_named(*state, &other, NAME_NONE, NULL);
	/* Where the capture has no MACs, there is nothing to tell by. */
	hear(*state, SIGHTING_MDNS, 0, 40, "laptop.local");
	assert_named(*state, &c, NAME_MDNS, "laptop");
}

static void
an_address_that_changes_hands_loses_its_name(void **state)
{
	struct connection c;

	hear(*state, SIGHTING_DHCP, 40, 40, "laptop");
	hear(*state, SIGHTING_ARP, 41, 40, "");
	c = meet(*state, 40, 41, "");
	assert_named(*state, &c, NAME_NONE, NULL);
	c = mk_connection(1, 40, 0, VERDICT_MODERN);
	assert_named(*state, &c, NAME_NONE, NULL);
	/* The device that had it keeps its name. */
	c = meet(*state, 50, 40, "");
	assert_named(*state, &c, NAME_DHCP, "laptop");
}

static void
without_a_mac_the_address_has_the_name(void **state)
{
	struct connection c = meet(*state, 40, 0, "scanner");

	assert_false(directory_owns(*state, &c.end[CLIENT], false));
	assert_named(*state, &c, NAME_EHLO, "scanner");
	hear(*state, SIGHTING_NETBIOS, 0, 40, "SCANNER");
	assert_named(*state, &c, NAME_NETBIOS, "SCANNER");
}

static void
two_names_from_ehlo_are_none(void **state)
{
	struct connection c = meet(*state, 40, 40, "NAS");

	meet(*state, 40, 40, "localhost");
	meet(*state, 40, 40, "mail.host.example");
	meet(*state, 40, 40, "nas");
	assert_named(*state, &c, NAME_EHLO, "nas");
	meet(*state, 40, 40, "other");
	assert_named(*state, &c, NAME_NONE, NULL);
	meet(*state, 40, 40, "nas");
	assert_named(*state, &c, NAME_NONE, NULL);
	hear(*state, SIGHTING_DHCP, 40, 0, "DiskStation");
	assert_named(*state, &c, NAME_DHCP, "DiskStation");
}

static void
a_mac_in_front_of_many_addresses_is_a_routers(void **state)
{
	struct connection c;

	hear(*state, SIGHTING_DHCP, 1, 0, "repeater");
	for (uint8_t host = 40; host < 43; host++)
		c = meet(*state, host, 1, "");
	meet(*state, 42, 1, "desk-pc");
	assert_true(directory_owns(*state, &c.end[CLIENT], false));
	assert_named(*state, &c, NAME_DHCP, "repeater");
	meet(*state, 43, 1, "");
	assert_false(directory_owns(*state, &c.end[CLIENT], false));
	assert_named(*state, &c, NAME_EHLO, "desk-pc");
}

static void
a_mac_in_front_of_two_networks_is_a_routers(void **state)
{
	struct connection c = mk_connection(2, 40, 1, VERDICT_MODERN);

	meet(*state, 40, 1, "");
	assert_true(directory_owns(*state, &c.end[CLIENT], false));
	directory_meet(*state, &c);
	assert_false(directory_owns(*state, &c.end[CLIENT], false));
}

static void
a_mac_in_front_of_many_prefixes_is_a_routers(void **state)
{
	struct connection c;

	for (uint8_t net = 0; net < 8; net++) {
		c = mk_connection_ipv6(net, 1, 1, VERDICT_MODERN);
		directory_meet(*state, &c);
		c.end[CLIENT].ip[15]++;
		directory_meet(*state, &c);
	}
	assert_true(directory_owns(*state, &c.end[CLIENT], true));
	c = mk_connection_ipv6(8, 1, 1, VERDICT_MODERN);
	directory_meet(*state, &c);
	assert_false(directory_owns(*state, &c.end[CLIENT], true));
}

static void
an_address_of_yesterday_does_not_count(void **state)
{
	struct connection c;

	for (uint8_t host = 40; host < 44; host++) {
		c = mk_connection(1, host, 1, VERDICT_MODERN);
		c.first_us += INT64_C(9 * 3600) * MK_SECOND * host;
		directory_meet(*state, &c);
	}
	assert_true(directory_owns(*state, &c.end[CLIENT], false));
	/* Nor does one that every device may have. */
	c.end[CLIENT].ip[0] = 169;
	c.end[CLIENT].ip[1] = 254;
	directory_meet(*state, &c);
	c = mk_connection_ipv6(1, 1, 1, VERDICT_MODERN);
	memcpy(c.end[CLIENT].ip, "\xfe\x80", 2);
	directory_meet(*state, &c);
	assert_true(directory_owns(*state, &c.end[CLIENT], true));
}

static void
a_public_client_is_not_the_router_with_a_private_address(void **state)
{
	struct connection c = mk_connection(1, 7, 1, VERDICT_MODERN);

	hear(*state, SIGHTING_ARP, 1, 1, "");
	hear(*state, SIGHTING_MDNS, 1, 1, "router.local");
	memcpy(c.end[CLIENT].ip, "\xcb\x00\x71\x07", 4); /* 203.0.113.7 */
	memcpy(c.ehlo, "stranger", 9);
	directory_meet(*state, &c);
	assert_false(directory_owns(*state, &c.end[CLIENT], false));
	assert_named(*state, &c, NAME_EHLO, "stranger");
	c = mk_connection(1, 1, 1, VERDICT_MODERN);
	assert_named(*state, &c, NAME_MDNS, "router");
	memcpy(c.end[CLIENT].ip, "\xac\x10\x00\x01", 4); /* 172.16.0.1 */
	assert_true(directory_owns(*state, &c.end[CLIENT], false));
	memcpy(c.end[CLIENT].ip, "\x0a\x00\x00\x01", 4); /* 10.0.0.1 */
	assert_true(directory_owns(*state, &c.end[CLIENT], false));
	memcpy(c.end[CLIENT].ip, "\xac\x20\x00\x01", 4); /* 172.32.0.1 */
	assert_false(directory_owns(*state, &c.end[CLIENT], false));
}

static void
multicast_and_no_mac_at_all_are_nobodys(void **state)
{
	struct connection c = mk_connection(1, 40, 40, VERDICT_MODERN);
	struct sighting s = sighting_of(SIGHTING_DHCP, 40, 40);

	memset(s.mac, 0, sizeof(s.mac));
	memcpy(s.name, "lo", 3);
	directory_hear(*state, &s);
	memset(c.end[CLIENT].mac, 0, 6);
	directory_meet(*state, &c);
	assert_false(directory_owns(*state, &c.end[CLIENT], false));
	assert_named(*state, &c, NAME_NONE, NULL);
	c.end[CLIENT].mac[0] = 1;
	assert_false(directory_owns(*state, &c.end[CLIENT], false));
}

static void
dhcpv6_names_without_telling_whose_the_address_is(void **state)
{
	struct connection c = mk_connection_ipv6(1, 9, 40, VERDICT_MODERN);

	/* The DUID has the MAC of another interface of the same device. */
	hear_ipv6(*state, SIGHTING_DHCPV6, 77, 9, "laptop");
	directory_meet(*state, &c);
	assert_named(*state, &c, NAME_DHCP, "laptop");
	c = mk_connection(1, 77, 77, VERDICT_MODERN);
	assert_named(*state, &c, NAME_DHCP, "laptop");
}

/* `asker` looks up `name`, which has the address of the server of `c`. */
static void
look_up(struct directory *d, const struct connection *c, const char *name,
    const struct endpoint *asker)
{
	struct sighting s = sighting_of(SIGHTING_DNS, 1, 1);

	memcpy(s.ip, c->end[SERVER].ip, sizeof(s.ip));
	memcpy(s.name, name, strlen(name) + 1);
	s.asker_has_mac = asker->has_mac;
	memcpy(s.asker_mac, asker->mac, sizeof(s.asker_mac));
	memcpy(s.asker_ip, asker->ip, sizeof(s.asker_ip));
	directory_hear(d, &s);
}

static void
a_server_has_the_name_that_its_client_last_asked_for(void **state)
{
	struct connection a = mk_connection(1, 40, 40, VERDICT_MODERN);
	struct connection b = mk_connection(1, 41, 0, VERDICT_MODERN);
	struct connection c = mk_connection(1, 42, 42, VERDICT_MODERN);

	assert_string_equal(directory_server(*state, &a), "");
	look_up(*state, &a, "imap.example", &a.end[CLIENT]);
	look_up(*state, &a, "smtp.example", &a.end[CLIENT]);
	look_up(*state, &a, "pop.example", &b.end[CLIENT]);
	look_up(*state, &a, "", &a.end[CLIENT]);
	assert_string_equal(directory_server(*state, &a), "smtp.example");
	assert_string_equal(directory_server(*state, &b), "pop.example");
	/* Who was not heard asking: what anybody was. */
	assert_string_equal(directory_server(*state, &c), "pop.example");
	c.end[SERVER].ip[3]++;
	assert_string_equal(directory_server(*state, &c), "");
	a = mk_connection_ipv6(1, 40, 40, VERDICT_MODERN);
	assert_string_equal(directory_server(*state, &a), "");
}

static void
a_servers_name_always_ends(void **state)
{
	struct connection c = mk_connection(1, 40, 40, VERDICT_MODERN);
	struct sighting s = sighting_of(SIGHTING_DNS, 1, 1);

	memcpy(s.ip, c.end[SERVER].ip, sizeof(s.ip));
	memset(s.name, 'x', sizeof(s.name));
	directory_hear(*state, &s);
	assert_int_equal(
	    strlen(directory_server(*state, &c)), SIGHTING_NAME_MAX - 1);
}

static void
with_less_memory_less_is_remembered(void **state)
{
	struct directory *small = directory_new(1, 1);
	struct sighting s = sighting_of(SIGHTING_DNS, 41, 41);

	(void)state;
	memcpy(s.name, "mail", 5);
	for (unsigned i = 0; i < DIRECTORY_SERVERS; i++) {
		memcpy(s.ip, &i, sizeof(i));
		directory_hear(small, &s);
	}
	/* Each goes to two places, for who asked and for all. */
	assert_int_equal(directory_forgotten(small),
	    2 * DIRECTORY_SERVERS - DIRECTORY_SERVERS / 32);
	directory_free(small);
}

static void
a_flood_of_sightings_is_forgotten_and_counted(void **state)
{
	struct connection c = meet(*state, 40, 40, "");
	struct sighting s = sighting_of(SIGHTING_DHCP, 41, 41);

	hear(*state, SIGHTING_DHCP, 40, 0, "printer");
	memcpy(s.name, "flood", 6);
	for (unsigned i = 0; i < 2 * DIRECTORY_ADDRESSES; i++) {
		memcpy(s.mac + 2, &i, sizeof(i));
		memcpy(s.ip, &i, sizeof(i));
		directory_hear(*state, &s);
		if (i % 512 == 0) /* heard now and then, it stays */
			hear(*state, SIGHTING_ARP, 40, 40, "");
		if (i % 512 == 0)
			hear(*state, SIGHTING_DHCP, 40, 0, "printer");
	}
	assert_named(*state, &c, NAME_DHCP, "printer");
	assert_in_range(directory_forgotten(*state),
	    2 * DIRECTORY_ADDRESSES - DIRECTORY_DEVICES,
	    4 * DIRECTORY_ADDRESSES);
	s.source = SIGHTING_DNS;
	for (unsigned i = 0; i < 2 * DIRECTORY_SERVERS; i++) {
		memcpy(s.ip, &i, sizeof(i));
		directory_hear(*state, &s);
	}
	memcpy(c.end[SERVER].ip, s.ip, sizeof(s.ip));
	assert_string_equal(directory_server(*state, &c), "flood");
}

static void
sightings_without_what_they_should_have_do_nothing(void **state)
{
	struct connection c = mk_connection(1, 40, 40, VERDICT_MODERN);

	for (int source = SIGHTING_ARP; source <= SIGHTING_DNS; source++) {
		hear(*state, (enum sighting_source)source, 0, 0, "name");
		hear(*state, (enum sighting_source)source, 0, 0, "");
	}
	hear(*state, SIGHTING_ARP, 40, 0, "name");
	hear(*state, SIGHTING_MDNS, 40, 0, "name");
	assert_named(*state, &c, NAME_NONE, NULL);
	directory_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_one_knows_nothing),
		TEST(dhcp_names_a_mac_at_any_address),
		TEST(dhcp_shows_habits_which_one_message_may_leave_out),
		TEST(a_name_of_one_address_goes_with_the_mac_to_all),
		TEST(the_best_source_wins_and_among_equals_the_last),
		TEST(what_is_no_name_takes_no_name_away),
		TEST(nobody_names_the_address_of_another),
		TEST(an_address_that_changes_hands_loses_its_name),
		TEST(without_a_mac_the_address_has_the_name),
		TEST(two_names_from_ehlo_are_none),
		TEST(a_mac_in_front_of_many_addresses_is_a_routers),
		TEST(a_mac_in_front_of_two_networks_is_a_routers),
		TEST(a_mac_in_front_of_many_prefixes_is_a_routers),
		TEST(an_address_of_yesterday_does_not_count),
		TEST(a_public_client_is_not_the_router_with_a_private_address),
		TEST(multicast_and_no_mac_at_all_are_nobodys),
		TEST(dhcpv6_names_without_telling_whose_the_address_is),
		TEST(a_server_has_the_name_that_its_client_last_asked_for),
		TEST(a_servers_name_always_ends),
		TEST(with_less_memory_less_is_remembered),
		TEST(a_flood_of_sightings_is_forgotten_and_counted),
		TEST(sightings_without_what_they_should_have_do_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
