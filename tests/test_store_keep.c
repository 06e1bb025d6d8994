/* SPDX-License-Identifier: ISC */
/* What a store forgets, and what it does when it can not write or read. */
#include "report/store.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/store_check.h"
#include "tests/larder.h"

/*
 * Age.
 */

static void
records_go_after_some_days_and_sums_stay(void **state)
{
	struct larder *l = *state;

	larder_open(l);
	for (int i = 0; i < 3; i++)
		larder_add(l, 1, 0, i, VERDICT_MODERN);
	larder_add(l, 1, 30, 0, VERDICT_MODERN);
	larder_close(l, 30);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 4);
	larder_open(l);
	larder_add(l, 1, 31, 0, VERDICT_MODERN);
	larder_close(l, 31);
	/* The last of the first day is its sample. */
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 3);
	assert_int_equal(
	    larder_sql(l, "SELECT sum(connections) FROM daily"), 5);
	assert_int_equal(
	    larder_sql(l, "SELECT count(*) FROM sample JOIN record ON"
			  " record.id = sample.record"),
	    3);
}

static void
the_last_with_the_gravest_verdict_stands_for_a_day(void **state)
{
	struct larder *l = *state;
	struct connection c;

	larder_open(l);
	for (int i = 0; i < 6; i++) {
		/* The same offer, so that it is one entry. */
		c = larder_connection(1, 0, i,
		    i == 1 || i == 3 ? VERDICT_FALLBACK : VERDICT_OLD_SERVER);
		snprintf(c.ehlo, sizeof(c.ehlo), "number-%d", i);
		larder_put(l, &c);
	}
	larder_add(l, 1, 40, 0, VERDICT_MODERN);
	larder_close(l, 40);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record WHERE"
				       " json_extract(line, '$.mailtls.ehlo') ="
				       " 'number-3'"),
	    1);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 2);
}

static void
sums_go_after_a_year_and_all_that_was_theirs(void **state)
{
	struct larder *l = *state;
	struct history_run run = { .start_us = LARDER_NOON_US,
		.end_us = LARDER_NOON_US + MK_SECOND,
		.source = "br-lan" };

	larder_open(l);
	larder_add(l, 1, 0, 0, VERDICT_MODERN);
	store_run(l->store, &run);
	larder_add(l, 2, 401, 0, VERDICT_MODERN);
	larder_close(l, 401);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM daily"), 1);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM seen"), 1);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM entry"), 1);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM sample"), 1);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 1);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM device"), 1);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM run"), 0);
}

static void
age_is_counted_from_the_newest_connection(void **state)
{
	struct larder *l = *state;

	/* An old capture, looked at years later, is still all there. */
	larder_open(l);
	larder_add(l, 1, 0, 0, VERDICT_MODERN);
	larder_add(l, 1, 0, 1, VERDICT_MODERN);
	larder_close(l, 1500);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 2);
}

static void
a_clock_that_is_ahead_makes_nothing_old(void **state)
{
	struct larder *l = *state;

	larder_open(l);
	larder_add(l, 1, 0, 0, VERDICT_MODERN);
	larder_add(l, 1, 0, 1, VERDICT_MODERN);
	larder_add(l, 1, 9000, 0, VERDICT_MODERN);
	larder_close(l, 1);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 3);
}

static void
age_is_looked_at_while_it_runs(void **state)
{
	struct larder *l = *state;

	l->options.record_days = 1;
	larder_open(l);
	store_tick(l->store, LARDER_NOON_US);
	for (int i = 0; i < 5; i++)
		larder_add(l, 1, 0, i, VERDICT_MODERN);
	larder_add(l, 1, 2, 0, VERDICT_MODERN);
	store_tick(l->store, LARDER_NOON_US + 2 * LARDER_DAY_US);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 2);
}

/*
 * Size.
 */

static void
when_it_is_full_the_oldest_records_go_first(void **state)
{
	struct larder *l = *state;
	struct stat st;

	l->options.size_max = STORE_SIZE_MIN;
	larder_open(l);
	for (int day = 0; day < 20; day++)
		for (int i = 0; i < 100; i++)
			larder_add(l, 1, day, i, VERDICT_MODERN);
	larder_close(l, 20);
	assert_int_equal(stat(l->path, &st), 0);
	assert_true(st.st_size <= 2 * STORE_SIZE_MIN);
	assert_true(larder_sql(l,
			"SELECT (page_count - freelist_count) * page_size FROM"
			" pragma_page_count, pragma_freelist_count,"
			" pragma_page_size") <= STORE_SIZE_MIN);
	/* All sums, and the newest records. */
	assert_int_equal(
	    larder_sql(l, "SELECT sum(connections) FROM daily"), 2000);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record WHERE day ="
				       " (SELECT max(day) FROM record)"),
	    100);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record WHERE day ="
				       " (SELECT min(day) FROM record)"),
	    1);
}

