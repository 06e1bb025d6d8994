/* SPDX-License-Identifier: ISC */
/* What the protocols have in common. */
#include "dissect/talk.h"

#include <string.h>

#include "dissect/signature.h"

enum {
	MECHANISM_MAX = 20, /* RFC 4422 3.1 */
};

const struct talk *
talk_of(enum mail_protocol protocol)
{
	static const struct talk *const talks[] = {
		[MAIL_UNKNOWN] = NULL,
		[MAIL_SMTP] = &talk_smtp,
		[MAIL_LMTP] = &talk_smtp,
		[MAIL_IMAP] = &talk_imap,
		[MAIL_POP3] = &talk_pop3,
		[MAIL_SIEVE] = &talk_sieve,
	};

	return talks[protocol];
}

static uint8_t
upper(uint8_t c)
{
	return c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c;
}

bool
talk_starts(struct bytes word, const char *name)
{
	struct bytes wanted = bytes_of(name, strlen(name));

	if (word.len < wanted.len)
		return false;
	while (wanted.len > 0)
		if (upper(bytes_u8(&word)) != bytes_u8(&wanted))
			return false;
	return true;
}

/* Most words are not the name, and differ from it at once. */
bool
talk_is(struct bytes word, const char *name)
{
	for (; word.len > 0; name++)
		if (*name == '\0' || upper(bytes_u8(&word)) != (uint8_t)*name)
			return false;
	return *name == '\0';
}

uint16_t
talk_code(struct bytes word)
{
	uint16_t code = 0;

	if (word.len != 3)
		return 0;
	while (word.len > 0) {
		uint8_t c = bytes_u8(&word);

		if (c < '0' || c > '9')
			return 0;
		code = (uint16_t)(code * 10 + (c - '0'));
	}
	return code;
}

bool
talk_count(uint64_t *count, uint8_t ch)
{
	uint64_t digit = ch - (uint64_t)'0';

	if (ch < '0' || ch > '9')
		return false;
	if (*count > (UINT64_MAX - digit) / 10)
		*count = UINT64_MAX;
	else
		*count = *count * 10 + digit;
	return true;
}

enum brace
talk_brace(struct dialogue_line *line, uint8_t ch)
{
	enum brace brace = line->brace;

	if (brace == BRACE_IGNORED || ch == '\r')
		return brace;
	if (ch == '{') {
		line->left = 0;
		return BRACE_OPEN;
	}
	switch (brace) {
	case BRACE_OPEN:
		return talk_count(&line->left, ch) ? BRACE_DIGITS : BRACE_NONE;
	case BRACE_DIGITS:
		if (talk_count(&line->left, ch))
			return BRACE_DIGITS;
		if (ch == '+')
			return BRACE_PLUS;
		return ch == '}' ? BRACE_CLOSED : BRACE_NONE;
	case BRACE_PLUS:
		return ch == '}' ? BRACE_CLOSED_PLUS : BRACE_NONE;
	default:
		return BRACE_NONE;
	}
}

enum text_at
talk_text_next(enum text_at at, uint8_t ch, bool bare)
{
	switch (ch) {
	case '\r':
		return at == TEXT_DOT ? TEXT_DOT_CR : TEXT_CR;
	case '\n':
		if (at == TEXT_DOT_CR || (bare && at == TEXT_DOT))
			return TEXT_ENDED;
		return bare || at == TEXT_CR ? TEXT_LINE_START : TEXT_INSIDE;
	case '.':
		return at == TEXT_LINE_START ? TEXT_DOT : TEXT_INSIDE;
	default:
		return TEXT_INSIDE;
	}
}

bool
talk_agrees(const struct dialogue_line *line)
{
	switch (line->code) {
	case 220: /* RFC 5321 4.2.3, RFC 4954 6; FTP, say, refuses EHLO */
	case 235:
	case 250:
	case 334:
	case 354:
		return true;
	}
	switch (line->status) {
	case STATUS_UNTAGGED:
	case STATUS_CONTINUE:
	case STATUS_OK:
	case STATUS_OTHER:
	case STATUS_STRING:
		return true;
	}
	return false;
}

const struct talk_command *
talk_find(const struct talk *talk, struct bytes word)
{
	for (size_t i = 0; i < talk->command_count; i++)
		if (talk_is(word, talk->commands[i].name))
			return &talk->commands[i];
	return NULL;
}

void
talk_verb(struct dialogue *d, struct connection *c, const struct talk *talk,
    struct bytes word)
{
	struct dialogue_line *line = &d->line[CLIENT];
	const struct talk_command *row =
	    line->string ? NULL : talk_find(talk, word);

	signature_add(d, c, row, word);
	line->wanted = 0;
	if (row == NULL)
		return;
	d->commanded = true;
	line->command = (uint8_t)row->command;
	line->harmless = row->harmless;
	line->wanted = row->arguments;
	if (row->arguments != TALK_ALL)
		line->wanted = (uint16_t)(line->words + 1 + row->arguments);
}

/* A host name has letters, digits, hyphens and at least one dot. */
static bool
is_host_name(struct bytes word)
{
	bool dot = false;

	while (word.len > 0) {
		uint8_t c = upper(bytes_u8(&word));

		if (c == '.')
			dot = true;
		else if ((c < 'A' || c > 'Z') && (c < '0' || c > '9') &&
			 c != '-')
			return false;
	}
	return dot;
}

void
talk_greeting_name(struct connection *c, struct bytes word)
{
	if (c->greeting_name[0] == '\0' && is_host_name(word))
		bytes_copy(
		    word, c->greeting_name, sizeof(c->greeting_name) - 1);
}

