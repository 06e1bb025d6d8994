/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_IPTEXT_H
#define MAILTLS_REPORT_IPTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	IPTEXT_MAX = 46, /* the longest IPv6 address and NUL */
};

/*
 * iptext_write writes an address as text, IPv6 as RFC 5952 has it, and
 * returns the length.  `ip` is in network order; an IPv4 address is its first
 * four bytes.
 */
size_t iptext_write(const uint8_t ip[16], bool ipv6, char out[IPTEXT_MAX]);

#endif
