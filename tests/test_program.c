/* SPDX-License-Identifier: ISC */
#include "report/program.h"

#include <stdio.h>
#include <string.h>

#include "tests/kit.h"

#define JA4_A    "t13d311000_aaaaaaaaaaaa_000000000001"
#define JA4_B    "t13d311100_aaaaaaaaaaaa_000000000002"
#define JA4_C    "t13d151000_cccccccccccc_000000000003"
#define JA4_D    "t13d2011h2_dddddddddddd_000000000004"
#define JA4_E    "t13d100900_eeeeeeeeeeee_000000000005"
#define JA4_F    "t13d100900_eeeeeeeeeeee_000000000006"
#define SUITES_C "cccccccccccc"
#define JA3_ETA  "e7a00000000000000000000000000000"

/* clang-format off */
/* kind, value, where, program, version, library, date, count, devices */
static const char *const rows[][MEASURED_COLUMNS] = {
	{ "id", "Delta Mail", "imap/starttls", "delta", "4", "dtls", "2026-11-24", "2", "1" },
	{ "ja3", JA3_ETA, "pop3/implicit", "eta", "8", "openssl", "2026-11-24", "3", "2" },
	{ "ja4", JA4_A, "imap/implicit,imap/starttls", "alpha", "1", "openssl", "2026-11-24", "9", "4" },
	{ "ja4", JA4_A, "smtp/starttls", "also-ran", "1", "openssl", "2026-11-24", "9", "4" },
	{ "ja4", JA4_B, "imap/implicit,smtp/starttls", "beta", "2", "openssl", "2026-11-24", "9", "4" },
	{ "ja4", JA4_C, "imap/implicit", "gamma", "3", "gnutls", "2026-11-24", "9", "4" },
	{ "ja4", JA4_D, "imap/starttls", "delta", "4", "dtls", "2026-11-24", "9", "4" },
	{ "ja4", JA4_E, "pop3/implicit", "epsilon", "5", "openssl", "2026-11-24", "1", "1" },
	{ "ja4", JA4_E, "pop3/implicit", "zeta", "6", "openssl", "2026-11-24", "9", "3" },
	{ "ja4", JA4_E, "pop3/implicit", "eta", "8", "openssl", "2026-11-24", "3", "2" },
	{ "ja4", JA4_F, "pop3/implicit", "epsilon", "5", "openssl", "2026-11-24", "9", "3" },
	{ "ja4", JA4_F, "pop3/implicit", "eta", "8", "openssl", "2026-11-24", "3", "2" },
	{ "talk", "imap A9 STARTTLS", "imap/starttls", "alpha", "1", "openssl", "2026-11-24", "9", "4" },
	{ "talk", "imap a0000 STARTTLS", "imap/starttls", "delta", "4", "dtls", "2026-11-24", "1", "1" },
	{ "talk", "imap 9 STARTTLS", "imap/starttls", "gamma", "3", "gnutls", "2026-11-24", "9", "3" },
	{ "talk", "imap 9 STARTTLS", "imap/starttls", "beta", "2", "openssl", "2026-11-24", "9", "3" },
	{ "talk", "smtp EHLO [own],STARTTLS", "smtp/starttls", "beta", "2", "openssl", "2026-11-24", "9", "3" },
	{ "wink", "both eyes", "imap/starttls", "unheard-of", "9", "openssl", "2026-11-24", "9", "3" },
};

struct row {
	const char *ja4, *talk;
	enum mail_protocol protocol;
	enum encryption encryption;
	uint16_t max_version;
	const char *candidates, *library; /* candidates between blanks */
	bool certain;
	unsigned evidence;
	const char *ja3, *suites, *fresh, *talk_library;
};

#define IMAPS MAIL_IMAP, ENCRYPTION_IMPLICIT, TLS_1_3
#define POP3S MAIL_POP3, ENCRYPTION_IMPLICIT, TLS_1_3
#define IMAP_TLS MAIL_IMAP, ENCRYPTION_STARTTLS, TLS_1_3
#define BY_JA4 PROGRAM_BY_JA4
#define BY_BOTH (PROGRAM_BY_JA4 | PROGRAM_BY_TALK)

static const struct row a_hello_alone_is_never_certain = {
	JA4_C, "", IMAPS, "gamma", "gnutls", false, .evidence = BY_JA4 };
static const struct row the_same_place_comes_first = {
	JA4_A, "", IMAPS, "alpha", "openssl", false, .evidence = BY_JA4 };
static const struct row another_place_will_do = {
	JA4_C, "", POP3S, "gamma", "gnutls", false, .evidence = BY_JA4 };
