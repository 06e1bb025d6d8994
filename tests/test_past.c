/* SPDX-License-Identifier: ISC */
/* What the text report says of a period of a store. */
#include "report/past.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/calendar.h"
#include "report/report.h"
#include "tests/kit.h"
#include "tests/mkconnection.h"

enum {
	DAYS_MAX = 500,
};

#define DAY_US (86400 * MK_SECOND)
/* Mon 16 May 2022 */
#define MONDAY_US (INT64_C(1652659200) * MK_SECOND)

static struct history_day days[DAYS_MAX];
static struct history_change changes[4];
static struct history_run runs[2];
static struct history history;
static char *text;

static int
set_up(void **state)
{
	(void)state;
	setenv("TZ", "UTC0", 1);
	tzset();
	memset(changes, 0, sizeof(changes));
	memset(runs, 0, sizeof(runs));
	history = (struct history){
		.start_us = MONDAY_US,
		.end_us = MONDAY_US + 7 * DAY_US,
		.days = days,
		.day_count = 7,
		.changes = changes,
		.runs = runs,
		.before_known = true,
	};
	for (int i = 0; i < DAYS_MAX; i++)
		days[i] = (struct history_day){
			.start_us = MONDAY_US + i * DAY_US,
			.end_us = MONDAY_US + (i + 1) * DAY_US,
			.connections = 3,
			.by_version = { 0, 0, 0, 1, 0, 2, 0 },
		};
	text = NULL;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(text);
	return 0;
}
#define PAST_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* Puts a report on `connections`, the last of which ends with the days, into
 * `text`. */
static void
report(unsigned connections)
{
	struct report_source source = { .min_version = TLS_1_2,
		.history = &history };
	struct report_style style = { .columns = 200, .utf8 = true };
	struct inventory inventory;
	size_t size = 0;
	FILE *out;
	struct connection c = mk_connection(1, 1, 1, VERDICT_MODERN);

	free(text);
	text = NULL;
	out = open_memstream(&text, &size);
	assert_non_null(out);
	mk_answer(&c, TLS_1_2);
	c.last_us = MONDAY_US + (int64_t)history.day_count * DAY_US - 1;
	c.first_us = c.last_us - MK_SECOND;
	inventory_init(&inventory);
	mk_add(&inventory, c, connections);
	assert_int_equal(report_text(out, &inventory, &source, &style), 0);
	inventory_clear(&inventory);
	fclose(out);
}

static void
assert_says(const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("'%s' is not in\n%s", part, text);
}

static void
assert_silent(const char *part)
{
	if (strstr(text, part) != NULL)
		fail_msg("'%s' is in\n%s", part, text);
}

static struct history_change *
add_change(enum history_kind kind, enum verdict before, enum verdict now)
{
	struct history_change *c = &changes[history.change_count++];

	memcpy(c->device, "printer", 8);
	c->kind = kind;
	c->before = before;
	c->now = now;
	c->version_before = TLS_1_0;
	c->version_now = TLS_1_2;
	c->last_before_us = MONDAY_US + DAY_US;
	c->first_now_us = MONDAY_US + 2 * DAY_US;
	return c;
}

/*
 * Changes.
 */

static void
each_kind_of_change_is_a_sentence(void **state)
{
	(void)state;
	add_change(HISTORY_FIXED, VERDICT_OLD_CLIENT, VERDICT_MODERN);
	add_change(HISTORY_NEW, VERDICT_NONE, VERDICT_MODERN);
	add_change(HISTORY_WORSE, VERDICT_MODERN, VERDICT_PLAINTEXT_LOGIN);
	report(1);
	assert_says("Fixed: printer. TLS 1.0 until Tue 17 May 00:00; TLS 1.2 "
		    "since Wed 18 May 00:00.");
	assert_says("New: printer. TLS 1.2, since Wed 18 May 00:00.");
	assert_says("Worse: printer. TLS 1.0 until Tue 17 May 00:00; Password "
		    "unencrypted since Wed 18 May 00:00.");
	assert_silent("could not be seen now");
}

static void
not_seen_is_not_called_fixed_and_is_in_the_answer(void **state)
{
	(void)state;
	add_change(HISTORY_GONE, VERDICT_OLD_CLIENT, VERDICT_NONE);
	report(1);
	assert_says("Not seen any more: printer. TLS 1.0, last Tue 17 May "
		    "00:00. Not seen is not the same as fixed.");
	assert_says("1 device was old when it was last seen, and could not be "
		    "seen now.");
}

static void
not_seen_at_one_server_names_it(void **state)
{
	(void)state;
	memcpy(add_change(HISTORY_GONE, VERDICT_OLD_CLIENT, VERDICT_MODERN)
		   ->server,
	    "a\x1b[m.example", 13);
	report(1);
	assert_says("TLS 1.0 at a\\x1b[m.example, last Tue 17 May 00:00. Not "
		    "seen is not the same as fixed.");
}