void
talk_offer(struct connection *c, enum starttls what)
{
	static const uint8_t rank[] = {
		[STARTTLS_NOT_SEEN] = 0,
		[STARTTLS_UNKNOWN] = 1,
		[STARTTLS_NOT_OFFERED] = 2,
		[STARTTLS_MASKED] = 3,
		[STARTTLS_OFFERED] = 4,
		[STARTTLS_REFUSED] = 5,
		[STARTTLS_USED] = 6,
	};

	if (rank[what] > rank[c->starttls])
		c->starttls = what;
}

void
talk_list_start(struct dialogue *d)
{
	d->offered = d->masked = false;
}

/*
 * is_masked: firewalls write X over a keyword that they do not want to be
 * seen, some with an A at the end.
 */
static bool
is_masked(struct bytes word)
{
	if (talk_is(word, "XXXXXXXA"))
		return true;
	if (word.len < 4)
		return false;
	while (word.len > 0)
		if (bytes_u8(&word) != 'X')
			return false;
	return true;
}

void
talk_capability(struct dialogue *d, struct bytes word, const char *name)
{
	if (talk_is(word, name))
		d->offered = true;
	else if (is_masked(word))
		d->masked = true;
}

void
talk_list_end(struct dialogue *d, struct connection *c, bool whole)
{
	if (d->offered)
		talk_offer(c, STARTTLS_OFFERED);
	else if (d->masked)
		talk_offer(c, STARTTLS_MASKED);
	else if (whole)
		talk_offer(c, STARTTLS_NOT_OFFERED);
}

struct dialogue_label
talk_label(struct bytes word)
{
	struct dialogue_label label = { .len = (uint8_t)word.len };

	bytes_copy(word, label.text, sizeof(label.text));
	return label;
}

bool
talk_labelled(const struct dialogue_label *label, struct bytes word)
{
	struct dialogue_label other = talk_label(word);

	return label->len == other.len &&
	       memcmp(label->text, other.text, sizeof(other.text)) == 0;
}

void
talk_ask(struct dialogue *d)
{
	if (d->upgrade == UPGRADE_GRANTED || d->uncertain != CERTAIN)
		d->noted[CLIENT] = d->noted[SERVER] = false;
	d->upgrade = UPGRADE_ASKED;
	d->asked = true;
}

void
talk_answer(struct dialogue *d, struct connection *c, bool granted)
{
	d->upgrade = granted ? UPGRADE_GRANTED : UPGRADE_NONE;
	if (granted)
		return;
	d->noted[CLIENT] = false;
	talk_offer(c, STARTTLS_REFUSED);
}

static bool
is_mechanism(struct bytes word)
{
	if (word.len == 0 || word.len > MECHANISM_MAX)
		return false;
	while (word.len > 0) {
		uint8_t c = upper(bytes_u8(&word));

		if ((c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' &&
		    c != '_')
			return false;
	}
	return true;
}

/* What can not be a mechanism may be a secret in the wrong place: it is not
 * kept. */
void
talk_login(struct connection *c, struct bytes mechanism)
{
	char *to = c->login_mechanism;

	c->login = true;
	c->login_result = LOGIN_UNANSWERED;
	memset(c->login_mechanism, 0, sizeof(c->login_mechanism));
	if (!is_mechanism(mechanism))
		return;
	if (talk_is(mechanism, "PASS") || talk_is(mechanism, "PLAIN") ||
	    talk_is(mechanism, "LOGIN"))
		c->secret_exposed = true;
	while (mechanism.len > 0)
		*to++ = (char)upper(bytes_u8(&mechanism));
}

void
talk_logged_in(struct dialogue *d, struct connection *c, bool accepted)
{
	if (!c->login)
		return;
	c->login_result = accepted ? LOGIN_ACCEPTED : LOGIN_REJECTED;
	d->over = accepted;
}

void
talk_push(struct dialogue *d, enum command command)
{
	size_t at = (size_t)d->pending_head + d->pending_count;

	d->last = (uint8_t)command;
	if (d->uncertain == UNCERTAIN_SETTLING && talk_first(d) == COMMAND_NONE)
		d->uncertain = CERTAIN;
	if (d->untracked > 0 || d->pending_count == DIALOGUE_PENDING_MAX) {
		if (d->untracked < UINT16_MAX)
			d->untracked++;
		return;
	}
	d->pending[at % DIALOGUE_PENDING_MAX] = (uint8_t)command;
	d->pending_count++;
}

enum command
talk_first(const struct dialogue *d)
{
	if (d->pending_count > 0)
		return d->pending[d->pending_head];
	return d->untracked > 0 ? COMMAND_UNTRACKED : COMMAND_NONE;
}

enum command
talk_pop(struct dialogue *d)
{
	enum command command = talk_first(d);

	if (d->uncertain == UNCERTAIN)
		d->uncertain = UNCERTAIN_SETTLING;
	if (d->pending_count > 0) {
		d->pending_count--;
		d->pending_head =
		    (uint8_t)((d->pending_head + 1) % DIALOGUE_PENDING_MAX);
	} else if (d->untracked > 0) {
		d->untracked--;
	}
	return d->uncertain == CERTAIN ? command : COMMAND_NONE;
}

enum command
talk_latest(const struct dialogue *d)
{
	size_t at = (size_t)d->pending_head + d->pending_count;

	if (d->untracked > 0 || d->pending_count == 0)
		return talk_first(d);
	return d->pending[(at - 1) % DIALOGUE_PENDING_MAX];
}

void
talk_text(struct dialogue *d, enum side side)
{
	struct dialogue_line *line = &d->line[side];
	bool inside = line->at > 0;

	if (line->mode != MODE_LINES)
		return;
	*line = (struct dialogue_line){
		.mode = MODE_TEXT,
		.text_at = inside ? TEXT_INSIDE : TEXT_LINE_START,
		.bare = line->bare,
	};
}
