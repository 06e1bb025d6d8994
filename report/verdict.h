/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_VERDICT_H
#define MAILTLS_REPORT_VERDICT_H

#include "dissect/connection.h"

/*
 * The verdict on a connection, and why a handshake failed.  The rules, in
 * order, are in the manual page under VERDICTS.
 */

enum {
	VERDICT_FAILURES_MAX = 256,      /* failed handshakes remembered */
	VERDICT_RETRY_US = 30 * 1000000, /* how long a retry is one */
};

/* struct failed_handshake is what a judge remembers of one; private to it. */
struct failed_handshake {
	int64_t first_us, failed_us;
	uint8_t client[16], server[16];
	uint16_t client_port, port, max_version;
	char server_name[CONNECTION_NAME_MAX];
};

/*
 * struct judge remembers the handshakes that failed of late: a retry with a
 * lower version is known by the better offer that failed before it.  Zeroed
 * but for the minimum, it is ready.
 */
struct judge {
	uint16_t min_version; /* lowest that is not called old: TLS_1_2 */
	struct failed_handshake failures[VERDICT_FAILURES_MAX];
	/* Of the client of each, 0 of none: what is looked through. */
	uint32_t digests[VERDICT_FAILURES_MAX];
	unsigned next; /* the oldest */
};

/*
 * verdict_judge fills in failure, verdict, verdict_likely and outcome of `c`,
 * which may still be open.  Judging again, when more was seen, replaces them.
 */
void verdict_judge(struct judge *judge, struct connection *c);

/* verdict_is_old tells whether `verdict` says that a version below the
 * minimum was offered as the best, or negotiated. */
bool verdict_is_old(enum verdict verdict);

/* verdict_saw_old tells whether `c`, judged, is one that --check reports: its
 * verdict is old, or an old version was negotiated and nobody knows why. */
bool verdict_saw_old(const struct judge *judge, const struct connection *c);

/* verdict_refused_own_offer tells whether the client of `c`, judged, refused the
 * version that was the best of its own offer: nobody else is to blame. */
bool verdict_refused_own_offer(const struct connection *c);

/* verdict_name and failure_name return the words of the NDJSON output, NULL
 * for VERDICT_NONE and FAILURE_NONE. */
const char *verdict_name(enum verdict verdict);
const char *failure_name(enum failure failure);

#endif
