/* SPDX-License-Identifier: ISC */
#include "dissect/dialogue.h"

#include <stdlib.h>
#include <string.h>

#include "tests/kit.h"

/*
 * Lines start with C or S for who says them, as in an RFC.  A line that starts
 * with byte 16 hex is where TLS starts, for that side.
 */
struct talk {
	const char *name;
	enum mail_protocol hint;
	const char *script;

	/* What is known at its end. */
	enum mail_protocol protocol;
	enum starttls starttls;
	const char *mechanism; /* of the login that was tried */
	enum login_result result;
	bool exposed;
	const char *ehlo;
	const char *greeting_name;
	const char *id; /* name=Thunderbird;version=1; */
	bool unexpected[2];
	bool not_tls;
	bool over;
	const char *secret; /* nothing of it is left anywhere */
};

#define HELLO "\x16\x03\x01\n"

#define HELLO "\x16\x03\x01\n"

static const struct talk talks[] = {
#include "tests/dialogue_talks.inc"
};

/* --- Saying it ----------------------------------------------------------- */

struct heard {
	struct dialogue d;
	struct connection c;
	bool tls[2];
};

static void
start(struct heard *h, enum mail_protocol hint)
{
	memset(h, 0, sizeof(*h));
	h->d.hint = hint;
}

/* say does what a caller has to. */
static void
say(struct heard *h, enum side side, const char *text, size_t len)
{
	uint8_t *copy = exact_copy(text, len);
	struct bytes data = bytes_of(copy, len);

	if (!h->tls[side])
		dialogue_feed(&h->d, &h->c, side, &data);
	while (!h->tls[side] && data.len > 0) {
		struct bytes peek = data;

		if (bytes_u8(&peek) == 0x16) {
			h->tls[side] = true;
			dialogue_tls(&h->d, &h->c, side);
		} else {
			dialogue_feed_odd(&h->d, &h->c, side, &data);
		}
	}
	free(copy);
}

static void
hear(struct heard *h, enum side side, const char *text)
{
	say(h, side, text, strlen(text));
}

static enum side
speaker(const char *line)
{
	assert_true(*line == 'C' || *line == 'S');
	return *line == 'C' ? CLIENT : SERVER;
}

/* next_line returns what comes after the script's line at `line`. */
static const char *
next_line(const char *line)
{
	return strchr(line, '\n') + 1;
}

/* turn copies all that one side says before the other does. */
static size_t
turn(const char **script, char *out)
{
	enum side side = speaker(*script);
	size_t len = 0;

	while (**script != '\0' && speaker(*script) == side) {
		const char *end = next_line(*script);
		size_t n = (size_t)(end - *script) - 1;

		memcpy(out + len, *script + 1, n);
		len += n;
		*script = end;
	}
	return len;
}

enum {
	TURN_MAX = 8192,
	MUTATE_MAX = 400, /* longer scripts take too long */
};

/* say_in_pieces says the script with every turn cut at random, or every byte
 * by itself, or not at all (`most` 0). */
static void
say_in_pieces(struct heard *h, const char *script, size_t most, uint64_t seed)
{
	static char text[TURN_MAX];

	assert_true(strlen(script) < sizeof(text));
	while (*script != '\0') {
		enum side side = speaker(script);
		size_t len = turn(&script, text);

		for (size_t at = 0; at < len;) {
			size_t n =
			    most == 0 ? len : 1 + random_next(&seed) % most;

			n = n < len - at ? n : len - at;
			say(h, side, text + at, n);
			at += n;
		}
	}
}

static void
no_secret_in(const void *memory, size_t size, const char *secret)
{
	const char *at = memory;
	size_t len = strlen(secret);

	for (size_t i = 0; i + len <= size; i++)
		assert_memory_not_equal(at + i, secret, len);
}

static void
client_id_is(const struct connection *c, const char *expected)
{
	char text[CONNECTION_ID_MAX + 1] = { 0 };
	bool value = false;

	for (size_t i = 0; i < c->client_id_len; i++) {
		text[i] = c->client_id[i];
		if (text[i] != '\0')
			continue;
		text[i] = value ? ';' : '=';
		value = !value;
	}
	assert_string_equal(text, expected == NULL ? "" : expected);
	assert_false(value);
}

