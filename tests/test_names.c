/* SPDX-License-Identifier: ISC */
#include "dissect/names.h"

#include <string.h>

#include "dissect/connection.h"
#include "tests/kit.h"

/* Counting what is found over all numbers shows that every row of the tables
 * is: in a table out of order or with a number twice, a search misses some. */
static void
every_assigned_number_is_found(void **state)
{
	size_t ciphers = 0, kinds = 0, groups = 0, alerts = 0;

	(void)state;
	for (uint32_t i = 0; i < 1 << 16; i++) {
		ciphers += names_cipher(i) != NULL;
		groups += names_group((uint16_t)i) != NULL;
	}
	for (uint32_t i = 1 << 16; i < 1 << 24; i++)
		kinds += names_cipher(i) != NULL;
	for (unsigned i = 0; i < 256; i++)
		alerts += names_alert((uint8_t)i) != NULL;
	assert_int_equal(ciphers, 352);
	assert_int_equal(kinds, 7);
	assert_int_equal(groups, 57);
	assert_int_equal(alerts, 37);
}

static void
no_two_suites_share_a_name(void **state)
{
	static const char *seen[512];
	size_t count = 0;

	(void)state;
	for (uint32_t i = 0; i < 1 << 16; i++) {
		const char *name = names_cipher(i);

		if (name == NULL)
			continue;
		assert_int_equal(strncmp(name, "TLS_", 4), 0);
		for (size_t k = 0; k < count; k++)
			assert_string_not_equal(seen[k], name);
		seen[count++] = name;
	}
}

