/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_TCP_H
#define MAILTLS_DISSECT_TCP_H

#include "dissect/connection.h"
#include "dissect/elsewhere.h"
#include "dissect/flow.h"
#include "dissect/frame.h"
#include "dissect/maildissect.h"
#include "dissect/segment.h"
#include "dissect/session.h"
#include "dissect/twin.h"

/*
 * The lives of all mail connections that are being followed: from the first
 * segment (RFC 9293) to the record that is given out when one is over.
 */

/* struct conversation is what a flow has from its first byte of payload on. */
struct conversation {
	struct connection c;
	struct session session;
	uint64_t number; /* no other conversation has it */
	uint8_t asked;   /* pieces shown to whoever gives hints */
	bool asking;     /* the hint is still to come */
	uint32_t next_free;
};

struct tcp {
	const struct md_config *config;
	struct md_stats *stats;
	struct tools tools;
	struct flow_table flows;
	struct conversation *conversations;
	uint32_t conversation_count, conversations_used, conversations_fresh;
	uint32_t conversations_free;
	uint64_t conversations_begun;
	struct chunk_pool pool; /* of bytes held back */
	struct twins twins;
	struct elsewhere *elsewhere; /* NULL: other ports are passed over */
	uint32_t strangers;          /* flows that are */
	int64_t now_us;              /* the latest packet time so far */
};

/* tcp_take takes in `segment`, the payload of `packet`, seen at `time_us`.  It
 * returns what md_frame does. */
bool tcp_take(struct tcp *tcp, const struct packet *packet,
    struct segment *segment, int64_t time_us);

/* tcp_pass_time ends what is due at tcp->now_us. */
void tcp_pass_time(struct tcp *tcp);

/* tcp_end ends everything, in order of first packets. */
void tcp_end(struct tcp *tcp);

#endif
