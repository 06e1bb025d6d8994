/* SPDX-License-Identifier: ISC */
/* Sequences are those of real programs, and of what could be taken for them. */
#include "dissect/rhythm.h"

#include <stdio.h>

#include "tests/kit.h"

enum {
	GCM = 0xc02f,    /* TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 */
	CHACHA = 0xcca8, /* ..._CHACHA20_POLY1305_SHA256 */
	CCM_8 = 0xc0a0,  /* TLS_RSA_WITH_AES_128_CCM_8 */
	CBC = 0xc013,    /* TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA */
	RC4 = 0x0005,    /* TLS_RSA_WITH_RC4_128_SHA */
	GCM_13 = 0x1301, /* of TLS 1.3 */
	CCM_8_13 = 0x1305,
};

/* What is said, as C or S and how long it is; the first is the greeting. */
struct row {
	const char *name;
	const char *said;
	enum mail_protocol open, ended; /* what it is, before and at the end */
};

static const struct row rows[] = {
	{ "nothing", "", MAIL_UNKNOWN, MAIL_UNKNOWN },
	{ "a_greeting", "S153", MAIL_UNKNOWN, MAIL_UNKNOWN },

	{ "pop3_with_capa", "S29 C6 S109 C17 S40 C6 S18 C6", MAIL_POP3,
	    MAIL_POP3 },
	{ "pop3_that_leaves_at_once", "S29 C6 S17", MAIL_UNKNOWN,
	    MAIL_UNKNOWN },
	{ "pop3_with_user_and_pass", "S29 C11 S5 C11 S16", MAIL_POP3,
	    MAIL_POP3 },
	{ "pop3_with_auth_plain", "S80 C6 S109 C12 S4 C30 S16", MAIL_POP3,
	    MAIL_POP3 },

	{ "imap_with_authenticate", "S153 C23 S4 C18 S417 C50 S67", MAIL_IMAP,
	    MAIL_IMAP },
	{ "imap_that_logs_out", "S153 C17 S199 C26 S420 C16 S83 C13 S69",
	    MAIL_UNKNOWN, MAIL_IMAP },
	{ "imap_that_stays", "S153 C17 S199 C26 S420 C16 S83", MAIL_UNKNOWN,
	    MAIL_UNKNOWN },
	{ "imap_in_pieces", "S100 S53 C10 C7 S190 S9 C26 S420 C13 S60 S9",
	    MAIL_UNKNOWN, MAIL_IMAP },

	{ "smtp_with_auth_login", "S37 C18 S182 C12 S18 C10 S18 C10 S37",
	    MAIL_SMTP, MAIL_SMTP },
	{ "smtp_with_auth_plain", "S37 C18 S182 C12 S6 C30 S37", MAIL_SMTP,
	    MAIL_SMTP },
	{ "smtp_that_sends",
	    "S37 C9 S182 C29 S37 C31 S14 C28 S14 C6 S37 C264 S37 C6",
	    MAIL_UNKNOWN, MAIL_SMTP },
	{ "smtp_that_leaves",
	    "S37 C9 S182 C29 S37 C31 S14 C28 S14 C6 S37 C264 S37 C6 S15",
	    MAIL_SMTP, MAIL_SMTP },

	/* a program that says QUIT to whatever it meets */
	{ "quit_to_imap", "S153 C6 S52", MAIL_UNKNOWN, MAIL_UNKNOWN },
	{ "ehlo_and_quit", "S37 C15 S182 C6 S15", MAIL_UNKNOWN, MAIL_UNKNOWN },
	/* nothing but words */
	{ "words_alone", "S29 C6 S14 C6 S14 C6 S17", MAIL_UNKNOWN,
	    MAIL_UNKNOWN },
	/* what has the lengths of CAPABILITY and LOGOUT with too little else */
	{ "a_login_that_fails", "S29 C16 S20 C12 S30", MAIL_UNKNOWN,
	    MAIL_UNKNOWN },
	/* POP3 has a command of such a length as well, and CAPA before it */
	{ "a_long_mechanism", "S29 C6 S109 C25 S4 C40", MAIL_UNKNOWN,
	    MAIL_UNKNOWN },
};

