/* SPDX-License-Identifier: ISC */
#include "tests/files.h"

#include <errno.h>
#include <string.h>

static void
frames_come_with_time_and_both_lengths(void **state)
{
	struct place *place = *state;

	image_capture(&place->image, 1000, 3);
	assert_int_equal(place_read(place, &place->image), 0);
	place_assert_three(place);
	assert_int_equal(source_link(place->source), ETHERNET);
	assert_int_equal(source_size(place->source), place->image.len);
	assert_int_equal(source_position(place->source), place->image.len);
}

static void
nanoseconds_become_microseconds(void **state)
{
	struct place *place = *state;

	image_header(&place->image, 0xa1b23c4d, ETHERNET);
	image_frame(&place->image, 5, 999999999, 1);
	assert_int_equal(place_read(place, &place->image), 0);
	assert_int_equal(place->last.time_us, 5999999);
}

static void
the_modified_format_is_read(void **state)
{
	struct place *place = *state;
	uint8_t frame[FRAME_LEN] = { 0 };

	image_header(&place->image, 0xa1b2cd34, ETHERNET);
	image_put32(&place->image, 5);
	image_put32(&place->image, 6);
	image_put32(&place->image, sizeof(frame));
	image_put32(&place->image, sizeof(frame));
	image_put32(&place->image, 3); /* interface index */
	image_put32(&place->image, 0); /* protocol, packet type, padding */
	image_put(&place->image, frame, sizeof(frame));
	assert_int_equal(place_read(place, &place->image), 0);
	assert_int_equal(place->frames, 1);
	assert_int_equal(place->last.len, FRAME_LEN);
}

static void
pcapng_is_read(void **state)
{
	struct place *place = *state;

	image_pcapng(&place->image, ETHERNET, 65535);
	assert_int_equal(place_read(place, &place->image), 0);
	assert_int_equal(place->frames, 1);
	assert_int_equal(place->last.len, 4);
	assert_int_equal(place->last.time_us, (INT64_C(0x0005f000) << 32) + 7);
}

static void
times_that_can_not_be_are_brought_into_range(void **state)
{
	struct place *place = *state;
	static struct image *image;

	image = &place->image;
	image_header(image, 0xa1b2c3d4, ETHERNET);
	image_frame(image, 0xffffffff, 0, 1);
	assert_int_equal(place_read(place, image), 0);
	assert_int_equal(
	    place->last.time_us, INT64_C(0xffffffff) * 1000000); /* 2106 */
	image_frame(image, 7, 0xffffffff, 1);
	assert_int_equal(place_read(place, image), 0);
	assert_int_equal(place->last.time_us, 7000000);
}

static void
far_times_of_pcapng_end_with_the_year_9999(void **state)
{
	struct place *place = *state;

	image_pcapng(&place->image, ETHERNET, 65535);
	/* The high word of the time: after two headers and the index. */
	memset(place->image.bytes + 28 + 20 + 20 + 12, 0xff, 4);
	assert_int_equal(place_read(place, &place->image), 0);
	assert_true(place->last.time_us >= 0);
	assert_true(place->last.time_us < INT64_C(253402300800000000));
}

static void
a_captured_length_over_the_wire_length_is_both(void **state)
{
	struct place *place = *state;

	image_capture(&place->image, 1, 1);
	place->image.bytes[24 + 12] = 1; /* of 1,500, little-endian */
	place->image.bytes[24 + 13] = 0;
	assert_int_equal(place_read(place, &place->image), 0);
	assert_int_equal(place->last.len, FRAME_LEN);
	assert_int_equal(place->last.wire_len, FRAME_LEN);
}

static void
a_file_cut_inside_a_packet_is_read_up_to_there(void **state)
{
	struct place *place = *state;

	image_capture(&place->image, 1000, 4);
	place->image.len -= 1;
	assert_int_equal(place_read(place, &place->image), -ENODATA);
	place_assert_says(place, "cut inside a packet after 3 packets");
	place_assert_three(place);
	place->image.len -= FRAME_LEN; /* inside the packet's header */
	assert_int_equal(place_read(place, &place->image), -ENODATA);
	place_assert_three(place);
}

static void
a_packet_over_the_limit_ends_the_reading(void **state)
{
	struct place *place = *state;

	image_capture(&place->image, 1000, 4);
	memset(place->image.bytes + 24 + 3 * (16 + FRAME_LEN) + 8, 0xff, 4);
	assert_int_equal(place_read(place, &place->image), -EBADMSG);
	place_assert_says(place, "invalid packet capture length");
	place_assert_says(place, "packets read before: 3");
	place_assert_three(place);
}

