/* SPDX-License-Identifier: ISC */
#include "report/store_check.h"

#include <stdio.h>
#include <string.h>

#include "report/recall.h"
#include "report/recordin.h"
#include "report/store_private.h"

/* What there must be none of, in the order in which it is looked for. */
static const struct {
	const char *sql, *problem;
} rules[] = {
	{ "SELECT count(*) FROM daily LEFT JOIN (SELECT daily AS id, count(*)"
	  " AS n FROM seen GROUP BY daily) USING (id)"
	  " WHERE connections IS NOT n",
	    "sums that are wrong" },
	{ "SELECT count(*) FROM seen WHERE daily NOT IN (SELECT id FROM daily)",
	    "connections without a sum" },
	{ "SELECT count(*) FROM daily WHERE entry NOT IN"
	  " (SELECT id FROM entry)",
	    "sums without an entry" },
	{ "SELECT count(*) FROM (SELECT day, entry FROM daily EXCEPT"
	  " SELECT day, entry FROM sample)",
	    "entries without a sample" },
	{ "SELECT count(*) FROM sample WHERE record NOT IN"
	  " (SELECT id FROM record)",
	    "samples without a record" },
	{ "SELECT count(*) - count(DISTINCT seen) FROM record",
	    "records that are there twice" },
	{ "SELECT count(*) FROM record WHERE seen NOT IN"
	  " (SELECT id FROM seen)",
	    "records without a connection" },
};

/* Notes a problem, if it is the first. */
static void
note(struct store_health *out, const char *problem, int64_t count)
{
	if (out->problem[0] != '\0')
		return;
	if (count > 0)
		snprintf(out->problem, sizeof(out->problem), "%s: %lld",
		    problem, (long long)count);
	else
		snprintf(out->problem, sizeof(out->problem), "%s", problem);
}

static void
check_pages(struct db *db, struct store_health *out)
{
	struct db_statement *row = db_prepare(db, "PRAGMA integrity_check(1)");

	if (db_step(row) && strcmp(db_text(row, 0), "ok") != 0)
		note(out, db_text(row, 0), 0);
	db_finish(row);
}

static void
check_rules(struct db *db, struct store_health *out)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		int64_t count = db_number(db, rules[i].sql);

		if (count > 0)
			note(out, rules[i].problem, count);
	}
}

static void
check_records(struct db *db, struct store_health *out)
{
	struct db_statement *row = db_prepare(db, "SELECT line FROM record");
	struct recordin *reader = recordin_new();
	char message[RECORDIN_MESSAGE_MAX];
	struct connection c;
	struct identity who;
	int64_t bad = 0;

	while (db_step(row)) {
		const char *line = db_text(row, 0);

		bad += !recordin_read(
		    reader, line, strlen(line), &c, &who, message);
	}
	if (bad > 0)
		note(out, "records that can not be read", bad);
	recordin_free(reader);
	db_finish(row);
}

int
store_check(struct store *store, struct store_health *out)
{
	struct db *db = store->db;
	int error;

	memset(out, 0, sizeof(*out));
	check_pages(db, out);
	if (out->problem[0] == '\0') {
		check_rules(db, out);
		check_records(db, out);
	}
	out->schema = db_number(db, "PRAGMA user_version");
	out->days = recall_known(store);
	out->connections = db_number(db, "SELECT count(*) FROM seen");
	out->records = db_number(db, "SELECT count(*) FROM record");
	out->devices = db_number(db, "SELECT count(*) FROM device");
	out->runs = db_number(db, "SELECT count(*) FROM run");
	out->bytes = store_used(store);
	error = db_error(db);
	db_clear(db);
	return error;
}
