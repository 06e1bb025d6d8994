/* SPDX-License-Identifier: ISC */
/*
 * Programs say hello in the same way all the time, but for what counts for no
 * fingerprint: random numbers, keys, GREASE.  So fingerprints are kept, by what
 * they depend on.
 */
#include "report/fingerprint.h"

#include <string.h>

enum {
	KEY_MAX = 250,  /* numbers; of longer hellos nothing is kept */
	KEPT_MAX = 256, /* hellos of which the fingerprints are kept */
};

/* struct key is all the numbers that the fingerprints of a hello depend on,
 * with how many there are before each list of them. */
struct key {
	size_t count; /* more than KEY_MAX: they did not fit */
	uint16_t of[KEY_MAX];
};

/* What is kept of one hello; "" is a fingerprint that it has not. */
static struct kept {
	struct key key;
	bool has_md5;
	uint8_t md5[16]; /* JA3 or JA3S */
	char ja4[JA4_LEN + 1], ja4_fresh[JA4_LEN + 1];
} kept[KEPT_MAX + 1]; /* the last: of one that is too long */

/* --- keys ------------------------------------------------------------------ */

static void
key_add(struct key *key, uint16_t number)
{
	if (key->count < KEY_MAX)
		key->of[key->count] = number;
	key->count++;
}

/* key_end_list ends a list that began at `start`, behind the place for its
 * length. */
static void
key_end_list(struct key *key, size_t start)
{
	if (key->count <= KEY_MAX)
		key->of[start - 1] = (uint16_t)(key->count - start);
}

static void
key_add_numbers(struct key *key, struct bytes list)
{
	size_t start = key->count + 1;

	key_add(key, 0);
	while (list.len > 0) {
		uint16_t number = bytes_u16(&list);

		if (bytes_ok(list) && !hello_is_grease(number))
			key_add(key, number);
	}
	key_end_list(key, start);
}

static void
key_add_bytes(struct key *key, struct bytes list)
{
	size_t start = key->count + 1;

	key_add(key, 0);
	while (list.len > 0)
		key_add(key, bytes_u8(&list));
	key_end_list(key, start);
}

static void
key_add_extensions(struct key *key, struct bytes extensions)
{
	size_t start = key->count + 1;

	key_add(key, 0);
	while (extensions.len > 0) {
		uint16_t type = bytes_u16(&extensions);

		bytes_vec16(&extensions);
		if (bytes_ok(extensions) && !hello_is_grease(type))
			key_add(key, type);
	}
	key_end_list(key, start);
}

static void
key_of_client(const struct client_hello *hello, struct key *key)
{
	struct bytes alpn = hello->alpn;

	key->count = 0;
	key_add(key, hello->legacy_version);
	key_add_numbers(key, hello->cipher_suites);
	key_add_extensions(key, hello->extensions);
	key_add(key, hello->has_supported_versions);
	key_add_numbers(key, hello->supported_versions);
	key_add_numbers(key, hello->supported_groups);
	key_add_numbers(key, hello->signature_algorithms);
	key_add_bytes(key, hello->ec_point_formats);
	key_add_bytes(key, bytes_vec8(&alpn)); /* the first protocol */
}

static void
key_of_server(const struct server_hello *hello, struct key *key)
{
	key->count = 0;
	key_add(key, hello->legacy_version);
	key_add(key, (uint16_t)hello->cipher);
	key_add_extensions(key, hello->extensions);
}

/* --- what is kept ---------------------------------------------------------- */

static struct kept *
place_of(const struct key *key)
{
	uint64_t hash = 0;

	if (key->count > KEY_MAX)
		return &kept[KEPT_MAX];
	for (size_t i = 0; i < key->count; i++)
		hash = (hash ^ key->of[i]) * UINT64_C(0x9E3779B97F4A7C15);
	return &kept[(hash >> 32) % KEPT_MAX];
}

/* recall returns the place of `key`, and whether its fingerprints are there;
 * else they are to be put there. */
static bool
recall(const struct key *key, struct kept **place)
{
	struct kept *k = place_of(key);

	*place = k;
	if (key->count <= KEY_MAX && k->key.count == key->count &&
	    memcmp(k->key.of, key->of, key->count * sizeof(key->of[0])) == 0)
		return true;
	k->key = *key;
	return false;
}

static void
make_client(const struct client_hello *hello, struct kept *out)
{
	out->has_md5 = ja3_make(hello, out->md5);
	if (!ja4_make(hello, JA4_AS_IT_IS, out->ja4))
		out->ja4[0] = '\0';
	if (!hello->pre_shared_key ||
	    !ja4_make(hello, JA4_FRESH, out->ja4_fresh))
		out->ja4_fresh[0] = '\0';
}

void
fingerprint_client(struct connection *c, const struct client_hello *hello)
{
	struct kept *place;
	struct key key;

	if (!hello->whole)
		return;
	if (hello->sslv2_format) {
		if (!ja4_make_suites(hello, c->suites))
			c->suites[0] = '\0';
		return;
	}
	key_of_client(hello, &key);
	if (!recall(&key, &place))
		make_client(hello, place);
	c->has_ja3 = place->has_md5;
	memcpy(c->ja3, place->md5, sizeof(c->ja3));
	memcpy(c->ja4, place->ja4, sizeof(c->ja4));
	memcpy(c->ja4_fresh, place->ja4_fresh, sizeof(c->ja4_fresh));
	if (c->ja4[0] != '\0')
		memcpy(c->suites, c->ja4 + JA4_SUITES_AT, JA4_SUITES_LEN);
}

void
fingerprint_server(struct connection *c, const struct server_hello *hello)
{
	struct kept *place;
	struct key key;

	if (hello->sslv2_format || hello->hello_retry)
		return;
	key_of_server(hello, &key);
	if (!recall(&key, &place))
		place->has_md5 = ja3s_make(hello, place->md5);
	c->has_ja3s = place->has_md5;
	memcpy(c->ja3s, place->md5, sizeof(c->ja3s));
}
