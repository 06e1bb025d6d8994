/* SPDX-License-Identifier: ISC */
/*
 * Connections that are hard to put together.  What is wrong with one is a row
 * of a table: how a turn is sent, what comes after it, and what is done to the
 * whole.
 */
#include "tests/bench/gen_nasty.h"

#include <string.h>

#include "tests/bench/gen_mail.h"
#include "tests/bench/gen_tls.h"

enum {
	DATA_LEN = 4000,
	ETHERNET_LEN = 14,
	IPV4_LEN = 20,
};

/* A turn, and where it is. */
struct place {
	const struct gen_turn *turn;
	unsigned index, count;
	size_t first_frame;
	uint32_t first_seq;
};

typedef void nasty_turn(struct gen_session *s, const struct place *p);
typedef void nasty_session(struct gen_session *s);

struct nasty {
	const char *name;
	nasty_turn *send; /* NULL: as usual */
	nasty_turn *after;
	nasty_session *before; /* anything is sent */
	nasty_session *opened; /* after the handshake of TCP */
	nasty_session *whole;
	size_t record_max;
	bool ipv6;
};

static void
send_all(struct gen_session *s, const struct place *p)
{
	gen_data(s, p->turn->from, p->turn->bytes.data, p->turn->bytes.len);
}

static void
send_bytewise(struct gen_session *s, const struct place *p)
{
	const struct gen_buffer *b = &p->turn->bytes;
	enum gen_side from = p->turn->from;
	uint32_t usual = s->segment_max[from];
	size_t first = b->len > 700 ? 700 : b->len;

	if (p->turn->matter == GEN_DATA) {
		send_all(s, p);
		return;
	}
	s->segment_max[from] = 1;
	gen_data(s, from, b->data, first);
	s->segment_max[from] = usual;
	if (b->len > first)
		gen_data(s, from, b->data + first, b->len - first);
}

/* Segments of `max` bytes.  Returns false where there is nothing to mix. */
static bool
send_pieces(struct gen_session *s, const struct place *p, uint32_t max)
{
	const struct gen_buffer *b = &p->turn->bytes;

	if (b->len < 2) {
		send_all(s, p);
		return false;
	}
	s->wait_us += s->rtt_us / 2;
	for (size_t at = 0; at < b->len; at += max) {
		size_t left = b->len - at;

		gen_send(s, p->turn->from, ACK | PSH, b->data + at,
		    left < max ? (uint32_t)left : max);
	}
	return true;
}

static void
send_shuffled(struct gen_session *s, const struct place *p, uint32_t max)
{
	size_t end;

	if (!send_pieces(s, p, max))
		return;
	end = s->count;
	for (size_t i = p->first_frame; i < end; i++) {
		uint32_t left = (uint32_t)(end - i);

		gen_frame_swap(s, i, i + gen_below(left > 12 ? 12 : left));
	}
	gen_send(s, !p->turn->from, ACK, NULL, 0);
}

static void
send_reordered(struct gen_session *s, const struct place *p)
{
	send_shuffled(s, p, 400);
}

static void
send_tiny(struct gen_session *s, const struct place *p)
{
	send_shuffled(s, p, 16);
}

static void
send_backwards(struct gen_session *s, const struct place *p)
{
	size_t from = p->first_frame, end;

	if (!send_pieces(s, p, 200))
		return;
	end = s->count;
	for (size_t i = 0; i < (end - from) / 2; i++)
		gen_frame_swap(s, from + i, end - 1 - i);
	gen_send(s, !p->turn->from, ACK, NULL, 0);
}

static void
send_overlapping(struct gen_session *s, const struct place *p)
{
	const struct gen_buffer *b = &p->turn->bytes;
	enum gen_side from = p->turn->from;
	uint32_t at = 0, len = (uint32_t)b->len;

	s->wait_us += s->rtt_us / 2;
	while (at < len) {
		uint32_t part = 1 + gen_below(500), back;
		struct gen_segment g = { .from = from, .flags = ACK | PSH };

		if (part > len - at)
			part = len - at;
		back = gen_below(300);
		if (back > at)
			back = at;
		g.seq = p->first_seq + at - back;
		g.data = b->data + at - back;
		g.len = part + back;
		gen_tcp_add(s, &g);
		at += part;
	}
	s->seq[from] += len;
	gen_send(s, !from, ACK, NULL, 0);
}

