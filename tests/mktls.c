/* SPDX-License-Identifier: ISC */
/*
 * RFC 5246 7.3 and RFC 8446 2: which messages, in which order.
 */
#include "tests/mktls.h"

enum {
	CERTIFICATE = 11,
	SERVER_KEY_EXCHANGE = 12,
	CERTIFICATE_REQUEST = 13,
	SERVER_HELLO_DONE = 14,
	CLIENT_KEY_EXCHANGE = 16,
	FINISHED_LEN = 40,
};

/*
 * CN=mail.example.net, self-signed, EC P-256, 2020-01-01 to 2040-01-01.  Its
 * key was thrown away.
 */
/* clang-format off */
const uint8_t mktls_certificate[MKTLS_CERTIFICATE_LEN] = {
	0x30, 0x82, 0x01, 0x62, 0x30, 0x82, 0x01, 0x09, 0xa0, 0x03, 0x02, 0x01,
	0x02, 0x02, 0x01, 0x01, 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
	0x3d, 0x04, 0x03, 0x02, 0x30, 0x1b, 0x31, 0x19, 0x30, 0x17, 0x06, 0x03,
	0x55, 0x04, 0x03, 0x0c, 0x10, 0x6d, 0x61, 0x69, 0x6c, 0x2e, 0x65, 0x78,
	0x61, 0x6d, 0x70, 0x6c, 0x65, 0x2e, 0x6e, 0x65, 0x74, 0x30, 0x1e, 0x17,
	0x0d, 0x32, 0x30, 0x30, 0x31, 0x30, 0x31, 0x30, 0x30, 0x30, 0x30, 0x30,
	0x30, 0x5a, 0x17, 0x0d, 0x34, 0x30, 0x30, 0x31, 0x30, 0x31, 0x30, 0x30,
	0x30, 0x30, 0x30, 0x30, 0x5a, 0x30, 0x1b, 0x31, 0x19, 0x30, 0x17, 0x06,
	0x03, 0x55, 0x04, 0x03, 0x0c, 0x10, 0x6d, 0x61, 0x69, 0x6c, 0x2e, 0x65,
	0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65, 0x2e, 0x6e, 0x65, 0x74, 0x30, 0x59,
	0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
	0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
	0x04, 0x60, 0x54, 0xb7, 0x7d, 0xc6, 0x55, 0x00, 0x8e, 0xd4, 0x98, 0xc2,
	0x7e, 0xa3, 0x1d, 0xe3, 0x31, 0x67, 0xfc, 0xfe, 0x53, 0x0a, 0xfb, 0xbc,
	0x79, 0xaf, 0xb5, 0x0e, 0x53, 0x80, 0xcd, 0x4a, 0x2f, 0x8e, 0x60, 0x96,
	0xa0, 0xb6, 0xb6, 0xa2, 0x32, 0x41, 0x91, 0x02, 0xd7, 0x19, 0x0c, 0xcc,
	0x0b, 0x7d, 0x86, 0x45, 0xd9, 0x3c, 0xe1, 0xbb, 0x17, 0x17, 0xe7, 0x80,
	0x93, 0xce, 0x15, 0xb6, 0xf5, 0xa3, 0x3e, 0x30, 0x3c, 0x30, 0x1b, 0x06,
	0x03, 0x55, 0x1d, 0x11, 0x04, 0x14, 0x30, 0x12, 0x82, 0x10, 0x6d, 0x61,
	0x69, 0x6c, 0x2e, 0x65, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65, 0x2e, 0x6e,
	0x65, 0x74, 0x30, 0x1d, 0x06, 0x03, 0x55, 0x1d, 0x0e, 0x04, 0x16, 0x04,
	0x14, 0x21, 0x41, 0xcb, 0x31, 0xb9, 0xa2, 0x87, 0xac, 0x24, 0xb8, 0x48,
	0xc0, 0x25, 0xf8, 0xd4, 0xfb, 0x88, 0x67, 0xef, 0xce, 0x30, 0x0a, 0x06,
	0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02, 0x03, 0x47, 0x00,
	0x30, 0x44, 0x02, 0x20, 0x1d, 0xea, 0x1b, 0xd9, 0x1e, 0xd0, 0xb5, 0xdf,
	0xfe, 0xb6, 0xde, 0xd9, 0xb6, 0xcf, 0xce, 0x9e, 0x00, 0xcf, 0xd9, 0xb4,
	0x2e, 0xab, 0xa1, 0xfe, 0x99, 0x1d, 0xdf, 0x44, 0x62, 0x96, 0xf7, 0x54,
	0x02, 0x20, 0x12, 0xe0, 0x3f, 0x95, 0x22, 0x8b, 0xc8, 0x25, 0xfd, 0x52,
	0x3c, 0x94, 0x67, 0xa2, 0xca, 0x8f, 0x72, 0xc3, 0x7a, 0xdc, 0x66, 0xdf,
	0xed, 0x2f, 0xe4, 0x52, 0x0f, 0x28, 0xb7, 0x42, 0x6e, 0x24,
};
/* clang-format on */

