/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_LIKENESS_H
#define MAILTLS_REPORT_LIKENESS_H

#include "dissect/connection.h"
#include "report/manner.h"
#include "report/measured.h"

/*
 * What a connection shows of its program, and who in the table shows the like:
 * the nearest fit where there is no exact one.
 */

enum {
	CLUES_JA3_MAX = 33,
	CLUES_TALK_MAX = MANNER_MAX + 16, /* with the protocol before it */
};

/* struct clues borrows the connection and the table. */
struct clues {
	const struct measured *measured;
	const struct connection *c;
	char place[32];    /* protocol/encryption */
	char protocol[16]; /* protocol/ */
	char ja3[CLUES_JA3_MAX];
	char talk[CLUES_TALK_MAX]; /* as the table has it, or "" */
	const char *id;            /* what it calls itself in IMAP, or "" */
};

/* clues_id returns what the client calls itself in IMAP, or "". */
const char *clues_id(const struct connection *c);

void clues_gather(const struct measured *measured, const struct connection *c,
    struct clues *out);

/*
 * likeness_of_hello returns the programs whose ClientHello it may be, by JA4
 * and then JA3, else the nearest fit; likeness_of_talk those that talk like
 * that, exactly or else but for the last command, which depends on the server.
 * Of several, those count that were seen at the same protocol and encryption,
 * else at the same protocol.  They add to `*evidence` how near the fit is, in
 * bits of enum program_evidence.
 */
struct match likeness_of_hello(const struct clues *clues, unsigned *evidence);
struct match likeness_of_talk(const struct clues *clues, unsigned *evidence);

/* likeness_of_id returns those that call themselves so in IMAP. */
struct match likeness_of_id(const struct clues *clues);

#endif
