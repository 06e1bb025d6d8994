/* SPDX-License-Identifier: ISC */
/*
 * The facade: lays out the block of memory, reads frames down to segments and
 * datagrams, hands those to shards, and settles what these tell.
 */
#include "dissect/maildissect.h"

#include <stddef.h>

#include "dissect/fragment.h"
#include "dissect/frame.h"
#include "dissect/hear.h"
#include "dissect/link.h"
#include "dissect/stranger.h"
#include "dissect/tcp.h"
#include "dissect/twin.h"

enum {
	FRAGMENT_DEPTH_MAX = 4,

	/* Parts of the block, in hundredths; conversations get the rest. */
	SHARE_FLOWS = 30,
	SHARE_CHUNKS = 15,
	SHARE_FRAGMENTS = 4, /* their own, so that they starve nobody */
};

/* struct shard follows some of the connections. */
struct shard {
	struct tcp tcp;
	struct md_stats stats;
	struct md *md;
	unsigned number;
	uint8_t scratch[LIMIT_CERTIFICATES]; /* last, as it need not be zero */
};

/* What is of md_frame alone, and of md_settle alone, is in one struct each. */
struct md {
	struct md_config config;
	const struct md_belts *belts; /* NULL: there are none */
	struct shard *shards[MD_SHARDS_MAX];
	unsigned shard_count;
	struct front {
		struct md_stats stats;
		struct chunk_pool pool;
		uint8_t wanted[MD_PORT_MAP_LEN]; /* mail, and ports that give
						    names */
		int64_t now_us, tick_us;
	} front;
	struct settled {
		uint64_t connections, others_unproven, twins;
		struct twins known;
	} settled;
	/* Of the front.  From `heard` on nothing need be zero, nor touched as
	 * long as there are no fragments. */
	struct fragments fragments;
	uint8_t datagram[FRAGMENT_DATAGRAM_LEN];
};

#define STAT(field, text)                                                      \
	{                                                                      \
#field, text, offsetof(struct md_stats, field)                 \
	}

const struct md_stat_name md_stat_names[] = {
	STAT(frames, "frames read"),
	STAT(bytes, "bytes of frames read"),
	STAT(frames_skipped, "frames passed over by their ports"),
	STAT(frames_other, "frames that carry no IP"),
	STAT(frames_broken, "frames cut short or contradicting themselves"),
	STAT(frames_cut, "frames of which the capture kept only a part"),
	STAT(fragments, "IP fragments"),
	STAT(datagrams_timed_out, "datagrams of which fragments never came"),
	STAT(datagrams_evicted, "datagrams given up to make room"),
	STAT(datagrams_oversized, "datagrams longer than IP allows"),
	STAT(segments, "TCP segments of mail connections"),
	STAT(segments_broken, "TCP segments with a broken header"),
	STAT(segments_far, "TCP segments far outside the window"),
	STAT(early_dropped, "TCP segments given up, too many came early"),
	STAT(resets_ignored, "TCP resets outside the window"),
	STAT(gaps, "places where bytes of a connection are missing"),
	STAT(gap_bytes, "bytes missing there"),
	STAT(messages_dropped, "handshake messages too long to be kept"),
	STAT(flows, "TCP connections begun on mail ports"),
	STAT(flows_without_data, "of them, ended without a byte"),
	STAT(flows_evicted, "of them, ended early to make room"),
	STAT(twins, "connections seen a second time behind NAT"),
	STAT(connections, "records given out"),
	STAT(others, "TCP connections on other ports that were looked at"),
	STAT(others_mail, "of them, taken for mail"),
	STAT(others_unproven, "of them, TLS that nothing shows to be mail"),
	STAT(others_evicted,
	    "TCP connections on other ports, given up to make room"),
	STAT(hints, "of them, mail by what nDPI says"),
	STAT(hints_refuted, "of them, something else than nDPI says"),
	STAT(flows_peak, "most TCP connections at a time"),
	STAT(connections_peak, "most of them with data at a time"),
	STAT(chunks_peak, "most chunks of 512 bytes held back at a time"),
};
const unsigned md_stat_count = sizeof(md_stat_names) / sizeof(md_stat_names[0]);

static void
set_port(uint8_t ports[MD_PORT_MAP_LEN], uint16_t port)
{
	ports[port / 8] |= (uint8_t)(1u << port % 8);
}

