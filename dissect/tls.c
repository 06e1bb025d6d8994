/* SPDX-License-Identifier: ISC */
/*
 * Records are streamed: only a handshake message that is of interest and does
 * not come in one run is held, up to its bound.  After ChangeCipherSpec, or
 * the ServerHello of TLS 1.3, handshake records can not be read and are not.
 */
#include "dissect/tls.h"

#include "dissect/hello.h"
#include "dissect/limits.h"
#include "dissect/sslv2.h"

enum {
	HELLO_REQUEST = 0, /* HandshakeType, RFC 5246 7.4, RFC 8446 4 */
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	CERTIFICATE = 11,
	SERVER_KEY_EXCHANGE = 12,
	CERTIFICATE_REQUEST = 13,
	SERVER_HELLO_DONE = 14,

	ALERT_WARNING = 1,
	ALERT_FATAL = 2,
};

/* What a handler of a message gets. */
struct message {
	struct tls *tls;
	struct connection *c;
	const struct tools *tools;
	enum side side;
	struct bytes body;
	bool whole;
};

static void
note_established(struct tls *tls, struct connection *c)
{
	if (!c->answer.seen || tls->failed)
		return;
	if (c->answer.version == TLS_1_3)
		c->answer.established =
		    tls->protected_data[CLIENT] && tls->protected_data[SERVER];
	else if (c->answer.version == SSL_2_0)
		c->answer.established =
		    tls->master_key[CLIENT] && tls->master_key[SERVER];
	else
		c->answer.established =
		    c->change_cipher[CLIENT] && c->change_cipher[SERVER];
}

/* digest folds a random into 64 bits, not 0 (FNV-1a) */
static uint64_t
digest(struct bytes random)
{
	uint64_t hash = 0xcbf29ce484222325u;

	while (random.len > 0)
		hash = (hash ^ bytes_u8(&random)) * 0x100000001b3u;
	return hash != 0 ? hash : 1;
}

static void
take_client_hello(struct message *m, const struct client_hello *hello)
{
	struct tls *tls = m->tls;

	if (m->c->offer.seen)
		return; /* the second, after HelloRetryRequest */
	m->c->tls = true;
	hello_offer(hello, &m->c->offer);
	tls->client_random = digest(hello->random);
	tls->session_id_len = (uint8_t)bytes_copy(
	    hello->session_id, tls->session_id, sizeof(tls->session_id));
	if (m->tools->hooks->client_hello != NULL)
		m->tools->hooks->client_hello(
		    m->tools->hooks->arg, m->c, hello);
}

static void
read_client_hello(struct message *m)
{
	struct client_hello hello;

	if (m->whole && hello_client(m->body, &hello))
		take_client_hello(m, &hello);
}

/* is_resumed: RFC 5246 7.4.1.3, RFC 5077 3.4, RFC 8446 4.2.11 */
static bool
is_resumed(const struct tls *tls, const struct server_hello *hello)
{
	if (hello->version == TLS_1_3)
		return hello->pre_shared_key;
	return hello->session_id.len > 0 &&
	       bytes_equal(hello->session_id,
		   bytes_of(tls->session_id, tls->session_id_len));
}

static void
take_server_hello(struct message *m, const struct server_hello *hello)
{
	struct answer *answer = &m->c->answer;

	m->c->tls = true;
	if (hello->hello_retry) {
		answer->hello_retry = true;
		return;
	}
	if (answer->seen)
		return;
	answer->seen = true;
	answer->version = hello->version;
	answer->draft = hello->draft;
	answer->cipher = hello->cipher;
	answer->group = hello->group;
	answer->sentinel = hello->sentinel;
	answer->resumed = is_resumed(m->tls, hello);
	if (answer->version == TLS_1_3)
		m->tls->side[CLIENT].encrypted =
		    m->tls->side[SERVER].encrypted = true;
	if (hello->alpn.len < sizeof(answer->next_protocol))
		bytes_copy(hello->alpn, answer->next_protocol,
		    sizeof(answer->next_protocol) - 1);
	if (m->tools->hooks->server_hello != NULL)
		m->tools->hooks->server_hello(
		    m->tools->hooks->arg, m->c, hello);
}

