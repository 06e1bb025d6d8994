/* SPDX-License-Identifier: ISC */
#include "dissect/signature.h"

#include <string.h>

enum {
	SIGNATURE_COMMANDS_MAX = 8,
	SHAPE_MAX = 12, /* of a tag */
	NUMBER_MAX = 8, /* digits of a number in it */
	RUNS_MAX = 2,   /* a tag of more is a random one */
	ENTRY_MAX = CONNECTION_TALK_MAX + SHAPE_MAX,
};

/* After these comes what depends on the user, or nothing in the clear. */
static const char *const last_words[] = { "STARTTLS", "STLS", "X-ANONYMOUSTLS",
	"AUTH", "AUTHENTICATE", "LOGIN", "USER", "PASS", "APOP", "MAIL", "STAT",
	"SELECT", "QUIT", "LOGOUT" };

/* A signature, or a part of one, in the making. */
struct text {
	char bytes[ENTRY_MAX];
	size_t len;
};

static void
put(struct text *text, char c, size_t times)
{
	while (times-- > 0 && text->len < sizeof(text->bytes))
		text->bytes[text->len++] = c;
}

enum character {
	UPPER,
	LOWER,
	DIGIT,
	OTHER,
};

static enum character
character_of(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return UPPER;
	if (c >= 'a' && c <= 'z')
		return LOWER;
	return c >= '0' && c <= '9' ? DIGIT : OTHER;
}

/* take_run takes the next bytes of one kind from the front of `tag`. */
static struct bytes
take_run(struct bytes *tag, enum character *kind)
{
	struct bytes ahead = *tag;
	size_t len = 1;

	*kind = character_of(bytes_u8(&ahead));
	while (ahead.len > 0 && character_of(bytes_u8(&ahead)) == *kind)
		len++;
	return bytes_take(tag, len);
}

/* A tag is random when it mixes its kinds of characters: a counter has one
 * word at most, and a number. */
static bool
is_random(struct bytes tag)
{
	bool seen[OTHER + 1] = { false };
	size_t runs = 0;

	while (tag.len > 0) {
		enum character kind;

		take_run(&tag, &kind);
		seen[kind] = true;
		runs++;
	}
	return runs > RUNS_MAX || (seen[UPPER] && seen[LOWER]);
}

/* put_number: how many digits there are, and what they count from */
static void
put_number(struct text *text, struct bytes run)
{
	uint8_t first = bytes_u8(&run);
	size_t len = run.len + 1;

	if (len == 1 && (first == '0' || first == '1'))
		put(text, (char)first, 1);
	else
		put(text, first == '0' ? '0' : '9',
		    len < NUMBER_MAX ? len : NUMBER_MAX);
}

static void
put_run(struct text *text, enum character kind, struct bytes run)
{
	switch (kind) {
	case UPPER:
		put(text, 'A', run.len);
		break;
	case LOWER:
		put(text, 'a', run.len);
		break;
	case DIGIT:
		put_number(text, run);
		break;
	case OTHER:
		while (run.len > 0)
			put(text, (char)bytes_u8(&run), 1);
		break;
	}
}

static void
put_shape(struct text *text, const struct dialogue_label *label)
{
	size_t kept =
	    label->len < sizeof(label->text) ? label->len : sizeof(label->text);
	struct bytes tag = bytes_of(label->text, kept);
	size_t start = text->len;

	if (is_random(tag)) {
		put(text, '~', 1);
		if (label->len >= 10)
			put(text, (char)('0' + label->len / 10 % 10), 1);
		put(text, (char)('0' + label->len % 10), 1);
		return;
	}
	while (tag.len > 0) {
		enum character kind;
		struct bytes run = take_run(&tag, &kind);

		put_run(text, kind, run);
	}
	if (text->len - start > SHAPE_MAX)
		text->len = start + SHAPE_MAX;
}

static bool
is_last(struct bytes word)
{
	for (size_t i = 0; i < sizeof(last_words) / sizeof(*last_words); i++)
		if (talk_is(word, last_words[i]))
			return true;
	return false;
}

void
signature_add(struct dialogue *d, struct connection *c,
    const struct talk_command *row, struct bytes word)
{
	struct text entry = { .len = 0 };
	size_t len = strlen(c->talk);

	if (d->signed_off)
		return;
	if (d->late || d->gapped) {
		d->signed_off = true;
		memset(c->talk, 0, sizeof(c->talk));
		return;
	}
	put(&entry, ',', len > 0);
	if (d->protocol == MAIL_IMAP) {
		put_shape(&entry, &d->tag);
		put(&entry, ' ', 1);
	}
	if (row == NULL)
		put(&entry, '?', 1);
	for (struct bytes rest = word; row != NULL && rest.len > 0;)
		put(&entry, (char)bytes_u8(&rest), 1);
	if (entry.len < sizeof(c->talk) - len)
		memcpy(c->talk + len, entry.bytes, entry.len);
	else
		d->signed_off = true;
	if (++d->signed_commands == SIGNATURE_COMMANDS_MAX ||
	    (row != NULL && is_last(word)))
		d->signed_off = true;
}
