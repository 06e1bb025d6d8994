/* SPDX-License-Identifier: ISC */
/*
 * One flow goes through: empty (no payload yet), talk, hello, over.  In talk
 * and hello it has a conversation, and its segments are put in order; when the
 * session has its answer they are only counted; when it is over, its ends are
 * remembered for a while so that late packets of it start nothing new.
 */
#include "dissect/tcp.h"

#include "dissect/conversation.h"
#include "dissect/stranger.h"

static bool
is_mail_port(const struct tcp *tcp, uint16_t port)
{
	return tcp->config->mail_ports[port / 8] >> port % 8 & 1;
}

/* wait_or_go_on puts the flow into the list of those that wait, or takes it
 * out of it. */
static void
wait_or_go_on(struct tcp *tcp, struct flow *flow)
{
	bool waits = conversation_is_read(flow) &&
		     (stream_waits(&flow->stream[CLIENT]) ||
			 stream_waits(&flow->stream[SERVER]));

	if (!waits)
		flow_go_on(&tcp->flows, flow);
	else if (!flow->waits)
		flow_wait(&tcp->flows, flow, tcp->moment.now_us);
}

static void
finish_if_closed(struct tcp *tcp, struct flow *flow)
{
	const struct stream *s = flow->stream;

	if ((s[CLIENT].ended && s[SERVER].ended) ||
	    (flow->reset && (s[CLIENT].ended || s[SERVER].ended)))
		conversation_finish(tcp, flow);
}

/* --- the beginning ------------------------------------------------------- */

/* side_of_first tells which side sent the first segment of a flow, and
 * whether that is sure. */
static enum side
side_of_first(
    const struct tcp *tcp, const struct segment *segment, bool *certain)
{
	bool from_mail = is_mail_port(tcp, segment->port[0]);
	bool to_mail = is_mail_port(tcp, segment->port[1]);

	*certain = true;
	if (segment->flags & TCP_SYN)
		return segment->flags & TCP_ACK ? SERVER : CLIENT;
	if (from_mail != to_mail)
		return from_mail ? SERVER : CLIENT;
	*certain = false;
	return segment->port[0] < segment->port[1] ? SERVER : CLIENT;
}

/* remove_flow takes a flow that is over out of all tables. */
static void
remove_flow(struct tcp *tcp, struct flow *flow)
{
	if (flow->elsewhere)
		elsewhere_remove(tcp->elsewhere, flow);
	flow_remove(&tcp->flows, flow);
}

static void
evict(struct tcp *tcp, struct flow *flow)
{
	conversation_evict(tcp, flow);
	remove_flow(tcp, flow);
}

static struct flow *
begin_flow(struct tcp *tcp, const struct flow_key *key,
    const struct segment *segment, int64_t time_us, enum side *from)
{
	struct flow *flow;
	bool certain;

	*from = side_of_first(tcp, segment, &certain);
	if (flow_table_is_full(&tcp->flows))
		evict(tcp, flow_least(&tcp->flows));
	flow = flow_new(&tcp->flows, key, *from, time_us);
	flow->used_us = tcp->moment.now_us;
	flow->frame = tcp->moment.frame;
	flow->sides_certain = certain;
	if (tcp->flows.used > tcp->stats->flows_peak)
		tcp->stats->flows_peak = tcp->flows.used;
	return flow;
}

/* remove_rejected removes a flow that is no mail.  What is still to come of it
 * is not looked up, unless it looks like a beginning. */
static void
remove_rejected(struct tcp *tcp, struct flow *flow)
{
	struct flow_key key = { (const uint8_t(*)[16])flow->ip, flow->port,
		flow->ipv6 };

	elsewhere_reject(tcp->elsewhere, flow_hash(&tcp->flows, &key));
	remove_flow(tcp, flow);
}

/* room_for_stranger returns false when it would have to be made at the expense
 * of connections that are known to be mail. */
