/* SPDX-License-Identifier: ISC */
/* Where the store is, unless the user says so: the folders of systemd.exec(5)
 * and of the XDG Base Directory Specification. */
#include "report/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	FOLDER_MODE = 0750,
};

/* Joins `folder`, the first of several between colons, with `name`. */
static bool
join(const char *folder, const char *name, char out[STORE_PATH_MAX])
{
	int len = (int)strcspn(folder, ":");

	return snprintf(out, STORE_PATH_MAX, "%.*s/%s", len, folder, name) <
	       STORE_PATH_MAX;
}

bool
store_path(char out[STORE_PATH_MAX])
{
	static const struct {
		const char *variable, *name;
	} places[] = {
		{ "STATE_DIRECTORY", "store.db" },
		{ "XDG_STATE_HOME", "mailtls/store.db" },
		{ "HOME", ".local/state/mailtls/store.db" },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const char *folder = getenv(places[i].variable);

		/* The specification wants others passed over. */
		if (folder != NULL && folder[0] == '/')
			return join(folder, places[i].name, out);
	}
	return false;
}

int
store_make_folder(const char *path)
{
	char folder[STORE_PATH_MAX];

	if (strlen(path) >= sizeof(folder))
		return -ENAMETOOLONG;
	memcpy(folder, path, strlen(path) + 1);
	for (char *at = folder + 1; (at = strchr(at, '/')) != NULL; at++) {
		*at = '\0';
		if (mkdir(folder, FOLDER_MODE) != 0 && errno != EEXIST)
			return -errno;
		*at = '/';
	}
	return 0;
}
