/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_NDJSON_H
#define MAILTLS_REPORT_NDJSON_H

#include <stdio.h>

#include "report/identify.h"

enum {
	NDJSON_LINE_MAX = 17408, /* no record is longer */
};

/*
 * ndjson_format writes `c`, whose ends are `who`, as one JSON object and a
 * newline into the `size` bytes at `line`, and returns the length.  NDJSON_LINE_MAX is always enough.
 * The keys are those of the manual page under RECORDS; those of which nothing
 * is known are absent.  Strings are valid UTF-8, whatever the wire held: bytes
 * that are not become U+FFFD.
 */
size_t ndjson_format(const struct connection *c, const struct identity *who,
    char *line, size_t size);

#endif
