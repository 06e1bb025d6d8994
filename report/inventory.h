/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_INVENTORY_H
#define MAILTLS_REPORT_INVENTORY_H

#include <stddef.h>

#include "dissect/connection.h"
#include "report/identify.h"

/*
 * What was seen, added up: one entry for each device, server and program
 * offer, with its connections by version and by verdict.  The reports for
 * people and the JSON document are made from it.
 */

enum {
	INVENTORY_ENTRIES_MAX = 8192, /* or less: inventory_limit */
	INVENTORY_ENTRIES_MIN = 64,
	INVENTORY_VERSIONS = 7, /* none, SSL 2.0, SSL 3.0, TLS 1.0 to 1.3 */
	INVENTORY_VERDICTS = VERDICT_UNDETERMINED + 1,
	INVENTORY_REASONS = 8, /* bits of enum incomplete */
};

struct entry {
	/* Who: address, and MAC where it is known; port and bytes are 0. */
	struct endpoint client;
	bool ipv6;
	/* Where. */
	char server_name[CONNECTION_NAME_MAX]; /* see report/identify.h */
	uint8_t server_ip[16];                 /* of the last connection */
	uint16_t port;
	enum mail_protocol protocol;
	enum encryption encryption;
	/* With what: the offer, or the mechanism of a login in the clear. */
	char ja4[37];
	uint16_t max_version;
	char login_mechanism[CONNECTION_WORD_MAX];
	struct program program; /* which that may have been */
	/* What came of it. */
	struct connection last; /* the last of the worst verdict */
	int64_t first_us, last_us;
	uint64_t connections;
	uint64_t by_version[INVENTORY_VERSIONS];
	uint64_t by_verdict[INVENTORY_VERDICTS];
	int64_t verdict_last_us[INVENTORY_VERDICTS];
};

struct inventory {
	struct entry *entries; /* in the order they were first seen */
	size_t count, room, max;
	uint64_t connections, judged;
	uint64_t not_kept; /* connections of entries beyond the bound */
	uint64_t by_version[INVENTORY_VERSIONS];
	uint64_t by_verdict[INVENTORY_VERDICTS];
	/* Undetermined ones with a version: it is below the minimum, but what
	 * was offered was not seen. */
	uint64_t old_undetermined;
	/* Of those not judged, by bit of enum incomplete; one may count in
	 * several or in none. */
	uint64_t by_incomplete[INVENTORY_REASONS];
	/* Connections that showed a server's certificate, a request for one of
	 * the client's, and one of the client's. */
	uint64_t server_certificates, client_requests, client_certificates;
	int64_t first_us, last_us;
	uint32_t *slots; /* hash table of entries, private */
};

void inventory_init(struct inventory *inventory);
void inventory_clear(struct inventory *inventory);

/* inventory_limit lets the entries take up no more than `memory` bytes, but for
 * INVENTORY_ENTRIES_MIN of them. */
void inventory_limit(struct inventory *inventory, size_t memory);

/*
 * inventory_add counts one connection that is over and judged, and was between
 * `who`; one without a verdict counts as undetermined.  The sums over
 * by_version and over by_verdict are each `connections`, in the inventory and in
 * every entry.
 */
void inventory_add(struct inventory *inventory, const struct connection *c,
    const struct identity *who);

/*
 * inventory_key sets what tells the entry of `c`, which was between `who`,
 * apart from others, and zeroes all the rest.  inventory_merge counts the
 * connections of `sum`, which is such an entry filled in, by verdict and
 * version, as inventory_add would have done one by one; by_incomplete,
 * old_undetermined and certificates are left to the caller.
 */
void inventory_key(
    struct entry *key, const struct connection *c, const struct identity *who);
void inventory_merge(struct inventory *inventory, const struct entry *sum);

/* inventory_merge_unknown counts the connections of `sum`, of which nobody knows
 * whose they are, as not kept. */
void inventory_merge_unknown(
    struct inventory *inventory, const struct entry *sum);

/* inventory_find returns the entry that has the key of `entry`, or NULL. */
const struct entry *inventory_find(
    const struct inventory *inventory, const struct entry *entry);

/* inventory_version returns the row of by_version that `version` counts in,
 * and inventory_row_version the version of a row, TLS_NONE for row 0. */
unsigned inventory_version(uint16_t version);
uint16_t inventory_row_version(unsigned row);

/* inventory_order holds the verdicts from the gravest to the best: the order
 * of the reports. */
extern const enum verdict inventory_order[INVENTORY_VERDICTS - 1];

/* inventory_gravest returns the gravest verdict that has a count, or
 * VERDICT_NONE. */
enum verdict inventory_gravest(const uint64_t by_verdict[INVENTORY_VERDICTS]);

/* inventory_worst returns the gravest verdict that `entry` has. */
enum verdict inventory_worst(const struct entry *entry);

/* inventory_rank returns the place of `verdict` in that order, from 0. */
unsigned inventory_rank(enum verdict verdict);

/*
 * inventory_compare_macs, _addresses, _services, _offers and _programs order
 * two entries by a part of what tells them apart, as qsort wants it: the
 * client's MAC; its address; the server, port, protocol and encryption; which
 * program it may be, the highest version that it offers, and its mechanism of a
 * login in the clear; all of these but the client's, and the JA4.
 */
int inventory_compare_macs(const struct entry *a, const struct entry *b);
int inventory_compare_addresses(const struct entry *a, const struct entry *b);
int inventory_compare_services(const struct entry *a, const struct entry *b);
int inventory_compare_offers(const struct entry *a, const struct entry *b);
int inventory_compare_programs(const struct entry *a, const struct entry *b);

#endif
