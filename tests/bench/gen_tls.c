/* SPDX-License-Identifier: ISC */
/*
 * Handshakes of TLS 1.0 to 1.3 (RFC 2246, RFC 5246, RFC 8446) as far as one who
 * listens can see them.  Keys and what is encrypted are noise.
 */
#include "tests/bench/gen_tls.h"

#include <string.h>

#include "tests/bench/gen_certs.h"

enum message {
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	CERTIFICATE = 11,
	SERVER_KEY_EXCHANGE = 12,
	SERVER_HELLO_DONE = 14,
	CLIENT_KEY_EXCHANGE = 16,
};

enum extension {
	EXT_SERVER_NAME = 0,
	EXT_GROUPS = 10,
	EXT_POINT_FORMATS = 11,
	EXT_SIGNATURES = 13,
	EXT_MASTER_SECRET = 23,
	EXT_RECORD_LIMIT = 28,
	EXT_TICKET = 35,
	EXT_VERSIONS = 43,
	EXT_PSK_MODES = 45,
	EXT_KEY_SHARE = 51,
	EXT_RENEGOTIATION = 0xff01,
};

enum group {
	SECP256R1 = 0x17,
	SECP384R1 = 0x18,
	SECP521R1 = 0x19,
	X25519 = 0x1d,
};

enum {
	RANDOM_LEN = 32,
	POINT_LEN =
	    64, /* of secp256r1, after the byte that says uncompressed */
	X25519_LEN = 32,
	RSA_LEN = 256,
	UNCOMPRESSED = 4,
};

/* clang-format off */
const struct gen_program gen_programs[GEN_PROGRAMS] = {
	{ "thunderbird-nss", TLS_13, TLS_12, true, true, false, 17,
	  { 0x1301, 0x1303, 0x1302, 0xc02b, 0xc02f, 0xcca9, 0xcca8, 0xc02c,
	    0xc030, 0xc00a, 0xc009, 0xc013, 0xc014, 0x9c, 0x9d, 0x2f, 0x35 } },
	{ "openssl3", TLS_13, TLS_12, true, true, false, 31,
	  { 0x1302, 0x1303, 0x1301, 0xc02c, 0xc030, 0x9f, 0xcca9, 0xcca8,
	    0xccaa, 0xc02b, 0xc02f, 0x9e, 0xc024, 0xc028, 0x6b, 0xc023,
	    0xc027, 0x67, 0xc00a, 0xc014, 0x39, 0xc009, 0xc013, 0x33, 0x9d,
	    0x9c, 0x3d, 0x3c, 0x35, 0x2f, 0xff } },
	{ "apple-mail", TLS_13, TLS_12, true, true, true, 20,
	  { 0x1301, 0x1302, 0x1303, 0xc02c, 0xc02b, 0xcca9, 0xc030, 0xc02f,
	    0xcca8, 0xc00a, 0xc009, 0xc014, 0xc013, 0x9d, 0x9c, 0x35, 0x2f,
	    0xc008, 0xc012, 0x0a } },
	{ "gnutls-exim", TLS_13, TLS_12, true, true, false, 24,
	  { 0x1302, 0x1303, 0x1301, 0x1304, 0xc02c, 0xcca9, 0xc0ad, 0xc00a,
	    0xc02b, 0xc0ac, 0xc009, 0xc030, 0xcca8, 0xc014, 0xc02f, 0xc013,
	    0x9d, 0xc09d, 0x35, 0x9c, 0xc09c, 0x2f, 0x9f, 0xccaa } },
	{ "openssl102", TLS_12, TLS_12, true, true, false, 22,
	  { 0xc030, 0xc02c, 0xc028, 0xc024, 0xc014, 0xc00a, 0x9f, 0x6b, 0x39,
	    0x9d, 0x3d, 0x35, 0xc02f, 0xc02b, 0xc027, 0xc023, 0xc013, 0xc009,
	    0x9e, 0x67, 0x33, 0xff } },
	{ "android-k9", TLS_12, TLS_12, true, true, false, 14,
	  { 0xc02b, 0xc02c, 0xcca9, 0xc02f, 0xc030, 0xcca8, 0xc009, 0xc00a,
	    0xc013, 0xc014, 0x9c, 0x9d, 0x2f, 0x35 } },
	{ "outlook-win7", TLS_10, TLS_10, true, true, false, 12,
	  { 0x2f, 0x35, 0x05, 0x0a, 0xc013, 0xc014, 0xc009, 0xc00a, 0x32,
	    0x38, 0x13, 0x04 } },
	{ "printer-openssl098", TLS_10, TLS_10, false, false, false, 15,
	  { 0x39, 0x38, 0x35, 0x16, 0x13, 0x0a, 0x33, 0x32, 0x2f, 0x05, 0x04,
	    0x15, 0x12, 0x09, 0xff } },
	{ "java7-nas", TLS_11, TLS_11, false, true, false, 12,
	  { 0xc009, 0xc013, 0x2f, 0xc004, 0xc00e, 0x33, 0x32, 0xc008, 0xc012,
	    0x0a, 0x16, 0xff } },
};
/* clang-format on */

