/* SPDX-License-Identifier: ISC */
/*
 * The text report in all its languages, on one household that has everything:
 * tests/report-CODE.txt is what it must say, to the byte.  With
 * UPDATE_GOLDEN set, these files are written instead; read the difference.
 */
#include "report/language.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/report.h"
#include "report/terminal.h"
#include "tests/household.h"
#include "tests/kit.h"
#include "tests/mkconnection.h"

static const char *const codes[] = { "en", "de", "ja" };

enum {
	CODES = sizeof(codes) / sizeof(codes[0]),
	PATH_LEN = 512,
};

static const char *const names[] = { "br-lan", "phone.pcap" };

static int
set_up(void **state)
{
	static struct inventory inventory;

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	inventory_init(&inventory);
	*state = &inventory;
	return 0;
}

static int
tear_down(void **state)
{
	inventory_clear(*state);
	assert_true(language_set("en"));
	return 0;
}

static char *
text_of(const struct inventory *inventory, unsigned columns)
{
	static char *text; /* or gcc 12 warns of returning its address */
	static size_t size;
	struct report_style style = { .columns = columns, .utf8 = true };
	struct report_source source = {
		.names = names,
		.name_count = 2,
		.packets = 1204551,
		.min_version = TLS_1_2,
		.loss_count = 1,
		.losses = { { "gaps",
		    "places where bytes of a connection are missing", 7 } },
	};
	char message[PROVIDER_MESSAGE_MAX];
	struct providers *providers = providers_open(NULL, message);
	FILE *out = open_memstream(&text, &size);

	assert_non_null(providers);
	assert_non_null(out);
	source.providers = providers;
	assert_int_equal(report_text(out, inventory, &source, &style), 0);
	assert_int_equal(fclose(out), 0);
	providers_free(providers);
	return text;
}

static void
path_of(const char *code, char path[PATH_LEN])
{
	const char *srcdir = getenv("srcdir");

	snprintf(path, PATH_LEN, "%s/tests/report-%s.txt",
	    srcdir != NULL ? srcdir : ".", code);
}

/* Reads the file at `path`, or writes `text` there. */
static char *
golden(const char *path, const char *text)
{
	bool update = getenv("UPDATE_GOLDEN") != NULL;
	FILE *file = fopen(path, update ? "w" : "r");
	char *read = NULL;
	size_t size = 0;

	assert_non_null(file);
	if (update)
		assert_true(fputs(text, file) >= 0);
	else
		assert_true(getdelim(&read, &size, '\0', file) > 0);
	assert_int_equal(fclose(file), 0);
	return update ? strdup(text) : read;
}

static void
the_report_says_this_in_each_language(void **state)
{
	household_fill(*state);
	for (size_t i = 0; i < CODES; i++) {
		char path[PATH_LEN];
		char *text, *expected;

		assert_true(language_set(codes[i]));
		text = text_of(*state, 80);
		path_of(codes[i], path);
		expected = golden(path, text);
		assert_string_equal(text, expected);
		free(text);
		free(expected);
	}
}

/* The English report on what is clean, or empty, and so on. */
static void
lines_are_narrow(const struct inventory *inventory, unsigned columns)
{
	char *text = text_of(inventory, columns);
	char *line = text;

	for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		/* A link is one word, however long. */
		if (terminal_width(line) > columns &&
		    strstr(line, "http") == NULL)
			fail_msg("%u columns: %s", terminal_width(line), line);
	}
	free(text);
}

static void
no_line_is_too_wide_in_any_language(void **state)
{
	for (size_t i = 0; i < CODES; i++) {
		assert_true(language_set(codes[i]));
		lines_are_narrow(*state, 80);
	}
	mk_add_many(*state);
	household_fill(*state);
	for (size_t i = 0; i < CODES; i++) {
		assert_true(language_set(codes[i]));
		lines_are_narrow(*state, 60);
		lines_are_narrow(*state, 80);
		lines_are_narrow(*state, 132);
	}
}

static void
hostile_names_are_harmless_in_any_language(void **state)
{
	mk_add_hostile(*state);
	for (size_t i = 0; i < CODES; i++) {
		char *text;

		assert_true(language_set(codes[i]));
		text = text_of(*state, 80);
		for (const char *c = text; *c != '\0'; c++)
			assert_true((uint8_t)*c >= ' ' || *c == '\n');
		assert_null(strstr(text, "\xe2\x80\xae")); /* U+202E */
		assert_null(strchr(text, '\xff'));
		assert_non_null(strstr(text, "\\x1b[31m<b>"));
		free(text);
	}
}

static void
a_language_is_chosen_by_its_code_alone(void **state)
{
	static const struct {
		const char *locale, *code; /* NULL: no such language */
	} cases[] = {
		{ "de", "de" },
		{ "ja_JP.UTF-8", "ja" },
		{ "de_AT@euro", "de" },
		{ "en_GB.UTF-8", "en" },
		{ "ja.UTF-8", "ja" },
		{ "C", "en" },
		{ "C.UTF-8", "en" },
		{ "POSIX", "en" },
		{ "fr_FR", NULL },
		{ "deu", NULL },
		{ "d", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(language_set("ja"));
		assert_int_equal(
		    language_set(cases[i].locale), cases[i].code != NULL);
		assert_string_equal(language_code(),
		    cases[i].code != NULL ? cases[i].code : "ja");
	}
}

static void
what_has_no_translation_stays_as_it_is(void **state)
{
	static const char text[] = "no such message";

	(void)state;
	assert_true(language_set("de"));
	assert_ptr_equal(language_text(text), text);
	assert_string_equal(language_plural("one x", "%s xs", 1), "one x");
	assert_string_equal(language_plural("one x", "%s xs", 0), "%s xs");
	assert_string_equal(_("TLS 1.0 and 1.1"), "TLS 1.0 und 1.1");
}

static void
plurals_are_those_of_the_language(void **state)
{
	(void)state;
	assert_true(language_set("de"));
	assert_string_equal(
	    ngettext("%s device", "%s devices", 1), "%s Ger\xc3\xa4t");
	assert_string_equal(
	    ngettext("%s device", "%s devices", 0), "%s Ger\xc3\xa4te");
	assert_true(language_set("ja"));
	assert_string_equal(ngettext("%s device", "%s devices", 1),
	    ngettext("%s device", "%s devices", 2));
}

static void
thousands_are_grouped_as_the_language_does(void **state)
{
	char text[TERMINAL_NUMBER_MAX];

	(void)state;
	assert_string_equal(terminal_thousands(1234, text), "1234");
	assert_string_equal(terminal_thousands(1234567, text),
	    "1" TERMINAL_NBSP "234" TERMINAL_NBSP "567");
	assert_true(language_set("de"));
	assert_string_equal(terminal_thousands(9999, text), "9999");
	assert_string_equal(terminal_thousands(12345, text), "12.345");
	assert_true(language_set("ja"));
	assert_string_equal(terminal_thousands(999, text), "999");
	assert_string_equal(terminal_thousands(1234, text), "1,234");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(the_report_says_this_in_each_language),
		TEST(no_line_is_too_wide_in_any_language),
		TEST(hostile_names_are_harmless_in_any_language),
		TEST(a_language_is_chosen_by_its_code_alone),
		TEST(what_has_no_translation_stays_as_it_is),
		TEST(plurals_are_those_of_the_language),
		TEST(thousands_are_grouped_as_the_language_does),
	};

	/* --disable-nls leaves English. */
	if (!language_set("de")) {
		puts("1..0 # SKIP there is no language but English");
		return 0;
	}
	return cmocka_run_group_tests_name("languages", tests, NULL, NULL);
}
