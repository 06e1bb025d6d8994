/* SPDX-License-Identifier: ISC */
#include "report/setting.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/kit.h"
#include "tests/mkconnection.h"

enum {
	RUN_MAX = 4,
};

/* One offer to one server, and when it was seen: minutes before the end. */
struct seen {
	uint16_t high, low; /* low: TLS_NONE if the offer lists none */
	int from, to;
	/* What is known of the program, or NULL. */
	const char *candidate, *library, *talk, *ehlo, *id;
};

static void
copy(char *to, const char *from)
{
	if (from != NULL)
		memcpy(to, from, strlen(from) + 1);
}

static const struct entry *
entry_of(const struct seen *seen)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	assert_non_null(entry);
	entry->max_version = seen->high;
	entry->first_us = MK_LAST_US - seen->from * 60 * MK_SECOND;
	entry->last_us = MK_LAST_US - seen->to * 60 * MK_SECOND;
	for (uint16_t v = seen->high; seen->low != 0 && v >= seen->low; v--)
		entry->last.offer.versions[entry->last.offer.version_count++] =
		    v;
	entry->last.protocol = MAIL_SMTP;
	copy(entry->last.talk, seen->talk);
	copy(entry->last.ehlo, seen->ehlo);
	copy(entry->program.name, seen->id);
	entry->program.library = seen->library != NULL ? seen->library : "";
	entry->program.candidates[0] = seen->candidate;
	entry->program.count = seen->candidate != NULL;
	return entry;
}

