/* SPDX-License-Identifier: ISC */
/*
 * Cuts what each side says into words and lines, and steps over what is
 * neither: message texts, chunks (RFC 3030), literals (RFC 9051 4.3).  Every
 * byte of a line is looked at by itself, so it does not matter how the stream
 * is cut; what is not kept is searched for its end alone.
 */
#include "dissect/dialogue.h"

#include <stddef.h>
#include <string.h>

#include "dissect/sniff.h"
#include "dissect/talk.h"

enum {
	PROXY_LINE_MAX = 107, /* with CR LF; version 1 of the protocol */
};

/* reset_line makes ready for the next line, and wipes what was kept: of the
 * word only that, as the rest of it is never written to. */
static void
reset_line(struct dialogue_line *line)
{
	uint64_t left = line->mode == MODE_COUNTED ? line->left : 0;
	uint8_t mode = line->mode, text_at = line->text_at;
	bool bare = line->bare;

	memset(line->word, 0, line->word_len);
	memset(line, 0, offsetof(struct dialogue_line, word));
	line->left = left;
	line->mode = mode;
	line->text_at = text_at;
	line->bare = bare;
}

/* has_strings tells whether lines may have quoted strings and literals; before
 * the protocol is known, by the hint. */
static bool
has_strings(const struct dialogue *d)
{
	const struct talk *talk =
	    talk_of(d->protocol == MAIL_UNKNOWN ? d->hint : d->protocol);

	return talk != NULL && talk->strings;
}

static void
begin_line(struct dialogue *d, enum side side)
{
	static const uint16_t undecided[] = {
		[CLIENT] = 2, [SERVER] = TALK_ALL
	};
	const struct talk *talk = talk_of(d->protocol);
	struct dialogue_line *line = &d->line[side];

	line->wanted = talk == NULL ? undecided[side] : talk->words[side];
	if (side == CLIENT && d->exchange)
		line->wanted = 0;
}

/*
 * hear_proxy tells whether `word` belongs to a PROXY line of version 1
 * (https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt, 2.1).
 */
static bool
hear_proxy(
    const struct dialogue *d, struct dialogue_line *line, struct bytes word)
{
	if (line->words == 0)
		line->proxy = !d->spoke[CLIENT] &&
			      bytes_equal(word, bytes_of("PROXY", 5));
	else if (line->words == 1 && line->proxy)
		line->proxy = talk_is(word, "TCP4") || talk_is(word, "TCP6") ||
			      talk_is(word, "UNKNOWN");
	if (line->proxy)
		line->wanted = 2;
	return line->proxy;
}

static void
hand_on_word(
    struct dialogue *d, struct connection *c, enum side side, struct bytes word)
{
	if (side == CLIENT && hear_proxy(d, &d->line[CLIENT], word))
		return;
	if (d->protocol == MAIL_UNKNOWN)
		talk_detect(d, c, side, word);
	if (d->protocol != MAIL_UNKNOWN)
		talk_of(d->protocol)->word[side](d, c, word);
}

static void
end_word(struct dialogue *d, struct connection *c, enum side side)
{
	struct dialogue_line *line = &d->line[side];

	if (!line->in_word)
		return;
	hand_on_word(d, c, side, bytes_of(line->word, line->word_len));
	memset(line->word, 0, line->word_len);
	line->word_len = 0;
	line->words++;
	line->in_word = line->string = line->cut = false;
	line->quoted = line->escaped = false;
}

/* note_late: a line of `side`, where TLS was due or may have been */
static void
note_late(struct dialogue *d, struct connection *c, enum side side)
{
	if (d->upgrade == UPGRADE_NONE)
		return;
	if (side == SERVER && d->upgrade != UPGRADE_GRANTED)
		return;
	if (d->uncertain == CERTAIN)
		d->noted[side] = true;
	if (side == SERVER || d->upgrade != UPGRADE_GRANTED)
		return;
	if ((c->incomplete & INCOMPLETE_NOT_TLS) == 0)
		d->noted_not_tls = true;
	c->incomplete |= INCOMPLETE_NOT_TLS;
}

