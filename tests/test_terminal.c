/* SPDX-License-Identifier: ISC */
#include "report/terminal.h"

#include <stdlib.h>
#include <string.h>

#include "tests/kit.h"

struct escape_case {
	const char *name, *raw, *with_utf8, *without;
};

static const struct escape_case escape_cases[] = {
	{ "a plain name stays", "mail.example", "mail.example",
	    "mail.example" },
	{ "ESC shows", "a\x1b[2J", "a\\x1b[2J", "a\\x1b[2J" },
	{ "newline, tab, return and DEL show", "\n\t\r\x7f",
	    "\\x0a\\x09\\x0d\\x7f", "\\x0a\\x09\\x0d\\x7f" },
	{ "C1 controls show, as UTF-8 too", "\xc2\x9b\x9b", "\\xc2\\x9b\\x9b",
	    "\\xc2\\x9b\\x9b" },
	{ "a right-to-left override shows", "\xe2\x80\xae", "\\xe2\\x80\\xae",
	    "\\xe2\\x80\\xae" },
	{ "isolates and zero width show", "\xe2\x81\xa6\xe2\x80\x8b",
	    "\\xe2\\x81\\xa6\\xe2\\x80\\x8b",
	    "\\xe2\\x81\\xa6\\xe2\\x80\\x8b" },
	{ "a combining mark shows", "e\xcc\x81", "e\\xcc\\x81", "e\\xcc\\x81" },
	{ "a tag character shows", "\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81",
	    "\\xf3\\xa0\\x81\\x81" },
	{ "letters need UTF-8", "B\xc3\xbcro", "B\xc3\xbcro", "B\\xc3\\xbcro" },
	{ "so do wide and four-byte ones", "\xe6\x97\xa5\xf0\x9f\x93\xa7",
	    "\xe6\x97\xa5\xf0\x9f\x93\xa7",
	    "\\xe6\\x97\\xa5\\xf0\\x9f\\x93\\xa7" },
	{ "a lone lead byte shows", "\xc3", "\\xc3", "\\xc3" },
	{ "a lead byte before ASCII shows", "\xe2\x80z", "\\xe2\\x80z",
	    "\\xe2\\x80z" },
	{ "an overlong slash shows", "\xc0\xaf", "\\xc0\\xaf", "\\xc0\\xaf" },
	{ "a surrogate shows", "\xed\xa0\x80", "\\xed\\xa0\\x80",
	    "\\xed\\xa0\\x80" },
	{ "beyond Unicode shows", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80",
	    "\\xf4\\x90\\x80\\x80" },
	{ "a byte that leads nothing shows", "\xff\x80", "\\xff\\x80",
	    "\\xff\\x80" },
	{ "backslash and quote can not be faked", "\\x1b\"", "\\x5cx1b\\x22",
	    "\\x5cx1b\\x22" },
	{ "the caller's own characters show", "a b", "a\\x20b", "a\\x20b" },
	{ "the space without an end shows", TERMINAL_NBSP, "\\x1f", "\\x1f" },
};

static void
a_name_is_escaped(void **state)
{
	const struct escape_case *row = *state;
	char out[128];
	size_t len = strlen(row->raw);
	uint8_t *raw = exact_copy(row->raw, len);

	assert_int_equal(
	    terminal_escape((char *)raw, len, true, " ", out, sizeof(out)),
	    strlen(row->with_utf8));
	assert_string_equal(out, row->with_utf8);
	terminal_escape((char *)raw, len, false, " ", out, sizeof(out));
	assert_string_equal(out, row->without);
	free(raw);
}

static void
a_nul_inside_shows(void **state)
{
	char out[32];

	(void)state;
	terminal_escape("a\0b", 3, true, "", out, sizeof(out));
	assert_string_equal(out, "a\\x00b");
}

static void
what_does_not_fit_is_left_out_whole(void **state)
{
	(void)state;
	for (size_t size = 1; size <= 12; size++) {
		char *out = malloc(size);
		size_t len;

		assert_non_null(out);
		len = terminal_escape("ab\x1b\xc3\xbc", 5, true, "", out, size);
		assert_int_equal(strlen(out), len);
		assert_true(
		    len == 0 || len == 1 || len == 2 || len == 6 || len == 8);
		assert_true(len < size);
		free(out);
	}
}

static void
any_bytes_come_out_harmless(void **state)
{
	uint64_t seed = 20;
	char out[TERMINAL_ESCAPED_MAX];

	(void)state;
	for (unsigned round = 0; round < 2000; round++) {
		char name[255];
		uint8_t *copy;
		size_t len;

		for (size_t i = 0; i < sizeof(name); i++)
			name[i] = (char)random_next(&seed);
		copy = exact_copy(name, sizeof(name));
		len = terminal_escape(
		    (char *)copy, sizeof(name), false, " ", out, sizeof(out));
		for (size_t i = 0; i < len; i++)
			assert_true(out[i] > ' ' && out[i] < 0x7f);
		len = terminal_escape(
		    (char *)copy, sizeof(name), true, " ", out, sizeof(out));
		assert_true(len >= sizeof(name));
		for (size_t i = 0; i < len; i++)
			assert_true((uint8_t)out[i] > ' ' && out[i] != 0x7f);
		free(copy);
	}
}

static void
width_counts_columns(void **state)
{
	(void)state;
	assert_int_equal(terminal_width(""), 0);
	assert_int_equal(terminal_width("TLS 1.0"), 7);
	assert_int_equal(terminal_width("B\xc3\xbcro"), 4);
	assert_int_equal(terminal_width("\xe6\x97\xa5\xe6\x9c\xac"), 4);
	assert_int_equal(terminal_width("\xf0\x9f\x93\xa7"), 2);
	assert_int_equal(terminal_width("e\xcc\x81"), 1);
	assert_int_equal(terminal_width("1" TERMINAL_NBSP "2"), 3);
	assert_int_equal(terminal_width("\xff"), 1);
}

