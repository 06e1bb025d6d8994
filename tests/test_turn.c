/* SPDX-License-Identifier: ISC */
#include "dissect/turn.h"

#include <stdio.h>

#include "tests/kit.h"

enum {
	AES_128_GCM = 0x1301,
	AES_256_GCM = 0x1302,
	CCM_8 = 0x1305,
};

/* Records are written as C or S and how long they are. */
struct row {
	const char *name;
	uint16_t version;
	uint32_t cipher;
	const char *records;
	enum turn_first first;
};

static const struct row rows[] = {
	{ "nobody_has_spoken", TLS_1_2, 0, "", TURN_NONE },
	{ "the_server_greets", TLS_1_2, 0, "S60 C30", TURN_SERVER },
	{ "the_client_asks", TLS_1_0, 0, "C300 S2000", TURN_CLIENT },
	{ "a_greeting_after_tickets", TLS_1_3, AES_128_GCM,
	    "S900 C53 S255 S255 S60 C30", TURN_SERVER },
	{ "a_greeting_that_waits_for_its_answer", TLS_1_3, AES_128_GCM,
	    "S900 C53 S255 S60", TURN_NONE },
	{ "a_request_behind_finished", TLS_1_3, AES_128_GCM, "S900 C53 C120",
	    TURN_CLIENT },
	{ "a_longer_hash", TLS_1_3, AES_256_GCM, "S900 C69 C120", TURN_CLIENT },
	{ "a_shorter_tag", TLS_1_3, CCM_8, "S900 C45 C120", TURN_CLIENT },
	{ "a_certificate_before_finished", TLS_1_3, AES_128_GCM,
	    "S900 C1200 C280 C53 S255 S60 C30", TURN_SERVER },
	{ "an_alert_is_no_request", TLS_1_3, AES_128_GCM, "S900 C53 C19",
	    TURN_NONE },
	{ "an_alert_instead_of_finished", TLS_1_3, AES_128_GCM, "S900 C19",
	    TURN_NONE },
	{ "a_flight_without_end", TLS_1_3, AES_128_GCM,
	    "S900 C90 C91 C92 C93 C94 C95 C96", TURN_UNCLEAR },
	{ "a_flight_in_one_record", TLS_1_3, AES_128_GCM, "S900 C1400 S255",
	    TURN_NONE },
	{ "what_was_decided_stays", TLS_1_2, 0, "S60 C30 C30 C30",
	    TURN_SERVER },
};

static void
note_all(struct turn *turn, const struct row *row, bool uncertain)
{
	struct connection c = {
		.answer = { .seen = true,
		    .version = row->version,
		    .cipher = row->cipher },
		.change_cipher = { true, true },
	};
	const char *at = row->records;
	unsigned len;
	char from;
	int read;

	while (sscanf(at, " %c%u%n", &from, &len, &read) == 2) {
		turn_note(
		    turn, &c, from == 'C' ? CLIENT : SERVER, len, uncertain);
		at += read;
	}
}

static void
ends_as_written(void **state)
{
	const struct row *row = *state;
	struct turn turn = { 0 };

	note_all(&turn, row, false);
	assert_int_equal(turn.first, row->first);
}

static void
nothing_is_clear_where_records_may_be_missing(void **state)
{
	struct turn turn = { 0 };

	(void)state;
	note_all(&turn, &rows[1], true);
	assert_int_equal(turn.first, TURN_UNCLEAR);
}

static void
what_comes_before_change_cipher_is_not_said(void **state)
{
	struct connection c = { .answer = {
				    .seen = true, .version = TLS_1_2 } };
	struct turn turn = { 0 };

	(void)state;
	turn_note(&turn, &c, CLIENT, 100, false);
	assert_int_equal(turn.first, TURN_NONE);
	c.answer.seen = false;
	c.change_cipher[CLIENT] = true;
	turn_note(&turn, &c, CLIENT, 100, false);
	assert_int_equal(turn.first, TURN_NONE);
}

int
main(void)
{
	enum {
		ROWS = sizeof(rows) / sizeof(rows[0]),
	};
	struct CMUnitTest tests[ROWS + 2] = { { 0 } };

	for (size_t i = 0; i < ROWS; i++) {
		tests[i].name = rows[i].name;
		tests[i].test_func = ends_as_written;
		tests[i].initial_state = (void *)(uintptr_t)&rows[i];
	}
	tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(
	    nothing_is_clear_where_records_may_be_missing);
	tests[ROWS + 1] = (struct CMUnitTest)cmocka_unit_test(
	    what_comes_before_change_cipher_is_not_said);
	return _cmocka_run_group_tests("turn", tests, ROWS + 2, NULL, NULL);
}
