/* SPDX-License-Identifier: ISC */
#include "report/schema.h"

#include <errno.h>
#include <stdio.h>

enum {
	SQL_MAX = 128,
};

const char *const schema_steps[] = {
	/*
	 * Version 1.  A day is a number of days since 1970, by the clock on the
	 * wall (report/calendar.h); see date(day * 86400, 'unixepoch').  Times
	 * are microseconds since 1970.  Words are those of the records.
	 */

	/* What a report lists apart: a client, its server and its offer. */
	"CREATE TABLE entry("
	" id INTEGER PRIMARY KEY,"
	" key TEXT NOT NULL UNIQUE," /* a JSON array, report/facts.h */
	" client TEXT NOT NULL);"    /* MAC, or address if there is none */

	/* Its connections of a day that are alike in all that is counted. */
	"CREATE TABLE daily("
	" id INTEGER PRIMARY KEY,"
	" day INTEGER NOT NULL,"
	" entry INTEGER NOT NULL,"
	" version TEXT NOT NULL," /* negotiated, or '' */
	" verdict TEXT NOT NULL,"
	" incomplete INTEGER NOT NULL,"   /* bits, dissect/connection.h */
	" certificates INTEGER NOT NULL," /* bits, report/facts.h */
	" connections INTEGER NOT NULL,"
	" first_us INTEGER NOT NULL,"
	" last_us INTEGER NOT NULL,"
	" server_ip BLOB NOT NULL," /* of the last */
	" UNIQUE(day, entry, version, verdict, incomplete, certificates));"

	/* Which connections are in which row of those, by a hash: none counts twice. */
	"CREATE TABLE seen("
	" id INTEGER PRIMARY KEY,"
	" daily INTEGER NOT NULL);"

	"CREATE TABLE record("
	" id INTEGER PRIMARY KEY,"
	" seen INTEGER NOT NULL,"
	" day INTEGER NOT NULL,"
	" line TEXT NOT NULL);"
	"CREATE INDEX record_day ON record(day);"

	/* The record of an entry's last connection with the gravest verdict of
	 * a day, which is kept as long as the sums. */
	"CREATE TABLE sample("
	" day INTEGER NOT NULL,"
	" entry INTEGER NOT NULL,"
	" record INTEGER NOT NULL,"
	" rank INTEGER NOT NULL," /* of the verdict, 0 the gravest */
	" last_us INTEGER NOT NULL,"
	" PRIMARY KEY(day, entry)) WITHOUT ROWID;"

	/* What devices are called. */
	"CREATE TABLE device("
	" id TEXT PRIMARY KEY,"
	" name TEXT NOT NULL,"
	" source INTEGER NOT NULL," /* report/hostname.h */
	" named_us INTEGER NOT NULL,"
	" vendor TEXT NOT NULL,"
	" vendor_class TEXT NOT NULL,"
	" own_mac INTEGER NOT NULL,"
	" randomized_mac INTEGER NOT NULL,"
	" last_us INTEGER NOT NULL) WITHOUT ROWID;"

	/* When there was capture. */
	"CREATE TABLE run("
	" start_us INTEGER NOT NULL,"
	" source TEXT NOT NULL,"
	" end_us INTEGER NOT NULL,"
	" packets INTEGER NOT NULL,"
	" dropped INTEGER NOT NULL,"
	" lost INTEGER NOT NULL,"
	" PRIMARY KEY(start_us, source)) WITHOUT ROWID;",
};

const int schema_version = sizeof(schema_steps) / sizeof(schema_steps[0]);

/* Whose database is it, and of which version? */
static int
identify_db(struct db *db, int64_t *version)
{
	int64_t application = db_number(db, "PRAGMA application_id");
	int64_t tables = db_number(db, "SELECT count(*) FROM sqlite_master");
	int error = db_error(db);

	*version = db_number(db, "PRAGMA user_version");
	if (error != 0)
		return error;
	if (application == 0 && tables == 0 && *version == 0)
		return 0; /* nobody's yet */
	return application == SCHEMA_APPLICATION ? 0 : -EINVAL;
}

int
schema_upgrade(struct db *db, const char *const *steps, int count)
{
	char sql[SQL_MAX];
	int64_t version;
	int error = identify_db(db, &version);

	if (error != 0 || version == count)
		return error;
	if (version > count)
		return -EPROTO;
	db_begin(db);
	for (int64_t i = version; i < count; i++)
		db_run(db, steps[i]);
	snprintf(sql, sizeof(sql),
	    "PRAGMA application_id=%d;PRAGMA user_version=%d",
	    SCHEMA_APPLICATION, count);
	db_run(db, sql);
	return db_commit(db);
}

int
schema_check(struct db *db)
{
	int64_t version;
	int error = identify_db(db, &version);

	if (error != 0 || version == schema_version)
		return error;
	return version > schema_version ? -EPROTO : -ESTALE;
}
