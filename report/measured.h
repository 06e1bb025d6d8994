/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_MEASURED_H
#define MAILTLS_REPORT_MEASURED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What was measured of mail programs, report/programs.tsv, made ready: which
 * programs showed a fingerprint, and how often.  A program goes by its number
 * below `count`.
 */

enum {
	MEASURED_COLUMNS = 9,
	MEASURED_MAX = 192,   /* programs */
	MEASURED_ALL = 10000, /* a share of all, see below */
};

/* What kind of fingerprint a row is of. */
enum measured_kind {
	MEASURED_ID,   /* the name in an IMAP ID */
	MEASURED_TALK, /* the protocol, a blank, and see report/manner.h */
	MEASURED_JA4,
	MEASURED_JA3, /* where it tells apart what has one JA4 */
	MEASURED_KINDS,
};

struct measured_program {
	const char *name, *library;
	unsigned protocols; /* bits of 1 << enum mail_protocol it speaks */
	uint32_t recorded[MEASURED_KINDS];
};

struct measured {
	struct measured_program programs[MEASURED_MAX];
	size_t count;
	/* Private. */
	const char *const (*rows)[MEASURED_COLUMNS]; /* borrowed */
	struct measured_row *read;                   /* numbers in them */
	size_t row_count;
};

/*
 * struct match is a set of programs, by number: those whose share is not 0.  A
 * share says how typical what was looked for is of the program: which part of
 * what was recorded of it, of MEASURED_ALL.  `devices` is on how many it was
 * seen.
 */
struct match {
	uint16_t share[MEASURED_MAX];
	uint16_t devices[MEASURED_MAX];
};

/*
 * measured_open makes the `count` rows of a table ready, which it borrows; it
 * leaves out rows of an unknown kind and programs beyond MEASURED_MAX.  It
 * returns NULL when there is no memory.
 */
struct measured *measured_open(
    const char *const rows[][MEASURED_COLUMNS], size_t count);
void measured_free(struct measured *measured);

/* measured_fits tells whether the value of a row is what is looked for. */
typedef bool measured_fits(const char *value, const void *wanted);

/*
 * measured_find returns the programs that have rows of `kind` with a fitting
 * value: in `place` (protocol/encryption, or protocol/), or anywhere if that is
 * NULL.
 */
struct match measured_find(const struct measured *measured,
    enum measured_kind kind, const char *place, measured_fits *fits,
    const void *wanted);

/* match_size returns how many programs there are in a match. */
size_t match_size(const struct match *match);

/* match_common returns what is in both: of shares the product. */
struct match match_common(const struct match *a, const struct match *b);

/* match_has_library tells whether one of the programs uses `library`, and
 * match_library returns the one that all of them use, or "". */
bool match_has_library(const struct measured *measured,
    const struct match *match, const char *library);
const char *match_library(
    const struct measured *measured, const struct match *match);

#endif
