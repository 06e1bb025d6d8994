/* SPDX-License-Identifier: ISC */
#include "dissect/twin.h"

#include <string.h>

#include "dissect/bytes.h"

uint32_t
twin_find(const struct twins *twins, const struct twin *seen)
{
	const struct twin *twin = &twins->twins[seen->random % LIMIT_TWINS];

	/* A device that draws the same random again, as broken ones do, has
	 * the same address: those are two connections. */
	if (twin->random != seen->random ||
	    seen->time_us - twin->time_us > LIMIT_TWIN_US ||
	    twin->server_port != seen->server_port ||
	    memcmp(twin->client, seen->client, sizeof(twin->client)) == 0)
		return 0;
	return twin->flow;
}

void
twin_note(struct twins *twins, const struct twin *seen)
{
	twins->twins[seen->random % LIMIT_TWINS] = *seen;
}

static const struct {
	bool ipv6;
	uint32_t prefix, mask; /* of the first four bytes */
} private_nets[] = {
	{ false, 0x0a000000, 0xff000000 }, /* 10/8, RFC 1918 */
	{ false, 0xac100000, 0xfff00000 }, /* 172.16/12 */
	{ false, 0xc0a80000, 0xffff0000 }, /* 192.168/16 */
	{ false, 0x64400000, 0xffc00000 }, /* 100.64/10, RFC 6598 */
	{ false, 0xa9fe0000, 0xffff0000 }, /* 169.254/16, RFC 3927 */
	{ true, 0xfc000000, 0xfe000000 },  /* fc00::/7, RFC 4193 */
	{ true, 0xfe800000, 0xffc00000 },  /* fe80::/10, RFC 4291 */
};

bool
twin_is_private(const uint8_t ip[16], bool ipv6)
{
	struct bytes b = bytes_of(ip, 4);
	uint32_t start = bytes_u32(&b);

	for (size_t i = 0; i < sizeof(private_nets) / sizeof(*private_nets);
	     i++)
		if (private_nets[i].ipv6 == ipv6 &&
		    (start & private_nets[i].mask) == private_nets[i].prefix)
			return true;
	return false;
}
