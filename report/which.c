/* SPDX-License-Identifier: ISC */
/*
 * Nothing is claimed but what was seen: "its offer is that of" a program that
 * was measured, as a printer may use the same library; and that it "is" the
 * program only where nobody else was found to do the same.
 */
#include "report/which.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/language.h"
#include "report/terminal.h"

enum {
	NAME_SHOWN_MAX = 4 * PROGRAM_NAME_MAX + 1,
	JA4_SUITES_AT = 4, /* how many there are, two digits */
	JA4_EXTENSIONS_AT = 6,
};

const char *
which_library(const char *library)
{
	static const char *const names[][2] = {
		{ "openssl", "OpenSSL" },
		{ "gnutls", "GnuTLS" },
		{ "gnutls (glib-networking)", "GnuTLS by GLib" },
		{ "nss", "NSS" },
		{ "mbedtls", "Mbed TLS" },
		{ "wolfssl", "wolfSSL" },
		{ "bearssl", "BearSSL" },
		{ "JSSE", "Java" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i][0], library) == 0)
			return names[i][1];
	return library;
}

/* --- names ----------------------------------------------------------------- */

/* Adds text at `*at`; what does not fit is left out. */
static void add(char *out, size_t size, size_t *at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void
add(char *out, size_t size, size_t *at, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(out + *at, size - *at, format, args);
	va_end(args);
	if (len > 0)
		*at += (size_t)len < size - *at ? (size_t)len : size - *at - 1;
}

/* "a, b or c" */
static size_t
list_names(const struct program *program, char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < program->count; i++) {
		if (i > 0)
			/* Translators: between names of programs, and before
			 * the last. */
			add(out, size, &at, "%s",
			    i + 1 < program->count ? _(", ") : _(" or "));
		add(out, size, &at, "%s", program->candidates[i]);
	}
	return at;
}

/* "a, b or c, all with OpenSSL" */
static void
list_with_library(const struct program *program, char *out, size_t size)
{
	size_t at = list_names(program, out, size);
	const char *library = which_library(program->library);

	if (library[0] == '\0')
		return;
	if (program->count == 1)
		/* Translators: a program's TLS library. */
		add(out, size, &at, _(" (%s)"), library);
	else if (program->count == 2)
		add(out, size, &at, _(", both with %s"), library);
	else
		add(out, size, &at, _(", all with %s"), library);
}

void
which_list(const struct program *program, char out[WHICH_NAMES_MAX])
{
	list_with_library(program, out, WHICH_NAMES_MAX);
}

/* --- groups ---------------------------------------------------------------- */

static bool
has_candidate(const struct program *program, const char *name)
{
	for (size_t i = 0; i < program->count; i++)
		if (strcmp(program->candidates[i], name) == 0)
			return true;
	return false;
}

/* Whichever is the likeliest of them. */
static bool
is_same_group(const struct program *a, const struct program *b)
{
	if (a->count != b->count || strcmp(a->library, b->library) != 0)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!has_candidate(b, a->candidates[i]))
			return false;
	return true;
}

/* The number of the group of `program`, 0 if there is no room for it. */
static size_t
group_of(struct which_groups *groups, const struct program *program)
{
	size_t i = 0;

	while (i < groups->count && !is_same_group(groups->of[i], program))
		i++;
	if (i == WHICH_GROUPS_MAX)
		return 0;
	if (i == groups->count)
		groups->of[groups->count++] = program;
	return i + 1;
}

/* --- sentences ------------------------------------------------------------- */

/* It has a name of its own, from the system or from its own mouth. */
static void
say_own_name(const struct program *program, bool utf8, char out[WHICH_MAX])
{
	char name[NAME_SHOWN_MAX];

	terminal_escape(
	    program->name, strlen(program->name), utf8, "", name, sizeof(name));
	snprintf(out, WHICH_MAX,
	    (program->evidence & PROGRAM_BY_PROCESS) != 0
		? _("It is the program \"%s\" of this machine.")
		: _("It says of itself that it is \"%s\"."),
	    name);
}

/* It is one of the table, for certain. */
static void
say_certain(const struct program *program, char out[WHICH_MAX])
{
	char name[WHICH_MAX / 2];
	unsigned by = program->evidence;

	list_with_library(program, name, sizeof(name));
	if ((by & PROGRAM_BY_PROCESS) != 0)
		snprintf(out, WHICH_MAX,
		    _("It is %s: a program of this machine."), name);
	else if ((by & PROGRAM_BY_IMAP_ID) != 0)
		snprintf(
		    out, WHICH_MAX, _("It is %s: it says so itself."), name);
	else
		snprintf(out, WHICH_MAX,
		    _("It is %s: nothing else known talks like that."), name);
}

/* What it is like, in which respect; %s are names. */
static const char *
likeness(unsigned evidence)
{
	bool talk = (evidence & PROGRAM_BY_ANY_TALK) != 0;

	if (talk && (evidence & PROGRAM_BY_ANY_HELLO) != 0)
		return _("It talks and offers like %s.");
	if ((evidence & PROGRAM_BY_TALK_NEARLY) != 0)
		return _("It talks almost like %s.");
	if (talk)
		return _("It talks like %s.");
	return _("It offers the same as %s.");
}

static void
say_alike(const struct program *program, struct which_groups *groups,
    char out[WHICH_MAX])
{
	char names[WHICH_MAX / 2];
	size_t group = 0;

	if (program->count > WHICH_SHOWN)
		group = group_of(groups, program);
	if (group > 0)
		/* Translators: a list of programs at the end of the report. */
		snprintf(names, sizeof(names),
		    _("the %zu programs of list %zu"), program->count, group);
	else
		list_with_library(program, names, sizeof(names));
	snprintf(out, WHICH_MAX, likeness(program->evidence), names);
}

static unsigned
two_digits(const char *at)
{
	return (unsigned)(at[0] - '0') * 10 + (unsigned)(at[1] - '0');
}

/* Nobody known makes that offer, so it is described. */
static void
say_unknown(const struct entry *entry, char out[WHICH_MAX])
{
	const char *library = which_library(entry->program.library);

	if (library[0] != '\0')
		snprintf(out, WHICH_MAX,
		    _("Its program is not known; its TLS library is %s."),
		    library);
	else if (entry->ja4[0] != '\0')
		/* Translators: numbers of things, and a fingerprint. */
		snprintf(out, WHICH_MAX,
		    _("Its program is not known; it offers %u ciphers and %u "
		      "extensions (JA4 %s)."),
		    two_digits(entry->ja4 + JA4_SUITES_AT),
		    two_digits(entry->ja4 + JA4_EXTENSIONS_AT), entry->ja4);
}

/* Many talk alike; if none of them makes that offer, they say little. */
static bool
is_telling(const struct entry *entry)
{
	const struct program *program = &entry->program;

	return program->count > 0 &&
	       (program->count <= WHICH_SHOWN || entry->ja4[0] == '\0' ||
		   (program->evidence & PROGRAM_BY_ANY_HELLO) != 0);
}

void
which_say(const struct entry *entry, struct which_groups *groups, bool utf8,
    char out[WHICH_MAX])
{
	const struct program *program = &entry->program;

	out[0] = '\0';
	if (program->name[0] != '\0')
		say_own_name(program, utf8, out);
	else if (program->certain && program->count > 0)
		say_certain(program, out);
	else if (is_telling(entry))
		say_alike(program, groups, out);
	else
		say_unknown(entry, out);
}
