/* SPDX-License-Identifier: ISC */
/*
 * draft-hickman-netscape-ssl.
 */
#include "tests/mksslv2.h"

#include "tests/mktls.h"

void
mksslv2_hello(struct mkbytes *b, uint16_t version)
{
	size_t at = mkbytes_open(b, 2);

	mkbytes_u8(b, 1); /* CLIENT-HELLO */
	mkbytes_u16(b, version);
	mkbytes_u16(b, 9);  /* cipher specs */
	mkbytes_u16(b, 0);  /* session id */
	mkbytes_u16(b, 16); /* challenge */
	mkbytes_u8(b, version == SSL_2_0 ? 1 : 0);
	mkbytes_u16(b, version == SSL_2_0 ? 0x0080 : 0x002f);
	mkbytes_u8(b, version == SSL_2_0 ? 7 : 0);
	mkbytes_u16(b, version == SSL_2_0 ? 0x00c0 : 0xc009);
	mkbytes_u8(b, 0);
	mkbytes_u16(b, 0x000a);
	mkbytes_random(b, version, 16);
	mkbytes_close(b, at, 2);
	b->data[at] |= 0x80; /* a header of two bytes */
}

/* One SSL 2.0 record of type `type`, or of noise if that is negative. */
static void
say_sslv2(struct mktalk *t, enum side from, int type, size_t len)
{
	static struct mkbytes wire;

	wire.len = 0;
	mkbytes_u16(&wire, 0x8000 | (unsigned)len);
	if (type >= 0)
		mkbytes_u8(&wire, (unsigned)type);
	mkbytes_random(&wire, len, len - (type >= 0 ? 1 : 0));
	mktalk_bytes(t, from, &wire);
}

static void
say_sslv2_server_hello(struct mktalk *t)
{
	static struct mkbytes wire;
	size_t at;

	wire.len = 0;
	at = mkbytes_open(&wire, 2);
	mkbytes_u8(&wire, 4);       /* SERVER-HELLO */
	mkbytes_u16(&wire, 0x0001); /* no session id hit, X.509 */
	mkbytes_u16(&wire, SSL_2_0);
	mkbytes_u16(&wire, sizeof(mktls_certificate));
	mkbytes_u16(&wire, 3);
	mkbytes_u16(&wire, 16);
	mkbytes_put(&wire, mktls_certificate, sizeof(mktls_certificate));
	mkbytes_u8(&wire, 1); /* SSL_CK_RC4_128_WITH_MD5 */
	mkbytes_u16(&wire, 0x0080);
	mkbytes_random(&wire, 2, 16);
	mkbytes_close(&wire, at, 2);
	wire.data[at] |= 0x80;
	mktalk_bytes(t, SERVER, &wire);
}

static void
say_sslv2_master_key(struct mktalk *t)
{
	static struct mkbytes wire;
	size_t at;

	wire.len = 0;
	at = mkbytes_open(&wire, 2);
	mkbytes_u8(&wire, 2); /* CLIENT-MASTER-KEY */
	mkbytes_u8(&wire, 1); /* SSL_CK_RC4_128_WITH_MD5 */
	mkbytes_u16(&wire, 0x0080);
	mkbytes_u16(&wire, 0);   /* clear key */
	mkbytes_u16(&wire, 128); /* encrypted key */
	mkbytes_u16(&wire, 0);   /* key argument */
	mkbytes_random(&wire, 3, 128);
	mkbytes_close(&wire, at, 2);
	wire.data[at] |= 0x80;
	mktalk_bytes(t, CLIENT, &wire);
}

void
mksslv2_session(struct mktalk *t)
{
	static struct mkbytes wire;

	wire.len = 0;
	mksslv2_hello(&wire, SSL_2_0);
	mktalk_bytes(t, CLIENT, &wire);
	say_sslv2_server_hello(t);
	say_sslv2_master_key(t);
	say_sslv2(t, SERVER, -1, 33); /* SERVER-VERIFY, encrypted */
	say_sslv2(t, CLIENT, -1, 33); /* CLIENT-FINISHED */
	say_sslv2(t, SERVER, -1, 33); /* SERVER-FINISHED */
	say_sslv2(t, CLIENT, -1, 50);
	say_sslv2(t, SERVER, -1, 90);
}
