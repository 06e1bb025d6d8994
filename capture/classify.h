/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_CLASSIFY_H
#define MAILTLS_CAPTURE_CLASSIFY_H

#include <stddef.h>

#include "dissect/maildissect.h"

/*
 * nDPI behind one door (https://www.ntop.org): what it takes a connection for.
 * No two versions of it have the same interface; classify.c is where that
 * ends.  A program that was built without nDPI has these functions too, and
 * classify_open fails.
 *
 * What nDPI keeps of a connection, passwords among it, is wiped as it is given
 * back, and what it leaves on the stack after every packet.  Its allocator is replaced for that, for all of the program.
 */

struct classify;      /* an nDPI that is ready */
struct classify_flow; /* what it keeps of one connection */

enum {
	CLASSIFY_NAME_MAX = 64,
	CLASSIFY_JA3_MAX = 33,
};

struct classify_answer {
	bool final; /* more packets would change nothing */
	struct opinion opinion;
	char service[CONNECTION_WORD_MAX]; /* "gmail.com", or "" */
};

/* struct classify_details is what else it has read, for comparison: "" where
 * it has nothing, or this version of it does not say. */
struct classify_details {
	char protocol[CLASSIFY_NAME_MAX]; /* as it is called there */
	char server_name[CONNECTION_NAME_MAX];
	char ja3[CLASSIFY_JA3_MAX];
	uint16_t tls_version; /* or 0 */
};

/* classify_version returns "nDPI 4.2.0", or NULL when it was built without. */
const char *classify_version(void);

/*
 * classify_open starts nDPI, which takes time and several megabytes.  It
 * returns 0 and sets `*out`, or -ENOSYS (built without), -EPROTO (built for
 * another version than the one that is there) or -ENOMEM.
 */
int classify_open(struct classify **out);
void classify_close(struct classify *classify);

/* classify_begin returns a new connection, or NULL; classify_end wipes it.
 * classify_end accepts NULL. */
struct classify_flow *classify_begin(void);
void classify_end(struct classify_flow *flow);

/*
 * classify_packet shows the connection's next packet, from its IP header on,
 * and sets `*out` to what is known by then.
 */
void classify_packet(struct classify *classify, struct classify_flow *flow,
    const uint8_t *packet, size_t len, int64_t time_us,
    struct classify_answer *out);

/* classify_details fills in `*out` with what was read so far. */
void classify_details(struct classify *classify,
    const struct classify_flow *flow, struct classify_details *out);

#endif
