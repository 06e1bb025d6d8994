/* SPDX-License-Identifier: ISC */
/*
 * Words on a terminal.  Widths come from tables here and not from wcwidth(3),
 * which knows only what the locale knows: the same report is to come out the
 * same everywhere.
 */
#include "report/terminal.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>

#include "report/language.h"
#include "report/markup.h"

enum {
	SAY_MAX = 4096,     /* bytes of one terminal_say */
	FULL_STOP = 0x3002, /* IDEOGRAPHIC FULL STOP, which brings its space */
};

struct range {
	uint32_t first, last;
};

/* Code points that take up no column, or act on their neighbours; of those
 * that Unicode has by the hundred only the general blocks. */
static const struct range hidden[] = {
	{ 0x00, 0x1f }, { 0x7f, 0x9f }, /* DEL and C1 */
	{ 0xad, 0xad },                 /* SOFT HYPHEN */
	{ 0x300, 0x36f },               /* combining marks */
	{ 0x483, 0x489 }, { 0x591, 0x5bd },
	{ 0x610, 0x61c },                     /* to ARABIC LETTER MARK */
	{ 0x64b, 0x65f }, { 0x115f, 0x1160 }, /* HANGUL fillers */
	{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x1ab0, 0x1aff },
	{ 0x1dc0, 0x1dff }, { 0x200b, 0x200f }, /* zero width, direction */
	{ 0x2028, 0x202e }, /* separators, embedding, override */
	{ 0x2060, 0x206f }, /* isolates and others */
	{ 0x20d0, 0x20ff }, { 0x3099, 0x309a },
	{ 0x3164, 0x3164 }, /* HANGUL FILLER */
	{ 0xd800, 0xdfff }, /* surrogates: no characters, RFC 3629 3 */
	{ 0xe000, 0xf8ff }, /* private use */
	{ 0xfe00, 0xfe0f }, /* variation selectors */
	{ 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff }, /* byte order mark */
	{ 0xffa0, 0xffa0 }, { 0xfff0, 0xffff },
	{ 0xe0000, UINT32_MAX }, /* tags, private use, nothing */
};

/* East Asian Wide and Fullwidth, Unicode Standard Annex #11, in the rough. */
static const struct range wide[] = {
	{ 0x1100, 0x115e },
	{ 0x2e80, 0x303e },
	{ 0x3041, 0x33ff },
	{ 0x3400, 0x4dbf },
	{ 0x4e00, 0xa4cf },
	{ 0xa960, 0xa97f },
	{ 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff },
	{ 0xfe30, 0xfe6f },
	{ 0xff01, 0xff60 },
	{ 0xffe0, 0xffe6 },
	{ 0x1f300, 0x1f64f },
	{ 0x1f900, 0x1f9ff },
	{ 0x20000, 0x3fffd },
};

/* Where no line begins and none ends: JIS X 4051, in the rough. */
static const struct range closing[] = {
	{ 0x3001, 0x3002 },
	{ 0x3005, 0x3005 },
	{ 0x3009, 0x3009 },
	{ 0x300b, 0x300b },
	{ 0x300d, 0x300d },
	{ 0x300f, 0x300f },
	{ 0x3011, 0x3011 },
	{ 0x3063, 0x3063 }, /* small kana */
	{ 0x3083, 0x3087 },
	{ 0x30a1, 0x30a1 },
	{ 0x30a3, 0x30a3 },
	{ 0x30a5, 0x30a5 },
	{ 0x30a7, 0x30a7 },
	{ 0x30a9, 0x30a9 },
	{ 0x30c3, 0x30c3 },
	{ 0x30e3, 0x30e3 },
	{ 0x30e5, 0x30e5 },
	{ 0x30e7, 0x30e7 },
	{ 0x30fb, 0x30fc }, /* middle dot, long vowel */
	{ 0xff01, 0xff01 },
	{ 0xff09, 0xff09 },
	{ 0xff0c, 0xff0e },
	{ 0xff1a, 0xff1b },
	{ 0xff1f, 0xff1f },
};
static const struct range opening[] = {
	{ 0x3008, 0x3008 },
	{ 0x300a, 0x300a },
	{ 0x300c, 0x300c },
	{ 0x300e, 0x300e },
	{ 0x3010, 0x3010 },
	{ 0xff08, 0xff08 },
};

static bool
is_in(const struct range *ranges, size_t count, uint32_t code)
{
	for (size_t i = 0; i < count; i++) {
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	}
	return false;
}

static bool
is_hidden(uint32_t code)
{
	return is_in(hidden, sizeof(hidden) / sizeof(hidden[0]), code);
}

static bool
is_wide(uint32_t code)
{
	return is_in(wide, sizeof(wide) / sizeof(wide[0]), code);
}