static void
a_file_cut_inside_its_header_is_told(void **state)
{
	struct place *place = *state;

	image_capture(&place->image, 1000, 1);
	for (size_t len = 4; len < 24; len++) {
		place->image.len = len;
		place_save(place, "x", &place->image);
		assert_int_equal(place_open(place, "x", NULL), -EBADMSG);
		place_assert_says(place, "cut inside its header");
	}
}

static void
a_capture_without_packets_is_well(void **state)
{
	struct place *place = *state;

	image_capture(&place->image, 1000, 0);
	assert_int_equal(place_read(place, &place->image), 0);
	assert_int_equal(place->frames, 0);
}

static void
what_is_no_capture_is_told(void **state)
{
	struct place *place = *state;

	place_save(place, "x", &place->image);
	assert_int_equal(place_open(place, "x", NULL), -EBADMSG);
	place_assert_says(place, "empty");
	image_put(&place->image, "Received: from", 14);
	place_save(place, "x", &place->image);
	assert_int_equal(place_open(place, "x", NULL), -EBADMSG);
	place_assert_says(place, "text");
	place->image.bytes[5] = 0;
	place_save(place, "x", &place->image);
	assert_int_equal(place_open(place, "x", NULL), -EBADMSG);
	place_assert_says(place, "no capture file");
	assert_null(strstr(place->message, "text"));
	assert_int_equal(place_open(place, "missing", NULL), -ENOENT);
	place_assert_says(place, "No such file");
	assert_int_equal(place_open(place, ".", NULL), -EISDIR);
	place_assert_says(place, "folder");
	assert_null(place->source);
}

static void
mixed_interfaces_are_told_with_the_way_out(void **state)
{
	struct place *place = *state;

	image_pcapng(&place->image, RAW, 65535);
	assert_int_equal(place_read(place, &place->image), -EBADMSG);
	place_assert_says(place, "different link types");
	place_assert_says(place, "frame.interface_id == 0");
	image_pcapng(&place->image, ETHERNET, 262144);
	assert_int_equal(place_read(place, &place->image), -EBADMSG);
	place_assert_says(place, "different snapshot lengths");
	place_assert_says(place, "editcap -F pcap IN OUT.pcap");
}

static void
a_filter_lets_through_what_matches(void **state)
{
	struct place *place = *state;

	image_capture(&place->image, 1000, 3);
	place_save(place, "x", &place->image);
	assert_int_equal(place_open(place, "x", "ether[0] = 1"), 0);
	assert_int_equal(
	    source_run(place->source, place_take, place, place->message), 0);
	assert_int_equal(place->frames, 1);
	assert_int_equal(place->last_byte, 1);
}

static void
a_wrong_filter_is_wrong_usage(void **state)
{
	struct place *place = *state;

	image_capture(&place->image, 1000, 3);
	place_save(place, "x", &place->image);
	assert_int_equal(place_open(place, "x", "port imap4 or"), -EINVAL);
	place_assert_says(place, "filter 'port imap4 or'");
	assert_null(place->source);
}

static void
reading_can_be_stopped(void **state)
{
	struct place *place = *state;

	image_capture(&place->image, 1000, 5);
	place->stop_after = 3;
	assert_int_equal(place_read(place, &place->image), 0);
	place_assert_three(place);
}

static void
link_types_have_names(void **state)
{
	(void)state;
	assert_string_equal(source_link_name(ETHERNET), "Ethernet");
	assert_string_equal(source_link_name(99999), "unknown");
	assert_non_null(strstr(source_library(), "libpcap"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		PLACE_TEST(frames_come_with_time_and_both_lengths),
		PLACE_TEST(nanoseconds_become_microseconds),
		PLACE_TEST(the_modified_format_is_read),
		PLACE_TEST(pcapng_is_read),
		PLACE_TEST(times_that_can_not_be_are_brought_into_range),
		PLACE_TEST(far_times_of_pcapng_end_with_the_year_9999),
		PLACE_TEST(a_captured_length_over_the_wire_length_is_both),
		PLACE_TEST(a_file_cut_inside_a_packet_is_read_up_to_there),
		PLACE_TEST(a_packet_over_the_limit_ends_the_reading),
		PLACE_TEST(a_file_cut_inside_its_header_is_told),
		PLACE_TEST(a_capture_without_packets_is_well),
		PLACE_TEST(what_is_no_capture_is_told),
		PLACE_TEST(mixed_interfaces_are_told_with_the_way_out),
		PLACE_TEST(a_filter_lets_through_what_matches),
		PLACE_TEST(a_wrong_filter_is_wrong_usage),
		PLACE_TEST(reading_can_be_stopped),
		PLACE_TEST(link_types_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
