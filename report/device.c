/* SPDX-License-Identifier: ISC */
/*
 * Naming a device: its sources in order, the first that has a name.  A MAC
 * that is not the device's own, but a router's, says nothing about it.
 */
#include "report/device.h"

#include <string.h>

#include "report/words.h"

/* Who is to be named. */
struct who {
	const struct endpoint *client;
	bool ipv6, own_mac;
};

/* The user's word for a MAC or an address. */
static const char *
find_alias(const struct leases *aliases, const struct who *who)
{
	const struct lease *alias = NULL;

	if (who->own_mac)
		alias = leases_find_mac(aliases, who->client->mac);
	if (alias == NULL)
		alias = leases_find_ip(aliases, who->client->ip, who->ipv6);
	return alias != NULL ? alias->name : "";
}

/* The lease of a MAC; that of an address, which may have been somebody else's
 * when the file was written, unless it is another MAC's. */
static const char *
find_lease(const struct leases *leases, const struct who *who)
{
	const uint8_t *mac = who->client->mac;
	const struct lease *lease = NULL;

	if (who->own_mac)
		lease = leases_find_mac(leases, mac);
	if (lease != NULL)
		return lease->name;
	lease = leases_find_ip(leases, who->client->ip, who->ipv6);
	if (lease == NULL)
		return "";
	if (who->own_mac && lease->has_mac &&
	    memcmp(lease->mac, mac, sizeof(lease->mac)) != 0)
		return "";
	return lease->name;
}

/* Takes `name`, unless there is one already or it is none. */
static void
take_name(struct device_name *out, enum name_source source, const char *name)
{
	if (out->name[0] != '\0' || name[0] == '\0')
		return;
	hostname_copy(name, out->name);
	out->source = source;
}

/* What was known of the device before: its name, if it was from a better
 * source. */
static void
take_past(struct device_name *out, const struct device_name *past)
{
	if (past == NULL)
		return;
	if (past->source < out->source)
		out->name[0] = '\0';
	take_name(out, past->source, past->name);
	if (out->vendor[0] == '\0')
		memcpy(out->vendor, past->vendor, sizeof(out->vendor));
	if (out->vendor_class[0] == '\0')
		memcpy(out->vendor_class, past->vendor_class,
		    sizeof(out->vendor_class));
}

static void
set_name(struct device_name *out, const struct device_sources *from,
    const struct who *who)
{
	enum name_source source = NAME_NONE;

	if (from->aliases != NULL)
		take_name(out, NAME_ALIAS, find_alias(from->aliases, who));
	if (from->leases != NULL)
		take_name(out, NAME_LEASE, find_lease(from->leases, who));
	if (from->directory != NULL) {
		const char *name = directory_device(from->directory,
		    who->client, who->ipv6, who->own_mac, &source);

		take_name(out, source, name);
	}
}

/* Who made it, and how it asks for its lease. */
static void
take_maker(struct device_name *out, const struct device_sources *from,
    const uint8_t mac[6])
{
	const char *class;

	oui_find(from->oui, mac, out->vendor);
	if (from->directory == NULL)
		return;
	class = directory_class(from->directory, mac);
	memcpy(out->vendor_class, class,
	    strnlen(class, sizeof(out->vendor_class) - 1));
	out->parameter_count = (uint8_t)directory_parameters(
	    from->directory, mac, out->parameters);
}

struct device_name
device_name(const struct device_sources *from, const struct endpoint *client,
    bool ipv6, bool own_mac)
{
	const struct who who = { client, ipv6, own_mac };
	struct device_name out = { .own_mac = own_mac };

	if (own_mac) {
		words_mac(client->mac, out.id);
		out.randomized_mac = oui_is_local(client->mac);
	} else {
		iptext_write(client->ip, ipv6, out.id);
	}
	if (from == NULL)
		return out;
	set_name(&out, from, &who);
	if (own_mac)
		take_maker(&out, from, client->mac);
	take_past(&out, remembered_find(from->remembered, out.id));
	return out;
}

bool
device_owns(
    const struct device_sources *from, const struct endpoint *client, bool ipv6)
{
	static const uint8_t none[6];
	const struct remembered *remembered =
	    from != NULL ? from->remembered : NULL;
	char mac[WORDS_MAC_MAX], ip[IPTEXT_MAX];

	if (from != NULL && from->directory != NULL)
		return directory_owns(from->directory, client, ipv6);
	if (!client->has_mac || memcmp(client->mac, none, sizeof(none)) == 0)
		return false;
	/* One that went by its address did so since the MAC was another's. */
	words_mac(client->mac, mac);
	iptext_write(client->ip, ipv6, ip);
	return remembered_find(remembered, mac) != NULL ||
	       remembered_find(remembered, ip) == NULL;
}
