/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_BENCH_GEN_BULK_H
#define MAILTLS_TESTS_BENCH_GEN_BULK_H

#include <stdint.h>

#include "tests/bench/gen_session.h"

/* gen_bulk begins a flow that is no mail: the web over TCP, or UDP, as flow
 * number `id`. */
void gen_bulk(struct gen_session *s, uint32_t id);

/* gen_bulk_packet writes the flow's next packet to `out`, moves its time on
 * and returns the frame's length. */
uint32_t gen_bulk_packet(struct gen_session *s, uint8_t *out);

/* gen_open_flow makes a flow on a port of mail that never closes: half open,
 * silent, cut in its hello, or after a greeting. */
void gen_open_flow(struct gen_session *s, uint32_t id);

#endif
