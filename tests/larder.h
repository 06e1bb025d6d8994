/* SPDX-License-Identifier: ISC */
/* A folder with a store in it, for the tests of the store. */
#ifndef MAILTLS_TESTS_LARDER_H
#define MAILTLS_TESTS_LARDER_H

#include "report/store.h"
#include "tests/kit.h"
#include "tests/mkconnection.h"

/* Noon of 22 May 2022, UTC, and a day's length. */
#define LARDER_NOON_US (INT64_C(1653220800) * MK_SECOND)
#define LARDER_DAY_US  (86400 * MK_SECOND)

struct larder {
	char folder[64];
	char path[96]; /* of the store, which is not there yet */
	struct store_options options;
	struct store *store;
	char message[STORE_MESSAGE_MAX];
	/* What the store said, all of it, and how often it did. */
	char said[2048];
	unsigned said_count;
};

/* larder_set_up and larder_tear_down make a folder, and a struct larder in
 * `*state`, for one test.  The time zone is UTC. */
int larder_set_up(void **state);
int larder_tear_down(void **state);
#define LARDER_TEST(name)                                                      \
	cmocka_unit_test_setup_teardown(name, larder_set_up, larder_tear_down)

/* larder_open opens the store to write, larder_read to read, and larder_close
 * closes it, `days` after noon; all must succeed. */
void larder_open(struct larder *l);
void larder_read(struct larder *l);
void larder_close(struct larder *l, int days);

/* larder_connection is one from 192.168.1.`host`, `days` and `seconds` after
 * noon, with `verdict` and the version that goes with it. */
struct connection larder_connection(
    uint8_t host, int days, int seconds, enum verdict verdict);

/* larder_add adds that, larder_put one that is given. */
void larder_add(struct larder *l, uint8_t host, int days, int seconds,
    enum verdict verdict);
void larder_put(struct larder *l, const struct connection *c);

/* larder_sql returns the number that `sql` gives, asked of SQLite itself. */
int64_t larder_sql(const struct larder *l, const char *sql);

/* larder_do runs `sql`; the file may be any database. */
void larder_do(const char *path, const char *sql);

/* larder_break makes every write of SQLite fail with this code of its own, 0
 * none. */
void larder_break(int code);

/* larder_files returns how many files of the folder have `part` in their
 * names. */
unsigned larder_files(const struct larder *l, const char *part);

#endif
