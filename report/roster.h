/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_ROSTER_H
#define MAILTLS_REPORT_ROSTER_H

#include <stdbool.h>
#include <stddef.h>

struct device_name;

enum {
	ROSTER_MAX = 8192, /* devices; of more, the first count */
};

/* struct roster is what devices were called once, by their id.  Zeroed is
 * empty. */
struct roster {
	struct device_name *devices; /* by id */
	size_t count, room;
};

/* roster_add adds one; ids must come in their order, each once. */
void roster_add(struct roster *roster, const struct device_name *device);
void roster_clear(struct roster *roster);

/* roster_find returns who has `id`, or NULL; `roster` may be NULL. */
const struct device_name *roster_find(
    const struct roster *roster, const char *id);

#endif
