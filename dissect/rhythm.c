/* SPDX-License-Identifier: ISC */
/*
 * The lengths are those of RFC 5321 4.1 and 4.2 and RFC 4954 4 (SMTP), RFC 9051
 * 6 and 7 (IMAP), RFC 1939 5 and RFC 5034 4 (POP3), with CR and LF:
 *
 *	6	a command of POP3 without argument, CAPA or STAT; or DATA or
 *		QUIT in SMTP; in IMAP there is a tag before each, which makes
 *		for 8 at the least
 *	4	"+ ", which asks for more in IMAP and POP3
 *	5	"+OK" alone: replies in SMTP and IMAP have more
 *	6	"334 ", which asks for more in SMTP
 *	12	AUTH PLAIN or AUTH LOGIN in SMTP and POP3
 *	18	"334 " with "Username:" or "Password:" in base64, for AUTH LOGIN
 *
 * A program that probes may say QUIT to whatever it meets, so that alone proves
 * nothing.
 */
#include "dissect/rhythm.h"

#include "dissect/names.h"

enum {
	WORD_LEN = 6,      /* of a command without argument */
	SHORTEST_LEN = 8,  /* of one with an argument: EHLO and a letter */
	MORE_LEN = 4,      /* "+ " */
	MORE_SMTP_LEN = 6, /* "334 " */
	OK_LEN = 5,
	AUTH_LEN = 12,
	CHALLENGE_LEN = 18,
	/* AUTHENTICATE, in IMAP, with PLAIN and the shortest of tags.  As long
	 * names of mechanisms, in POP3, a client knows by CAPA. */
	AUTHENTICATE_LEN = 22,
	AUTH_TURNS = 6, /* to log in is among the client's first commands */
	/* IMAP: how much longer CAPABILITY is than LOGOUT, how long it is with a
	 * tag of two letters, and what it is answered by, at the least. */
	CAPABILITY_MORE = 4,
	CAPABILITY_LEN = 15,
	CAPABILITIES_LEN = 40,
	LOGOUT_REPLY_LEN = 20,
	/* SMTP: what is before DATA (EHLO, MAIL, RCPT), its answers, a mail. */
	DATA_TURN = 6,
	REPLY_MIN = 8,
	REPLY_MAX = 200,
	MAIL_LEN = 20,
};

enum {
	EXPLICIT_NONCE_LEN = 8, /* RFC 5288 3 */
	TAG_LEN = 16,
	SHORT_TAG_LEN = 8,
	TYPE_LEN = 1, /* of the content, TLS 1.3 */
	ALERT_LEN = 2,
	MD5_LEN = 16,
	SHA1_LEN = 20,
};

/* overhead returns how much longer a record is than what it holds, or 0 where
 * that varies. */
static size_t
overhead(const struct connection *c)
{
	uint32_t suite = c->answer.cipher;
	size_t tag = names_cipher_has(suite, "CCM_8") ? SHORT_TAG_LEN : TAG_LEN;

	if (c->answer.version == TLS_1_3)
		return tag + TYPE_LEN;
	if (names_cipher_has(suite, "_GCM_") || names_cipher_has(suite, "_CCM"))
		return tag + EXPLICIT_NONCE_LEN;
	if (names_cipher_has(suite, "CHACHA20"))
		return tag;
	if (names_cipher_has(suite, "RC4_128_MD5"))
		return MD5_LEN;
	return names_cipher_has(suite, "RC4_128_SHA") ? SHA1_LEN : 0;
}

void
rhythm_note(struct rhythm *rhythm, const struct connection *c, enum side side,
    size_t len)
{
	size_t more = overhead(c), turn = rhythm->count;

	if (rhythm->lost)
		return;
	if (more == 0 || len < more) {
		rhythm->lost = true;
		return;
	}
	len -= more;
	if (len == 0 || (c->answer.version == TLS_1_3 && len == ALERT_LEN))
		return; /* nothing is said, or something about TLS */
	if (turn % 2 == (side == CLIENT ? 0 : 1)) {
		if (turn == RHYTHM_TURNS_MAX) {
			rhythm->lost = true;
			return;
		}
		rhythm->lens[rhythm->count++] = 0;
	} else if (turn == 0) {
		return; /* still the greeting */
	} else {
		turn--;
	}
	rhythm->lens[turn] = (uint16_t)(rhythm->lens[turn] + len < UINT16_MAX
					    ? rhythm->lens[turn] + len
					    : UINT16_MAX);
}

