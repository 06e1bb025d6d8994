/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_DEVICE_H
#define MAILTLS_REPORT_DEVICE_H

#include "report/directory.h"
#include "report/iptext.h"
#include "report/leases.h"
#include "report/oui.h"
#include "report/provider.h"
#include "report/remembered.h"

struct programs;

/* struct device_sources is where the names of both ends come from; each may be
 * NULL. */
struct device_sources {
	const struct leases *aliases, *leases;
	const struct directory *directory;
	struct oui *oui;
	const struct providers *providers;   /* of servers */
	struct programs *programs;           /* of clients */
	const struct remembered *remembered; /* of clients, by a store */
};

/* struct device_name is what a device is called.  Strings that are not known
 * are ""; `name` is hostile, and whoever prints it escapes it. */
struct device_name {
	char id[IPTEXT_MAX]; /* its MAC, 00-00-5E-00-53-23, or address */
	char name[HOSTNAME_MAX];
	enum name_source source;
	char vendor[OUI_VENDOR_MAX];
	char vendor_class[SIGHTING_CLASS_MAX]; /* hostile; see RFC 2132 9.13 */
	uint8_t parameters[SIGHTING_PARAMETERS_MAX]; /* RFC 2132 9.8 */
	uint8_t parameter_count;
	bool own_mac;        /* `id` is a MAC */
	bool randomized_mac; /* it is not the maker's */
};

/*
 * device_name names the device at `client`.  `own_mac` tells whether the MAC
 * there is its own, as directory_owns does; if not, only the address counts.
 * `from` may be NULL.
 */
struct device_name device_name(const struct device_sources *from,
    const struct endpoint *client, bool ipv6, bool own_mac);

/* device_owns is directory_owns; where there is no directory, whether `client`
 * has a MAC and did not go by its address once. */
bool device_owns(const struct device_sources *from,
    const struct endpoint *client, bool ipv6);

#endif
