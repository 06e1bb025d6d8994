/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_TWIN_H
#define MAILTLS_DISSECT_TWIN_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/limits.h"

/*
 * The ClientHello randoms of late, to know the same connection when it is
 * captured on both sides of a NAT: a random is never used twice.
 */
struct twins {
	struct twin {
		uint64_t random; /* digest, 0: free */
		int64_t time_us;
		uint32_t flow; /* index + 1 */
		uint8_t client[16];
		uint16_t server_port;
	} twins[LIMIT_TWINS];
};

/*
 * twin_find returns the flow (index + 1) of another client address, if a
 * ClientHello with this `random` to `server_port` was heard from one within
 * LIMIT_TWIN_US, or 0.  The flow may have gone since.
 */
uint32_t twin_find(const struct twins *twins, const struct twin *seen);

/* twin_note remembers `seen`, perhaps in place of an older one. */
void twin_note(struct twins *twins, const struct twin *seen);

/* twin_is_private tells whether an address is one of those that are used
 * behind a NAT (RFC 1918, 6598 are IPv4, 4193 and link-local are IPv6). */
bool twin_is_private(const uint8_t ip[16], bool ipv6);

#endif
