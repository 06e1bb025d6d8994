/* SPDX-License-Identifier: ISC */
/*
 * RFC 5246 7.4.1 and RFC 8446 4.1, with their extensions.
 */
#include "tests/mkhello.h"

#include <string.h>

enum {
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	RANDOM_LEN = 32,
	GREASE = 0x2a2a, /* RFC 8701 */
};

struct mkdeal
mkdeal_of(uint16_t max, uint16_t chosen)
{
	struct mkdeal d = {
		.offer = {
			.legacy = max < TLS_1_3 ? max : TLS_1_2,
			/* ECDHE-ECDSA with GCM, with CBC; RSA with CBC */
			.suites = { 0xc02b, 0xc009, 0x002f },
			.server_name = "mail.example.net",
			.no_extensions = max == SSL_3_0,
			.group = GROUP_X25519,
			.key_len = 32,
			.seed = max,
		},
		.version = chosen,
		.cipher = 0xc009,
		.group = GROUP_X25519,
	};

	if (max == TLS_1_3) {
		static const uint16_t versions[] = { TLS_1_3, TLS_1_2 };
		static const uint16_t suites[] = { 0x1301, 0xc02b, 0xc009,
			0x002f };

		memcpy(d.offer.versions, versions, sizeof(versions));
		memcpy(d.offer.suites, suites, sizeof(suites));
	}
	if (chosen == TLS_1_3)
		d.cipher = 0x1301;
	if (chosen == TLS_1_2)
		d.cipher = 0xc02b;
	if (chosen == SSL_3_0)
		d.cipher = 0x002f;
	return d;
}

size_t
mkhello_open(struct mkbytes *b, unsigned type)
{
	mkbytes_u8(b, type);
	return mkbytes_open(b, 3);
}

static void
put_list(struct mkbytes *b, size_t width, bool grease, const uint16_t *list)
{
	size_t at = mkbytes_open(b, width);

	if (grease)
		mkbytes_u16(b, GREASE);
	for (size_t i = 0; i < MKHELLO_LIST_MAX && list[i] != 0; i++)
		mkbytes_u16(b, list[i]);
	mkbytes_close(b, at, width);
}

static size_t
open_extension(struct mkbytes *b, unsigned type)
{
	mkbytes_u16(b, type);
	return mkbytes_open(b, 2);
}

static void
put_server_name(struct mkbytes *b, const char *name)
{
	size_t ext = open_extension(b, 0), list = mkbytes_open(b, 2), at;

	mkbytes_u8(b, 0); /* host_name */
	at = mkbytes_open(b, 2);
	mkbytes_text(b, name);
	mkbytes_close(b, at, 2);
	mkbytes_close(b, list, 2);
	mkbytes_close(b, ext, 2);
}

static void
put_alpn(struct mkbytes *b, const char *protocol)
{
	size_t ext = open_extension(b, 16), list = mkbytes_open(b, 2);
	size_t at = mkbytes_open(b, 1);

	mkbytes_text(b, protocol);
	mkbytes_close(b, at, 1);
	mkbytes_close(b, list, 2);
	mkbytes_close(b, ext, 2);
}

static void
put_versions_and_key(struct mkbytes *b, const struct mkoffer *offer)
{
	size_t ext = open_extension(b, 43), list, key;

	put_list(b, 1, offer->grease, offer->versions);
	mkbytes_close(b, ext, 2);
	ext = open_extension(b, 51); /* key_share */
	list = mkbytes_open(b, 2);
	if (offer->grease) {
		mkbytes_u16(b, GREASE);
		mkbytes_u16(b, 1);
		mkbytes_u8(b, 0);
	}
	mkbytes_u16(b, offer->group);
	key = mkbytes_open(b, 2);
	mkbytes_random(b, offer->seed + 1, offer->key_len);
	mkbytes_close(b, key, 2);
	mkbytes_close(b, list, 2);
	mkbytes_close(b, ext, 2);
}

static void
put_client_extensions(struct mkbytes *b, const struct mkoffer *offer)
{
	const uint16_t groups[MKHELLO_LIST_MAX] = { offer->group,
		GROUP_SECP256R1 };
	/* ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256, rsa_pkcs1_sha256 */
	static const uint16_t algorithms[MKHELLO_LIST_MAX] = { 0x0403, 0x0804,
		0x0401 };
	size_t all = mkbytes_open(b, 2), ext;

	if (offer->grease)
		mkbytes_close(b, open_extension(b, GREASE), 2);
	if (offer->server_name != NULL)
		put_server_name(b, offer->server_name);
	if (offer->alpn != NULL)
		put_alpn(b, offer->alpn);
	ext = open_extension(b, 10);
	put_list(b, 2, offer->grease, groups);
	mkbytes_close(b, ext, 2);
	ext = open_extension(b, 11); /* ec_point_formats: uncompressed */
	mkbytes_u16(b, 0x0100);
	mkbytes_close(b, ext, 2);
	if (offer->legacy >= TLS_1_2) {
		ext = open_extension(b, 13);
		put_list(b, 2, false, algorithms);
		mkbytes_close(b, ext, 2);
	}
	if (offer->versions[0] != 0)
		put_versions_and_key(b, offer);
	if (offer->ech) {
		ext = open_extension(b, 0xfe0d); /* RFC 9849 */
		mkbytes_u32(b, 0x00000100);      /* outer, HKDF-SHA256 */
		mkbytes_u16(b, 0x0107);          /* AES-128-GCM, config 7 */
		mkbytes_u16(b, 32);
		mkbytes_random(b, offer->seed + 2, 32);
		mkbytes_u16(b, 144);
		mkbytes_random(b, offer->seed + 3, 144);
		mkbytes_close(b, ext, 2);
	}
	mkbytes_close(b, all, 2);
}

