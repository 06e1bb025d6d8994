/* SPDX-License-Identifier: ISC */
/*
 * TCP (RFC 9293), IPv4 and IPv6 as far as a conversation needs them, checksums
 * included.
 */
#include "tests/mktalk.h"

#include <string.h>

enum {
	IPV4_HEADER = 20,
	TCP_HEADER = 20,
	TCP_CHECKSUM_AT = 16,
	IPV4_CHECKSUM_AT = 10,
	PROTO_TCP = 6,
};

static enum side
other(enum side side)
{
	return side == CLIENT ? SERVER : CLIENT;
}

struct mktalk
mktalk_of(struct mkframes *to, bool ipv6, uint16_t client_port, uint16_t port)
{
	/* RFC 5737, RFC 3849, RFC 7042 */
	static const struct mkhost v4[2] = {
		{ { 0, 0, 0x5e, 0, 0x53, 0x0a }, { 192, 0, 2, 10 }, 0 },
		{ { 0, 0, 0x5e, 0, 0x53, 0x01 }, { 198, 51, 100, 25 }, 0 },
	};
	static const struct mkhost v6[2] = {
		{ { 0, 0, 0x5e, 0, 0x53, 0x0a },
		    { 0x20, 0x01, 0x0d, 0xb8, [15] = 0x10 }, 0 },
		{ { 0, 0, 0x5e, 0, 0x53, 0x01 },
		    { 0x20, 0x01, 0x0d, 0xb8, 0, 0x25, [15] = 0x25 }, 0 },
	};
	struct mktalk t = {
		.to = to,
		.emit = mkemit_plain,
		.wrap = mkwrap_ethernet,
		.ipv6 = ipv6,
		.next = { 0x10000000u + client_port,
		    0x20000000u + client_port },
		/* 2023-11-14 22:13:20 UTC, after what the list has */
		.now_us = 1700000000000000,
		.step_us = 10000,
		.mss = 1400,
		.snaplen = 65535,
		.ttl = 64,
		.ip_id = client_port,
		.salt = (uint64_t)client_port << 16,
	};

	memcpy(t.host, ipv6 ? v6 : v4, sizeof(t.host));
	t.host[CLIENT].port = client_port;
	t.host[SERVER].port = port;
	if (to->count > 0)
		t.now_us = to->frames[to->count - 1].time_us + 1000000;
	return t;
}

static uint32_t
sum(uint32_t total, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		total += i % 2 == 0 ? (uint32_t)data[i] << 8 : data[i];
	return total;
}

static void
put_checksum(struct mkbytes *b, size_t at, uint32_t total)
{
	while (total >> 16 != 0)
		total = (total & 0xffff) + (total >> 16);
	b->data[at] = (uint8_t)(~total >> 8);
	b->data[at + 1] = (uint8_t)~total;
}

static size_t
ip_len(const struct mktalk *t)
{
	return t->ipv6 ? 16 : 4;
}

void
mktalk_segment(struct mktalk *t, enum side from, unsigned flags, uint32_t seq,
    const void *data, size_t len)
{
	static struct mkbytes tcp;
	const struct mkhost *a = &t->host[from], *b = &t->host[other(from)];
	uint32_t total;

	tcp.len = 0;
	mkbytes_u16(&tcp, a->port);
	mkbytes_u16(&tcp, b->port);
	mkbytes_u32(&tcp, seq);
	mkbytes_u32(&tcp, flags & TCP_ACK ? t->next[other(from)] : 0);
	mkbytes_u8(&tcp, flags & TCP_SYN ? 0x60 : 0x50);
	mkbytes_u8(&tcp, flags);
	mkbytes_u16(&tcp, 64240);
	mkbytes_u32(&tcp, 0);
	if (flags & TCP_SYN) {
		mkbytes_u16(&tcp, 0x0204); /* maximum segment size */
		mkbytes_u16(&tcp, (unsigned)t->mss);
	}
	mkbytes_put(&tcp, data, len);
	total = sum(PROTO_TCP + (uint32_t)tcp.len, a->ip, ip_len(t));
	total = sum(total, b->ip, ip_len(t));
	put_checksum(&tcp, TCP_CHECKSUM_AT, sum(total, tcp.data, tcp.len));
	if (!t->unheard[from])
		t->emit(t, from, &tcp);
	t->now_us += t->step_us;
}

void
mktalk_open(struct mktalk *t)
{
	mktalk_segment(t, CLIENT, TCP_SYN, t->next[CLIENT]++, "", 0);
	mktalk_segment(t, SERVER, TCP_SYN | TCP_ACK, t->next[SERVER]++, "", 0);
	mktalk_segment(t, CLIENT, TCP_ACK, t->next[CLIENT], "", 0);
}

