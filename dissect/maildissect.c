/* SPDX-License-Identifier: ISC */
/*
 * The facade: lays out the block of memory, reads frames down to segments and
 * datagrams, and hands those on.
 */
#include "dissect/maildissect.h"

#include <stddef.h>

#include "dissect/fragment.h"
#include "dissect/frame.h"
#include "dissect/hear.h"
#include "dissect/stranger.h"
#include "dissect/tcp.h"

enum {
	LINK_ETHERNET = 1,
	FRAGMENT_DEPTH_MAX = 4,

	/* Parts of the block, in hundredths; conversations get the rest. */
	SHARE_FLOWS = 30,
	SHARE_CHUNKS = 15,
	SHARE_FRAGMENTS = 4, /* their own, so that they starve nobody */
};

struct md {
	struct md_config config;
	struct md_stats stats;
	struct tcp tcp;
	struct fragments fragments;
	struct chunk_pool fragment_pool;
	uint8_t wanted[MD_PORT_MAP_LEN]; /* mail, and ports that give names */
	uint8_t datagram[FRAGMENT_DATAGRAM_LEN];
	uint8_t scratch[LIMIT_CERTIFICATES];
	int64_t tick_us;
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

/* lay_out divides the `size` bytes at `block`, behind struct md, among the
 * pools of the TCP connections. */
static void
lay_out(struct md *md, uint8_t *block, size_t size)
{
	struct tcp *tcp = &md->tcp;
	size_t chunks = share(size, SHARE_CHUNKS);
	size_t fragments = share(size, SHARE_FRAGMENTS);
	uint32_t flows = 1;

	if (md->config.any_port) {
		tcp->elsewhere = (void *)block;
		memset(tcp->elsewhere, 0, sizeof(*tcp->elsewhere));
		block += sizeof(*tcp->elsewhere);
		size -= sizeof(*tcp->elsewhere);
	}
	while (flow_bytes(flows * 2) <= size * SHARE_FLOWS / 100)
		flows *= 2;
	flow_table_init(&tcp->flows, block, flows, md->config.seed);
	block += flow_bytes(flows);
	size -= flow_bytes(flows);
	chunk_pool_init(&tcp->pool, block, chunks);
	block += chunks;
	chunk_pool_init(&md->fragment_pool, block, fragments);
	block += fragments;
	size -= chunks + fragments;
	tcp->conversations = (void *)block;
	tcp->conversation_count =
	    (uint32_t)(size / sizeof(struct conversation));
}

struct md *
md_init(void *block, size_t size, const struct md_config *config)
{
	enum {
		ALIGN = 16
	};
	size_t head = (sizeof(struct md) + ALIGN - 1) / ALIGN * ALIGN;
	struct md *md = block;

	if (size < MD_SIZE_MIN)
		return NULL;
	memset(md, 0, sizeof(*md));
	md->config = *config;
	memcpy(md->wanted, config->mail_ports, sizeof(md->wanted));
	if (config->sightings)
		hear_ports(md->wanted);
	md->tcp.config = &md->config;
	md->tcp.stats = &md->stats;
	md->tcp.tools = (struct tools){ &md->tcp.pool, md->scratch,
		&md->config.hooks, &md->stats };
	lay_out(md, (uint8_t *)block + head, size - head);
	return md;
}

static bool
md_listens(const struct md *md)
{
	return md->config.sightings && md->config.hooks.sighting != NULL;
}

static bool
take_packet(struct md *md, struct packet *packet, int64_t time_us)
{
	struct segment segment;

	if (packet->protocol != IP_PROTO_TCP) {
		if (md_listens(md))
			hear_packet(packet, time_us, md->config.hooks.sighting,
			    md->config.hooks.arg);
		return false;
	}
	if (segment_read(packet->payload, packet->missing, &segment))
		return tcp_take(&md->tcp, packet, &segment, time_us);
	md->stats.segments_broken++;
	return false;
}

/* Fragments can hold fragments, in tunnels: each round is one datagram less
 * deep, and FRAGMENT_DEPTH_MAX ends it. */
static void
take_fragment(struct md *md, struct packet *packet, int64_t time_us)
{
	for (int depth = 0; depth < FRAGMENT_DEPTH_MAX; depth++) {
		md->stats.fragments++;
		if (!fragment_add(&md->fragments, &md->fragment_pool, time_us,
			packet, md->datagram) ||
		    frame_resume(packet) != FRAME_IP)
			return;
		if (packet->fragment)
			continue;
		take_packet(md, packet, time_us);
		return;
	}
}

void
md_tick(struct md *md, int64_t time_us)
{
	if (time_us > md->tcp.now_us)
		md->tcp.now_us = time_us;
	if (md->tcp.now_us < md->tick_us)
		return;
	md->tick_us = md->tcp.now_us + LIMIT_TICK_US;
	tcp_pass_time(&md->tcp);
}

/* passes_over tells whether a frame is of no interest for its ports. */
static bool
passes_over(const struct md *md, struct bytes frame)
{
	struct frame_glance seen;

	return frame_skip(frame, md->wanted, &seen) &&
	       (md->tcp.elsewhere == NULL ||
		   !elsewhere_wants(md->tcp.elsewhere, &seen));
}

bool
md_frame(struct md *md, int link, int64_t time_us, struct bytes frame,
    size_t wire_len)
{
	struct packet packet;

	md->stats.frames++;
	md->stats.bytes += frame.len;
	if (link == LINK_ETHERNET && passes_over(md, frame)) {
		md->stats.frames_skipped++;
		return false;
	}
	if (wire_len > frame.len)
		md->stats.frames_cut++;
	md_tick(md, time_us);
	switch (frame_read(link, frame, &packet)) {
	case FRAME_IP:
		if (!packet.fragment)
			return take_packet(md, &packet, time_us);
		take_fragment(md, &packet, time_us);
		break;
	case FRAME_BROKEN:
		md->stats.frames_broken++;
		break;
	case FRAME_ARP:
		if (md_listens(md))
			hear_arp(&packet, time_us, md->config.hooks.sighting,
			    md->config.hooks.arg);
		md->stats.frames_other++;
		break;
	case FRAME_OTHER:
	case FRAME_LINK_UNKNOWN:
		md->stats.frames_other++;
		break;
	}
	return false;
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
	tcp_end(&md->tcp);
}

bool
md_may_be_mail(const struct connection *c)
{
	return c->evidence != EVIDENCE_NONE ||
	       stranger_offer(c) != STRANGER_OTHER;
}

struct md_stats
md_statistics(const struct md *md)
{
	struct md_stats stats = md->stats;

	stats.datagrams_timed_out = md->fragments.timed_out;
	stats.datagrams_evicted = md->fragments.evicted;
	stats.datagrams_oversized = md->fragments.oversized;
	return stats;
}
