/* SPDX-License-Identifier: ISC */
#include "report/census.h"

#include <string.h>

#include "tests/kit.h"
#include "tests/mkconnection.h"

static int
set_up(void **state)
{
	static struct inventory inventory;

	inventory_init(&inventory);
	*state = &inventory;
	return 0;
}

static int
tear_down(void **state)
{
	inventory_clear(*state);
	return 0;
}

static void
an_empty_inventory_has_no_devices(void **state)
{
	struct census census;

	census_take(*state, NULL, &census);
	assert_int_equal(census.count, 0);
	census_clear(&census);
	inventory_clear(*state);
	inventory_clear(*state);
	inventory_init(*state);
}

static void
one_mac_is_one_device_whatever_its_addresses(void **state)
{
	struct connection c[] = {
		mk_connection(1, 40, 0x23, VERDICT_MODERN),
		mk_connection(1, 41, 0x23, VERDICT_FAILED),
		mk_connection_ipv6(1, 1, 0x23, VERDICT_MODERN),
		mk_connection_ipv6(2, 2, 0x23, VERDICT_MODERN),
		mk_connection(254, 7, 0x23, VERDICT_MODERN),
		mk_connection_ipv6(3, 3, 0x23, VERDICT_MODERN),
	};
	struct census census;
	const struct device *device;

	/* Two link-local ones do not make it a router. */
	c[4].end[CLIENT].ip[0] = 169;
	c[4].end[CLIENT].ip[1] = 254;
	c[5].end[CLIENT].ip[0] = 0xfe;
	c[5].end[CLIENT].ip[1] = 0x80;
	c[1].last_us += 900 * MK_SECOND;
	for (size_t i = 0; i < 6; i++)
		mk_add(*state, c[i], 1);
	census_take(*state, NULL, &census);
	assert_int_equal(census.count, 1);
	device = &census.devices[0];
	assert_true(device->by_mac);
	assert_false(device->behind_router);
	assert_int_equal(device->count, 6);
	assert_int_equal(device->addresses, 6);
	assert_int_equal(device->connections, 6);
	assert_int_equal(device->worst, VERDICT_FAILED);
	assert_int_equal(device->by_verdict[VERDICT_MODERN], 5);
	assert_int_equal(device->shown->client.ip[3], 41);
	census_clear(&census);
}

static void
a_mac_before_two_networks_is_a_router(void **state)
{
	const struct connection c[] = {
		mk_connection(1, 40, 0x23, VERDICT_MODERN),
		mk_connection(2, 40, 0x23, VERDICT_OLD_CLIENT),
		mk_connection(3, 40, 0x24, VERDICT_OLD_CLIENT),
	};
	struct census census;

	for (size_t i = 0; i < 3; i++)
		mk_add(*state, c[i], 1);
	census_take(*state, NULL, &census);
	assert_int_equal(census.count, 3);
	assert_int_equal(census.devices[0].shown->client.ip[2], 2);
	assert_true(census.devices[0].behind_router);
	assert_false(census.devices[0].by_mac);
	assert_int_equal(census.devices[1].shown->client.ip[2], 3);
	assert_false(census.devices[1].behind_router);
	assert_true(census.devices[1].by_mac);
	assert_int_equal(census.devices[2].shown->client.ip[2], 1);
	assert_true(census.devices[2].behind_router);
	census_clear(&census);
}

/* How many devices `count` connections, made by `make` of one MAC, are. */
static size_t
devices_of(struct inventory *inventory, unsigned count,
    struct connection (*make)(uint8_t i))
{
	struct census census;
	size_t devices;

	inventory_clear(inventory);
	inventory_init(inventory);
	for (unsigned i = 0; i < count; i++) {
		struct connection c = make((uint8_t)i);

		mk_add(inventory, c, 1);
		mk_add(inventory, c, 1);
	}
	census_take(inventory, NULL, &census);
	devices = census.count;
	census_clear(&census);
	return devices;
}

static struct connection
another_address(uint8_t i)
{
	return mk_connection(1, i, 0x23, VERDICT_MODERN);
}

static struct connection
another_prefix(uint8_t i)
{
	return mk_connection_ipv6(i, 1, 0x23, VERDICT_MODERN);
}

static struct connection
another_interface_id(uint8_t i)
{
	return mk_connection_ipv6(1, i, 0x23, VERDICT_MODERN);
}

static struct connection
no_mac(uint8_t i)
{
	return mk_connection(1, i, 0, VERDICT_MODERN);
}

static struct connection
zero_mac(uint8_t i)
{
	struct connection c = mk_connection(1, i, 0x23, VERDICT_MODERN);

	memset(c.end[CLIENT].mac, 0, sizeof(c.end[CLIENT].mac));
	return c;
}

