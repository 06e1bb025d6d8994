/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_HOSTNAME_H
#define MAILTLS_REPORT_HOSTNAME_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What a device may be called, by who said so.  All names are claims of
 * whoever sent them: what is printed must be escaped.
 */

enum {
	HOSTNAME_MAX = 64, /* a DNS label (RFC 1035 2.3.4) and NUL */
};

/* Who says so, the best first. */
enum name_source {
	NAME_NONE,
	NAME_ALIAS,
	NAME_LEASE,
	NAME_DHCP,
	NAME_MDNS,
	NAME_LLMNR,
	NAME_NETBIOS,
	NAME_EHLO,
};

/* name_source_word returns "alias", "lease", "dhcp", "mdns", "llmnr",
 * "netbios", "ehlo", or NULL. */
const char *name_source_word(enum name_source source);

/*
 * hostname_copy copies `name` without the blanks around it, and ends it at a
 * whole character of UTF-8 if it is too long.  It returns the length.
 */
size_t hostname_copy(const char *name, char out[HOSTNAME_MAX]);

/*
 * hostname_read takes the host out of a name that a device gave itself:
 * "printer" of "printer.home.example".  It returns false, with "" in `out`,
 * for an address, for what stands for no name, and for a UUID, such as web
 * browsers make up for every call.
 */
bool hostname_read(const char *name, char out[HOSTNAME_MAX]);

/*
 * hostname_read_ehlo does so for the argument of an EHLO, which most programs
 * fill with something else than the device's name: only a single label will
 * do, or one within a home's own domain, and not if it is a generic word.
 */
bool hostname_read_ehlo(const char *argument, char out[HOSTNAME_MAX]);

#endif
