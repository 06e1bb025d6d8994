/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_STORE_PRIVATE_H
#define MAILTLS_REPORT_STORE_PRIVATE_H

#include "report/db.h"
#include "report/facts.h"
#include "report/ndjson.h"
#include "report/store.h"

/* What the files of the store share, and nobody else sees. */

enum {
	STORE_NAMES_MAX = 64, /* names of devices in memory */
	/* A name that was not said again for so long may be replaced by one
	 * from a source that is worth less. */
	STORE_NAME_DAYS = 30,
};

#define STORE_DAY_US (24 * 3600 * INT64_C(1000000))

/* A connection in memory. */
struct waiting {
	struct connection c;
	struct identity who;
};

/* The statements that write. */
struct store_statements {
	struct db_statement *find_seen, *add_seen;
	struct db_statement *find_entry, *add_entry;
	struct db_statement *add_daily, *add_record, *add_sample;
	struct db_statement *find_device, *add_device;
	struct db_statement *add_run;
};

struct store {
	struct store_options options;
	struct db *db;
	struct store_statements statements;
	int lock;       /* a descriptor, -1 for a reader */
	bool was_store; /* the file was locked as one before */

	struct waiting *waiting;
	size_t waiting_count;
	struct device_name names[STORE_NAMES_MAX];
	size_t name_count;
	struct history_run runs[STORE_RUNS_MAX];
	size_t run_count;

	int64_t now_us;      /* of the last tick */
	int64_t written_us;  /* of the tick that last wrote, or tried to */
	bool failing;        /* the last write did not succeed */
	int32_t newest_day;  /* of a connection */
	int64_t newest_us;   /* its end */
	int32_t cleaned_day; /* what is older than that day allows is gone */
	struct store_stats stats;
};

/* store_say tells the user a sentence that begins with the path. */
void store_say(const struct store *store, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* store_prepare makes the statements that write. */
void store_prepare(struct store *store);

/* struct store_line is a connection as it is kept. */
struct store_line {
	struct facts facts;
	const struct device_name *device;
	const char *text; /* the record, without its newline */
};

/*
 * These write within a transaction.  store_put_line returns false for a
 * connection that has been seen.  store_put_count counts connection `id` in the
 * row that is told by `facts`, but for `facts->id`, of entry `entry`, and
 * returns the same.
 */
bool store_put_line(struct store *store, const struct store_line *line);
bool store_put_count(
    struct store *store, const struct facts *facts, int64_t entry, int64_t id);
void store_put_device(struct store *store, const struct device_name *device,
    int64_t named_us, int64_t last_us);
void store_put_run(struct store *store, const struct history_run *run);

/* store_clean forgets what is too old or too much: in a transaction of its
 * own, and once a day unless `all`.  It returns 0 or an error. */
int store_clean(struct store *store, bool all);

/* store_used returns how many bytes of the file are in use. */
int64_t store_used(struct store *store);

/* store_rescue puts a damaged store aside, begins a new one in its place, and
 * takes over what can still be read.  It returns 0 or an error. */
int store_rescue(struct store *store);

/* store_when returns the time of the last tick, or what the clock says. */
int64_t store_when(const struct store *store);

/* store_attach opens the database of `store`, whose file is there, and makes it
 * ready; store_detach closes it. */
int store_attach(struct store *store);
void store_detach(struct store *store);

#endif
