/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_CERTIFICATE_H
#define MAILTLS_REPORT_CERTIFICATE_H

#include "dissect/bytes.h"
#include "dissect/connection.h"

/*
 * What a certificate says and what is wrong with it, judged at the time of
 * the packet that carried it.  The only users of OpenSSL's X.509.
 */

/* struct trust is the set of authorities that a chain must end in, and a
 * bounded memory of certificates already read. */
struct trust;

/*
 * trust_open loads authorities from the PEM file `path`, or the system's when
 * NULL; "none" loads none.  It returns 0 and sets `*out`, or -errno (-EINVAL
 * when the file holds no certificate), and then `*out` is NULL.  A system
 * without authorities is no failure: nothing is called untrusted then.  No
 * file is looked at after that.
 */
int trust_open(const char *path, struct trust **out);
void trust_free(struct trust *trust);

/*
 * certificate_read fills in `*out` from `list`, the certificate_list of a
 * Certificate message (RFC 5246 7.4.2), leaf first.  `server_name` is the name
 * the client asked for, or "" (no mismatch is then claimed); `time_us` is when.
 * A leaf that can not be parsed still gives its SHA-256, and nothing else.
 *
 * A self-signed leaf is not called untrusted as well.  Untrusted means that
 * the chain as sent leads to none of the authorities, dates left aside.  A key
 * is weak below RSA or DSA 2048 or EC 224 bits, a signature that rests on MD5
 * or SHA-1 is weak unless the leaf is self-signed, when it proves nothing.
 */
void certificate_read(struct trust *trust, struct bytes list,
    const char *server_name, int64_t time_us, struct certificate *out);

/*
 * certificate_names calls `each` with every name of a host that the leaf of
 * `list` is for: its dNSNames, then its common name, whatever that is.  Names
 * with NUL in them are left out.
 */
void certificate_names(
    struct bytes list, void (*each)(void *arg, const char *name), void *arg);

#endif
