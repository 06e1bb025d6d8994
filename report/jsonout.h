/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_JSONOUT_H
#define MAILTLS_REPORT_JSONOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A small JSON writer into a buffer that the caller owns.  It puts commas,
 * escapes strings and never writes past the end: from what does not fit on,
 * nothing is written any more, and `full` says so.
 */
struct jsonout {
	char *to;
	size_t size, len;
	bool comma; /* one is due before the next value */
	bool full;
};

/*
 * jsonout_open and jsonout_close write `{` `[` and `}` `]`.  A `key`, here and
 * below, is plain ASCII without quotes and backslashes, or NULL: inside an
 * array, at the top, or after jsonout_key, which takes any.
 */
void jsonout_open(struct jsonout *j, const char *key, char bracket);
void jsonout_close(struct jsonout *j, char bracket);

void jsonout_key(struct jsonout *j, const char *s, size_t len);

/* jsonout_string writes `len` bytes at `s` as a string of valid UTF-8. */
void jsonout_string(
    struct jsonout *j, const char *key, const char *s, size_t len);
/* jsonout_word does so for a C string, and nothing when it is NULL or "". */
void jsonout_word(struct jsonout *j, const char *key, const char *word);
void jsonout_int(struct jsonout *j, const char *key, int64_t value);
void jsonout_bool(struct jsonout *j, const char *key, bool value);
/* jsonout_hex writes bytes as a string of hexadecimal digits. */
void jsonout_hex(struct jsonout *j, const char *key, const uint8_t *bytes,
    size_t len, bool upper);
/* jsonout_time writes a time since 1970 as RFC 3339 in UTC, with `Z`, with
 * microseconds if `fraction`. */
void jsonout_time(
    struct jsonout *j, const char *key, int64_t time_us, bool fraction);

#endif
