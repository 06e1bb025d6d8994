/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_PROGRAM_H
#define MAILTLS_REPORT_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "dissect/connection.h"

/*
 * Which program it was, from what it offers and how it talks before TLS, by
 * the table report/programs.tsv, which was measured with real programs.  A
 * fingerprint names the TLS library rather than the program, so the answer is
 * mostly a list of candidates.
 */

enum {
	PROGRAM_CANDIDATES_MAX = 32, /* of more, none is listed */
	PROGRAM_COLUMNS = 9,
};

/* What the answer rests on, the strongest first: bits of program.evidence. */
enum program_evidence {
	PROGRAM_BY_IMAP_ID = 1 << 0,
	PROGRAM_BY_TALK = 1 << 1,
	PROGRAM_BY_JA4 = 1 << 2,
	/* the same but for the server name that it asked for */
	PROGRAM_BY_JA4_BUT_NAME = 1 << 3,
	/* only the suites are known: the library, held to other versions */
	PROGRAM_BY_SUITES = 1 << 4,
};

/* struct program is the answer.  Strings are the table's, or "" */
struct program {
	bool certain; /* `candidates[0]` is it */
	const char *library;
	const char *candidates[PROGRAM_CANDIDATES_MAX]; /* by name */
	size_t count;
	unsigned evidence;
};

/* struct programs is the table, made ready. */
struct programs;

/* What is compiled in: report/programs.tsv, which says what its columns are. */
extern const char *const program_rows[][PROGRAM_COLUMNS];
extern const size_t program_rows_count;

/*
 * programs_open makes the `count` rows of a table ready, which it borrows;
 * those of one kind and value may be of several programs.  It returns NULL
 * when there is no memory.
 */
struct programs *programs_open(
    const char *const rows[][PROGRAM_COLUMNS], size_t count);
void programs_free(struct programs *programs);

/* program_find fills in `*out` for `c`; without `programs`, with nothing. */
void program_find(
    struct programs *programs, const struct connection *c, struct program *out);

/* program_evidence_name returns the word of evidence bit `bit`, from 0, NULL
 * beyond the last. */
const char *program_evidence_name(unsigned bit);

#endif
