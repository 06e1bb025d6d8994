/* SPDX-License-Identifier: ISC */
/* Records are read back by a JSON parser of somebody else's. */
#include "report/ndjson.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kit.h"

static char line[NDJSON_LINE_MAX];

/* What the client of every record is called, once `renamed`. */
static struct device_name device;
static bool renamed;

/* The program of this machine that they all belong to. */
static struct process process;

/* A connection of which nothing is known but that it was. */
static struct connection
bare(void)
{
	return (struct connection){
		.first_us = 1700000000000001,
		.last_us = 1700000001000001,
		.end = { [CLIENT] = { .ip = { 192, 0, 2, 10 },
			     .port = 40000,
			     .bytes = 7 },
		    [SERVER] = { .ip = { 198, 51, 100, 25 }, .port = 25 } },
	};
}

/* What `c` is written as, parsed; the caller gives it back. */
static json_t *
record_of(const struct connection *c)
{
	struct identity who;
	size_t len;
	json_error_t error;
	json_t *record;

	identify(NULL, c, &who);
	who.device = renamed ? device : who.device;
	who.process = process;
	len = ndjson_format(c, &who, line, sizeof(line));

	assert_in_range(len, 1, sizeof(line) - 1);
	assert_int_equal(line[len - 1], '\n');
	assert_null(memchr(line, '\n', len - 1));
	record = json_loadb(
	    line, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	if (record == NULL)
		fail_msg("%s at %d: %.*s", error.text, error.position, (int)len,
		    line);
	return record;
}

/* Compares what is under `path`, keys with dots between, with `expected`,
 * JSON; NULL if it must be absent. */
static void
assert_key(const struct connection *c, const char *path, const char *expected)
{
	json_t *record = record_of(c), *at = record;
	char keys[128], *rest = keys;

	assert_true(strlen(path) < sizeof(keys));
	memcpy(keys, path, strlen(path) + 1);
	while (at != NULL && rest != NULL) {
		char *dot = strchr(rest, '.');

		if (dot != NULL)
			*dot++ = '\0';
		at = json_object_get(at, rest);
		rest = dot;
	}
	if (expected == NULL) {
		assert_null(at);
	} else {
		char *text = json_dumps(
		    at, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII);

		assert_non_null(text);
		assert_string_equal(text, expected);
		free(text);
	}
	json_decref(record);
}

static void
what_is_not_known_is_absent(void **state)
{
	struct connection c = bare();
	const struct identity who = { .server_name = "" };
	size_t len = ndjson_format(&c, &who, line, sizeof(line));
	static const char expected[] =
	    "{\"@timestamp\":\"2023-11-14T22:13:20.000001Z\","
	    "\"event\":{\"duration\":1000000000,\"outcome\":\"unknown\"},"
	    "\"network\":{\"transport\":\"tcp\",\"type\":\"ipv4\","
	    "\"protocol\":\"unknown\"},"
	    "\"source\":{\"ip\":\"192.0.2.10\",\"port\":40000,\"bytes\":7},"
	    "\"destination\":{\"ip\":\"198.51.100.25\",\"port\":25,"
	    "\"bytes\":0},"
	    "\"mailtls\":{\"schema\":1,\"device\":{},"
	    "\"closed_by\":\"none\"}}\n";

	(void)state;
	assert_int_equal(len, sizeof(expected) - 1);
	assert_memory_equal(line, expected, len);
}

static void
fill_in_talk(struct connection *c)
{
	c->ipv6 = true;
	c->end[CLIENT] =
	    (struct endpoint){ .ip = { 0x20, 1, 0xD, 0xB8, [15] = 1 },
		    .has_mac = true,
		    .mac = { 0, 0, 0x5E, 0, 0x53, 0x2A },
		    .port = 40000,
		    .bytes = UINT64_MAX };
	c->protocol = MAIL_SMTP;
	c->encryption = ENCRYPTION_STARTTLS;
	c->starttls = STARTTLS_USED;
	c->login = c->secret_exposed = true;
	c->unexpected_bytes[CLIENT] = c->unexpected_bytes[SERVER] = true;
	memcpy(c->login_mechanism, "PLAIN", 6);
	memcpy(c->ehlo, "printer.example", 16);
	memcpy(c->client_id, "name\0x\0name\0y\0version\0001\0", 25);
	c->client_id_len = 25;
}

static void
fill_in_tls(struct connection *c)
{
	c->tls = true;
	c->closed_by = CLOSED_BY_SERVER;
	c->incomplete = 0x3F;
	c->offer = (struct offer){ .seen = true,
		.fallback_scsv = true,
		.sslv2_format = true,
		.ech = true,
		.legacy_version = TLS_1_2,
		.max_version = TLS_1_3,
		.version_count = 7,
		.versions = { 0x2A2A, TLS_1_2, 0x7F1C, 0x0305, TLS_1_3, SSL_3_0,
		    0x7F17 },
		.server_name = "smtp.example" };
	c->answer = (struct answer){ .seen = true,
		.hello_retry = true,
		.resumed = true,
		.established = true,
		.version = TLS_1_3,
		.draft = 0x7F1C,
		.cipher = 0x1301,
		.group = 29,
		.sentinel = TLS_1_1,
		.next_protocol = "smtp" };
	c->client_certificate = CLIENT_CERTIFICATE_SENT;
	c->alerts[0] = (struct alert){ CLIENT, 1, 112 };
	c->alerts[1] = (struct alert){ SERVER, 2, 70 };
	c->alerts[2] = (struct alert){ SERVER, 2, 255 };
	c->alert_count = 3;
	c->has_ja3 = c->has_ja3s = true;
	memset(c->ja3, 0xAB, sizeof(c->ja3));
	memset(c->ja3s, 0xCD, sizeof(c->ja3s));
	memcpy(c->ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1", 37);
	memcpy(c->client_subject, "CN=client", 10);
	c->server_certificate = (struct certificate){ .seen = true,
		.problems = 0x7F,
		.not_before_s = 0,
		.not_after_s = 1700000000,
		.subject = "CN=smtp.example",
		.issuer = "CN=Example CA",
		.name = "mx.example" };
	memset(c->server_certificate.sha256, 0xEF, 32);
	c->failure = FAILURE_CLOSED;
	c->verdict = VERDICT_REFUSED_OLD;
	c->verdict_likely = true;
	c->outcome = OUTCOME_FAILURE;
}

/* A connection of which all is known. */
static struct connection
full(void)
{
	struct connection c = bare();

	fill_in_talk(&c);
	fill_in_tls(&c);
	return c;
}

/* Where all that is in full() is to be found. */
static const struct {
	const char *path, *value;
} places[] = {
	{ "event.outcome", "\"failure\"" },
	{ "network.type", "\"ipv6\"" },
	{ "network.protocol", "\"smtp\"" },
	{ "source.ip", "\"2001:db8::1\"" },
	{ "source.mac", "\"00-00-5E-00-53-2A\"" },
	{ "source.bytes", "9223372036854775807" },
	{ "destination.domain", "\"smtp.example\"" },
	{ "tls.version_protocol", "\"tls\"" },
	{ "tls.version", "\"1.3\"" },
	{ "tls.established", "true" },
	{ "tls.cipher", "\"TLS_AES_128_GCM_SHA256\"" },
	{ "tls.curve", "\"x25519\"" },
	{ "tls.resumed", "true" },
	{ "tls.next_protocol", "\"smtp\"" },
	{ "tls.client.server_name", "\"smtp.example\"" },
	{ "tls.client.ja3", "\"abababababababababababababababab\"" },
	{ "tls.client.ja4", "\"t13d1516h2_8daaf6152771_e5627efa2ab1\"" },
	{ "tls.client.subject", "\"CN=client\"" },
	{ "tls.server.ja3s", "\"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\"" },
	{ "tls.server.subject", "\"CN=smtp.example\"" },
	{ "tls.server.issuer", "\"CN=Example CA\"" },
	{ "tls.server.not_before", "\"1970-01-01T00:00:00Z\"" },
	{ "tls.server.not_after", "\"2023-11-14T22:13:20Z\"" },
	{ "tls.server.hash.sha256",
	    "\"EFEFEFEFEFEFEFEFEFEFEFEFEFEFEFEFEFEFEFEFEFEFEFEFEFEFEF"
	    "EFEFEFEFEF\"" },
	{ "mailtls.encryption", "\"starttls\"" },
	{ "mailtls.starttls", "\"used\"" },
	{ "mailtls.client_hello",
	    "{\"legacy_version\":\"1.2\",\"max_version\":\"1.3\","
	    "\"versions\":[\"1.3\",\"1.2\",\"ssl 3.0\",\"0x0305\"],"
	    "\"sslv2_format\":true,\"fallback_scsv\":true,"
	    "\"ech\":true}" },
	{ "mailtls.hello_retry", "true" },
	{ "mailtls.draft", "\"0x7f1c\"" },
	{ "mailtls.downgrade_sentinel", "\"1.1\"" },
	{ "mailtls.alerts",
	    "[{\"from\":\"client\",\"level\":\"warning\",\"code\":112,"
	    "\"name\":\"unrecognized_name\"},"
	    "{\"from\":\"server\",\"level\":\"fatal\",\"code\":70,"
	    "\"name\":\"protocol_version\"},"
	    "{\"from\":\"server\",\"level\":\"fatal\","
	    "\"code\":255}]" },
	{ "mailtls.client_certificate", "\"sent\"" },
	{ "mailtls.certificate_problems",
	    "[\"expired\",\"not_yet_valid\",\"self_signed\","
	    "\"name_mismatch\",\"untrusted\",\"weak_key\","
	    "\"weak_signature\"]" },
	{ "mailtls.login", "\"plaintext\"" },
	{ "mailtls.login_mechanism", "\"PLAIN\"" },
	{ "mailtls.secret_exposed", "true" },
	{ "mailtls.ehlo", "\"printer.example\"" },
	{ "mailtls.client_id", "{\"name\":\"x\",\"version\":\"1\"}" },
	{ "mailtls.unexpected_bytes", "\"client\"" },
	{ "mailtls.closed_by", "\"server\"" },
	{ "mailtls.incomplete",
	    "[\"no_start\",\"one_sided\",\"gap\",\"truncated\","
	    "\"not_tls\",\"overflow\"]" },
	{ "mailtls.failure", "\"closed\"" },
	{ "mailtls.verdict", "\"refused_old\"" },
	{ "mailtls.verdict_certainty", "\"likely\"" },
};

static void
every_key_has_its_place(void **state)
{
	struct connection c = full();

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		assert_key(&c, places[i].path, places[i].value);
}

static void
what_shows_that_it_is_mail_is_told_if_not_the_port(void **state)
{
	static const struct {
		enum evidence evidence;
		const char *word;
	} rows[] = {
		{ EVIDENCE_CONTENT, "\"content\"" },
		{ EVIDENCE_NAME, "\"name\"" },
		{ EVIDENCE_HINT, "\"ndpi\"" },
		{ EVIDENCE_SERVER, "\"server\"" },
		{ EVIDENCE_PROGRAM, "\"program\"" },
		{ EVIDENCE_PORT, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct connection c = bare();

		c.evidence = rows[i].evidence;
		assert_key(&c, "mailtls.found_by", rows[i].word);
	}
}

static void
a_version_needs_a_final_ServerHello(void **state)
{
	struct connection c = full();

	(void)state;
	c.answer.seen = false;
	assert_key(&c, "tls.version", NULL);
	assert_key(&c, "tls.version_protocol", NULL);
	assert_key(&c, "tls.cipher", NULL);
	assert_key(&c, "tls.resumed", NULL);
	assert_key(&c, "tls.established", "true");
	c.tls = false;
	assert_key(&c, "tls", NULL);
}

static void
SSL_is_a_protocol_of_its_own(void **state)
{
	struct connection c = full();

	(void)state;
	c.answer.version = SSL_3_0;
	assert_key(&c, "tls.version_protocol", "\"ssl\"");
	assert_key(&c, "tls.version", "\"3.0\"");
	c.answer.version = 0;
	assert_key(&c, "tls.version", NULL);
}

static void
suites_and_groups_without_a_name_are_numbers(void **state)
{
	static const struct {
		uint16_t version;
		uint32_t cipher;
		const char *text;
	} rows[] = {
		{ TLS_1_2, 0x12FE, "\"0x12fe\"" },
		{ TLS_1_2, 0x0000, "\"TLS_NULL_WITH_NULL_NULL\"" },
		{ SSL_2_0, 0xFF0080, "\"0xff0080\"" },
		{ SSL_2_0, 0x010080, "\"SSL_CK_RC4_128_WITH_MD5\"" },
		{ SSL_2_0, 0, NULL }, /* the client chooses, later */
		{ TLS_1_2, 0xABCDEF, "\"0xabcdef\"" },
	};
	struct connection c = full();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		c.answer.version = rows[i].version;
		c.answer.cipher = rows[i].cipher;
		assert_key(&c, "tls.cipher", rows[i].text);
	}
	c.answer.group = 0xFFAA;
	assert_key(&c, "tls.curve", "\"0xffaa\"");
	c.answer.group = 0;
	assert_key(&c, "tls.curve", NULL);
}

static void
a_device_has_an_id_and_what_else_is_known(void **state)
{
	struct connection c = bare();

	(void)state;
	assert_key(&c, "source.domain", NULL);
	assert_key(&c, "mailtls.device", "{\"id\":\"192.0.2.10\"}");
	c.end[CLIENT].has_mac = true;
	c.end[CLIENT].mac[0] = 2;
	assert_key(&c, "mailtls.device",
	    "{\"id\":\"02-00-00-00-00-00\",\"randomized_mac\":true}");
	device = (struct device_name){
		.id = "00-00-5E-00-53-23",
		.name = "printer\x1b",
		.source = NAME_LEASE,
		.vendor = "Example",
		.own_mac = true,
		.vendor_class = "MSFT \x1b",
		.parameters = { 1, 255 },
		.parameter_count = 2,
	};
	renamed = true;
	assert_key(&c, "source.domain", "\"printer\\u001B\"");
	assert_key(&c, "mailtls.device",
	    "{\"id\":\"00-00-5E-00-53-23\",\"name\":\"printer\\u001B\","
	    "\"name_source\":\"lease\",\"vendor\":\"Example\","
	    "\"randomized_mac\":false,\"dhcp_class\":\"MSFT \\u001B\","
	    "\"dhcp_parameters\":[1,255]}");
	renamed = false;
}

static void
a_domain_is_asked_for_or_claimed_or_certified(void **state)
{
	struct connection c = full();

	(void)state;
	c.offer.server_name[0] = '\0';
	memcpy(c.greeting_name, "mail.example", 13);
	assert_key(&c, "destination.domain", "\"mail.example\"");
	c.greeting_name[0] = '\0';
	assert_key(&c, "destination.domain", "\"mx.example\"");
	c.server_certificate.name[0] = '\0';
	assert_key(&c, "destination.domain", NULL);
}

static void
a_certificate_that_was_not_parsed_has_its_hash_alone(void **state)
{
	struct connection c = full();

	(void)state;
	c.has_ja3s = false;
	c.server_certificate.subject[0] = c.server_certificate.issuer[0] = 0;
	c.server_certificate.not_after_s = 0;
	memset(c.server_certificate.sha256, 0, 32);
	assert_key(&c, "tls.server",
	    "{\"hash\":{\"sha256\":\"00000000000000000000000000000000000000000"
	    "00000000000000000000000\"}}");
	c.server_certificate.seen = false;
	assert_key(&c, "tls.server", NULL);
}

static void
objects_without_keys_are_absent(void **state)
{
	struct connection c = full();

	(void)state;
	c.offer = (struct offer){ .seen = true,
		.version_count = 1,
		.versions = { 0xFAFA },
		.legacy_version = 0x0399 };
	c.has_ja3 = false;
	c.ja4[0] = c.client_subject[0] = '\0';
	c.alert_count = 0;
	assert_key(&c, "tls.client", NULL);
	assert_key(&c, "mailtls.alerts", NULL);
	assert_key(
	    &c, "mailtls.client_hello", "{\"legacy_version\":\"0x0399\"}");
	c.unexpected_bytes[CLIENT] = false;
	assert_key(&c, "mailtls.unexpected_bytes", "\"server\"");
}

static void
times_that_run_backwards_or_too_far_are_bounded(void **state)
{
	struct connection c = bare();

	(void)state;
	c.last_us = c.first_us - 1;
	assert_key(&c, "event.duration", "0");
	c.first_us = INT64_MIN;
	c.last_us = INT64_MAX;
	assert_key(&c, "event.duration", "9223372036854775807");
}

/* Fills every string with bytes that take the most room when escaped. */
static void
fill(struct connection *c, char with)
{
	memset(c->login_mechanism, with, sizeof(c->login_mechanism));
	memset(c->ehlo, with, sizeof(c->ehlo));
	memset(c->client_id, with, sizeof(c->client_id));
	for (size_t i = 1; i < sizeof(c->client_id); i += 2)
		c->client_id[i] = '\0';
	c->client_id[2] = 'x';
	c->client_id_len = sizeof(c->client_id);
	memset(c->offer.server_name, with, sizeof(c->offer.server_name));
	memset(c->answer.next_protocol, with, sizeof(c->answer.next_protocol));
	memset(c->ja4, with, sizeof(c->ja4));
	memset(c->client_subject, with, sizeof(c->client_subject));
	memset(c->server_certificate.subject, with, CONNECTION_SUBJECT_MAX);
	memset(c->server_certificate.issuer, with, CONNECTION_SUBJECT_MAX);
}

static void
the_longest_record_fits(void **state)
{
	struct connection c = full();

	(void)state;
	fill(&c, '\x01');
	/* One pair that takes all the room there is. */
	memset(c.client_id, '\x01', sizeof(c.client_id));
	c.client_id[1] = c.client_id[CONNECTION_ID_MAX - 1] = '\0';
	for (size_t i = 0; i < CONNECTION_ALERTS_MAX; i++)
		c.alerts[i] = (struct alert){ CLIENT, 1, 113 };
	c.alert_count = CONNECTION_ALERTS_MAX;
	c.offer.version_count = CONNECTION_VERSIONS_MAX;
	for (size_t i = 0; i < CONNECTION_VERSIONS_MAX; i++)
		c.offer.versions[i] = 0x0555;
	memset(&device, 1, sizeof(device));
	device.id[sizeof(device.id) - 1] = '\0';
	device.source = NAME_NETBIOS;
	device.own_mac = device.randomized_mac = true;
	device.parameter_count = SIGHTING_PARAMETERS_MAX;
	renamed = true;
	json_decref(record_of(&c));
	renamed = false;
}

static void
a_record_that_does_not_fit_is_cut_and_ends_its_line(void **state)
{
	struct connection c = full();
	const struct identity who = { .server_name = "mail.example" };
	size_t whole = ndjson_format(&c, &who, line, sizeof(line));

	(void)state;
	for (size_t size = 0; size < whole; size++) {
		char *exact = malloc(size > 0 ? size : 1);
		size_t len;

		assert_non_null(exact);
		len = ndjson_format(&c, &who, exact, size);
		assert_true(len <= size);
		assert_int_equal(len > 0, size > 0);
		if (size > 0)
			assert_int_equal(exact[len - 1], '\n');
		free(exact);
	}
}

static void
any_connection_is_written_as_valid_JSON(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (size_t round = 0; round < 3000; round++) {
		struct connection c = full();

		fill(&c, (char)random_next(&seed));
		for (size_t i = 0; i < 64; i++) {
			uint64_t r = random_next(&seed);

			c.ehlo[r % sizeof(c.ehlo)] = (char)(r >> 32);
			c.client_id[r % sizeof(c.client_id)] = (char)(r >> 40);
			c.offer.server_name[r >> 8 & 255] = (char)(r >> 48);
			c.server_certificate.subject[r >> 16 & 255] =
			    (char)(r >> 56);
		}
		c.client_id_len = (uint16_t)(random_next(&seed) % 385);
		c.offer.legacy_version = (uint16_t)random_next(&seed);
		c.first_us = (int64_t)random_next(&seed);
		c.last_us = (int64_t)random_next(&seed);
		json_decref(record_of(&c));
	}
}

static void
a_program_of_this_machine_is_named(void **state)
{
	struct connection c = bare();

	(void)state;
	process = (struct process){
		.known = true,
		.pid = 4711,
		.uid = 1000,
		.name = "fetchmail",
		.executable = "/usr/bin/fetchmail",
	};
	assert_key(&c, "process",
	    "{\"name\":\"fetchmail\",\"pid\":4711,"
	    "\"executable\":\"/usr/bin/fetchmail\","
	    "\"user\":{\"id\":\"1000\"}}");
	process.pid = 0; /* several share the socket */
	process.executable[0] = '\0';
	assert_key(&c, "process",
	    "{\"name\":\"fetchmail\",\"user\":{\"id\":\"1000\"}}");
	process.known = false;
	assert_key(&c, "process", NULL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_known_is_absent),
		cmocka_unit_test(a_program_of_this_machine_is_named),
		cmocka_unit_test(every_key_has_its_place),
		cmocka_unit_test(
		    what_shows_that_it_is_mail_is_told_if_not_the_port),
		cmocka_unit_test(a_version_needs_a_final_ServerHello),
		cmocka_unit_test(SSL_is_a_protocol_of_its_own),
		cmocka_unit_test(suites_and_groups_without_a_name_are_numbers),
		cmocka_unit_test(a_device_has_an_id_and_what_else_is_known),
		cmocka_unit_test(a_domain_is_asked_for_or_claimed_or_certified),
		cmocka_unit_test(
		    a_certificate_that_was_not_parsed_has_its_hash_alone),
		cmocka_unit_test(objects_without_keys_are_absent),
		cmocka_unit_test(
		    times_that_run_backwards_or_too_far_are_bounded),
		cmocka_unit_test(the_longest_record_fits),
		cmocka_unit_test(
		    a_record_that_does_not_fit_is_cut_and_ends_its_line),
		cmocka_unit_test(any_connection_is_written_as_valid_JSON),
	};

	return cmocka_run_group_tests_name("ndjson", tests, NULL, NULL);
}
