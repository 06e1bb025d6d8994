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
	/* Of an entry that only says which one: what counts comes behind. */
	KEY_SIZE = offsetof(struct entry, last),
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
	inventory->max = INVENTORY_ENTRIES_MAX;
	inventory->slots = xrealloc(NULL, SLOTS, sizeof(*inventory->slots));
	memset(inventory->slots, 0, SLOTS * sizeof(*inventory->slots));
}

void
inventory_limit(struct inventory *inventory, size_t memory)
{
	size_t max = memory / sizeof(struct entry);

	if (max < INVENTORY_ENTRIES_MIN)
		max = INVENTORY_ENTRIES_MIN;
	if (max < inventory->max)
		inventory->max = max;
}

void
inventory_clear(struct inventory *inventory)
{
	free(inventory->entries);
	free(inventory->slots);
	memset(inventory, 0, sizeof(*inventory));
}

/*
 * Keys.
 */

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

void
inventory_key(
    struct entry *key, const struct connection *c, const struct identity *who)
{
	const struct endpoint *server = &c->end[SERVER];

	memset(key, 0, KEY_SIZE);
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
	struct entry *entry;

	if (inventory->count >= inventory->max)
		return NULL;
	if (inventory->count == inventory->room) {
		size_t room = inventory->room;

		room = room > 0 ? 2 * room : ROOM_MIN;
		if (room > inventory->max)
			room = inventory->max;
		inventory->entries = xrealloc(
		    inventory->entries, room, sizeof(*inventory->entries));
		inventory->room = room;
	}
	entry = &inventory->entries[inventory->count++];
	memset(entry, 0, sizeof(*entry));
	memcpy(entry, key, KEY_SIZE);
	return entry;
}

/*
 * The slot of `key`: of its entry, or, where there is none, the one that would
 * be its, which is 0; NULL when there is no room.
 */
static uint32_t *
find_slot(const struct inventory *inventory, const struct entry *key)
{
	uint32_t at = hash_key(key);

	for (unsigned probe = 0; probe < PROBES_MAX; probe++) {
		uint32_t *slot = &inventory->slots[(at + probe) % SLOTS];

		if (*slot == 0 || same_key(&inventory->entries[*slot - 1], key))
			return slot;
	}
	return NULL;
}

const struct entry *
inventory_find(const struct inventory *inventory, const struct entry *entry)
{
	const uint32_t *slot = find_slot(inventory, entry);

	return slot != NULL && *slot != 0 ? &inventory->entries[*slot - 1]
					  : NULL;
}

/* The entry of `key`, a new one if need be, or NULL when there is no room. */
static struct entry *
find(struct inventory *inventory, const struct entry *key)
{
	uint32_t *slot = find_slot(inventory, key);
	struct entry *entry;

	if (slot == NULL || *slot != 0)
		return slot != NULL ? &inventory->entries[*slot - 1] : NULL;
	entry = append(inventory, key);
	if (entry != NULL)
		*slot = (uint32_t)inventory->count;
	return entry;
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

/* Widens a time, that of nothing if `is_first`, by another. */
static void
widen(int64_t *first_us, int64_t *last_us, int64_t from_us, int64_t to_us,
    bool is_first)
{
	if (is_first || from_us < *first_us)
		*first_us = from_us;
	if (is_first || to_us > *last_us)
		*last_us = to_us;
}

static void
count_total(struct inventory *inventory, const struct connection *c)
{
	enum verdict verdict = verdict_of(c);

	widen(&inventory->first_us, &inventory->last_us, c->first_us,
	    c->last_us, inventory->connections == 0);
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

/* Is `c`, of `verdict`, to stand for `entry`: the last of the worst? */
static bool
stands_for(
    const struct entry *entry, const struct connection *c, enum verdict verdict)
{
	unsigned rank = inventory_rank(verdict);
	unsigned worst = inventory_rank(inventory_worst(entry));

	return entry->connections == 0 || rank < worst ||
	       (rank == worst && c->last_us >= entry->last.last_us);
}

static void
count_entry(struct entry *entry, const struct connection *c)
{
	enum verdict verdict = verdict_of(c);
	int64_t *last_us = &entry->verdict_last_us[verdict];

	if (stands_for(entry, c, verdict))
		entry->last = *c;
	if (entry->by_verdict[verdict] == 0 || c->last_us > *last_us)
		*last_us = c->last_us;
	if (entry->connections == 0 || c->last_us >= entry->last_us)
		memcpy(entry->server_ip, c->end[SERVER].ip,
		    c->ipv6 ? IPV6_LEN : IPV4_LEN);
	widen(&entry->first_us, &entry->last_us, c->first_us, c->last_us,
	    entry->connections == 0);
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
	inventory_key(&key, c, who);
	entry = find(inventory, &key);
	if (entry != NULL)
		count_entry(entry, c);
	else
		inventory->not_kept++;
}

/*
 * Sums.
 */

static void
merge_total(struct inventory *inventory, const struct entry *sum)
{
	widen(&inventory->first_us, &inventory->last_us, sum->first_us,
	    sum->last_us, inventory->connections == 0);
	inventory->connections += sum->connections;
	inventory->judged +=
	    sum->connections - sum->by_verdict[VERDICT_UNDETERMINED];
	for (unsigned row = 0; row < INVENTORY_VERSIONS; row++)
		inventory->by_version[row] += sum->by_version[row];
	for (unsigned v = 0; v < INVENTORY_VERDICTS; v++)
		inventory->by_verdict[v] += sum->by_verdict[v];
}

static void
merge_entry(struct entry *entry, const struct entry *sum)
{
	bool is_first = entry->connections == 0;

	if (stands_for(entry, &sum->last, inventory_worst(sum)))
		entry->last = sum->last;
	if (is_first || sum->last_us >= entry->last_us)
		memcpy(entry->server_ip, sum->server_ip, IPV6_LEN);
	for (unsigned v = 0; v < INVENTORY_VERDICTS; v++) {
		if (sum->by_verdict[v] > 0 &&
		    (entry->by_verdict[v] == 0 ||
			sum->verdict_last_us[v] > entry->verdict_last_us[v]))
			entry->verdict_last_us[v] = sum->verdict_last_us[v];
		entry->by_verdict[v] += sum->by_verdict[v];
	}
	for (unsigned row = 0; row < INVENTORY_VERSIONS; row++)
		entry->by_version[row] += sum->by_version[row];
	widen(&entry->first_us, &entry->last_us, sum->first_us, sum->last_us,
	    is_first);
	entry->connections += sum->connections;
}

/* An entry with the key of `sum`, and nothing counted. */
static struct entry
key_of(const struct entry *sum)
{
	struct entry key = *sum;

	memset(&key.last, 0, sizeof(key.last));
	key.first_us = key.last_us = 0;
	key.connections = 0;
	memset(key.by_version, 0, sizeof(key.by_version));
	memset(key.by_verdict, 0, sizeof(key.by_verdict));
	memset(key.verdict_last_us, 0, sizeof(key.verdict_last_us));
	return key;
}

void
inventory_merge(struct inventory *inventory, const struct entry *sum)
{
	const struct entry key = key_of(sum);
	struct entry *entry;

	entry = find(inventory, &key);
	if (entry == NULL) {
		inventory_merge_unknown(inventory, sum);
		return;
	}
	merge_total(inventory, sum);
	merge_entry(entry, sum);
}

void
inventory_merge_unknown(struct inventory *inventory, const struct entry *sum)
{
	merge_total(inventory, sum);
	inventory->not_kept += sum->connections;
}