void
md_default_ports(uint8_t ports[MD_PORT_MAP_LEN])
{
	static const uint16_t mail[] = { 24, 25, 110, 143, 465, 587, 993, 995,
		2525, 4190 };

	memset(ports, 0, MD_PORT_MAP_LEN);
	for (size_t i = 0; i < sizeof(mail) / sizeof(mail[0]); i++)
		set_port(ports, mail[i]);
}

void
md_name_ports(uint8_t ports[MD_PORT_MAP_LEN])
{
	memset(ports, 0, MD_PORT_MAP_LEN);
	hear_ports(ports);
}

void
md_taken_ports(uint8_t ports[MD_PORT_MAP_LEN])
{
	memset(ports, 0, MD_PORT_MAP_LEN);
	stranger_taken_ports(ports);
}

bool
md_link_known(int link)
{
	return frame_link_known(link);
}

/* share returns `hundredths` of `size`, in whole chunks. */
static size_t
share(size_t size, size_t hundredths)
{
	return size * hundredths / 100 / sizeof(struct chunk) *
	       sizeof(struct chunk);
}

/* struct room is what is left of the block, from the front. */
struct room {
	uint8_t *at;
	size_t size;
};

static void *
take_room(struct room *room, size_t size)
{
	enum {
		ALIGN = 16
	};
	void *taken = room->at;

	size = (size + ALIGN - 1) / ALIGN * ALIGN;
	room->at += size;
	room->size -= size;
	return taken;
}

/* lay_out divides the room of a shard among the pools of its connections. */
static void
lay_out(struct tcp *tcp, struct room room)
{
	uint32_t flows = 1;
	size_t chunks;

	if (tcp->config->any_port) {
		tcp->elsewhere = take_room(&room, sizeof(*tcp->elsewhere));
		memset(tcp->elsewhere, 0, sizeof(*tcp->elsewhere));
	}
	chunks = share(room.size, SHARE_CHUNKS);
	while (flow_bytes(flows * 2) <= room.size * SHARE_FLOWS / 100)
		flows *= 2;
	flow_table_init(&tcp->flows, take_room(&room, flow_bytes(flows)), flows,
	    tcp->config->seed);
	chunk_pool_init(&tcp->pool, take_room(&room, chunks), chunks);
	tcp->conversation_count =
	    (uint32_t)(room.size / sizeof(struct conversation));
	tcp->conversations = take_room(
	    &room, tcp->conversation_count * sizeof(struct conversation));
}

static void tell(void *arg, const struct md_event *event);

static void
shard_init(struct md *md, unsigned number, struct room room)
{
	struct shard *shard = take_room(&room, sizeof(*shard));

	memset(shard, 0, offsetof(struct shard, scratch));
	shard->md = md;
	shard->number = number;
	shard->tcp.config = &md->config;
	shard->tcp.stats = &shard->stats;
	shard->tcp.tools = (struct tools){ &shard->tcp.pool, shard->scratch,
		&md->config.hooks, &shard->stats };
	shard->tcp.tell = tell;
	shard->tcp.tell_arg = shard;
	md->shards[number] = shard;
	lay_out(&shard->tcp, room);
}

/* shards_for returns how many shards there are to be in `size` bytes. */
static unsigned
shards_for(const struct md_config *config, size_t size)
{
	unsigned count = MD_SHARDS_MAX;

	if (!config->sharded || config->any_port)
		return 1;
	while (count > 1 && size / count < MD_SHARD_SIZE_MIN)
		count /= 2;
	return count;
}

/* init_shards makes the shards, and what is remembered of their
 * connections. */
static void
init_shards(struct md *md, struct room room)
{
	size_t each = room.size / md->shard_count;
	/* As many as there can be, and a bit more. */
	uint32_t talks = (uint32_t)(each / sizeof(struct conversation));
	size_t talks_size = talks * sizeof(struct twin_talk) * md->shard_count;
	struct twin_talk *known = take_room(&room, talks_size);

	twins_init(&md->settled.known, known, talks * md->shard_count);
	each = room.size / md->shard_count / sizeof(struct chunk) *
	       sizeof(struct chunk);
	for (unsigned i = 0; i < md->shard_count; i++) {
		struct room own = { take_room(&room, each), each };

		shard_init(md, i, own);
		md->shards[i]->tcp.first_place = talks * i;
	}
}

