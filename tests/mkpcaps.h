/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_MKPCAPS_H
#define MAILTLS_TESTS_MKPCAPS_H

#include "tests/mktls.h"

/*
 * The synthetic captures of pcaps/: what no program does on demand.  Each is
 * one row: its name, its link type (https://www.tcpdump.org/linktypes.html)
 * and who makes its frames.  What must be read from it is in pcaps/NAME.expect.
 */

enum {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_RAW = 101,
	LINK_LINUX_SLL = 113,
	LINK_RADIOTAP = 127,
	LINK_LINUX_SLL2 = 276,
};

struct mkpcap {
	const char *name;
	unsigned link;
	void (*make)(struct mkframes *to);
	size_t cut; /* bytes left out at the end of the file */
};

/* Tables, each up to a row without a name. */
extern const struct mkpcap mkpcaps_mail[]; /* the talk before TLS */
extern const struct mkpcap mkpcaps_odd[];  /* where TLS is not, or not due */
extern const struct mkpcap mkpcaps_tls[];  /* the handshake */
extern const struct mkpcap mkpcaps_tcp[];  /* segments */
extern const struct mkpcap mkpcaps_link[]; /* what is around them */

/* mkpcaps_start opens a connection over IPv4 that comes after all others. */
struct mktalk mkpcaps_start(
    struct mkframes *to, uint16_t client_port, uint16_t port);

/* mkpcaps_starttls says all from an SMTP greeting to the grant of STARTTLS. */
void mkpcaps_starttls(struct mktalk *t);

/* mkpcaps_session is a whole connection: for SMTP's port 587 STARTTLS first,
 * then `max` offered and `chosen` agreed on, then the end. */
void mkpcaps_session(struct mkframes *to, uint16_t client_port, uint16_t port,
    uint16_t max, uint16_t chosen);

#endif
