/* SPDX-License-Identifier: ISC */
#include "dissect/twin.h"

#include <string.h>

#include "tests/kit.h"

enum {
	TALKS = 8,
};

static const struct md_hello inside = { 77, 1000000, { 192, 168, 1, 2 }, false,
	993 };
static const struct md_hello outside = { 77, 1000200, { 203, 0, 113, 9 }, false,
	993 };

static struct twins twins;
static struct twin_talk talks[TALKS];

static int
fresh(void **state)
{
	(void)state;
	memset(talks, 0xa5, sizeof(talks));
	twins_init(&twins, talks, TALKS);
	return 0;
}

/* meet has the connection `number`, at the place of that number, say hello, and
 * returns what twins_meet does. */
static bool
meet(const struct md_hello *hello, uint32_t number)
{
	struct md_event event = { .what = MD_HELLO,
		.place = number,
		.number = number,
		.hello = hello };

	return twins_meet(&twins, &event);
}

static void
the_same_random_of_another_address_is_a_twin(void **state)
{
	(void)state;
	assert_false(meet(&inside, 3));
	assert_true(meet(&outside, 4));
	assert_false(talks[3].dropped);
	assert_true(talks[4].dropped);
}

static void
the_inner_of_two_stays_though_it_comes_second(void **state)
{
	(void)state;
	assert_false(meet(&outside, 4));
	talks[4].said = true;
	assert_true(meet(&inside, 3));
	assert_true(talks[4].dropped);
	assert_false(talks[3].dropped);
	assert_true(talks[3].said);
}

static void
the_inner_of_two_goes_where_the_other_was_told(void **state)
{
	struct md_event over = { .place = 4, .number = 12 };

	(void)state;
	assert_false(meet(&outside, 4));
	twins_talk(&twins, &over); /* another connection is there */
	assert_true(meet(&inside, 3));
	assert_true(talks[3].dropped);
	assert_false(talks[4].dropped);
}

static void
what_differs_is_no_twin(void **state)
{
	struct md_hello other;

	(void)state;
	other = outside;
	other.time_us = inside.time_us + LIMIT_TWIN_US + 1;
	assert_false(meet(&inside, 1));
	assert_false(meet(&other, 2));
	fresh(NULL);
	other = outside;
	other.server_port = 995;
	assert_false(meet(&inside, 1));
	assert_false(meet(&other, 2));
	fresh(NULL);
	other = outside;
	other.random = 77 + LIMIT_TWINS; /* stands in the same place */
	assert_false(meet(&inside, 1));
	assert_false(meet(&other, 2));
	fresh(NULL);
	assert_false(meet(&inside, 1));
	assert_false(meet(&inside, 2)); /* a device with a broken generator */
	assert_false(talks[1].dropped || talks[2].dropped);
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
		cmocka_unit_test_setup(
		    the_same_random_of_another_address_is_a_twin, fresh),
		cmocka_unit_test_setup(
		    the_inner_of_two_stays_though_it_comes_second, fresh),
		cmocka_unit_test_setup(
		    the_inner_of_two_goes_where_the_other_was_told, fresh),
		cmocka_unit_test_setup(what_differs_is_no_twin, fresh),
		cmocka_unit_test(private_addresses_are_known),
	};

	return cmocka_run_group_tests_name("twin", tests, NULL, NULL);
}
