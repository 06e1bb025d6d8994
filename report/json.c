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

/* Of the connections, or as it was asked for. */
static void
put_period(struct jsonout *j, const struct inventory *inventory,
    const struct history *history)
{
	if (history == NULL && inventory->connections == 0)
		return;
	jsonout_open(j, "period", '{');
	jsonout_time(j, "start",
	    history != NULL ? history->start_us : inventory->first_us, true);
	jsonout_time(j, "end",
	    history != NULL ? history->end_us : inventory->last_us, true);
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
	put_period(j, inventory, source->history);
	put_read(d, source);
	put_totals(j, inventory, device_count);
	put_losses(j, source);
	flush(d);
}

/*
 * What a store knows.
 */

static void
put_coverage(struct document *d, const struct history *history)
{
	struct jsonout *j = &d->j;

	jsonout_open(j, "coverage", '{');
	jsonout_int(j, "seconds", history->covered_us / 1000000);
	put_count(j, "devices", history->devices_seen);
	jsonout_open(j, "runs", '[');
	for (size_t i = 0; i < history->run_count; i++) {
		const struct history_run *run = &history->runs[i];

		flush(d);
		jsonout_open(j, NULL, '{');
		jsonout_word(j, "source", run->source);
		jsonout_time(j, "start", run->start_us, true);
		jsonout_time(j, "end", run->end_us, true);
		put_count(j, "packets", run->packets);
		put_count(j, "dropped", run->dropped);
		put_count(j, "lost", run->lost);
		jsonout_close(j, '}');
	}
	jsonout_close(j, ']');
	jsonout_close(j, '}');
}

/* One side of a change, if there is one. */
static void
put_state(
    struct jsonout *j, const char *key, enum verdict verdict, uint16_t version)
{
	if (verdict == VERDICT_NONE)
		return;
	jsonout_open(j, key, '{');
	jsonout_word(j, "verdict", verdict_name(verdict));
	put_version(j, "version", version);
	jsonout_close(j, '}');
}

static void
put_change(struct jsonout *j, const struct history_change *change)
{
	static const char *const kinds[] = {
		[HISTORY_NEW] = "new",
		[HISTORY_FIXED] = "fixed",
		[HISTORY_WORSE] = "worse",
		[HISTORY_GONE] = "gone",
	};

	jsonout_open(j, NULL, '{');
	jsonout_word(j, "kind", kinds[change->kind]);
	jsonout_word(j, "id", change->id);
	jsonout_word(j, "name", change->device);
	jsonout_word(j, "server", change->server);
	put_state(j, "before", change->before, change->version_before);
	put_state(j, "now", change->now, change->version_now);
	if (change->last_before_us != 0)
		jsonout_time(j, "last_before", change->last_before_us, true);
	if (change->first_now_us != 0)
		jsonout_time(j, "first_now", change->first_now_us, true);
	jsonout_close(j, '}');
}

static void
put_day(struct jsonout *j, const struct history_day *day)
{
	jsonout_open(j, NULL, '{');
	jsonout_time(j, "start", day->start_us, true);
	jsonout_time(j, "end", day->end_us, true);
	put_count(j, "connections", day->connections);
	put_counts(j, day->by_version, day->by_verdict, false);
	jsonout_close(j, '}');
}

static void
put_history(struct document *d, const struct history *history)
{
	struct jsonout *j = &d->j;

	if (history == NULL)
		return;
	put_coverage(d, history);
	jsonout_open(j, "previous", '{');
	jsonout_bool(j, "known", history->before_known);
	jsonout_close(j, '}');
	jsonout_open(j, "changes", '[');
	for (size_t i = 0; i < history->change_count; i++) {
		flush(d);
		put_change(j, &history->changes[i]);
	}
	jsonout_close(j, ']');
	jsonout_open(j, "trend", '[');
	for (size_t i = 0; i < history->day_count; i++) {
		flush(d);
		put_day(j, &history->days[i]);
	}
	jsonout_close(j, ']');
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
	put_history(&d, source->history);
	put_entries(&d, &census);
	census_clear(&census);
	return report_end(out);
}