void
mktalk_say(struct mktalk *t, enum side from, const void *data, size_t len)
{
	const uint8_t *at = data;

	while (len > 0) {
		size_t n = len < t->mss ? len : t->mss;

		mktalk_segment(t, from, n == len ? TCP_PSH | TCP_ACK : TCP_ACK,
		    t->next[from], at, n);
		t->next[from] += (uint32_t)n;
		at += n;
		len -= n;
	}
}

void
mktalk_bytes(struct mktalk *t, enum side from, const struct mkbytes *b)
{
	mktalk_say(t, from, b->data, b->len);
}

void
mktalk_lines(struct mktalk *t, const char *script)
{
	static struct mkbytes said;

	for (said.len = 0; *script != '\0'; script++) {
		enum side from = script[0] == 'C' ? CLIENT : SERVER;
		bool more = script[1] == '+';

		for (script += 2; *script != '\n'; script++)
			mkbytes_u8(&said, (uint8_t)*script);
		mkbytes_text(&said, "\r\n");
		if (more)
			continue;
		mktalk_bytes(t, from, &said);
		said.len = 0;
	}
}

void
mktalk_skip(struct mktalk *t, enum side from, size_t len)
{
	t->next[from] += (uint32_t)len;
}

void
mktalk_close(struct mktalk *t, enum side first)
{
	enum side second = other(first);

	mktalk_segment(t, first, TCP_FIN | TCP_ACK, t->next[first]++, "", 0);
	mktalk_segment(t, second, TCP_FIN | TCP_ACK, t->next[second]++, "", 0);
	mktalk_segment(t, first, TCP_ACK, t->next[first], "", 0);
}

void
mktalk_reset(struct mktalk *t, enum side from)
{
	mktalk_segment(t, from, TCP_RST | TCP_ACK, t->next[from], "", 0);
}

static void
ip6(struct mktalk *t, enum side from, unsigned protocol,
    const struct mkbytes *payload, struct mkbytes *ip)
{
	mkbytes_u32(ip, 0x60000000);
	mkbytes_u16(ip, (unsigned)payload->len);
	mkbytes_u8(ip, protocol);
	mkbytes_u8(ip, t->ttl);
	mkbytes_put(ip, t->host[from].ip, 16);
	mkbytes_put(ip, t->host[other(from)].ip, 16);
	mkbytes_put(ip, payload->data, payload->len);
}

void
mktalk_ip(struct mktalk *t, enum side from, unsigned protocol,
    const struct mkbytes *payload, unsigned flags_offset, struct mkbytes *ip)
{
	ip->len = 0;
	if (t->ipv6) {
		ip6(t, from, protocol, payload, ip);
		return;
	}
	mkbytes_u16(ip, 0x4500);
	mkbytes_u16(ip, (unsigned)payload->len + IPV4_HEADER);
	mkbytes_u16(ip, t->ip_id);
	mkbytes_u16(ip, flags_offset);
	mkbytes_u8(ip, t->ttl);
	mkbytes_u8(ip, protocol);
	mkbytes_u16(ip, 0);
	mkbytes_put(ip, t->host[from].ip, 4);
	mkbytes_put(ip, t->host[other(from)].ip, 4);
	put_checksum(ip, IPV4_CHECKSUM_AT, sum(0, ip->data, ip->len));
	mkbytes_put(ip, payload->data, payload->len);
}

void
mktalk_frame(struct mktalk *t, enum side from, const struct mkbytes *ip)
{
	static struct mkbytes frame;

	frame.len = 0;
	t->wrap(t, from, ip, &frame);
	mkframes_add(t->to, t->now_us, &frame, t->snaplen);
}

void
mkemit_plain(struct mktalk *t, enum side from, struct mkbytes *tcp)
{
	static struct mkbytes ip;

	mktalk_ip(t, from, PROTO_TCP, tcp, 0x4000, &ip);
	t->ip_id++;
	mktalk_frame(t, from, &ip);
}

unsigned
mktalk_ethertype(const struct mktalk *t)
{
	return t->ipv6 ? 0x86dd : 0x0800;
}

void
mkwrap_macs(const struct mktalk *t, enum side from, struct mkbytes *frame)
{
	mkbytes_put(frame, t->host[other(from)].mac, 6);
	mkbytes_put(frame, t->host[from].mac, 6);
}

void
mkwrap_ethernet(const struct mktalk *t, enum side from,
    const struct mkbytes *ip, struct mkbytes *frame)
{
	mkwrap_macs(t, from, frame);
	mkbytes_u16(frame, mktalk_ethertype(t));
	mkbytes_put(frame, ip->data, ip->len);
}