static void
is_as_known(const struct heard *h, const struct talk *talk)
{
	const struct connection *c = &h->c;
	bool not_tls = (c->incomplete & INCOMPLETE_NOT_TLS) != 0;

	assert_int_equal(c->protocol, talk->protocol);
	assert_int_equal(c->starttls, talk->starttls);
	assert_int_equal(c->login, talk->mechanism != NULL);
	assert_string_equal(
	    c->login_mechanism, talk->mechanism == NULL ? "" : talk->mechanism);
	assert_int_equal(c->login_result, talk->result);
	assert_int_equal(c->secret_exposed, talk->exposed);
	assert_string_equal(c->ehlo, talk->ehlo == NULL ? "" : talk->ehlo);
	assert_string_equal(c->greeting_name,
	    talk->greeting_name == NULL ? "" : talk->greeting_name);
	client_id_is(c, talk->id);
	assert_int_equal(c->unexpected_bytes[CLIENT], talk->unexpected[CLIENT]);
	assert_int_equal(c->unexpected_bytes[SERVER], talk->unexpected[SERVER]);
	assert_int_equal(not_tls, talk->not_tls);
	assert_int_equal(dialogue_is_over(&h->d), talk->over);
	if (talk->secret != NULL) {
		no_secret_in(&h->d, sizeof(h->d), talk->secret);
		no_secret_in(&h->c, sizeof(h->c), talk->secret);
	}
}

static void
ends_as_known(const struct talk *talk, size_t most, uint64_t seed)
{
	struct heard h;

	start(&h, talk->hint);
	say_in_pieces(&h, talk->script, most, seed);
	is_as_known(&h, talk);
}

/* says_tls tells whether `side` starts TLS in the script. */
static bool
says_tls(const char *script, enum side side)
{
	for (; *script != '\0'; script = next_line(script))
		if (speaker(script) == side && script[1] == 0x16)
			return true;
	return false;
}

static void
one_side_is_enough(const struct talk *talk, enum side side)
{
	struct heard h;
	const char *line = talk->script;

	start(&h, talk->hint);
	for (; *line != '\0'; line = next_line(line))
		if (speaker(line) == side)
			say(&h, side, line + 1,
			    (size_t)(next_line(line) - line) - 1);
	if (!says_tls(talk->script, side))
		assert_int_not_equal(h.c.starttls, STARTTLS_USED);
	if (talk->secret != NULL)
		no_secret_in(&h, sizeof(h), talk->secret);
}

/* lose_line says the script without the line at `lost`. */
static void
lose_line(const struct talk *talk, const char *lost, bool length_known)
{
	struct heard h;
	const char *line = talk->script;

	start(&h, talk->hint);
	for (; *line != '\0'; line = next_line(line)) {
		size_t len = (size_t)(next_line(line) - line) - 1;

		if (line != lost)
			say(&h, speaker(line), line + 1, len);
		else
			dialogue_gap(&h.d, speaker(line), length_known * len);
	}
	if (!says_tls(talk->script, CLIENT) && !says_tls(talk->script, SERVER))
		assert_int_not_equal(h.c.starttls, STARTTLS_USED);
	if (talk->mechanism == NULL)
		assert_false(h.c.login);
	if (talk->secret != NULL)
		no_secret_in(&h, sizeof(h), talk->secret);
}

static void
say_mutant(struct bytes mutant, size_t cut, void *arg)
{
	const struct talk *talk = arg;
	struct heard h;

	(void)cut;
	start(&h, talk->hint);
	while (mutant.len > 0) {
		enum side side = bytes_u8(&mutant) == 'S' ? SERVER : CLIENT;
		const uint8_t *end = mutant.len > 0
					 ? memchr(mutant.data, '\n', mutant.len)
					 : NULL;
		size_t len =
		    end == NULL ? mutant.len : (size_t)(end - mutant.data) + 1;
		struct bytes line = bytes_take(&mutant, len);

		say(&h, side, (const char *)line.data, line.len);
	}
	assert_true(h.c.client_id_len <= CONNECTION_ID_MAX);
	if (!h.tls[CLIENT] && !h.tls[SERVER])
		assert_int_not_equal(h.c.starttls, STARTTLS_USED);
}