struct md *
md_init(void *block, size_t size, const struct md_config *config)
{
	struct room room = { block, size };
	struct md *md = block;
	size_t fragments;

	if (size < MD_SIZE_MIN)
		return NULL;
	take_room(&room, sizeof(*md));
	memset(md, 0, offsetof(struct md, fragments.heard));
	md->config = *config;
	md->shard_count = shards_for(config, size);
	memcpy(md->front.wanted, config->mail_ports, sizeof(md->front.wanted));
	if (config->sightings)
		hear_ports(md->front.wanted);
	fragments = share(room.size, SHARE_FRAGMENTS);
	chunk_pool_init(
	    &md->front.pool, take_room(&room, fragments), fragments);
	init_shards(md, room);
	return md;
}

/* --- what is told ---------------------------------------------------------- */

bool
md_moment_before(const struct md_moment *a, const struct md_moment *b)
{
	if (a->frame != b->frame)
		return a->frame < b->frame;
	if (a->phase != b->phase)
		return a->phase < b->phase;
	return a->phase != MD_FRAME && a->rank_us < b->rank_us;
}

static void
settle_judged(struct md *md, const struct md_event *event)
{
	struct twin_talk *talk = twins_talk(&md->settled.known, event);
	const struct md_hooks *hooks = &md->config.hooks;

	if (talk->dropped || talk->said)
		return;
	talk->said = true;
	if (hooks->judged != NULL)
		hooks->judged(hooks->arg, event->connection);
}

static void
settle_over(struct md *md, const struct md_event *event)
{
	struct twin_talk *talk = twins_talk(&md->settled.known, event);
	const struct md_hooks *hooks = &md->config.hooks;
	struct connection *c = event->connection;
	struct twin_talk last = *talk;

	*talk = (struct twin_talk){ 0 };
	if (last.dropped)
		return;
	if (last.said)
		c->judged = true;
	if (c->evidence == EVIDENCE_NONE)
		md->settled.others_unproven++;
	else
		md->settled.connections++;
	if (hooks->over != NULL)
		hooks->over(hooks->arg, c);
}

void
md_settle(struct md *md, const struct md_event *event)
{
	const struct md_hooks *hooks = &md->config.hooks;

	switch (event->what) {
	case MD_SIGHTING:
		hooks->sighting(hooks->arg, event->sighting);
		break;
	case MD_HELLO:
		md->settled.twins += twins_meet(&md->settled.known, event);
		break;
	case MD_JUDGED:
		settle_judged(md, event);
		break;
	case MD_OVER:
		settle_over(md, event);
		break;
	case MD_GONE:
		*twins_talk(&md->settled.known, event) =
		    (struct twin_talk){ 0 };
		break;
	}
}

/* tell brings what a shard tells on its way. */
static void
tell(void *arg, const struct md_event *event)
{
	const struct shard *shard = arg;
	struct md *md = shard->md;

	if (md->belts != NULL)
		md->belts->event(md->belts->arg, shard->number, event);
	else
		md_settle(md, event);
}

static bool
md_listens(const struct md *md)
{
	return md->config.sightings && md->config.hooks.sighting != NULL;
}

/* sighted brings a sighting on its way. */
static void
sighted(void *arg, const struct sighting *s)
{
	struct md *md = arg;
	struct md_event event = {
		.what = MD_SIGHTING,
		.when = { .frame = md->front.stats.frames,
		    .now_us = md->front.now_us,
		    .phase = MD_FRAME },
		.sighting = s,
	};

	if (md->belts != NULL)
		md->belts->event(md->belts->arg, MD_SHARDS_MAX, &event);
	else
		md_settle(md, &event);
}

/* --- segments, and the shards that they are for ---------------------------- */

/* shard_of returns the shard of a connection: the same for both directions, and
 * not to be foreseen. */
static unsigned
shard_of(
    const struct md *md, const struct packet *packet, const uint16_t port[2])
{
	struct flow_key key = { packet->ip, port, packet->ipv6 };

	if (md->shard_count == 1)
		return 0;
	/* The low bits say where it is in the table there. */
	return (flow_hash(&md->shards[0]->tcp.flows, &key) >> 28) %
	       md->shard_count;
}

static void
send_segment(struct md *md, unsigned shard, const struct packet *packet,
    const struct segment *segment, int64_t time_us)
{
	struct md_parcel parcel = {
		.frame = md->front.stats.frames,
		.now_us = md->front.now_us,
		.time_us = time_us,
		.has_mac = { packet->has_mac[0], packet->has_mac[1] },
		.ipv6 = packet->ipv6,
		.flags = segment->flags,
		.port = { segment->port[0], segment->port[1] },
		.seq = segment->seq,
		.ack = segment->ack,
		.missing = (uint32_t)segment->missing,
		.payload = segment->payload,
	};

	memcpy(parcel.ip, packet->ip, sizeof(parcel.ip));
	memcpy(parcel.mac, packet->mac, sizeof(parcel.mac));
	md->belts->parcel(md->belts->arg, shard, &parcel);
}

