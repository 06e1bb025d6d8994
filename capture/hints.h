/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_HINTS_H
#define MAILTLS_CAPTURE_HINTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "capture/interfaces.h"

/*
 * What may be wrong with the place of capture, so that little or nothing can be
 * seen there, each said once and with what to do.
 */

enum {
	HINTS_QUIET_US = 600 * 1000000, /* without a packet of any use */
	HINTS_CLIENTS = 20, /* connections until one client alone is strange */
};

/* An hour without mail; in most homes something looks for mail more often. */
#define HINTS_NO_MAIL_US (INT64_C(3600) * 1000000)

struct hints {
	struct interfaces here;
	int64_t start_us, packet_us; /* monotonic; of the last packet */
	uint64_t connections;
	uint8_t client[16]; /* of the first connection */
	bool ipv6, several; /* there were other clients as well */
	bool said_quiet, said_no_mail, said_translated;
};

/* hints_start looks around, before files can not be opened any more, and says
 * what is known already. */
void hints_start(struct hints *hints, int64_t now_us);

/* hints_packets notes that there were some, hints_connection that there was a
 * connection from `client`. */
void hints_packets(struct hints *hints, int64_t now_us);
void hints_connection(struct hints *hints, const uint8_t client[16], bool ipv6);

/* hints_pass lets time pass. */
void hints_pass(struct hints *hints, int64_t now_us);

/* hints_offloads tells whether `config`, OpenWrt's configuration of the
 * firewall, has packets forwarded by hardware. */
bool hints_offloads(FILE *config);

#endif
