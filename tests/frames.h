/* SPDX-License-Identifier: ISC */
/* What the tests of link.c and frame.c share: frames, and rows of them. */
#ifndef MAILTLS_TESTS_FRAMES_H
#define MAILTLS_TESTS_FRAMES_H

#include <stdio.h>
#include <stdlib.h>

#include "dissect/frame.h"
#include "tests/kit.h"

/*
 * Frames are written as headers put one behind the other, in hexadecimal.
 * Most carry the same eight bytes: ports 1024 and 25, and four more.
 */
#define SRC4  "c0000201" /* 192.0.2.1 */
#define DST4  "c6336402" /* 198.51.100.2 */
#define SRC6  "20010db8 00000000 00000000 00000001"
#define DST6  "20010db8 00000000 00000000 00000002"
#define DATA  "0400 0019 01020304"
#define MAC_A "02005e00530a"
#define MAC_B "02005e00530b"
#define MAC_C "02005e00530c"
#define MAC_D "02005e00530d"
#define ETHER MAC_B MAC_A /* to B, from A */
#define SNAP  "aaaa03 000000"

/* IP headers by length (IPv4: with the header), flags and protocol. */
#define V4F(len, flags, protocol)                                              \
	"4500" len "abcd" flags "40" protocol "0000" SRC4 DST4
#define V4(len, protocol) V4F(len, "0000", protocol)
#define V6(len, protocol) "60000000" len protocol "40" SRC6 DST6
#define TCP4              V4("001c", "06") DATA
#define TCP6              V6("0008", "06") DATA

enum {
	FRAME_MAX = 512, /* bytes */
	ROWS_MAX = 128,
	PLAIN_MAX = 16,
	NULL_LINK = 0,
	ETHERNET = 1,
	PPP = 9,
	WLAN = 105,
	LOOP = 108,
	SLL = 113,
	RADIOTAP = 127,
	SLL2 = 276,
};

struct row {
	const char *name;
	int link;
	const char *frame;
	enum frame_kind kind;
	bool ipv6;
	uint8_t protocol;
	size_t missing;
	const char *payload;
};

#define IS4       FRAME_IP, false, IP_PROTO_TCP, 0, DATA
#define IS6       FRAME_IP, true, IP_PROTO_TCP, 0, DATA
#define NOT(kind) kind, false, 0, 0, ""

static struct bytes
read_hex(const char *digits, uint8_t *to)
{
	return bytes_of(to, hex(digits, to, FRAME_MAX));
}

static void
frame_is_read(void **state)
{
	const struct row *row = *state;
	uint8_t wire[FRAME_MAX], payload[FRAME_MAX];
	struct bytes frame = read_hex(row->frame, wire);
	struct bytes expected = read_hex(row->payload, payload);
	uint8_t *copy = exact_copy(frame.data, frame.len);
	struct packet p;

	assert_int_equal(
	    frame_read(row->link, bytes_of(copy, frame.len), &p), row->kind);
	assert_int_equal(
	    frame_link_known(row->link), row->kind != FRAME_LINK_UNKNOWN);
	if (row->kind == FRAME_IP) {
		assert_int_equal(p.ipv6, row->ipv6);
		assert_int_equal(p.protocol, row->protocol);
		assert_int_equal(p.missing, row->missing);
		assert_false(p.fragment);
	}
	if (row->kind == FRAME_IP || row->kind == FRAME_ARP)
		assert_true(bytes_equal(p.payload, expected));
	free(copy);
}

/* What is cut off is missing, or the frame is broken. */
static void
look_at_a_mutant(struct bytes mutant, size_t cut, void *arg)
{
	const struct row *row = arg;
	uint8_t wire[FRAME_MAX], payload[FRAME_MAX];
	struct bytes frame = read_hex(row->frame, wire);
	struct bytes expected = read_hex(row->payload, payload);
	struct packet p;
	enum frame_kind kind = frame_read(row->link, mutant, &p);

	if (kind == FRAME_IP || kind == FRAME_ARP)
		assert_true(p.payload.len <= mutant.len);
	if (kind == FRAME_IP && p.fragment)
		frame_resume(&p);
	if (kind != FRAME_IP || cut == frame.len || row->kind != FRAME_IP ||
	    strstr(row->name, "length_0") != NULL)
		return;
	assert_int_equal(
	    p.payload.len + p.missing, expected.len + row->missing);
	assert_memory_equal(p.payload.data, expected.data, p.payload.len);
}

static void
no_mutant_misleads(void **state)
{
	struct row *row = *state;
	uint8_t wire[FRAME_MAX];
	struct bytes frame = read_hex(row->frame, wire);

	mutate(frame.data, frame.len, look_at_a_mutant, row);
}

/* run_rows runs two tests for each of `count` rows, and the `plain` ones. */
static inline int
run_rows(const char *group, struct row *row, size_t count,
    const struct CMUnitTest *plain, size_t plain_count)
{
	static char names[ROWS_MAX][80];
	static struct CMUnitTest tests[2 * ROWS_MAX + PLAIN_MAX];
	struct CMUnitTest *next = tests;

	assert_true(count <= ROWS_MAX && plain_count <= PLAIN_MAX);
	for (size_t i = 0; i < count; i++) {
		snprintf(names[i], sizeof(names[i]), "no_mutant_misleads: %s",
		    row[i].name);
		*next++ = (struct CMUnitTest){ row[i].name, frame_is_read, NULL,
			NULL, &row[i] };
		*next++ = (struct CMUnitTest){ names[i], no_mutant_misleads,
			NULL, NULL, &row[i] };
	}
	for (size_t i = 0; i < plain_count; i++)
		*next++ = plain[i];
	return _cmocka_run_group_tests(
	    group, tests, (size_t)(next - tests), NULL, NULL);
}

#endif
