/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "capture/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROWS_MAX = 24,    /* options of one command */
	LONG_ONLY = 256,  /* added to a row's index: it has no letter */
	HELP_COLUMN = 29, /* where the help begins in the usage */
	PORT_MAX = 65535,
};

/* A setter returns NULL, or what is wrong with the argument. */
typedef const char *setter(struct options *o, const char *argument);

/* An option with a setter is set by that; one without, by its member of struct
 * options: a string where it takes an argument, else a bool. */
struct row {
	const char *name;
	char letter;          /* 0: none */
	const char *argument; /* its name, NULL: it takes none */
	const char *help;
	setter *set;
	size_t member;
};

#define MEMBER(name) NULL, offsetof(struct options, name)

/* --- setters --------------------------------------------------------------- */

/* find returns the index of `word` in `words`, which NULL ends, or -1. */
static int
find(const char *const *words, const char *word)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

static const char *
set_format(struct options *o, const char *argument)
{
	static const char *const words[] = { "text", "ndjson", "json", "html",
		"csv", "mail", "prometheus", "zeek", NULL };
	int i = find(words, argument);

	if (i < 0)
		return "not one of text, html, mail, json, csv, prometheus, ndjson, zeek";
	o->format = (enum format)i;
	return NULL;
}

static const char *
set_colour(struct options *o, const char *argument)
{
	static const char *const words[] = { "auto", "always", "never", NULL };
	int i = find(words, argument);

	if (i < 0)
		return "not one of auto, always, never";
	o->colour = (enum colour)i;
	return NULL;
}

static const char *
set_min_version(struct options *o, const char *argument)
{
	static const char *const words[] = { "1.0", "1.1", "1.2", "1.3", NULL };
	int i = find(words, argument);

	if (i < 0)
		return "not one of 1.0, 1.1, 1.2, 1.3";
	o->min_version = (uint16_t)(TLS_1_0 + i);
	return NULL;
}

static const char *
set_output(struct options *o, const char *argument)
{
	o->output = strcmp(argument, "-") == 0 ? NULL : argument;
	return NULL;
}

/* read_number reads digits at the start of `text`, up to `max`, and returns
 * what follows, or NULL when there are none or too many. */
static const char *
read_number(const char *text, unsigned long max, unsigned long *out)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return NULL;
	errno = 0;
	*out = strtoul(text, &end, 10);
	return errno != 0 || *out > max ? NULL : end;
}

/* set_port_range reads `143` or `100-200` and returns what follows, or NULL
 * when that is none. */
static const char *
set_port_range(uint8_t ports[MD_PORT_MAP_LEN], const char *text)
{
	unsigned long first, last;

	text = read_number(text, PORT_MAX, &first);
	if (text == NULL || first == 0)
		return NULL;
	last = first;
	if (*text == '-')
		text = read_number(text + 1, PORT_MAX, &last);
	if (text == NULL || last < first)
		return NULL;
	for (unsigned long port = first; port <= last; port++)
		ports[port / 8] |= (uint8_t)(1u << port % 8);
	return text;
}

static const char *
set_ports(struct options *o, const char *argument)
{
	static char problem[96];
	const char *text = argument;

	memset(o->ports, 0, sizeof(o->ports));
	for (;;) {
		const char *rest = set_port_range(o->ports, text);

		if (rest != NULL && *rest == '\0')
			return NULL;
		if (rest == NULL || *rest != ',')
			break;
		text = rest + 1;
	}
	snprintf(problem, sizeof(problem),
	    "'%.*s' is no port or range of ports from 1 to 65535",
	    (int)(strcspn(text, ",") < 32 ? strcspn(text, ",") : 32), text);
	return problem;
}

