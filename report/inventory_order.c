/* SPDX-License-Identifier: ISC */
/* The orders of verdicts, versions and entries. */
#include "report/inventory.h"

#include <string.h>

const enum verdict inventory_order[INVENTORY_VERDICTS - 1] = {
	VERDICT_PLAINTEXT_LOGIN,
	VERDICT_OLD_CLIENT,
	VERDICT_REFUSED_OLD,
	VERDICT_FALLBACK,
	VERDICT_OLD_SERVER,
	VERDICT_FAILED,
	VERDICT_WEAK_CIPHER,
	VERDICT_PLAINTEXT,
	VERDICT_UNDETERMINED,
	VERDICT_MODERN,
};

static const uint16_t version_rows[INVENTORY_VERSIONS] = {
	TLS_NONE,
	SSL_2_0,
	SSL_3_0,
	TLS_1_0,
	TLS_1_1,
	TLS_1_2,
	TLS_1_3,
};

unsigned
inventory_version(uint16_t version)
{
	for (unsigned row = 1; row < INVENTORY_VERSIONS; row++) {
		if (version_rows[row] == version)
			return row;
	}
	return 0;
}

uint16_t
inventory_row_version(unsigned row)
{
	return version_rows[row];
}

unsigned
inventory_rank(enum verdict verdict)
{
	unsigned place = 0;

	while (
	    place < INVENTORY_VERDICTS - 1 && inventory_order[place] != verdict)
		place++;
	return place;
}

enum verdict
inventory_gravest(const uint64_t by_verdict[INVENTORY_VERDICTS])
{
	for (unsigned i = 0; i < INVENTORY_VERDICTS - 1; i++) {
		if (by_verdict[inventory_order[i]] > 0)
			return inventory_order[i];
	}
	return VERDICT_NONE;
}

enum verdict
inventory_worst(const struct entry *entry)
{
	return inventory_gravest(entry->by_verdict);
}

/*
 * Keys.  All orders below are total over the entries of an inventory, so that
 * qsort, which is not stable, always gives the same result.
 */

static int
compare_numbers(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int
compare_servers(const struct entry *a, const struct entry *b)
{
	int by = strcmp(a->server_name, b->server_name);

	/* A server without a name goes by its address. */
	if (by == 0 && a->server_name[0] == '\0')
		by = memcmp(a->server_ip, b->server_ip, sizeof(a->server_ip));
	return by;
}

/* The first of `count` comparisons that tells apart. */
static int
first_difference(const int *by, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (by[i] != 0)
			return by[i];
	}
	return 0;
}

int
inventory_compare_services(const struct entry *a, const struct entry *b)
{
	const int by[] = {
		compare_servers(a, b),
		compare_numbers(a->port, b->port),
		compare_numbers(a->protocol, b->protocol),
		compare_numbers(a->encryption, b->encryption),
	};

	return first_difference(by, sizeof(by) / sizeof(by[0]));
}

int
inventory_compare_offers(const struct entry *a, const struct entry *b)
{
	const int by[] = {
		program_compare(&a->program, &b->program),
		compare_numbers(a->max_version, b->max_version),
		strcmp(a->login_mechanism, b->login_mechanism),
	};

	return first_difference(by, sizeof(by) / sizeof(by[0]));
}

int
inventory_compare_programs(const struct entry *a, const struct entry *b)
{
	const int by[] = {
		inventory_compare_services(a, b),
		inventory_compare_offers(a, b),
		strcmp(a->ja4, b->ja4),
	};

	return first_difference(by, sizeof(by) / sizeof(by[0]));
}

int
inventory_compare_macs(const struct entry *a, const struct entry *b)
{
	int by = compare_numbers(a->client.has_mac, b->client.has_mac);

	if (by != 0)
		return by;
	return memcmp(a->client.mac, b->client.mac, sizeof(a->client.mac));
}

int
inventory_compare_addresses(const struct entry *a, const struct entry *b)
{
	int by = compare_numbers(a->ipv6, b->ipv6);

	if (by != 0)
		return by;
	return memcmp(a->client.ip, b->client.ip, sizeof(a->client.ip));
}
