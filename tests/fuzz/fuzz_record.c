/* SPDX-License-Identifier: ISC */
/*
 * The first byte is the length of the pieces in which the rest comes: the
 * records must be those that come out when it comes at once.
 */
#include "dissect/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct sum {
	enum progress end;
	uint32_t records;
	uint32_t mix; /* of everything that came out */
};

static void
add(struct sum *sum, const struct record *record)
{
	struct bytes piece = record->piece;

	if (record->first)
		sum->mix = sum->mix * 31 + record->type + record->len;
	while (piece.len > 0)
		sum->mix = sum->mix * 31 + bytes_u8(&piece);
	sum->records += record->last;
}

static struct sum
read_in_steps(struct bytes data, size_t step)
{
	struct record_reader r = { 0 };
	struct sum sum = { .end = MORE };
	struct record record;

	while (data.len > 0 && sum.end != BAD) {
		struct bytes part =
		    bytes_take(&data, data.len < step ? data.len : step);

		while ((sum.end = record_next(&r, &part, &record)) == DONE)
			add(&sum, &record);
	}
	return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes rest = bytes_of(data, len);
	size_t step = bytes_u8(&rest) + (size_t)1;
	struct sum whole = read_in_steps(rest, SIZE_MAX);
	struct sum parts = read_in_steps(rest, step);

	if (whole.end != parts.end || whole.records != parts.records ||
	    whole.mix != parts.mix)
		__builtin_trap();
	return 0;
}
