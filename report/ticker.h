/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_TICKER_H
#define MAILTLS_REPORT_TICKER_H

#include <stdio.h>

#include "report/identify.h"

/*
 * One line for a connection, for people who watch: when, who, where, which
 * version, and what that means.
 */

enum {
	TICKER_LINE_MAX = 4096,
};

struct ticker {
	FILE *out;
	bool colour, utf8;
	/* What was printed and what not, for the end. */
	uint64_t connections;
	uint64_t old;          /* by verdict_saw_old */
	uint64_t passwords;    /* plaintext_login */
	uint64_t began_before; /* before we listened: not judged */
};

/*
 * ticker_print prints the line for `c`, whose ends are `who`, and counts it.
 * A connection of which nothing can be said as it had begun before is only
 * counted.  It returns 0, or -errno when the line could not be written.
 */
int ticker_print(struct ticker *ticker, const struct connection *c,
    const struct identity *who, bool old);

/* ticker_sum prints what all lines add up to; `packets` were read, and `lost`
 * before they could be.  It returns the same. */
int ticker_sum(const struct ticker *ticker, uint64_t packets, uint64_t lost);

#endif