static void
open_segment(struct tcp *tcp, const struct md_parcel *parcel)
{
	struct packet packet = {
		.has_mac = { parcel->has_mac[0], parcel->has_mac[1] },
		.ipv6 = parcel->ipv6,
		.protocol = IP_PROTO_TCP,
	};
	struct segment segment = {
		.port = { parcel->port[0], parcel->port[1] },
		.seq = parcel->seq,
		.ack = parcel->ack,
		.flags = parcel->flags,
		.payload = parcel->payload,
		.missing = parcel->missing,
	};

	memcpy(packet.ip, parcel->ip, sizeof(packet.ip));
	memcpy(packet.mac, parcel->mac, sizeof(packet.mac));
	tcp_take(tcp, &packet, &segment, parcel->time_us);
}

void
md_open(struct md *md, unsigned shard, const struct md_parcel *parcel)
{
	struct tcp *tcp = &md->shards[shard]->tcp;

	tcp->moment = (struct md_moment){ .frame = parcel->frame,
		.now_us = parcel->now_us,
		.phase = MD_FRAME };
	if (parcel->tick)
		tcp_pass_time(tcp);
	else
		open_segment(tcp, parcel);
}

static bool
take_segment(struct md *md, const struct packet *packet,
    struct segment *segment, int64_t time_us)
{
	unsigned shard = shard_of(md, packet, segment->port);
	struct tcp *tcp = &md->shards[shard]->tcp;

	if (md->belts != NULL) {
		send_segment(md, shard, packet, segment, time_us);
		return false;
	}
	tcp->moment = (struct md_moment){ .frame = md->front.stats.frames,
		.now_us = md->front.now_us,
		.phase = MD_FRAME };
	return tcp_take(tcp, packet, segment, time_us);
}

static bool
take_packet(struct md *md, struct packet *packet, int64_t time_us)
{
	struct segment segment;

	if (packet->protocol != IP_PROTO_TCP) {
		if (md_listens(md))
			hear_packet(packet, time_us, sighted, md);
		return false;
	}
	if (segment_read(packet->payload, packet->missing, &segment))
		return take_segment(md, packet, &segment, time_us);
	md->front.stats.segments_broken++;
	return false;
}

/* Fragments can hold fragments, in tunnels: each round is one datagram less
 * deep, and FRAGMENT_DEPTH_MAX ends it. */
static void
take_fragment(struct md *md, struct packet *packet, int64_t time_us)
{
	for (int depth = 0; depth < FRAGMENT_DEPTH_MAX; depth++) {
		md->front.stats.fragments++;
		if (!fragment_add(&md->fragments, &md->front.pool, time_us,
			packet, md->datagram) ||
		    frame_resume(packet) != FRAME_IP)
			return;
		if (packet->fragment)
			continue;
		take_packet(md, packet, time_us);
		return;
	}
}

/* --- time ------------------------------------------------------------------ */

/* tick_here has all shards do what is due, in order. */
static void
tick_here(struct md *md, const struct md_moment *now)
{
	for (unsigned i = 0; i < md->shard_count; i++)
		md->shards[i]->tcp.moment = *now;
	for (;;) {
		struct md_moment first, when;
		struct tcp *next = NULL;

		for (unsigned i = 0; i < md->shard_count; i++) {
			struct tcp *tcp = &md->shards[i]->tcp;

			if (!tcp_next_due(tcp, &when) ||
			    (next != NULL && !md_moment_before(&when, &first)))
				continue;
			next = tcp;
			first = when;
		}
		if (next == NULL)
			return;
		tcp_do_due(next, &first);
	}
}

static void
send_tick(struct md *md, const struct md_moment *now)
{
	struct md_parcel parcel = {
		.tick = true,
		.frame = now->frame,
		.now_us = now->now_us,
	};

	for (unsigned i = 0; i < md->shard_count; i++)
		md->belts->parcel(md->belts->arg, i, &parcel);
}

/* see_what_is_due does so now, or has the shards do so. */
static void
see_what_is_due(struct md *md)
{
	struct md_moment now = { .frame = md->front.stats.frames,
		.now_us = md->front.now_us,
		.phase = MD_FRAME };

	md->front.tick_us = now.now_us + LIMIT_TICK_US;
	if (md->belts != NULL)
		send_tick(md, &now);
	else
		tick_here(md, &now);
}

