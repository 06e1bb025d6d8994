/* SPDX-License-Identifier: ISC */
/*
 * The first bytes of a stream.  What can start one is a row: a range for each
 * of the leading bytes, and a function that judges the lengths behind them.
 * Bytes that fit no row begin nothing that we read.
 *
 * TLS records: RFC 5246 6.2.1 and 7.4; SSL 2.0: draft-hickman-netscape-ssl-00,
 * RFC 5246 appendix E.2; PROXY: its version 2, section 2.2.
 */
#include "dissect/sniff.h"

#include "dissect/record.h"

enum {
	HANDSHAKE_HEADER_LEN = 4,
	SSLV2_CHALLENGE_MIN = 16,
	SSLV2_CHALLENGE_MAX = 32,
	SSLV2_SESSION_ID_LEN = 16,
	SSLV2_CLIENT_HELLO_FIXED = 9, /* before its vectors */
	SSLV2_SERVER_HELLO_FIXED = 11,
	PROXY_LENGTH_AT = 14,
};

/* Messages that begin a handshake, and how long they can be: all vectors
 * empty, all vectors full. */
static const struct {
	enum side side;
	uint8_t type;
	uint32_t min, max;
} hellos[] = {
	{ SERVER, 0, 0, 0 },       /* HelloRequest */
	{ CLIENT, 1, 34, 131396 }, /* ClientHello, at least up to its random */
	{ SERVER, 2, 36, 65607 },  /* ServerHello, drafts of TLS 1.3 included */
};

static bool
is_hello(enum side side, uint8_t type, uint32_t len, bool len_known)
{
	for (size_t i = 0; i < sizeof(hellos) / sizeof(hellos[0]); i++)
		if (hellos[i].side == side && hellos[i].type == type)
			return !len_known ||
			       (len >= hellos[i].min && len <= hellos[i].max);
	return false;
}

/* A message may be cut into records of any size: where not even its header is
 * whole, the type has to do. */
static enum sniff
handshake(enum side side, struct bytes body, size_t record_len)
{
	bool whole = record_len >= HANDSHAKE_HEADER_LEN;
	uint8_t type;
	uint32_t len;

	if (body.len < (whole ? HANDSHAKE_HEADER_LEN : 1u))
		return SNIFF_MORE;
	type = bytes_u8(&body);
	len = bytes_u24(&body);
	return is_hello(side, type, len, whole) ? SNIFF_TLS : SNIFF_TLS_MIDDLE;
}

/* An alert in the clear has two bytes, an encrypted one always more. */
static enum sniff
alert(struct bytes body)
{
	uint8_t level = bytes_u8(&body);

	if (!bytes_ok(body))
		return SNIFF_MORE;
	return level == 1 || level == 2 ? SNIFF_TLS : SNIFF_NOTHING;
}

static enum sniff
tls(enum side side, struct bytes head)
{
	uint8_t type = bytes_u8(&head);
	size_t len;

	bytes_u16(&head); /* version */
	len = bytes_u16(&head);
	if (!bytes_ok(head))
		return SNIFF_MORE;
	if (len == 0 || len > RECORD_LEN_MAX)
		return SNIFF_NOTHING;
	if (type == RECORD_HANDSHAKE)
		return handshake(side, head, len);
	if (type == RECORD_ALERT && len == 2)
		return alert(head);
	return SNIFF_TLS_MIDDLE;
}

/* skip_sslv2_header returns the length of the body; no hello has padding. */
static size_t
skip_sslv2_header(struct bytes *head)
{
	uint16_t word = bytes_u16(head);

	if (word < 0x8000)
		bytes_u8(head); /* padding */
	return word & 0x7fff;
}

static enum sniff
sslv2_client(enum side side, struct bytes head)
{
	size_t len = skip_sslv2_header(&head);
	size_t specs, session_id, challenge;

	(void)side;
	bytes_u24(&head); /* type, version */
	specs = bytes_u16(&head);
	session_id = bytes_u16(&head);
	challenge = bytes_u16(&head);
	if (!bytes_ok(head))
		return SNIFF_MORE;
	if (specs == 0 || specs % 3 != 0 ||
	    (session_id != 0 && session_id != SSLV2_SESSION_ID_LEN) ||
	    challenge < SSLV2_CHALLENGE_MIN || challenge > SSLV2_CHALLENGE_MAX)
		return SNIFF_NOTHING;
	if (SSLV2_CLIENT_HELLO_FIXED + specs + session_id + challenge != len)
		return SNIFF_NOTHING;
	return SNIFF_SSLV2;
}

