/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_PROVIDER_H
#define MAILTLS_REPORT_PROVIDER_H

#include <stddef.h>

#include "dissect/connection.h"

/*
 * Who runs a mail server: what is known of providers is in
 * report/providers.tsv, which says what its columns are.
 */

enum {
	PROVIDER_COLUMNS = 9,
	PROVIDER_MESSAGE_MAX = 512,
};

/* struct provider is one of them.  What is not known is "" or TLS_NONE. */
struct provider {
	const char *name;
	const char *hosts;  /* ends of names, between spaces */
	uint16_t minimum;   /* lowest version taken */
	const char *since;  /* from this day, "2023-09-30" */
	const char *legacy; /* servers for old programs, between spaces */
	const char *legacy_until;
	const char *history; /* where it shows who logged in with what */
	const char *help;
};

/* struct providers is all that are known: those of a file first, then those
 * compiled in. */
struct providers;

/*
 * providers_open reads the table in the file `path`, or none if that is NULL,
 * and adds those compiled in.  It returns NULL, with what is wrong and in which
 * line in `message`, when it can not.
 */
struct providers *providers_open(
    const char *path, char message[PROVIDER_MESSAGE_MAX]);
void providers_free(struct providers *providers);

/* providers_each returns number `i` of them, NULL beyond the last. */
const struct provider *providers_each(
    const struct providers *providers, size_t i);

/* provider_find returns whose server `host` is, any bytes up to a NUL, or NULL.
 * `providers` may be NULL. */
const struct provider *provider_find(
    const struct providers *providers, const char *host);

/* provider_of returns whose server `c` went to: by the name asked for, the
 * certificate's, the one that was looked up, "" if none, the greeting's, and the
 * service that somebody else took it for. */
const struct provider *provider_of(const struct providers *providers,
    const struct connection *c, const char *looked_up);

#endif
