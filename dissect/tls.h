/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_TLS_H
#define MAILTLS_DISSECT_TLS_H

#include "dissect/bytes.h"
#include "dissect/chunk.h"
#include "dissect/connection.h"
#include "dissect/maildissect.h"
#include "dissect/record.h"
#include "dissect/turn.h"

/*
 * The TLS handshake of one connection, both directions (RFC 6101, 2246, 4346,
 * 5246, 9846; SSL 2.0: draft-hickman-netscape-ssl-00): from records to facts
 * in struct connection, as far as they can be read without keys.
 */

/* struct tools is what a session works with; it belongs to the dissector. */
struct tools {
	struct chunk_pool *pool;
	uint8_t *scratch; /* LIMIT_CERTIFICATES bytes: a message put together */
	const struct md_hooks *hooks;
	struct md_stats *stats;
};

struct tls_side {
	struct record_reader reader;
	uint8_t header[4]; /* of the handshake message or SSL 2.0 record */
	uint8_t header_have;
	bool encrypted; /* handshake records can not be read any more */
	bool uncertain; /* bytes are missing: only hellos are believed */
	bool dropped;   /* of the message at hand, a part is missing */
	uint8_t alert[2];
	uint8_t alert_have;
	uint32_t len;         /* of the message's body */
	uint32_t left;        /* of it, still to come */
	struct chain message; /* its kept part, unless it comes in one run */
};

/* Zeroed, it stands before the first record of either side. */
struct tls {
	struct tls_side side[2];
	uint8_t session_id[32]; /* that the client offered */
	uint8_t session_id_len;
	uint64_t client_random; /* digest of it, 0 before the ClientHello */
	bool server_hello_done;
	bool master_key[2];     /* SSL 2.0: the key, data after it */
	bool protected_data[2]; /* TLS 1.3: records after the ServerHello */
	bool failed;            /* a fatal alert was seen */
	struct turn turn;
};

/* tls_feed takes in the next bytes of `side`, all of them, and returns false
 * when they are no records: where the next one starts is then lost. */
bool tls_feed(struct tls *tls, struct connection *c, const struct tools *tools,
    enum side side, struct bytes data);

/*
 * tls_feed_sslv2 takes SSL 2.0 records from the front of `data` and returns
 * true when what follows is no such record: after a hello that offers SSL 3.0
 * or TLS, in the format of SSL 2.0, the client goes on in TLS records.
 */
bool tls_feed_sslv2(struct tls *tls, struct connection *c,
    const struct tools *tools, enum side side, struct bytes *data);

/*
 * tls_gap hears that `len` bytes of `side` are missing, and returns whether
 * they all belong to the record at hand, so that the next one is found.
 */
bool tls_gap(
    struct tls *tls, const struct tools *tools, enum side side, size_t len);

/* tls_clear gives back what is held. */
void tls_clear(struct tls *tls, const struct tools *tools);

#endif