static void
when_records_are_gone_the_oldest_sums_go(void **state)
{
	struct larder *l = *state;

	l->options.size_max = STORE_SIZE_MIN;
	larder_open(l);
	/* Each is an entry of its own, and so its own sample. */
	for (int day = 0; day < 20; day++)
		for (int i = 0; i < 100; i++)
			larder_add(l, (uint8_t)(1 + i), day, i, VERDICT_MODERN);
	larder_close(l, 20);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM daily WHERE day ="
				       " (SELECT max(day) FROM daily)"),
	    100);
	assert_in_range(
	    larder_sql(l, "SELECT count(DISTINCT day) FROM daily"), 3, 15);
	assert_int_equal(larder_sql(l, "SELECT max(day) - min(day) + 1 -"
				       " count(DISTINCT day) FROM daily"),
	    0);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM seen"),
	    larder_sql(l, "SELECT sum(connections) FROM daily"));
}

/*
 * Trouble with the disk.
 */

static void
assert_waits_out(struct larder *l, int code, const char *says)
{
	int64_t now = LARDER_NOON_US;

	larder_open(l);
	store_tick(l->store, now);
	larder_add(l, 1, 0, 0, VERDICT_MODERN);
	larder_break(code);
	for (int i = 1; i < 5; i++)
		store_tick(l->store, now + i * 60 * MK_SECOND);
	assert_int_equal(l->said_count, 1);
	assert_non_null(strstr(l->said, says));
	assert_int_equal(store_statistics(l->store).waiting, 1);
	larder_add(l, 1, 0, 1, VERDICT_MODERN);
	larder_break(0);
	store_tick(l->store, now + 5 * 60 * MK_SECOND);
	assert_int_equal(l->said_count, 2);
	assert_non_null(strstr(l->said, "written again"));
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 2);
	assert_int_equal(store_statistics(l->store).dropped, 0);
	larder_close(l, 0);
	assert_int_equal(l->said_count, 2);
}

static void
a_full_disk_is_waited_out(void **state)
{
	larder_break(0); /* put the layer in */
	assert_waits_out(*state, SQLITE_FULL, "No space left on device");
}

static void
so_is_a_disk_that_may_only_be_read(void **state)
{
	assert_waits_out(*state, SQLITE_READONLY, "Read-only file system");
}

static void
so_is_one_that_fails(void **state)
{
	assert_waits_out(*state, SQLITE_IOERR_WRITE, "");
}

static void
it_is_tried_again_sooner_than_the_interval(void **state)
{
	struct larder *l = *state;
	int64_t now = LARDER_NOON_US;

	l->options.commit_s = 3600;
	larder_open(l);
	store_tick(l->store, now);
	larder_add(l, 1, 0, 0, VERDICT_MODERN);
	larder_break(SQLITE_FULL);
	store_tick(l->store, now += 3600 * MK_SECOND);
	larder_break(0);
	store_tick(l->store, now += (STORE_RETRY_S - 1) * MK_SECOND);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 0);
	store_tick(l->store, now + MK_SECOND);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 1);
}

static void
what_has_no_room_to_wait_is_counted(void **state)
{
	struct larder *l = *state;
	struct store *store;

	larder_open(l);
	larder_break(SQLITE_FULL);
	for (int i = 0; i < STORE_WAITING_MAX + 7; i++)
		larder_add(l, 1, 0, i, VERDICT_MODERN);
	assert_int_equal(store_statistics(l->store).waiting, STORE_WAITING_MAX);
	assert_int_equal(store_statistics(l->store).dropped, 7);
	assert_int_equal(l->said_count, 1);
	store = l->store;
	l->store = NULL;
	assert_int_equal(store_close(store, LARDER_NOON_US), -ENOSPC);
	assert_non_null(strstr(l->said, "connections not stored: 519"));
	larder_break(0);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 0);
}

/*
 * Damage.
 */

/* Writes zeros over the page that `sql` gives. */
static void
damage_page(const struct larder *l, const char *sql)
{
	FILE *file = fopen(l->path, "r+");
	long page = (long)larder_sql(l, sql);

	assert_non_null(file);
	assert_int_equal(fseek(file, 4096 * (page - 1), SEEK_SET), 0);
	for (int i = 0; i < 4096; i++)
		fputc(i % 7, file);
	fclose(file);
}

static void
make_some_days(struct larder *l)
{
	larder_open(l);
	for (int i = 0; i < 400; i++)
		larder_add(
		    l, (uint8_t)(1 + i % 5), i / 20, i, VERDICT_OLD_CLIENT);
	larder_close(l, 20);
}

static void
a_damaged_store_is_put_aside_and_what_can_be_is_saved(void **state)
{
	struct larder *l = *state;
	int64_t saved;

	make_some_days(l);
	/* Somewhere in the middle of the records. */
	damage_page(l, "SELECT pageno FROM dbstat WHERE name = 'record' AND"
		       " pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET 20");
	/* What is old is looked at. */
	l->options.record_days = 1;
	larder_open(l);
	for (int i = 0; i < 600; i++)
		larder_add(l, 9, 21, i, VERDICT_MODERN);
	larder_close(l, 21);
	assert_int_equal(l->said_count, 1);
	assert_non_null(strstr(l->said, "could be saved: "));
	assert_int_equal(larder_files(l, "store.db.damaged-2022"), 1);
	saved = larder_sql(l, "SELECT sum(connections) FROM daily");
	assert_in_range(saved, 600 + 300, 1000);
	assert_int_equal(
	    larder_sql(l, "SELECT count(*) FROM pragma_integrity_check WHERE"
			  " integrity_check = 'ok'"),
	    1);
}

