/* SPDX-License-Identifier: ISC */
#include "report/familiar.h"

#include <string.h>

static struct acquaintance
server_of(const struct connection *c)
{
	struct acquaintance who = {
		.ipv6 = c->ipv6,
		.port = c->end[SERVER].port,
		.protocol = (uint8_t)c->protocol,
	};

	memcpy(who.ip, c->end[SERVER].ip, sizeof(who.ip));
	return who;
}

static struct acquaintance
program_of(const struct connection *c)
{
	struct acquaintance who = { .ipv6 = c->ipv6 };

	memcpy(who.ip, c->end[CLIENT].ip, sizeof(who.ip));
	memcpy(who.ja4, c->ja4, sizeof(who.ja4));
	return who;
}

/* hash is FNV-1a. */
static uint32_t
hash(uint32_t start, const void *data, size_t len)
{
	const uint8_t *byte = data;

	for (size_t i = 0; i < len; i++)
		start = (start ^ byte[i]) * 0x01000193u;
	return start;
}

/* place_of returns where `who` is remembered. */
static size_t
place_of(const struct acquaintance *who)
{
	uint32_t at = hash(0x811c9dc5u, who->ip, sizeof(who->ip));

	at = hash(at, &who->port, sizeof(who->port));
	at = hash(at, who->ja4, sizeof(who->ja4));
	return (at ^ at >> 15) % FAMILIAR_MAX;
}

static bool
is_same(const struct acquaintance *a, const struct acquaintance *b)
{
	return a->ipv6 == b->ipv6 && a->port == b->port &&
	       memcmp(a->ip, b->ip, sizeof(a->ip)) == 0 &&
	       memcmp(a->ja4, b->ja4, sizeof(a->ja4)) == 0;
}

static void
meet(struct familiar *familiar, const struct acquaintance *who)
{
	struct acquaintance *known = &familiar->known[place_of(who)];

	if (!is_same(known, who) || who->protocol != MAIL_UNKNOWN)
		*known = *who;
}

void
familiar_meet(struct familiar *familiar, const struct connection *c)
{
	struct acquaintance server = server_of(c), program = program_of(c);

	if (c->evidence != EVIDENCE_PORT)
		meet(familiar, &server);
	if (program.ja4[0] != '\0')
		meet(familiar, &program);
}

bool
familiar_server(const struct familiar *familiar, const struct connection *c,
    enum mail_protocol *protocol)
{
	struct acquaintance server = server_of(c);
	const struct acquaintance *known = &familiar->known[place_of(&server)];

	if (!is_same(known, &server))
		return false;
	*protocol = (enum mail_protocol)known->protocol;
	return true;
}

bool
familiar_program(const struct familiar *familiar, const struct connection *c)
{
	struct acquaintance program = program_of(c);

	return program.ja4[0] != '\0' &&
	       is_same(&familiar->known[place_of(&program)], &program);
}
