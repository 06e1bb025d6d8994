/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_MKTALK_H
#define MAILTLS_TESTS_MKTALK_H

#include <stdbool.h>

#include "dissect/connection.h"
#include "tests/mkframes.h"

/*
 * One TCP connection in the making.  What is said goes out as segments, the
 * segments as IP packets, those as frames, one after the other in time; `emit`
 * and `wrap` can be replaced to go other ways.
 */

enum {
	TCP_FIN = 1,
	TCP_SYN = 2,
	TCP_RST = 4,
	TCP_PSH = 8,
	TCP_ACK = 16,
};

struct mkhost {
	uint8_t mac[6];
	uint8_t ip[16];
	uint16_t port;
};

struct mktalk;

/* mkemit sends the TCP segment `tcp` on its way. */
typedef void mkemit(struct mktalk *t, enum side from, struct mkbytes *tcp);

/* mkwrap writes `ip`, an IP packet, with its link layer into `frame`. */
typedef void mkwrap(const struct mktalk *t, enum side from,
    const struct mkbytes *ip, struct mkbytes *frame);

struct mktalk {
	struct mkframes *to;
	mkemit *emit;
	mkwrap *wrap;
	bool ipv6;
	bool unheard[2]; /* frames from this side are not captured */
	struct mkhost host[2];
	uint32_t next[2]; /* sequence number of the next byte, by side */
	int64_t now_us;   /* of the next frame */
	int64_t step_us;  /* from frame to frame */
	size_t mss, snaplen;
	unsigned ttl, ip_id;
	uint64_t salt; /* goes into all that is random in its handshake */
};

/*
 * mktalk_of returns a connection from 192.0.2.10, or 2001:db8::10, port
 * `client_port`, to 198.51.100.25, or 2001:db8:25::25, port `port`.
 */
struct mktalk mktalk_of(
    struct mkframes *to, bool ipv6, uint16_t client_port, uint16_t port);

/* mktalk_segment makes one segment with the given flags, sequence number and
 * data, and acknowledges all that the other side has said. */
void mktalk_segment(struct mktalk *t, enum side from, unsigned flags,
    uint32_t seq, const void *data, size_t len);

void mktalk_open(struct mktalk *t); /* SYN, SYN-ACK, ACK */
void mktalk_say(struct mktalk *t, enum side from, const void *data, size_t len);
void mktalk_bytes(struct mktalk *t, enum side from, const struct mkbytes *b);

/*
 * mktalk_lines says `script`, lines that each start with `C` or `S` and a
 * colon and end in a newline, which goes out as CRLF, each in its own segment;
 * with `+` for the colon, together with the next line of the same side.
 */
void mktalk_lines(struct mktalk *t, const char *script);

/* mktalk_skip lets `len` bytes of `from` pass uncaptured. */
void mktalk_skip(struct mktalk *t, enum side from, size_t len);

void mktalk_close(struct mktalk *t, enum side first); /* FIN both ways */
void mktalk_reset(struct mktalk *t, enum side from);

/* The usual emit, and its half: `tcp` into an IP packet. */
void mkemit_plain(struct mktalk *t, enum side from, struct mkbytes *tcp);
void mktalk_ip(struct mktalk *t, enum side from, unsigned protocol,
    const struct mkbytes *payload, unsigned flags_offset, struct mkbytes *ip);
/* mktalk_frame wraps and records an IP packet. */
void mktalk_frame(struct mktalk *t, enum side from, const struct mkbytes *ip);

/* The usual wrap. */
void mkwrap_ethernet(const struct mktalk *t, enum side from,
    const struct mkbytes *ip, struct mkbytes *frame);
/* mkwrap_macs writes destination and source of an Ethernet header. */
void mkwrap_macs(const struct mktalk *t, enum side from, struct mkbytes *frame);
unsigned mktalk_ethertype(const struct mktalk *t);

#endif
