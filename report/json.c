/* SPDX-License-Identifier: ISC */
/*
 * The report as one JSON document; report/report.h shows its shape.  It is
 * written in pieces, so that it may be larger than memory.
 */
#include "report/report.h"

#include <errno.h>
#include <string.h>

#include "dissect/names.h"
#include "report/census.h"
#include "report/codes.h"
#include "report/iptext.h"
#include "report/jsonout.h"
#include "report/programout.h"
#include "report/verdict.h"
#include "report/words.h"

enum {
	SCHEMA = 1,
	/* A file name has 4095 bytes at most, and six characters for each. */
	SOURCE_NAME_MAX = 4096,
	PIECE_MAX = 32768,
};

/* One piece of the document after the other. */
struct document {
	FILE *out;
	struct jsonout j;
	char piece[PIECE_MAX];
};

static void
flush(struct document *d)
{
	fwrite(d->piece, 1, d->j.len, d->out);
	fputc('\n', d->out);
	d->j.len = 0;
}

static void
put_count(struct jsonout *j, const char *key, uint64_t count)
{
	jsonout_int(j, key, count < INT64_MAX ? (int64_t)count : INT64_MAX);
}

static void
put_true(struct jsonout *j, const char *key, bool value)
{
	if (value)
		jsonout_bool(j, key, true);
}

static void
put_version(struct jsonout *j, const char *key, uint16_t version)
{
	jsonout_word(j, key, names_version(version));
}

static void
put_bits(struct jsonout *j, const char *key, unsigned bits,
    const struct codes *codes)
{
	if (bits == 0)
		return;
	jsonout_open(j, key, '[');
	for (unsigned bit = 0; bit < codes->count; bit++) {
		if (bits >> bit & 1)
			jsonout_word(j, NULL, codes->words[bit]);
	}
	jsonout_close(j, ']');
}

/* by_version and by_verdict, with or without what counts 0. */
static void
put_counts(struct jsonout *j, const uint64_t by_version[INVENTORY_VERSIONS],
    const uint64_t by_verdict[INVENTORY_VERDICTS], bool zeros)
{
	jsonout_open(j, "by_version", '{');
	for (unsigned row = 0; row < INVENTORY_VERSIONS; row++) {
		uint16_t version = inventory_row_version(row);

		if (by_version[row] > 0 || zeros)
			put_count(j, row > 0 ? names_version(version) : "none",
			    by_version[row]);
	}
	jsonout_close(j, '}');
	jsonout_open(j, "by_verdict", '{');
	for (unsigned i = 0; i < INVENTORY_VERDICTS - 1; i++) {
		enum verdict verdict = inventory_order[i];

		if (by_verdict[verdict] > 0 || zeros)
			put_count(
			    j, verdict_name(verdict), by_verdict[verdict]);
	}
	jsonout_close(j, '}');
}

/*
 * The whole.
 */

static void
put_read(struct document *d, const struct report_source *source)
{
	jsonout_open(&d->j, "read", '{');
	jsonout_open(&d->j, "sources", '[');
	for (size_t i = 0; i < source->name_count; i++) {
		size_t len = strlen(source->names[i]);

		flush(d);
		jsonout_string(&d->j, NULL, source->names[i],
		    len < SOURCE_NAME_MAX ? len : SOURCE_NAME_MAX);
	}
	jsonout_close(&d->j, ']');
	put_count(&d->j, "packets", source->packets);
	put_count(&d->j, "bytes", source->bytes);
	put_count(&d->j, "failed", source->failed);
	jsonout_close(&d->j, '}');
	flush(d);
}

static void
put_totals(
    struct jsonout *j, const struct inventory *inventory, size_t device_count)
{
	jsonout_open(j, "totals", '{');
	put_count(j, "connections", inventory->connections);
	put_count(j, "judged", inventory->judged);
	put_count(j, "not_kept", inventory->not_kept);
	put_count(j, "devices", device_count);
	put_counts(j, inventory->by_version, inventory->by_verdict, true);
	jsonout_open(j, "by_incomplete", '{');
	for (unsigned bit = 0; bit < codes_incomplete.count; bit++)
		put_count(j, codes_incomplete.words[bit],
		    inventory->by_incomplete[bit]);
	jsonout_close(j, '}');
	jsonout_close(j, '}');
}

static void
put_losses(struct jsonout *j, const struct report_source *source)
{
	jsonout_open(j, "losses", '{');
	for (size_t i = 0; i < source->loss_count; i++) {
		if (source->losses[i].count > 0)
			put_count(
			    j, source->losses[i].name, source->losses[i].count);
	}
	jsonout_close(j, '}');
}

static void
put_head(struct document *d, const struct inventory *inventory,
    const struct report_source *source, size_t device_count)
{
	struct jsonout *j = &d->j;

	jsonout_open(j, NULL, '{');
	jsonout_open(j, "mailtls", '{');
	jsonout_int(j, "schema", SCHEMA);
	jsonout_close(j, '}');
	put_version(j, "min_version", source->min_version);
	if (inventory->connections > 0) {
		jsonout_open(j, "period", '{');
		jsonout_time(j, "start", inventory->first_us, true);
		jsonout_time(j, "end", inventory->last_us, true);
		jsonout_close(j, '}');
	}
	put_read(d, source);
	put_totals(j, inventory, device_count);
	put_losses(j, source);
	flush(d);
}

/*
 * An entry.
 */

