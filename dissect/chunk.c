/* SPDX-License-Identifier: ISC */
/*
 * The pool is one array.  Chunks that were given back form a list; those that
 * were never used are handed out in order, so memory is touched only as the
 * traffic needs it.
 */
#include "dissect/chunk.h"

void
chunk_pool_init(struct chunk_pool *pool, void *block, size_t size)
{
	*pool = (struct chunk_pool){
		.chunks = block,
		.count = (uint32_t)(size / sizeof(struct chunk)),
	};
}

static uint32_t
chunk_new(struct chunk_pool *pool)
{
	uint32_t which = pool->free;

	if (which != 0)
		pool->free = chunk_at(pool, which)->next;
	else
		which = ++pool->fresh;
	pool->used++;
	return which;
}

static void
chunk_give_back(struct chunk_pool *pool, uint32_t which)
{
	chunk_at(pool, which)->next = pool->free;
	pool->free = which;
	pool->used--;
}

/* room_after returns how much of bytes for `at` fits into the last chunk. */
static size_t
room_after(const struct chain *chain, const struct chunk_pool *pool,
    uint32_t at, uint32_t ack)
{
	const struct chunk *last;

	if (chain->tail == 0)
		return 0;
	last = chunk_at(pool, chain->tail);
	if (last->at + last->len != at || last->ack != ack)
		return 0;
	return CHUNK_DATA - (size_t)last->len;
}

static struct chunk *
extend(struct chain *chain, struct chunk_pool *pool)
{
	uint32_t which = chunk_new(pool);

	if (chain->tail != 0)
		chunk_at(pool, chain->tail)->next = which;
	else
		chain->head = which;
	chain->tail = which;
	chain->count++;
	return chunk_at(pool, which);
}

bool
chain_append(struct chain *chain, struct chunk_pool *pool, uint32_t at,
    uint32_t ack, struct bytes data)
{
	size_t room = room_after(chain, pool, at, ack);
	size_t rest = data.len > room ? data.len - room : 0;
	size_t need = (rest + CHUNK_DATA - 1) / CHUNK_DATA;

	if (need > pool->count - pool->used)
		return false;
	if (room > 0) {
		struct chunk *last = chunk_at(pool, chain->tail);
		struct bytes part = bytes_take(&data, data.len - rest);

		last->len +=
		    (uint16_t)bytes_copy(part, last->data + last->len, room);
		at += (uint32_t)part.len;
	}
	while (data.len > 0) {
		struct chunk *next = extend(chain, pool);
		size_t len = data.len < CHUNK_DATA ? data.len : CHUNK_DATA;

		next->next = 0;
		next->at = at;
		next->ack = ack;
		next->len = (uint16_t)bytes_copy(
		    bytes_take(&data, len), next->data, CHUNK_DATA);
		at += (uint32_t)len;
	}
	return true;
}

void
chain_remove(struct chain *chain, struct chunk_pool *pool, uint32_t which,
    uint32_t before)
{
	uint32_t next = chunk_at(pool, which)->next;

	if (before != 0)
		chunk_at(pool, before)->next = next;
	else
		chain->head = next;
	if (next == 0)
		chain->tail = before;
	chain->count--;
	chunk_give_back(pool, which);
}

void
chain_free(struct chain *chain, struct chunk_pool *pool)
{
	while (chain->head != 0)
		chain_remove(chain, pool, chain->head, 0);
}

struct bytes
chain_gather(const struct chain *chain, const struct chunk_pool *pool,
    uint8_t *to, size_t size)
{
	size_t len = 0;

	for (uint32_t which = chain->head; which != 0;) {
		const struct chunk *chunk = chunk_at(pool, which);

		len += bytes_copy(
		    bytes_of(chunk->data, chunk->len), to + len, size - len);
		which = chunk->next;
	}
	return bytes_of(to, len);
}
