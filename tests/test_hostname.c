/* SPDX-License-Identifier: ISC */
#include "report/hostname.h"

#include <string.h>

#include "tests/kit.h"

static void
each_source_has_its_word(void **state)
{
	static const char *const words[] = { NULL, "alias", "lease", "dhcp",
		"mdns", "llmnr", "netbios", "ehlo", NULL };

	(void)state;
	for (int i = 0; i < 9; i++) {
		const char *word = name_source_word((enum name_source)i);

		if (words[i] == NULL)
			assert_null(word);
		else
			assert_string_equal(word, words[i]);
	}
}

static void
a_copy_has_no_blanks_around_it(void **state)
{
	char out[HOSTNAME_MAX];

	(void)state;
	assert_int_equal(hostname_copy(" \tAnna's laptop \r\n", out), 13);
	assert_string_equal(out, "Anna's laptop");
	assert_int_equal(hostname_copy(" \t", out), 0);
	assert_string_equal(out, "");
}

static void
a_copy_ends_at_a_whole_character(void **state)
{
	char name[100] = { 0 }, out[HOSTNAME_MAX];

	(void)state;
	memset(name, 'a', 99);
	assert_int_equal(hostname_copy(name, out), 63);
	assert_int_equal(strlen(out), 63);
	memcpy(name + 61, "\xe3\x81\x82", 3);
	assert_int_equal(hostname_copy(name, out), 61);
	memset(name, 'a', 99);
	memcpy(name + 60, "\xe3\x81\x82", 3);
	assert_int_equal(hostname_copy(name, out), 63);
	/* Not UTF-8 at all. */
	memset(name, 0x80, 99);
	assert_int_equal(hostname_copy(name, out), 0);
}

static const struct row {
	const char *name, *heard, *by_ehlo; /* NULL: none */
} rows[] = {
	{ "printer", "printer", "printer" },
	{ "DESKTOP-7G4K2QH", "DESKTOP-7G4K2QH", "DESKTOP-7G4K2QH" },
	{ "HP1A2B3C", "HP1A2B3C", "HP1A2B3C" },
	{ "printer.local", "printer", NULL },
	{ "printer.fritz.box", "printer", "printer" },
	{ "printer.HOME.arpa", "printer", "printer" },
	{ "printer.example", "printer", NULL },
	{ "mail.host.example", "mail", NULL },
	{ "mail.txt", "mail", NULL },
	{ "Anna's phone", "Anna's phone", NULL },
	{ "a-name_x", "a-name_x", "a-name_x" },
	{ "localhost", NULL, NULL },
	{ "LocalHost.localdomain", NULL, NULL },
	{ "", NULL, NULL },
	{ ".", NULL, NULL },
	{ ".lan", NULL, NULL },
	{ "*", NULL, NULL },
	{ "-", NULL, NULL },
	{ "(none)", NULL, NULL },
	{ "wpad", NULL, NULL },
	{ "192.0.2.1", NULL, NULL },
	{ "2001:db8::1", NULL, NULL },
	{ "[192.0.2.1]", "[192", NULL },
	{ "[IPv6:2001:db8::1]", NULL, NULL },
	{ "1234", NULL, NULL },
	{ "192-0-2-1", "192-0-2-1", NULL },
	{ "3f2b8d0e-1c55-4a60-9a21-0123456789ab.local", NULL, NULL },
	{ "3f2b8d0e-1c55-4a60-9a21-0123456789ab", NULL, NULL },
	{ "3f2b8d0e-1c55-4a60-9a21-0123456789abc",
	    "3f2b8d0e-1c55-4a60-9a21-0123456789abc",
	    "3f2b8d0e-1c55-4a60-9a21-0123456789abc" },
	{ "3f2b8d0e1c55", "3f2b8d0e1c55", NULL }, /* a container */
	{ "3f2b8d0e1c5z", "3f2b8d0e1c5z", "3f2b8d0e1c5z" },
	{ "vm", "vm", NULL },
	{ "pc", "pc", NULL },
	{ "abc", "abc", "abc" },
	{ "Desktop", "Desktop", NULL },
	{ "mail", "mail", NULL },
	{ "user@host", "user@host", NULL },
	{ "na\xc3\xafve", "na\xc3\xafve", NULL },
};

static void
names_are_told_from_what_is_none(void **state)
{
	char out[HOSTNAME_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		bool heard = hostname_read(row->name, out);

		if (heard != (row->heard != NULL) ||
		    strcmp(out, heard ? row->heard : "") != 0)
			fail_msg("\"%s\" gave \"%s\"", row->name, out);
		heard = hostname_read_ehlo(row->name, out);
		if (heard != (row->by_ehlo != NULL) ||
		    strcmp(out, heard ? row->by_ehlo : "") != 0)
			fail_msg("EHLO \"%s\" gave \"%s\"", row->name, out);
	}
}

static void
a_name_too_long_for_a_label_is_cut_or_refused(void **state)
{
	char name[300] = { 0 }, out[HOSTNAME_MAX];

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	assert_true(hostname_read(name, out));
	assert_int_equal(strlen(out), 63);
	assert_false(hostname_read_ehlo(name, out));
	assert_string_equal(out, "");
	name[63] = '\0';
	assert_true(hostname_read_ehlo(name, out));
	assert_int_equal(strlen(out), 63);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_source_has_its_word),
		cmocka_unit_test(a_copy_has_no_blanks_around_it),
		cmocka_unit_test(a_copy_ends_at_a_whole_character),
		cmocka_unit_test(names_are_told_from_what_is_none),
		cmocka_unit_test(a_name_too_long_for_a_label_is_cut_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
