/* SPDX-License-Identifier: ISC */
#include "tests/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum {
	PATH_LEN = 256,
};

/* --- capture files --------------------------------------------------------- */

void
image_put(struct image *image, const void *data, size_t len)
{
	assert_true(image->len + len <= sizeof(image->bytes));
	memcpy(image->bytes + image->len, data, len);
	image->len += len;
}

void
image_put32(struct image *image, uint32_t value)
{
	const uint8_t bytes[4] = { (uint8_t)value, (uint8_t)(value >> 8),
		(uint8_t)(value >> 16), (uint8_t)(value >> 24) };

	image_put(image, bytes, sizeof(bytes));
}

void
image_header(struct image *image, uint32_t magic, uint32_t link)
{
	image_put32(image, magic);
	image_put32(image, 2 | 4 << 16); /* version 2.4 */
	image_put32(image, 0);
	image_put32(image, 0);
	image_put32(image, 65535);
	image_put32(image, link);
}

/* put_frame adds a packet whose bytes are all `fill`. */
void
image_frame(struct image *image, uint32_t s, uint32_t fraction, uint8_t fill)
{
	uint8_t frame[FRAME_LEN];

	memset(frame, fill, sizeof(frame));
	image_put32(image, s);
	image_put32(image, fraction);
	image_put32(image, sizeof(frame));
	image_put32(image, 1500);
	image_put(image, frame, sizeof(frame));
}

void
image_capture(struct image *image, uint32_t first_s, unsigned frames)
{
	image->len = 0;
	image_header(image, 0xa1b2c3d4, ETHERNET);
	for (unsigned i = 0; i < frames; i++)
		image_frame(image, first_s + i, 250000, (uint8_t)i);
}

static void
put_block(struct image *image, uint32_t type, const struct image *body)
{
	uint32_t len = (uint32_t)body->len + 12;

	image_put32(image, type);
	image_put32(image, len);
	image_put(image, body->bytes, body->len);
	image_put32(image, len);
}

static void
put_interface(struct image *image, uint32_t link, uint32_t snaplen)
{
	static struct image body;

	body.len = 0;
	image_put32(&body, link);
	image_put32(&body, snaplen);
	put_block(image, 1, &body);
}

/* make_pcapng makes a section of two interfaces and a frame of the first. */
void
image_pcapng(struct image *image, uint32_t link2, uint32_t snaplen2)
{
	static struct image body;

	image->len = 0;
	body.len = 0;
	image_put32(&body, 0x1a2b3c4d);
	image_put32(&body, 1); /* version 1.0 */
	image_put32(&body, 0xffffffff);
	image_put32(&body, 0xffffffff);
	put_block(image, 0x0a0d0d0a, &body);
	put_interface(image, ETHERNET, 65535);
	put_interface(image, link2, snaplen2);
	body.len = 0;
	image_put32(&body, 0); /* interface */
	image_put32(&body, 0x0005f000);
	image_put32(&body, 7);
	image_put32(&body, 4);
	image_put32(&body, 4);
	image_put32(&body, 0x01020304);
	put_block(image, 6, &body);
}

void
image_gzip(const struct image *from, struct image *to)
{
	z_stream z = { 0 };

	assert_int_equal(
	    deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
	    Z_OK);
	z.next_in = (z_const Bytef *)(uintptr_t)from->bytes;
	z.avail_in = (uInt)from->len;
	z.next_out = to->bytes + to->len;
	z.avail_out = (uInt)(sizeof(to->bytes) - to->len);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	to->len = sizeof(to->bytes) - z.avail_out;
	deflateEnd(&z);
}

void
image_zstd(const struct image *from, struct image *to)
{
	size_t len = ZSTD_compress(to->bytes + to->len,
	    sizeof(to->bytes) - to->len, from->bytes, from->len, 3);

	assert_false(ZSTD_isError(len));
	to->len += len;
}

/* --- a folder for one test ------------------------------------------------- */

const char *
place_path(const struct place *place, const char *name)
{
	static char path[PATH_LEN];

	snprintf(path, sizeof(path), "%s/%s", place->folder, name);
	return path;
}

void
place_save(
    const struct place *place, const char *name, const struct image *image)
{
	FILE *file = fopen(place_path(place, name), "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(image->bytes, 1, image->len, file), image->len);
	assert_int_equal(fclose(file), 0);
}

int
place_set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	snprintf(place->folder, sizeof(place->folder), "test_source.XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	*state = place;
	return 0;
}

int
place_tear_down(void **state)
{
	struct place *place = *state;
	char command[PATH_LEN];

	source_close(place->source);
	snprintf(command, sizeof(command), "rm -rf '%s'", place->folder);
	assert_int_equal(system(command), 0);
	free(place);
	return 0;
}

void
place_take(void *arg, const struct source_frame *frame)
{
	struct place *place = arg;

	place->frames++;
	place->last = *frame;
	place->last_byte = frame->data[frame->len - 1];
	if (place->frames == place->stop_after)
		source_stop(place->source);
}

int
place_open(struct place *place, const char *name, const char *filter)
{
	source_close(place->source);
	place->frames = 0;
	return source_open(
	    place_path(place, name), filter, &place->source, place->message);
}

/* read_image saves `image` and reads it to its end. */
int
place_read(struct place *place, const struct image *image)
{
	place_save(place, "x", image);
	assert_int_equal(place_open(place, "x", NULL), 0);
	return source_run(place->source, place_take, place, place->message);
}

void
place_assert_says(const struct place *place, const char *part)
{
	if (strstr(place->message, part) == NULL)
		fail_msg("it says: %s", place->message);
}

void
place_assert_three(const struct place *place)
{
	assert_int_equal(place->frames, 3);
	assert_int_equal(place->last.time_us, INT64_C(1002250000));
	assert_int_equal(place->last.len, FRAME_LEN);
	assert_int_equal(place->last.wire_len, 1500);
	assert_int_equal(place->last.link, ETHERNET);
	assert_int_equal(place->last_byte, 2);
}
