/* SPDX-License-Identifier: ISC */
/*
 * What a store forgets: records and sums that are too old, and the oldest when
 * all is too much.
 */
#include "report/store_private.h"

#include <errno.h>

#include "report/calendar.h"

enum {
	/* When it is full, it is emptied so far that that does not come again
	 * at once. */
	LOW_PERCENT = 95,
	/* Give pages back to the system when of this many one is unused. */
	PAGES_PER_UNUSED = 4,
};

/* Runs `sql` with its one parameter. */
static void
run_with(struct db *db, const char *sql, int64_t value)
{
	struct db_statement *statement = db_prepare(db, sql);

	db_bind_int(statement, 1, value);
	db_step(statement);
	db_finish(statement);
}

/* Takes out the records before `day`, but for the samples. */
static void
drop_records(struct db *db, int32_t day)
{
	run_with(db,
	    "DELETE FROM record WHERE day < ?1 AND id NOT IN"
	    " (SELECT record FROM sample WHERE day < ?1)",
	    day);
}

/* Takes out the sums before `day`, and all that belongs to them. */
static void
drop_sums(struct db *db, int32_t day)
{
	static const char *const sqls[] = {
		"DELETE FROM daily WHERE day < ?1",
		"DELETE FROM sample WHERE day < ?1",
		"DELETE FROM record WHERE day < ?1",
	};

	run_with(db,
	    "DELETE FROM seen WHERE daily IN"
	    " (SELECT id FROM daily WHERE day < ?1)",
	    day);
	for (size_t i = 0; i < sizeof(sqls) / sizeof(sqls[0]); i++)
		run_with(db, sqls[i], day);
	db_run(
	    db, "DELETE FROM entry WHERE id NOT IN (SELECT entry FROM daily)");
}

/* Takes out names and runs that ended before. */
static void
drop_others(struct db *db, int64_t before_us)
{
	run_with(db, "DELETE FROM device WHERE last_us < ?1", before_us);
	run_with(db, "DELETE FROM run WHERE end_us < ?1", before_us);
}

/*
 * Too much.
 */

int64_t
store_used(struct store *store)
{
	return db_number(store->db,
	    "SELECT (page_count - freelist_count) * page_size"
	    " FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
}

/* Takes out some of the oldest records, or a day's sums when there is no record
 * left to take; false when there is nothing at all. */
static bool
drop_oldest(struct db *db)
{
	int64_t oldest;

	db_run(db,
	    "DELETE FROM record WHERE id IN (SELECT id FROM record WHERE id"
	    " NOT IN (SELECT record FROM sample) ORDER BY day, id LIMIT 1000)");
	if (db_number(db, "SELECT changes()") > 0)
		return true;
	if (db_number(db, "SELECT count(*) FROM daily") == 0)
		return false;
	oldest = db_number(db, "SELECT min(day) FROM daily");
	drop_sums(db, (int32_t)oldest + 1);
	return true;
}

static void
make_room(struct store *store)
{
	struct db *db = store->db;
	int64_t high = (int64_t)store->options.size_max;
	int64_t low = high / 100 * LOW_PERCENT;

	if (store_used(store) <= high)
		return;
	while (db_error(db) == 0 && store_used(store) > low && drop_oldest(db))
		;
}

/*
 * Too old.
 */

/* The day from which is counted back: today, or, where a clock or a capture
 * is behind, that of the newest connection. */
static int32_t
today(const struct store *store)
{
	int32_t day = calendar_day(store->now_us);

	return store->now_us != 0 && day < store->newest_day
		   ? day
		   : store->newest_day;
}

static void
forget_old(struct store *store, int32_t day)
{
	drop_records(store->db, day - store->options.record_days);
	drop_sums(store->db, day - store->options.sum_days);
	drop_others(store->db, calendar_start(day - store->options.sum_days));
}

/* Makes the file smaller when much of it is not used any more. */
static void
give_back(struct db *db)
{
	int64_t unused = db_number(db, "PRAGMA freelist_count");

	if (unused * PAGES_PER_UNUSED > db_number(db, "PRAGMA page_count"))
		db_run(db, "PRAGMA incremental_vacuum");
}

int
store_clean(struct store *store, bool all)
{
	int32_t day = today(store);
	int error;

	if (store->db == NULL)
		return 0;
	db_begin(store->db);
	if (all || day != store->cleaned_day)
		forget_old(store, day);
	make_room(store);
	error = db_commit(store->db);
	if (error == 0) {
		store->cleaned_day = day;
		give_back(store->db);
		error = db_error(store->db);
		db_clear(store->db);
	}
	return error == -EBADMSG ? store_rescue(store) : error;
}
