/* SPDX-License-Identifier: ISC */
#include "capture/clock.h"

#include "tests/kit.h"

enum {
	SECOND = 1000000,
	BOOT = 5 * SECOND, /* monotonic, at the start */
	YEAR = 31536000,   /* in seconds */
	ASLEEP = 3600,
};

/* What a router without a battery believes, and what is. */
static const int64_t before = 1000 * INT64_C(1000000);
static const int64_t after = 1000 * INT64_C(1000000) + YEAR * INT64_C(1000000);

static void
while_nothing_happens_both_are_the_same(void **state)
{
	struct clock clock;

	(void)state;
	clock_start(&clock, BOOT, before);
	assert_int_equal(clock_look(&clock, BOOT + SECOND, before + SECOND), 0);
	assert_int_equal(clock.steady_us, before + SECOND);
	assert_int_equal(clock_steady(&clock, before + 7), before + 7);
	assert_int_equal(clock_system(&clock, before + 7), before + 7);
}

static void
after_a_jump_the_steady_time_goes_on(void **state)
{
	struct clock clock;

	(void)state;
	clock_start(&clock, BOOT, before);
	clock_look(&clock, BOOT + SECOND, before + SECOND);
	assert_int_equal(clock_look(&clock, BOOT + 2 * SECOND, after),
	    after - before - 2 * SECOND);
	assert_int_equal(clock.steady_us, before + 2 * SECOND);
	assert_int_equal(clock_steady(&clock, after), before + 2 * SECOND);
	assert_int_equal(
	    clock_steady(&clock, after - 5), before + 2 * SECOND - 5);
}

static void
what_happened_before_a_jump_gets_the_right_time(void **state)
{
	struct clock clock;
	int64_t seen;

	(void)state;
	clock_start(&clock, BOOT, before);
	clock_look(&clock, BOOT + SECOND, before + SECOND);
	seen = clock_steady(&clock, before + SECOND);
	clock_look(&clock, BOOT + 3 * SECOND, after);
	assert_int_equal(clock_system(&clock, seen), after - 2 * SECOND);
}

static void
a_jump_backwards_is_a_jump_as_well(void **state)
{
	struct clock clock;

	(void)state;
	clock_start(&clock, BOOT, after);
	clock_look(&clock, BOOT + SECOND, before);
	assert_int_equal(clock.steady_us, after + SECOND);
	assert_int_equal(clock_steady(&clock, before), after + SECOND);
	assert_int_equal(clock_system(&clock, after + SECOND), before);
}

static void
a_frame_stamped_before_a_jump_and_read_after_it_is_of_now(void **state)
{
	struct clock clock;

	(void)state;
	clock_start(&clock, BOOT, before);
	clock_look(&clock, BOOT + SECOND, after);
	assert_int_equal(
	    clock_steady(&clock, before + SECOND - 5), before + SECOND);
	/* And the other way round: the jump was not noticed yet. */
	clock_start(&clock, BOOT, before);
	clock_look(&clock, BOOT + SECOND, before + SECOND);
	assert_int_equal(clock_steady(&clock, after), before + SECOND);
}

static void
a_clock_that_is_slewed_is_followed(void **state)
{
	struct clock clock;
	int64_t system = before;

	(void)state;
	clock_start(&clock, BOOT, before);
	for (int i = 1; i <= ASLEEP; i++) {
		system += SECOND + 500; /* adjtime(3) does not do more */
		assert_int_equal(
		    clock_look(&clock, BOOT + i * INT64_C(1000000), system),
		    500);
		assert_int_equal(clock_steady(&clock, system), clock.steady_us);
	}
	assert_int_equal(clock_system(&clock, clock.steady_us), system);
}

static void
a_time_can_be_right_or_not(void **state)
{
	const int64_t now = INT64_C(1795000000) * SECOND; /* 2026 */

	(void)state;
	assert_true(clock_can_be(now, true, BOOT));
	assert_true(clock_can_be(now, false, INT64_C(3600) * SECOND));
	assert_false(clock_can_be(now, false, BOOT));
	assert_false(clock_can_be(0, true, INT64_C(3600) * SECOND));
	assert_false(clock_can_be(
	    INT64_C(1700000000) * SECOND, true, INT64_C(3600) * SECOND));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(while_nothing_happens_both_are_the_same),
		cmocka_unit_test(after_a_jump_the_steady_time_goes_on),
		cmocka_unit_test(
		    what_happened_before_a_jump_gets_the_right_time),
		cmocka_unit_test(a_jump_backwards_is_a_jump_as_well),
		cmocka_unit_test(
		    a_frame_stamped_before_a_jump_and_read_after_it_is_of_now),
		cmocka_unit_test(a_clock_that_is_slewed_is_followed),
		cmocka_unit_test(a_time_can_be_right_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
