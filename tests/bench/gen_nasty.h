/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_BENCH_GEN_NASTY_H
#define MAILTLS_TESTS_BENCH_GEN_NASTY_H

#include <stdint.h>
#include <stdio.h>

#include "tests/bench/gen_session.h"

/* gen_nasty makes a mail connection with one of twenty kinds of trouble, which
 * take turns with `id`. */
void gen_nasty(struct gen_session *s, uint32_t id, FILE *truth);

#endif
