/* SPDX-License-Identifier: ISC */
#include "capture/holdback.h"

#include <string.h>
#include <unistd.h>

#include "tests/files.h"

static struct save save;
static struct holdback holdback;

/* frame_of returns a frame of `len` bytes `fill`. */
static struct source_frame
frame_of(uint8_t fill, uint32_t len)
{
	static uint8_t data[HOLDBACK_LEN + 1];

	memset(data, fill, len);
	return (struct source_frame){ (1000 + fill) * INT64_C(1000000), data,
		len, len, ETHERNET };
}

static void
add(uint64_t number, uint8_t fill)
{
	const struct source_frame frame = frame_of(fill, FRAME_LEN);

	holdback_add(&holdback, number, &frame);
}

static void
begin(const struct place *place)
{
	assert_int_equal(
	    save_open(&save, place_path(place, "kept"), 0, ETHERNET), 0);
	assert_int_equal(holdback_open(&holdback), 0);
}

/* end closes all and reads what was saved. */
static void
end(struct place *place)
{
	holdback_close(&holdback);
	assert_int_equal(save_close(&save), 0);
	assert_int_equal(place_open(place, "kept", NULL), 0);
	assert_int_equal(
	    source_run(place->source, place_take, place, place->message), 0);
	unlink(place_path(place, "kept"));
}

static void
what_is_released_is_saved_once(void **state)
{
	struct place *place = *state;

	begin(place);
	for (uint8_t i = 0; i < 6; i++)
		add(i % 2 + 1, i);
	assert_int_equal(holdback_release(&holdback, 2, &save), 0);
	assert_int_equal(holdback_release(&holdback, 2, &save), 0);
	assert_int_equal(holdback_release(&holdback, 3, &save), 0);
	end(place);
	assert_int_equal(place->frames, 3);
	assert_int_equal(place->last_byte, 5);
	assert_int_equal(place->last.time_us, 1005 * INT64_C(1000000));
}

static void
of_too_many_the_latest_are_held(void **state)
{
	struct place *place = *state;

	begin(place);
	for (size_t i = 0; i < HOLDBACK_FRAMES + 10; i++)
		add(i < 20 ? 1 : 2, (uint8_t)i);
	assert_int_equal(holdback_release(&holdback, 1, &save), 0);
	end(place);
	assert_int_equal(place->frames, 10);
	assert_int_equal(place->last_byte, 19);
}

static void
a_frame_that_is_too_long_is_not_held(void **state)
{
	struct place *place = *state;
	struct source_frame frame = frame_of(1, HOLDBACK_LEN + 1);

	begin(place);
	holdback_add(&holdback, 1, &frame);
	frame.len = HOLDBACK_LEN;
	holdback_add(&holdback, 1, &frame);
	assert_int_equal(holdback_release(&holdback, 1, &save), 0);
	end(place);
	assert_int_equal(place->frames, 1);
}

static void
closed_it_holds_nothing(void **state)
{
	struct place *place = *state;

	begin(place);
	holdback_close(&holdback);
	add(1, 1);
	assert_int_equal(holdback_release(&holdback, 1, &save), 0);
	end(place);
	assert_int_equal(place->frames, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(what_is_released_is_saved_once),
		PLACE_TEST(of_too_many_the_latest_are_held),
		PLACE_TEST(a_frame_that_is_too_long_is_not_held),
		PLACE_TEST(closed_it_holds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
