/* SPDX-License-Identifier: ISC */
/* The page; tests/html.sh opens it in a browser. */
#include "report/html.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/past.h"
#include "tests/household.h"
#include "tests/kit.h"
#include "tests/mkconnection.h"

static const char *const names[] = { "home.pcap" };

static struct report_source source = {
	.names = names,
	.name_count = 1,
	.min_version = TLS_1_2,
};

static int
set_up(void **state)
{
	static struct inventory inventory;

	setenv("TZ", "UTC0", 1);
	tzset();
	inventory_init(&inventory);
	source.history = NULL;
	*state = &inventory;
	return 0;
}

static int
tear_down(void **state)
{
	inventory_clear(*state);
	return 0;
}

static char *
page_of(const struct inventory *inventory)
{
	static char *text; /* or gcc 12 warns of returning its address */
	static size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(report_html(out, inventory, &source), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* How often `word` is on the page. */
static size_t
times(const struct inventory *inventory, const char *word)
{
	char *text = page_of(inventory);
	size_t count = 0;

	for (char *at = text; (at = strstr(at, word)) != NULL; count++)
		at += strlen(word);
	free(text);
	return count;
}

/*
 * The first line.
 */

static void
answers(const struct inventory *inventory, const char *answer, enum mood mood)
{
	struct headline headline;
	struct page page;

	page_init(&page, inventory, &source);
	headline = headline_of(&page);
	assert_string_equal(headline.question, "Will my mail stop working?");
	assert_string_equal(headline.answer, answer);
	assert_int_equal(headline.mood, mood);
	page_clear(&page);
}

/* From the best to the gravest, each added to those before. */
static void
the_gravest_that_was_seen_is_the_answer(void **state)
{
	static const struct {
		enum verdict verdict;
		const char *answer;
		enum mood mood;
	} rows[] = {
		{ VERDICT_UNDETERMINED, "That can not be said.", MOOD_NONE },
		{ VERDICT_PLAINTEXT, "That can not be said.", MOOD_NONE },
		{ VERDICT_MODERN, "Not by what was seen.", MOOD_GOOD },
		{ VERDICT_WEAK_CIPHER, "Not by what was seen.", MOOD_GOOD },
		{ VERDICT_FAILED, "Not by what was seen.", MOOD_GOOD },
		{ VERDICT_PLAINTEXT_LOGIN,
		    "Not by what was seen, but a login is not encrypted.",
		    MOOD_BAD },
		{ VERDICT_OLD_SERVER,
		    "Probably not, but 1 device needs a look.", MOOD_CARE },
		{ VERDICT_FALLBACK, "Probably not, but 2 devices need a look.",
		    MOOD_CARE },
		{ VERDICT_REFUSED_OLD, "It already has, on 1 device.",
		    MOOD_BAD },
		{ VERDICT_OLD_CLIENT, "Yes, on 1 device.", MOOD_BAD },
		{ VERDICT_OLD_CLIENT, "Yes, on 2 devices.", MOOD_BAD },
	};

	answers(*state, "That can not be said.", MOOD_NONE);
	for (uint8_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mk_add(*state,
		    mk_connection(
			1, (uint8_t)(i + 1), (uint8_t)(i + 1), rows[i].verdict),
		    1);
		answers(*state, rows[i].answer, rows[i].mood);
	}
}

static void
an_old_version_of_unknown_blame_is_no_clean_answer(void **state)
{
	struct inventory *inventory = *state;
	struct connection c = mk_connection(1, 1, 1, VERDICT_UNDETERMINED);

	mk_add(inventory, mk_connection(1, 2, 2, VERDICT_MODERN), 1);
	mk_answer(&c, TLS_1_0);
	mk_add(inventory, c, 1);
	assert_int_equal(inventory->old_undetermined, 1);
	answers(inventory, "Perhaps: not enough was seen to tell.", MOOD_CARE);
}

static void
what_was_old_and_not_seen_again_is_no_clean_answer(void **state)
{
	struct history_change change = { .kind = HISTORY_GONE,
		.before = VERDICT_OLD_CLIENT };
	struct history history = { .changes = &change, .change_count = 1 };

	mk_add(*state, mk_connection(1, 2, 2, VERDICT_MODERN), 1);
	source.history = &history;
	answers(*state,
	    "Not by what was seen, but something old was not seen again.",
	    MOOD_CARE);
	change.before = VERDICT_MODERN;
	answers(*state, "Not by what was seen.", MOOD_GOOD);
}

/*
 * Cards and table.
 */

static void
each_device_is_a_row_and_all_but_fine_ones_a_card(void **state)
{
	mk_add_every(*state);
	assert_int_equal(
	    times(*state, "<tr role=\"row\"><th role=\"rowheader\""), 10);
	assert_int_equal(times(*state, "<article class=\"card bad\""), 3);
	assert_int_equal(times(*state, "<article class=\"card care\""), 3);
	assert_int_equal(times(*state, "<details class=\"card"), 3);
}

static void
advice_is_given_once_a_card(void **state)
{
	struct connection c = mk_connection(1, 1, 1, VERDICT_OLD_CLIENT);

	mk_add(*state, c, 1);
	c.end[SERVER].port = 465;
	mk_add(*state, c, 1);
	assert_int_equal(times(*state, "<div class=\"does\">"), 2);
	assert_int_equal(times(*state, "undo the choice of a fixed"), 1);
	c = mk_connection(1, 2, 2, VERDICT_OLD_CLIENT);
	mk_add(*state, c, 1);
	assert_int_equal(times(*state, "undo the choice of a fixed"), 2);
}

static void
advice_for_one_program_of_several_says_which(void **state)
{
	static const struct program fetchmail = { .certain = true,
		.library = "",
		.candidates = { "fetchmail" },
		.count = 1,
		.evidence = PROGRAM_BY_TALK };
	struct connection c = mk_connection(1, 1, 1, VERDICT_OLD_CLIENT);

	mk_add_as(*state, c, &fetchmail, 1);
	assert_int_equal(times(*state, "In .fetchmailrc"), 1);
	assert_int_equal(times(*state, "If it is fetchmail:"), 0);
	c.end[SERVER].port = 993;
	mk_add(*state, c, 1);
	assert_int_equal(times(*state, "If it is fetchmail: In .fetchm"), 1);
	assert_int_equal(times(*state, "<li>Update the program"), 1);
}

static void
many_devices_make_a_page_that_is_whole(void **state)
{
	struct inventory *inventory = *state;
	char *text;

	mk_add_many(inventory);
	source.history = household_history();
	text = page_of(inventory);
	assert_memory_equal(text, "<!DOCTYPE html>\n", 16);
	assert_string_equal(text + strlen(text) - 16, "</body>\n</html>\n");
	assert_null(strstr(text, "%s"));
	free(text);
}

/*
 * The chart.
 */

static void
a_bar_is_days_when_there_are_many(void **state)
{
	static struct history_day days[400];
	struct history history = { .days = days };

	for (int i = 0; i < 400; i++)
		days[i] = (struct history_day){
			.start_us = i * INT64_C(86400) * MK_SECOND,
			.end_us = (i + 1) * INT64_C(86400) * MK_SECOND,
			.connections = 1,
			.by_version = { [5] = 1 },
		};
	mk_add(*state, mk_connection(1, 1, 1, VERDICT_MODERN), 1);
	source.history = &history;
	history.day_count = 62;
	assert_int_equal(times(*state, "<g><title>"), 62);
	assert_int_equal(times(*state, "<g><title>Thu 1 Jan\n"), 1);
	history.day_count = 400;
	assert_int_equal(times(*state, "<g><title>"), 58);
	assert_int_equal(times(*state, "<g><title>1 Jan to 7 Jan\n"), 1);
	history.day_count = 1;
	assert_int_equal(times(*state, "<g><title>"), 1);
	history.day_count = 0;
	assert_int_equal(times(*state, "<g><title>"), 0);
}

static void
what_is_little_is_seen_and_what_was_not_watched_is_said(void **state)
{
	struct history_run run = { 0, INT64_C(86400) * MK_SECOND, "", 0, 0, 0 };
	struct history_day days[2] = {
		{ .end_us = INT64_C(86400) * MK_SECOND,
		    .connections = 1000001,
		    .by_version = { [3] = 1, [5] = 1000000 } },
		{ .start_us = INT64_C(86400) * MK_SECOND,
		    .end_us = 2 * INT64_C(86400) * MK_SECOND },
	};
	struct history history = {
		.days = days, .day_count = 2, .runs = &run, .run_count = 1
	};

	mk_add(*state, mk_connection(1, 1, 1, VERDICT_MODERN), 1);
	source.history = &history;
	assert_int_equal(
	    times(*state, "<rect class=\"v3\" x=\"1\" y=\"196\" width=\"8\" "
			  "height=\"4\"/>"),
	    1);
	assert_int_equal(times(*state, "<rect class=\"blind\" x=\"10\""), 1);
	assert_int_equal(times(*state, "Fri 2 Jan: not watched"), 1);
	history.run_count = 0;
	assert_int_equal(times(*state, "class=\"blind\""), 0);
	history.run_count = 1;
	run.end_us *= 2;
	assert_int_equal(times(*state, "class=\"blind\""), 0);
}

/*
 * The period before.
 */

static void
a_change_is_a_sentence(void **state)
{
	static const struct {
		struct history_change change;
		const char *kind, *text;
	} rows[] = {
		{ { .kind = HISTORY_FIXED,
		      .before = VERDICT_OLD_CLIENT,
		      .now = VERDICT_MODERN,
		      .version_before = TLS_1_0,
		      .version_now = TLS_1_2,
		      .first_now_us = 60 * MK_SECOND },
		    "Fixed",
		    "TLS 1.0 until Thu 1 Jan 00:00; TLS 1.2 since Thu 1 Jan "
		    "00:01." },
		{ { .kind = HISTORY_WORSE,
		      .before = VERDICT_MODERN,
		      .now = VERDICT_PLAINTEXT_LOGIN,
		      .version_before = TLS_1_3 },
		    "Worse",
		    "TLS 1.3 until Thu 1 Jan 00:00; Password unencrypted "
		    "since Thu 1 Jan 00:00." },
		{ { .kind = HISTORY_NEW, .now = VERDICT_REFUSED_OLD }, "New",
		    "Already refused, since Thu 1 Jan 00:00." },
		{ { .kind = HISTORY_GONE,
		      .before = VERDICT_OLD_CLIENT,
		      .version_before = TLS_1_1 },
		    "Not seen any more",
		    "TLS 1.1, last Thu 1 Jan 00:00. Not seen is not the same "
		    "as fixed." },
		{ { .kind = HISTORY_GONE,
		      .before = VERDICT_OLD_CLIENT,
		      .now = VERDICT_MODERN,
		      .version_before = TLS_1_1,
		      .server = "m\xc3\xbc.example" },
		    "Not seen any more",
		    "TLS 1.1 at m\\xc3\\xbc.example, last Thu 1 Jan 00:00. Not "
		    "seen is not the same as fixed." },
	};
	char text[PAST_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		past_say(&rows[i].change, 0, text);
		assert_string_equal(text, rows[i].text);
		assert_string_equal(
		    past_kind(rows[i].change.kind), rows[i].kind);
	}
}

static void
a_period_is_watched_whole_only_if_it_is(void **state)
{
	struct history_run run = { .packets = 7 };
	struct history history = { .end_us = 1000 * MK_SECOND,
		.covered_us = 1000 * MK_SECOND - 1,
		.runs = &run,
		.run_count = 1 };
	char text[PAST_MAX];

	(void)state;
	past_say_coverage(&history, text);
	assert_string_equal(text,
	    "Period: Thu 1 Jan 00:00 to Thu 1 Jan 1970 00:16 (UTC+00:00), of "
	    "which 99% was watched.");
	history.covered_us++;
	past_say_coverage(&history, text);
	assert_non_null(strstr(text, "100%"));
	past_say_losses(&history, text);
	assert_string_equal(text, "");
	run.dropped = 2;
	run.lost = 3;
	past_say_losses(&history, text);
	assert_string_equal(text, "5 packets were lost meanwhile.");
	history.run_count = 0;
	past_say_coverage(&history, text);
	assert_non_null(strstr(text, "When it was watched is not known."));
}

static void
nothing_to_compare_with_is_no_change(void **state)
{
	struct history history = { .before_known = false };

	source.history = &history;
	assert_int_equal(times(*state, "nothing can be compared"), 1);
	history.before_known = true;
	assert_int_equal(times(*state, "No device has changed"), 1);
	source.history = NULL;
	assert_int_equal(times(*state, "period before"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(the_gravest_that_was_seen_is_the_answer),
		TEST(an_old_version_of_unknown_blame_is_no_clean_answer),
		TEST(what_was_old_and_not_seen_again_is_no_clean_answer),
		TEST(each_device_is_a_row_and_all_but_fine_ones_a_card),
		TEST(advice_is_given_once_a_card),
		TEST(advice_for_one_program_of_several_says_which),
		TEST(many_devices_make_a_page_that_is_whole),
		TEST(a_bar_is_days_when_there_are_many),
		TEST(what_is_little_is_seen_and_what_was_not_watched_is_said),
		TEST(a_change_is_a_sentence),
		TEST(a_period_is_watched_whole_only_if_it_is),
		TEST(nothing_to_compare_with_is_no_change),
	};

	return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
