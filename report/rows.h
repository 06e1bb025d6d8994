/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_ROWS_H
#define MAILTLS_REPORT_ROWS_H

#include "report/calendar.h"
#include "report/history.h"
#include "report/store.h"

struct recordin;

/* Which rows of a store. */
enum rows_which {
	ROWS_OF_DAYS,
	/* of every client, the week up to the day on which it was last seen */
	ROWS_OF_LAST_WEEK,
};

/*
 * rows_read adds the daily sums of days in `span` up to an inventory, as if
 * their connections had just been added to it, and to those of `days`
 * that are theirs; `days` may be NULL.  `reader` has the
 * names of programs, and must last as long as the inventory.
 */
void rows_read(struct store *store, struct recordin *reader,
    enum rows_which which, struct span span, struct inventory *to,
    struct history *days);

#endif
