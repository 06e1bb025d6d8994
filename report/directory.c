/* SPDX-License-Identifier: ISC */
/*
 * The directory: three shelves, of MACs, of addresses and of the addresses
 * that DNS knows.  A name heard for an address is kept there and, if the MAC
 * that has the address is known, with the MAC, where all addresses of a device
 * meet.  When an address changes hands, the name that it had is dropped.
 */
#include "report/directory.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/crowd.h"
#include "report/shelf.h"

enum {
	MAC_LEN = 6,
	IPV4_LEN = 4,
	IPV6_LEN = 16,
	/* How a key begins, and its length. */
	KEY_MAC = 1,
	KEY_IPV4 = 4,
	KEY_IPV6 = 6,
	KEY_LEN = 1 + IPV6_LEN,
	PARTS_MAX = 32,
};

/* A name and who said so. */
struct claim {
	enum name_source source;
	char name[HOSTNAME_MAX]; /* "" also where there were two of EHLO */
};

/* What is known of a MAC. */
struct station {
	struct claim claim;
	char vendor_class[SIGHTING_CLASS_MAX];
	uint8_t parameters[SIGHTING_PARAMETERS_MAX];
	uint8_t parameter_count;
	bool has_private;   /* it has an address of RFC 1918 itself */
	struct crowd crowd; /* the clients behind it */
};

/* What is known of an address of this network. */
struct address {
	struct claim claim;
	bool has_mac;
	uint8_t mac[MAC_LEN];
};

struct directory {
	struct shelf stations_by, addresses_by, servers_by;
	struct station *stations;
	struct address *addresses;
	char (*servers)[SIGHTING_NAME_MAX];
};

static void *
xcalloc(size_t count, size_t size)
{
	void *new = calloc(count, size);

	if (new == NULL)
		err(EXIT_FAILURE, NULL);
	return new;
}

/* size_of returns what a directory takes up that is a `part`th of the full. */
static size_t
size_of(unsigned part)
{
	return (shelf_bytes(DIRECTORY_DEVICES / part) +
		   shelf_bytes(DIRECTORY_ADDRESSES / part) +
		   shelf_bytes(DIRECTORY_SERVERS / part)) +
	       DIRECTORY_DEVICES / part * sizeof(struct station) +
	       DIRECTORY_ADDRESSES / part * sizeof(struct address) +
	       (size_t)DIRECTORY_SERVERS / part * SIGHTING_NAME_MAX;
}

struct directory *
directory_new(uint64_t seed, size_t memory)
{
	struct directory *d = xcalloc(1, sizeof(*d));
	unsigned part = 1;
	uint16_t devices, addresses, servers;

	while (part < PARTS_MAX && size_of(part) > memory)
		part *= 2;
	devices = (uint16_t)(DIRECTORY_DEVICES / part);
	addresses = (uint16_t)(DIRECTORY_ADDRESSES / part);
	servers = (uint16_t)(DIRECTORY_SERVERS / part);
	shelf_init(&d->stations_by, devices, seed);
	shelf_init(&d->addresses_by, addresses, seed);
	shelf_init(&d->servers_by, servers, seed);
	d->stations = xcalloc(devices + 1u, sizeof(*d->stations));
	d->addresses = xcalloc(addresses + 1u, sizeof(*d->addresses));
	d->servers = xcalloc(servers + 1u, sizeof(*d->servers));
	return d;
}

void
directory_free(struct directory *d)
{
	if (d == NULL)
		return;
	shelf_clear(&d->stations_by);
	shelf_clear(&d->addresses_by);
	shelf_clear(&d->servers_by);
	free(d->stations);
	free(d->addresses);
	free(d->servers);
	free(d);
}

uint64_t
directory_forgotten(const struct directory *d)
{
	return d->stations_by.forgotten + d->addresses_by.forgotten +
	       d->servers_by.forgotten;
}

/*
 * Keys.
 */