static bool
room_for_stranger(struct tcp *tcp)
{
	struct flow *least = flow_least(&tcp->flows);

	if (tcp->strangers < tcp->flows.count / LIMIT_STRANGERS_SHARE)
		return !flow_table_is_full(&tcp->flows) ||
		       least->flow_class < FLOW_EMPTY;
	least = flow_least_of(&tcp->flows, FLOW_STRANGER);
	if (least == NULL)
		least = flow_least_of(&tcp->flows, FLOW_DOUBTFUL);
	evict(tcp, least);
	return true;
}

static void
make_stranger(struct tcp *tcp, struct flow *flow)
{
	flow->standing = STANDING_STRANGER;
	flow->elsewhere = true;
	flow_use(&tcp->flows, flow, FLOW_STRANGER, tcp->moment.now_us);
	elsewhere_add(tcp->elsewhere, flow);
	tcp->strangers++;
	tcp->stats->others++;
}

/* begin_stranger begins a flow at its SYN, or where it looks like a beginning;
 * NULL where it does not, and where there is no room. */
static struct flow *
begin_stranger(struct tcp *tcp, const struct flow_key *key,
    const struct segment *segment, int64_t time_us, enum side *from)
{
	struct flow *flow;

	if ((segment->flags & TCP_SYN) == 0 &&
	    (!stranger_begins(segment->payload) ||
		elsewhere_rejected(
		    tcp->elsewhere, flow_hash(&tcp->flows, key))))
		return NULL;
	if (!room_for_stranger(tcp))
		return NULL;
	flow = begin_flow(tcp, key, segment, time_us, from);
	make_stranger(tcp, flow);
	return flow;
}

/*
 * is_another tells whether `segment` opens another connection between the same
 * ports: a SYN with another sequence number than the one before, or far from
 * where the connection stands when none was seen.
 */
static bool
is_another(
    const struct flow *flow, const struct segment *segment, enum side from)
{
	const struct stream *s = &flow->stream[from];

	if (!(segment->flags & TCP_SYN))
		return false;
	if (flow->syn[from])
		return flow->first_seq[from] != segment->seq &&
		       (from == CLIENT || !flow->syn[CLIENT] ||
			   segment->ack != flow->first_seq[CLIENT] + 1);
	if (!(segment->flags & TCP_ACK) && from == SERVER)
		return true; /* the sides have changed */
	if (!s->started)
		return flow->flow_class == FLOW_OVER;
	return s->next - (segment->seq + 1) > LIMIT_WINDOW;
}

/* --- one segment --------------------------------------------------------- */

static void
take_syn(struct flow *flow, struct segment *segment, enum side from)
{
	flow->syn[from] = true;
	flow->first_seq[from] = segment->seq;
	segment->seq++; /* a SYN takes a sequence number, RFC 9293 3.4 */
	if (!flow->stream[from].started)
		stream_start(&flow->stream[from], segment->seq);
}

static void
take_macs(struct flow *flow, const struct packet *packet, enum side from)
{
	enum side sides[2] = { from, other_side(from) };

	for (int i = 0; i < 2; i++) {
		if (!packet->has_mac[i] || flow->has_mac[sides[i]])
			continue;
		flow->has_mac[sides[i]] = true;
		memcpy(flow->mac[sides[i]], packet->mac[i], 6);
	}
}

/* make_room sees to it that the pool can hold `len` bytes more, by evicting
 * flows that are worth less than `flow`. */
static void
make_room(struct tcp *tcp, const struct flow *flow, size_t len)
{
	size_t need = len / CHUNK_DATA + 2;

	while (tcp->pool.count - tcp->pool.used < need) {
		struct flow *least = conversation_least(tcp, flow);

		if (least == NULL)
			return;
		conversation_evict(tcp, least);
	}
	if (tcp->pool.used > tcp->stats->chunks_peak)
		tcp->stats->chunks_peak = tcp->pool.used;
}

static void
read_payload(
    struct tcp *tcp, struct flow *flow, struct segment *segment, enum side from)
{
	struct stream *s = &flow->stream[from];
	enum side other = other_side(from);

