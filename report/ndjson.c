/* SPDX-License-Identifier: ISC */
/*
 * The connection record as a line of JSON.  Names follow the Elastic Common
 * Schema; what it has no name for lives under "mailtls".  A key of which
 * nothing is known is absent, and so is an object without keys.
 */
#include "report/ndjson.h"

#include <stdio.h>
#include <string.h>

#include "dissect/hello.h"
#include "dissect/names.h"
#include "report/codes.h"
#include "report/imapid.h"
#include "report/iptext.h"
#include "report/jsonout.h"
#include "report/manner.h"
#include "report/programout.h"
#include "report/verdict.h"

enum {
	SCHEMA = 1,     /* rises when a key is renamed or removed */
	NUMBER_LEN = 9, /* "0x010080" and NUL */
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* close_used ends an object or array, or takes it back when it is empty:
 * `before` is what the writer was before it was opened. */
static void
close_used(struct jsonout *j, char bracket, const struct jsonout *before)
{
	if (j->comma)
		jsonout_close(j, bracket);
	else
		*j = *before;
}

static void
put_text(struct jsonout *j, const char *key, const char *text, size_t size)
{
	const char *end = memchr(text, '\0', size);
	size_t len = end != NULL ? (size_t)(end - text) : size;

	if (len > 0)
		jsonout_string(j, key, text, len);
}

static void
put_true(struct jsonout *j, const char *key, bool value)
{
	if (value)
		jsonout_bool(j, key, true);
}

static void
put_count(struct jsonout *j, const char *key, uint64_t count)
{
	jsonout_int(j, key, count < INT64_MAX ? (int64_t)count : INT64_MAX);
}

static void
put_number(struct jsonout *j, const char *key, uint32_t number, size_t digits)
{
	char text[NUMBER_LEN] = "0x";
	size_t at = 2;

	for (; digits > 0; digits--)
		text[at++] =
		    "0123456789abcdef"[number >> 4 * (digits - 1) & 15];
	jsonout_string(j, key, text, at);
}

/* The words whose bits are set, in the order of the table. */
static void
put_bits(struct jsonout *j, const char *key, const struct codes *codes,
    unsigned bits)
{
	struct jsonout before = *j;

	jsonout_open(j, key, '[');
	for (size_t i = 0; i < codes->count; i++)
		if (bits >> i & 1)
			jsonout_word(j, NULL, codes->words[i]);
	close_used(j, ']', &before);
}

/* A version as its word, or as its number where it has none. */
static void
put_version(struct jsonout *j, const char *key, uint16_t version)
{
	const char *name = names_version(hello_version(version));

	if (name != NULL)
		jsonout_word(j, key, name);
	else
		put_number(j, key, version, 4);
}

static void
put_event(struct jsonout *j, const struct connection *c)
{
	uint64_t us = 0;

	if (c->last_us > c->first_us)
		us = (uint64_t)c->last_us - (uint64_t)c->first_us;
	jsonout_open(j, "event", '{');
	put_count(j, "duration", us < INT64_MAX / 1000 ? us * 1000 : INT64_MAX);
	jsonout_word(j, "outcome", codes_word(&codes_outcome, c->outcome));
	jsonout_close(j, '}');
}

static void
put_network(struct jsonout *j, const struct connection *c)
{
	jsonout_open(j, "network", '{');
	jsonout_word(j, "transport", "tcp");
	jsonout_word(j, "type", c->ipv6 ? "ipv6" : "ipv4");
	jsonout_word(j, "protocol", names_protocol((int)c->protocol));
	jsonout_close(j, '}');
}

static void
put_mac(struct jsonout *j, const uint8_t mac[6])
{
	char text[17];

	for (size_t i = 0; i < 6; i++) {
		text[3 * i] = "0123456789ABCDEF"[mac[i] >> 4];
		text[3 * i + 1] = "0123456789ABCDEF"[mac[i] & 15];
		if (i < 5)
			text[3 * i + 2] = '-';
	}
	jsonout_string(j, "mac", text, sizeof(text));
}

static void
put_address(
    struct jsonout *j, const struct connection *c, const struct endpoint *end)
{
	char text[IPTEXT_MAX];

