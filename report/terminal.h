/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_TERMINAL_H
#define MAILTLS_REPORT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Text for a terminal: names made harmless, lines wrapped between words,
 * headings in colour.
 */

enum {
	TERMINAL_ESCAPED_MAX = 1100, /* a name of 255 bytes, all escaped */
	TERMINAL_WORD_MAX = 1200,
	TERMINAL_COLUMNS_MIN = 40, /* narrower ones are treated as this */
	TERMINAL_COLUMNS = 80,     /* when it is not known */
};

/* A space at which no line ends, in text of our own. */
#define TERMINAL_NBSP "\x1f"

/*
 * terminal_escape copies the `len` bytes at `s`, which nobody has vouched for,
 * to the `size` bytes at `out`, ends them with NUL, and returns the length.
 * What is not a printable character that takes up columns of its own (controls,
 * marks of direction, bytes that are no UTF-8), a backslash, a quote or one of
 * the characters in `also` becomes \xHH for each of its bytes; without `utf8`,
 * so does all that is not ASCII.  What does not fit is left out.
 */
size_t terminal_escape(const char *s, size_t len, bool utf8, const char *also,
    char *out, size_t size);

/* terminal_width returns how many columns `s`, valid UTF-8, takes up. */
unsigned terminal_width(const char *s);

struct markup;

/*
 * struct terminal writes paragraphs to `out`, or as HTML to `markup`, where
 * columns and colours do not count.  Set the first five members, zero the
 * others.
 */
struct terminal {
	FILE *out;
	unsigned columns;
	bool colour, utf8;
	struct markup *markup; /* NULL: text */
	/* Private. */
	unsigned column, hang;
	bool started;    /* the line has a word */
	bool space;      /* one is due before the next word */
	uint32_t before; /* the last character of the word */
	size_t len;      /* of the word in the making */
	char word[TERMINAL_WORD_MAX];
};

/*
 * terminal_begin begins a paragraph `indent` columns from the left, the second
 * and later lines `hang`; terminal_end ends it with a newline.  A word wider
 * than a line stays in one piece.  Between wide characters, as in Japanese, a
 * line may end, but not before a full stop and the like; after one, a space is
 * left out.
 */
void terminal_begin(struct terminal *t, unsigned indent, unsigned hang);
void terminal_end(struct terminal *t);

/* terminal_item begins a paragraph that is an item of a list, after `mark`. */
void terminal_item(struct terminal *t, unsigned indent, char mark);

/* terminal_say adds text of our own, terminal_name a name that is escaped,
 * blanks in it too, and terminal_number a number with its thousands apart. */
void terminal_say(struct terminal *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void terminal_name(struct terminal *t, const char *name);
void terminal_number(struct terminal *t, uint64_t number);

/* terminal_link adds text of our own in which %s stands for the address of a
 * web page, `url`. */
void terminal_link(struct terminal *t, const char *format, const char *url)
    __attribute__((format(printf, 2, 0)));

/* terminal_heading writes a line with `right`, perhaps "", at its right end, if
 * that fits, else after `left`; `sgr` is what colours it, "1;31", or NULL. */
void terminal_heading(
    struct terminal *t, const char *sgr, const char *left, const char *right);

/* terminal_blank writes an empty line. */
void terminal_blank(struct terminal *t);

/* terminal_colour begins a colour, "1;31", or ends it with "0"; nothing for
 * NULL or where colours are not wanted.  Not inside a paragraph. */
void terminal_colour(struct terminal *t, const char *sgr);

/* terminal_thousands writes `number` as terminal_number does, its thousands
 * apart as the language has it. */
enum {
	TERMINAL_NUMBER_MAX = 32,
};
const char *terminal_thousands(uint64_t number, char text[TERMINAL_NUMBER_MAX]);

#endif