	make_room(tcp, flow, segment->payload.len);
	flow->bytes[from] += stream_late(s, segment);
	switch (stream_place(s, &flow->stream[other], segment)) {
	case STREAM_NOW:
		conversation_deliver(tcp, flow, from, segment->payload);
		break;
	case STREAM_EARLY:
		if (!stream_keep(s, &tcp->pool, segment)) {
			tcp->stats->early_dropped++;
			conversation_give_up(tcp, flow);
		}
		break;
	case STREAM_FAR:
		tcp->stats->segments_far++;
		return;
	case STREAM_OLD:
		return;
	}
	if (segment->missing > 0 && conversation_is_read(flow)) {
		conversation_of(tcp, flow)->c.incomplete |=
		    INCOMPLETE_TRUNCATED;
		conversation_gap(tcp, flow, from,
		    stream_skip_to(s, &tcp->pool,
			segment->seq + (uint32_t)segment->payload.len +
			    (uint32_t)segment->missing));
		stream_pass(s, &tcp->pool, 0);
	}
	conversation_deliver_held(tcp, flow);
}

/* take_payload reads a segment's bytes, or only counts them. */
static void
take_payload(struct tcp *tcp, struct flow *flow, struct segment *segment,
    enum side *from)
{
	if (segment->payload.len + segment->missing == 0)
		return;
	if (flow->conversation == 0) {
		if (!flow->sides_certain &&
		    sniff_side(segment->payload, *from) != *from) {
			flow_swap(flow);
			*from = other_side(*from);
		}
		if (!conversation_begin(
			tcp, flow, flow->syn[CLIENT] || flow->syn[SERVER]))
			return;
	}
	if (conversation_is_read(flow))
		read_payload(tcp, flow, segment, *from);
	else
		flow->bytes[*from] +=
		    stream_count(&flow->stream[*from], segment);
}

static void
note_closing(struct flow *flow, enum side from)
{
	if (flow->closed_by == CLOSED_BY_NONE)
		flow->closed_by =
		    from == CLIENT ? CLOSED_BY_CLIENT : CLOSED_BY_SERVER;
}

/* take_fin notes where the stream of `from` ends: at `end`. */
static void
take_fin(struct tcp *tcp, struct flow *flow, enum side from, uint32_t end)
{
	struct stream *s = &flow->stream[from];

	if (s->fin || end - s->next > LIMIT_WINDOW)
		return;
	note_closing(flow, from);
	s->fin = true;
	s->fin_at = end;
	if (flow->conversation != 0 && !conversation_is_read(flow))
		s->ended = true; /* only counted: nothing to wait for */
	stream_pass(s, &tcp->pool, 0);
}

/* take_reset: RFC 5961 3.2, as far as an observer can tell the window */
static void
take_reset(struct tcp *tcp, struct flow *flow, enum side from, uint32_t seq)
{
	struct stream *s = &flow->stream[from];

	if (s->started && seq - s->next > LIMIT_WINDOW) {
		tcp->stats->resets_ignored++;
		return;
	}
	flow->reset = true;
	if (s->started)
		take_fin(tcp, flow, from, seq);
	else
		s->ended = true;
	note_closing(flow, from);
}

/* Most packets are of flows that are settled, and are done with without a look
 * at their conversation, which lies far from everything else. */
static bool
is_judged(const struct tcp *tcp, const struct flow *flow)
{
	if (flow->settled)
		return flow->judged;
	return flow->conversation != 0 && conversation_is_judged(tcp, flow);
}

/* is_handshake tells whether the payload that `from` sent last, up to `end`, is
 * that of a handshake and shows nothing that is private. */
