/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_LIVE_H
#define MAILTLS_LIVE_H

#include "run.h"

/* live is `mailtls capture -i NAME`: it listens until a signal ends it. */
enum exit_status live(const struct options *options);

#endif