static void
ends_as_scripted(void **state)
{
	struct talk talk = *(const struct talk *)*state;
	const char *line = talk.script;

	ends_as_known(&talk, 0, 0);
	ends_as_known(&talk, 1, 0);
	for (uint64_t seed = 0; seed < 20; seed++)
		ends_as_known(&talk, 3 + seed * 5, seed);
	one_side_is_enough(&talk, CLIENT);
	one_side_is_enough(&talk, SERVER);
	for (; *line != '\0'; line = next_line(line)) {
		lose_line(&talk, line, true);
		lose_line(&talk, line, false);
	}
	if (strlen(talk.script) <= MUTATE_MAX)
		mutate(talk.script, strlen(talk.script), say_mutant, &talk);
}

/* --- What scripts can not say -------------------------------------------- */

static void
bytes_after_the_grant_are_left_for_tls(void **state)
{
	struct bytes data = bytes_of("220 go\r\n\x16\x03\x01", 11);
	struct heard h;

	(void)state;
	start(&h, MAIL_SMTP);
	hear(&h, CLIENT, "STARTTLS\r\n");
	dialogue_feed(&h.d, &h.c, SERVER, &data);
	assert_int_equal(data.len, 3);
	assert_int_equal(h.c.starttls, STARTTLS_UNKNOWN);
	dialogue_feed(&h.d, &h.c, SERVER, &data);
	assert_int_equal(data.len, 3);
	dialogue_tls(&h.d, &h.c, SERVER);
	assert_int_equal(h.c.starttls, STARTTLS_USED);
}

static void
only_the_start_of_a_line_is_odd(void **state)
{
	struct bytes data = bytes_of("NO\x16OP\r\n\x80x\x81\r\n\x82", 13);
	struct bytes none = bytes_of("", 0);
	struct heard h;

	(void)state;
	start(&h, MAIL_SMTP);
	dialogue_feed(&h.d, &h.c, CLIENT, &data);
	assert_int_equal(data.len, 6);
	dialogue_feed_odd(&h.d, &h.c, CLIENT, &data);
	assert_int_equal(data.len, 1);
	dialogue_feed_odd(&h.d, &h.c, CLIENT, &none);
	dialogue_feed_odd(&h.d, &h.c, CLIENT, &data);
	assert_int_equal(data.len, 0);
}

static void
tls_may_start_behind_a_gap(void **state)
{
	struct bytes data = bytes_of("\x16\x03\x01", 3);
	struct heard h;

	(void)state;
	start(&h, MAIL_SMTP);
	hear(&h, SERVER, "220 mx.example.net ESMTP\r\n");
	hear(&h, CLIENT, "EHLO pc.example\r\nSTART");
	dialogue_gap(&h.d, CLIENT, 5);
	dialogue_feed(&h.d, &h.c, CLIENT, &data);
	assert_int_equal(data.len, 3);
	dialogue_tls(&h.d, &h.c, CLIENT);
	assert_int_equal(h.c.starttls, STARTTLS_USED);
}

static void
nobody_asked_for_tls_that_comes_first(void **state)
{
	struct heard h;

	(void)state;
	start(&h, MAIL_SMTP);
	dialogue_gap(&h.d, CLIENT, 1);
	dialogue_tls(&h.d, &h.c, CLIENT);
	dialogue_tls(&h.d, &h.c, SERVER);
	assert_int_equal(h.c.starttls, STARTTLS_NOT_SEEN);
}

static void
talk_in_no_protocol_leads_nowhere(void **state)
{
	struct heard h;

	(void)state;
	start(&h, MAIL_UNKNOWN);
	hear(&h, SERVER, "220 hello\r\n200 go\r\n" HELLO);
	assert_int_equal(h.c.starttls, STARTTLS_NOT_SEEN);
}

static void
a_gap_within_a_chunk_loses_nothing(void **state)
{
	struct heard h;

	(void)state;
	start(&h, MAIL_SMTP);
	hear(&h, CLIENT, "BDAT 20\r\nabc");
	dialogue_gap(&h.d, CLIENT, 10);
	hear(&h, CLIENT, "defgh");
	dialogue_gap(&h.d, CLIENT, 2);
	hear(&h, CLIENT, "STARTTLS\r\n");
	hear(&h, SERVER, "250 ok\r\n502 no\r\n");
	assert_int_equal(h.c.starttls, STARTTLS_REFUSED);
}

