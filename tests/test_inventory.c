/* SPDX-License-Identifier: ISC */
#include "report/inventory.h"

#include <stdio.h>
#include <string.h>

#include "tests/kit.h"
#include "tests/mkconnection.h"

static int
set_up(void **state)
{
	static struct inventory inventory;

	inventory_init(&inventory);
	*state = &inventory;
	return 0;
}

static int
tear_down(void **state)
{
	inventory_clear(*state);
	return 0;
}

static uint64_t
sum(const uint64_t *counts, size_t count)
{
	uint64_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += counts[i];
	return total;
}

static void
add_up(const struct inventory *inventory)
{
	uint64_t kept = 0;

	assert_int_equal(sum(inventory->by_version, INVENTORY_VERSIONS),
	    inventory->connections);
	assert_int_equal(sum(inventory->by_verdict, INVENTORY_VERDICTS),
	    inventory->connections);
	assert_int_equal(
	    inventory->judged + inventory->by_verdict[VERDICT_UNDETERMINED],
	    inventory->connections);
	for (size_t i = 0; i < inventory->count; i++) {
		const struct entry *entry = &inventory->entries[i];

		assert_int_equal(sum(entry->by_version, INVENTORY_VERSIONS),
		    entry->connections);
		assert_int_equal(sum(entry->by_verdict, INVENTORY_VERDICTS),
		    entry->connections);
		kept += entry->connections;
	}
	assert_int_equal(kept + inventory->not_kept, inventory->connections);
}

static void
what_differs_makes_another_entry(void **state)
{
	struct inventory *inventory = *state;
	const struct connection base =
	    mk_connection(1, 40, 0x23, VERDICT_OLD_CLIENT);
	struct connection c[12];

	for (size_t i = 0; i < 12; i++)
		c[i] = base;
	c[1].end[CLIENT].ip[3] = 41;
	c[2].end[CLIENT].mac[5] = 0x24;
	c[3].end[SERVER].port = 465;
	c[4].offer.server_name[0] = 'M';
	c[5].protocol = MAIL_IMAP;
	c[6].encryption = ENCRYPTION_IMPLICIT;
	c[7].offer.max_version = TLS_1_1;
	c[8].ja4[0] = 't';
	c[9].login = true;
	c[9].login_mechanism[0] = 'P';
	c[10].offer.server_name[0] = '\0';
	c[11].offer.server_name[0] = '\0';
	c[11].end[SERVER].ip[3] = 26;
	for (size_t i = 0; i < 12; i++) {
		mk_add(inventory, c[i], 1);
		assert_int_equal(inventory->count, i + 1);
	}
	for (size_t i = 0; i < 12; i++)
		mk_add(inventory, c[i], 1);
	assert_int_equal(inventory->count, 12);
	assert_int_equal(inventory->connections, 24);
	for (size_t i = 0; i < 12; i++)
		assert_int_equal(inventory->entries[i].connections, 2);
	add_up(inventory);
}

static void
what_does_not_matter_makes_none(void **state)
{
	struct inventory *inventory = *state;
	struct connection c = mk_connection(1, 40, 0x23, VERDICT_OLD_CLIENT);

	mk_add(inventory, c, 1);
	c.end[CLIENT].port++;
	c.end[SERVER].ip[3]++;   /* another machine of the same name */
	c.end[CLIENT].ip[4] = 1; /* beyond an IPv4 address */
	c.verdict = VERDICT_REFUSED_OLD;
	memcpy(c.login_mechanism, "X", 2); /* and no login */
	mk_add(inventory, c, 1);
	assert_int_equal(inventory->count, 1);
	assert_int_equal(inventory->entries[0].server_ip[3], 26);
	assert_int_equal(inventory->entries[0].client.port, 0);
	assert_string_equal(inventory->entries[0].login_mechanism, "");
}