static const struct row the_likeliest_comes_first = {
	JA4_E, "", POP3S, "zeta eta epsilon", "openssl", false, .evidence = BY_JA4 };
static const struct row ja3_tells_apart_what_has_one_ja4 = {
	JA4_E, "", POP3S, "eta", "openssl", false, .evidence = BY_JA4 | PROGRAM_BY_JA3, .ja3 = JA3_ETA };
static const struct row a_ja3_of_others_says_nothing = {
	JA4_A, "", IMAPS, "alpha", "openssl", false, .evidence = BY_JA4, .ja3 = JA3_ETA };
static const struct row talk_and_hello_together_are_certain = {
	JA4_A, "A9 STARTTLS", IMAP_TLS, "alpha", "openssl", true, .evidence = BY_BOTH, .talk_library = "openssl" };
static const struct row a_talk_seen_on_one_device_is_not = {
	JA4_D, "a0000 STARTTLS", IMAP_TLS, "delta", "dtls", false, .evidence = BY_BOTH, .talk_library = "dtls" };
static const struct row a_talk_of_two_is_not = {
	JA4_B, "9 STARTTLS", IMAP_TLS, "beta", "openssl", false, .evidence = BY_BOTH };
static const struct row an_unknown_talk_leaves_the_hello = {
	JA4_B, "7 STARTTLS", IMAP_TLS, "beta", "openssl", false, .evidence = BY_JA4 };
static const struct row a_talk_without_tls_is_all_there_is = {
	"", "9 STARTTLS", MAIL_IMAP, ENCRYPTION_NONE, TLS_NONE, "gamma beta", "", false, .evidence = PROGRAM_BY_TALK };
static const struct row a_talk_that_ends_otherwise_is_not_certain = {
	JA4_A, "A9 LOGOUT", IMAP_TLS, "alpha", "openssl", false, .evidence = BY_JA4 | PROGRAM_BY_TALK_NEARLY };
static const struct row a_hello_of_another_library_counts_more_than_the_talk = {
	JA4_C, "A9 STARTTLS", IMAP_TLS, "gamma", "gnutls", false, .evidence = BY_JA4, .talk_library = "openssl" };
static const struct row an_unknown_hello_leaves_the_talk = {
	"t12d010100_999999999999_999999999999", "A9 STARTTLS", IMAP_TLS, "alpha", "openssl", false, .evidence = PROGRAM_BY_TALK, .suites = "999999999999", .talk_library = "openssl" };
static const struct row another_hello_of_the_library_will_do = {
	JA4_E, "A9 STARTTLS", IMAP_TLS, "alpha", "openssl", false, .evidence = PROGRAM_BY_SUITES | PROGRAM_BY_TALK, .talk_library = "openssl" };
static const struct row without_a_server_name_it_is_the_same_hello = {
	"t13i150900_cccccccccccc_000000000003", "", IMAPS, "gamma", "gnutls", false, .evidence = PROGRAM_BY_JA4_NEARLY };
static const struct row with_other_algorithms_it_is_likely_the_same_program = {
	"t13d151000_cccccccccccc_999999999999", "", IMAPS, "gamma", "gnutls", false, .evidence = PROGRAM_BY_JA4_PARTLY };
static const struct row who_resumes_a_session_began_one = {
	"t13d161000_cccccccccccc_888888888888", "", IMAPS, "gamma", "gnutls", false, .evidence = PROGRAM_BY_JA4_NEARLY, .fresh = JA4_C };
static const struct row others_may_resume_as_well = {
	JA4_A, "", IMAPS, "alpha beta", "openssl", false, .evidence = BY_JA4, .fresh = JA4_B };
static const struct row the_suites_name_the_library = {
	"t13d150800_cccccccccccc_999999999999", "", IMAPS, "gamma", "gnutls", false, .evidence = PROGRAM_BY_SUITES, .suites = SUITES_C };
static const struct row an_sslv2_hello_goes_by_its_suites = {
	"", "", MAIL_IMAP, ENCRYPTION_IMPLICIT, TLS_1_0, "gamma", "gnutls", false, .evidence = PROGRAM_BY_SUITES, .suites = SUITES_C };
static const struct row a_hello_below_1_3_is_the_librarys = {
	JA4_B, "", MAIL_IMAP, ENCRYPTION_IMPLICIT, TLS_1_0, "beta alpha", "openssl", false, .evidence = BY_JA4 };
static const struct row the_talk_still_tells_them_apart = {
	JA4_B, "A9 STARTTLS", MAIL_IMAP, ENCRYPTION_STARTTLS, TLS_1_0, "alpha", "openssl", true, .evidence = BY_BOTH, .talk_library = "openssl" };
