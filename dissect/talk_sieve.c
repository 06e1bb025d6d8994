/* SPDX-License-Identifier: ISC */
/*
 * ManageSieve (RFC 5804).  Every command gets one OK, NO or BYE, in order;
 * capabilities are strings at the start of a line before that.
 */
#include "dissect/talk.h"

static const struct talk_command commands[] = {
	{ "CAPABILITY", COMMAND_CAPABILITY, PROOF_HINT, 0, true },
	{ "STARTTLS", COMMAND_STARTTLS, PROOF_HINT, 0, true },
	{ "AUTHENTICATE", COMMAND_AUTH, PROOF_HINT, 1, false },
	{ "LOGOUT", COMMAND_OTHER, PROOF_HINT, 0, true },
	{ "NOOP", COMMAND_OTHER, PROOF_HINT, 0, true },
	{ "HAVESPACE", COMMAND_OTHER, PROOF_ALONE, 0, false },
	{ "PUTSCRIPT", COMMAND_OTHER, PROOF_ALONE, 0, false },
	{ "LISTSCRIPTS", COMMAND_OTHER, PROOF_ALONE, 0, false },
	{ "SETACTIVE", COMMAND_OTHER, PROOF_ALONE, 0, false },
	{ "GETSCRIPT", COMMAND_OTHER, PROOF_ALONE, 0, false },
	{ "DELETESCRIPT", COMMAND_OTHER, PROOF_ALONE, 0, false },
	{ "RENAMESCRIPT", COMMAND_OTHER, PROOF_ALONE, 0, false },
	{ "CHECKSCRIPT", COMMAND_OTHER, PROOF_ALONE, 0, false },
	{ "UNAUTHENTICATE", COMMAND_OTHER, PROOF_ALONE, 0, false },
};

static void
client_word(struct dialogue *d, struct connection *c, struct bytes word)
{
	struct dialogue_line *line = &d->line[CLIENT];

	if (line->words == 0)
		talk_verb(d, c, &talk_sieve, word);
	else
		talk_login(c, word); /* the one command with an argument */
}

static void
client_line(struct dialogue *d, struct connection *c)
{
	enum command command = d->line[CLIENT].command;

	(void)c;
	if (d->exchange)
		return;
	if (command == COMMAND_NONE && talk_latest(d) == COMMAND_AUTH)
		return; /* a response, to a challenge that was not heard */
	talk_push(d, command == COMMAND_NONE ? COMMAND_OTHER : command);
	if (command == COMMAND_STARTTLS)
		talk_ask(d);
}

static void
server_word(struct dialogue *d, struct connection *c, struct bytes word)
{
	struct dialogue_line *line = &d->line[SERVER];

	(void)c;
	if (line->string) {
		line->status = STATUS_STRING;
		if (!line->cut)
			talk_capability(d, word, "STARTTLS");
	} else if (talk_is(word, "OK")) {
		line->status = STATUS_OK;
	} else if (talk_is(word, "NO") || talk_is(word, "BYE")) {
		line->status = STATUS_NO;
	}
}

/* is_greeting: the first answer is, if it has capabilities or was not asked
 * for */
static bool
is_greeting(const struct dialogue *d)
{
	return !d->greeted &&
	       (d->reply_lines > 0 || talk_first(d) == COMMAND_NONE);
}

static void
by_command(
    struct dialogue *d, struct connection *c, enum command command, bool ok)
{
	switch (command) {
	case COMMAND_CAPABILITY:
		talk_list_end(d, c, ok && d->reply_lines > 0);
		break;
	case COMMAND_STARTTLS:
		talk_answer(d, c, ok);
		break;
	case COMMAND_AUTH:
		talk_logged_in(d, c, ok);
		break;
	default:
		break;
	}
}

static void
answer(struct dialogue *d, struct connection *c, bool ok)
{
	bool greeting = is_greeting(d);

	d->greeted = true;
	d->exchange = false;
	if (greeting && d->reply_lines > 0)
		talk_list_end(d, c, ok && d->uncertain == CERTAIN);
	if (!greeting)
		by_command(d, c, talk_pop(d), ok);
	talk_list_start(d);
	d->reply_lines = 0;
}

static void
server_line(struct dialogue *d, struct connection *c)
{
	enum status status = d->line[SERVER].status;

	if (status == STATUS_OK || status == STATUS_NO) {
		answer(d, c, status == STATUS_OK);
	} else if (status == STATUS_STRING) {
		if (d->reply_lines < UINT16_MAX)
			d->reply_lines++;
		d->exchange = d->last == COMMAND_AUTH;
	}
}

const struct talk talk_sieve = {
	.commands = commands,
	.command_count = sizeof(commands) / sizeof(commands[0]),
	.words = { [CLIENT] = 1, [SERVER] = 1 },
	.strings = true,
	.word = { [CLIENT] = client_word, [SERVER] = server_word },
	.line = { [CLIENT] = client_line, [SERVER] = server_line },
};
