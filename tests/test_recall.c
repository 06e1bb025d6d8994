/* SPDX-License-Identifier: ISC */
/* What a store remembers of a period. */
#include "report/recall.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/larder.h"

/* After all that is recalled here. */
#define NOW_US (LARDER_NOON_US + 1000 * LARDER_DAY_US)

static struct recall recall;
static struct device_sources devices;

static int32_t
noon(int days)
{
	return calendar_day(LARDER_NOON_US + days * LARDER_DAY_US);
}

/* Recalls `count` days from `days` after noon on, compared with as many. */
static void
recall_days(struct larder *l, int days, int count)
{
	struct period period = {
		.span = { noon(days), noon(days) + count },
		.before = { noon(days) - count, noon(days) },
	};

	recall_clear(&recall);
	memset(&devices, 0, sizeof(devices));
	larder_read(l);
	assert_int_equal(
	    recall_period(l->store, &period, NOW_US, &devices, &recall), 0);
	larder_close(l, 0);
}

static int
clear(void **state)
{
	recall_clear(&recall);
	return larder_tear_down(state);
}
#define RECALL_TEST(name)                                                      \
	cmocka_unit_test_setup_teardown(name, larder_set_up, clear)

/*
 * Figures.
 */

static uint64_t seed;

static unsigned
below(unsigned end)
{
	return (unsigned)(random_next(&seed) % end);
}

/* One of few devices, servers and offers, and of all verdicts, on one of
 * `days` days. */
static struct connection
any_connection(unsigned days)
{
	struct connection c = larder_connection((uint8_t)(1 + below(4)),
	    (int)below(days), (int)below(40000) - 20000,
	    (enum verdict)(1 + below(VERDICT_UNDETERMINED)));

	c.last_us = c.first_us + (int64_t)below(100) * MK_SECOND;
	c.end[CLIENT].port = (uint16_t)below(1000);
	c.end[SERVER].ip[3] = (uint8_t)below(3);
	c.offer.max_version = (uint16_t)(TLS_1_0 + below(4));
	if (below(4) == 0)
		memset(c.offer.server_name, 0, sizeof(c.offer.server_name));
	if (below(3) > 0)
		mk_answer(&c, (uint16_t)(TLS_1_0 + below(4)));
	c.incomplete = (uint8_t)(below(4) == 0 ? below(64) : 0);
	c.client_certificate = (enum client_certificate)below(4);
	c.server_certificate.seen = below(2);
	c.login = c.verdict == VERDICT_PLAINTEXT_LOGIN;
	if (c.login)
		memcpy(c.login_mechanism, below(2) ? "PLAIN" : "LOGIN", 6);
	snprintf(c.ehlo, sizeof(c.ehlo), "n%u", below(1000));
	return c;
}

static void
assert_same_counts(const uint64_t *a, const uint64_t *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal(a[i], b[i]);
}

static void
assert_same_entry(const struct entry *a, const struct entry *b)
{
	assert_int_equal(inventory_compare_macs(a, b), 0);
	assert_int_equal(inventory_compare_addresses(a, b), 0);
	assert_int_equal(inventory_compare_programs(a, b), 0);
	assert_int_equal(a->connections, b->connections);
	assert_int_equal(a->first_us, b->first_us);
	assert_int_equal(a->last_us, b->last_us);
	assert_same_counts(a->by_version, b->by_version, INVENTORY_VERSIONS);
	assert_same_counts(a->by_verdict, b->by_verdict, INVENTORY_VERDICTS);
	for (size_t v = 0; v < INVENTORY_VERDICTS; v++)
		assert_int_equal(a->verdict_last_us[v], b->verdict_last_us[v]);
	assert_memory_equal(a->server_ip, b->server_ip, 16);
	assert_int_equal(a->last.verdict, b->last.verdict);
	assert_int_equal(a->last.last_us, b->last.last_us);
	assert_string_equal(a->last.ehlo, b->last.ehlo);
}

