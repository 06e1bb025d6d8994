/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_SETTING_H
#define MAILTLS_REPORT_SETTING_H

#include "report/inventory.h"

enum {
	SETTING_MAX = 512,
};

/*
 * struct setting is what one program offered to one server in the course of
 * time: whether the offer changed, from what, to what, and when.
 */
struct setting {
	bool changed;
	uint16_t before, now; /* the highest version offered */
	int64_t before_last_us, now_first_us;
};

/*
 * setting_of returns that of the program of `entry`, which is among the `count`
 * entries at `run`: those of one device and server.  Those count that may be of
 * the same program, as nothing that is known of both tells them apart.  Offers
 * that take turns are no change: that is two programs.
 */
struct setting setting_of(
    const struct entry *entry, const struct entry *const *run, size_t count);

/*
 * setting_say writes a sentence on what the setting of a program, "default",
 * say, means: what `entry` offered and since when, and when that changed.  It
 * writes "" where the offer is not known.  For `known_us`, see words_time.
 */
void setting_say(const struct entry *entry, const struct setting *setting,
    int64_t known_us, char out[SETTING_MAX]);

#endif
