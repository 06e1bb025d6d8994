/* SPDX-License-Identifier: ISC */
/*
 * Bytes go to the session in the order that struct stream gives them.  When
 * the session has its answer they are only counted, and when the conversation
 * is over its record is given out.
 */
#include "dissect/conversation.h"

#include "dissect/doubt.h"

/* --- what is told --------------------------------------------------------- */

/* tell tells what happens to the flow; `hello` is of MD_HELLO only. */
static void
tell(struct tcp *tcp, const struct flow *flow, enum md_happening what,
    const struct md_hello *hello)
{
	struct conversation *talk = conversation_of(tcp, flow);
	struct md_event event = {
		.what = what,
		.when = tcp->moment,
		.place = tcp->first_place + flow->conversation - 1,
		.number = talk->number,
		.connection = &talk->c,
		.hello = hello,
	};

	tcp->tell(tcp->tell_arg, &event);
}

/* tell_hello tells of the ClientHello, by which the same connection may be known
 * on the other side of a NAT. */
static void
tell_hello(struct tcp *tcp, struct flow *flow, uint64_t random)
{
	struct md_hello hello = {
		.random = random,
		.time_us = tcp->moment.now_us,
		.ipv6 = flow->ipv6,
		.server_port = flow->port[SERVER],
	};

	flow->client_random = random;
	memcpy(hello.client, flow->ip[CLIENT], sizeof(hello.client));
	tell(tcp, flow, MD_HELLO, &hello);
}

/* --- the end ------------------------------------------------------------- */

/* bring_up_to_date writes what the flow knows into the record. */
static void
bring_up_to_date(const struct flow *flow, struct connection *c)
{
	c->last_us = flow->last_us;
	c->closed_by = (enum closed_by)flow->closed_by;
	for (int side = CLIENT; side <= SERVER; side++) {
		c->end[side].bytes = flow->bytes[side];
		c->end[side].has_mac = flow->has_mac[side];
		memcpy(c->end[side].mac, flow->mac[side], 6);
	}
	if (!flow->syn[CLIENT] && !flow->syn[SERVER])
		c->incomplete |= INCOMPLETE_NO_START;
	if (!flow->heard[CLIENT] || !flow->heard[SERVER])
		c->incomplete |= INCOMPLETE_ONE_SIDED;
}

static void
conversation_free(struct tcp *tcp, struct flow *flow)
{
	struct conversation *talk = conversation_of(tcp, flow);

	if (flow->client_random != 0)
		tell(tcp, flow, MD_GONE, NULL);
	tls_clear(&talk->session.tls, &tcp->tools);
	if (flow->elsewhere)
		doubt_end(tcp, flow);
	talk->next_free = tcp->conversations_free;
	tcp->conversations_free = flow->conversation;
	tcp->conversations_used--;
	flow->conversation = 0;
}

/* forget makes the flow one of those that are over. */
void
conversation_forget(struct tcp *tcp, struct flow *flow)
{
	stream_clear(&flow->stream[CLIENT], &tcp->pool);
	stream_clear(&flow->stream[SERVER], &tcp->pool);
	flow_go_on(&tcp->flows, flow);
	if (flow->conversation != 0)
		conversation_free(tcp, flow);
	if (flow->standing == STANDING_STRANGER)
		tcp->strangers--;
	if (flow->standing != STANDING_MAIL)
		flow->standing = STANDING_REJECTED;
	flow_use(&tcp->flows, flow, FLOW_OVER, tcp->moment.now_us);
}

/* is_worth_a_record tells whether there is one of this flow: of a stranger, if
 * it is TLS that may be anything. */
static bool
is_worth_a_record(const struct tcp *tcp, const struct flow *flow)
{
	if (flow->conversation == 0)
		return false;
	return flow->standing != STANDING_STRANGER ||
	       conversation_of(tcp, flow)->c.tls;
}

/* finish gives out the record of a flow, if it has one. */
void
conversation_finish(struct tcp *tcp, struct flow *flow)
{
	struct conversation *talk;

	if (flow->flow_class == FLOW_OVER)
		return;
	while (
	    flow->conversation != 0 && (stream_waits(&flow->stream[CLIENT]) ||
					   stream_waits(&flow->stream[SERVER])))
		conversation_give_up(tcp, flow);
	if (!is_worth_a_record(tcp, flow)) {
		if (flow->flow_class == FLOW_EMPTY)
			tcp->stats->flows_without_data++;
		conversation_forget(tcp, flow);
		return;
	}
	talk = conversation_of(tcp, flow);
	bring_up_to_date(flow, &talk->c);
	talk->c.server_first = talk->session.tls.turn.first == TURN_SERVER;
	doubt_conclude(flow, talk);
	session_finish(&talk->session, &talk->c, &tcp->tools);
	tell(tcp, flow, MD_OVER, NULL);
	flow->client_random = 0; /* nothing is left to be told */
	conversation_forget(tcp, flow);
}

