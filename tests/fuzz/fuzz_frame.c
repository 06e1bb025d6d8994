/* SPDX-License-Identifier: ISC */
/*
 * The link type in two bytes, then a frame.  What frame_skip calls of no
 * interest must be so for frame_read.
 */
#include "dissect/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check(bool true_here)
{
	if (!true_here)
		__builtin_trap();
}

static void
check_skip(struct bytes frame)
{
	static const uint8_t ports[8192] = { [25 / 8] = 1 << 25 % 8 };
	struct frame_glance seen;
	struct packet p;

	if (!frame_skip(frame, ports, &seen))
		return;
	check(frame_read(1, frame, &p) == FRAME_IP && !p.fragment);
	check(p.protocol == IP_PROTO_TCP || p.protocol == IP_PROTO_UDP);
	check(p.payload.len >= 4);
	check(bytes_u16(&p.payload) == seen.port[0] && seen.port[0] != 25);
	check(bytes_u16(&p.payload) == seen.port[1] && seen.port[1] != 25);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes frame = bytes_of(data, len);
	int link = bytes_u16(&frame);
	enum frame_kind kind;
	struct packet p;

	if (!bytes_ok(frame))
		return 0;
	check_skip(frame);
	kind = frame_read(link, frame, &p);
	check((kind == FRAME_LINK_UNKNOWN) == !frame_link_known(link));
	for (int i = 0; kind == FRAME_IP && p.fragment && i < 4; i++) {
		check(bytes_ok(p.payload) && p.payload.len <= frame.len);
		kind = frame_resume(&p);
	}
	return 0;
}
