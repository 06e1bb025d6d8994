/* SPDX-License-Identifier: ISC */
/* A store from its making to its closing. */
#include "report/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/schema.h"
#include "tests/larder.h"

static void
a_new_store_is_readable_by_owner_and_group_alone(void **state)
{
	struct larder *l = *state;
	struct stat st;

	umask(0);
	larder_open(l);
	umask(022);
	assert_int_equal(stat(l->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	larder_close(l, 0);
}

static void
a_second_writer_is_told_who_is_the_first(void **state)
{
	struct larder *l = *state;
	struct store *second;
	char pid[32];

	larder_open(l);
	snprintf(pid, sizeof(pid), "process %ld is", (long)getpid());
	assert_int_equal(store_open(&l->options, &second, l->message), -EBUSY);
	assert_null(second);
	assert_non_null(strstr(l->message, pid));
	assert_non_null(strstr(l->message, l->path));
	larder_close(l, 0);
	larder_open(l);
	larder_close(l, 0);
}

static void
what_was_added_is_there(void **state)
{
	struct larder *l = *state;

	larder_open(l);
	larder_add(l, 1, 0, 0, VERDICT_OLD_CLIENT);
	larder_add(l, 1, 0, 5, VERDICT_OLD_CLIENT);
	larder_add(l, 2, 0, 0, VERDICT_MODERN);
	larder_close(l, 0);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 3);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM entry"), 2);
	assert_int_equal(
	    larder_sql(l, "SELECT sum(connections) FROM daily"), 3);
	assert_int_equal(
	    larder_sql(l, "SELECT connections FROM daily WHERE version ="
			  " '1.0' AND verdict = 'old_client'"),
	    2);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM device"), 2);
	assert_int_equal(l->said_count, 0);
}

static void
a_record_is_kept_as_the_line_that_is_printed(void **state)
{
	struct larder *l = *state;

	larder_open(l);
	larder_add(l, 1, 0, 0, VERDICT_OLD_CLIENT);
	larder_close(l, 0);
	assert_int_equal(
	    larder_sql(l,
		"SELECT json_extract(line, '$.mailtls.verdict') ="
		" 'old_client' AND json_extract(line, '$.tls.version') ="
		" '1.0' AND line NOT LIKE '%' || char(10) || '%' FROM record"),
	    1);
}

static void
the_same_connection_counts_once(void **state)
{
	struct larder *l = *state;

	for (int i = 0; i < 2; i++) {
		larder_open(l);
		larder_add(l, 1, 0, 0, VERDICT_OLD_CLIENT);
		larder_add(l, 1, 0, 0, VERDICT_OLD_CLIENT);
		larder_add(l, 1, 0, 1, VERDICT_OLD_CLIENT);
		store_tick(l->store, LARDER_NOON_US);
		store_tick(l->store, LARDER_NOON_US + 60 * MK_SECOND);
		assert_int_equal(
		    store_statistics(l->store).added, i == 0 ? 2 : 0);
		assert_int_equal(
		    store_statistics(l->store).known, i == 0 ? 1 : 3);
		larder_close(l, 0);
	}
	assert_int_equal(
	    larder_sql(l, "SELECT sum(connections) FROM daily"), 2);
}

static void
connections_differ_by_their_ends_and_their_first_packet(void **state)
{
	struct larder *l = *state;
	struct connection c = larder_connection(1, 0, 0, VERDICT_MODERN);

	larder_open(l);
	larder_put(l, &c);
	c.first_us++;
	larder_put(l, &c);
	c.end[CLIENT].port++;
	larder_put(l, &c);
	c.end[SERVER].ip[3]++;
	larder_put(l, &c);
	/* How it ended is known better now, and it is the same one. */
	c.last_us += 5;
	c.verdict = VERDICT_FAILED;
	larder_put(l, &c);
	larder_close(l, 0);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM seen"), 4);
}

static void
what_is_added_waits_for_the_commit_interval(void **state)
{
	struct larder *l = *state;
	int64_t now = LARDER_NOON_US;

	larder_open(l);
	store_tick(l->store, now);
	larder_add(l, 1, 0, 0, VERDICT_MODERN);
	store_tick(l->store, now + 59 * MK_SECOND);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 0);
	assert_int_equal(store_statistics(l->store).waiting, 1);
	store_tick(l->store, now + 60 * MK_SECOND);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 1);
	assert_int_equal(store_statistics(l->store).waiting, 0);
	larder_add(l, 1, 0, 1, VERDICT_MODERN);
	store_tick(l->store, now + 119 * MK_SECOND);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 1);
	store_tick(l->store, now + 120 * MK_SECOND);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 2);
}

