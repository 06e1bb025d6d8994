/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_OPTIONS_H
#define MAILTLS_CAPTURE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "dissect/maildissect.h"

/*
 * The command line.  There is one table of options, capture/option_rows.c, from
 * which come parsing, usage and the check that the manual page knows them all.
 */

enum {
	OPTIONS_MESSAGE_MAX = 256,
	OPTIONS_MEMORY = 32 << 20,  /* bytes, unless --memory says otherwise */
	OPTIONS_BUFFER = 512 << 10, /* bytes, unless --buffer does */
	OPTIONS_INTERFACES_MAX = 16,
};

enum command {
	COMMAND_NONE, /* --help, --version, or nothing at all */
	COMMAND_ANALYZE,
	COMMAND_CAPTURE,
	COMMAND_REPORT,
	COMMAND_STORE,
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

/* What a report is on: the one in which --until is, or today. */
enum stretch {
	STRETCH_WEEK,
	STRETCH_DAY,
	STRETCH_MONTH,
	STRETCH_ALL,
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
	unsigned jobs; /* of analyze, 0: as many as there are cores */
	uint16_t min_version;
	bool any_port;
	bool check, stats, quiet;
	unsigned verbose;
	/* Of capture. */
	const char *interfaces[OPTIONS_INTERFACES_MAX];
	size_t interface_count;
	bool list, promiscuous, no_programs;
	const char *save; /* NULL: no packets are kept */
	size_t rotate;    /* bytes, 0: never */
	size_t buffer;
	const char *user; /* NULL: see capture/confine.h */
	/* Of the store; -1 and 0: the default of report/store.h. */
	const char *store;           /* NULL: none, or its default place */
	int keep_records, keep_days; /* in days */
	size_t max_size;
	int commit_interval; /* in seconds */
	/* Of report. */
	enum stretch period;
	bool has_period, last, only_changes;
	const char *since, *until;
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
