/* SPDX-License-Identifier: ISC */
#include "report/which.h"

#include <string.h>

#include "tests/kit.h"

#define BY_OFFER PROGRAM_BY_JA4
#define BY_BOTH  (PROGRAM_BY_JA4 | PROGRAM_BY_TALK)

static const struct row {
	const char *name;
	struct program program;
	const char *ja4, *words;
} rows[] = {
	{ "what nobody else does is certain",
	    { .certain = true,
		.library = "openssl",
		.candidates = { "python3 smtplib" },
		.count = 1,
		.evidence = BY_BOTH },
	    "",
	    "It is python3 smtplib (OpenSSL): nothing else known talks like "
	    "that." },
	{ "one that says who it is needs no more",
	    { .certain = true,
		.library = "openssl",
		.candidates = { "offlineimap3" },
		.count = 1,
		.evidence = PROGRAM_BY_IMAP_ID },
	    "", "It is offlineimap3 (OpenSSL): it says so itself." },
	{ "nor does a program of this machine",
	    { .certain = true,
		.library = "nss",
		.candidates = { "thunderbird" },
		.count = 1,
		.evidence = BY_BOTH | PROGRAM_BY_PROCESS },
	    "", "It is thunderbird (NSS): a program of this machine." },
	{ "one with a name of its own is quoted",
	    { .certain = true,
		.library = "",
		.name = "Bec\"ky\x1b[1m",
		.evidence = PROGRAM_BY_IMAP_ID },
	    "", "It says of itself that it is \"Bec\\x22ky\\x1b[1m\"." },
	{ "and so is a process",
	    { .certain = true,
		.library = "",
		.name = "outlook.exe",
		.evidence = PROGRAM_BY_PROCESS },
	    "", "It is the program \"outlook.exe\" of this machine." },
	{ "one that others may be like is not claimed",
	    { .library = "openssl",
		.candidates = { "curl" },
		.count = 1,
		.evidence = BY_OFFER },
	    "", "It offers the same as curl (OpenSSL)." },
	{ "two that can not be told apart are both named",
	    { .library = "gnutls",
		.candidates = { "mutt", "neomutt" },
		.count = 2,
		.evidence = BY_BOTH },
	    "", "It talks and offers like mutt or neomutt, both with GnuTLS." },
	{ "three and more are, too",
	    { .library = "bearssl",
		.candidates = { "a", "b", "c" },
		.count = 3,
		.evidence = PROGRAM_BY_SUITES },
	    "", "It offers the same as a, b or c, all with BearSSL." },
	{ "what does not offer anything only talks",
	    { .library = "",
		.candidates = { "a", "b" },
		.count = 2,
		.evidence = PROGRAM_BY_TALK_NEARLY },
	    "", "It talks almost like a or b." },
	{ "even if there are many",
	    { .library = "",
		.candidates = { "a", "b", "c", "d", "e", "f" },
		.count = 6,
		.evidence = PROGRAM_BY_TALK },
	    "", "It talks like the 6 programs of list 1." },
	{ "but what an unknown offer is counts more",
	    { .library = "",
		.candidates = { "a", "b", "c", "d", "e", "f" },
		.count = 6,
		.evidence = PROGRAM_BY_TALK },
	    "t10d2409h2_000000000000_000000000000",
	    "Its program is not known; it offers 24 ciphers and 9 extensions "
	    "(JA4 t10d2409h2_000000000000_000000000000)." },
	{ "many are a list elsewhere",
	    { .library = "",
		.candidates = { "a", "b", "c", "d", "e", "f" },
		.count = 6,
		.evidence = BY_OFFER },
	    "", "It offers the same as the 6 programs of list 1." },
	{ "a library alone is better than nothing",
	    { .library = "JSSE", .evidence = PROGRAM_BY_SUITES }, "",
	    "Its program is not known; its TLS library is Java." },
	{ "an unknown offer is described", { .library = "" },
	    "t10d2409h2_000000000000_000000000000",
	    "Its program is not known; it offers 24 ciphers and 9 extensions "
	    "(JA4 t10d2409h2_000000000000_000000000000)." },
	{ "of nothing, nothing is said", { .library = "" }, "", "" },
};

static struct entry
entry_of(const struct row *row)
{
	struct entry entry = { .program = row->program };

	memcpy(entry.ja4, row->ja4, strlen(row->ja4));
	return entry;
}

static void
a_program_is_said_in_these_words(void **state)
{
	const struct row *row = *state;
	struct entry entry = entry_of(row);
	struct which_groups groups = { .count = 0 };
	char out[WHICH_MAX];

	which_say(&entry, &groups, true, out);
	assert_string_equal(out, row->words);
}

static struct entry
entry_with(const char *const *names, size_t count)
{
	struct entry entry = { .program = { .library = "openssl",
				   .count = count,
				   .evidence = BY_OFFER } };

	memcpy(entry.program.candidates, names, count * sizeof(*names));
	return entry;
}

static void
the_same_programs_are_the_same_list(void **state)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g",
		"a", "b" };
	/* The second is the first in another order. */
	struct entry entries[] = { entry_with(names, 7),
		entry_with(names + 2, 7), entry_with(names, 6) };
	static const char *const words[] = {
		"It offers the same as the 7 programs of list 1.",
		"It offers the same as the 7 programs of list 1.",
		"It offers the same as the 6 programs of list 2.",
	};
	struct which_groups groups = { .count = 0 };
	char out[WHICH_MAX], list[WHICH_NAMES_MAX];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		which_say(&entries[i], &groups, true, out);
		assert_string_equal(out, words[i]);
	}
	assert_int_equal(groups.count, 2);
	which_list(groups.of[1], list);
	assert_string_equal(list, "a, b, c, d, e or f, all with OpenSSL");
}

static void
when_there_are_too_many_lists_names_are_said(void **state)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f" };
	struct entry entry = entry_with(names, 6);
	struct which_groups groups = { .count = WHICH_GROUPS_MAX };
	static struct program other;
	char out[WHICH_MAX];

	(void)state;
	other.library = "";
	for (size_t i = 0; i < WHICH_GROUPS_MAX; i++)
		groups.of[i] = &other;
	which_say(&entry, &groups, true, out);
	assert_string_equal(
	    out, "It offers the same as a, b, c, d, e or f, all with OpenSSL.");
}

static void
a_library_has_its_own_name(void **state)
{
	(void)state;
	assert_string_equal(which_library("openssl"), "OpenSSL");
	assert_string_equal(which_library("never heard"), "never heard");
}

int
main(void)
{
	enum {
		ROWS = sizeof(rows) / sizeof(rows[0]),
		OTHERS = 3,
	};
	struct CMUnitTest tests[ROWS + OTHERS] = {
		[ROWS] = cmocka_unit_test(the_same_programs_are_the_same_list),
		cmocka_unit_test(when_there_are_too_many_lists_names_are_said),
		cmocka_unit_test(a_library_has_its_own_name),
	};

	/* A row reports under its own name; state is not written through. */
	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = a_program_is_said_in_these_words,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests_name("which", tests, NULL, NULL);
}
