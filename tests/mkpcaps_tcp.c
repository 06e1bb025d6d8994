/* SPDX-License-Identifier: ISC */
/*
 * What becomes of segments on their way, and what a capture misses of them.
 */
#include "tests/mkpcaps.h"

#include <string.h>

enum {
	HANDSHAKE_FRAMES = 3, /* SYN, SYN-ACK, ACK */
};

/* A session on 993 whose segments hold at most `mss` bytes. */
static void
small_session(
    struct mkframes *to, uint16_t client_port, size_t mss, uint16_t version)
{
	struct mktalk t = mktalk_of(to, false, client_port, 993);
	struct mkdeal deal = mkdeal_of(version, version);

	t.mss = mss;
	mktalk_open(&t);
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
}

static bool
from_server(const struct mkframe *f)
{
	static const uint8_t server[] = { 0, 0, 0x5e, 0, 0x53, 0x01 };

	return memcmp(f->data + 6, server, sizeof(server)) == 0;
}

/* The record that mktls_say_hello would say, into `b`. */
static void
put_hello(
    struct mkbytes *b, const struct mktalk *t, const struct mkoffer *offer)
{
	static struct mkbytes message;
	struct mkoffer salted = *offer;

	salted.seed += t->salt;
	message.len = b->len = 0;
	mkhello_client(&message, &salted);
	mktls_record(b, RECORD_HANDSHAKE, TLS_1_0, message.data, message.len);
}

/* The later copy says another name: the first that was heard counts. */
static void
overlap_different_bytes(struct mkframes *to)
{
	enum {
		AT = 50
	};
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);
	struct mkdeal other = deal;
	static struct mkbytes good, bad;

	other.offer.server_name = "evil.example.net";
	for (uint16_t i = 0; i < 2; i++) {
		struct mktalk t = mkpcaps_start(to, (uint16_t)(50301 + i), 993);
		uint32_t seq = t.next[CLIENT];

		put_hello(&good, &t, &deal.offer);
		put_hello(&bad, &t, &other.offer);
		if (i == 0) /* in order, then all of it again */
			mktalk_segment(&t, CLIENT, TCP_ACK, seq, good.data, AT);
		mktalk_segment(&t, CLIENT, TCP_ACK, seq + AT, good.data + AT,
		    good.len - AT);
		mktalk_segment(
		    &t, CLIENT, TCP_ACK, seq + AT, bad.data + AT, bad.len - AT);
		mktalk_segment(&t, CLIENT, TCP_ACK, seq, bad.data, AT);
		mktalk_skip(&t, CLIENT, good.len);
		mktls_say_answer(&t, &deal);
		mktls_say_finished(&t, &deal);
		mktls_say_data(&t, CLIENT, 60);
		mktalk_close(&t, CLIENT);
	}
}

/* RFC 7413: the SYN carries the hello; the server takes it, or not. */
static void
syn_with_data(struct mkframes *to)
{
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);
	static struct mkbytes hello;

	for (uint16_t i = 0; i < 2; i++) {
		struct mktalk t =
		    mktalk_of(to, false, (uint16_t)(50303 + i), 993);
		bool taken = i == 0;

		put_hello(&hello, &t, &deal.offer);
		mktalk_segment(&t, CLIENT, TCP_SYN, t.next[CLIENT]++,
		    hello.data, hello.len);
		if (taken)
			mktalk_skip(&t, CLIENT, hello.len);
		mktalk_segment(
		    &t, SERVER, TCP_SYN | TCP_ACK, t.next[SERVER]++, "", 0);
		mktalk_segment(&t, CLIENT, TCP_ACK, t.next[CLIENT], "", 0);
		if (!taken)
			mktalk_bytes(&t, CLIENT, &hello);
		mktls_say_answer(&t, &deal);
		mktls_say_finished(&t, &deal);
		mktls_say_data(&t, CLIENT, 60);
		mktalk_close(&t, CLIENT);
	}
}

/* One after the other; the last begins though the third never ended. */
static void
port_pair_reused(struct mkframes *to)
{
	for (uint16_t i = 0; i < 4; i++) {
		struct mktalk t = mktalk_of(to, false, 50305, 993);
		uint16_t version = (uint16_t)(TLS_1_0 + i);
		struct mkdeal deal = mkdeal_of(version, version);

		t.next[CLIENT] += 1000000u * i;
		t.next[SERVER] += 3000000u * i;
		mktalk_open(&t);
		mktls_handshake(&t, &deal);
		if (i != 2)
			mktalk_close(&t, CLIENT);
	}
}

