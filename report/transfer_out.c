/* SPDX-License-Identifier: ISC */
#include "report/transfer.h"

#include <string.h>

#include "report/codes.h"
#include "report/jsonout.h"
#include "report/store_private.h"

enum {
	SCHEMA = 1, /* that of records */
	ID_LEN = 16,
	IPV4_LEN = 4,
};

/* A transfer on its way. */
struct passage {
	struct store *store;
	transfer_sink *sink;
	void *arg;
	bool ended;
	bool damaged; /* what fails is passed over */
	struct jsonout j;
	char line[TRANSFER_LINE_MAX];
};

/*
 * Lines.
 */

static void
begin_line(struct passage *p)
{
	p->j = (struct jsonout){ .to = p->line, .size = sizeof(p->line) - 1 };
	jsonout_open(&p->j, NULL, '{');
	jsonout_open(&p->j, "mailtls", '{');
	jsonout_int(&p->j, "schema", SCHEMA);
	jsonout_close(&p->j, '}');
}

static void
end_line(struct passage *p)
{
	jsonout_close(&p->j, '}');
	p->line[p->j.len++] = '\n';
	p->ended = p->ended || !p->sink(p->arg, p->line, p->j.len);
}

static void
put_id(struct jsonout *j, const char *key, int64_t id)
{
	uint8_t bytes[ID_LEN / 2];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)((uint64_t)id >> (56 - 8 * i));
	jsonout_hex(j, key, bytes, sizeof(bytes), false);
}

static void
put_record(struct passage *p, struct db_statement *row)
{
	size_t len = strlen(db_text(row, 0));

	if (len >= sizeof(p->line))
		return; /* no record of ours */
	memcpy(p->line, db_text(row, 0), len);
	p->line[len++] = '\n';
	p->ended = !p->sink(p->arg, p->line, len);
}

static void
put_device(struct passage *p, struct db_statement *row)
{
	struct jsonout *j = &p->j;

	begin_line(p);
	jsonout_open(j, "device", '{');
	jsonout_word(j, "id", db_text(row, 0));
	jsonout_word(j, "name", db_text(row, 1));
	jsonout_word(j, "name_source",
	    name_source_word((enum name_source)db_int(row, 2)));
	jsonout_word(j, "vendor", db_text(row, 4));
	jsonout_word(j, "dhcp_class", db_text(row, 5));
	if (db_int(row, 6) != 0)
		jsonout_bool(j, "randomized_mac", db_int(row, 7) != 0);
	jsonout_close(j, '}');
	jsonout_time(j, "named", db_int(row, 3), true);
	jsonout_time(j, "seen", db_int(row, 8), true);
	end_line(p);
}

static void
put_run(struct passage *p, struct db_statement *row)
{
	struct jsonout *j = &p->j;

	begin_line(p);
	jsonout_open(j, "run", '{');
	jsonout_word(j, "source", db_text(row, 1));
	jsonout_time(j, "start", db_int(row, 0), true);
	jsonout_time(j, "end", db_int(row, 2), true);
	jsonout_int(j, "packets", db_int(row, 3));
	jsonout_int(j, "dropped", db_int(row, 4));
	jsonout_int(j, "lost", db_int(row, 5));
	jsonout_close(j, '}');
	end_line(p);
}

/*
 * Counts: a row for each connection without a record, those of one sum after
 * the other.
 */

static void
put_words(
    struct jsonout *j, const char *key, const struct codes *codes, int64_t bits)
{
	if (bits == 0)
		return;
	jsonout_open(j, key, '[');
	for (size_t i = 0; i < codes->count; i++)
		if (bits >> i & 1)
			jsonout_word(j, NULL, codes->words[i]);
	jsonout_close(j, ']');
}

static void
put_ip(struct jsonout *j, struct db_statement *row, int at)
{
	uint8_t ip[16] = { 0 };
	char text[IPTEXT_MAX];
	size_t len;
	const void *bytes = db_bytes(row, at, &len);

	if (len > sizeof(ip))
		return;
	memcpy(ip, bytes, len);
	iptext_write(ip, len > IPV4_LEN, text);
	jsonout_word(j, "server_ip", text);
}

