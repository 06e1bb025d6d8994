/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_DB_H
#define MAILTLS_REPORT_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * SQLite, as the store uses it.  Errors stick: after the first, statements do
 * nothing and give nothing, so that a transaction is written straight down and
 * looked at once, by db_commit.
 *
 * Errors are -errno: -ENOSPC for a full disk, -EROFS where nothing may be
 * written, -EBUSY for a lock, -EBADMSG for a file that is damaged or was never
 * a database, -EIO and others as the system has them.
 */
struct db;
struct db_statement;

enum db_mode {
	DB_READ,
	DB_WRITE, /* the file must be there, and may be empty */
};

/* db_open opens the file at `path` and returns 0; or an error, with NULL. */
int db_open(const char *path, enum db_mode mode, struct db **out);

/* db_close ends all statements of `db`, which may be NULL, and undoes what was
 * not committed. */
void db_close(struct db *db);

/* db_error returns the error that stuck, 0 if none did; db_clear forgets it. */
int db_error(const struct db *db);
void db_clear(struct db *db);

/* db_run runs `sql`, perhaps several statements, without looking at rows. */
void db_run(struct db *db, const char *sql);

/* db_number returns the first value that `sql` gives, 0 where it gives none. */
int64_t db_number(struct db *db, const char *sql);

/* db_begin begins a transaction that may write.  db_commit ends it; if that, or
 * anything in it, has failed, it undoes all, clears the error and returns it. */
void db_begin(struct db *db);
int db_commit(struct db *db);

/* db_prepare makes a statement, which lasts as long as `db`. */
struct db_statement *db_prepare(struct db *db, const char *sql);

/* db_finish ends a statement early; it may be NULL. */
void db_finish(struct db_statement *statement);

/* db_bind_... set parameter `at`, from 1.  Text and bytes are borrowed until
 * the statement has run; NULL is SQL's NULL. */
void db_bind_int(struct db_statement *statement, int at, int64_t value);
void db_bind_text(struct db_statement *statement, int at, const char *text);
void db_bind_bytes(
    struct db_statement *statement, int at, const void *data, size_t len);

/*
 * db_step runs a statement up to its next row, and returns whether there is
 * one; when there is none, the statement is ready to run again.  db_rewind
 * makes it so before.
 */
bool db_step(struct db_statement *statement);
void db_rewind(struct db_statement *statement);

/* db_int, db_text and db_bytes return what column `at`, from 0, of the row
 * holds; text and bytes until the next call.  db_text is "" for NULL. */
int64_t db_int(struct db_statement *statement, int at);
const char *db_text(struct db_statement *statement, int at);
const void *db_bytes(struct db_statement *statement, int at, size_t *len);

#endif
