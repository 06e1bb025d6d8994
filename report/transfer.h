/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_TRANSFER_H
#define MAILTLS_REPORT_TRANSFER_H

#include "report/store.h"

/*
 * A store as lines of JSON, and back: the records, as `mailtls analyze` prints
 * them, then the rest, each line with one of these keys beside "mailtls":
 *
 * "count": {              connections of which there is no record any more
 *   "of": ID,             one of the same device, server, offer and day, whose
 *                         record is above
 *   "version": "1.0",     absent if there was none
 *   "verdict": "old_client", "incomplete": [ "gap", ... ],
 *   "certificates": [ "server", "client_requested", "client_sent" ],
 *   "first": TIME, "last": TIME, "server_ip": IP,
 *   "ids": [ ID, ... ]    which ones
 * }
 * "device": { as in records }, "named": TIME, "seen": TIME
 * "run": { "source": NAME, "start": TIME, "end": TIME, "packets": N,
 *   "dropped": N, "lost": N }
 *
 * An ID is the hash of a connection's ends and first packet, 16 hexadecimal
 * digits.  Taking lines in again, or those of two stores that have something in
 * common, counts nothing twice.
 */

enum {
	TRANSFER_IDS_MAX = 256,    /* of one line */
	TRANSFER_LINE_MAX = 16384, /* none is longer */
	TRANSFER_MESSAGE_MAX = 160,
};

/* A transfer_sink takes a line of `len` bytes, its newline the last of them, and
 * returns false to end it. */
typedef bool transfer_sink(void *arg, const char *line, size_t len);

/* transfer_out gives all lines of `store` to `sink`, and returns 0 or -errno
 * when the store could not be read to its end. */
int transfer_out(struct store *store, transfer_sink *sink, void *arg);

/* transfer_save does so for a store that is damaged: what can not be read is
 * passed over. */
void transfer_save(struct store *store, transfer_sink *sink, void *arg);

/*
 * struct intake takes lines into a store, several thousand in a transaction.
 * intake_line returns false for a line that is none of the above, with a
 * sentence in `message`; that changes nothing.  intake_end writes what is left,
 * frees it, and returns 0 or -errno when something was not written; the
 * connections that were new and those that were known are in the statistics of
 * the store.
 */
struct intake;
struct intake *intake_new(struct store *store);
bool intake_line(struct intake *intake, const char *line, size_t len,
    char message[TRANSFER_MESSAGE_MAX]);
int intake_end(struct intake *intake);

#endif
