/* SPDX-License-Identifier: ISC */
#include "dissect/sniff.h"

#include <stdlib.h>
#include <string.h>

#include "tests/kit.h"

/* What a head of one side begins, and how many bytes it takes to tell. */
struct head {
	const char *digits;
	enum side side;
	enum sniff is;
	size_t decided; /* with one byte less, the answer is SNIFF_MORE */
};

#define REST " 00000000 00000000 00000000 00000000"

/* clang-format off */
static const struct head heads[] = {
	/* ClientHello; record versions 3.0 to 3.4 */
	{ "16 0301 0200 01 0001fc 0303" REST, CLIENT, SNIFF_TLS, 9 },
	{ "16 0300 002d 01 000029 0300" REST, CLIENT, SNIFF_TLS, 9 },
	{ "16 0304 4800 01 0001fc 0303" REST, CLIENT, SNIFF_TLS, 9 },
	/* cut into records of 1, 2 and 3 bytes */
	{ "16 0301 0001 01 16 0301 0001 00" REST, CLIENT, SNIFF_TLS, 6 },
	{ "16 0301 0002 0100 16 0301 0001" REST, CLIENT, SNIFF_TLS, 6 },
	{ "16 0301 0003 010000 16 0301" REST, CLIENT, SNIFF_TLS, 6 },
	{ "16 0301 0004 01000200 16 03" REST, CLIENT, SNIFF_TLS, 9 },
	/* a ClientHello of no plausible length is something encrypted */
	{ "16 0301 0200 01 000021 0303" REST, CLIENT, SNIFF_TLS_MIDDLE, 9 },
	{ "16 0301 0200 01 020145 0303" REST, CLIENT, SNIFF_TLS_MIDDLE, 9 },
	/* ServerHello, HelloRequest */
	{ "16 0303 007a 02 000076 0303" REST, SERVER, SNIFF_TLS, 9 },
	{ "16 0303 0001 02 16 0303 0001" REST, SERVER, SNIFF_TLS, 6 },
	{ "16 0303 0004 00 000000" REST, SERVER, SNIFF_TLS, 9 },
	{ "16 0303 0004 00 000001" REST, SERVER, SNIFF_TLS_MIDDLE, 9 },
	{ "16 0303 007a 02 000010 0303" REST, SERVER, SNIFF_TLS_MIDDLE, 9 },
	/* the hello of the other side */
	{ "16 0301 0200 01 0001fc 0303" REST, SERVER, SNIFF_TLS_MIDDLE, 9 },
	{ "16 0303 007a 02 000076 0303" REST, CLIENT, SNIFF_TLS_MIDDLE, 9 },
	{ "16 0303 0004 00 000000" REST, CLIENT, SNIFF_TLS_MIDDLE, 9 },
	/* alerts, in the clear and encrypted */
	{ "15 0301 0002 02 46" REST, SERVER, SNIFF_TLS, 6 },
	{ "15 0303 0002 01 00" REST, CLIENT, SNIFF_TLS, 6 },
	{ "15 0303 0002 03 00" REST, CLIENT, SNIFF_NOTHING, 6 },
	{ "15 0303 001a 83 00" REST, CLIENT, SNIFF_TLS_MIDDLE, 5 },
	/* the middle of a connection */
	{ "17 0303 0123 01 000000" REST, CLIENT, SNIFF_TLS_MIDDLE, 5 },
	{ "17 0303 0123 01 000000" REST, SERVER, SNIFF_TLS_MIDDLE, 5 },
	{ "14 0303 0001 01 160303" REST, CLIENT, SNIFF_TLS_MIDDLE, 5 },
	{ "18 0303 0013 01 160303" REST, CLIENT, SNIFF_TLS_MIDDLE, 5 },
	{ "16 0303 0028 9f 000000" REST, CLIENT, SNIFF_TLS_MIDDLE, 9 },
	/* almost records */
	{ "13 0303 0123 01 000000" REST, CLIENT, SNIFF_NOTHING, 1 },
	{ "19 0303 0123 01 000000" REST, CLIENT, SNIFF_NOTHING, 1 },
	{ "17 0203 0123 01 000000" REST, CLIENT, SNIFF_NOTHING, 2 },
	{ "17 0403 0123 01 000000" REST, CLIENT, SNIFF_NOTHING, 2 },
	{ "17 0305 0123 01 000000" REST, CLIENT, SNIFF_NOTHING, 3 },
	{ "17 0303 4900 01 000000" REST, CLIENT, SNIFF_NOTHING, 4 },
	{ "17 0303 4801 01 000000" REST, CLIENT, SNIFF_NOTHING, 5 },
	{ "17 0303 0000 01 000000" REST, CLIENT, SNIFF_NOTHING, 5 },
	/* SSL 2.0 CLIENT-HELLO: 9 + 0x1b + 0 + 0x10 = 0x34 */
	{ "8034 01 0002 001b 0000 0010" REST, CLIENT, SNIFF_SSLV2, 11 },
	{ "8034 01 0300 001b 0000 0010" REST, CLIENT, SNIFF_SSLV2, 11 },
	{ "8034 01 0304 001b 0000 0010" REST, CLIENT, SNIFF_SSLV2, 11 },
	{ "8054 01 0301 001b 0010 0020" REST, CLIENT, SNIFF_SSLV2, 11 },
	{ "0034 00 01 0002 001b 0000 0010" REST, CLIENT, SNIFF_SSLV2, 12 },
	{ "0034 00 01 0301 001b 0000 0010" REST, CLIENT, SNIFF_SSLV2, 12 },
	/* whose lengths, versions or padding do not fit */
	{ "8035 01 0002 001b 0000 0010" REST, CLIENT, SNIFF_NOTHING, 11 },
	{ "8019 01 0002 0000 0000 0010" REST, CLIENT, SNIFF_NOTHING, 11 },
	{ "8033 01 0002 001a 0000 0010" REST, CLIENT, SNIFF_NOTHING, 11 },
	{ "8035 01 0002 001b 0001 0010" REST, CLIENT, SNIFF_NOTHING, 11 },
	{ "8033 01 0002 001b 0000 000f" REST, CLIENT, SNIFF_NOTHING, 11 },
	{ "8045 01 0002 001b 0000 0021" REST, CLIENT, SNIFF_NOTHING, 11 },
	{ "8034 01 0001 001b 0000 0010" REST, CLIENT, SNIFF_NOTHING, 5 },
	{ "8034 01 0305 001b 0000 0010" REST, CLIENT, SNIFF_NOTHING, 5 },
	{ "8034 01 0102 001b 0000 0010" REST, CLIENT, SNIFF_NOTHING, 4 },
	{ "8034 02 0002 001b 0000 0010" REST, CLIENT, SNIFF_NOTHING, 3 },
	{ "0034 01 01 0002 001b 0000 0010" REST, CLIENT, SNIFF_NOTHING, 3 },
	{ "0934 00 01 0002 001b 0000 0010" REST, CLIENT, SNIFF_NOTHING, 1 },
	{ "8034 01 0002 001b 0000 0010" REST, SERVER, SNIFF_NOTHING, 3 },
	/* SERVER-HELLO: 11 + 0x200 + 6 + 0x10 = 0x221; a hit has neither */
	{ "8221 04 00 01 0002 0200 0006 0010" REST, SERVER, SNIFF_SSLV2, 13 },
	{ "801b 04 01 00 0002 0000 0000 0010" REST, SERVER, SNIFF_SSLV2, 13 },
	{ "0221 00 04 00 01 0002 0200 0006 0010" REST, SERVER, SNIFF_SSLV2,
	    14 },
	{ "8222 04 00 01 0002 0200 0006 0010" REST, SERVER, SNIFF_NOTHING, 13 },
	{ "8220 04 00 01 0002 0200 0005 0010" REST, SERVER, SNIFF_NOTHING, 13 },
	{ "8211 04 00 01 0002 0200 0006 0000" REST, SERVER, SNIFF_NOTHING, 13 },
	{ "8232 04 00 01 0002 0200 0006 0021" REST, SERVER, SNIFF_NOTHING, 13 },
	{ "8221 04 00 01 0301 0200 0006 0010" REST, SERVER, SNIFF_NOTHING, 6 },
	{ "8221 04 00 01 0002 0200 0006 0010" REST, CLIENT, SNIFF_NOTHING, 3 },
	{ "8003 00 0001" REST, SERVER, SNIFF_SSLV2, 5 },
	{ "8003 00 0007" REST, SERVER, SNIFF_NOTHING, 5 },
	{ "8004 00 0001" REST, SERVER, SNIFF_NOTHING, 3 },
	/* PROXY version 2: PROXY and LOCAL; only a client is behind one */
	{ "0d0a0d0a 000d0a51 5549540a 21 11 000c", CLIENT, SNIFF_PROXY, 16 },
	{ "0d0a0d0a 000d0a51 5549540a 20 00 0000", CLIENT, SNIFF_PROXY, 16 },
	{ "0d0a0d0a 000d0a51 5549540a 22 11 000c", CLIENT, SNIFF_NOTHING, 13 },
	{ "0d0a0d0a 000d0a51 5549540a 21 11 000c", SERVER, SNIFF_NOTHING, 1 },
	{ "0d0a0d0a 0d0a0d0a 0d0a0d0a 0d0a0d0a", CLIENT, SNIFF_NOTHING, 5 },
	/* other protocols: NFS, SMB, OpenVPN, DNS, SSH, 8-bit text */
	{ "8000012c 1a2b3c4d 00000000 00000002", CLIENT, SNIFF_NOTHING, 4 },
	{ "8000042c 1a2b3c4d 00000001 00000000", SERVER, SNIFF_NOTHING, 4 },
	{ "00000045 ff534d42 72000000 00000000", CLIENT, SNIFF_NOTHING, 4 },
	{ "000e3811 22334455 66778800 00000000", CLIENT, SNIFF_NOTHING, 3 },
	{ "001d1234 01000001 00000000 00000000", CLIENT, SNIFF_NOTHING, 3 },
	{ "5353482d 322e302d 4f70656e 53534800", SERVER, SNIFF_NOTHING, 1 },
	{ "c3a4c3b6 c3bc0d0a 00000000 00000000", CLIENT, SNIFF_NOTHING, 3 },
};
/* clang-format on */

