/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_SIGNATURE_H
#define MAILTLS_DISSECT_SIGNATURE_H

#include "dissect/talk.h"

/*
 * How a client talks before TLS, by which its program may be known: c->talk,
 * the commands in their order and letter case, as in `EHLO,STARTTLS`, those of
 * IMAP with the shape of their tag, as in `a0000 CAPABILITY,a0000 STARTTLS`.
 * No argument is ever in it, and no word that is not a command's name.
 */

/*
 * signature_add adds `word`, the first of a command line, to c->talk; `row` is
 * that of the command, NULL if it is none.  The signature ends with the first
 * command that leads out of the opening (STARTTLS, a login, ...), after
 * SIGNATURE_COMMANDS_MAX, or when it is full; of a talk whose start was not
 * heard, or of which a part is missing, there is none.
 */
void signature_add(struct dialogue *d, struct connection *c,
    const struct talk_command *row, struct bytes word);

#endif
