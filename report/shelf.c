/* SPDX-License-Identifier: ISC */
/* A hash table with chains, and a list by last use through its slots. */
#include "report/shelf.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

struct shelf_slot {
	uint8_t key[SHELF_KEY_MAX];
	uint16_t next;         /* of the same bucket; 0 ends it, as below */
	uint16_t newer, older; /* by use */
};

static void *
xcalloc(size_t count, size_t size)
{
	void *new = calloc(count, size);

	if (new == NULL)
		err(EXIT_FAILURE, NULL);
	return new;
}

void
shelf_init(struct shelf *shelf, uint16_t size, uint64_t seed)
{
	memset(shelf, 0, sizeof(*shelf));
	shelf->slots = xcalloc((size_t)size + 1, sizeof(*shelf->slots));
	shelf->buckets = xcalloc(size, sizeof(*shelf->buckets));
	shelf->size = size;
	shelf->seed = seed;
}

size_t
shelf_bytes(size_t size)
{
	return (size + 1) * sizeof(struct shelf_slot) + size * sizeof(uint16_t);
}

void
shelf_clear(struct shelf *shelf)
{
	free(shelf->slots);
	free(shelf->buckets);
	memset(shelf, 0, sizeof(*shelf));
}

/* The finalizer of splitmix64, https://prng.di.unimi.it/splitmix64.c */
static uint64_t
mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static uint16_t *
bucket_of(const struct shelf *shelf, const uint8_t key[SHELF_KEY_MAX])
{
	uint64_t hash = shelf->seed;

	for (unsigned i = 0; i < SHELF_KEY_MAX; i += 8) {
		uint64_t word;

		memcpy(&word, key + i, sizeof(word));
		hash = mix(hash + UINT64_C(0x9e3779b97f4a7c15) + word);
	}
	return &shelf->buckets[hash & (shelf->size - 1u)];
}

uint16_t
shelf_find(const struct shelf *shelf, const uint8_t key[SHELF_KEY_MAX])
{
	uint16_t at = *bucket_of(shelf, key);

	while (at != 0 && memcmp(shelf->slots[at].key, key, SHELF_KEY_MAX) != 0)
		at = shelf->slots[at].next;
	return at;
}

/* Slot 0 is both ends of the list by use. */
static void
unlink_use(struct shelf *shelf, uint16_t at)
{
	struct shelf_slot *slot = &shelf->slots[at];

	if (slot->newer != 0)
		shelf->slots[slot->newer].older = slot->older;
	else
		shelf->newest = slot->older;
	if (slot->older != 0)
		shelf->slots[slot->older].newer = slot->newer;
	else
		shelf->oldest = slot->newer;
}

static void
link_newest(struct shelf *shelf, uint16_t at)
{
	struct shelf_slot *slot = &shelf->slots[at];

	slot->newer = 0;
	slot->older = shelf->newest;
	if (shelf->newest != 0)
		shelf->slots[shelf->newest].newer = at;
	else
		shelf->oldest = at;
	shelf->newest = at;
}

/* Takes the place that was used least recently from its key. */
static uint16_t
take_oldest(struct shelf *shelf)
{
	uint16_t at = shelf->oldest;
	uint16_t *link = bucket_of(shelf, shelf->slots[at].key);

	while (*link != at)
		link = &shelf->slots[*link].next;
	*link = shelf->slots[at].next;
	unlink_use(shelf, at);
	shelf->forgotten++;
	return at;
}

uint16_t
shelf_touch(struct shelf *shelf, const uint8_t key[SHELF_KEY_MAX], bool *fresh)
{
	uint16_t at = shelf_find(shelf, key);
	uint16_t *bucket = bucket_of(shelf, key);

	*fresh = at == 0;
	if (at != 0) {
		unlink_use(shelf, at);
		link_newest(shelf, at);
		return at;
	}
	if (shelf->count < shelf->size)
		at = ++shelf->count;
	else
		at = take_oldest(shelf);
	memcpy(shelf->slots[at].key, key, SHELF_KEY_MAX);
	shelf->slots[at].next = *bucket;
	*bucket = at;
	link_newest(shelf, at);
	return at;
}
