/* SPDX-License-Identifier: ISC */
#include "report/transfer.h"

#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dissect/names.h"
#include "report/codes.h"
#include "report/fields.h"
#include "report/recordin.h"
#include "report/store_private.h"

enum {
	LINES_PER_TRANSACTION = 4096,
	ID_LEN = 16,
	SCHEMA = 1,
	IPV4_LEN = 4,
	IPV6_LEN = 16,
};

struct intake {
	struct store *store;
	struct recordin *reader;
	struct db_statement *find_day_of;
	unsigned lines;        /* of this transaction */
	uint64_t added, known; /* of this transaction */
	int error;
};

struct intake *
intake_new(struct store *store)
{
	struct intake *intake = calloc(1, sizeof(*intake));

	if (intake == NULL)
		err(EXIT_FAILURE, NULL);
	intake->store = store;
	intake->reader = recordin_new();
	intake->find_day_of = db_prepare(store->db,
	    "SELECT day, entry FROM seen JOIN daily ON daily.id = seen.daily"
	    " WHERE seen.id = ?1");
	db_begin(store->db);
	return intake;
}

static void
end_transaction(struct intake *intake)
{
	int error = db_commit(intake->store->db);

	if (intake->error == 0)
		intake->error = error;
	if (error == 0) {
		intake->store->stats.added += intake->added;
		intake->store->stats.known += intake->known;
	}
	intake->lines = 0;
	intake->added = intake->known = 0;
}

static void
count(struct intake *intake, bool added)
{
	intake->added += added;
	intake->known += !added;
}

/*
 * Lines.
 */

static void
take_record(struct intake *intake, struct jsonin *in)
{
	char text[NDJSON_LINE_MAX];
	struct store_line line = { .text = text };
	struct connection c;
	struct identity who;

	recordin_take(intake->reader, in, &c, &who);
	if (in->wrong != NULL)
		return;
	/* As we would have written it, without what we do not know. */
	text[ndjson_format(&c, &who, text, sizeof(text)) - 1] = '\0';
	facts_of(&c, &who, &line.facts);
	line.device = &who.device;
	count(intake, store_put_line(intake->store, &line));
}

static int64_t
read_id(struct jsonin *in, const char *key, const char *text)
{
	uint32_t high = 0, low = 0;
	char digits[3 + ID_LEN / 2] = "0x";
	uint64_t id;
	int64_t out;

	if (text == NULL || strlen(text) != ID_LEN) {
		jsonin_spoil(in, key);
		return 0;
	}
	memcpy(digits + 2, text, ID_LEN / 2);
	if (!fields_number(digits, ID_LEN / 2, &high))
		jsonin_spoil(in, key);
	memcpy(digits + 2, text + ID_LEN / 2, ID_LEN / 2);
	if (!fields_number(digits, ID_LEN / 2, &low))
		jsonin_spoil(in, key);
	id = (uint64_t)high << 32 | low;
	memcpy(&out, &id, sizeof(out));
	return out;
}

static void
read_ip(struct jsonin *in, struct jsonin_value of, struct facts *out)
{
	const char *text = jsonin_word(in, of, "server_ip");
	bool ipv6 = text != NULL && strchr(text, ':') != NULL;

	out->server_ip_len = ipv6 ? IPV6_LEN : IPV4_LEN;
	if (text == NULL ||
	    inet_pton(ipv6 ? AF_INET6 : AF_INET, text, out->server_ip) != 1)
		jsonin_spoil(in, "server_ip");
}

/* A time that has to be there. */
static int64_t
read_time(struct jsonin *in, struct jsonin_value of, const char *key)
{
	if (!jsonin_has(of, key))
		jsonin_spoil(in, key);
	return fields_time(in, of, key);
}

/* What a count says of all its connections. */
static void
read_facts(struct jsonin *in, struct jsonin_value of, struct facts *out)
{
	const char *version = names_version(fields_version(in, of, "version"));

	out->version = version != NULL ? version : "";
	out->verdict = fields_verdict(in, of, "verdict");
	if (out->verdict == VERDICT_NONE)
		jsonin_spoil(in, "verdict");
	out->incomplete = fields_bits(in, of, "incomplete", &codes_incomplete);
	out->certificates =
	    fields_bits(in, of, "certificates", &codes_certificates);
	out->first_us = read_time(in, of, "first");
	out->last_us = read_time(in, of, "last");
	read_ip(in, of, out);
}

