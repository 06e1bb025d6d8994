/* SPDX-License-Identifier: ISC */
/*
 * The inventory: a hash table of entries in the order they came.  They are
 * kept by address as well as by MAC: whether a MAC is a device's own or a
 * router's shows only in the end, see report/census.c.
 */
#include "report/inventory.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

enum {
	SLOTS = 2 * INVENTORY_ENTRIES_MAX, /* half full at the most */
	/* Names chosen to collide must not make every look-up long. */
	PROBES_MAX = 64,
	ROOM_MIN = 64,
	IPV4_LEN = 4,
	IPV6_LEN = 16,
};

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

static void *
xrealloc(void *old, size_t count, size_t size)
{
	void *new =
	    count <= SIZE_MAX / size ? realloc(old, count * size) : NULL;

	if (new == NULL)
		err(EXIT_FAILURE, NULL);
	return new;
}

void
inventory_init(struct inventory *inventory)
{
	memset(inventory, 0, sizeof(*inventory));
	inventory->slots = xrealloc(NULL, SLOTS, sizeof(*inventory->slots));
	memset(inventory->slots, 0, SLOTS * sizeof(*inventory->slots));
}

void
inventory_clear(struct inventory *inventory)
{
	free(inventory->entries);
	free(inventory->slots);
	memset(inventory, 0, sizeof(*inventory));
}

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

static bool
same_key(const struct entry *a, const struct entry *b)
{
	return inventory_compare_macs(a, b) == 0 &&
	       inventory_compare_addresses(a, b) == 0 &&
	       inventory_compare_programs(a, b) == 0;
}

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint32_t
hash_bytes(uint32_t hash, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * 16777619u;
	return hash;
}

/* All but protocol and encryption, which have few values. */
static uint32_t
hash_key(const struct entry *key)
{
	uint32_t hash = 2166136261u;

	hash = hash_bytes(hash, key->client.mac, sizeof(key->client.mac));
	hash = hash_bytes(hash, key->client.ip, sizeof(key->client.ip));
	hash = hash_bytes(hash, key->server_name, strlen(key->server_name));
	if (key->server_name[0] == '\0')
		hash = hash_bytes(hash, key->server_ip, sizeof(key->server_ip));
	hash = hash_bytes(hash, &key->port, sizeof(key->port));
	hash = hash_bytes(hash, &key->max_version, sizeof(key->max_version));
	hash = hash_bytes(
	    hash, key->login_mechanism, strlen(key->login_mechanism));
	return hash_bytes(hash, key->ja4, strlen(key->ja4));
}

/* The loopback interface has a MAC of zeros, which is nobody's. */
static bool
is_zero(const uint8_t mac[6])
{
	static const uint8_t none[6];

	return memcmp(mac, none, sizeof(none)) == 0;
}

static void
set_client(struct entry *key, const struct connection *c)
{
	const struct endpoint *client = &c->end[CLIENT];

	key->ipv6 = c->ipv6;
	memcpy(key->client.ip, client->ip, c->ipv6 ? IPV6_LEN : IPV4_LEN);
	if (!client->has_mac || is_zero(client->mac))
		return;
	key->client.has_mac = true;
	memcpy(key->client.mac, client->mac, sizeof(key->client.mac));
}

static void
set_key(
    struct entry *key, const struct connection *c, const struct identity *who)
{
	const struct endpoint *server = &c->end[SERVER];

	memset(key, 0, sizeof(*key));
	set_client(key, c);
	memcpy(key->server_name, who->server_name, sizeof(key->server_name));
	memcpy(key->server_ip, server->ip, c->ipv6 ? IPV6_LEN : IPV4_LEN);
	key->port = server->port;
	key->protocol = c->protocol;
	key->encryption = c->encryption;
	memcpy(key->ja4, c->ja4, sizeof(key->ja4));
	key->max_version = c->offer.max_version;
	key->program = who->program;
	if (c->login)
		memcpy(key->login_mechanism, c->login_mechanism,
		    sizeof(key->login_mechanism));
}