void
mkhello_client(struct mkbytes *b, const struct mkoffer *offer)
{
	bool session = offer->versions[0] != 0 || offer->with_session;
	size_t message = mkhello_open(b, CLIENT_HELLO), at;

	mkbytes_u16(b, offer->legacy);
	mkbytes_random(b, offer->seed, RANDOM_LEN);
	at = mkbytes_open(b, 1);
	mkbytes_random(b, offer->seed + 4, session ? 32 : 0);
	mkbytes_close(b, at, 1);
	put_list(b, 2, offer->grease, offer->suites);
	mkbytes_u16(b, 0x0100); /* no compression */
	if (!offer->no_extensions)
		put_client_extensions(b, offer);
	mkbytes_close(b, message, 3);
}

static void
put_server_random(struct mkbytes *b, const struct mkdeal *deal)
{
	/* RFC 8446 4.1.3 */
	mkbytes_random(b, deal->offer.seed + 5,
	    RANDOM_LEN - (deal->sentinel != 0 ? 8 : 0));
	if (deal->sentinel == 0)
		return;
	mkbytes_text(b, "DOWNGRD");
	mkbytes_u8(b, deal->sentinel == TLS_1_2 ? 1 : 0);
}

/* of the server's key share */
static size_t
key_len(uint16_t group)
{
	if (group == GROUP_X25519MLKEM768)
		return 1120; /* draft-ietf-tls-ecdhe-mlkem */
	return group == GROUP_SECP256R1 ? 65 : 32;
}

/* Before draft 22 the version was in the field that is legacy_version now. */
static bool
is_old_draft(uint16_t draft)
{
	return draft >= 0x7f00 && draft < 0x7f16;
}

static void
put_server_extensions(struct mkbytes *b, const struct mkdeal *deal)
{
	size_t all = mkbytes_open(b, 2), ext, key;

	if (deal->version < TLS_1_3) {
		ext = open_extension(b, 0xff01); /* RFC 5746 */
		mkbytes_u8(b, 0);
		mkbytes_close(b, ext, 2);
	} else {
		ext = open_extension(b, 51);
		mkbytes_u16(b, deal->group);
		key = mkbytes_open(b, 2);
		mkbytes_random(b, deal->offer.seed + 6, key_len(deal->group));
		mkbytes_close(b, key, 2);
		mkbytes_close(b, ext, 2);
	}
	if (deal->version == TLS_1_3 && !is_old_draft(deal->draft)) {
		ext = open_extension(b, 43);
		mkbytes_u16(b, deal->draft != 0 ? deal->draft : TLS_1_3);
		mkbytes_close(b, ext, 2);
	}
	mkbytes_close(b, all, 2);
}

void
mkhello_server(struct mkbytes *b, const struct mkdeal *deal)
{
	size_t message = mkhello_open(b, SERVER_HELLO);
	bool old_draft = is_old_draft(deal->draft);
	bool session = deal->version == TLS_1_3 || deal->offer.with_session;

	if (old_draft)
		mkbytes_u16(b, deal->draft);
	else
		mkbytes_u16(
		    b, deal->version < TLS_1_3 ? deal->version : TLS_1_2);
	put_server_random(b, deal);
	if (!old_draft) {
		mkbytes_u8(b, session ? 32 : 0);
		/* resumed: the client's own; else another */
		mkbytes_random(b,
		    deal->offer.seed +
			(deal->version == TLS_1_3 || deal->resumed ? 4 : 7),
		    session ? 32 : 0);
	}
	mkbytes_u16(b, deal->cipher);
	if (!old_draft)
		mkbytes_u8(b, 0);
	if (!deal->offer.no_extensions)
		put_server_extensions(b, deal);
	mkbytes_close(b, message, 3);
}

void
mkhello_retry(struct mkbytes *b, const struct mkdeal *deal)
{
	/* SHA-256 of "HelloRetryRequest", RFC 8446 4.1.3 */
	static const uint8_t random[RANDOM_LEN] = { 0xcf, 0x21, 0xad, 0x74,
		0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65,
		0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
		0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };
	size_t message = mkhello_open(b, SERVER_HELLO);

	mkbytes_u16(b, TLS_1_2);
	mkbytes_put(b, random, sizeof(random));
	mkbytes_u8(b, 32);
	mkbytes_random(b, deal->offer.seed + 4, 32);
	mkbytes_u16(b, deal->cipher);
	mkbytes_u8(b, 0);
	mkbytes_u16(b, 12);
	mkbytes_u32(b, 0x00330002); /* key_share: secp256r1 */
	mkbytes_u16(b, GROUP_SECP256R1);
	mkbytes_u32(b, 0x002b0002); /* supported_versions: 1.3 */
	mkbytes_u16(b, TLS_1_3);
	mkbytes_close(b, message, 3);
}
