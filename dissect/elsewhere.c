/* SPDX-License-Identifier: ISC */
#include "dissect/elsewhere.h"

#include "dissect/segment.h"
#include "dissect/stranger.h"

/* pair returns a number for two ports, in either order. */
static uint16_t
pair(const uint16_t port[2])
{
	uint32_t sum = (uint32_t)port[0] + port[1];

	return (uint16_t)(sum * 0x9E37u ^ port[0] ^ port[1]);
}

void
elsewhere_add(struct elsewhere *e, const struct flow *flow)
{
	e->flows[pair(flow->port)]++;
}

void
elsewhere_remove(struct elsewhere *e, const struct flow *flow)
{
	e->flows[pair(flow->port)]--;
}

void
elsewhere_reject(struct elsewhere *e, uint32_t hash)
{
	e->rejected[hash % LIMIT_STRANGERS_KNOWN] = hash;
}

bool
elsewhere_rejected(const struct elsewhere *e, uint32_t hash)
{
	return e->rejected[hash % LIMIT_STRANGERS_KNOWN] == hash;
}

bool
elsewhere_wants(const struct elsewhere *e, const struct frame_glance *seen)
{
	struct bytes payload;
	uint8_t flags;

	if (seen->protocol != IP_PROTO_TCP)
		return false;
	if (e->flows[pair(seen->port)] > 0)
		return true;
	payload = segment_glance(seen->rest, &flags);
	return (flags & TCP_SYN) != 0 || stranger_begins(payload);
}
