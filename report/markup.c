/* SPDX-License-Identifier: ISC */
/* HTML as the WHATWG's Living Standard has it, "Writing HTML documents". */
#include "report/markup.h"

#include <stdarg.h>
#include <string.h>

#include "report/terminal.h"

/* What stands for the byte `c` of a text, or NULL: the byte itself. */
static const char *
entity(unsigned char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\n':
		return NULL;
	}
	if (c == (unsigned char)TERMINAL_NBSP[0])
		return "&nbsp;";
	return c < ' ' || c == 0x7f ? "\xef\xbf\xbd" : NULL;
}

void
markup_text(struct markup *m, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const char *word = entity((unsigned char)text[i]);

		if (word != NULL)
			fputs(word, m->out);
		else
			fputc(text[i], m->out);
	}
}

/* A list goes on only with items. */
static void
settle(struct markup *m)
{
	if (m->inside || !m->list)
		return;
	fputs("</ul>\n", m->out);
	m->list = false;
}

/* Writes what the conversion at `at` stands for and returns what follows. */
static const char *
convert(struct markup *m, const char *at, va_list *args)
{
	const char *text;

	if (*at == 's') {
		text = va_arg(*args, const char *);
		markup_text(m, text, strlen(text));
	} else if (*at == 'u') {
		fprintf(m->out, "%u", va_arg(*args, unsigned));
	} else if (strncmp(at, "zu", 2) == 0) {
		fprintf(m->out, "%zu", va_arg(*args, size_t));
		at++;
	} else {
		fputc('%', m->out);
	}
	return at + 1;
}

void
markup_say(struct markup *m, const char *format, ...)
{
	va_list args;

	settle(m);
	va_start(args, format);
	while (*format != '\0') {
		size_t plain = strcspn(format, "%");

		fwrite(format, 1, plain, m->out);
		format += plain;
		if (*format == '%')
			format = convert(m, format + 1, &args);
	}
	va_end(args);
}

static bool
is_of_the_web(const char *url)
{
	return strncmp(url, "https://", 8) == 0 ||
	       strncmp(url, "http://", 7) == 0;
}

void
markup_link(struct markup *m, const char *text, const char *url)
{
	const char *place = strstr(text, "%s");
	size_t before = place != NULL ? (size_t)(place - text) : strlen(text);

	markup_text(m, text, before);
	if (place == NULL)
		return;
	if (is_of_the_web(url))
		markup_say(m, "<a href=\"%s\">%s</a>", url, url);
	else
		markup_text(m, url, strlen(url));
	markup_text(m, place + 2, strlen(place + 2));
}

void
markup_begin(struct markup *m, bool item)
{
	if (!item)
		settle(m);
	else if (!m->list)
		fputs("<ul>\n", m->out);
	m->list = item;
	m->item = item;
	m->inside = true;
	fputs(item ? "<li>" : "<p>", m->out);
}

void
markup_end(struct markup *m)
{
	fputs(m->item ? "</li>\n" : "</p>\n", m->out);
	m->inside = false;
}

void
markup_section(struct markup *m, const char *heading, bool fold)
{
	markup_section_end(m);
	m->section = true;
	m->fold = fold;
	markup_say(m,
	    fold ? "<details class=\"fold\"><summary><h2>%s</h2></summary>\n"
		 : "<section><h2>%s</h2>\n",
	    heading);
}

void
markup_section_end(struct markup *m)
{
	settle(m);
	if (m->section)
		fputs(m->fold ? "</details>\n" : "</section>\n", m->out);
	m->section = false;
}
