/* SPDX-License-Identifier: ISC */
/*
 * The sums of an entry are added up over the days.  What else there is to say
 * of it, its sample says: the record of its last connection with its gravest
 * verdict.
 */
#include "report/rows.h"

#include <string.h>

#include "dissect/names.h"
#include "report/recordin.h"
#include "report/store_private.h"
#include "report/verdict.h"

/* Reading the rows of one span of days. */
struct reading {
	struct recordin *reader;
	struct db_statement *rows, *samples, *record;
	struct history *days; /* NULL: not by day */
	struct inventory *to;
	bool row, sample; /* there is one */
};

/* Columns of the rows. */
enum {
	ENTRY,
	DAY,
	VERSION,
	VERDICT,
	INCOMPLETE,
	CERTIFICATES,
	CONNECTIONS,
	FIRST_US,
	LAST_US,
	SERVER_IP,
};
#define ROWS                                                                   \
	"SELECT d.entry, d.day, d.version, d.verdict, d.incomplete,"           \
	" d.certificates, d.connections, d.first_us, d.last_us, d.server_ip"   \
	" FROM daily d"

static const char rows_of_days[] =
    ROWS " WHERE d.day >= ?1 AND d.day < ?2 ORDER BY d.entry, d.day";

/* Of every client, the week up to the day on which it was last seen. */
static const char rows_of_last_week[] =
    "WITH last AS (SELECT client, max(day) AS day FROM daily JOIN entry ON"
    " entry.id = entry WHERE day >= ?1 AND day < ?2 GROUP BY client) " ROWS
    " JOIN entry e ON e.id = d.entry JOIN last l ON l.client = e.client"
    " WHERE d.day >= ?1 AND d.day < ?2 AND d.day > l.day - 7"
    " ORDER BY d.entry, d.day";

static enum verdict
verdict_of(const char *word)
{
	for (unsigned v = 1; v < INVENTORY_VERDICTS; v++)
		if (strcmp(verdict_name((enum verdict)v), word) == 0)
			return (enum verdict)v;
	return VERDICT_UNDETERMINED;
}

static unsigned
version_row(const char *word)
{
	uint32_t version;

	names_find_version(word, &version);
	return inventory_version((uint16_t)version);
}

/* What only the whole inventory counts. */
static void
count_totals(struct inventory *to, struct db_statement *row, uint64_t count)
{
	unsigned certificates = (unsigned)db_int(row, CERTIFICATES);
	unsigned incomplete = (unsigned)db_int(row, INCOMPLETE);

	if (certificates & FACTS_SERVER_CERTIFICATE)
		to->server_certificates += count;
	if (certificates & FACTS_CLIENT_REQUESTED)
		to->client_requests += count;
	if (certificates & FACTS_CLIENT_SENT)
		to->client_certificates += count;
	if (verdict_of(db_text(row, VERDICT)) != VERDICT_UNDETERMINED)
		return;
	if (db_text(row, VERSION)[0] != '\0')
		to->old_undetermined += count;
	for (unsigned bit = 0; bit < INVENTORY_REASONS; bit++)
		if (incomplete >> bit & 1)
			to->by_incomplete[bit] += count;
}

static void
count_day(struct reading *r, uint64_t count)
{
	int64_t at;
	struct history_day *day;

	if (r->days == NULL)
		return;
	at = db_int(r->rows, DAY) - r->days->first_day;
	if (at < 0 || (size_t)at >= r->days->day_count)
		return;
	day = &r->days->days[at];
	day->connections += count;
	day->by_version[version_row(db_text(r->rows, VERSION))] += count;
	day->by_verdict[verdict_of(db_text(r->rows, VERDICT))] += count;
}

