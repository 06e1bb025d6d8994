/* SPDX-License-Identifier: ISC */
/* Records are read back: what was written once is written the same again. */
#include "report/recordin.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/ndjson.h"
#include "tests/kit.h"

static struct recordin *reader;
static struct connection c;
static struct identity who;
static char line[NDJSON_LINE_MAX], again[NDJSON_LINE_MAX];
static char message[RECORDIN_MESSAGE_MAX];

static int
set_up(void **state)
{
	(void)state;
	reader = recordin_new();
	return 0;
}

static int
renew(void **state)
{
	recordin_free(reader);
	return set_up(state);
}

static int
tear_down(void **state)
{
	(void)state;
	recordin_free(reader);
	return 0;
}

/* Reads the `len` bytes at `text`, and writes what they say. */
static void
assert_same_again(const char *text, size_t len)
{
	size_t again_len;

	if (!recordin_read(reader, text, len, &c, &who, message))
		fail_msg("%s: %.*s", message, (int)len, text);
	again_len = ndjson_format(&c, &who, again, sizeof(again));
	for (size_t i = 0; i < len; i++)
		if (i >= again_len || text[i] != again[i])
			fail_msg("%.80s: byte %zu: %.40s, not %.40s", text, i,
			    again + i, text + i);
	assert_int_equal(again_len, len);
}

static void
every_record_of_the_captures_is_written_the_same_again(void **state)
{
	const char *srcdir = getenv("srcdir");
	char pattern[4096];
	unsigned lines = 0;
	glob_t found;

	(void)state;
	snprintf(pattern, sizeof(pattern), "%s/pcaps/*.ndjson",
	    srcdir != NULL ? srcdir : ".");
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		FILE *file = fopen(found.gl_pathv[i], "r");

		assert_non_null(file);
		for (; fgets(line, sizeof(line), file) != NULL; lines++)
			assert_same_again(line, strlen(line));
		fclose(file);
	}
	assert_in_range(lines, 200, 100000);
	globfree(&found);
}

/*
 * Made-up records.
 */

static uint64_t seed;

static uint64_t
below(uint64_t end)
{
	return random_next(&seed) % end;
}

/* A string of any bytes but NUL, up to what has room. */
static void
any_text(char *out, size_t size)
{
	size_t len = below(4) == 0 ? size - 1 : below(size);

	memset(out, 0, size);
	for (size_t i = 0; i < len; i++)
		out[i] = (char)(below(2) ? 'a' + below(26) : 1 + below(255));
}

static uint16_t
any_version(void)
{
	static const uint16_t versions[] = { TLS_NONE, SSL_2_0, SSL_3_0,
		TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, 0x0305 };

	return versions[below(sizeof(versions) / sizeof(versions[0]))];
}

static void
any_bytes(void *out, size_t len)
{
	uint8_t *at = out;

	while (len-- > 0)
		*at++ = (uint8_t)below(256);
}

static void
any_hello(void)
{
	c.offer.seen = true;
	c.offer.sslv2_format = below(2);
	c.offer.fallback_scsv = below(2);
	c.offer.ech = below(2);
	c.offer.legacy_version = any_version();
	c.offer.max_version = any_version();
	c.offer.version_count = (uint8_t)below(CONNECTION_VERSIONS_MAX + 1);
	any_bytes(c.offer.versions, sizeof(c.offer.versions));
	for (size_t i = 0; i < c.offer.version_count; i += 2)
		c.offer.versions[i] = any_version();
	any_text(c.offer.server_name, sizeof(c.offer.server_name));
	c.has_ja3 = below(2);
	any_bytes(c.ja3, sizeof(c.ja3));
	any_text(c.ja4, sizeof(c.ja4));
	any_text(c.client_subject, sizeof(c.client_subject));
}

static void
any_answer(void)
{
	c.answer.seen = true;
	c.answer.hello_retry = below(2);
	c.answer.resumed = below(2);
	c.answer.established = below(2);
	c.answer.version = any_version();
	c.answer.draft = (uint16_t)below(0x10000);
	c.answer.cipher = (uint32_t)below(0x10000);
	c.answer.group = (uint16_t)below(600);
	c.answer.sentinel = below(2) ? TLS_1_2 : TLS_NONE;
	any_text(c.answer.next_protocol, sizeof(c.answer.next_protocol));
	c.has_ja3s = below(2);
	any_bytes(c.ja3s, sizeof(c.ja3s));
}

