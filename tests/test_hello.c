/* SPDX-License-Identifier: ISC */
#include "dissect/hello.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kit.h"

#define RANDOM                                                                 \
	"000102030405060708090a0b0c0d0e0f"                                     \
	"000102030405060708090a0b0c0d0e0f"
#define RANDOM_24 "000102030405060708090a0b0c0d0e0f0001020304050607"
#define RANDOM_HRR                                                             \
	"cf21ad74e59a6111be1d8c021e65b891"                                     \
	"c2a211167abb8c5e079e09e2c8a8339c"
#define MX_EXAMPLE "6d782e6578616d706c65"

enum {
	MESSAGE_MAX = 1024
};

/* A message in a block of exactly its size. */
struct message {
	uint8_t *data;
	size_t len;
};

static struct message
message_of(const char *digits)
{
	uint8_t wire[MESSAGE_MAX];
	size_t len = hex(digits, wire, sizeof(wire));

	return (struct message){ exact_copy(wire, len), len };
}

/* with_extensions appends the extensions `list`, length first. */
static struct message
with_extensions(const char *start, const char *list)
{
	char digits[2 * MESSAGE_MAX];
	uint8_t wire[MESSAGE_MAX];
	size_t len = hex(list, wire, sizeof(wire));

	snprintf(digits, sizeof(digits), "%s %04zx %s", start, len, list);
	return message_of(digits);
}

/* A client that can do TLS 1.3, with GREASE, and with all that is read. */
static const char modern[] = "0303" RANDOM "04 51515151"
			     "0006 3a3a 1301 c02f 01 00";
static const char modern_extensions[] =
    "4a4a 0000"
    "0000 000f 000d 00 000a" MX_EXAMPLE "000a 0008 0006 1a1a 001d 0017"
    "000b 0002 01 00"
    "000d 0006 0004 0804 0403"
    "0010 0007 0005 04 696d6170"
    "0023 0002 abcd"
    "002a 0000"
    "002b 0007 06 2a2a 0304 0303"
    "fe0d 0001 00"
    "0029 0001 00";

static struct client_hello
read_client(struct message m)
{
	struct client_hello hello;

	assert_true(hello_client(bytes_of(m.data, m.len), &hello));
	return hello;
}

static struct offer
offer_of(struct message m)
{
	struct client_hello hello = read_client(m);
	struct offer offer;

	hello_offer(&hello, &offer);
	free(m.data);
	return offer;
}

/* offer_with is what an otherwise plain hello of `version` offers. */
static struct offer
offer_with(const char *version, const char *extensions)
{
	char start[256];

	snprintf(
	    start, sizeof(start), "%s" RANDOM "00 0002 002f 01 00", version);
	if (extensions == NULL)
		return offer_of(message_of(start));
	return offer_of(with_extensions(start, extensions));
}

static void
assert_run(struct bytes run, const char *digits)
{
	uint8_t wire[MESSAGE_MAX];
	size_t len = hex(digits, wire, sizeof(wire));

	assert_true(bytes_ok(run));
	assert_int_equal(run.len, len);
	if (len > 0)
		assert_memory_equal(run.data, wire, len);
}

static void
all_that_a_client_says_is_read(void **state)
{
	struct message m = with_extensions(modern, modern_extensions);
	struct client_hello hello = read_client(m);

	(void)state;
	assert_true(hello.whole);
	assert_false(hello.sslv2_format);
	assert_int_equal(hello.legacy_version, TLS_1_2);
	assert_run(hello.random, RANDOM);
	assert_run(hello.session_id, "51515151");
	assert_run(hello.cipher_suites, "3a3a 1301 c02f");
	assert_run(hello.extensions, modern_extensions);
	assert_true(hello.has_server_name);
	assert_run(hello.server_name, MX_EXAMPLE);
	assert_run(hello.supported_groups, "1a1a 001d 0017");
	assert_run(hello.ec_point_formats, "00");
	assert_run(hello.signature_algorithms, "0804 0403");
	assert_true(hello.has_alpn);
	assert_run(hello.alpn, "04 696d6170");
	assert_true(hello.has_supported_versions);
	assert_run(hello.supported_versions, "2a2a 0304 0303");
	assert_true(hello.session_ticket);
	assert_true(hello.early_data);
	assert_true(hello.pre_shared_key);
	assert_true(hello.ech);
	free(m.data);
}

