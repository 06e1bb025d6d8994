/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_ENCODED_H
#define MAILTLS_REPORT_ENCODED_H

#include <stddef.h>
#include <stdio.h>

/*
 * Text that is not ASCII, on its way through mail that is.
 */

/*
 * encoded_body writes `len` bytes of text with newlines as quoted-printable
 * (RFC 2045 6.7).  Lines that mail programs might take for something else, a
 * dot alone or "From ", are encoded as well.
 */
void encoded_body(FILE *out, const char *text, size_t len);

/*
 * encoded_header writes the value of a header, as it is if that is printable
 * ASCII of one line, else as encoded words (RFC 2047).  `column` is how long
 * the line is already.  Nothing in `text`, valid UTF-8, can begin a new header.
 */
void encoded_header(FILE *out, const char *text, size_t column);

#endif
