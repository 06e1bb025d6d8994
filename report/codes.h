/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_CODES_H
#define MAILTLS_REPORT_CODES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The words that records and JSON reports use for the values of
 * dissect/connection.h, both ways.
 */

/* struct codes is a table of words: by value, or by bit of a set. */
struct codes {
	const char *const *words; /* NULL: that value has none */
	size_t count;
};

extern const struct codes codes_side;
extern const struct codes codes_level; /* of an alert */
extern const struct codes codes_encryption;
extern const struct codes codes_starttls;
extern const struct codes codes_client_certificate;
extern const struct codes codes_evidence; /* what showed that it is mail */
extern const struct codes codes_closed_by;
extern const struct codes codes_outcome;
extern const struct codes codes_incomplete;   /* by bit */
extern const struct codes codes_problem;      /* by bit */
extern const struct codes codes_certificates; /* by bit, report/facts.h */

/* codes_word returns the word for `value`, NULL where there is none. */
const char *codes_word(const struct codes *codes, size_t value);

/* codes_find puts the value of `word` into `*out`, or returns false and 0. */
bool codes_find(const struct codes *codes, const char *word, size_t *out);

#endif
