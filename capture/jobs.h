/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_JOBS_H
#define MAILTLS_CAPTURE_JOBS_H

#include "dissect/maildissect.h"

/*
 * Several threads for one dissector, by its shards; the only user of threads.
 *
 * The caller's thread, the first, reads: it calls md_frame as always.  Segments
 * pile up until they are a load, and then the others come in: the load is opened
 * for every shard, and when it is open for all of them and the loads before it
 * are settled, it is settled.  Whoever is free takes what can be done next, the
 * first thread too, when there is no room for another load.  So no thread has a
 * part of its own, and whatever takes longest has the most hands.  There is a
 * lock for all that, which is taken a few times for a load, and none else.
 *
 * At most one thread reads, one for each shard opens, and one settles: more than
 * JOBS_MAX have nothing to do.
 */

enum {
	JOBS_MAX = MD_SHARDS_MAX + 2,
};

struct jobs;

/*
 * jobs_new has up to `count` threads work for `md`, the caller's included, with
 * loads that take up `memory` bytes together, but no less than for three of
 * them.  They start once there is more than one load.  It returns NULL when one
 * thread will do it alone: `count` is 1, or there is but one shard.
 *
 * `judged`, `over` and `sighting` are then called from any of the threads, from
 * one at a time and each call after the other; with `settle_here`, from the
 * caller's alone.
 */
struct jobs *jobs_new(
    struct md *md, unsigned count, size_t memory, bool settle_here);

/* jobs_finish returns when everything is settled that was read, and
 * md_statistics tells as much. */
void jobs_finish(struct jobs *jobs);

/* jobs_free does that, ends the threads, and leaves the dissector as it would
 * be without them.  Both accept NULL. */
void jobs_free(struct jobs *jobs);

/* jobs_is_other tells whether this is another thread than the caller's of
 * jobs_new. */
bool jobs_is_other(const struct jobs *jobs);

/* jobs_enter and jobs_leave have around them what only one thread may do at a
 * time.  They accept NULL. */
void jobs_enter(struct jobs *jobs);
void jobs_leave(struct jobs *jobs);

/* jobs_cores returns how many cores this process may use. */
unsigned jobs_cores(void);

#endif
