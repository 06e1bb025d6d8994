/* SPDX-License-Identifier: ISC */
#include "render.h"

#include "config.h"

#include <assert.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "report/mail.h"
#include "report/ndjson.h"
#include "report/zeek.h"

/* The time, or the one that a build that is to be reproduced wants
 * (reproducible-builds.org/specs/source-date-epoch). */
static int64_t
now_us(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");

	if (epoch != NULL)
		return (int64_t)strtoll(epoch, NULL, 10) * 1000000;
	return (int64_t)time(NULL) * 1000000;
}

/* Whoever runs this, as mail(1) has it. */
static const char *
default_sender(void)
{
	static char sender[MAIL_ADDRESS_MAX];
	const struct passwd *user = getpwuid(geteuid());
	char host[256] = "localhost";

	gethostname(host, sizeof(host) - 1);
	snprintf(sender, sizeof(sender), "mailtls <%s@%s>",
	    user != NULL ? user->pw_name : "mailtls", host);
	return mail_address_ok(sender) ? sender : "mailtls@localhost";
}

static int
render_mail(FILE *out, const struct options *options,
    const struct inventory *inventory, const struct report_source *source)
{
	struct envelope envelope = {
		.to = options->mail_to,
		.from = options->mail_from != NULL ? options->mail_from
						   : default_sender(),
		.time_us = now_us(),
	};

	return report_mail(out, inventory, source, &envelope);
}

int
render(FILE *out, const struct options *options,
    const struct inventory *inventory, const struct report_source *source,
    const struct report_style *style)
{
	switch (options->format) {
	case FORMAT_TEXT:
		return report_text(out, inventory, source, style);
	case FORMAT_JSON:
		return report_json(out, inventory, source);
	case FORMAT_HTML:
		return report_html(out, inventory, source);
	case FORMAT_CSV:
		return report_csv(out, inventory, source);
	case FORMAT_MAIL:
		return render_mail(out, options, inventory, source);
	case FORMAT_PROMETHEUS:
		return report_metrics(out, inventory, source);
	case FORMAT_NDJSON:
	case FORMAT_ZEEK:
		break;
	}
	return 0;
}

bool
render_is_for_people(enum format format)
{
	return format == FORMAT_TEXT || format == FORMAT_HTML ||
	       format == FORMAT_MAIL;
}

/*
 * Records.
 */

enum {
	LINE_MAX_LEN = NDJSON_LINE_MAX, /* of a record, in any format */
};

static_assert((int)LINE_MAX_LEN >= (int)ZEEK_LINE_MAX, "a record fits");

bool
render_is_of_records(enum format format)
{
	return format == FORMAT_NDJSON || format == FORMAT_ZEEK;
}

int
render_record(FILE *out, enum format format, const struct connection *c,
    const struct identity *who, bool first)
{
	char line[LINE_MAX_LEN];
	size_t len;

	if (first && format == FORMAT_ZEEK)
		zeek_open(out, c->first_us);
	if (format == FORMAT_ZEEK)
		len = zeek_format(c, who, line, sizeof(line));
	else
		len = ndjson_format(c, who, line, sizeof(line));
	return fwrite_unlocked(line, 1, len, out) == len ? 0 : -errno;
}

void
render_end(FILE *out, enum format format, int64_t last_us)
{
	if (format != FORMAT_ZEEK)
		return;
	if (last_us == 0)
		zeek_open(out, 0);
	zeek_close(out, last_us);
}

const char *
render_problem(const struct options *options)
{
	if (options->mail_to != NULL && !mail_address_ok(options->mail_to))
		return "--mail-to: not printable ASCII";
	if (options->mail_from != NULL && !mail_address_ok(options->mail_from))
		return "--mail-from: not printable ASCII";
	return NULL;
}