static void
assert_same_inventory(const struct inventory *a, const struct inventory *b)
{
	assert_int_equal(a->connections, b->connections);
	assert_int_equal(a->judged, b->judged);
	assert_int_equal(a->not_kept, b->not_kept);
	assert_int_equal(a->old_undetermined, b->old_undetermined);
	assert_int_equal(a->server_certificates, b->server_certificates);
	assert_int_equal(a->client_requests, b->client_requests);
	assert_int_equal(a->client_certificates, b->client_certificates);
	assert_int_equal(a->first_us, b->first_us);
	assert_int_equal(a->last_us, b->last_us);
	assert_same_counts(a->by_version, b->by_version, INVENTORY_VERSIONS);
	assert_same_counts(a->by_verdict, b->by_verdict, INVENTORY_VERDICTS);
	assert_same_counts(
	    a->by_incomplete, b->by_incomplete, INVENTORY_REASONS);
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		const struct entry *same = inventory_find(b, &a->entries[i]);

		assert_non_null(same);
		assert_same_entry(&a->entries[i], same);
	}
}

/* Stores connections, and recalls all days and some of them. */
static void
assert_recalled(struct larder *l, int record_days)
{
	struct inventory all, some;
	struct identity who;

	inventory_init(&all);
	inventory_init(&some);
	l->options.record_days = record_days;
	larder_open(l);
	for (unsigned i = 0; i < 3000; i++) {
		struct connection c = any_connection(20);
		int32_t day = calendar_day(c.first_us);

		identify(NULL, &c, &who);
		inventory_add(&all, &c, &who);
		if (day >= noon(3) && day < noon(10))
			inventory_add(&some, &c, &who);
		store_add(l->store, &c, &who);
	}
	larder_close(l, 20);
	assert_int_equal(larder_sql(l, "SELECT sum(connections) FROM daily"),
	    all.connections);
	recall_days(l, 0, 21);
	assert_same_inventory(&all, &recall.inventory);
	recall_days(l, 3, 7);
	assert_same_inventory(&some, &recall.inventory);
	inventory_clear(&all);
	inventory_clear(&some);
}

static void
a_period_is_as_if_it_had_just_been_added_up(void **state)
{
	seed = 11;
	assert_recalled(*state, 30);
}

static void
so_it_is_when_the_records_are_gone(void **state)
{
	struct larder *l = *state;

	seed = 12;
	assert_recalled(l, 0);
	assert_int_equal(larder_sql(l, "SELECT count(*) FROM record WHERE day <"
				       " (SELECT max(day) FROM daily)"),
	    larder_sql(l, "SELECT count(*) FROM sample WHERE day <"
			  " (SELECT max(day) FROM daily)"));
}

static void
days_add_up_to_the_period(void **state)
{
	uint64_t connections = 0, old = 0;

	seed = 13;
	assert_recalled(*state, 30);
	assert_int_equal(recall.history.day_count, 7);
	for (size_t i = 0; i < 7; i++) {
		const struct history_day *day = &recall.history.days[i];

		assert_int_equal(
		    day->start_us, calendar_start(noon(3 + (int)i)));
		assert_int_equal(day->end_us, calendar_start(noon(4 + (int)i)));
		connections += day->connections;
		old += day->by_verdict[VERDICT_OLD_CLIENT];
	}
	assert_int_equal(connections, recall.inventory.connections);
	assert_int_equal(old, recall.inventory.by_verdict[VERDICT_OLD_CLIENT]);
}

static void
what_can_not_be_read_still_counts(void **state)
{
	struct larder *l = *state;

	larder_open(l);
	larder_add(l, 1, 0, 0, VERDICT_OLD_CLIENT);
	larder_add(l, 2, 0, 0, VERDICT_MODERN);
	larder_close(l, 0);
	larder_do(l->path, "UPDATE record SET line = 'x' WHERE id = 1");
	recall_days(l, 0, 1);
	assert_int_equal(recall.inventory.connections, 2);
	assert_int_equal(recall.inventory.by_verdict[VERDICT_OLD_CLIENT], 1);
	assert_int_equal(recall.inventory.count, 1);
	assert_int_equal(recall.inventory.not_kept, 1);
}