struct key {
	uint8_t bytes[SHELF_KEY_MAX];
};

static struct key
mac_key(const uint8_t mac[MAC_LEN])
{
	struct key key = { { KEY_MAC } };

	memcpy(key.bytes + 1, mac, MAC_LEN);
	return key;
}

static struct key
ip_key(const uint8_t ip[IPV6_LEN], bool ipv6)
{
	struct key key = { { ipv6 ? KEY_IPV6 : KEY_IPV4 } };

	memcpy(key.bytes + 1, ip, ipv6 ? IPV6_LEN : IPV4_LEN);
	return key;
}

/* The key of what `asker` knows about `server`, both of which begin with a byte
 * that tells MAC and families apart. */
static struct key
pair_key(struct key server, struct key asker)
{
	struct key key = server;

	memcpy(key.bytes + KEY_LEN, asker.bytes, KEY_LEN);
	return key;
}

/* Multicast, and the zeros of the loopback interface, are nobody's. */
static bool
is_somebodys(const uint8_t mac[MAC_LEN])
{
	static const uint8_t none[MAC_LEN];

	return (mac[0] & 1) == 0 && memcmp(mac, none, MAC_LEN) != 0;
}

static const struct station *
find_station(const struct directory *d, const uint8_t mac[MAC_LEN])
{
	struct key key = mac_key(mac);
	uint16_t at = shelf_find(&d->stations_by, key.bytes);

	return at != 0 ? &d->stations[at] : NULL;
}

static struct station *
touch_station(struct directory *d, const uint8_t mac[MAC_LEN])
{
	struct key key = mac_key(mac);
	bool fresh;
	uint16_t at = shelf_touch(&d->stations_by, key.bytes, &fresh);

	if (fresh)
		memset(&d->stations[at], 0, sizeof(d->stations[at]));
	return &d->stations[at];
}

static const struct address *
find_address(const struct directory *d, const uint8_t ip[IPV6_LEN], bool ipv6)
{
	struct key key = ip_key(ip, ipv6);
	uint16_t at = shelf_find(&d->addresses_by, key.bytes);

	return at != 0 ? &d->addresses[at] : NULL;
}

static struct address *
touch_address(struct directory *d, const uint8_t ip[IPV6_LEN], bool ipv6)
{
	struct key key = ip_key(ip, ipv6);
	bool fresh;
	uint16_t at = shelf_touch(&d->addresses_by, key.bytes, &fresh);

	if (fresh)
		memset(&d->addresses[at], 0, sizeof(d->addresses[at]));
	return &d->addresses[at];
}

/*
 * Names.
 */

/* Lets `claim` be `name`, unless it has a better one.  Two names from EHLO, of
 * two programs or of two devices behind one address, are none. */
static void
make_claim(struct claim *claim, enum name_source source, const char *name)
{
	bool second = claim->source == NAME_EHLO && source == NAME_EHLO;

	if (claim->source != NAME_NONE && claim->source < source)
		return;
	if (second && strcasecmp(claim->name, name) != 0)
		name = "";
	claim->source = source;
	hostname_copy(name, claim->name);
}

/* Notes that `mac` has the address.  One that was another's gives up its
 * name; one that was nobody's brings its name along. */
static void
link_address(
    struct directory *d, const uint8_t mac[MAC_LEN], struct address *address)
{
	struct claim *claim = &address->claim;

	if (address->has_mac && memcmp(address->mac, mac, MAC_LEN) != 0)
		memset(claim, 0, sizeof(*claim));
	if (!address->has_mac && claim->source != NAME_NONE &&
	    claim->source != NAME_EHLO)
		make_claim(
		    &touch_station(d, mac)->claim, claim->source, claim->name);
	address->has_mac = true;
	memcpy(address->mac, mac, MAC_LEN);
}

static bool
is_private(const uint8_t ip[IPV4_LEN])
{
	return ip[0] == 10 || (ip[0] == 172 && (ip[1] & 0xf0) == 16) ||
	       (ip[0] == 192 && ip[1] == 168);
}

