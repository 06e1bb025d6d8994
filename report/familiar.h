/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_FAMILIAR_H
#define MAILTLS_REPORT_FAMILIAR_H

#include <stdbool.h>

#include "dissect/connection.h"

/*
 * Who was seen to speak mail: servers, by address and port or by name and port,
 * as what listens there speaks one protocol; and programs, by the device and
 * the fingerprint of their hellos.  By them a connection is known that shows
 * nothing of itself.  Besides, which protocol was spoken on a port of any
 * server of a domain: whoever runs several has each service on the same port of
 * all.  Zeroed, nobody is known.
 */

enum {
	FAMILIAR_MAX = 1024,    /* of all kinds; one takes another's place */
	FAMILIAR_NAME_MAX = 64, /* longer names are not remembered */
};

struct familiar {
	struct acquaintance {
		uint8_t kind; /* 0: nobody */
		bool ipv6;
		uint8_t protocol; /* enum mail_protocol */
		bool several;     /* of a domain: there were several of them */
		uint16_t port;    /* of a server or domain */
		uint8_t ip[16];   /* of a server, or a program's device */
		char ja4[37];     /* of a program */
		char name[FAMILIAR_NAME_MAX]; /* of a server or domain */
	} known[FAMILIAR_MAX];
};

/*
 * familiar_meet remembers the ends of `c`, which is mail: its server, which goes
 * by `name` if that is not "", if that is on another port than mail's, and its
 * program if there is a fingerprint.
 */
void familiar_meet(
    struct familiar *familiar, const struct connection *c, const char *name);

/* familiar_server tells whether the server of `c`, or one of that `name`, was
 * met, and what it speaks, MAIL_UNKNOWN if that is not known. */
bool familiar_server(const struct familiar *familiar,
    const struct connection *c, const char *name, enum mail_protocol *protocol);

/* familiar_domain returns which protocol the servers in the domain of the host
 * `name` speak on that port, MAIL_UNKNOWN if that is not known or not the
 * same. */
enum mail_protocol familiar_domain(const struct familiar *familiar,
    const struct connection *c, const char *name);

/* familiar_program tells whether the program of `c` was met. */
bool familiar_program(
    const struct familiar *familiar, const struct connection *c);

#endif
