/* SPDX-License-Identifier: ISC */
#include "tests/kit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

uint8_t *
exact_copy(const void *data, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	assert_non_null(copy);
	if (len > 0)
		memcpy(copy, data, len);
	return copy;
}

void
mutate(const void *data, size_t len,
    void (*subject)(struct bytes mutant, size_t cut, void *arg), void *arg)
{
	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *copy = exact_copy(data, cut);

		subject(bytes_of(copy, cut), cut, arg);
		free(copy);
	}
	for (size_t bit = 0; bit < 8 * len; bit++) {
		uint8_t *copy = exact_copy(data, len);

		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		subject(bytes_of(copy, len), len, arg);
		free(copy);
	}
}

size_t
hex(const char *digits, uint8_t *out, size_t size)
{
	size_t count = 0;

	for (; *digits != '\0'; digits++) {
		char pair[3] = { 0 };
		char *end;

		if (isspace((unsigned char)*digits))
			continue;
		pair[0] = *digits++;
		pair[1] = *digits;
		assert_true(count < size);
		out[count++] = (uint8_t)strtoul(pair, &end, 16);
		assert_ptr_equal(end, pair + 2);
	}
	return count;
}

uint64_t
random_next(uint64_t *state)
{
	uint64_t z = (*state += 0x9E3779B97F4A7C15u);

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}