/* Finds the day and the entry that connection `id` was counted in. */
static bool
find_day_of(struct intake *intake, int64_t id, int32_t *day, int64_t *entry)
{
	struct db_statement *find = intake->find_day_of;

	db_bind_int(find, 1, id);
	if (!db_step(find))
		return false;
	*day = (int32_t)db_int(find, 0);
	*entry = db_int(find, 1);
	db_rewind(find);
	return true;
}

static void
take_count(struct intake *intake, struct jsonin *in)
{
	struct jsonin_value of = jsonin_object(in, jsonin_root(in), "count");
	struct jsonin_value ids = jsonin_array(in, of, "ids");
	int64_t id[TRANSFER_IDS_MAX], entry = 0, like;
	struct facts facts = { .id = 0 };

	read_facts(in, of, &facts);
	like = read_id(in, "of", jsonin_word(in, of, "of"));
	if (ids.count > TRANSFER_IDS_MAX)
		jsonin_spoil(in, "ids");
	for (size_t i = 0; i < ids.count && in->wrong == NULL; i++)
		id[i] = read_id(in, "ids", jsonin_item_word(in, ids, i));
	if (in->wrong == NULL && !find_day_of(intake, like, &facts.day, &entry))
		jsonin_spoil(in, "of");
	for (size_t i = 0; i < ids.count && in->wrong == NULL; i++)
		count(intake,
		    store_put_count(intake->store, &facts, entry, id[i]));
}

static void
take_device(struct intake *intake, struct jsonin *in)
{
	struct jsonin_value root = jsonin_root(in);
	struct device_name device;
	int64_t named_us = fields_time(in, root, "named");
	int64_t seen_us = fields_time(in, root, "seen");

	recordin_device(in, jsonin_object(in, root, "device"), &device);
	if (in->wrong == NULL)
		store_put_device(intake->store, &device, named_us, seen_us);
}

static void
take_run(struct intake *intake, struct jsonin *in)
{
	struct jsonin_value of = jsonin_object(in, jsonin_root(in), "run");
	struct history_run run = { .start_us = read_time(in, of, "start"),
		.end_us = read_time(in, of, "end") };
	int64_t packets, dropped, lost;

	jsonin_text(in, of, "source", run.source, sizeof(run.source));
	jsonin_int(in, of, "packets", INT64_MAX, &packets);
	jsonin_int(in, of, "dropped", INT64_MAX, &dropped);
	jsonin_int(in, of, "lost", INT64_MAX, &lost);
	run.packets = (uint64_t)packets;
	run.dropped = (uint64_t)dropped;
	run.lost = (uint64_t)lost;
	if (in->wrong == NULL)
		store_put_run(intake->store, &run);
}

static const struct {
	const char *key; /* that tells it */
	void (*take)(struct intake *intake, struct jsonin *in);
} kinds[] = {
	{ "@timestamp", take_record },
	{ "count", take_count },
	{ "device", take_device },
	{ "run", take_run },
};

static void
take(struct intake *intake, struct jsonin *in)
{
	struct jsonin_value root = jsonin_root(in);
	struct jsonin_value mailtls = jsonin_object(in, root, "mailtls");
	int64_t schema;

	jsonin_int(in, mailtls, "schema", INT64_MAX, &schema);
	if (schema != SCHEMA) {
		jsonin_spoil(in, "schema");
		return;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!jsonin_has(root, kinds[i].key))
			continue;
		kinds[i].take(intake, in);
		return;
	}
	jsonin_spoil(in, "@timestamp");
}

bool
intake_line(struct intake *intake, const char *line, size_t len,
    char message[TRANSFER_MESSAGE_MAX])
{
	struct jsonin in;

	message[0] = '\0';
	if (!jsonin_open(&in, line, len)) {
		snprintf(
		    message, TRANSFER_MESSAGE_MAX, "not an object of JSON");
		return false;
	}
	take(intake, &in);
	if (in.wrong != NULL)
		snprintf(message, TRANSFER_MESSAGE_MAX,
		    "no line of a store: what '%s' says, or does not",
		    in.wrong);
	jsonin_close(&in);
	if (++intake->lines == LINES_PER_TRANSACTION) {
		end_transaction(intake);
		db_begin(intake->store->db);
	}
	return message[0] == '\0';
}

int
intake_end(struct intake *intake)
{
	int error;

	end_transaction(intake);
	error = intake->error;
	db_finish(intake->find_day_of);
	recordin_free(intake->reader);
	free(intake);
	return error;
}