static void
hand_on_line(struct dialogue *d, struct connection *c, enum side side)
{
	struct dialogue_line *line = &d->line[side];
	const struct talk *talk;

	if (line->proxy && line->words == 2 && line->at < PROXY_LINE_MAX)
		return;
	d->spoke[side] = true;
	if (side == CLIENT && !line->harmless)
		d->private = true;
	note_late(d, c, side);
	line->at = 0;
	talk = talk_of(d->protocol);
	if (talk == NULL) {
		talk_detect_line(d, side);
		return;
	}
	if (side == SERVER && talk_agrees(line))
		d->answered = true;
	talk->line[side](d, c);
}

/* begin_literal: its octets are a word, and the line goes on behind them */
static void
begin_literal(struct dialogue_line *line)
{
	bool kept = line->words < line->wanted && !line->lost;

	memset(line->word, 0, line->word_len);
	line->word_len = 0;
	line->cut = false;
	line->in_word = line->string = kept;
	line->waiting = line->brace == BRACE_CLOSED;
	line->brace = BRACE_NONE;
	line->cr = false;
	line->mode = MODE_COUNTED;
}

static void
end_line(struct dialogue *d, struct connection *c, enum side side)
{
	struct dialogue_line *line = &d->line[side];

	if (has_strings(d) &&
	    (line->brace == BRACE_CLOSED || line->brace == BRACE_CLOSED_PLUS)) {
		begin_literal(line);
		return;
	}
	end_word(d, c, side);
	line->bare = !line->cr;
	if (!line->lost)
		hand_on_line(d, c, side);
	reset_line(line);
}

static void
keep(struct dialogue_line *line, uint8_t ch)
{
	line->in_word = true;
	if (line->word_len < DIALOGUE_WORD_MAX)
		line->word[line->word_len++] = (char)ch;
	else
		line->cut = true;
}

/* Within quotes: RFC 9051 4.3, RFC 5804 1.2. */
static void
hear_quoted(
    struct dialogue *d, struct connection *c, enum side side, uint8_t ch)
{
	struct dialogue_line *line = &d->line[side];

	if (!line->escaped && ch == '"') {
		end_word(d, c, side);
		return;
	}
	if (!line->escaped && ch == '\\') {
		line->escaped = true;
		return;
	}
	line->escaped = false;
	keep(line, ch);
}

/* ends_code: the hyphen of 250-, after which the words go on */
static bool
ends_code(struct dialogue *d, enum side side, uint8_t ch)
{
	struct dialogue_line *line = &d->line[side];
	struct bytes word = bytes_of(line->word, line->word_len);

	if (ch != '-' || side != SERVER || line->words > 0)
		return false;
	if (d->protocol != MAIL_UNKNOWN && has_strings(d))
		return false;
	line->continued = talk_code(word) != 0;
	return line->continued;
}

static bool
ends_word(struct dialogue *d, enum side side, uint8_t ch)
{
	if (ch == ' ' || ch == '\t')
		return true;
	if (side == CLIENT && d->protocol == MAIL_IMAP)
		return ch == '(' || ch == ')';
	return ends_code(d, side, ch);
}

static bool
can_quote(const struct dialogue *d)
{
	return d->protocol == MAIL_UNKNOWN || has_strings(d);
}

static void
hear_kept(struct dialogue *d, struct connection *c, enum side side, uint8_t ch)
{
	struct dialogue_line *line = &d->line[side];

	if (line->quoted) {
		hear_quoted(d, c, side, ch);
	} else if (ch == '"' && !line->in_word && can_quote(d)) {
		line->in_word = line->string = line->quoted = true;
	} else if (ends_word(d, side, ch)) {
		end_word(d, c, side);
	} else {
		keep(line, ch);
	}
}

static void
hear(struct dialogue *d, struct connection *c, enum side side, uint8_t ch)
{
	struct dialogue_line *line = &d->line[side];

	if (line->at == 0)
		begin_line(d, side);
	if (ch == '\n') {
		end_line(d, c, side);
		return;
	}
	if (line->at < UINT16_MAX)
		line->at++;
	line->waiting = false;
	if (line->cr)
		end_word(d, c, side);
	line->cr = ch == '\r';
	if (has_strings(d))
		line->brace = (uint8_t)talk_brace(line, ch);
	if (!line->cr && !line->lost && line->words < line->wanted)
		hear_kept(d, c, side, ch);
}

/* skip_rest steps over what nobody will ask for, but for the byte before the
 * line's end, which tells how it ends. */
