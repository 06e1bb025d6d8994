/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_ADVICE_H
#define MAILTLS_REPORT_ADVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "dissect/connection.h"

/*
 * What to do, in a sentence or two, by what happened and by which program or
 * device it was.  Never to do without encryption.
 */

enum {
	ADVICE_MAX = 3, /* of one answer */
};

/* struct advice_about says what advice is wanted on.  Strings may be NULL. */
struct advice_about {
	const struct connection *connection; /* with its verdict and failure */
	const char *program;                 /* which it is for certain */
	const char *const *candidates;       /* else which it may be */
	size_t candidate_count;
	const char *library;      /* of its TLS */
	const char *vendor;       /* of the device, by its MAC */
	const char *vendor_class; /* DHCP option 60 */
};

/* struct advice is one answer, in the language of the report.  `if_program` is
 * the program that it is for where that is not certain, else NULL: one of those
 * that were asked about, so whoever prints it escapes it. */
struct advice {
	const char *if_program;
	const char *text;
};

/*
 * advice_find writes the advice that there is, the most fitting first, and
 * returns how many that are: 0 where nothing is amiss.
 */
size_t advice_find(
    const struct advice_about *about, struct advice out[ADVICE_MAX]);

/* advice_each returns the English text of row number `i`, NULL beyond the last:
 * for those who check all of them. */
const char *advice_each(size_t i);

#endif