static void
ports_interleaved(struct mkframes *to)
{
	struct mkframes list[4] = { 0 };

	for (uint16_t i = 0; i < 4; i++) {
		struct mktalk t = mktalk_of(&list[i], false, 50306, 993);
		uint16_t version = (uint16_t)(TLS_1_0 + i);
		struct mkdeal deal = mkdeal_of(version, version);

		t.host[CLIENT].ip[3] = (uint8_t)(10 + i);
		t.host[CLIENT].mac[5] = (uint8_t)(10 + i);
		t.now_us += i;
		mktalk_open(&t);
		mktls_handshake(&t, &deal);
		mktalk_close(&t, CLIENT);
	}
	for (size_t n = 0; n < 20; n++)
		for (size_t i = 0; i < 4; i++)
			if (n < list[i].count)
				mkframes_copy(to, &list[i], n);
	for (size_t i = 0; i < 4; i++)
		mkframes_clear(&list[i]);
}

static void
sequence_wrap(struct mkframes *to)
{
	struct mktalk t = mktalk_of(to, false, 50307, 993);
	struct mkdeal deal = mkdeal_of(TLS_1_1, TLS_1_1);

	t.next[CLIENT] = 0xffffffc0;
	t.next[SERVER] = 0xffffff80;
	mktalk_open(&t);
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
}

/* Every run of segments of one side comes last first. */
static void
segments_reordered(struct mkframes *to)
{
	small_session(to, 50308, 60, TLS_1_1);
	for (size_t i = HANDSHAKE_FRAMES, end; i < to->count; i = end) {
		bool server = from_server(&to->frames[i]);

		for (end = i; end < to->count; end++)
			if (from_server(&to->frames[end]) != server)
				break;
		for (size_t a = i, b = end - 1; a < b; a++, b--)
			mkframes_swap(to, a, b);
	}
}

/* Copies all of `from` but its frame `lost`. */
static void
lose(struct mkframes *to, struct mkframes *from, size_t lost)
{
	for (size_t i = 0; i < from->count; i++)
		if (i != lost)
			mkframes_copy(to, from, i);
	mkframes_clear(from);
}

static void
segment_lost(struct mkframes *to)
{
	struct mkframes list = { 0 };
	struct mktalk t;
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);

	small_session(&list, 50309, 60, TLS_1_0);
	lose(to, &list, HANDSHAKE_FRAMES + 1); /* of the ClientHello */
	small_session(&list, 50310, 400, TLS_1_0);
	lose(to, &list, HANDSHAKE_FRAMES + 1); /* the ServerHello */
	t = mktalk_of(&list, false, 50311, 587);
	mktalk_open(&t);
	mkpcaps_starttls(&t);
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
	lose(to, &list, HANDSHAKE_FRAMES + 2); /* the reply to EHLO */
}

static void
one_direction(struct mkframes *to)
{
	static const struct {
		enum side unheard;
		uint16_t version;
	} cases[] = {
		{ SERVER, TLS_1_0 },
		{ CLIENT, TLS_1_2 },
		{ CLIENT, TLS_1_0 },
	};

	for (uint16_t i = 0; i < 3; i++) {
		uint16_t version = cases[i].version;
		struct mkdeal deal = mkdeal_of(version, version);
		struct mktalk t =
		    mktalk_of(to, false, (uint16_t)(50312 + i), 993);

		t.unheard[cases[i].unheard] = true;
		mktalk_open(&t);
		mktls_handshake(&t, &deal);
		mktalk_close(&t, CLIENT);
	}
}

static void
reset_out_of_window(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50315, 993);
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_2);

	mktls_say_hello(&t, &deal.offer);
	mktalk_segment(&t, SERVER, TCP_RST, t.next[SERVER] + 1000000000, "", 0);
	mktls_say_answer(&t, &deal);
	mktls_say_finished(&t, &deal);
	mktls_say_data(&t, CLIENT, 60);
	mktalk_close(&t, CLIENT);
}