static void
many_addresses_are_a_repeater_and_privacy_addresses_are_not(void **state)
{
	struct inventory *inventory = *state;

	assert_int_equal(
	    devices_of(inventory, CENSUS_IPV4_MAX, another_address), 1);
	assert_int_equal(
	    devices_of(inventory, CENSUS_IPV4_MAX + 1, another_address),
	    CENSUS_IPV4_MAX + 1);
	assert_int_equal(
	    devices_of(inventory, CENSUS_PREFIX_MAX, another_prefix), 1);
	assert_int_equal(
	    devices_of(inventory, CENSUS_PREFIX_MAX + 1, another_prefix),
	    CENSUS_PREFIX_MAX + 1);
	assert_int_equal(devices_of(inventory, 100, another_interface_id), 1);
	assert_int_equal(devices_of(inventory, 5, no_mac), 5);
	assert_int_equal(devices_of(inventory, 2, zero_mac), 2);
}

static void
one_address_behind_two_macs_is_two_devices(void **state)
{
	const struct connection c[] = {
		mk_connection(1, 40, 0x24, VERDICT_MODERN),
		mk_connection(1, 40, 0x23, VERDICT_MODERN),
		mk_connection(1, 40, 0, VERDICT_MODERN),
	};
	struct census census;

	for (size_t i = 0; i < 3; i++)
		mk_add(*state, c[i], 1);
	census_take(*state, NULL, &census);
	assert_int_equal(census.count, 3);
	assert_false(census.devices[0].by_mac);
	assert_false(census.devices[0].behind_router);
	assert_int_equal(census.devices[1].shown->client.mac[5], 0x23);
	assert_int_equal(census.devices[2].shown->client.mac[5], 0x24);
	census_clear(&census);
}

static void
a_devices_entries_come_by_server_and_offer(void **state)
{
	struct connection c[] = {
		mk_connection(1, 41, 0x23, VERDICT_MODERN),
		mk_connection(1, 40, 0x23, VERDICT_MODERN),
		mk_connection(1, 40, 0x23, VERDICT_MODERN),
		mk_connection(1, 40, 0x23, VERDICT_MODERN),
	};
	struct census census;
	const struct entry **entries;

	c[2].offer.max_version = TLS_1_3;
	c[3].offer.server_name[0] = 'a';
	for (size_t i = 0; i < 4; i++)
		mk_add(*state, c[i], 1);
	census_take(*state, NULL, &census);
	assert_int_equal(census.count, 1);
	entries = census.devices[0].entries;
	assert_string_equal(entries[0]->server_name, "aail.example");
	assert_int_equal(entries[1]->client.ip[3], 40);
	assert_int_equal(entries[2]->client.ip[3], 41);
	assert_int_equal(inventory_compare_programs(entries[1], entries[2]), 0);
	assert_int_equal(entries[3]->max_version, TLS_1_3);
	assert_true(inventory_compare_programs(entries[2], entries[3]) < 0);
	assert_int_equal(inventory_compare_services(entries[2], entries[3]), 0);
	census_clear(&census);
}

/* However the records come, the same devices come out in the same order. */
static void
the_order_of_records_does_not_matter(void **state)
{
	struct inventory *inventory = *state;
	struct connection c[40];
	const struct entry *first[40];
	struct inventory other;
	struct census a, b;
	uint64_t seed = 7;

	inventory_init(&other);
	for (unsigned i = 0; i < 40; i++) {
		c[i] = mk_connection((uint8_t)(random_next(&seed) % 2),
		    (uint8_t)(random_next(&seed) % 4),
		    (uint8_t)(random_next(&seed) % 5),
		    (enum verdict)(1 + random_next(&seed) % 10));
		mk_add(inventory, c[i], 1);
	}
	for (unsigned i = 40; i-- > 0;)
		mk_add(&other, c[i], 1);
	census_take(inventory, NULL, &a);
	census_take(&other, NULL, &b);
	assert_int_equal(a.count, b.count);
	for (size_t i = 0; i < a.count; i++) {
		first[i] = a.devices[i].entries[0];
		assert_int_equal(a.devices[i].count, b.devices[i].count);
		assert_int_equal(a.devices[i].worst, b.devices[i].worst);
		assert_int_equal(inventory_compare_addresses(
				     first[i], b.devices[i].entries[0]),
		    0);
		assert_int_equal(
		    inventory_compare_macs(first[i], b.devices[i].entries[0]),
		    0);
	}
	census_clear(&a);
	census_clear(&b);
	inventory_clear(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(an_empty_inventory_has_no_devices),
		TEST(one_mac_is_one_device_whatever_its_addresses),
		TEST(a_mac_before_two_networks_is_a_router),
		TEST(
		    many_addresses_are_a_repeater_and_privacy_addresses_are_not),
		TEST(one_address_behind_two_macs_is_two_devices),
		TEST(a_devices_entries_come_by_server_and_offer),
		TEST(the_order_of_records_does_not_matter),
	};

	return cmocka_run_group_tests_name("census", tests, NULL, NULL);
}
