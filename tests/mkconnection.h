/* SPDX-License-Identifier: ISC */
/* Connection records for the tests of inventory and reports. */
#ifndef MAILTLS_TESTS_MKCONNECTION_H
#define MAILTLS_TESTS_MKCONNECTION_H

#include "report/inventory.h"

#define MK_SECOND INT64_C(1000000)

/* Sun 22 May 2022 18:11 UTC: when the connections below end. */
#define MK_LAST_US (INT64_C(1653243060) * MK_SECOND)

/*
 * mk_connection returns a connection of a second that offered TLS 1.0 at most
 * to mail.example:587 by STARTTLS, from 192.168.`net`.`host`, whose MAC is
 * 00-00-5E-00-53-`mac`, or that has none if `mac` is 0.
 */
struct connection mk_connection(
    uint8_t net, uint8_t host, uint8_t mac, enum verdict verdict);

/* mk_connection_ipv6 does so from 2001:db8:0:`net`::`host`. */
struct connection mk_connection_ipv6(
    uint8_t net, uint8_t host, uint8_t mac, enum verdict verdict);

/* mk_answer sets the version that the server of `c` chose. */
void mk_answer(struct connection *c, uint16_t version);

/* mk_add adds `c` to `inventory` so many `times`. */
void mk_add(struct inventory *inventory, struct connection c, unsigned times);

/* mk_add_as does so for a connection of `program`. */
void mk_add_as(struct inventory *inventory, struct connection c,
    const struct program *program, unsigned times);

/* mk_add_every adds connections of each verdict, from a device for each, as
 * many and with as high an address as the verdict's number. */
void mk_add_every(struct inventory *inventory);

/* mk_add_many adds hundreds of all kinds, the same ones each time. */
void mk_add_many(struct inventory *inventory);

/* mk_add_hostile adds one of each verdict whose strings are all mk_hostile. */
void mk_add_hostile(struct inventory *inventory);
extern const char mk_hostile[26];

#endif
