/* SPDX-License-Identifier: ISC */
#include "report/measured.h"

#include <string.h>

#include "dissect/connection.h"
#include "tests/kit.h"

/* clang-format off */
/* kind, value, where, program, version, library, date, count, devices */
static const char *const rows[][MEASURED_COLUMNS] = {
	{ "ja4", "x", "imap/implicit,imap/starttls", "alpha", "1", "openssl", "2026-11-24", "3", "2" },
	{ "ja4", "y", "smtp/implicit", "alpha", "1", "openssl", "2026-11-24", "1", "1" },
	{ "ja4", "x", "imap/none", "beta", "1", "gnutls", "2026-11-24", "1", "1" },
	{ "ja4", "z", "imap/none", "beta", "1", "gnutls", "2026-11-24", "29999", "70000" },
	{ "talk", "x", "pop3/none", "gamma", "1", "openssl", "2026-11-24", "0", "0" },
	{ "ja4", "x", "lmtp/starttls", "alpha", "1", "nss", "2026-11-24", "1", "1" },
	{ "sign", "x", "imap/none", "delta", "1", "openssl", "2026-11-24", "1", "1" },
};
/* clang-format on */

enum {
	ALPHA,
	BETA,
	GAMMA,
	ALPHA_NSS,
};

static struct measured *measured;

static int
open_table(void **state)
{
	(void)state;
	measured = measured_open(rows, sizeof(rows) / sizeof(rows[0]));
	return measured == NULL;
}

static int
close_table(void **state)
{
	(void)state;
	measured_free(measured);
	return 0;
}

static bool
is_it(const char *value, const void *wanted)
{
	return strcmp(value, wanted) == 0;
}

static bool
is_anything(const char *value, const void *wanted)
{
	(void)value;
	(void)wanted;
	return true;
}

static void
a_program_with_another_library_is_another_one(void **state)
{
	(void)state;
	assert_string_equal(measured->programs[ALPHA].name, "alpha");
	assert_string_equal(measured->programs[ALPHA_NSS].name, "alpha");
	assert_string_equal(measured->programs[ALPHA_NSS].library, "nss");
	assert_int_equal(measured->count, 4); /* delta is of no kind */
}

static void
a_program_speaks_what_it_was_seen_to(void **state)
{
	(void)state;
	assert_int_equal(measured->programs[ALPHA].protocols,
	    1u << MAIL_IMAP | 1u << MAIL_SMTP);
	assert_int_equal(measured->programs[GAMMA].protocols, 1u << MAIL_POP3);
}

static void
a_share_is_the_part_of_what_was_recorded(void **state)
{
	struct match match =
	    measured_find(measured, MEASURED_JA4, NULL, is_it, "x");

	(void)state;
	assert_int_equal(match_size(&match), 3);
	assert_int_equal(match.share[ALPHA], MEASURED_ALL * 3 / 4);
	assert_int_equal(match.devices[ALPHA], 2);
	assert_int_equal(match.share[BETA], 1); /* never nothing */
	assert_int_equal(match.share[GAMMA], 0);
	match = measured_find(measured, MEASURED_TALK, NULL, is_it, "x");
	assert_int_equal(match_size(&match), 1);
	assert_int_equal(match.share[GAMMA], 1);
}

static void
several_rows_add_up(void **state)
{
	struct match match =
	    measured_find(measured, MEASURED_JA4, NULL, is_anything, NULL);

	(void)state;
	assert_int_equal(match_size(&match), 3);
	assert_int_equal(match.share[ALPHA], MEASURED_ALL);
	assert_int_equal(match.share[BETA], MEASURED_ALL);
	assert_int_equal(match.devices[BETA], UINT16_MAX);
}

static void
a_place_is_a_protocol_with_or_without_its_encryption(void **state)
{
	static const struct {
		const char *place;
		size_t size;
	} cases[] = {
		{ "imap/starttls", 1 },
		{ "imap/none", 1 },
		{ "imap/", 2 },
		{ "lmtp/starttls", 1 },
		{ "imap/start", 0 },
		{ "map/none", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct match match = measured_find(
		    measured, MEASURED_JA4, cases[i].place, is_it, "x");

		assert_int_equal(match_size(&match), cases[i].size);
	}
}

static void
what_two_matches_share_is_less_typical(void **state)
{
	struct match a = { .share = { [ALPHA] = MEASURED_ALL / 2,
			       [BETA] = 1,
			       [GAMMA] = MEASURED_ALL },
		.devices = { [ALPHA] = 3 } };
	struct match b = { .share = { [ALPHA] = MEASURED_ALL / 2, [BETA] = 1 },
		.devices = { [ALPHA] = 2 } };
	struct match both = match_common(&a, &b);

	(void)state;
	assert_int_equal(match_size(&both), 2);
	assert_int_equal(both.share[ALPHA], MEASURED_ALL / 4);
	assert_int_equal(both.devices[ALPHA], 2);
	assert_int_equal(both.share[BETA], 1);
}

static void
a_library_is_said_when_all_agree(void **state)
{
	struct match match = { .share = { [ALPHA] = 1, [GAMMA] = 1 } };

	(void)state;
	assert_string_equal(match_library(measured, &match), "openssl");
	assert_true(match_has_library(measured, &match, "openssl"));
	assert_false(match_has_library(measured, &match, "gnutls"));
	match.share[BETA] = 1;
	assert_string_equal(match_library(measured, &match), "");
	assert_true(match_has_library(measured, &match, "gnutls"));
	match = (struct match){ .share = { 0 } };
	assert_string_equal(match_library(measured, &match), "");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_with_another_library_is_another_one),
		cmocka_unit_test(a_program_speaks_what_it_was_seen_to),
		cmocka_unit_test(a_share_is_the_part_of_what_was_recorded),
		cmocka_unit_test(several_rows_add_up),
		cmocka_unit_test(
		    a_place_is_a_protocol_with_or_without_its_encryption),
		cmocka_unit_test(what_two_matches_share_is_less_typical),
		cmocka_unit_test(a_library_is_said_when_all_agree),
	};

	return cmocka_run_group_tests_name(
	    "measured", tests, open_table, close_table);
}
