/* SPDX-License-Identifier: ISC */
#include "report/device.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/identify.h"
#include "tests/kit.h"
#include "tests/mkconnection.h"

/* All sources, and the connection whose client is asked about: 192.168.1.40,
 * 00-00-5E-00-53-28, unless a test changes it. */
struct subject {
	struct leases aliases, leases;
	struct directory *directory;
	struct oui *oui;
	struct device_sources from;
	struct connection c;
};

static int
set_up(void **state)
{
	static struct subject s;

	memset(&s, 0, sizeof(s));
	s.directory = directory_new(1, SIZE_MAX);
	s.from.directory = s.directory;
	s.from.aliases = &s.aliases;
	s.from.leases = &s.leases;
	s.c = mk_connection(1, 40, 40, VERDICT_MODERN);
	*state = &s;
	return 0;
}

static int
tear_down(void **state)
{
	struct subject *s = *state;

	leases_clear(&s->aliases);
	leases_clear(&s->leases);
	directory_free(s->directory);
	oui_free(s->oui);
	return 0;
}

static void
set_leases(struct leases *leases, const char *text)
{
	leases_clear(leases);
	assert_true(leases_parse(leases, text, strlen(text)));
	assert_int_equal(leases->bad, 0);
}

/* Hears by DHCP that the client's MAC has `name`. */
static void
hear(struct subject *s, const char *name)
{
	struct sighting heard = { .source = SIGHTING_DHCP,
		.has_mac = true,
		.vendor_class = "MSFT 5.0",
		.parameters = { 1, 3, 15 },
		.parameter_count = 3 };

	memcpy(heard.mac, s->c.end[CLIENT].mac, sizeof(heard.mac));
	memcpy(heard.name, name, strlen(name) + 1);
	directory_hear(s->directory, &heard);
}

static struct device_name
named(const struct subject *s)
{
	const struct endpoint *client = &s->c.end[CLIENT];

	return device_name(&s->from, client, s->c.ipv6,
	    device_owns(&s->from, client, s->c.ipv6));
}

static void
assert_named(const struct subject *s, enum name_source source, const char *name)
{
	struct device_name device = named(s);

	assert_string_equal(device.name, name);
	assert_int_equal(device.source, source);
}

static void
a_device_is_its_mac_else_its_address(void **state)
{
	struct subject *s = *state;

	assert_string_equal(named(s).id, "00-00-5E-00-53-28");
	assert_true(named(s).own_mac);
	assert_false(named(s).randomized_mac);
	assert_named(s, NAME_NONE, "");
	s->c.end[CLIENT].mac[0] = 2;
	assert_string_equal(named(s).id, "02-00-5E-00-53-28");
	assert_true(named(s).randomized_mac);
	s->c.end[CLIENT].has_mac = false;
	assert_string_equal(named(s).id, "192.168.1.40");
	assert_false(named(s).own_mac);
	assert_false(named(s).randomized_mac);
	s->c = mk_connection_ipv6(1, 0x40, 0, VERDICT_MODERN);
	assert_string_equal(named(s).id, "2001:db8:0:1::40");
}

static void
behind_a_router_a_device_is_its_address(void **state)
{
	struct subject *s = *state;
	struct connection other = mk_connection(2, 1, 40, VERDICT_MODERN);

	hear(s, "router");
	set_leases(&s->leases, "0 00:00:5e:00:53:28 192.168.1.1 gate *\n"
			       "0 00:00:5e:00:53:99 192.168.1.40 laptop *\n");
	directory_meet(s->directory, &s->c);
	directory_meet(s->directory, &other);
	assert_string_equal(named(s).id, "192.168.1.40");
	assert_named(s, NAME_LEASE, "laptop");
}

static void
the_users_word_is_above_leases_and_those_above_the_network(void **state)
{
	struct subject *s = *state;

	assert_string_equal(named(s).vendor_class, "");
	hear(s, "by-dhcp");
	assert_string_equal(named(s).vendor_class, "MSFT 5.0");
	assert_int_equal(named(s).parameter_count, 3);
	assert_int_equal(named(s).parameters[2], 15);
	assert_named(s, NAME_DHCP, "by-dhcp");
	set_leases(&s->leases, "0 00:00:5e:00:53:28 192.168.1.9 by-lease *\n");
	assert_named(s, NAME_LEASE, "by-lease");
	set_leases(&s->aliases, "0 x 192.168.1.40 by-address *\n");
	assert_named(s, NAME_ALIAS, "by-address");
	set_leases(&s->aliases, "0 x 192.168.1.40 by-address *\n"
				"0 00:00:5e:00:53:28 192.168.1.9 by-mac *\n");
	assert_named(s, NAME_ALIAS, "by-mac");
}

