/* SPDX-License-Identifier: ISC */
/*
 * Records read back, key by key in the order of report/ndjson.c, whose mirror
 * this is.
 */
#include "report/recordin.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dissect/names.h"
#include "report/fields.h"
#include "report/manner.h"

enum {
	SCHEMA = 1, /* the one that this reads */
	PORT_MAX = 65535,
	ALERT_MAX = 255,
	OPTION_MAX = 255, /* of DHCP */
};

/* Reading one record. */
struct reading {
	struct recordin *reader;
	struct jsonin *in;
	struct connection *c;
	struct identity *who;
};

struct recordin {
	char *names[RECORDIN_NAMES_MAX];
	size_t count;
};

struct recordin *
recordin_new(void)
{
	struct recordin *reader = calloc(1, sizeof(*reader));

	if (reader == NULL)
		err(EXIT_FAILURE, NULL);
	return reader;
}

void
recordin_free(struct recordin *reader)
{
	if (reader == NULL)
		return;
	for (size_t i = 0; i < reader->count; i++)
		free(reader->names[i]);
	free(reader);
}

/* Returns a copy of `name` that stays, or NULL when there are too many. */
static const char *
keep_name(struct recordin *reader, const char *name)
{
	for (size_t i = 0; i < reader->count; i++)
		if (strcmp(reader->names[i], name) == 0)
			return reader->names[i];
	if (reader->count == RECORDIN_NAMES_MAX)
		return NULL;
	reader->names[reader->count] = strdup(name);
	if (reader->names[reader->count] == NULL)
		err(EXIT_FAILURE, NULL);
	return reader->names[reader->count++];
}

/*
 * The parts of a record.
 */

static void
take_network(struct reading *r, struct jsonin_value root)
{
	struct jsonin_value network = jsonin_object(r->in, root, "network");
	const char *type = jsonin_word(r->in, network, "type");

	if (type == NULL ||
	    (strcmp(type, "ipv4") != 0 && strcmp(type, "ipv6") != 0))
		jsonin_spoil(r->in, "type");
	r->c->ipv6 = type != NULL && strcmp(type, "ipv6") == 0;
	r->c->protocol = fields_protocol(r->in, network, "protocol");
}

static void
take_times(struct reading *r, struct jsonin_value root)
{
	struct jsonin_value event = jsonin_object(r->in, root, "event");
	int64_t ns;

	if (!jsonin_has(root, "@timestamp"))
		jsonin_spoil(r->in, "@timestamp");
	r->c->first_us = fields_time(r->in, root, "@timestamp");
	jsonin_int(r->in, event, "duration", INT64_MAX, &ns);
	r->c->last_us = r->c->first_us + ns / 1000;
	r->c->outcome =
	    (enum outcome)fields_code(r->in, event, "outcome", &codes_outcome);
}

static void
take_endpoint(struct reading *r, struct jsonin_value of, struct endpoint *end)
{
	const char *ip = jsonin_word(r->in, of, "ip");
	int64_t port, bytes;

	if (ip == NULL ||
	    inet_pton(r->c->ipv6 ? AF_INET6 : AF_INET, ip, end->ip) != 1)
		jsonin_spoil(r->in, "ip");
	jsonin_int(r->in, of, "port", PORT_MAX, &port);
	jsonin_int(r->in, of, "bytes", INT64_MAX, &bytes);
	end->port = (uint16_t)port;
	end->bytes = (uint64_t)bytes;
	fields_mac(r->in, of, "mac", end->mac, &end->has_mac);
}

static void
take_ends(struct reading *r, struct jsonin_value root)
{
	struct jsonin_value source = jsonin_object(r->in, root, "source");
	struct jsonin_value destination =
	    jsonin_object(r->in, root, "destination");

	take_endpoint(r, source, &r->c->end[CLIENT]);
	take_endpoint(r, destination, &r->c->end[SERVER]);
	jsonin_text(r->in, destination, "domain", r->who->server_name,
	    sizeof(r->who->server_name));
}

/* "tls" "1.2", or "ssl" "3.0". */
static void
take_negotiated(struct reading *r, struct jsonin_value tls)
{
	const char *kind = jsonin_word(r->in, tls, "version_protocol");
	const char *number = jsonin_word(r->in, tls, "version");
	bool ssl = kind != NULL && strcmp(kind, "ssl") == 0;
	char word[16];

	if (number == NULL)
		return;
	snprintf(word, sizeof(word), "%s%s", ssl ? "ssl " : "", number);
	r->c->answer.version = fields_version_of(r->in, "version", word);
}

