/* SPDX-License-Identifier: ISC */
#include "tests/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/option_rows.h"

enum {
	WORDS_MAX = 20,
};

/* A command line, cut at its blanks, and what is to come of it. */
struct line {
	const char *words;
	struct options options;
	char message[OPTIONS_MESSAGE_MAX];
	char copy[256];
	char *argv[WORDS_MAX + 1];
	int argc;
};

static bool
read_line(struct line *line, const char *words)
{
	char *save = NULL, *word;

	memset(line, 0, sizeof(*line));
	snprintf(line->copy, sizeof(line->copy), "%s", words);
	for (word = strtok_r(line->copy, " ", &save); word != NULL;
	     word = strtok_r(NULL, " ", &save)) {
		assert_true(line->argc < WORDS_MAX);
		line->argv[line->argc++] = word;
	}
	return options_read(
	    line->argc, line->argv, &line->options, line->message);
}

static bool
port_is_set(const struct options *options, unsigned port)
{
	return (options->ports[port / 8] >> port % 8 & 1) != 0;
}

static unsigned
ports_set(const struct options *options)
{
	unsigned count = 0;

	for (unsigned port = 0; port < 8 * MD_PORT_MAP_LEN; port++)
		count += port_is_set(options, port);
	return count;
}

static void
what_is_not_said_has_a_default(void **state)
{
	struct line line;

	(void)state;
	assert_true(read_line(&line, "mailtls analyze a.pcap"));
	assert_int_equal(line.options.command, COMMAND_ANALYZE);
	assert_int_equal(line.options.format, FORMAT_TEXT);
	assert_int_equal(line.options.colour, COLOUR_AUTO);
	assert_int_equal(line.options.min_version, TLS_1_2);
	assert_int_equal(line.options.memory, 32 << 20);
	assert_null(line.options.output);
	assert_null(line.options.filter);
	assert_null(line.options.ca);
	assert_null(line.options.devices);
	assert_null(line.options.leases);
	assert_null(line.options.oui);
	assert_false(line.options.check || line.options.stats);
	assert_false(line.options.quiet);
	assert_int_equal(line.options.verbose, 0);
	assert_int_equal(ports_set(&line.options), 10);
	assert_true(port_is_set(&line.options, 993));
	assert_int_equal(line.options.operand_count, 1);
	assert_string_equal(line.options.operands[0], "a.pcap");
}

static void
every_option_is_heard(void **state)
{
	struct line line;

	(void)state;
	assert_true(read_line(&line,
	    "mailtls analyze --format=ndjson -o out --filter ip --ca none "
	    "--memory 64M -m 1.3 -cs -q x"));
	assert_int_equal(line.options.format, FORMAT_NDJSON);
	assert_string_equal(line.options.output, "out");
	assert_string_equal(line.options.filter, "ip");
	assert_string_equal(line.options.ca, "none");
	assert_int_equal(line.options.memory, 64 << 20);
	assert_int_equal(line.options.min_version, TLS_1_3);
	assert_true(line.options.check && line.options.stats);
	assert_true(line.options.quiet);
	assert_true(read_line(
	    &line, "mailtls analyze --devices a --leases b --oui c x"));
	assert_string_equal(line.options.devices, "a");
	assert_string_equal(line.options.leases, "b");
	assert_string_equal(line.options.oui, "c");
	assert_true(
	    read_line(&line, "mailtls analyze -vv --colour never -f json x"));
	assert_int_equal(line.options.verbose, 2);
	assert_int_equal(line.options.colour, COLOUR_NEVER);
	assert_int_equal(line.options.format, FORMAT_JSON);
}

static void
capture_has_options_of_its_own(void **state)
{
	struct line line;

	(void)state;
	assert_true(read_line(&line, "mailtls capture -i br-lan"));
	assert_int_equal(line.options.command, COMMAND_CAPTURE);
	assert_int_equal(line.options.interface_count, 1);
	assert_int_equal(line.options.buffer, 512 << 10);
	assert_int_equal(ports_set(&line.options), 10);
	assert_false(line.options.promiscuous);
	assert_null(line.options.user);
	assert_true(read_line(&line,
	    "mailtls capture -i eth0 --interface any --buffer 2M -u watch "
	    "--promiscuous -f ndjson -o out -q"));
	assert_int_equal(line.options.interface_count, 2);
	assert_string_equal(line.options.interfaces[0], "eth0");
	assert_string_equal(line.options.interfaces[1], "any");
	assert_int_equal(line.options.buffer, 2 << 20);
	assert_string_equal(line.options.user, "watch");
	assert_int_equal(line.options.format, FORMAT_NDJSON);
	assert_string_equal(line.options.output, "out");
	assert_true(line.options.promiscuous && line.options.quiet);
	assert_true(read_line(
	    &line, "mailtls capture -i lo --save kept.pcap --rotate 10M"));
	assert_string_equal(line.options.save, "kept.pcap");
	assert_int_equal(line.options.rotate, 10 << 20);
	assert_true(read_line(&line, "mailtls capture --list"));
	assert_true(line.options.list);
	assert_true(read_line(&line,
	    "mailtls capture -i lo --store s.db --commit-interval 3600"));
	assert_string_equal(line.options.store, "s.db");
	assert_int_equal(line.options.commit_interval, 3600);
	assert_true(read_line(&line, "mailtls capture -i lo --no-programs"));
	assert_true(line.options.no_programs);
}

