/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_INQUIRY_H
#define MAILTLS_CAPTURE_INQUIRY_H

#include "capture/classify.h"

/*
 * Asks nDPI about connections on ports that mail is not known for, a bounded
 * number at a time: the hook of dissect/maildissect.h for hints.  nDPI is
 * started by the first question, if there ever is one, or before.  One dissector
 * has one of these.
 */

enum {
	/* What nDPI keeps of one connection, at most: its structure, and the
	 * TLS messages that it puts together out of what it is shown. */
	INQUIRY_MEMORY = 16384,
	INQUIRY_MAX = 256, /* connections at a time */
};

struct inquiry {
	struct classify *classify; /* NULL: not started */
	bool failed;               /* it can not be started */
	size_t count;              /* of `asked` that are used */
	struct asked {
		uint64_t connection; /* 0: free */
		struct classify_flow *flow;
		uint32_t said[2]; /* bytes, by side */
	} asked[INQUIRY_MAX];
};

/* inquiry_init makes one that asks about as many connections as go into
 * `memory` bytes. */
void inquiry_init(struct inquiry *inquiry, size_t memory);

/* inquiry_start starts nDPI now, for who can not do so later. */
void inquiry_start(struct inquiry *inquiry);

/*
 * inquiry_ask shows `piece` to nDPI, fills in `by_hint` and `service` of `c`
 * with what it says, and returns whether more pieces could change that.  A new
 * connection takes the place of an older one when there are too many.
 */
bool inquiry_ask(struct inquiry *inquiry, struct connection *c,
    const struct md_piece *piece);

/* inquiry_drop ends the inquiry about a connection, if there is one. */
void inquiry_drop(struct inquiry *inquiry, uint64_t connection);

void inquiry_clear(struct inquiry *inquiry);

#endif