static const char *
set_memory(struct options *o, const char *argument)
{
	static const char units[] = "kmg";
	const char *unit;
	unsigned long n;
	unsigned shift = 0;

	argument = read_number(argument, ULONG_MAX, &n);
	if (argument == NULL)
		return "not a size, such as 32M";
	if (*argument != '\0') {
		unit = strchr(units, tolower((unsigned char)*argument));
		if (unit == NULL || argument[1] != '\0')
			return "not a size, such as 32M";
		shift = 10 * (unsigned)(unit - units + 1);
	}
	if (n > SIZE_MAX >> shift)
		return "more than this machine can address";
	if ((size_t)n << shift < MD_SIZE_MIN)
		return "less than the minimum, 1M";
	o->memory = (size_t)n << shift;
	return NULL;
}

static const char *
set_verbose(struct options *o, const char *argument)
{
	(void)argument;
	o->verbose++;
	return NULL;
}

/* --- tables ---------------------------------------------------------------- */

static const struct row common_rows[] = {
	{ "help", 'h', NULL, "say this", MEMBER(help) },
	{ "version", 'V', NULL, "say which version this is", MEMBER(version) },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

static const struct row analyze_rows[] = {
	{ "format", 'f', "FORMAT",
	    "of a report: text (default), html, mail, json, csv, prometheus; "
	    "of each connection: ndjson, zeek",
	    set_format, 0 },
	{ "output", 'o', "FILE", "write to FILE, not to standard output",
	    set_output, 0 },
	{ "check", 'c', NULL,
	    "exit with 3 when something below the minimum version was seen",
	    MEMBER(check) },
	{ "min-version", 'm', "VERSION",
	    "what is below VERSION is old: 1.0, 1.1, 1.2 (default), 1.3",
	    set_min_version, 0 },
	{ "ports", 'p', "LIST",
	    "look at these server ports, not the usual ones of mail: "
	    "143,8000-8100",
	    set_ports, 0 },
	{ "any-port", 0, NULL,
	    "look for mail on all other ports of servers as well",
	    MEMBER(any_port) },
	{ "filter", 0, "EXPRESSION",
	    "read only packets that match, in the language of pcap-filter(7)",
	    MEMBER(filter) },
	{ "ca", 0, "FILE",
	    "trust the authorities in FILE (PEM), or in none, not the system's",
	    MEMBER(ca) },
	{ "devices", 0, "FILE",
	    "names of devices, a line each: a MAC or IP address, and the name",
	    MEMBER(devices) },
	{ "leases", 0, "FILE",
	    "names of devices from the leases of a DHCP server (dnsmasq, "
	    "odhcpd, ISC, Kea)",
	    MEMBER(leases) },
	{ "oui", 0, "FILE",
	    "vendors by MAC from FILE (IEEE's CSV), not from the system's lists",
	    MEMBER(oui) },
	{ "providers", 0, "FILE",
	    "what is known of mail providers, before what is compiled in",
	    MEMBER(providers) },
	{ "lang", 0, "CODE",
	    "language of what people read: en, de, ja; else the locale's",
	    MEMBER(lang) },
	{ "mail-to", 0, "ADDRESS", "whom a report in the format mail is for",
	    MEMBER(mail_to) },
	{ "mail-from", 0, "ADDRESS", "whom it is from, not who runs this",
	    MEMBER(mail_from) },
	{ "memory", 0, "SIZE", "for all connections together (default 32M)",
	    set_memory, 0 },
	{ "colour", 0, "WHEN", "auto (default), always or never", set_colour,
	    0 },
	{ "stats", 's', NULL,
	    "afterwards, print on standard error what was counted",
	    MEMBER(stats) },
	{ "quiet", 'q', NULL, "show no progress", MEMBER(quiet) },
	{ "verbose", 'v', NULL, "say more; twice, yet more", set_verbose, 0 },
	{ "help", 'h', NULL, "say this", MEMBER(help) },
	{ "version", 'V', NULL, "say which version this is", MEMBER(version) },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

static const struct {
	const char *name, *operands;
	const char *summary; /* a line among the commands */
	const char *help;
	const struct row *rows;
	const char *missing; /* what to say without operands, or NULL */
} commands[] = {
	[COMMAND_NONE] = { NULL, "COMMAND ...", NULL,
	    "Finds programs and devices that still speak old TLS to mail "
	    "servers.",
	    common_rows, NULL },
	[COMMAND_ANALYZE] = { "analyze", "FILE...", "read captures and report",
	    "Reads captures (pcap, pcapng; also in gzip or zstd), folders of "
	    "them, or\nstandard input (-), and reports which mail "
	    "connections used which TLS.",
	    analyze_rows, "which captures? (- is standard input)" },
};

enum {
	COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]),
};

