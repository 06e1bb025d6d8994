/* SPDX-License-Identifier: ISC */
#include "dissect/twin.h"

#include <string.h>

#include "dissect/bytes.h"

void
twins_init(struct twins *twins, struct twin_talk *talks, uint32_t count)
{
	memset(twins, 0, sizeof(*twins));
	memset(talks, 0, count * sizeof(*talks));
	twins->talks = talks;
	twins->talk_count = count;
}

struct twin_talk *
twins_talk(struct twins *twins, const struct md_event *event)
{
	struct twin_talk *talk =
	    &twins->talks[event->place % twins->talk_count];

	if (talk->number != event->number)
		*talk = (struct twin_talk){ .number = event->number };
	return talk;
}

static bool
is_twin(const struct md_hello *known, const struct md_hello *hello)
{
	/* A device that draws the same random again, as broken ones do, has
	 * the same address: those are two connections. */
	return known->random == hello->random &&
	       hello->time_us - known->time_us <= LIMIT_TWIN_US &&
	       known->server_port == hello->server_port &&
	       memcmp(known->client, hello->client, sizeof(known->client)) != 0;
}

/* is_outer tells whether the twin, whose connection is still open, is the outer
 * one of the two, though it came first. */
static bool
is_outer(const struct twins *twins, const struct twin *twin,
    const struct md_hello *hello)
{
	return twins->talks[twin->place].number == twin->number &&
	       !twin_is_private(twin->hello.client, twin->hello.ipv6) &&
	       twin_is_private(hello->client, hello->ipv6);
}

bool
twins_meet(struct twins *twins, const struct md_event *event)
{
	const struct md_hello *hello = event->hello;
	struct twin *twin = &twins->twins[hello->random % LIMIT_TWINS];
	struct twin_talk *talk = twins_talk(twins, event);
	bool known = is_twin(&twin->hello, hello);

	if (known && !is_outer(twins, twin, hello)) {
		talk->dropped = true;
		return true;
	}
	if (known) {
		/* What was said of the one is not said of the other again. */
		talk->said = twins->talks[twin->place].said;
		twins->talks[twin->place].dropped = true;
	}
	*twin = (struct twin){ *hello, event->place % twins->talk_count,
		event->number };
	return known;
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
