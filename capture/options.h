/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_OPTIONS_H
#define MAILTLS_CAPTURE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "dissect/maildissect.h"

/*
 * The command line.  A command has one table of options, from which come
 * parsing, usage and the check that the manual page knows them all.
 */

enum {
	OPTIONS_MESSAGE_MAX = 256,
	OPTIONS_MEMORY = 32 << 20, /* bytes, unless --memory says otherwise */
};

enum command {
	COMMAND_NONE, /* --help, --version, or nothing at all */
	COMMAND_ANALYZE,
};

enum format {
	FORMAT_TEXT,
	FORMAT_NDJSON,
	FORMAT_JSON,
	FORMAT_HTML,
	FORMAT_CSV,
	FORMAT_MAIL,
	FORMAT_PROMETHEUS,
	FORMAT_ZEEK,
};

enum colour {
	COLOUR_AUTO,
	COLOUR_ALWAYS,
	COLOUR_NEVER,
};

/* struct options is what the command line says; its strings are borrowed from
 * argv. */
struct options {
	enum command command;
	bool help, version;
	enum format format;
	enum colour colour;
	const char *output;           /* NULL: standard output */
	const char *filter;           /* NULL: all */
	const char *ca;               /* NULL: the system's */
	const char *devices, *leases; /* files, NULL: none */
	const char *oui;              /* NULL: the system's */
	const char *providers;        /* NULL: those compiled in */
	const char *lang;             /* NULL: the locale's */
	const char *mail_to;          /* NULL unless FORMAT_MAIL */
	const char *mail_from;        /* NULL: who runs this */
	uint8_t ports[MD_PORT_MAP_LEN];
	size_t memory;
	uint16_t min_version;
	bool any_port;
	bool check, stats, quiet;
	unsigned verbose;
	char **operands; /* the rest of argv, reordered */
	int operand_count;
};

/*
 * options_read reads a command line into `*out`, having set what it does not
 * mention.  It returns false with a sentence for the user in `message` when
 * that is wrong usage.  Reorders `argv`; not to be called from two threads.
 */
bool options_read(int argc, char *argv[], struct options *out,
    char message[OPTIONS_MESSAGE_MAX]);

/* options_command_name returns the word that `command` is asked for with, ""
 * for COMMAND_NONE. */
const char *options_command_name(enum command command);

/* options_usage prints how `command` is used, with all its options. */
void options_usage(FILE *out, enum command command);

#endif
