/* SPDX-License-Identifier: ISC */
/*
 * Every fragment starts at a multiple of 8 bytes and every one but the last is
 * a multiple of 8 long (RFC 791 3.2, RFC 8200 4.5), so what was heard of a
 * datagram is a map of one bit for 8 bytes.  Units that are new go to the
 * datagram's pieces, others were heard before and are let go: the pieces never
 * overlap, and the datagram is whole when as many units were heard as it has.
 */
#include "dissect/fragment.h"

/* --- datagrams ------------------------------------------------------------- */

static void
release(struct chunk_pool *pool, struct datagram *d)
{
	chain_free(&d->pieces, pool);
	*d = (struct datagram){ 0 };
}

/* expire drops what is older than the timeout, and what is so much newer:
 * time went back, and it would stay for too long. */
static void
expire(struct fragments *f, struct chunk_pool *pool, int64_t time_us)
{
	for (size_t i = 0; i < FRAGMENT_DATAGRAMS_MAX; i++) {
		struct datagram *d = &f->datagrams[i];
		uint64_t age = (uint64_t)time_us - (uint64_t)d->first_us;

		if (time_us < d->first_us)
			age = 0 - age;
		if (!d->used || age <= FRAGMENT_TIMEOUT_US)
			continue;
		release(pool, d);
		f->timed_out++;
	}
}

/* is_part: the protocol of an IPv6 datagram may differ by fragment. */
static bool
is_part(const struct packet *p, const struct datagram *d)
{
	return d->used && d->id == p->fragment_id && d->ipv6 == p->ipv6 &&
	       (d->ipv6 || d->protocol == p->protocol) &&
	       memcmp(d->ip, p->ip, sizeof(d->ip)) == 0;
}

static struct datagram *
datagram_find(struct fragments *f, const struct packet *p)
{
	for (size_t i = 0; i < FRAGMENT_DATAGRAMS_MAX; i++)
		if (is_part(p, &f->datagrams[i]))
			return &f->datagrams[i];
	return NULL;
}

/* room returns a datagram that is not used, or else the oldest. */
static struct datagram *
room(struct fragments *f)
{
	struct datagram *oldest = &f->datagrams[0];

	for (size_t i = 0; i < FRAGMENT_DATAGRAMS_MAX; i++) {
		struct datagram *d = &f->datagrams[i];

		if (!d->used)
			return d;
		if (d->first_us < oldest->first_us)
			oldest = d;
	}
	return oldest;
}

static struct datagram *
datagram_new(struct fragments *f, struct chunk_pool *pool, int64_t time_us,
    const struct packet *p)
{
	struct datagram *d = room(f);

	if (d->used) {
		release(pool, d);
		f->evicted++;
	}
	memset(f->heard[d - f->datagrams], 0, FRAGMENT_MAP_LEN);
	d->used = true;
	d->ipv6 = p->ipv6;
	d->protocol = p->protocol;
	d->id = p->fragment_id;
	d->first_us = time_us;
	memcpy(d->ip, p->ip, sizeof(d->ip));
	return d;
}

/* --- pieces ---------------------------------------------------------------- */

static bool
is_heard(const uint8_t *heard, uint32_t unit)
{
	return heard[unit / 8] >> unit % 8 & 1;
}

/* store keeps of `data`, which belongs at `unit`, the units that are new.  It
 * goes from run to run of units that are all new, or all not. */
static bool
store(struct datagram *d, uint8_t *heard, struct chunk_pool *pool,
    uint32_t unit, struct bytes data)
{
	while (data.len > 0) {
		bool old = is_heard(heard, unit);
		uint32_t at = unit * FRAGMENT_UNIT;
		struct bytes run;
		size_t len = 0;

		while (len < data.len && is_heard(heard, unit) == old) {
			heard[unit / 8] |= (uint8_t)(1u << unit % 8);
			d->units += !old;
			len += FRAGMENT_UNIT;
			unit++;
		}
		run = bytes_take(&data, len < data.len ? len : data.len);
		if (!old && !chain_append(&d->pieces, pool, at, 0, run))
			return false;
	}
	return d->pieces.count <= FRAGMENT_CHUNKS_MAX;
}

/*
 * fits tells whether the fragment `p`, up to `end`, and the length that the
 * datagram has or is known to reach agree, and notes what is learnt.
 */
static bool
fits(struct datagram *d, const struct packet *p, uint32_t end)
{
	if ((d->ended && end > d->len) || (!p->more_fragments && end < d->len))
		return false;
	if (!p->more_fragments)
		d->ended = true;
	if (end > d->len)
		d->len = end;
	return true;
}

/* --- the whole ------------------------------------------------------------- */

static bool
is_whole(const struct datagram *d)
{
	uint32_t units = (d->len + FRAGMENT_UNIT - 1) / FRAGMENT_UNIT;

	return d->ended && d->units == units;
}

static void
become_whole(struct packet *p, uint8_t protocol, struct bytes payload)
{
	p->protocol = protocol;
	p->payload = payload;
	p->fragment = p->more_fragments = false;
	p->fragment_at = 0;
}

static struct bytes
gather(const struct datagram *d, const struct chunk_pool *pool, uint8_t *buffer)
{
	for (uint32_t which = d->pieces.head; which != 0;) {
		const struct chunk *chunk = chunk_at(pool, which);

		memcpy(buffer + chunk->at, chunk->data, chunk->len);
		which = chunk->next;
	}
	return bytes_of(buffer, d->len);
}

/* is_useful tells apart what can not be part of a whole: RFC 8200 4.5 has a
 * fragment dropped that is not the last and not a multiple of 8 long. */
static bool
is_useful(const struct packet *p)
{
	size_t len = p->payload.len;

	return p->missing == 0 &&
	       (!p->more_fragments || (len > 0 && len % FRAGMENT_UNIT == 0));
}

/* take_in returns the counter of what `d` must be dropped for, if it must. */
static uint64_t *
take_in(struct fragments *f, struct chunk_pool *pool, struct datagram *d,
    const struct packet *p)
{
	uint8_t *heard = f->heard[d - f->datagrams];
	size_t end = p->fragment_at + p->payload.len;

	if (end > FRAGMENT_DATAGRAM_LEN || !fits(d, p, (uint32_t)end))
		return &f->oversized;
	if (p->fragment_at == 0 && !is_heard(heard, 0))
		d->protocol = p->protocol;
	if (!store(d, heard, pool, p->fragment_at / FRAGMENT_UNIT, p->payload))
		return &f->evicted;
	return NULL;
}

bool
fragment_add(struct fragments *f, struct chunk_pool *pool, int64_t time_us,
    struct packet *p, uint8_t *buffer)
{
	struct datagram *d;
	uint64_t *reason;
	bool whole;

	if (!is_useful(p))
		return false;
	if (p->fragment_at == 0 && !p->more_fragments) {
		become_whole(p, p->protocol, p->payload);
		return true;
	}
	expire(f, pool, time_us);
	d = datagram_find(f, p);
	if (d == NULL)
		d = datagram_new(f, pool, time_us, p);
	reason = take_in(f, pool, d, p);
	if (reason != NULL)
		++*reason;
	whole = reason == NULL && is_whole(d);
	if (whole)
		become_whole(p, d->protocol, gather(d, pool, buffer));
	if (whole || reason != NULL)
		release(pool, d);
	return whole;
}

size_t
fragment_pending(const struct fragments *f)
{
	size_t count = 0;

	for (size_t i = 0; i < FRAGMENT_DATAGRAMS_MAX; i++)
		count += f->datagrams[i].used;
	return count;
}