void
md_tick(struct md *md, int64_t time_us)
{
	if (time_us > md->front.now_us)
		md->front.now_us = time_us;
	if (md->front.now_us >= md->front.tick_us)
		see_what_is_due(md);
}

/* --- frames ---------------------------------------------------------------- */

/* passes_over tells whether a frame is of no interest for its ports. */
static bool
passes_over(const struct md *md, struct bytes frame)
{
	const struct elsewhere *elsewhere = md->shards[0]->tcp.elsewhere;
	struct frame_glance seen;

	return frame_skip(frame, md->front.wanted, &seen) &&
	       (elsewhere == NULL || !elsewhere_wants(elsewhere, &seen));
}

bool
md_frame(struct md *md, int link, int64_t time_us, struct bytes frame,
    size_t wire_len)
{
	struct md_stats *stats = &md->front.stats;
	struct packet packet;

	stats->frames++;
	stats->bytes += frame.len;
	if (md->config.any_port)
		tcp_forget_last(&md->shards[0]->tcp);
	if (link == LINK_ETHERNET && passes_over(md, frame)) {
		stats->frames_skipped++;
		return false;
	}
	if (wire_len > frame.len)
		stats->frames_cut++;
	md_tick(md, time_us);
	switch (frame_read(link, frame, &packet)) {
	case FRAME_IP:
		if (!packet.fragment)
			return take_packet(md, &packet, time_us);
		take_fragment(md, &packet, time_us);
		break;
	case FRAME_BROKEN:
		stats->frames_broken++;
		break;
	case FRAME_ARP:
		if (md_listens(md))
			hear_arp(&packet, time_us, sighted, md);
		stats->frames_other++;
		break;
	case FRAME_OTHER:
	case FRAME_LINK_UNKNOWN:
		stats->frames_other++;
		break;
	}
	return false;
}

bool
md_doubt(const struct md *md, uint64_t *out)
{
	*out = md->shards[0]->tcp.last_number;
	return md->shards[0]->tcp.last_doubtful;
}

bool
md_opening(int link, struct bytes frame, struct md_opening *out)
{
	struct packet packet;
	struct segment segment;

	memset(out, 0, sizeof(*out));
	if (frame_read(link, frame, &packet) != FRAME_IP || packet.fragment ||
	    packet.protocol != IP_PROTO_TCP ||
	    !segment_read(packet.payload, packet.missing, &segment) ||
	    (segment.flags & (TCP_SYN | TCP_ACK)) != TCP_SYN)
		return false;
	out->ipv6 = packet.ipv6;
	for (int side = CLIENT; side <= SERVER; side++) {
		memcpy(out->ip[side], packet.ip[side], sizeof(out->ip[side]));
		out->port[side] = segment.port[side];
	}
	return true;
}

void
md_end(struct md *md)
{
	md->belts = NULL;
	for (;;) {
		struct tcp *next = NULL;

		for (unsigned i = 0; i < md->shard_count; i++) {
			struct tcp *tcp = &md->shards[i]->tcp;

			if (tcp_first(tcp) != 0 &&
			    (next == NULL || tcp_first(tcp) < tcp_first(next)))
				next = tcp;
		}
		if (next == NULL)
			return;
		tcp_end_first(next);
	}
}

unsigned
md_shards(const struct md *md)
{
	return md->shard_count;
}

void
md_use_belts(struct md *md, const struct md_belts *belts)
{
	md->belts = belts;
}

bool
md_may_be_mail(const struct connection *c)
{
	return c->evidence != EVIDENCE_NONE ||
	       stranger_offer(c) != STRANGER_OTHER;
}

/* add_stats adds up all counters, of which the struct consists. */
static void
add_stats(struct md_stats *sum, const struct md_stats *part)
{
	uint64_t *to = (uint64_t *)sum;
	const uint64_t *from = (const uint64_t *)part;

	for (size_t i = 0; i < sizeof(*sum) / sizeof(*to); i++)
		to[i] += from[i];
}

struct md_stats
md_statistics(const struct md *md)
{
	struct md_stats stats = md->front.stats;

	for (unsigned i = 0; i < md->shard_count; i++)
		add_stats(&stats, &md->shards[i]->stats);
	stats.connections = md->settled.connections;
	stats.others_unproven = md->settled.others_unproven;
	stats.twins = md->settled.twins;
	stats.datagrams_timed_out = md->fragments.timed_out;
	stats.datagrams_evicted = md->fragments.evicted;
	stats.datagrams_oversized = md->fragments.oversized;
	return stats;
}
