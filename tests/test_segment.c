/* SPDX-License-Identifier: ISC */
#include "dissect/segment.h"

#include "tests/kit.h"

/* 40000 to 993, sequence 1, acknowledges 2, ACK and FIN, 4 bytes of options,
 * 3 of payload */
static const char good[] = "9c40 03e1 00000001 00000002 6011 ffff 0000 0000"
			   "01010101 616263";
static uint8_t wire[64];
static size_t wire_len;

static int
read_wire(void **state)
{
	(void)state;
	wire_len = hex(good, wire, sizeof(wire));
	return 0;
}

static void
fields_and_payload_are_found(void **state)
{
	struct segment segment;

	(void)state;
	assert_true(segment_read(bytes_of(wire, wire_len), 5, &segment));
	assert_int_equal(segment.port[0], 40000);
	assert_int_equal(segment.port[1], 993);
	assert_int_equal(segment.seq, 1);
	assert_int_equal(segment.ack, 2);
	assert_int_equal(segment.flags, TCP_ACK | TCP_FIN);
	assert_int_equal(segment.missing, 5);
	assert_int_equal(segment.payload.len, 3);
	assert_memory_equal(segment.payload.data, "abc", 3);
}

static void
judge(struct bytes mutant, size_t cut, void *arg)
{
	struct segment segment;

	(void)arg;
	if (cut < 24)
		assert_false(segment_read(mutant, 0, &segment));
	else if (segment_read(mutant, 0, &segment))
		assert_true(segment.payload.len <= mutant.len - 20);
}

static void
a_header_that_is_cut_or_lies_is_refused(void **state)
{
	struct segment segment;

	(void)state;
	mutate(wire, wire_len, judge, NULL);
	wire[12] = 0x40; /* a header of 16 bytes */
	assert_false(segment_read(bytes_of(wire, wire_len), 0, &segment));
	wire[12] = 0xf0; /* one of 60 */
	assert_false(segment_read(bytes_of(wire, wire_len), 0, &segment));
}

static void
sequence_numbers_wrap_around(void **state)
{
	(void)state;
	assert_true(sequence_before(1, 2));
	assert_false(sequence_before(2, 2));
	assert_true(sequence_before(0xffffffff, 0));
	assert_false(sequence_before(0, 0xffffffff));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(fields_and_payload_are_found, read_wire),
		cmocka_unit_test_setup(
		    a_header_that_is_cut_or_lies_is_refused, read_wire),
		cmocka_unit_test(sequence_numbers_wrap_around),
	};

	return cmocka_run_group_tests_name("segment", tests, NULL, NULL);
}
