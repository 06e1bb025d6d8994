/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_SCHEMA_H
#define MAILTLS_REPORT_SCHEMA_H

#include "report/db.h"

/*
 * The tables of a store, and how an older store gets them: step by step, each
 * from one version to the next.  To change them, add a step; never change one.
 */

enum {
	SCHEMA_APPLICATION = 0x6D746C73, /* "mtls", in the file's header */
};

/* schema_steps leads from nothing, version 0, to today's. */
extern const char *const schema_steps[];
extern const int schema_version;

/*
 * schema_upgrade takes the `count` steps at `steps` that `db` has not taken
 * yet, all of them or none, and returns 0 or an error of db.h; -EPROTO when
 * there are less than it has taken, as it is from a newer program, and -EINVAL
 * when it is a database of something else.
 */
int schema_upgrade(struct db *db, const char *const *steps, int count);

/* schema_check returns the same errors, and -ESTALE for one that would have to
 * be upgraded, without touching it. */
int schema_check(struct db *db);

#endif
