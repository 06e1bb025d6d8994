/* SPDX-License-Identifier: ISC */
/*
 * SMTP (RFC 5321) and LMTP (RFC 2033).  Commands may be sent without waiting
 * (RFC 2920), so replies are told apart by their order alone; where that is
 * lost, what a reply says itself has to do.
 */
#include "dissect/talk.h"

enum {
	CODE_READY = 220,
	CODE_AUTHENTICATED = 235, /* RFC 4954 6 */
	CODE_OK = 250,
	CODE_CHALLENGE = 334,
	CODE_GO_ON = 354,
	CODE_NO_TLS_NOW = 454, /* RFC 3207 4 */
};

static const struct talk_command commands[] = {
	{ "EHLO", COMMAND_EHLO, PROOF_ALONE, 1, true },
	{ "HELO", COMMAND_HELO, PROOF_ALONE, 1, true },
	{ "LHLO", COMMAND_LHLO, PROOF_ALONE, 1, true },
	{ "STARTTLS", COMMAND_STARTTLS, PROOF_HINT, 0, true },
	/* Exchange servers among themselves; the same in all but name. */
	{ "X-ANONYMOUSTLS", COMMAND_STARTTLS, PROOF_ALONE, 0, true },
	{ "AUTH", COMMAND_AUTH, PROOF_HINT, 1, false },
	{ "MAIL", COMMAND_MAIL, PROOF_HINT, 0, false },
	{ "RCPT", COMMAND_RCPT, PROOF_HINT, 0, false },
	{ "DATA", COMMAND_DATA, PROOF_HINT, 0, false },
	{ "BDAT", COMMAND_BDAT, PROOF_HINT, 2, false },
	{ "RSET", COMMAND_RSET, PROOF_HINT, 0, true },
	{ "BURL", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "ETRN", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "EXPN", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "HELP", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "NOOP", COMMAND_OTHER, PROOF_HINT, 0, true },
	{ "QUIT", COMMAND_OTHER, PROOF_HINT, 0, true },
	{ "TURN", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "VRFY", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "XCLIENT", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "XFORWARD", COMMAND_OTHER, PROOF_HINT, 0, false },
};

static void
client_verb(struct dialogue *d, struct connection *c, struct bytes word)
{
	struct dialogue_line *line = &d->line[CLIENT];

	talk_verb(d, c, &talk_smtp, word);
	if (line->command == COMMAND_EHLO || line->command == COMMAND_HELO)
		talk_decide(d, c, MAIL_SMTP);
	if (line->command == COMMAND_LHLO)
		talk_decide(d, c, MAIL_LMTP);
	if (talk_is(word, ".")) {
		line->status = STATUS_END;
		line->wanted = 2;
	}
}

/* BDAT n [LAST] (RFC 3030 2): what has no number has no octets either. */
static void
chunk_argument(struct dialogue_line *line, struct bytes word)
{
	if (line->words == 2) {
		if (talk_is(word, "LAST"))
			line->command = COMMAND_BDAT_LAST;
		return;
	}
	while (word.len > 0) {
		if (talk_count(&line->left, bytes_u8(&word)))
			continue;
		line->command = COMMAND_OTHER;
		line->left = 0;
		return;
	}
}

static void
client_word(struct dialogue *d, struct connection *c, struct bytes word)
{
	struct dialogue_line *line = &d->line[CLIENT];

	if (line->words == 0) {
		client_verb(d, c, word);
		return;
	}
	switch (line->command) {
	case COMMAND_EHLO:
	case COMMAND_LHLO:
	case COMMAND_HELO:
		if (c->ehlo[0] == '\0')
			bytes_copy(word, c->ehlo, sizeof(c->ehlo) - 1);
		break;
	case COMMAND_AUTH:
		talk_login(c, word);
		break;
	case COMMAND_BDAT:
		chunk_argument(line, word);
		break;
	}
}

/* text_begun: the text that DATA leads to, before the server has agreed */
static void
text_begun(struct dialogue *d)
{
	struct dialogue_line *line = &d->line[CLIENT];

	if (line->status == STATUS_END && line->words == 1)
		talk_push(d, COMMAND_MESSAGE);
	else
		talk_text(d, CLIENT);
}

static void
client_line(struct dialogue *d, struct connection *c)
{
	struct dialogue_line *line = &d->line[CLIENT];
	enum command command = line->command;
	enum command latest =
	    d->uncertain == CERTAIN ? talk_latest(d) : d->last;

	(void)c;
	if (d->exchange)
		return;
	if (command == COMMAND_NONE && latest == COMMAND_AUTH)
		return; /* a response, to a challenge that was not heard */
	if (command == COMMAND_NONE && latest == COMMAND_DATA) {
		text_begun(d);
		return;
	}
	talk_push(d, command == COMMAND_NONE ? COMMAND_OTHER : command);
	if (command == COMMAND_STARTTLS)
		talk_ask(d);
	if (line->left > 0)
		line->mode = MODE_COUNTED;
}

