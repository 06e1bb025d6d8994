/* SPDX-License-Identifier: ISC */
#include "tests/files.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static void
gzip_is_taken_off(void **state)
{
	struct place *place = *state;

	image_capture(&place->image, 1000, 3);
	image_gzip(&place->image, &place->packed);
	assert_int_equal(place_read(place, &place->packed), 0);
	place_assert_three(place);
	assert_int_equal(source_size(place->source), place->packed.len);
	assert_int_equal(source_position(place->source), place->packed.len);
}

static void
zstd_is_taken_off(void **state)
{
	struct place *place = *state;

	image_capture(&place->image, 1000, 3);
	image_zstd(&place->image, &place->packed);
	assert_int_equal(place_read(place, &place->packed), 0);
	place_assert_three(place);
}

static void
one_in_the_other_is_taken_off(void **state)
{
	struct place *place = *state;

	image_capture(&place->image, 1000, 3);
	image_zstd(&place->image, &place->packed);
	place->image.len = 0;
	image_gzip(&place->packed, &place->image);
	assert_int_equal(place_read(place, &place->image), 0);
	place_assert_three(place);
}

static void
too_many_layers_are_refused(void **state)
{
	struct place *place = *state;

	image_capture(&place->image, 1000, 3);
	for (int i = 0; i < 2; i++) {
		place->packed.len = 0;
		image_gzip(&place->image, &place->packed);
		place->image.len = 0;
		image_zstd(&place->packed, &place->image);
	}
	place_save(place, "x", &place->image);
	assert_int_equal(place_open(place, "x", NULL), -ELOOP);
	assert_null(place->source);
	place_assert_says(place, "more than 3 times");
}

/* Files made by `cat a.gz b.gz`; what is no member is ignored, as gzip does. */
static void
members_and_frames_may_follow_each_other(void **state)
{
	struct place *place = *state;
	static struct image half;

	image_capture(&place->image, 1000, 3);
	half.len = 0;
	image_put(&half, place->image.bytes, 100);
	image_gzip(&half, &place->packed);
	half.len = 0;
	image_put(&half, place->image.bytes + 100, place->image.len - 100);
	image_gzip(&half, &place->packed);
	image_put(&place->packed, "\0\0\0\0trailing", 12);
	assert_int_equal(place_read(place, &place->packed), 0);
	place_assert_three(place);

	place->packed.len = 0;
	half.len = 0;
	image_put(&half, place->image.bytes, 100);
	image_zstd(&half, &place->packed);
	half.len = 0;
	image_put(&half, place->image.bytes + 100, place->image.len - 100);
	image_zstd(&half, &place->packed);
	assert_int_equal(place_read(place, &place->packed), 0);
	place_assert_three(place);
}

/* More than one buffer of every size that there is on the way. */
static void
large_files_come_through_compression(void **state)
{
	static void (*const pack[])(const struct image *, struct image *) = {
		image_gzip,
		image_zstd,
	};
	struct place *place = *state;
	unsigned count = (IMAGE_MAX - 24) / (FRAME_LEN + 16);

	image_capture(&place->image, 1000, count);
	for (int i = 0; i < 2; i++) {
		FILE *file;

		place->packed.len = 0;
		pack[i](&place->image, &place->packed);
		place_save(place, "x", &place->packed);
		place->image.len = 0;
		for (unsigned j = 0; j < count; j++)
			image_frame(&place->image, j, j, (uint8_t)j);
		place->packed.len = 0;
		pack[i](&place->image, &place->packed);
		file = fopen(place_path(place, "x"), "ab");
		assert_non_null(file);
		for (int j = 0; j < 40; j++)
			fwrite(place->packed.bytes, 1, place->packed.len, file);
		assert_int_equal(fclose(file), 0);
		assert_int_equal(place_open(place, "x", NULL), 0);
		assert_int_equal(source_run(place->source, place_take, place,
				     place->message),
		    0);
		assert_int_equal(place->frames, 41 * count);
		image_capture(&place->image, 1000, count);
	}
}

static void
every_cut_of_a_compressed_file_is_told(void **state)
{
	struct place *place = *state;

	image_capture(&place->image, 1000, 3);
	image_gzip(&place->image, &place->packed);
	for (size_t len = place->packed.len - 1; len > 3; len--) {
		place->packed.len = len;
		place_save(place, "x", &place->packed);
		if (place_open(place, "x", NULL) == 0)
			assert_int_equal(source_run(place->source, place_take,
					     place, place->message),
			    -ENODATA);
		place_assert_says(place, "cut inside its gzip compression");
	}
	place->packed.len = 0;
	image_zstd(&place->image, &place->packed);
	for (size_t len = place->packed.len - 1; len > 4; len--) {
		place->packed.len = len;
		place_save(place, "x", &place->packed);
		if (place_open(place, "x", NULL) == 0)
			assert_int_equal(source_run(place->source, place_take,
					     place, place->message),
			    -ENODATA);
		place_assert_says(place, "cut inside its zstd compression");
	}
}

static void
damaged_compression_is_told(void **state)
{
	struct place *place = *state;

	image_capture(&place->image, 1000, 3);
	image_gzip(&place->image, &place->packed);
	place->packed.bytes[place->packed.len - 8] ^= 1; /* CRC-32 */
	assert_int_equal(place_read(place, &place->packed), -EBADMSG);
	place_assert_says(place, "damaged gzip compression after 3 packets");
	place_assert_three(place);
}

static void
standard_input_is_read_compressed_or_not(void **state)
{
	struct place *place = *state;
	int saved = dup(STDIN_FILENO);

	image_capture(&place->image, 1000, 3);
	image_gzip(&place->image, &place->packed);
	for (int i = 0; i < 2; i++) {
		const struct image *image =
		    i == 0 ? &place->image : &place->packed;
		int ends[2];

		assert_int_equal(pipe(ends), 0);
		assert_int_equal(
		    write(ends[1], image->bytes, image->len), image->len);
		close(ends[1]);
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		source_close(place->source);
		place->frames = 0;
		assert_int_equal(
		    source_open("-", NULL, &place->source, place->message), 0);
		assert_int_equal(source_size(place->source), 0);
		assert_int_equal(source_run(place->source, place_take, place,
				     place->message),
		    0);
		place_assert_three(place);
	}
	dup2(saved, STDIN_FILENO);
	close(saved);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		PLACE_TEST(gzip_is_taken_off),
		PLACE_TEST(zstd_is_taken_off),
		PLACE_TEST(one_in_the_other_is_taken_off),
		PLACE_TEST(too_many_layers_are_refused),
		PLACE_TEST(members_and_frames_may_follow_each_other),
		PLACE_TEST(large_files_come_through_compression),
		PLACE_TEST(every_cut_of_a_compressed_file_is_told),
		PLACE_TEST(damaged_compression_is_told),
		PLACE_TEST(standard_input_is_read_compressed_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
