/* SPDX-License-Identifier: ISC */
/*
 * Sessions of TCP over IP over Ethernet, as two hosts of today would send them:
 * timestamps (RFC 7323), an acknowledgement every second segment, checksums.
 */
#include "tests/bench/gen_session.h"

#include <stdlib.h>
#include <string.h>

enum {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_IPV6 = 0x86dd,
	VLAN = 42,
	IPV4_LEN = 20,
	IPV6_LEN = 40,
	TCP_LEN = 32,
	TCP_SYN_LEN = 40,
	SEGMENT_MAX = 1448,
	CLOCK_AHEAD = 777, /* of the server's timestamps */
};

static const uint8_t macs[2][6] = {
	{ 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 },
	{ 0x02, 0x66, 0x77, 0x88, 0x99, 0xaa },
};

void
gen_session_init(struct gen_session *s)
{
	memset(s, 0, sizeof(*s));
	s->seq[CLIENT] = (uint32_t)gen_chance();
	s->seq[SERVER] = (uint32_t)gen_chance();
	s->ip_id[CLIENT] = (uint16_t)gen_chance();
	s->ip_id[SERVER] = (uint16_t)gen_chance();
	s->clock = (uint32_t)gen_chance();
	s->segment_max[CLIENT] = SEGMENT_MAX;
	s->segment_max[SERVER] = SEGMENT_MAX;
	s->rtt_us = 5000 + gen_below(60000);
}

void
gen_session_clear(struct gen_session *s)
{
	free(s->bytes.data);
	free(s->frames);
}

void
gen_frame_add(struct gen_session *s, const uint8_t *frame, uint32_t len)
{
	struct gen_frame *f;

	if (s->count == s->room) {
		s->room = s->room > 0 ? s->room * 2 : 64;
		s->frames = gen_grow(s->frames, s->room, sizeof(*s->frames));
	}
	f = &s->frames[s->count++];
	f->at = s->bytes.len;
	f->len = len;
	f->wait_us = s->wait_us;
	s->wait_us = 20 + gen_below(60);
	gen_put(&s->bytes, frame, len);
}

void
gen_frame_again(struct gen_session *s, size_t index)
{
	static uint8_t frame[GEN_FRAME_MAX];
	const struct gen_frame *f = &s->frames[index];

	/* the session's bytes may move */
	memcpy(frame, s->bytes.data + f->at, f->len);
	gen_frame_add(s, frame, f->len);
}

void
gen_frame_swap(struct gen_session *s, size_t a, size_t b)
{
	struct gen_frame frame = s->frames[a];
	uint64_t wait_us = s->frames[b].wait_us;

	s->frames[a] = s->frames[b];
	s->frames[a].wait_us = frame.wait_us;
	s->frames[b] = frame;
	s->frames[b].wait_us = wait_us;
}

/* The Internet checksum, RFC 1071. */
static uint32_t
sum(uint32_t so_far, const uint8_t *data, size_t len)
{
	for (; len > 1; len -= 2, data += 2)
		so_far += (uint32_t)data[0] << 8 | data[1];
	return len > 0 ? so_far + ((uint32_t)data[0] << 8) : so_far;
}

