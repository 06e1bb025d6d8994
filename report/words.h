/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_WORDS_H
#define MAILTLS_REPORT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "report/inventory.h"

/*
 * Numbers, addresses and times in words, for people who have never heard of
 * TLS, in their language.
 */

enum {
	WORDS_MAC_MAX = 18,
	WORDS_TIME_MAX = 64, /* Sun 22 May 2022 20:11 (UTC+02:00) */
};

/* words_version returns "TLS 1.0", "SSL 3.0", or "an unknown version". */
const char *words_version(uint16_t version);

/*
 * struct words_old is what is below the minimum version: "TLS 1.0 and 1.1",
 * "TLS 1.0 or 1.1", and "when TLS 1.0 and 1.1 are switched off".
 */
struct words_old {
	const char *all, *any, *when_off;
};
struct words_old words_old(uint16_t min_version);

/* words_doing returns what a mail program does by `protocol` at a server, with
 * a %s where that is to be named: "sends mail by %s". */
const char *words_doing(enum mail_protocol protocol);

/* words_encryption returns the word of a mail program's settings, or "". */
const char *words_encryption(enum encryption encryption);

/* words_verdict returns a verdict in a few words: "Will stop working". */
const char *words_verdict(enum verdict verdict);

/* words_incomplete returns why a connection could not be judged, for bit
 * number `bit` of enum incomplete, or NULL. */
const char *words_incomplete(unsigned bit);

/* words_mac writes 00-00-5E-00-53-23. */
const char *words_mac(const uint8_t mac[6], char out[WORDS_MAC_MAX]);

/*
 * words_time writes a local time, "Sun 22 May 20:11", with the year if that is
 * another than at `known_us`, which the reader has been told in full: by
 * words_time_full, with year and zone.  words_day writes "22 May" of it, and
 * words_weekday returns "Sun".
 */
const char *words_time(
    int64_t time_us, int64_t known_us, char out[WORDS_TIME_MAX]);
const char *words_time_full(int64_t time_us, char out[WORDS_TIME_MAX]);
const char *words_day(int64_t time_us, char out[WORDS_TIME_MAX]);
const char *words_weekday(int64_t time_us);

/* words_date writes a day, given as "2023-09-30": "30 Sep 2023".  What is no
 * such day comes out as it is. */
const char *words_date(const char *day, char out[WORDS_TIME_MAX]);

#endif
