/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_SHIELD_H
#define MAILTLS_REPORT_SHIELD_H

#include "report/census.h"

/*
 * shield_say returns what to say about `device` where something on it seems to
 * stand between its mail programs and their servers, as the mail shields of
 * virus scanners do, else NULL.  That is so when all its hellos offer the same
 * suites, though by their talk before TLS they are of programs with different
 * libraries.
 */
const char *shield_say(const struct device *device);

#endif