static enum sniff
sslv2_server(enum side side, struct bytes head)
{
	size_t len = skip_sslv2_header(&head);
	size_t certificate, specs, connection_id;

	(void)side;
	bytes_u24(&head); /* type, session id hit, certificate type */
	bytes_u16(&head); /* version */
	certificate = bytes_u16(&head);
	specs = bytes_u16(&head);
	connection_id = bytes_u16(&head);
	if (!bytes_ok(head))
		return SNIFF_MORE;
	if (specs % 3 != 0 || connection_id == 0 ||
	    connection_id > SSLV2_CHALLENGE_MAX)
		return SNIFF_NOTHING;
	if (SSLV2_SERVER_HELLO_FIXED + certificate + specs + connection_id !=
	    len)
		return SNIFF_NOTHING;
	return SNIFF_SSLV2;
}

static enum sniff
sslv2_error(enum side side, struct bytes head)
{
	(void)side;
	(void)head;
	return SNIFF_SSLV2;
}

static enum sniff
proxy(enum side side, struct bytes head)
{
	(void)side;
	return head.len < SNIFF_LEN ? SNIFF_MORE : SNIFF_PROXY;
}

/*
 * SSL 2.0 headers of two bytes have their first bit set, those of three say
 * here that there is no padding and are kept short enough not to start as a
 * line can.  0x4800 is RECORD_LEN_MAX.
 */
static const struct {
	bool from[2];    /* by enum side */
	size_t len;      /* bytes that have a range */
	const char *low; /* the least and the greatest value of each */
	const char *high;
	enum sniff (*judge)(enum side side, struct bytes head);
} rows[] = {
	/* clang-format off */
	{ { true, true }, 4,
	    "\x14\x03\x00\x00",
	    "\x18\x03\x04\x48", tls },
	{ { true, false }, 5,
	    "\x80\x00\x01\x00\x02",
	    "\xff\xff\x01\x00\x02", sslv2_client },
	{ { true, false }, 5,
	    "\x80\x00\x01\x03\x00",
	    "\xff\xff\x01\x03\x04", sslv2_client },
	{ { true, false }, 6,
	    "\x00\x00\x00\x01\x00\x02",
	    "\x08\xff\x00\x01\x00\x02", sslv2_client },
	{ { true, false }, 6,
	    "\x00\x00\x00\x01\x03\x00",
	    "\x08\xff\x00\x01\x03\x04", sslv2_client },
	{ { false, true }, 7,
	    "\x80\x00\x04\x00\x00\x00\x02",
	    "\xff\xff\x04\x01\x01\x00\x02", sslv2_server },
	{ { false, true }, 8,
	    "\x00\x00\x00\x04\x00\x00\x00\x02",
	    "\x08\xff\x00\x04\x01\x01\x00\x02", sslv2_server },
	{ { false, true }, 5,
	    "\x80\x03\x00\x00\x01",
	    "\x80\x03\x00\x00\x06", sslv2_error },
	{ { true, false }, 13,
	    "\r\n\r\n\0\r\nQUIT\n\x20",
	    "\r\n\r\n\0\r\nQUIT\n\x21", proxy },
	/* clang-format on */
};

/* in_range tells whether all of `head` that the ranges cover lies in them. */
static bool
in_range(struct bytes head, const char *low, const char *high, size_t len)
{
	for (size_t i = 0; i < len && head.len > 0; i++) {
		uint8_t c = bytes_u8(&head);

		if (c < (uint8_t)low[i] || c > (uint8_t)high[i])
			return false;
	}
	return true;
}

enum sniff
sniff_head(enum side side, struct bytes head)
{
	enum sniff answer = SNIFF_NOTHING;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum sniff one = SNIFF_MORE;

		if (!rows[i].from[side] ||
		    !in_range(head, rows[i].low, rows[i].high, rows[i].len))
			continue;
		if (head.len >= rows[i].len)
			one = rows[i].judge(side, head);
		if (one != SNIFF_NOTHING)
			answer = one;
		if (one > SNIFF_MORE && one < SNIFF_NOTHING)
			break;
	}
	return answer;
}

enum side
sniff_side(struct bytes payload, enum side guess)
{
	static const char *const greetings[] = { "220", "* OK", "* BYE", "+OK",
		"* PREAUTH", "\"IMPLEMENTATION\"" };
	struct bytes head = bytes_of(
	    payload.data, payload.len < SNIFF_LEN ? payload.len : SNIFF_LEN);
	enum sniff as_client = sniff_head(CLIENT, head);

	if (as_client == SNIFF_TLS || as_client == SNIFF_SSLV2)
		return CLIENT;
	if (sniff_head(SERVER, head) == SNIFF_TLS)
		return SERVER;
	for (size_t i = 0; i < sizeof(greetings) / sizeof(greetings[0]); i++) {
		size_t len = strlen(greetings[i]);

		if (payload.len >= len &&
		    memcmp(payload.data, greetings[i], len) == 0)
			return SERVER;
	}
	return guess;
}

size_t
sniff_proxy_len(struct bytes head)
{
	bytes_take(&head, PROXY_LENGTH_AT);
	return SNIFF_LEN + (size_t)bytes_u16(&head);
}

bool
sniff_starts_line(uint8_t c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\r' || c == '\n' || c == '\t';
}
