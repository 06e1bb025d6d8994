/* SPDX-License-Identifier: ISC */
#include "dissect/sslv2.h"

#include <stdlib.h>

#include "tests/kit.h"

#define CHALLENGE "000102030405060708090a0b0c0d0e0f"

/* For TLS 1.0, with kinds of both worlds and TLS_FALLBACK_SCSV. */
static const char client[] = "01 0301 000c 0000 0010 010080 00002f 0700c0"
			     "005600" CHALLENGE;
static const char server[] = "04 00 01 0002 0003 0006 0010 303132"
			     "010080 0700c0" CHALLENGE;
static const char master_key[] = "02 0700c0 0001 0002 0003 aa bbbb cccccc";

static void
headers_have_two_or_three_bytes(void **state)
{
	static const struct {
		const char *digits;
		size_t len, left;
	} rows[] = {
		{ "802e 01", 0x2e, 1 },
		{ "ffff 01", SSLV2_RECORD_MAX, 1 },
		{ "002e 00 01", 0x2e, 1 },
		{ "3fff 07", 0x3fff, 0 },
		{ "6010 00", 0x2010, 0 }, /* with the escape bit */
		{ "8000", 0, 0 },
		{ "002e", 0, 0 },
		{ "80", 0, 0 },
		{ "", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t wire[8];
		size_t len = hex(rows[i].digits, wire, sizeof(wire));
		uint8_t *copy = exact_copy(wire, len);
		struct bytes data = bytes_of(copy, len);

		assert_int_equal(sslv2_header(&data), rows[i].len);
		assert_int_equal(data.len, rows[i].left);
		free(copy);
	}
}

static void
a_client_hello_offers_its_version_field(void **state)
{
	struct client_hello hello;
	struct offer offer;
	uint8_t wire[64];
	size_t len = hex(client, wire, sizeof(wire));

	(void)state;
	assert_true(sslv2_client_hello(bytes_of(wire, len), &hello));
	assert_true(hello.sslv2_format && hello.whole);
	assert_int_equal(hello.legacy_version, TLS_1_0);
	assert_int_equal(hello.cipher_suites.len, 12);
	assert_int_equal(hello.session_id.len, 0);
	assert_int_equal(hello.random.len, 16);
	assert_ptr_equal(hello.random.data, wire + len - 16);
	assert_true(bytes_ok(hello.extensions));
	assert_false(hello.has_server_name || hello.has_supported_versions);

	hello_offer(&hello, &offer);
	assert_true(offer.sslv2_format && offer.whole && offer.fallback_scsv);
	assert_int_equal(offer.max_version, TLS_1_0);
	assert_int_equal(offer.version_count, 0);
}

static void
the_oldest_client_offers_the_oldest_version(void **state)
{
	struct client_hello hello;
	struct offer offer;
	uint8_t wire[64];
	size_t len = hex("01 0002 0003 0010 0010 010080" CHALLENGE CHALLENGE,
	    wire, sizeof(wire));

	(void)state;
	assert_true(sslv2_client_hello(bytes_of(wire, len), &hello));
	assert_int_equal(hello.session_id.len, 16);
	hello_offer(&hello, &offer);
	assert_int_equal(offer.max_version, SSL_2_0);
	assert_false(offer.fallback_scsv);
}

static void
what_is_no_client_hello_is_refused(void **state)
{
	static const char *const bad[] = {
		"02 0301 0003 0000 0010 010080" CHALLENGE,
		"01 0001 0003 0000 0010 010080" CHALLENGE,
		"01 0401 0003 0000 0010 010080" CHALLENGE,
		"01 0301 0004 0000 0010 01008000" CHALLENGE,
		"01 0301 0003 0000 0010 010080" CHALLENGE "00",
		"01 0301 0003 0000 0011 010080" CHALLENGE,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct client_hello hello;
		uint8_t wire[64];
		size_t len = hex(bad[i], wire, sizeof(wire));

		assert_false(sslv2_client_hello(bytes_of(wire, len), &hello));
		assert_false(hello.whole);
	}
}

static void
a_server_hello_brings_a_certificate_and_no_cipher(void **state)
{
	struct server_hello hello;
	uint8_t wire[64];
	size_t len = hex(server, wire, sizeof(wire));

	(void)state;
	assert_true(sslv2_server_hello(bytes_of(wire, len), &hello));
	assert_true(hello.sslv2_format);
	assert_int_equal(hello.version, SSL_2_0);
	assert_int_equal(hello.legacy_version, SSL_2_0);
	assert_int_equal(hello.cipher, 0);
	assert_int_equal(hello.certificate.len, 3);
	assert_memory_equal(hello.certificate.data, "012", 3);
	assert_int_equal(hello.alpn.len, 0);
	assert_true(bytes_ok(hello.extensions) && bytes_ok(hello.session_id));
}

static void
what_is_no_server_hello_gives_no_version(void **state)
{
	static const char *const bad[] = {
		"05 00 01 0002 0000 0003 0010 010080" CHALLENGE,
		"04 00 01 0301 0000 0003 0010 010080" CHALLENGE,
		"04 00 01 0002 0000 0004 0010 01008000" CHALLENGE,
		"04 00 01 0002 0000 0003 0010 010080" CHALLENGE "00",
		"04 00 01 0002 0001 0003 0010 010080" CHALLENGE,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct server_hello hello;
		uint8_t wire[64];
		size_t len = hex(bad[i], wire, sizeof(wire));

		assert_false(sslv2_server_hello(bytes_of(wire, len), &hello));
		assert_int_equal(hello.version, TLS_NONE);
	}
}

static void
the_master_key_message_chooses_the_cipher(void **state)
{
	static const char *const bad[] = {
		"01 0700c0 0001 0002 0003 aa bbbb cccccc",
		"02 0700c0 0001 0002 0002 aa bbbb cccccc",
		"02 0700c0 0001 0002 0004 aa bbbb cccccc",
		"02 0700c0 ffff ffff ffff",
	};
	uint8_t wire[64];
	size_t len = hex(master_key, wire, sizeof(wire));

	(void)state;
	assert_int_equal(sslv2_master_key(bytes_of(wire, len)), 0x0700c0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		len = hex(bad[i], wire, sizeof(wire));
		assert_int_equal(sslv2_master_key(bytes_of(wire, len)), 0);
	}
}

static void
survives(struct bytes mutant, size_t cut, void *arg)
{
	struct client_hello hello;
	struct server_hello answer;
	struct bytes copy = mutant;
	bool any;

	any = sslv2_client_hello(mutant, &hello);
	any |= sslv2_server_hello(mutant, &answer);
	any |= sslv2_master_key(mutant) != 0;
	sslv2_header(&copy);
	if (cut < *(size_t *)arg)
		assert_false(any);
}

static void
no_cut_message_is_one_and_no_flipped_bit_hurts(void **state)
{
	static const char *const good[] = { client, server, master_key };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		uint8_t wire[64];
		size_t len = hex(good[i], wire, sizeof(wire));

		mutate(wire, len, survives, &len);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_have_two_or_three_bytes),
		cmocka_unit_test(a_client_hello_offers_its_version_field),
		cmocka_unit_test(the_oldest_client_offers_the_oldest_version),
		cmocka_unit_test(what_is_no_client_hello_is_refused),
		cmocka_unit_test(
		    a_server_hello_brings_a_certificate_and_no_cipher),
		cmocka_unit_test(what_is_no_server_hello_gives_no_version),
		cmocka_unit_test(the_master_key_message_chooses_the_cipher),
		cmocka_unit_test(
		    no_cut_message_is_one_and_no_flipped_bit_hurts),
	};

	return cmocka_run_group_tests_name("sslv2", tests, NULL, NULL);
}
