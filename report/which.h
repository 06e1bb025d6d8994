/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_WHICH_H
#define MAILTLS_REPORT_WHICH_H

#include "report/inventory.h"

/*
 * Which program it was, in words: its name where that is certain, else what it
 * is like, and by what.
 */

enum {
	WHICH_MAX = 1024,
	WHICH_NAMES_MAX = 2048, /* of PROGRAM_CANDIDATES_MAX programs */
	WHICH_SHOWN = 5,        /* candidates in a sentence, see below */
	WHICH_GROUPS_MAX = 64,
};

/*
 * struct which_groups holds the candidates that are too many for a sentence,
 * which goes by their number then, from 1; they are listed elsewhere, once.
 * Zeroed is ready.  It borrows from entries.
 */
struct which_groups {
	const struct program *of[WHICH_GROUPS_MAX];
	size_t count;
};

/*
 * which_say writes a sentence on the program of `entry`, "" where nothing is
 * known of it.  More than WHICH_SHOWN candidates become a group, unless there
 * are too many of these.  Names are escaped for a terminal.
 */
void which_say(const struct entry *entry, struct which_groups *groups,
    bool utf8, char out[WHICH_MAX]);

/* which_list writes the names of the candidates, and their library. */
void which_list(const struct program *program, char out[WHICH_NAMES_MAX]);

/* which_library returns what a library of report/programs.tsv is called. */
const char *which_library(const char *library);

#endif