static void
read_server_hello(struct message *m)
{
	struct server_hello hello;

	if (m->whole && hello_server(m->body, &hello))
		take_server_hello(m, &hello);
}

static void
read_certificate(struct message *m)
{
	struct bytes body = m->body, list;
	uint32_t len = bytes_u24(&body);

	list = bytes_take(&body, len < body.len ? len : body.len);
	if (list.len == 0)
		return;
	if (m->side == CLIENT)
		m->c->client_certificate = CLIENT_CERTIFICATE_SENT;
	if (m->tools->hooks->certificate != NULL)
		m->tools->hooks->certificate(
		    m->tools->hooks->arg, m->c, m->side, list);
}

static void
read_key_exchange(struct message *m)
{
	if (m->c->answer.seen && m->c->answer.group == 0)
		m->c->answer.group =
		    hello_key_exchange_group(m->body, m->c->answer.cipher);
}

static void
read_certificate_request(struct message *m)
{
	m->c->client_certificate = CLIENT_CERTIFICATE_REQUESTED;
}

static void
read_server_hello_done(struct message *m)
{
	m->tls->server_hello_done = true;
	if (m->c->client_certificate == CLIENT_CERTIFICATE_NOT_SEEN)
		m->c->client_certificate = CLIENT_CERTIFICATE_NONE;
}

static const struct kind {
	uint8_t type;
	enum side from;
	uint32_t keep; /* this much of it is needed */
	bool hello;    /* believed even after bytes were missing */
	void (*read)(struct message *m);
} kinds[] = {
	{ CLIENT_HELLO, CLIENT, LIMIT_HELLO, true, read_client_hello },
	{ SERVER_HELLO, SERVER, LIMIT_HELLO, true, read_server_hello },
	{ CERTIFICATE, SERVER, LIMIT_CERTIFICATES, false, read_certificate },
	{ CERTIFICATE, CLIENT, LIMIT_CERTIFICATES, false, read_certificate },
	{ SERVER_KEY_EXCHANGE, SERVER, LIMIT_KEY_EXCHANGE, false,
	    read_key_exchange },
	{ CERTIFICATE_REQUEST, SERVER, 0, false, read_certificate_request },
	{ SERVER_HELLO_DONE, SERVER, 0, false, read_server_hello_done },
};

static const struct kind *
kind_of(const struct tls_side *s, enum side side)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].type == s->header[0] && kinds[i].from == side)
			return kinds[i].hello || !s->uncertain ? &kinds[i]
							       : NULL;
	return NULL;
}

/* keep holds the part of `run` that is needed until the rest has come. */
static void
keep(struct tls_side *s, const struct kind *kind, struct message *m,
    struct bytes run)
{
	uint32_t have = s->len - s->left;

	if (kind == NULL || s->dropped || have >= kind->keep)
		return;
	run = bytes_take(
	    &run, run.len < kind->keep - have ? run.len : kind->keep - have);
	if (chain_append(&s->message, m->tools->pool, have, 0, run))
		return;
	s->dropped = true;
	chain_free(&s->message, m->tools->pool);
	m->tools->stats->messages_dropped++;
	m->c->incomplete |= INCOMPLETE_OVERFLOW;
}

static void
finish_message(struct tls_side *s, const struct kind *kind, struct message *m)
{
	s->header_have = 0;
	if (kind == NULL || s->dropped)
		return;
	m->whole = m->body.len == s->len;
	kind->read(m);
}

