/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "capture/options.h"

#include <getopt.h>
#include <string.h>

#include "capture/option_rows.h"

enum {
	LONG_ONLY = 256,  /* added to a row's index: it has no letter */
	HELP_COLUMN = 29, /* where the help begins in the usage */
};

/* --- reading --------------------------------------------------------------- */

/* What getopt_long(3) wants to be told. */
struct tables {
	char letters[2 * OPTION_ROWS_MAX + 3];
	struct option names[OPTION_ROWS_MAX + 1];
};

static bool
has(enum command command, const struct option_row *row)
{
	return row->commands >> command & 1;
}

/* generate makes getopt's tables from the rows of `command`.  `lead` are the
 * characters that change its ways. */
static void
generate(enum command command, const char *lead, struct tables *out)
{
	size_t at = strlen(lead), names = 0;

	memset(out, 0, sizeof(*out));
	memcpy(out->letters, lead, at);
	for (int i = 0; option_rows[i].name != NULL; i++) {
		const struct option_row *row = &option_rows[i];

		if (!has(command, row))
			continue;
		out->names[names++] = (struct option){
			.name = row->name,
			.has_arg = row->argument != NULL ? required_argument
							 : no_argument,
			.val = LONG_ONLY + i,
		};
		if (row->letter == 0)
			continue;
		out->letters[at++] = row->letter;
		if (row->argument != NULL)
			out->letters[at++] = ':';
	}
}

/* row_of returns the row of `command` that getopt's answer `value` stands
 * for. */
static const struct option_row *
row_of(enum command command, int value)
{
	const struct option_row *row = option_rows;

	if (value >= LONG_ONLY)
		return &option_rows[value - LONG_ONLY];
	while (
	    row->name != NULL && (row->letter != value || !has(command, row)))
		row++;
	return row;
}

/* complain says what getopt did not like; `answer` is ':' or '?'. */
static void
complain(char *argv[], enum command command, int answer,
    char message[OPTIONS_MESSAGE_MAX])
{
	const struct option_row *row;

	if (answer == ':') {
		row = row_of(command, optopt);
		snprintf(message, OPTIONS_MESSAGE_MAX,
		    "--%s needs an argument: %s", row->name, row->argument);
	} else if (optopt >= LONG_ONLY) {
		snprintf(message, OPTIONS_MESSAGE_MAX, "--%s takes no argument",
		    row_of(command, optopt)->name);
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
set_row(const struct option_row *row, struct options *out, const char *argument)
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

/* read_rows reads the options of out->command.  Operands may stand between
 * them, but what comes behind a command is not for us. */
static bool
read_rows(int argc, char *argv[], struct options *out,
    char message[OPTIONS_MESSAGE_MAX])
{
	enum command command = out->command;
	struct tables tables;
	int value;

	generate(command, command == COMMAND_NONE ? "+:" : ":", &tables);
	optind = 0; /* start anew, on glibc */
	opterr = 0;
	while ((value = getopt_long(
		    argc, argv, tables.letters, tables.names, NULL)) != -1) {
		const struct option_row *row;
		const char *problem;

		if (value == '?' || value == ':') {
			complain(argv, command, value, message);
			return false;
		}
		row = row_of(command, value);
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
	for (int i = COMMAND_NONE + 1; i < option_command_count; i++)
		if (strcmp(option_commands[i].name, word) == 0)
			return (enum command)i;
	return COMMAND_NONE;
}

/* The rest of each command line: NULL, or what is wrong with it. */

static const char *
check_command(const struct options *o)
{
	static char problem[96];

	if (o->operand_count == 0)
		return "which command?";
	snprintf(
	    problem, sizeof(problem), "no such command: %.64s", o->operands[0]);
	return problem;
}

static const char *
check_analyze(const struct options *o)
{
	if (o->format == FORMAT_MAIL && o->mail_to == NULL)
		return "--format mail needs --mail-to";
	if (o->operand_count == 0)
		return "which captures? (- is standard input)";
	return NULL;
}

static const char *
check_capture(const struct options *o)
{
	if (o->operand_count > 0)
		return "captures are read by mailtls analyze";
	if (o->interface_count == 0 && !o->list)
		return "which interface? (--list shows them)";
	if (o->rotate > 0 && o->save == NULL)
		return "--rotate is for the file of --save";
	return NULL;
}

static const char *
check_report(const struct options *o)
{
	if (o->operand_count > 0)
		return "a report is on --store; captures are read by mailtls "
		       "analyze";
	if (o->format == FORMAT_NDJSON || o->format == FORMAT_ZEEK)
		return "records come from mailtls store export, not from "
		       "report";
	if (o->format == FORMAT_MAIL && o->mail_to == NULL)
		return "--format mail needs --mail-to";
	if (o->since != NULL && (o->has_period || o->last))
		return "--since, or --period and --last, but not both";
	return NULL;
}

static const char *
check_store(const struct options *o)
{
	static const struct {
		const char *verb;
		bool takes_files;
	} verbs[] = { { "check", false }, { "export", false },
		{ "import", true }, { "merge", true } };
	static char problem[96];

	if (o->operand_count == 0)
		return "which of check, export, import, merge?";
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].verb, o->operands[0]) != 0)
			continue;
		if (verbs[i].takes_files == (o->operand_count > 1))
			return NULL;
		return verbs[i].takes_files ? "which files?"
					    : "too many operands";
	}
	snprintf(problem, sizeof(problem),
	    "no such thing to do with a store: %.40s", o->operands[0]);
	return problem;
}