static void
a_clock_that_is_set_back_does_not_stop_it(void **state)
{
	struct larder *l = *state;
	int64_t now = LARDER_NOON_US;

	larder_open(l);
	store_tick(l->store, now);
	larder_add(l, 1, 0, 0, VERDICT_MODERN);
	store_tick(l->store, now - LARDER_DAY_US);
	store_tick(l->store, now - LARDER_DAY_US + 60 * MK_SECOND);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 1);
}

static void
it_does_not_wait_when_there_is_no_room_to(void **state)
{
	struct larder *l = *state;

	larder_open(l);
	for (int i = 0; i <= STORE_WAITING_MAX; i++)
		larder_add(l, 1, 0, i, VERDICT_MODERN);
	assert_int_equal(
	    larder_sql(l, "SELECT count(*) FROM record"), STORE_WAITING_MAX);
	assert_int_equal(store_statistics(l->store).waiting, 1);
	assert_int_equal(store_statistics(l->store).dropped, 0);
}

static void
readers_do_not_wait_for_the_writer(void **state)
{
	struct larder *l = *state;
	struct store *reader;

	larder_open(l);
	larder_add(l, 1, 0, 0, VERDICT_MODERN);
	store_tick(l->store, LARDER_NOON_US);
	store_tick(l->store, LARDER_NOON_US + 60 * MK_SECOND);
	assert_int_equal(store_open_reader(l->path, &reader, l->message), 0);
	larder_add(l, 1, 0, 1, VERDICT_MODERN);
	larder_close(l, 0);
	assert_int_equal(store_close(reader, 0), 0);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 2);
}

static void
a_store_can_be_read_where_nothing_may_be_written(void **state)
{
	enum {
		NOBODY = 65534,
	};
	struct larder *l = *state;
	bool root = geteuid() == 0;
	bool reachable;

	larder_open(l);
	larder_add(l, 1, 0, 0, VERDICT_MODERN);
	larder_close(l, 0);
	assert_int_equal(chmod(l->path, 0444), 0);
	assert_int_equal(chmod(l->folder, 0555), 0);
	/* Root may write anywhere. */
	if (root)
		assert_int_equal(seteuid(NOBODY), 0);
	reachable = faccessat(AT_FDCWD, l->path, R_OK, AT_EACCESS) == 0;
	if (reachable)
		larder_read(l);
	if (reachable)
		larder_close(l, 0);
	if (root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(l->folder, 0700), 0);
	if (!reachable)
		skip(); /* the build folder is for root alone */
}

static void
a_store_that_is_not_there_is_not_made_by_reading(void **state)
{
	struct larder *l = *state;

	assert_int_equal(
	    store_open_reader(l->path, &l->store, l->message), -ENOENT);
	assert_non_null(strstr(l->message, "No such file"));
	assert_int_equal(larder_files(l, "store"), 0);
}

/*
 * Runs and names.
 */

static void
a_run_that_goes_on_takes_its_own_place(void **state)
{
	struct larder *l = *state;
	struct history_run run = { .start_us = LARDER_NOON_US,
		.end_us = LARDER_NOON_US + MK_SECOND,
		.source = "br-lan",
		.packets = 5 };

	larder_open(l);
	store_run(l->store, &run);
	run.end_us += MK_SECOND;
	run.packets = 9;
	run.lost = 1;
	store_run(l->store, &run);
	store_tick(l->store, LARDER_NOON_US);
	store_tick(l->store, LARDER_NOON_US + 60 * MK_SECOND);
	run.packets = 12;
	store_run(l->store, &run);
	run.start_us++;
	store_run(l->store, &run);
	larder_close(l, 0);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM run"), 2);
	assert_int_equal(
	    larder_sql(l, "SELECT sum(packets) FROM run WHERE lost = 1 AND"
			  " source = 'br-lan'"),
	    24);
}

/* Adds a connection of a device that is called `name` by `source`. */
static void
add_named(struct larder *l, int days, enum name_source source, const char *name)
{
	struct connection c = larder_connection(1, days, 0, VERDICT_MODERN);
	struct identity who;

	identify(NULL, &c, &who);
	snprintf(who.device.name, sizeof(who.device.name), "%s", name);
	who.device.source = source;
	store_add(l->store, &c, &who);
}

static bool
is_named(struct larder *l, const char *name)
{
	char sql[128];

	store_tick(l->store, LARDER_NOON_US);
	store_tick(l->store, LARDER_NOON_US + 60 * MK_SECOND);
	store_tick(l->store, 0);
	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM device WHERE name = '%s'", name);
	return larder_sql(l, sql) == 1;
}