/* The client's session id of TLS 1.3, which the server repeats. */
static uint8_t session_id[32];

/* What a flight is made of before it is put into records. */
static struct gen_buffer scratch;

static size_t
open_message(struct gen_buffer *b, enum message type)
{
	gen_u8(b, type);
	gen_u24(b, 0);
	return b->len;
}

static void
close_message(struct gen_buffer *b, size_t from)
{
	size_t len = b->len - from;

	b->data[from - 3] = (uint8_t)(len >> 16);
	gen_set16(b->data + from - 2, (unsigned)(len & 0xffff));
}

static size_t
open_extension(struct gen_buffer *b, enum extension type)
{
	gen_u16(b, type);
	return gen_open(b);
}

static void
put_extension(struct gen_buffer *b, unsigned type, const void *data, size_t len)
{
	gen_u16(b, type);
	gen_u16(b, (unsigned)len);
	if (len > 0)
		gen_put(b, data, len);
}

/* A value that no one is to know, RFC 8701. */
static unsigned
grease(void)
{
	unsigned n = gen_below(16);

	return n << 12 | 0x0a00 | n << 4 | 0x0a;
}

static void
put_server_name(struct gen_buffer *b, const char *name)
{
	size_t extension = open_extension(b, EXT_SERVER_NAME);
	size_t list = gen_open(b);

	gen_u8(b, 0); /* a host name */
	gen_u16(b, (unsigned)strlen(name));
	gen_text(b, name);
	gen_close(b, list);
	gen_close(b, extension);
}

static void
put_groups(struct gen_buffer *b, const struct gen_program *p)
{
	size_t extension = open_extension(b, EXT_GROUPS);
	size_t list = gen_open(b);

	if (p->grease)
		gen_u16(b, grease());
	if (p->max == TLS_13)
		gen_u16(b, X25519);
	gen_u16(b, SECP256R1);
	gen_u16(b, SECP384R1);
	gen_u16(b, SECP521R1);
	gen_close(b, list);
	gen_close(b, extension);
}

static void
put_signatures(struct gen_buffer *b)
{
	static const uint16_t schemes[] = { 0x403, 0x804, 0x401, 0x503, 0x805,
		0x501, 0x806, 0x601, 0x203, 0x201 };
	size_t extension = open_extension(b, EXT_SIGNATURES);
	size_t list = gen_open(b);

	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		gen_u16(b, schemes[i]);
	gen_close(b, list);
	gen_close(b, extension);
}

static void
put_key_shares(struct gen_buffer *b, bool with_grease)
{
	size_t extension = open_extension(b, EXT_KEY_SHARE);
	size_t list = gen_open(b);

	if (with_grease) {
		gen_u16(b, grease());
		gen_u16(b, 1);
		gen_u8(b, 0);
	}
	gen_u16(b, X25519);
	gen_u16(b, X25519_LEN);
	gen_random(b, X25519_LEN);
	gen_u16(b, SECP256R1);
	gen_u16(b, 1 + POINT_LEN);
	gen_u8(b, UNCOMPRESSED);
	gen_random(b, POINT_LEN);
	gen_close(b, list);
	gen_close(b, extension);
}

static void
put_versions(struct gen_buffer *b, bool with_grease)
{
	size_t extension = open_extension(b, EXT_VERSIONS);

	gen_u8(b, with_grease ? 6 : 4);
	if (with_grease)
		gen_u16(b, grease());
	gen_u16(b, TLS_13);
	gen_u16(b, TLS_12);
	gen_close(b, extension);
}