static struct entry *
append(struct inventory *inventory, const struct entry *key)
{
	if (inventory->count == INVENTORY_ENTRIES_MAX)
		return NULL;
	if (inventory->count == inventory->room) {
		size_t room = inventory->room;

		room = room > 0 ? 2 * room : ROOM_MIN;
		inventory->entries = xrealloc(
		    inventory->entries, room, sizeof(*inventory->entries));
		inventory->room = room;
	}
	inventory->entries[inventory->count] = *key;
	return &inventory->entries[inventory->count++];
}

/* The entry of `key`, a new one if need be, or NULL when there is no room. */
static struct entry *
find(struct inventory *inventory, const struct entry *key)
{
	uint32_t at = hash_key(key);

	for (unsigned probe = 0; probe < PROBES_MAX; probe++) {
		uint32_t *slot = &inventory->slots[(at + probe) % SLOTS];
		struct entry *entry;

		if (*slot == 0) {
			entry = append(inventory, key);
			if (entry != NULL)
				*slot = (uint32_t)inventory->count;
			return entry;
		}
		entry = &inventory->entries[*slot - 1];
		if (same_key(entry, key))
			return entry;
	}
	return NULL;
}

static enum verdict
verdict_of(const struct connection *c)
{
	bool known =
	    c->verdict > VERDICT_NONE && c->verdict < VERDICT_UNDETERMINED;

	return known ? c->verdict : VERDICT_UNDETERMINED;
}

static unsigned
row_of(const struct connection *c)
{
	return inventory_version(c->answer.seen ? c->answer.version : 0);
}

static void
widen(int64_t *first_us, int64_t *last_us, const struct connection *c,
    bool is_first)
{
	if (is_first || c->first_us < *first_us)
		*first_us = c->first_us;
	if (is_first || c->last_us > *last_us)
		*last_us = c->last_us;
}

static void
count_total(struct inventory *inventory, const struct connection *c)
{
	enum verdict verdict = verdict_of(c);

	widen(&inventory->first_us, &inventory->last_us, c,
	    inventory->connections == 0);
	inventory->connections++;
	inventory->by_version[row_of(c)]++;
	inventory->by_verdict[verdict]++;
	inventory->server_certificates += c->server_certificate.seen;
	inventory->client_requests +=
	    c->client_certificate == CLIENT_CERTIFICATE_REQUESTED;
	inventory->client_certificates +=
	    c->client_certificate == CLIENT_CERTIFICATE_SENT;
	if (verdict != VERDICT_UNDETERMINED) {
		inventory->judged++;
		return;
	}
	inventory->old_undetermined +=
	    c->answer.seen && c->answer.version != TLS_NONE;
	for (unsigned bit = 0; bit < INVENTORY_REASONS; bit++)
		inventory->by_incomplete[bit] += c->incomplete >> bit & 1u;
}

static void
count_entry(struct entry *entry, const struct connection *c)
{
	enum verdict verdict = verdict_of(c);
	int64_t *last_us = &entry->verdict_last_us[verdict];

	if (inventory_rank(verdict) <= inventory_rank(inventory_worst(entry)))
		entry->last = *c;
	if (entry->by_verdict[verdict] == 0 || c->last_us > *last_us)
		*last_us = c->last_us;
	widen(&entry->first_us, &entry->last_us, c, entry->connections == 0);
	memcpy(
	    entry->server_ip, c->end[SERVER].ip, c->ipv6 ? IPV6_LEN : IPV4_LEN);
	entry->connections++;
	entry->by_version[row_of(c)]++;
	entry->by_verdict[verdict]++;
}

void
inventory_add(struct inventory *inventory, const struct connection *c,
    const struct identity *who)
{
	struct entry key;
	struct entry *entry;

	count_total(inventory, c);
	set_key(&key, c, who);
	entry = find(inventory, &key);
	if (entry != NULL)
		count_entry(entry, c);
	else
		inventory->not_kept++;
}
