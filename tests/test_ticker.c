/* SPDX-License-Identifier: ISC */
#include "report/ticker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/language.h"
#include "tests/kit.h"
#include "tests/mkconnection.h"

/* What was printed, and the ticker that did. */
static char *text;
static size_t size;
static struct ticker ticker;

static int
set_up(void **state)
{
	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	ticker = (struct ticker){ .out = open_memstream(&text, &size) };
	return ticker.out != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	fclose(ticker.out);
	free(text);
	language_set("en");
	return 0;
}

static const char *
line_of(struct connection c, const struct identity *named)
{
	struct identity who;

	identify(NULL, &c, &who);
	if (named != NULL) {
		who.device = named->device;
		who.process = named->process;
	}
	rewind(ticker.out);
	assert_int_equal(ticker_print(&ticker, &c, &who, false), 0);
	fflush(ticker.out);
	return text;
}

static struct connection
old_client(void)
{
	struct connection c = mk_connection(1, 20, 9, VERDICT_OLD_CLIENT);

	mk_answer(&c, TLS_1_0);
	return c;
}

static void
a_line_says_when_who_where_what_and_what_it_means(void **state)
{
	(void)state;
	assert_string_equal(line_of(old_client(), NULL),
	    "Sun 22 May 20:10  192.168.1.20              mail.example:587      "
	    "        TLS 1.0  WILL STOP WORKING: offers nothing better\n");
}

static void
a_device_is_called_by_its_name(void **state)
{
	struct identity named = { .device = { .name = "printer" } };

	(void)state;
	assert_non_null(strstr(line_of(old_client(), &named), "  printer  "));
}

static void
a_program_is_named_when_it_is_sure(void **state)
{
	struct identity named = {
		.device = { .name = "laptop" },
		.process = { .known = true, .pid = 7, .name = "fetchmail" },
	};

	(void)state;
	assert_non_null(
	    strstr(line_of(old_client(), &named), "laptop (fetchmail)"));
}

static void
every_verdict_has_its_words(void **state)
{
	(void)state;
	for (unsigned v = 1; v < INVENTORY_VERDICTS; v++) {
		struct connection c = mk_connection(1, 20, 9, (enum verdict)v);
		const char *line, *meaning;

		mk_answer(&c, TLS_1_1);
		line = line_of(c, NULL);
		meaning = strstr(line, "TLS 1.1  ");
		assert_non_null(meaning);
		assert_true(strlen(meaning) > sizeof("TLS 1.1  \n"));
		assert_null(strstr(meaning, "%"));
	}
}

static void
every_failure_has_its_words(void **state)
{
	(void)state;
	for (int f = FAILURE_NONE; f <= FAILURE_OTHER; f++) {
		struct connection c = mk_connection(1, 20, 9, VERDICT_FAILED);

		c.failure = (enum failure)f;
		assert_non_null(
		    strstr(line_of(c, NULL), "  -        failed: "));
	}
}

static void
what_is_likely_is_called_so(void **state)
{
	struct connection c = mk_connection(1, 20, 9, VERDICT_REFUSED_OLD);

	(void)state;
	c.verdict_likely = true;
	assert_non_null(strstr(line_of(c, NULL),
	    "probably: REFUSED: offers nothing better than TLS 1.0\n"));
}

static void
names_do_no_harm(void **state)
{
	struct connection c = old_client();
	struct identity named = {
		.process = { .known = true, .name = "a\033[2Jb c" },
	};
	const char *line;

	(void)state;
	memcpy(c.offer.server_name, mk_hostile, sizeof(mk_hostile));
	memcpy(named.device.name, mk_hostile, sizeof(mk_hostile));
	line = line_of(c, &named);
	assert_null(strchr(line, '\033'));
	assert_non_null(strstr(line, "a\\x1b[2Jb\\x20c"));
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
}

static void
colours_are_there_if_wanted(void **state)
{
	(void)state;
	assert_null(strchr(line_of(old_client(), NULL), '\033'));
	ticker.colour = true;
	assert_non_null(strstr(line_of(old_client(), NULL),
	    "\033[1;31mWILL STOP WORKING: offers nothing better\033[0m\n"));
}

static void
a_language_is_followed(void **state)
{
	(void)state;
	assert_true(language_set("de"));
	assert_non_null(strstr(line_of(old_client(), NULL), "NICHT MEHR"));
}

static void
what_began_before_is_counted_and_not_printed(void **state)
{
	struct connection c = mk_connection(1, 20, 9, VERDICT_UNDETERMINED);

	(void)state;
	c.incomplete = INCOMPLETE_NO_START;
	assert_string_equal(line_of(c, NULL), "");
	assert_int_equal(ticker.began_before, 1);
	assert_int_equal(ticker.connections, 0);
	mk_answer(&c, TLS_1_0); /* then there is something to say */
	assert_string_not_equal(line_of(c, NULL), "");
	assert_int_equal(ticker.connections, 1);
}

static void
the_sum_is_that_of_the_lines(void **state)
{
	struct connection c = old_client();
	struct identity who;

	(void)state;
	identify(NULL, &c, &who);
	for (int i = 0; i < 1200; i++)
		ticker_print(&ticker, &c, &who, i < 3);
	rewind(ticker.out);
	ticker_sum(&ticker, 7654321, 7);
	fflush(ticker.out);
	assert_non_null(
	    strstr(text, "connections: 1200; with an old version: 3; packets: "
			 "7 654 321; packets lost: 7\n"));
	ticker.passwords = ticker.began_before = 2;
	rewind(ticker.out);
	ticker_sum(&ticker, 1, 0);
	fflush(ticker.out);
	assert_non_null(strstr(text,
	    "with an unencrypted password: 2; begun before, and not judged: "
	    "2; packets: 1; packets lost: 0\n"));
}

static void
a_full_disk_is_an_error(void **state)
{
	struct connection c = old_client();
	FILE *full = fopen("/dev/full", "w"), *out = ticker.out;
	struct identity who;

	(void)state;
	if (full == NULL)
		skip();
	setvbuf(full, NULL, _IONBF, 0);
	identify(NULL, &c, &who);
	ticker.out = full;
	assert_int_equal(ticker_print(&ticker, &c, &who, false), -ENOSPC);
	assert_int_equal(ticker_sum(&ticker, 0, 0), -ENOSPC);
	fclose(full);
	ticker.out = out;
}

#define TICKER_TEST(name)                                                      \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TICKER_TEST(a_line_says_when_who_where_what_and_what_it_means),
		TICKER_TEST(a_device_is_called_by_its_name),
		TICKER_TEST(a_program_is_named_when_it_is_sure),
		TICKER_TEST(every_verdict_has_its_words),
		TICKER_TEST(every_failure_has_its_words),
		TICKER_TEST(what_is_likely_is_called_so),
		TICKER_TEST(names_do_no_harm),
		TICKER_TEST(colours_are_there_if_wanted),
		TICKER_TEST(a_language_is_followed),
		TICKER_TEST(what_began_before_is_counted_and_not_printed),
		TICKER_TEST(the_sum_is_that_of_the_lines),
		TICKER_TEST(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
