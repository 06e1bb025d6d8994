/* SPDX-License-Identifier: ISC */
#include "report/encoded.h"

#include <stdlib.h>
#include <string.h>

#include "tests/kit.h"

struct row {
	const char *name, *text, *encoded;
};

#define SEVENTY                                                                \
	"0123456789012345678901234567890123456789012345678901234567890123456789"

static const struct row bodies[] = {
	{ "plain lines stay", "one two\nthree\n", "one two\nthree\n" },
	{ "the sign itself is encoded", "a=b\n", "a=3Db\n" },
	{ "so is what is not ASCII", "\xc3\xbc\n", "=C3=BC\n" },
	{ "so are controls", "a\rb\tc\x1b\n", "a=0Db=09c=1B\n" },
	{ "so is a blank at the end of a line", "a \nb ", "a=20\nb=20" },
	{ "so is a dot that might end the message", ".\n..\na.\n",
	    "=2E\n=2E.\na.\n" },
	{ "so is what might begin another one", "From me\nmy From\n",
	    "=46rom me\nmy From\n" },
	{ "a line of 75 stays", SEVENTY "abcde\n", SEVENTY "abcde\n" },
	{ "a longer one is divided", SEVENTY "abcdefg\n",
	    SEVENTY "abcde=\nfg\n" },
	{ "not within a code", SEVENTY "abc=z\n", SEVENTY "abc=\n=3Dz\n" },
	{ "and a dot may come first then", SEVENTY "abcde.x\n",
	    SEVENTY "abcde=\n=2Ex\n" },
	{ "nothing is nothing", "", "" },
};

static const struct row headers[] = {
	{ "a plain header stays", "Yes, on 2 devices.", "Yes, on 2 devices." },
	{ "one that looks encoded is", "=?x?=", "=?UTF-8?Q?=3D=3Fx=3F=3D?=" },
	{ "letters are encoded", "f\xc3\xbcr mich",
	    "=?UTF-8?Q?f=C3=BCr_mich?=" },
	{ "nothing begins a new header", "a\r\nBcc: b",
	    "=?UTF-8?Q?a=0D=0ABcc=3A_b?=" },
	{ "a long one is divided", SEVENTY "01234567",
	    "=?UTF-8?Q?0123456789012345678901234567890123456789012345678901?="
	    "\n =?UTF-8?Q?23456789012345678901234567?=" },
	{ "not within a character",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xe6\x97\xa5"
	    "\xe6\x97\xa5",
	    "=?UTF-8?Q?aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?="
	    "\n =?UTF-8?Q?=E6=97=A5=E6=97=A5?=" },
};

typedef void writer(FILE *out, const char *text);

static void
check(const struct row *row, writer *write)
{
	static char *text; /* or gcc 12 warns of returning its address */
	static size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	write(out, row->text);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, row->encoded);
	for (const char *line = text; *line != '\0';) {
		size_t len = strcspn(line, "\n");

		assert_true(len <= 76);
		line += len + (line[len] == '\n');
	}
	free(text);
}

static void
write_body(FILE *out, const char *text)
{
	encoded_body(out, text, strlen(text));
}

static void
write_header(FILE *out, const char *text)
{
	encoded_header(out, text, strlen("Subject: "));
}

static void
a_body_is_encoded(void **state)
{
	check(*state, write_body);
}

static void
a_header_is_encoded(void **state)
{
	check(*state, write_header);
}

enum {
	BODIES = sizeof(bodies) / sizeof(bodies[0]),
	HEADERS = sizeof(headers) / sizeof(headers[0]),
};

static void
add(struct CMUnitTest *test, const struct row *row, CMUnitTestFunction run)
{
	*test = (struct CMUnitTest){
		.name = row->name,
		.test_func = run,
		.initial_state = (void *)(uintptr_t)row,
	};
}

int
main(void)
{
	struct CMUnitTest tests[BODIES + HEADERS];

	for (size_t i = 0; i < BODIES; i++)
		add(&tests[i], &bodies[i], a_body_is_encoded);
	for (size_t i = 0; i < HEADERS; i++)
		add(&tests[BODIES + i], &headers[i], a_header_is_encoded);
	return cmocka_run_group_tests_name("encoded", tests, NULL, NULL);
}
