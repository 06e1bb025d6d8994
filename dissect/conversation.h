/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_CONVERSATION_H
#define MAILTLS_DISSECT_CONVERSATION_H

#include "dissect/tcp.h"

/*
 * What passes on a flow that carries data: its bytes in order, up to the
 * record.  A flow that is over, and one without payload, has none.
 */

static inline enum side
other_side(enum side side)
{
	return side == CLIENT ? SERVER : CLIENT;
}

/* conversation_of returns the one of a flow whose `conversation` is not 0. */
static inline struct conversation *
conversation_of(const struct tcp *tcp, const struct flow *flow)
{
	return &tcp->conversations[flow->conversation - 1];
}

/*
 * conversation_begin gives the flow, whose sides are settled, a conversation,
 * and evicts another flow if there is no room.  `from_start` tells whether no
 * payload came before.  It returns false when the flow is a stranger and there
 * is no room but at the expense of others: it is over then.
 */
bool conversation_begin(struct tcp *tcp, struct flow *flow, bool from_start);

/* conversation_least returns the flow with payload that would be missed least,
 * if that is not `flow` itself and worth no more than it; else NULL. */
struct flow *conversation_least(const struct tcp *tcp, const struct flow *flow);

/* conversation_use renews the place by use of a flow that has one, in the class
 * that it is of by now. */
void conversation_use(struct tcp *tcp, struct flow *flow);

/* conversation_is_judged tells whether a flow that has a conversation is past
 * its handshake: of what is no more than named, that may have ended before there
 * is a judgement. */
bool conversation_is_judged(const struct tcp *tcp, const struct flow *flow);

/* conversation_is_read tells whether the flow's bytes are still of interest,
 * or only counted. */
bool conversation_is_read(const struct flow *flow);

/*
 * conversation_deliver hands the session the next bytes of `side`; then
 * conversation_deliver_held all that was held back and is next by now.  The
 * flow may be over when either returns.
 */
void conversation_deliver(
    struct tcp *tcp, struct flow *flow, enum side side, struct bytes run);
void conversation_deliver_held(struct tcp *tcp, struct flow *flow);

/* conversation_gap notes that the next `len` bytes of `side` will not come. */
void conversation_gap(
    struct tcp *tcp, struct flow *flow, enum side side, size_t len);

/* conversation_give_up passes over the bytes that the flow waits for. */
void conversation_give_up(struct tcp *tcp, struct flow *flow);

/* conversation_finish gives out the record, if there is one; the flow is over
 * after it.  conversation_evict does so before its time, to make room. */
void conversation_finish(struct tcp *tcp, struct flow *flow);
void conversation_evict(struct tcp *tcp, struct flow *flow);

/* conversation_forget makes the flow over without a record. */
void conversation_forget(struct tcp *tcp, struct flow *flow);

#endif
