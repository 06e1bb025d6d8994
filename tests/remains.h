/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_REMAINS_H
#define MAILTLS_TESTS_REMAINS_H

#include <stddef.h>
#include <sys/types.h>

/*
 * What is left of a secret in the memory of a process.  A secret is written
 * with every bit inverted, so that whoever looks for it does not hold it.
 */

/* remains_invert turns `text` into a secret, or back. */
void remains_invert(char *text, size_t len);

/*
 * remains_count returns how often the inverse of the `len` bytes at `secret`
 * is in the memory of process `pid`, all that can be written to, or -1 when that
 * can not be read.
 */
int remains_count(pid_t pid, const char *secret, size_t len);

#endif
