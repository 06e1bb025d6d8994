/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_ELSEWHERE_H
#define MAILTLS_DISSECT_ELSEWHERE_H

#include "dissect/flow.h"
#include "dissect/frame.h"
#include "dissect/limits.h"

/*
 * What goes on on other ports than mail's, just enough of it to pass over
 * nearly all of it: between which ports there are flows that are followed, and
 * which connections were seen to be no mail.  Zeroed, it is ready.
 */
struct elsewhere {
	uint16_t flows[65536]; /* that are followed, by their pair of ports */
	uint32_t rejected[LIMIT_STRANGERS_KNOWN]; /* hashes, the latest ones */
};

/* elsewhere_add notes that `flow` is followed, elsewhere_remove that it is not
 * any more. */
void elsewhere_add(struct elsewhere *e, const struct flow *flow);
void elsewhere_remove(struct elsewhere *e, const struct flow *flow);

/* elsewhere_reject remembers for a while that the connection with flow_hash
 * `hash` is no mail; elsewhere_rejected tells whether that is known. */
void elsewhere_reject(struct elsewhere *e, uint32_t hash);
bool elsewhere_rejected(const struct elsewhere *e, uint32_t hash);

/*
 * elsewhere_wants tells whether what frame_skip would pass over can be of
 * interest all the same: a SYN, one of a flow that is followed, or one
 * that looks like the beginning of mail.
 */
bool elsewhere_wants(
    const struct elsewhere *e, const struct frame_glance *seen);

#endif