static void
report_and_store_have_options_of_their_own(void **state)
{
	struct line line;

	(void)state;
	assert_true(read_line(&line, "mailtls report"));
	assert_int_equal(line.options.command, COMMAND_REPORT);
	assert_int_equal(line.options.period, STRETCH_WEEK);
	assert_null(line.options.store);
	assert_false(line.options.last || line.options.only_changes);
	assert_true(read_line(&line, "mailtls report --period month --last "
				     "--until 2022-05-16 --only-changes "
				     "--store a.db -f json"));
	assert_int_equal(line.options.period, STRETCH_MONTH);
	assert_true(line.options.last && line.options.only_changes);
	assert_string_equal(line.options.until, "2022-05-16");
	assert_string_equal(line.options.store, "a.db");
	assert_int_equal(line.options.format, FORMAT_JSON);
	assert_true(read_line(&line, "mailtls report --since today"));
	assert_string_equal(line.options.since, "today");
	assert_true(read_line(&line, "mailtls store merge a b"));
	assert_int_equal(line.options.command, COMMAND_STORE);
	assert_int_equal(line.options.operand_count, 3);
}

static void
what_a_store_keeps_can_be_said(void **state)
{
	struct line line;

	(void)state;
	assert_true(read_line(&line, "mailtls analyze --store a.db x"));
	assert_int_equal(line.options.keep_records, -1);
	assert_int_equal(line.options.keep_days, -1);
	assert_int_equal(line.options.max_size, 0);
	assert_true(read_line(&line, "mailtls store check --keep-records 0 "
				     "--keep-days 7 --max-size 10M"));
	assert_int_equal(line.options.keep_records, 0);
	assert_int_equal(line.options.keep_days, 7);
	assert_int_equal(line.options.max_size, 10 << 20);
}

static void
options_may_follow_operands_until_two_dashes(void **state)
{
	struct line line;

	(void)state;
	assert_true(read_line(&line, "mailtls analyze a -c b -- -c"));
	assert_true(line.options.check);
	assert_int_equal(line.options.operand_count, 3);
	assert_string_equal(line.options.operands[0], "a");
	assert_string_equal(line.options.operands[1], "b");
	assert_string_equal(line.options.operands[2], "-c");
}

static void
a_dash_is_an_operand_and_no_output_file(void **state)
{
	struct line line;

	(void)state;
	assert_true(read_line(&line, "mailtls analyze -o - -"));
	assert_null(line.options.output);
	assert_int_equal(line.options.operand_count, 1);
	assert_string_equal(line.options.operands[0], "-");
}

static void
help_and_version_need_nothing_else(void **state)
{
	struct line line;

	(void)state;
	assert_true(read_line(&line, "mailtls --help"));
	assert_true(line.options.help);
	assert_int_equal(line.options.command, COMMAND_NONE);
	assert_true(read_line(&line, "mailtls -V"));
	assert_true(line.options.version);
	assert_true(read_line(&line, "mailtls analyze -h"));
	assert_true(line.options.help);
	assert_int_equal(line.options.command, COMMAND_ANALYZE);
}

static void
ports_are_numbers_and_ranges(void **state)
{
	struct line line;

	(void)state;
	assert_true(read_line(&line, "mailtls analyze -p 143,993,8443 x"));
	assert_int_equal(ports_set(&line.options), 3);
	assert_true(port_is_set(&line.options, 8443));
	assert_false(port_is_set(&line.options, 25));
	assert_true(read_line(&line, "mailtls analyze -p 1-65535 x"));
	assert_int_equal(ports_set(&line.options), 65535);
	assert_false(port_is_set(&line.options, 0));
	assert_true(read_line(&line, "mailtls analyze -p 7-9,9,20-20 x"));
	assert_int_equal(ports_set(&line.options), 4);
}