/* As seen on a bridge and again on one of its ports. */
static void
duplicated(struct mkframes *to)
{
	struct mkframes list = { 0 };

	small_session(&list, 50316, 1400, TLS_1_0);
	for (size_t i = 0; i < list.count; i++) {
		mkframes_copy(to, &list, i);
		list.frames[i].time_us += 40;
		mkframes_copy(to, &list, i);
	}
	mkframes_clear(&list);
}

/* The router's outside shows each packet again, from another address. */
static void
nat_both_sides(struct mkframes *to)
{
	static const struct mkhost outside = { { 0, 0, 0x5e, 0, 0x53, 0x02 },
		{ 203, 0, 113, 9 }, 61000 };
	struct mkframes in = { 0 }, out = { 0 };
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);
	struct mktalk t = mktalk_of(&in, false, 50317, 993);
	struct mktalk twin = t;

	twin.to = &out;
	twin.host[CLIENT] = outside;
	twin.ttl--;
	mktalk_open(&t);
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
	mktalk_open(&twin);
	mktls_handshake(&twin, &deal);
	mktalk_close(&twin, CLIENT);
	for (size_t i = 0; i < in.count; i++) {
		bool server = from_server(&in.frames[i]);

		/* outside comes first for what the server sends */
		(server ? &in : &out)->frames[i].time_us += 100;
		mkframes_copy(to, server ? &out : &in, i);
		mkframes_copy(to, server ? &in : &out, i);
	}
	mkframes_clear(&in);
	mkframes_clear(&out);
}

static void
snaplen_cut(struct mkframes *to)
{
	struct mktalk t = mktalk_of(to, false, 50318, 993);
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);

	t.snaplen = 96;
	mktalk_open(&t);
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
}

static void
starts_midstream(struct mkframes *to)
{
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);
	struct mktalk t = mktalk_of(to, false, 50319, 587);

	mktalk_lines(&t, "C:STARTTLS\n"
			 "S:220 2.0.0 Ready to start TLS\n");
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
	t = mktalk_of(to, false, 50320, 993);
	deal = mkdeal_of(TLS_1_1, TLS_1_1);
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
}

/* Both sides acknowledge what neither has sent. */
static void
acks_ahead(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50322, 993);
	struct mktalk ahead = t;
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);

	ahead.next[SERVER] += 5000;
	mktls_say_hello(&ahead, &deal.offer);
	t.now_us = ahead.now_us;
	t.next[CLIENT] = ahead.next[CLIENT] + 5000;
	mktls_say_answer(&t, &deal);
	t.next[CLIENT] -= 5000;
	mktls_say_finished(&t, &deal);
	mktls_say_data(&t, CLIENT, 60);
	mktalk_close(&t, CLIENT);
}

static void
cut_in_last_packet(struct mkframes *to)
{
	mkpcaps_session(to, 50321, 993, TLS_1_0, TLS_1_0);
}

const struct mkpcap mkpcaps_tcp[] = {
	{ "overlap-different-bytes", LINK_ETHERNET, overlap_different_bytes,
	    0 },
	{ "syn-with-data", LINK_ETHERNET, syn_with_data, 0 },
	{ "port-pair-reused", LINK_ETHERNET, port_pair_reused, 0 },
	{ "ports-interleaved", LINK_ETHERNET, ports_interleaved, 0 },
	{ "sequence-wrap", LINK_ETHERNET, sequence_wrap, 0 },
	{ "segments-reordered", LINK_ETHERNET, segments_reordered, 0 },
	{ "segment-lost", LINK_ETHERNET, segment_lost, 0 },
	{ "one-direction-only", LINK_ETHERNET, one_direction, 0 },
	{ "reset-out-of-window", LINK_ETHERNET, reset_out_of_window, 0 },
	{ "duplicated-packets", LINK_ETHERNET, duplicated, 0 },
	{ "nat-both-sides", LINK_ETHERNET, nat_both_sides, 0 },
	{ "snaplen-cut", LINK_ETHERNET, snaplen_cut, 0 },
	{ "starts-midstream", LINK_ETHERNET, starts_midstream, 0 },
	{ "acks-ahead", LINK_ETHERNET, acks_ahead, 0 },
	{ "cut-in-last-packet", LINK_ETHERNET, cut_in_last_packet, 20 },
	{ NULL, 0, NULL, 0 },
};