static enum sniff
judge(const uint8_t *head, size_t len, enum side side)
{
	uint8_t *copy = exact_copy(head, len);
	enum sniff is = sniff_head(side, bytes_of(copy, len));

	free(copy);
	return is;
}

static void
begins_what_its_row_says_and_no_byte_sooner(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		uint8_t head[64];
		size_t len = hex(heads[i].digits, head, sizeof(head));

		assert_true(heads[i].decided <= SNIFF_LEN);
		for (size_t have = 0; have <= len; have++) {
			enum sniff is = judge(head, have, heads[i].side);

			if (is != (have < heads[i].decided ? SNIFF_MORE
							   : heads[i].is))
				fail_msg("%s: %d after %zu bytes",
				    heads[i].digits, is, have);
		}
	}
}

static void
sixteen_bytes_always_suffice(void **state)
{
	uint64_t seed = 1;
	size_t looks_like[SNIFF_NOTHING + 1] = { 0 };

	(void)state;
	for (int i = 0; i < 200000; i++) {
		uint64_t pair[2] = { random_next(&seed), random_next(&seed) };
		enum sniff is;

		is = sniff_head(i & 1, bytes_of(pair, sizeof(pair)));
		assert_int_not_equal(is, SNIFF_MORE);
		looks_like[is]++;
	}
	/* By the bits that are checked, one in two million is something. */
	assert_in_range(looks_like[SNIFF_NOTHING], 199990, 200000);
}

