/* SPDX-License-Identifier: ISC */
#include "report/crowd.h"

enum {
	IPV4_LEN = 4,
	IPV6_LEN = 16,
	IPV6_NET_LEN = 8,
	IPV4_NET_SHIFT = 8, /* a /24 */
	IPV4_PLACES = CENSUS_IPV4_MAX + 1,
	IPV6_PLACES = CENSUS_PREFIX_MAX + 1,
};

/* How long an address counts for its MAC: a device may get another one, but
 * not several a day. */
#define LATELY_US (24 * 3600 * INT64_C(1000000))

bool
crowd_is_link_local(const uint8_t ip[IPV6_LEN], bool ipv6)
{
	if (ipv6)
		return ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80;
	return ip[0] == 169 && ip[1] == 254;
}

/* Puts `number` in the place that it has, else in the oldest. */
static void
note_place(
    struct crowd_place *places, size_t count, uint64_t number, int64_t now_us)
{
	struct crowd_place *at = &places[0];

	for (size_t i = 0; i < count; i++) {
		if (places[i].number == number) {
			at = &places[i];
			break;
		}
		if (places[i].last_us < at->last_us)
			at = &places[i];
	}
	at->number = number;
	at->last_us = now_us;
}

void
crowd_meet(
    struct crowd *crowd, const uint8_t ip[IPV6_LEN], bool ipv6, int64_t time_us)
{
	uint64_t number = 0;

	if (crowd_is_link_local(ip, ipv6))
		return;
	for (size_t i = 0; i < (ipv6 ? IPV6_NET_LEN : IPV4_LEN); i++)
		number = number << 8 | ip[i];
	if (ipv6)
		note_place(crowd->ipv6, IPV6_PLACES, number, time_us);
	else
		note_place(crowd->ipv4, IPV4_PLACES, number, time_us);
}

/* How many of the places were met within a day of the latest, and in how many
 * networks, which differ before the last `shift` bits: 1, or more than 1. */
static size_t
count_places(const struct crowd_place *places, size_t size, unsigned shift,
    size_t *networks)
{
	int64_t latest_us = 0;
	size_t count = 0;
	uint64_t first = 0;

	for (size_t i = 0; i < size; i++) {
		if (places[i].last_us > latest_us)
			latest_us = places[i].last_us;
	}
	*networks = 0;
	for (size_t i = 0; i < size; i++) {
		if (places[i].last_us == 0 ||
		    latest_us - places[i].last_us > LATELY_US)
			continue;
		if (count++ == 0 || places[i].number >> shift != first)
			++*networks;
		first = places[i].number >> shift;
	}
	return count;
}

bool
crowd_is_one(const struct crowd *crowd)
{
	size_t networks;
	size_t prefixes = count_places(crowd->ipv6, IPV6_PLACES, 0, &networks);
	size_t addresses =
	    count_places(crowd->ipv4, IPV4_PLACES, IPV4_NET_SHIFT, &networks);

	return addresses <= CENSUS_IPV4_MAX && networks <= 1 &&
	       prefixes <= CENSUS_PREFIX_MAX;
}
