/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_TAPS_H
#define MAILTLS_CAPTURE_TAPS_H

#include <poll.h>

#include "capture/netlink.h"
#include "capture/options.h"
#include "capture/source.h"

/*
 * The interfaces that are listened on, over their comings and goings: one that
 * goes down or disappears is waited for, and taken up again when it is back.
 */

/* struct tap is one of them. */
struct tap {
	const char *name;
	struct source *source;
	struct source *openings; /* the SYNs alone, at once; or NULL */
	bool any;                /* no interface, but all: it is always there */
	bool up;                 /* as far as we know */
	bool failed;             /* given up */
	bool dropping;           /* that it drops frames was said */
	int index;               /* the kernel's number of it */
	uint16_t kind;           /* ARPHRD_ */
	uint64_t frames;
	uint64_t dropped; /* by the kernel: we were too slow */
	uint64_t missed;  /* by the interface */
	/* Counters as they were when they were last read. */
	uint32_t last_dropped;
	uint64_t last_missed;
};

struct taps {
	struct tap taps[OPTIONS_INTERFACES_MAX];
	size_t count;
	struct netlink *netlink;
	bool changed; /* an interface may have: look at once */
	int64_t watched_us;
};

/* How many file descriptors there are to poll(2), at most. */
enum {
	TAPS_FDS_MAX = 2 * OPTIONS_INTERFACES_MAX,
};

/*
 * taps_open begins to listen on all interfaces that `options` names, and if
 * `openings`, for SYNs besides; it returns 0, or -errno and a sentence in
 * `message` with the interface's name.  taps_close ends it, also after a
 * failure.
 */
int taps_open(struct taps *taps, const struct options *options, bool openings,
    char message[SOURCE_MESSAGE_MAX]);
void taps_close(struct taps *taps);

/* taps_fds writes what to poll(2) for into `fds`, which has room for all, and
 * returns how many that are; those for SYNs only if `openings`. */
nfds_t taps_fds(
    const struct taps *taps, bool openings, struct pollfd fds[TAPS_FDS_MAX]);

/* taps_have_openings tells, by what poll(2) wrote into the `count` of `fds`,
 * whether there are SYNs, and nothing else. */
bool taps_have_openings(
    const struct taps *taps, const struct pollfd *fds, nfds_t count);

/* taps_take hands over what frames there are, of each interface in turn, and
 * returns how many; taps_take_openings does so with the SYNs, which are among
 * them as well, and come earlier. */
size_t taps_take(struct taps *taps, source_hook *hook, void *arg);
void taps_take_openings(struct taps *taps, source_hook *hook, void *arg);

/*
 * taps_watch looks, about every second of `now_us`, whether interfaces have
 * gone or are back, and reads the counters; it says what is of interest.  It
 * returns false when there is nothing left to listen on.
 */
bool taps_watch(struct taps *taps, int64_t now_us);

/* taps_lost returns how many frames were lost before we saw them, of all. */
uint64_t taps_lost(const struct taps *taps);

#endif