static void
take_certificate(struct reading *r, struct jsonin_value server)
{
	struct certificate *cert = &r->c->server_certificate;
	struct jsonin_value hash = jsonin_object(r->in, server, "hash");
	static const char common_name[] = "CN=";

	fields_hex(r->in, hash, "sha256", cert->sha256, sizeof(cert->sha256),
	    &cert->seen);
	jsonin_text(
	    r->in, server, "subject", cert->subject, sizeof(cert->subject));
	jsonin_text(
	    r->in, server, "issuer", cert->issuer, sizeof(cert->issuer));
	cert->not_before_s = fields_time(r->in, server, "not_before") / 1000000;
	cert->not_after_s = fields_time(r->in, server, "not_after") / 1000000;
	/* Its name is not in the record, but mostly is how the subject
	 * begins. */
	if (strncmp(cert->subject, common_name, 3) == 0)
		memcpy(cert->name, cert->subject + 3,
		    strcspn(cert->subject + 3, ",+\\"));
}

static void
take_process(struct reading *r, struct jsonin_value root)
{
	struct jsonin_value object = jsonin_object(r->in, root, "process");
	struct jsonin_value user = jsonin_object(r->in, object, "user");
	struct process *process = &r->who->process;
	const char *uid = jsonin_word(r->in, user, "id");
	int64_t pid;
	char *end;

	process->known = uid != NULL;
	jsonin_text(
	    r->in, object, "name", process->name, sizeof(process->name));
	jsonin_int(r->in, object, "pid", UINT32_MAX, &pid);
	process->pid = (uint32_t)pid;
	jsonin_text(r->in, object, "executable", process->executable,
	    sizeof(process->executable));
	if (uid == NULL)
		return;
	process->uid = (uint32_t)strtoul(uid, &end, 10);
	if (!isdigit((unsigned char)*uid) || *end != '\0')
		jsonin_spoil(r->in, "id");
}

static void
take_tls(struct reading *r, struct jsonin_value root)
{
	struct jsonin_value tls = jsonin_object(r->in, root, "tls");
	struct jsonin_value client = jsonin_object(r->in, tls, "client");
	struct jsonin_value server = jsonin_object(r->in, tls, "server");
	struct answer *answer = &r->c->answer;

	r->c->tls = tls.at != NULL;
	take_negotiated(r, tls);
	answer->seen = jsonin_has(tls, "resumed");
	answer->resumed = jsonin_bool(r->in, tls, "resumed");
	answer->established = jsonin_bool(r->in, tls, "established");
	answer->cipher = fields_named(r->in, tls, "cipher", names_find_cipher);
	answer->group =
	    (uint16_t)fields_named(r->in, tls, "curve", names_find_group);
	jsonin_text(r->in, tls, "next_protocol", answer->next_protocol,
	    sizeof(answer->next_protocol));
	jsonin_text(r->in, client, "server_name", r->c->offer.server_name,
	    sizeof(r->c->offer.server_name));
	fields_hex(
	    r->in, client, "ja3", r->c->ja3, sizeof(r->c->ja3), &r->c->has_ja3);
	jsonin_text(r->in, client, "ja4", r->c->ja4, sizeof(r->c->ja4));
	jsonin_text(r->in, client, "subject", r->c->client_subject,
	    sizeof(r->c->client_subject));
	fields_hex(r->in, server, "ja3s", r->c->ja3s, sizeof(r->c->ja3s),
	    &r->c->has_ja3s);
	take_certificate(r, server);
}

static void
take_client_hello(struct reading *r, struct jsonin_value mailtls)
{
	struct jsonin_value hello =
	    jsonin_object(r->in, mailtls, "client_hello");
	struct jsonin_value versions = jsonin_array(r->in, hello, "versions");
	struct offer *offer = &r->c->offer;

	offer->seen = hello.at != NULL;
	offer->legacy_version = fields_version(r->in, hello, "legacy_version");
	offer->max_version = fields_version(r->in, hello, "max_version");
	offer->whole = offer->max_version != TLS_NONE;
	offer->sslv2_format = jsonin_bool(r->in, hello, "sslv2_format");
	offer->fallback_scsv = jsonin_bool(r->in, hello, "fallback_scsv");
	offer->ech = jsonin_bool(r->in, hello, "ech");
	if (versions.count > CONNECTION_VERSIONS_MAX)
		jsonin_spoil(r->in, "versions");
	for (size_t i = 0; i < versions.count && r->in->wrong == NULL; i++)
		offer->versions[i] = fields_version_of(
		    r->in, "versions", jsonin_item_word(r->in, versions, i));
	offer->version_count = (uint8_t)versions.count;
}

static void
take_alert(struct reading *r, struct jsonin_value item, struct alert *out)
{
	int64_t code;

	if (!jsonin_int(r->in, item, "code", ALERT_MAX, &code))
		jsonin_spoil(r->in, "code");
	out->from = (uint8_t)fields_code(r->in, item, "from", &codes_side);
	out->level = (uint8_t)fields_code(r->in, item, "level", &codes_level);
	out->code = (uint8_t)code;
}