static bool
is_handshake(const struct tcp *tcp, const struct flow *flow, enum side from,
    uint32_t end)
{
	bool heard = flow->stream[from].next - end <= LIMIT_WINDOW;
	const struct conversation *talk;

	/* What began before may be anything. */
	if (flow->conversation == 0 ||
	    (!flow->syn[CLIENT] && !flow->syn[SERVER]))
		return false;
	talk = conversation_of(tcp, flow);
	return flow->bytes[from] <= LIMIT_HANDSHAKE &&
	       session_is_harmless(&talk->session, &talk->c, from, heard);
}

/* follow takes one segment of a flow that is not over; it returns what tcp_take
 * does. */
static bool
follow(struct tcp *tcp, struct flow *flow, const struct packet *packet,
    struct segment *segment, enum side from)
{
	bool keep = !is_judged(tcp, flow);
	bool talks = segment->payload.len + segment->missing > 0;
	uint32_t end;

	flow->heard[from] = true;
	take_macs(flow, packet, from);
	if (segment->flags & TCP_SYN)
		take_syn(flow, segment, from);
	if (segment->flags & TCP_RST) {
		take_reset(tcp, flow, from, segment->seq);
		wait_or_go_on(tcp, flow);
		finish_if_closed(tcp, flow);
		return keep;
	}
	if (!flow->stream[from].started)
		stream_start(&flow->stream[from], segment->seq);
	if (!(segment->flags & TCP_ACK))
		segment->ack = flow->stream[other_side(from)].next;
	end = segment->seq + (uint32_t)segment->payload.len +
	      (uint32_t)segment->missing;
	take_payload(tcp, flow, segment, &from);
	if (talks)
		keep = keep && is_handshake(tcp, flow, from, end);
	if (flow->flow_class == FLOW_OVER)
		return keep;
	if (segment->flags & TCP_FIN)
		take_fin(tcp, flow, from, end);
	conversation_deliver_held(tcp, flow);
	wait_or_go_on(tcp, flow);
	finish_if_closed(tcp, flow);
	return keep;
}

/* begin_known begins a flow one of whose ports is one of mail's: the server's,
 * or else it is a client that happens to use it. */
static struct flow *
begin_known(struct tcp *tcp, const struct flow_key *key,
    const struct segment *segment, int64_t time_us, enum side *from)
{
	struct flow *flow = begin_flow(tcp, key, segment, time_us, from);

	if (is_mail_port(tcp, flow->port[SERVER])) {
		tcp->stats->flows++;
		return flow;
	}
	if (tcp->elsewhere != NULL)
		make_stranger(tcp, flow);
	else
		conversation_forget(tcp, flow);
	return flow;
}

/* find_or_begin returns the flow that `segment` belongs to, or NULL. */
static struct flow *
find_or_begin(struct tcp *tcp, const struct packet *packet,
    const struct segment *segment, int64_t time_us, enum side *from)
{
	struct flow_key key = { packet->ip, segment->port, packet->ipv6 };
	struct flow *flow = flow_find(&tcp->flows, &key, from);

	if (flow != NULL && is_another(flow, segment, *from)) {
		conversation_finish(tcp, flow);
		remove_flow(tcp, flow);
		flow = NULL;
	}
	if (flow != NULL || (segment->flags & TCP_RST) != 0)
		return flow;
	if (is_mail_port(tcp, segment->port[0]) ||
	    is_mail_port(tcp, segment->port[1]))
		return begin_known(tcp, &key, segment, time_us, from);
	if (tcp->elsewhere == NULL)
		return NULL;
	return begin_stranger(tcp, &key, segment, time_us, from);
}

/* note_doubt: what `flow` is may show later, or not at all any more; `fit` tells
 * whether its last segment may be kept if it is mail. */
static void
note_doubt(struct tcp *tcp, const struct flow *flow, bool fit)
{
	tcp->last_number =
	    (uint64_t)flow->first_us << 24 ^ flow_index(&tcp->flows, flow);
	tcp->last_doubtful = fit && flow->standing >= STANDING_STRANGER;
}