static void
tls_may_start_behind_a_chunk_that_a_gap_ended(void **state)
{
	struct bytes data = bytes_of("\x16", 1);
	struct heard h;

	(void)state;
	start(&h, MAIL_SMTP);
	hear(&h, CLIENT, "BDAT 2\r\n");
	dialogue_gap(&h.d, CLIENT, 2);
	dialogue_feed(&h.d, &h.c, CLIENT, &data);
	assert_int_equal(data.len, 1);
}

static void
a_gap_beyond_a_chunk_waits_for_a_line(void **state)
{
	struct heard h;

	(void)state;
	start(&h, MAIL_SMTP);
	hear(&h, CLIENT, "BDAT 20\r\nabc");
	dialogue_gap(&h.d, CLIENT, 18);
	hear(&h, CLIENT, "STARTTLS\r\nSTARTTLS\r\n");
	hear(&h, SERVER, "454 no\r\n");
	assert_int_equal(h.c.starttls, STARTTLS_REFUSED);
}

static void
a_gap_in_a_client_id_costs_its_field(void **state)
{
	struct heard h;

	(void)state;
	start(&h, MAIL_IMAP);
	hear(&h, CLIENT, "1 ID (\"a\" \"b\" \"c\" {4+}\r\nde");
	dialogue_gap(&h.d, CLIENT, 1);
	hear(&h, CLIENT, "g \"h\" {2+}\r\n");
	dialogue_gap(&h.d, CLIENT, 2);
	hear(&h, CLIENT, " \"i\" \"j\")\r\n2 STARTTLS\r\n");
	hear(&h, SERVER, "2 NO\r\n");
	client_id_is(&h.c, "a=b;i=j;");
	assert_int_equal(h.c.starttls, STARTTLS_REFUSED);
}

static void
a_zero_in_a_client_id_costs_its_field(void **state)
{
	static const char line[] = "1 ID (\"a\" {3+}\r\nb\0c {1+}\r\n\0 \"d\" "
				   "\"e\" \"f\")\r\n";
	struct heard h;

	(void)state;
	start(&h, MAIL_IMAP);
	say(&h, CLIENT, line, sizeof(line) - 1);
	client_id_is(&h.c, "e=f;");
}

static void
replies_are_certain_again_after_a_gap(void **state)
{
	struct heard h;

	(void)state;
	start(&h, MAIL_SMTP);
	hear(&h, SERVER, "220 mx\r\n");
	hear(&h, CLIENT, "RSET\r\nNOOP\r\n");
	dialogue_gap(&h.d, CLIENT, 0);
	hear(&h, CLIENT, "\r\nSTARTTLS\r\n");
	hear(&h, SERVER, "250 ok\r\n250 ok\r\n503 no\r\n501 no\r\n");
	assert_int_equal(h.c.starttls, STARTTLS_UNKNOWN);
	hear(&h, CLIENT, "STARTTLS\r\n");
	hear(&h, SERVER, "501 no\r\n");
	assert_int_equal(h.c.starttls, STARTTLS_REFUSED);
}

static void
a_gap_ends_no_text(void **state)
{
	struct heard h;

	(void)state;
	start(&h, MAIL_SMTP);
	hear(&h, CLIENT, "DATA\r\n");
	hear(&h, SERVER, "354 go\r\n");
	hear(&h, CLIENT, "a\r\n");
	dialogue_gap(&h.d, CLIENT, 9);
	hear(&h, CLIENT, ".\r\nAUTH PLAIN c3dvcmRmaXNo\r\n.\r\nAUTH LOGIN\r\n");
	assert_string_equal(h.c.login_mechanism, "LOGIN");
	hear(&h, SERVER, "235 ok\r\n");
	assert_true(dialogue_is_over(&h.d));
}

static void
an_offer_is_believed_after_a_gap_and_its_lack_is_not(void **state)
{
	struct heard h;

	(void)state;
	start(&h, MAIL_SMTP);
	hear(&h, SERVER, "220 mx\r\n");
	hear(&h, CLIENT, "EHLO pc\r\n");
	dialogue_gap(&h.d, SERVER, 0);
	hear(&h, SERVER, "-x\r\n250-SIZE\r\n250 HELP\r\n");
	assert_int_equal(h.c.starttls, STARTTLS_UNKNOWN);
	dialogue_gap(&h.d, SERVER, 0);
	hear(&h, SERVER, "-x\r\n250-SIZE\r\n250-STARTTLS\r\n250 HELP\r\n");
	assert_int_equal(h.c.starttls, STARTTLS_OFFERED);
}