static void
skip_rest(struct dialogue *d, struct dialogue_line *line, struct bytes *data)
{
	const uint8_t *lf;
	size_t n;

	if (line->at == 0 || has_strings(d))
		return;
	if (line->words < line->wanted && !line->lost)
		return;
	lf = memchr(data->data, '\n', data->len);
	n = lf == NULL ? data->len : (size_t)(lf - data->data);
	if (n < 2)
		return;
	bytes_take(data, n - 1);
	n += line->at;
	line->at = n - 1 < UINT16_MAX ? (uint16_t)(n - 1) : UINT16_MAX;
}

/* Bytes that nothing begins or ends with, whatever the protocol. */
/* clang-format off */
static const bool plain[256] = {
	['.'] = 1, ['/'] = 1, ['='] = 1, [':'] = 1, ['@'] = 1, ['_'] = 1,
	['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1,
	['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1,
	['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1,
	['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1,
	['M'] = 1, ['N'] = 1, ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1,
	['S'] = 1, ['T'] = 1, ['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1,
	['Y'] = 1, ['Z'] = 1,
	['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1,
	['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1,
	['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1,
	['s'] = 1, ['t'] = 1, ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1,
	['y'] = 1, ['z'] = 1,
};
/* clang-format on */

/*
 * hear_run takes in the bytes that do no more than make a word longer, all at
 * once.  They do what hear() would with each, but most of a talk is of these.
 */
static void
hear_run(struct dialogue_line *line, struct bytes *data)
{
	size_t room = DIALOGUE_WORD_MAX - (size_t)line->word_len, n;
	struct bytes run;

	if (line->at == 0 || line->cr || line->escaped ||
	    (line->brace != BRACE_NONE && line->brace != BRACE_IGNORED))
		return;
	n = bytes_span(*data, plain);
	if (n == 0)
		return;
	run = bytes_take(data, n);
	line->at = n < UINT16_MAX - (size_t)line->at ? (uint16_t)(line->at + n)
						     : UINT16_MAX;
	line->waiting = false;
	if (line->lost || line->words >= line->wanted)
		return;
	line->in_word = true;
	line->cut = line->cut || n > room;
	line->word_len +=
	    (uint8_t)bytes_copy(run, line->word + line->word_len, room);
}

/* hear_lines takes in what is left of one line. */
static void
hear_lines(struct dialogue *d, struct connection *c, enum side side,
    struct bytes *data)
{
	struct dialogue_line *line = &d->line[side];

	do {
		skip_rest(d, line, data);
		hear_run(line, data);
		if (data->len == 0)
			return;
		hear(d, c, side, bytes_u8(data));
	} while (data->len > 0 && line->mode == MODE_LINES && line->at > 0);
}

static void
hear_text(struct dialogue *d, enum side side, struct bytes *data)
{
	struct dialogue_line *line = &d->line[side];
	const uint8_t *stop;

	while (data->len > 0 && line->text_at != TEXT_ENDED) {
		if (line->text_at == TEXT_INSIDE) {
			stop = memchr(
			    data->data, line->bare ? '\n' : '\r', data->len);
			bytes_take(data, stop == NULL
					     ? data->len
					     : (size_t)(stop - data->data));
		}
		if (data->len > 0)
			line->text_at = (uint8_t)talk_text_next(
			    line->text_at, bytes_u8(data), line->bare);
	}
	if (line->text_at != TEXT_ENDED)
		return;
	line->mode = MODE_LINES;
	if (side == CLIENT)
		talk_push(d, COMMAND_MESSAGE);
}

static void
end_counted(struct dialogue *d, struct connection *c, enum side side)
{
	struct dialogue_line *line = &d->line[side];

	if (line->mode != MODE_COUNTED || line->left > 0)
		return;
	line->mode = MODE_LINES;
	end_word(d, c, side);
}

static void
hear_counted(struct dialogue *d, struct connection *c, enum side side,
    struct bytes *data)
{
	struct dialogue_line *line = &d->line[side];
	size_t n = line->left < data->len ? (size_t)line->left : data->len;
	struct bytes octets = bytes_take(data, n);

	line->left -= n;
	line->waiting = false;
	while (line->in_word && octets.len > 0 && !line->cut)
		keep(line, bytes_u8(&octets));
	end_counted(d, c, side);
}

static void
step(struct dialogue *d, struct connection *c, enum side side,
    struct bytes *data)
{
	if (d->over)
		bytes_take(data, data->len);
	else if (d->line[side].mode == MODE_TEXT)
		hear_text(d, side, data);
	else if (d->line[side].mode == MODE_COUNTED)
		hear_counted(d, c, side, data);
	else
		hear_lines(d, c, side, data);
	end_counted(d, c, side);
}

static bool
is_odd(const struct dialogue *d, enum side side, struct bytes data)
{
	const struct dialogue_line *line = &d->line[side];

	return !d->over && line->mode == MODE_LINES && line->at == 0 &&
	       !sniff_starts_line(bytes_u8(&data));
}

void
dialogue_feed(struct dialogue *d, struct connection *c, enum side side,
    struct bytes *data)
{
	end_counted(d, c, side);
	while (data->len > 0 && !is_odd(d, side, *data))
		step(d, c, side, data);
}

void
dialogue_feed_odd(struct dialogue *d, struct connection *c, enum side side,
    struct bytes *data)
{
	struct bytes first = bytes_take(data, data->len > 0 ? 1 : 0);

	end_counted(d, c, side);
	while (first.len > 0)
		step(d, c, side, &first);
	dialogue_feed(d, c, side, data);
}

/* lose forgets where `line` stood. */
static void
lose(struct dialogue_line *line)
{
	if (line->mode == MODE_TEXT) {
		line->text_at = TEXT_INSIDE;
		return;
	}
	line->mode = MODE_LINES;
	reset_line(line);
	line->lost = true;
}

void
dialogue_gap(struct dialogue *d, enum side side, size_t len)
{
	struct dialogue_line *line = &d->line[side];

	if (line->mode == MODE_COUNTED && len > 0 && len <= line->left) {
		line->left -= len;
		line->waiting = false;
		line->cut = line->in_word;
		return;
	}
	lose(line);
	d->gapped = true;
	d->private = true;
	d->uncertain = UNCERTAIN;
	d->pending_count = 0;
	d->untracked = 0;
	if (side == SERVER)
		d->exchange = false;
}

/*
 * led_here tells whether the talk led to TLS on `side`.  After talk in the
 * clear, nothing but STARTTLS can: so it does when the part in which it must
 * have been asked for was not heard.
 */
static bool
led_here(const struct dialogue *d, enum side side)
{
	bool client_heard = d->spoke[CLIENT] || d->tls[CLIENT];
	bool missed = d->gapped || (side == SERVER && !client_heard);

	if (d->asked || d->upgrade == UPGRADE_GRANTED)
		return true; /* even if refused: some programs do not care */
	return missed && d->spoke[side] && d->protocol != MAIL_UNKNOWN;
}

void
dialogue_tls(struct dialogue *d, struct connection *c, enum side side)
{
	bool led = led_here(d, side);

	d->tls[side] = true;
	if (!led)
		return;
	c->starttls = STARTTLS_USED;
	if (d->noted[side])
		c->unexpected_bytes[side] = true;
	if (d->noted_not_tls)
		c->incomplete &= (uint8_t)~INCOMPLETE_NOT_TLS;
	d->noted_not_tls = false;
}

/* may_be_proxy: what there is of the line may become a PROXY line */
static bool
may_be_proxy(const struct dialogue_line *line)
{
	return line->proxy ||
	       (line->words == 0 && line->word_len <= 5 &&
		   memcmp(line->word, "PROXY", line->word_len) == 0);
}

bool
dialogue_spoke(const struct dialogue *d, enum side side)
{
	const struct dialogue_line *line = &d->line[side];

	if (d->spoke[side] || line->at == 0 || line->lost)
		return d->spoke[side];
	return side == SERVER || !may_be_proxy(line);
}

bool
dialogue_is_harmless(const struct dialogue *d)
{
	const struct dialogue_line *line = &d->line[CLIENT];

	return !d->private && (line->at == 0 || line->harmless);
}

bool
dialogue_is_mail(const struct dialogue *d)
{
	if (d->protocol == MAIL_POP3 && !d->commanded)
		return false; /* others say +OK as well */
	return d->protocol != MAIL_UNKNOWN && d->answered;
}

bool
dialogue_is_foreign(const struct dialogue *d)
{
	return d->protocol == MAIL_UNKNOWN && d->foreign;
}

bool
dialogue_is_over(const struct dialogue *d)
{
	return d->over;
}
