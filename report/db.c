/* SPDX-License-Identifier: ISC */
/* The only file that knows SQLite. */
#include "report/db.h"

#include <err.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	/* How long to wait for a reader that keeps the log from being
	 * restarted: nobody holds a lock for longer. */
	BUSY_MS = 5000,
	PATH_LEN = 4096,
	/* There are no threads here. */
	READING = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
	WRITING = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
};

struct db {
	sqlite3 *handle;
	int error;
	struct db_statement *statements; /* all that there are */
};

struct db_statement {
	sqlite3_stmt *handle;
	struct db *db;
	struct db_statement *next, *before;
};

/* An error of SQLite as one of errno. */
static int
errno_of(sqlite3 *handle, int code)
{
	int system = handle != NULL ? sqlite3_system_errno(handle) : 0;

	switch (code & 0xFF) {
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EBADMSG;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_CONSTRAINT:
		return -EEXIST;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return system > 0 ? -system : -EIO;
	default: /* SQL that is wrong: a mistake of ours */
		return -ENOTSUP;
	}
}

static bool
stuck(struct db *db, int code)
{
	if (db->error == 0 && code != SQLITE_OK && code != SQLITE_ROW &&
	    code != SQLITE_DONE)
		db->error = errno_of(db->handle, code);
	return db->error != 0;
}

/* Writes `path` as a URI that says that nobody writes to it. */
static bool
write_uri(const char *path, char *out, size_t size)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
	int at = snprintf(out, size, "file:");

	for (; *path != '\0' && (size_t)at + 20 < size; path++)
		at += snprintf(out + at, size - (size_t)at,
		    strchr(plain, *path) != NULL ? "%c" : "%%%02X",
		    (unsigned char)*path);
	snprintf(out + at, size - (size_t)at, "?immutable=1");
	return *path == '\0';
}

/* Where nothing may be written, SQLite can not make the index of a log, and
 * not even look.  If there is no log, the database can be read without. */
static int
open_without_log(const char *path, sqlite3 **out)
{
	char name[PATH_LEN], uri[3 * PATH_LEN + 32];
	struct stat log;

	snprintf(name, sizeof(name), "%s-wal", path);
	if (stat(name, &log) == 0 || !write_uri(path, uri, sizeof(uri)))
		return SQLITE_CANTOPEN;
	sqlite3_close(*out);
	return sqlite3_open_v2(uri, out, READING | SQLITE_OPEN_URI, NULL);
}

static int
open_to_read(const char *path, sqlite3 **out)
{
	int code = sqlite3_open_v2(path, out, READING, NULL);

	if (code != SQLITE_OK)
		return code;
	sqlite3_busy_timeout(*out, BUSY_MS);
	code = sqlite3_exec(
	    *out, "SELECT count(*) FROM sqlite_master", NULL, NULL, NULL);
	if (code == SQLITE_CANTOPEN || (code & 0xFF) == SQLITE_READONLY)
		code = open_without_log(path, out);
	return code;
}

static int
open_to_write(const char *path, sqlite3 **out)
{
	int code = sqlite3_open_v2(path, out, WRITING, NULL);

	/* It opens what may only be read all the same. */
	if (code == SQLITE_OK && sqlite3_db_readonly(*out, "main") == 1)
		code = SQLITE_READONLY;
	if (code == SQLITE_OK)
		code = sqlite3_busy_timeout(*out, BUSY_MS);
	return code;
}

int
db_open(const char *path, enum db_mode mode, struct db **out)
{
	struct db *db = calloc(1, sizeof(*db));
	int code, error = 0;

	if (db == NULL)
		err(EXIT_FAILURE, NULL);
	code = mode == DB_WRITE ? open_to_write(path, &db->handle)
				: open_to_read(path, &db->handle);
	if (stuck(db, code)) {
		error = db->error;
		db_close(db);
		db = NULL;
	}
	*out = db;
	return error;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	while (db->statements != NULL)
		db_finish(db->statements);
	sqlite3_close(db->handle);
	free(db);
}

int
db_error(const struct db *db)
{
	return db->error;
}

void
db_clear(struct db *db)
{
	db->error = 0;
}

void
db_run(struct db *db, const char *sql)
{
	if (db->error == 0)
		stuck(db, sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

int64_t
db_number(struct db *db, const char *sql)
{
	struct db_statement *statement = db_prepare(db, sql);
	int64_t number = 0;

	if (db_step(statement))
		number = db_int(statement, 0);
	db_finish(statement);
	return number;
}

void
db_begin(struct db *db)
{
	db_run(db, "BEGIN IMMEDIATE");
}

int
db_commit(struct db *db)
{
	int error;

	db_run(db, "COMMIT");
	error = db->error;
	/* Some errors have undone all already. */
	if (error != 0 && !sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	db->error = 0;
	return error;
}

/*
 * Statements.
 */

struct db_statement *
db_prepare(struct db *db, const char *sql)
{
	struct db_statement *statement = calloc(1, sizeof(*statement));

	if (statement == NULL)
		err(EXIT_FAILURE, NULL);
	statement->db = db;
	statement->next = db->statements;
	if (statement->next != NULL)
		statement->next->before = statement;
	db->statements = statement;
	if (db->error == 0)
		stuck(db, sqlite3_prepare_v2(
			      db->handle, sql, -1, &statement->handle, NULL));
	return statement;
}

void
db_finish(struct db_statement *statement)
{
	if (statement == NULL)
		return;
	if (statement->next != NULL)
		statement->next->before = statement->before;
	if (statement->before != NULL)
		statement->before->next = statement->next;
	else
		statement->db->statements = statement->next;
	sqlite3_finalize(statement->handle);
	free(statement);
}

/* May anything be done with it? */
static bool
is_ready(const struct db_statement *statement)
{
	return statement->db->error == 0 && statement->handle != NULL;
}

void
db_bind_int(struct db_statement *statement, int at, int64_t value)
{
	if (is_ready(statement))
		stuck(statement->db,
		    sqlite3_bind_int64(statement->handle, at, value));
}

void
db_bind_text(struct db_statement *statement, int at, const char *text)
{
	if (is_ready(statement))
		stuck(statement->db, sqlite3_bind_text(statement->handle, at,
					 text, -1, SQLITE_STATIC));
}

void
db_bind_bytes(
    struct db_statement *statement, int at, const void *data, size_t len)
{
	if (is_ready(statement))
		stuck(statement->db, sqlite3_bind_blob64(statement->handle, at,
					 data, len, SQLITE_STATIC));
}

bool
db_step(struct db_statement *statement)
{
	int code;

	if (!is_ready(statement))
		return false;
	code = sqlite3_step(statement->handle);
	if (code == SQLITE_ROW)
		return true;
	stuck(statement->db, code);
	sqlite3_reset(statement->handle);
	return false;
}

void
db_rewind(struct db_statement *statement)
{
	sqlite3_reset(statement->handle);
}

int64_t
db_int(struct db_statement *statement, int at)
{
	return sqlite3_column_int64(statement->handle, at);
}

const char *
db_text(struct db_statement *statement, int at)
{
	const unsigned char *text = sqlite3_column_text(statement->handle, at);

	return text != NULL ? (const char *)text : "";
}

const void *
db_bytes(struct db_statement *statement, int at, size_t *len)
{
	const void *data = sqlite3_column_blob(statement->handle, at);

	*len = (size_t)sqlite3_column_bytes(statement->handle, at);
	return data;
}
