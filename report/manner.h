/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_MANNER_H
#define MAILTLS_REPORT_MANNER_H

#include "dissect/connection.h"

enum {
	MANNER_MAX = 96,
};

/*
 * manner_of writes how the client of `c` talked before TLS: c->talk, with a
 * word for the kind of name that it gave itself after the first EHLO, HELO or
 * LHLO, as in `EHLO [own],STARTTLS`; "" if nothing is known.  The words:
 *
 * [own] [loop] [ip] [ip6] [?]  an address literal (RFC 5321 4.1.3): its own
 *                              address, one of 127/8, another, IPv6, no such
 * ip                           an IPv4 address without brackets
 * localhost, localhost.localdomain, mail.example.com   these themselves
 * server                       the name of the server it goes to
 * fqdn host none               a name with a dot, without one, nothing
 */
void manner_of(const struct connection *c, char manner[MANNER_MAX]);

/* manner_is_same tells whether two names are the same but for case. */
bool manner_is_same(const char *a, const char *b);

#endif