/* --- reading --------------------------------------------------------------- */

/* What getopt_long(3) wants to be told. */
struct tables {
	char letters[2 * ROWS_MAX + 3];
	struct option names[ROWS_MAX + 1];
};

/* generate makes getopt's tables from ours.  `lead` are the characters that
 * change its ways. */
static void
generate(const struct row *rows, const char *lead, struct tables *out)
{
	size_t at = strlen(lead);

	memset(out, 0, sizeof(*out));
	memcpy(out->letters, lead, at);
	for (int i = 0; rows[i].name != NULL; i++) {
		out->names[i] = (struct option){
			.name = rows[i].name,
			.has_arg = rows[i].argument != NULL ? required_argument
							    : no_argument,
			.val = LONG_ONLY + i,
		};
		if (rows[i].letter == 0)
			continue;
		out->letters[at++] = rows[i].letter;
		if (rows[i].argument != NULL)
			out->letters[at++] = ':';
	}
}

/* row_of returns the row that getopt's answer `value` stands for. */
static const struct row *
row_of(const struct row *rows, int value)
{
	if (value >= LONG_ONLY)
		return &rows[value - LONG_ONLY];
	while (rows->name != NULL && rows->letter != value)
		rows++;
	return rows;
}

/* complain says what getopt did not like; `answer` is ':' or '?'. */
static void
complain(char *argv[], const struct row *rows, int answer,
    char message[OPTIONS_MESSAGE_MAX])
{
	const struct row *row;

	if (answer == ':') {
		row = row_of(rows, optopt);
		snprintf(message, OPTIONS_MESSAGE_MAX,
		    "--%s needs an argument: %s", row->name, row->argument);
	} else if (optopt >= LONG_ONLY) {
		snprintf(message, OPTIONS_MESSAGE_MAX, "--%s takes no argument",
		    row_of(rows, optopt)->name);
	} else if (optopt != 0) {
		snprintf(message, OPTIONS_MESSAGE_MAX, "no such option: -%c",
		    optopt);
	} else {
		snprintf(message, OPTIONS_MESSAGE_MAX,
		    "no such option, or more than one that begins so: %.64s",
		    argv[optind - 1]);
	}
}

/* set_row sets what `row` stands for. */
static const char *
set_row(const struct row *row, struct options *out, const char *argument)
{
	char *member = (char *)out + row->member;
	bool yes = true;

	if (row->set != NULL)
		return row->set(out, argument);
	if (row->argument != NULL)
		memcpy(member, &argument, sizeof(argument));
	else
		memcpy(member, &yes, sizeof(yes));
	return NULL;
}

/* read_rows reads options by `rows`; operands may stand between them unless
 * `lead` says otherwise. */
static bool
read_rows(int argc, char *argv[], const struct row *rows, const char *lead,
    struct options *out, char message[OPTIONS_MESSAGE_MAX])
{
	struct tables tables;
	int value;

	generate(rows, lead, &tables);
	optind = 0; /* start anew, on glibc */
	opterr = 0;
	while ((value = getopt_long(
		    argc, argv, tables.letters, tables.names, NULL)) != -1) {
		const struct row *row;
		const char *problem;

		if (value == '?' || value == ':') {
			complain(argv, rows, value, message);
			return false;
		}
		row = row_of(rows, value);
		problem = set_row(row, out, optarg);
		if (problem != NULL) {
			snprintf(message, OPTIONS_MESSAGE_MAX,
			    "--%s: '%.64s': %s", row->name, optarg, problem);
			return false;
		}
	}
	out->operands = argv + optind;
	out->operand_count = argc - optind;
	return true;
}