	jsonout_string(j, "ip", text, iptext_write(end->ip, c->ipv6, text));
	jsonout_int(j, "port", end->port);
}

static void
put_source(struct jsonout *j, const struct connection *c,
    const struct device_name *device)
{
	const struct endpoint *end = &c->end[CLIENT];

	jsonout_open(j, "source", '{');
	put_address(j, c, end);
	if (end->has_mac)
		put_mac(j, end->mac);
	put_text(j, "domain", device->name, sizeof(device->name));
	put_count(j, "bytes", end->bytes);
	jsonout_close(j, '}');
}

static void
put_destination(
    struct jsonout *j, const struct connection *c, const char *domain)
{
	const struct endpoint *end = &c->end[SERVER];

	jsonout_open(j, "destination", '{');
	put_address(j, c, end);
	put_text(j, "domain", domain, CONNECTION_NAME_MAX);
	put_count(j, "bytes", end->bytes);
	jsonout_close(j, '}');
}

/* "1.2" is of "tls", "ssl 3.0" is "3.0" of "ssl". */
static void
put_negotiated(struct jsonout *j, uint16_t version)
{
	const char *name = names_version(version);
	const char *space;

	if (name == NULL)
		return;
	space = strchr(name, ' ');
	jsonout_word(j, "version_protocol", space != NULL ? "ssl" : "tls");
	jsonout_word(j, "version", space != NULL ? space + 1 : name);
}

static void
put_cipher(struct jsonout *j, const struct answer *answer)
{
	const char *name = names_cipher(answer->cipher);
	bool sslv2 = answer->version == SSL_2_0;

	/* In SSL 2.0 the client chooses, and that may not have been seen. */
	if (sslv2 && answer->cipher == 0)
		return;
	if (name != NULL)
		jsonout_word(j, "cipher", name);
	else
		put_number(j, "cipher", answer->cipher,
		    sslv2 || answer->cipher > 0xFFFF ? 6 : 4);
}

static void
put_answer(struct jsonout *j, const struct answer *answer)
{
	const char *group = names_group(answer->group);

	if (!answer->seen)
		return;
	put_cipher(j, answer);
	if (group != NULL)
		jsonout_word(j, "curve", group);
	else if (answer->group != 0)
		put_number(j, "curve", answer->group, 4);
	jsonout_bool(j, "resumed", answer->resumed);
	put_text(
	    j, "next_protocol", answer->next_protocol, CONNECTION_WORD_MAX);
}

static void
put_tls_client(struct jsonout *j, const struct connection *c)
{
	struct jsonout before = *j;

	jsonout_open(j, "client", '{');
	put_text(j, "server_name", c->offer.server_name, CONNECTION_NAME_MAX);
	if (c->has_ja3)
		jsonout_hex(j, "ja3", c->ja3, sizeof(c->ja3), false);
	put_text(j, "ja4", c->ja4, sizeof(c->ja4));
	put_text(j, "subject", c->client_subject, CONNECTION_SUBJECT_MAX);
	close_used(j, '}', &before);
}

static void
put_certificate(struct jsonout *j, const struct certificate *cert)
{
	if (!cert->seen)
		return;
	put_text(j, "subject", cert->subject, CONNECTION_SUBJECT_MAX);
	put_text(j, "issuer", cert->issuer, CONNECTION_SUBJECT_MAX);
	/* One that could not be parsed has neither. */
	if (cert->not_before_s != 0 || cert->not_after_s != 0) {
		jsonout_time(
		    j, "not_before", cert->not_before_s * 1000000, false);
		jsonout_time(
		    j, "not_after", cert->not_after_s * 1000000, false);
	}
	jsonout_open(j, "hash", '{');
	jsonout_hex(j, "sha256", cert->sha256, sizeof(cert->sha256), true);
	jsonout_close(j, '}');
}

static void
put_tls_server(struct jsonout *j, const struct connection *c)
{
	struct jsonout before = *j;

	jsonout_open(j, "server", '{');
	if (c->has_ja3s)
		jsonout_hex(j, "ja3s", c->ja3s, sizeof(c->ja3s), false);
	put_certificate(j, &c->server_certificate);
	close_used(j, '}', &before);
}

static void
put_tls(struct jsonout *j, const struct connection *c)
{
	if (!c->tls)
		return;
	jsonout_open(j, "tls", '{');
	if (c->answer.seen)
		put_negotiated(j, c->answer.version);
	jsonout_bool(j, "established", c->answer.established);
	put_answer(j, &c->answer);
	put_tls_client(j, c);
	put_tls_server(j, c);
	jsonout_close(j, '}');
}

/*
 * The versions that the client lists, best first: known ones by rank, each
 * once (drafts of 1.3 are 1.3), then the unknown as they are listed.
 */
static void
put_versions(struct jsonout *j, const struct offer *offer)
{
	static const uint16_t ranks[] = { TLS_1_3, TLS_1_2, TLS_1_1, TLS_1_0,
		SSL_3_0, SSL_2_0, TLS_NONE };
	struct jsonout before = *j;

	jsonout_open(j, "versions", '[');
	for (size_t rank = 0; rank < COUNT(ranks); rank++) {
		for (size_t i = 0; i < offer->version_count; i++) {
			uint16_t version = offer->versions[i];

			if (hello_is_grease(version) ||
			    hello_version(version) != ranks[rank])
				continue;
			put_version(j, NULL, version);
			if (ranks[rank] != TLS_NONE)
				break;
		}
	}
	close_used(j, ']', &before);
}

static void
put_client_hello(struct jsonout *j, const struct offer *offer)
{
	if (!offer->seen)
		return;
	jsonout_open(j, "client_hello", '{');
	put_version(j, "legacy_version", offer->legacy_version);
	if (offer->max_version != 0)
		put_version(j, "max_version", offer->max_version);
	put_versions(j, offer);
	put_true(j, "sslv2_format", offer->sslv2_format);
	put_true(j, "fallback_scsv", offer->fallback_scsv);
	put_true(j, "ech", offer->ech);
	jsonout_close(j, '}');
}

static void
put_alerts(struct jsonout *j, const struct connection *c)
{
	struct jsonout before = *j;

	jsonout_open(j, "alerts", '[');
	for (size_t i = 0; i < c->alert_count; i++) {
		const struct alert *alert = &c->alerts[i];

		jsonout_open(j, NULL, '{');
		jsonout_word(
		    j, "from", alert->from == CLIENT ? "client" : "server");
		jsonout_word(
		    j, "level", alert->level == 1 ? "warning" : "fatal");
		jsonout_int(j, "code", alert->code);
		jsonout_word(j, "name", names_alert(alert->code));
		jsonout_close(j, '}');
	}
	close_used(j, ']', &before);
}

/* What the handshake showed beyond what `tls` has room for. */
static void
put_handshake(struct jsonout *j, const struct connection *c)
{
	put_client_hello(j, &c->offer);
	put_true(j, "hello_retry", c->answer.hello_retry);
	if (c->answer.draft != 0)
		put_number(j, "draft", c->answer.draft, 4);
	jsonout_word(
	    j, "downgrade_sentinel", names_version(c->answer.sentinel));
	put_alerts(j, c);
	jsonout_word(j, "client_certificate",
	    codes_word(&codes_client_certificate, c->client_certificate));
	put_bits(j, "certificate_problems", &codes_problem,
	    c->server_certificate.problems);
}

/* What was said before TLS, or instead of it. */
static void
put_dialogue(struct jsonout *j, const struct connection *c)
{
	const char *unexpected = NULL;

	if (c->login) {
		jsonout_word(j, "login", "plaintext");
		put_text(j, "login_mechanism", c->login_mechanism,
		    CONNECTION_WORD_MAX);
		put_true(j, "secret_exposed", c->secret_exposed);
	}
	put_text(j, "ehlo", c->ehlo, CONNECTION_NAME_MAX);
	imapid_write(j, "client_id", c->client_id, c->client_id_len);
	if (c->unexpected_bytes[SERVER])
		unexpected = "server";
	if (c->unexpected_bytes[CLIENT])
		unexpected = "client";
	jsonout_word(j, "unexpected_bytes", unexpected);
}

static void
put_parameters(struct jsonout *j, const struct device_name *device)
{
	if (device->parameter_count == 0)
		return;
	jsonout_open(j, "dhcp_parameters", '[');
	for (size_t i = 0; i < device->parameter_count; i++)
		jsonout_int(j, NULL, device->parameters[i]);
	jsonout_close(j, ']');
}

static void
put_device(struct jsonout *j, const struct device_name *device)
{
	jsonout_open(j, "device", '{');
	jsonout_word(j, "id", device->id);
	put_text(j, "name", device->name, sizeof(device->name));
	jsonout_word(j, "name_source", name_source_word(device->source));
	put_text(j, "vendor", device->vendor, sizeof(device->vendor));
	if (device->own_mac)
		jsonout_bool(j, "randomized_mac", device->randomized_mac);
	put_text(j, "dhcp_class", device->vendor_class,
	    sizeof(device->vendor_class));
	put_parameters(j, device);
	jsonout_close(j, '}');
}

static void
put_process(struct jsonout *j, const struct process *process)
{
	char uid[16];

	if (!process->known)
		return;
	jsonout_open(j, "process", '{');
	put_text(j, "name", process->name, sizeof(process->name));
	if (process->pid != 0)
		jsonout_int(j, "pid", process->pid);
	put_text(
	    j, "executable", process->executable, sizeof(process->executable));
	/* A string, as ECS has it. */
	snprintf(uid, sizeof(uid), "%lu", (unsigned long)process->uid);
	jsonout_open(j, "user", '{');
	jsonout_word(j, "id", uid);
	jsonout_close(j, '}');
	jsonout_close(j, '}');
}

static void
put_mailtls(
    struct jsonout *j, const struct connection *c, const struct identity *who)
{
	char manner[MANNER_MAX];