static void
a_device_keeps_the_best_of_its_names(void **state)
{
	struct larder *l = *state;

	larder_open(l);
	add_named(l, 0, NAME_EHLO, "ehlo");
	assert_true(is_named(l, "ehlo"));
	add_named(l, 1, NAME_DHCP, "dhcp");
	assert_true(is_named(l, "dhcp"));
	add_named(l, 2, NAME_MDNS, "mdns");
	assert_true(is_named(l, "dhcp"));
	add_named(l, 3, NAME_NONE, "");
	assert_true(is_named(l, "dhcp"));
	add_named(l, 4, NAME_DHCP, "renamed");
	assert_true(is_named(l, "renamed"));
	add_named(l, -1, NAME_DHCP, "earlier");
	assert_true(is_named(l, "renamed"));
	add_named(l, 50, NAME_MDNS, "mdns");
	assert_true(is_named(l, "mdns"));
}

static void
a_name_may_be_heard_after_the_last_connection(void **state)
{
	struct larder *l = *state;
	struct device_name device = { .id = "00-00-5E-00-53-01",
		.name = "printer",
		.source = NAME_MDNS,
		.own_mac = true };

	larder_open(l);
	larder_add(l, 1, 0, 0, VERDICT_MODERN);
	for (int i = 0; i < 200; i++)
		store_name(l->store, &device);
	larder_close(l, 0);
	assert_int_equal(
	    larder_sql(l, "SELECT count(*) FROM device WHERE name ="
			  " 'printer' AND own_mac"),
	    1);
}

/*
 * Versions.
 */

static void
a_store_of_a_newer_program_is_refused(void **state)
{
	struct larder *l = *state;

	larder_open(l);
	larder_close(l, 0);
	larder_do(l->path, "PRAGMA user_version = 999");
	assert_int_equal(
	    store_open(&l->options, &l->store, l->message), -EPROTO);
	assert_non_null(strstr(l->message, "newer"));
	assert_int_equal(
	    store_open_reader(l->path, &l->store, l->message), -EPROTO);
	assert_int_equal(larder_files(l, "damaged"), 0);
}

static void
a_database_of_something_else_is_left_alone(void **state)
{
	struct larder *l = *state;

	larder_do(l->path, "CREATE TABLE bookmark(a); PRAGMA user_version = 1");
	assert_int_equal(
	    store_open(&l->options, &l->store, l->message), -EINVAL);
	assert_non_null(strstr(l->message, "something else"));
	assert_int_equal(
	    larder_sql(l, "SELECT count(*) FROM sqlite_master"), 1);
}

static void
a_file_that_is_no_database_is_left_alone(void **state)
{
	struct larder *l = *state;
	FILE *file = fopen(l->path, "w");
	char word[16] = "";

	for (int i = 0; i < 2000; i++)
		fputs("not mine\n", file);
	fclose(file);
	assert_int_equal(
	    store_open(&l->options, &l->store, l->message), -EBADMSG);
	assert_non_null(strstr(l->message, "no store at all"));
	file = fopen(l->path, "r");
	assert_non_null(fgets(word, sizeof(word), file));
	fclose(file);
	assert_string_equal(word, "not mine\n");
}

/* Made up: a store that began with one table, and got a second. */
static const char *const made_up[] = {
	"CREATE TABLE first(a); INSERT INTO first VALUES(1)",
	"CREATE TABLE second(b); INSERT INTO second SELECT a + 1 FROM first",
	"UPDATE second SET b = b + 1",
	"SELECT no_such_thing",
};

static void
an_older_store_is_brought_up_to_date_step_by_step(void **state)
{
	struct larder *l = *state;
	struct db *db;

	larder_do(l->path, "");
	assert_int_equal(db_open(l->path, DB_WRITE, &db), 0);
	assert_int_equal(schema_upgrade(db, made_up, 1), 0);
	assert_int_equal(larder_sql(l, "PRAGMA user_version"), 1);
	assert_int_equal(schema_upgrade(db, made_up, 3), 0);
	assert_int_equal(schema_upgrade(db, made_up, 3), 0);
	assert_int_equal(schema_upgrade(db, made_up, 2), -EPROTO);
	db_close(db);
	assert_int_equal(larder_sql(l, "SELECT b FROM second"), 3);
	assert_int_equal(larder_sql(l, "PRAGMA user_version"), 3);
}

