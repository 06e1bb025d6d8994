/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_BENCH_GEN_TLS_H
#define MAILTLS_TESTS_BENCH_GEN_TLS_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/bench/gen_bytes.h"

enum {
	TLS_10 = 0x0301,
	TLS_11 = 0x0302,
	TLS_12 = 0x0303,
	TLS_13 = 0x0304,
	RECORD_MAX = 16384,
};

enum record_type {
	RECORD_CCS = 20,
	RECORD_ALERT = 21,
	RECORD_HANDSHAKE = 22,
	RECORD_DATA = 23,
};

/* How a mail program introduces itself. */
struct gen_program {
	const char *name;
	uint16_t max;    /* the best version that it offers */
	uint16_t legacy; /* what its hello says besides */
	bool sni, extensions, grease;
	uint8_t count;
	uint16_t ciphers[40];
};

enum {
	GEN_PROGRAMS = 9,
};
extern const struct gen_program gen_programs[GEN_PROGRAMS];

/* gen_record appends `message` in records of at most `max` bytes;
 * gen_encrypted appends `len` bytes of noise in records. */
void gen_record(struct gen_buffer *out, enum record_type type, unsigned version,
    const struct gen_buffer *message, size_t max);
void gen_encrypted(struct gen_buffer *out, enum record_type type,
    unsigned version, size_t len);

/* What the two sides send, one after the other, in records.  `version` is the
 * one that they agree on. */
void gen_client_hello(struct gen_buffer *out, const struct gen_program *p,
    const char *name, size_t record_max);
void gen_server_flight(struct gen_buffer *out, unsigned version,
    const struct gen_program *p, size_t record_max);
void gen_client_finish(
    struct gen_buffer *out, unsigned version, const struct gen_program *p);
void gen_server_finish(struct gen_buffer *out, unsigned version);

#endif
