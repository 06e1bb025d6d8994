/* SPDX-License-Identifier: ISC */
#include "report/remembered.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "report/device.h"

enum {
	ROOM_MIN = 16,
};

void
remembered_add(struct remembered *remembered, const struct device_name *device)
{
	if (remembered->count == REMEMBERED_MAX)
		return;
	if (remembered->count == remembered->room) {
		remembered->room =
		    remembered->room > 0 ? 2 * remembered->room : ROOM_MIN;
		remembered->devices = reallocarray(remembered->devices,
		    remembered->room, sizeof(*remembered->devices));
		if (remembered->devices == NULL)
			err(EXIT_FAILURE, NULL);
	}
	remembered->devices[remembered->count++] = *device;
}

void
remembered_clear(struct remembered *remembered)
{
	free(remembered->devices);
	memset(remembered, 0, sizeof(*remembered));
}

static int
by_id(const void *id, const void *device)
{
	return strcmp(id, ((const struct device_name *)device)->id);
}

const struct device_name *
remembered_find(const struct remembered *remembered, const char *id)
{
	if (remembered == NULL || remembered->count == 0)
		return NULL;
	return bsearch(id, remembered->devices, remembered->count,
	    sizeof(*remembered->devices), by_id);
}
