/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_IMAPID_H
#define MAILTLS_REPORT_IMAPID_H

#include <stddef.h>

#include "report/jsonout.h"

/*
 * imapid_write writes what a client says of itself by IMAP's ID (RFC 2971) as
 * an object of strings, and nothing when that is empty.  `pairs` is the
 * client_id of struct connection: key NUL value NUL, `len` bytes in all.  Of
 * keys that come twice the first counts; a key that is longer than the RFC
 * allows, and what comes after the 30 pairs that it allows, are left out.
 */
void imapid_write(
    struct jsonout *j, const char *key, const char *pairs, size_t len);

#endif