static void
a_list_with_a_gap_proves_no_lack(void **state)
{
	struct heard h;

	(void)state;
	start(&h, MAIL_POP3);
	hear(&h, SERVER, "+OK\r\n");
	hear(&h, CLIENT, "CAPA\r\n");
	dialogue_gap(&h.d, SERVER, 0);
	hear(&h, SERVER, "\r\nUSER\r\n.\r\n");
	assert_int_equal(h.c.starttls, STARTTLS_UNKNOWN);
	start(&h, MAIL_SIEVE);
	hear(&h, SERVER, "\"SASL\"\r\n");
	dialogue_gap(&h.d, SERVER, 0);
	hear(&h, SERVER, "\r\nOK\r\n");
	assert_int_equal(h.c.starttls, STARTTLS_UNKNOWN);
}

static void
a_login_that_was_accepted_ends_it(void **state)
{
	struct heard h;

	(void)state;
	start(&h, MAIL_POP3);
	hear(&h, SERVER, "+OK ready\r\n");
	hear(&h, CLIENT, "PASS swordfish\r\n");
	assert_false(dialogue_is_over(&h.d));
	hear(&h, SERVER, "+OK in\r\n\x16\x03\r\n");
	assert_true(dialogue_is_over(&h.d));
	assert_false(h.tls[SERVER]);
	hear(&h, CLIENT, "AUTH CRAM-MD5\r\n\x80");
	assert_string_equal(h.c.login_mechanism, "PASS");
	assert_int_equal(h.c.login_result, LOGIN_ACCEPTED);
}

