/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_BENCH_GEN_SESSION_H
#define MAILTLS_TESTS_BENCH_GEN_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/bench/gen_bytes.h"

enum gen_side {
	CLIENT,
	SERVER,
};

enum gen_flags {
	FIN = 1,
	SYN = 2,
	RST = 4,
	PSH = 8,
	ACK = 16,
};

enum {
	GEN_TCP = 6,
	GEN_UDP = 17,
	GEN_FRAME_MAX = 70000,
};

/* One frame of a session, `wait_us` after the one before it.  One without a
 * length was sent but is not in the capture. */
struct gen_frame {
	size_t at; /* in the session's bytes */
	uint32_t len;
	uint64_t wait_us;
};

/*
 * struct gen_session is one flow in the making: its frames so far, and what
 * its two ends would send next.  Zeroed, it has no addresses; gen_session_init
 * draws all that is left to chance.
 */
struct gen_session {
	struct gen_buffer bytes;
	struct gen_frame *frames;
	size_t count, room;
	size_t next;      /* frame to be written */
	uint64_t time_us; /* when */
	uint64_t wait_us; /* before the frame that comes next */
	bool ipv6, vlan;
	uint8_t ip[2][16];
	uint16_t port[2];
	uint32_t seq[2];
	uint16_t ip_id[2];
	uint32_t clock; /* of the TCP timestamps */
	unsigned unacked[2];
	uint32_t segment_max[2];
	uint32_t rtt_us;
	/* A bulk flow goes on with `left` packets, made when they are due. */
	bool bulk, udp;
	uint64_t left;
	unsigned since_ack;
};

void gen_session_init(struct gen_session *s);
void gen_session_clear(struct gen_session *s);

/* gen_frame_add appends a copy of `frame`. */
void gen_frame_add(struct gen_session *s, const uint8_t *frame, uint32_t len);
/* gen_frame_again appends a copy of frame `index`. */
void gen_frame_again(struct gen_session *s, size_t index);
/* gen_frame_swap exchanges two frames but leaves the times where they are. */
void gen_frame_swap(struct gen_session *s, size_t a, size_t b);

/* gen_ip writes a frame around `body` to `out` and returns its length. */
uint32_t gen_ip(struct gen_session *s, enum gen_side from, unsigned protocol,
    const uint8_t *body, uint32_t len, uint8_t *out);
/* gen_checksum fills in the checksum of an IPv4 header without options. */
void gen_checksum(uint8_t *header);

/* A piece of a side's stream, or of what pretends to be. */
struct gen_segment {
	enum gen_side from;
	uint32_t seq;
	unsigned flags;
	const uint8_t *data;
	uint32_t len;
};
/* gen_tcp writes a frame with `segment` to `out` and returns its length;
 * gen_tcp_add appends it to the session. */
uint32_t gen_tcp(
    struct gen_session *s, const struct gen_segment *segment, uint8_t *out);
void gen_tcp_add(struct gen_session *s, const struct gen_segment *segment);

/* gen_send sends one segment of what is next; gen_data as many as it takes,
 * with the other side's acknowledgement of every second, and gen_flush the
 * acknowledgement that is still due. */
void gen_send(struct gen_session *s, enum gen_side from, unsigned flags,
    const uint8_t *data, uint32_t len);
void gen_data(
    struct gen_session *s, enum gen_side from, const uint8_t *data, size_t len);
void gen_flush(struct gen_session *s, enum gen_side from);
/* gen_handshake and gen_goodbye are the beginning and the end of TCP. */
void gen_handshake(struct gen_session *s);
void gen_goodbye(struct gen_session *s);

#endif
