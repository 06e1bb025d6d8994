/* SPDX-License-Identifier: ISC */
#include "report/jsonout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kit.h"

#define BAD "\xEF\xBF\xBD"

struct spelling {
	const char *name, *in, *out;
};

static char buffer[4096];

static struct jsonout
writer(size_t size)
{
	memset(buffer, '#', sizeof(buffer));
	return (struct jsonout){ .to = buffer, .size = size };
}

static void
assert_written(const struct jsonout *j, const char *expected)
{
	assert_int_equal(j->len, strlen(expected));
	assert_memory_equal(j->to, expected, j->len);
}

static const struct spelling spellings[] = {
	{ "plain text is copied", "mail.example", "mail.example" },
	{ "nothing is an empty string", "", "" },
	{ "a quote is escaped", "a\"b", "a\\\"b" },
	{ "a backslash is escaped", "a\\b", "a\\\\b" },
	{ "a newline is escaped", "a\nb", "a\\u000ab" },
	{ "an escape for the terminal is escaped", "\x1B[2J", "\\u001b[2J" },
	{ "DEL is escaped", "\x7F", "\\u007f" },
	{ "C1 controls are escaped", "\xC2\x9B", "\\u009b" },
	{ "the first after C1 is copied", "\xC2\xA0", "\xC2\xA0" },
	{ "a line separator is escaped", "\xE2\x80\xA8", "\\u2028" },
	{ "a paragraph separator is escaped", "\xE2\x80\xA9", "\\u2029" },
	{ "an override of direction is escaped", "\xE2\x80\xAE", "\\u202e" },
	{ "an isolate is escaped", "\xE2\x81\xA6", "\\u2066" },
	{ "two bytes", "\xC3\xA4", "\xC3\xA4" },
	{ "three bytes", "\xE2\x82\xAC", "\xE2\x82\xAC" },
	{ "four bytes", "\xF0\x9F\x93\xA7", "\xF0\x9F\x93\xA7" },
	{ "the last code point", "\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF" },
	{ "one beyond the last", "\xF4\x90\x80\x80", BAD BAD BAD BAD },
	{ "a lead byte that is none", "\xFFx", BAD "x" },
	{ "a continuation alone", "\x80x", BAD "x" },
	{ "two bytes, cut", "x\xC3", "x" BAD },
	{ "three bytes, cut", "\xE2\x82", BAD BAD },
	{ "two bytes that do not belong", "\xC3(", BAD "(" },
	{ "overlong NUL", "\xC0\x80", BAD BAD },
	{ "overlong slash in three", "\xE0\x80\xAF", BAD BAD BAD },
	{ "overlong in four", "\xF0\x80\x82\xAC", BAD BAD BAD BAD },
	{ "a surrogate", "\xED\xA0\x80", BAD BAD BAD },
	{ "just before surrogates", "\xED\x9F\xBF", "\xED\x9F\xBF" },
	{ "the replacement itself", BAD, BAD },
};

static void
is_spelt(void **state)
{
	const struct spelling *s = *state;
	struct jsonout j = writer(sizeof(buffer));
	uint8_t *exact = exact_copy(s->in, strlen(s->in));
	char expected[256];

	jsonout_string(&j, NULL, (const char *)exact, strlen(s->in));
	free(exact);
	snprintf(expected, sizeof(expected), "\"%s\"", s->out);
	assert_written(&j, expected);
	assert_false(j.full);
}

static void
a_NUL_within_a_string_is_escaped(void **state)
{
	struct jsonout j = writer(sizeof(buffer));

	(void)state;
	jsonout_string(&j, NULL, "a\0b", 3);
	assert_written(&j, "\"a\\u0000b\"");
}

static void
commas_and_brackets_fall_into_place(void **state)
{
	struct jsonout j = writer(sizeof(buffer));

	(void)state;
	jsonout_open(&j, NULL, '{');
	jsonout_word(&j, "a", "x");
	jsonout_word(&j, "left out", "");
	jsonout_word(&j, "left out", NULL);
	jsonout_open(&j, "b", '[');
	jsonout_bool(&j, NULL, true);
	jsonout_bool(&j, NULL, false);
	jsonout_open(&j, NULL, '{');
	jsonout_close(&j, '}');
	jsonout_close(&j, ']');
	jsonout_hex(&j, "c", (const uint8_t *)"\x00\xAB", 2, true);
	jsonout_hex(&j, "d", (const uint8_t *)"\x00\xAB", 2, false);
	jsonout_close(&j, '}');
	assert_written(&j, "{\"a\":\"x\",\"b\":[true,false,{}],\"c\":\"00AB\","
			   "\"d\":\"00ab\"}");
}

static void
a_key_may_be_any_text(void **state)
{
	struct jsonout j = writer(sizeof(buffer));

	(void)state;
	jsonout_open(&j, NULL, '{');
	jsonout_key(&j, "a\"b", 3);
	jsonout_int(&j, NULL, 1);
	jsonout_int(&j, "c", 2);
	jsonout_close(&j, '}');
	assert_written(&j, "{\"a\\\"b\":1,\"c\":2}");
}