static void
sizes_have_units(void **state)
{
	struct line line;

	(void)state;
	assert_true(read_line(&line, "mailtls analyze --memory 1048576 x"));
	assert_int_equal(line.options.memory, 1 << 20);
	assert_true(read_line(&line, "mailtls analyze --memory 1024k x"));
	assert_int_equal(line.options.memory, 1 << 20);
	assert_true(read_line(&line, "mailtls analyze --memory 3G x"));
	assert_int_equal(line.options.memory, (uint64_t)3 << 30);
}

/* Wrong command lines, and a part of what is said about them. */
static const struct wrong {
	const char *words, *says;
} wrongs[] = {
	{ "mailtls", "which command?" },
	{ "mailtls dance", "no such command: dance" },
	{ "mailtls -x", "no such option: -x" },
	{ "mailtls -c analyze x", "no such option: -c" },
	{ "mailtls analyze", "which captures?" },
	{ "mailtls analyze -c", "which captures?" },
	{ "mailtls analyze --dance x", "--dance" },
	{ "mailtls analyze --ver x", "--ver" },
	{ "mailtls analyze -z x", "-z" },
	{ "mailtls analyze --check=1 x", "--check takes no argument" },
	{ "mailtls analyze x --memory", "--memory needs an argument: SIZE" },
	{ "mailtls analyze x -f", "--format needs an argument: FORMAT" },
	{ "mailtls analyze -f xml x", "'xml': not one of text" },
	{ "mailtls analyze --colour red x", "'red': not one of auto" },
	{ "mailtls analyze -m 1.4 x", "'1.4': not one of 1.0" },
	{ "mailtls analyze -p , x", "'' is no port" },
	{ "mailtls analyze -p 25,0 x", "'0' is no port" },
	{ "mailtls analyze -p 25, x", "'' is no port" },
	{ "mailtls analyze -p imap x", "'imap' is no port" },
	{ "mailtls analyze -p 25,65536,7 x", "'65536' is no port" },
	{ "mailtls analyze -p 99999999999999999999999 x", "is no port" },
	{ "mailtls analyze -p 25-24 x", "'25-24' is no port" },
	{ "mailtls analyze -p 25- x", "'25-' is no port" },
	{ "mailtls analyze -p 25-26-27 x", "'25-26-27' is no port" },
	{ "mailtls analyze -p 25;26 x", "'25;26' is no port" },
	{ "mailtls analyze --memory 12Q x", "'12Q': not a size" },
	{ "mailtls analyze --memory 12MB x", "'12MB': not a size" },
	{ "mailtls analyze --memory -1 x", "'-1': not a size" },
	{ "mailtls analyze --memory M x", "'M': not a size" },
	{ "mailtls analyze --memory 1023K x", "less than the minimum, 1M" },
	{ "mailtls analyze --memory 99999999999999999999 x", "not a size" },
	{ "mailtls analyze --memory 99999999999999G x", "can address" },
	{ "mailtls analyze -i lo x", "no such option: -i" },
	{ "mailtls capture", "which interface?" },
	{ "mailtls capture -i lo home.pcap", "read by mailtls analyze" },
	{ "mailtls capture -i lo -i lo", "'lo': named twice" },
	{ "mailtls capture -i lo -f json", "'json': not one of text, ndjson" },
	{ "mailtls capture -i lo --check", "--check" },
	{ "mailtls capture -i lo --buffer 63K", "'63K': not from 64K to 1G" },
	{ "mailtls capture -i lo --buffer 2G", "'2G': not from 64K to 1G" },
	{ "mailtls capture -i lo --buffer big", "'big': not a size" },
	{ "mailtls capture -i lo --rotate 1M", "for the file of --save" },
	{ "mailtls capture -i lo --commit-interval 0", "number of seconds" },
	{ "mailtls capture -i lo --commit-interval 1d", "number of seconds" },
	{ "mailtls capture -i lo -w a --rotate 1K", "minimum, 64K" },
	{ "mailtls report x", "read by mailtls analyze" },
	{ "mailtls report --period year", "'year': not one of day" },
	{ "mailtls report --since today --period day", "but not both" },
	{ "mailtls report --since today --last", "but not both" },
	{ "mailtls report -f ndjson", "mailtls store export" },
	{ "mailtls report --ca none", "--ca" },
	{ "mailtls store", "which of check, export, import, merge?" },
	{ "mailtls store tidy", "no such thing to do with a store: tidy" },
	{ "mailtls store import", "which files?" },
	{ "mailtls store merge", "which files?" },
	{ "mailtls store check x", "too many operands" },
	{ "mailtls store check --keep-days 0", "'0': not a number of days" },
	{ "mailtls store check --keep-days 99999", "not a number of days" },
	{ "mailtls store check --keep-records -1", "not a number of days" },
	{ "mailtls store check --keep-records 1d", "not a number of days" },
	{ "mailtls store check --max-size 1K", "less than the minimum, 1M" },
	{ "mailtls store check --max-size much", "'much': not a size" },
};

