/* SPDX-License-Identifier: ISC */
/* A store as lines, and back. */
#include "report/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/larder.h"

enum {
	TEXT_MAX = 1 << 20,
};

/* All lines of a store. */
struct text {
	char bytes[TEXT_MAX];
	size_t len;
	unsigned lines, stop_after;
};

static struct text first, second;

static bool
keep(void *arg, const char *line, size_t len)
{
	struct text *text = arg;

	assert_true(text->len + len < TEXT_MAX);
	assert_true(len <= TRANSFER_LINE_MAX);
	assert_int_equal(line[len - 1], '\n');
	memcpy(text->bytes + text->len, line, len);
	text->len += len;
	text->bytes[text->len] = '\0';
	return ++text->lines != text->stop_after;
}

static void
take_out(struct larder *l, struct text *text)
{
	memset(text, 0, sizeof(*text));
	larder_read(l);
	assert_int_equal(transfer_out(l->store, keep, text), 0);
	larder_close(l, 0);
}

/* Takes lines in, all of which must be good. */
static void
take_in(struct larder *l, const struct text *text)
{
	char message[TRANSFER_MESSAGE_MAX];
	struct intake *intake;

	larder_open(l);
	intake = intake_new(l->store);
	for (const char *at = text->bytes; *at != '\0';) {
		size_t len = strcspn(at, "\n");

		if (!intake_line(intake, at, len, message))
			fail_msg("%s: %.*s", message, (int)len, at);
		at += len + 1;
	}
	assert_int_equal(intake_end(intake), 0);
	larder_close(l, 60);
}

/* A store with all that there can be: some days of which only sums are left,
 * records, names, runs. */
static void
fill(struct larder *l)
{
	struct history_run run = { .start_us = LARDER_NOON_US,
		.end_us = LARDER_NOON_US + LARDER_DAY_US,
		.source = "br-\"lan\"",
		.packets = 12345,
		.dropped = 6,
		.lost = 7 };
	struct device_name device = { .id = "00-00-5E-00-53-01",
		.name = "pri\x1b[nter",
		.source = NAME_MDNS,
		.vendor = "Brother",
		.vendor_class = "Hewlett-Packard JetDirect",
		.own_mac = true };

	l->options.record_days = 10;
	larder_open(l);
	for (int i = 0; i < 600; i++) {
		struct connection c =
		    larder_connection((uint8_t)(1 + i % 3), i / 20, i,
			i % 5 == 0 ? VERDICT_UNDETERMINED : VERDICT_OLD_CLIENT);

		c.incomplete = i % 5 == 0 ? INCOMPLETE_GAP : 0;
		c.server_certificate.seen = i % 7 == 0;
		c.end[SERVER].ip[3] = (uint8_t)(i % 4);
		larder_put(l, &c);
	}
	/* So many that they do not go into one line. */
	for (int i = 0; i < 700; i++)
		larder_add(l, 9, 1, i, VERDICT_MODERN);
	store_run(l->store, &run);
	store_name(l->store, &device);
	larder_close(l, 29);
	assert_true(larder_sql(l, "SELECT count(*) FROM record") < 300);
}

/* The number that tells a store from another. */
static int64_t
sum_of(const struct larder *l)
{
	return larder_sql(l,
	    "SELECT (SELECT sum(connections * 31 + first_us % 1000 * 7 +"
	    " last_us % 999 + length(version) + incomplete * 3 + certificates)"
	    " FROM daily) + (SELECT sum(last_us % 77) FROM sample)");
}

static void
a_store_is_the_same_after_export_and_import(void **state)
{
	struct larder *l = *state;
	int64_t sum;

	fill(l);
	take_out(l, &first);
	sum = sum_of(l);
	assert_int_equal(
	    larder_sql(l, "SELECT sum(connections) FROM daily"), 1300);
	assert_int_equal(remove(l->path), 0);
	take_in(l, &first);
	take_out(l, &second);
	assert_string_equal(first.bytes, second.bytes);
	assert_int_equal(sum_of(l), sum);
	assert_int_equal(
	    larder_sql(l, "SELECT sum(connections) FROM daily"), 1300);
	assert_int_equal(
	    larder_sql(l, "SELECT count(*) FROM device WHERE vendor_class ="
			  " 'Hewlett-Packard JetDirect' AND own_mac"),
	    1);
}

static void
importing_it_again_changes_nothing(void **state)
{
	struct larder *l = *state;
	int64_t sum;

	fill(l);
	take_out(l, &first);
	sum = sum_of(l);
	take_in(l, &first);
	take_in(l, &first);
	take_out(l, &second);
	assert_string_equal(first.bytes, second.bytes);
	assert_int_equal(sum_of(l), sum);
}