	jsonout_open(j, "mailtls", '{');
	jsonout_int(j, "schema", SCHEMA);
	jsonout_word(j, "found_by", codes_word(&codes_evidence, c->evidence));
	jsonout_word(
	    j, "encryption", codes_word(&codes_encryption, c->encryption));
	jsonout_word(j, "starttls", codes_word(&codes_starttls, c->starttls));
	put_handshake(j, c);
	put_dialogue(j, c);
	manner_of(c, manner);
	jsonout_word(j, "talk", manner);
	programout_write(j, &who->program);
	put_device(j, &who->device);
	put_text(j, "provider", who->provider, sizeof(who->provider));
	jsonout_word(
	    j, "closed_by", codes_word(&codes_closed_by, c->closed_by));
	put_bits(j, "incomplete", &codes_incomplete, c->incomplete);
	jsonout_word(j, "failure", failure_name(c->failure));
	jsonout_word(j, "verdict", verdict_name(c->verdict));
	if (c->verdict_likely)
		jsonout_word(j, "verdict_certainty", "likely");
	jsonout_close(j, '}');
}

size_t
ndjson_format(const struct connection *c, const struct identity *who,
    char *line, size_t size)
{
	/* A line that was cut still ends. */
	struct jsonout j = { .to = line, .size = size > 0 ? size - 1 : 0 };

	jsonout_open(&j, NULL, '{');
	jsonout_time(&j, "@timestamp", c->first_us, true);
	put_event(&j, c);
	put_network(&j, c);
	put_source(&j, c, &who->device);
	put_destination(&j, c, who->server_name);
	put_process(&j, &who->process);
	put_tls(&j, c);
	put_mailtls(&j, c, who);
	jsonout_close(&j, '}');
	if (size > 0)
		line[j.len++] = '\n';
	return j.len;
}