/* is_blind: which reply is whose can not be known */
static bool
is_blind(const struct dialogue *d)
{
	return d->uncertain != CERTAIN || !d->spoke[CLIENT];
}

static bool
in_ehlo_reply(const struct dialogue *d)
{
	enum command first = talk_first(d);

	return first == COMMAND_EHLO || first == COMMAND_LHLO || is_blind(d);
}

static void
server_word(struct dialogue *d, struct connection *c, struct bytes word)
{
	struct dialogue_line *line = &d->line[SERVER];

	if (line->words == 0) {
		line->code = talk_code(word);
		if (d->reply_lines == 0)
			talk_list_start(d);
		return;
	}
	if (line->code == CODE_READY && !d->greeted && d->reply_lines == 0)
		talk_greeting_name(c, word);
	/* The first line has the server's name (RFC 5321 4.1.1.1). */
	if (line->code == CODE_OK && d->reply_lines > 0 && in_ehlo_reply(d))
		talk_capability(d, word, "STARTTLS");
}

/* start_text: DATA is agreed to; perhaps all of its text has come by now */
static void
start_text(struct dialogue *d)
{
	if (talk_first(d) != COMMAND_MESSAGE)
		talk_text(d, CLIENT);
}

/* stop_text: DATA is refused, what was taken for its text is commands */
static void
stop_text(struct dialogue *d)
{
	struct dialogue_line *line = &d->line[CLIENT];

	if (line->mode != MODE_TEXT)
		return;
	line->mode = MODE_LINES;
	line->lost = line->text_at != TEXT_LINE_START;
}

/* by_content makes what it can of a reply to a command that is not known. */
static void
by_content(struct dialogue *d, struct connection *c, uint16_t code)
{
	bool asked = d->upgrade == UPGRADE_ASKED;

	if (code == CODE_READY && (asked || is_blind(d)))
		talk_answer(d, c, true);
	else if (code == CODE_NO_TLS_NOW && asked)
		talk_answer(d, c, false);
	else if (code == CODE_AUTHENTICATED)
		talk_logged_in(d, c, true);
	else if (code == CODE_GO_ON)
		start_text(d);
	else if (code == CODE_OK && is_blind(d))
		talk_list_end(
		    d, c, d->uncertain == CERTAIN && d->reply_lines > 0);
}

static void
by_command(struct dialogue *d, struct connection *c, enum command command,
    uint16_t code)
{
	switch (command) {
	case COMMAND_EHLO:
	case COMMAND_LHLO:
		if (code == CODE_OK)
			talk_list_end(d, c, true);
		break;
	case COMMAND_STARTTLS:
		talk_answer(d, c, code == CODE_READY);
		break;
	case COMMAND_AUTH:
		talk_logged_in(d, c, code == CODE_AUTHENTICATED);
		break;
	case COMMAND_MAIL:
	case COMMAND_RSET:
	case COMMAND_MESSAGE:
	case COMMAND_BDAT_LAST:
		d->recipients = 0;
		break;
	case COMMAND_RCPT:
		if (code / 100 == 2 && d->recipients < UINT16_MAX)
			d->recipients++;
		break;
	case COMMAND_DATA:
		if (code == CODE_GO_ON)
			start_text(d);
		else
			stop_text(d);
		break;
	case COMMAND_NONE:
	case COMMAND_UNTRACKED:
		by_content(d, c, code);
		break;
	default:
		break;
	}
}

/* has_more_replies: LMTP gives one for each recipient (RFC 2033 4.2) */
static bool
has_more_replies(struct dialogue *d)
{
	enum command first = talk_first(d);

	if (d->protocol != MAIL_LMTP || d->recipients < 2)
		return false;
	if (first != COMMAND_MESSAGE && first != COMMAND_BDAT_LAST)
		return false;
	d->recipients--;
	return true;
}

static void
reply(struct dialogue *d, struct connection *c, uint16_t code)
{
	bool greeting = !d->greeted && code == CODE_READY &&
			talk_first(d) != COMMAND_STARTTLS;

	d->greeted = true;
	if (greeting)
		return;
	if (code == CODE_CHALLENGE) {
		d->exchange = d->last == COMMAND_AUTH;
		return;
	}
	d->exchange = false;
	if (!has_more_replies(d))
		by_command(d, c, talk_pop(d), code);
}

static void
server_line(struct dialogue *d, struct connection *c)
{
	const struct dialogue_line *line = &d->line[SERVER];

	if (line->code == 0)
		return;
	if (line->continued) {
		if (d->reply_lines < UINT16_MAX)
			d->reply_lines++;
		return;
	}
	reply(d, c, line->code);
	d->reply_lines = 0;
}

const struct talk talk_smtp = {
	.commands = commands,
	.command_count = sizeof(commands) / sizeof(commands[0]),
	.words = { [CLIENT] = 1, [SERVER] = 2 },
	.word = { [CLIENT] = client_word, [SERVER] = server_word },
	.line = { [CLIENT] = client_line, [SERVER] = server_line },
};
