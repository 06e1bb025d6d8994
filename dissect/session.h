/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_SESSION_H
#define MAILTLS_DISSECT_SESSION_H

#include "dissect/bytes.h"
#include "dissect/connection.h"
#include "dissect/dialogue.h"
#include "dissect/sniff.h"
#include "dissect/tls.h"

/*
 * What the bytes of one connection are, from its first to its verdict: talk in
 * the clear, TLS, SSL 2.0, a PROXY header, in each direction by itself.  Bytes
 * that no line can start with are looked at before they are taken for
 * anything; that is the only way into TLS, on every port.
 */

enum session_mode {
	SESSION_SNIFF, /* what comes next is not known yet */
	SESSION_TALK,
	SESSION_PROXY,
	SESSION_TLS,
	SESSION_SSLV2,
};

struct session_side {
	enum session_mode mode;
	uint8_t head[SNIFF_LEN]; /* of what is not known yet */
	uint8_t head_len;
	uint32_t proxy_left; /* bytes of the PROXY header still to come */
	bool adrift;         /* what came before is not known */
};

/* Zeroed, it is ready. */
struct session {
	struct session_side side[2];
	struct dialogue dialogue;
	struct tls tls;
};

/*
 * session_start prepares for a connection to server port `port`; `from_start`
 * tells whether its first byte will be the first that is fed.
 */
void session_start(struct session *s, uint16_t port, bool from_start);

/* session_take_hint hears that the talk is said to be in `protocol`, which is
 * then believed at the first word that fits. */
void session_take_hint(struct session *s, enum mail_protocol protocol);

/* session_feed takes in the next bytes that `side` sent. */
void session_feed(struct session *s, struct connection *c,
    const struct tools *tools, enum side side, struct bytes data);

/* session_gap hears that `len` bytes of `side` are missing here. */
void session_gap(struct session *s, struct connection *c,
    const struct tools *tools, enum side side, size_t len);

/* session_is_over tells whether later bytes can change nothing any more: TLS
 * is established, or a login in the clear was accepted. */
bool session_is_over(const struct session *s, const struct connection *c);

/* session_is_judged tells whether the handshake completed or failed, or a
 * login was tried in the clear. */
bool session_is_judged(const struct session *s, const struct connection *c);

/*
 * session_is_harmless tells whether what `side` said last may be kept: it shows
 * no user, no secret, no address and no mail, unless in TLS.  `heard` tells
 * whether all that it said was fed.
 */
bool session_is_harmless(const struct session *s, const struct connection *c,
    enum side side, bool heard);

/* session_finish writes what only the end shows to `*c`, and gives back all
 * that is held; `s` is not to be used after it. */
void session_finish(
    struct session *s, struct connection *c, const struct tools *tools);

/* session_hint returns the protocol that server port `port` is known for. */
enum mail_protocol session_hint(uint16_t port);

#endif
