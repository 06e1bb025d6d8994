/* SPDX-License-Identifier: ISC */
#include "capture/load.h"

#include <stdlib.h>
#include <string.h>

#include "tests/kit.h"

enum {
	MEMORY = 32 << 20,
	HEARD_MAX = 64,
};

static struct load load;
static struct md *md;
static void *block;
static char heard[HEARD_MAX]; /* the first letters of names, in order */
static size_t heard_count, over_count;

static void
on_sighting(void *arg, const struct sighting *s)
{
	(void)arg;
	if (heard_count < HEARD_MAX - 1)
		heard[heard_count++] = s->name[0];
}

static void
on_over(void *arg, struct connection *c)
{
	(void)arg;
	if (heard_count < HEARD_MAX - 1)
		heard[heard_count++] = c->ehlo[0];
	over_count++;
}

static int
fresh(void **state)
{
	static struct md_config config;

	(void)state;
	config.sharded = config.sightings = true;
	config.hooks =
	    (struct md_hooks){ .over = on_over, .sighting = on_sighting };
	block = malloc(MEMORY);
	assert_non_null(block);
	md = md_init(block, MEMORY, &config);
	assert_non_null(md);
	memset(heard, 0, sizeof(heard));
	heard_count = over_count = 0;
	return 0;
}

static int
gone(void **state)
{
	(void)state;
	load_free(&load);
	free(block);
	return 0;
}

static void
tell_sighting(uint64_t frame, char name)
{
	struct sighting s = { .name = { name } };
	struct md_event event = { .what = MD_SIGHTING,
		.when = { .frame = frame, .phase = MD_FRAME },
		.sighting = &s };

	load_tell(&load, MD_SHARDS_MAX, &event);
	memset(&s, 0xa5, sizeof(s)); /* a copy was made */
}

static void
tell_over(unsigned shard, const struct md_moment *when, char name)
{
	struct connection c = { .ehlo = { name } };
	struct md_event event = {
		.what = MD_OVER, .when = *when, .number = 1, .connection = &c
	};

	load_tell(&load, shard, &event);
	memset(&c, 0xa5, sizeof(c));
}

static void
events_come_in_order_of_frames_and_of_what_was_due(void **state)
{
	static const struct md_moment waited = { 7, 90, MD_WAITED, 20 },
				      idle = { 7, 90, MD_IDLE, 10 },
				      later = { 7, 90, MD_IDLE, 11 },
				      frame = { 7, 90, MD_FRAME, 0 },
				      next = { 9, 91, MD_WAITED, 1 };

	(void)state;
	tell_sighting(1, 'a');
	tell_sighting(8, 'g');
	tell_over(2, &idle, 'c');
	tell_over(2, &frame, 'f');
	tell_over(1, &later, 'd');
	tell_over(3, &later, 'e');
	tell_over(0, &waited, 'b');
	tell_over(0, &next, 'h');
	load_settle(&load, md);
	assert_string_equal(heard, "abcdefgh");
}

static void
what_was_settled_is_gone_and_its_room_is_free(void **state)
{
	static const struct md_moment when = { 1, 1, MD_FRAME, 0 };

	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		tell_over(0, &when, 'x');
	assert_true(load_told(&load) >= 1000 * sizeof(struct connection));
	load_settle(&load, md);
	assert_int_equal(over_count, 1000);
	assert_int_equal(load_told(&load), 0);
	load_settle(&load, md);
	assert_int_equal(over_count, 1000);
}

static void
an_empty_one_has_room_for_the_longest_segment_and_not_for_two(void **state)
{
	size_t len = 256 << 10;
	uint8_t *data = calloc(len, 1);
	struct md_parcel parcel = { .payload = bytes_of(data, len) };

	(void)state;
	assert_non_null(data);
	assert_true(load_has_room(&load, &parcel, 1));
	assert_false(load_has_room(&load, &parcel, 2));
	load_add(&load, 0, &parcel);
	assert_false(load_has_room(&load, &parcel, 1));
	load_open(&load, md, 0);
	load_settle(&load, md);
	assert_true(load_has_room(&load, &parcel, 1));
	free(data);
}

static void
a_segment_that_is_longer_than_that_is_cut(void **state)
{
	size_t len = 2 * (size_t)LOAD_SIZE;
	uint8_t *data = calloc(len, 1);
	struct md_parcel parcel = { .payload = bytes_of(data, len) };

	(void)state;
	assert_non_null(data);
	assert_false(load_has_room(&load, &parcel, 1));
	load_add(&load, 0, &parcel);
	load_open(&load, md, 0);
	free(data);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    events_come_in_order_of_frames_and_of_what_was_due, fresh,
		    gone),
		cmocka_unit_test_setup_teardown(
		    what_was_settled_is_gone_and_its_room_is_free, fresh, gone),
		cmocka_unit_test_setup_teardown(
		    an_empty_one_has_room_for_the_longest_segment_and_not_for_two,
		    fresh, gone),
		cmocka_unit_test_setup_teardown(
		    a_segment_that_is_longer_than_that_is_cut, fresh, gone),
	};

	return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
