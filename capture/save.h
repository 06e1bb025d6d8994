/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_SAVE_H
#define MAILTLS_CAPTURE_SAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "capture/source.h"

/*
 * Frames kept in a file, in the pcap format
 * (https://www.tcpdump.org/manpages/pcap-savefile.5.html).  With a limit there
 * are two files, FILE and FILE.1: when one is full the other is begun anew, so
 * that the last frames are always there, and the disk never fills up.  Both are
 * open from the start, as there may be no permission to open one later.
 */

enum {
	SAVE_FILES = 2,
	SAVE_PATH_MAX = 4096,
};

struct save {
	char paths[SAVE_FILES][SAVE_PATH_MAX];
	FILE *files[SAVE_FILES]; /* the second is NULL without a limit */
	size_t current;
	size_t limit; /* bytes of a file, or 0 */
	size_t written;
	int link; /* link type of all frames */
};

/*
 * save_open makes ready to keep frames of link type `link` in the file `path`
 * and begins it anew, or, with a `limit` in bytes, the older one of the two.
 * Nobody but the owner may read them.  It returns 0 or -errno.
 */
int save_open(struct save *save, const char *path, size_t limit, int link);

/* save_frame keeps one frame; 0 or -errno.  One of another link type is left
 * out. */
int save_frame(struct save *save, const struct source_frame *frame);

/* save_flush sees to it that all is in the file; 0 or -errno. */
int save_flush(struct save *save);

/* save_reopen opens the files anew if they were moved away; where that fails,
 * -errno, those before are used on. */
int save_reopen(struct save *save);

/* save_close returns 0, or -errno when something could not be written. */
int save_close(struct save *save);

#endif
