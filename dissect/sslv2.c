/* SPDX-License-Identifier: ISC */
/*
 * SSL 2.0 (draft-hickman-netscape-ssl-00: 1.1 for the record header, 2.5 to
 * 2.7 for the messages).  What is read here goes in the clear and so has no
 * padding: the lengths inside a message must add up to that of its record.
 */
#include "dissect/sslv2.h"

enum {
	HEADER_SHORT = 0x8000, /* two bytes, 15 bits of length */
	CIPHER_KIND_LEN = 3,
};

size_t
sslv2_header(struct bytes *data)
{
	uint16_t word = bytes_u16(data);

	if ((word & HEADER_SHORT) != 0)
		return word & 0x7fff;
	bytes_u8(data); /* padding */
	return bytes_ok(*data) ? word & 0x3fff : 0;
}

static bool
is_version(uint16_t version)
{
	return version == SSL_2_0 || version >> 8 == SSL_3_0 >> 8;
}

bool
sslv2_client_hello(struct bytes body, struct client_hello *out)
{
	uint8_t type = bytes_u8(&body);
	size_t specs, session_id, challenge;

	hello_client(bytes_of(NULL, 0), out); /* makes every run an empty one */
	out->sslv2_format = true;
	out->legacy_version = bytes_u16(&body);
	specs = bytes_u16(&body);
	session_id = bytes_u16(&body);
	challenge = bytes_u16(&body);
	out->cipher_suites = bytes_take(&body, specs);
	out->session_id = bytes_take(&body, session_id);
	out->random = bytes_take(&body, challenge);
	out->whole =
	    bytes_ok(body) && body.len == 0 && type == SSLV2_CLIENT_HELLO &&
	    is_version(out->legacy_version) && specs % CIPHER_KIND_LEN == 0;
	return out->whole;
}

bool
sslv2_server_hello(struct bytes body, struct server_hello *out)
{
	uint8_t type = bytes_u8(&body);
	size_t certificate, specs, connection_id;

	hello_server(bytes_of(NULL, 0), out); /* makes every run an empty one */
	out->sslv2_format = true;
	bytes_u16(&body); /* SESSION-ID-HIT, CERTIFICATE-TYPE */
	out->version = out->legacy_version = bytes_u16(&body);
	certificate = bytes_u16(&body);
	specs = bytes_u16(&body);
	connection_id = bytes_u16(&body);
	out->certificate = bytes_take(&body, certificate);
	bytes_take(&body, specs);
	out->random = bytes_take(&body, connection_id);
	if (bytes_ok(body) && body.len == 0 && type == SSLV2_SERVER_HELLO &&
	    out->version == SSL_2_0 && specs % CIPHER_KIND_LEN == 0)
		return true;
	hello_server(bytes_of(NULL, 0), out);
	return false;
}

uint32_t
sslv2_master_key(struct bytes body)
{
	uint8_t type = bytes_u8(&body);
	uint32_t kind = bytes_u24(&body);
	size_t clear = bytes_u16(&body);
	size_t encrypted = bytes_u16(&body);
	size_t argument = bytes_u16(&body);

	bytes_take(&body, clear + encrypted + argument);
	if (!bytes_ok(body) || body.len > 0 || type != SSLV2_CLIENT_MASTER_KEY)
		return 0;
	return kind;
}
