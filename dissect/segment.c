/* SPDX-License-Identifier: ISC */
/*
 * The TCP header (RFC 9293 3.1).  Options are passed over: nothing that is
 * reported depends on one.  The checksum is not looked at, as offload leaves
 * wrong ones in captures.
 */
#include "dissect/segment.h"

enum {
	TCP_HEADER_LEN = 20,
};

bool
segment_read(struct bytes data, size_t missing, struct segment *out)
{
	size_t header_len;

	out->port[0] = bytes_u16(&data);
	out->port[1] = bytes_u16(&data);
	out->seq = bytes_u32(&data);
	out->ack = bytes_u32(&data);
	header_len = (size_t)(bytes_u8(&data) >> 4) * 4;
	out->flags = bytes_u8(&data);
	bytes_take(&data, 6); /* window, checksum, urgent pointer */
	if (!bytes_ok(data) || header_len < TCP_HEADER_LEN)
		return false;
	bytes_take(&data, header_len - TCP_HEADER_LEN);
	out->payload = data;
	out->missing = missing;
	return bytes_ok(data);
}
