/* SPDX-License-Identifier: ISC */
#include "dissect/fragment.h"

#include <stdlib.h>

#include "tests/kit.h"

enum {
	SECOND = 1000000,
	POOL_CHUNKS = 4096,
	UDP = 17,
	ICMP = 1,
};

/* What every test starts from; `data` is what datagrams are cut from. */
struct bench {
	struct fragments f;
	struct chunk_pool pool;
	int64_t now_us;
	struct packet p; /* as the last fragment left it */
	struct chunk chunks[POOL_CHUNKS];
	uint8_t data[FRAGMENT_DATAGRAM_LEN + 1000];
	uint8_t buffer[FRAGMENT_DATAGRAM_LEN];
};

static int
set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	uint64_t seed = 1;

	assert_non_null(b);
	memset(b->f.heard, 0xa5, sizeof(b->f.heard));
	chunk_pool_init(&b->pool, b->chunks, sizeof(b->chunks));
	for (size_t i = 0; i < sizeof(b->data); i++)
		b->data[i] = (uint8_t)random_next(&seed);
	*state = b;
	return 0;
}

static int
tear_down(void **state)
{
	free(*state);
	return 0;
}

/* fragment returns `len` bytes from `at` on of the datagram `id`. */
static struct packet
fragment(const struct bench *b, uint32_t id, uint32_t at, size_t len, bool more)
{
	return (struct packet){
		.ip = { { 192, 0, 2, 1 }, { 198, 51, 100, 2 } },
		.protocol = UDP,
		.payload = bytes_of(b->data + at, len),
		.fragment = true,
		.more_fragments = more,
		.fragment_id = id,
		.fragment_at = at,
	};
}

static bool
add_packet(struct bench *b, struct packet p)
{
	b->p = p;
	return fragment_add(&b->f, &b->pool, b->now_us, &b->p, b->buffer);
}

static bool
add(struct bench *b, uint32_t id, uint32_t at, size_t len, bool more)
{
	return add_packet(b, fragment(b, id, at, len, more));
}

/* assert_whole: the packet is `data` up to `len`, and nothing is left of it. */
static void
assert_whole(const struct bench *b, size_t len)
{
	assert_false(b->p.fragment);
	assert_false(b->p.more_fragments);
	assert_int_equal(b->p.fragment_at, 0);
	assert_int_equal(b->p.payload.len, len);
	assert_ptr_equal(b->p.payload.data, b->buffer);
	assert_memory_equal(b->buffer, b->data, len);
}

static void
assert_nothing_is_kept(const struct bench *b)
{
	static const struct datagram none[FRAGMENT_DATAGRAMS_MAX];

	assert_int_equal(fragment_pending(&b->f), 0);
	assert_int_equal(b->pool.used, 0);
	assert_memory_equal(b->f.datagrams, none, sizeof(none));
}

/* --- what becomes whole ---------------------------------------------------- */

static void
fragments_in_order_make_a_whole(void **state)
{
	struct bench *b = *state;

	assert_false(add(b, 1, 0, 1480, true));
	assert_false(add(b, 1, 1480, 1480, true));
	assert_int_equal(fragment_pending(&b->f), 1);
	assert_true(add(b, 1, 2960, 43, false));
	assert_whole(b, 3003);
	assert_nothing_is_kept(b);
}

static void
fragments_in_any_order_make_a_whole(void **state)
{
	static const uint8_t orders[][4] = { { 3, 2, 1, 0 }, { 1, 3, 0, 2 },
		{ 2, 0, 3, 1 }, { 0, 3, 2, 1 } };
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		for (size_t j = 0; j < 4; j++) {
			uint32_t part = orders[i][j];
			size_t len = part < 3 ? 504 : 1;

			assert_int_equal(
			    add(b, 9, part * 504, len, part < 3), j == 3);
		}
		assert_whole(b, 3 * 504 + 1);
		assert_nothing_is_kept(b);
	}
}

static void
the_longest_datagram_fits(void **state)
{
	struct bench *b = *state;

	for (uint32_t at = 1480; at < 65120; at += 1480)
		assert_false(add(b, 1, at, 1480, true));
	assert_false(add(b, 1, 65120, 415, false));
	assert_true(add(b, 1, 0, 1480, true));
	assert_whole(b, 65535);
	assert_nothing_is_kept(b);
}

static void
a_last_fragment_may_be_empty(void **state)
{
	struct bench *b = *state;

	assert_false(add(b, 1, 16, 0, false));
	assert_true(add(b, 1, 0, 16, true));
	assert_whole(b, 16);
	assert_nothing_is_kept(b);
}

