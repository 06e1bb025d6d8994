/* SPDX-License-Identifier: ISC */
#include "dissect/dialogue.h"

#include <string.h>

#include "tests/kit.h"

struct row {
	enum mail_protocol hint;
	const char *said; /* by the client; the server greets before it */
	const char *expected;
};

/* clang-format off */
static const struct row rows[] = {
	{ MAIL_SMTP, "EHLO pc\r\nSTARTTLS\r\nEHLO pc\r\n", "EHLO,STARTTLS" },
	{ MAIL_SMTP, "ehlo pc\r\nMail FROM:<>\r\nRCPT TO:<>\r\n", "ehlo,Mail" },
	{ MAIL_SMTP, "EHLO pc\r\nXYZZY secret\r\nAUTH PLAIN x\r\n", "EHLO,?,AUTH" },
	{ MAIL_SMTP, "NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n",
	  "NOOP,NOOP,NOOP,NOOP,NOOP,NOOP,NOOP,NOOP" },
	{ MAIL_POP3, "CAPA\r\nSTLS\r\n", "CAPA,STLS" },
	{ MAIL_POP3, "CAPA\r\nUSER me\r\nPASS secret\r\n", "CAPA,USER" },
	{ MAIL_IMAP, "a0001 CAPABILITY\r\na0002 STARTTLS\r\n", "a0000 CAPABILITY,a0000 STARTTLS" },
	{ MAIL_IMAP, "A1 capability\r\nA2 STARTTLS\r\n", "A1 capability,A9 STARTTLS" },
	{ MAIL_IMAP, "34 STARTTLS\r\n", "99 STARTTLS" },
	{ MAIL_IMAP, "0 STARTTLS\r\n", "0 STARTTLS" },
	{ MAIL_IMAP, "123456789012 STARTTLS\r\n", "99999999 STARTTLS" },
	{ MAIL_IMAP, ". STARTTLS\r\n", ". STARTTLS" },
	{ MAIL_IMAP, "IBCD0 CAPABILITY\r\nIBCD1 STARTTLS\r\n", "AAAA0 CAPABILITY,AAAA1 STARTTLS" },
	{ MAIL_IMAP, "9A_9AA STARTTLS\r\n", "~6 STARTTLS" },
	{ MAIL_IMAP, "aB1 STARTTLS\r\n", "~3 STARTTLS" },
	{ MAIL_IMAP, "a1b2c3d4e5f6 STARTTLS\r\n", "~12 STARTTLS" },
	{ MAIL_IMAP, "aaaaaaaaaaaaaaaaaaaa NOOP\r\n", "aaaaaaaaaaaa NOOP" },
	{ MAIL_IMAP, "1 ID (\"name\" \"X\")\r\n2 LOGIN me secret\r\n3 NOOP\r\n", "1 ID,9 LOGIN" },
	{ MAIL_SIEVE, "CAPABILITY\r\nSTARTTLS\r\n", "CAPABILITY,STARTTLS" },
};
/* clang-format on */

static const char *
greeting(enum mail_protocol hint)
{
	static const char *const greetings[] = { [MAIL_SMTP] = "220 mx\r\n",
		[MAIL_IMAP] = "* OK ready\r\n",
		[MAIL_POP3] = "+OK ready\r\n",
		[MAIL_SIEVE] = "\"SIEVE\" \"\"\r\nOK\r\n" };

	return greetings[hint];
}

static void
say(struct dialogue *d, struct connection *c, enum side side, const char *text)
{
	struct bytes data = bytes_of(text, strlen(text));

	dialogue_feed(d, c, side, &data);
	assert_int_equal(data.len, 0);
}

static void
commands_are_told_without_their_arguments(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dialogue d = { .hint = rows[i].hint };
		struct connection c = { 0 };

		say(&d, &c, SERVER, greeting(rows[i].hint));
		say(&d, &c, CLIENT, rows[i].said);
		assert_string_equal(c.talk, rows[i].expected);
	}
}

static void
what_does_not_fit_is_left_out_whole(void **state)
{
	struct dialogue d = { .hint = MAIL_IMAP };
	struct connection c = { 0 };

	(void)state;
	say(&d, &c, SERVER, greeting(MAIL_IMAP));
	for (int i = 0; i < 5; i++)
		say(&d, &c, CLIENT, "aaaaaaaaa1 NAMESPACE\r\n");
	assert_string_equal(c.talk, "aaaaaaaaa1 NAMESPACE,aaaaaaaaa1 NAMESPACE,"
				    "aaaaaaaaa1 NAMESPACE");
}

static void
a_talk_heard_in_part_has_none(void **state)
{
	struct dialogue late = { .hint = MAIL_SMTP, .late = true };
	struct dialogue cut = { .hint = MAIL_SMTP };
	struct connection c = { 0 };

	(void)state;
	say(&late, &c, CLIENT, "EHLO pc\r\nSTARTTLS\r\n");
	assert_string_equal(c.talk, "");
	say(&cut, &c, SERVER, "220 mx\r\n");
	say(&cut, &c, CLIENT, "EHLO pc\r\n");
	dialogue_gap(&cut, CLIENT, 10);
	say(&cut, &c, CLIENT, "x\r\nSTARTTLS\r\n");
	assert_string_equal(c.talk, "");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_are_told_without_their_arguments),
		cmocka_unit_test(what_does_not_fit_is_left_out_whole),
		cmocka_unit_test(a_talk_heard_in_part_has_none),
	};

	return cmocka_run_group_tests_name("signature", tests, NULL, NULL);
}