static void
the_mail_protocol_among_those_listed_is_found(void **state)
{
	static const struct {
		const char *alpn;
		bool listed;
		enum mail_protocol protocol;
	} rows[] = {
		{ "", false, MAIL_UNKNOWN }, { "04 696d6170", true, MAIL_IMAP },
		{ "02 6832 04 706f7033", true, MAIL_POP3 },
		{ "0b 6d616e6167657369657665", true, MAIL_SIEVE },
		{ "02 6832 08 687474702f312e31", true, MAIL_UNKNOWN },
		{ "05 696d617073", true, MAIL_UNKNOWN },
		{ "04 696d", true, MAIL_UNKNOWN }, /* cut */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t wire[32];
		size_t len = hex(rows[i].alpn, wire, sizeof(wire));
		uint8_t *copy = exact_copy(wire, len);
		struct client_hello hello = { .alpn = bytes_of(copy, len) };
		struct offer offer;

		hello_offer(&hello, &offer);
		assert_int_equal(offer.alpn, rows[i].listed);
		assert_int_equal(offer.alpn_protocol, rows[i].protocol);
		free(copy);
	}
}

static void
what_is_not_there_is_an_empty_run(void **state)
{
	struct message m = message_of("0300" RANDOM "00 0002 002f 01 00");
	struct client_hello hello = read_client(m);

	(void)state;
	assert_true(hello.whole);
	assert_int_equal(hello.legacy_version, SSL_3_0);
	assert_run(hello.session_id, "");
	assert_run(hello.extensions, "");
	assert_run(hello.server_name, "");
	assert_run(hello.supported_groups, "");
	assert_run(hello.ec_point_formats, "");
	assert_run(hello.signature_algorithms, "");
	assert_run(hello.alpn, "");
	assert_run(hello.supported_versions, "");
	assert_false(hello.has_server_name || hello.has_alpn ||
		     hello.has_supported_versions || hello.session_ticket ||
		     hello.early_data || hello.pre_shared_key || hello.ech);
	free(m.data);
}

static void
a_hello_without_version_and_random_is_none(void **state)
{
	struct client_hello hello;
	struct message m = message_of("0301" RANDOM);

	(void)state;
	assert_true(hello_client(bytes_of(m.data, 34), &hello));
	assert_false(hello.whole);
	assert_int_equal(hello.legacy_version, TLS_1_0);
	assert_run(hello.cipher_suites, "");
	assert_false(hello_client(bytes_of(m.data, 33), &hello));
	assert_run(hello.random, "");
	free(m.data);
}

static void
the_offer_of_a_modern_client(void **state)
{
	struct offer offer =
	    offer_of(with_extensions(modern, modern_extensions));

	(void)state;
	assert_true(offer.seen && offer.whole && offer.ech);
	assert_false(offer.sslv2_format || offer.fallback_scsv);
	assert_int_equal(offer.legacy_version, TLS_1_2);
	assert_int_equal(offer.max_version, TLS_1_3);
	assert_int_equal(offer.version_count, 2);
	assert_int_equal(offer.versions[0], TLS_1_3);
	assert_int_equal(offer.versions[1], TLS_1_2);
	assert_string_equal(offer.server_name, "mx.example");
}