static void
any_certificate(void)
{
	struct certificate *cert = &c.server_certificate;

	cert->seen = true;
	cert->problems = (uint8_t)below(128);
	any_bytes(cert->sha256, sizeof(cert->sha256));
	cert->not_before_s = (int64_t)below(INT64_C(1) << 33) - (1 << 30);
	cert->not_after_s = (int64_t)below(INT64_C(1) << 38);
	any_text(cert->subject, sizeof(cert->subject));
	any_text(cert->issuer, sizeof(cert->issuer));
}

static void
any_talk(void)
{
	static const char *const talks[] = { "", "EHLO,STARTTLS", "HELO",
		"EHLO,AUTH,ehlo", "CAPA,STLS" };
	static const char imap[] = "a0000 CAPABILITY,a0000 STARTTLS";
	size_t at = 0;

	memset(c.talk, 0, sizeof(c.talk));
	snprintf(c.talk, sizeof(c.talk), "%s",
	    c.protocol == MAIL_IMAP ? imap : talks[below(5)]);
	any_text(c.ehlo, sizeof(c.ehlo));
	c.login = below(2);
	c.secret_exposed = c.login && below(2);
	any_text(c.login_mechanism, sizeof(c.login_mechanism));
	if (!c.login)
		c.login_mechanism[0] = '\0';
	c.unexpected_bytes[below(2)] = below(2);
	for (unsigned i = 0; i < below(6); i++) {
		snprintf(
		    c.client_id + at, 60, "%cey%u", i % 2 ? 'k' : '\xFF', i);
		at += strlen(c.client_id + at) + 1;
		any_text(c.client_id + at, 40);
		at += strlen(c.client_id + at) + 1;
	}
	c.client_id_len = (uint16_t)at;
}

static void
any_alerts(void)
{
	c.alert_count = (uint8_t)below(CONNECTION_ALERTS_MAX + 1);
	for (size_t i = 0; i < c.alert_count; i++)
		c.alerts[i] = (struct alert){ (uint8_t)below(2),
			(uint8_t)(1 + below(2)), (uint8_t)below(256) };
}

static void
any_ends(void)
{
	c.first_us = (int64_t)below(INT64_C(1) << 52) - (INT64_C(1) << 50);
	c.last_us = c.first_us + (int64_t)below(UINT64_C(1) << 40);
	c.protocol = (enum mail_protocol)below(MAIL_SIEVE + 1);
	c.ipv6 = below(2);
	for (size_t side = 0; side < 2; side++) {
		any_bytes(c.end[side].ip, c.ipv6 ? 16 : 4);
		any_bytes(c.end[side].mac, 6);
		c.end[side].port = (uint16_t)below(0x10000);
		c.end[side].bytes = random_next(&seed);
	}
	c.end[CLIENT].has_mac = below(2);
}

static void
any_who(void)
{
	struct program *program = &who.program;

	any_text(who.server_name, sizeof(who.server_name));
	any_text(who.provider, sizeof(who.provider));
	snprintf(who.device.id, sizeof(who.device.id), "00-00-5E-00-53-2A");
	any_text(who.device.name, sizeof(who.device.name));
	who.device.source = (enum name_source)below(NAME_EHLO + 1);
	any_text(who.device.vendor, sizeof(who.device.vendor));
	who.process.known = below(2);
	any_text(who.process.name, sizeof(who.process.name));
	any_text(who.process.executable, sizeof(who.process.executable));
	who.process.pid = (uint32_t)below(70000);
	who.process.uid = (uint32_t)random_next(&seed);
	who.device.own_mac = below(2);
	who.device.randomized_mac = who.device.own_mac && below(2);
	any_text(who.device.vendor_class, sizeof(who.device.vendor_class));
	who.device.parameter_count =
	    (uint8_t)below(SIGHTING_PARAMETERS_MAX + 1);
	any_bytes(who.device.parameters, sizeof(who.device.parameters));
	program->library = below(2) ? "GnuTLS" : "";
	program->talk_library = "";
	program->evidence = (unsigned)below(512);
	if (program->evidence == 0)
		return;
	program->candidates[0] = "fetchmail";
	program->candidates[1] = "mutt";
	program->count = below(3);
	any_text(program->name, sizeof(program->name));
	program->certain =
	    (program->count > 0 || program->name[0] != '\0') && below(2);
}

