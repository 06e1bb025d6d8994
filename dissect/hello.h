/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_HELLO_H
#define MAILTLS_DISSECT_HELLO_H

#include "dissect/bytes.h"
#include "dissect/connection.h"

/*
 * struct client_hello is a view of a ClientHello (RFC 5246 7.4.1.2, RFC 8446
 * 4.1.2), of SSL 3.0 and all TLS versions, or of an SSLv2-format hello (RFC
 * 5246 appendix E.2, draft-hickman-netscape-ssl).  Its runs borrow the
 * message and end with it; a list that is not there is an empty run.
 */
struct client_hello {
	bool sslv2_format;
	bool whole; /* well formed to the end of the extensions */
	uint16_t legacy_version;
	struct bytes random; /* 32 bytes; SSLv2: the challenge */
	struct bytes session_id;
	struct bytes cipher_suites; /* 2 bytes each; SSLv2 format: 3 each */
	struct bytes extensions;    /* type 2, length 2, body; in wire order */
	/* Bodies of single extensions, without their inner length field. */
	struct bytes server_name;          /* host_name */
	struct bytes supported_groups;     /* 2 bytes each */
	struct bytes ec_point_formats;     /* 1 byte each */
	struct bytes signature_algorithms; /* 2 bytes each */
	struct bytes alpn; /* names, 1 byte of length before each */
	struct bytes supported_versions; /* 2 bytes each */
	bool has_server_name, has_alpn, has_supported_versions;
	bool session_ticket; /* a non-empty ticket is offered, RFC 5077 */
	bool early_data;
	bool pre_shared_key;
	bool ech; /* RFC 9849, encrypted_client_hello */
};

/* struct server_hello is the like of a ServerHello, SSLv2's included. */
struct server_hello {
	bool sslv2_format;
	bool hello_retry; /* RFC 8446 4.1.4: its random is the constant */
	uint16_t version; /* negotiated: the extension, else the field */
	uint16_t legacy_version; /* the field */
	uint16_t draft;          /* wire value when that was a draft of 1.3 */
	uint32_t cipher;         /* SSLv2: 0, the client chooses */
	uint16_t group;          /* of key_share, 0 if none */
	uint16_t sentinel;       /* TLS_1_2, TLS_1_1, or 0: RFC 8446 4.1.3 */
	struct bytes random;
	struct bytes session_id;
	struct bytes extensions;
	struct bytes alpn; /* the one name chosen; SSLv2: empty */
	bool pre_shared_key;
	struct bytes certificate; /* SSLv2 only: the server's certificate */
};

/*
 * hello_client reads `body`, a ClientHello without its handshake header, into
 * `*out`.  It returns false when not even the version and random were there;
 * else true, with `whole` telling whether all vectors and extensions end where
 * they should and supported_versions is well formed.  What was read before the
 * damage is kept, and a body of another extension that does not parse is an
 * empty run: a strange name hides no old version.
 */
bool hello_client(struct bytes body, struct client_hello *out);

/*
 * hello_server does so for a ServerHello.  It returns false, with nothing in
 * `*out`, when the message is not well formed or its version is none that we
 * know; a negotiated version is never read from a broken one.
 */
bool hello_server(struct bytes body, struct server_hello *out);

/*
 * hello_offer copies what outlives the message into `*out`.  Listed versions
 * are those that hello_version knows, as it returns them and each once.  The
 * maximum is the highest of them or, without a list, that of the field; it
 * stays 0 when the hello is not whole or names none that we know.
 */
void hello_offer(const struct client_hello *hello, struct offer *out);

/* hello_is_grease tells whether `value` is a GREASE one, 0x?A?A. */
bool hello_is_grease(uint16_t value);

/*
 * hello_version returns the version that the wire value `version` stands for:
 * itself, TLS_1_3 for its drafts (0x7f00 to 0x7f1c, and the fb14, fb15, fb16,
 * fb17 and fb1a that Facebook used), or 0 when it is none that we know.
 */
uint16_t hello_version(uint16_t version);

/*
 * hello_key_exchange_group returns the named group of a ServerKeyExchange (RFC
 * 8422 5.4) for the ECDHE or ECDH_anon suite `cipher`, or 0.  The start of the
 * message is enough.
 */
uint16_t hello_key_exchange_group(struct bytes body, uint32_t cipher);

#endif
