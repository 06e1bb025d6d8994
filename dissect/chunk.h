/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_CHUNK_H
#define MAILTLS_DISSECT_CHUNK_H

#include "dissect/bytes.h"

/*
 * Bytes that must be kept for a while: segments and fragments that came too
 * early, and messages of which a part is still to come.  All of them live in
 * one pool of small chunks, so what is held is as large as what came, and one
 * bound holds for all.
 */

enum {
	CHUNK_DATA = 496, /* with its head, 512 bytes */
};

struct chunk {
	uint32_t next; /* in its chain or the free list, as index + 1 */
	uint32_t at; /* where its first byte belongs: sequence number, offset */
	uint32_t ack; /* streams: what its sender had acknowledged */
	uint16_t len;
	uint16_t reserved;
	uint8_t data[CHUNK_DATA];
};

struct chunk_pool {
	struct chunk *chunks;
	uint32_t count;
	uint32_t used;
	uint32_t fresh; /* chunks from here on were never used */
	uint32_t free;  /* head of those given back, as index + 1 */
};

/* struct chain is a list of chunks in the order they came.  Zeroed is empty. */
struct chain {
	uint32_t head, tail; /* index + 1 */
	uint32_t count;
};

/* chunk_pool_init makes a pool of the `size` bytes at `block`, which it
 * borrows for good and does not touch yet. */
void chunk_pool_init(struct chunk_pool *pool, void *block, size_t size);

/*
 * chain_append copies `data`, which belongs at `at`, to the end of `chain`,
 * going on in its last chunk where that fits.  It returns false, having
 * changed nothing, when the pool has too few chunks left.
 */
bool chain_append(struct chain *chain, struct chunk_pool *pool, uint32_t at,
    uint32_t ack, struct bytes data);

/* chain_free gives all chunks back. */
void chain_free(struct chain *chain, struct chunk_pool *pool);

/*
 * chain_remove gives back the chunk `which` (index + 1), whose predecessor is
 * `before`, or 0 if it is the head.
 */
void chain_remove(struct chain *chain, struct chunk_pool *pool, uint32_t which,
    uint32_t before);

/* chunk_at returns the chunk that `index1`, an index + 1, stands for. */
static inline struct chunk *
chunk_at(const struct chunk_pool *pool, uint32_t index1)
{
	return &pool->chunks[index1 - 1];
}

/*
 * chain_gather copies the chain, whose chunks follow each other without gaps,
 * into `to` and returns the run; at most `size` bytes.
 */
struct bytes chain_gather(const struct chain *chain,
    const struct chunk_pool *pool, uint8_t *to, size_t size);

#endif