/* evict makes room: the flow is finished before its time. */
void
conversation_evict(struct tcp *tcp, struct flow *flow)
{
	if (flow->standing == STANDING_STRANGER) {
		tcp->stats->others_evicted++;
		conversation_forget(tcp, flow);
		return;
	}
	if (flow->flow_class != FLOW_OVER)
		tcp->stats->flows_evicted++;
	if (flow->conversation != 0) {
		struct conversation *talk = conversation_of(tcp, flow);

		if (!session_is_judged(&talk->session, &talk->c))
			talk->c.incomplete |= INCOMPLETE_OVERFLOW;
	}
	conversation_finish(tcp, flow);
}

/* --- bytes in order ------------------------------------------------------ */

bool
conversation_is_judged(const struct tcp *tcp, const struct flow *flow)
{
	const struct connection *c = &conversation_of(tcp, flow)->c;

	return c->judged || c->answer.established;
}

void
conversation_use(struct tcp *tcp, struct flow *flow)
{
	enum flow_class worth = flow->settled ? FLOW_SETTLED : FLOW_TALK;

	if (flow->standing == STANDING_STRANGER)
		worth = FLOW_DOUBTFUL;
	flow_use(&tcp->flows, flow, worth, tcp->moment.now_us);
}

/* settle: the session needs no more bytes; those held back are counted. */
static void
settle(struct tcp *tcp, struct flow *flow)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		struct stream *s = &flow->stream[side];
		uint32_t which = s->early.head;

		while (which != 0) {
			const struct chunk *chunk = chunk_at(&tcp->pool, which);
			struct segment held = { .seq = chunk->at,
				.payload = bytes_of(chunk->data, chunk->len) };

			flow->bytes[side] += stream_count(s, &held);
			which = chunk->next;
		}
		stream_clear(s, &tcp->pool);
		s->ended = s->fin;
	}
	flow->settled = true;
	conversation_use(tcp, flow);
	flow->judged = conversation_is_judged(tcp, flow);
	flow_go_on(&tcp->flows, flow);
}

/* note_progress looks at what the session has learnt by the last bytes. */
static void
note_progress(struct tcp *tcp, struct flow *flow, struct conversation *talk)
{
	if (flow->client_random != talk->session.tls.client_random)
		tell_hello(tcp, flow, talk->session.tls.client_random);
	if (!talk->c.judged && flow->standing != STANDING_STRANGER &&
	    !doubt_remains(flow, talk) &&
	    session_is_judged(&talk->session, &talk->c)) {
		talk->c.judged = true;
		bring_up_to_date(flow, &talk->c);
		tell(tcp, flow, MD_JUDGED, NULL);
	}
	if (session_is_over(&talk->session, &talk->c) &&
	    !doubt_remains(flow, talk) && !doubt_listens(flow, talk))
		settle(tcp, flow);
}

/* deliver hands bytes that are in order to the session.  The flow may be over
 * when it returns. */
void
conversation_deliver(
    struct tcp *tcp, struct flow *flow, enum side side, struct bytes run)
{
	struct conversation *talk = conversation_of(tcp, flow);
	struct connection *c = &talk->c;

	flow->bytes[side] += run.len;
	c->last_us = flow->last_us; /* for the hooks: when this was said */
	session_feed(&talk->session, c, &tcp->tools, side, run);
	stream_pass(&flow->stream[side], &tcp->pool, run.len);
	if (!flow->elsewhere || doubt_consider(tcp, flow, side, run))
		note_progress(tcp, flow, talk);
}

bool
conversation_is_read(const struct flow *flow)
{
	return flow->conversation != 0 && !flow->settled;
}

void
conversation_gap(struct tcp *tcp, struct flow *flow, enum side side, size_t len)
{
	struct conversation *talk = conversation_of(tcp, flow);

	if (len == 0)
		return;
	if (doubt_listens(flow, talk)) {
		settle(tcp, flow); /* of the handshake nothing is missing */
		return;
	}
	tcp->stats->gaps++;
	tcp->stats->gap_bytes += len;
	session_gap(&talk->session, &talk->c, &tcp->tools, side, len);
}

