/* SPDX-License-Identifier: ISC */
/*
 * What goes to the store: connections that are over, and of each interface,
 * from when to when it was listened to and what was lost.
 *
 * A router may not know the time when it starts, and a record of the year 1970
 * is in no week of anybody's.  So nothing goes there before the clock can be
 * right; what was seen until then has the right time after that.
 */
#include "config.h"

#include <string.h>

#include "capture/log.h"
#include "listener.h"
#include "stow.h"

enum {
	/* How often the store hears how far the capture is. */
	RUNS_US = 60 * 1000000,
};

/* It is opened by the user that we have become, who has to write to it. */
bool
keep_open(struct listener *l)
{
	if (stow_open(&l->run))
		return true;
	log_info("its folder must be open to the user of --user, or nobody");
	return false;
}

/* --- connections ----------------------------------------------------------- */

/* put puts one into the store. */
static void
put(struct listener *l, const struct connection *c, const struct identity *who)
{
	struct connection kept = *c;

	live_shift(l, &kept);
	store_add(l->run.store, &kept, who);
}

static void
hold(struct listener *l, const struct connection *c, const struct identity *who)
{
	struct held *held = &l->held;

	if (held->count == LIVE_HELD_MAX) {
		held->count--;
		held->dropped++;
		memmove(&held->rows[0], &held->rows[1],
		    held->count * sizeof(held->rows[0]));
	}
	held->rows[held->count].c = *c;
	held->rows[held->count].who = *who;
	held->count++;
}

void
keep_connection(
    struct listener *l, const struct connection *c, const struct identity *who)
{
	struct identity named = *who;

	if (l->run.store == NULL)
		return;
	show_process(l, c, &named.process);
	if (l->clock_set)
		put(l, c, &named);
	else
		hold(l, c, &named);
}

static void
let_go(struct listener *l)
{
	for (size_t i = 0; i < l->held.count; i++)
		put(l, &l->held.rows[i].c, &l->held.rows[i].who);
	l->held.count = 0;
}

/* --- interfaces ------------------------------------------------------------ */

/* tell_run tells the store how far listening on interface `i` is. */
static void
tell_run(struct listener *l, size_t i)
{
	const struct tap *tap = &l->taps.taps[i];
	struct told *told = &l->told[i];
	uint64_t dropped = tap->dropped + tap->missed;
	/* What the dissector gave up is counted once, with the first. */
	uint64_t lost = i == 0 ? run_lost(&l->run) : 0;
	struct history_run run = {
		.end_us = clock_system(&l->clock, l->clock.steady_us),
	};

	if (told->start_us == 0)
		*told = (struct told){ run.end_us, tap->frames, dropped, lost };
	run.start_us = told->start_us;
	run.packets = tap->frames - told->frames;
	run.dropped = dropped - told->dropped;
	run.lost = lost - told->lost;
	snprintf(run.source, sizeof(run.source), "%s", tap->name);
	store_run(l->run.store, &run);
}

static void
tell_runs(struct listener *l)
{
	l->kept_us = l->now_us;
	for (size_t i = 0; i < l->taps.count; i++)
		tell_run(l, i);
}

/* From here on it is another run: what was told keeps its times. */
void
keep_jump(struct listener *l)
{
	for (size_t i = 0; i < l->taps.count; i++)
		l->told[i].start_us = 0;
}

/* --- time ------------------------------------------------------------------ */

/* wait_for_clock looks whether the clock is set by now. */
static void
wait_for_clock(struct listener *l)
{
	int64_t system_us = clock_system(&l->clock, l->clock.steady_us);

	l->clock_set = clock_is_set(system_us);
	if (l->clock_set)
		let_go(l);
	else if (!l->said_clock_off && l->run.store != NULL) {
		l->said_clock_off = true;
		log_warnx("the clock is not set yet; nothing goes into the "
			  "store until it is");
	}
}

void
keep_time(struct listener *l)
{
	if (!l->clock_set)
		wait_for_clock(l);
	if (l->run.store == NULL || !l->clock_set)
		return;
	if (l->kept_us == 0 || l->now_us - l->kept_us >= RUNS_US)
		tell_runs(l);
	store_tick(l->run.store, clock_system(&l->clock, l->clock.steady_us));
}

void
keep_end(struct listener *l)
{
	if (l->run.store == NULL)
		return;
	if (l->held.count > 0 || l->held.dropped > 0)
		log_warnx("not in the store, as the clock was never set: %llu "
			  "connections",
		    (unsigned long long)(l->held.count + l->held.dropped));
	if (l->clock_set)
		tell_runs(l);
	stow_close(&l->run);
}
