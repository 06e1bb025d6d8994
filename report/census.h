/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_CENSUS_H
#define MAILTLS_REPORT_CENSUS_H

#include "report/inventory.h"

enum {
	/*
	 * A MAC in front of more addresses than these is not one device but a
	 * router or repeater with others behind it.  A device may change its
	 * IPv4 address now and then, and its IPv6 prefix daily.
	 */
	CENSUS_IPV4_MAX = 3,   /* addresses, all of one /24 */
	CENSUS_PREFIX_MAX = 8, /* IPv6 /64 networks */
};

/*
 * struct device is what reports call a device: all entries of one MAC, or of
 * one address where there is no MAC or where the MAC is a router's.
 */
struct device {
	const struct entry **entries; /* by server, port, offer, address */
	size_t count;
	const struct entry *shown; /* whose address stands for the device */
	struct device_name name;   /* the best of all its addresses */
	size_t addresses;
	bool by_mac;
	bool behind_router; /* it has a MAC, but that is not its own */
	enum verdict worst;
	uint64_t connections;
	uint64_t by_verdict[INVENTORY_VERDICTS];
};

/*
 * struct census is an inventory grouped by device.  It borrows the inventory's
 * entries; adding to the inventory ends it.
 */
struct census {
	struct device *devices; /* the one with the gravest verdict first */
	size_t count;
	const struct entry **entries; /* all of them, private */
};

/* census_take groups the entries of `inventory` and names the devices `from`
 * what is known by now; NULL: nothing is.  The caller clears `out`. */
void census_take(const struct inventory *inventory,
    const struct device_sources *from, struct census *out);
void census_clear(struct census *census);

#endif
