/* SPDX-License-Identifier: ISC */
/*
 * POP3 (RFC 1939).  Which replies have more than one line depends on the
 * command, and commands may be sent without waiting (RFC 2449 6.6), so they
 * are remembered in order.
 */
#include "dissect/talk.h"

static const struct talk_command commands[] = {
	{ "CAPA", COMMAND_CAPABILITY, PROOF_ALONE, 0, true },
	{ "STLS", COMMAND_STARTTLS, PROOF_ALONE, 0, true },
	{ "APOP", COMMAND_APOP, PROOF_ALONE, 0, false },
	{ "USER", COMMAND_OTHER, PROOF_GREETED, 0, false },
	{ "PASS", COMMAND_PASS, PROOF_GREETED, 0, false },
	{ "STAT", COMMAND_OTHER, PROOF_GREETED, 0, false },
	{ "UIDL", COMMAND_LIST, PROOF_GREETED, 1, false },
	{ "RETR", COMMAND_TEXT, PROOF_GREETED, 0, false },
	{ "AUTH", COMMAND_AUTH, PROOF_HINT, 1, false },
	{ "LIST", COMMAND_LIST, PROOF_HINT, 1, false },
	{ "TOP", COMMAND_TEXT, PROOF_HINT, 0, false },
	{ "DELE", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "NOOP", COMMAND_OTHER, PROOF_HINT, 0, true },
	{ "RSET", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "QUIT", COMMAND_OTHER, PROOF_HINT, 0, true },
	{ "UTF8", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "LANG", COMMAND_OTHER, PROOF_HINT, 0, false },
};

static void
client_word(struct dialogue *d, struct connection *c, struct bytes word)
{
	struct dialogue_line *line = &d->line[CLIENT];

	if (line->words == 0)
		talk_verb(d, c, &talk_pop3, word);
	else if (line->command == COMMAND_AUTH)
		talk_login(c, word);
}

/* asked returns what the line asks: some commands are others if they have no
 * argument. */
static enum command
asked(const struct dialogue_line *line)
{
	bool bare = line->words == 1;

	if (line->command == COMMAND_NONE)
		return COMMAND_OTHER;
	if (line->command == COMMAND_AUTH && bare)
		return COMMAND_TEXT; /* mechanisms, as many servers do */
	if (line->command == COMMAND_LIST)
		return bare ? COMMAND_TEXT : COMMAND_OTHER;
	return line->command;
}

static void
client_line(struct dialogue *d, struct connection *c)
{
	const struct dialogue_line *line = &d->line[CLIENT];

	if (d->exchange)
		return;
	if (line->command == COMMAND_NONE && talk_latest(d) == COMMAND_AUTH)
		return; /* a response, to a challenge that was not heard */
	talk_push(d, asked(line));
	if (line->command == COMMAND_STARTTLS)
		talk_ask(d);
	if (line->command == COMMAND_PASS)
		talk_login(c, bytes_of("PASS", 4));
	if (line->command == COMMAND_APOP)
		talk_login(c, bytes_of("APOP", 4));
}

/* in_listing tells whether a line that is no status belongs to the reply to
 * CAPA, be it that its +OK was missed or taken for the greeting. */
static bool
in_listing(struct dialogue *d)
{
	bool due = talk_first(d) == COMMAND_CAPABILITY ||
		   (d->uncertain != CERTAIN && d->last == COMMAND_CAPABILITY);

	if (d->listing || !due)
		return d->listing;
	talk_pop(d);
	talk_list_start(d);
	d->listing = true;
	return true;
}

static void
server_word(struct dialogue *d, struct connection *c, struct bytes word)
{
	struct dialogue_line *line = &d->line[SERVER];

	(void)c;
	if (line->words > 0) {
		if (line->status == STATUS_END)
			line->status = STATUS_NONE;
	} else if (talk_starts(word, "+OK")) {
		line->status = STATUS_OK;
	} else if (talk_starts(word, "-ERR")) {
		line->status = STATUS_NO;
	} else if (talk_is(word, "+")) {
		line->status = STATUS_CONTINUE;
	} else if (talk_is(word, ".")) {
		line->status = STATUS_END;
	} else if (in_listing(d)) {
		talk_capability(d, word, "STLS");
	}
}

static void
by_command(
    struct dialogue *d, struct connection *c, enum command command, bool ok)
{
	switch (command) {
	case COMMAND_CAPABILITY:
		d->listing = ok;
		talk_list_start(d);
		break;
	case COMMAND_TEXT:
		if (ok)
			talk_text(d, SERVER);
		break;
	case COMMAND_STARTTLS:
		talk_answer(d, c, ok);
		break;
	case COMMAND_AUTH:
	case COMMAND_PASS:
	case COMMAND_APOP:
		talk_logged_in(d, c, ok);
		break;
	default:
		break;
	}
}

/* is_greeting: the first status is the greeting, unless it came after what
 * only follows one */
static bool
is_greeting(const struct dialogue *d)
{
	enum command first = talk_first(d);

	return !d->greeted && first != COMMAND_STARTTLS &&
	       first != COMMAND_PASS && first != COMMAND_APOP;
}

static void
reply(struct dialogue *d, struct connection *c, bool ok)
{
	bool greeting = is_greeting(d);

	d->greeted = true;
	d->exchange = d->listing = false;
	if (!greeting)
		by_command(d, c, talk_pop(d), ok);
}

static void
server_line(struct dialogue *d, struct connection *c)
{
	enum status status = d->line[SERVER].status;

	if (status == STATUS_OK || status == STATUS_NO)
		reply(d, c, status == STATUS_OK);
	else if (status == STATUS_CONTINUE)
		d->exchange = d->last == COMMAND_AUTH;
	else if (status == STATUS_END && d->listing) {
		talk_list_end(d, c, d->uncertain == CERTAIN);
		d->listing = false;
	}
}

const struct talk talk_pop3 = {
	.commands = commands,
	.command_count = sizeof(commands) / sizeof(commands[0]),
	.words = { [CLIENT] = 1, [SERVER] = 2 },
	.word = { [CLIENT] = client_word, [SERVER] = server_word },
	.line = { [CLIENT] = client_line, [SERVER] = server_line },
};
