/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_FRAGMENT_H
#define MAILTLS_DISSECT_FRAGMENT_H

#include "dissect/bytes.h"
#include "dissect/chunk.h"
#include "dissect/frame.h"

/*
 * Puts IPv4 (RFC 791) and IPv6 (RFC 8200 4.5) datagrams together again from
 * fragments in any order.  Where they overlap, the first copy heard wins.
 */

enum {
	FRAGMENT_DATAGRAMS_MAX = 64,        /* being put together at a time */
	FRAGMENT_DATAGRAM_LEN = 65535,      /* no IP datagram is longer */
	FRAGMENT_CHUNKS_MAX = 512,          /* of one datagram */
	FRAGMENT_TIMEOUT_US = 30 * 1000000, /* RFC 1122 3.3.2: 60 s at most */
	FRAGMENT_UNIT = 8, /* offsets, and so lengths but the last, are in it */
	FRAGMENT_MAP_LEN = (FRAGMENT_DATAGRAM_LEN + 1) / FRAGMENT_UNIT / 8,
};

struct datagram {
	bool used, ipv6;
	bool ended;       /* the last fragment was heard */
	uint8_t protocol; /* IPv6: as the first fragment has it */
	uint32_t id;
	uint8_t ip[2][16];
	int64_t first_us;
	uint32_t len;        /* of what was heard; once `ended`, of the whole */
	uint32_t units;      /* how many bits of its map are set */
	struct chain pieces; /* they do not overlap */
};

/* Zeroed is ready; `heard` need not be. */
struct fragments {
	struct datagram datagrams[FRAGMENT_DATAGRAMS_MAX];
	/* Datagrams that were dropped: too old, to make room (in here, in the
	 * pool, or for more pieces than FRAGMENT_CHUNKS_MAX), or longer than
	 * IP allows or their own last fragment says. */
	uint64_t timed_out, evicted, oversized;
	/* Which units of each that is used were heard, one bit a unit. */
	uint8_t heard[FRAGMENT_DATAGRAMS_MAX][FRAGMENT_MAP_LEN];
};

/*
 * fragment_add takes in `p`, a fragment, seen at `time_us`.  When that makes
 * its datagram whole, it is written to the FRAGMENT_DATAGRAM_LEN bytes at
 * `buffer`, `p` becomes the whole (its payload borrowing `buffer`), and the
 * result is true.  Else the fragment was copied into `pool` or dropped.  `p`
 * may itself borrow `buffer`, as a fragment inside a datagram does; a fragment
 * that is all of its datagram becomes the whole as it lies.
 *
 * A fragment of which the capture cut off a part (`missing`) is dropped: what
 * a cut one was part of is never whole, and times out.
 */
bool fragment_add(struct fragments *f, struct chunk_pool *pool, int64_t time_us,
    struct packet *p, uint8_t *buffer);

/* fragment_pending returns how many datagrams are not whole. */
size_t fragment_pending(const struct fragments *f);

#endif
