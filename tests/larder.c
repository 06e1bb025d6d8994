/* SPDX-License-Identifier: ISC */
#include "tests/larder.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * A layer between SQLite and the system, whose writes can be made to fail.
 */

enum {
	KINDS_MAX = 4, /* of files: the database, its log, ... */
};

static int broken;
static sqlite3_vfs *below, layer;
static struct {
	const sqlite3_io_methods *below;
	sqlite3_io_methods above;
} kinds[KINDS_MAX];

static int
write_or_fail(
    sqlite3_file *file, const void *data, int amount, sqlite3_int64 offset)
{
	size_t kind = 0;

	if (broken != 0)
		return broken;
	while (file->pMethods != &kinds[kind].above)
		kind++;
	return kinds[kind].below->xWrite(file, data, amount, offset);
}

static int
open_above(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
    int *out_flags)
{
	int code = below->xOpen(vfs, name, file, flags, out_flags);

	for (size_t i = 0; i < KINDS_MAX && code == SQLITE_OK; i++) {
		if (kinds[i].below == NULL) {
			kinds[i].below = file->pMethods;
			kinds[i].above = *file->pMethods;
			kinds[i].above.xWrite = write_or_fail;
		}
		if (kinds[i].below != file->pMethods)
			continue;
		file->pMethods = &kinds[i].above;
		break;
	}
	return code;
}

void
larder_break(int code)
{
	broken = code;
	if (below != NULL)
		return;
	below = sqlite3_vfs_find(NULL);
	layer = *below;
	layer.zName = "larder";
	layer.xOpen = open_above;
	sqlite3_vfs_register(&layer, 1);
}

/*
 * The folder.
 */

static void
hear(void *arg, const char *sentence)
{
	struct larder *l = arg;
	size_t len = strlen(l->said);

	snprintf(l->said + len, sizeof(l->said) - len, "%s\n", sentence);
	l->said_count++;
}

int
larder_set_up(void **state)
{
	struct larder *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return -1;
	setenv("TZ", "UTC0", 1);
	tzset();
	larder_break(0);
	snprintf(l->folder, sizeof(l->folder), "./larder.XXXXXX");
	if (mkdtemp(l->folder) == NULL)
		return -1;
	snprintf(l->path, sizeof(l->path), "%s/store.db", l->folder);
	l->options = store_defaults(l->path);
	l->options.say = hear;
	l->options.arg = l;
	*state = l;
	return 0;
}

int
larder_tear_down(void **state)
{
	struct larder *l = *state;
	DIR *dir = opendir(l->folder);
	struct dirent *entry;
	char path[512];

	larder_break(0);
	store_close(l->store, LARDER_NOON_US);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", l->folder, entry->d_name);
		unlink(path);
	}
	if (dir != NULL)
		closedir(dir);
	rmdir(l->folder);
	free(l);
	return 0;
}

unsigned
larder_files(const struct larder *l, const char *part)
{
	DIR *dir = opendir(l->folder);
	struct dirent *entry;
	unsigned count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		count += strstr(entry->d_name, part) != NULL;
	closedir(dir);
	return count;
}

/*
 * The store.
 */

void
larder_open(struct larder *l)
{
	if (store_open(&l->options, &l->store, l->message) != 0)
		fail_msg("%s", l->message);
}

void
larder_read(struct larder *l)
{
	if (store_open_reader(l->path, &l->store, l->message) != 0)
		fail_msg("%s", l->message);
}

void
larder_close(struct larder *l, int days)
{
	struct store *store = l->store;

	l->store = NULL;
	assert_int_equal(
	    store_close(store, LARDER_NOON_US + days * LARDER_DAY_US), 0);
}

struct connection
larder_connection(uint8_t host, int days, int seconds, enum verdict verdict)
{
	struct connection c = mk_connection(1, host, host, verdict);

	c.first_us =
	    LARDER_NOON_US + days * LARDER_DAY_US + seconds * MK_SECOND;
	c.last_us = c.first_us + MK_SECOND;
	c.tls = true;
	c.offer.whole = true;
	if (verdict == VERDICT_OLD_CLIENT)
		mk_answer(&c, TLS_1_0);
	if (verdict == VERDICT_MODERN) {
		c.offer.max_version = TLS_1_3;
		mk_answer(&c, TLS_1_3);
	}
	return c;
}

void
larder_put(struct larder *l, const struct connection *c)
{
	struct identity who;

	identify(NULL, c, &who);
	store_add(l->store, c, &who);
}

void
larder_add(
    struct larder *l, uint8_t host, int days, int seconds, enum verdict verdict)
{
	struct connection c = larder_connection(host, days, seconds, verdict);

	larder_put(l, &c);
}

void
larder_do(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

int64_t
larder_sql(const struct larder *l, const char *sql)
{
	sqlite3_stmt *row;
	sqlite3 *db;
	int64_t number;

	/* To write, or what a kill left behind could not be undone. */
	assert_int_equal(
	    sqlite3_open_v2(l->path, &db, SQLITE_OPEN_READWRITE, NULL),
	    SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_step(row), SQLITE_ROW);
	number = sqlite3_column_int64(row, 0);
	sqlite3_finalize(row);
	sqlite3_close(db);
	return number;
}