static void
take_alerts(struct reading *r, struct jsonin_value mailtls)
{
	struct jsonin_value alerts = jsonin_array(r->in, mailtls, "alerts");

	if (alerts.count > CONNECTION_ALERTS_MAX)
		jsonin_spoil(r->in, "alerts");
	for (size_t i = 0; i < alerts.count && r->in->wrong == NULL; i++)
		take_alert(r, jsonin_item(r->in, alerts, i), &r->c->alerts[i]);
	r->c->alert_count = (uint8_t)alerts.count;
}

static void
take_handshake(struct reading *r, struct jsonin_value mailtls)
{
	struct connection *c = r->c;
	const char *draft = jsonin_word(r->in, mailtls, "draft");
	uint32_t number = 0;

	take_client_hello(r, mailtls);
	c->answer.hello_retry = jsonin_bool(r->in, mailtls, "hello_retry");
	if (draft != NULL && !fields_number(draft, 4, &number))
		jsonin_spoil(r->in, "draft");
	c->answer.draft = (uint16_t)number;
	c->answer.sentinel =
	    fields_version(r->in, mailtls, "downgrade_sentinel");
	take_alerts(r, mailtls);
	c->client_certificate = (enum client_certificate)fields_code(
	    r->in, mailtls, "client_certificate", &codes_client_certificate);
	c->server_certificate.problems =
	    fields_bits(r->in, mailtls, "certificate_problems", &codes_problem);
}

/*
 * Undoes manner_of: takes out the class of the name that the client gave
 * itself, a word after the first EHLO, HELO or LHLO.  A talk that does not go
 * with the rest of the record is left out.
 */
static void
take_talk(struct reading *r, struct jsonin_value mailtls)
{
	char talk[MANNER_MAX], again[MANNER_MAX];
	enum mail_protocol protocol = r->c->protocol;
	const char *class = NULL, *rest = "";

	jsonin_text(r->in, mailtls, "talk", talk, sizeof(talk));
	if (protocol == MAIL_SMTP || protocol == MAIL_LMTP)
		class = strchr(talk, ' ');
	if (class != NULL)
		rest = class + strcspn(class, ",");
	snprintf(r->c->talk, sizeof(r->c->talk), "%.*s%s",
	    class != NULL ? (int)(class - talk) : (int)strlen(talk), talk,
	    rest);
	manner_of(r->c, again);
	if (strcmp(talk, again) != 0)
		memset(r->c->talk, 0, sizeof(r->c->talk));
}

static void
take_dialogue(struct reading *r, struct jsonin_value mailtls)
{
	struct connection *c = r->c;
	size_t from =
	    fields_code(r->in, mailtls, "unexpected_bytes", &codes_side);

	c->unexpected_bytes[from] = jsonin_has(mailtls, "unexpected_bytes");
	c->login = jsonin_has(mailtls, "login");
	jsonin_text(r->in, mailtls, "login_mechanism", c->login_mechanism,
	    sizeof(c->login_mechanism));
	c->secret_exposed = jsonin_bool(r->in, mailtls, "secret_exposed");
	jsonin_text(r->in, mailtls, "ehlo", c->ehlo, sizeof(c->ehlo));
	c->client_id_len = (uint16_t)jsonin_pairs(
	    r->in, mailtls, "client_id", c->client_id, sizeof(c->client_id));
	take_talk(r, mailtls);
}

/* The name of the one program that it is: the likeliest candidate, or one that is
 * not of the table. */
static void
take_program_name(struct reading *r, struct jsonin_value object)
{
	struct program *program = &r->who->program;
	char name[PROGRAM_NAME_MAX] = "";

	jsonin_text(r->in, object, "name", name, sizeof(name));
	program->certain = name[0] != '\0';
	if (program->count == 0 || strcmp(name, program->candidates[0]) != 0)
		memcpy(program->name, name, sizeof(name));
}

static void
take_program(struct reading *r, struct jsonin_value mailtls)
{
	struct jsonin_value object = jsonin_object(r->in, mailtls, "program");
	struct jsonin_value names = jsonin_array(r->in, object, "candidates");
	struct jsonin_value evidence = jsonin_array(r->in, object, "evidence");
	struct program *program = &r->who->program;
	const char *library = jsonin_word(r->in, object, "library");
	const char *kept = library != NULL ? keep_name(r->reader, library) : "";

	program->library = kept != NULL ? kept : "";
	program->talk_library = "";
	if (names.count > PROGRAM_CANDIDATES_MAX)
		jsonin_spoil(r->in, "candidates");
	for (size_t i = 0; i < names.count && r->in->wrong == NULL; i++) {
		kept = keep_name(r->reader, jsonin_item_word(r->in, names, i));
		if (kept != NULL)
			program->candidates[program->count++] = kept;
	}
	take_program_name(r, object);
	for (size_t i = 0; i < evidence.count; i++)
		program->evidence |= 1u << fields_word_of(r->in, "evidence",
					 jsonin_item_word(r->in, evidence, i),
					 program_evidence_name);
}

