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
	struct bytes head = bytes_take(&data, TCP_HEADER_LEN);
	size_t header_len;

	if (!bytes_ok(head))
		return false;
	out->port[0] = bytes_u16(&head);
	out->port[1] = bytes_u16(&head);
	out->seq = bytes_u32(&head);
	out->ack = bytes_u32(&head);
	header_len = (size_t)(bytes_u8(&head) >> 4) * 4;
	out->flags =
	    bytes_u8(&head); /* then window, checksum, urgent pointer */
	if (header_len < TCP_HEADER_LEN)
		return false;
	bytes_take(&data, header_len - TCP_HEADER_LEN);
	out->payload = data;
	out->missing = missing;
	return bytes_ok(data);
}
