/* SPDX-License-Identifier: ISC */
/*
 * Up to TLS 1.2 application data has a type of its own on the wire.  In 1.3
 * (RFC 9846 5.2) all that is protected looks alike, but the client's Finished
 * has a length that depends on the hash alone, and behind it there is only
 * what the client says itself.  What the server sends then may be tickets as
 * well as a greeting, so there its word proves nothing.
 */
#include "dissect/turn.h"

enum {
	AES_256_GCM_SHA384 = 0x1302, /* the suites of TLS 1.3, RFC 9846 B.4 */
	AES_128_CCM_8_SHA256 = 0x1305,
	HEADER_LEN = 4, /* of a handshake message */
	TYPE_LEN = 1,   /* of the content, behind it */
	TAG_LEN = 16,
	SHORT_TAG_LEN = 8,
	ALERT_LEN = 2,
	FLIGHT_MAX = 6, /* certificate, its proof, Finished, each cut in two */
};

/* protected_len returns how long a record is that protects `len` bytes. */
static size_t
protected_len(const struct connection *c, size_t len)
{
	bool tag_is_short = c->answer.cipher == AES_128_CCM_8_SHA256;

	return len + TYPE_LEN + (tag_is_short ? SHORT_TAG_LEN : TAG_LEN);
}

static bool
is_finished(const struct connection *c, size_t len)
{
	size_t hash = c->answer.cipher == AES_256_GCM_SHA384 ? 48 : 32;

	return len == protected_len(c, HEADER_LEN + hash);
}

static void
note_13(
    struct turn *turn, const struct connection *c, enum side side, size_t len)
{
	if (side == SERVER) {
		turn->answered = turn->finished;
	} else if (turn->finished) {
		if (len > protected_len(c, ALERT_LEN))
			turn->first =
			    turn->answered ? TURN_SERVER : TURN_CLIENT;
	} else if (is_finished(c, len)) {
		turn->finished = true;
	} else if (++turn->flight > FLIGHT_MAX) {
		turn->first = TURN_UNCLEAR;
	}
}

static void
decide(struct turn *turn, const struct connection *c, enum side side,
    size_t len, bool uncertain)
{
	if (uncertain)
		turn->first = TURN_UNCLEAR;
	else if (c->answer.version == TLS_1_3)
		note_13(turn, c, side, len);
	else if (c->change_cipher[side])
		turn->first = side == CLIENT ? TURN_CLIENT : TURN_SERVER;
}

void
turn_note(struct turn *turn, const struct connection *c, enum side side,
    size_t len, bool uncertain)
{
	if (!c->answer.seen)
		return;
	if (uncertain)
		turn->rhythm.lost = true;
	if (turn->first == TURN_NONE)
		decide(turn, c, side, len, uncertain);
	if (turn->first == TURN_SERVER)
		rhythm_note(&turn->rhythm, c, side, len);
}
