/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_MKSSLV2_H
#define MAILTLS_TESTS_MKSSLV2_H

#include "tests/mktalk.h"

/* mksslv2_hello writes the CLIENT-HELLO record of SSL 2.0 that offers up to
 * `version`, and mksslv2_session says all of a session of SSL 2.0 itself. */
void mksslv2_hello(struct mkbytes *b, uint16_t version);
void mksslv2_session(struct mktalk *t);

#endif