/* What the version field and the list say together. */
static const struct {
	const char *legacy, *extensions;
	bool whole;
	uint16_t max;
} offers[] = {
	{ "0300", NULL, true, SSL_3_0 },
	{ "0301", NULL, true, TLS_1_0 },
	{ "0302", "", true, TLS_1_1 },
	{ "0303", "0017 0000", true, TLS_1_2 },
	{ "0304", NULL, true, TLS_1_3 }, /* as drafts did */
	{ "7f12", NULL, true, TLS_1_3 },
	{ "0305", NULL, true, TLS_NONE },
	{ "0400", NULL, true, TLS_NONE },
	{ "ffff", NULL, true, TLS_NONE },
	/* order is preference; the highest need not come first */
	{ "0303", "002b 0007 06 0301 0303 0302", true, TLS_1_2 },
	{ "0301", "002b 0003 02 0304", true, TLS_1_3 },
	{ "0303", "002b 0003 02 0301", true, TLS_1_0 },
	{ "0303", "002b 0005 04 7f17 0303", true, TLS_1_3 },
	{ "0303", "002b 0003 02 fb17", true, TLS_1_3 },
	/* nothing that we know: not the field's version either */
	{ "0303", "002b 0003 02 fafa", true, TLS_NONE },
	{ "0303", "002b 0005 04 0305 7f1d", true, TLS_NONE },
	/* a list that does not parse */
	{ "0303", "002b 0000", false, TLS_NONE },
	{ "0303", "002b 0001 00", false, TLS_NONE },
	{ "0303", "002b 0004 03 030303", false, TLS_NONE },
	{ "0303", "002b 0003 04 0303", false, TLS_NONE },
	/* the first of two counts */
	{ "0303", "002b 0003 02 0302 002b 0003 02 0304", true, TLS_1_1 },
	{ "0303", "002b 0003 02 0302 002b 0000", true, TLS_1_1 },
	/* extensions that end inside one */
	{ "0303", "0017 0001", false, TLS_NONE },
	{ "0303", "0017 00", false, TLS_NONE },
	{ "0303", "002b 0003 02 0304 00", false, TLS_NONE },
	/* a strange name hides no version */
	{ "0301", "0000 0000", true, TLS_1_0 },
	{ "0301", "0000 0003 ffff 00", true, TLS_1_0 },
	{ "0301", "000a 0000 000d 0001 00 0010 0000 000b 0000", true, TLS_1_0 },
};

static void
the_maximum_is_the_best_version_that_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
		struct offer offer =
		    offer_with(offers[i].legacy, offers[i].extensions);

		if (offer.max_version != offers[i].max ||
		    offer.whole != offers[i].whole)
			fail_msg("row %zu: %04x, whole %d", i,
			    offer.max_version, offer.whole);
	}
}

static void
a_list_of_any_length_is_kept_without_doubles(void **state)
{
	struct offer offer = offer_with("0303",
	    "002b 0027 26 7f1c 7f1b 7f1a 7f19 7f18 7f17 7f16 7f15 7f14 7f13"
	    "7f12 0303 0302 0301 0300 0002 0a0a 0303 0999");

	(void)state;
	assert_int_equal(offer.version_count, 6);
	assert_int_equal(offer.versions[0], TLS_1_3);
	assert_int_equal(offer.versions[1], TLS_1_2);
	assert_int_equal(offer.versions[5], SSL_2_0);
	assert_int_equal(offer.max_version, TLS_1_3);
}

static void
a_hello_that_was_cut_shows_what_is_left(void **state)
{
	struct message m = with_extensions(modern, modern_extensions);
	struct client_hello hello;
	struct offer offer;

	(void)state;
	/* 53 bytes before the list, 4 of GREASE, 19 of server_name */
	assert_true(hello_client(bytes_of(m.data, 80), &hello));
	hello_offer(&hello, &offer);
	assert_false(offer.whole);
	assert_int_equal(offer.max_version, TLS_NONE);
	assert_int_equal(offer.legacy_version, TLS_1_2);
	assert_string_equal(offer.server_name, "mx.example");
	free(m.data);
}

static void
bytes_after_the_extensions_are_damage(void **state)
{
	struct offer offer =
	    offer_of(message_of("0301" RANDOM "00 0002 002f 01 00 0000 00"));

	(void)state;
	assert_false(offer.whole);
	offer = offer_of(message_of("0301" RANDOM "00 0002 002f 01 00 00"));
	assert_false(offer.whole);
	offer = offer_of(message_of("0301" RANDOM "00 0003 002f00 01 00"));
	assert_false(offer.whole);
}

