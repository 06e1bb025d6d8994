/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_BENCH_GEN_MAIL_H
#define MAILTLS_TESTS_BENCH_GEN_MAIL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/bench/gen_session.h"

enum {
	GEN_TURNS_MAX = 64,
	GEN_SERVERS = 509,
};

/* One side speaks until the other's turn comes. */
enum gen_matter {
	GEN_PLAIN,
	GEN_HANDSHAKE,
	GEN_DATA,
};
struct gen_turn {
	enum gen_side from;
	enum gen_matter matter;
	struct gen_buffer bytes;
};
struct gen_talk {
	struct gen_turn turns[GEN_TURNS_MAX];
	unsigned count;
};

/* What a mail connection is to be. */
struct gen_wish {
	uint32_t id;
	bool ipv6;
	int data_len; /* about as many bytes after the handshake */
	size_t record_max;
	const char *trouble; /* for the truth */
};

/*
 * gen_mail_talk draws a device, a program, a server and a protocol, gives the
 * addresses to `s`, writes who says what to `talk`, whose buffers it uses
 * again, and to `truth` what is to be found out about the connection.
 */
void gen_mail_talk(struct gen_session *s, const struct gen_wish *wish,
    struct gen_talk *talk, FILE *truth);

/* gen_mail makes a whole connection without any trouble. */
void gen_mail(struct gen_session *s, uint32_t id, int data_len, FILE *truth);

/* gen_mail_server_ip is the address of server number `index`. */
uint32_t gen_mail_server_ip(uint32_t index);

#endif