static enum command
command_of(const char *word)
{
	for (int i = COMMAND_NONE + 1; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i].name, word) == 0)
			return (enum command)i;
	return COMMAND_NONE;
}

bool
options_read(int argc, char *argv[], struct options *out,
    char message[OPTIONS_MESSAGE_MAX])
{
	*out = (struct options){
		.memory = OPTIONS_MEMORY,
		.min_version = TLS_1_2,
	};
	md_default_ports(out->ports);
	message[0] = '\0';
	if (argc > 1)
		out->command = command_of(argv[1]);
	if (out->command != COMMAND_NONE) {
		argc--;
		argv++;
	}
	if (!read_rows(argc, argv, commands[out->command].rows,
		out->command == COMMAND_NONE ? "+:" : ":", out, message))
		return false;
	if (out->help || out->version)
		return true;
	if (out->command == COMMAND_NONE && out->operand_count > 0)
		snprintf(message, OPTIONS_MESSAGE_MAX, "no such command: %.64s",
		    out->operands[0]);
	else if (out->command == COMMAND_NONE)
		snprintf(message, OPTIONS_MESSAGE_MAX, "which command?");
	else if (out->format == FORMAT_MAIL && out->mail_to == NULL)
		snprintf(message, OPTIONS_MESSAGE_MAX,
		    "--format mail needs --mail-to");
	else if (out->operand_count == 0 &&
		 commands[out->command].missing != NULL)
		snprintf(message, OPTIONS_MESSAGE_MAX, "%s",
		    commands[out->command].missing);
	return message[0] == '\0';
}

const char *
options_command_name(enum command command)
{
	return commands[command].name != NULL ? commands[command].name : "";
}

/* --- usage ----------------------------------------------------------------- */

/* print_help prints `text` in a column of its own, `at` being where the line
 * stands. */
static void
print_help(FILE *out, size_t at, const char *text)
{
	enum {
		WIDTH = 79 - HELP_COLUMN,
	};

	if (at + 2 > HELP_COLUMN) {
		fputc('\n', out);
		at = 0;
	}
	while (strlen(text) > WIDTH) {
		int cut = WIDTH;

		while (cut > 1 && text[cut] != ' ')
			cut--;
		fprintf(
		    out, "%*s%.*s\n", (int)(HELP_COLUMN - at), "", cut, text);
		text += cut + 1;
		at = 0;
	}
	fprintf(out, "%*s%s\n", (int)(HELP_COLUMN - at), "", text);
}

static void
print_row(FILE *out, const struct row *row)
{
	int at;

	if (row->letter != 0)
		at = fprintf(out, "  -%c, --%s", row->letter, row->name);
	else
		at = fprintf(out, "      --%s", row->name);
	if (row->argument != NULL)
		at += fprintf(out, " %s", row->argument);
	print_help(out, at > 0 ? (size_t)at : 0, row->help);
}

void
options_usage(FILE *out, enum command command)
{
	const struct row *rows = commands[command].rows;

	if (command == COMMAND_NONE)
		fprintf(out, "usage: mailtls %s\n", commands[command].operands);
	else
		fprintf(out, "usage: mailtls %s [OPTION...] %s\n",
		    commands[command].name, commands[command].operands);
	fprintf(out, "\n%s\n\nOptions:\n", commands[command].help);
	for (size_t i = 0; rows[i].name != NULL; i++)
		print_row(out, &rows[i]);
	if (command != COMMAND_NONE)
		return;
	fprintf(out, "\nCommands, each with its own --help:\n");
	for (size_t i = COMMAND_NONE + 1; i < COMMAND_COUNT; i++) {
		int at = fprintf(
		    out, "  %s %s", commands[i].name, commands[i].operands);

		print_help(out, at > 0 ? (size_t)at : 0, commands[i].summary);
	}
}