static void
a_fragment_that_is_everything_is_whole_at_once(void **state)
{
	struct bench *b = *state;

	assert_false(add(b, 1, 8, 8, true));
	assert_true(add(b, 1, 0, 13, false));
	assert_false(b->p.fragment);
	assert_ptr_equal(b->p.payload.data, b->data);
	assert_int_equal(b->p.payload.len, 13);
	assert_int_equal(fragment_pending(&b->f), 1);
}

static void
duplicates_change_nothing(void **state)
{
	struct bench *b = *state;
	uint32_t used;

	add(b, 1, 0, 496, true);
	add(b, 1, 992, 8, true);
	used = b->pool.used;
	assert_false(add(b, 1, 0, 496, true));
	assert_false(add(b, 1, 992, 8, true));
	assert_int_equal(b->pool.used, used);
	assert_false(add(b, 1, 1000, 4, false));
	assert_false(add(b, 1, 1000, 4, false));
	assert_true(add(b, 1, 496, 496, true));
	assert_whole(b, 1004);
	assert_nothing_is_kept(b);
}

static void
the_first_copy_wins_wherever_it_lies(void **state)
{
	struct bench *b = *state;
	static const uint8_t other[64] = { 0 };
	struct packet later;

	assert_false(add(b, 1, 24, 16, true)); /* 24 to 40 */
	assert_false(add(b, 1, 0, 8, true));   /* 0 to 8 */
	later = fragment(b, 1, 0, 32, true);   /* adds 8 to 24 */
	assert_false(add_packet(b, later));
	later = fragment(b, 1, 16, 40, true);
	later.payload = bytes_of(other, 40); /* adds 40 to 56 */
	assert_false(add_packet(b, later));
	assert_true(add(b, 1, 48, 11, false)); /* adds 56 to 59 */
	assert_int_equal(b->p.payload.len, 59);
	assert_memory_equal(b->buffer, b->data, 40);
	assert_memory_equal(b->buffer + 40, other, 16);
	assert_memory_equal(b->buffer + 56, b->data + 56, 3);
	assert_nothing_is_kept(b);
}

static void
a_fragment_may_lie_in_the_buffer_itself(void **state)
{
	struct bench *b = *state;
	struct packet p;

	memcpy(b->buffer + 100, b->data + 8, 100);
	assert_false(add(b, 1, 0, 8, true));
	p = fragment(b, 1, 8, 100, false);
	p.payload = bytes_of(b->buffer + 100, 100);
	assert_true(add_packet(b, p));
	assert_whole(b, 108);
}

/* --- whose fragments ------------------------------------------------------- */

static void
only_parts_of_the_same_datagram_are_put_together(void **state)
{
	struct bench *b = *state;
	struct packet others[5];

	assert_false(add(b, 7, 0, 8, true));
	for (size_t i = 0; i < 5; i++)
		others[i] = fragment(b, 7, 8, 8, false);
	others[0].fragment_id = 8;
	others[1].ip[0][3] = 9;
	others[2].ip[1][3] = 9;
	others[3].protocol = ICMP;
	others[4].ipv6 = true;
	for (size_t i = 0; i < 5; i++)
		assert_false(add_packet(b, others[i]));
	assert_int_equal(fragment_pending(&b->f), 6);
	assert_true(add(b, 7, 8, 8, false));
	assert_int_equal(fragment_pending(&b->f), 5);
}

static void
the_first_fragment_says_the_protocol_of_ipv6(void **state)
{
	struct bench *b = *state;
	struct packet p = fragment(b, 1, 8, 8, false);

	p.ipv6 = true;
	p.protocol = 60;
	assert_false(add_packet(b, p));
	p = fragment(b, 1, 0, 8, true);
	p.ipv6 = true;
	assert_true(add_packet(b, p));
	assert_int_equal(b->p.protocol, UDP);

	assert_false(add_packet(b, p));
	p = fragment(b, 1, 8, 8, false);
	p.ipv6 = true;
	p.protocol = 60;
	assert_true(add_packet(b, p));
	assert_int_equal(b->p.protocol, UDP);
}

/* --- what is dropped ------------------------------------------------------- */

