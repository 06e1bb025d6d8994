/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_FACTS_H
#define MAILTLS_REPORT_FACTS_H

#include "report/identify.h"

enum {
	FACTS_KEY_MAX = 8192, /* names of 255 bytes, escaped, and 32 programs */
	/* Bits of `certificates`. */
	FACTS_SERVER_CERTIFICATE = 1 << 0,
	FACTS_CLIENT_REQUESTED = 1 << 1,
	FACTS_CLIENT_SENT = 1 << 2,
};

/* struct facts is what a store counts a connection by. */
struct facts {
	int64_t id; /* the same for the same connection, from any capture */
	int32_t day;
	int64_t first_us, last_us;
	const char *version; /* as in a record, or "" */
	enum verdict verdict;
	uint8_t incomplete; /* as in struct connection */
	uint8_t certificates;
	uint8_t server_ip[16];
	size_t server_ip_len;
	char client[IPTEXT_MAX]; /* its MAC if it has one, else its address */
	/* What tells the entries of an inventory apart, a JSON array: MAC or
	 * "", address, server, port, protocol, encryption, highest version
	 * offered, JA4, login mechanism, the program if it is not of the table,
	 * and those of it that it may be. */
	char key[FACTS_KEY_MAX];
};

/* facts_of returns those of `c`, which was between `who`. */
void facts_of(
    const struct connection *c, const struct identity *who, struct facts *out);

#endif
