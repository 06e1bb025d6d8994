/* SPDX-License-Identifier: ISC */
/* Days of 23, 24 and 25 hours, and what people call them. */
#include "report/calendar.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/kit.h"

#define HOUR INT64_C(3600000000)

/* Rules as POSIX has them need no files: Berlin's; Sao Paulo's up to 2018, when
 * there was no midnight on the first day of summer; Havana's, where there are
 * two on the last. */
static const char berlin[] = "CET-1CEST,M3.5.0,M10.5.0/3";
static const char sao_paulo[] = "BRT3BRST,M11.1.0/0,M2.3.0/0";
static const char havana[] = "CST5CDT,M3.2.0/0,M11.1.0/1";

static void
live_in(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

/* How many hours a day has, all of which are on it. */
static int64_t
hours_of(int year, int month, int day)
{
	int32_t number = calendar_date(year, month, day);
	int64_t start = calendar_start(number);
	int64_t end = calendar_start(number + 1);

	assert_int_equal(calendar_day(start), number);
	assert_int_equal(calendar_day(start - 1), number - 1);
	assert_int_equal(calendar_day(end - 1), number);
	assert_int_equal(calendar_day(end), number + 1);
	return (end - start) / HOUR;
}

static void
days_have_23_to_25_hours(void **state)
{
	(void)state;
	live_in(berlin);
	assert_int_equal(hours_of(2022, 3, 26), 24);
	assert_int_equal(hours_of(2022, 3, 27), 23);
	assert_int_equal(hours_of(2022, 3, 28), 24);
	assert_int_equal(hours_of(2022, 10, 29), 24);
	assert_int_equal(hours_of(2022, 10, 30), 25);
	assert_int_equal(hours_of(2022, 10, 31), 24);
}

static void
a_day_may_begin_without_a_midnight_or_with_two(void **state)
{
	(void)state;
	live_in(sao_paulo);
	assert_int_equal(hours_of(2018, 11, 3), 24);
	assert_int_equal(hours_of(2018, 11, 4), 23);
	assert_int_equal(hours_of(2018, 11, 5), 24);
	live_in(havana);
	assert_int_equal(hours_of(2022, 11, 5), 24);
	assert_int_equal(hours_of(2022, 11, 6), 25);
	assert_int_equal(hours_of(2022, 11, 7), 24);
}

static void
every_day_of_a_century_follows_the_one_before(void **state)
{
	int64_t start, hours = 0;

	(void)state;
	live_in(berlin);
	start = calendar_start(calendar_date(1960, 1, 1));
	for (int32_t day = calendar_date(1960, 1, 1);
	     day < calendar_date(2060, 1, 1); day++) {
		int64_t next = calendar_start(day + 1);

		assert_in_range((next - start) / HOUR, 23, 25);
		assert_int_equal(calendar_day(start), day);
		assert_int_equal(calendar_day(next - 1), day);
		hours += (next - start) / HOUR;
		start = next;
	}
	assert_int_equal(hours, 24 * 36525);
}

static void
an_hour_before_midnight_is_another_day(void **state)
{
	(void)state;
	live_in(berlin);
	/* 2022-05-15T22:00:00Z is midnight there. */
	assert_int_equal(calendar_start(calendar_date(2022, 5, 16)),
	    INT64_C(1652652000000000));
	assert_int_equal(calendar_day(INT64_C(1652652000000000)),
	    calendar_date(2022, 5, 16));
	assert_int_equal(calendar_day(INT64_C(1652651999999999)),
	    calendar_date(2022, 5, 15));
	assert_int_equal(calendar_day(-1), 0);
	live_in("UTC0");
	assert_int_equal(calendar_day(-1), -1);
	assert_int_equal(calendar_start(0), 0);
}

/* 18 May 2022 is a Wednesday. */
#define TODAY calendar_date(2022, 5, 18)

static void
days_are_read_as_dates_and_words(void **state)
{
	static const struct {
		const char *text;
		int year, month, day;
	} cases[] = {
		{ "2022-05-16", 2022, 5, 16 },
		{ "2024-02-29", 2024, 2, 29 },
		{ "today", 2022, 5, 18 },
		{ "yesterday", 2022, 5, 17 },
		{ "0 days ago", 2022, 5, 18 },
		{ "1 day ago", 2022, 5, 17 },
		{ "7 days ago", 2022, 5, 11 },
		{ "2 weeks ago", 2022, 5, 4 },
		{ "1 month ago", 2022, 4, 18 },
		{ "5 months ago", 2021, 12, 18 },
		{ "1 year ago", 2021, 5, 18 },
	};
	int32_t day;

	(void)state;
	live_in(berlin);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!calendar_read(cases[i].text, TODAY, &day))
			fail_msg("%s", cases[i].text);
		assert_int_equal(day,
		    calendar_date(cases[i].year, cases[i].month, cases[i].day));
	}
	assert_true(
	    calendar_read("1 month ago", calendar_date(2022, 3, 31), &day));
	assert_int_equal(day, calendar_date(2022, 2, 28));
}

