/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_BENCH_GEN_BYTES_H
#define MAILTLS_TESTS_BENCH_GEN_BYTES_H

#include <stddef.h>
#include <stdint.h>

/*
 * Chance that comes from a seed alone, so that a workload has the same bytes
 * everywhere.  gen_chance_start must come first.
 */
void gen_chance_start(uint64_t seed);
uint64_t gen_chance(void);
/* gen_below returns a number from 0 to `n` - 1; 0 when `n` is 0. */
uint32_t gen_below(uint32_t n);
/* gen_noise fills in `len` bytes that look encrypted. */
void gen_noise(uint8_t *out, size_t len);
/* gen_noise_at borrows noise, of which there is `len` bytes, at any place. */
const uint8_t *gen_noise_at(size_t len);

/*
 * struct gen_buffer is bytes in the making, in network order.  Zeroed is empty.
 * It grows as needed; a program that has no memory left ends.
 */
struct gen_buffer {
	uint8_t *data;
	size_t len, room;
};

void gen_u8(struct gen_buffer *b, unsigned value);
void gen_u16(struct gen_buffer *b, unsigned value);
void gen_u24(struct gen_buffer *b, size_t value);
void gen_put(struct gen_buffer *b, const void *data, size_t len);
void gen_text(struct gen_buffer *b, const char *text);
void gen_random(struct gen_buffer *b, size_t len);

/* gen_open leaves room for a length of two bytes and returns where the run
 * begins; gen_close fills in how long it has become. */
size_t gen_open(struct gen_buffer *b);
void gen_close(struct gen_buffer *b, size_t from);

/* The same in an array. */
void gen_set16(uint8_t *at, unsigned value);
void gen_set32(uint8_t *at, uint32_t value);

/* gen_grow returns `array` with space for `count` items of `size` bytes. */
void *gen_grow(void *array, size_t count, size_t size);

#endif