static unsigned
folded(uint32_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

void
gen_checksum(uint8_t *header)
{
	gen_set16(header + 10, 0);
	gen_set16(header + 10, folded(sum(0, header, IPV4_LEN)));
}

static uint32_t
put_ipv4(struct gen_session *s, enum gen_side from, unsigned protocol,
    uint32_t len, uint8_t *out)
{
	memset(out, 0, IPV4_LEN);
	out[0] = 0x45;
	gen_set16(out + 2, IPV4_LEN + len);
	gen_set16(out + 4, s->ip_id[from]++);
	gen_set16(out + 6, 0x4000); /* do not fragment */
	out[8] = 64;
	out[9] = (uint8_t)protocol;
	memcpy(out + 12, s->ip[from], 4);
	memcpy(out + 16, s->ip[!from], 4);
	gen_checksum(out);
	return IPV4_LEN;
}

static uint32_t
put_ipv6(const struct gen_session *s, enum gen_side from, unsigned protocol,
    uint32_t len, uint8_t *out)
{
	gen_set32(out, 0x60000000);
	gen_set16(out + 4, len);
	out[6] = (uint8_t)protocol;
	out[7] = 64;
	memcpy(out + 8, s->ip[from], 16);
	memcpy(out + 24, s->ip[!from], 16);
	return IPV6_LEN;
}

uint32_t
gen_ip(struct gen_session *s, enum gen_side from, unsigned protocol,
    const uint8_t *body, uint32_t len, uint8_t *out)
{
	uint32_t at = 12;

	memcpy(out, macs[!from], 6);
	memcpy(out + 6, macs[from], 6);
	if (s->vlan) {
		gen_set16(out + at, ETHERTYPE_VLAN);
		gen_set16(out + at + 2, VLAN);
		at += 4;
	}
	gen_set16(out + at, s->ipv6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4);
	at += 2;
	at += s->ipv6 ? put_ipv6(s, from, protocol, len, out + at)
		      : put_ipv4(s, from, protocol, len, out + at);
	memcpy(out + at, body, len);
	return at + len;
}

static uint32_t
clock_of(const struct gen_session *s, enum gen_side side)
{
	return side == CLIENT ? s->clock : s->clock + CLOCK_AHEAD;
}

static void
put_syn_options(const struct gen_session *s, enum gen_side from, uint8_t *out)
{
	static const uint8_t scale[4] = { 1, 3, 3, 7 };

	gen_set32(out, 0x020405b4); /* segments of up to 1460 bytes */
	gen_set32(out + 4, 0x0402080a);
	gen_set32(out + 8, clock_of(s, from));
	gen_set32(out + 12, 0);
	memcpy(out + 16, scale, 4);
}

static void
put_options(const struct gen_session *s, enum gen_side from, uint8_t *out)
{
	gen_set32(out, 0x0101080a);
	gen_set32(out + 4, clock_of(s, from));
	gen_set32(out + 8, clock_of(s, !from));
}

static uint32_t
put_tcp(struct gen_session *s, const struct gen_segment *g, uint8_t *out)
{
	bool syn = (g->flags & SYN) != 0;
	uint32_t head = syn ? TCP_SYN_LEN : TCP_LEN;
	size_t address = s->ipv6 ? 16 : 4;
	uint32_t check;

	memset(out, 0, head);
	gen_set16(out, s->port[g->from]);
	gen_set16(out + 2, s->port[!g->from]);
	gen_set32(out + 4, g->seq);
	gen_set32(out + 8, (g->flags & ACK) != 0 ? s->seq[!g->from] : 0);
	out[12] = (uint8_t)(head / 4 << 4);
	out[13] = (uint8_t)g->flags;
	gen_set16(out + 14, syn ? 64240 : 501); /* window */
	if (syn)
		put_syn_options(s, g->from, out + 20);
	else
		put_options(s, g->from, out + 20);
	s->clock++;
	if (g->len > 0)
		memcpy(out + head, g->data, g->len);
	check = sum(0, s->ip[g->from], address);
	check = sum(check, s->ip[!g->from], address);
	check = sum(check + GEN_TCP + head + g->len, out, head + g->len);
	gen_set16(out + 16, folded(check));
	return head + g->len;
}

uint32_t
gen_tcp(struct gen_session *s, const struct gen_segment *segment, uint8_t *out)
{
	static uint8_t body[GEN_FRAME_MAX];
	uint32_t len = put_tcp(s, segment, body);

	return gen_ip(s, segment->from, GEN_TCP, body, len, out);
}

void
gen_tcp_add(struct gen_session *s, const struct gen_segment *segment)
{
	static uint8_t frame[GEN_FRAME_MAX];
	uint32_t len = gen_tcp(s, segment, frame);

	gen_frame_add(s, frame, len);
}

void
gen_send(struct gen_session *s, enum gen_side from, unsigned flags,
    const uint8_t *data, uint32_t len)
{
	struct gen_segment g = { from, s->seq[from], flags, data, len };

	gen_tcp_add(s, &g);
	s->seq[from] += len + ((flags & (SYN | FIN)) != 0);
}

void
gen_data(
    struct gen_session *s, enum gen_side from, const uint8_t *data, size_t len)
{
	s->wait_us += s->rtt_us / 2;
	while (len > 0) {
		uint32_t part = s->segment_max[from];

		if (part > len)
			part = (uint32_t)len;
		gen_send(s, from, ACK | (part == len ? PSH : 0u), data, part);
		data += part;
		len -= part;
		if (++s->unacked[from] >= 2) {
			gen_send(s, !from, ACK, NULL, 0);
			s->unacked[from] = 0;
		}
	}
}

void
gen_flush(struct gen_session *s, enum gen_side from)
{
	if (s->unacked[from] == 0)
		return;
	s->wait_us += 400;
	gen_send(s, !from, ACK, NULL, 0);
	s->unacked[from] = 0;
}

void
gen_handshake(struct gen_session *s)
{
	gen_send(s, CLIENT, SYN, NULL, 0);
	s->wait_us = s->rtt_us;
	gen_send(s, SERVER, SYN | ACK, NULL, 0);
	s->wait_us = 100;
	gen_send(s, CLIENT, ACK, NULL, 0);
}

void
gen_goodbye(struct gen_session *s)
{
	gen_flush(s, CLIENT);
	gen_flush(s, SERVER);
	s->wait_us = 2000;
	gen_send(s, CLIENT, FIN | ACK, NULL, 0);
	s->wait_us = s->rtt_us;
	gen_send(s, SERVER, FIN | ACK, NULL, 0);
	gen_send(s, CLIENT, ACK, NULL, 0);
}
