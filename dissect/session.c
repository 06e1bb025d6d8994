/* SPDX-License-Identifier: ISC */
#include "dissect/session.h"

/* Where TLS starts, on a port that is known (IANA; RFC 8314, 5804, 2033). */
static const struct {
	uint16_t port;
	enum mail_protocol protocol;
	bool implicit;
} ports[] = {
	{ 24, MAIL_LMTP, false },
	{ 25, MAIL_SMTP, false },
	{ 110, MAIL_POP3, false },
	{ 143, MAIL_IMAP, false },
	{ 465, MAIL_SMTP, true },
	{ 587, MAIL_SMTP, false },
	{ 993, MAIL_IMAP, true },
	{ 995, MAIL_POP3, true },
	{ 2525, MAIL_SMTP, false },
	{ 4190, MAIL_SIEVE, false },
};

enum start {
	START_UNKNOWN,
	START_IMPLICIT,
	START_STARTTLS,
};

/* usual_start returns how TLS starts on `port`. */
static enum start
usual_start(uint16_t port)
{
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		if (ports[i].port == port)
			return ports[i].implicit ? START_IMPLICIT
						 : START_STARTTLS;
	return START_UNKNOWN;
}

enum mail_protocol
session_hint(uint16_t port)
{
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		if (ports[i].port == port)
			return ports[i].protocol;
	return MAIL_UNKNOWN;
}

void
session_start(struct session *s, uint16_t port, bool from_start)
{
	s->dialogue.hint = session_hint(port);
	s->dialogue.late = !from_start;
	s->side[CLIENT].adrift = s->side[SERVER].adrift = !from_start;
}

void
session_take_hint(struct session *s, enum mail_protocol protocol)
{
	if (protocol != MAIL_UNKNOWN)
		s->dialogue.hint = protocol;
}

/*
 * encryption_of tells how TLS began, when `side` begins it: after talk, or as
 * the first thing said.  Where bytes before it are missing there may have been
 * talk, and only a port that has implicit TLS by custom settles it.
 */
static enum encryption
encryption_of(
    const struct session *s, const struct connection *c, enum side side)
{
	if (c->starttls == STARTTLS_USED || dialogue_spoke(&s->dialogue, side))
		return ENCRYPTION_STARTTLS;
	if (s->side[side].adrift &&
	    usual_start(c->end[SERVER].port) == START_STARTTLS)
		return ENCRYPTION_UNKNOWN;
	return ENCRYPTION_IMPLICIT;
}

static void
begin_tls(struct session *s, struct connection *c, enum side side,
    enum session_mode mode)
{
	enum side other = side == CLIENT ? SERVER : CLIENT;
	bool first = s->side[other].mode != SESSION_TLS &&
		     s->side[other].mode != SESSION_SSLV2;

	s->side[side].mode = mode;
	dialogue_tls(&s->dialogue, c, side);
	/* The client begins; the server's word counts without it. */
	if (first || (side == CLIENT && c->encryption == ENCRYPTION_UNKNOWN))
		c->encryption = encryption_of(s, c, side);
	if (side == SERVER)
		c->answered_in_clear = false;
}

/* note_answer: the server says something in the clear after a ClientHello.
 * What comes behind a gap may be the middle of a record. */
static void
note_answer(const struct session *s, struct connection *c, enum side side)
{
	if (side == SERVER && s->side[CLIENT].mode == SESSION_TLS &&
	    c->offer.seen && (c->incomplete & INCOMPLETE_GAP) == 0)
		c->answered_in_clear = true;
}

static void step_until_done(struct session *s, struct connection *c,
    const struct tools *tools, enum side side, struct bytes *data);

/* enter starts what `head`, bytes that were put aside, was found to be. */
static void
enter(struct session *s, struct connection *c, enum side side, enum sniff found,
    struct bytes *head)
{
	struct session_side *one = &s->side[side];

	switch (found) {
	case SNIFF_TLS:
		begin_tls(s, c, side, SESSION_TLS);
		return;
	case SNIFF_SSLV2:
		begin_tls(s, c, side, SESSION_SSLV2);
		return;
	case SNIFF_PROXY:
		one->mode = SESSION_PROXY;
		one->proxy_left = (uint32_t)sniff_proxy_len(*head);
		return;
	case SNIFF_TLS_MIDDLE:
		if (one->adrift) {
			begin_tls(s, c, side, SESSION_TLS);
			s->tls.side[side].uncertain = true;
			return;
		}
		break;
	case SNIFF_MORE:
	case SNIFF_NOTHING:
		break;
	}
	one->mode = SESSION_TALK;
	note_answer(s, c, side);
	dialogue_feed_odd(&s->dialogue, c, side, head);
}

static void
step_sniff(struct session *s, struct connection *c, const struct tools *tools,
    enum side side, struct bytes *data)
{
	struct session_side *one = &s->side[side];
	size_t room = sizeof(one->head) - one->head_len;
	struct bytes part =
	    bytes_take(data, data->len < room ? data->len : room);
	uint8_t copy[SNIFF_LEN];
	struct bytes head;
	enum sniff found;

	one->head_len +=
	    (uint8_t)bytes_copy(part, one->head + one->head_len, room);
	found = sniff_head(side, bytes_of(one->head, one->head_len));
	if (found == SNIFF_MORE && one->head_len < sizeof(one->head))
		return;
	head = bytes_of(copy,
	    bytes_copy(bytes_of(one->head, one->head_len), copy, sizeof(copy)));
	one->head_len = 0;
	enter(s, c, side, found, &head);
	one->adrift = false;
	step_until_done(s, c, tools, side, &head);
}

