/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_RENDER_H
#define MAILTLS_RENDER_H

#include "capture/options.h"
#include "report/report.h"

/*
 * render writes the report on `inventory` in the format of `options`, if that
 * is one of a report and not of records.  It returns 0, or -errno when `out`
 * could not be written.
 */
int render(FILE *out, const struct options *options,
    const struct inventory *inventory, const struct report_source *source,
    const struct report_style *style);

/* render_is_for_people and render_is_of_records tell what a format is; those of
 * records have no report. */
bool render_is_for_people(enum format format);
bool render_is_of_records(enum format format);

/*
 * render_record writes `c`, whose ends are `who`, in a format of records, and
 * returns the same; the `first` one begins the output.  render_end ends it,
 * after the last record, which ended at `last_us`, or 0 if there was none.
 */
int render_record(FILE *out, enum format format, const struct connection *c,
    const struct identity *who, bool first);
void render_end(FILE *out, enum format format, int64_t last_us);

/* render_problem returns what is wrong with those of `options` that render
 * uses, or NULL. */
const char *render_problem(const struct options *options);

#endif
