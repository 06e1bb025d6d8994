/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_BLAME_H
#define MAILTLS_REPORT_BLAME_H

#include "report/inventory.h"

enum {
	BLAME_MAX = 2048,
};

/*
 * blame_say writes sentences about the connections of `entry` that have
 * `verdict`: what was offered, who is the limit, why it failed, what is wrong
 * with the certificate.  An entry keeps that of its gravest verdict only; for
 * another, and where there is nothing to say, it writes "".  What comes off the
 * wire is escaped in it as for a terminal.
 */
void blame_say(
    const struct entry *entry, enum verdict verdict, char out[BLAME_MAX]);

#endif
