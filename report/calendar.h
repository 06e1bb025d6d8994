/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_CALENDAR_H
#define MAILTLS_REPORT_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Days as people have them, by the clock on the wall: a day is a number, of
 * days since 1 January 1970, and has 23 to 25 hours.  The time zone is that of
 * TZ, as tzset(3) read it last.
 */

enum {
	CALENDAR_MESSAGE_MAX = 128,
};

/* calendar_day returns the day that a time, in microseconds since 1970, is
 * on. */
int32_t calendar_day(int64_t time_us);

/* calendar_start returns when `day` begins. */
int64_t calendar_start(int32_t day);

/* calendar_date returns the day of a date, of which the month, from 1, and the
 * day may be beyond its last: 2022, 13, 0 is 31 December 2022. */
int32_t calendar_date(int year, int month, int day);

/* calendar_read reads "2022-05-16", "today", "yesterday", or "7 days ago",
 * also of weeks, months or years, into `*out`; false for anything else. */
bool calendar_read(const char *text, int32_t today, int32_t *out);

/* struct span is days, from `first` up to but not including `end`. */
struct span {
	int32_t first, end;
};

enum period_kind {
	PERIOD_WEEK, /* from Monday (ISO 8601) */
	PERIOD_DAY,
	PERIOD_MONTH,
	PERIOD_ALL,
};

/* struct period_wish is what the user asks for; since and until as
 * calendar_read takes them, or NULL. */
struct period_wish {
	enum period_kind kind;
	bool last; /* the whole one before the one that is not over */
	const char *since, *until;
};

/* struct period is one, and the one before it, with which it is compared; that
 * is empty where there is none. */
struct period {
	struct span span, before;
};

/*
 * calendar_period finds the period that is wished for: with `since`, from that
 * day to `until`, both of them in it; else the day, week or month that `until`
 * is in, or the one before; today without `until`; or all of `known`, the days
 * of which anything is known.  The period before is as long, or the calendar's.
 * It returns false, with a sentence in `message`, for what makes no sense.
 */
bool calendar_period(const struct period_wish *wish, int32_t today,
    struct span known, struct period *out, char message[CALENDAR_MESSAGE_MAX]);

#endif