static void
integers_reach_both_ends(void **state)
{
	struct jsonout j = writer(sizeof(buffer));

	(void)state;
	jsonout_open(&j, NULL, '[');
	jsonout_int(&j, NULL, 0);
	jsonout_int(&j, NULL, -10);
	jsonout_int(&j, NULL, INT64_MAX);
	jsonout_int(&j, NULL, INT64_MIN);
	jsonout_close(&j, ']');
	assert_written(&j, "[0,-10,9223372036854775807,-9223372036854775808]");
}

static void
times_are_UTC_with_or_without_a_fraction(void **state)
{
	struct jsonout j = writer(sizeof(buffer));

	(void)state;
	jsonout_open(&j, NULL, '[');
	jsonout_time(&j, NULL, 0, true);
	jsonout_time(&j, NULL, -1, true);
	jsonout_time(&j, NULL, 951782399999999, true);
	jsonout_time(&j, NULL, 951868800000000, false);
	jsonout_time(&j, NULL, 4102444799000000, false);
	jsonout_close(&j, ']');
	assert_written(&j,
	    "[\"1970-01-01T00:00:00.000000Z\","
	    "\"1969-12-31T23:59:59.999999Z\","
	    "\"2000-02-28T23:59:59.999999Z\","
	    "\"2000-03-01T00:00:00Z\",\"2099-12-31T23:59:59Z\"]");
}

static void
times_that_no_date_is_for_are_the_nearest(void **state)
{
	struct jsonout j = writer(sizeof(buffer));

	(void)state;
	jsonout_open(&j, NULL, '[');
	jsonout_time(&j, NULL, INT64_MIN, false);
	jsonout_time(&j, NULL, INT64_MAX, false);
	jsonout_close(&j, ']');
	assert_written(
	    &j, "[\"0000-03-01T00:00:00Z\",\"9999-12-31T23:59:59Z\"]");
}

static int
days_of(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

/* Counts from 1600, 135,140 days before 1970, to the end of 2400. */
static void
every_day_of_eight_centuries_has_its_date(void **state)
{
	int year = 1600, month = 1, day = 1;

	(void)state;
	for (int64_t s = -135140 * 86400LL + 43200; year <= 2400; s += 86400) {
		struct jsonout j = writer(64);
		char expected[64];

		snprintf(expected, sizeof(expected),
		    "\"%04d-%02d-%02dT12:00:00Z\"", year, month, day);
		jsonout_time(&j, NULL, s * 1000000, false);
		assert_written(&j, expected);
		day = day % days_of(year, month) + 1;
		if (day == 1)
			month = month % 12 + 1;
		if (day == 1 && month == 1)
			year++;
	}
}

/* Writes one of everything into `size` bytes. */
static struct jsonout
write_all(size_t size)
{
	struct jsonout j = writer(size);

	jsonout_open(&j, NULL, '{');
	jsonout_word(&j, "word", "\xC3\xA4\n\"");
	jsonout_int(&j, "int", -42);
	jsonout_time(&j, "time", 1, true);
	jsonout_hex(&j, "hex", (const uint8_t *)"\x12", 1, true);
	jsonout_bool(&j, "bool", false);
	jsonout_close(&j, '}');
	return j;
}

static void
what_does_not_fit_is_left_out_and_said_to_be(void **state)
{
	static char whole[sizeof(buffer)];
	struct jsonout all = write_all(sizeof(buffer));

	(void)state;
	memcpy(whole, buffer, all.len);
	assert_false(all.full);
	for (size_t size = 0; size <= all.len; size++) {
		struct jsonout j = write_all(size);

		assert_true(j.len <= size);
		assert_int_equal(j.full, size < all.len);
		assert_memory_equal(buffer, whole, j.len);
		assert_int_equal(buffer[size], '#');
	}
}

int
main(void)
{
	enum {
		SPELLINGS = sizeof(spellings) / sizeof(*spellings)
	};
	static struct spelling rows[SPELLINGS];
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(a_NUL_within_a_string_is_escaped),
		cmocka_unit_test(commas_and_brackets_fall_into_place),
		cmocka_unit_test(a_key_may_be_any_text),
		cmocka_unit_test(integers_reach_both_ends),
		cmocka_unit_test(times_are_UTC_with_or_without_a_fraction),
		cmocka_unit_test(times_that_no_date_is_for_are_the_nearest),
		cmocka_unit_test(every_day_of_eight_centuries_has_its_date),
		cmocka_unit_test(what_does_not_fit_is_left_out_and_said_to_be),
	};
	struct CMUnitTest tests[SPELLINGS + sizeof(others) / sizeof(*others)];

	for (size_t i = 0; i < SPELLINGS; i++) {
		rows[i] = spellings[i];
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = is_spelt,
			.initial_state = &rows[i] };
	}
	memcpy(tests + SPELLINGS, others, sizeof(others));
	return cmocka_run_group_tests_name("jsonout", tests, NULL, NULL);
}
