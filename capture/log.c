/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "capture/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static enum log_level shown = LOG_NORMAL;

void
log_set_level(enum log_level level)
{
	shown = level;
}

/*
 * character_len returns how many bytes the printable character at `s` has, or
 * 0 if there is none: a control character (C0, DEL, C1), or no UTF-8 (RFC
 * 3629).
 */
static size_t
character_len(const char *s)
{
	static const struct {
		uint8_t first, last; /* byte one */
		uint8_t second, to;  /* byte two */
		size_t len;
	} shapes[] = {
		{ 0x20, 0x7e, 0, 0, 1 },
		{ 0xc2, 0xc2, 0xa0, 0xbf, 2 },
		{ 0xc3, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	const uint8_t *b = (const uint8_t *)s;
	size_t i = 0, n = 2;

	while (i < sizeof(shapes) / sizeof(shapes[0]) &&
	       (b[0] < shapes[i].first || b[0] > shapes[i].last))
		i++;
	if (i == sizeof(shapes) / sizeof(shapes[0]))
		return 0;
	if (shapes[i].len == 1)
		return 1;
	if (b[1] < shapes[i].second || b[1] > shapes[i].to)
		return 0;
	while (n < shapes[i].len && (b[n] & 0xc0) == 0x80)
		n++;
	return n == shapes[i].len ? n : 0;
}

void
log_escape(const char *from, char *to, size_t size)
{
	size_t at = 0;

	while (*from != '\0') {
		size_t len = character_len(from);
		char escaped[sizeof("\\xNN")];

		if (len == 0)
			snprintf(escaped, sizeof(escaped), "\\x%02x",
			    (unsigned)(unsigned char)*from);
		if (at + (len == 0 ? 4 : len) >= size)
			break;
		memcpy(to + at, len == 0 ? escaped : from, len == 0 ? 4 : len);
		at += len == 0 ? 4 : len;
		from += len == 0 ? 1 : len;
	}
	to[at] = '\0';
}

/* print writes one line; `error` is an errno, or 0. */
static void
print(int error, const char *format, va_list args)
{
	char raw[LOG_LINE_MAX], line[LOG_LINE_MAX * 2];

	vsnprintf(raw, sizeof(raw), format, args);
	log_escape(raw, line, sizeof(line));
	if (error != 0)
		fprintf(stderr, "mailtls: %s: %s\n", line, strerror(error));
	else
		fprintf(stderr, "mailtls: %s\n", line);
}

void
log_warn(const char *format, ...)
{
	int error = errno;
	va_list args;

	va_start(args, format);
	print(error, format, args);
	va_end(args);
}

void
log_warnx(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(0, format, args);
	va_end(args);
}

void
log_info(const char *format, ...)
{
	va_list args;

	if (shown < LOG_INFO)
		return;
	va_start(args, format);
	print(0, format, args);
	va_end(args);
}

void
log_debug(const char *format, ...)
{
	va_list args;

	if (shown < LOG_DEBUG)
		return;
	va_start(args, format);
	print(0, format, args);
	va_end(args);
}
