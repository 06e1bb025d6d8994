/* SPDX-License-Identifier: ISC */
#include "dissect/twin.h"

#include <string.h>

#include "tests/kit.h"

static const struct twin inside = { 77, 1000000, 3, { 192, 168, 1, 2 }, 993 };
static const struct twin outside = { 77, 1000200, 4, { 203, 0, 113, 9 }, 993 };

static void
the_same_random_of_another_address_is_a_twin(void **state)
{
	static struct twins twins;

	(void)state;
	assert_int_equal(twin_find(&twins, &inside), 0);
	twin_note(&twins, &inside);
	assert_int_equal(twin_find(&twins, &outside), 3);
}

static void
what_differs_is_no_twin(void **state)
{
	static struct twins twins;
	struct twin other;

	(void)state;
	twin_note(&twins, &inside);
	other = outside;
	other.random = 77 + LIMIT_TWINS; /* stands in the same place */
	assert_int_equal(twin_find(&twins, &other), 0);
	other = outside;
	other.time_us += LIMIT_TWIN_US;
	assert_int_equal(twin_find(&twins, &other), 0);
	other = outside;
	other.server_port = 995;
	assert_int_equal(twin_find(&twins, &other), 0);
	other = inside; /* a device with a broken generator */
	other.flow = 9;
	assert_int_equal(twin_find(&twins, &other), 0);
}

static void
private_addresses_are_known(void **state)
{
	static const struct {
		bool ipv6, expected;
		uint8_t ip[16];
	} rows[] = {
		{ false, true, { 10, 255, 1, 1 } },
		{ false, true, { 172, 31, 1, 1 } },
		{ false, false, { 172, 32, 1, 1 } },
		{ false, true, { 192, 168, 0, 1 } },
		{ false, false, { 192, 169, 0, 1 } },
		{ false, true, { 100, 64, 0, 1 } },
		{ false, false, { 100, 128, 0, 1 } },
		{ false, true, { 169, 254, 9, 9 } },
		{ false, false, { 203, 0, 113, 1 } },
		{ true, true, { 0xfd, 0x11 } },
		{ true, true, { 0xfe, 0x80 } },
		{ true, false, { 0x20, 0x01, 0x0d, 0xb8 } },
		{ true, false, { 10, 0, 0, 1 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(twin_is_private(rows[i].ip, rows[i].ipv6),
		    rows[i].expected);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_random_of_another_address_is_a_twin),
		cmocka_unit_test(what_differs_is_no_twin),
		cmocka_unit_test(private_addresses_are_known),
	};

	return cmocka_run_group_tests_name("twin", tests, NULL, NULL);
}