/* deliver_held delivers all that was held back and is in order by now. */
void
conversation_deliver_held(struct tcp *tcp, struct flow *flow)
{
	bool again = true;

	while (again && conversation_is_read(flow)) {
		again = false;
		for (enum side side = CLIENT; side <= SERVER; side++) {
			struct stream *s = &flow->stream[side];
			struct bytes run = stream_ready(
			    s, &tcp->pool, &flow->stream[other_side(side)]);

			if (run.len == 0)
				continue;
			again = true;
			conversation_deliver(tcp, flow, side, run);
			if (!conversation_is_read(flow))
				return;
		}
	}
}

/*
 * go_on_at_side gives up what `side` waits for: bytes of its own, or else those
 * of the other side that it has acknowledged.  When those are there as well
 * and wait in turn, somebody acknowledged what was never sent, and `side` goes
 * on regardless.
 */
static void
go_on_at_side(struct tcp *tcp, struct flow *flow, enum side side)
{
	struct stream *s = &flow->stream[side];
	struct stream *other = &flow->stream[other_side(side)];
	uint32_t lost = stream_skip(s, &tcp->pool);

	if (lost > 0) {
		conversation_gap(tcp, flow, side, lost);
		stream_pass(s, &tcp->pool, 0);
		return;
	}
	lost = stream_skip_to(
	    other, &tcp->pool, stream_wants(s, &tcp->pool, other->next));
	if (lost > 0) {
		conversation_gap(tcp, flow, other_side(side), lost);
		stream_pass(other, &tcp->pool, 0);
		return;
	}
	conversation_deliver(
	    tcp, flow, side, stream_ready(s, &tcp->pool, NULL));
}

void
conversation_give_up(struct tcp *tcp, struct flow *flow)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		if (!conversation_is_read(flow) ||
		    !stream_waits(&flow->stream[side]))
			continue;
		go_on_at_side(tcp, flow, side);
		conversation_deliver_held(tcp, flow);
	}
}

struct flow *
conversation_least(const struct tcp *tcp, const struct flow *flow)
{
	static const enum flow_class with_payload[] = { FLOW_DOUBTFUL,
		FLOW_SETTLED, FLOW_TALK };
	size_t count = flow->standing == STANDING_STRANGER ? 1 : 3;

	for (size_t i = 0; i < count; i++) {
		struct flow *least =
		    flow_least_of(&tcp->flows, with_payload[i]);

		if (least != NULL && least != flow)
			return least;
	}
	return NULL;
}

/* conversation_new returns the index + 1 of a conversation for `flow`, 0 if
 * there is none. */
static uint32_t
conversation_new(struct tcp *tcp, const struct flow *flow)
{
	uint32_t which = tcp->conversations_free;

	if (tcp->conversations_used == tcp->conversation_count) {
		struct flow *least = conversation_least(tcp, flow);

		if (least == NULL)
			return 0;
		conversation_evict(tcp, least);
		which = tcp->conversations_free;
	}
	if (which != 0)
		tcp->conversations_free =
		    tcp->conversations[which - 1].next_free;
	else
		which = ++tcp->conversations_fresh;
	tcp->conversations_used++;
	if (tcp->conversations_used > tcp->stats->connections_peak)
		tcp->stats->connections_peak = tcp->conversations_used;
	return which;
}

/* begin_conversation: `from` says the flow's first payload. */
bool
conversation_begin(struct tcp *tcp, struct flow *flow, bool from_start)
{
	bool known = flow->standing == STANDING_MAIL;
	struct conversation *talk;
	struct connection *c;

	flow->conversation = conversation_new(tcp, flow);
	if (flow->conversation == 0) {
		tcp->stats->others_evicted++;
		conversation_forget(tcp, flow);
		return false;
	}
	conversation_use(tcp, flow);
	talk = conversation_of(tcp, flow);
	memset(talk, 0, sizeof(*talk));
	talk->number = ++tcp->conversations_begun;
	c = &talk->c;
	c->evidence = known ? EVIDENCE_PORT : EVIDENCE_NONE;
	c->first_us = flow->first_us;
	c->ipv6 = flow->ipv6;
	for (int side = CLIENT; side <= SERVER; side++) {
		memcpy(c->end[side].ip, flow->ip[side], 16);
		c->end[side].port = flow->port[side];
	}
	session_start(&talk->session, flow->port[SERVER], from_start);
	return true;
}