static void
useless_fragments_leave_no_trace(void **state)
{
	struct bench *b = *state;
	struct packet cut = fragment(b, 1, 8, 8, true);

	cut.missing = 1;
	assert_false(add_packet(b, cut));
	assert_false(add(b, 1, 8, 0, true));
	assert_false(add(b, 1, 0, 0, true));
	assert_false(add(b, 1, 8, 12, true));
	assert_false(add(b, 1, 8, 7, true));
	assert_nothing_is_kept(b);
	assert_int_equal(b->f.timed_out + b->f.evicted + b->f.oversized, 0);
}

static void
a_datagram_longer_than_any_is_dropped(void **state)
{
	struct bench *b = *state;

	assert_false(add(b, 1, 0, 1480, true));
	assert_false(add(b, 1, 65528, 8, false));
	assert_int_equal(b->f.oversized, 1);
	assert_false(add(b, 1, 65528, 1000, true));
	assert_int_equal(b->f.oversized, 2);
	assert_false(add(b, 1, 65528, 7, false));
	assert_int_equal(b->f.oversized, 2);
	assert_int_equal(fragment_pending(&b->f), 1);
}

static void
a_datagram_that_contradicts_its_end_is_dropped(void **state)
{
	static const struct {
		uint32_t at, len;
		bool more;
	} pairs[][2] = {
		{ { 16, 8, false }, { 16, 4, false } },
		{ { 16, 4, false }, { 16, 8, false } },
		{ { 16, 8, false }, { 32, 8, false } },
		{ { 16, 8, false }, { 16, 16, true } },
		{ { 16, 16, true }, { 8, 16, false } },
		{ { 16, 3, false }, { 16, 8, true } },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		for (size_t j = 0; j < 2; j++)
			assert_false(add(b, 1, pairs[i][j].at, pairs[i][j].len,
			    pairs[i][j].more));
		assert_int_equal(b->f.oversized, i + 1);
		assert_nothing_is_kept(b);
	}
}

static void
the_oldest_datagram_makes_room(void **state)
{
	struct bench *b = *state;

	for (uint32_t id = 0; id < FRAGMENT_DATAGRAMS_MAX; id++) {
		b->now_us = id == 40 ? 0 : 100 + id;
		assert_false(add(b, id, 0, 8, true));
	}
	b->now_us = 1000;
	assert_int_equal(b->f.evicted, 0);
	assert_false(add(b, 1000, 0, 8, true));
	assert_int_equal(b->f.evicted, 1);
	assert_int_equal(fragment_pending(&b->f), FRAGMENT_DATAGRAMS_MAX);
	assert_true(add(b, 0, 8, 8, false));
	assert_true(add(b, 1000, 8, 8, false));
	assert_false(add(b, 40, 8, 8, false));
}

static void
what_stays_incomplete_times_out(void **state)
{
	struct bench *b = *state;

	assert_false(add(b, 1, 0, 8, true));
	b->now_us = FRAGMENT_TIMEOUT_US;
	assert_false(add(b, 2, 0, 8, true));
	assert_int_equal(b->f.timed_out, 0);
	b->now_us++;
	assert_false(add(b, 1, 8, 8, false));
	assert_int_equal(b->f.timed_out, 1);
	assert_true(add(b, 2, 8, 8, false));
}

static void
time_that_jumps_is_no_trouble(void **state)
{
	static const int64_t times[] = { INT64_MAX, INT64_MIN, 0, INT64_MAX, -1,
		INT64_MIN, -SECOND, 3600ll * SECOND };
	struct bench *b = *state;

	b->now_us = 1;
	assert_false(add(b, 0, 0, 8, true));
	b->now_us = -SECOND; /* a little back is within reordering */
	assert_true(add(b, 0, 8, 8, false));
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		b->now_us = times[i];
		for (uint32_t id = 0; id < 8; id++)
			assert_false(add(b, id + 1, 0, 8, true));
		assert_in_range(fragment_pending(&b->f), 8, 16);
	}
}

static void
a_full_pool_drops_the_datagram(void **state)
{
	struct bench *b = *state;

	b->pool.count = 4;
	assert_false(add(b, 1, 0, 4 * CHUNK_DATA, true));
	assert_false(add(b, 2, 0, 8, true));
	assert_int_equal(b->f.evicted, 1);
	assert_int_equal(fragment_pending(&b->f), 1);
	assert_false(add(b, 1, 4 * CHUNK_DATA, 8, true));
	assert_int_equal(b->f.evicted, 2);
	assert_nothing_is_kept(b);
	assert_false(add(b, 3, 0, 8, true));
	assert_true(add(b, 3, 8, 8, false));
}

