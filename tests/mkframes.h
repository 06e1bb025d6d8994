/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_MKFRAMES_H
#define MAILTLS_TESTS_MKFRAMES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/mkbytes.h"

/* A capture in the making: its frames, in order.  Zeroed is empty. */
struct mkframe {
	int64_t time_us;
	uint32_t len, wire_len;
	uint8_t *data; /* owned by the list */
};

struct mkframes {
	struct mkframe *frames;
	size_t count, room;
};

/* mkframes_add copies `frame`, of which at most `snaplen` bytes are kept. */
void mkframes_add(struct mkframes *list, int64_t time_us,
    const struct mkbytes *frame, size_t snaplen);

/* mkframes_copy appends a copy of frame `index` of `from`. */
void mkframes_copy(
    struct mkframes *list, const struct mkframes *from, size_t index);

/* mkframes_swap exchanges two frames but leaves the times where they are. */
void mkframes_swap(struct mkframes *list, size_t a, size_t b);

void mkframes_clear(struct mkframes *list);

/*
 * mkframes_write writes `list` as a capture of link type `link` in the classic
 * format (https://www.tcpdump.org/manpages/pcap-savefile.5.html), in big-endian
 * order, without libpcap, so that the bytes are the same everywhere.
 * It returns 0, or -1 when that failed.
 */
int mkframes_write(const struct mkframes *list, unsigned link, FILE *out);

#endif
