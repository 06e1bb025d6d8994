/* SPDX-License-Identifier: ISC */
/*
 * JA3's own examples are from https://github.com/salesforce/ja3 (README), JA4's
 * from https://github.com/FoxIO-LLC/ja4 (technical_details/JA4.md).
 */
#include "report/fingerprint.h"

#include <stdlib.h>
#include <string.h>

#include "tests/kit.h"

/* struct parts is what a ClientHello is put together from, in hexadecimal. */
struct parts {
	const char *suites, *groups, *formats, *algorithms, *alpn, *versions;
	const char *extensions; /* types only, 4 digits each */
	uint16_t legacy_version;
};

static uint8_t storage[8][4096];

static struct bytes
run(size_t at, const char *digits)
{
	if (digits == NULL)
		return bytes_of(NULL, 0);
	return bytes_of(
	    storage[at], hex(digits, storage[at], sizeof(storage[at])));
}

/* Extensions of the types given, each with a body of two bytes. */
static struct bytes
extensions_run(const char *types)
{
	struct bytes list = run(6, types);
	size_t len = 0;

	while (list.len > 0) {
		uint16_t type = bytes_u16(&list);
		const uint8_t head[] = { (uint8_t)(type >> 8), (uint8_t)type, 0,
			2, 0xAA, 0xBB };

		memcpy(storage[7] + len, head, sizeof(head));
		len += sizeof(head);
	}
	return bytes_of(storage[7], len);
}

static struct client_hello
hello_of(const struct parts *parts)
{
	return (struct client_hello){
		.whole = true,
		.legacy_version = parts->legacy_version,
		.cipher_suites = run(0, parts->suites),
		.supported_groups = run(1, parts->groups),
		.ec_point_formats = run(2, parts->formats),
		.signature_algorithms = run(3, parts->algorithms),
		.alpn = run(4, parts->alpn),
		.supported_versions = run(5, parts->versions),
		.has_supported_versions = parts->versions != NULL,
		.extensions = extensions_run(parts->extensions),
	};
}

static struct connection
fingerprints_of(const struct parts *parts)
{
	struct client_hello hello = hello_of(parts);
	struct connection c = { 0 };

	fingerprint_client(&c, &hello);
	return c;
}

static void
assert_ja3(const struct parts *parts, const char *expected)
{
	struct connection c = fingerprints_of(parts);
	uint8_t md5[16];

	assert_int_equal(hex(expected, md5, sizeof(md5)), 16);
	assert_true(c.has_ja3);
	assert_memory_equal(c.ja3, md5, 16);
}

static void
assert_ja4(const struct parts *parts, const char *expected)
{
	struct connection c = fingerprints_of(parts);

	assert_string_equal(c.ja4, expected);
}

static const struct parts classic = {
	.legacy_version = 769,
	.suites = "002f 0035 0005 000a c009 c00a c013 c014 0032 0038 0013 0004",
	.extensions = "0000 000a 000b",
	.groups = "0017 0018 0019",
	.formats = "00",
};

static const struct parts browser = {
	.legacy_version = 0x0303,
	.suites = "1301 1302 1303 c02b c02f c02c c030 cca9 cca8 c013 c014 009c"
		  "009d 002f 0035",
	.extensions = "001b 0000 0033 0010 4469 0017 002d 000d 0005 0023 0012"
		      "002b ff01 000b 000a 0015",
	.algorithms = "0403 0804 0401 0503 0805 0501 0806 0601",
	.alpn = "02 6832 08 687474702f312e31",
	.versions = "0304 0303",
};

static void
ja3_is_that_of_its_own_examples(void **state)
{
	struct parts bare = { .legacy_version = 769,
		.suites = "0004 0005 000a 0009 0064 0062 0003 0006 0013 0012"
			  "0063" };

	(void)state;
	assert_ja3(&classic, "ada70206e40642a3e4461f35503241d5");
	assert_ja3(&bare, "de350869b8c85de67a350c8d186f11e6");
}

static void
ja3_leaves_out_GREASE(void **state)
{
	struct parts greased = classic;

	(void)state;
	greased.suites = "2a2a 002f 0035 0005 000a c009 c00a c013 c014 0032"
			 "0038 0013 0004 fafa";
	greased.extensions = "0a0a 0000 000a 000b 1a1a";
	greased.groups = "3a3a 0017 0018 0019";
	assert_ja3(&greased, "ada70206e40642a3e4461f35503241d5");
}