static const struct setting_case {
	const char *name;
	struct seen run[RUN_MAX]; /* up to one of no version and no time */
	const char *words;        /* of the first */
} cases[] = {
	{ "an offer without a list has a top only",
	    { { TLS_1_2, 0, 61, .to = 1 } },
	    "Its setting means TLS 1.2 at most, seen since Sun 22 May "
	    "19:10." },
	{ "a list has a range", { { TLS_1_3, TLS_1_0, 1, .to = 1 } },
	    "Its setting means TLS 1.0 to TLS 1.3, seen since Sun 22 May "
	    "20:10." },
	{ "one version is alone", { { TLS_1_3, TLS_1_3, 1, .to = 1 } },
	    "Its setting means TLS 1.3 alone, seen since Sun 22 May 20:10." },
	{ "what came later is told with what was before",
	    { { TLS_1_0, 0, 90, .to = 60 }, { TLS_1_3, TLS_1_2, 30, .to = 0 } },
	    "Its setting meant TLS 1.0 at most until Sun 22 May 19:11; since "
	    "Sun 22 May 19:41 it is TLS 1.3 at most." },
	{ "what was before is told with what came later",
	    { { TLS_1_3, TLS_1_2, 30, .to = 0 }, { TLS_1_0, 0, 90, .to = 60 } },
	    "Its setting means TLS 1.2 to TLS 1.3 since Sun 22 May 19:41; "
	    "until Sun 22 May 19:11 it was TLS 1.0 at most." },
	{ "the latest of several changes counts",
	    { { TLS_1_2, 0, 30, .to = 0 }, { TLS_1_0, 0, 90, .to = 80 },
		{ TLS_1_1, 0, 70, .to = 60 } },
	    "Its setting means TLS 1.2 at most since Sun 22 May 19:41; until "
	    "Sun 22 May 19:11 it was TLS 1.1 at most." },
	{ "offers that take turns are two programs",
	    { { TLS_1_0, 0, 90, .to = 10 }, { TLS_1_3, 0, 30, .to = 0 } },
	    "Its setting means TLS 1.0 at most, seen since Sun 22 May "
	    "18:41." },
	{ "a return to an old offer is no change",
	    { { TLS_1_2, 0, 90, .to = 0 }, { TLS_1_0, 0, 60, .to = 50 } },
	    "Its setting means TLS 1.2 at most, seen since Sun 22 May "
	    "18:41." },
	{ "the same offer of another program is no change",
	    { { TLS_1_2, 0, 30, .to = 0 }, { TLS_1_2, TLS_1_0, 90, .to = 60 } },
	    "Its setting means TLS 1.2 at most, seen since Sun 22 May "
	    "19:41." },
	{ "what was not seen to offer anything is left out",
	    { { TLS_1_2, 0, 30, .to = 0 }, { TLS_NONE, 0, 90, .to = 60 } },
	    "Its setting means TLS 1.2 at most, seen since Sun 22 May "
	    "19:41." },
	{ "a program with one candidate in common may be the same",
	    { { TLS_1_0, 0, 90, 60, .candidate = "a", .library = "l" },
		{ TLS_1_2, 0, 30, 0, .candidate = "a", .library = "l" } },
	    "Its setting meant TLS 1.0 at most until Sun 22 May 19:11; since "
	    "Sun 22 May 19:41 it is TLS 1.2 at most." },
	{ "so may one that nothing is known of",
	    { { TLS_1_0, 0, 90, 60, .candidate = "a", .library = "l" },
		{ TLS_1_2, 0, 30, 0, .id = NULL } },
	    "Its setting meant TLS 1.0 at most until Sun 22 May 19:11; since "
	    "Sun 22 May 19:41 it is TLS 1.2 at most." },
	{ "one without a candidate in common is another",
	    { { TLS_1_0, 0, 90, 60, .candidate = "a", .library = "l" },
		{ TLS_1_2, 0, 30, 0, .candidate = "b", .library = "l" } },
	    "Its setting means TLS 1.0 at most, seen since Sun 22 May 18:41." },
	{ "so is one of another library",
	    { { TLS_1_0, 0, 90, 60, .library = "l" },
		{ TLS_1_2, 0, 30, 0, .library = "m" } },
	    "Its setting means TLS 1.0 at most, seen since Sun 22 May 18:41." },
	{ "and one that talks otherwise",
	    { { TLS_1_0, 0, 90, 60, .talk = "EHLO,STARTTLS" },
		{ TLS_1_2, 0, 30, 0, .talk = "ehlo,STARTTLS" } },
	    "Its setting means TLS 1.0 at most, seen since Sun 22 May 18:41." },
	{ "and one that calls itself otherwise",
	    { { TLS_1_0, 0, 90, 60, .ehlo = "me" },
		{ TLS_1_2, 0, 30, 0, .ehlo = "you" } },
	    "Its setting means TLS 1.0 at most, seen since Sun 22 May 18:41." },
	{ "an address is no name to go by",
	    { { TLS_1_0, 0, 90, 60, .ehlo = "[192.0.2.1]" },
		{ TLS_1_2, 0, 30, 0, .ehlo = "[192.0.2.2]" } },
	    "Its setting meant TLS 1.0 at most until Sun 22 May 19:11; since "
	    "Sun 22 May 19:41 it is TLS 1.2 at most." },
	{ "one that says so is another",
	    { { TLS_1_0, 0, 90, 60, .id = "me" },
		{ TLS_1_2, 0, 30, 0, .id = "you" } },
	    "Its setting means TLS 1.0 at most, seen since Sun 22 May 18:41." },
	{ "nothing is said of an unknown offer",
	    { { TLS_NONE, 0, 9, .to = 8 } }, "" },
};

static void
a_setting_is_said_in_these_words(void **state)
{
	const struct setting_case *row = *state;
	const struct entry *run[RUN_MAX];
	struct setting setting;
	char out[SETTING_MAX];
	size_t count = 0;

	while (count < RUN_MAX && row->run[count].from > 0) {
		run[count] = entry_of(&row->run[count]);
		count++;
	}
	setting = setting_of(run[0], run, count);
	setting_say(run[0], &setting, run[0]->last_us, out);
	assert_string_equal(out, row->words);
	while (count > 0)
		free((void *)(uintptr_t)run[--count]);
}

static void
no_entries_are_no_setting(void **state)
{
	struct entry entry = { .max_version = TLS_1_2 };
	struct setting setting = setting_of(&entry, NULL, 0);

	(void)state;
	assert_false(setting.changed);
}

int
main(void)
{
	enum {
		ROWS = sizeof(cases) / sizeof(cases[0]),
	};
	struct CMUnitTest tests[ROWS + 1] = {
		[ROWS] = cmocka_unit_test(no_entries_are_no_setting),
	};

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	/* A row reports under its own name; state is not written through. */
	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){
			.name = cases[i].name,
			.test_func = a_setting_is_said_in_these_words,
			.initial_state = (void *)(uintptr_t)&cases[i],
		};
	return cmocka_run_group_tests_name("setting", tests, NULL, NULL);
}
