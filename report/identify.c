/* SPDX-License-Identifier: ISC */
#include "report/identify.h"

#include <string.h>

/* What DNS was asked for before, or "". */
static const char *
looked_up(const struct device_sources *from, const struct connection *c)
{
	if (from == NULL || from->directory == NULL)
		return "";
	return directory_server(from->directory, c);
}

static void
set_provider(const struct device_sources *from, const struct connection *c,
    char out[IDENTITY_PROVIDER_MAX])
{
	const struct provider *provider =
	    from != NULL ? provider_of(from->providers, c, looked_up(from, c))
			 : NULL;

	if (provider != NULL)
		memcpy(out, provider->name,
		    strnlen(provider->name, IDENTITY_PROVIDER_MAX - 1));
}

static void
set_server_name(const struct device_sources *from, const struct connection *c,
    char out[CONNECTION_NAME_MAX])
{
	const char *const names[] = {
		c->offer.server_name,
		looked_up(from, c),
		c->greeting_name,
		c->server_certificate.name,
	};
	size_t best = 0;

	while (best < sizeof(names) / sizeof(names[0]) - 1 &&
	       names[best][0] == '\0')
		best++;
	memset(out, 0, CONNECTION_NAME_MAX);
	memcpy(out, names[best], strnlen(names[best], CONNECTION_NAME_MAX - 1));
}

void
identify(const struct device_sources *from, const struct connection *c,
    struct identity *out)
{
	const struct endpoint *client = &c->end[CLIENT];

	memset(out, 0, sizeof(*out));
	set_server_name(from, c, out->server_name);
	set_provider(from, c, out->provider);
	out->device = device_name(
	    from, client, c->ipv6, device_owns(from, client, c->ipv6));
	program_find(from != NULL ? from->programs : NULL, c, &out->program);
}