static void
a_datagram_in_crumbs_is_dropped(void **state)
{
	struct bench *b = *state;

	for (uint32_t i = 0; i < FRAGMENT_CHUNKS_MAX; i++)
		assert_false(add(b, 1, 16 * i, 8, true));
	assert_int_equal(b->pool.used, FRAGMENT_CHUNKS_MAX);
	assert_int_equal(b->f.evicted, 0);
	assert_false(add(b, 1, 16 * FRAGMENT_CHUNKS_MAX, 8, true));
	assert_int_equal(b->f.evicted, 1);
	assert_nothing_is_kept(b);
}

/* --- against a model ------------------------------------------------------- */

enum {
	MODEL_LEN = 320,
};

/* struct model puts one datagram together byte by byte. */
struct model {
	uint8_t bytes[MODEL_LEN];
	bool heard[MODEL_LEN];
	size_t len; /* 0: the last was not heard */
};

static bool
model_add(struct model *m, const struct packet *p)
{
	struct bytes rest = p->payload;
	bool whole;

	for (size_t at = p->fragment_at; rest.len > 0; at++) {
		uint8_t byte = bytes_u8(&rest);

		if (!m->heard[at])
			m->bytes[at] = byte;
		m->heard[at] = true;
	}
	if (!p->more_fragments)
		m->len = p->fragment_at + p->payload.len;
	whole = m->len > 0;
	for (size_t at = 0; at < m->len; at++)
		whole = whole && m->heard[at];
	return whole;
}

/* random_fragment returns a part, perhaps the last, of `len` random bytes. */
static struct packet
random_fragment(struct bench *b, uint64_t *seed, size_t len)
{
	size_t units = (len + 7) / 8;
	size_t from = random_next(seed) % units;
	size_t to = from + 1 + random_next(seed) % (units - from);
	size_t end = to < units ? 8 * to : len;

	if (from == 0 && to == units)
		end = 8 * --to;
	for (size_t i = 0; i < len; i++)
		b->data[i] = (uint8_t)random_next(seed);
	return fragment(b, 1, (uint32_t)(8 * from), end - 8 * from, to < units);
}

static void
random_fragments_make_what_a_simple_model_makes(void **state)
{
	struct bench *b = *state;
	uint64_t seed = 20240229;

	for (int round = 0; round < 2000; round++) {
		size_t len = 9 + random_next(&seed) % (MODEL_LEN - 9);
		struct model m = { .len = 0 };
		bool whole = false;

		while (!whole) {
			struct packet p = random_fragment(b, &seed, len);

			whole = model_add(&m, &p);
			assert_int_equal(add_packet(b, p), whole);
		}
		assert_int_equal(b->p.payload.len, len);
		assert_memory_equal(b->buffer, m.bytes, len);
		assert_nothing_is_kept(b);
	}
	assert_int_equal(b->f.timed_out + b->f.evicted + b->f.oversized, 0);
}

#define ON_A_BENCH(test)                                                       \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ON_A_BENCH(fragments_in_order_make_a_whole),
		ON_A_BENCH(fragments_in_any_order_make_a_whole),
		ON_A_BENCH(the_longest_datagram_fits),
		ON_A_BENCH(a_last_fragment_may_be_empty),
		ON_A_BENCH(a_fragment_that_is_everything_is_whole_at_once),
		ON_A_BENCH(duplicates_change_nothing),
		ON_A_BENCH(the_first_copy_wins_wherever_it_lies),
		ON_A_BENCH(a_fragment_may_lie_in_the_buffer_itself),
		ON_A_BENCH(only_parts_of_the_same_datagram_are_put_together),
		ON_A_BENCH(the_first_fragment_says_the_protocol_of_ipv6),
		ON_A_BENCH(useless_fragments_leave_no_trace),
		ON_A_BENCH(a_datagram_longer_than_any_is_dropped),
		ON_A_BENCH(a_datagram_that_contradicts_its_end_is_dropped),
		ON_A_BENCH(the_oldest_datagram_makes_room),
		ON_A_BENCH(what_stays_incomplete_times_out),
		ON_A_BENCH(time_that_jumps_is_no_trouble),
		ON_A_BENCH(a_full_pool_drops_the_datagram),
		ON_A_BENCH(a_datagram_in_crumbs_is_dropped),
		ON_A_BENCH(random_fragments_make_what_a_simple_model_makes),
	};

	return cmocka_run_group_tests_name("fragment", tests, NULL, NULL);
}