static bool
is_ecdhe(uint16_t cipher)
{
	return cipher >= 0xc006 && cipher <= 0xc0af;
}

static void
put_certificate(struct mkbytes *b)
{
	size_t message = mkhello_open(b, CERTIFICATE), list, one;

	list = mkbytes_open(b, 3);
	one = mkbytes_open(b, 3);
	mkbytes_put(b, mktls_certificate, sizeof(mktls_certificate));
	mkbytes_close(b, one, 3);
	mkbytes_close(b, list, 3);
	mkbytes_close(b, message, 3);
}

static void
put_key_exchange(struct mkbytes *b, const struct mkdeal *deal)
{
	size_t message = mkhello_open(b, SERVER_KEY_EXCHANGE), at;

	mkbytes_u8(b, 3); /* named_curve, RFC 8422 5.4 */
	mkbytes_u16(b, deal->group);
	mkbytes_u8(b, 32);
	mkbytes_random(b, deal->offer.seed + 8, 32);
	if (deal->version >= TLS_1_2)
		mkbytes_u16(b, 0x0403); /* ecdsa_secp256r1_sha256 */
	at = mkbytes_open(b, 2);
	mkbytes_random(b, deal->offer.seed + 9, 71);
	mkbytes_close(b, at, 2);
	mkbytes_close(b, message, 3);
}

static void
put_certificate_request(struct mkbytes *b, uint16_t version)
{
	size_t message = mkhello_open(b, CERTIFICATE_REQUEST);

	mkbytes_u16(b, 0x0140); /* ecdsa_sign */
	if (version >= TLS_1_2)
		mkbytes_u32(b, 0x00020403);
	mkbytes_u16(b, 0); /* no authorities named */
	mkbytes_close(b, message, 3);
}

/* The server's flight up to TLS 1.2, RFC 5246 7.3. */
static void
put_flight(struct mkbytes *b, const struct mkdeal *deal)
{
	put_certificate(b);
	if (is_ecdhe(deal->cipher))
		put_key_exchange(b, deal);
	if (deal->ask_certificate)
		put_certificate_request(b, deal->version);
	mkbytes_close(b, mkhello_open(b, SERVER_HELLO_DONE), 3);
}

void
mktls_record(struct mkbytes *b, unsigned type, unsigned version,
    const void *data, size_t len)
{
	mkbytes_u8(b, type);
	mkbytes_u16(b, version);
	mkbytes_u16(b, (unsigned)len);
	mkbytes_put(b, data, len);
}

void
mktls_records(struct mkbytes *b, unsigned type, unsigned version,
    const struct mkbytes *body, size_t most)
{
	for (size_t at = 0; at < body->len; at += most)
		mktls_record(b, type, version, body->data + at,
		    body->len - at < most ? body->len - at : most);
}

static void
put_noise(struct mkbytes *b, unsigned type, unsigned version, uint64_t seed,
    size_t len)
{
	static struct mkbytes noise;

	noise.len = 0;
	mkbytes_random(&noise, seed, len);
	mktls_record(b, type, version, noise.data, noise.len);
}

static void
put_change_cipher(struct mkbytes *b, unsigned version)
{
	mktls_record(b, RECORD_CCS, version, "\1", 1);
}

void
mktls_say_hello(struct mktalk *t, const struct mkoffer *offer)
{
	static struct mkbytes message, wire;
	unsigned version = offer->legacy < TLS_1_0 ? offer->legacy : TLS_1_0;
	struct mkoffer salted = *offer;

	salted.seed += t->salt;
	message.len = wire.len = 0;
	mkhello_client(&message, &salted);
	mktls_record(
	    &wire, RECORD_HANDSHAKE, version, message.data, message.len);
	mktalk_bytes(t, CLIENT, &wire);
}