/* md5 of "0,,,,": empty fields keep their commas. */
static void
ja3_of_an_empty_hello_is_four_commas(void **state)
{
	struct parts empty = { 0 };

	(void)state;
	assert_ja3(&empty, "2432bebf06532faf89aae784a9aae4ef");
}

static void
ja4_is_that_of_its_own_example(void **state)
{
	(void)state;
	assert_ja4(&browser, "t13d1516h2_8daaf6152771_e5627efa2ab1");
}

static void
ja4_without_signature_algorithms_ends_without_them(void **state)
{
	struct parts parts = browser;

	(void)state;
	parts.algorithms = NULL;
	assert_ja4(&parts, "t13d1516h2_8daaf6152771_6d807ffa2a79");
}

static void
ja4_does_not_depend_on_order_or_GREASE(void **state)
{
	struct parts parts = browser;

	(void)state;
	parts.suites = "eaea 0035 002f 009d 009c c014 c013 cca8 cca9 c030 c02c"
		       "c02f c02b 1303 1302 1301";
	parts.extensions = "dada 0015 000a 000b ff01 002b 0012 0023 0005 000d"
			   "002d 0017 4469 0010 0033 0000 001b 0a0a";
	parts.algorithms = "5a5a 0403 0804 0401 0503 0805 0501 0806 0601";
	parts.versions = "caca 0303 0304";
	assert_ja4(&parts, "t13d1516h2_8daaf6152771_e5627efa2ab1");
}

static void
ja4_of_an_empty_hello_has_zeros_for_hashes(void **state)
{
	struct parts parts = { 0 };

	(void)state;
	assert_ja4(&parts, "t00i000000_000000000000_000000000000");
}

/* Only what the first part leaves out was listed. */
static void
ja4_of_nothing_but_a_name_and_ALPN_has_zeros_too(void **state)
{
	struct parts parts = { .legacy_version = TLS_1_2,
		.extensions = "0000 0010",
		.algorithms = "0403" };

	(void)state;
	assert_ja4(&parts, "t12d000200_000000000000_000000000000");
}

static void
ja4_names_the_best_version(void **state)
{
	static const struct {
		uint16_t legacy;
		const char *versions, *word;
	} rows[] = {
		{ TLS_1_3, NULL, "t13" }, { TLS_1_2, NULL, "t12" },
		{ TLS_1_1, NULL, "t11" }, { TLS_1_0, NULL, "t10" },
		{ SSL_3_0, NULL, "ts3" }, { SSL_2_0, NULL, "ts2" },
		{ 0x0305, NULL, "t00" }, { TLS_1_2, "0301 0302", "t11" },
		{ TLS_1_0, "0304 0303", "t13" }, { TLS_1_2, "fafa", "t00" },
		{ TLS_1_2, "7f1c 0303", "t00" }, /* a draft has no word */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct parts parts = { .legacy_version = rows[i].legacy,
			.versions = rows[i].versions };
		struct connection c = fingerprints_of(&parts);

		assert_memory_equal(c.ja4, rows[i].word, 3);
	}
}

static void
ja4_shows_both_ends_of_the_first_protocol(void **state)
{
	static const struct {
		const char *alpn, *word;
	} rows[] = {
		{ "02 6832", "h2" }, { "08 687474702f312e31 02 6832", "h1" },
		{ "01 78", "xx" }, { "00", "00" }, { "00 02 6832", "00" },
		{ "01 ab", "ab" }, { "02 abcd", "ad" }, { "02 30ab", "3b" },
		{ "04 3031abcd", "3d" }, { "04 30abcd31", "01" },
		{ "02 2f41", "21" }, { "02 3a5b", "3b" }, { "02 4060", "40" },
		{ "02 7b61", "71" }, { "05 6832", "00" }, /* its length lies */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct parts parts = { .alpn = rows[i].alpn };
		struct connection c = fingerprints_of(&parts);

		assert_memory_equal(c.ja4 + 8, rows[i].word, 2);
	}
}

/* `count` suites 0x0100, 0x0101, ... into `list`. */
static void
count_up(uint8_t *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		list[2 * i] = (uint8_t)(1 + i / 256);
		list[2 * i + 1] = (uint8_t)i;
	}
}

