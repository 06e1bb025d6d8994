/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_FINGERPRINT_H
#define MAILTLS_REPORT_FINGERPRINT_H

#include "dissect/connection.h"
#include "dissect/hello.h"
#include "report/ja.h"

/* Digests of what a hello offers, by which a TLS library is known: see
 * report/ja.h.  Not to be called from two threads. */

/*
 * fingerprint_client sets c->ja3, c->ja4, c->suites, and for one that wants to
 * resume a session c->ja4_fresh, from the ClientHello `hello`.  None is set for
 * one that is not whole, and no JA4 for one with more suites or extensions than
 * JA_LIST_MAX.  An SSLv2-format hello has neither JA3 nor JA4, but its TLS
 * suites are those of the library all the same; it lists ciphers of SSL 2.0
 * besides (RFC 5246 appendix E.2).
 */
void fingerprint_client(struct connection *c, const struct client_hello *hello);

/* fingerprint_server sets c->ja3s from the ServerHello `hello`, unless that
 * is of SSL 2.0 or a HelloRetryRequest. */
void fingerprint_server(struct connection *c, const struct server_hello *hello);

#endif