static void
secrets_are_not_kept_while_they_are_said(void **state)
{
	static const struct {
		enum mail_protocol hint;
		const char *before, *server, *said;
	} cases[] = {
		{ MAIL_SMTP, "AUTH PLAIN swordfish", "", "" },
		{ MAIL_SMTP, "AUTH PLAIN\r\n", "334 \r\n", "swordfish" },
		{ MAIL_SMTP, "MAIL FROM:<swordfish", "", "" },
		{ MAIL_POP3, "USER swordfish", "", "" },
		{ MAIL_POP3, "PASS swordfish", "", "" },
		{ MAIL_POP3, "APOP x swordfish", "", "" },
		{ MAIL_POP3, "AUTH X\r\n", "+ \r\n", "swordfish" },
		{ MAIL_IMAP, "1 LOGIN \"swordfish", "", "" },
		{ MAIL_IMAP, "1 LOGIN {20+}\r\nswordfish", "", "" },
		{ MAIL_IMAP, "1 AUTHENTICATE X swordfish", "", "" },
		{ MAIL_IMAP, "1 AUTHENTICATE X\r\n", "+\r\n", "swordfish" },
		{ MAIL_SIEVE, "AUTHENTICATE \"X\" \"swordfish", "", "" },
		{ MAIL_SIEVE, "AUTHENTICATE \"X\" {20+}\r\nswordfish", "", "" },
		{ MAIL_SIEVE, "AUTHENTICATE \"X\"\r\n", "\"\"\r\n",
		    "\"swordfish" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct heard h;

		start(&h, cases[i].hint);
		hear(&h, CLIENT, cases[i].before);
		hear(&h, SERVER, cases[i].server);
		hear(&h, CLIENT, cases[i].said);
		no_secret_in(&h, sizeof(h), "swordfish");
	}
}

#define ADDRESS       "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
#define LONGEST_PROXY "PROXY UNKNOWN " ADDRESS " " ADDRESS " 65535 65535"

static void
a_proxy_line_is_not_talk(void **state)
{
	static const char *const lines[] = {
		"PROXY TCP4 192.0.2.1 192.0.2.2 56324 25\r\n",
		"PROXY TCP6 2001:db8::1 2001:db8::2 56324 25\r\n",
		"PROXY UNKNOWN\r\n",
		LONGEST_PROXY "\r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct heard h;

		start(&h, MAIL_SMTP);
		for (const char *c = lines[i]; *c != '\0'; c++) {
			say(&h, CLIENT, c, 1);
			assert_false(dialogue_spoke(&h.d, CLIENT));
		}
		say(&h, CLIENT, "P", 1);
		assert_false(dialogue_spoke(&h.d, CLIENT));
		say(&h, CLIENT, "A", 1);
		assert_true(dialogue_spoke(&h.d, CLIENT));
		assert_false(dialogue_spoke(&h.d, SERVER));
	}
}

static void
other_lines_are_talk(void **state)
{
	static const char *const lines[] = {
		"EHLO pc.example\r\n",
		"PROXY\r\n",
		"PROXY TCP5 192.0.2.1 192.0.2.2 56324 25\r\n",
		"proxy UNKNOWN\r\n",
		"PROXYUNKNOWN\r\n",
		LONGEST_PROXY " \r\n",
		"NOOP\r\nPROXY UNKNOWN\r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct heard h;

		start(&h, MAIL_SMTP);
		assert_false(dialogue_spoke(&h.d, CLIENT));
		hear(&h, CLIENT, lines[i]);
		assert_true(dialogue_spoke(&h.d, CLIENT));
	}
}

static void
a_server_speaks_with_its_first_byte(void **state)
{
	struct heard h;

	(void)state;
	start(&h, MAIL_SMTP);
	hear(&h, SERVER, "P");
	assert_true(dialogue_spoke(&h.d, SERVER));
	start(&h, MAIL_SMTP);
	dialogue_gap(&h.d, SERVER, 1);
	hear(&h, SERVER, "P");
	assert_false(dialogue_spoke(&h.d, SERVER));
}

static void
what_others_found_to_be_no_tls_stays(void **state)
{
	struct heard h;

	(void)state;
	start(&h, MAIL_SMTP);
	h.c.incomplete = INCOMPLETE_NOT_TLS | INCOMPLETE_GAP;
	hear(&h, CLIENT, "STARTTLS\r\n");
	hear(&h, SERVER, "220 go\r\n");
	hear(&h, CLIENT, "NOOP\r\n" HELLO);
	assert_int_equal(h.c.starttls, STARTTLS_USED);
	assert_int_equal(h.c.incomplete, INCOMPLETE_NOT_TLS | INCOMPLETE_GAP);
}

static void
a_name_is_cut_to_fit(void **state)
{
	char name[400];
	struct heard h;

	(void)state;
	memset(name, 'a', sizeof(name));
	start(&h, MAIL_SMTP);
	hear(&h, CLIENT, "EHLO ");
	say(&h, CLIENT, name, sizeof(name));
	hear(&h, CLIENT, " x\r\nHELO other\r\n");
	assert_int_equal(strlen(h.c.ehlo), 255);
	assert_memory_equal(h.c.ehlo, name, 255);
}

static void
a_line_without_end_is_no_burden(void **state)
{
	struct heard h;

	(void)state;
	start(&h, MAIL_IMAP);
	hear(&h, SERVER, "* OK [CAPABILITY");
	for (size_t i = 0; i < 70000; i++)
		hear(&h, SERVER, " x");
	hear(&h, SERVER, "\r\n* CAPABILITY STARTTLS\r\n");
	assert_int_equal(h.c.starttls, STARTTLS_OFFERED);
	start(&h, MAIL_SMTP);
	for (size_t i = 0; i < 1000; i++)
		hear(&h, CLIENT,
		    "NOOP 4567890123456789012345678901234567890"
		    "12345678901234567890123456789012345678901");
	hear(&h, CLIENT, "\r\nSTARTTLS\r\n");
	hear(&h, SERVER, "250 ok\r\n502 no\r\n");
	assert_int_equal(h.c.starttls, STARTTLS_REFUSED);
}

static void
more_commands_than_can_be_counted(void **state)
{
	struct heard h;

	(void)state;
	start(&h, MAIL_LMTP);
	for (size_t i = 0; i < 66000; i++)
		hear(&h, CLIENT, "RCPT TO:<x>\r\n");
	for (size_t i = 0; i < 66000; i++)
		hear(&h, SERVER, "250-x\r\n");
	for (size_t i = 0; i < 66000; i++)
		hear(&h, SERVER, "250 x\r\n");
	for (size_t i = 0; i < 66000; i++) {
		hear(&h, CLIENT, "RCPT TO:<x>\r\n");
		hear(&h, SERVER, "250 x\r\n");
	}
	hear(&h, CLIENT, "STARTTLS\r\n");
	hear(&h, SERVER, "502 no\r\n");
	assert_int_equal(h.c.starttls, STARTTLS_REFUSED);
	start(&h, MAIL_SIEVE);
	for (size_t i = 0; i < 66000; i++)
		hear(&h, SERVER, "\"x\"\r\n");
	hear(&h, SERVER, "OK\r\n");
	assert_int_equal(h.c.starttls, STARTTLS_NOT_OFFERED);
}

static void
what_is_said_before_the_consent_is_text_too(void **state)
{
	struct heard h;

	(void)state;
	start(&h, MAIL_SMTP);
	hear(&h, CLIENT, "DATA\r\nAUTH ");
	hear(&h, SERVER, "354 go\r\n");
	hear(&h, CLIENT, ".\r\nAUTH PLAIN\r\n.\r\n");
	assert_false(h.c.login);
	hear(&h, CLIENT, "BDAT 20\r\nabc");
	hear(&h, SERVER, "250 ok\r\n354 what?\r\n");
	hear(&h, CLIENT, "AUTH PLAIN x\r\nabcAUTH LOGIN\r\n");
	assert_string_equal(h.c.login_mechanism, "LOGIN");
}

static void
a_client_speaks_when_it_is_not_a_proxy(void **state)
{
	static const char *const parts[] = { "X", "PROX ", "PROXYU", "NOOP x" };

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct heard h;

		start(&h, MAIL_SMTP);
		hear(&h, CLIENT, parts[i]);
		assert_true(dialogue_spoke(&h.d, CLIENT));
	}
}