/* Up to 1.2, when resumed, the server goes first: RFC 5246 7.3. */
static void
put_server_finished(struct mkbytes *b, const struct mkdeal *deal)
{
	put_change_cipher(b, deal->version);
	put_noise(b, RECORD_HANDSHAKE, deal->version, deal->offer.seed + 10,
	    FINISHED_LEN);
}

void
mktls_say_answer(struct mktalk *t, const struct mkdeal *deal)
{
	static struct mkbytes message, wire;
	unsigned version = deal->version < TLS_1_3 ? deal->version : TLS_1_2;
	struct mkdeal salted = *deal;

	deal = &salted;
	salted.offer.seed += t->salt;
	message.len = wire.len = 0;
	mkhello_server(&message, deal);
	if (deal->version < TLS_1_3 && !deal->resumed)
		put_flight(&message, deal);
	mktls_records(&wire, RECORD_HANDSHAKE, version, &message,
	    deal->fragment != 0 ? deal->fragment : MKBYTES_MAX);
	if (deal->version == TLS_1_3) {
		put_change_cipher(&wire, version);
		put_noise(
		    &wire, RECORD_DATA, version, deal->offer.seed + 11, 700);
	} else if (deal->resumed) {
		put_server_finished(&wire, deal);
	}
	mktalk_bytes(t, SERVER, &wire);
}

static void
put_client_key(struct mkbytes *b, const struct mkdeal *deal)
{
	static struct mkbytes message;
	size_t at;

	message.len = 0;
	if (deal->ask_certificate) {
		at = mkhello_open(&message, CERTIFICATE);
		mkbytes_fill(&message, 0, 3); /* an empty list */
		mkbytes_close(&message, at, 3);
	}
	at = mkhello_open(&message, CLIENT_KEY_EXCHANGE);
	if (is_ecdhe(deal->cipher))
		mkbytes_u8(&message, 32);
	else if (deal->version > SSL_3_0)
		mkbytes_u16(&message, 256); /* RSA */
	mkbytes_random(
	    &message, deal->offer.seed + 12, is_ecdhe(deal->cipher) ? 32 : 256);
	mkbytes_close(&message, at, 3);
	mktls_record(
	    b, RECORD_HANDSHAKE, deal->version, message.data, message.len);
}

void
mktls_say_finished(struct mktalk *t, const struct mkdeal *deal)
{
	static struct mkbytes wire;
	bool modern = deal->version == TLS_1_3;
	unsigned version = modern ? TLS_1_2 : deal->version;

	wire.len = 0;
	if (!modern && !deal->resumed)
		put_client_key(&wire, deal);
	put_change_cipher(&wire, version);
	put_noise(&wire, modern ? RECORD_DATA : RECORD_HANDSHAKE, version,
	    deal->offer.seed + 13, modern ? 53 : FINISHED_LEN);
	mktalk_bytes(t, CLIENT, &wire);
	if (modern || deal->resumed)
		return;
	wire.len = 0;
	put_server_finished(&wire, deal);
	mktalk_bytes(t, SERVER, &wire);
}

void
mktls_say_data(struct mktalk *t, enum side from, size_t len)
{
	static struct mkbytes wire;

	wire.len = 0;
	put_noise(&wire, RECORD_DATA, TLS_1_2, len, len);
	mktalk_bytes(t, from, &wire);
}

void
mktls_say_alert(struct mktalk *t, enum side from, unsigned version,
    unsigned level, unsigned code)
{
	static struct mkbytes wire;
	uint8_t alert[2] = { (uint8_t)level, (uint8_t)code };

	wire.len = 0;
	mktls_record(&wire, RECORD_ALERT, version, alert, sizeof(alert));
	mktalk_bytes(t, from, &wire);
}

void
mktls_handshake(struct mktalk *t, const struct mkdeal *deal)
{
	mktls_say_hello(t, &deal->offer);
	mktls_say_answer(t, deal);
	mktls_say_finished(t, deal);
	mktls_say_data(t, CLIENT, 60);
	mktls_say_data(t, SERVER, 120);
	mktls_say_data(t, CLIENT, 80);
}
