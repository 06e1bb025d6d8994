/* SPDX-License-Identifier: ISC */
/* What reports call a device: census, text and JSON document together. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "report/census.h"
#include "report/report.h"
#include "tests/kit.h"
#include "tests/mkconnection.h"

struct subject {
	struct inventory inventory;
	struct leases aliases;
	struct directory *directory;
	struct device_sources from;
	struct report_source source;
};

static int
set_up(void **state)
{
	static struct subject s;

	memset(&s, 0, sizeof(s));
	inventory_init(&s.inventory);
	s.directory = directory_new(1, SIZE_MAX);
	s.from.aliases = &s.aliases;
	s.from.directory = s.directory;
	s.source.devices = &s.from;
	s.source.min_version = TLS_1_2;
	*state = &s;
	return 0;
}

static int
tear_down(void **state)
{
	struct subject *s = *state;

	inventory_clear(&s->inventory);
	leases_clear(&s->aliases);
	directory_free(s->directory);
	return 0;
}

static void
add(struct subject *s, struct connection c)
{
	directory_meet(s->directory, &c);
	mk_add(&s->inventory, c, 1);
}

/* Hears from `mac` that it is called `name` and, unless 0, that it has the
 * address of `host`. */
static void
hear(struct subject *s, enum sighting_source source, uint8_t mac, uint8_t host,
    const char *name)
{
	struct sighting heard = { .source = source,
		.has_mac = true,
		.mac = { 0, 0, 0x5e, 0, 0x53, mac },
		.has_ip = host != 0,
		.ip = { 192, 168, 1, host } };

	memcpy(heard.name, name, strlen(name) + 1);
	directory_hear(s->directory, &heard);
}

/* The text report has `wanted`. */
static void
says(const struct subject *s, const char *wanted)
{
	static const struct report_style wide = { .columns = 2000 };
	static char *text;
	static size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(report_text(out, &s->inventory, &s->source, &wide), 0);
	assert_int_equal(fclose(out), 0);
	if (strstr(text, wanted) == NULL)
		fail_msg("no \"%s\" in:\n%s", wanted, text);
	free(text);
}

/* The device of the first entry of the JSON document. */
static void
assert_device(const struct subject *s, const char *expected)
{
	char *text = NULL, *device;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	json_t *json;

	assert_non_null(out);
	assert_int_equal(report_json(out, &s->inventory, &s->source), 0);
	assert_int_equal(fclose(out), 0);
	json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	free(text);
	assert_non_null(json);
	device = json_dumps(
	    json_object_get(
		json_array_get(json_object_get(json, "entries"), 0), "device"),
	    JSON_COMPACT | JSON_ENSURE_ASCII);
	assert_string_equal(device, expected);
	free(device);
	json_decref(json);
}

static void
a_device_with_a_name_goes_by_it(void **state)
{
	struct subject *s = *state;

	add(s, mk_connection(1, 40, 40, VERDICT_OLD_CLIENT));
	says(s, "\n  192.168.1.40 (00-00-5E-00-53-28)\n");
	says(s, "The six pairs in brackets");
	assert_device(s, "{\"id\":\"00-00-5E-00-53-28\","
			 "\"mac\":\"00-00-5E-00-53-28\","
			 "\"ip\":\"192.168.1.40\"}");
	/* Heard of after the connection, it counts as well. */
	hear(s, SIGHTING_DHCP, 40, 0, "printer");
	says(s, "\n  printer (192.168.1.40)\n");
	assert_device(s, "{\"id\":\"00-00-5E-00-53-28\",\"name\":\"printer\","
			 "\"name_source\":\"dhcp\","
			 "\"mac\":\"00-00-5E-00-53-28\","
			 "\"ip\":\"192.168.1.40\"}");
}

static void
the_best_name_of_all_addresses_is_the_devices(void **state)
{
	struct subject *s = *state;
	struct connection c = mk_connection(1, 40, 40, VERDICT_OLD_CLIENT);
	struct census census;

	memcpy(c.ehlo, "by-ehlo", 8);
	add(s, c);
	add(s, mk_connection(1, 41, 40, VERDICT_OLD_CLIENT));
	add(s, mk_connection_ipv6(1, 40, 40, VERDICT_OLD_CLIENT));
	says(s, "\n  by-ehlo (192.168.1.40 and 2 more addresses)\n");
	census_take(&s->inventory, &s->from, &census);
	assert_int_equal(census.count, 1);
	assert_int_equal(census.devices[0].name.source, NAME_EHLO);
	census_clear(&census);
	assert_true(
	    leases_parse(&s->aliases, "0 x 192.168.1.41 The-Printer *\n", 31));
	says(s, "\n  The-Printer (192.168.1.40 and 2 more addresses)\n");
}

static void
a_made_up_mac_is_marked(void **state)
{
	struct subject *s = *state;
	struct connection c = mk_connection(1, 40, 40, VERDICT_OLD_CLIENT);

	c.end[CLIENT].mac[0] = 2;
	add(s, c);
	says(s, "\n  192.168.1.40 (random 02-00-5E-00-53-28)\n");
	assert_device(s, "{\"id\":\"02-00-5E-00-53-28\","
			 "\"randomized_mac\":true,"
			 "\"mac\":\"02-00-5E-00-53-28\","
			 "\"ip\":\"192.168.1.40\"}");
}

static void
behind_a_router_the_address_has_the_name(void **state)
{
	struct subject *s = *state;
	struct connection c = mk_connection(1, 40, 40, VERDICT_OLD_CLIENT);

	hear(s, SIGHTING_DHCP, 40, 0, "router");
	memcpy(c.ehlo, "desk-pc", 8);
	add(s, c);
	add(s, mk_connection(2, 40, 40, VERDICT_MODERN));
	says(s, "\n  desk-pc (192.168.1.40, behind the router "
		"00-00-5E-00-53-28)\n");
	says(s, "\n  192.168.2.40 (behind the router 00-00-5E-00-53-28)\n");
	assert_device(s, "{\"id\":\"192.168.1.40\",\"name\":\"desk-pc\","
			 "\"name_source\":\"ehlo\","
			 "\"mac\":\"00-00-5E-00-53-28\","
			 "\"ip\":\"192.168.1.40\",\"behind_router\":true}");
}

static void
a_hostile_name_is_harmless_and_can_not_seem_to_end(void **state)
{
	struct subject *s = *state;

	add(s, mk_connection(1, 40, 40, VERDICT_OLD_CLIENT));
	hear(s, SIGHTING_DHCP, 40, 0, "\x1b[31m (Apple)\xe2\x80\xae\n");
	says(s, "\n  \\x1b[31m\\x20(Apple)\\xe2\\x80\\xae (192.168.1.40)\n");
	assert_device(s,
	    "{\"id\":\"00-00-5E-00-53-28\","
	    "\"name\":\"\\u001B[31m (Apple)\\u202E\","
	    "\"name_source\":\"dhcp\",\"mac\":\"00-00-5E-00-53-28\","
	    "\"ip\":\"192.168.1.40\"}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_device_with_a_name_goes_by_it),
		TEST(the_best_name_of_all_addresses_is_the_devices),
		TEST(a_made_up_mac_is_marked),
		TEST(behind_a_router_the_address_has_the_name),
		TEST(a_hostile_name_is_harmless_and_can_not_seem_to_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
