/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_RHYTHM_H
#define MAILTLS_DISSECT_RHYTHM_H

#include <stddef.h>

#include "dissect/connection.h"

/*
 * How long the lines are that client and server say in turns, inside TLS, tells
 * SMTP, IMAP and POP3 apart where they have words of which nothing else in mail
 * has the length.  It takes cipher suites that do not hide the length: AEAD and
 * stream ciphers.  What has no such words, or not yet, has no answer.
 */

enum {
	RHYTHM_TURNS_MAX = 40, /* of client and server together */
};

/* Zeroed, it stands before the client's first word. */
struct rhythm {
	uint16_t lens[RHYTHM_TURNS_MAX]; /* client, server, client ... */
	uint8_t count;
	bool lost; /* what comes is not known, or not of use any more */
};

/*
 * rhythm_note hears that `side` says something in a record of application_data
 * with `len` bytes, after the server's greeting.
 */
void rhythm_note(struct rhythm *rhythm, const struct connection *c,
    enum side side, size_t len);

/*
 * rhythm_protocol returns what is spoken, or MAIL_UNKNOWN; `ended` tells whether
 * there will be no more.
 */
enum mail_protocol rhythm_protocol(const struct rhythm *rhythm, bool ended);

#endif
