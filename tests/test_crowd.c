/* SPDX-License-Identifier: ISC */
#include "report/crowd.h"

#include <string.h>

#include "tests/kit.h"

#define HOUR_US INT64_C(3600000000)

static const int64_t start_us = INT64_C(1653243060000000);

static void
meet(struct crowd *crowd, uint8_t net, uint8_t host, unsigned hour)
{
	const uint8_t ip[16] = { 192, 168, net, host };

	crowd_meet(crowd, ip, false, start_us + hour * HOUR_US);
}

static void
meet_ipv6(struct crowd *crowd, uint8_t net, uint8_t host, unsigned hour)
{
	const uint8_t ip[16] = { 0x20, 1, 0x0d, 0xb8, [7] = net, [15] = host };

	crowd_meet(crowd, ip, true, start_us + hour * HOUR_US);
}

static void
three_addresses_of_a_network_are_one_device(void **state)
{
	struct crowd crowd = { .ipv4 = { { 0, 0 } } };

	(void)state;
	assert_true(crowd_is_one(&crowd));
	for (unsigned i = 0; i < 12; i++)
		meet(&crowd, 1, (uint8_t)(40 + i % 3), i);
	assert_true(crowd_is_one(&crowd));
	meet(&crowd, 1, 43, 12);
	assert_false(crowd_is_one(&crowd));
}

static void
two_networks_are_not(void **state)
{
	struct crowd crowd = { .ipv4 = { { 0, 0 } } };

	(void)state;
	meet(&crowd, 1, 40, 0);
	meet(&crowd, 2, 40, 24);
	assert_false(crowd_is_one(&crowd));
	/* The next day it is only there. */
	meet(&crowd, 2, 40, 25);
	assert_true(crowd_is_one(&crowd));
}

static void
a_device_has_many_addresses_of_ipv6_but_few_prefixes(void **state)
{
	struct crowd crowd = { .ipv4 = { { 0, 0 } } };

	(void)state;
	for (unsigned i = 0; i < 200; i++)
		meet_ipv6(&crowd, (uint8_t)(i % 8), (uint8_t)i, 0);
	assert_true(crowd_is_one(&crowd));
	meet_ipv6(&crowd, 8, 1, 1);
	assert_false(crowd_is_one(&crowd));
}

static void
old_addresses_make_room_for_new_ones(void **state)
{
	struct crowd crowd = { .ipv4 = { { 0, 0 } } };

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		meet(&crowd, 1, (uint8_t)i, 9 * i);
		meet_ipv6(&crowd, (uint8_t)i, 1, 4 * i);
	}
	assert_true(crowd_is_one(&crowd));
	meet(&crowd, 1, 200, 9 * 99 + 1);
	assert_false(crowd_is_one(&crowd));
}

static void
link_local_addresses_do_not_count(void **state)
{
	static const uint8_t v4[16] = { 169, 254, 1, 2 };
	static const uint8_t v6[16] = { 0xfe, 0xbf };
	static const uint8_t beside[16] = { 0xfe, 0xc0 };
	struct crowd crowd = { .ipv4 = { { 0, 0 } } }, empty = crowd;

	(void)state;
	assert_true(crowd_is_link_local(v4, false));
	assert_true(crowd_is_link_local(v6, true));
	assert_false(crowd_is_link_local(beside, true));
	assert_false(crowd_is_link_local(v6, false));
	crowd_meet(&crowd, v4, false, start_us);
	crowd_meet(&crowd, v6, true, start_us);
	assert_memory_equal(&crowd, &empty, sizeof(crowd));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_addresses_of_a_network_are_one_device),
		cmocka_unit_test(two_networks_are_not),
		cmocka_unit_test(
		    a_device_has_many_addresses_of_ipv6_but_few_prefixes),
		cmocka_unit_test(old_addresses_make_room_for_new_ones),
		cmocka_unit_test(link_local_addresses_do_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
