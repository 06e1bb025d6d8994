/* SPDX-License-Identifier: ISC */
/*
 * Loads are numbered in the order in which they are read.  Each shard has opened
 * all of them up to some number, and all of them are settled up to another: that
 * is all there is to know of what can be done next.
 */
#define _GNU_SOURCE /* sched_getaffinity(2) */
#include "config.h"

#include "capture/jobs.h"

#include <err.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

#include "capture/load.h"
#include "capture/log.h"

enum {
	LOADS_MIN = 3, /* one that is read, opened, settled */
	LOADS_MAX = 16,
	/* What is told of a load mostly takes up no more than this. */
	TOLD_SIZE = 64 << 10,
};

struct jobs {
	struct md *md;
	struct md_belts belts;
	unsigned shards;
	bool settle_here;
	pthread_t first, others[JOBS_MAX];
	unsigned wanted, started; /* of the others */
	pthread_mutex_t single;   /* of jobs_enter */
	struct load *loads;
	size_t load_count;
	struct load *reading;                /* of the first thread alone */
	struct load *opening[MD_SHARDS_MAX]; /* NULL: nobody opens one */

	pthread_mutex_t lock; /* of all that follows, and `opening` */
	pthread_cond_t changed;
	unsigned waiting; /* threads that want to hear of changes */
	uint64_t read, opened[MD_SHARDS_MAX], settled;
	bool settling, ending;
	size_t told; /* bytes of events in loads that are not settled */
};

static struct load *
load_at(struct jobs *jobs, uint64_t number)
{
	return &jobs->loads[number % jobs->load_count];
}

/* --- what can be done next ------------------------------------------------- */

/* All of these are called with the lock held, and may let it go meanwhile. */

static void
tell_change(struct jobs *jobs)
{
	if (jobs->waiting > 0)
		pthread_cond_broadcast(&jobs->changed);
}

static void
wait_for_change(struct jobs *jobs)
{
	jobs->waiting++;
	pthread_cond_wait(&jobs->changed, &jobs->lock);
	jobs->waiting--;
}

static bool
can_settle(const struct jobs *jobs)
{
	if (jobs->settling || (jobs->settle_here && jobs_is_other(jobs)))
		return false;
	for (unsigned i = 0; i < jobs->shards; i++)
		if (jobs->opened[i] == jobs->settled)
			return false;
	return true;
}

static void
settle(struct jobs *jobs)
{
	struct load *load = load_at(jobs, jobs->settled);
	size_t told = load_told(load);

	jobs->settling = true;
	pthread_mutex_unlock(&jobs->lock);
	load_settle(load, jobs->md);
	pthread_mutex_lock(&jobs->lock);
	jobs->told -= told;
	jobs->settling = false;
	jobs->settled++;
	tell_change(jobs);
}

/* shard_to_open returns the shard that is furthest behind of those that can go
 * on, or `shards`. */
static unsigned
shard_to_open(const struct jobs *jobs)
{
	unsigned shard = jobs->shards;

	for (unsigned i = 0; i < jobs->shards; i++)
		if (jobs->opening[i] == NULL && jobs->opened[i] < jobs->read &&
		    (shard == jobs->shards ||
			jobs->opened[i] < jobs->opened[shard]))
			shard = i;
	return shard;
}

static void
open_for(struct jobs *jobs, unsigned shard)
{
	struct load *load = load_at(jobs, jobs->opened[shard]);

	jobs->opening[shard] = load;
	pthread_mutex_unlock(&jobs->lock);
	load_open(load, jobs->md, shard);
	pthread_mutex_lock(&jobs->lock);
	jobs->told += load->events[shard].bytes;
	jobs->opening[shard] = NULL;
	jobs->opened[shard]++;
	tell_change(jobs);
}

/* work does one thing, if there is one to do. */
static bool
work(struct jobs *jobs)
{
	unsigned shard;

	if (can_settle(jobs)) {
		settle(jobs);
		return true;
	}
	shard = shard_to_open(jobs);
	if (shard == jobs->shards)
		return false;
	open_for(jobs, shard);
	return true;
}

/* --- the other threads ----------------------------------------------------- */

static void *
run(void *arg)
{
	struct jobs *jobs = arg;

	pthread_mutex_lock(&jobs->lock);
	while (!jobs->ending)
		if (!work(jobs))
			wait_for_change(jobs);
	pthread_mutex_unlock(&jobs->lock);
	return NULL;
}

/* start starts the others; where that fails, those that there are do it.
 * Signals that ask for something are the first one's. */
static void
start(struct jobs *jobs)
{
	static const int ours[] = { SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2 };
	sigset_t blocked, before;

	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		sigaddset(&blocked, ours[i]);
	pthread_sigmask(SIG_BLOCK, &blocked, &before);
	while (
	    jobs->started < jobs->wanted &&
	    pthread_create(&jobs->others[jobs->started], NULL, run, jobs) == 0)
		jobs->started++;
	jobs->wanted = jobs->started;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	log_debug("threads besides the first: %u", jobs->started);
}