/* is_to_touch tells whether the flow's place by use is to be renewed. */
static bool
is_to_touch(const struct flow *flow, int64_t now_us)
{
	return now_us - flow->used_us > (flow->flow_class == FLOW_TALK
						? LIMIT_TOUCH_TALK_US
						: LIMIT_TOUCH_US);
}

bool
tcp_take(struct tcp *tcp, const struct packet *packet, struct segment *segment,
    int64_t time_us)
{
	enum side from;
	struct flow *flow = find_or_begin(tcp, packet, segment, time_us, &from);
	bool keep;

	if (flow == NULL)
		return false;
	tcp->stats->segments++;
	if (is_to_touch(flow, tcp->moment.now_us))
		flow_use(&tcp->flows, flow, (enum flow_class)flow->flow_class,
		    tcp->moment.now_us);
	if (flow->flow_class == FLOW_OVER)
		return false;
	if (time_us > flow->last_us)
		flow->last_us = time_us;
	keep = follow(tcp, flow, packet, segment, from);
	if (flow->elsewhere)
		note_doubt(tcp, flow, keep);
	if (flow->standing == STANDING_REJECTED)
		remove_rejected(tcp, flow);
	return keep && !tcp->last_doubtful;
}

/* --- time ---------------------------------------------------------------- */

/* patience returns how long a flow of `flow_class` may be silent. */
static int64_t
patience(int flow_class)
{
	if (flow_class == FLOW_OVER)
		return LIMIT_LINGER_US;
	return flow_class == FLOW_STRANGER ? LIMIT_STRANGER_IDLE_US
					   : LIMIT_IDLE_US;
}

/* most_idle returns the flow that has been idle beyond its limit, or NULL. */
static struct flow *
most_idle(const struct tcp *tcp)
{
	struct flow *most = NULL;

	for (int i = 0; i < FLOW_CLASSES; i++) {
		struct flow *flow =
		    flow_least_of(&tcp->flows, (enum flow_class)i);

		if (flow == NULL ||
		    tcp->moment.now_us - flow->used_us <= patience(i))
			continue;
		if (most == NULL || flow->used_us < most->used_us)
			most = flow;
	}
	return most;
}

bool
tcp_next_due(const struct tcp *tcp, struct md_moment *when)
{
	uint32_t first = tcp->flows.by_wait.first;
	const struct flow *flow = NULL;

	*when = tcp->moment;
	if (first != 0)
		flow = flow_at(&tcp->flows, first);
	if (flow != NULL &&
	    tcp->moment.now_us - flow->waits_us > LIMIT_PATIENCE_US) {
		when->phase = MD_WAITED;
		when->rank_us = flow->waits_us;
		return true;
	}
	flow = most_idle(tcp);
	if (flow == NULL)
		return false;
	when->phase = MD_IDLE;
	when->rank_us = flow->used_us;
	return true;
}

void
tcp_do_due(struct tcp *tcp, const struct md_moment *when)
{
	struct flow *flow;

	tcp->moment = *when;
	if (when->phase == MD_WAITED) {
		flow = flow_at(&tcp->flows, tcp->flows.by_wait.first);
		conversation_give_up(tcp, flow);
		flow_go_on(&tcp->flows, flow);
		wait_or_go_on(tcp, flow);
		finish_if_closed(tcp, flow);
		return;
	}
	flow = most_idle(tcp);
	conversation_finish(tcp, flow);
	remove_flow(tcp, flow);
}

void
tcp_pass_time(struct tcp *tcp)
{
	struct md_moment when;

	while (tcp_next_due(tcp, &when))
		tcp_do_due(tcp, &when);
}

uint64_t
tcp_first(const struct tcp *tcp)
{
	uint32_t first = tcp->flows.by_age.first;

	return first != 0 ? flow_at(&tcp->flows, first)->frame : 0;
}

void
tcp_end_first(struct tcp *tcp)
{
	struct flow *flow = flow_at(&tcp->flows, tcp->flows.by_age.first);

	conversation_finish(tcp, flow);
	remove_flow(tcp, flow);
}
