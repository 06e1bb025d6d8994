/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_KEEP_H
#define MAILTLS_KEEP_H

#include "run.h"

/* keep is `mailtls store`: it looks after a store. */
enum exit_status keep(const struct options *options);

#endif