/* --- the first thread ------------------------------------------------------ */

static bool
has_room(const struct jobs *jobs)
{
	uint64_t under_way = jobs->read - jobs->settled;

	return under_way == 0 ||
	       (under_way < jobs->load_count &&
		   jobs->told <= jobs->load_count * TOLD_SIZE);
}

/* hand_over lets the others have the load that was read, and works with them
 * until there is room for the next, or until `all` is settled. */
static void
hand_over(struct jobs *jobs, bool all)
{
	pthread_mutex_lock(&jobs->lock);
	jobs->told += jobs->reading->events[MD_SHARDS_MAX].bytes;
	jobs->read++;
	tell_change(jobs);
	while (all ? jobs->settled < jobs->read : !has_room(jobs))
		if (!work(jobs))
			wait_for_change(jobs);
	jobs->reading = load_at(jobs, jobs->read);
	pthread_mutex_unlock(&jobs->lock);
}

/* next_load does so when one is full: there is more than one thread can do. */
static void
next_load(struct jobs *jobs)
{
	if (jobs->started < jobs->wanted)
		start(jobs);
	hand_over(jobs, false);
}

static void
on_parcel(void *arg, unsigned shard, const struct md_parcel *parcel)
{
	struct jobs *jobs = arg;
	/* All shards have to see what is due in the same load, so that what
	 * comes of that is put in order. */
	unsigned count = parcel->tick ? jobs->shards - shard : 1;

	if (!load_has_room(jobs->reading, parcel, count))
		next_load(jobs);
	load_add(jobs->reading, shard, parcel);
}

static void
on_event(void *arg, unsigned shard, const struct md_event *event)
{
	struct jobs *jobs = arg;

	if (shard < MD_SHARDS_MAX) {
		load_tell(jobs->opening[shard], shard, event);
		return;
	}
	if (jobs->reading->events[MD_SHARDS_MAX].bytes > TOLD_SIZE)
		next_load(jobs);
	load_tell(jobs->reading, MD_SHARDS_MAX, event);
}

struct jobs *
jobs_new(struct md *md, unsigned count, size_t memory, bool settle_here)
{
	size_t loads = memory / (LOAD_FULL + TOLD_SIZE);
	struct jobs *jobs;

	if (count < 2 || md_shards(md) < 2)
		return NULL;
	if (loads < LOADS_MIN)
		loads = LOADS_MIN;
	if (loads > LOADS_MAX)
		loads = LOADS_MAX;
	jobs = calloc(1, sizeof(*jobs));
	if (jobs != NULL)
		jobs->loads = calloc(loads, sizeof(*jobs->loads));
	if (jobs == NULL || jobs->loads == NULL)
		err(EXIT_FAILURE, NULL);
	jobs->load_count = loads;
	jobs->reading = jobs->loads;
	jobs->md = md;
	jobs->shards = md_shards(md);
	jobs->settle_here = settle_here;
	jobs->first = pthread_self();
	jobs->wanted = (count < JOBS_MAX ? count : JOBS_MAX) - 1;
	pthread_mutex_init(&jobs->single, NULL);
	pthread_mutex_init(&jobs->lock, NULL);
	pthread_cond_init(&jobs->changed, NULL);
	jobs->belts = (struct md_belts){ jobs, on_parcel, on_event };
	md_use_belts(md, &jobs->belts);
	return jobs;
}

void
jobs_finish(struct jobs *jobs)
{
	if (jobs != NULL)
		hand_over(jobs, true);
}

void
jobs_free(struct jobs *jobs)
{
	if (jobs == NULL)
		return;
	jobs_finish(jobs);
	pthread_mutex_lock(&jobs->lock);
	jobs->ending = true;
	pthread_cond_broadcast(&jobs->changed);
	pthread_mutex_unlock(&jobs->lock);
	for (unsigned i = 0; i < jobs->started; i++)
		pthread_join(jobs->others[i], NULL);
	md_use_belts(jobs->md, NULL);
	for (size_t i = 0; i < jobs->load_count; i++)
		load_free(&jobs->loads[i]);
	pthread_cond_destroy(&jobs->changed);
	pthread_mutex_destroy(&jobs->lock);
	pthread_mutex_destroy(&jobs->single);
	free(jobs->loads);
	free(jobs);
}

bool
jobs_is_other(const struct jobs *jobs)
{
	return jobs != NULL && !pthread_equal(jobs->first, pthread_self());
}

void
jobs_enter(struct jobs *jobs)
{
	if (jobs != NULL)
		pthread_mutex_lock(&jobs->single);
}

void
jobs_leave(struct jobs *jobs)
{
	if (jobs != NULL)
		pthread_mutex_unlock(&jobs->single);
}

unsigned
jobs_cores(void)
{
	cpu_set_t set;
	int count = 0;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		count = CPU_COUNT(&set);
	return count > 0 ? (unsigned)count : 1;
}
