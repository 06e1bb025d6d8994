/* SPDX-License-Identifier: ISC */
#include "report/shelf.h"

#include <string.h>

#include "tests/kit.h"

enum {
	SIZE = 8,
};

static uint16_t
touch(struct shelf *shelf, unsigned number, bool *fresh)
{
	uint8_t key[SHELF_KEY_MAX] = { (uint8_t)number,
		(uint8_t)(number >> 8) };

	return shelf_touch(shelf, key, fresh);
}

static uint16_t
find(const struct shelf *shelf, unsigned number)
{
	uint8_t key[SHELF_KEY_MAX] = { (uint8_t)number,
		(uint8_t)(number >> 8) };

	return shelf_find(shelf, key);
}

static void
a_key_keeps_its_place(void **state)
{
	struct shelf shelf;
	bool fresh;

	(void)state;
	shelf_init(&shelf, SIZE, 42);
	assert_int_equal(find(&shelf, 7), 0);
	for (unsigned i = 1; i <= SIZE; i++) {
		assert_int_equal(touch(&shelf, i, &fresh), i);
		assert_true(fresh);
	}
	for (unsigned i = SIZE; i >= 1; i--) {
		assert_int_equal(touch(&shelf, i, &fresh), i);
		assert_false(fresh);
		assert_int_equal(find(&shelf, i), i);
	}
	assert_int_equal(shelf.forgotten, 0);
	shelf_clear(&shelf);
}

static void
the_key_touched_least_recently_makes_room(void **state)
{
	struct shelf shelf;
	bool fresh;

	(void)state;
	shelf_init(&shelf, SIZE, 42);
	for (unsigned i = 1; i <= SIZE; i++)
		touch(&shelf, i, &fresh);
	touch(&shelf, 1, &fresh);
	/* 2 is the oldest now. */
	assert_int_equal(touch(&shelf, 100, &fresh), 2);
	assert_true(fresh);
	assert_int_equal(find(&shelf, 2), 0);
	assert_int_equal(find(&shelf, 1), 1);
	assert_int_equal(find(&shelf, 100), 2);
	assert_int_equal(shelf.forgotten, 1);
	/* To look is not to touch. */
	assert_int_equal(touch(&shelf, 101, &fresh), 3);
	shelf_clear(&shelf);
	shelf_clear(&shelf);
}

/* The same as a list does it, for any order of keys and any seed. */
static void
it_agrees_with_a_list(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (unsigned round = 0; round < 20; round++) {
		unsigned list[SIZE], count = 0;
		struct shelf shelf;
		bool fresh;

		shelf_init(&shelf, SIZE, random_next(&seed));
		for (unsigned step = 0; step < 500; step++) {
			unsigned key = 1 + (unsigned)(random_next(&seed) % 14);
			unsigned at = 0;

			while (at < count && list[at] != key)
				at++;
			touch(&shelf, key, &fresh);
			assert_int_equal(fresh, at == count);
			if (at == count && count < SIZE)
				count++;
			if (at == SIZE)
				at = SIZE - 1;
			memmove(list + 1, list, at * sizeof(*list));
			list[0] = key;
			for (unsigned i = 0; i < count; i++)
				assert_int_not_equal(find(&shelf, list[i]), 0);
		}
		shelf_clear(&shelf);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_keeps_its_place),
		cmocka_unit_test(the_key_touched_least_recently_makes_room),
		cmocka_unit_test(it_agrees_with_a_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