static void
begin_count(struct passage *p, struct db_statement *row)
{
	struct jsonout *j = &p->j;

	begin_line(p);
	jsonout_open(j, "count", '{');
	put_id(j, "of", db_int(row, 2));
	jsonout_word(j, "version", db_text(row, 3));
	jsonout_word(j, "verdict", db_text(row, 4));
	put_words(j, "incomplete", &codes_incomplete, db_int(row, 5));
	put_words(j, "certificates", &codes_certificates, db_int(row, 6));
	jsonout_time(j, "first", db_int(row, 7), true);
	jsonout_time(j, "last", db_int(row, 8), true);
	put_ip(j, row, 9);
	jsonout_open(j, "ids", '[');
}

static void
end_count(struct passage *p)
{
	jsonout_close(&p->j, ']');
	jsonout_close(&p->j, '}');
	end_line(p);
}

static void
put_counts(struct passage *p, const char *sql)
{
	struct db_statement *row = db_prepare(p->store->db, sql);
	int64_t sum = 0;
	size_t count = 0; /* of the line, 0: none is begun */

	while (!p->ended && db_step(row)) {
		if (count > 0 &&
		    (db_int(row, 0) != sum || count == TRANSFER_IDS_MAX)) {
			end_count(p);
			count = 0;
		}
		if (count == 0)
			begin_count(p, row);
		sum = db_int(row, 0);
		put_id(&p->j, NULL, db_int(row, 1));
		count++;
	}
	if (count > 0 && !p->ended)
		end_count(p);
	db_finish(row);
}

/*
 * All of it.
 */

static void
put_all(struct passage *p, const char *sql,
    void (*put)(struct passage *p, struct db_statement *row))
{
	struct db_statement *row = db_prepare(p->store->db, sql);

	while (!p->ended && db_step(row))
		put(p, row);
	db_finish(row);
}

#define COUNTS                                                                 \
	"SELECT d.id, s.id, r.seen, d.version, d.verdict, d.incomplete,"       \
	" d.certificates, d.first_us, d.last_us, d.server_ip FROM seen s"      \
	" JOIN daily d ON d.id = s.daily JOIN sample m USING (day, entry)"     \
	" JOIN record r ON r.id = m.record"

int
transfer_out(struct store *store, transfer_sink *sink, void *arg)
{
	struct passage p = { .store = store, .sink = sink, .arg = arg };
	int error;

	/* One look at it, whatever is written meanwhile. */
	db_run(store->db, "BEGIN");
	put_all(&p, "SELECT line FROM record ORDER BY id", put_record);
	put_counts(&p, COUNTS
	    " WHERE s.id NOT IN (SELECT seen FROM record)"
	    " ORDER BY d.day, r.seen, d.version, d.verdict, d.incomplete,"
	    " d.certificates, s.id");
	put_all(&p, "SELECT * FROM device ORDER BY id", put_device);
	put_all(&p, "SELECT * FROM run ORDER BY start_us, source", put_run);
	error = db_error(store->db);
	db_clear(store->db);
	db_run(store->db, "COMMIT");
	return error;
}

/* Reads a table from its beginning up to the damage, then from its end. */
static void
save_all(struct passage *p, const char *forth, const char *back,
    void (*put)(struct passage *p, struct db_statement *row))
{
	put_all(p, forth, put);
	if (db_error(p->store->db) != 0) {
		db_clear(p->store->db);
		put_all(p, back, put);
	}
	db_clear(p->store->db);
}

void
transfer_save(struct store *store, transfer_sink *sink, void *arg)
{
	struct passage p = { .store = store, .sink = sink, .arg = arg };

	save_all(&p, "SELECT line FROM record ORDER BY id",
	    "SELECT line FROM record ORDER BY id DESC", put_record);
	put_counts(&p, COUNTS);
	db_clear(store->db);
	save_all(&p, "SELECT * FROM device ORDER BY id",
	    "SELECT * FROM device ORDER BY id DESC", put_device);
	save_all(&p, "SELECT * FROM run ORDER BY start_us",
	    "SELECT * FROM run ORDER BY start_us DESC", put_run);
}
