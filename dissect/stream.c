/* SPDX-License-Identifier: ISC */
/*
 * One direction of TCP (RFC 9293 3.4, 3.10).  A receiver keeps the first copy
 * of a byte or the last; an observer can not know, and a retransmission is
 * the same bytes.  We keep the first, as the receivers of today do.
 */
#include "dissect/stream.h"

#include "dissect/limits.h"

void
stream_start(struct stream *s, uint32_t next)
{
	s->started = true;
	s->next = next;
}

/* held_back: the sender had heard more of the other side than we have */
static bool
held_back(const struct stream *other, uint32_t ack)
{
	return other != NULL && other->started &&
	       sequence_before(other->next, ack) &&
	       ack - other->next <= LIMIT_WINDOW;
}

/* covers: the byte that is next is in `chunk` */
static bool
covers(const struct stream *s, const struct chunk *chunk)
{
	return !sequence_before(s->next, chunk->at) &&
	       sequence_before(s->next, chunk->at + chunk->len);
}

enum stream_place
stream_place(
    const struct stream *s, const struct stream *other, struct segment *segment)
{
	struct bytes *payload = &segment->payload;

	if (sequence_before(segment->seq, s->next)) {
		uint32_t old = s->next - segment->seq;

		if (old >= payload->len)
			return STREAM_OLD;
		bytes_take(payload, old);
		segment->seq += old;
	}
	if (segment->seq - s->next > LIMIT_WINDOW)
		return STREAM_FAR;
	if (segment->seq != s->next || s->early.head != 0 ||
	    held_back(other, segment->ack))
		return STREAM_EARLY;
	return STREAM_NOW;
}

/* is_kept: one chunk holds all of [from, to) already */
static bool
is_kept(const struct stream *s, const struct chunk_pool *pool, uint32_t from,
    uint32_t to)
{
	uint32_t which = s->early.head;

	while (which != 0) {
		const struct chunk *chunk = chunk_at(pool, which);

		if (!sequence_before(from, chunk->at) &&
		    !sequence_before(chunk->at + chunk->len, to))
			return true;
		which = chunk->next;
	}
	return false;
}

bool
stream_keep(
    struct stream *s, struct chunk_pool *pool, const struct segment *segment)
{
	size_t len = segment->payload.len;

	if (is_kept(s, pool, segment->seq, segment->seq + (uint32_t)len))
		return true;
	if (s->early.count + len / CHUNK_DATA >= LIMIT_EARLY_CHUNKS)
		return false;
	return chain_append(
	    &s->early, pool, segment->seq, segment->ack, segment->payload);
}

struct bytes
stream_ready(
    struct stream *s, struct chunk_pool *pool, const struct stream *other)
{
	uint32_t limit = UINT32_MAX; /* where an earlier copy takes over */
	uint32_t which = s->early.head;

	while (which != 0) {
		const struct chunk *chunk = chunk_at(pool, which);
		uint32_t ahead = chunk->at - s->next;

		if (covers(s, chunk)) {
			struct bytes run = bytes_of(chunk->data, chunk->len);

			if (held_back(other, chunk->ack))
				break;
			bytes_take(&run, s->next - chunk->at);
			return bytes_take(
			    &run, run.len < limit ? run.len : limit);
		}
		if (sequence_before(s->next, chunk->at) && ahead < limit)
			limit = ahead;
		which = chunk->next;
	}
	return bytes_of(NULL, 0);
}

static void
drop_old(struct stream *s, struct chunk_pool *pool)
{
	uint32_t which = s->early.head, before = 0;

	while (which != 0) {
		const struct chunk *chunk = chunk_at(pool, which);
		uint32_t next = chunk->next;

		if (sequence_before(s->next, chunk->at + chunk->len))
			before = which;
		else
			chain_remove(&s->early, pool, which, before);
		which = next;
	}
}

void
stream_pass(struct stream *s, struct chunk_pool *pool, size_t len)
{
	s->next += (uint32_t)len;
	if (s->early.head != 0)
		drop_old(s, pool);
	if (s->fin && !s->ended && !sequence_before(s->next, s->fin_at)) {
		s->ended = true;
		s->next = s->fin_at + 1;
	}
}

bool
stream_waits(const struct stream *s)
{
	return s->early.head != 0 || (s->fin && !s->ended);
}

static void
note_hole(struct stream *s, uint32_t from, uint32_t to)
{
	memmove(
	    &s->holes[1], &s->holes[0], sizeof(s->holes) - sizeof(s->holes[0]));
	s->holes[0] = (struct hole){ from, to };
}

uint32_t
stream_skip_to(struct stream *s, const struct chunk_pool *pool, uint32_t next)
{
	uint32_t which = s->early.head, lost = next - s->next;

	if (!sequence_before(s->next, next))
		return 0;
	while (which != 0) {
		const struct chunk *chunk = chunk_at(pool, which);

		if (covers(s, chunk))
			return 0;
		if (sequence_before(s->next, chunk->at) &&
		    chunk->at - s->next < lost)
			lost = chunk->at - s->next;
		which = chunk->next;
	}
	note_hole(s, s->next, s->next + lost);
	s->next += lost;
	return lost;
}

uint32_t
stream_skip(struct stream *s, const struct chunk_pool *pool)
{
	uint32_t upto = s->next + LIMIT_WINDOW + 1;

	if (s->fin && !s->ended)
		upto = s->fin_at;
	return stream_skip_to(s, pool, upto);
}

uint32_t
stream_wants(
    const struct stream *s, const struct chunk_pool *pool, uint32_t otherwise)
{
	uint32_t which = s->early.head;

	while (which != 0) {
		const struct chunk *chunk = chunk_at(pool, which);

		if (covers(s, chunk))
			return chunk->ack;
		which = chunk->next;
	}
	return otherwise;
}

/* fill takes [from, to) out of `hole` and returns how much of it was there.
 * Of a range in the middle, what is behind is forgotten. */
static uint32_t
fill(struct hole *hole, uint32_t from, uint32_t to)
{
	if (sequence_before(from, hole->from))
		from = hole->from;
	if (sequence_before(hole->to, to))
		to = hole->to;
	if (!sequence_before(from, to))
		return 0;
	if (from == hole->from)
		hole->from = to;
	else
		hole->to = from;
	return to - from;
}

size_t
stream_late(struct stream *s, const struct segment *segment)
{
	uint32_t to = segment->seq + (uint32_t)segment->payload.len;
	size_t late = 0;

	for (size_t i = 0; i < STREAM_HOLES_MAX; i++)
		if (s->holes[i].from != s->holes[i].to)
			late += fill(&s->holes[i], segment->seq, to);
	return late;
}

size_t
stream_count(struct stream *s, const struct segment *segment)
{
	uint32_t to = segment->seq + (uint32_t)segment->payload.len;
	size_t late = stream_late(s, segment);
	uint32_t from = s->next;

	if (!sequence_before(s->next, to))
		return late;
	if (sequence_before(s->next, segment->seq)) {
		note_hole(s, s->next, segment->seq);
		from = segment->seq;
	}
	s->next = to;
	return late + (to - from);
}

void
stream_clear(struct stream *s, struct chunk_pool *pool)
{
	chain_free(&s->early, pool);
}
