/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_ZEEK_H
#define MAILTLS_REPORT_ZEEK_H

#include <stdio.h>

#include "report/identify.h"

/*
 * Connections in the format of Zeek's ssl.log (scripts/base/protocols/ssl), for
 * those who have tools that read it.  Behind the columns of Zeek are some of
 * our own.  A connection without TLS is none for an ssl.log.
 */

enum {
	ZEEK_LINE_MAX = 16384, /* no line is longer */
};

/* zeek_open writes the lines before the first connection, which began at
 * `time_us`, and zeek_close the line after the last, which ended at `time_us`;
 * 0 for none. */
void zeek_open(FILE *out, int64_t time_us);
void zeek_close(FILE *out, int64_t time_us);

/*
 * zeek_format writes `c`, whose ends are `who`, as a line with its newline into
 * the `size` bytes at `line`, and returns the length: 0 without TLS.
 * ZEEK_LINE_MAX is always enough.
 */
size_t zeek_format(const struct connection *c, const struct identity *who,
    char *line, size_t size);

#endif