static const struct row what_nobody_offers_is_nobody = {
	"t12d010100_999999999999_999999999999", "", IMAPS, "", "", false, .evidence = 0, .suites = "999999999999" };
static const struct row nothing_says_nothing = {
	"", "", MAIL_UNKNOWN, ENCRYPTION_NONE, TLS_NONE, "", "", false, .evidence = 0 };
/* clang-format on */

static struct programs *programs;

static int
open_table(void **state)
{
	(void)state;
	programs = programs_open(rows, sizeof(rows) / sizeof(rows[0]));
	return programs == NULL;
}

static int
close_table(void **state)
{
	(void)state;
	programs_free(programs);
	return 0;
}

static void
copy(char *to, size_t size, const char *from)
{
	memset(to, 0, size);
	memcpy(to, from, strnlen(from, size - 1));
}

static void
assert_candidates(const struct program *program, const char *wanted)
{
	char all[256] = "";

	for (size_t i = 0; i < program->count; i++) {
		if (i > 0)
			strncat(all, " ", 2);
		strncat(all, program->candidates[i], 64);
	}
	assert_string_equal(all, wanted);
}

/* A connection that shows what is in the row; the suites are in the JA4. */
static struct connection
connection_of(const struct row *row)
{
	struct connection c = { .protocol = row->protocol,
		.encryption = row->encryption };

	c.offer.max_version = row->max_version;
	copy(c.ja4, sizeof(c.ja4), row->ja4);
	copy(c.talk, sizeof(c.talk), row->talk);
	if (row->fresh != NULL)
		copy(c.ja4_fresh, sizeof(c.ja4_fresh), row->fresh);
	if (row->suites != NULL)
		copy(c.suites, sizeof(c.suites), row->suites);
	else if (row->ja4[0] != '\0')
		copy(c.suites, sizeof(c.suites), row->ja4 + 11);
	if (row->ja3 != NULL) {
		c.has_ja3 = true;
		hex(row->ja3, c.ja3, sizeof(c.ja3));
	}
	return c;
}

static void
is_named_as_in_the_row(void **state)
{
	const struct row *row = *state;
	struct connection c = connection_of(row);
	struct program program;

	for (int again = 0; again < 2; again++) { /* from memory, then */
		program_find(programs, &c, &program);
		assert_candidates(&program, row->candidates);
		assert_string_equal(program.library, row->library);
		assert_int_equal(program.certain, row->certain);
		assert_int_equal(program.evidence, row->evidence);
		assert_string_equal(program.talk_library,
		    row->talk_library != NULL ? row->talk_library : "");
	}
}

/* More than are remembered, each asked for twice in a row. */
static void
many_others_do_not_change_an_answer(void **state)
{
	struct connection known = { .protocol = MAIL_IMAP,
		.encryption = ENCRYPTION_IMPLICIT };
	struct program program;

	(void)state;
	known.offer.max_version = TLS_1_3;
	copy(known.ja4, sizeof(known.ja4), JA4_A);
	for (unsigned i = 0; i < 4000; i++) {
		struct connection other = known;

		snprintf(
		    other.ja4 + 11, sizeof(other.ja4) - 11, "%025u", i / 2);
		program_find(programs, &other, &program);
		assert_int_equal(program.count, 0);
		if (i % 16 == 0) {
			program_find(programs, &known, &program);
			assert_candidates(&program, "alpha");
		}
	}
}

/* A connection of one that says who it is: `id`, with its last NUL. */
static struct connection
connection_with_id(const char *ja4, const char *id, size_t len)
{
	struct connection c = { .protocol = MAIL_IMAP,
		.encryption = ENCRYPTION_STARTTLS,
		.client_id_len = (uint16_t)len };

	c.offer.max_version = TLS_1_3;
	memcpy(c.client_id, id, len);
	copy(c.ja4, sizeof(c.ja4), ja4);
	copy(c.suites, sizeof(c.suites), ja4 + 11);
	return c;
}

static void
a_program_that_says_who_it_is_is_believed(void **state)
{
	static const char id[] = "version\0004\0name\0Delta Mail";
	struct connection c = connection_with_id(JA4_A, id, sizeof(id));
	struct program program;

	(void)state;
	program_find(programs, &c, &program);
	assert_candidates(&program, "delta");
	assert_string_equal(program_name(&program), "delta");
	assert_string_equal(program.library, "dtls");
	assert_int_equal(program.evidence, PROGRAM_BY_IMAP_ID);
}

static void
so_is_one_that_is_not_of_the_table(void **state)
{
	static const char id[] = "name\0Becky! <2>";
	struct connection c = connection_with_id(JA4_A, id, sizeof(id));
	struct program program;

	(void)state;
	program_find(programs, &c, &program);
	assert_candidates(&program, "");
	assert_string_equal(program_name(&program), "Becky! <2>");
	assert_string_equal(program.library, "openssl");
	assert_int_equal(program.evidence, PROGRAM_BY_IMAP_ID | BY_JA4);
}

