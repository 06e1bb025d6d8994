/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_PROGRAM_H
#define MAILTLS_REPORT_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "dissect/connection.h"
#include "report/measured.h"

/*
 * Which program it was, from what it offers and how it talks before TLS, by
 * the table report/programs.tsv, which was measured with real programs.  A
 * fingerprint names the TLS library rather than the program, so the answer is
 * mostly a list of candidates.
 */

enum {
	PROGRAM_CANDIDATES_MAX = 32, /* of more, none is listed */
	PROGRAM_NAME_MAX = 64,       /* of one that is not of the table */
};

/* What the answer rests on, the strongest first: bits of program.evidence. */
enum program_evidence {
	/* who holds the socket, where capture runs on the same machine */
	PROGRAM_BY_PROCESS = 1 << 0,
	PROGRAM_BY_IMAP_ID = 1 << 1,
	PROGRAM_BY_TALK = 1 << 2,
	PROGRAM_BY_JA4 = 1 << 3,
	PROGRAM_BY_JA3 = 1 << 4, /* it tells more than the JA4 */
	/* the same but for how it ended */
	PROGRAM_BY_TALK_NEARLY = 1 << 5,
	/* the same but for a server name or a session that it asks for */
	PROGRAM_BY_JA4_NEARLY = 1 << 6,
	/* the same but for which extensions and signature algorithms */
	PROGRAM_BY_JA4_PARTLY = 1 << 7,
	/* only the suites are known: the library, held to other versions */
	PROGRAM_BY_SUITES = 1 << 8,

	PROGRAM_BY_ANY_TALK = PROGRAM_BY_TALK | PROGRAM_BY_TALK_NEARLY,
	PROGRAM_BY_ANY_HELLO = PROGRAM_BY_JA4 | PROGRAM_BY_JA3 |
			       PROGRAM_BY_JA4_NEARLY | PROGRAM_BY_JA4_PARTLY |
			       PROGRAM_BY_SUITES,
};

/* struct program is the answer. */
struct program {
	bool certain; /* program_name is it */
	/* The name by PROGRAM_BY_PROCESS or _BY_IMAP_ID of a program that is
	 * not of the table, or ""; hostile. */
	char name[PROGRAM_NAME_MAX];
	/* These are the table's; "" if not known.  The likeliest candidate is
	 * the first. */
	const char *library;
	const char *talk_library; /* of all that talk so, whatever the hello */
	const char *candidates[PROGRAM_CANDIDATES_MAX];
	size_t count;
	unsigned evidence;
};

/* struct programs is the table, made ready. */
struct programs;

/* What is compiled in: report/programs.tsv, which says what its columns are. */
extern const char *const program_rows[][MEASURED_COLUMNS];
extern const size_t program_rows_count;

/* programs_open makes the `count` rows of a table ready, which it borrows.  It
 * returns NULL when there is no memory. */
struct programs *programs_open(
    const char *const rows[][MEASURED_COLUMNS], size_t count);
void programs_free(struct programs *programs);

/* program_find fills in `*out` for `c`; without `programs`, with nothing. */
void program_find(
    struct programs *programs, const struct connection *c, struct program *out);

/*
 * program_set_process takes in that the connection is that of the local process
 * `process`, the name of its executable without folders: it is the only
 * candidate that begins with that name, `thunderbird` for `thunderbird-bin`, or
 * else itself the answer; "" is not known.
 */
void program_set_process(struct program *program, const char *process);

/* program_name returns the name of the one program that it was, or NULL; it
 * may be hostile, and lasts as long as `program`. */
const char *program_name(const struct program *program);

/* program_compare orders answers, by their names and candidates, and is 0 for
 * those that are the same to a reader. */
int program_compare(const struct program *a, const struct program *b);

/* program_evidence_name returns the word of evidence bit `bit`, from 0, NULL
 * beyond the last. */
const char *program_evidence_name(unsigned bit);

#endif
