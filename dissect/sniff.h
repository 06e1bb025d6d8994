/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_SNIFF_H
#define MAILTLS_DISSECT_SNIFF_H

#include "dissect/bytes.h"
#include "dissect/connection.h"

/*
 * What do these bytes begin?  The one place that decides that TLS starts, on
 * any port, at the first byte or after STARTTLS.  Text never looks like any
 * of these: all start with a byte that no line of a mail protocol starts with,
 * but for the PROXY signature, whose CR LF CR LF NUL no text goes on with.
 */
enum sniff {
	SNIFF_MORE, /* it may be one of those below: show me more */
	SNIFF_TLS,  /* a record with the hello of that side, or an alert */
	SNIFF_TLS_MIDDLE, /* a record from the middle of a TLS connection */
	SNIFF_SSLV2,      /* an SSL 2.0 record with the hello of that side */
	SNIFF_PROXY,      /* a PROXY protocol version 2 header */
	SNIFF_NOTHING,    /* none of these */
};

enum {
	SNIFF_LEN = 16, /* with this many bytes there is always an answer */
};

/*
 * sniff_head judges `head`, the first bytes of what `side` says, or the first
 * after a line.
 */
enum sniff sniff_head(enum side side, struct bytes head);

/* sniff_side returns which side says `payload`, the first bytes of a
 * connection that are seen, if these show it; else `guess`. */
enum side sniff_side(struct bytes payload, enum side guess);

/*
 * sniff_proxy_len returns how many bytes a PROXY version 2 header that starts
 * with the SNIFF_LEN bytes `head` has in all
 * (https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt).
 */
size_t sniff_proxy_len(struct bytes head);

/* sniff_starts_line tells whether a line of a mail protocol can start with
 * byte `c`: a printable one, CR, LF or TAB. */
bool sniff_starts_line(uint8_t c);

#endif
