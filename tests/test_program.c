/* SPDX-License-Identifier: ISC */
#include "report/program.h"

#include <string.h>

#include "tests/kit.h"

#define JA4_A "t13d311000_aaaaaaaaaaaa_000000000001"
#define JA4_B "t13d311100_aaaaaaaaaaaa_000000000002"
#define JA4_C "t13d151000_cccccccccccc_000000000003"
#define JA4_D "t13d2011h2_dddddddddddd_000000000004"

/* clang-format off */
/* kind, value, where, program, version, library, date, count, devices */
static const char *const rows[][PROGRAM_COLUMNS] = {
	{ "id", "Delta Mail", "imap/starttls", "delta", "4", "dtls", "2026-11-24", "2", "1" },
	{ "ja4", JA4_A, "imap/implicit,imap/starttls", "alpha", "1", "openssl", "2026-11-24", "9", "4" },
	{ "ja4", JA4_A, "smtp/starttls", "also-ran", "1", "openssl", "2026-11-24", "9", "4" },
	{ "ja4", JA4_B, "imap/implicit,smtp/starttls", "beta", "2", "openssl", "2026-11-24", "9", "4" },
	{ "ja4", JA4_C, "imap/implicit", "gamma", "3", "gnutls", "2026-11-24", "9", "4" },
	{ "ja4", JA4_D, "imap/starttls", "delta", "4", "dtls", "2026-11-24", "9", "4" },
	{ "talk", "imap A9 STARTTLS", "imap/starttls", "alpha", "1", "openssl", "2026-11-24", "9", "4" },
	{ "talk", "imap a0000 STARTTLS", "imap/starttls", "delta", "4", "dtls", "2026-11-24", "1", "1" },
	{ "talk", "imap 9 STARTTLS", "imap/starttls", "gamma", "3", "gnutls", "2026-11-24", "9", "3" },
	{ "talk", "imap 9 STARTTLS", "imap/starttls", "beta", "2", "openssl", "2026-11-24", "9", "3" },
	{ "talk", "smtp EHLO [own],STARTTLS", "smtp/starttls", "beta", "2", "openssl", "2026-11-24", "9", "3" },
};

struct row {
	const char *ja4, *talk;
	enum mail_protocol protocol;
	enum encryption encryption;
	uint16_t max_version;
	const char *candidates, *library; /* candidates between blanks */
	bool certain;
	unsigned evidence;
};

#define IMAPS MAIL_IMAP, ENCRYPTION_IMPLICIT, TLS_1_3
#define IMAP_TLS MAIL_IMAP, ENCRYPTION_STARTTLS, TLS_1_3
#define BY_JA4 PROGRAM_BY_JA4
#define BY_BOTH (PROGRAM_BY_JA4 | PROGRAM_BY_TALK)

static const struct row a_hello_alone_is_never_certain = {
	JA4_C, "", IMAPS, "gamma", "gnutls", false, BY_JA4 };
static const struct row the_same_place_comes_first = {
	JA4_A, "", IMAPS, "alpha", "openssl", false, BY_JA4 };
static const struct row another_place_will_do = {
	JA4_C, "", MAIL_POP3, ENCRYPTION_IMPLICIT, TLS_1_3, "gamma", "gnutls", false, BY_JA4 };
static const struct row talk_and_hello_together_are_certain = {
	JA4_A, "A9 STARTTLS", IMAP_TLS, "alpha", "openssl", true, BY_BOTH };
static const struct row a_talk_seen_on_one_device_is_not = {
	JA4_D, "a0000 STARTTLS", IMAP_TLS, "delta", "dtls", false, BY_BOTH };
static const struct row a_talk_of_two_is_not = {
	JA4_B, "9 STARTTLS", IMAP_TLS, "beta", "openssl", false, BY_BOTH };
static const struct row an_unknown_talk_leaves_the_hello = {
	JA4_B, "7 STARTTLS", MAIL_IMAP, ENCRYPTION_STARTTLS, TLS_1_3, "beta", "openssl", false, BY_JA4 };
static const struct row a_talk_without_tls_is_all_there_is = {
	"", "9 STARTTLS", MAIL_IMAP, ENCRYPTION_NONE, TLS_NONE, "beta gamma", "", false, PROGRAM_BY_TALK };
