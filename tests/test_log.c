/* SPDX-License-Identifier: ISC */
#include "tests/kit.h"

#include <stdio.h>
#include <string.h>

#include "capture/log.h"

/* Text, and how it is shown. */
static const struct row {
	const char *name, *from, *shown;
} rows[] = {
	{ "plain text stays", "a b~", "a b~" },
	{ "UTF-8 stays", "caf\xc3\xa9 \xe3\x81\x82 \xf0\x9f\x93\xa7",
	    "caf\xc3\xa9 \xe3\x81\x82 \xf0\x9f\x93\xa7" },
	{ "controls are escaped", "\033[31m\n\r\t\177",
	    "\\x1b[31m\\x0a\\x0d\\x09\\x7f" },
	{ "C1 controls are escaped", "\xc2\x9b\xc2\xa0", "\\xc2\\x9b\xc2\xa0" },
	{ "lone bytes are escaped", "\x80\xff\xc0", "\\x80\\xff\\xc0" },
	{ "overlong forms are escaped", "\xc0\xaf\xe0\x80\x80\xf0\x80\x80\x80",
	    "\\xc0\\xaf\\xe0\\x80\\x80\\xf0\\x80\\x80\\x80" },
	{ "surrogates are escaped", "\xed\xa0\x80", "\\xed\\xa0\\x80" },
	{ "code points past the last are escaped", "\xf4\x90\x80\x80",
	    "\\xf4\\x90\\x80\\x80" },
	{ "cut characters are escaped", "\xe3\x81", "\\xe3\\x81" },
	{ "a cut character hides nothing", "\xf0\x9f\x93z",
	    "\\xf0\\x9f\\x93z" },
};

static void
text_is_shown_so(void **state)
{
	const struct row *row = *state;
	char shown[128];

	log_escape(row->from, shown, sizeof(shown));
	assert_string_equal(shown, row->shown);
}

static void
what_does_not_fit_is_cut_between_characters(void **state)
{
	static const char text[] = "a\033\xc3\xa9";
	static const char *const by_size[] = { "", "", "a", "a", "a", "a",
		"a\\x1b", "a\\x1b", "a\\x1b\xc3\xa9" };

	(void)state;
	for (size_t size = 1; size < sizeof(by_size) / sizeof(by_size[0]);
	     size++) {
		char shown[16];

		memset(shown, 'x', sizeof(shown));
		log_escape(text, shown, size);
		assert_string_equal(shown, by_size[size]);
	}
}

enum {
	ROWS = sizeof(rows) / sizeof(rows[0]),
};

int
main(void)
{
	struct CMUnitTest tests[ROWS + 1] = {
		[ROWS] = cmocka_unit_test(
		    what_does_not_fit_is_cut_between_characters),
	};

	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = text_is_shown_so,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
