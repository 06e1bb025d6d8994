/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_SOURCE_H
#define MAILTLS_CAPTURE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/filter.h"

/* Where frames come from: capture files and network interfaces.  The only user
 * of libpcap. */

enum {
	SOURCE_MESSAGE_MAX = 512,
	/*
	 * How long the kernel may keep a frame of an interface to itself, which
	 * is also how long we may be kept from reading: libpcap makes blocks of
	 * 256 KiB, and one that is handed over when its time is up is full,
	 * whatever is in it.  In libpcap's immediate mode every frame takes up
	 * as much as the longest one that is to be captured, so that is for
	 * frames cut short.
	 */
	SOURCE_LATENCY_MS = 200,
	SOURCE_BUFFER = 256 << 10, /* of stdio, in bytes: a fifth of the cost of
	                            the 4 KiB that libpcap reads by */
};

/* struct source_frame borrows what it points at until the hook returns. */
struct source_frame {
	int64_t time_us; /* since 1970 */
	const uint8_t *data;
	uint32_t len;      /* captured */
	uint32_t wire_len; /* on the wire, not less than `len` */
	int link;          /* LINKTYPE_ or DLT_ number */
};

typedef void source_hook(void *arg, const struct source_frame *frame);

struct source;

/*
 * source_open opens the capture file `path`, "-" being standard input: pcap in
 * all its forms, pcapng, either of them inside gzip or zstd, known by content.
 * `filter` is in pcap-filter(7) language, or NULL.  It returns 0, or -errno
 * with a sentence for the user in `message`: what is wrong with the file and,
 * where there is one, the way out.
 */
int source_open(const char *path, const char *filter, struct source **out,
    char message[SOURCE_MESSAGE_MAX]);
void source_close(struct source *source);

/*
 * source_run hands every frame to `hook` until the end, or until the hook or
 * a signal handler called source_stop.  It returns 0 at the end of the file, or
 * -errno with a sentence in `message` when the rest can not be read (a file cut
 * inside a packet, damaged compression); all before that was handed over.
 */
int source_run(struct source *source, source_hook *hook, void *arg,
    char message[SOURCE_MESSAGE_MAX]);
void source_stop(struct source *source);

/* source_link returns the link type, and source_link_name its name in words,
 * or "unknown". */
int source_link(const struct source *source);
const char *source_link_name(int link);

/* struct source_tap says how an interface is to be listened on. */
struct source_tap {
	const char *interface; /* or "any": all of them */
	size_t buffer;         /* bytes, of the ring that the kernel fills */
	bool promiscuous;      /* ask for frames that are for others */
	/* Nothing but the SYNs that open connections, and these at once;
	 * `buffer` and the ports of UDP are of no account. */
	bool openings;
	struct filter_ports ports; /* frames that the kernel hands over */
};

/*
 * source_open_tap begins to listen; source_close ends it.  It returns 0, or
 * -errno with a sentence in `message`: -ENODEV when there is no such interface,
 * -ENETDOWN when it is not up, -EPERM.  Frames come up to SOURCE_LATENCY_MS
 * late.  None of the functions below needs a privilege.
 */
int source_open_tap(const struct source_tap *tap, struct source **out,
    char message[SOURCE_MESSAGE_MAX]);

/* source_fd returns what poll(2) can wait on for frames. */
int source_fd(const struct source *source);

/*
 * source_take hands over what frames there are, perhaps not all of them, and
 * does not wait.  It returns how many, or -errno when the interface is down or
 * gone: then, and perhaps without that, frames come again after source_rebind.
 */
int source_take(struct source *source, source_hook *hook, void *arg);

/* source_rebind makes the source listen on the interface that has number
 * `index` now, of the same kind as before; it returns 0 or -errno. */
int source_rebind(struct source *source, int index);

/* source_dropped returns how many frames the kernel had no room for, since the
 * source was opened; it begins again at 2^32. */
uint32_t source_dropped(struct source *source);

/* source_position returns how many bytes of the file itself (compressed ones,
 * if so) have been read, and source_size how many it has, or 0 if unknown. */
uint64_t source_position(const struct source *source);
uint64_t source_size(const struct source *source);

/* source_is_capture tells whether `head`, the first bytes of a file's content,
 * begins a capture; it looks at four. */
bool source_is_capture(const uint8_t *head, size_t len);

/* source_library returns libpcap's version in words. */
const char *source_library(void);

#endif