static void
the_lease_of_an_address_is_not_anothers(void **state)
{
	struct subject *s = *state;

	set_leases(&s->leases, "0 00:00:5e:00:53:99 192.168.1.40 other *\n");
	assert_named(s, NAME_NONE, "");
	set_leases(&s->leases, "0 x 192.168.1.40 no-mac *\n");
	assert_named(s, NAME_LEASE, "no-mac");
	s->c = mk_connection_ipv6(1, 0x40, 40, VERDICT_MODERN);
	set_leases(&s->leases,
	    "0 1234 2001:db8:0:1::40 v6-host 00:03:00:01:9:9:9:9:9:9\n");
	assert_named(s, NAME_LEASE, "v6-host");
}

static void
a_made_up_mac_has_no_vendor(void **state)
{
	char path[] = "/tmp/test_device_XXXXXX";
	struct subject *s = *state;
	int fd = mkstemp(path);
	FILE *out = fdopen(fd, "w");

	assert_non_null(out);
	fputs("MA-L,00005E,\"Example, Inc.\",\n"
	      "MA-L,02005E,\"Wrong, Inc.\",\n",
	    out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(oui_open(path, &s->oui), 0);
	assert_int_equal(unlink(path), 0);
	s->from.oui = s->oui;
	assert_string_equal(named(s).vendor, "Example");
	s->c.end[CLIENT].mac[0] = 2;
	assert_string_equal(named(s).vendor, "");
	s->c.end[CLIENT].mac[0] = 0;
	s->c.end[CLIENT].has_mac = false;
	assert_string_equal(named(s).vendor, "");
}

static void
without_sources_there_is_still_an_id(void **state)
{
	struct subject *s = *state;
	struct identity who;

	s->from = (struct device_sources){ .oui = NULL };
	assert_string_equal(named(s).id, "00-00-5E-00-53-28");
	assert_named(s, NAME_NONE, "");
	identify(NULL, &s->c, &who);
	assert_string_equal(who.device.id, "00-00-5E-00-53-28");
	assert_string_equal(who.device.name, "");
	memset(s->c.end[CLIENT].mac, 0, 6); /* the loopback interface */
	identify(NULL, &s->c, &who);
	assert_string_equal(who.device.id, "192.168.1.40");
}

static void
a_server_goes_by_the_best_name_it_has(void **state)
{
	struct subject *s = *state;
	struct sighting heard = { .source = SIGHTING_DNS, .has_ip = true };
	struct identity who;

	memcpy(heard.ip, s->c.end[SERVER].ip, sizeof(heard.ip));
	memcpy(heard.name, "asked.example", 14);
	directory_hear(s->directory, &heard);
	memcpy(s->c.greeting_name, "greeting.example", 17);
	memcpy(s->c.server_certificate.name, "cert.example", 13);
	identify(&s->from, &s->c, &who);
	assert_string_equal(who.server_name, "mail.example"); /* the SNI */
	s->c.offer.server_name[0] = '\0';
	identify(&s->from, &s->c, &who);
	assert_string_equal(who.server_name, "asked.example");
	s->from.directory = NULL;
	identify(&s->from, &s->c, &who);
	assert_string_equal(who.server_name, "greeting.example");
	s->c.greeting_name[0] = '\0';
	identify(&s->from, &s->c, &who);
	assert_string_equal(who.server_name, "cert.example");
	s->c.server_certificate.name[0] = '\0';
	identify(&s->from, &s->c, &who);
	assert_string_equal(who.server_name, "");
	memset(s->c.greeting_name, 'x', CONNECTION_NAME_MAX);
	identify(&s->from, &s->c, &who);
	assert_int_equal(strlen(who.server_name), CONNECTION_NAME_MAX - 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_device_is_its_mac_else_its_address),
		TEST(behind_a_router_a_device_is_its_address),
		TEST(
		    the_users_word_is_above_leases_and_those_above_the_network),
		TEST(the_lease_of_an_address_is_not_anothers),
		TEST(a_made_up_mac_has_no_vendor),
		TEST(without_sources_there_is_still_an_id),
		TEST(a_server_goes_by_the_best_name_it_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
