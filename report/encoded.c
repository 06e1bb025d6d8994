/* SPDX-License-Identifier: ISC */
#include "report/encoded.h"

#include <stdbool.h>
#include <string.h>

enum {
	BODY_LINE_MAX = 76,   /* RFC 2045 6.7 (5), with the "=" */
	HEADER_LINE_MAX = 76, /* RFC 2047 2 */
	WORD_MAX = 75,        /* an encoded word */
};

static const char word_begin[] = "=?UTF-8?Q?";
static const char word_end[] = "?=";

static bool
is_printable(unsigned char c)
{
	return c >= ' ' && c < 0x7f;
}

/* Must the byte at `at`, at the start of a line or not, be encoded? */
static bool
needs_code(const char *at, const char *end, bool starts)
{
	bool ends = at + 1 == end || at[1] == '\n';

	if (!is_printable((unsigned char)*at) || *at == '=')
		return true;
	if (*at == ' ' && ends)
		return true;
	return starts && (*at == '.' || *at == 'F');
}

void
encoded_body(FILE *out, const char *text, size_t len)
{
	const char *end = text + len;
	size_t column = 0;

	for (const char *at = text; at < end; at++) {
		bool code;

		if (*at == '\n') {
			fputc('\n', out);
			column = 0;
			continue;
		}
		code = needs_code(at, end, column == 0);
		if (column + (code ? 3 : 1) > BODY_LINE_MAX - 1) {
			fputs("=\n", out);
			column = 0;
			code = needs_code(at, end, true);
		}
		if (code)
			fprintf(out, "=%02X", (unsigned char)*at);
		else
			fputc(*at, out);
		column += code ? 3 : 1;
	}
}

static bool
is_plain(const char *text, size_t column)
{
	for (const char *at = text; *at != '\0'; at++) {
		if (!is_printable((unsigned char)*at))
			return false;
	}
	/* What looks like an encoded word is none. */
	return column + strlen(text) <= HEADER_LINE_MAX &&
	       strstr(text, "=?") == NULL;
}

/* How many bytes the character at `at` has: what follows its first. */
static size_t
character_len(const char *at)
{
	size_t len = 1;

	while (((unsigned char)at[len] & 0xc0) == 0x80)
		len++;
	return len;
}

/* RFC 2047 4.2 and 5 (3): letters and digits are safe anywhere. */
static bool
is_safe(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

/* Encodes a character of `len` bytes and returns how long it has become. */
static size_t
write_character(FILE *out, const char *at, size_t len)
{
	if (len == 1 && is_safe((unsigned char)*at)) {
		fputc(*at, out);
		return 1;
	}
	if (*at == ' ') {
		fputc('_', out);
		return 1;
	}
	for (size_t i = 0; i < len; i++)
		fprintf(out, "=%02X", (unsigned char)at[i]);
	return 3 * len;
}

void
encoded_header(FILE *out, const char *text, size_t column)
{
	size_t begin_len = strlen(word_begin), end_len = strlen(word_end);
	size_t used = column + begin_len;

	if (is_plain(text, column)) {
		fputs(text, out);
		return;
	}
	fputs(word_begin, out);
	while (*text != '\0') {
		size_t len = character_len(text);

		/* A character is never divided, and takes 12 bytes at most. */
		if (used + 3 * len + end_len > WORD_MAX) {
			fprintf(out, "%s\n %s", word_end, word_begin);
			used = 1 + begin_len;
		}
		used += write_character(out, text, len);
		text += len;
	}
	fputs(word_end, out);
}
