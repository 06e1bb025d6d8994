/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_DOUBT_H
#define MAILTLS_DISSECT_DOUBT_H

#include "dissect/tcp.h"

/*
 * How a flow on another port than mail's is taken for mail, or dropped: what
 * dissect/stranger.h makes of it, piece by piece, with the opinions that the
 * caller's hooks give.
 */

/*
 * doubt_consider weighs what is known of the flow, which has a conversation,
 * after `side` has said `run`.  It returns false when that shows it to be no
 * mail: it is over then.
 */
bool doubt_consider(
    struct tcp *tcp, struct flow *flow, enum side side, struct bytes run);

/* doubt_remains tells whether it is still to be seen who speaks first, which
 * can show a flow that is no more than named to be something else. */
bool doubt_remains(const struct flow *flow, const struct conversation *talk);

/* doubt_listens tells whether what is still said in TLS may show which protocol
 * of mail it is. */
bool doubt_listens(const struct flow *flow, const struct conversation *talk);

/* doubt_conclude does so for the last time, for a flow that is to be given
 * out. */
void doubt_conclude(const struct flow *flow, struct conversation *talk);

/* doubt_end asks nobody about the flow any more, and counts what was made of
 * what they said. */
void doubt_end(struct tcp *tcp, const struct flow *flow);

#endif
