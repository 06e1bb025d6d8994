/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_REMEMBERED_H
#define MAILTLS_REPORT_REMEMBERED_H

#include <stdbool.h>
#include <stddef.h>

struct device_name;

enum {
	REMEMBERED_MAX = 8192, /* devices; of more, the first count */
};

/* struct remembered is what devices were called once, by their id.  Zeroed is
 * empty. */
struct remembered {
	struct device_name *devices; /* by id */
	size_t count, room;
};

/* remembered_add adds one; ids must come in their order, each once. */
void remembered_add(
    struct remembered *remembered, const struct device_name *device);
void remembered_clear(struct remembered *remembered);

/* remembered_find returns who has `id`, or NULL; `remembered` may be NULL. */
const struct device_name *remembered_find(
    const struct remembered *remembered, const char *id);

#endif
