/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_PAST_H
#define MAILTLS_REPORT_PAST_H

#include "report/history.h"

/*
 * What a report says of a period of a store, in sentences.
 */

enum {
	PAST_MAX = 512,
};

/* past_kind returns a kind of change in a word or two. */
const char *past_kind(enum history_kind kind);

/* past_say writes what has changed and when, of the device that is named
 * before: "TLS 1.0 until Tue 17 May 20:11; TLS 1.2 since ...".  For `known_us`,
 * see words_time. */
void past_say(
    const struct history_change *change, int64_t known_us, char out[PAST_MAX]);

/* past_say_coverage writes how much of the period was watched, and
 * past_say_losses what was lost meanwhile, "" if nothing was. */
void past_say_coverage(const struct history *history, char out[PAST_MAX]);
void past_say_losses(const struct history *history, char out[PAST_MAX]);

/* past_unseen returns how many devices had a verdict that somebody has to do
 * something about, and were not seen since, or not where they had it. */
uint64_t past_unseen(const struct history *history);

#endif