/* What was acknowledged already comes again, with other bytes. */
static void
send_and_forge(struct gen_session *s, const struct place *p)
{
	uint8_t forged[64];
	struct gen_segment g = { .from = p->turn->from, .flags = ACK | PSH };

	send_all(s, p);
	gen_flush(s, p->turn->from);
	gen_noise(forged, sizeof(forged));
	g.seq = p->first_seq;
	g.data = forged;
	g.len = sizeof(forged);
	if (g.len > p->turn->bytes.len)
		g.len = (uint32_t)p->turn->bytes.len;
	gen_tcp_add(s, &g);
}

static void
send_twice(struct gen_session *s, const struct place *p)
{
	const struct gen_buffer *b = &p->turn->bytes;
	struct gen_segment g = { .from = p->turn->from, .flags = ACK | PSH };

	send_all(s, p);
	gen_flush(s, p->turn->from);
	if (p->turn->matter == GEN_DATA || b->len > s->segment_max[g.from])
		return;
	g.seq = p->first_seq;
	g.data = b->data;
	g.len = (uint32_t)b->len;
	gen_tcp_add(s, &g);
}

static void
repeat(struct gen_session *s, const struct place *p)
{
	size_t end = s->count;

	for (size_t i = p->first_frame; i < end; i++)
		if (gen_below(3) > 0)
			gen_frame_again(s, i);
}

static void
keep_alive(struct gen_session *s, const struct place *p)
{
	enum gen_side from = p->turn->from;
	struct gen_segment g = { from, s->seq[from] - 1, ACK,
		(const uint8_t *)"", 1 };

	gen_tcp_add(s, &g);
}

/* A reset far outside the window means nothing. */
static void
stray_reset(struct gen_session *s, const struct place *p)
{
	struct gen_segment g = { SERVER, s->seq[SERVER] + 0x20000000u, RST,
		NULL, 0 };

	if (p->index == p->count / 2)
		gen_tcp_add(s, &g);
}

static void
lose(struct gen_session *s, const struct place *p)
{
	if (p->turn->matter == GEN_DATA && s->count - p->first_frame > 2)
		s->frames[p->first_frame + 1].len = 0;
}

static void
tag(struct gen_session *s)
{
	s->vlan = true;
}

static void
wrap_soon(struct gen_session *s)
{
	s->seq[CLIENT] = 0u - gen_below(300) - 1;
	s->seq[SERVER] = 0u - gen_below(2000) - 1;
}

static void
repeat_syns(struct gen_session *s)
{
	gen_frame_again(s, 0);
	gen_frame_again(s, 1);
}

/* The frames of TCP's handshake: all that is there when it is called. */
enum {
	HANDSHAKE_FRAMES = 3,
};

static void
lose_start(struct gen_session *s)
{
	for (size_t i = 0; i < HANDSHAKE_FRAMES; i++)
		s->frames[i].len = 0;
}

/* Adds fragment `index` of the `count`, `step` bytes apart, of a packet. */
static void
add_fragment(struct gen_session *s, const uint8_t *frame, uint32_t len,
    uint32_t step, uint32_t index)
{
	static uint8_t out[GEN_FRAME_MAX];
	const uint32_t head = ETHERNET_LEN + IPV4_LEN;
	uint32_t at = index * step, left = len - head - at;
	uint32_t part = left < step ? left : step;
	uint8_t *ip = out + ETHERNET_LEN;

	memcpy(out, frame, head);
	gen_set16(ip + 2, IPV4_LEN + part);
	gen_set16(ip + 6, at / 8 | (left > step ? 0x2000u : 0u));
	gen_checksum(ip);
	memcpy(out + head, frame + head + at, part);
	gen_frame_add(s, out, head + part);
}

