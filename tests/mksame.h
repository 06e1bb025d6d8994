/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_MKSAME_H
#define MAILTLS_TESTS_MKSAME_H

#include "dissect/connection.h"

/*
 * mksame fails the test when two connections, seen in different frames, are
 * not the same in all that the dissector fills in but times and bytes counted.
 */
void mksame(const struct connection *a, const struct connection *b);

#endif