static void
a_step_that_fails_leaves_the_store_as_it_was(void **state)
{
	struct larder *l = *state;
	struct db *db;

	larder_do(l->path, "");
	assert_int_equal(db_open(l->path, DB_WRITE, &db), 0);
	assert_int_equal(schema_upgrade(db, made_up, 1), 0);
	assert_true(schema_upgrade(db, made_up, 4) < 0);
	db_close(db);
	assert_int_equal(larder_sql(l, "PRAGMA user_version"), 1);
	assert_int_equal(
	    larder_sql(l, "SELECT count(*) FROM sqlite_master"), 1);
}

/* A file of version 1, as SQL, to which nothing is ever changed. */
static void
a_store_of_version_1_can_be_used(void **state)
{
	struct larder *l = *state;
	const char *srcdir = getenv("srcdir");
	char path[4096];
	static char sql[1 << 16];
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/store-v1.sql",
	    srcdir != NULL ? srcdir : ".");
	file = fopen(path, "r");
	assert_non_null(file);
	sql[fread(sql, 1, sizeof(sql) - 1, file)] = '\0';
	fclose(file);
	larder_do(l->path, sql);
	larder_open(l);
	larder_add(l, 1, 0, 0, VERDICT_OLD_CLIENT); /* it is there */
	larder_add(l, 9, 0, 9, VERDICT_OLD_CLIENT);
	larder_close(l, 0);
	assert_int_equal(
	    larder_sql(l, "SELECT sum(connections) FROM daily"), 4);
	assert_int_equal(larder_sql(l, "PRAGMA user_version"), schema_version);
}

/*
 * Where it is.
 */

static void
the_default_is_where_systemd_or_xdg_want_it(void **state)
{
	char path[STORE_PATH_MAX];

	(void)state;
	setenv("STATE_DIRECTORY", "/var/lib/mailtls:/var/lib/more", 1);
	setenv("XDG_STATE_HOME", "/x", 1);
	setenv("HOME", "/home/me", 1);
	assert_true(store_path(path));
	assert_string_equal(path, "/var/lib/mailtls/store.db");
	unsetenv("STATE_DIRECTORY");
	assert_true(store_path(path));
	assert_string_equal(path, "/x/mailtls/store.db");
	setenv("XDG_STATE_HOME", "relative", 1);
	assert_true(store_path(path));
	assert_string_equal(path, "/home/me/.local/state/mailtls/store.db");
	unsetenv("HOME");
	assert_false(store_path(path));
}

static void
folders_before_it_are_made(void **state)
{
	struct larder *l = *state;
	char path[128];
	struct stat st;

	snprintf(path, sizeof(path), "%s/a/b/store.db", l->folder);
	assert_int_equal(store_make_folder(path), 0);
	assert_int_equal(store_make_folder(path), 0);
	snprintf(path, sizeof(path), "%s/a/b", l->folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07, 0);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/a", l->folder);
	rmdir(path);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		LARDER_TEST(a_new_store_is_readable_by_owner_and_group_alone),
		LARDER_TEST(a_second_writer_is_told_who_is_the_first),
		LARDER_TEST(what_was_added_is_there),
		LARDER_TEST(a_record_is_kept_as_the_line_that_is_printed),
		LARDER_TEST(the_same_connection_counts_once),
		LARDER_TEST(
		    connections_differ_by_their_ends_and_their_first_packet),
		LARDER_TEST(what_is_added_waits_for_the_commit_interval),
		LARDER_TEST(a_clock_that_is_set_back_does_not_stop_it),
		LARDER_TEST(it_does_not_wait_when_there_is_no_room_to),
		LARDER_TEST(readers_do_not_wait_for_the_writer),
		LARDER_TEST(a_store_can_be_read_where_nothing_may_be_written),
		LARDER_TEST(a_store_that_is_not_there_is_not_made_by_reading),
		LARDER_TEST(a_run_that_goes_on_takes_its_own_place),
		LARDER_TEST(a_device_keeps_the_best_of_its_names),
		LARDER_TEST(a_name_may_be_heard_after_the_last_connection),
		LARDER_TEST(a_store_of_a_newer_program_is_refused),
		LARDER_TEST(a_database_of_something_else_is_left_alone),
		LARDER_TEST(a_file_that_is_no_database_is_left_alone),
		LARDER_TEST(an_older_store_is_brought_up_to_date_step_by_step),
		LARDER_TEST(a_step_that_fails_leaves_the_store_as_it_was),
		LARDER_TEST(a_store_of_version_1_can_be_used),
		LARDER_TEST(the_default_is_where_systemd_or_xdg_want_it),
		LARDER_TEST(folders_before_it_are_made),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
