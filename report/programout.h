/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_PROGRAMOUT_H
#define MAILTLS_REPORT_PROGRAMOUT_H

#include "report/jsonout.h"
#include "report/program.h"

/* programout_write writes `program` as the object "program" of records and
 * entries, and nothing when nothing is known. */
void programout_write(struct jsonout *j, const struct program *program);

#endif
