/* SPDX-License-Identifier: ISC */
/* A damaged store is put aside under a name with the date, and read as far as
 * it can be. */
#include "report/store_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "report/transfer.h"

enum {
	NAME_MAX_LEN = STORE_PATH_MAX + 64,
	NAMES_MAX = 100, /* of one second */
};

/* What SQLite keeps beside a database, and belongs to it. */
static const char *const companions[] = { "", "-wal", "-shm" };

/* Finds a name that is not taken. */
static bool
choose_name(const struct store *store, char out[NAME_MAX_LEN])
{
	time_t seconds = (time_t)(store_when(store) / 1000000);
	char date[sizeof("20220516T101500")];
	struct tm tm;

	if (localtime_r(&seconds, &tm) == NULL ||
	    strftime(date, sizeof(date), "%Y%m%dT%H%M%S", &tm) == 0)
		return false;
	snprintf(out, NAME_MAX_LEN, "%s.damaged-%s", store->options.path, date);
	for (int i = 2; access(out, F_OK) == 0 && i < NAMES_MAX; i++)
		snprintf(out, NAME_MAX_LEN, "%s.damaged-%s-%d",
		    store->options.path, date, i);
	return access(out, F_OK) != 0;
}

static int
put_aside(struct store *store, const char *aside)
{
	char from[NAME_MAX_LEN], to[NAME_MAX_LEN + 8];

	/* The log first: without it the database is not all there. */
	for (size_t i = sizeof(companions) / sizeof(companions[0]); i-- > 0;) {
		snprintf(from, sizeof(from), "%s%s", store->options.path,
		    companions[i]);
		snprintf(to, sizeof(to), "%s%s", aside, companions[i]);
		if (rename(from, to) != 0 && errno != ENOENT)
			return -errno;
	}
	return 0;
}

static bool
take(void *arg, const char *line, size_t len)
{
	char message[TRANSFER_MESSAGE_MAX];

	intake_line(arg, line, len, message);
	return true;
}

/* Takes over what there is to be read in the file `aside`. */
static int
save(struct store *store, const char *aside, uint64_t *saved)
{
	struct store_stats before = store->stats;
	struct store damaged = { .options = store->options, .lock = -1 };
	struct intake *intake;
	int error;

	/* Its log may have to be played back first. */
	if (db_open(aside, DB_WRITE, &damaged.db) != 0)
		return 0;
	intake = intake_new(store);
	transfer_save(&damaged, take, intake);
	db_close(damaged.db);
	error = intake_end(intake);
	*saved = store->stats.added - before.added;
	store->stats.added = before.added;
	store->stats.known = before.known;
	return error;
}

int
store_rescue(struct store *store)
{
	char aside[NAME_MAX_LEN];
	uint64_t saved = 0;
	int error;

	store_detach(store);
	if (!choose_name(store, aside))
		return -EEXIST;
	error = put_aside(store, aside);
	if (error == 0)
		error = store_attach(store);
	if (error != 0)
		return error;
	error = save(store, aside, &saved);
	store_say(store,
	    "the store is damaged and was put aside as %s; connections of it "
	    "that could be saved: %llu",
	    aside, (unsigned long long)saved);
	return error;
}
