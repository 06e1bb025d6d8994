/* SPDX-License-Identifier: ISC */
/* What is taken for mail on a port that mail is not known for, and what not. */
#include "dissect/stranger.h"

#include <stdlib.h>
#include <string.h>

#include "tests/kit.h"

/* Lines start with C or S for who says them. */
struct row {
	const char *name;
	const char *script;
	enum stranger is;
	enum mail_protocol protocol; /* of STRANGER_MAIL */
};

static const struct row rows[] = {
	{ "nothing_is_said", "", STRANGER_UNKNOWN, MAIL_UNKNOWN },

	/* mail, at the latest when the server has agreed */
	{ "smtp_by_its_greeting", "S220 mx.example.net ESMTP\n", STRANGER_MAIL,
	    MAIL_SMTP },
	{ "lmtp_by_its_greeting", "S220 mx.example.net LMTP ready\n",
	    STRANGER_MAIL, MAIL_LMTP },
	{ "smtp_by_its_command",
	    "S220 mx.example.net ready\n"
	    "CEHLO pc\n"
	    "S250 mx.example.net\n",
	    STRANGER_MAIL, MAIL_SMTP },
	{ "smtp_without_its_greeting", "CEHLO pc\nS250 mx.example.net\n",
	    STRANGER_MAIL, MAIL_SMTP },
	{ "imap_by_its_greeting", "S* OK IMAP4rev1 ready\n", STRANGER_MAIL,
	    MAIL_IMAP },
	{ "imap_whose_client_is_hasty",
	    "Ca CAPABILITY\n"
	    "S* OK ready\n",
	    STRANGER_MAIL, MAIL_IMAP },
	{ "pop3_by_both",
	    "S+OK ready\n"
	    "CCAPA\n",
	    STRANGER_MAIL, MAIL_POP3 },
	{ "managesieve_by_its_greeting",
	    "S\"IMPLEMENTATION\" \"Sieved\"\n"
	    "SOK\n",
	    STRANGER_MAIL, MAIL_SIEVE },

	/* perhaps */
	{ "half_a_greeting", "S220 mx", STRANGER_UNKNOWN, MAIL_UNKNOWN },
	{ "a_greeting_like_ftp", "S220 ready\n", STRANGER_UNKNOWN,
	    MAIL_UNKNOWN },
	{ "a_greeting_of_many_lines", "S220-Welcome\nS220-to us\n",
	    STRANGER_UNKNOWN, MAIL_UNKNOWN },
	{ "ok_alone", "S+OK ready\n", STRANGER_UNKNOWN, MAIL_UNKNOWN },
	{ "a_command_without_an_answer", "CEHLO pc\n", STRANGER_UNKNOWN,
	    MAIL_UNKNOWN },

	/* what a scan for services tries on everything */
	{ "ehlo_to_a_web_server",
	    "CEHLO pc\n"
	    "SHTTP/1.1 400 Bad Request\n",
	    STRANGER_UNKNOWN, MAIL_UNKNOWN },
	{ "ehlo_to_ftp",
	    "S220 ready\n"
	    "CEHLO pc\n"
	    "S500 EHLO not understood\n"
	    "CUSER anonymous\n"
	    "S331 who?\n"
	    "CQUIT\n"
	    "S221 Goodbye\n",
	    STRANGER_UNKNOWN, MAIL_UNKNOWN },
	{ "capa_to_redis",
	    "CCAPA\n"
	    "S-ERR unknown command\n",
	    STRANGER_UNKNOWN, MAIL_UNKNOWN },

	/* something else */
	{ "http", "CGET / HTTP/1.1\nCHost: example.net\n", STRANGER_OTHER,
	    MAIL_UNKNOWN },
	{ "http_that_answers",
	    "CGET / HTTP/1.0\n"
	    "SHTTP/1.0 200 OK\n",
	    STRANGER_OTHER, MAIL_UNKNOWN },
	{ "ssh", "SSSH-2.0-OpenSSH_9.2\n", STRANGER_OTHER, MAIL_UNKNOWN },
	{ "ftp",
	    "S220 ready\n"
	    "CUSER anonymous\n"
	    "S331 who?\n",
	    STRANGER_OTHER, MAIL_UNKNOWN },
	{ "redis", "C*1\nC$4\nCPING\nS+PONG\n", STRANGER_OTHER, MAIL_UNKNOWN },
	{ "irc", "S:irc.example.net NOTICE * :*** Looking up\n", STRANGER_OTHER,
	    MAIL_UNKNOWN },
};

