/* SPDX-License-Identifier: ISC */
#include "report/label.h"

#include <stdio.h>
#include <string.h>

#include "report/iptext.h"
#include "report/language.h"
#include "report/words.h"

/* Blanks in a name that the user did not give are escaped, or it could seem to
 * end, and something else begin. */
static void
write_name(
    const struct device_name *device, bool utf8, char out[TERMINAL_ESCAPED_MAX])
{
	terminal_escape(device->name, strlen(device->name), utf8,
	    device->source == NAME_ALIAS ? "" : " ", out, TERMINAL_ESCAPED_MAX);
}

static void
write_addresses(const struct device *device, char out[TERMINAL_ESCAPED_MAX])
{
	size_t len =
	    iptext_write(device->shown->client.ip, device->shown->ipv6, out);

	if (device->addresses > 1)
		snprintf(out + len, TERMINAL_ESCAPED_MAX - len,
		    ngettext(" and %zu more address", " and %zu more addresses",
			device->addresses - 1),
		    device->addresses - 1);
}

static void
write_mac(const struct device *device, char out[TERMINAL_ESCAPED_MAX])
{
	char mac[WORDS_MAC_MAX];
	const char *format = "%s";

	if (device->behind_router)
		format = _("behind the router %s");
	else if (device->name.randomized_mac)
		/* Translators: a hardware address not given by the maker. */
		format = _("random %s");
	snprintf(out, TERMINAL_ESCAPED_MAX, format,
	    words_mac(device->shown->client.mac, mac));
}

bool
label_shows_mac(const struct device *device)
{
	return device->shown->client.has_mac &&
	       (device->name.name[0] == '\0' || device->behind_router);
}

struct label
label_of(const struct device *device, bool utf8)
{
	const char *vendor = device->name.vendor;
	bool named = device->name.name[0] != '\0';
	struct label label = { .part_count = 0 };

	if (named)
		write_name(&device->name, utf8, label.name);
	else
		write_addresses(device, label.name);
	if (vendor[0] != '\0')
		terminal_escape(vendor, strlen(vendor), utf8, "",
		    label.parts[label.part_count++], TERMINAL_ESCAPED_MAX);
	if (named)
		write_addresses(device, label.parts[label.part_count++]);
	if (label_shows_mac(device))
		write_mac(device, label.parts[label.part_count++]);
	return label;
}