static void
put_device(
    struct jsonout *j, const struct device *device, const struct entry *entry)
{
	char mac[WORDS_MAC_MAX], ip[IPTEXT_MAX];

	words_mac(entry->client.mac, mac);
	iptext_write(entry->client.ip, entry->ipv6, ip);
	jsonout_open(j, "device", '{');
	jsonout_word(j, "id", device->by_mac ? mac : ip);
	jsonout_word(j, "name", device->name.name);
	jsonout_word(j, "name_source", name_source_word(device->name.source));
	jsonout_word(j, "vendor", device->name.vendor);
	put_true(j, "randomized_mac", device->name.randomized_mac);
	if (entry->client.has_mac)
		jsonout_word(j, "mac", mac);
	jsonout_word(j, "ip", ip);
	put_true(j, "behind_router", device->behind_router);
	jsonout_close(j, '}');
}

static void
put_server(struct jsonout *j, const struct entry *entry)
{
	char ip[IPTEXT_MAX];

	iptext_write(entry->server_ip, entry->ipv6, ip);
	jsonout_open(j, "server", '{');
	jsonout_word(j, "name", entry->server_name);
	jsonout_word(j, "ip", ip);
	jsonout_int(j, "port", entry->port);
	jsonout_close(j, '}');
	jsonout_word(j, "protocol", names_protocol((int)entry->protocol));
	jsonout_word(
	    j, "encryption", codes_word(&codes_encryption, entry->encryption));
}

static void
put_offer(struct jsonout *j, const struct entry *entry)
{
	const struct offer *offer = &entry->last.offer;

	if (entry->max_version == TLS_NONE && entry->ja4[0] == '\0' &&
	    offer->version_count == 0)
		return;
	jsonout_open(j, "offer", '{');
	put_version(j, "max_version", entry->max_version);
	jsonout_word(j, "ja4", entry->ja4);
	if (offer->version_count > 0) {
		jsonout_open(j, "versions", '[');
		for (size_t i = 0; i < offer->version_count; i++)
			put_version(j, NULL, offer->versions[i]);
		jsonout_close(j, ']');
	}
	jsonout_close(j, '}');
}

static void
put_cipher(struct jsonout *j, uint32_t cipher)
{
	const char *name = names_cipher(cipher);
	char number[sizeof("0x12345678")];

	snprintf(number, sizeof(number), "0x%04x", (unsigned)cipher);
	jsonout_word(j, "cipher", name != NULL ? name : number);
}

static void
put_worst(struct jsonout *j, const struct entry *entry)
{
	const struct connection *c = &entry->last;
	enum verdict verdict = inventory_worst(entry);

	jsonout_open(j, "worst", '{');
	jsonout_word(j, "verdict", verdict_name(verdict));
	jsonout_word(j, "certainty", c->verdict_likely ? "likely" : NULL);
	jsonout_time(j, "last", entry->verdict_last_us[verdict], true);
	if (c->answer.seen) {
		put_version(j, "version", c->answer.version);
		put_cipher(j, c->answer.cipher);
	}
	if (c->answer.sentinel != 0)
		put_version(j, "downgrade_sentinel", c->answer.sentinel);
	put_true(j, "fallback_scsv", c->offer.fallback_scsv);
	if (c->failure != FAILURE_NONE)
		jsonout_word(j, "failure", failure_name(c->failure));
	put_bits(j, "certificate_problems", c->server_certificate.problems,
	    &codes_problem);
	put_bits(j, "incomplete", c->incomplete, &codes_incomplete);
	jsonout_word(j, "starttls", codes_word(&codes_starttls, c->starttls));
	put_true(j, "secret_exposed", c->secret_exposed);
	jsonout_word(j, "ehlo", c->ehlo);
	jsonout_close(j, '}');
}

static void
put_entry(
    struct jsonout *j, const struct device *device, const struct entry *entry)
{
	jsonout_open(j, NULL, '{');
	put_device(j, device, entry);
	put_server(j, entry);
	put_offer(j, entry);
	programout_write(j, &entry->program);
	jsonout_word(j, "login_mechanism", entry->login_mechanism);
	put_count(j, "connections", entry->connections);
	put_counts(j, entry->by_version, entry->by_verdict, false);
	jsonout_time(j, "first", entry->first_us, true);
	jsonout_time(j, "last", entry->last_us, true);
	put_worst(j, entry);
	jsonout_close(j, '}');
}

static void
put_entries(struct document *d, const struct census *census)
{
	jsonout_open(&d->j, "entries", '[');
	for (size_t i = 0; i < census->count; i++) {
		const struct device *device = &census->devices[i];

		for (size_t k = 0; k < device->count; k++) {
			flush(d);
			put_entry(&d->j, device, device->entries[k]);
		}
	}
	jsonout_close(&d->j, ']');
	jsonout_close(&d->j, '}');
	flush(d);
}

int
report_json(FILE *out, const struct inventory *inventory,
    const struct report_source *source)
{
	struct document d = { .out = out };
	struct census census;

	d.j.to = d.piece;
	d.j.size = sizeof(d.piece);
	errno = 0;
	census_take(inventory, source->devices, &census);
	put_head(&d, inventory, source, census.count);
	put_entries(&d, &census);
	census_clear(&census);
	if (fflush(out) == 0 && !ferror(out))
		return 0;
	return errno != 0 ? -errno : -EIO;
}
