/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_HOLDBACK_H
#define MAILTLS_CAPTURE_HOLDBACK_H

#include <stddef.h>

#include "capture/save.h"

/*
 * Frames that are to be saved if the connection that they belong to turns out
 * to be mail: with --any-port that shows some frames after the first.  The
 * latest ones are held back in memory; those of other connections are never
 * saved.
 */

enum {
	HOLDBACK_FRAMES = 256,
	HOLDBACK_LEN = 1600, /* a greeting or a list of capabilities; of longer
	                        ones, as of no others, nothing is held back */
};

struct holdback {
	struct held_frame *frames; /* NULL: nothing is held back */
	size_t next;
};

/* holdback_open makes room; 0 or -ENOMEM.  holdback_close gives it back. */
int holdback_open(struct holdback *holdback);
void holdback_close(struct holdback *holdback);

/* holdback_add holds back a frame of connection `number`, in place of the oldest
 * one. */
void holdback_add(struct holdback *holdback, uint64_t number,
    const struct source_frame *frame);

/* holdback_release saves what there is of connection `number`; 0 or -errno. */
int holdback_release(
    struct holdback *holdback, uint64_t number, struct save *save);

#endif
