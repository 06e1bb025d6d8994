/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_STORE_CHECK_H
#define MAILTLS_REPORT_STORE_CHECK_H

#include "report/calendar.h"
#include "report/store.h"

enum {
	STORE_PROBLEM_MAX = 256,
};

/* struct store_health is how a store is. */
struct store_health {
	char problem[STORE_PROBLEM_MAX]; /* the first one; "": it is well */
	int64_t schema;                  /* version of its tables */
	struct span days;
	int64_t connections, records, devices, runs;
	int64_t bytes; /* in use */
};

/*
 * store_check looks at every page of `store`, and whether what it holds fits
 * together: that each connection is in one sum, that the sums are right, and
 * that each entry has its sample.  It returns 0, or -errno when it could not
 * look at all; what it found is in `out`.
 */
int store_check(struct store *store, struct store_health *out);

#endif
