/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_SIGHTING_H
#define MAILTLS_DISSECT_SIGHTING_H

#include <stdbool.h>
#include <stdint.h>

enum {
	SIGHTING_NAME_MAX = 256,
	SIGHTING_CLASS_MAX = 64,
	SIGHTING_PARAMETERS_MAX = 32,
};

/* Where it was heard. */
enum sighting_source {
	SIGHTING_ARP,     /* RFC 826: mac has ip */
	SIGHTING_ND,      /* RFC 4861: mac has ip */
	SIGHTING_DHCP,    /* RFC 2132: mac has ip, name, vendor class */
	SIGHTING_DHCPV6,  /* RFC 8415, RFC 4704: mac has name */
	SIGHTING_MDNS,    /* RFC 6762: ip has name */
	SIGHTING_LLMNR,   /* RFC 4795: ip has name */
	SIGHTING_NETBIOS, /* RFC 1002: ip has name */
	SIGHTING_DNS,     /* RFC 1035: ip has been looked up as name */
};

/*
 * struct sighting is one thing heard about who has which address and name.
 * No pointers; zeroed parts were not heard.  Names are as sent, up to a NUL,
 * and whoever prints one escapes it.
 */
struct sighting {
	int64_t time_us;
	enum sighting_source source;
	bool has_mac, has_ip, ipv6;
	uint8_t mac[6];
	uint8_t ip[16]; /* network order; an IPv4 address is the first four */
	/* Who asked, of SIGHTING_DNS: whom the answer went to. */
	bool asker_has_mac, asker_ipv6;
	uint8_t asker_mac[6];
	uint8_t asker_ip[16];
	char name[SIGHTING_NAME_MAX];
	char vendor_class[SIGHTING_CLASS_MAX];       /* DHCP option 60 */
	uint8_t parameters[SIGHTING_PARAMETERS_MAX]; /* DHCP option 55 */
	uint8_t parameter_count;
};

/* A sighting_hook hears of one; `s` is borrowed for the call. */
typedef void sighting_hook(void *arg, const struct sighting *s);

#endif
