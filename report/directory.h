/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_DIRECTORY_H
#define MAILTLS_REPORT_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "dissect/connection.h"
#include "dissect/sighting.h"
#include "report/hostname.h"

/*
 * The directory remembers who has which address and which name, as heard on
 * the network.  Nothing heard is proven: a device may claim any name, so each
 * keeps one, from the best source, and from equal ones the one heard last; and
 * none counts for an address that another device is known to have.
 */

enum {
	/* Beyond these, or what there is memory for, what was heard of least
	 * recently is forgotten. */
	DIRECTORY_DEVICES = 1024, /* a school's network, or a house of flats */
	/* A device has one IPv4 address and a few of IPv6, some of them new
	 * every day (RFC 8981). */
	DIRECTORY_ADDRESSES = 4096,
	/* Answers of DNS, twice each: for who asked, and for all.  A mail
	 * server is looked up just before it is used, and a home looks up some
	 * thousand others a day. */
	DIRECTORY_SERVERS = 4096,
};

struct directory;

/*
 * directory_new returns an empty one, which takes up `memory` bytes at the most,
 * but at least a 32th of what it takes up with the numbers above.  `seed` should
 * be a number that nobody else knows where strangers can be heard.  It dies when
 * memory is short.
 */
struct directory *directory_new(uint64_t seed, size_t memory);
void directory_free(struct directory *directory);

/* directory_hear takes in a sighting. */
void directory_hear(struct directory *directory, const struct sighting *s);

/* directory_meet takes in what `c` shows of its client: that its MAC has its
 * address, and the name in its EHLO. */
void directory_meet(struct directory *directory, const struct connection *c);

/*
 * directory_owns tells whether the MAC of `client` is its own, not that of a
 * router or repeater before it: whether no more addresses were met behind it
 * lately than one device has (report/census.h), and no public one where it has
 * itself a private one (RFC 1918).
 */
bool directory_owns(const struct directory *directory,
    const struct endpoint *client, bool ipv6);

/* directory_device returns the name of the device at `client` and sets its
 * source, or returns "".  `own_mac`: it goes by its MAC, else by address. */
const char *directory_device(const struct directory *directory,
    const struct endpoint *client, bool ipv6, bool own_mac,
    enum name_source *source);

/* directory_class returns the vendor class that `mac` gave itself by DHCP (RFC
 * 2132 9.13), or "". */
const char *directory_class(
    const struct directory *directory, const uint8_t mac[6]);

/* directory_parameters writes the options that `mac` wanted by DHCP (RFC 2132
 * 9.8), in its order, and returns how many. */
size_t directory_parameters(const struct directory *directory,
    const uint8_t mac[6], uint8_t out[SIGHTING_PARAMETERS_MAX]);

/* directory_server returns the name that the client of `c` last looked up and
 * found to have the server's address, else that anybody did, or "". */
const char *directory_server(
    const struct directory *directory, const struct connection *c);

/* directory_forgotten returns how many devices and addresses had to make
 * room. */
uint64_t directory_forgotten(const struct directory *directory);

#endif
