/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_MAIL_H
#define MAILTLS_REPORT_MAIL_H

#include "report/report.h"

/*
 * The report as a mail: one message as RFC 5322 has it, with the newline of
 * Unix, as text and as HTML (RFC 2046 5.1.4), ready for `sendmail -t`.
 */

enum {
	MAIL_ADDRESS_MAX = 512, /* several may be named between commas */
	MAIL_COLUMNS = 72,      /* of the text */
};

/* struct envelope is who writes to whom, and when. */
struct envelope {
	const char *to, *from;
	int64_t time_us; /* since 1970 */
};

/* mail_address_ok tells whether `address` can stand in a header: printable
 * ASCII, not empty, not longer than MAIL_ADDRESS_MAX. */
bool mail_address_ok(const char *address);

/*
 * report_mail writes the message in the language that language_set made
 * current.  It returns 0, or -errno when `out` could not be written, or -EINVAL
 * when an address is not ok.
 */
int report_mail(FILE *out, const struct inventory *inventory,
    const struct report_source *source, const struct envelope *envelope);

#endif