/*
 * Sightings.
 */

/* Who has which address. */
static void
hear_link(struct directory *d, const struct sighting *s)
{
	if (!s->has_mac || !s->has_ip || !is_somebodys(s->mac))
		return;
	if (!s->ipv6 && is_private(s->ip))
		touch_station(d, s->mac)->has_private = true;
	link_address(d, s->mac, touch_address(d, s->ip, s->ipv6));
}

/* The name that a MAC, or the address it asks for, gives itself. */
/* What one message leaves out, another may have. */
static void
note_habits(struct station *station, const struct sighting *s)
{
	if (s->vendor_class[0] != '\0')
		memcpy(station->vendor_class, s->vendor_class,
		    SIGHTING_CLASS_MAX - 1);
	if (s->parameter_count == 0)
		return;
	station->parameter_count = s->parameter_count;
	memcpy(station->parameters, s->parameters, sizeof(s->parameters));
}

static void
hear_dhcp(struct directory *d, const struct sighting *s)
{
	char name[HOSTNAME_MAX];

	/* A DUID may hold the MAC of another interface: no link by that. */
	if (s->source == SIGHTING_DHCP)
		hear_link(d, s);
	if (!s->has_mac || !is_somebodys(s->mac))
		return;
	note_habits(touch_station(d, s->mac), s);
	if (!hostname_read(s->name, name))
		return;
	make_claim(&touch_station(d, s->mac)->claim, NAME_DHCP, name);
	if (s->has_ip)
		make_claim(
		    &touch_address(d, s->ip, s->ipv6)->claim, NAME_DHCP, name);
}

static const enum name_source sources[] = {
	[SIGHTING_MDNS] = NAME_MDNS,
	[SIGHTING_LLMNR] = NAME_LLMNR,
	[SIGHTING_NETBIOS] = NAME_NETBIOS,
};

/* The name that an address has.  Where one device is known to have it, no
 * other, be it a proxy, gives it a name. */
static void
hear_name(struct directory *d, const struct sighting *s)
{
	char name[HOSTNAME_MAX];
	struct address *address;

	if (!s->has_ip || !hostname_read(s->name, name))
		return;
	address = touch_address(d, s->ip, s->ipv6);
	if (address->has_mac && s->has_mac &&
	    memcmp(address->mac, s->mac, MAC_LEN) != 0)
		return;
	make_claim(&address->claim, sources[s->source], name);
	if (address->has_mac)
		make_claim(&touch_station(d, address->mac)->claim,
		    sources[s->source], name);
}

static void
name_server(struct directory *d, struct key key, const char *name)
{
	bool fresh;
	uint16_t at = shelf_touch(&d->servers_by, key.bytes, &fresh);

	memcpy(d->servers[at], name, SIGHTING_NAME_MAX);
	d->servers[at][SIGHTING_NAME_MAX - 1] = '\0';
}

/* Several names may have one address, so who asked matters. */
static void
hear_answer(struct directory *d, const struct sighting *s)
{
	struct key server = ip_key(s->ip, s->ipv6), asker;

	if (!s->has_ip || s->name[0] == '\0')
		return;
	asker = s->asker_has_mac ? mac_key(s->asker_mac)
				 : ip_key(s->asker_ip, s->asker_ipv6);
	name_server(d, server, s->name);
	name_server(d, pair_key(server, asker), s->name);
}

void
directory_hear(struct directory *d, const struct sighting *s)
{
	static void (*const hear[])(
	    struct directory *, const struct sighting *) = {
		[SIGHTING_ARP] = hear_link,
		[SIGHTING_ND] = hear_link,
		[SIGHTING_DHCP] = hear_dhcp,
		[SIGHTING_DHCPV6] = hear_dhcp,
		[SIGHTING_MDNS] = hear_name,
		[SIGHTING_LLMNR] = hear_name,
		[SIGHTING_NETBIOS] = hear_name,
		[SIGHTING_DNS] = hear_answer,
	};

	hear[s->source](d, s);
}