static void
a_server_is_known_by_the_name_that_it_was_given(void **state)
{
	struct inventory *inventory = *state;
	struct connection c = mk_connection(1, 40, 0, VERDICT_MODERN);
	struct identity who = { .server_name = "asked.example" };

	inventory_add(inventory, &c, &who);
	assert_string_equal(inventory->entries[0].server_name, "asked.example");
}

static void
versions_count_in_their_rows_and_unknown_ones_in_none(void **state)
{
	static const uint16_t versions[] = { TLS_NONE, SSL_2_0, SSL_3_0,
		TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 };
	struct inventory *inventory = *state;
	struct connection c = mk_connection(1, 40, 0x23, VERDICT_MODERN);

	c.answer.seen = true;
	for (unsigned i = 0; i < INVENTORY_VERSIONS; i++) {
		assert_int_equal(inventory_version(versions[i]), i);
		assert_int_equal(inventory_row_version(i), versions[i]);
		c.answer.version = versions[i];
		mk_add(inventory, c, 1);
	}
	c.answer.version = 0x7f1c;
	mk_add(inventory, c, 1);
	c.answer.version = TLS_1_0;
	c.answer.seen = false;
	mk_add(inventory, c, 1);
	assert_int_equal(inventory->by_version[0], 3);
	for (unsigned i = 1; i < INVENTORY_VERSIONS; i++)
		assert_int_equal(inventory->by_version[i], 1);
	add_up(inventory);
}

static void
every_verdict_counts_and_none_is_undetermined(void **state)
{
	struct inventory *inventory = *state;

	for (int v = VERDICT_NONE; v <= VERDICT_UNDETERMINED + 1; v++) {
		struct connection c =
		    mk_connection(1, 40, 0x23, (enum verdict)v);

		c.incomplete = INCOMPLETE_GAP | INCOMPLETE_OVERFLOW;
		mk_add(inventory, c, 1);
	}
	for (int v = VERDICT_PLAINTEXT_LOGIN; v < VERDICT_UNDETERMINED; v++)
		assert_int_equal(inventory->by_verdict[v], 1);
	assert_int_equal(inventory->by_verdict[VERDICT_UNDETERMINED], 3);
	assert_int_equal(inventory->judged, 9);
	assert_int_equal(inventory->by_incomplete[2], 3);
	assert_int_equal(inventory->by_incomplete[5], 3);
	assert_int_equal(sum(inventory->by_incomplete, INVENTORY_REASONS), 6);
	add_up(inventory);
}

static void
the_order_has_each_verdict_once(void **state)
{
	(void)state;
	for (unsigned v = 1; v < INVENTORY_VERDICTS; v++) {
		unsigned place = inventory_rank((enum verdict)v);

		assert_true(place < INVENTORY_VERDICTS - 1);
		assert_int_equal(inventory_order[place], v);
	}
	assert_int_equal(inventory_rank(VERDICT_NONE), INVENTORY_VERDICTS - 1);
}

static void
an_entry_keeps_the_last_of_its_worst(void **state)
{
	static const struct {
		enum verdict verdict;
		int64_t last_s;
		enum verdict worst;
		int64_t kept_s;
	} steps[] = {
		{ VERDICT_MODERN, 200, VERDICT_MODERN, 200 },
		{ VERDICT_FAILED, 300, VERDICT_FAILED, 300 },
		{ VERDICT_MODERN, 400, VERDICT_FAILED, 300 },
		{ VERDICT_FAILED, 500, VERDICT_FAILED, 500 },
		{ VERDICT_OLD_CLIENT, 450, VERDICT_OLD_CLIENT, 450 },
		{ VERDICT_REFUSED_OLD, 600, VERDICT_OLD_CLIENT, 450 },
	};
	struct inventory *inventory = *state;
	const struct entry *entry;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct connection c =
		    mk_connection(1, 40, 0x23, steps[i].verdict);

		c.first_us = 100 * MK_SECOND;
		c.last_us = steps[i].last_s * MK_SECOND;
		mk_add(inventory, c, 1);
		entry = &inventory->entries[0];
		assert_int_equal(inventory_worst(entry), steps[i].worst);
		assert_int_equal(
		    entry->last.last_us, steps[i].kept_s * MK_SECOND);
	}
	assert_int_equal(
	    entry->verdict_last_us[VERDICT_MODERN], 400 * MK_SECOND);
	assert_int_equal(
	    entry->verdict_last_us[VERDICT_FAILED], 500 * MK_SECOND);
	assert_int_equal(entry->first_us, 100 * MK_SECOND);
	assert_int_equal(entry->last_us, 600 * MK_SECOND);
	assert_int_equal(inventory->first_us, 100 * MK_SECOND);
	assert_int_equal(inventory->last_us, 600 * MK_SECOND);
}