/* say feeds what the script says, line by line, with CR LF. */
static uint64_t
say(struct session *s, struct connection *c, const char *script)
{
	struct tools tools = { 0 };
	uint64_t total = 0;

	while (*script != '\0') {
		enum side side = *script++ == 'C' ? CLIENT : SERVER;
		size_t len = strcspn(script, "\n");
		bool ends = script[len] == '\n';

		session_feed(s, c, &tools, side, bytes_of(script, len));
		if (ends)
			session_feed(s, c, &tools, side, bytes_of("\r\n", 2));
		script += len + ends;
		total += len + 2;
	}
	return total;
}

static void
is_weighed_right(void **state)
{
	const struct row *row = *state;
	struct session s = { 0 };
	struct connection c = { .evidence = EVIDENCE_NONE };
	uint64_t len;

	c.end[SERVER].port = 40000;
	session_start(&s, c.end[SERVER].port, true);
	len = say(&s, &c, row->script);
	assert_int_equal(stranger_weigh(&s, &c, len), row->is);
	if (row->is == STRANGER_MAIL)
		assert_int_equal(c.protocol, row->protocol);
}

static void
talk_that_goes_on_and_on_is_no_mail(void **state)
{
	struct session s = { 0 };
	struct connection c = { 0 };

	(void)state;
	session_start(&s, 40000, true);
	say(&s, &c, "S220-Welcome\n");
	assert_int_equal(stranger_weigh(&s, &c, 32768), STRANGER_UNKNOWN);
	assert_int_equal(stranger_weigh(&s, &c, 32769), STRANGER_OTHER);
}

static const struct opinion mail = { .mail = true };
static const struct opinion imap = { .mail = true, .protocol = MAIL_IMAP };
static const struct opinion none;

