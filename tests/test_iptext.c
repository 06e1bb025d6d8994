/* SPDX-License-Identifier: ISC */
#include "report/iptext.h"

#include <arpa/inet.h>
#include <string.h>

#include "tests/kit.h"

static void
addresses_are_as_RFC_5952_has_them(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "::", "::" },
		{ "::1", "::1" },
		{ "2001:0db8::0001", "2001:db8::1" },
		{ "2001:DB8::ABCD", "2001:db8::abcd" },
		{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
		{ "2001:0:0:1::", "2001:0:0:1::" },
		{ "1::", "1::" },
		{ "0:1::", "0:1::" },
		{ "::1:0", "::1:0" },
		{ "1:0:1::", "1:0:1::" },
		{ "1:2:3:4:5:6::", "1:2:3:4:5:6::" },
		/* One group of zeros is not left out. */
		{ "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "::1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7" },
		{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
		{ "::ffff:c000:0201", "::ffff:192.0.2.1" },
		{ "::ffff:0:0", "::ffff:0.0.0.0" },
		{ "::c000:0201", "::c000:201" },
		{ "abcd:ef01:2345:6789:abcd:ef01:2345:6789",
		    "abcd:ef01:2345:6789:abcd:ef01:2345:6789" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint8_t ip[16];
		char text[IPTEXT_MAX];
		size_t len;

		assert_int_equal(inet_pton(AF_INET6, rows[i].in, ip), 1);
		len = iptext_write(ip, true, text);
		assert_string_equal(text, rows[i].out);
		assert_int_equal(len, strlen(text));
	}
}

static void
any_address_reads_back_as_itself(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (size_t round = 0; round < 20000; round++) {
		uint8_t ip[16] = { 0 }, back[16];
		char text[IPTEXT_MAX], reference[IPTEXT_MAX];
		uint64_t groups = random_next(&seed);

		for (size_t i = 0; i < 16; i++)
			if (groups >> i / 2 & 1)
				ip[i] = (uint8_t)random_next(&seed);
		iptext_write(ip, true, text);
		assert_int_equal(inet_pton(AF_INET6, text, back), 1);
		assert_memory_equal(back, ip, 16);
		iptext_write(ip, false, text);
		inet_ntop(AF_INET, ip, reference, sizeof(reference));
		assert_string_equal(text, reference);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_as_RFC_5952_has_them),
		cmocka_unit_test(any_address_reads_back_as_itself),
	};

	return cmocka_run_group_tests_name("iptext", tests, NULL, NULL);
}
