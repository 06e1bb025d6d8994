/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_SSLV2_H
#define MAILTLS_DISSECT_SSLV2_H

#include "dissect/bytes.h"
#include "dissect/hello.h"

/*
 * SSL 2.0 records and messages (draft-hickman-netscape-ssl-00; the hello for
 * later versions also RFC 5246 appendix E.2).
 */

enum {
	SSLV2_ERROR = 0, /* message types */
	SSLV2_CLIENT_HELLO = 1,
	SSLV2_CLIENT_MASTER_KEY = 2,
	SSLV2_SERVER_HELLO = 4,
};

enum {
	SSLV2_HEADER_MAX = 3,
	SSLV2_RECORD_MAX = 32767,
};

/*
 * sslv2_header reads a record header of 2 or 3 bytes from the front of `data`
 * and returns the length of the record's body, padding included, or 0 when
 * `data` is too short or says 0.
 */
size_t sslv2_header(struct bytes *data);

/*
 * sslv2_client_hello reads `body`, a whole record without its header, whose
 * lengths must add up exactly.  The version may be SSL 2.0 or a later one.
 */
bool sslv2_client_hello(struct bytes body, struct client_hello *out);

/* sslv2_server_hello does so for the answer of a server that speaks 2.0. */
bool sslv2_server_hello(struct bytes body, struct server_hello *out);

/* sslv2_master_key returns the cipher kind, 24 bits, that a
 * CLIENT-MASTER-KEY chooses, or 0 when `body` is none. */
uint32_t sslv2_master_key(struct bytes body);

#endif
