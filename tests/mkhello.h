/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_MKHELLO_H
#define MAILTLS_TESTS_MKHELLO_H

#include <stdbool.h>

#include "dissect/connection.h"
#include "tests/mkbytes.h"

/* The two hellos in the making. */

enum {
	MKHELLO_LIST_MAX = 8,
	GROUP_SECP256R1 = 23,
	GROUP_X25519 = 29,
	GROUP_X25519MLKEM768 = 4588,
};

/* What the client offers; see mkdeal_of. */
struct mkoffer {
	uint16_t legacy;                     /* legacy_version */
	uint16_t versions[MKHELLO_LIST_MAX]; /* supported_versions, up to a 0 */
	uint16_t suites[MKHELLO_LIST_MAX];   /* up to a 0 */
	const char *server_name;             /* NULL: no such extension */
	const char *alpn; /* one protocol; NULL: no such extension */
	bool no_extensions;
	bool grease, ech, with_session;
	uint16_t group; /* of the key share */
	size_t key_len; /* and its length */
	uint64_t seed;  /* of all that is random */
};

/* Both sides of one handshake. */
struct mkdeal {
	struct mkoffer offer;
	uint16_t version; /* chosen */
	uint16_t draft;   /* written instead of it, if not 0 */
	uint16_t cipher;
	uint16_t group;       /* of the server's key share or curve; 0: none */
	uint16_t sentinel;    /* TLS_1_2, TLS_1_1 or 0 */
	bool resumed;         /* by session id */
	bool ask_certificate; /* which the client answers with an empty one */
	size_t fragment;      /* largest record of the server's flight, or 0 */
};

/* mkdeal_of returns an offer of at most `max` and the choice of `chosen`. */
struct mkdeal mkdeal_of(uint16_t max, uint16_t chosen);

/* mkhello_open starts a handshake message; mkbytes_close(.., 3) ends it. */
size_t mkhello_open(struct mkbytes *b, unsigned type);

void mkhello_client(struct mkbytes *b, const struct mkoffer *offer);
void mkhello_server(struct mkbytes *b, const struct mkdeal *deal);
/* The HelloRetryRequest that asks for secp256r1. */
void mkhello_retry(struct mkbytes *b, const struct mkdeal *deal);

#endif
