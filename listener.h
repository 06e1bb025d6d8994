/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_LISTENER_H
#define MAILTLS_LISTENER_H

#include "capture/clock.h"
#include "capture/hints.h"
#include "capture/holdback.h"
#include "capture/notify.h"
#include "capture/owner.h"
#include "capture/save.h"
#include "capture/taps.h"
#include "report/ticker.h"
#include "run.h"

/*
 * Live capture in parts, private to live.c (the loop, its beginning and its
 * end), live_show.c (connections, as they come) and live_keep.c (the store).
 */

enum {
	/* Connections that wait for the clock to be set.  Of more, the first
	 * are dropped: a router that has the time from the network has it a
	 * minute after it has the network. */
	LIVE_HELD_MAX = 64,
};

/* struct held are connections that are not in the store yet, as what the clock
 * says cannot be right. */
struct held {
	struct {
		struct connection c;
		struct identity who;
	} rows[LIVE_HELD_MAX];
	size_t count;
	uint64_t dropped;
};

/* struct told is what the store was told of an interface last. */
struct told {
	int64_t start_us; /* since when, by the system's time; 0: nothing */
	uint64_t frames, dropped, lost; /* then */
};

struct listener {
	struct run run; /* first, see listener_of */
	struct taps taps;
	struct owner owner;
	struct clock clock;
	struct notify notify;
	struct hints hints;
	struct ticker ticker;
	struct save save;
	struct holdback holdback; /* for `save`, with --any-port */
	struct held held;
	struct told told[OPTIONS_INTERFACES_MAX];
	bool saving;
	bool clock_set;      /* the system's time can be right */
	bool said_clock_off; /* that it is not was said */
	int64_t now_us;      /* the monotonic time of the last look */
	int64_t busy_us, reread_us, kept_us; /* when that last was */
	bool lost; /* there is nothing left to listen on */
};

/* listener_of returns the listener that `run` is of. */
struct listener *listener_of(struct run *run);

/* live_shift brings the times of `c` from those of the dissector to those of
 * the system. */
void live_shift(const struct listener *l, struct connection *c);

/* Of live_show.c: what becomes of connections, and of frames. */
run_hook show_judged, show_over;
void show_begun(struct run *run, const struct connection *c);
source_hook show_opening;

/* show_process names the program of this machine that `c` belongs to. */
void show_process(
    struct listener *l, const struct connection *c, struct process *out);

/* Of live_keep.c: keep_connection puts one that is over into the store, or
 * holds it back; keep_time lets time pass; keep_jump hears that the system's
 * time has jumped; keep_end closes the store. */
bool keep_open(struct listener *l);
void keep_connection(
    struct listener *l, const struct connection *c, const struct identity *who);
void keep_time(struct listener *l);
void keep_jump(struct listener *l);
void keep_end(struct listener *l);

#endif
