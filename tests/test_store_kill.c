/* SPDX-License-Identifier: ISC */
/*
 * A process that writes to a store is killed at any moment, again and again.
 * MAILTLS_KILLS says how often; 200 unless it does.
 */
#include "report/store.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/larder.h"

enum {
	KILLS = 200,
	KILLS_A_STORE = 20, /* then one is begun anew */
	DELAY_MAX_US = 30000,
	ADDED_AGAIN = 7, /* of what was added before */
	PER_COMMIT = 25,
};

/* What the writer tells while it lives. */
struct told {
	volatile int64_t added, written;
};

/* Connection number `i` begins so many seconds after noon. */
static void
add_number(struct larder *l, int64_t i)
{
	struct connection c = larder_connection((uint8_t)(1 + i % 5), 0, 0,
	    i % 3 == 0 ? VERDICT_OLD_CLIENT : VERDICT_MODERN);

	c.first_us += i * MK_SECOND;
	c.last_us = c.first_us + MK_SECOND;
	larder_put(l, &c);
}

/* Adds connections from number `from` on, until it is killed. */
static void
write_for_ever(struct larder *l, int64_t from, struct told *told)
{
	int64_t known = from > ADDED_AGAIN ? ADDED_AGAIN : from;
	int64_t now_us = LARDER_NOON_US;

	if (store_open(&l->options, &l->store, l->message) != 0)
		_exit(1);
	store_tick(l->store, now_us);
	for (int64_t i = from - known;; i++) {
		add_number(l, i);
		if (i < from)
			continue; /* it was told by the writer before */
		told->added = i + 1;
		if (i % PER_COMMIT != 0)
			continue;
		now_us += STORE_COMMIT_S * MK_SECOND;
		store_tick(l->store, now_us);
		told->written = i + 1;
	}
}

/* Returns how many there are in the store, having looked at them all. */
static int64_t
count_all(const struct larder *l, const struct told *told)
{
	int64_t count = 0;

	if (access(l->path, F_OK) != 0 ||
	    larder_sql(l, "PRAGMA user_version") == 0)
		return 0; /* it was not even made */
	assert_int_equal(
	    larder_sql(l, "SELECT count(*) FROM pragma_integrity_check WHERE"
			  " integrity_check = 'ok'"),
	    1);
	count = larder_sql(l, "SELECT count(*) FROM seen");
	assert_in_range(count, told->written, told->added);
	/* Nothing twice. */
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), count);
	assert_int_equal(
	    larder_sql(l, "SELECT count(DISTINCT seen) FROM record"), count);
	if (count == 0)
		return 0;
	assert_int_equal(
	    larder_sql(l, "SELECT sum(connections) FROM daily"), count);
	/* None left out: the last is the one of that number. */
	assert_int_equal(
	    larder_sql(l, "SELECT max(last_us) FROM daily") - LARDER_NOON_US,
	    count * MK_SECOND);
	return count;
}

static void
sleep_us(unsigned us)
{
	struct timespec time = { .tv_nsec = us * 1000L };

	nanosleep(&time, NULL);
}

/* wait_for_more returns when the writer adds what is new: how long it takes to
 * get there is up to the machine. */
static void
wait_for_more(const struct told *told, int64_t from)
{
	enum {
		STEP_US = 1000,
		STEPS_MAX = 60 * 1000,
	};

	for (int i = 0; told->added == from; i++) {
		assert_in_range(i, 0, STEPS_MAX);
		sleep_us(STEP_US);
	}
}

static int64_t
kill_once(struct larder *l, int64_t from, bool working, unsigned delay_us,
    struct told *told)
{
	pid_t pid;
	int status;

	told->written = told->added = from;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		write_for_ever(l, from, told);
	if (working)
		wait_for_more(told, from);
	sleep_us(delay_us);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	return count_all(l, told);
}

static void
begin_anew(const struct larder *l)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-lock" };
	char path[128];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", l->path, ends[i]);
		unlink(path);
	}
}

static void
a_kill_at_any_moment_loses_only_what_was_not_written(void **state)
{
	const char *wanted = getenv("MAILTLS_KILLS");
	long kills = wanted != NULL ? strtol(wanted, NULL, 10) : KILLS;
	struct told *told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t seed = (uint64_t)getpid();
	int64_t count = 0, written = 0;

	assert_ptr_not_equal(told, MAP_FAILED);
	print_message("# seed %llu\n", (unsigned long long)seed);
	for (long i = 0; i < kills; i++) {
		if (i % KILLS_A_STORE == 0) {
			begin_anew(*state);
			written += count;
			count = 0;
		}
		/* As it begins, and as it works. */
		count = kill_once(*state, count, i % 2 != 0,
		    (unsigned)(random_next(&seed) % DELAY_MAX_US), told);
	}
	print_message("# %ld kills, %lld connections\n", kills,
	    (long long)(written + count));
	assert_true(kills < KILLS || written + count > kills);
	munmap(told, sizeof(*told));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		LARDER_TEST(
		    a_kill_at_any_moment_loses_only_what_was_not_written),
	};

	return cmocka_run_group_tests_name("store_kill", tests, NULL, NULL);
}
