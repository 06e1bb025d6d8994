/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_ANYPORT_H
#define MAILTLS_ANYPORT_H

#include "dissect/maildissect.h"
#include "report/device.h"
#include "report/familiar.h"

/*
 * --any-port: what is known of servers and programs, for connections on ports
 * that mail is not known for.  The dissector finds them and looks at what they
 * say; here are the opinions that it can not have by itself.
 */
struct anyport {
	bool on;
	const struct device_sources *known; /* providers, DNS */
	struct familiar familiar;
};

/* anyport_hello judges the server that `c` asks for, by its name and by what is
 * known of it. */
void anyport_hello(const struct anyport *anyport, struct connection *c);

/* anyport_certificate judges those in the server's certificate, the first of
 * `list`, unless more is known. */
void anyport_certificate(
    const struct anyport *anyport, struct connection *c, struct bytes list);

/* anyport_meet learns from `c`, which is mail, what helps to know others by, and
 * completes what is known of it by others. */
void anyport_meet(struct anyport *anyport, struct connection *c);

/*
 * anyport_keeps tells whether `c`, which is over, is mail, perhaps by others
 * that came after it, and does what anyport_meet does.
 */
bool anyport_keeps(struct anyport *anyport, struct connection *c);

#endif
