/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_CROWD_H
#define MAILTLS_REPORT_CROWD_H

#include "report/census.h"

/*
 * struct crowd holds the latest addresses that were met behind one MAC, as many
 * as tell whether it is one device's or a router's.  Zeroed is ready.
 */
struct crowd {
	/* An IPv4 address, or an IPv6 network; never met if last_us is 0. */
	struct crowd_place {
		uint64_t number;
		int64_t last_us;
	} ipv4[CENSUS_IPV4_MAX + 1], ipv6[CENSUS_PREFIX_MAX + 1];
};

/* crowd_meet takes in an address met at `time_us`. */
void crowd_meet(
    struct crowd *crowd, const uint8_t ip[16], bool ipv6, int64_t time_us);

/* crowd_is_one tells whether they can be one device's, by the bounds of
 * report/census.h, of which only those within a day of the latest count. */
bool crowd_is_one(const struct crowd *crowd);

/* crowd_is_link_local tells whether an address is one that every device may
 * have beside its own (RFC 3927, RFC 4291 2.5.6); these never count. */
bool crowd_is_link_local(const uint8_t ip[16], bool ipv6);

#endif