static void
names_that_lie_are_left_out(void **state)
{
	static const struct {
		const char *extension, *name;
	} rows[] = {
		{ "0000 000f 000d 00 000a" MX_EXAMPLE, "mx.example" },
		/* a type to come, then a host name, then another */
		{ "0000 000d 000b 01 0001 61 00 0001 62 00 0001", "b" },
		{ "0000 0006 0004 01 0001 61", "" },
		{ "0000 0005 0003 00 0000", "" },
		{ "0000 0008 0006 00 0003 610062", "" }, /* with NUL */
		{ "0000 0006 0004 00 0001 00", "" },
		{ "0000 0006 0004 00 0002 61", "" },
		{ "0000 0001 00", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct offer offer = offer_with("0303", rows[i].extension);

		assert_string_equal(offer.server_name, rows[i].name);
		assert_int_equal(offer.max_version, TLS_1_2);
	}
}

/* long_name is a hello whose server name has `len` bytes. */
static struct offer
long_name(size_t len)
{
	uint8_t *wire = malloc(1 << 17);
	struct message m = message_of("0303" RANDOM "00 0002 002f 01 00");
	const size_t lens[] = { len + 9, 0, len + 5, len + 3 };
	size_t at = m.len;
	struct offer offer;

	assert_non_null(wire);
	memcpy(wire, m.data, m.len);
	for (size_t i = 0; i < 4; i++) {
		wire[at++] = (uint8_t)(lens[i] >> 8);
		wire[at++] = (uint8_t)lens[i];
	}
	wire[at++] = 0;
	wire[at++] = (uint8_t)(len >> 8);
	wire[at++] = (uint8_t)len;
	memset(wire + at, 'a', len);
	offer =
	    offer_of((struct message){ exact_copy(wire, at + len), at + len });
	free(m.data);
	free(wire);
	return offer;
}

static void
a_name_is_kept_when_it_fits(void **state)
{
	(void)state;
	assert_int_equal(strlen(long_name(255).server_name), 255);
	assert_int_equal(strlen(long_name(256).server_name), 0);
	assert_int_equal(strlen(long_name(65526).server_name), 0);
	assert_int_equal(long_name(65526).max_version, TLS_1_2);
}

static void
an_empty_ticket_is_no_resumption(void **state)
{
	struct message m = with_extensions(
	    "0303" RANDOM "00 0002 002f 01 00", "0023 0000 0023 0002 abcd");

	(void)state;
	assert_false(read_client(m).session_ticket);
	free(m.data);
}

static void
the_fallback_signal_is_found_among_the_suites(void **state)
{
	struct offer offer =
	    offer_of(message_of("0301" RANDOM "00 0006 002f 0056 5600 01 00"));

	(void)state;
	assert_true(offer.fallback_scsv);
	/* not across two suites */
	offer = offer_of(message_of("0301" RANDOM "00 0004 0056 0000 01 00"));
	assert_false(offer.fallback_scsv);
}

static void
grease_is_two_equal_bytes_that_end_in_a(void **state)
{
	unsigned count = 0;

	(void)state;
	for (uint32_t i = 0; i < 1 << 16; i++)
		count += hello_is_grease((uint16_t)i);
	assert_int_equal(count, 16);
	assert_true(hello_is_grease(0x0a0a));
	assert_true(hello_is_grease(0xfafa));
	assert_false(hello_is_grease(0x1a2a));
}

static void
versions_are_known_by_number(void **state)
{
	unsigned drafts = 0;

	(void)state;
	for (uint32_t i = 0; i < 1 << 16; i++)
		drafts += i != TLS_1_3 && hello_version((uint16_t)i) == TLS_1_3;
	assert_int_equal(drafts, 0x1d + 5);
	assert_int_equal(hello_version(SSL_2_0), SSL_2_0);
	assert_int_equal(hello_version(SSL_3_0), SSL_3_0);
	assert_int_equal(hello_version(TLS_1_3), TLS_1_3);
	assert_int_equal(hello_version(0x7f00), TLS_1_3);
	assert_int_equal(hello_version(0xfb1a), TLS_1_3);
	assert_int_equal(hello_version(0x02ff), TLS_NONE);
	assert_int_equal(hello_version(0x0305), TLS_NONE);
}

/* ServerHello messages and what they say. */
static const struct answer_row {
	const char *digits;
	bool ok;
	struct server_hello is; /* but for its runs */
} answers[] = {
	/* TLS 1.0 without, TLS 1.2 with extensions: ALPN */
	{ "0301" RANDOM "00 c014 00", true,
	    { .version = TLS_1_0,
		.legacy_version = 0x0301,
		.cipher = 0xc014 } },
	{ "0303" RANDOM "00 c030 00 000d 0010 0009 0007 06 736d74702f31", true,
	    { .version = TLS_1_2,
		.legacy_version = 0x0303,
		.cipher = 0xc030 } },
	{ "0300" RANDOM "00 0005 00", true,
	    { .version = SSL_3_0,
		.legacy_version = 0x0300,
		.cipher = 0x0005 } },
	/* the sentinels of RFC 8446 4.1.3, which mean nothing under 1.3 */
	{ "0303" RANDOM_24 "444f574e47524401 00 c030 00", true,
	    { .version = TLS_1_2,
		.legacy_version = 0x0303,
		.cipher = 0xc030,
		.sentinel = TLS_1_2 } },
	{ "0302" RANDOM_24 "444f574e47524400 00 c014 00", true,
	    { .version = TLS_1_1,
		.legacy_version = 0x0302,
		.cipher = 0xc014,
		.sentinel = TLS_1_1 } },
	{ "0301" RANDOM_24 "444f574e47524402 00 c014 00", true,
	    { .version = TLS_1_0,
		.legacy_version = 0x0301,
		.cipher = 0xc014 } },
	{ "0303" RANDOM_24 "444f574e47524401 00 1301 00 0006 002b 0002 0304",
	    true,
	    { .version = TLS_1_3,
		.legacy_version = 0x0303,
		.cipher = 0x1301 } },
	/* TLS 1.3: key share, resumed; the first of two versions counts */
	{ "0303" RANDOM "04 51515151 1302 00 0016"
	  "002b 0002 0304 0033 0006 001d 0002 abcd 0029 0002 0000",
	    true,
	    { .version = TLS_1_3,
		.legacy_version = 0x0303,
		.cipher = 0x1302,
		.group = 29,
		.pre_shared_key = true } },
	{ "0303" RANDOM "00 1302 00 000c 002b 0002 0304 002b 0002 0303", true,
	    { .version = TLS_1_3,
		.legacy_version = 0x0303,
		.cipher = 0x1302 } },
	/* HelloRetryRequest: a group without a key */
	{ "0303" RANDOM_HRR "00 1301 00 000c 0033 0002 0017 002b 0002 0304",
	    true,
	    { .version = TLS_1_3,
		.legacy_version = 0x0303,
		.cipher = 0x1301,
		.group = 23,
		.hello_retry = true } },
	/* drafts: 23 in the extension, 18 and 21 in the field, no session id */
	{ "0303" RANDOM "00 1301 00 0006 002b 0002 7f17", true,
	    { .version = TLS_1_3,
		.legacy_version = 0x0303,
		.draft = 0x7f17,
		.cipher = 0x1301 } },
	{ "7f12" RANDOM "1301 000a 0028 0006 001d 0002 abcd", true,
	    { .version = TLS_1_3,
		.legacy_version = 0x7f12,
		.draft = 0x7f12,
		.cipher = 0x1301,
		.group = 29 } },
	{ "7f15" RANDOM "1301", true,
	    { .version = TLS_1_3,
		.legacy_version = 0x7f15,
		.draft = 0x7f15,
		.cipher = 0x1301 } },
	{ "fb15" RANDOM "1301 0000", true,
	    { .version = TLS_1_3,
		.legacy_version = 0xfb15,
		.draft = 0xfb15,
		.cipher = 0x1301 } },
	/* from 22 on as TLS 1.2, and 1.3 itself, though named in the field */
	{ "7f16" RANDOM "00 1301 00", true,
	    { .version = TLS_1_3,
		.legacy_version = 0x7f16,
		.draft = 0x7f16,
		.cipher = 0x1301 } },
	{ "0304" RANDOM "00 1301 00", true,
	    { .version = TLS_1_3,
		.legacy_version = 0x0304,
		.cipher = 0x1301 } },
	/* a broken ALPN or key share hides no version */
	{ "0303" RANDOM "00 c030 00 000b 0010 0001 00 0033 0002 00", false,
	    { 0 } },
	{ "0303" RANDOM "00 c030 00 000a 0010 0001 00 0033 0001 00", true,
	    { .version = TLS_1_2,
		.legacy_version = 0x0303,
		.cipher = 0xc030 } },
	/* none that could be believed */
	{ "0303" RANDOM "00 1301 00 0004 002b 0000", false, { 0 } },
	{ "0303" RANDOM "00 1301 00 0007 002b 0003 020304", false, { 0 } },
	{ "0303" RANDOM "00 1301 00 0000 00", false, { 0 } },
	{ "0303" RANDOM "00 1301 00 00", false, { 0 } },
	{ "0303" RANDOM "00 1301 00 0007 002b 0002 0304", false, { 0 } },
	{ "0303" RANDOM "00 1301", false, { 0 } },
	{ "7f12" RANDOM "00 1301 00", false, { 0 } },
	{ "0000" RANDOM "00 1301 00", false, { 0 } },
	{ "0002" RANDOM "00 002f 00", false, { 0 } },
	{ "0305" RANDOM "00 002f 00", false, { 0 } },
	{ "0303" RANDOM "00 1301 00 0006 002b 0002 0305", false, { 0 } },
};

static void
servers_answer_as_their_row_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct server_hello *is = &answers[i].is;
		struct message m = message_of(answers[i].digits);
		struct server_hello got;

		assert_int_equal(
		    hello_server(bytes_of(m.data, m.len), &got), answers[i].ok);
		assert_false(got.sslv2_format);
		assert_int_equal(got.version, is->version);
		assert_int_equal(got.legacy_version, is->legacy_version);
		assert_int_equal(got.draft, is->draft);
		assert_int_equal(got.cipher, is->cipher);
		assert_int_equal(got.group, is->group);
		assert_int_equal(got.sentinel, is->sentinel);
		assert_int_equal(got.hello_retry, is->hello_retry);
		assert_int_equal(got.pre_shared_key, is->pre_shared_key);
		assert_true(bytes_ok(got.random) && bytes_ok(got.session_id));
		assert_true(bytes_ok(got.extensions) && bytes_ok(got.alpn));
		assert_true(bytes_ok(got.certificate));
		free(m.data);
	}
}

