/* SPDX-License-Identifier: ISC */
/*
 * Which protocol it is, by what is said.  The port is a hint: on the port that
 * a protocol is known for any of its words will do; elsewhere it takes one
 * that no other protocol has, or two that fit together.
 */
#include "dissect/talk.h"

static enum mail_protocol
family(enum mail_protocol protocol)
{
	return protocol == MAIL_LMTP ? MAIL_SMTP : protocol;
}

void
talk_decide(
    struct dialogue *d, struct connection *c, enum mail_protocol protocol)
{
	d->protocol = c->protocol = protocol;
	talk_offer(c, STARTTLS_UNKNOWN);
}

/* decide sets the protocol by what is in `line`, of `side`. */
static void
decide(struct dialogue *d, struct connection *c, enum side side,
    enum mail_protocol protocol)
{
	if (protocol == family(d->hint))
		protocol = d->hint;
	talk_decide(d, c, protocol);
	d->line[side].wanted = talk_of(protocol)->words[side];
}

/* decide_late decides by a later word than the first, `first`, which is handed
 * on now. */
static void
decide_late(struct dialogue *d, struct connection *c, enum side side,
    enum mail_protocol protocol, const char *first)
{
	struct dialogue_line *line = &d->line[side];
	uint16_t words = line->words;

	decide(d, c, side, protocol);
	line->words = 0;
	talk_of(protocol)->word[side](d, c, bytes_of(first, strlen(first)));
	line->words = words;
}

static const struct {
	const char *word;
	enum mail_protocol protocol;
	enum opening opening;
} openings[] = {
	{ "220", MAIL_SMTP, OPENING_220 },
	{ "*", MAIL_IMAP, OPENING_STAR },
	{ "+OK", MAIL_POP3, OPENING_OK },
	{ "-ERR", MAIL_POP3, OPENING_NONE },
	{ "OK", MAIL_SIEVE, OPENING_NONE },
	{ "NO", MAIL_SIEVE, OPENING_NONE },
	{ "BYE", MAIL_SIEVE, OPENING_NONE },
};

/* The first string of a ManageSieve server (RFC 5804 1.7). */
static void
server_string(struct dialogue *d, struct connection *c, struct bytes word)
{
	if (d->hint == MAIL_SIEVE || talk_is(word, "IMPLEMENTATION") ||
	    talk_is(word, "SASL") || talk_is(word, "SIEVE"))
		decide(d, c, SERVER, MAIL_SIEVE);
}

static void
server_first(struct dialogue *d, struct connection *c, struct bytes word)
{
	struct dialogue_line *line = &d->line[SERVER];
	size_t rows = sizeof(openings) / sizeof(openings[0]);

	if (line->string) {
		server_string(d, c, word);
		return;
	}
	if (talk_code(word) != 0 && family(d->hint) == MAIL_SMTP)
		decide(d, c, SERVER, MAIL_SMTP);
	for (size_t i = 0; i < rows; i++) {
		if (!talk_is(word, openings[i].word))
			continue;
		line->opening = (uint8_t)openings[i].opening;
		if (family(d->hint) == openings[i].protocol)
			decide(d, c, SERVER, openings[i].protocol);
	}
}

/* A greeting with 220 is SMTP's if it says so (RFC 5321 4.3.1); FTP's does
 * not. */
static void
server_220(struct dialogue *d, struct connection *c, struct bytes word)
{
	if (d->line[SERVER].words == 1)
		talk_greeting_name(c, word);
	if (talk_is(word, "ESMTP") || talk_is(word, "SMTP"))
		decide_late(d, c, SERVER, MAIL_SMTP, "220");
	else if (talk_is(word, "LMTP"))
		decide_late(d, c, SERVER, MAIL_LMTP, "220");
}

static bool
is_imap_status(struct bytes word)
{
	return talk_is(word, "OK") || talk_is(word, "PREAUTH") ||
	       talk_is(word, "BYE");
}

static bool
is_imap_result(struct bytes word)
{
	return talk_is(word, "OK") || talk_is(word, "NO") ||
	       talk_is(word, "BAD");
}

