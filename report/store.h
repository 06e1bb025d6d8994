/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_STORE_H
#define MAILTLS_REPORT_STORE_H

#include "report/history.h"
#include "report/identify.h"

/*
 * The store keeps connections beyond one run of the program, in one file:
 * every record for some weeks, and what reports need of older ones, daily sums,
 * for a year or so.  A connection that it has seen is not counted again, be it
 * from the same capture or from another store.
 *
 * Order of calls: store_open, then store_add and store_run as it comes and
 * store_tick every second or so, then store_close.  What is added waits in
 * memory until the commit interval is over, is then written in one transaction
 * and safe even if the power fails.  While the disk is full or read-only,
 * it waits on, up to a bound, and is written once that is over.
 *
 * There is one writer: store_open locks the file at PATH-lock, which a child
 * process made later must not keep open.  Readers do not wait for it.
 */
struct store;

enum {
	STORE_MESSAGE_MAX = 512,
	STORE_WAITING_MAX = 512, /* connections in memory; 3 MiB */
	STORE_RUNS_MAX = 32,     /* runs of capture in memory */
	STORE_RECORD_DAYS = 30,
	STORE_SUM_DAYS = 400, /* a year, to compare with, and a month */
	STORE_COMMIT_S = 60,
	STORE_SIZE_MAX = 256 << 20, /* bytes */
	STORE_SIZE_MIN = 1 << 20,
	STORE_RETRY_S = 10, /* after a write that failed */
};

struct store_options {
	const char *path; /* it must last as long as the store */
	int record_days, sum_days;
	int commit_s;
	uint64_t size_max;
	/* Is told, in a sentence, what the user should know; may be NULL. */
	void (*say)(void *arg, const char *sentence);
	void *arg;
};

/* store_defaults returns the values above, for `path`. */
struct store_options store_defaults(const char *path);

/*
 * store_open opens the store to write, makes it if it is not there, and
 * brings an old one up to date.  One that is damaged is put aside under another
 * name, and what can be saved of it is saved.  It returns 0; or -errno, with
 * what is wrong in `message` and NULL: -EBUSY if there is another writer, whose
 * process id the message has.
 */
int store_open(const struct store_options *options, struct store **out,
    char message[STORE_MESSAGE_MAX]);

/* store_open_reader opens the store at `path` only to read, also while it is
 * being written to and where nothing may be written. */
int store_open_reader(
    const char *path, struct store **out, char message[STORE_MESSAGE_MAX]);

/* store_words says in words what an error of a store, -errno, means. */
const char *store_words(int error);

/* store_add adds a connection that is over and judged, and was between `who`.
 */
void store_add(struct store *store, const struct connection *c,
    const struct identity *who);

/* store_name says what a device is called by now; in words that are better
 * than those of its last connection, perhaps. */
void store_name(struct store *store, const struct device_name *device);

/*
 * store_run says from when to when a source was captured, and what was lost.
 * Call it as the run goes on, with the same start and a later end: one with the
 * start and source of another takes its place.
 */
void store_run(struct store *store, const struct history_run *run);

/* store_tick lets time pass, up to `now_us` by the clock, and writes what is
 * due. */
void store_tick(struct store *store, int64_t now_us);

/* struct store_stats counts connections since store_open. */
struct store_stats {
	uint64_t added;   /* written */
	uint64_t known;   /* seen before, and passed over */
	uint64_t waiting; /* in memory */
	uint64_t dropped; /* could not be written, and had no room to wait */
};
struct store_stats store_statistics(const struct store *store);

/* store_close writes what waits, forgets what has become too old by `now_us`,
 * and frees all.  It returns 0, or -errno when something could not be written,
 * having said so.  `store` may be NULL. */
int store_close(struct store *store, int64_t now_us);

/*
 * store_path writes the file that is used when none is named: in
 * $STATE_DIRECTORY, which systemd sets, else in $XDG_STATE_HOME/mailtls, else
 * in ~/.local/state/mailtls.  It returns false when none of them is set, or
 * they are too long.  store_make_folder makes the folders before `path`, as far
 * as they are not there, and returns 0 or -errno.
 */
enum {
	STORE_PATH_MAX = 4096,
};
bool store_path(char out[STORE_PATH_MAX]);
int store_make_folder(const char *path);

#endif