static void
wrong_usage_is_told(void **state)
{
	const struct wrong *wrong = *state;
	struct line line;

	assert_false(read_line(&line, wrong->words));
	if (strstr(line.message, wrong->says) == NULL)
		fail_msg("it says: %s", line.message);
}

/* lines_are_short tells whether no line of `text` is over 80 columns. */
static bool
lines_are_short(const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		if (len > 80)
			return false;
		text += len + (text[len] == '\n');
	}
	return true;
}

static void
usage_names_all_options_and_fits_a_terminal(void **state)
{
	static const char *const names[] = { "-f, --format FORMAT", "--output",
		"--check", "--min-version", "--ports", "--filter", "--ca",
		"--devices", "--leases", "--oui", "--memory", "--colour",
		"--stats", "--quiet", "--verbose", "-h, --help",
		"-V, --version", "--period PERIOD", "--last", "--since",
		"--until", "--only-changes", "--store FILE", "--keep-records",
		"--keep-days", "--max-size" };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	options_usage(out, COMMAND_ANALYZE);
	options_usage(out, COMMAND_CAPTURE);
	options_usage(out, COMMAND_REPORT);
	options_usage(out, COMMAND_STORE);
	fclose(out);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_non_null(strstr(text, names[i]));
	assert_true(lines_are_short(text));
	free(text);
}

static void
a_command_has_no_option_twice(void **state)
{
	(void)state;
	for (const struct option_row *a = option_rows; a->name != NULL; a++) {
		for (const struct option_row *b = option_rows; b < a; b++) {
			if ((a->commands & b->commands) == 0)
				continue;
			assert_string_not_equal(a->name, b->name);
			assert_false(a->letter != 0 && a->letter == b->letter);
		}
	}
}

static void
too_many_interfaces_are_told(void **state)
{
	char words[256] = "mailtls capture";
	struct line line;

	(void)state;
	for (int i = 0; i <= OPTIONS_INTERFACES_MAX; i++) {
		size_t len = strlen(words);

		snprintf(words + len, sizeof(words) - len, " -ie%d", i);
	}
	assert_false(read_line(&line, words));
	assert_non_null(strstr(line.message, "more interfaces than"));
}

static void
usage_without_a_command_names_the_commands(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	options_usage(out, COMMAND_NONE);
	fclose(out);
	assert_non_null(strstr(text, "analyze FILE..."));
	assert_non_null(strstr(text, "  capture "));
	assert_true(lines_are_short(text));
	free(text);
}

enum {
	WRONGS = sizeof(wrongs) / sizeof(wrongs[0]),
};

int
main(void)
{
	static const struct CMUnitTest plain[] = {
		cmocka_unit_test(what_is_not_said_has_a_default),
		cmocka_unit_test(every_option_is_heard),
		cmocka_unit_test(capture_has_options_of_its_own),
		cmocka_unit_test(report_and_store_have_options_of_their_own),
		cmocka_unit_test(what_a_store_keeps_can_be_said),
		cmocka_unit_test(a_command_has_no_option_twice),
		cmocka_unit_test(too_many_interfaces_are_told),
		cmocka_unit_test(options_may_follow_operands_until_two_dashes),
		cmocka_unit_test(a_dash_is_an_operand_and_no_output_file),
		cmocka_unit_test(help_and_version_need_nothing_else),
		cmocka_unit_test(ports_are_numbers_and_ranges),
		cmocka_unit_test(sizes_have_units),
		cmocka_unit_test(usage_names_all_options_and_fits_a_terminal),
		cmocka_unit_test(usage_without_a_command_names_the_commands),
	};
	enum {
		PLAIN = sizeof(plain) / sizeof(plain[0]),
	};
	static char names[WRONGS][80];
	struct CMUnitTest tests[PLAIN + WRONGS];

	memcpy(tests, plain, sizeof(plain));
	for (size_t i = 0; i < WRONGS; i++) {
		snprintf(names[i], sizeof(names[i]), "it is wrong to say: %s",
		    wrongs[i].words);
		tests[PLAIN + i] = (struct CMUnitTest){
			.name = names[i],
			.test_func = wrong_usage_is_told,
			.initial_state = (void *)(uintptr_t)&wrongs[i],
		};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