static void
step_talk(struct session *s, struct connection *c, const struct tools *tools,
    enum side side, struct bytes *data)
{
	(void)tools;
	note_answer(s, c, side);
	dialogue_feed(&s->dialogue, c, side, data);
	if (data->len > 0)
		s->side[side].mode = SESSION_SNIFF;
}

static void
step_proxy(struct session *s, struct connection *c, const struct tools *tools,
    enum side side, struct bytes *data)
{
	struct session_side *one = &s->side[side];
	size_t len = data->len < one->proxy_left ? data->len : one->proxy_left;

	(void)c;
	(void)tools;
	bytes_take(data, len);
	one->proxy_left -= (uint32_t)len;
	if (one->proxy_left == 0)
		one->mode = SESSION_SNIFF;
}

static void
step_tls(struct session *s, struct connection *c, const struct tools *tools,
    enum side side, struct bytes *data)
{
	struct bytes all = bytes_take(data, data->len);

	if (tls_feed(&s->tls, c, tools, side, all))
		return;
	/* No records: lost, until a later segment starts with one. */
	if (!c->answer.seen)
		c->incomplete |= INCOMPLETE_NOT_TLS;
	tls_gap(&s->tls, tools, side, RECORD_LEN_MAX);
	s->side[side].mode = SESSION_SNIFF;
	s->side[side].adrift = true;
}

static void
step_sslv2(struct session *s, struct connection *c, const struct tools *tools,
    enum side side, struct bytes *data)
{
	if (tls_feed_sslv2(&s->tls, c, tools, side, data)) {
		s->tls.side[side].header_have = 0;
		s->side[side].mode = SESSION_TLS;
	}
}

static void (*const steps[])(struct session *s, struct connection *c,
    const struct tools *tools, enum side side, struct bytes *data) = {
	[SESSION_SNIFF] = step_sniff,
	[SESSION_TALK] = step_talk,
	[SESSION_PROXY] = step_proxy,
	[SESSION_TLS] = step_tls,
	[SESSION_SSLV2] = step_sslv2,
};

/* Every step takes at least a byte, or goes to a mode whose step does. */
static void
step_until_done(struct session *s, struct connection *c,
    const struct tools *tools, enum side side, struct bytes *data)
{
	while (data->len > 0)
		steps[s->side[side].mode](s, c, tools, side, data);
}

void
session_feed(struct session *s, struct connection *c, const struct tools *tools,
    enum side side, struct bytes data)
{
	step_until_done(s, c, tools, side, &data);
}

/* give_up_head: what was put aside will not become anything else. */
static void
give_up_head(struct session *s, struct connection *c, enum side side)
{
	struct session_side *one = &s->side[side];
	struct bytes head = bytes_of(one->head, one->head_len);

	while (head.len > 0)
		dialogue_feed_odd(&s->dialogue, c, side, &head);
	one->head_len = 0;
}

void
session_gap(struct session *s, struct connection *c, const struct tools *tools,
    enum side side, size_t len)
{
	struct session_side *one = &s->side[side];

	c->incomplete |= INCOMPLETE_GAP;
	switch (one->mode) {
	case SESSION_TLS:
		if (tls_gap(&s->tls, tools, side, len))
			return;
		break;
	case SESSION_SSLV2:
		tls_gap(&s->tls, tools, side, len);
		break;
	case SESSION_SNIFF:
	case SESSION_TALK:
	case SESSION_PROXY:
		give_up_head(s, c, side);
		dialogue_gap(&s->dialogue, side, len);
		break;
	}
	one->mode = SESSION_SNIFF;
	one->adrift = true;
}

bool
session_is_over(const struct session *s, const struct connection *c)
{
	return c->answer.established || dialogue_is_over(&s->dialogue);
}

bool
session_is_judged(const struct session *s, const struct connection *c)
{
	return c->answer.established || s->tls.failed || c->login;
}

bool
session_is_harmless(const struct session *s, const struct connection *c,
    enum side side, bool heard)
{
	const struct session_side *one = &s->side[side];

	if (one->mode == SESSION_TLS || one->mode == SESSION_SSLV2)
		return true;
	/* Bytes put aside are no text, or they are not known yet. */
	if (one->head_len > 0 && sniff_starts_line(one->head[0]))
		return false;
	return heard && !c->login && dialogue_is_harmless(&s->dialogue);
}

/* is_foreign: on a port for TLS alone, there was neither that nor mail */
static bool
is_foreign(const struct session *s, const struct connection *c)
{
	return c->encryption == ENCRYPTION_NONE &&
	       c->protocol == MAIL_UNKNOWN &&
	       usual_start(c->end[SERVER].port) == START_IMPLICIT &&
	       (dialogue_spoke(&s->dialogue, CLIENT) ||
		   dialogue_spoke(&s->dialogue, SERVER));
}

void
session_finish(
    struct session *s, struct connection *c, const struct tools *tools)
{
	give_up_head(s, c, CLIENT);
	give_up_head(s, c, SERVER);
	if (s->side[CLIENT].mode != SESSION_TLS &&
	    s->side[SERVER].mode != SESSION_TLS && !c->tls)
		c->encryption = ENCRYPTION_NONE;
	if (is_foreign(s, c))
		c->incomplete |= INCOMPLETE_NOT_TLS;
	if (c->protocol == MAIL_UNKNOWN)
		c->protocol = session_hint(c->end[SERVER].port);
	tls_clear(&s->tls, tools);
}