static void
long_lists_are_counted_as_99_and_longer_ones_give_no_ja4(void **state)
{
	static uint8_t list[65534];
	struct client_hello hello = { .whole = true };
	struct connection c = { 0 };

	(void)state;
	count_up(list, JA_LIST_MAX);
	hello.cipher_suites = bytes_of(list, 2 * JA_LIST_MAX);
	fingerprint_client(&c, &hello);
	assert_memory_equal(c.ja4, "t00i9900", 8);
	memset(list, 0x77, sizeof(list));
	hello.cipher_suites = bytes_of(list, sizeof(list));
	fingerprint_client(&c, &hello);
	assert_string_equal(c.ja4, "");
	assert_true(c.has_ja3);
	/* 16,383 empty extensions */
	memset(list, 0, sizeof(list));
	for (size_t i = 0; i < sizeof(list); i += 4)
		list[i] = 0x55;
	hello.cipher_suites = bytes_of(NULL, 0);
	hello.extensions = bytes_of(list, 65532);
	fingerprint_client(&c, &hello);
	assert_string_equal(c.ja4, "");
	assert_true(c.has_ja3);
}

/* md5 of "0," and 0x0100 to 0x02ff in decimal, and ",,,": longer than what
 * is handed to the digest at a time. */
static void
a_long_list_is_digested_whole(void **state)
{
	static uint8_t list[1024];
	struct client_hello hello = { .whole = true };
	struct connection c = { 0 };
	uint8_t md5[16];

	(void)state;
	count_up(list, 512);
	hello.cipher_suites = bytes_of(list, sizeof(list));
	fingerprint_client(&c, &hello);
	hex("a47d4ca41e40a0d009ba7aaaafdb56c6", md5, sizeof(md5));
	assert_memory_equal(c.ja3, md5, 16);
	assert_string_equal(c.ja4, "t00i990000_ef77158a5a00_000000000000");
}

static void
sorting_puts_any_order_right(void **state)
{
	uint8_t ordered[200], shuffled[200];
	struct client_hello hello = { .whole = true };
	struct connection a = { 0 }, b = { 0 };
	uint64_t seed = 1;

	(void)state;
	count_up(ordered, 100);
	hello.cipher_suites = bytes_of(ordered, sizeof(ordered));
	fingerprint_client(&a, &hello);
	for (size_t round = 0; round < 50; round++) {
		memcpy(shuffled, ordered, sizeof(ordered));
		for (size_t i = 99; i > 0; i--) {
			size_t other = random_next(&seed) % (i + 1);
			uint8_t pair[2];

			memcpy(pair, shuffled + 2 * i, 2);
			memcpy(shuffled + 2 * i, shuffled + 2 * other, 2);
			memcpy(shuffled + 2 * other, pair, 2);
		}
		hello.cipher_suites = bytes_of(shuffled, sizeof(shuffled));
		fingerprint_client(&b, &hello);
		assert_string_equal(b.ja4, a.ja4);
		assert_memory_not_equal(b.ja3, a.ja3, 16);
	}
}

static void
lists_cut_in_the_middle_of_a_number_are_read_to_there(void **state)
{
	struct parts parts = classic;

	(void)state;
	parts.suites = "002f 0035 0005 000a c009 c00a c013 c014 0032 0038 0013"
		       "0004 00";
	parts.groups = "0017 0018 0019 00";
	assert_ja3(&parts, "ada70206e40642a3e4461f35503241d5");
	parts = browser;
	parts.suites = "1301 1302 1303 c02b c02f c02c c030 cca9 cca8 c013 c014"
		       "009c 009d 002f 0035 00";
	parts.algorithms = "0403 0804 0401 0503 0805 0501 0806 0601 04";
	assert_ja4(&parts, "t13d1516h2_8daaf6152771_e5627efa2ab1");
}

static void
a_resumed_session_was_begun_with_a_shorter_hello(void **state)
{
	struct parts first = browser, again = browser;
	struct connection c, fresh;
	struct client_hello hello;

	(void)state;
	first.extensions = "0000 0033 002d 002b";
	again.extensions = "0000 0033 002a 002d 002b 0029";
	fresh = fingerprints_of(&first);
	assert_string_equal(fresh.ja4_fresh, "");
	hello = hello_of(&again);
	hello.pre_shared_key = true;
	memset(&c, 0, sizeof(c));
	fingerprint_client(&c, &hello);
	assert_string_equal(c.ja4_fresh, fresh.ja4);
	assert_string_not_equal(c.ja4, fresh.ja4);
}

/* As in RFC 5246 appendix E.2: those of TLS begin with 00, others are SSL 2.0's
 * own. */
static void
an_sslv2_hello_has_the_suites_of_its_library(void **state)
{
	static const struct parts tls = { .suites = "002f 0035 000a 00ff",
		.legacy_version = TLS_1_0 };
	struct connection c = fingerprints_of(&tls), sslv2 = { 0 };
	struct client_hello hello = hello_of(&tls);

	(void)state;
	assert_memory_equal(c.suites, c.ja4 + 11, 12);
	hello.sslv2_format = true;
	hello.cipher_suites =
	    run(0, "010080 000035 00002f 060040 00000a 0000ff 0700c0");
	fingerprint_client(&sslv2, &hello);
	assert_string_equal(sslv2.suites, c.suites);
}

