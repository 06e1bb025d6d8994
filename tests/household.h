/* SPDX-License-Identifier: ISC */
/* A household that has everything, for the tests of what people read. */
#ifndef MAILTLS_TESTS_HOUSEHOLD_H
#define MAILTLS_TESTS_HOUSEHOLD_H

#include "report/history.h"
#include "report/inventory.h"

/* household_fill adds its connections: thirteen devices, each verdict but one, the last
 * of them at MK_LAST_US. */
void household_fill(struct inventory *inventory);

/* household_history returns what a store would know of its week, static. */
const struct history *household_history(void);

#endif
