/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_OUI_H
#define MAILTLS_REPORT_OUI_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Who made a network interface, by the beginning of its MAC, from the lists of
 * the IEEE (https://standards.ieee.org/products-programs/regauth/): oui36.csv,
 * mam.csv and oui.csv, which Debian's package ieee-data has.  Of them an index
 * of 8 bytes a row is kept, about 400 KB for all; names stay in the files.
 */

enum {
	OUI_VENDOR_MAX = 64,
};

struct oui;

/*
 * oui_open opens the list at `path`, a file with the columns of those, the
 * fourth of which may be missing; or the system's if `path` is NULL, all of
 * which may be missing.  It returns 0, or -errno; -EINVAL for a file without
 * any row.  The caller frees `*out`, which is NULL then.
 */
int oui_open(const char *path, struct oui **out);
void oui_free(struct oui *oui);

/*
 * oui_find writes the vendor's name, shortened, and returns true; or false,
 * with "", if it is not known or not public, or the MAC was not given out by
 * the IEEE.  The first call reads the system's lists.  `oui` may be NULL.
 */
bool oui_find(
    struct oui *oui, const uint8_t mac[6], char vendor[OUI_VENDOR_MAX]);

/* oui_is_local tells whether a MAC was made up by the device itself, perhaps at
 * random, or by software (IEEE 802-2014 8.4, the U/L bit). */
bool oui_is_local(const uint8_t mac[6]);

/*
 * oui_shorten takes off the legal form of a company, what is in brackets at the
 * end, and "Industries", "Electronics" or "Technologies" after a name of one
 * word: "Brother industries, LTD." becomes "Brother".
 */
void oui_shorten(const char *name, char out[OUI_VENDOR_MAX]);

#endif