static void
an_offer_is_weighed_with_opinions_and_port(void **state)
{
	static const struct {
		uint16_t port;
		bool alpn;
		enum mail_protocol alpn_protocol;
		const struct opinion *by_name, *by_hint, *by_past;
		enum stranger is;
	} offers[] = {
		{ 9993, false, 0, &none, &none, &none, STRANGER_UNKNOWN },
		{ 9993, false, 0, &mail, &none, &none, STRANGER_NAMED },
		{ 9993, false, 0, &none, &mail, &none, STRANGER_NAMED },
		{ 9993, true, 0, &imap, &imap, &none, STRANGER_OTHER },
		{ 9993, true, MAIL_IMAP, &none, &none, &none, STRANGER_MAIL },
		{ 443, false, 0, &none, &none, &none, STRANGER_OTHER },
		{ 443, false, 0, &mail, &mail, &none, STRANGER_OTHER },
		{ 443, false, 0, &imap, &none, &none, STRANGER_NAMED },
		{ 443, true, MAIL_POP3, &none, &none, &none, STRANGER_MAIL },
		{ 8443, false, 0, &none, &imap, &none, STRANGER_NAMED },
		{ 9993, false, 0, &none, &none, &mail, STRANGER_NAMED },
		{ 443, false, 0, &none, &none, &mail, STRANGER_OTHER },
		{ 443, false, 0, &none, &none, &imap, STRANGER_NAMED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
		struct connection c = {
			.offer = { .seen = true,
			    .alpn = offers[i].alpn,
			    .alpn_protocol = offers[i].alpn_protocol },
			.by_name = *offers[i].by_name,
			.by_hint = *offers[i].by_hint,
			.by_past = *offers[i].by_past,
		};

		c.end[SERVER].port = offers[i].port;
		assert_int_equal(stranger_offer(&c), offers[i].is);
	}
}

static void
who_speaks_first_outranks_a_name(void **state)
{
	struct session s = { 0 };
	struct connection c = { .tls = true, .by_name = imap };

	(void)state;
	c.encryption = ENCRYPTION_IMPLICIT;
	assert_int_equal(stranger_weigh(&s, &c, 600), STRANGER_NAMED);
	s.tls.turn.first = TURN_SERVER;
	assert_int_equal(stranger_weigh(&s, &c, 600), STRANGER_NAMED);
	s.tls.turn.first = TURN_CLIENT;
	assert_int_equal(stranger_weigh(&s, &c, 600), STRANGER_OTHER);
}

static void
the_turn_is_waited_for_while_it_can_come(void **state)
{
	struct session s = { 0 };
	struct connection c = { .tls = true };

	(void)state;
	assert_false(stranger_turn_is_due(&s, &c));
	c.answer.established = true;
	c.answer.version = TLS_1_2;
	assert_true(stranger_turn_is_due(&s, &c));
	c.answer.version = SSL_2_0; /* which never shows it */
	assert_false(stranger_turn_is_due(&s, &c));
	c.answer.version = TLS_1_2;
	s.tls.turn.first = TURN_UNCLEAR;
	assert_false(stranger_turn_is_due(&s, &c));
}

static void
beginnings_are_known_by_their_first_bytes(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		bool begins;
	} payloads[] = {
		{ "220 mx.example.net", 18, true },
		{ "220-mx.example.net", 18, true },
		{ "* OK ready", 10, true },
		{ "+OK ready", 9, true },
		{ "EHLO pc\r\n", 9, true },
		{ "LHLO pc\r\n", 9, true },
		{ "HELO pc\r\n", 9, true },
		{ "\x16\x03\x01\x01\x00\x01\x00\x00\xfc\x03\x03rrrrr", 16,
		    true },
		{ "\x16\x03\x01\x01\x00\x02\x00\x00\xfc\x03\x03rrrrr", 16,
		    false }, /* a ServerHello */
		{ "\x16\x03\x01\x01\x00\x01\x00\x00\xfc\x03\x03", 11, false },
		{ "\x15\x03\x01\x00\x02\x02\x28ssssssssss", 17, false },
		{ "2200 mails", 10, false },
		{ "* a list", 8, false },
		{ "+PONG", 5, false },
		{ "HTTP/1.1 200 OK", 15, false },
		{ "22", 2, false },
		{ "", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
		uint8_t *copy = exact_copy(payloads[i].bytes, payloads[i].len);

		assert_int_equal(
		    stranger_begins(bytes_of(copy, payloads[i].len)),
		    payloads[i].begins);
		free(copy);
	}
}

int
main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(talk_that_goes_on_and_on_is_no_mail),
		cmocka_unit_test(an_offer_is_weighed_with_opinions_and_port),
		cmocka_unit_test(who_speaks_first_outranks_a_name),
		cmocka_unit_test(the_turn_is_waited_for_while_it_can_come),
		cmocka_unit_test(beginnings_are_known_by_their_first_bytes),
	};
	enum {
		ROWS = sizeof(rows) / sizeof(rows[0]),
		OTHERS = sizeof(others) / sizeof(others[0]),
	};
	struct CMUnitTest tests[ROWS + OTHERS] = { { 0 } };

	for (size_t i = 0; i < ROWS; i++) {
		tests[i].name = rows[i].name;
		tests[i].test_func = is_weighed_right;
		tests[i].initial_state = (void *)(uintptr_t)&rows[i];
	}
	memcpy(tests + ROWS, others, sizeof(others));
	return _cmocka_run_group_tests(
	    "stranger", tests, ROWS + OTHERS, NULL, NULL);
}
