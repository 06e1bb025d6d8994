/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_STREAM_H
#define MAILTLS_DISSECT_STREAM_H

#include "dissect/bytes.h"
#include "dissect/chunk.h"
#include "dissect/segment.h"

/*
 * struct stream puts one direction of a TCP connection back in order.
 *
 * Order means two things here.  Bytes are delivered by sequence number, the
 * first copy heard of each; and a segment is held back until everything that
 * its sender acknowledged with it has been delivered of the other direction.
 * So a question always comes before its answer, however a capture has mixed
 * them up.
 *
 * A stream starts at a SYN, or else at the first segment seen.  Zeroed, it
 * waits for that.
 */

enum {
	STREAM_HOLES_MAX = 3,
};

struct stream {
	bool started;  /* `next` is known */
	bool fin;      /* FIN was seen, `fin_at` is known */
	bool ended;    /* everything up to FIN was delivered */
	uint32_t next; /* sequence number of the next byte to deliver */
	uint32_t fin_at;
	struct chain early; /* what came too soon, in the order it came */
	/* Ranges that were given up, the last few: bytes for them still count
	 * as seen when they come late. */
	struct hole {
		uint32_t from, to;
	} holes[STREAM_HOLES_MAX];
};

/* stream_start makes `next` the sequence number of the first byte. */
void stream_start(struct stream *s, uint32_t next);

enum stream_place {
	STREAM_NOW,   /* the payload, as trimmed, is next */
	STREAM_EARLY, /* keep it */
	STREAM_OLD,   /* nothing new in it */
	STREAM_FAR,   /* out of any window: not this connection's */
};

/*
 * stream_place tells where `segment` belongs, given how far the `other`
 * direction is, and cuts off its front what was delivered before.
 */
enum stream_place stream_place(const struct stream *s,
    const struct stream *other, struct segment *segment);

/* stream_keep holds `segment` back.  It returns false when there is no room,
 * and the segment is then as lost as if it had never come. */
bool stream_keep(
    struct stream *s, struct chunk_pool *pool, const struct segment *segment);

/*
 * stream_ready returns the next bytes out of those held back that can be
 * delivered by now, or an empty run; with `other` NULL, whatever they
 * acknowledge.  They borrow from the pool until
 * stream_pass, which must follow.
 */
struct bytes stream_ready(
    struct stream *s, struct chunk_pool *pool, const struct stream *other);

/* stream_pass counts `len` bytes as delivered and gives back what is held of
 * bytes before that; at the FIN, the stream has ended. */
void stream_pass(struct stream *s, struct chunk_pool *pool, size_t len);

/* stream_waits tells whether something is held back, a FIN included. */
bool stream_waits(const struct stream *s);

/*
 * stream_skip gives up the bytes that are missing before the next held one,
 * or before the FIN, and returns how many those are: 0 when none is missing
 * and `s` waits for the other direction only.
 */
uint32_t stream_skip(struct stream *s, const struct chunk_pool *pool);

/*
 * stream_skip_to does so up to `next`, a sequence number that was acknowledged,
 * or up to the next byte held back, if that is earlier.
 */
uint32_t stream_skip_to(
    struct stream *s, const struct chunk_pool *pool, uint32_t next);

/* stream_wants returns the acknowledgement that holds back the next bytes of
 * `s`, which are there, or `otherwise` when they are not. */
uint32_t stream_wants(
    const struct stream *s, const struct chunk_pool *pool, uint32_t otherwise);

/*
 * stream_late returns how many bytes of `segment` fall into ranges that were
 * given up, and counts them as no longer missing.
 */
size_t stream_late(struct stream *s, const struct segment *segment);

/*
 * stream_count is for a connection whose bytes are of no interest any more:
 * it passes over `segment`, noting what it leaves out, and returns how many
 * bytes of it are new, late ones included.
 */
size_t stream_count(struct stream *s, const struct segment *segment);

/* stream_clear gives back all that is held. */
void stream_clear(struct stream *s, struct chunk_pool *pool);

#endif
