/* SPDX-License-Identifier: ISC */
/*
 * Records are handed on piece by piece, so none is ever collected here: only
 * the five bytes of a header are kept, as they may come one by one.
 */
#include "dissect/record.h"

#include <assert.h>

static_assert(RECORD_LEN_MAX <= UINT16_MAX, "lengths have 16 bits");

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* fill_header returns whether the header is whole now. */
static bool
fill_header(struct record_reader *r, struct bytes *data)
{
	size_t need = RECORD_HEADER_LEN - (size_t)r->have;
	struct bytes part = bytes_take(data, least(need, data->len));

	r->have += (uint8_t)bytes_copy(part, r->header + r->have, need);
	return r->have == RECORD_HEADER_LEN;
}

static bool
read_header(struct bytes header, struct record *out)
{
	*out = (struct record){ .type = bytes_u8(&header) };
	out->version = bytes_u16(&header);
	out->len = bytes_u16(&header);
	return out->type >= RECORD_CHANGE_CIPHER_SPEC &&
	       out->type <= RECORD_HEARTBEAT && out->version >= 0x0300 &&
	       out->version <= 0x0304 && out->len <= RECORD_LEN_MAX;
}

/* A bad header is kept, and so found bad again by every later call. */
enum progress
record_next(struct record_reader *r, struct bytes *data, struct record *out)
{
	bool begun = r->have == RECORD_HEADER_LEN;

	*out = (struct record){ 0 };
	if (!begun && !fill_header(r, data))
		return MORE;
	if (!read_header(bytes_of(r->header, RECORD_HEADER_LEN), out))
		return BAD;
	if (!begun)
		r->left = r->len = out->len;
	if (r->left > 0 && data->len == 0)
		return MORE;

	out->first = r->left == r->len;
	out->piece = bytes_take(data, least(r->left, data->len));
	r->left -= (uint16_t)out->piece.len;
	out->last = r->left == 0;
	if (out->last)
		r->have = 0;
	return DONE;
}
