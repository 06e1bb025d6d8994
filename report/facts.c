/* SPDX-License-Identifier: ISC */
#include "report/facts.h"

#include <stddef.h>
#include <string.h>

#include "dissect/names.h"
#include "report/calendar.h"
#include "report/codes.h"
#include "report/jsonout.h"
#include "report/words.h"

enum {
	IPV4_LEN = 4,
	IPV6_LEN = 16,
};

/* FNV-1a of 64 bits, http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t
hash_bytes(uint64_t hash, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
	return hash;
}

static uint64_t
hash_number(uint64_t hash, uint64_t number, size_t len)
{
	for (; len > 0; len--, number >>= 8)
		hash = (hash ^ (number & 0xFF)) * UINT64_C(1099511628211);
	return hash;
}

/* The ends and the first packet: what no two connections share, and what any
 * version of this program finds in a capture. */
static int64_t
id_of(const struct connection *c)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	int64_t id;

	hash = hash_number(hash, c->ipv6, 1);
	for (size_t side = 0; side < 2; side++) {
		hash = hash_bytes(
		    hash, c->end[side].ip, c->ipv6 ? IPV6_LEN : IPV4_LEN);
		hash = hash_number(hash, c->end[side].port, 2);
	}
	hash = hash_number(hash, (uint64_t)c->first_us, 8);
	memcpy(&id, &hash, sizeof(id));
	return id;
}

/* Writes the MAC of the client, or "". */
static void
write_mac(const struct connection *c, char out[WORDS_MAC_MAX])
{
	static const uint8_t none[6]; /* the loopback interface's */
	const struct endpoint *client = &c->end[CLIENT];

	out[0] = '\0';
	if (client->has_mac && memcmp(client->mac, none, sizeof(none)) != 0)
		words_mac(client->mac, out);
}

static void
put_client(struct jsonout *j, const struct connection *c)
{
	char mac[WORDS_MAC_MAX], ip[IPTEXT_MAX];

	write_mac(c, mac);
	jsonout_string(j, NULL, mac, strlen(mac));
	jsonout_string(
	    j, NULL, ip, iptext_write(c->end[CLIENT].ip, c->ipv6, ip));
}

static void
write_client(const struct connection *c, char out[IPTEXT_MAX])
{
	write_mac(c, out);
	if (out[0] == '\0')
		iptext_write(c->end[CLIENT].ip, c->ipv6, out);
}

static void
put_server(
    struct jsonout *j, const struct connection *c, const struct identity *who)
{
	const struct endpoint *server = &c->end[SERVER];
	const char *encryption = codes_word(&codes_encryption, c->encryption);
	char ip[IPTEXT_MAX];
	size_t ip_len = iptext_write(server->ip, c->ipv6, ip);

	if (who->server_name[0] != '\0')
		jsonout_string(
		    j, NULL, who->server_name, strlen(who->server_name));
	else
		jsonout_string(j, NULL, ip, ip_len);
	jsonout_int(j, NULL, server->port);
	jsonout_word(j, NULL, names_protocol((int)c->protocol));
	jsonout_word(j, NULL, encryption != NULL ? encryption : "unknown");
}

static void
put_offer(
    struct jsonout *j, const struct connection *c, const struct identity *who)
{
	const char *max = names_version(c->offer.max_version);
	const char *mechanism = c->login ? c->login_mechanism : "";
	const char *name = who->program.name;

	if (max != NULL)
		jsonout_word(j, NULL, max);
	else
		jsonout_int(j, NULL, c->offer.max_version);
	jsonout_string(j, NULL, c->ja4, strlen(c->ja4));
	jsonout_string(j, NULL, mechanism, strlen(mechanism));
	jsonout_string(j, NULL, name, strlen(name));
	jsonout_open(j, NULL, '[');
	for (size_t i = 0; i < who->program.count; i++)
		jsonout_word(j, NULL, who->program.candidates[i]);
	jsonout_close(j, ']');
}

static void
write_key(const struct connection *c, const struct identity *who,
    char key[FACTS_KEY_MAX])
{
	struct jsonout j = { .to = key, .size = FACTS_KEY_MAX - 1 };

	jsonout_open(&j, NULL, '[');
	put_client(&j, c);
	put_server(&j, c, who);
	put_offer(&j, c, who);
	jsonout_close(&j, ']');
	key[j.len] = '\0';
}

static uint8_t
certificates_of(const struct connection *c)
{
	unsigned bits = 0;

	if (c->server_certificate.seen)
		bits |= FACTS_SERVER_CERTIFICATE;
	if (c->client_certificate == CLIENT_CERTIFICATE_REQUESTED)
		bits |= FACTS_CLIENT_REQUESTED;
	if (c->client_certificate == CLIENT_CERTIFICATE_SENT)
		bits |= FACTS_CLIENT_SENT;
	return (uint8_t)bits;
}

void
facts_of(
    const struct connection *c, const struct identity *who, struct facts *out)
{
	const char *version =
	    c->answer.seen ? names_version(c->answer.version) : NULL;

	/* The key is long, and written below. */
	memset(out, 0, offsetof(struct facts, key));
	out->id = id_of(c);
	out->day = calendar_day(c->first_us);
	out->first_us = c->first_us;
	out->last_us = c->last_us;
	out->version = version != NULL ? version : "";
	out->verdict = c->verdict;
	out->incomplete = c->incomplete;
	out->certificates = certificates_of(c);
	out->server_ip_len = c->ipv6 ? IPV6_LEN : IPV4_LEN;
	if (out->verdict == VERDICT_NONE)
		out->verdict = VERDICT_UNDETERMINED;
	memcpy(out->server_ip, c->end[SERVER].ip, out->server_ip_len);
	write_client(c, out->client);
	write_key(c, who, out->key);
}
