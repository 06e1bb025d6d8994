/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_REMEDY_H
#define MAILTLS_REPORT_REMEDY_H

#include <stddef.h>

/*
 * The table of what to do.  Rows are in the order of preference: what names a
 * program before what names a device, and that before what fits all.
 */

/* What happened, as far as advice differs: bits. */
enum remedy_when {
	REMEDY_OLD = 1 << 0,         /* the client offers nothing better */
	REMEDY_SERVER_OLD = 1 << 1,  /* it does, and got less */
	REMEDY_IN_CLEAR = 1 << 2,    /* a login without encryption */
	REMEDY_AUTHORITY = 1 << 3,   /* the client does not know the CA */
	REMEDY_EXPIRED = 1 << 4,     /* or its clock is wrong */
	REMEDY_CERTIFICATE = 1 << 5, /* something else with the server's */
	REMEDY_CLIENT_CERT = 1 << 6, /* the server refused the client's */
	REMEDY_MODE = 1 << 7,        /* SSL/TLS against STARTTLS */
	REMEDY_CIPHER = 1 << 8,      /* none in common */
	REMEDY_REFUSES = 1 << 9,     /* the client refused an old server */
	REMEDY_WEAK = 1 << 10,       /* a cipher of the past */
	REMEDY_BROKEN = 1 << 11,     /* ended without a reason */
	REMEDY_CARELESS =
	    1 << 12, /* a certificate that does not verify will do */
};

enum remedy_who {
	REMEDY_PROGRAM, /* its name begins so */
	REMEDY_LIBRARY, /* so does that */
	REMEDY_VENDOR,  /* so does the vendor's, by MAC */
	REMEDY_CLASS,   /* so does the DHCP vendor class */
	REMEDY_ANYONE,
};

struct remedy {
	unsigned when; /* bits of enum remedy_when */
	enum remedy_who who;
	const char *names; /* between bars; NULL for anyone */
	const char *text;  /* in English */
};

extern const struct remedy remedies[];
extern const size_t remedies_count;

#endif
