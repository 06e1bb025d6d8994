/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_FAMILIAR_H
#define MAILTLS_REPORT_FAMILIAR_H

#include <stdbool.h>

#include "dissect/connection.h"

/*
 * Who was seen to speak mail: servers, by address and port, as what listens
 * there speaks one protocol; and programs, by the device and the fingerprint
 * of their hellos.  By them a connection is known that shows nothing of itself.
 * Zeroed, nobody is.
 */

enum {
	FAMILIAR_MAX = 1024, /* of both kinds; one takes another's place */
};

struct familiar {
	struct acquaintance {
		uint8_t ip[16];
		bool ipv6;
		uint16_t port;    /* of a server; 0: it is a program */
		char ja4[37];     /* of a program */
		uint8_t protocol; /* enum mail_protocol, of a server */
	} known[FAMILIAR_MAX];
};

/* familiar_meet remembers the ends of `c`, which is mail: its server if that
 * is on another port than mail's, and its program if there is a fingerprint. */
void familiar_meet(struct familiar *familiar, const struct connection *c);

/* familiar_server tells whether the server of `c` was met, and what it speaks,
 * MAIL_UNKNOWN if that is not known. */
bool familiar_server(const struct familiar *familiar,
    const struct connection *c, enum mail_protocol *protocol);

/* familiar_program tells whether the program of `c` was met. */
bool familiar_program(
    const struct familiar *familiar, const struct connection *c);

#endif
