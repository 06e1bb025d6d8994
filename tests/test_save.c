/* SPDX-License-Identifier: ISC */
#include "capture/save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/files.h"

enum {
	LIMIT = 1 << 16,
	HEADERS = 24 + 16, /* of a file, and of its first frame */
};

static struct save save;

/* keep keeps a frame of FRAME_LEN bytes `fill`, seen `s` seconds after 1970. */
static int
keep(int64_t s, uint8_t fill)
{
	uint8_t data[FRAME_LEN];
	const struct source_frame frame = { s * 1000000 + 7, data, FRAME_LEN,
		FRAME_LEN + 5, ETHERNET };

	memset(data, fill, sizeof(data));
	return save_frame(&save, &frame);
}

/* read_back reads the file `name` to its end. */
static void
read_back(struct place *place, const char *name)
{
	source_close(place->source);
	place->source = NULL;
	place->frames = 0;
	assert_int_equal(place_open(place, name, NULL), 0);
	assert_int_equal(
	    source_run(place->source, place_take, place, place->message), 0);
}

static void
what_is_kept_can_be_read(void **state)
{
	struct place *place = *state;

	assert_int_equal(
	    save_open(&save, place_path(place, "kept"), 0, ETHERNET), 0);
	read_back(place, "kept");
	assert_int_equal(place->frames, 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(keep(1000 + i, (uint8_t)i), 0);
	assert_int_equal(save_flush(&save), 0);
	read_back(place, "kept");
	assert_int_equal(place->frames, 3);
	assert_int_equal(place->last.time_us, 1002000007);
	assert_int_equal(place->last.len, FRAME_LEN);
	assert_int_equal(place->last.wire_len, FRAME_LEN + 5);
	assert_int_equal(place->last_byte, 2);
	assert_int_equal(source_link(place->source), ETHERNET);
	assert_int_equal(save_close(&save), 0);
	unlink(place_path(place, "kept"));
}

static void
times_after_2038_are_kept(void **state)
{
	struct place *place = *state;

	assert_int_equal(
	    save_open(&save, place_path(place, "kept"), 0, ETHERNET), 0);
	assert_int_equal(keep(INT64_C(0xffffffff), 1), 0);
	assert_int_equal(save_close(&save), 0);
	read_back(place, "kept");
	assert_int_equal(
	    place->last.time_us, INT64_C(0xffffffff) * 1000000 + 7);
	unlink(place_path(place, "kept"));
}

static void
nobody_else_may_read_it(void **state)
{
	struct place *place = *state;
	struct stat status;

	umask(0);
	assert_int_equal(
	    save_open(&save, place_path(place, "kept"), LIMIT, ETHERNET), 0);
	assert_int_equal(stat(place_path(place, "kept"), &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(stat(place_path(place, "kept.1"), &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	save_close(&save);
	unlink(place_path(place, "kept"));
	unlink(place_path(place, "kept.1"));
}

static void
a_frame_of_another_link_is_left_out(void **state)
{
	struct place *place = *state;

	assert_int_equal(
	    save_open(&save, place_path(place, "kept"), 0, RAW), 0);
	assert_int_equal(keep(1000, 1), 0);
	assert_int_equal(save_close(&save), 0);
	read_back(place, "kept");
	assert_int_equal(place->frames, 0);
	unlink(place_path(place, "kept"));
}

static void
with_a_limit_two_files_take_turns(void **state)
{
	struct place *place = *state;
	const int64_t fit = (LIMIT - HEADERS) / (FRAME_LEN + 16);
	struct stat status;

	assert_int_equal(
	    save_open(&save, place_path(place, "kept"), LIMIT, ETHERNET), 0);
	for (int64_t i = 0; i < 3 * fit; i++)
		assert_int_equal(keep(i, 1), 0);
	assert_int_equal(save_flush(&save), 0);
	assert_int_equal(stat(place_path(place, "kept"), &status), 0);
	assert_in_range(status.st_size, 1, LIMIT);
	assert_int_equal(stat(place_path(place, "kept.1"), &status), 0);
	assert_in_range(status.st_size, LIMIT - 2 * (FRAME_LEN + 16), LIMIT);
	read_back(place, "kept");
	assert_int_equal(place->last.time_us, (3 * fit - 1) * 1000000 + 7);
	save_close(&save);
	unlink(place_path(place, "kept"));
	unlink(place_path(place, "kept.1"));
}

static void
a_new_start_writes_over_the_older_file(void **state)
{
	struct place *place = *state;
	const struct timespec times[2] = { { 1000, 0 }, { 1000, 0 } };
	int current;

	assert_int_equal(
	    save_open(&save, place_path(place, "kept"), LIMIT, ETHERNET), 0);
	assert_int_equal(save.current, 0);
	assert_int_equal(keep(1, 1), 0);
	save_close(&save);
	save_open(&save, place_path(place, "kept"), LIMIT, ETHERNET);
	assert_int_equal(save.current, 1); /* which is empty */
	assert_int_equal(keep(2, 2), 0);
	save_close(&save);
	utimensat(AT_FDCWD, place_path(place, "kept.1"), times, 0);
	save_open(&save, place_path(place, "kept"), LIMIT, ETHERNET);
	current = (int)save.current;
	save_close(&save);
	assert_int_equal(current, 1);
	read_back(place, "kept");
	assert_int_equal(place->frames, 1);
	unlink(place_path(place, "kept"));
	unlink(place_path(place, "kept.1"));
}

static void
what_was_moved_away_is_begun_anew(void **state)
{
	struct place *place = *state;
	char moved[256];

	snprintf(moved, sizeof(moved), "%s", place_path(place, "moved"));
	assert_int_equal(
	    save_open(&save, place_path(place, "kept"), 0, ETHERNET), 0);
	keep(1, 1);
	keep(2, 2);
	assert_int_equal(save_reopen(&save), 0); /* it is still there */
	read_back(place, "kept");
	assert_int_equal(place->frames, 2);
	assert_int_equal(rename(place_path(place, "kept"), moved), 0);
	assert_int_equal(save_reopen(&save), 0);
	keep(3, 3);
	assert_int_equal(save_close(&save), 0);
	read_back(place, "kept");
	assert_int_equal(place->frames, 1);
	assert_int_equal(place->last_byte, 3);
	read_back(place, "moved");
	assert_int_equal(place->frames, 2);
	unlink(place_path(place, "kept"));
	unlink(moved);
}

static void
what_can_not_be_opened_is_an_error(void **state)
{
	struct place *place = *state;
	char path[SAVE_PATH_MAX + 1];

	assert_int_equal(
	    save_open(&save, place_path(place, "no/such"), 0, ETHERNET),
	    -ENOENT);
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(save_open(&save, path, 0, ETHERNET), -ENAMETOOLONG);
	assert_int_equal(symlink("/dev/null", place_path(place, "link")), 0);
	assert_int_equal(
	    save_open(&save, place_path(place, "link"), 0, ETHERNET), -ELOOP);
	unlink(place_path(place, "link"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(what_is_kept_can_be_read),
		PLACE_TEST(times_after_2038_are_kept),
		PLACE_TEST(nobody_else_may_read_it),
		PLACE_TEST(a_frame_of_another_link_is_left_out),
		PLACE_TEST(with_a_limit_two_files_take_turns),
		PLACE_TEST(a_new_start_writes_over_the_older_file),
		PLACE_TEST(what_was_moved_away_is_begun_anew),
		PLACE_TEST(what_can_not_be_opened_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
