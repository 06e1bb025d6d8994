/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_LOG_H
#define MAILTLS_CAPTURE_LOG_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Messages for the user, one a line on standard error.  What is not printable
 * text is escaped: file names and libraries can say anything.
 */

enum log_level {
	LOG_NORMAL, /* warnings only; the others are shown with -v and -vv */
	LOG_INFO,
	LOG_DEBUG,
};

enum {
	LOG_LINE_MAX = 1024,
};

void log_set_level(enum log_level level);

/* log_warn says what failed and why, by errno. */
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* log_warnx says what is wrong. */
void log_warnx(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * log_escape copies the C string `from` into the `size` bytes at `to` with
 * control characters, and bytes that are no UTF-8, as \xNN.  It cuts what
 * does not fit, never inside a character.
 */
void log_escape(const char *from, char *to, size_t size);

#endif