/*
 * Clients of mail connections.
 */

void
directory_meet(struct directory *d, const struct connection *c)
{
	const struct endpoint *client = &c->end[CLIENT];
	char name[HOSTNAME_MAX];
	struct address *address = touch_address(d, client->ip, c->ipv6);

	if (client->has_mac && is_somebodys(client->mac)) {
		crowd_meet(&touch_station(d, client->mac)->crowd, client->ip,
		    c->ipv6, c->first_us);
		if (directory_owns(d, client, c->ipv6))
			link_address(d, client->mac, address);
	}
	/* With the address only: the MAC may turn out to be a router's. */
	if (hostname_read_ehlo(c->ehlo, name))
		make_claim(&address->claim, NAME_EHLO, name);
}

/*
 * Questions.
 */

bool
directory_owns(
    const struct directory *d, const struct endpoint *client, bool ipv6)
{
	const struct station *station;

	if (!client->has_mac || !is_somebodys(client->mac))
		return false;
	station = find_station(d, client->mac);
	if (station == NULL)
		return true;
	if (!ipv6 && station->has_private && !is_private(client->ip) &&
	    !crowd_is_link_local(client->ip, ipv6))
		return false;
	return crowd_is_one(&station->crowd);
}

/* The name of an address, unless it is known to be another device's. */
static const struct claim *
claim_of_address(const struct directory *d, const struct endpoint *client,
    bool ipv6, bool own_mac)
{
	const struct address *address = find_address(d, client->ip, ipv6);

	if (address == NULL || (own_mac && address->has_mac &&
				   memcmp(address->mac, client->mac, MAC_LEN)))
		return NULL;
	return &address->claim;
}

const char *
directory_device(const struct directory *d, const struct endpoint *client,
    bool ipv6, bool own_mac, enum name_source *source)
{
	const struct claim *by_ip = claim_of_address(d, client, ipv6, own_mac);
	const struct station *station =
	    own_mac ? find_station(d, client->mac) : NULL;
	const struct claim *best = station != NULL ? &station->claim : NULL;

	if (best == NULL || best->source == NAME_NONE ||
	    (by_ip != NULL && by_ip->source != NAME_NONE &&
		by_ip->source < best->source))
		best = by_ip;
	*source = NAME_NONE;
	if (best == NULL || best->name[0] == '\0')
		return "";
	*source = best->source;
	return best->name;
}

const char *
directory_class(const struct directory *d, const uint8_t mac[MAC_LEN])
{
	const struct station *station = find_station(d, mac);

	return station != NULL ? station->vendor_class : "";
}

size_t
directory_parameters(const struct directory *d, const uint8_t mac[MAC_LEN],
    uint8_t out[SIGHTING_PARAMETERS_MAX])
{
	const struct station *station = find_station(d, mac);

	if (station == NULL)
		return 0;
	memcpy(out, station->parameters, SIGHTING_PARAMETERS_MAX);
	return station->parameter_count;
}

static const char *
find_server(const struct directory *d, struct key key)
{
	uint16_t at = shelf_find(&d->servers_by, key.bytes);

	return at != 0 ? d->servers[at] : NULL;
}

const char *
directory_server(const struct directory *d, const struct connection *c)
{
	const struct endpoint *client = &c->end[CLIENT];
	struct key server = ip_key(c->end[SERVER].ip, c->ipv6);
	struct key by_mac = mac_key(client->mac);
	struct key by_ip = ip_key(client->ip, c->ipv6);
	const char *name = NULL;

	if (client->has_mac)
		name = find_server(d, pair_key(server, by_mac));
	if (name == NULL)
		name = find_server(d, pair_key(server, by_ip));
	if (name == NULL)
		name = find_server(d, server);
	return name != NULL ? name : "";
}
