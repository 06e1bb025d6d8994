/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_LEASE_FILE_H
#define MAILTLS_REPORT_LEASE_FILE_H

#include <stdint.h>

#include "report/hostname.h"

/* struct lease is one line of who has which name: a MAC, an address or both,
 * and the name. */
struct lease {
	bool has_mac, has_ip, ipv6;
	uint8_t mac[6];
	uint8_t ip[16]; /* network order; an IPv4 address is the first four */
	char name[HOSTNAME_MAX];
};

enum {
	LEASE_COLUMNS = 5,
};

/*
 * struct lease_reader takes the lines of a DHCP server's lease file, of which
 * it finds out whose it is: dnsmasq's, odhcpd's, that of ISC's dhcpd or of Kea.
 * Set `add` and `arg`, zero the others.
 */
struct lease_reader {
	/* Gets every lease that has a name, in the order of the file, of which
	 * a later one replaces an earlier one. */
	void (*add)(void *arg, const struct lease *lease);
	void *arg;
	size_t bad; /* lines that made no sense */
	/* Private. */
	const struct lease_format *format;
	bool in_block, released;
	struct lease block;
	char host[HOSTNAME_MAX]; /* of the block */
	int columns[LEASE_COLUMNS];
};

/* lease_reader_line takes the next line, which it writes into. */
void lease_reader_line(struct lease_reader *reader, char *line);

/* lease_reader_between tells whether the file may end here: not inside of a
 * lease. */
bool lease_reader_between(const struct lease_reader *reader);

/* lease_set_mac and lease_set_ip set a part of `lease` from text: a MAC with
 * colons, hyphens or nothing between its bytes; an IPv4 or IPv6 address, which
 * a slash and the length of a prefix may follow. */
bool lease_set_mac(struct lease *lease, const char *text);
bool lease_set_ip(struct lease *lease, const char *text);

#endif