static void
put_extensions_of_13(struct gen_buffer *b, const struct gen_program *p)
{
	put_key_shares(b, p->grease);
	put_extension(b, EXT_PSK_MODES, "\1\1", 2);
	put_versions(b, p->grease);
	if (p == &gen_programs[0])
		put_extension(b, EXT_RECORD_LIMIT, "\x40\1", 2);
	if (p->grease)
		put_extension(b, grease(), "", 1);
}

static void
put_extensions(
    struct gen_buffer *b, const struct gen_program *p, const char *name)
{
	size_t all = gen_open(b);

	if (p->grease)
		put_extension(b, grease(), NULL, 0);
	if (p->sni)
		put_server_name(b, name);
	put_extension(b, EXT_MASTER_SECRET, NULL, 0);
	put_extension(b, EXT_RENEGOTIATION, "", 1);
	put_groups(b, p);
	put_extension(b, EXT_POINT_FORMATS, "\1", 2);
	put_extension(b, EXT_TICKET, NULL, 0);
	if (p->max >= TLS_12)
		put_signatures(b);
	if (p->max == TLS_13)
		put_extensions_of_13(b, p);
	gen_close(b, all);
}

void
gen_client_hello(struct gen_buffer *out, const struct gen_program *p,
    const char *name, size_t record_max)
{
	struct gen_buffer *b = &scratch;
	size_t message, ciphers;

	b->len = 0;
	message = open_message(b, CLIENT_HELLO);
	gen_u16(b, p->legacy);
	gen_random(b, RANDOM_LEN);
	if (p->max == TLS_13) {
		gen_u8(b, sizeof(session_id));
		gen_noise(session_id, sizeof(session_id));
		gen_put(b, session_id, sizeof(session_id));
	} else {
		gen_u8(b, 0);
	}
	ciphers = gen_open(b);
	if (p->grease)
		gen_u16(b, grease());
	for (size_t i = 0; i < p->count; i++)
		gen_u16(b, p->ciphers[i]);
	gen_close(b, ciphers);
	gen_put(b, "\1", 2); /* no compression */
	if (p->extensions)
		put_extensions(b, p, name);
	close_message(b, message);
	gen_record(out, RECORD_HANDSHAKE, TLS_10, b, record_max);
}

void
gen_record(struct gen_buffer *out, enum record_type type, unsigned version,
    const struct gen_buffer *message, size_t max)
{
	size_t at = 0;

	do {
		size_t left = message->len - at;
		size_t part = left > max ? max : left;

		gen_u8(out, type);
		gen_u16(out, version);
		gen_u16(out, (unsigned)part);
		gen_put(out, message->data + at, part);
		at += part;
	} while (at < message->len);
}

void
gen_encrypted(
    struct gen_buffer *out, enum record_type type, unsigned version, size_t len)
{
	while (len > 0) {
		size_t part = len > RECORD_MAX ? RECORD_MAX : len;

		gen_u8(out, type);
		gen_u16(out, version);
		gen_u16(out, (unsigned)part);
		gen_random(out, part);
		len -= part;
	}
}

static void
put_ccs(struct gen_buffer *out, unsigned version)
{
	gen_u8(out, RECORD_CCS);
	gen_u16(out, version);
	gen_u16(out, 1);
	gen_u8(out, 1);
}

static void
put_hello_end_13(struct gen_buffer *b)
{
	size_t all, share;

	gen_u8(b, sizeof(session_id));
	gen_put(b, session_id, sizeof(session_id));
	gen_u16(b, 0x1301);
	gen_u8(b, 0);
	all = gen_open(b);
	put_extension(b, EXT_VERSIONS, "\3\4", 2);
	share = open_extension(b, EXT_KEY_SHARE);
	gen_u16(b, X25519);
	gen_u16(b, X25519_LEN);
	gen_random(b, X25519_LEN);
	gen_close(b, share);
	gen_close(b, all);
}

static void
put_hello_end(
    struct gen_buffer *b, unsigned version, const struct gen_program *p)
{
	size_t all;