static const struct {
	uint32_t cipher;
	const char *name;
	bool weak;
} suites[] = {
	{ 0x0000, "TLS_NULL_WITH_NULL_NULL", true },
	{ 0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5", true },
	{ 0x0005, "TLS_RSA_WITH_RC4_128_SHA", true },
	{ 0x0007, "TLS_RSA_WITH_IDEA_CBC_SHA", true },
	{ 0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", true },
	{ 0x0011, "TLS_DHE_DSS_EXPORT_WITH_DES40_CBC_SHA", true },
	{ 0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", true },
	{ 0x002b, "TLS_KRB5_EXPORT_WITH_RC4_40_MD5", true },
	{ 0x002d, "TLS_DHE_PSK_WITH_NULL_SHA", true },
	{ 0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA", true },
	{ 0x0034, "TLS_DH_anon_WITH_AES_128_CBC_SHA", true },
	{ 0x0037, "TLS_DH_RSA_WITH_AES_256_CBC_SHA", true },
	{ 0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", false },
	{ 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", true },
	{ 0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", false },
	{ 0x00ab, "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384", false },
	{ 0x00c7, "TLS_SM4_CCM_SM3", false },
	{ 0x00ff, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV", false },
	{ 0x1301, "TLS_AES_128_GCM_SHA256", false },
	{ 0x1305, "TLS_AES_128_CCM_8_SHA256", false },
	{ 0x1307, "TLS_AEGIS_128L_SHA256", false },
	{ 0x5600, "TLS_FALLBACK_SCSV", false },
	{ 0xc004, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA", true },
	{ 0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", false },
	{ 0xc010, "TLS_ECDHE_RSA_WITH_NULL_SHA", true },
	{ 0xc011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA", true },
	{ 0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", false },
	{ 0xc018, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA", true },
	{ 0xc020, "TLS_SRP_SHA_WITH_AES_256_CBC_SHA", true },
	{ 0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", false },
	{ 0xc061, "TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384", false },
	{ 0xc09d, "TLS_RSA_WITH_AES_256_CCM", true },
	{ 0xc0aa, "TLS_PSK_DHE_WITH_AES_128_CCM_8", false },
	{ 0xc0b3, "TLS_ECCPWD_WITH_AES_256_CCM_SHA384", false },
	{ 0xc0b5, "TLS_SHA384_SHA384", false },
	{ 0xc102, "TLS_GOSTR341112_256_WITH_28147_CNT_IMIT", true },
	{ 0xc106, "TLS_GOSTR341112_256_WITH_MAGMA_MGM_S", false },
	{ 0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", false },
	{ 0xccae, "TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256", true },
	{ 0xd005, "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256", false },
	{ 0x010080, "SSL_CK_RC4_128_WITH_MD5", true },
	{ 0x0700c0, "SSL_CK_DES_192_EDE3_CBC_WITH_MD5", true },
};

static void
suites_have_their_names_and_the_weak_ones_are_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
		const char *name = names_cipher(suites[i].cipher);

		assert_non_null(name);
		assert_string_equal(name, suites[i].name);
		if (names_cipher_is_weak(suites[i].cipher) != suites[i].weak)
			fail_msg("%s", name);
	}
}

static void
of_an_unknown_suite_nothing_is_said(void **state)
{
	static const uint32_t unknown[] = { 0x001c, 0x1300, 0x0a0a, 0xc0b6,
		0xffff, 0x080080, 0xffffffff };

	(void)state;
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		assert_null(names_cipher(unknown[i]));
		assert_false(names_cipher_is_weak(unknown[i]));
		assert_false(names_cipher_has(unknown[i], ""));
	}
}

static void
parts_of_a_name_are_found_anywhere_in_it(void **state)
{
	(void)state;
	assert_true(names_cipher_has(0xc014, "TLS_ECDHE_"));
	assert_true(names_cipher_has(0xc014, "CBC_SHA"));
	assert_false(names_cipher_has(0xc014, "CBC_SHA2"));
	assert_false(names_cipher_has(0xc004, "ECDHE_"));
}

static void
groups_and_alerts_have_their_names(void **state)
{
	(void)state;
	assert_null(names_group(0));
	assert_string_equal(names_group(1), "sect163k1");
	assert_string_equal(names_group(23), "secp256r1");
	assert_string_equal(names_group(28), "brainpoolP512r1");
	assert_string_equal(names_group(29), "x25519");
	assert_string_equal(names_group(30), "x448");
	assert_string_equal(names_group(41), "curveSM2");
	assert_string_equal(names_group(260), "ffdhe8192");
	assert_string_equal(names_group(0x0201), "MLKEM768");
	assert_string_equal(names_group(0x11ec), "X25519MLKEM768");
	assert_string_equal(names_group(0x6399), "X25519Kyber768Draft00");
	assert_null(names_group(0x0a0a));
	assert_string_equal(names_alert(0), "close_notify");
	assert_string_equal(names_alert(40), "handshake_failure");
	assert_string_equal(names_alert(48), "unknown_ca");
	assert_string_equal(names_alert(70), "protocol_version");
	assert_string_equal(names_alert(86), "inappropriate_fallback");
	assert_string_equal(names_alert(121), "ech_required");
	assert_null(names_alert(1));
	assert_null(names_alert(255));
}

static void
versions_and_protocols_have_their_words(void **state)
{
	(void)state;
	assert_string_equal(names_version(SSL_2_0), "ssl 2.0");
	assert_string_equal(names_version(SSL_3_0), "ssl 3.0");
	assert_string_equal(names_version(TLS_1_0), "1.0");
	assert_string_equal(names_version(TLS_1_1), "1.1");
	assert_string_equal(names_version(TLS_1_2), "1.2");
	assert_string_equal(names_version(TLS_1_3), "1.3");
	assert_null(names_version(TLS_NONE));
	assert_null(names_version(0x7f12));
	assert_string_equal(names_protocol(MAIL_SMTP), "smtp");
	assert_string_equal(names_protocol(MAIL_LMTP), "lmtp");
	assert_string_equal(names_protocol(MAIL_IMAP), "imap");
	assert_string_equal(names_protocol(MAIL_POP3), "pop3");
	assert_string_equal(names_protocol(MAIL_SIEVE), "managesieve");
	assert_string_equal(names_protocol(MAIL_UNKNOWN), "unknown");
	assert_string_equal(names_protocol(MAIL_SIEVE + 1), "unknown");
	assert_string_equal(names_protocol(-1), "unknown");
}

static void
names_lead_back_to_their_numbers(void **state)
{
	uint32_t number;

	(void)state;
	for (uint32_t i = 0; i <= UINT16_MAX; i++) {
		if (names_cipher(i) != NULL) {
			assert_true(
			    names_find_cipher(names_cipher(i), &number));
			assert_int_equal(number, i);
		}
		if (names_group((uint16_t)i) != NULL) {
			assert_true(names_find_group(
			    names_group((uint16_t)i), &number));
			assert_int_equal(number, i);
		}
	}
	assert_true(names_find_cipher("SSL_CK_RC4_128_WITH_MD5", &number));
	assert_int_equal(number, 0x010080);
	assert_true(names_find_version("ssl 3.0", &number));
	assert_int_equal(number, SSL_3_0);
	assert_true(names_find_version("1.3", &number));
	assert_int_equal(number, TLS_1_3);
}

static void
a_name_that_is_none_has_no_number(void **state)
{
	uint32_t number = 7;

	(void)state;
	assert_false(names_find_cipher("", &number));
	assert_int_equal(number, 0);
	assert_false(
	    names_find_cipher("TLS_RSA_WITH_AES_128_CBC_SHA2", &number));
	assert_false(names_find_group("x2551", &number));
	assert_false(names_find_version("1.4", &number));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_assigned_number_is_found),
		cmocka_unit_test(no_two_suites_share_a_name),
		cmocka_unit_test(
		    suites_have_their_names_and_the_weak_ones_are_known),
		cmocka_unit_test(of_an_unknown_suite_nothing_is_said),
		cmocka_unit_test(parts_of_a_name_are_found_anywhere_in_it),
		cmocka_unit_test(groups_and_alerts_have_their_names),
		cmocka_unit_test(versions_and_protocols_have_their_words),
		cmocka_unit_test(names_lead_back_to_their_numbers),
		cmocka_unit_test(a_name_that_is_none_has_no_number),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
