/* SPDX-License-Identifier: ISC */
/*
 * IMAP (RFC 9051, RFC 3501).  Replies name the command by its tag, so only the
 * tags of what matters are remembered.
 */
#include "dissect/talk.h"

static const struct talk_command commands[] = {
	{ "CAPABILITY", COMMAND_OTHER, PROOF_ALONE, 0, true },
	{ "STARTTLS", COMMAND_STARTTLS, PROOF_ALONE, 0, true },
	{ "AUTHENTICATE", COMMAND_AUTH, PROOF_ALONE, 1, false },
	{ "LOGIN", COMMAND_LOGIN, PROOF_ALONE, 0, false },
	{ "ID", COMMAND_ID, PROOF_HINT, TALK_ALL, true },
	{ "NOOP", COMMAND_OTHER, PROOF_HINT, 0, true },
	{ "LOGOUT", COMMAND_OTHER, PROOF_HINT, 0, true },
	{ "ENABLE", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "SELECT", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "EXAMINE", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "LIST", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "LSUB", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "NAMESPACE", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "STATUS", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "IDLE", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "FETCH", COMMAND_OTHER, PROOF_HINT, 0, false },
	{ "UID", COMMAND_OTHER, PROOF_HINT, 0, false },
};

/* id_value completes a pair of ID, and keeps it if all of it fits. */
static void
id_value(struct dialogue *d, struct connection *c, struct bytes value)
{
	struct bytes field = bytes_of(d->id_field.text, d->id_field.len);
	size_t at = c->client_id_len;
	size_t len = field.len + value.len + 2;

	if (len > CONNECTION_ID_MAX - at)
		return;
	bytes_copy(field, c->client_id + at, field.len);
	bytes_copy(value, c->client_id + at + field.len + 1, value.len);
	c->client_id_len = (uint16_t)(at + len);
}

/*
 * id_word hears one of the strings in ("name" "value" ...) (RFC 2971 3.3).
 * What is NIL, too long or holds a NUL is dropped with the other of its pair.
 */
static void
id_word(struct dialogue *d, struct connection *c, struct bytes word)
{
	const struct dialogue_line *line = &d->line[CLIENT];
	bool good = line->string && !line->cut &&
		    memchr(word.data, '\0', word.len) == NULL;

	if (line->words % 2 == 0) {
		good = good && word.len <= DIALOGUE_LABEL_MAX;
		d->id_field =
		    talk_label(bytes_of(word.data, good ? word.len : 0));
	} else if (good && d->id_field.len > 0) {
		id_value(d, c, word);
	}
}

static void
client_verb(struct dialogue *d, struct connection *c, struct bytes word)
{
	struct dialogue_line *line = &d->line[CLIENT];

	talk_verb(d, c, &talk_imap, word);
	if (line->command == COMMAND_ID && c->client_id_len > 0)
		line->wanted = 0; /* the first one counts */
	if (line->command != COMMAND_LOGIN)
		return;
	talk_login(c, word);
	d->login = COMMAND_LOGIN;
	d->login_tag = d->tag;
}

static void
client_word(struct dialogue *d, struct connection *c, struct bytes word)
{
	const struct dialogue_line *line = &d->line[CLIENT];

	if (line->words == 0) {
		d->tag = talk_label(word);
	} else if (line->words == 1) {
		client_verb(d, c, word);
	} else if (line->command == COMMAND_ID) {
		id_word(d, c, word);
	} else {
		talk_login(c, word);
		d->login = COMMAND_AUTH;
		d->login_tag = d->tag;
	}
}

static void
client_line(struct dialogue *d, struct connection *c)
{
	(void)c;
	if (d->line[CLIENT].command == COMMAND_STARTTLS) {
		if (d->upgrade != UPGRADE_ASKED)
			d->upgrade_tag = d->tag;
		talk_ask(d);
	}
	memset(&d->tag, 0, sizeof(d->tag));
	memset(&d->id_field, 0, sizeof(d->id_field));
}

/* refuse_literal: the command is answered while its literal waits for the
 * server's consent, so the literal will not come (RFC 9051 7.6). */
static void
refuse_literal(struct dialogue *d, struct bytes tag)
{
	struct dialogue_line *line = &d->line[CLIENT];

	if (line->waiting && talk_labelled(&d->tag, tag))
		*line = (struct dialogue_line){ .bare = line->bare };
}