static void
any_record(void)
{
	memset(&c, 0, sizeof(c));
	memset(&who, 0, sizeof(who));
	any_ends();
	any_who();
	any_talk();
	any_alerts();
	c.tls = below(4) > 0;
	if (c.tls && below(4) > 0)
		any_hello();
	if (c.tls && below(4) > 0)
		any_answer();
	if (c.tls && below(2))
		any_certificate();
	c.evidence = (enum evidence)below(EVIDENCE_NONE + 1);
	c.incomplete = (uint8_t)below(64);
	c.closed_by = (enum closed_by)below(CLOSED_BY_SERVER + 1);
	c.encryption = (enum encryption)below(ENCRYPTION_STARTTLS + 1);
	c.starttls = (enum starttls)below(STARTTLS_USED + 1);
	c.client_certificate = (enum client_certificate)below(4);
	c.failure = (enum failure)below(FAILURE_OTHER + 1);
	c.verdict = (enum verdict)below(VERDICT_UNDETERMINED + 1);
	c.verdict_likely = below(2);
	c.outcome = (enum outcome)below(OUTCOME_FAILURE + 1);
}

static void
so_is_any_other_whatever_the_wire_held(void **state)
{
	(void)state;
	seed = 4;
	for (unsigned i = 0; i < 3000; i++) {
		size_t len;

		any_record();
		len = ndjson_format(&c, &who, line, sizeof(line));
		assert_same_again(line, len);
	}
}

/*
 * Strictness.
 */

/* The least that a record must have. */
#define LEAST(more, mailtls)                                                   \
	"{\"@timestamp\":\"2023-11-14T22:13:20.000001Z\","                     \
	"\"network\":{\"type\":\"ipv4\"},\"source\":{\"ip\":\"192.0.2.1\"},"   \
	"\"destination\":{\"ip\":\"192.0.2.2\"}," more                         \
	"\"mailtls\":{\"schema\":1" mailtls "}}"

static bool
reads(const char *text)
{
	return recordin_read(reader, text, strlen(text), &c, &who, message);
}

static void
what_is_not_there_is_as_if_it_had_not_been_seen(void **state)
{
	(void)state;
	assert_true(reads(LEAST("", "")));
	assert_int_equal(c.first_us, INT64_C(1700000000000001));
	assert_int_equal(c.last_us, c.first_us);
	assert_false(c.tls || c.offer.seen || c.answer.seen || c.login);
	assert_int_equal(c.verdict, VERDICT_NONE);
	assert_string_equal(who.server_name, "");
	assert_string_equal(who.program.library, "");
	assert_int_equal(who.program.count, 0);
}

static void
keys_that_are_not_known_are_passed_over(void **state)
{
	(void)state;
	assert_true(
	    reads(LEAST("\"ecs\":{\"version\":\"9.5\"},", ",\"later\":[1]")));
}

