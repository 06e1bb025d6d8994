/* SPDX-License-Identifier: ISC */
#include "tests/files.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/source_list.h"

static void
assert_listed(const struct source_list *list, size_t at, const char *name)
{
	const char *path = list->paths[at];
	size_t len = strlen(path), tail = strlen(name);

	assert_true(len >= tail);
	assert_string_equal(path + len - tail, name);
}

static void
a_list_is_in_the_order_of_first_packets(void **state)
{
	static const struct {
		const char *name;
		uint32_t first_s;
	} files[] = {
		{ "late", 3000 },
		{ "b", 2000 },
		{ "early", 1000 },
		{ "a", 2000 },
	};
	struct place *place = *state;
	struct source_list list = { 0 };

	assert_int_equal(source_list_add(&list, "-", place->message), 0);
	for (size_t i = 0; i < 4; i++) {
		image_capture(&place->image, files[i].first_s, 2);
		place_save(place, files[i].name, &place->image);
		assert_int_equal(
		    source_list_add(&list, place_path(place, files[i].name),
			place->message),
		    0);
	}
	place->image.len = 3;
	place_save(place, "broken", &place->image);
	assert_int_equal(
	    source_list_add(&list, place_path(place, "broken"), place->message),
	    0);
	source_list_sort(&list);
	assert_int_equal(list.count, 6);
	assert_int_equal(list.size, 4 * (24 + 2 * (16 + FRAME_LEN)) + 3);
	assert_listed(&list, 0, "/early");
	assert_listed(&list, 1, "/a");
	assert_listed(&list, 2, "/b");
	assert_listed(&list, 3, "/late");
	assert_listed(&list, 4, "/broken");
	assert_listed(&list, 5, "-");
	source_list_clear(&list);
	assert_int_equal(list.count, 0);
}

static void
a_folder_stands_for_the_captures_in_it(void **state)
{
	struct place *place = *state;
	struct source_list list = { 0 };

	assert_int_equal(mkdir(place_path(place, "sub"), 0700), 0);
	assert_int_equal(mkdir(place_path(place, ".hidden"), 0700), 0);
	image_capture(&place->image, 2000, 1);
	place_save(place, "two", &place->image);
	place_save(place, ".two", &place->image);
	place_save(place, ".hidden/two", &place->image);
	image_capture(&place->image, 1000, 1);
	image_gzip(&place->image, &place->packed);
	place_save(place, "sub/one.gz", &place->packed);
	image_pcapng(&place->image, ETHERNET, 65535);
	place_save(place, "sub/three", &place->image);
	place->image.len = 0;
	image_put(&place->image, "no capture", 10);
	place_save(place, "text", &place->image);
	assert_int_equal(symlink("two", place_path(place, "link")), 0);
	assert_int_equal(symlink("..", place_path(place, "sub/up")), 0);
	assert_int_equal(symlink("nowhere", place_path(place, "dangling")), 0);
	assert_int_equal(
	    source_list_add(&list, place->folder, place->message), 0);
	source_list_sort(&list);
	assert_int_equal(list.count, 4);
	assert_listed(&list, 0, "/sub/one.gz");
	assert_listed(&list, 1, "/link");
	assert_listed(&list, 2, "/two");
	assert_listed(&list, 3, "/sub/three");
	source_list_clear(&list);
}

static void
a_list_takes_nothing_that_is_not_there(void **state)
{
	struct place *place = *state;
	struct source_list list = { 0 };

	assert_int_equal(source_list_add(&list, place_path(place, "missing"),
			     place->message),
	    -ENOENT);
	place_assert_says(place, "No such file");
	assert_int_equal(
	    source_list_add(&list, place->folder, place->message), -ENOENT);
	place_assert_says(place, "no capture files in this folder");
	assert_int_equal(list.count, 0);
	source_list_sort(&list);
	source_list_clear(&list);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		PLACE_TEST(a_list_is_in_the_order_of_first_packets),
		PLACE_TEST(a_folder_stands_for_the_captures_in_it),
		PLACE_TEST(a_list_takes_nothing_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