static void
anything_else_is_no_day(void **state)
{
	static const char *const cases[] = { "", "2022-5-16", "2022-02-29",
		"2022-13-01", "2022-05-16 ", "2022- 5-16", "16.05.2022",
		"tomorrow", "days ago", "7 days", "-7 days ago",
		"7 fortnights ago", "7 dayss ago", "7 days ago!",
		"1000000 days ago" };
	int32_t day;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (calendar_read(cases[i], TODAY, &day))
			fail_msg("%s", cases[i]);
}

/*
 * Periods.
 */

static struct period
period_of(struct period_wish wish)
{
	const struct span known = { 100, 200 };
	char message[CALENDAR_MESSAGE_MAX];
	struct period period;

	assert_true(calendar_period(&wish, TODAY, known, &period, message));
	return period;
}

static void
assert_span(struct span span, int32_t first, int32_t end)
{
	assert_int_equal(span.first, first);
	assert_int_equal(span.end, end);
}

static void
a_week_is_from_monday_to_sunday(void **state)
{
	struct period p =
	    period_of((struct period_wish){ .kind = PERIOD_WEEK });

	(void)state;
	assert_span(p.span, TODAY - 2, TODAY + 5);
	assert_span(p.before, TODAY - 9, TODAY - 2);
	p = period_of(
	    (struct period_wish){ .kind = PERIOD_WEEK, .last = true });
	assert_span(p.span, TODAY - 9, TODAY - 2);
	assert_span(p.before, TODAY - 16, TODAY - 9);
	p = period_of(
	    (struct period_wish){ .kind = PERIOD_WEEK, .until = "2022-05-22" });
	assert_span(p.span, TODAY - 2, TODAY + 5);
	p = period_of(
	    (struct period_wish){ .kind = PERIOD_WEEK, .until = "2022-05-23" });
	assert_span(p.span, TODAY + 5, TODAY + 12);
}

static void
a_month_is_as_long_as_it_is(void **state)
{
	struct period p = period_of((struct period_wish){
	    .kind = PERIOD_MONTH, .last = true, .until = "2022-03-31" });

	(void)state;
	assert_span(
	    p.span, calendar_date(2022, 2, 1), calendar_date(2022, 3, 1));
	assert_span(
	    p.before, calendar_date(2022, 1, 1), calendar_date(2022, 2, 1));
	p = period_of((struct period_wish){
	    .kind = PERIOD_MONTH, .until = "2022-01-15" });
	assert_span(
	    p.before, calendar_date(2021, 12, 1), calendar_date(2022, 1, 1));
}

static void
days_and_all_are_what_they_say(void **state)
{
	struct period p = period_of((struct period_wish){ .kind = PERIOD_DAY });

	(void)state;
	assert_span(p.span, TODAY, TODAY + 1);
	assert_span(p.before, TODAY - 1, TODAY);
	p = period_of((struct period_wish){ .kind = PERIOD_DAY, .last = true });
	assert_span(p.span, TODAY - 1, TODAY);
	p = period_of((struct period_wish){ .kind = PERIOD_ALL });
	assert_span(p.span, 100, 200);
	assert_int_equal(p.before.first, p.before.end);
}

static void
since_and_until_are_both_in_it(void **state)
{
	struct period p = period_of((struct period_wish){
	    .since = "7 days ago", .until = "yesterday" });

	(void)state;
	assert_span(p.span, TODAY - 7, TODAY);
	assert_span(p.before, TODAY - 14, TODAY - 7);
	p = period_of((struct period_wish){ .since = "today" });
	assert_span(p.span, TODAY, TODAY + 1);
	assert_span(p.before, TODAY - 1, TODAY);
}

static void
what_makes_no_sense_is_said(void **state)
{
	static const struct {
		struct period_wish wish;
		const char *says;
	} cases[] = {
		{ { .since = "then" }, "--since: 'then' is no day" },
		{ { .until = "then" }, "--until: 'then' is no day" },
		{ { .since = "today", .until = "yesterday" },
		    "--since is after --until" },
	};
	const struct span known = { 0, 1 };
	char message[CALENDAR_MESSAGE_MAX];
	struct period period;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_false(calendar_period(
		    &cases[i].wish, TODAY, known, &period, message));
		assert_non_null(strstr(message, cases[i].says));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_have_23_to_25_hours),
		cmocka_unit_test(
		    a_day_may_begin_without_a_midnight_or_with_two),
		cmocka_unit_test(every_day_of_a_century_follows_the_one_before),
		cmocka_unit_test(an_hour_before_midnight_is_another_day),
		cmocka_unit_test(days_are_read_as_dates_and_words),
		cmocka_unit_test(anything_else_is_no_day),
		cmocka_unit_test(a_week_is_from_monday_to_sunday),
		cmocka_unit_test(a_month_is_as_long_as_it_is),
		cmocka_unit_test(days_and_all_are_what_they_say),
		cmocka_unit_test(since_and_until_are_both_in_it),
		cmocka_unit_test(what_makes_no_sense_is_said),
	};

	return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
