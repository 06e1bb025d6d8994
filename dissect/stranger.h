/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_STRANGER_H
#define MAILTLS_DISSECT_STRANGER_H

#include "dissect/session.h"

/*
 * A stranger is a connection on a port that mail is not known for.  It is
 * followed until its content shows that it is mail, or that it is not.
 */
enum stranger {
	STRANGER_UNKNOWN, /* it may still be anything */
	STRANGER_OTHER,   /* it is no mail */
	STRANGER_NAMED,   /* its server is one of mail; nothing contradicts */
	STRANGER_MAIL,    /* it is mail, by what was said */
};

/*
 * stranger_weigh says what is known by now of the connection `c`, of which
 * `len` bytes have been said.  Talk in the clear proves itself.  Of TLS, the
 * client's list of protocols (ALPN) decides; else it takes an opinion in `c`,
 * and that is not believed where the client speaks first, or where the port is
 * one on which TLS is known to carry something else.
 */
enum stranger stranger_weigh(
    const struct session *s, const struct connection *c, uint64_t len);

/* stranger_offer says what TLS from the first byte is by the client's offer and
 * by opinions alone. */
enum stranger stranger_offer(const struct connection *c);

/* stranger_turn_is_due tells whether, in TLS that is established, it can still
 * be seen who speaks first. */
bool stranger_turn_is_due(const struct session *s, const struct connection *c);

/* stranger_port_is_taken tells whether TLS on the server's port is known to
 * carry something else than mail: HTTPS on 443, say. */
bool stranger_port_is_taken(uint16_t port);

/* stranger_taken_ports adds all such ports to `ports`. */
void stranger_taken_ports(uint8_t ports[MD_PORT_MAP_LEN]);

/*
 * stranger_begins tells whether mail may begin with `payload`, the first that
 * is seen of a connection whose beginning was missed: a ClientHello, or a
 * greeting or command that means little else.
 */
bool stranger_begins(struct bytes payload);

#endif
