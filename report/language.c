/* SPDX-License-Identifier: ISC */
/*
 * A message is found by its English text in a sorted table.  How numbers are
 * grouped is here and not in the catalogues: it is no text.
 */
#include "report/language.h"

#include <stdlib.h>
#include <string.h>

#include "report/terminal.h"

static const struct style {
	const char *code, *group;
	uint64_t group_from;
} styles[] = {
	{ "en", TERMINAL_NBSP, 10000 },
	{ "de", ".", 10000 }, /* Duden: four digits need none */
	{ "ja", ",", 1000 },
};

static const struct language english = { .code = "en", .plural_forms = 2 };

static const struct language *current = &english;

/* Is the language of `locale` the one of `code`? */
static bool
is_of(const char *locale, const char *code)
{
	size_t len = strlen(code);

	return strncmp(locale, code, len) == 0 &&
	       strchr("_.@", locale[len]) != NULL;
}

bool
language_set(const char *locale)
{
	if (is_of(locale, "en") || is_of(locale, "C") || is_of(locale, "POSIX"))
		current = &english;
	else
		for (const struct language *l = language_catalogues;; l++) {
			if (l->code == NULL)
				return false;
			if (!is_of(locale, l->code))
				continue;
			current = l;
			break;
		}
	return true;
}

const char *
language_code(void)
{
	return current->code;
}

static int
compare(const void *key, const void *message)
{
	const struct language_message *m = message;

	return strcmp(key, m->english);
}

static const struct language_message *
find(const char *text)
{
	if (current->count == 0)
		return NULL;
	return bsearch(text, current->messages, current->count,
	    sizeof(*current->messages), compare);
}

const char *
language_text(const char *text)
{
	const struct language_message *message = find(text);

	return message != NULL ? message->text[0] : text;
}

const char *
language_plural(const char *one, const char *many, uint64_t n)
{
	const struct language_message *message = find(one);

	if (message == NULL)
		return n == 1 ? one : many;
	return message->text[current->plural_forms == 2 && n != 1];
}

static const struct style *
style(void)
{
	size_t i = sizeof(styles) / sizeof(styles[0]) - 1;

	while (i > 0 && strcmp(styles[i].code, current->code) != 0)
		i--;
	return &styles[i];
}

const char *
language_group(void)
{
	return style()->group;
}

uint64_t
language_group_from(void)
{
	return style()->group_from;
}
