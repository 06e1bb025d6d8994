/* SPDX-License-Identifier: ISC */
#include "report/familiar.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

enum kind {
	KIND_NONE,
	KIND_ADDRESS,
	KIND_HOST,
	KIND_DOMAIN,
	KIND_PROGRAM,
};

/* --- who it is ------------------------------------------------------------- */

/* server_of returns the server of `c` as one of `kind`. */
static struct acquaintance
server_of(const struct connection *c, enum kind kind)
{
	return (struct acquaintance){
		.kind = (uint8_t)kind,
		.port = c->end[SERVER].port,
		.protocol = (uint8_t)c->protocol,
	};
}

static struct acquaintance
address_of(const struct connection *c)
{
	struct acquaintance who = server_of(c, KIND_ADDRESS);

	who.ipv6 = c->ipv6;
	memcpy(who.ip, c->end[SERVER].ip, sizeof(who.ip));
	return who;
}

/* called returns the server of `c` under `name`, or nobody. */
static struct acquaintance
called(const struct connection *c, enum kind kind, const char *name)
{
	struct acquaintance who = server_of(c, kind);
	size_t len = strlen(name);

	if (len == 0 || len >= sizeof(who.name))
		return (struct acquaintance){ .kind = KIND_NONE };
	for (size_t i = 0; i < len; i++)
		who.name[i] = (char)tolower((unsigned char)name[i]);
	return who;
}

/*
 * domain_of returns what is behind the first label of `host`, or "" where that
 * can be anybody's: a single label, or two as in co.uk and ne.jp.
 */
static const char *
domain_of(const char *host)
{
	const char *domain = strchr(host, '.');
	const char *top = strrchr(host, '.');

	if (domain == NULL || domain == top)
		return "";
	domain++;
	if (strchr(domain, '.') == top && strlen(top + 1) <= 2 &&
	    top - domain <= 3)
		return "";
	return domain;
}

static struct acquaintance
program_of(const struct connection *c)
{
	struct acquaintance who = { .kind = KIND_PROGRAM, .ipv6 = c->ipv6 };

	if (c->ja4[0] == '\0')
		who.kind = KIND_NONE;
	memcpy(who.ip, c->end[CLIENT].ip, sizeof(who.ip));
	memcpy(who.ja4, c->ja4, sizeof(who.ja4));
	return who;
}

/* --- the table ------------------------------------------------------------- */

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

	at = hash(at, &who->kind, sizeof(who->kind));
	at = hash(at, &who->port, sizeof(who->port));
	at = hash(at, who->ja4, sizeof(who->ja4));
	at = hash(at, who->name, sizeof(who->name));
	return (at ^ at >> 15) % FAMILIAR_MAX;
}

static bool
is_same(const struct acquaintance *a, const struct acquaintance *b)
{
	return a->kind == b->kind && a->ipv6 == b->ipv6 && a->port == b->port &&
	       memcmp(a->ip, b->ip, sizeof(a->ip)) == 0 &&
	       memcmp(a->ja4, b->ja4, sizeof(a->ja4)) == 0 &&
	       memcmp(a->name, b->name, sizeof(a->name)) == 0;
}

/* find returns what is known of `who`, or NULL. */
static const struct acquaintance *
find(const struct familiar *familiar, const struct acquaintance *who)
{
	const struct acquaintance *known = &familiar->known[place_of(who)];

	return who->kind != KIND_NONE && is_same(known, who) ? known : NULL;
}

static void
meet(struct familiar *familiar, const struct acquaintance *who)
{
	struct acquaintance *known = &familiar->known[place_of(who)];
	bool several;

	if (who->kind == KIND_NONE ||
	    (is_same(known, who) && who->protocol == MAIL_UNKNOWN))
		return;
	several = is_same(known, who) &&
		  (known->several || (known->protocol != MAIL_UNKNOWN &&
					 known->protocol != who->protocol));
	*known = *who;
	known->several = several;
}

void
familiar_meet(
    struct familiar *familiar, const struct connection *c, const char *name)
{
	struct acquaintance address = address_of(c), program = program_of(c);
	struct acquaintance host = called(c, KIND_HOST, name);
	struct acquaintance domain = called(c, KIND_DOMAIN, domain_of(name));

	meet(familiar, &program);
	if (c->evidence == EVIDENCE_PORT)
		return;
	meet(familiar, &address);
	meet(familiar, &host);
	if (c->protocol != MAIL_UNKNOWN)
		meet(familiar, &domain);
}

/* --- what is known --------------------------------------------------------- */

bool
familiar_server(const struct familiar *familiar, const struct connection *c,
    const char *name, enum mail_protocol *protocol)
{
	const struct acquaintance who[] = { address_of(c),
		called(c, KIND_HOST, name) };
	bool found = false;

	*protocol = MAIL_UNKNOWN;
	for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++) {
		const struct acquaintance *known = find(familiar, &who[i]);

		found = found || known != NULL;
		if (known != NULL && *protocol == MAIL_UNKNOWN)
			*protocol = (enum mail_protocol)known->protocol;
	}
	return found;
}

enum mail_protocol
familiar_domain(const struct familiar *familiar, const struct connection *c,
    const char *name)
{
	struct acquaintance who = called(c, KIND_DOMAIN, domain_of(name));
	const struct acquaintance *known = find(familiar, &who);

	return known == NULL || known->several
		   ? MAIL_UNKNOWN
		   : (enum mail_protocol)known->protocol;
}

bool
familiar_program(const struct familiar *familiar, const struct connection *c)
{
	struct acquaintance who = program_of(c);

	return find(familiar, &who) != NULL;
}
