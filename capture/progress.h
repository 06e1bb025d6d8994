/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_PROGRESS_H
#define MAILTLS_CAPTURE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * A line that tells how far the reading is, written over itself on a terminal
 * and gone at the end.  The caller brings the time: a clock is read only when
 * progress_due says so.
 */

enum {
	PROGRESS_PACKETS = 4096,       /* between two looks at the clock */
	PROGRESS_INTERVAL_US = 200000, /* between two lines */
};

struct progress {
	FILE *out;      /* NULL: say nothing */
	uint64_t total; /* bytes, 0 if unknown */
	int64_t start_us, last_us;
	uint32_t left; /* packets until the next look */
	bool shown;
};

/* progress_init begins at `now_us`; `out` is NULL where nobody watches. */
void progress_init(
    struct progress *progress, FILE *out, uint64_t total, int64_t now_us);

/* progress_due counts one packet and tells whether to call progress_show. */
static inline bool
progress_due(struct progress *progress)
{
	if (--progress->left > 0)
		return false;
	progress->left = PROGRESS_PACKETS;
	return progress->out != NULL;
}

/* progress_show writes the line for `bytes` and `packets` read so far, unless
 * the last one is younger than PROGRESS_INTERVAL_US. */
void progress_show(struct progress *progress, uint64_t bytes, uint64_t packets,
    int64_t now_us);

/* progress_clear takes the line away, if there is one. */
void progress_clear(struct progress *progress);

#endif
