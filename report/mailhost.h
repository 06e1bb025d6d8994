/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_MAILHOST_H
#define MAILTLS_REPORT_MAILHOST_H

#include "report/provider.h"

/*
 * mailhost_judge says what the name of a host tells about what it serves: mail
 * and of which protocol, where a label says so ("imap.example.net",
 * "securesmtp.example.net"), or mail and no more than that, where a label is
 * "mail" or the like, or where it is a server of one of `providers`, which may
 * be NULL.  `host` may be any bytes up to a NUL.
 */
struct opinion mailhost_judge(
    const struct providers *providers, const char *host);

#endif