static void
days_are_cut_where_people_cut_them(void **state)
{
	struct larder *l = *state;
	/* Around the midnight before 27 March 2022, which has 23 hours. */
	const int64_t midnight_us = INT64_C(1648335600000000);
	struct period period;

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	larder_open(l);
	for (int hour = -1; hour <= 23; hour += 12) {
		struct connection c =
		    larder_connection(1, 0, 0, VERDICT_MODERN);

		c.first_us = midnight_us + hour * 3600 * MK_SECOND;
		c.last_us = c.first_us + 1;
		larder_put(l, &c);
	}
	larder_close(l, 0);
	period.span = (struct span){ calendar_date(2022, 3, 27),
		calendar_date(2022, 3, 28) };
	period.before =
	    (struct span){ period.span.first - 1, period.span.first };
	larder_read(l);
	assert_int_equal(
	    recall_period(l->store, &period, NOW_US, &devices, &recall), 0);
	larder_close(l, 0);
	assert_int_equal(recall.history.start_us, midnight_us);
	assert_int_equal(
	    recall.history.end_us - midnight_us, 23 * 3600 * MK_SECOND);
	/* At 11; an hour before is the day before, 23 hours after the next. */
	assert_int_equal(recall.inventory.connections, 1);
}

static void
a_period_that_is_not_over_ends_now(void **state)
{
	struct larder *l = *state;
	const struct period week = {
		.span = { noon(-2), noon(5) },
		.before = { noon(-9), noon(-2) },
	};

	larder_open(l);
	larder_add(l, 1, 0, -60, VERDICT_MODERN);
	larder_close(l, 0);
	larder_read(l);
	assert_int_equal(
	    recall_period(l->store, &week, LARDER_NOON_US, &devices, &recall),
	    0);
	larder_close(l, 0);
	assert_int_equal(recall.history.end_us, LARDER_NOON_US);
	assert_int_equal(recall.history.day_count, 3);
	assert_int_equal(recall.history.days[2].connections, 1);
	recall_clear(&recall);
	/* Unless the clock is not right. */
	larder_read(l);
	assert_int_equal(
	    recall_period(l->store, &week, 0, &devices, &recall), 0);
	larder_close(l, 0);
	assert_int_equal(recall.history.day_count, 7);
}

/*
 * Names, runs, what is known.
 */

static void
devices_are_called_what_they_were(void **state)
{
	struct larder *l = *state;
	struct connection c = larder_connection(1, 0, 0, VERDICT_MODERN);
	struct device_name name;
	struct identity who;

	identify(NULL, &c, &who);
	memcpy(who.device.name, "printer", 8);
	who.device.source = NAME_DHCP;
	memcpy(who.device.vendor, "Brother", 8);
	memcpy(who.device.vendor_class, "JetDirect", 10);
	larder_open(l);
	store_add(l->store, &c, &who);
	larder_close(l, 0);
	recall_days(l, 0, 1);
	name = device_name(&devices, &c.end[CLIENT], false, true);
	assert_string_equal(name.name, "printer");
	assert_int_equal(name.source, NAME_DHCP);
	assert_string_equal(name.vendor, "Brother");
	assert_string_equal(name.vendor_class, "JetDirect");
	name = device_name(&devices, &c.end[CLIENT], false, false);
	assert_string_equal(name.name, "");
}

static void
a_device_that_went_by_its_address_still_does(void **state)
{
	struct larder *l = *state;
	struct connection c = larder_connection(1, 0, 0, VERDICT_MODERN);
	struct identity who;

	identify(NULL, &c, &who);
	memset(&who.device, 0, sizeof(who.device));
	memcpy(who.device.id, "192.168.1.1", 12);
	larder_open(l);
	store_add(l->store, &c, &who);
	larder_close(l, 0);
	recall_days(l, 0, 1);
	assert_false(device_owns(&devices, &c.end[CLIENT], false));
	c.end[CLIENT].ip[3]++;
	assert_true(device_owns(&devices, &c.end[CLIENT], false));
}