static void
what_no_record_holds_is_refused_and_named(void **state)
{
	static const struct {
		const char *text, *wrong;
	} cases[] = {
		{ LEAST("", ",\"verdict\":\"fine\""), "'verdict'" },
		{ LEAST("", ",\"verdict\":1"), "'verdict'" },
		{ LEAST("", ",\"incomplete\":[\"gone\"]"), "'incomplete'" },
		{ LEAST("", ",\"incomplete\":[7]"), "an item" },
		{ LEAST("", ",\"alerts\":[{\"code\":256}]"), "'code'" },
		{ LEAST("", ",\"alerts\":[1]"), "an item" },
		{ LEAST("", ",\"alerts\":[{\"code\":1,\"from\":\"me\"}]"),
		    "'from'" },
		{ LEAST("", ",\"client_id\":{\"name\":null}"), "'client_id'" },
		{ LEAST("", ",\"client_hello\":{\"max_version\":\"2\"}"),
		    "'max_version'" },
		{ LEAST("\"tls\":{\"cipher\":\"TLS_NONE\"},", ""), "'cipher'" },
		{ LEAST("\"tls\":{\"client\":{\"ja3\":\"00\"}},", ""),
		    "'ja3'" },
		{ LEAST("\"tls\":{\"resumed\":\"no\"},", ""), "'resumed'" },
		{ LEAST("\"tls\":[],", ""), "'tls'" },
		{ LEAST("\"event\":{\"duration\":-1},", ""), "'duration'" },
		{ LEAST("\"event\":{\"duration\":1.5},", ""), "'duration'" },
		{ "{}", "'@timestamp'" },
		{ "[]", "not an object" },
		{ "{\"a\":1,\"a\":1}", "not an object" },
		{ "", "not an object" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_false(reads(cases[i].text));
		if (strstr(message, cases[i].wrong) == NULL)
			fail_msg("%s: %s", cases[i].text, message);
	}
}

static void
so_is_a_time_or_an_address_that_is_none(void **state)
{
	static const char *const cases[][2] = {
		{ "2023-11-14T22", "2023-11-31T22" },
		{ "2023-11-14T22", "2023-13-14T22" },
		{ "2023-11-14T22", "2023-11-14T24" },
		{ "2023-11-14T22", "2023-11-14 22" },
		{ "001Z", "001+00:00" },
		{ "192.0.2.1", "192.0.2.256" },
		{ "192.0.2.2", "2001:db8::1" },
		{ "ipv4", "ipx" },
		{ "\"schema\":1", "\"schema\":2" },
	};
	static const char whole[] = LEAST("", "");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *at = strstr(whole, cases[i][0]);

		assert_non_null(at);
		snprintf(line, sizeof(line), "%.*s%s%s", (int)(at - whole),
		    whole, cases[i][1], at + strlen(cases[i][0]));
		if (reads(line))
			fail_msg("%s", line);
	}
}

static void
read_mutant(struct bytes mutant, size_t cut, void *arg)
{
	const size_t *whole = arg;
	bool fine = recordin_read(
	    reader, (const char *)mutant.data, mutant.len, &c, &who, message);
	size_t len;

	assert_true(!fine || cut == *whole);
	if (!fine)
		return;
	/* Whatever it says now, it keeps saying. */
	len = ndjson_format(&c, &who, line, sizeof(line));
	assert_same_again(line, len);
}

static void
a_damaged_record_is_refused_or_says_something_else(void **state)
{
	static char whole[NDJSON_LINE_MAX];
	size_t len;

	(void)state;
	seed = 7;
	do {
		any_record();
		len = ndjson_format(&c, &who, whole, sizeof(whole)) - 1;
	} while (len > 3000);
	mutate(whole, len, read_mutant, &len);
}

static void
names_beyond_the_bound_are_left_out(void **state)
{
	(void)state;
	for (unsigned i = 0; i <= RECORDIN_NAMES_MAX; i++) {
		snprintf(line, sizeof(line),
		    LEAST("", ",\"program\":{\"library\":\"L%u\"}"), i);
		assert_true(reads(line));
	}
	assert_string_equal(who.program.library, "");
	assert_true(reads(LEAST("", ",\"program\":{\"library\":\"L7\"}")));
	assert_string_equal(who.program.library, "L7");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_record_of_the_captures_is_written_the_same_again),
		cmocka_unit_test(so_is_any_other_whatever_the_wire_held),
		cmocka_unit_test(
		    what_is_not_there_is_as_if_it_had_not_been_seen),
		cmocka_unit_test(keys_that_are_not_known_are_passed_over),
		cmocka_unit_test(what_no_record_holds_is_refused_and_named),
		cmocka_unit_test(so_is_a_time_or_an_address_that_is_none),
		cmocka_unit_test(
		    a_damaged_record_is_refused_or_says_something_else),
		cmocka_unit_test_setup_teardown(
		    names_beyond_the_bound_are_left_out, renew, NULL),
	};

	return cmocka_run_group_tests_name(
	    "recordin", tests, set_up, tear_down);
}