/* feed notes what is said, each with `more` bytes of TLS. */
static void
feed(struct rhythm *rhythm, const struct connection *c, const char *said,
    unsigned more)
{
	unsigned len;
	char from;

	while (sscanf(said, " %c%u", &from, &len) == 2) {
		rhythm_note(
		    rhythm, c, from == 'C' ? CLIENT : SERVER, len + more);
		said += strcspn(said + 1, " ") + 1;
	}
}

static void
is_told(void **state)
{
	const struct row *row = *state;
	static const struct {
		uint32_t cipher;
		uint16_t version;
		unsigned more;
	} suites[] = {
		{ GCM, TLS_1_2, 24 },
		{ CHACHA, TLS_1_2, 16 },
		{ CCM_8, TLS_1_2, 16 },
		{ RC4, TLS_1_0, 20 },
		{ GCM_13, TLS_1_3, 17 },
		{ CCM_8_13, TLS_1_3, 9 },
	};

	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
		struct connection c = {
			.answer = { .seen = true,
			    .version = suites[i].version,
			    .cipher = suites[i].cipher },
		};
		struct rhythm rhythm = { 0 };

		feed(&rhythm, &c, row->said, suites[i].more);
		assert_int_equal(rhythm_protocol(&rhythm, false), row->open);
		assert_int_equal(rhythm_protocol(&rhythm, true), row->ended);
	}
}

static void
blocks_hide_the_length(void **state)
{
	struct connection c = {
		.answer = { .seen = true, .version = TLS_1_2, .cipher = CBC },
	};
	struct rhythm rhythm = { 0 };

	(void)state;
	feed(&rhythm, &c, "S29 C6 S109 C17 S40 C6 S18", 0);
	assert_int_equal(rhythm_protocol(&rhythm, true), MAIL_UNKNOWN);
	assert_true(rhythm.lost);
}

static void
an_alert_says_nothing(void **state)
{
	struct connection c = {
		.answer = { .seen = true,
		    .version = TLS_1_3,
		    .cipher = GCM_13 },
	};
	struct rhythm rhythm = { 0 };

	(void)state;
	feed(&rhythm, &c, "S153 C17 S199 C26 S420 C13 S69 S2 C2", 17);
	assert_int_equal(rhythm_protocol(&rhythm, true), MAIL_IMAP);
}

static void
what_goes_on_for_long_does_not_end_with_a_logout(void **state)
{
	struct connection c = {
		.answer = { .seen = true, .version = TLS_1_2, .cipher = GCM },
	};
	struct rhythm rhythm = { 0 };

	(void)state;
	feed(&rhythm, &c, "S153", 24);
	for (int i = 0; i < RHYTHM_TURNS_MAX; i++)
		feed(&rhythm, &c, "C17 S199", 24);
	feed(&rhythm, &c, "C13 S69", 24);
	assert_int_equal(rhythm_protocol(&rhythm, true), MAIL_UNKNOWN);
}

static void
long_turns_do_not_begin_again_at_zero(void **state)
{
	struct connection c = {
		.answer = { .seen = true, .version = TLS_1_2, .cipher = GCM },
	};
	struct rhythm rhythm = { 0 };

	(void)state;
	feed(&rhythm, &c, "S29 C11", 24);
	for (int i = 0; i < 4; i++)
		feed(&rhythm, &c, "S16384", 24);
	feed(&rhythm, &c, "S5 C11", 24);
	assert_int_equal(rhythm_protocol(&rhythm, true), MAIL_UNKNOWN);
}

int
main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(blocks_hide_the_length),
		cmocka_unit_test(an_alert_says_nothing),
		cmocka_unit_test(
		    what_goes_on_for_long_does_not_end_with_a_logout),
		cmocka_unit_test(long_turns_do_not_begin_again_at_zero),
	};
	enum {
		ROWS = sizeof(rows) / sizeof(rows[0]),
		OTHERS = sizeof(others) / sizeof(others[0]),
	};
	static struct CMUnitTest tests[ROWS + OTHERS];

	for (size_t i = 0; i < ROWS; i++) {
		union {
			const void *row;
			void *state;
		} cast = { .row = &rows[i] };

		tests[i] = (struct CMUnitTest){ rows[i].name, is_told, NULL,
			NULL, cast.state };
	}
	memcpy(&tests[ROWS], others, sizeof(others));
	return cmocka_run_group_tests_name("rhythm", tests, NULL, NULL);
}