static void
count_row(struct reading *r, struct entry *sum)
{
	struct db_statement *row = r->rows;
	uint64_t count = (uint64_t)db_int(row, CONNECTIONS);
	enum verdict verdict = verdict_of(db_text(row, VERDICT));
	int64_t first_us = db_int(row, FIRST_US),
		last_us = db_int(row, LAST_US);
	bool is_first = sum->connections == 0;
	const void *ip;
	size_t len;

	if (is_first || last_us >= sum->last_us) {
		ip = db_bytes(row, SERVER_IP, &len);
		memset(sum->server_ip, 0, sizeof(sum->server_ip));
		memcpy(sum->server_ip, ip,
		    len < sizeof(sum->server_ip) ? len
						 : sizeof(sum->server_ip));
		sum->last_us = last_us;
	}
	if (is_first || first_us < sum->first_us)
		sum->first_us = first_us;
	if (sum->by_verdict[verdict] == 0 ||
	    last_us > sum->verdict_last_us[verdict])
		sum->verdict_last_us[verdict] = last_us;
	sum->connections += count;
	sum->by_verdict[verdict] += count;
	sum->by_version[version_row(db_text(row, VERSION))] += count;
	count_totals(r->to, row, count);
	count_day(r, count);
}

/* Gives `key` the key and the sample of record `id`; false if that can not be
 * read. */
static bool
take_sample(struct reading *r, int64_t id, struct entry *key)
{
	char message[RECORDIN_MESSAGE_MAX];
	struct connection c;
	struct identity who;
	const char *line;
	bool fine;

	db_bind_int(r->record, 1, id);
	if (!db_step(r->record))
		return false;
	line = db_text(r->record, 0);
	fine = recordin_read(r->reader, line, strlen(line), &c, &who, message);
	db_rewind(r->record);
	if (!fine)
		return false;
	inventory_key(key, &c, &who);
	key->last = c;
	return true;
}

/* Sets all of `entry` but its key and its sample to what was added up. */
static void
take_sums(struct entry *entry, const struct entry *sum)
{
	memcpy(entry->server_ip, sum->server_ip, sizeof(entry->server_ip));
	entry->first_us = sum->first_us;
	entry->last_us = sum->last_us;
	entry->connections = sum->connections;
	memcpy(entry->by_version, sum->by_version, sizeof(entry->by_version));
	memcpy(entry->by_verdict, sum->by_verdict, sizeof(entry->by_verdict));
	memcpy(entry->verdict_last_us, sum->verdict_last_us,
	    sizeof(entry->verdict_last_us));
}

/* Adds up the rows of one entry, the next, and its sample, which is the first
 * of those that it has. */
static void
read_entry(struct reading *r)
{
	int64_t id = db_int(r->rows, ENTRY);
	struct entry sum = { .connections = 0 }, entry;

	while (r->row && db_int(r->rows, ENTRY) == id) {
		count_row(r, &sum);
		r->row = db_step(r->rows);
	}
	while (r->sample && db_int(r->samples, 0) < id)
		r->sample = db_step(r->samples);
	if (r->sample && db_int(r->samples, 0) == id &&
	    take_sample(r, db_int(r->samples, 1), &entry)) {
		take_sums(&entry, &sum);
		inventory_merge(r->to, &entry);
		return;
	}
	inventory_merge_unknown(r->to, &sum);
}

void
rows_read(struct store *store, struct recordin *reader, enum rows_which which,
    struct span span, struct inventory *to, struct history *days)
{
	static const char *const sqls[] = {
		[ROWS_OF_DAYS] = rows_of_days,
		[ROWS_OF_LAST_WEEK] = rows_of_last_week,
	};
	struct reading r = {
		.reader = reader,
		.rows = db_prepare(store->db, sqls[which]),
		.samples = db_prepare(store->db,
		    "SELECT entry, record FROM sample WHERE day >= ?1 AND"
		    " day < ?2 ORDER BY entry, rank, last_us DESC"),
		.record = db_prepare(
		    store->db, "SELECT line FROM record WHERE id = ?1"),
		.days = days,
		.to = to,
	};

	for (int i = 0; i < 2; i++) {
		struct db_statement *s = i == 0 ? r.rows : r.samples;

		db_bind_int(s, 1, span.first);
		db_bind_int(s, 2, span.end);
	}
	r.sample = db_step(r.samples);
	r.row = db_step(r.rows);
	while (r.row)
		read_entry(&r);
	db_finish(r.rows);
	db_finish(r.samples);
	db_finish(r.record);
}
