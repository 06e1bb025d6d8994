/* SPDX-License-Identifier: ISC */
/*
 * What all workloads are made of: chance and growing buffers.  Chance is
 * SplitMix64 (https://prng.di.unimi.it/splitmix64.c); noise is cut out of a
 * pool, as to make every byte anew would take most of the time.
 */
#include "tests/bench/gen_bytes.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

enum {
	POOL_LEN = 1 << 20,
	CUT_MAX = 1 << 16,
};

static uint64_t state;
static uint8_t pool[POOL_LEN];

void
gen_chance_start(uint64_t seed)
{
	state = seed * 7919 + 1;
	for (size_t i = 0; i < sizeof(pool); i += 8) {
		uint64_t word = gen_chance();

		memcpy(pool + i, &word, 8);
	}
}

uint64_t
gen_chance(void)
{
	uint64_t z;

	state += 0x9E3779B97F4A7C15u;
	z = state;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

uint32_t
gen_below(uint32_t n)
{
	return n == 0 ? 0 : (uint32_t)((gen_chance() >> 32) * n >> 32);
}

const uint8_t *
gen_noise_at(size_t len)
{
	return pool + gen_below((uint32_t)(POOL_LEN - len));
}

void
gen_noise(uint8_t *out, size_t len)
{
	while (len > 0) {
		size_t part = len > CUT_MAX ? CUT_MAX : len;

		memcpy(out, gen_noise_at(CUT_MAX), part);
		if (part >= 8) {
			/* or two cuts at the same place would be equal */
			uint64_t word = gen_chance();

			memcpy(out, &word, 8);
		}
		out += part;
		len -= part;
	}
}

void *
gen_grow(void *array, size_t count, size_t size)
{
	void *grown = realloc(array, count * size);

	if (grown == NULL)
		err(1, "memory");
	return grown;
}

static uint8_t *
add(struct gen_buffer *b, size_t len)
{
	uint8_t *at;

	if (b->len + len > b->room) {
		b->room = (b->len + len) * 2 + 256;
		b->data = gen_grow(b->data, b->room, 1);
	}
	at = b->data + b->len;
	b->len += len;
	return at;
}

void
gen_u8(struct gen_buffer *b, unsigned value)
{
	*add(b, 1) = (uint8_t)value;
}

void
gen_u16(struct gen_buffer *b, unsigned value)
{
	gen_set16(add(b, 2), value);
}

void
gen_u24(struct gen_buffer *b, size_t value)
{
	gen_u8(b, (unsigned)(value >> 16));
	gen_u16(b, (unsigned)(value & 0xffff));
}

void
gen_put(struct gen_buffer *b, const void *data, size_t len)
{
	memcpy(add(b, len), data, len);
}

void
gen_text(struct gen_buffer *b, const char *text)
{
	gen_put(b, text, strlen(text));
}

void
gen_random(struct gen_buffer *b, size_t len)
{
	gen_noise(add(b, len), len);
}

size_t
gen_open(struct gen_buffer *b)
{
	gen_u16(b, 0);
	return b->len;
}

void
gen_close(struct gen_buffer *b, size_t from)
{
	gen_set16(b->data + from - 2, (unsigned)(b->len - from));
}

void
gen_set16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

void
gen_set32(uint8_t *at, uint32_t value)
{
	gen_set16(at, value >> 16);
	gen_set16(at + 2, value & 0xffff);
}
