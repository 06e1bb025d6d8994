/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_OPTION_ROWS_H
#define MAILTLS_CAPTURE_OPTION_ROWS_H

#include "capture/options.h"

/*
 * The tables behind capture/options.c, and private to it: which options there
 * are, what each takes and means, and which commands have it.
 */

enum {
	OPTION_ROWS_MAX = 48,
};

/* A setter returns NULL, or what is wrong with the argument. */
typedef const char *option_setter(struct options *o, const char *argument);

/*
 * An option with a setter is set by that; one without, by its member of struct
 * options: a string where it takes an argument, else a bool.  Where commands
 * differ in what an option means, it has a row for each.
 */
struct option_row {
	unsigned commands; /* a bit for each enum command that has it */
	const char *name;
	char letter;          /* 0: none */
	const char *argument; /* its name, NULL: it takes none */
	const char *help;
	option_setter *set;
	size_t member;
};

/* A row without a name ends them. */
extern const struct option_row option_rows[];

struct option_command {
	const char *name, *operands;
	const char *summary; /* a line among the commands */
	const char *help;
};

/* By enum command. */
extern const struct option_command option_commands[];
extern const int option_command_count;

#endif
