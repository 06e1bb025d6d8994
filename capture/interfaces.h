/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_INTERFACES_H
#define MAILTLS_CAPTURE_INTERFACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Which network interfaces there are, and which of them to listen on. */

enum {
	INTERFACES_MAX = 64,
	INTERFACE_NAME_MAX = 16, /* IFNAMSIZ */
};

/* struct interface is what there is to know of one. */
struct interface {
	char name[INTERFACE_NAME_MAX];
	char master[INTERFACE_NAME_MAX]; /* the bridge it is a part of, or "" */
	uint8_t ip[4];                   /* its first IPv4 address, or zeros */
	bool up, loopback, bridge, wireless;
	bool way_out; /* a default route leads there */
};

struct interfaces {
	struct interface rows[INTERFACES_MAX];
	size_t count;
	bool forwards; /* this machine is a router, for others */
};

/* interfaces_read finds out what there is; 0 or -errno. */
int interfaces_read(struct interfaces *out);

/* interfaces_advice returns in words what passes at `one` of them, and sets
 * `*listen` if one is to listen there. */
const char *interfaces_advice(
    const struct interfaces *all, const struct interface *one, bool *listen);

/* interfaces_print writes a line for each, the best ones marked. */
void interfaces_print(const struct interfaces *all, FILE *out);

#endif
