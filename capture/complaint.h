/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_COMPLAINT_H
#define MAILTLS_CAPTURE_COMPLAINT_H

#include "capture/inflate.h"
#include "capture/source.h"

/*
 * What is wrong with a source, in words that say what to do.  Private to
 * capture/source.c, which brings libpcap's own message, `theirs`.
 */

/* complaint_say writes the message and returns `error`. */
int complaint_say(char message[SOURCE_MESSAGE_MAX], int error,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * complaint_damage says why the content could not be read beyond the first
 * `packets`, if the file or its compression is to blame, and returns -errno;
 * else it returns 0.
 */
int complaint_damage(const struct inflate *inflate, uint64_t packets,
    char message[SOURCE_MESSAGE_MAX]);

/* complaint_header says why libpcap did not take the file to be a capture, and
 * returns -errno. */
int complaint_header(const struct inflate *inflate, const char *theirs,
    char message[SOURCE_MESSAGE_MAX]);

/* complaint_words returns what to say instead of `theirs`, perhaps itself. */
const char *complaint_words(const char *theirs);

#endif
