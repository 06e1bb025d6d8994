/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_IDENTIFY_H
#define MAILTLS_REPORT_IDENTIFY_H

#include "report/device.h"
#include "report/program.h"

enum {
	IDENTITY_PROVIDER_MAX = 64,
};

/* struct identity is who the two ends of a connection are, in names, as far as
 * that was known when it was made.  It points at tables of facts only. */
struct identity {
	/* SNI, else what DNS was asked for, else the greeting's, else the
	 * certificate's, else "". */
	char server_name[CONNECTION_NAME_MAX];
	char provider[IDENTITY_PROVIDER_MAX]; /* whose server that is, or "" */
	struct device_name device;
	struct program program;
};

/* identify says who the ends of `c` are.  `from` may be NULL. */
void identify(const struct device_sources *from, const struct connection *c,
    struct identity *out);

#endif
