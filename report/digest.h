/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_DIGEST_H
#define MAILTLS_REPORT_DIGEST_H

#include <stddef.h>
#include <stdint.h>

/*
 * SHA-256 of text of ours, for what needs a name that stands for its content.
 */

enum {
	DIGEST_LEN = 32,
	DIGEST_SOURCE_MAX = 52, /* "sha256-", base64 of those, NUL */
};

/* digest_text writes the digest of `len` bytes at `text`; zeros where the
 * library fails. */
void digest_text(const char *text, size_t len, uint8_t out[DIGEST_LEN]);

/* digest_source writes the name by which a Content-Security-Policy (CSP 3,
 * 2.3.1) allows the text in `lines`, an array that NULL ends. */
void digest_source(const char *const *lines, char out[DIGEST_SOURCE_MAX]);

/*
 * digest_start has the library of digests and certificates leave the system's
 * configuration of it unread, which is for those who have secrets to keep: it
 * takes a millisecond, and may forbid MD5, of which a fingerprint is made.  It is
 * to be called before anything else of the library is.
 */
void digest_start(void);

#endif