/* An SSLv2 hello has no extensions; of one that is cut, parts are missing. */
static void
some_hellos_have_no_fingerprint(void **state)
{
	struct client_hello hello = hello_of(&browser);
	struct connection c = { 0 };

	(void)state;
	hello.whole = false;
	fingerprint_client(&c, &hello);
	assert_false(c.has_ja3);
	assert_string_equal(c.ja4, "");
	assert_string_equal(c.suites, "");
	hello.whole = true;
	hello.sslv2_format = true;
	fingerprint_client(&c, &hello);
	assert_false(c.has_ja3);
	assert_string_equal(c.ja4, "");
}

/* md5 of "771,49199,65281-0-11-35-16" */
static void
ja3s_is_version_suite_and_extensions(void **state)
{
	struct server_hello hello = { .legacy_version = TLS_1_2,
		.version = TLS_1_3,
		.cipher = 0xC02F,
		.extensions = extensions_run("ff01 0000 000b 0023 0010") };
	struct connection c = { 0 };
	uint8_t md5[16];

	(void)state;
	hex("47decf033ac4c8fc9b952ff41e549679", md5, sizeof(md5));
	fingerprint_server(&c, &hello);
	assert_true(c.has_ja3s);
	assert_memory_equal(c.ja3s, md5, 16);
}

static void
ja3s_is_of_a_final_TLS_hello_only(void **state)
{
	struct server_hello retry = { .hello_retry = true };
	struct server_hello sslv2 = { .sslv2_format = true };
	struct connection c = { 0 };

	(void)state;
	fingerprint_server(&c, &retry);
	assert_false(c.has_ja3s);
	fingerprint_server(&c, &sslv2);
	assert_false(c.has_ja3s);
}

static void
fingerprint(struct bytes mutant, size_t cut, void *arg)
{
	struct client_hello hello = { .whole = true };
	struct connection c = { 0 };

	(void)cut;
	(void)arg;
	hello.extensions = hello.cipher_suites = hello.alpn = mutant;
	hello.supported_groups = hello.ec_point_formats = mutant;
	hello.signature_algorithms = hello.supported_versions = mutant;
	hello.has_supported_versions = true;
	fingerprint_client(&c, &hello);
	assert_true(c.has_ja3);
	assert_int_equal(strlen(c.ja4), 36);
}

static void
any_damage_is_survived(void **state)
{
	struct bytes list = extensions_run("0000 000a 000b 2a2a 0010 ff01");

	(void)state;
	mutate(list.data, list.len, fingerprint, NULL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ja3_is_that_of_its_own_examples),
		cmocka_unit_test(ja3_leaves_out_GREASE),
		cmocka_unit_test(ja3_of_an_empty_hello_is_four_commas),
		cmocka_unit_test(ja4_is_that_of_its_own_example),
		cmocka_unit_test(
		    ja4_without_signature_algorithms_ends_without_them),
		cmocka_unit_test(ja4_does_not_depend_on_order_or_GREASE),
		cmocka_unit_test(ja4_of_an_empty_hello_has_zeros_for_hashes),
		cmocka_unit_test(
		    ja4_of_nothing_but_a_name_and_ALPN_has_zeros_too),
		cmocka_unit_test(ja4_names_the_best_version),
		cmocka_unit_test(ja4_shows_both_ends_of_the_first_protocol),
		cmocka_unit_test(
		    long_lists_are_counted_as_99_and_longer_ones_give_no_ja4),
		cmocka_unit_test(a_long_list_is_digested_whole),
		cmocka_unit_test(sorting_puts_any_order_right),
		cmocka_unit_test(
		    lists_cut_in_the_middle_of_a_number_are_read_to_there),
		cmocka_unit_test(
		    a_resumed_session_was_begun_with_a_shorter_hello),
		cmocka_unit_test(an_sslv2_hello_has_the_suites_of_its_library),
		cmocka_unit_test(some_hellos_have_no_fingerprint),
		cmocka_unit_test(ja3s_is_version_suite_and_extensions),
		cmocka_unit_test(ja3s_is_of_a_final_TLS_hello_only),
		cmocka_unit_test(any_damage_is_survived),
	};

	return cmocka_run_group_tests_name("fingerprint", tests, NULL, NULL);
}
