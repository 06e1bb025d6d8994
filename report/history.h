/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_HISTORY_H
#define MAILTLS_REPORT_HISTORY_H

#include "report/inventory.h"

/*
 * What a report on a period of a store knows beyond the inventory of that
 * period: how it went by day, what has changed since the period before, and
 * when there was capture at all.  The renderers show it where there is one.
 */

/* A day of local time, as it was: 23 to 25 hours. */
struct history_day {
	int64_t start_us, end_us; /* since 1970; the end is the next's start */
	uint64_t connections;
	uint64_t by_version[INVENTORY_VERSIONS];
	uint64_t by_verdict[INVENTORY_VERDICTS];
};

enum history_kind {
	HISTORY_NEW,   /* seen in this period, not before */
	HISTORY_FIXED, /* the gravest verdict was old, and is not any more */
	HISTORY_WORSE, /* the gravest verdict has become a graver one */
	HISTORY_GONE,  /* seen in the period before, not in this: not clean */
};

/* One device whose lot has changed. */
struct history_change {
	enum history_kind kind;
	char device[CONNECTION_NAME_MAX]; /* its name, else its id; hostile */
	enum name_source source;          /* of that name */
	char id[IPTEXT_MAX];
	enum verdict before, now;             /* VERDICT_NONE where not seen */
	uint16_t version_before, version_now; /* lowest negotiated, or NONE */
	int64_t last_before_us; /* last connection with `before`, or 0 */
	int64_t first_now_us;   /* first connection with `now`, or 0 */
	/* Of HISTORY_GONE where `now` is a verdict: the device was seen, but
	 * not at this server, where it had the verdict `before`; hostile. */
	char server[CONNECTION_NAME_MAX];
};

/* A stretch of time in which capture ran, and what it lost. */
struct history_run {
	int64_t start_us, end_us;
	char source[CONNECTION_NAME_MAX]; /* interface or file; hostile */
	uint64_t packets;
	uint64_t dropped; /* by kernel and interface */
	uint64_t lost;    /* given up by the analyzer itself, all kinds */
};

struct history {
	int64_t start_us, end_us; /* of the period; half open */
	int32_t first_day;        /* the first of `days`, report/calendar.h */
	struct history_day *days; /* of it, without those to come */
	size_t day_count;
	struct history_change *changes; /* gravest first, then by name */
	size_t change_count;
	struct history_run *runs; /* that touch the period, in order */
	size_t run_count;
	int64_t covered_us;    /* of the period, with capture running */
	bool before_known;     /* there is anything of the period before */
	uint64_t devices_seen; /* devices with mail in this period */
};

#endif
