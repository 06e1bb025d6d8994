/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_SUMMARY_H
#define MAILTLS_SUMMARY_H

#include "run.h"

/* summary is `mailtls report`: it tells a period from a store. */
enum exit_status summary(const struct options *options);

#endif