static void
take_parameters(
    struct jsonin *in, struct jsonin_value device, struct device_name *out)
{
	struct jsonin_value list = jsonin_array(in, device, "dhcp_parameters");

	if (list.count > sizeof(out->parameters))
		jsonin_spoil(in, "dhcp_parameters");
	for (size_t i = 0; i < list.count && in->wrong == NULL; i++)
		out->parameters[i] =
		    (uint8_t)jsonin_item_int(in, list, i, OPTION_MAX);
	out->parameter_count = (uint8_t)list.count;
}

void
recordin_device(
    struct jsonin *in, struct jsonin_value device, struct device_name *out)
{
	memset(out, 0, sizeof(*out));
	jsonin_text(in, device, "id", out->id, sizeof(out->id));
	jsonin_text(in, device, "name", out->name, sizeof(out->name));
	out->source = fields_name_source(in, device, "name_source");
	jsonin_text(in, device, "vendor", out->vendor, sizeof(out->vendor));
	jsonin_text(in, device, "dhcp_class", out->vendor_class,
	    sizeof(out->vendor_class));
	take_parameters(in, device, out);
	/* Only of a MAC it is known whether it is random. */
	out->own_mac = jsonin_has(device, "randomized_mac");
	out->randomized_mac = jsonin_bool(in, device, "randomized_mac");
}

static void
take_meaning(struct reading *r, struct jsonin_value mailtls)
{
	struct connection *c = r->c;

	c->closed_by = (enum closed_by)fields_code(
	    r->in, mailtls, "closed_by", &codes_closed_by);
	c->incomplete =
	    fields_bits(r->in, mailtls, "incomplete", &codes_incomplete);
	c->failure = fields_failure(r->in, mailtls, "failure");
	c->verdict = fields_verdict(r->in, mailtls, "verdict");
	c->verdict_likely = jsonin_has(mailtls, "verdict_certainty");
	/* What else is there that makes it so? (report/verdict.c) */
	c->answered_in_clear = c->failure == FAILURE_NOT_TLS &&
			       (c->incomplete & INCOMPLETE_NOT_TLS) == 0;
	jsonin_text(r->in, mailtls, "provider", r->who->provider,
	    sizeof(r->who->provider));
}

static void
take_mailtls(struct reading *r, struct jsonin_value root)
{
	struct jsonin_value mailtls = jsonin_object(r->in, root, "mailtls");
	int64_t schema;

	jsonin_int(r->in, mailtls, "schema", INT64_MAX, &schema);
	if (schema != SCHEMA)
		jsonin_spoil(r->in, "schema");
	r->c->evidence = (enum evidence)fields_code(
	    r->in, mailtls, "found_by", &codes_evidence);
	r->c->encryption = (enum encryption)fields_code(
	    r->in, mailtls, "encryption", &codes_encryption);
	r->c->starttls = (enum starttls)fields_code(
	    r->in, mailtls, "starttls", &codes_starttls);
	take_handshake(r, mailtls);
	take_dialogue(r, mailtls);
	take_program(r, mailtls);
	recordin_device(
	    r->in, jsonin_object(r->in, mailtls, "device"), &r->who->device);
	take_meaning(r, mailtls);
}

void
recordin_take(struct recordin *reader, struct jsonin *in, struct connection *c,
    struct identity *who)
{
	struct jsonin_value root = jsonin_root(in);
	struct reading reading;

	memset(c, 0, sizeof(*c));
	memset(who, 0, sizeof(*who));
	reading = (struct reading){ reader, in, c, who };
	take_times(&reading, root);
	take_network(&reading, root);
	take_ends(&reading, root);
	take_process(&reading, root);
	take_tls(&reading, root);
	take_mailtls(&reading, root);
}

bool
recordin_read(struct recordin *reader, const char *line, size_t len,
    struct connection *c, struct identity *who,
    char message[RECORDIN_MESSAGE_MAX])
{
	struct jsonin in;

	message[0] = '\0';
	if (!jsonin_open(&in, line, len)) {
		snprintf(
		    message, RECORDIN_MESSAGE_MAX, "not an object of JSON");
		return false;
	}
	recordin_take(reader, &in, c, who);
	if (in.wrong != NULL)
		snprintf(message, RECORDIN_MESSAGE_MAX,
		    "no record: what '%s' says, or does not", in.wrong);
	jsonin_close(&in);
	return message[0] == '\0';
}
