/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_CHANGES_H
#define MAILTLS_REPORT_CHANGES_H

#include "report/device.h"
#include "report/history.h"

/*
 * struct past is what was seen before a period: in the period before it, and,
 * of what was not seen there either, in the week in which it was last seen.
 */
struct past {
	struct inventory before, earlier;
};

/*
 * changes_find puts into `out` which devices, that `devices` names, have
 * changed from `past` to `now`.  The caller frees out->changes.
 */
void changes_find(const struct inventory *now, const struct past *past,
    const struct device_sources *devices, struct history *out);

#endif
