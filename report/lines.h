/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_LINES_H
#define MAILTLS_REPORT_LINES_H

#include "report/line.h"

/* lines_visit is called with a line of a section, which it borrows. */
typedef void lines_visit(
    void *arg, const struct line *line, const struct setting *setting);

/*
 * lines_each calls `visit` with `arg` for each line that reports have about the
 * connections of `device` with `verdict`, in the order of its entries.
 */
void lines_each(const struct device *device, enum verdict verdict,
    lines_visit *visit, void *arg);

#endif
