/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_MKBYTES_H
#define MAILTLS_TESTS_MKBYTES_H

#include <stddef.h>
#include <stdint.h>

/*
 * struct mkbytes is a message in the making, written from the front in network
 * order: the counterpart of struct bytes.  Zeroed is empty.  Whatever does not
 * fit ends the program: what is built here is known beforehand.
 */
enum {
	MKBYTES_MAX = 8192,
};

struct mkbytes {
	size_t len;
	uint8_t data[MKBYTES_MAX];
};

void mkbytes_u8(struct mkbytes *b, unsigned value);
void mkbytes_u16(struct mkbytes *b, unsigned value);
void mkbytes_u32(struct mkbytes *b, uint32_t value);
void mkbytes_put(struct mkbytes *b, const void *data, size_t len);
void mkbytes_text(struct mkbytes *b, const char *text);
void mkbytes_fill(struct mkbytes *b, unsigned value, size_t len);
/* mkbytes_random appends `len` bytes that depend on `seed` alone. */
void mkbytes_random(struct mkbytes *b, uint64_t seed, size_t len);

/*
 * mkbytes_open leaves room for a length of `width` bytes and returns where;
 * mkbytes_close fills in how much has been written since.
 */
size_t mkbytes_open(struct mkbytes *b, size_t width);
void mkbytes_close(struct mkbytes *b, size_t at, size_t width);

#endif
