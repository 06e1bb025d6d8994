/* SPDX-License-Identifier: ISC */
#include "dissect/chunk.h"

#include "tests/kit.h"

enum {
	CHUNKS = 4,
};

static struct chunk block[CHUNKS];
static struct chunk_pool pool;
static uint8_t text[4 * CHUNK_DATA];

static int
fresh_pool(void **state)
{
	(void)state;
	chunk_pool_init(&pool, block, sizeof(block));
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 7);
	return 0;
}

static void
what_was_appended_is_gathered(void **state)
{
	static uint8_t out[sizeof(text)];
	struct chain chain = { 0 };
	size_t sizes[] = { 1, 0, 600, 300, 7 }, at = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_true(chain_append(&chain, &pool, (uint32_t)at, 0,
		    bytes_of(text + at, sizes[i])));
		at += sizes[i];
	}
	assert_int_equal(chain.count, 2); /* 908 bytes */
	assert_true(bytes_equal(
	    chain_gather(&chain, &pool, out, sizeof(out)), bytes_of(text, at)));
	assert_int_equal(chain_gather(&chain, &pool, out, 10).len, 10);
}

static void
only_what_follows_goes_into_the_last_chunk(void **state)
{
	struct chain chain = { 0 };

	(void)state;
	assert_true(chain_append(&chain, &pool, 10, 1, bytes_of(text, 5)));
	assert_true(chain_append(&chain, &pool, 15, 1, bytes_of(text, 5)));
	assert_int_equal(chain.count, 1);
	assert_true(chain_append(&chain, &pool, 21, 1, bytes_of(text, 5)));
	assert_int_equal(chain.count, 2);
	assert_true(chain_append(&chain, &pool, 26, 2, bytes_of(text, 5)));
	assert_int_equal(chain.count, 3);
	assert_int_equal(chunk_at(&pool, chain.tail)->at, 26);
	assert_int_equal(chunk_at(&pool, chain.tail)->ack, 2);
}

static void
too_much_is_refused_whole(void **state)
{
	struct chain chain = { 0 }, other = { 0 };

	(void)state;
	assert_true(
	    chain_append(&other, &pool, 0, 0, bytes_of(text, CHUNK_DATA - 1)));
	assert_false(chain_append(
	    &chain, &pool, 0, 0, bytes_of(text, 3 * CHUNK_DATA + 1)));
	assert_int_equal(chain.count, 0);
	assert_int_equal(pool.used, 1);
	assert_true(
	    chain_append(&chain, &pool, 0, 0, bytes_of(text, 3 * CHUNK_DATA)));
	assert_int_equal(pool.used, CHUNKS);
	/* one byte of room is left in the other's last chunk */
	assert_true(
	    chain_append(&other, &pool, CHUNK_DATA - 1, 0, bytes_of(text, 1)));
	assert_false(
	    chain_append(&other, &pool, CHUNK_DATA, 0, bytes_of(text, 1)));
}

static void
what_is_given_back_is_used_again(void **state)
{
	struct chain chain = { 0 };

	(void)state;
	for (int round = 0; round < 5; round++) {
		assert_true(chain_append(
		    &chain, &pool, 0, 0, bytes_of(text, CHUNKS * CHUNK_DATA)));
		chain_free(&chain, &pool);
		assert_int_equal(pool.used, 0);
		assert_int_equal(chain.head, 0);
		assert_int_equal(chain.tail, 0);
		assert_int_equal(chain.count, 0);
	}
}

static void
any_chunk_can_be_removed(void **state)
{
	struct chain chain = { 0 };
	uint32_t middle;

	(void)state;
	for (uint32_t at = 0; at < 30; at += 10)
		assert_true(
		    chain_append(&chain, &pool, at, 0, bytes_of(text, 1)));
	middle = chunk_at(&pool, chain.head)->next;
	chain_remove(&chain, &pool, middle, chain.head);
	assert_int_equal(chunk_at(&pool, chain.head)->at, 0);
	assert_int_equal(chunk_at(&pool, chain.head)->next, chain.tail);
	chain_remove(&chain, &pool, chain.tail, chain.head);
	assert_int_equal(chain.head, chain.tail);
	chain_remove(&chain, &pool, chain.head, 0);
	assert_int_equal(chain.count, 0);
	assert_int_equal(pool.used, 0);
}

/* clang-format off */
#define TEST(t) cmocka_unit_test_setup(t, fresh_pool)
/* clang-format on */

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(what_was_appended_is_gathered),
		TEST(only_what_follows_goes_into_the_last_chunk),
		TEST(too_much_is_refused_whole),
		TEST(what_is_given_back_is_used_again),
		TEST(any_chunk_can_be_removed),
	};

	return cmocka_run_group_tests_name("chunk", tests, NULL, NULL);
}
