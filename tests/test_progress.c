/* SPDX-License-Identifier: ISC */
#include "tests/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/progress.h"

enum {
	SECOND_US = 1000000,
};

/* What was written to the terminal so far. */
struct screen {
	FILE *out;
	char *text;
	size_t size;
};

static int
set_up(void **state)
{
	struct screen *screen = calloc(1, sizeof(*screen));

	assert_non_null(screen);
	screen->out = open_memstream(&screen->text, &screen->size);
	assert_non_null(screen->out);
	*state = screen;
	return 0;
}

static int
tear_down(void **state)
{
	struct screen *screen = *state;

	fclose(screen->out);
	free(screen->text);
	free(screen);
	return 0;
}

static void
the_line_tells_share_time_left_and_speed(void **state)
{
	struct screen *screen = *state;
	struct progress progress;

	progress_init(&progress, screen->out, 4000, 10 * SECOND_US);
	progress_show(&progress, 1000, 5000, 40 * SECOND_US);
	assert_string_equal(
	    screen->text, "\r 25 % read, 1:30 left, 167 packets/s\033[K");
}

static void
a_source_of_unknown_size_has_no_share(void **state)
{
	struct screen *screen = *state;
	struct progress progress;

	progress_init(&progress, screen->out, 0, 0);
	progress_show(&progress, 12345678, 5000, SECOND_US);
	assert_string_equal(screen->text, "\r12 MB read, 5000 packets/s\033[K");
}

static void
more_than_there_is_has_no_share(void **state)
{
	struct screen *screen = *state;
	struct progress progress;

	progress_init(&progress, screen->out, 1000, 0);
	progress_show(&progress, 2000000, 10, SECOND_US);
	assert_string_equal(screen->text, "\r2 MB read, 10 packets/s\033[K");
}

static void
it_is_written_five_times_a_second_at_most(void **state)
{
	struct screen *screen = *state;
	struct progress progress;
	size_t before;

	progress_init(&progress, screen->out, 1000, 0);
	progress_show(&progress, 1, 1, PROGRESS_INTERVAL_US - 1);
	assert_int_equal(screen->size, 0);
	progress_show(&progress, 1, 1, PROGRESS_INTERVAL_US);
	before = screen->size;
	assert_true(before > 0);
	progress_show(&progress, 2, 2, 2 * PROGRESS_INTERVAL_US - 1);
	assert_int_equal(screen->size, before);
	progress_show(&progress, 2, 2, 2 * PROGRESS_INTERVAL_US);
	assert_true(screen->size > before);
}

static void
a_clock_that_stands_still_is_no_harm(void **state)
{
	struct screen *screen = *state;
	struct progress progress;

	progress_init(&progress, screen->out, 1000, SECOND_US);
	progress_show(&progress, 1, 1, SECOND_US);
	progress_show(&progress, 1, 1, 0);
	fflush(screen->out);
	assert_int_equal(screen->size, 0);
}

static void
the_clock_is_wanted_once_in_many_packets(void **state)
{
	struct screen *screen = *state;
	struct progress progress;
	unsigned due = 0;

	progress_init(&progress, screen->out, 1000, 0);
	for (unsigned i = 0; i < 3 * PROGRESS_PACKETS; i++)
		due += progress_due(&progress);
	assert_int_equal(due, 3);
}

static void
it_is_gone_at_the_end(void **state)
{
	struct screen *screen = *state;
	struct progress progress;
	size_t before;

	progress_init(&progress, screen->out, 1000, 0);
	progress_clear(&progress);
	fflush(screen->out);
	assert_int_equal(screen->size, 0);
	progress_show(&progress, 1, 1, SECOND_US);
	progress_clear(&progress);
	fflush(screen->out);
	before = screen->size;
	assert_string_equal(screen->text + before - 4, "\r\033[K");
	progress_clear(&progress);
	fflush(screen->out);
	assert_int_equal(screen->size, before);
}

static void
nobody_watching_means_no_line(void **state)
{
	struct progress progress;

	(void)state;
	progress_init(&progress, NULL, 1000, 0);
	for (unsigned i = 0; i < 2 * PROGRESS_PACKETS; i++)
		assert_false(progress_due(&progress));
	progress_show(&progress, 1, 1, SECOND_US);
	progress_clear(&progress);
	assert_false(progress.shown);
}

#define SCREEN_TEST(name)                                                      \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		SCREEN_TEST(the_line_tells_share_time_left_and_speed),
		SCREEN_TEST(a_source_of_unknown_size_has_no_share),
		SCREEN_TEST(more_than_there_is_has_no_share),
		SCREEN_TEST(it_is_written_five_times_a_second_at_most),
		SCREEN_TEST(a_clock_that_stands_still_is_no_harm),
		SCREEN_TEST(the_clock_is_wanted_once_in_many_packets),
		SCREEN_TEST(it_is_gone_at_the_end),
		cmocka_unit_test(nobody_watching_means_no_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
