/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_SEGMENT_H
#define MAILTLS_DISSECT_SEGMENT_H

#include "dissect/bytes.h"

enum {
	TCP_FIN = 1, /* RFC 9293 3.1 */
	TCP_SYN = 2,
	TCP_RST = 4,
	TCP_ACK = 16,
};

/* struct segment is one TCP segment (RFC 9293 3.1); it borrows its payload. */
struct segment {
	uint16_t port[2]; /* source, destination */
	uint32_t seq, ack;
	uint8_t flags;
	struct bytes payload;
	size_t missing; /* bytes after the payload that the capture cut off */
};

/* segment_read reads the TCP segment `data`, of which the capture cut off
 * `missing` bytes, and returns whether its header is whole and sound. */
bool segment_read(struct bytes data, size_t missing, struct segment *out);

/* segment_glance returns the payload of a TCP segment, given what is behind its
 * ports, and its flags; a spoiled run if the header is not whole. */
static inline struct bytes
segment_glance(struct bytes rest, uint8_t *flags)
{
	enum {
		HEADER_LEN = 20, /* without options */
		READ = 14
	};
	uint16_t offset_flags;

	bytes_take(&rest, 8); /* sequence and acknowledgement numbers */
	offset_flags = bytes_u16(&rest);
	*flags = (uint8_t)offset_flags;
	bytes_take(&rest, 4u * (offset_flags >> 12) - READ);
	return rest;
}

/* sequence_before tells whether sequence number `a` is before `b`, modulo
 * 2^32 (RFC 9293 3.4). */
static inline bool
sequence_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

#endif