static void
server_later(struct dialogue *d, struct connection *c, struct bytes word)
{
	const struct dialogue_line *line = &d->line[SERVER];

	if (line->opening == OPENING_220)
		server_220(d, c, word);
	else if (line->words > 1)
		return;
	else if (line->opening == OPENING_STAR && is_imap_status(word))
		decide_late(d, c, SERVER, MAIL_IMAP, "*");
	else if (line->opening == OPENING_OK)
		decide_late(d, c, SERVER, MAIL_POP3, "+OK");
	else if (d->hint == MAIL_IMAP && is_imap_result(word))
		decide(d, c, SERVER, MAIL_IMAP);
}

/* fits tells whether a command that proves `proof` shows its protocol. */
static bool
fits(const struct dialogue *d, enum mail_protocol protocol, enum proof proof)
{
	if (family(d->hint) == protocol || proof == PROOF_ALONE)
		return true;
	return proof == PROOF_GREETED && d->ok_greeting;
}

static void
client_first(struct dialogue *d, struct connection *c, struct bytes word)
{
	static const enum mail_protocol order[] = { MAIL_SMTP, MAIL_POP3,
		MAIL_SIEVE };
	struct dialogue_line *line = &d->line[CLIENT];

	if (line->string)
		return;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const struct talk_command *row =
		    talk_find(talk_of(order[i]), word);

		if (row != NULL && fits(d, order[i], row->proof)) {
			decide(d, c, CLIENT, order[i]);
			return;
		}
	}
	if (talk_is(word, "MAIL"))
		line->opening = OPENING_MAIL;
	d->tag = talk_label(word);
}

/* Without a hint, a tag has to look like one: programs' tags have a digit, or
 * are a dot. */
static bool
is_tag(const struct dialogue_label *tag)
{
	struct bytes text = bytes_of(tag->text,
	    tag->len < sizeof(tag->text) ? tag->len : sizeof(tag->text));

	if (bytes_equal(text, bytes_of(".", 1)))
		return true;
	while (text.len > 0) {
		uint8_t c = bytes_u8(&text);

		if (c >= '0' && c <= '9')
			return true;
	}
	return false;
}

static void
client_second(struct dialogue *d, struct connection *c, struct bytes word)
{
	const struct talk_command *row = talk_find(&talk_imap, word);

	if (d->line[CLIENT].opening == OPENING_MAIL &&
	    talk_starts(word, "FROM:")) {
		decide_late(d, c, CLIENT, MAIL_SMTP, "MAIL");
		return;
	}
	if (row == NULL || d->line[CLIENT].string)
		return;
	if (d->hint == MAIL_IMAP ||
	    (row->proof == PROOF_ALONE && is_tag(&d->tag)))
		decide(d, c, CLIENT, MAIL_IMAP);
}

void
talk_detect(
    struct dialogue *d, struct connection *c, enum side side, struct bytes word)
{
	bool first = d->line[side].words == 0;

	if (side == CLIENT && first)
		client_first(d, c, word);
	else if (side == CLIENT)
		client_second(d, c, word);
	else if (first)
		server_first(d, c, word);
	else
		server_later(d, c, word);
}

/*
 * begins_nothing tells whether the line at hand, whose protocol is not known,
 * can not be the beginning of any: the server greets with a word that may mean
 * mail, and the client has a line, be it before that, that means nothing yet.
 */
static bool
begins_nothing(struct dialogue *d, enum side side)
{
	if (side == SERVER)
		return d->line[SERVER].opening == OPENING_NONE;
	return d->strange++ > 0;
}

void
talk_detect_line(struct dialogue *d, enum side side)
{
	const struct dialogue_line *line = &d->line[side];

	if (begins_nothing(d, side))
		d->foreign = true;
	if (side == CLIENT)
		memset(&d->tag, 0, sizeof(d->tag));
	else if (line->opening == OPENING_OK)
		d->greeted = d->ok_greeting = true;
	else if (line->opening == OPENING_220 && !line->continued)
		d->greeted = true;
}
