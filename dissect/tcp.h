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
	struct chunk_pool pool;      /* of bytes held back */
	struct elsewhere *elsewhere; /* NULL: other ports are passed over */
	uint32_t strangers;          /* flows that are */
	/* When it is, and how it tells what happens; places begin at
	 * `first_place`. */
	struct md_moment moment;
	void (*tell)(void *arg, const struct md_event *event);
	void *tell_arg;
	uint32_t first_place;
	/* Of the last segment: the number of its flow, if that is elsewhere, and
	 * whether it may be kept if that should be mail. */
	uint64_t last_number;
	bool last_doubtful;
};

/* tcp_take takes in `segment`, the payload of `packet`, seen at `time_us`.  It
 * returns what md_frame does. */
bool tcp_take(struct tcp *tcp, const struct packet *packet,
    struct segment *segment, int64_t time_us);

/* tcp_forget_last: the last frame has no segment. */
static inline void
tcp_forget_last(struct tcp *tcp)
{
	tcp->last_number = 0;
	tcp->last_doubtful = false;
}

/*
 * tcp_next_due tells whether something is due because time has passed, and sets
 * `*when` to its moment; tcp_do_due does it.  tcp_pass_time does all of it.
 */
bool tcp_next_due(const struct tcp *tcp, struct md_moment *when);
void tcp_do_due(struct tcp *tcp, const struct md_moment *when);
void tcp_pass_time(struct tcp *tcp);

/* tcp_first returns the number of the frame that began the oldest flow that
 * there is, 0 when there is none; tcp_end_first ends it. */
uint64_t tcp_first(const struct tcp *tcp);
void tcp_end_first(struct tcp *tcp);

#endif
