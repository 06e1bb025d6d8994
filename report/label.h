/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_LABEL_H
#define MAILTLS_REPORT_LABEL_H

#include "report/census.h"
#include "report/terminal.h"

enum {
	LABEL_PARTS = 3, /* vendor, addresses, MAC */
};

/* struct label is what a report calls a device, escaped as for a terminal. */
struct label {
	char name[TERMINAL_ESCAPED_MAX]; /* its name, else its address */
	char parts[LABEL_PARTS][TERMINAL_ESCAPED_MAX]; /* what else is known */
	size_t part_count;
};

/*
 * label_of returns the label of `device`, in ASCII unless `utf8`: "printer"
 * with "Brother" and "192.168.1.40", or "192.168.1.40" with "Brother" and
 * "00-00-5E-00-53-28".
 */
struct label label_of(const struct device *device, bool utf8);

/* label_shows_mac tells whether the MAC of `device` is a part: where it has no
 * name, or the MAC is a router's. */
bool label_shows_mac(const struct device *device);

#endif
