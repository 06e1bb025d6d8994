/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_TURN_H
#define MAILTLS_DISSECT_TURN_H

#include <stddef.h>

#include "dissect/connection.h"
#include "dissect/rhythm.h"

/*
 * Whose turn it is first, inside TLS.  In mail the server speaks first, its
 * greeting (RFC 5321 3.1, RFC 9051 3, RFC 1939 3), and in most else the client
 * does: no name and no port proves as much.
 */
enum turn_first {
	TURN_NONE, /* nobody has spoken yet */
	TURN_CLIENT,
	TURN_SERVER,  /* up to TLS 1.2; in 1.3, the client let it go first */
	TURN_UNCLEAR, /* it will not be known any more */
};

/* Zeroed, it stands before the first protected record. */
struct turn {
	uint8_t first;        /* enum turn_first */
	uint8_t flight;       /* TLS 1.3: records of the client's last flight */
	bool finished;        /* TLS 1.3: that flight is over */
	bool answered;        /* and the server has sent something since */
	struct rhythm rhythm; /* of what is said after the greeting */
};

/*
 * turn_note hears of a record of application_data with `len` bytes that `side`
 * sends after the ServerHello; `uncertain` tells whether some before it may be
 * missing.
 */
void turn_note(struct turn *turn, const struct connection *c, enum side side,
    size_t len, bool uncertain);

#endif