/* read_body takes what `piece` has of the message at hand. */
static void
read_body(struct tls_side *s, struct message *m, struct bytes *piece)
{
	const struct kind *kind = kind_of(s, m->side);
	struct bytes run =
	    bytes_take(piece, piece->len < s->left ? piece->len : s->left);

	if (run.len == s->len) {
		m->body = run;
		finish_message(s, kind, m);
		return;
	}
	keep(s, kind, m, run);
	s->left -= (uint32_t)run.len;
	if (s->left > 0)
		return;
	m->body = chain_gather(
	    &s->message, m->tools->pool, m->tools->scratch, LIMIT_CERTIFICATES);
	finish_message(s, kind, m);
	chain_free(&s->message, m->tools->pool);
}

/* begin_message takes the header of a message; true once it is whole. */
static bool
begin_message(struct tls_side *s, struct bytes *piece)
{
	struct bytes header;

	while (s->header_have < sizeof(s->header)) {
		if (piece->len == 0)
			return false;
		s->header[s->header_have++] = bytes_u8(piece);
		if (s->header_have < sizeof(s->header))
			continue;
		header = bytes_of(s->header, sizeof(s->header));
		bytes_u8(&header);
		s->len = s->left = bytes_u24(&header);
		s->dropped = false;
	}
	return piece->len > 0 || s->len == 0;
}

static void
read_handshake(struct tls_side *s, struct message *m, struct bytes piece)
{
	while (piece.len > 0 && !s->encrypted)
		if (begin_message(s, &piece))
			read_body(s, m, &piece);
}

static void
read_change_cipher(struct tls *tls, struct connection *c, enum side side)
{
	const struct answer *answer = &c->answer;

	if (!answer->seen && answer->hello_retry)
		return; /* for middleboxes, RFC 8446 D.4 */
	if (answer->seen && answer->version == TLS_1_3)
		return;
	c->change_cipher[side] = true;
	tls->side[side].encrypted = true;
	if (side == SERVER && answer->seen && !tls->server_hello_done &&
	    !tls->side[SERVER].uncertain)
		c->answer.resumed = true; /* RFC 5077 3.1: by ticket */
	note_established(tls, c);
}

static void
read_alert(struct tls *tls, struct connection *c, enum side side,
    const struct record *record)
{
	struct tls_side *s = &tls->side[side];
	struct bytes piece = record->piece;

	if (record->len != sizeof(s->alert))
		return; /* protected */
	if (record->first)
		s->alert_have = 0;
	while (piece.len > 0)
		s->alert[s->alert_have++ % 2] = bytes_u8(&piece);
	if (!record->last ||
	    (s->alert[0] != ALERT_WARNING && s->alert[0] != ALERT_FATAL))
		return;
	if (s->alert[0] == ALERT_FATAL)
		tls->failed = true;
	if (c->alert_count < CONNECTION_ALERTS_MAX)
		c->alerts[c->alert_count++] =
		    (struct alert){ (uint8_t)side, s->alert[0], s->alert[1] };
}

static void
read_protected(struct tls *tls, struct connection *c, enum side side,
    const struct record *record)
{
	if (!record->first || !c->answer.seen)
		return;
	turn_note(&tls->turn, c, side, record->len, tls->side[side].uncertain);
	if (c->answer.version != TLS_1_3)
		return;
	if (side == SERVER || record->len >= LIMIT_FINISHED_13)
		tls->protected_data[side] = true;
	note_established(tls, c);
}

static void
read_record(struct message *m, const struct record *record)
{
	switch (record->type) {
	case RECORD_HANDSHAKE:
		read_handshake(&m->tls->side[m->side], m, record->piece);
		break;
	case RECORD_CHANGE_CIPHER_SPEC:
		if (record->first)
			read_change_cipher(m->tls, m->c, m->side);
		break;
	case RECORD_ALERT:
		read_alert(m->tls, m->c, m->side, record);
		break;
	case RECORD_APPLICATION_DATA:
		read_protected(m->tls, m->c, m->side, record);
		break;
	default:
		break;
	}
}

bool
tls_feed(struct tls *tls, struct connection *c, const struct tools *tools,
    enum side side, struct bytes data)
{
	struct message m = { tls, c, tools, side, { NULL, 0 }, false };
	struct record record;

