/* SPDX-License-Identifier: ISC */
#include "report/mail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/digest.h"
#include "report/encoded.h"
#include "report/html.h"
#include "report/language.h"

enum {
	DATE_MAX = 64,
	ID_BYTES = 12, /* of a digest: no two messages have the same */
};

/* Quoted-printable has never "=_" in it (RFC 2045 6.7). */
static const char boundary[] = "=_mailtls";

/* struct part is one of the alternatives, in memory. */
struct part {
	const char *type;
	char *text;
	size_t len;
};

bool
mail_address_ok(const char *address)
{
	size_t len = strlen(address);

	for (size_t i = 0; i < len; i++) {
		if (address[i] < ' ' || address[i] == 0x7f)
			return false; /* controls, and bytes from 128 on */
	}
	return len > 0 && len <= MAIL_ADDRESS_MAX;
}

static int
render_text(struct part *part, const struct inventory *inventory,
    const struct report_source *source)
{
	struct report_style style = { .utf8 = true, .columns = MAIL_COLUMNS };
	FILE *out = open_memstream(&part->text, &part->len);
	int error;

	part->type = "text/plain";
	if (out == NULL)
		return -errno;
	error = report_text(out, inventory, source, &style);
	fclose(out);
	return error;
}

static int
render_html(struct part *part, const struct inventory *inventory,
    const struct report_source *source)
{
	FILE *out = open_memstream(&part->text, &part->len);
	int error;

	part->type = "text/html";
	if (out == NULL)
		return -errno;
	error = html_write(out, inventory, source, true);
	fclose(out);
	return error;
}

static void
write_subject(FILE *out, const struct inventory *inventory,
    const struct report_source *source)
{
	struct headline headline;
	struct page page;
	char subject[2 * PAGE_PHRASE_MAX];

	page_init(&page, inventory, source);
	headline = headline_of(&page);
	snprintf(subject, sizeof(subject), "%s %s", headline.question,
	    headline.answer);
	fputs("Subject: ", out);
	encoded_header(out, subject, strlen("Subject: "));
	fputc('\n', out);
	page_clear(&page);
}

/* RFC 5322 3.3, with the zone of the reader. */
static void
write_date(FILE *out, int64_t time_us)
{
	time_t seconds = (time_t)(time_us / 1000000);
	char text[DATE_MAX] = "Thu, 01 Jan 1970 00:00:00 +0000";
	struct tm tm;

	if (localtime_r(&seconds, &tm) != NULL)
		strftime(text, sizeof(text), "%a, %d %b %Y %T %z", &tm);
	fprintf(out, "Date: %s\n", text);
}

/* A name that stands for what is in the message and when it was made. */
static void
write_id(FILE *out, const struct envelope *envelope, const struct part *text)
{
	const char *at = strrchr(envelope->from, '@');
	const char *domain = at != NULL ? at + 1 : "localhost";
	uint8_t digest[DIGEST_LEN];

	digest_text(text->text, text->len, digest);
	fprintf(
	    out, "Message-ID: <%llx.", (unsigned long long)envelope->time_us);
	for (size_t i = 0; i < ID_BYTES; i++)
		fprintf(out, "%02x", digest[i]);
	fprintf(out, "@%.*s>\n", (int)strcspn(domain, "> "), domain);
}

static void
write_part(FILE *out, const struct part *part)
{
	fprintf(out,
	    "--%s\nContent-Type: %s; charset=utf-8\n"
	    "Content-Transfer-Encoding: quoted-printable\n\n",
	    boundary, part->type);
	encoded_body(out, part->text, part->len);
	fputc('\n', out);
}

static void
write_message(FILE *out, const struct envelope *envelope,
    const struct part *text, const struct part *html)
{
	write_date(out, envelope->time_us);
	write_id(out, envelope, text);
	fprintf(out,
	    "From: %s\nTo: %s\nMIME-Version: 1.0\n"
	    "Auto-Submitted: auto-generated\nContent-Language: %s\n"
	    "Content-Type: multipart/alternative; boundary=\"%s\"\n\n",
	    envelope->from, envelope->to, language_code(), boundary);
	write_part(out, text);
	write_part(out, html);
	fprintf(out, "--%s--\n", boundary);
}

int
report_mail(FILE *out, const struct inventory *inventory,
    const struct report_source *source, const struct envelope *envelope)
{
	struct part text = { .text = NULL }, html = { .text = NULL };
	int error;

	if (!mail_address_ok(envelope->to) || !mail_address_ok(envelope->from))
		return -EINVAL;
	error = render_text(&text, inventory, source);
	if (error == 0)
		error = render_html(&html, inventory, source);
	errno = 0;
	if (error == 0) {
		write_subject(out, inventory, source);
		write_message(out, envelope, &text, &html);
		error = report_end(out);
	}
	free(text.text);
	free(html.text);
	return error;
}