static void
no_flipped_bit_leaves_a_head_undecided(
    struct bytes mutant, size_t cut, void *arg)
{
	const struct head *head = arg;

	if (cut >= SNIFF_LEN)
		assert_int_not_equal(
		    sniff_head(head->side, mutant), SNIFF_MORE);
	else
		sniff_head(head->side, mutant);
}

static void
damaged_heads_are_survived(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct head copy = heads[i];
		uint8_t head[64];

		hex(heads[i].digits, head, sizeof(head));
		mutate(head, SNIFF_LEN, no_flipped_bit_leaves_a_head_undecided,
		    &copy);
	}
}

static void
text_begins_none_of_these(void **state)
{
	static const char *const lines[] = { "EHLO pc.example\r\n",
		"220 mx.example ESMTP\r\n", "* OK IMAP4rev1 ready\r\n",
		"+OK POP3 ready\r\n", "\tfolded line\r\n", "a1 LOGIN x y\r\n",
		"\r\nEHLO pc.example\r\n", "~tilde\r\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct bytes line = bytes_of(lines[i], strlen(lines[i]));

		assert_true(sniff_starts_line((uint8_t)lines[i][0]));
		assert_int_equal(sniff_head(CLIENT, line), SNIFF_NOTHING);
		assert_int_equal(sniff_head(SERVER, line), SNIFF_NOTHING);
	}
}

static void
only_the_proxy_signature_starts_like_a_line(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		uint8_t byte = (uint8_t)c;
		bool more =
		    sniff_head(CLIENT, bytes_of(&byte, 1)) == SNIFF_MORE ||
		    sniff_head(SERVER, bytes_of(&byte, 1)) == SNIFF_MORE;

		assert_false(more && sniff_starts_line(byte) && byte != '\r');
	}
	assert_true(sniff_starts_line('\n'));
	assert_false(sniff_starts_line(0x7f));
	assert_false(sniff_starts_line(0x1f));
	assert_false(sniff_starts_line(0x80));
}

static void
a_proxy_header_tells_its_length(void **state)
{
	uint8_t head[SNIFF_LEN];

	(void)state;
	hex("0d0a0d0a 000d0a51 5549540a 21 11 000c", head, sizeof(head));
	assert_int_equal(sniff_proxy_len(bytes_of(head, sizeof(head))), 28);
	head[14] = head[15] = 0xff;
	assert_int_equal(sniff_proxy_len(bytes_of(head, sizeof(head))), 65551);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_what_its_row_says_and_no_byte_sooner),
		cmocka_unit_test(sixteen_bytes_always_suffice),
		cmocka_unit_test(damaged_heads_are_survived),
		cmocka_unit_test(text_begins_none_of_these),
		cmocka_unit_test(only_the_proxy_signature_starts_like_a_line),
		cmocka_unit_test(a_proxy_header_tells_its_length),
	};

	return cmocka_run_group_tests_name("sniff", tests, NULL, NULL);
}