static void
a_process_is_the_best_evidence(void **state)
{
	static const struct {
		const char *process, *name;
	} cases[] = {
		{ "alpha-bin", "alpha" },
		{ "Beta.exe", "beta" },
		{ "beta2", "beta2" },
		{ "a", "a" }, /* alpha or another */
		{ "-bin", "-bin" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct program program = { .candidates = { "alpha", "also-ran",
					       "beta" },
			.count = 3,
			.evidence = PROGRAM_BY_JA4 };

		assert_null(program_name(&program));
		program_set_process(&program, cases[i].process);
		assert_string_equal(program_name(&program), cases[i].name);
		assert_int_equal(
		    program.evidence, PROGRAM_BY_PROCESS | PROGRAM_BY_JA4);
	}
}

static void
a_process_without_a_name_is_none(void **state)
{
	struct program program = { .candidates = { "alpha" }, .count = 1 };

	(void)state;
	program_set_process(&program, "");
	assert_null(program_name(&program));
	assert_candidates(&program, "alpha");
}

static void
answers_with_other_names_differ(void **state)
{
	const struct program a = { .candidates = { "alpha", "beta" },
		.count = 2 };
	struct program b = a;

	(void)state;
	assert_int_equal(program_compare(&a, &b), 0);
	b.certain = true;
	assert_int_equal(program_compare(&a, &b), 0);
	b.candidates[1] = "gamma";
	assert_true(program_compare(&a, &b) < 0);
	assert_true(program_compare(&b, &a) > 0);
	b.count = 1;
	assert_true(program_compare(&a, &b) > 0);
	copy(b.name, sizeof(b.name), "delta");
	assert_true(program_compare(&a, &b) < 0);
}

static void
without_a_table_nobody_is_named(void **state)
{
	struct connection c = { .protocol = MAIL_IMAP };
	struct program program;

	(void)state;
	program_find(NULL, &c, &program);
	assert_int_equal(program.count, 0);
	assert_string_equal(program.library, "");
	assert_null(program_name(&program));
}

static void
all_evidence_has_a_word(void **state)
{
	(void)state;
	assert_string_equal(program_evidence_name(0), "process");
	assert_string_equal(program_evidence_name(8), "cipher_suites");
	assert_null(program_evidence_name(9));
}

/* clang-format off */
#define ROW(r) { #r, is_named_as_in_the_row, NULL, NULL, (void *)(uintptr_t)&(r) }
/* clang-format on */

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(a_hello_alone_is_never_certain),
		ROW(the_same_place_comes_first),
		ROW(another_place_will_do),
		ROW(the_likeliest_comes_first),
		ROW(ja3_tells_apart_what_has_one_ja4),
		ROW(a_ja3_of_others_says_nothing),
		ROW(talk_and_hello_together_are_certain),
		ROW(a_talk_seen_on_one_device_is_not),
		ROW(a_talk_of_two_is_not),
		ROW(an_unknown_talk_leaves_the_hello),
		ROW(a_talk_without_tls_is_all_there_is),
		ROW(a_talk_that_ends_otherwise_is_not_certain),
		ROW(a_hello_of_another_library_counts_more_than_the_talk),
		ROW(an_unknown_hello_leaves_the_talk),
		ROW(another_hello_of_the_library_will_do),
		ROW(without_a_server_name_it_is_the_same_hello),
		ROW(with_other_algorithms_it_is_likely_the_same_program),
		ROW(who_resumes_a_session_began_one),
		ROW(others_may_resume_as_well),
		ROW(the_suites_name_the_library),
		ROW(an_sslv2_hello_goes_by_its_suites),
		ROW(a_hello_below_1_3_is_the_librarys),
		ROW(the_talk_still_tells_them_apart),
		ROW(what_nobody_offers_is_nobody),
		ROW(nothing_says_nothing),
		cmocka_unit_test(many_others_do_not_change_an_answer),
		cmocka_unit_test(a_program_that_says_who_it_is_is_believed),
		cmocka_unit_test(so_is_one_that_is_not_of_the_table),
		cmocka_unit_test(a_process_is_the_best_evidence),
		cmocka_unit_test(a_process_without_a_name_is_none),
		cmocka_unit_test(answers_with_other_names_differ),
		cmocka_unit_test(without_a_table_nobody_is_named),
		cmocka_unit_test(all_evidence_has_a_word),
	};

	return cmocka_run_group_tests_name(
	    "program", tests, open_table, close_table);
}
