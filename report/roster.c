/* SPDX-License-Identifier: ISC */
#include "report/roster.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "report/device.h"

enum {
	ROOM_MIN = 16,
};

void
roster_add(struct roster *roster, const struct device_name *device)
{
	if (roster->count == ROSTER_MAX)
		return;
	if (roster->count == roster->room) {
		roster->room = roster->room > 0 ? 2 * roster->room : ROOM_MIN;
		roster->devices = reallocarray(
		    roster->devices, roster->room, sizeof(*roster->devices));
		if (roster->devices == NULL)
			err(EXIT_FAILURE, NULL);
	}
	roster->devices[roster->count++] = *device;
}

void
roster_clear(struct roster *roster)
{
	free(roster->devices);
	memset(roster, 0, sizeof(*roster));
}

static int
by_id(const void *id, const void *device)
{
	return strcmp(id, ((const struct device_name *)device)->id);
}

const struct device_name *
roster_find(const struct roster *roster, const char *id)
{
	if (roster == NULL || roster->count == 0)
		return NULL;
	return bsearch(id, roster->devices, roster->count,
	    sizeof(*roster->devices), by_id);
}
