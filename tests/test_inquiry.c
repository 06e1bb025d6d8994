/* SPDX-License-Identifier: ISC */
/* What nDPI is asked, and what is made of its answers. */
#include "capture/inquiry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/kit.h"
#include "tests/mktls.h"
#include "tests/remains.h"

static struct inquiry inquiry;

static int
begin(void **state)
{
	(void)state;
	inquiry_init(&inquiry, 4 * INQUIRY_MEMORY);
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	inquiry_clear(&inquiry);
	return 0;
}

/* A connection from 192.0.2.10 to `server`, four bytes, port 9993. */
static struct connection
to_server(const char *server)
{
	struct connection c = { .evidence = EVIDENCE_NONE };

	memcpy(c.end[CLIENT].ip, "\xc0\x00\x02\x0a", 4);
	memcpy(c.end[SERVER].ip, server, 4);
	c.end[CLIENT].port = 40000;
	c.end[SERVER].port = 9993;
	return c;
}

/* ask shows a piece of connection `number`, in a block of its own size. */
static bool
ask(struct connection *c, uint64_t number, enum side from, const void *data,
    size_t len, bool last)
{
	uint8_t *copy = exact_copy(data, len);
	struct md_piece piece = {
		.connection = number,
		.from = from,
		.time_us = 1700000000000000,
		.at = c->end[from].bytes,
		.bytes = bytes_of(copy, len),
		.last = last,
	};
	bool more = inquiry_ask(&inquiry, c, &piece);

	c->end[from].bytes += len;
	explicit_bzero(copy, len);
	free(copy);
	return more;
}

/* ask_lines shows lines that begin with C or S, until there is an answer; the
 * last one as such, if it is. */
static void
ask_lines(struct connection *c, uint64_t number, const char *script, bool last)
{
	bool more = true;

	while (*script != '\0' && more) {
		enum side from = *script++ == 'C' ? CLIENT : SERVER;
		size_t len = strcspn(script, "\n");
		char line[128];

		assert_true(len + 2 <= sizeof(line));
		memcpy(line, script, len);
		memcpy(line + len, "\r\n", 2);
		script += len + 1;
		more = ask(
		    c, number, from, line, len + 2, last && *script == '\0');
	}
}