	gen_u8(b, 32);
	gen_random(b, 32);
	if (version == TLS_12)
		gen_u16(b, 0xc02f);
	else
		gen_u16(b, p->extensions ? 0xc013 : 0x2f);
	gen_u8(b, 0);
	if (!p->extensions)
		return;
	all = gen_open(b);
	put_extension(b, EXT_RENEGOTIATION, "", 1);
	put_extension(b, EXT_POINT_FORMATS, "\1", 2);
	gen_close(b, all);
}

static void
put_server_hello(
    struct gen_buffer *b, unsigned version, const struct gen_program *p)
{
	size_t message = open_message(b, SERVER_HELLO);

	gen_u16(b, version == TLS_13 ? TLS_12 : version);
	gen_random(b, RANDOM_LEN);
	if (version == TLS_13)
		put_hello_end_13(b);
	else
		put_hello_end(b, version, p);
	close_message(b, message);
}

static void
put_certificates(struct gen_buffer *b)
{
	size_t message = open_message(b, CERTIFICATE);

	gen_u24(b, sizeof(gen_leaf) + sizeof(gen_authority) + 6);
	gen_u24(b, sizeof(gen_leaf));
	gen_put(b, gen_leaf, sizeof(gen_leaf));
	gen_u24(b, sizeof(gen_authority));
	gen_put(b, gen_authority, sizeof(gen_authority));
	close_message(b, message);
}

static void
put_point(struct gen_buffer *b)
{
	gen_u8(b, 1 + POINT_LEN);
	gen_u8(b, UNCOMPRESSED);
	gen_random(b, POINT_LEN);
}

static void
put_key_exchange(struct gen_buffer *b, unsigned version)
{
	size_t message = open_message(b, SERVER_KEY_EXCHANGE);

	gen_u8(b, 3); /* a named curve */
	gen_u16(b, SECP256R1);
	put_point(b);
	if (version == TLS_12)
		gen_u16(b, 0x401); /* rsa_pkcs1_sha256 */
	gen_u16(b, RSA_LEN);
	gen_random(b, RSA_LEN);
	close_message(b, message);
}

void
gen_server_flight(struct gen_buffer *out, unsigned version,
    const struct gen_program *p, size_t record_max)
{
	struct gen_buffer *b = &scratch;

	b->len = 0;
	put_server_hello(b, version, p);
	if (version == TLS_13) {
		gen_record(out, RECORD_HANDSHAKE, TLS_12, b, record_max);
		put_ccs(out, TLS_12);
		gen_encrypted(out, RECORD_DATA, TLS_12, 6 + 16 + 5);
		gen_encrypted(out, RECORD_DATA, TLS_12,
		    sizeof(gen_leaf) + sizeof(gen_authority) + 40);
		gen_encrypted(out, RECORD_DATA, TLS_12, 286);
		gen_encrypted(out, RECORD_DATA, TLS_12, 69);
		return;
	}
	put_certificates(b);
	if (p->extensions)
		put_key_exchange(b, version);
	close_message(b, open_message(b, SERVER_HELLO_DONE));
	gen_record(out, RECORD_HANDSHAKE, version, b, record_max);
}

/* The length of an encrypted Finished. */
static size_t
finished_len(unsigned version)
{
	return version == TLS_12 ? 40 : 48;
}

void
gen_client_finish(
    struct gen_buffer *out, unsigned version, const struct gen_program *p)
{
	struct gen_buffer *b = &scratch;
	size_t message;

	if (version == TLS_13) {
		put_ccs(out, TLS_12);
		gen_encrypted(out, RECORD_DATA, TLS_12, 69);
		return;
	}
	b->len = 0;
	message = open_message(b, CLIENT_KEY_EXCHANGE);
	if (p->extensions) {
		put_point(b);
	} else {
		gen_u16(b, RSA_LEN);
		gen_random(b, RSA_LEN);
	}
	close_message(b, message);
	gen_record(out, RECORD_HANDSHAKE, version, b, RECORD_MAX);
	put_ccs(out, version);
	gen_encrypted(out, RECORD_HANDSHAKE, version, finished_len(version));
}

void
gen_server_finish(struct gen_buffer *out, unsigned version)
{
	if (version == TLS_13) {
		gen_encrypted(out, RECORD_DATA, TLS_12, 250); /* tickets */
		return;
	}
	put_ccs(out, version);
	gen_encrypted(out, RECORD_HANDSHAKE, version, finished_len(version));
}