static const struct row without_a_server_name_it_is_the_same_hello = {
	"t13i150900_cccccccccccc_000000000003", "", IMAPS, "gamma", "gnutls", false, PROGRAM_BY_JA4_BUT_NAME };
static const struct row the_suites_name_the_library = {
	"t13d150800_cccccccccccc_999999999999", "", IMAPS, "gamma", "gnutls", false, PROGRAM_BY_SUITES };
static const struct row a_hello_below_1_3_is_the_librarys = {
	JA4_B, "", MAIL_IMAP, ENCRYPTION_IMPLICIT, TLS_1_0, "alpha beta", "openssl", false, BY_JA4 };
static const struct row the_talk_still_tells_them_apart = {
	JA4_B, "A9 STARTTLS", MAIL_IMAP, ENCRYPTION_STARTTLS, TLS_1_0, "alpha", "openssl", true, BY_BOTH };
static const struct row what_nobody_offers_is_nobody = {
	"t12d010100_eeeeeeeeeeee_eeeeeeeeeeee", "", IMAPS, "", "", false, 0 };
static const struct row nothing_says_nothing = {
	"", "", MAIL_UNKNOWN, ENCRYPTION_NONE, TLS_NONE, "", "", false, 0 };
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

static void
is_named_as_in_the_row(void **state)
{
	const struct row *row = *state;
	struct connection c = { .protocol = row->protocol,
		.encryption = row->encryption };
	struct program program;

	c.offer.max_version = row->max_version;
	copy(c.ja4, sizeof(c.ja4), row->ja4);
	copy(c.talk, sizeof(c.talk), row->talk);
	for (int again = 0; again < 2; again++) { /* from memory, then */
		program_find(programs, &c, &program);
		assert_candidates(&program, row->candidates);
		assert_string_equal(program.library, row->library);
		assert_int_equal(program.certain, row->certain);
		assert_int_equal(program.evidence, row->evidence);
	}
}

static void
a_program_that_says_who_it_is_is_believed(void **state)
{
	static const char id[] = "version\0004\0name\0Delta Mail";
	struct connection c = { .protocol = MAIL_IMAP,
		.encryption = ENCRYPTION_STARTTLS,
		.client_id_len = sizeof(id) };
	struct program program;

	(void)state;
	c.offer.max_version = TLS_1_3;
	memcpy(c.client_id, id, sizeof(id));
	copy(c.ja4, sizeof(c.ja4), JA4_A);
	program_find(programs, &c, &program);
	assert_candidates(&program, "delta");
	assert_true(program.certain);
	assert_string_equal(program.library, "dtls");
	assert_int_equal(program.evidence, PROGRAM_BY_IMAP_ID);
	c.client_id[c.client_id_len - 2] = 'X'; /* one that nobody knows */
	program_find(programs, &c, &program);
	assert_candidates(&program, "alpha");
	assert_false(program.certain);
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
}

static void
all_evidence_has_a_word(void **state)
{
	(void)state;
	assert_string_equal(program_evidence_name(0), "imap_id");
	assert_string_equal(program_evidence_name(4), "cipher_suites");
	assert_null(program_evidence_name(5));
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
		ROW(talk_and_hello_together_are_certain),
		ROW(a_talk_seen_on_one_device_is_not),
		ROW(a_talk_of_two_is_not),
		ROW(an_unknown_talk_leaves_the_hello),
		ROW(a_talk_without_tls_is_all_there_is),
		ROW(without_a_server_name_it_is_the_same_hello),
		ROW(the_suites_name_the_library),
		ROW(a_hello_below_1_3_is_the_librarys),
		ROW(the_talk_still_tells_them_apart),
		ROW(what_nobody_offers_is_nobody),
		ROW(nothing_says_nothing),
		cmocka_unit_test(a_program_that_says_who_it_is_is_believed),
		cmocka_unit_test(without_a_table_nobody_is_named),
		cmocka_unit_test(all_evidence_has_a_word),
	};

	return cmocka_run_group_tests_name(
	    "program", tests, open_table, close_table);
}
