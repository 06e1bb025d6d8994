/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_SHELF_H
#define MAILTLS_REPORT_SHELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * struct shelf has a number of places, from 1, and knows which key has which.
 * When a new key finds all taken, it gets that of the key that has not been
 * touched for longest.  What lies in the places is the caller's.
 */

enum {
	SHELF_KEY_MAX = 40, /* a multiple of 8 */
};

struct shelf {
	uint64_t forgotten; /* keys that had to make room */
	/* Private. */
	struct shelf_slot *slots;
	uint16_t *buckets;
	uint64_t seed;
	uint16_t size, count, newest, oldest;
};

/* shelf_init gives it `size` places, a power of two up to 2^15.  Keys that
 * hash alike can be found only by who knows `seed`.  Dies without memory. */
void shelf_init(struct shelf *shelf, uint16_t size, uint64_t seed);
void shelf_clear(struct shelf *shelf);

/* shelf_bytes returns how much memory it takes up with `size` places. */
size_t shelf_bytes(size_t size);

/* shelf_find returns the place of a key, or 0.  Keys are `SHELF_KEY_MAX` bytes,
 * shorter ones filled up with zeros. */
uint16_t shelf_find(
    const struct shelf *shelf, const uint8_t key[SHELF_KEY_MAX]);

/* shelf_touch returns the place of a key, which is the newest thereafter;
 * `*fresh` if it did not have one, and what lies there is another's. */
uint16_t shelf_touch(
    struct shelf *shelf, const uint8_t key[SHELF_KEY_MAX], bool *fresh);

#endif