static void
an_entry_without_connections_has_no_verdict(void **state)
{
	static const struct entry none;

	(void)state;
	assert_int_equal(inventory_worst(&none), VERDICT_NONE);
}

static void
beyond_the_bound_only_totals_count(void **state)
{
	struct inventory *inventory = *state;
	struct connection c = mk_connection(1, 40, 0x23, VERDICT_OLD_CLIENT);

	for (unsigned i = 0; i < INVENTORY_ENTRIES_MAX + 100; i++) {
		snprintf(
		    c.offer.server_name, CONNECTION_NAME_MAX, "%u.example", i);
		mk_add(inventory, c, 1);
	}
	assert_int_equal(inventory->count, INVENTORY_ENTRIES_MAX);
	assert_int_equal(inventory->not_kept, 100);
	memcpy(c.offer.server_name, "17.example", 11);
	mk_add(inventory, c, 1);
	assert_int_equal(inventory->not_kept, 100);
	assert_int_equal(inventory->entries[17].connections, 2);
	add_up(inventory);
}

static void
what_the_entries_take_up_can_be_limited(void **state)
{
	struct inventory *inventory = *state;
	struct connection c = mk_connection(1, 40, 0x23, VERDICT_OLD_CLIENT);

	inventory_limit(inventory, 100 * sizeof(struct entry) + 1);
	for (unsigned i = 0; i < 300; i++) {
		snprintf(
		    c.offer.server_name, CONNECTION_NAME_MAX, "%u.example", i);
		mk_add(inventory, c, 1);
	}
	assert_int_equal(inventory->count, 100);
	assert_int_equal(inventory->room, 100);
	assert_int_equal(inventory->not_kept, 200);
	add_up(inventory);
	inventory_limit(inventory, 1);
	assert_int_equal(inventory->max, INVENTORY_ENTRIES_MIN);
	inventory_limit(inventory, SIZE_MAX);
	assert_int_equal(inventory->max, INVENTORY_ENTRIES_MIN);
}

static void
entries_that_collide_are_bounded_as_well(void **state)
{
	struct inventory *inventory = *state;
	struct connection c = mk_connection(1, 40, 0x23, VERDICT_OLD_CLIENT);

	/* The protocol is no part of the hash. */
	for (unsigned i = 0; i < 100; i++) {
		c.protocol = (enum mail_protocol)i;
		mk_add(inventory, c, 1);
	}
	assert_int_equal(inventory->count, 64);
	assert_int_equal(inventory->not_kept, 36);
	add_up(inventory);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(what_differs_makes_another_entry),
		TEST(what_does_not_matter_makes_none),
		TEST(a_server_is_known_by_the_name_that_it_was_given),
		TEST(versions_count_in_their_rows_and_unknown_ones_in_none),
		TEST(every_verdict_counts_and_none_is_undetermined),
		TEST(the_order_has_each_verdict_once),
		TEST(an_entry_keeps_the_last_of_its_worst),
		TEST(an_entry_without_connections_has_no_verdict),
		TEST(beyond_the_bound_only_totals_count),
		TEST(what_the_entries_take_up_can_be_limited),
		TEST(entries_that_collide_are_bounded_as_well),
	};

	return cmocka_run_group_tests_name("inventory", tests, NULL, NULL);
}
