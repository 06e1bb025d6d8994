/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_JA_H
#define MAILTLS_REPORT_JA_H

#include "dissect/hello.h"

/*
 * JA3 and JA3S (https://github.com/salesforce/ja3, BSD-3-Clause) and JA4
 * (https://github.com/FoxIO-LLC/ja4, technical_details/JA4.md, BSD-3-Clause)
 * as they are made of hellos.  All return false when there is none: a list is
 * too long, or the library of digests fails.
 */

enum {
	JA_LIST_MAX = 512, /* suites or extensions that JA4 sorts */
	JA4_LEN = 36,
	JA4_SUITES_AT = 11, /* the digest of the suites in it */
	JA4_SUITES_LEN = 12,
};

/* Which hello a JA4 is made of: this one, or the same one without a session to
 * resume, as the program sends it at its first connection. */
enum ja4_moment {
	JA4_AS_IT_IS,
	JA4_FRESH,
};

bool ja3_make(const struct client_hello *hello, uint8_t out[16]);
bool ja3s_make(const struct server_hello *hello, uint8_t out[16]);
bool ja4_make(const struct client_hello *hello, enum ja4_moment moment,
    char out[JA4_LEN + 1]);

/* ja4_make_suites makes the part that is of the suites; an SSLv2-format hello
 * has one too. */
bool ja4_make_suites(
    const struct client_hello *hello, char out[JA4_SUITES_LEN + 1]);

#endif
