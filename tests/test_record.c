/* SPDX-License-Identifier: ISC */
#include "dissect/record.h"

#include <stdlib.h>
#include <string.h>

#include "tests/kit.h"

/* A ChangeCipherSpec, an empty record, an alert, and application data. */
static const char four[] =
    "14 0303 0001 01  17 0301 0000  15 0300 0002 0246  17 0304 0003 aabbcc";

enum {
	FOUR_LEN = 6 + 5 + 7 + 8
};

/* What came out, put together again. */
struct sum {
	size_t records;
	uint8_t types[8];
	uint16_t versions[8];
	size_t lens[8];
	uint8_t body[64];
	size_t body_len;
	bool open; /* in a record */
};

static void
add(struct sum *sum, const struct record *record)
{
	assert_int_equal(record->first, !sum->open);
	if (record->first) {
		assert_true(sum->records < 8);
		sum->types[sum->records] = record->type;
		sum->versions[sum->records] = record->version;
		sum->lens[sum->records] = record->len;
	}
	assert_true(bytes_ok(record->piece));
	sum->body_len += bytes_copy(record->piece, sum->body + sum->body_len,
	    sizeof(sum->body) - sum->body_len);
	sum->open = !record->last;
	sum->records += record->last;
}

static enum progress
read_all(struct record_reader *r, struct bytes data, struct sum *sum)
{
	struct record record;
	enum progress got;

	while ((got = record_next(r, &data, &record)) == DONE)
		add(sum, &record);
	if (got == MORE)
		assert_int_equal(data.len, 0);
	return got;
}

static void
check_four(const struct sum *sum)
{
	static const uint8_t types[] = { 20, 23, 21, 23 };
	static const uint16_t versions[] = { 0x303, 0x301, 0x300, 0x304 };
	static const size_t lens[] = { 1, 0, 2, 3 };
	static const uint8_t body[] = { 1, 2, 0x46, 0xaa, 0xbb, 0xcc };

	assert_int_equal(sum->records, 4);
	assert_memory_equal(sum->types, types, sizeof(types));
	assert_memory_equal(sum->versions, versions, sizeof(versions));
	assert_memory_equal(sum->lens, lens, sizeof(lens));
	assert_int_equal(sum->body_len, sizeof(body));
	assert_memory_equal(sum->body, body, sizeof(body));
	assert_false(sum->open);
}

static void
records_come_out_the_same_however_they_are_cut(void **state)
{
	uint8_t wire[FOUR_LEN];

	(void)state;
	assert_int_equal(hex(four, wire, sizeof(wire)), FOUR_LEN);
	for (size_t step = 1; step <= FOUR_LEN; step++) {
		struct record_reader r = { 0 };
		struct sum sum = { 0 };

		for (size_t at = 0; at < FOUR_LEN; at += step) {
			size_t n = FOUR_LEN - at < step ? FOUR_LEN - at : step;
			uint8_t *copy = exact_copy(wire + at, n);

			assert_int_equal(
			    read_all(&r, bytes_of(copy, n), &sum), MORE);
			free(copy);
		}
		check_four(&sum);
	}
}

static void
a_body_is_given_out_as_it_comes(void **state)
{
	struct record_reader r = { 0 };
	struct record record;
	struct bytes data = bytes_of("\x17\x03\x03\x00\x03"
				     "a",
	    6);

	(void)state;
	assert_int_equal(record_next(&r, &data, &record), DONE);
	assert_true(record.first && !record.last);
	assert_int_equal(record.piece.len, 1);
	assert_int_equal(record.len, 3);
	assert_int_equal(record_next(&r, &data, &record), MORE);
	data = bytes_of("bcX", 3);
	assert_int_equal(record_next(&r, &data, &record), DONE);
	assert_true(!record.first && record.last);
	assert_memory_equal(record.piece.data, "bc", 2);
	assert_int_equal(record.type, RECORD_APPLICATION_DATA);
	assert_int_equal(record.version, 0x0303);
	assert_int_equal(data.len, 1);
}

static void
an_empty_body_gives_one_empty_piece(void **state)
{
	struct record_reader r = { 0 };
	struct record record;
	struct bytes data = bytes_of("\x17\x03\x03\x00\x00", 5);

	(void)state;
	assert_int_equal(record_next(&r, &data, &record), DONE);
	assert_true(record.first && record.last);
	assert_int_equal(record.piece.len, 0);
	assert_true(bytes_ok(record.piece));
	assert_int_equal(record_next(&r, &data, &record), MORE);
}

static void
what_is_no_record_is_bad_for_good(void **state)
{
	static const char *const bad[] = { "13 0303 0001", "19 0303 0001",
		"17 0203 0001", "17 0305 0001", "17 0403 0001", "17 0303 4801",
		"32 3230 206d" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct record_reader r = { 0 };
		struct record record;
		uint8_t wire[8];
		size_t len = hex(bad[i], wire, sizeof(wire));
		struct bytes data = bytes_of(wire, len);
		struct bytes good = bytes_of("\x17\x03\x03\x00\x00", 5);

		assert_int_equal(record_next(&r, &data, &record), BAD);
		assert_int_equal(record_next(&r, &good, &record), BAD);
		assert_int_equal(record_next(&r, &good, &record), BAD);
	}
}

static void
the_longest_record_is_one_byte_shorter_than_a_bad_one(void **state)
{
	struct record_reader r = { 0 };
	struct record record;
	struct bytes data = bytes_of("\x17\x03\x03\x48\x00"
				     "a",
	    6);

	(void)state;
	assert_int_equal(record_next(&r, &data, &record), DONE);
	assert_int_equal(record.len, RECORD_LEN_MAX);
}

static void
survives(struct bytes mutant, size_t cut, void *arg)
{
	struct record_reader r = { 0 };
	struct sum sum = { 0 };
	enum progress got = read_all(&r, mutant, &sum);

	(void)arg;
	if (cut < FOUR_LEN) {
		assert_int_equal(got, MORE);
		assert_true(sum.records < 4);
	}
}

static void
damaged_records_are_survived(void **state)
{
	uint8_t wire[FOUR_LEN];

	(void)state;
	hex(four, wire, sizeof(wire));
	mutate(wire, sizeof(wire), survives, NULL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    records_come_out_the_same_however_they_are_cut),
		cmocka_unit_test(a_body_is_given_out_as_it_comes),
		cmocka_unit_test(an_empty_body_gives_one_empty_piece),
		cmocka_unit_test(what_is_no_record_is_bad_for_good),
		cmocka_unit_test(
		    the_longest_record_is_one_byte_shorter_than_a_bad_one),
		cmocka_unit_test(damaged_records_are_survived),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
