/* SPDX-License-Identifier: ISC */
#include "report/calendar.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
	HOUR_S = 3600,
	DAY_S = 24 * HOUR_S,
	/* No clock was ever set by more than this at a change of time. */
	CHANGES_MAX = 3,
	COUNT_MAX = 100000, /* of days ago */
};

#define SECOND_US INT64_C(1000000)

/* The day of a broken-down time. */
static int32_t
day_of(const struct tm *tm)
{
	struct tm date = { .tm_year = tm->tm_year,
		.tm_mon = tm->tm_mon,
		.tm_mday = tm->tm_mday };

	/* Whole days, also before 1970. */
	return (int32_t)(timegm(&date) / DAY_S);
}

static int32_t
local_day(time_t seconds)
{
	struct tm tm;

	/* What no calendar reaches is the first day of ours. */
	return localtime_r(&seconds, &tm) != NULL ? day_of(&tm) : 0;
}

int32_t
calendar_day(int64_t time_us)
{
	return local_day(
	    (time_t)(time_us / SECOND_US - (time_us % SECOND_US < 0)));
}

int64_t
calendar_start(int32_t day)
{
	time_t utc = (time_t)day * DAY_S, start;
	struct tm tm = { .tm_isdst = -1 }, date;

	gmtime_r(&utc, &date);
	tm.tm_year = date.tm_year;
	tm.tm_mon = date.tm_mon;
	tm.tm_mday = date.tm_mday;
	start = mktime(&tm);
	/* Where clocks change at midnight, there may be none or two. */
	for (int i = 0; i < CHANGES_MAX && local_day(start) < day; i++)
		start += HOUR_S;
	for (int i = 0; i < CHANGES_MAX && local_day(start - HOUR_S) == day;
	     i++)
		start -= HOUR_S;
	return start * SECOND_US;
}

int32_t
calendar_date(int year, int month, int day)
{
	struct tm tm = {
		.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day
	};

	return day_of(&tm);
}

static struct tm
date_of(int32_t day)
{
	time_t seconds = (time_t)day * DAY_S;
	struct tm tm = { 0 };

	gmtime_r(&seconds, &tm);
	return tm;
}

/*
 * Words for days.
 */

static bool
read_date(const char *text, int32_t *out)
{
	int year, month, day, len = 0;
	struct tm tm;

	if (strlen(text) != 10 || strspn(text, "0123456789-") != 10 ||
	    sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &len) != 3 ||
	    len != 10)
		return false;
	*out = calendar_date(year, month, day);
	tm = date_of(*out);
	return tm.tm_mon == month - 1 && tm.tm_mday == day;
}

/* The day so many months before `day`, or the last of that month. */
static int32_t
months_before(int32_t day, int count)
{
	struct tm tm = date_of(day);
	int year = 1900 + tm.tm_year, month = tm.tm_mon + 1 - count;
	int32_t last = calendar_date(year, month + 1, 0);
	int32_t same = calendar_date(year, month, tm.tm_mday);

	return same < last ? same : last;
}

static bool
read_ago(const char *text, int32_t today, int32_t *out)
{
	static const struct {
		const char *unit;
		int days, months;
	} units[] = { { "day", 1, 0 }, { "week", 7, 0 }, { "month", 0, 1 },
		{ "year", 0, 12 } };
	char unit[8];
	int count, len = 0;

	if (sscanf(text, "%6d %6[a-z] ago%n", &count, unit, &len) != 2 ||
	    len == 0 || text[len] != '\0' || count < 0 || count > COUNT_MAX)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t same = strlen(units[i].unit);

		if (strncmp(unit, units[i].unit, same) != 0 ||
		    strcmp(unit + same, unit[same] == 's' ? "s" : "") != 0)
			continue;
		*out = units[i].months > 0
			   ? months_before(today, count * units[i].months)
			   : today - count * units[i].days;
		return true;
	}
	return false;
}

bool
calendar_read(const char *text, int32_t today, int32_t *out)
{
	*out = today;
	if (strcmp(text, "today") == 0)
		return true;
	*out = today - 1;
	if (strcmp(text, "yesterday") == 0)
		return true;
	return read_date(text, out) || read_ago(text, today, out);
}

/*
 * Periods.
 */

/* The whole period of this kind that `day` is in. */
static struct span
span_around(enum period_kind kind, int32_t day)
{
	struct tm tm = date_of(day);
	int32_t monday = day - (tm.tm_wday + 6) % 7;

	switch (kind) {
	case PERIOD_WEEK:
		return (struct span){ monday, monday + 7 };
	case PERIOD_MONTH:
		return (struct span){
			calendar_date(1900 + tm.tm_year, tm.tm_mon + 1, 1),
			calendar_date(1900 + tm.tm_year, tm.tm_mon + 2, 1),
		};
	case PERIOD_DAY:
	case PERIOD_ALL:
		break;
	}
	return (struct span){ day, day + 1 };
}

static bool
read_option(const char *name, const char *text, int32_t today, int32_t *out,
    char message[CALENDAR_MESSAGE_MAX])
{
	*out = today;
	if (text == NULL || calendar_read(text, today, out))
		return true;
	snprintf(message, CALENDAR_MESSAGE_MAX,
	    "--%s: '%.32s' is no day, such as 2022-05-16 or '7 days ago'", name,
	    text);
	return false;
}

bool
calendar_period(const struct period_wish *wish, int32_t today,
    struct span known, struct period *out, char message[CALENDAR_MESSAGE_MAX])
{
	int32_t since, until;

	*out = (struct period){ { 0, 0 }, { 0, 0 } };
	if (!read_option("since", wish->since, today, &since, message) ||
	    !read_option("until", wish->until, today, &until, message))
		return false;
	if (wish->since != NULL) {
		if (until < since) {
			snprintf(message, CALENDAR_MESSAGE_MAX,
			    "--since is after --until");
			return false;
		}
		out->span = (struct span){ since, until + 1 };
		out->before = (struct span){ 2 * since - until - 1, since };
		return true;
	}
	if (wish->kind == PERIOD_ALL) {
		out->span = known;
		return true;
	}
	out->span = span_around(wish->kind, until);
	if (wish->last)
		out->span = span_around(wish->kind, out->span.first - 1);
	out->before = span_around(wish->kind, out->span.first - 1);
	return true;
}