static void
mail_is_told_from_other_talk(void **state)
{
	static const struct {
		const char *script;
		struct opinion opinion;
	} rows[] = {
		{ "S220 mx.example.net ESMTP Postfix\n"
		  "CEHLO pc.example.net\n"
		  "S250-mx.example.net\n"
		  "CMAIL FROM:<a@example.net>\n"
		  "S250 OK\n",
		    { .mail = true, .protocol = MAIL_SMTP } },
		{ "S* OK ready\n"
		  "C1 CAPABILITY\n"
		  "S1 OK done\n"
		  "C2 LOGIN me mine\n"
		  "S2 OK in\n",
		    { .mail = true, .protocol = MAIL_IMAP } },
		{ "S+OK ready\n"
		  "CCAPA\n"
		  "S+OK\n"
		  "CUSER me\n"
		  "S+OK\n"
		  "CPASS mine\n"
		  "S+OK in\n",
		    { .mail = true, .protocol = MAIL_POP3 } },
		{ "CGET / HTTP/1.1\n"
		  "SHTTP/1.1 200 OK\n",
		    { .other = true } },
		{ "SSSH-2.0-OpenSSH_9.2\n"
		  "CSSH-2.0-OpenSSH_9.2\n",
		    { .other = true } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct connection c = to_server("\xc6\x33\x64\x19");

		ask_lines(&c, i + 1, rows[i].script, true);
		assert_int_equal(c.by_hint.mail, rows[i].opinion.mail);
		assert_int_equal(c.by_hint.other, rows[i].opinion.other);
		assert_int_equal(c.by_hint.protocol, rows[i].opinion.protocol);
	}
}

/* ask_hellos shows the two hellos of a connection for `name`, or for none. */
static void
ask_hellos(struct connection *c, uint64_t number, const char *name)
{
	static struct mkbytes message, wire;
	struct mkdeal deal = mkdeal_of(TLS_1_3, TLS_1_3);

	deal.offer.server_name = name;
	message.len = wire.len = 0;
	mkhello_client(&message, &deal.offer);
	mktls_record(
	    &wire, RECORD_HANDSHAKE, TLS_1_0, message.data, message.len);
	if (!ask(c, number, CLIENT, wire.data, wire.len, false))
		return;
	message.len = wire.len = 0;
	mkhello_server(&message, &deal);
	mktls_record(
	    &wire, RECORD_HANDSHAKE, TLS_1_2, message.data, message.len);
	ask(c, number, SERVER, wire.data, wire.len, true);
}

static void
a_service_is_known_by_name_or_address(void **state)
{
	static const struct {
		const char *server, *name, *service;
		bool mail;
	} rows[] = {
		{ "\xc6\x33\x64\x19", "imap.gmail.com", "gmail.com", true },
		{ "\xc6\x33\x64\x19", "imap.mail.me.com", "icloud.com", false },
		{ "\xc6\x33\x64\x19", "www.example.net", "", false },
		{ "\xc6\x33\x64\x19", NULL, "", false },
		/* of the range that Microsoft gives for Office 365 */
		{ "\x28\x61\x04\x02", NULL, "office365.com", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct connection c = to_server(rows[i].server);

		ask_hellos(&c, i + 1, rows[i].name);
		assert_string_equal(c.service, rows[i].service);
		assert_int_equal(c.by_hint.mail, rows[i].mail);
		assert_false(c.by_hint.other);
		assert_int_equal(c.by_hint.protocol, MAIL_UNKNOWN);
	}
}

static void
ipv6_goes_the_same_way(void **state)
{
	struct connection c = { .ipv6 = true };

	(void)state;
	memcpy(c.end[CLIENT].ip, "\x20\x01\x0d\xb8", 4);
	memcpy(c.end[SERVER].ip, "\x20\x01\x0d\xb9", 4);
	c.end[CLIENT].port = 40000;
	c.end[SERVER].port = 9993;
	ask_hellos(&c, 1, "imap.gmail.com");
	assert_string_equal(c.service, "gmail.com");
}

static void
ndpi_is_started_by_the_first_question(void **state)
{
	struct connection c = to_server("\xc6\x33\x64\x19");

	(void)state;
	assert_null(inquiry.classify);
	inquiry_drop(&inquiry, 1);
	assert_null(inquiry.classify);
	ask(&c, 1, SERVER, "220 ", 4, false);
	assert_non_null(inquiry.classify);
}

static void
there_is_an_answer_at_the_last_piece(void **state)
{
	struct connection c = to_server("\xc6\x33\x64\x19");

	(void)state;
	assert_true(ask(&c, 1, SERVER, "220 ", 4, false));
	assert_false(ask(&c, 1, SERVER, "mx", 2, true));
	assert_false(c.by_hint.mail);
}

static void
only_so_many_are_asked_about_at_a_time(void **state)
{
	struct connection c = to_server("\xc6\x33\x64\x19");

	(void)state;
	assert_int_equal(inquiry.count, 4);
	for (uint64_t i = 1; i <= 9; i++) {
		struct connection other = c;

		assert_true(ask(&other, i, SERVER, "220 ", 4, false));
	}
	/* 1 and 5 had to make room for 9 */
	assert_false(ask(&c, 1, SERVER, "220 ", 4, false));
	assert_false(ask(&c, 5, SERVER, "220 ", 4, false));
	assert_true(ask(&c, 9, SERVER, "220 ", 4, false));
	inquiry_drop(&inquiry, 5);
	assert_true(ask(&c, 9, SERVER, "220 ", 4, false));
	inquiry_drop(&inquiry, 9);
	assert_int_equal(inquiry.asked[9 % 4].connection, 0);
}

static void
memory_bounds_how_many(void **state)
{
	(void)state;
	inquiry_init(&inquiry, 0);
	assert_int_equal(inquiry.count, 1);
	inquiry_init(&inquiry, SIZE_MAX);
	assert_int_equal(inquiry.count, INQUIRY_MAX);
}

static void
long_pieces_are_cut(void **state)
{
	static uint8_t noise[65536];
	struct connection c = to_server("\xc6\x33\x64\x19");

	(void)state;
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t)(i * 31);
	ask(&c, 1, CLIENT, noise, sizeof(noise), false);
	ask(&c, 1, SERVER, noise, sizeof(noise), true);
	assert_false(c.by_hint.mail);
}

/*
 * nDPI keeps names and passwords of IMAP, POP3, SMTP and FTP.  The password
 * here is inverted, and only turned back where it is shown.
 */
static void
no_password_outlives_the_inquiry(void **state)
{
	char secret[] = "sEcr3t-oF-iMap", line[64] = "2 LOGIN me ";
	size_t len = sizeof(secret) - 1, at = strlen(line);
	struct connection c = to_server("\xc6\x33\x64\x19");

	(void)state;
	remains_invert(secret, len);
	assert_int_equal(remains_count(getpid(), secret, len), 0);
	ask_lines(&c, 1, "S* OK ready\nC1 CAPABILITY\nS1 OK done\n", false);
	memcpy(line + at, secret, len);
	remains_invert(line + at, len);
	memcpy(line + at + len, "\r\n", 2);
	ask(&c, 1, CLIENT, line, at + len + 2, false);
	explicit_bzero(line, sizeof(line));
	/* It has it, and it has it no more. */
	assert_int_not_equal(remains_count(getpid(), secret, len), 0);
	inquiry_drop(&inquiry, 1);
	assert_int_equal(remains_count(getpid(), secret, len), 0);
}

/* clang-format off */
#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, clear)
/* clang-format on */

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(mail_is_told_from_other_talk),
		TEST(a_service_is_known_by_name_or_address),
		TEST(ipv6_goes_the_same_way),
		TEST(ndpi_is_started_by_the_first_question),
		TEST(there_is_an_answer_at_the_last_piece),
		TEST(only_so_many_are_asked_about_at_a_time),
		TEST(memory_bounds_how_many),
		TEST(long_pieces_are_cut),
		TEST(no_password_outlives_the_inquiry),
	};

	if (classify_version() == NULL) {
		puts("1..0 # SKIP there is no nDPI in this build");
		return 0;
	}
	return cmocka_run_group_tests_name("inquiry", tests, NULL, NULL);
}