static void
so_is_one_whose_sums_are_damaged(void **state)
{
	struct larder *l = *state;

	make_some_days(l);
	damage_page(l, "SELECT rootpage FROM sqlite_master WHERE name ="
		       " 'daily'");
	larder_open(l);
	larder_add(l, 9, 21, 0, VERDICT_MODERN);
	larder_close(l, 21);
	assert_int_equal(larder_files(l, "store.db.damaged-2022"), 1);
	assert_int_equal(l->said_count, 1);
	assert_non_null(strstr(l->said, "could be saved: 400"));
	/* The records give the sums again. */
	assert_int_equal(
	    larder_sql(l, "SELECT sum(connections) FROM daily"), 401);
}

static void
one_without_a_beginning_is_put_aside_as_well(void **state)
{
	struct larder *l = *state;

	make_some_days(l);
	damage_page(l, "SELECT 1");
	larder_open(l);
	larder_add(l, 9, 21, 0, VERDICT_MODERN);
	larder_close(l, 21);
	assert_int_equal(larder_files(l, "store.db.damaged-"), 1);
	assert_int_equal(
	    larder_sql(l, "SELECT sum(connections) FROM daily"), 1);
}

static void
what_was_put_aside_stays_when_it_happens_again(void **state)
{
	struct larder *l = *state;

	for (int i = 0; i < 3; i++) {
		larder_open(l);
		larder_close(l, 0);
		damage_page(l, "SELECT 1");
	}
	larder_open(l);
	larder_close(l, 0);
	assert_int_equal(larder_files(l, "store.db.damaged-"), 3);
}

/*
 * Looking for it.
 */

static void
assert_healthy(struct larder *l, const char *problem)
{
	struct store_health health;

	larder_read(l);
	assert_int_equal(store_check(l->store, &health), 0);
	larder_close(l, 20);
	assert_int_equal(strncmp(health.problem, problem, strlen(problem)), 0);
	assert_int_equal(health.problem[0] == '\0', problem[0] == '\0');
	assert_int_equal(health.connections, 400);
	assert_int_equal(health.devices, 5);
	assert_int_equal(health.days.end - health.days.first, 20);
	assert_int_equal(health.schema, 1);
	assert_true(health.bytes > 0);
}

static void
a_store_can_be_looked_through(void **state)
{
	struct larder *l = *state;

	make_some_days(l);
	assert_healthy(l, "");
}

static void
what_does_not_fit_together_is_found(void **state)
{
	static const char *const cases[][2] = {
		{ "UPDATE daily SET connections = 77 WHERE id = 3",
		    "sums that are wrong: 1" },
		{ "DELETE FROM sample WHERE day ="
		  " (SELECT min(day) FROM sample)",
		    "entries without a sample: 5" },
		{ "DELETE FROM record WHERE id = (SELECT max(record) FROM"
		  " sample)",
		    "samples without a record: 1" },
		{ "UPDATE record SET line = '{}' WHERE id < 3",
		    "records that can not be read: 2" },
		{ "DELETE FROM entry", "sums without an entry: " },
	};
	struct larder *l = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make_some_days(l);
		larder_do(l->path, cases[i][0]);
		assert_healthy(l, cases[i][1]);
		assert_int_equal(unlink(l->path), 0);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		LARDER_TEST(records_go_after_some_days_and_sums_stay),
		LARDER_TEST(the_last_with_the_gravest_verdict_stands_for_a_day),
		LARDER_TEST(sums_go_after_a_year_and_all_that_was_theirs),
		LARDER_TEST(age_is_counted_from_the_newest_connection),
		LARDER_TEST(a_clock_that_is_ahead_makes_nothing_old),
		LARDER_TEST(age_is_looked_at_while_it_runs),
		LARDER_TEST(when_it_is_full_the_oldest_records_go_first),
		LARDER_TEST(when_records_are_gone_the_oldest_sums_go),
		LARDER_TEST(a_full_disk_is_waited_out),
		LARDER_TEST(so_is_a_disk_that_may_only_be_read),
		LARDER_TEST(so_is_one_that_fails),
		LARDER_TEST(it_is_tried_again_sooner_than_the_interval),
		LARDER_TEST(what_has_no_room_to_wait_is_counted),
		LARDER_TEST(
		    a_damaged_store_is_put_aside_and_what_can_be_is_saved),
		LARDER_TEST(so_is_one_whose_sums_are_damaged),
		LARDER_TEST(one_without_a_beginning_is_put_aside_as_well),
		LARDER_TEST(what_was_put_aside_stays_when_it_happens_again),
		LARDER_TEST(a_store_can_be_looked_through),
		LARDER_TEST(what_does_not_fit_together_is_found),
	};

	return cmocka_run_group_tests_name("store_keep", tests, NULL, NULL);
}
