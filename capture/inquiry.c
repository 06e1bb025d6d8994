/* SPDX-License-Identifier: ISC */
/*
 * nDPI wants packets, and the dissector has what was said, in order: so each
 * piece goes into a packet of its own, as the sender might have sent it.
 */
#include "capture/inquiry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture/log.h"

enum {
	IPV4_LEN = 20,
	IPV6_LEN = 40,
	TCP_LEN = 20,
	PAYLOAD_MAX = 4096, /* of one piece: a whole ClientHello */
	PACKET_MAX = IPV6_LEN + TCP_LEN + PAYLOAD_MAX,
	TTL = 64,
	FIRST_SEQ = 1,
	PROTOCOL_TCP = 6,
	PSH_ACK = 0x18,
};

/* --- packets --------------------------------------------------------------- */

struct packet {
	size_t len;
	uint8_t data[PACKET_MAX];
};

static void
put(struct packet *p, const void *data, size_t len)
{
	memcpy(p->data + p->len, data, len);
	p->len += len;
}

/* put_number puts the lowest `len` bytes of `value`, the highest first. */
static void
put_number(struct packet *p, uint32_t value, size_t len)
{
	while (len-- > 0)
		p->data[p->len++] = (uint8_t)(value >> 8 * len);
}

/* Checksums stay 0: with offload nobody expects more. */
static void
put_ip(struct packet *p, const struct connection *c, enum side from, size_t len)
{
	const uint8_t *source = c->end[from].ip;
	const uint8_t *destination =
	    c->end[from == CLIENT ? SERVER : CLIENT].ip;
	size_t address = c->ipv6 ? 16 : 4;

	if (c->ipv6) { /* RFC 8200 3 */
		put_number(p, 6u << 28, 4);
		put_number(p, (uint32_t)(TCP_LEN + len), 2);
		put_number(p, PROTOCOL_TCP << 8 | TTL, 2);
	} else { /* RFC 791 3.1 */
		put_number(
		    p, 0x45u << 24 | (uint32_t)(IPV4_LEN + TCP_LEN + len), 4);
		put_number(p, 0x4000, 4); /* no id, do not fragment */
		put_number(p, TTL << 8 | PROTOCOL_TCP, 2);
		put_number(p, 0, 2);
	}
	put(p, source, address);
	put(p, destination, address);
}

static void
put_tcp(struct packet *p, const struct connection *c, enum side from,
    uint32_t seq, uint32_t ack)
{
	put_number(p, c->end[from].port, 2);
	put_number(p, c->end[from == CLIENT ? SERVER : CLIENT].port, 2);
	put_number(p, seq, 4);
	put_number(p, ack, 4);
	put_number(p, TCP_LEN / 4 << 12 | PSH_ACK, 2);
	put_number(p, 0xffff, 2); /* window */
	put_number(p, 0, 4);      /* checksum, urgent pointer */
}

/* show makes a packet of `piece`, and wipes it when nDPI has seen it. */
static void
show(struct inquiry *inquiry, struct asked *asked, const struct connection *c,
    const struct md_piece *piece, struct classify_answer *out)
{
	size_t len =
	    piece->bytes.len < PAYLOAD_MAX ? piece->bytes.len : PAYLOAD_MAX;
	enum side to = piece->from == CLIENT ? SERVER : CLIENT;
	struct packet p;

	p.len = 0;
	put_ip(&p, c, piece->from, len);
	put_tcp(&p, c, piece->from, FIRST_SEQ + (uint32_t)piece->at,
	    FIRST_SEQ + asked->said[to]);
	put(&p, piece->bytes.data, len);
	asked->said[piece->from] = (uint32_t)(piece->at + piece->bytes.len);
	classify_packet(
	    inquiry->classify, asked->flow, p.data, p.len, piece->time_us, out);
	explicit_bzero(&p, sizeof(p));
}

/* --- who is asked about ---------------------------------------------------- */

void
inquiry_init(struct inquiry *inquiry, size_t memory)
{
	memset(inquiry, 0, sizeof(*inquiry));
	inquiry->count = memory / INQUIRY_MEMORY;
	if (inquiry->count < 1)
		inquiry->count = 1;
	if (inquiry->count > INQUIRY_MAX)
		inquiry->count = INQUIRY_MAX;
}

/* is_started starts nDPI where that was not done, and tells whether it runs. */
static bool
is_started(struct inquiry *inquiry)
{
	int error;

	if (inquiry->classify != NULL || inquiry->failed)
		return !inquiry->failed;
	log_debug("starting nDPI");
	error = classify_open(&inquiry->classify);
	inquiry->failed = error != 0;
	if (error != 0 && error != -ENOSYS)
		log_warnx("nDPI can not be used: %s", strerror(-error));
	return error == 0;
}

void
inquiry_start(struct inquiry *inquiry)
{
	is_started(inquiry);
}

static void
end(struct asked *asked)
{
	classify_end(asked->flow);
	*asked = (struct asked){ 0 };
}

static struct asked *
place_of(struct inquiry *inquiry, uint64_t connection)
{
	return &inquiry->asked[connection % inquiry->count];
}

bool
inquiry_ask(
    struct inquiry *inquiry, struct connection *c, const struct md_piece *piece)
{
	struct asked *asked = place_of(inquiry, piece->connection);
	struct classify_answer answer;

	if (!is_started(inquiry))
		return false;
	if (asked->connection > piece->connection)
		return false; /* a later one has taken its place */
	if (asked->connection != piece->connection) {
		end(asked);
		asked->flow = classify_begin();
		asked->connection = piece->connection;
	}
	if (asked->flow == NULL)
		return false;
	show(inquiry, asked, c, piece, &answer);
	if (!answer.final && !piece->last)
		return true;
	c->by_hint = answer.opinion;
	memcpy(c->service, answer.service, sizeof(c->service));
	end(asked);
	return false;
}

void
inquiry_drop(struct inquiry *inquiry, uint64_t connection)
{
	struct asked *asked = place_of(inquiry, connection);

	if (asked->connection == connection)
		end(asked);
}

void
inquiry_clear(struct inquiry *inquiry)
{
	for (size_t i = 0; i < inquiry->count; i++)
		end(&inquiry->asked[i]);
	classify_close(inquiry->classify);
	inquiry->classify = NULL;
}
