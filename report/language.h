/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_LANGUAGE_H
#define MAILTLS_REPORT_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The language of what people read.  Catalogues are gettext's, po/CODE.po, and
 * are compiled in: libintl would translate only where that locale, or any, is
 * installed, and a router has none.  Machine formats do not come this way.
 */

/* N_ marks text that _ translates later, where it is used. */
#define _(text)  language_text(text)
#define N_(text) text

struct language_message {
	const char *english; /* the singular */
	const char *text[2]; /* singular and plural; one where they are alike */
};

struct language {
	const char *code;      /* "de", ISO 639-1 */
	unsigned plural_forms; /* 1, or 2: one, and all other numbers */
	const struct language_message *messages; /* in the order of strcmp(3) */
	size_t count;
};

/* language_catalogues is written by build-aux/po2c.awk; an entry without a code
 * ends it. */
extern const struct language language_catalogues[];

/*
 * language_set makes `locale` the language, "de" or "ja_JP.UTF-8": what comes
 * after the language's code does not matter.  English needs no catalogue, nor
 * do "C" and "POSIX".  It returns false, and nothing changes, when there is no
 * such language here.
 */
bool language_set(const char *locale);

/* language_code returns the language's code, "en" to begin with. */
const char *language_code(void);

/* language_text returns `english` in that language, or itself. */
const char *language_text(const char *english) __attribute__((format_arg(1)));

/* language_plural returns what fits the number `n` of `one` and `many`, in that
 * language. */
const char *language_plural(const char *one, const char *many, uint64_t n)
    __attribute__((format_arg(1), format_arg(2)));

/* language_group returns what stands between the thousands of a number, and
 * language_group_from the least number that has it. */
const char *language_group(void);
uint64_t language_group_from(void);

/* ngettext is the name by which xgettext(1) knows a plural. */
#define ngettext(one, many, n) language_plural(one, many, n)

#endif
