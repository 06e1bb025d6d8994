/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_IDENTIFY_H
#define MAILTLS_REPORT_IDENTIFY_H

#include "report/device.h"
#include "report/program.h"

enum {
	IDENTITY_PROVIDER_MAX = 64,
	IDENTITY_PROCESS_MAX = 64,
	IDENTITY_PATH_MAX = 256,
};

/* struct process is the program of this machine that a connection belongs to,
 * by what the system says: nothing is inferred.  Names are hostile. */
struct process {
	bool known;
	uint32_t pid, uid;               /* pid 0: more than one has it */
	char name[IDENTITY_PROCESS_MAX]; /* of an interpreter, its script's */
	char executable[IDENTITY_PATH_MAX]; /* "" if that is not known */
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
	struct process process; /* of live capture; identify leaves it zeroed */
};

/* identify says who the ends of `c` are.  `from` may be NULL. */
void identify(const struct device_sources *from, const struct connection *c,
    struct identity *out);

#endif
