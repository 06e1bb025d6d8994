/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_PROCESS_H
#define MAILTLS_CAPTURE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which process of this machine holds a socket, by proc(5). */

enum {
	PROCESS_NAME_MAX = 64,
	PROCESS_PATH_MAX = 256,
	PROCESS_ARGUMENTS_MAX = 32, /* looked at, for the name of a script */
};

/* struct process_info is what a process is. */
struct process_info {
	uint32_t pid; /* 0: several, of one program */
	/* Of its file, or of the script that an interpreter runs; no path. */
	char name[PROCESS_NAME_MAX];
	char executable[PROCESS_PATH_MAX];
};

enum process_finding {
	PROCESS_NONE,    /* or none that may be looked at */
	PROCESS_ONE,     /* one program, perhaps in several processes */
	PROCESS_SEVERAL, /* different ones: it can not be said whose it is */
};

/* process_of_socket finds who holds the socket with number `inode`, and fills
 * in `*out` if that is one program. */
enum process_finding process_of_socket(
    uint32_t inode, struct process_info *out);

/*
 * process_name finds the name of a program with file `executable` and the
 * arguments `argv`, which NULL ends: that of the file, and of a program which
 * runs programs, that of what it runs.
 */
void process_name(const char *executable, const char *const *argv,
    char out[PROCESS_NAME_MAX]);

#endif