bool
options_read(int argc, char *argv[], struct options *out,
    char message[OPTIONS_MESSAGE_MAX])
{
	static const char *(*const checks[])(const struct options *o) = {
		[COMMAND_NONE] = check_command,
		[COMMAND_ANALYZE] = check_analyze,
		[COMMAND_CAPTURE] = check_capture,
		[COMMAND_REPORT] = check_report,
		[COMMAND_STORE] = check_store,
	};
	const char *problem;

	*out = (struct options){
		.memory = OPTIONS_MEMORY,
		.buffer = OPTIONS_BUFFER,
		.min_version = TLS_1_2,
		.keep_records = -1,
		.keep_days = -1,
	};
	md_default_ports(out->ports);
	message[0] = '\0';
	if (argc > 1)
		out->command = command_of(argv[1]);
	if (out->command != COMMAND_NONE) {
		argc--;
		argv++;
	}
	if (!read_rows(argc, argv, out, message))
		return false;
	if (out->help || out->version)
		return true;
	problem = checks[out->command](out);
	if (problem != NULL)
		snprintf(message, OPTIONS_MESSAGE_MAX, "%s", problem);
	return problem == NULL;
}

const char *
options_command_name(enum command command)
{
	const char *name = option_commands[command].name;

	return name != NULL ? name : "";
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
print_row(FILE *out, const struct option_row *row)
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
	const struct option_command *c = &option_commands[command];

	if (command == COMMAND_NONE)
		fprintf(out, "usage: mailtls %s\n", c->operands);
	else
		fprintf(out, "usage: mailtls %s [OPTION...]%s%s\n", c->name,
		    c->operands[0] != '\0' ? " " : "", c->operands);
	fprintf(out, "\n%s\n\nOptions:\n", c->help);
	for (size_t i = 0; option_rows[i].name != NULL; i++)
		if (has(command, &option_rows[i]))
			print_row(out, &option_rows[i]);
	if (command != COMMAND_NONE)
		return;
	fprintf(out, "\nCommands, each with its own --help:\n");
	for (int i = COMMAND_NONE + 1; i < option_command_count; i++) {
		int at = fprintf(out, "  %s %s", option_commands[i].name,
		    option_commands[i].operands);

		print_help(
		    out, at > 0 ? (size_t)at : 0, option_commands[i].summary);
	}
}