static void
the_parts_of_a_server_hello_are_kept(void **state)
{
	struct message m = message_of("0303" RANDOM "04 51515151 c030 00"
				      "000b 0010 0007 0005 04 696d6170");
	struct server_hello hello;

	(void)state;
	assert_true(hello_server(bytes_of(m.data, m.len), &hello));
	assert_run(hello.random, RANDOM);
	assert_run(hello.session_id, "51515151");
	assert_run(hello.extensions, "0010 0007 0005 04 696d6170");
	assert_run(hello.alpn, "696d6170");
	free(m.data);
}

static void
the_group_stands_in_the_key_exchange_of_these_suites(void **state)
{
	static const struct {
		uint32_t cipher;
		const char *digits;
		uint16_t group;
	} rows[] = {
		{ 0xc014, "03 001d 20", 29 },
		{ 0xc02b, "03 0017 41", 23 },
		{ 0xc018, "03 0018", 24 },
		{ 0xc035, "0004 68696e74 03 001d", 29 },
		{ 0xc035, "0000 03 001d", 29 },
		{ 0xc035, "0005 68696e74", 0 },
		{ 0xc014, "01 001d 20", 0 }, /* explicit_prime */
		{ 0xc014, "03 00", 0 },
		{ 0xc014, "", 0 },
		{ 0x0039, "03 001d 20", 0 }, /* DHE */
		{ 0xc004, "03 001d 20", 0 }, /* ECDH, fixed */
		{ 0x1301, "03 001d 20", 0 },
		{ 0xc0b0, "03 001d 20", 0 }, /* ECCPWD */
		{ 0xffff, "03 001d 20", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct message m = message_of(rows[i].digits);
		struct bytes body = bytes_of(m.data, m.len);

		assert_int_equal(hello_key_exchange_group(body, rows[i].cipher),
		    rows[i].group);
		free(m.data);
	}
}

static void
client_survives(struct bytes mutant, size_t cut, void *arg)
{
	size_t len = *(size_t *)arg;
	struct client_hello hello;
	struct offer offer;
	bool ok = hello_client(mutant, &hello);

	hello_offer(&hello, &offer);
	if (cut >= len)
		return;
	assert_int_equal(ok, cut >= 34);
	/* up to the end of the compression methods it is a whole hello */
	assert_int_equal(hello.whole, cut == 49);
	assert_int_equal(offer.max_version, cut == 49 ? TLS_1_2 : TLS_NONE);
}

static void
no_cut_client_hello_is_whole_and_no_flipped_bit_hurts(void **state)
{
	struct message m = with_extensions(modern, modern_extensions);

	(void)state;
	mutate(m.data, m.len, client_survives, &m.len);
	free(m.data);
}

static void
server_survives(struct bytes mutant, size_t cut, void *arg)
{
	struct server_hello hello;
	bool ok = hello_server(mutant, &hello);

	hello_key_exchange_group(mutant, 0xc014);
	hello_key_exchange_group(mutant, 0xc035);
	if (cut < *(size_t *)arg)
		assert_int_equal(ok, cut == 38);
	if (!ok)
		assert_int_equal(hello.version, TLS_NONE);
}

static void
no_cut_server_hello_gives_a_version_and_no_flipped_bit_hurts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct message m = message_of(answers[i].digits);

		if (answers[i].ok &&
		    strncmp(answers[i].digits, "0303" RANDOM "00", 70) == 0)
			mutate(m.data, m.len, server_survives, &m.len);
		free(m.data);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_a_client_says_is_read),
		cmocka_unit_test(the_mail_protocol_among_those_listed_is_found),
		cmocka_unit_test(what_is_not_there_is_an_empty_run),
		cmocka_unit_test(a_hello_without_version_and_random_is_none),
		cmocka_unit_test(the_offer_of_a_modern_client),
		cmocka_unit_test(the_maximum_is_the_best_version_that_is_known),
		cmocka_unit_test(a_list_of_any_length_is_kept_without_doubles),
		cmocka_unit_test(a_hello_that_was_cut_shows_what_is_left),
		cmocka_unit_test(bytes_after_the_extensions_are_damage),
		cmocka_unit_test(names_that_lie_are_left_out),
		cmocka_unit_test(a_name_is_kept_when_it_fits),
		cmocka_unit_test(an_empty_ticket_is_no_resumption),
		cmocka_unit_test(the_fallback_signal_is_found_among_the_suites),
		cmocka_unit_test(grease_is_two_equal_bytes_that_end_in_a),
		cmocka_unit_test(versions_are_known_by_number),
		cmocka_unit_test(servers_answer_as_their_row_says),
		cmocka_unit_test(the_parts_of_a_server_hello_are_kept),
		cmocka_unit_test(
		    the_group_stands_in_the_key_exchange_of_these_suites),
		cmocka_unit_test(
		    no_cut_client_hello_is_whole_and_no_flipped_bit_hurts),
		cmocka_unit_test(
		    no_cut_server_hello_gives_a_version_and_no_flipped_bit_hurts),
	};

	return cmocka_run_group_tests_name("hello", tests, NULL, NULL);
}
