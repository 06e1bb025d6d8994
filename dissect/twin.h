/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_TWIN_H
#define MAILTLS_DISSECT_TWIN_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/limits.h"
#include "dissect/maildissect.h"

/*
 * The ClientHello randoms of late, to know the same connection when it is
 * captured on both sides of a NAT: a random is never used twice.  Only one of
 * the two is told: the inner one, which has a private client address, or else
 * the one that was heard first.  The shards that follow them, mostly two, do
 * not know of each other, so the other goes on there, and what is told of it
 * ends here.
 */
struct twins {
	struct twin {
		struct md_hello hello; /* its random is 0: free */
		uint32_t place;
		uint64_t number;
	} twins[LIMIT_TWINS];
	/* By place: of a connection of that number. */
	struct twin_talk {
		uint64_t number; /* 0: of none */
		bool dropped;    /* it is the other one of two */
		bool said;       /* that it was judged */
	} * talks;
	uint32_t talk_count;
};

/* twins_init prepares for connections with places below `count`, for which
 * `talks` has room. */
void twins_init(struct twins *twins, struct twin_talk *talks, uint32_t count);

/*
 * twins_meet takes in the ClientHello of `event`, and returns whether it is that
 * of a connection whose hello was heard from another client address within
 * LIMIT_TWIN_US; one of the two is dropped then.
 */
bool twins_meet(struct twins *twins, const struct md_event *event);

/* twins_talk returns what is known of the connection of `event`, which is kept
 * until its place is another's. */
struct twin_talk *twins_talk(struct twins *twins, const struct md_event *event);

/* twin_is_private tells whether an address is one of those that are used
 * behind a NAT (RFC 1918, 6598 are IPv4, 4193 and link-local are IPv6). */
bool twin_is_private(const uint8_t ip[16], bool ipv6);

#endif