static bool
is_closing(uint32_t code)
{
	/* What is put after a word without a space, too. */
	return (code < 0x80 && code > ' ' && strchr(",.:;!?)]", (int)code)) ||
	       is_in(closing, sizeof(closing) / sizeof(closing[0]), code);
}

static bool
is_opening(uint32_t code)
{
	return is_in(opening, sizeof(opening) / sizeof(opening[0]), code);
}

/* UTF-8 by the number of bytes, RFC 3629: what leads, and the first code point
 * that needs so many. */
static const struct {
	uint8_t mask, lead;
	uint32_t least;
} forms[] = {
	{ 0x80, 0x00, 0 },
	{ 0xe0, 0xc0, 0x80 },
	{ 0xf0, 0xe0, 0x800 },
	{ 0xf8, 0xf0, 0x10000 },
};

/* Reads one character of the `len` bytes at `s`, of which there is one.  It
 * returns how many bytes that is, and 0 for what is not UTF-8. */
static size_t
read_character(const char *s, size_t len, uint32_t *out_code)
{
	uint8_t first = (uint8_t)s[0];
	size_t form = 0;
	uint32_t code;

	while (form < 4 && (first & forms[form].mask) != forms[form].lead)
		form++;
	if (form == 4 || form >= len)
		return 0;
	code = first & (uint8_t)~forms[form].mask;
	for (size_t i = 1; i <= form; i++) {
		uint8_t next = (uint8_t)s[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (next & 0x3f);
	}
	*out_code = code;
	return code >= forms[form].least && code <= 0x10ffff ? form + 1 : 0;
}

static bool
is_harmless(uint32_t code, bool utf8, const char *also)
{
	if (code >= 0x80)
		return utf8 && !is_hidden(code);
	return !is_hidden(code) && strchr("\\\"", (int)code) == NULL &&
	       strchr(also, (int)code) == NULL;
}

size_t
terminal_escape(const char *s, size_t len, bool utf8, const char *also,
    char *out, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	size_t used = 0;

	while (len > 0) {
		char escape[4] = { '\\', 'x' };
		uint32_t code = 0;
		size_t take = read_character(s, len, &code);
		bool plain = take > 0 && is_harmless(code, utf8, also);
		size_t put = plain ? take : sizeof(escape);

		/* What is not harmless goes byte by byte. */
		take = plain ? take : 1;
		if (used + put >= size)
			break;
		escape[2] = digits[(uint8_t)s[0] >> 4];
		escape[3] = digits[(uint8_t)s[0] & 15];
		memcpy(out + used, plain ? s : escape, put);
		used += put;
		s += take;
		len -= take;
	}
	out[used] = '\0';
	return used;
}

/* One character of a text. */
struct character {
	const char *s;
	size_t len;
	uint32_t code; /* 0 for what is not UTF-8 */
	unsigned width;
};

/* The first character of the `len` bytes at `s`. */
static struct character
character_of(const char *s, size_t len)
{
	struct character c = { .s = s };
	size_t bytes = read_character(s, len, &c.code);

	c.len = bytes > 0 ? bytes : 1;
	c.code = bytes > 0 ? c.code : 0;
	if (TERMINAL_NBSP[0] == s[0] || bytes == 0)
		c.width = 1;
	else if (!is_hidden(c.code))
		c.width = is_wide(c.code) ? 2 : 1;
	return c;
}

static unsigned
width_of(const char *s, size_t len)
{
	unsigned width = 0;

	while (len > 0) {
		struct character c = character_of(s, len);

		width += c.width;
		s += c.len;
		len -= c.len;
	}
	return width;
}

unsigned
terminal_width(const char *s)
{
	return width_of(s, strlen(s));
}

static unsigned
columns_of(const struct terminal *t)
{
	if (t->markup != NULL)
		return UINT_MAX; /* whoever shows it breaks the lines */
	if (t->columns == 0)
		return TERMINAL_COLUMNS;
	if (t->columns < TERMINAL_COLUMNS_MIN)
		return TERMINAL_COLUMNS_MIN;
	return t->columns;
}

static void
write_text(struct terminal *t, const char *s, size_t len)
{
	if (t->markup != NULL) {
		markup_text(t->markup, s, len);
		return;
	}
	for (size_t i = 0; i < len; i++)
		fputc(s[i] == TERMINAL_NBSP[0] ? ' ' : s[i], t->out);
}

static void
indent(struct terminal *t, unsigned columns)
{
	if (t->markup == NULL)
		fprintf(t->out, "%*s", (int)columns, "");
	t->column = columns;
	t->started = false;
	t->space = false;
}

/* Writes the word in the making, on a new line if this one is full. */
static void
end_word(struct terminal *t)
{
	unsigned width = width_of(t->word, t->len);

	if (t->len == 0)
		return;
	if (t->started && t->column + t->space + width > columns_of(t)) {
		fputc('\n', t->out);
		indent(t, t->hang);
	}
	if (t->space)
		write_text(t, " ", 1);
	write_text(t, t->word, t->len);
	t->column += t->space + width;
	t->started = true;
	t->space = false;
	t->len = 0;
}

/* Between wide characters a line may end, but not everywhere. */
static bool
may_break(const struct terminal *t, const struct character *c)
{
	return is_wide(t->before) && !is_opening(t->before) &&
	       !is_closing(c->code);
}

static void
add_character(struct terminal *t, const struct character *c)
{
	if (t->len + c->len > sizeof(t->word) || may_break(t, c))
		end_word(t);
	memcpy(t->word + t->len, c->s, c->len);
	t->len += c->len;
	t->before = c->code;
}

static void
add_space(struct terminal *t)
{
	end_word(t);
	t->space = t->started && t->before != FULL_STOP;
	if (t->before != FULL_STOP)
		t->before = 0;
}

static void
add_text(struct terminal *t, const char *s, size_t len)
{
	while (len > 0) {
		struct character c = character_of(s, len);

		if (c.code == ' ')
			add_space(t);
		else
			add_character(t, &c);
		s += c.len;
		len -= c.len;
	}
}

static void
begin(struct terminal *t, unsigned first, unsigned hang, bool item)
{
	t->len = 0;
	t->hang = hang;
	t->before = 0;
	if (t->markup != NULL)
		markup_begin(t->markup, item);
	indent(t, first);
}

void
terminal_begin(struct terminal *t, unsigned first, unsigned hang)
{
	begin(t, first, hang, false);
}

void
terminal_item(struct terminal *t, unsigned first, char mark)
{
	begin(t, first, first + 2, true);
	if (t->markup == NULL)
		terminal_say(t, "%c" TERMINAL_NBSP, mark);
}

void
terminal_end(struct terminal *t)
{
	end_word(t);
	if (t->markup != NULL)
		markup_end(t->markup);
	else
		fputc('\n', t->out);
}

void
terminal_blank(struct terminal *t)
{
	if (t->markup == NULL)
		fputc('\n', t->out);
}

void
terminal_say(struct terminal *t, const char *format, ...)
{
	char text[SAY_MAX];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len > 0)
		add_text(t, text, strlen(text));
}