static void
what_two_stores_have_in_common_counts_once(void **state)
{
	struct larder *l = *state;

	/* The first half, and the second with some of the first. */
	larder_open(l);
	for (int i = 0; i < 60; i++)
		larder_add(l, 1, 0, i, VERDICT_MODERN);
	larder_add(l, 1, 40, 0, VERDICT_MODERN);
	larder_close(l, 40);
	take_out(l, &first);
	assert_int_equal(remove(l->path), 0);
	larder_open(l);
	for (int i = 40; i < 100; i++)
		larder_add(l, 1, 0, i, VERDICT_MODERN);
	larder_add(l, 1, 40, 0, VERDICT_MODERN);
	larder_close(l, 40);
	/* Of neither there are records any more but the samples. */
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record"), 2);
	take_in(l, &first);
	assert_int_equal(
	    larder_sql(l, "SELECT sum(connections) FROM daily"), 101);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM seen"), 101);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM daily"), 2);
}

static void
records_of_analyze_are_lines_of_a_store(void **state)
{
	struct larder *l = *state;
	const char *srcdir = getenv("srcdir");
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/pcaps/household.ndjson",
	    srcdir != NULL ? srcdir : ".");
	file = fopen(path, "r");
	assert_non_null(file);
	memset(&first, 0, sizeof(first));
	first.len = fread(first.bytes, 1, TEXT_MAX - 1, file);
	fclose(file);
	take_in(l, &first);
	take_out(l, &second);
	assert_memory_equal(first.bytes, second.bytes, first.len);
}

static void
an_export_can_be_ended_early(void **state)
{
	struct larder *l = *state;

	fill(l);
	memset(&first, 0, sizeof(first));
	first.stop_after = 3;
	larder_read(l);
	assert_int_equal(transfer_out(l->store, keep, &first), 0);
	assert_int_equal(first.lines, 3);
	larder_close(l, 0);
}

static void
other_lines_are_refused_and_change_nothing(void **state)
{
	static const struct {
		const char *line, *says;
	} cases[] = {
		{ "", "not an object" },
		{ "{}", "'schema'" },
		{ "{\"mailtls\":{\"schema\":2}}", "'schema'" },
		{ "{\"mailtls\":{\"schema\":1}}", "'@timestamp'" },
		{ "{\"mailtls\":{\"schema\":1},\"@timestamp\":\"now\"}",
		    "'@timestamp'" },
		{ "{\"mailtls\":{\"schema\":1},\"run\":{}}", "'start'" },
		{ "{\"mailtls\":{\"schema\":1},\"run\":{"
		  "\"start\":\"2022-05-16T10:00:00Z\","
		  "\"end\":\"2022-05-16T10:00:00Z\",\"packets\":-1}}",
		    "'packets'" },
		{ "{\"mailtls\":{\"schema\":1},\"device\":{"
		  "\"name_source\":\"me\"}}",
		    "'name_source'" },
		{ "{\"mailtls\":{\"schema\":1},\"count\":{}}", "'verdict'" },
#define COUNT(of, ids)                                                         \
	"{\"mailtls\":{\"schema\":1},\"count\":{\"of\":\"" of "\","            \
	"\"verdict\":\"modern\",\"first\":\"2022-05-16T10:00:00Z\","           \
	"\"last\":\"2022-05-16T10:00:00Z\",\"server_ip\":\"192.0.2.1\","       \
	"\"ids\":[" ids "]}}"
		{ COUNT("0123456789abcdef", "\"0123456789abcdee\""), "'of'" },
		{ COUNT("0123", "\"0123456789abcdee\""), "'of'" },
		{ COUNT("0123456789abcdeg", "\"0123456789abcdee\""), "'of'" },
		{ COUNT("0123456789abcdef", "1"), "an item" },
	};
	struct larder *l = *state;
	char message[TRANSFER_MESSAGE_MAX];
	struct intake *intake;

	larder_open(l);
	intake = intake_new(l->store);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_false(intake_line(
		    intake, cases[i].line, strlen(cases[i].line), message));
		if (strstr(message, cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].line, message);
	}
	assert_int_equal(intake_end(intake), 0);
	larder_close(l, 0);
	assert_int_equal(larder_sql(l, "SELECT (SELECT count(*) FROM record) +"
				       " (SELECT count(*) FROM run) +"
				       " (SELECT count(*) FROM device)"),
	    0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		LARDER_TEST(a_store_is_the_same_after_export_and_import),
		LARDER_TEST(importing_it_again_changes_nothing),
		LARDER_TEST(what_two_stores_have_in_common_counts_once),
		LARDER_TEST(records_of_analyze_are_lines_of_a_store),
		LARDER_TEST(an_export_can_be_ended_early),
		LARDER_TEST(other_lines_are_refused_and_change_nothing),
	};

	return cmocka_run_group_tests_name("transfer", tests, NULL, NULL);
}