static void
thousands_are_apart_from_ten_thousand_on(void **state)
{
	static const struct {
		uint64_t number;
		const char *text;
	} rows[] = {
		{ 0, "0" },
		{ 9999, "9999" },
		{ 10000, "10" TERMINAL_NBSP "000" },
		{ 1204551, "1" TERMINAL_NBSP "204" TERMINAL_NBSP "551" },
		{ UINT64_MAX, "18" TERMINAL_NBSP "446" TERMINAL_NBSP
			      "744" TERMINAL_NBSP "073" TERMINAL_NBSP
			      "709" TERMINAL_NBSP "551" TERMINAL_NBSP "615" },
	};
	char text[TERMINAL_NUMBER_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(
		    terminal_thousands(rows[i].number, text), rows[i].text);
}

/* What `write` writes through a terminal that is set up as `t` is. */
static char *
written(struct terminal t, void (*write)(struct terminal *t))
{
	/* Static, or gcc 12 takes what is returned for their address. */
	static char *text;
	static size_t size;

	t.out = open_memstream(&text, &size);
	assert_non_null(t.out);
	write(&t);
	assert_int_equal(fclose(t.out), 0);
	return text;
}

static void
write_paragraph(struct terminal *t)
{
	terminal_begin(t, 2, 4);
	terminal_say(t, "one two  three %s", "four five six seven eight nine");
	terminal_say(t, "ty ");
	terminal_number(t, 10000);
	terminal_say(t, " packets");
	terminal_end(t);
}

static void
words_wrap_and_numbers_stay_whole(void **state)
{
	char *text =
	    written((struct terminal){ .columns = 40 }, write_paragraph);

	(void)state;
	assert_string_equal(text, "  one two three four five six seven\n"
				  "    eight ninety 10 000 packets\n");
	free(text);
}

static void
write_long_word(struct terminal *t)
{
	char name[2001];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	terminal_begin(t, 0, 2);
	terminal_say(t, "at ");
	terminal_name(t, name);
	terminal_say(t, " end");
	terminal_end(t);
}

static void
a_long_name_gets_a_line_of_its_own(void **state)
{
	char *text =
	    written((struct terminal){ .columns = 80 }, write_long_word);

	(void)state;
	assert_memory_equal(text, "at\n  xxx", 8);
	assert_non_null(strstr(text, "xxx\n  end\n"));
	free(text);
}

static void
write_japanese(struct terminal *t)
{
	terminal_begin(t, 0, 0);
	for (unsigned i = 0; i < 25; i++)
		terminal_say(t, "\xe6\x97\xa5");
	terminal_end(t);
}

static void
lines_end_between_wide_characters(void **state)
{
	char *text = written(
	    (struct terminal){ .columns = 40, .utf8 = true }, write_japanese);

	(void)state;
	assert_int_equal(strlen(text), 25 * 3 + 2);
	assert_int_equal(text[20 * 3], '\n');
	free(text);
}

static void
write_headings(struct terminal *t)
{
	terminal_heading(t, "1;31", "LEFT", "right");
	terminal_heading(t, NULL, "ALONE", "");
	terminal_heading(
	    t, "1", "THIS ONE IS TOO LONG FOR ITS LINE", "12 devices");
	terminal_blank(t);
}

static void
a_heading_has_its_count_at_the_right(void **state)
{
	char *text = written((struct terminal){ .columns = 1 }, write_headings);

	(void)state;
	assert_string_equal(text, "LEFT                               right\n"
				  "ALONE\n"
				  "THIS ONE IS TOO LONG FOR ITS LINE: 12\n"
				  "  devices\n\n");
	free(text);
	text = written((struct terminal){ .columns = 0 }, write_headings);
	assert_int_equal(strchr(text, '\n') - text, TERMINAL_COLUMNS);
	free(text);
}

static void
colour_wraps_a_heading_and_comes_only_when_asked_for(void **state)
{
	char *text = written(
	    (struct terminal){ .columns = 40, .colour = true }, write_headings);

	(void)state;
	assert_memory_equal(text, "\x1b[1;31mLEFT ", 12);
	assert_non_null(strstr(text, "right\x1b[0m\nALONE\n\x1b[1mTHIS"));
	free(text);
	text = written((struct terminal){ .columns = 40 }, write_headings);
	assert_null(strchr(text, '\x1b'));
	free(text);
}

int
main(void)
{
	enum {
		ROWS = sizeof(escape_cases) / sizeof(escape_cases[0]),
	};
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(a_nul_inside_shows),
		cmocka_unit_test(what_does_not_fit_is_left_out_whole),
		cmocka_unit_test(any_bytes_come_out_harmless),
		cmocka_unit_test(width_counts_columns),
		cmocka_unit_test(thousands_are_apart_from_ten_thousand_on),
		cmocka_unit_test(words_wrap_and_numbers_stay_whole),
		cmocka_unit_test(a_long_name_gets_a_line_of_its_own),
		cmocka_unit_test(lines_end_between_wide_characters),
		cmocka_unit_test(a_heading_has_its_count_at_the_right),
		cmocka_unit_test(
		    colour_wraps_a_heading_and_comes_only_when_asked_for),
	};
	struct CMUnitTest tests[ROWS + sizeof(others) / sizeof(others[0])];

	/* A row reports under its own name; state is not written through. */
	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){
			.name = escape_cases[i].name,
			.test_func = a_name_is_escaped,
			.initial_state = (void *)(uintptr_t)&escape_cases[i],
		};
	memcpy(tests + ROWS, others, sizeof(others));
	return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
