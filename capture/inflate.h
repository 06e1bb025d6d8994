/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_INFLATE_H
#define MAILTLS_CAPTURE_INFLATE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * A file's content as a stdio stream, whatever it is packed in: gzip (RFC
 * 1952) and zstd (RFC 8878) are known by their first bytes and taken off,
 * also when one is inside another.  The only user of zlib and libzstd.
 */

enum {
	INFLATE_LAYERS_MAX = 3, /* of compression, one inside another */
	INFLATE_HEAD_MAX = 32,  /* bytes that inflate_head shows at most */
};

struct inflate;

/*
 * inflate_open opens `path`, "-" being standard input, for reading through a
 * stdio buffer of `buffer` bytes.  It returns 0, or -errno with NULL in `*out`:
 * -EISDIR for a folder, -ELOOP when there are too many layers.  It has read
 * the first bytes already, and no more of a file than one buffer.
 */
int inflate_open(const char *path, size_t buffer, struct inflate **out);
void inflate_free(struct inflate *inflate);

/* inflate_stream returns the content.  The caller closes it, no later than he
 * calls inflate_free. */
FILE *inflate_stream(struct inflate *inflate);

/* inflate_head returns how many bytes of the content, `head` showing them, are
 * known without reading: INFLATE_HEAD_MAX, or all there are. */
size_t inflate_head(const struct inflate *inflate, const uint8_t **head);

/*
 * inflate_error returns 0, or -errno for why the content ends where it does:
 * -EBADMSG for damaged compression, -ENODATA for a file that ends inside of
 * it, or what read(2) said.
 */
int inflate_error(const struct inflate *inflate);

/* inflate_format returns "gzip" or "zstd" for the outermost layer, or NULL. */
const char *inflate_format(const struct inflate *inflate);

/* inflate_position returns how many bytes of the file itself have been read,
 * and inflate_size how many it has, or 0 where that is not known. */
uint64_t inflate_position(const struct inflate *inflate);
uint64_t inflate_size(const struct inflate *inflate);

#endif