static void
fragment_frame(
    struct gen_session *s, const uint8_t *frame, uint32_t len, bool backwards)
{
	uint32_t body = len - ETHERNET_LEN - IPV4_LEN;
	uint32_t step = (256 + gen_below(472)) & ~7u;
	uint32_t count = (body + step - 1) / step;

	for (uint32_t i = 0; i < count; i++)
		add_fragment(
		    s, frame, len, step, backwards ? count - 1 - i : i);
}

/* Cuts every long packet after TCP's handshake. */
static void
fragment_all(struct gen_session *s, bool backwards)
{
	struct gen_session old = *s;

	memset(&s->bytes, 0, sizeof(s->bytes));
	s->frames = NULL;
	s->count = s->room = 0;
	for (size_t i = 0; i < old.count; i++) {
		const struct gen_frame *f = &old.frames[i];
		const uint8_t *frame = old.bytes.data + f->at;

		s->wait_us = f->wait_us;
		if (i < HANDSHAKE_FRAMES || f->len < ETHERNET_LEN + 400)
			gen_frame_add(s, frame, f->len);
		else
			fragment_frame(s, frame, f->len, backwards);
	}
	gen_session_clear(&old);
}

static void
fragment(struct gen_session *s)
{
	fragment_all(s, false);
}

static void
fragment_backwards(struct gen_session *s)
{
	fragment_all(s, true);
}

static const struct nasty kinds[] = {
	{ .name = "clean" },
	{ .name = "1byte", .send = send_bytewise },
	{ .name = "reorder", .send = send_reordered },
	{ .name = "overlap", .send = send_overlapping },
	{ .name = "dup", .after = repeat },
	{ .name = "ipfrag", .whole = fragment },
	{ .name = "ipfrag-rev", .whole = fragment_backwards },
	{ .name = "nosyn", .whole = lose_start },
	{ .name = "ipv6", .ipv6 = true },
	{ .name = "vlan", .before = tag },
	{ .name = "recsplit", .record_max = 37 },
	{ .name = "seqwrap", .before = wrap_soon },
	{ .name = "keepalive", .after = keep_alive },
	{ .name = "rst-oow", .after = stray_reset },
	{ .name = "lost-app", .after = lose },
	{ .name = "retx-big", .send = send_twice },
	{ .name = "rev-handshake", .send = send_backwards },
	{ .name = "tiny-reorder", .send = send_tiny },
	{ .name = "half-dup-syn", .opened = repeat_syns },
	{ .name = "mid-garbage-overlap", .send = send_and_forge },
};

static void
send_turn(struct gen_session *s, const struct nasty *kind,
    const struct gen_talk *talk, unsigned index)
{
	struct place p = {
		.turn = &talk->turns[index],
		.index = index,
		.count = talk->count,
		.first_frame = s->count,
	};

	p.first_seq = s->seq[p.turn->from];
	(kind->send != NULL ? kind->send : send_all)(s, &p);
	if (kind->after != NULL)
		kind->after(s, &p);
}

static void
maybe(nasty_session *change, struct gen_session *s)
{
	if (change != NULL)
		change(s);
}

void
gen_nasty(struct gen_session *s, uint32_t id, FILE *truth)
{
	static struct gen_talk talk;
	const struct nasty *kind =
	    &kinds[id % (sizeof(kinds) / sizeof(*kinds))];
	struct gen_wish wish = {
		.id = id,
		.ipv6 = kind->ipv6,
		.data_len = DATA_LEN,
		.record_max = kind->record_max,
		.trouble = kind->name,
	};

	if (wish.record_max == 0)
		wish.record_max = RECORD_MAX;
	gen_session_init(s);
	gen_mail_talk(s, &wish, &talk, truth);
	maybe(kind->before, s);
	gen_handshake(s);
	maybe(kind->opened, s);
	for (unsigned i = 0; i < talk.count; i++)
		send_turn(s, kind, &talk, i);
	gen_goodbye(s);
	maybe(kind->whole, s);
}
