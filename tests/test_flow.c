/* SPDX-License-Identifier: ISC */
#include "dissect/flow.h"

#include <stdlib.h>

#include "tests/kit.h"

enum {
	FLOWS = 64,
};

static struct flow_table table;
static void *block;
static uint8_t ips[2][16];
static uint16_t ports[2];
static const struct flow_key key = { (const uint8_t (*)[16])ips, ports, false };

static int
fresh(void **state)
{
	(void)state;
	block = malloc(flow_bytes(FLOWS));
	assert_non_null(block);
	memset(block, 0xa5, flow_bytes(FLOWS));
	flow_table_init(&table, block, FLOWS, 42);
	return 0;
}

static int
gone(void **state)
{
	(void)state;
	free(block);
	return 0;
}

/* name sets the key to 10.0.0.`client`:40000 to 10.1.0.1:`port`. */
static void
name(uint8_t client, uint16_t port, bool reversed)
{
	static const uint8_t server[16] = { 10, 1, 0, 1 };
	uint8_t from[16] = { 10, 0, 0, client };

	memcpy(ips[reversed], from, 16);
	memcpy(ips[!reversed], server, 16);
	ports[reversed] = 40000;
	ports[!reversed] = port;
}

static void
a_flow_is_found_from_both_sides(void **state)
{
	struct flow *flow;
	enum side from;

	(void)state;
	name(7, 993, false);
	assert_null(flow_find(&table, &key, &from));
	flow = flow_new(&table, &key, CLIENT, 5);
	assert_ptr_equal(flow_find(&table, &key, &from), flow);
	assert_int_equal(from, CLIENT);
	name(7, 993, true);
	assert_ptr_equal(flow_find(&table, &key, &from), flow);
	assert_int_equal(from, SERVER);
	name(7, 995, true);
	assert_null(flow_find(&table, &key, &from));
}

static void
address_families_are_told_apart(void **state)
{
	struct flow_key six = { (const uint8_t(*)[16])ips, ports, true };
	enum side from;

	(void)state;
	name(7, 993, false);
	flow_new(&table, &key, CLIENT, 5);
	assert_null(flow_find(&table, &six, &from));
}

static void
the_source_may_be_the_server(void **state)
{
	struct flow *flow;

	(void)state;
	name(7, 25, true);
	flow = flow_new(&table, &key, SERVER, 5);
	assert_int_equal(flow->port[SERVER], 25);
	assert_int_equal(flow->ip[CLIENT][3], 7);
	flow_swap(flow);
	assert_int_equal(flow->port[CLIENT], 25);
	assert_int_equal(flow->ip[SERVER][3], 7);
}

static void
a_full_table_empties_and_fills_again(void **state)
{
	enum side from;

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (uint8_t i = 0; i < FLOWS; i++) {
			assert_false(flow_table_is_full(&table));
			name(i, 143, false);
			flow_new(&table, &key, CLIENT, i);
		}
		assert_true(flow_table_is_full(&table));
		for (uint8_t i = 0; i < FLOWS; i++) {
			/* out of order, so that buckets are cut anywhere */
			name((uint8_t)(i * 37 % FLOWS), 143, false);
			flow_remove(&table, flow_find(&table, &key, &from));
			assert_null(flow_find(&table, &key, &from));
		}
		assert_int_equal(table.used, 0);
		assert_int_equal(table.by_age.first, 0);
		assert_int_equal(table.by_use[FLOW_EMPTY].last, 0);
	}
}

static struct flow *
add(uint8_t client)
{
	name(client, 143, false);
	return flow_new(&table, &key, CLIENT, 0);
}

static void
the_least_worthy_and_longest_unused_goes_first(void **state)
{
	struct flow *talk = add(1), *settled = add(2), *empty = add(3),
		    *empty2 = add(4), *over = add(5);

	(void)state;
	flow_use(&table, talk, FLOW_TALK, 1);
	flow_use(&table, settled, FLOW_SETTLED, 2);
	flow_use(&table, empty, FLOW_EMPTY, 3);
	flow_use(&table, over, FLOW_OVER, 4);
	struct flow *order[] = { empty2, empty, over, settled, talk };

	for (size_t i = 0; i < 5; i++) {
		assert_ptr_equal(flow_least(&table), order[i]);
		flow_remove(&table, order[i]);
	}
	assert_null(flow_least(&table));
}

static void
those_that_wait_are_kept_in_order(void **state)
{
	struct flow *a = add(1), *b = add(2), *c = add(3);

	(void)state;
	flow_wait(&table, a, 1);
	flow_wait(&table, b, 2);
	flow_wait(&table, c, 3);
	flow_wait(&table, a, 4);
	assert_ptr_equal(flow_at(&table, table.by_wait.first), b);
	flow_go_on(&table, b);
	flow_go_on(&table, b);
	assert_ptr_equal(flow_at(&table, table.by_wait.first), c);
	flow_remove(&table, c);
	assert_ptr_equal(flow_at(&table, table.by_wait.first), a);
	assert_int_equal(a->waits_us, 4);
}

/* clang-format off */
#define TEST(t) cmocka_unit_test_setup_teardown(t, fresh, gone)
/* clang-format on */

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_flow_is_found_from_both_sides),
		TEST(address_families_are_told_apart),
		TEST(the_source_may_be_the_server),
		TEST(a_full_table_empties_and_fills_again),
		TEST(the_least_worthy_and_longest_unused_goes_first),
		TEST(those_that_wait_are_kept_in_order),
	};

	return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
