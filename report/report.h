/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_REPORT_H
#define MAILTLS_REPORT_REPORT_H

#include <stdio.h>

#include "dissect/connection.h"
#include "report/history.h"
#include "report/inventory.h"
#include "report/provider.h"

/* struct report_source says what the figures rest on. */
struct report_source {
	const char *const *names; /* files or interfaces, as given */
	size_t name_count;
	uint64_t packets, bytes;
	uint64_t failed; /* sources that could not be read to their end */
	uint16_t min_version;
	bool any_port; /* mail was looked for on all ports */
	const struct providers *providers;    /* NULL: none is named */
	const struct device_sources *devices; /* NULL: none is named */
	const struct history *history;        /* NULL: not out of a store */
	/* What was given up, by name; those of 0 are not shown. */
	struct report_loss {
		const char *name, *meaning;
		uint64_t count;
	} losses[16];
	size_t loss_count;
};

/* How a text report is to look. */
struct report_style {
	bool colour; /* ANSI colours */
	bool utf8;   /* the reader's terminal takes UTF-8 */
	unsigned columns;
};

/*
 * report_text writes the report for people: the answer, what it rests on, the
 * devices by verdict with what to do, what may be missing.  It returns 0, or
 * -errno when `out` could not be written.  Times are local, and words are of
 * the language that language_set made current.
 */
int report_text(FILE *out, const struct inventory *inventory,
    const struct report_source *source, const struct report_style *style);

/*
 * report_html writes the report for people as one HTML file, which needs no
 * other and no script, and returns the same.
 */
int report_html(FILE *out, const struct inventory *inventory,
    const struct report_source *source);

/*
 * report_csv writes a line of comma-separated values for each entry, after one
 * that names them, and report_metrics the text format of Prometheus; both
 * return the same.
 */
int report_csv(FILE *out, const struct inventory *inventory,
    const struct report_source *source);
int report_metrics(FILE *out, const struct inventory *inventory,
    const struct report_source *source);

/*
 * report_json writes one JSON document, of this shape, and returns the same.
 * Words are those of the records; a key of which nothing is known is absent;
 * the order is always the same, and every entry is on a line of its own.
 *
 * {
 *   "mailtls": { "schema": 1 },   rises when a key is renamed or removed
 *   "min_version": "1.2",         what is below is called old
 *   "period": { "start": TIME, "end": TIME },  of the connections, if any;
 *                               of a store, as asked for, without its end
 *   "read": {
 *     "sources": [ NAME, ... ],   files and interfaces, as given
 *     "packets": N, "bytes": N,
 *     "failed": N                 sources not read to their end
 *   },
 *   "totals": {
 *     "connections": N,           the sum of by_version, and of by_verdict
 *     "judged": N,
 *     "not_kept": N,              of them, those that no entry counts
 *     "devices": N,
 *     "by_version": { "none": N, "ssl 2.0": N, ..., "1.3": N },
 *     "by_verdict": { "plaintext_login": N, ..., "modern": N },
 *     "by_incomplete": { "no_start": N, ... }  of those not judged; one may
 *   },                            count in several or in none
 *   "losses": { NAME: N, ... },   what was given up, those of 0 left out
 *   "coverage": {               this and the next three: of a store only
 *     "seconds": N,             of the period, with capture running
 *     "devices": N,             with mail in the period
 *     "runs": [ { "source": NAME, "start": TIME, "end": TIME,
 *                 "packets": N, "dropped": N, "lost": N }, ... ]
 *   },
 *   "previous": { "known": true },  anything of the period before
 *   "changes": [ {
 *     "kind": "fixed",          or new, worse, gone
 *     "id": MAC or IP, "name": NAME,
 *     "server": NAME,           not seen at this one any more
 *     "before": { "verdict": "old_client", "version": "1.0" },
 *     "now": { "verdict": "modern", "version": "1.2" },
 *     "last_before": TIME, "first_now": TIME
 *   }, ... ],
 *   "trend": [ {                by day of local time
 *     "start": TIME, "end": TIME, "connections": N,
 *     "by_version": { ... }, "by_verdict": { ... }
 *   }, ... ],
 *   "entries": [ {                the device with the gravest verdict first
 *     "device": {
 *       "id": MAC or IP,          the same for all entries of one device
 *       "name": NAME, "name_source": "dhcp",
 *       "vendor": NAME, "randomized_mac": true,
 *       "mac": MAC, "ip": IP,
 *       "behind_router": true     "mac" is not its own
 *     },
 *     "server": { "name": NAME, "ip": IP, "port": N },
 *     "protocol": "smtp", "encryption": "starttls",
 *     "offer": { "max_version": "1.0", "ja4": JA4, "versions": [ ... ] },
 *     "program": {                as in records
 *       "name": NAME, "library": "openssl", "candidates": [ NAME, ... ],
 *       "evidence": [ "talk", "ja4", ... ]
 *     },
 *     "login_mechanism": "PLAIN",  of a login in the clear
 *     "connections": N,
 *     "by_version": { "1.0": N },  those of 0 left out, here and below
 *     "by_verdict": { "old_client": N },
 *     "first": TIME, "last": TIME,
 *     "worst": {                  the gravest verdict, and the last with it
 *       "verdict": "old_client", "certainty": "likely", "last": TIME,
 *       "version": "1.0", "cipher": NAME, "downgrade_sentinel": "1.1",
 *       "fallback_scsv": true, "failure": "certificate_refused",
 *       "certificate_problems": [ "expired", ... ],
 *       "incomplete": [ "gap", ... ],
 *       "starttls": "offered", "secret_exposed": true, "ehlo": NAME
 *     }
 *   }, ... ]
 * }
 */
int report_json(FILE *out, const struct inventory *inventory,
    const struct report_source *source);

/* report_end flushes `out` and returns 0, or -errno when something could not be
 * written since errno was 0: the last word of a report. */
int report_end(FILE *out);

#endif