	for (;;) {
		enum progress progress =
		    record_next(&tls->side[side].reader, &data, &record);

		if (progress != DONE)
			return progress == MORE;
		read_record(&m, &record);
	}
}

/* sslv2_hello takes a hello of either side, and returns the version that the
 * connection goes on in, or 0. */
static uint16_t
sslv2_hello(struct message *m)
{
	struct client_hello client;
	struct server_hello server;

	if (m->side == CLIENT && sslv2_client_hello(m->body, &client)) {
		take_client_hello(m, &client);
		return client.legacy_version;
	}
	if (m->side == SERVER && sslv2_server_hello(m->body, &server)) {
		take_server_hello(m, &server);
		return server.version;
	}
	return 0;
}

/* sslv2_record takes one record of SSL 2.0, and returns whether the next bytes
 * are of another kind. */
static bool
sslv2_record(struct message *m)
{
	struct connection *c = m->c;
	uint32_t kind;

	if (m->side == CLIENT ? !c->offer.seen : !c->answer.seen) {
		uint16_t version = sslv2_hello(m);

		return version > SSL_2_0;
	}
	kind = m->side == CLIENT && !m->tls->master_key[CLIENT]
		   ? sslv2_master_key(m->body)
		   : 0;
	if (kind != 0)
		c->answer.cipher = kind;
	if (kind != 0 || (m->side == SERVER && m->tls->master_key[CLIENT]))
		m->tls->master_key[m->side] = true;
	note_established(m->tls, c);
	return false;
}

/* sslv2_begin reads the header of 2 or 3 bytes; true once it is whole. */
static bool
sslv2_begin(struct tls_side *s, struct bytes *data)
{
	while (s->left == 0 && data->len > 0) {
		struct bytes header;

		s->header[s->header_have++] = bytes_u8(data);
		header = bytes_of(s->header, s->header_have);
		s->len = s->left = (uint32_t)sslv2_header(&header);
		s->dropped = false;
		if (s->header_have >= SSLV2_HEADER_MAX)
			break;
	}
	return s->left > 0;
}

bool
tls_feed_sslv2(struct tls *tls, struct connection *c, const struct tools *tools,
    enum side side, struct bytes *data)
{
	static const struct kind any = { 0, CLIENT, LIMIT_SSLV2_RECORD, true,
		NULL };
	struct tls_side *s = &tls->side[side];
	struct message m = { tls, c, tools, side, { NULL, 0 }, false };

	while (data->len > 0) {
		struct bytes run;
		bool other;

		if (s->left == 0 && !sslv2_begin(s, data))
			return s->header_have >= SSLV2_HEADER_MAX;
		run =
		    bytes_take(data, data->len < s->left ? data->len : s->left);
		keep(s, &any, &m, run);
		s->left -= (uint32_t)run.len;
		if (s->left > 0)
			return false;
		m.body = chain_gather(&s->message, tools->pool, tools->scratch,
		    LIMIT_SSLV2_RECORD);
		s->header_have = 0;
		other = !s->dropped && sslv2_record(&m);
		chain_free(&s->message, tools->pool);
		if (other)
			return true;
	}
	return false;
}

bool
tls_gap(struct tls *tls, const struct tools *tools, enum side side, size_t len)
{
	struct tls_side *s = &tls->side[side];

	s->uncertain = true;
	s->dropped = true;
	chain_free(&s->message, tools->pool);
	if (len < s->reader.left) {
		s->reader.left -= (uint16_t)len;
		if (s->header_have < sizeof(s->header) || s->left < len)
			s->encrypted = true; /* no message start is known */
		else
			s->left -= (uint32_t)len;
		return true;
	}
	s->reader = (struct record_reader){ 0 };
	s->header_have = 0;
	s->left = 0;
	return false;
}

void
tls_clear(struct tls *tls, const struct tools *tools)
{
	chain_free(&tls->side[CLIENT].message, tools->pool);
	chain_free(&tls->side[SERVER].message, tools->pool);
}