static void
what_was_fine_may_go_without_a_warning(void **state)
{
	(void)state;
	add_change(HISTORY_GONE, VERDICT_MODERN, VERDICT_NONE);
	report(1);
	assert_says("Not seen any more: printer. TLS 1.0, last Tue 17 May "
		    "00:00.\n");
	assert_silent("could not be seen now");
}

static void
names_are_harmless(void **state)
{
	struct history_change *c =
	    add_change(HISTORY_FIXED, VERDICT_OLD_CLIENT, VERDICT_MODERN);

	(void)state;
	memcpy(c->device, "a\x1b[31m b", 9);
	report(1);
	assert_says("Fixed: a\\x1b[31m\\x20b. ");
	c->source = NAME_ALIAS;
	report(1);
	assert_says("Fixed: a\\x1b[31m b. ");
}

static void
no_change_is_told_from_nothing_to_compare_with(void **state)
{
	(void)state;
	report(1);
	assert_says("CHANGES SINCE THE PERIOD BEFORE\n  - None.\n");
	history.before_known = false;
	report(1);
	assert_says("Nothing is known of the time before");
}

/*
 * Coverage.
 */

static void
how_much_was_watched_is_said(void **state)
{
	(void)state;
	history.run_count = 1;
	runs[0].start_us = MONDAY_US;
	runs[0].end_us = MONDAY_US + 3 * DAY_US;
	history.covered_us = 3 * DAY_US;
	report(1);
	assert_says("Period: Mon 16 May 00:00 to Mon 23 May 2022 00:00 "
		    "(UTC+00:00), of which 42% was watched.");
	history.covered_us = 7 * DAY_US - 1;
	report(1);
	assert_says("of which 99% was watched.");
	history.covered_us = 7 * DAY_US;
	runs[0].lost = 4;
	runs[0].dropped = 1200;
	report(1);
	assert_says("of which 100% was watched. 1204 packets were lost "
		    "meanwhile.");
}

static void
that_nobody_knows_is_said_too(void **state)
{
	(void)state;
	report(1);
	assert_says("When it was watched is not known.");
}

/*
 * Over time.
 */

static void
days_have_their_versions(void **state)
{
	(void)state;
	days[2].connections = 0;
	memset(days[2].by_version, 0, sizeof(days[2].by_version));
	report(1);
	assert_says("MAIL CONNECTIONS OVER TIME\n"
		    "  Mon 16 May: 3 (TLS 1.0: 1, TLS 1.2: 2)\n"
		    "  Tue 17 May: 3 (TLS 1.0: 1, TLS 1.2: 2)\n"
		    "  Wed 18 May: 0\n");
}

static void
a_day_that_nobody_watched_is_no_day_without_mail(void **state)
{
	(void)state;
	for (int i = 2; i < 5; i++) {
		days[i].connections = 0;
		memset(days[i].by_version, 0, sizeof(days[i].by_version));
	}
	history.run_count = 2;
	runs[0].start_us = MONDAY_US;
	runs[0].end_us = MONDAY_US + 3 * DAY_US - 1;
	runs[1].start_us = MONDAY_US + 4 * DAY_US;
	runs[1].end_us = MONDAY_US + 7 * DAY_US;
	report(1);
	assert_says("  Wed 18 May: 0\n"
		    "  Thu 19 May: not watched\n"
		    "  Fri 20 May: 0\n");
}

static void
many_days_are_added_up(void **state)
{
	(void)state;
	history.day_count = 31;
	report(1);
	assert_says("  Wed 15 Jun: 3 (TLS 1.0: 1, TLS 1.2: 2)\n");
	history.day_count = 33;
	report(1);
	assert_says("  16 May to 22 May: 21 (TLS 1.0: 7, TLS 1.2: 14)\n");
	assert_says("  13 Jun to 17 Jun: 15 (TLS 1.0: 5, TLS 1.2: 10)\n");
	history.day_count = 500;
	report(1);
	assert_says("  16 May to 12 Jun: 84 (TLS 1.0: 28, TLS 1.2: 56)\n");
}

static void
one_day_needs_no_list(void **state)
{
	(void)state;
	history.day_count = 1;
	report(1);
	assert_silent("OVER TIME");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		PAST_TEST(each_kind_of_change_is_a_sentence),
		PAST_TEST(not_seen_is_not_called_fixed_and_is_in_the_answer),
		PAST_TEST(not_seen_at_one_server_names_it),
		PAST_TEST(what_was_fine_may_go_without_a_warning),
		PAST_TEST(names_are_harmless),
		PAST_TEST(no_change_is_told_from_nothing_to_compare_with),
		PAST_TEST(how_much_was_watched_is_said),
		PAST_TEST(that_nobody_knows_is_said_too),
		PAST_TEST(days_have_their_versions),
		PAST_TEST(a_day_that_nobody_watched_is_no_day_without_mail),
		PAST_TEST(many_days_are_added_up),
		PAST_TEST(one_day_needs_no_list),
	};

	return cmocka_run_group_tests_name("past", tests, NULL, NULL);
}
