/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_ANALYZE_H
#define MAILTLS_ANALYZE_H

#include "run.h"

/* analyze is `mailtls analyze FILE...`: it reads captures to their end. */
enum exit_status analyze(const struct options *options);

#endif
