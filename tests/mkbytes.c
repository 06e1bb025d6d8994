/* SPDX-License-Identifier: ISC */
#include "tests/mkbytes.h"

#include <stdlib.h>
#include <string.h>

void
mkbytes_put(struct mkbytes *b, const void *data, size_t len)
{
	if (len > sizeof(b->data) - b->len)
		abort();
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
}

void
mkbytes_u8(struct mkbytes *b, unsigned value)
{
	uint8_t byte = (uint8_t)value;

	mkbytes_put(b, &byte, 1);
}

void
mkbytes_u16(struct mkbytes *b, unsigned value)
{
	mkbytes_u8(b, value >> 8);
	mkbytes_u8(b, value & 0xff);
}

void
mkbytes_u32(struct mkbytes *b, uint32_t value)
{
	mkbytes_u16(b, value >> 16);
	mkbytes_u16(b, value & 0xffff);
}

void
mkbytes_text(struct mkbytes *b, const char *text)
{
	mkbytes_put(b, text, strlen(text));
}

void
mkbytes_fill(struct mkbytes *b, unsigned value, size_t len)
{
	while (len-- > 0)
		mkbytes_u8(b, value);
}

void
mkbytes_random(struct mkbytes *b, uint64_t seed, size_t len)
{
	/* splitmix64 */
	while (len-- > 0) {
		uint64_t z = (seed += 0x9E3779B97F4A7C15u);

		z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
		z = (z ^ z >> 27) * 0x94D049BB133111EBu;
		mkbytes_u8(b, (unsigned)(z >> 56));
	}
}

size_t
mkbytes_open(struct mkbytes *b, size_t width)
{
	size_t at = b->len;

	mkbytes_fill(b, 0, width);
	return at;
}

void
mkbytes_close(struct mkbytes *b, size_t at, size_t width)
{
	size_t len = b->len - at - width;

	for (size_t i = width; i-- > 0; len >>= 8)
		b->data[at + i] = (uint8_t)len;
}