static void
add_run(struct larder *l, const char *source, int from_hour, int to_hour)
{
	struct history_run run = {
		.start_us = LARDER_NOON_US + from_hour * 3600 * MK_SECOND,
		.end_us = LARDER_NOON_US + to_hour * 3600 * MK_SECOND,
		.packets = 100,
		.dropped = 2,
		.lost = 3,
	};

	snprintf(run.source, sizeof(run.source), "%s", source);
	store_run(l->store, &run);
}

static void
time_that_was_watched_twice_counts_once(void **state)
{
	struct larder *l = *state;
	struct report_source source = { .name_count = 0 };

	larder_open(l);
	add_run(l, "yesterday", -30, -13);
	add_run(l, "eth0", -14, -10); /* two hours of it on the day */
	add_run(l, "eth1", -11, -8);  /* two more */
	add_run(l, "eth0", -9, -8);   /* none */
	add_run(l, "eth0", 10, 20);   /* two up to midnight */
	larder_close(l, 0);
	recall_days(l, 0, 1);
	assert_int_equal(recall.history.covered_us, 6 * 3600 * MK_SECOND);
	assert_int_equal(recall.history.run_count, 4);
	assert_true(recall.history.before_known);
	recall_source(&recall, &source);
	assert_int_equal(source.name_count, 2);
	assert_string_equal(source.names[0], "eth0");
	assert_string_equal(source.names[1], "eth1");
	assert_int_equal(source.packets, 400);
	assert_int_equal(source.losses[0].count, 8);
	assert_int_equal(source.losses[1].count, 12);
	assert_ptr_equal(source.history, &recall.history);
}

static void
all_that_is_known_is_from_the_first_to_the_last(void **state)
{
	struct larder *l = *state;
	struct span span;

	larder_open(l);
	larder_add(l, 1, 3, 0, VERDICT_MODERN);
	larder_add(l, 1, 8, 0, VERDICT_MODERN);
	larder_close(l, 8);
	larder_read(l);
	span = recall_known(l->store);
	assert_int_equal(span.first, noon(3));
	assert_int_equal(span.end, noon(9));
	larder_close(l, 8);
	larder_open(l);
	add_run(l, "eth0", -24, 0);
	add_run(l, "eth0", 24 * 9, 24 * 10);
	larder_close(l, 8);
	larder_read(l);
	span = recall_known(l->store);
	assert_int_equal(span.first, noon(-1));
	assert_int_equal(span.end, noon(11));
}

static void
an_empty_store_knows_nothing(void **state)
{
	struct larder *l = *state;
	struct span span;

	larder_open(l);
	larder_close(l, 0);
	larder_read(l);
	span = recall_known(l->store);
	assert_int_equal(span.first, span.end);
	larder_close(l, 0);
	recall_days(l, 0, 7);
	assert_int_equal(recall.inventory.connections, 0);
	assert_int_equal(recall.history.covered_us, 0);
	assert_int_equal(recall.history.day_count, 7);
	assert_int_equal(recall.history.change_count, 0);
	assert_false(recall.history.before_known);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		RECALL_TEST(a_period_is_as_if_it_had_just_been_added_up),
		RECALL_TEST(so_it_is_when_the_records_are_gone),
		RECALL_TEST(days_add_up_to_the_period),
		RECALL_TEST(what_can_not_be_read_still_counts),
		RECALL_TEST(days_are_cut_where_people_cut_them),
		RECALL_TEST(a_period_that_is_not_over_ends_now),
		RECALL_TEST(devices_are_called_what_they_were),
		RECALL_TEST(a_device_that_went_by_its_address_still_does),
		RECALL_TEST(time_that_was_watched_twice_counts_once),
		RECALL_TEST(all_that_is_known_is_from_the_first_to_the_last),
		RECALL_TEST(an_empty_store_knows_nothing),
	};

	return cmocka_run_group_tests_name("recall", tests, NULL, NULL);
}
