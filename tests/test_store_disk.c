/* SPDX-License-Identifier: ISC */
/*
 * A disk that fills up and is emptied again, and one that is read-only: real
 * ones, in a mount namespace of our own, which wants root.
 */
#define _GNU_SOURCE /* unshare */
#include "report/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/larder.h"

enum {
	BLOCK = 4096,
};

static int
make_disk(void **state)
{
	struct larder *l;

	if (larder_set_up(state) != 0)
		return -1;
	l = *state;
	if (mount("none", l->folder, "tmpfs", 0, "size=2m") != 0)
		return -1;
	return 0;
}

static int
take_disk_away(void **state)
{
	struct larder *l = *state;

	store_close(l->store, LARDER_NOON_US);
	l->store = NULL;
	if (umount2(l->folder, MNT_DETACH) != 0)
		return -1;
	return larder_tear_down(state);
}
#define DISK_TEST(name)                                                        \
	cmocka_unit_test_setup_teardown(name, make_disk, take_disk_away)

/* Fills the disk up with a file beside the store. */
static void
fill_disk(struct larder *l, char path[128])
{
	static const char block[BLOCK];
	int fd;

	snprintf(path, 128, "%s/filler", l->folder);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	while (write(fd, block, sizeof(block)) > 0)
		;
	assert_int_equal(errno, ENOSPC);
	close(fd);
}

static void
a_full_disk_is_waited_out(void **state)
{
	struct larder *l = *state;
	int64_t now_us = LARDER_NOON_US;
	char filler[128];

	larder_open(l);
	store_tick(l->store, now_us);
	larder_add(l, 1, 0, 0, VERDICT_MODERN);
	store_tick(l->store, now_us += 60 * MK_SECOND);
	fill_disk(l, filler);
	for (int i = 1; i < 300; i++) {
		larder_add(l, 1, 0, i, VERDICT_MODERN);
		store_tick(l->store, now_us += 10 * MK_SECOND);
	}
	assert_int_equal(l->said_count, 1);
	assert_non_null(strstr(l->said, "No space left on device"));
	assert_true(store_statistics(l->store).waiting > 0);
	assert_int_equal(store_statistics(l->store).dropped, 0);
	/* Readers are not harmed. */
	assert_true(larder_sql(l, "SELECT count(*) FROM record") >= 1);
	assert_int_equal(unlink(filler), 0);
	store_tick(l->store, now_us + 10 * MK_SECOND);
	assert_int_equal(l->said_count, 2);
	assert_int_equal(store_statistics(l->store).waiting, 0);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 300);
	assert_int_equal(
	    larder_sql(l, "SELECT count(*) FROM pragma_integrity_check WHERE"
			  " integrity_check = 'ok'"),
	    1);
}

static void
what_is_lost_on_a_full_disk_is_counted(void **state)
{
	struct larder *l = *state;
	struct store *store;
	char filler[128];

	larder_open(l);
	larder_add(l, 1, 0, 0, VERDICT_MODERN);
	store_tick(l->store, LARDER_NOON_US);
	store_tick(l->store, LARDER_NOON_US + 60 * MK_SECOND);
	fill_disk(l, filler);
	for (int i = 0; i < 3 * STORE_WAITING_MAX; i++)
		larder_add(l, 2, 0, i, VERDICT_MODERN);
	assert_true(store_statistics(l->store).dropped >= STORE_WAITING_MAX);
	store = l->store;
	l->store = NULL;
	assert_int_equal(store_close(store, LARDER_NOON_US), -ENOSPC);
	assert_non_null(strstr(l->said, "connections not stored: "));
	assert_int_equal(unlink(filler), 0);
	larder_open(l);
	larder_close(l, 0);
	assert_true(larder_sql(l, "SELECT count(*) FROM record") >= 1);
}

static void
a_read_only_disk_can_be_read_and_not_written(void **state)
{
	struct larder *l = *state;

	larder_open(l);
	larder_add(l, 1, 0, 0, VERDICT_MODERN);
	larder_close(l, 0);
	assert_int_equal(
	    mount("none", l->folder, "tmpfs", MS_REMOUNT | MS_RDONLY, NULL), 0);
	assert_int_equal(
	    store_open(&l->options, &l->store, l->message), -EROFS);
	assert_non_null(strstr(l->message, "Read-only file system"));
	larder_read(l);
	larder_close(l, 0);
}

/* A namespace of mounts of our own, from which nothing gets out. */
static const char *
separate(void)
{
	if (geteuid() != 0)
		return "it needs root";
	if (unshare(CLONE_NEWNS) != 0)
		return strerror(errno);
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return strerror(errno);
	return NULL;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		DISK_TEST(a_full_disk_is_waited_out),
		DISK_TEST(what_is_lost_on_a_full_disk_is_counted),
		DISK_TEST(a_read_only_disk_can_be_read_and_not_written),
	};

	const char *why_not = separate();

	if (why_not != NULL) {
		printf("1..0 # SKIP %s\n", why_not);
		return 0;
	}
	return cmocka_run_group_tests_name("store_disk", tests, NULL, NULL);
}
