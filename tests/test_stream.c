/* SPDX-License-Identifier: ISC */
#include "dissect/stream.h"

#include "dissect/limits.h"
#include "tests/kit.h"

#define START 0xfffffff0u /* so that every test wraps around */

enum {
	CHUNKS = 512,
};

static struct chunk block[CHUNKS];
static struct chunk_pool pool;
static struct stream s, other;
static char heard[4096];
static size_t heard_len;

static int
fresh(void **state)
{
	(void)state;
	chunk_pool_init(&pool, block, sizeof(block));
	s = other = (struct stream){ 0 };
	stream_start(&s, START);
	heard_len = 0;
	return 0;
}

static struct segment
segment_of(uint32_t at, const char *text)
{
	return (struct segment){ .seq = START + at,
		.payload = bytes_of(text, strlen(text)) };
}

static void
hear(struct bytes run)
{
	heard_len +=
	    bytes_copy(run, heard + heard_len, sizeof(heard) - heard_len);
	stream_pass(&s, &pool, run.len);
}

static void
hear_held(void)
{
	struct bytes run;

	while ((run = stream_ready(&s, &pool, &other)).len > 0)
		hear(run);
}

static enum stream_place
push(struct segment segment)
{
	enum stream_place place = stream_place(&s, &other, &segment);

	if (place == STREAM_NOW)
		hear(segment.payload);
	if (place == STREAM_EARLY)
		assert_true(stream_keep(&s, &pool, &segment));
	hear_held();
	return place;
}

static void
assert_heard(const char *text)
{
	assert_int_equal(heard_len, strlen(text));
	assert_memory_equal(heard, text, heard_len);
}

static void
bytes_in_order_pass_at_once(void **state)
{
	(void)state;
	assert_int_equal(push(segment_of(0, "abcdefghij")), STREAM_NOW);
	assert_int_equal(push(segment_of(10, "klmnopqrst")), STREAM_NOW);
	assert_heard("abcdefghijklmnopqrst");
	assert_int_equal(pool.used, 0);
}

static void
reordered_segments_are_put_in_order(void **state)
{
	(void)state;
	assert_int_equal(push(segment_of(4, "ef")), STREAM_EARLY);
	assert_int_equal(push(segment_of(2, "cd")), STREAM_EARLY);
	assert_heard("");
	assert_true(stream_waits(&s));
	assert_int_equal(push(segment_of(0, "ab")), STREAM_EARLY);
	assert_heard("abcdef");
	assert_false(stream_waits(&s));
	assert_int_equal(pool.used, 0);
}

static void
retransmissions_add_nothing(void **state)
{
	(void)state;
	push(segment_of(0, "abcd"));
	assert_int_equal(push(segment_of(0, "XXXX")), STREAM_OLD);
	assert_int_equal(push(segment_of(2, "YYef")), STREAM_NOW);
	assert_int_equal(push(segment_of(5, "Z")), STREAM_OLD);
	assert_heard("abcdef");
}

static void
the_first_copy_heard_wins(void **state)
{
	(void)state;
	push(segment_of(4, "EFGH"));
	push(segment_of(2, "cdXX")); /* its last two came before */
	push(segment_of(0, "ab"));
	assert_heard("abcdEFGH");
}

static void
an_early_copy_is_kept_once(void **state)
{
	uint32_t used;

	(void)state;
	push(segment_of(4, "efgh"));
	used = pool.used;
	push(segment_of(4, "efgh"));
	push(segment_of(5, "fg"));
	assert_int_equal(pool.used, used);
}

static void
an_answer_waits_for_its_question(void **state)
{
	struct segment answer = segment_of(0, "250 ok");

	(void)state;
	stream_start(&other, 100);
	answer.ack = 106;
	assert_int_equal(push(answer), STREAM_EARLY);
	assert_heard("");
	assert_int_equal(stream_wants(&s, &pool, 0), 106);
	assert_int_equal(stream_skip(&s, &pool), 0);
	stream_pass(&other, &pool, 6);
	hear_held();
	assert_heard("250 ok");
}

static void
an_absurd_acknowledgement_holds_nothing_back(void **state)
{
	struct segment answer = segment_of(0, "250 ok");

	(void)state;
	stream_start(&other, 100);
	answer.ack = 100 + 2 * LIMIT_WINDOW;
	assert_int_equal(push(answer), STREAM_NOW);
}

static void
a_hole_is_given_up_up_to_what_is_held(void **state)
{
	(void)state;
	push(segment_of(0, "ab"));
	push(segment_of(30, "later"));
	push(segment_of(20, "held"));
	assert_int_equal(stream_skip(&s, &pool), 18);
	hear_held();
	assert_heard("abheld");
	assert_int_equal(stream_skip(&s, &pool), 6);
	hear_held();
	assert_heard("abheldlater");
}

