/* SPDX-License-Identifier: ISC */
/* Capture files for the tests of capture/, and what comes of reading them. */
#ifndef MAILTLS_TESTS_FILES_H
#define MAILTLS_TESTS_FILES_H

#include "tests/kit.h"

#include "capture/source.h"

enum {
	IMAGE_MAX = 1 << 16,
	FRAME_LEN = 60,
	ETHERNET = 1,
	RAW = 101,
};

/* A file in the making. */
struct image {
	uint8_t bytes[IMAGE_MAX];
	size_t len;
};

/* A folder for one test, and what a source handed over there. */
struct place {
	char folder[64];
	struct image image, packed;
	struct source *source;
	char message[SOURCE_MESSAGE_MAX];
	unsigned frames;
	unsigned stop_after;
	struct source_frame last;
	uint8_t last_byte;
};

/* What a file holds: bytes, the header of a pcap file, one frame of FRAME_LEN
 * bytes `fill` in it; or all of a pcap file with frames a second apart, the
 * first filled with 0; or a pcapng file with a frame and two interfaces. */
void image_put(struct image *image, const void *data, size_t len);
void image_put32(struct image *image, uint32_t value);
void image_header(struct image *image, uint32_t magic, uint32_t link);
void image_frame(
    struct image *image, uint32_t s, uint32_t fraction, uint8_t fill);
void image_capture(struct image *image, uint32_t first_s, unsigned frames);
void image_pcapng(struct image *image, uint32_t link2, uint32_t snaplen2);

/* image_gzip and image_zstd append `from`, compressed, to `to`. */
void image_gzip(const struct image *from, struct image *to);
void image_zstd(const struct image *from, struct image *to);

/* place_set_up and place_tear_down make a folder, and a struct place in
 * `*state`, for one test. */
int place_set_up(void **state);
int place_tear_down(void **state);
#define PLACE_TEST(name)                                                       \
	cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)

/* place_path returns the path of `name` there, until the next call. */
const char *place_path(const struct place *place, const char *name);
void place_save(
    const struct place *place, const char *name, const struct image *image);

/* place_open opens `name`, and place_read reads `image` to its end; the
 * results are those of source_open and source_run. */
int place_open(struct place *place, const char *name, const char *filter);
int place_read(struct place *place, const struct image *image);
/* place_take is the hook: it counts frames and keeps the last one. */
void place_take(void *arg, const struct source_frame *frame);

void place_assert_says(const struct place *place, const char *part);
/* place_assert_three: the frames are those of image_capture(1000, 3), or the
 * first three of more. */
void place_assert_three(const struct place *place);

#endif
