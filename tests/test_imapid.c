/* SPDX-License-Identifier: ISC */
#include "report/imapid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kit.h"

#define BAD "\xEF\xBF\xBD"

/* Compares what the `len` bytes at `pairs` are written as, in an array of its
 * own, with `expected`. */
static void
assert_written(const char *pairs, size_t len, const char *expected)
{
	static char text[8192];
	struct jsonout j = { .to = text, .size = sizeof(text) };
	uint8_t *exact = exact_copy(pairs, len);

	jsonout_open(&j, NULL, '[');
	imapid_write(&j, NULL, (const char *)exact, len);
	jsonout_close(&j, ']');
	free(exact);
	assert_int_equal(j.len, strlen(expected));
	assert_memory_equal(text, expected, j.len);
}

static void
pairs_become_an_object(void **state)
{
	static const char pairs[] = "name\0x\0version\0001.0\0os\0";

	(void)state;
	assert_written(pairs, sizeof(pairs),
	    "[{\"name\":\"x\",\"version\":\"1.0\",\"os\":\"\"}]");
	/* A pair that is not all there is left out. */
	assert_written(pairs, 19, "[{\"name\":\"x\",\"version\":\"1.0\"}]");
	assert_written(pairs, 18, "[{\"name\":\"x\"}]");
	assert_written(pairs, 6, "[]");
	assert_written(pairs, 5, "[]");
	assert_written(pairs, 0, "[]");
}

static void
keys_that_are_written_alike_are_one(void **state)
{
	/* Both first bytes are no UTF-8. */
	static const char pairs[] = "\xFF\0one\0\xFE\0two\0n\0three\0n\0";

	(void)state;
	assert_written(
	    pairs, sizeof(pairs), "[{\"" BAD "\":\"one\",\"n\":\"three\"}]");
}

static void
there_are_as_many_pairs_as_the_RFC_allows(void **state)
{
	char pairs[3 * 40] = { 0 }, expected[1024] = "[{";
	size_t len = 2;

	(void)state;
	for (size_t i = 0; i < 40; i++)
		pairs[3 * i] = (char)('A' + i % 26 + i / 26 * 32);
	for (size_t i = 0; i < 30; i++)
		len += (size_t)snprintf(expected + len, sizeof(expected) - len,
		    "%s\"%c\":\"\"", i > 0 ? "," : "", pairs[3 * i]);
	snprintf(expected + len, sizeof(expected) - len, "}]");
	assert_written(pairs, sizeof(pairs), expected);
}

static void
a_key_that_is_too_long_is_left_out(void **state)
{
	char pairs[31 + 8];

	(void)state;
	memset(pairs, 'k', 31);
	memcpy(pairs + 31, "\0v\0os\0x", 8);
	assert_written(pairs, sizeof(pairs), "[{\"os\":\"x\"}]");
	assert_written(pairs + 1, sizeof(pairs) - 1,
	    "[{\"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\":\"v\",\"os\":\"x\"}]");
	/* The longest, of bytes that take the most room. */
	memset(pairs, '\x01', 31);
	assert_written(pairs + 1, 33,
	    "[{\"\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001"
	    "\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001"
	    "\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001"
	    "\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\":\"v\"}]");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_become_an_object),
		cmocka_unit_test(keys_that_are_written_alike_are_one),
		cmocka_unit_test(there_are_as_many_pairs_as_the_RFC_allows),
		cmocka_unit_test(a_key_that_is_too_long_is_left_out),
	};

	return cmocka_run_group_tests_name("imapid", tests, NULL, NULL);
}