static void
a_dialogue_is_small(void **state)
{
	(void)state;
	assert_true(sizeof(struct dialogue) <= 900);
}

enum {
	TALKS = sizeof(talks) / sizeof(talks[0]),
};

int
main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(bytes_after_the_grant_are_left_for_tls),
		cmocka_unit_test(only_the_start_of_a_line_is_odd),
		cmocka_unit_test(tls_may_start_behind_a_gap),
		cmocka_unit_test(nobody_asked_for_tls_that_comes_first),
		cmocka_unit_test(talk_in_no_protocol_leads_nowhere),
		cmocka_unit_test(a_gap_within_a_chunk_loses_nothing),
		cmocka_unit_test(tls_may_start_behind_a_chunk_that_a_gap_ended),
		cmocka_unit_test(a_gap_beyond_a_chunk_waits_for_a_line),
		cmocka_unit_test(a_gap_in_a_client_id_costs_its_field),
		cmocka_unit_test(a_zero_in_a_client_id_costs_its_field),
		cmocka_unit_test(replies_are_certain_again_after_a_gap),
		cmocka_unit_test(a_gap_ends_no_text),
		cmocka_unit_test(
		    an_offer_is_believed_after_a_gap_and_its_lack_is_not),
		cmocka_unit_test(a_list_with_a_gap_proves_no_lack),
		cmocka_unit_test(a_login_that_was_accepted_ends_it),
		cmocka_unit_test(secrets_are_not_kept_while_they_are_said),
		cmocka_unit_test(a_proxy_line_is_not_talk),
		cmocka_unit_test(other_lines_are_talk),
		cmocka_unit_test(a_server_speaks_with_its_first_byte),
		cmocka_unit_test(what_others_found_to_be_no_tls_stays),
		cmocka_unit_test(a_name_is_cut_to_fit),
		cmocka_unit_test(a_line_without_end_is_no_burden),
		cmocka_unit_test(more_commands_than_can_be_counted),
		cmocka_unit_test(what_is_said_before_the_consent_is_text_too),
		cmocka_unit_test(a_client_speaks_when_it_is_not_a_proxy),
		cmocka_unit_test(a_dialogue_is_small),
	};
	size_t count = sizeof(others) / sizeof(others[0]);
	struct CMUnitTest tests[TALKS + sizeof(others) / sizeof(others[0])] = {
		{ 0 }
	};

	for (size_t i = 0; i < TALKS; i++) {
		tests[i].name = talks[i].name;
		tests[i].test_func = ends_as_scripted;
		tests[i].initial_state = (void *)(uintptr_t)&talks[i];
	}
	memcpy(tests + TALKS, others, sizeof(others));
	return _cmocka_run_group_tests(
	    "dialogue", tests, TALKS + count, NULL, NULL);
}