void
terminal_link(struct terminal *t, const char *format, const char *url)
{
	if (t->markup == NULL) {
		terminal_say(t, format, url);
		return;
	}
	end_word(t);
	if (t->space)
		write_text(t, " ", 1);
	t->space = false;
	t->started = true;
	t->before = 0;
	markup_link(t->markup, format, url);
}

void
terminal_name(struct terminal *t, const char *name)
{
	char text[TERMINAL_ESCAPED_MAX];
	size_t len = terminal_escape(
	    name, strlen(name), t->utf8, " ", text, sizeof(text));

	add_text(t, text, len);
}

const char *
terminal_thousands(uint64_t number, char text[TERMINAL_NUMBER_MAX])
{
	bool grouped = number >= language_group_from();
	char digits[TERMINAL_NUMBER_MAX];
	size_t len, at = 0;

	snprintf(digits, sizeof(digits), "%" PRIu64, number);
	len = strlen(digits);
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && grouped && (len - i) % 3 == 0)
			text[at++] = language_group()[0];
		text[at++] = digits[i];
	}
	text[at] = '\0';
	return text;
}

void
terminal_number(struct terminal *t, uint64_t number)
{
	char text[TERMINAL_NUMBER_MAX];

	terminal_say(t, "%s", terminal_thousands(number, text));
}

void
terminal_colour(struct terminal *t, const char *sgr)
{
	if (t->colour && sgr != NULL && t->markup == NULL)
		fprintf(t->out, "\x1b[%sm", sgr);
}

void
terminal_heading(
    struct terminal *t, const char *sgr, const char *left, const char *right)
{
	unsigned width = terminal_width(left) + terminal_width(right);

	terminal_colour(t, sgr);
	if (right[0] == '\0') {
		write_text(t, left, strlen(left));
	} else if (width + 2 <= columns_of(t)) {
		write_text(t, left, strlen(left));
		fprintf(t->out, "%*s", (int)(columns_of(t) - width), "");
		write_text(t, right, strlen(right));
	} else {
		terminal_begin(t, 0, 2);
		terminal_say(t, "%s: %s", left, right);
		end_word(t);
	}
	terminal_colour(t, sgr != NULL ? "0" : NULL);
	fputc('\n', t->out);
}