static void
server_tag(struct dialogue *d, struct bytes word)
{
	struct dialogue_line *line = &d->line[SERVER];

	if (talk_is(word, "*")) {
		line->status = STATUS_UNTAGGED;
		return;
	}
	if (talk_is(word, "+")) {
		line->status = STATUS_CONTINUE;
		line->brace = BRACE_IGNORED;
		line->wanted = 0;
		return;
	}
	line->status = STATUS_TAGGED;
	refuse_literal(d, word);
	if (d->upgrade == UPGRADE_ASKED && talk_labelled(&d->upgrade_tag, word))
		line->command = COMMAND_STARTTLS;
	else if (d->login != COMMAND_NONE && talk_labelled(&d->login_tag, word))
		line->command = d->login;
}

static enum status
result_of(struct bytes word)
{
	if (talk_is(word, "OK"))
		return STATUS_OK;
	if (talk_is(word, "NO") || talk_is(word, "BAD"))
		return STATUS_NO;
	if (talk_is(word, "PREAUTH") || talk_is(word, "BYE"))
		return STATUS_OTHER;
	return STATUS_NONE;
}

/* server_result: a text follows, which may end in what looks like a literal */
static void
server_result(struct dialogue *d, struct bytes word)
{
	struct dialogue_line *line = &d->line[SERVER];
	enum status result = result_of(word);

	if (talk_is(word, "PREAUTH"))
		d->private = true; /* it may greet the user by name */
	if (result != STATUS_NONE) {
		if (line->status == STATUS_UNTAGGED && !d->spoke[SERVER])
			d->greeted = true;
		line->brace = BRACE_IGNORED;
		line->status =
		    (uint8_t)(line->status == STATUS_TAGGED ? result
							    : STATUS_OTHER);
		return;
	}
	line->list =
	    line->status == STATUS_UNTAGGED && talk_is(word, "CAPABILITY");
	line->wanted = line->list ? TALK_ALL : 0;
	talk_list_start(d);
}

/*
 * end_list: a list for a client that has logged in, which may come with the
 * answer to the login, has no STARTTLS (RFC 9051 6.2.1).  So the lack of it
 * proves something only where no login can have been missed.
 */
static void
end_list(struct dialogue *d, struct connection *c)
{
	bool in_greeting = !d->spoke[SERVER];
	bool before_login = d->greeted && !d->gapped &&
			    d->login == COMMAND_NONE &&
			    (in_greeting || d->spoke[CLIENT]);

	talk_list_end(d, c, before_login);
	d->line[SERVER].list = false;
	d->line[SERVER].wanted = 0;
}

/* A list within a greeting or an answer ends with a bracket. */
static void
server_capability(struct dialogue *d, struct connection *c, struct bytes word)
{
	struct bytes last = word;
	bool closed;

	bytes_take(&last, word.len > 0 ? word.len - 1 : 0);
	closed = bytes_equal(last, bytes_of("]", 1));
	if (closed)
		word.len--;
	talk_capability(d, word, "STARTTLS");
	if (closed)
		end_list(d, c);
}

static void
server_word(struct dialogue *d, struct connection *c, struct bytes word)
{
	struct dialogue_line *line = &d->line[SERVER];

	if (line->words == 0) {
		server_tag(d, word);
	} else if (line->words == 1) {
		server_result(d, word);
	} else if (line->list) {
		server_capability(d, c, word);
	} else {
		line->list = talk_is(word, "[CAPABILITY");
		line->wanted = line->list ? TALK_ALL : 0;
		talk_list_start(d);
	}
}

static void
server_line(struct dialogue *d, struct connection *c)
{
	const struct dialogue_line *line = &d->line[SERVER];
	bool ok = line->status == STATUS_OK;

	if (line->list)
		end_list(d, c);
	if (line->status == STATUS_CONTINUE && d->login == COMMAND_AUTH)
		d->exchange = true;
	if (!ok && line->status != STATUS_NO)
		return;
	if (line->command == COMMAND_STARTTLS) {
		talk_answer(d, c, ok);
	} else if (line->command != COMMAND_NONE) {
		talk_logged_in(d, c, ok);
		d->login = COMMAND_NONE;
		d->exchange = false;
	}
}

const struct talk talk_imap = {
	.commands = commands,
	.command_count = sizeof(commands) / sizeof(commands[0]),
	.words = { [CLIENT] = 2, [SERVER] = TALK_ALL },
	.strings = true,
	.word = { [CLIENT] = client_word, [SERVER] = server_word },
	.line = { [CLIENT] = client_line, [SERVER] = server_line },
};