static void
late_bytes_of_a_hole_are_counted_once(void **state)
{
	struct segment late;

	(void)state;
	push(segment_of(10, "held"));
	stream_skip(&s, &pool);
	hear_held();
	late = segment_of(4, "4567");
	assert_int_equal(stream_late(&s, &late), 4);
	assert_int_equal(stream_late(&s, &late), 0);
	late = segment_of(0, "0123");
	assert_int_equal(stream_late(&s, &late), 4);
}

static void
a_fin_ends_the_stream_after_its_last_byte(void **state)
{
	(void)state;
	s.fin = true;
	s.fin_at = START + 4;
	push(segment_of(2, "cd"));
	assert_false(s.ended);
	push(segment_of(0, "ab"));
	assert_true(s.ended);
	assert_int_equal(s.next, (uint32_t)(START + 5));
	assert_false(stream_waits(&s));
}

static void
bytes_lost_before_a_fin_are_given_up(void **state)
{
	(void)state;
	s.fin = true;
	s.fin_at = START + 9;
	assert_true(stream_waits(&s));
	assert_int_equal(stream_skip(&s, &pool), 9);
	stream_pass(&s, &pool, 0);
	assert_true(s.ended);
}

static void
what_was_acknowledged_can_be_given_up(void **state)
{
	(void)state;
	push(segment_of(20, "held"));
	assert_int_equal(stream_skip_to(&s, &pool, START + 50), 20);
	hear_held();
	assert_heard("held");
	assert_int_equal(stream_skip_to(&s, &pool, START + 50), 26);
}

static void
nothing_is_given_up_that_was_heard(void **state)
{
	(void)state;
	push(segment_of(0, "abcd"));
	assert_int_equal(stream_skip_to(&s, &pool, START + 4), 0);
	assert_int_equal(stream_skip_to(&s, &pool, START + 2), 0);
	assert_int_equal(s.next, (uint32_t)(START + 4));
}

static void
what_nobody_will_send_need_not_be_waited_for(void **state)
{
	struct segment answer = segment_of(0, "250 ok");

	(void)state;
	stream_start(&other, 100);
	answer.ack = 106;
	push(answer);
	assert_int_equal(stream_ready(&s, &pool, &other).len, 0);
	assert_int_equal(stream_ready(&s, &pool, NULL).len, 6);
}

static void
a_segment_far_ahead_is_not_of_this_stream(void **state)
{
	(void)state;
	assert_int_equal(push(segment_of(LIMIT_WINDOW, "a")), STREAM_EARLY);
	assert_int_equal(push(segment_of(LIMIT_WINDOW + 1, "a")), STREAM_FAR);
}

static void
no_stream_holds_more_than_its_share(void **state)
{
	struct segment early = segment_of(0, "x");
	uint32_t kept = 0;

	(void)state;
	for (early.seq = START + 2; stream_keep(&s, &pool, &early);
	     early.seq += 2)
		kept++;
	assert_int_equal(kept, LIMIT_EARLY_CHUNKS);
	stream_clear(&s, &pool);
	assert_int_equal(pool.used, 0);
}

static void
an_empty_pool_keeps_nothing(void **state)
{
	struct segment early = segment_of(8, "x");

	(void)state;
	pool.count = 0;
	assert_false(stream_keep(&s, &pool, &early));
	assert_false(stream_waits(&s));
}

static size_t
count(uint32_t at, const char *text)
{
	struct segment segment = segment_of(at, text);

	return stream_count(&s, &segment);
}

static void
counting_takes_every_byte_once(void **state)
{
	(void)state;
	assert_int_equal(count(0, "abcd"), 4);
	assert_int_equal(count(0, "abcd"), 0);
	assert_int_equal(count(2, "cdef"), 2);
	assert_int_equal(count(20, "uvw"), 3);
	assert_int_equal(count(6, "ghij"), 4);
	assert_int_equal(count(6, "ghijkl"), 2);
	assert_int_equal(count(18, "stuvwxyz"), 2 + 3);
	assert_int_equal(count(12, "mnopqr"), 6);
}

/* clang-format off */
#define TEST(t) cmocka_unit_test_setup(t, fresh)
/* clang-format on */

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(bytes_in_order_pass_at_once),
		TEST(reordered_segments_are_put_in_order),
		TEST(retransmissions_add_nothing),
		TEST(the_first_copy_heard_wins),
		TEST(an_early_copy_is_kept_once),
		TEST(an_answer_waits_for_its_question),
		TEST(an_absurd_acknowledgement_holds_nothing_back),
		TEST(a_hole_is_given_up_up_to_what_is_held),
		TEST(late_bytes_of_a_hole_are_counted_once),
		TEST(a_fin_ends_the_stream_after_its_last_byte),
		TEST(bytes_lost_before_a_fin_are_given_up),
		TEST(what_was_acknowledged_can_be_given_up),
		TEST(nothing_is_given_up_that_was_heard),
		TEST(what_nobody_will_send_need_not_be_waited_for),
		TEST(a_segment_far_ahead_is_not_of_this_stream),
		TEST(no_stream_holds_more_than_its_share),
		TEST(an_empty_pool_keeps_nothing),
		TEST(counting_takes_every_byte_once),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
