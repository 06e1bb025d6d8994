/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_AUTHORITIES_H
#define MAILTLS_REPORT_AUTHORITIES_H

#include <openssl/x509.h>
#include <stdbool.h>

/*
 * struct authorities is the set of certificates that a chain must lead to.  A
 * system trusts some hundred and fifty, which take tens of milliseconds and
 * megabytes to read, and a capture shows a few of them: so only their names are
 * read at first, and one itself when a chain asks for its name.
 */
struct authorities;

/*
 * authorities_open takes in the PEM file `path`, or the system's when NULL;
 * "none" takes in none.  It returns 0 and sets `*out`, or -errno (-EINVAL when
 * the file holds no certificate), and then `*out` is NULL.  A system without
 * authorities is no failure.  No file is looked at after that.
 */
int authorities_open(const char *path, struct authorities **out);
void authorities_free(struct authorities *authorities);

/*
 * authorities_miss tells whether `leaf` leads, by way of `chain`, to none of
 * the authorities, dates left aside; never where there are none.
 */
bool authorities_miss(
    struct authorities *authorities, X509 *leaf, STACK_OF(X509) * chain);

#endif
