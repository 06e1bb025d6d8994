/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_BYTES_H
#define MAILTLS_DISSECT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * struct bytes is a run of bytes read from the front: the only way packet
 * contents are looked at anywhere in dissect/.
 *
 * It borrows memory and never owns it; it must not outlive the buffer it was
 * made from, so it is never stored in a struct that lives longer than one
 * call.  Copying the struct forks the position.
 *
 * The first read past the end spoils the run: data becomes NULL, len becomes
 * 0, and that read and every later one yields 0 or another spoiled run.  So a
 * parser reads straight through like the RFC's own struct, loops on `len > 0`
 * are always finite, and one bytes_ok() at the end decides.  Multi-byte
 * integers are big-endian on the wire and host order once read.
 *
 * The functions are inline because every packet of a capture goes through
 * them, most only to be found uninteresting.
 */
struct bytes {
	const uint8_t *data; /* next byte to read; NULL once spoiled */
	size_t len;          /* bytes left */
};

/* bytes_of returns a run over the `len` bytes at `data`, NULL only if 0. */
static inline struct bytes
bytes_of(const void *data, size_t len)
{
	static const uint8_t nothing[1];

	return (struct bytes){ len > 0 ? data : nothing, len };
}

/* bytes_ok tells whether no read from `b` has run past its end. */
static inline bool
bytes_ok(struct bytes b)
{
	return b.data != NULL;
}

/* bytes_take returns the next `n` bytes as a run of their own. */
static inline struct bytes
bytes_take(struct bytes *b, size_t n)
{
	struct bytes taken = { b->data, n };

	if (b->data == NULL || n > b->len) {
		*b = (struct bytes){ NULL, 0 };
		return *b;
	}
	b->data += n;
	b->len -= n;
	return taken;
}

/* bytes_uint returns the next `n` bytes, at most 4, as one integer. */
static inline uint32_t
bytes_uint(struct bytes *b, size_t n)
{
	struct bytes field = bytes_take(b, n);
	uint32_t value = 0;

	for (size_t i = 0; i < field.len; i++)
		value = value << 8 | field.data[i];
	return value;
}

/*
 * bytes_u8 and friends return the next integer of `b`, or 0 and spoil it.  They
 * are written out so that a compiler sees one load in each, and none of the
 * checks where `b` was just taken with a fixed length.
 */
static inline uint8_t
bytes_u8(struct bytes *b)
{
	struct bytes field = bytes_take(b, 1);

	return field.data != NULL ? field.data[0] : 0;
}

static inline uint16_t
bytes_u16(struct bytes *b)
{
	struct bytes field = bytes_take(b, 2);

	if (field.data == NULL)
		return 0;
	return (uint16_t)(field.data[0] << 8 | field.data[1]);
}

static inline uint32_t
bytes_u24(struct bytes *b)
{
	return bytes_uint(b, 3);
}

static inline uint32_t
bytes_u32(struct bytes *b)
{
	struct bytes field = bytes_take(b, 4);

	if (field.data == NULL)
		return 0;
	return (uint32_t)field.data[0] << 24 | (uint32_t)field.data[1] << 16 |
	       (uint32_t)field.data[2] << 8 | field.data[3];
}

/*
 * bytes_le16 and bytes_le32 are for the few little-endian fields that there
 * are (802.11, radiotap).
 */
static inline uint16_t
bytes_le16(struct bytes *b)
{
	uint16_t value = bytes_u16(b);

	return (uint16_t)(value >> 8 | value << 8);
}

static inline uint32_t
bytes_le32(struct bytes *b)
{
	uint32_t low = bytes_le16(b);

	return low | (uint32_t)bytes_le16(b) << 16;
}

/*
 * bytes_vec8 and friends return the body of a TLS vector (RFC 8446, 3.4): a
 * length of that many bits, then that many bytes.  Reads from the result can
 * not leave the vector.
 */
static inline struct bytes
bytes_vec8(struct bytes *b)
{
	return bytes_take(b, bytes_uint(b, 1));
}

static inline struct bytes
bytes_vec16(struct bytes *b)
{
	return bytes_take(b, bytes_uint(b, 2));
}

static inline struct bytes
bytes_vec24(struct bytes *b)
{
	return bytes_take(b, bytes_uint(b, 3));
}

/*
 * bytes_copy copies `b`, or as much of it as fits, into the `size` bytes at
 * `to` and returns how many that were.  No terminator is written.
 */
static inline size_t
bytes_copy(struct bytes b, void *to, size_t size)
{
	size_t n = b.len < size ? b.len : size;

	if (n > 0)
		memcpy(to, b.data, n);
	return n;
}

/* bytes_span returns how many bytes at the front are all in `set`, which has a
 * place for each of the 256. */
static inline size_t
bytes_span(struct bytes b, const bool set[256])
{
	size_t n = 0;

	while (n < b.len && set[b.data[n]])
		n++;
	return n;
}

/* bytes_equal tells whether two runs hold the same bytes. */
static inline bool
bytes_equal(struct bytes a, struct bytes b)
{
	if (a.len != b.len || a.data == NULL || b.data == NULL)
		return false;
	return memcmp(a.data, b.data, a.len) == 0;
}

#endif