/* --- what tells ------------------------------------------------------------ */

/* All of these look at the first `count` turns, which are whole. */

static size_t
count_words(const uint16_t *lens, size_t count)
{
	size_t words = 0;

	for (size_t i = 0; i < count; i += 2)
		words += lens[i] == WORD_LEN;
	return words;
}

/* is_pop3: CAPA, something else, and another word; or "+OK" after USER. */
static bool
is_pop3(const uint16_t *lens, size_t count)
{
	size_t words = count_words(lens, count);

	if (count < 3)
		return false;
	if (lens[0] >= SHORTEST_LEN && lens[1] == OK_LEN)
		return true;
	return lens[0] == WORD_LEN && words > 1 && words < (count + 1) / 2;
}

/* by_login returns what it is by how the client logs in, beginning with turn
 * `i`. */
static enum mail_protocol
by_login(const uint16_t *lens, size_t count, size_t i)
{
	if (lens[i + 1] == MORE_LEN) {
		if (lens[i] == AUTH_LEN)
			return MAIL_POP3;
		if (lens[i] >= AUTHENTICATE_LEN &&
		    count_words(lens, count) == 0)
			return MAIL_IMAP;
	}
	if (lens[i] == AUTH_LEN && lens[i + 1] == MORE_SMTP_LEN)
		return MAIL_SMTP;
	if (lens[i] == AUTH_LEN && lens[i + 1] == CHALLENGE_LEN &&
	    i + 3 < count && lens[i + 3] == CHALLENGE_LEN)
		return MAIL_SMTP;
	return MAIL_UNKNOWN;
}

static bool
is_reply(uint16_t len)
{
	return len >= REPLY_MIN && len <= REPLY_MAX;
}

/* is_data tells whether turn `i` may be DATA, with a mail and another word
 * after it. */
static bool
is_data(const uint16_t *lens, size_t count, size_t i)
{
	return i + 4 < count && lens[0] >= SHORTEST_LEN &&
	       lens[i] == WORD_LEN && count_words(lens, i) == 0 &&
	       is_reply(lens[i + 1]) && lens[i + 2] >= MAIL_LEN &&
	       is_reply(lens[i + 3]) && lens[i + 4] == WORD_LEN;
}

/* is_logout tells whether it begins with CAPABILITY and ends with LOGOUT, which
 * has the same tag. */
static bool
is_logout(const uint16_t *lens, size_t count)
{
	return count >= 6 && count % 2 == 0 && lens[0] >= CAPABILITY_LEN &&
	       lens[1] >= CAPABILITIES_LEN &&
	       lens[count - 2] + CAPABILITY_MORE == lens[0] &&
	       lens[count - 1] >= LOGOUT_REPLY_LEN;
}

enum mail_protocol
rhythm_protocol(const struct rhythm *rhythm, bool ended)
{
	const uint16_t *lens = rhythm->lens;
	size_t count = rhythm->count;

	if (!ended && count > 0)
		count--; /* the last may go on */
	if (is_pop3(lens, count))
		return MAIL_POP3;
	for (size_t i = 0; i + 1 < count && i < AUTH_TURNS; i += 2) {
		enum mail_protocol protocol = by_login(lens, count, i);

		if (protocol != MAIL_UNKNOWN)
			return protocol;
	}
	for (size_t i = DATA_TURN; i < count; i += 2)
		if (is_data(lens, count, i))
			return MAIL_SMTP;
	return ended && !rhythm->lost && is_logout(lens, count) ? MAIL_IMAP
								: MAIL_UNKNOWN;
}
