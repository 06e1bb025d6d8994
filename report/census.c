/* SPDX-License-Identifier: ISC */
/*
 * Entries to devices.  Sorting does it: by MAC and address to find who is one
 * device, within a device by what reports list, and the devices by gravity.
 * All orders are total, as qsort, which is not stable, must always give the
 * same result.
 */
#include "report/census.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

enum {
	IPV4_LEN = 4,
	IPV4_NET_LEN = 3, /* a /24 */
	IPV6_NET_LEN = 8, /* a /64 */
};

static void *
xcalloc(size_t count, size_t size)
{
	void *new = calloc(count, size);

	if (new == NULL)
		err(EXIT_FAILURE, NULL);
	return new;
}

static int
compare_clients(const struct entry *a, const struct entry *b)
{
	int by = inventory_compare_macs(a, b);

	return by != 0 ? by : inventory_compare_addresses(a, b);
}

static int
by_client(const void *a, const void *b)
{
	const struct entry *left = *(const struct entry *const *)a;
	const struct entry *right = *(const struct entry *const *)b;
	int by = compare_clients(left, right);

	return by != 0 ? by : inventory_compare_programs(left, right);
}

static int
by_program(const void *a, const void *b)
{
	const struct entry *left = *(const struct entry *const *)a;
	const struct entry *right = *(const struct entry *const *)b;
	int by = inventory_compare_programs(left, right);

	return by != 0 ? by : compare_clients(left, right);
}

static int
by_gravity(const void *a, const void *b)
{
	const struct device *left = a, *right = b;
	unsigned a_rank = inventory_rank(left->worst);
	unsigned b_rank = inventory_rank(right->worst);
	int by = (a_rank > b_rank) - (a_rank < b_rank);

	if (by == 0)
		by = inventory_compare_addresses(left->shown, right->shown);
	return by != 0 ? by : inventory_compare_macs(left->shown, right->shown);
}

typedef int comparison(const struct entry *a, const struct entry *b);

/* How many of the `count` entries at `run` equal the first. */
static size_t
run_len(const struct entry **run, size_t count, comparison *compare)
{
	size_t len = 1;

	while (len < count && compare(run[0], run[len]) == 0)
		len++;
	return len;
}

/* RFC 3927 and RFC 4291 2.5.6: every device may have one beside its own. */
static bool
is_link_local(const struct entry *entry)
{
	const uint8_t *ip = entry->client.ip;

	if (entry->ipv6)
		return ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80;
	return ip[0] == 169 && ip[1] == 254;
}

/* How many different beginnings of `len` bytes the addresses of the entries
 * at `run` have, which are ordered by address. */
static size_t
count_networks(const struct entry **run, size_t count, bool ipv6, size_t len)
{
	const uint8_t *previous = NULL;
	size_t networks = 0;

	for (size_t i = 0; i < count; i++) {
		const uint8_t *ip = run[i]->client.ip;

		if (run[i]->ipv6 != ipv6 || is_link_local(run[i]))
			continue;
		networks += previous == NULL || memcmp(ip, previous, len) != 0;
		previous = ip;
	}
	return networks;
}

static bool
is_router(const struct entry **run, size_t count)
{
	size_t nets = count_networks(run, count, false, IPV4_NET_LEN);
	size_t addresses = count_networks(run, count, false, IPV4_LEN);
	size_t prefixes = count_networks(run, count, true, IPV6_NET_LEN);

	return nets > 1 || addresses > CENSUS_IPV4_MAX ||
	       prefixes > CENSUS_PREFIX_MAX;
}

/* IPv4 before IPv6, for people, then the one seen last. */
static bool
shows_better(const struct entry *a, const struct entry *b)
{
	if (a->ipv6 != b->ipv6)
		return !a->ipv6;
	return a->last_us > b->last_us;
}

/* Names `device`, which goes by its MAC or not, and has an address like that of
 * `entry`. */
static void
take_name(struct device *device, const struct device_sources *from,
    const struct entry *entry, bool by_mac)
{
	bool own = by_mac && device_owns(from, &entry->client, entry->ipv6);
	struct device_name name =
	    device_name(from, &entry->client, entry->ipv6, own);

	if (device->name.id[0] == '\0' ||
	    (name.source != NAME_NONE &&
		(device->name.source == NAME_NONE ||
		    name.source < device->name.source)))
		device->name = name;
}

static struct device
device_of(const struct entry **run, size_t count,
    const struct device_sources *from, bool by_mac)
{
	struct device device = {
		.entries = run,
		.count = count,
		.by_mac = by_mac,
	};

	device.shown = run[0];
	for (size_t i = 0; i < count; i++) {
		if (shows_better(run[i], device.shown))
			device.shown = run[i];
		if (i == 0 || inventory_compare_addresses(run[i - 1], run[i])) {
			device.addresses++;
			take_name(&device, from, run[i], by_mac);
		}
		device.connections += run[i]->connections;
		for (unsigned v = 0; v < INVENTORY_VERDICTS; v++)
			device.by_verdict[v] += run[i]->by_verdict[v];
	}
	device.worst = inventory_gravest(device.by_verdict);
	qsort(run, count, sizeof(*run), by_program);
	return device;
}

/* Adds the devices among the `count` entries at `run`, which have one MAC or
 * all have none. */
static void
add_devices(struct census *census, const struct entry **run, size_t count,
    const struct device_sources *from)
{
	bool has_mac = run[0]->client.has_mac;
	bool router = has_mac && is_router(run, count);

	if (has_mac && !router) {
		census->devices[census->count++] =
		    device_of(run, count, from, true);
		return;
	}
	while (count > 0) {
		size_t len = run_len(run, count, inventory_compare_addresses);

		census->devices[census->count] =
		    device_of(run, len, from, false);
		census->devices[census->count++].behind_router = router;
		run += len;
		count -= len;
	}
}

void
census_take(const struct inventory *inventory,
    const struct device_sources *from, struct census *out)
{
	size_t count = inventory->count;
	size_t len;

	memset(out, 0, sizeof(*out));
	if (count == 0)
		return;
	out->devices = xcalloc(count, sizeof(*out->devices));
	out->entries = xcalloc(count, sizeof(*out->entries));
	for (size_t i = 0; i < count; i++)
		out->entries[i] = &inventory->entries[i];
	qsort(out->entries, count, sizeof(*out->entries), by_client);
	for (size_t i = 0; i < count; i += len) {
		len = run_len(
		    out->entries + i, count - i, inventory_compare_macs);
		add_devices(out, out->entries + i, len, from);
	}
	qsort(out->devices, out->count, sizeof(*out->devices), by_gravity);
}

void
census_clear(struct census *census)
{
	free(census->devices);
	free(census->entries);
	memset(census, 0, sizeof(*census));
}
