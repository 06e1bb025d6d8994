/* SPDX-License-Identifier: ISC */
/*
 * The report for people: the answer first, then how much was seen, then a
 * section for each verdict, the gravest first, with its devices, and at last
 * what may be missing and what the words mean.
 *
 * A program appears in every section that some of its connections belong to,
 * so the connections of all sections add up to the total.
 */
#include "report/report.h"

#include <errno.h>

#include "report/label.h"
#include "report/language.h"
#include "report/lines.h"
#include "report/questions.h"
#include "report/shield.h"

enum {
	DEVICE_INDENT = 2,
};

static const struct section {
	enum verdict verdict;
	const char *sgr, *title;
	bool when_off;       /* %s: "when TLS 1.0 and 1.1 are switched off" */
	const char *meaning; /* %s: "TLS 1.0 or 1.1" */
} sections[] = {
	{ VERDICT_PLAINTEXT_LOGIN, "1;31", N_("PASSWORD SENT UNENCRYPTED"),
	    false,
	    N_("A login, and all that came after it, was not encrypted. That "
	       "is graver than an old version of TLS.") },
	/* Translators: "when TLS 1.0 and 1.1 are switched off". */
	{ VERDICT_OLD_CLIENT, "1;31", N_("WILL STOP WORKING %s"), true,
	    N_("These use %s and offer nothing better.") },
	{ VERDICT_REFUSED_OLD, "1;31", N_("ALREADY REFUSED"), false,
	    N_("These offer nothing better than %s, and were turned away.") },
	{ VERDICT_FALLBACK, "1;33", N_("OLD VERSION ON THE SECOND TRY"), false,
	    N_("These use %s after a better offer had failed.") },
	{ VERDICT_OLD_SERVER, "1;33", N_("SERVER IS THE LIMIT"), false,
	    N_("These offer better, but the server chose %s.") },
	{ VERDICT_FAILED, "1;33", N_("FAILED FOR ANOTHER REASON"), false,
	    N_("No encrypted connection came about, and the reason was not a "
	       "server that refuses old versions.") },
	{ VERDICT_WEAK_CIPHER, "1;33",
	    N_("NEXT TO BE SWITCHED OFF (weak cipher)"), false,
	    N_("The version of TLS is good enough, but the method of "
	       "encryption (cipher) is an old one.") },
	{ VERDICT_PLAINTEXT, "1", N_("NOT ENCRYPTED (no password seen)"), false,
	    N_("Nothing was encrypted, and no login was seen. Mail servers "
	       "often talk to each other like this.") },
	{ VERDICT_UNDETERMINED, "1", N_("COULD NOT BE JUDGED"), false,
	    N_("Too little was seen to judge these. They are not counted as "
	       "fine.") },
	{ VERDICT_MODERN, "1;32", N_("FINE"), false,
	    N_("These use nothing as old as %s.") },
};

/* "printer (Brother, 192.168.1.40)"; what is not known is left out. */
static void
say_device(struct terminal *t, const struct device *device)
{
	struct label label = label_of(device, t->utf8);

	terminal_say(t, "%s", label.name);
	for (size_t i = 0; i < label.part_count; i++)
		terminal_say(t, "%s%s", i > 0 ? ", " : " (", label.parts[i]);
	if (label.part_count > 0)
		terminal_say(t, ")");
}

/* struct printing is what print_line needs to know besides the line. */
struct printing {
	struct page *page;
	struct part *part;
};

static void
print_line(void *arg, const struct line *line, const struct setting *setting)
{
	struct printing *printing = arg;

	line_print(printing->page, line, setting, printing->part);
}

static void
print_device(struct page *page, const struct device *device, struct part *part)
{
	struct printing printing = { page, part };
	const char *shield = shield_say(device);

	terminal_begin(&page->t, DEVICE_INDENT, DEVICE_INDENT + 2);
	say_device(&page->t, device);
	terminal_end(&page->t);
	if (shield != NULL && part->verdict == device->worst) {
		terminal_begin(&page->t, 2 * DEVICE_INDENT, 2 * DEVICE_INDENT);
		terminal_say(&page->t, "%s", shield);
		terminal_end(&page->t);
	}
	part->device = device;
	lines_each(device, part->verdict, print_line, &printing);
}

static void
print_section(struct page *page, const struct section *section)
{
	struct part part = { .verdict = section->verdict };
	char title[PAGE_PHRASE_MAX], text[PAGE_PHRASE_MAX];
	uint64_t hit = page_hit(page, part.verdict, part.verdict);

	if (hit == 0)
		return;
	snprintf(title, sizeof(title),
	    section->when_off ? _(section->title) : "%s",
	    section->when_off ? page->old.when_off : _(section->title));
	terminal_blank(&page->t);
	terminal_heading(
	    &page->t, section->sgr, title, page_devices(page, hit, text));
	terminal_begin(&page->t, DEVICE_INDENT, DEVICE_INDENT);
	terminal_say(&page->t, _(section->meaning), page->old.any);
	terminal_end(&page->t);
	for (size_t i = 0; i < page->census.count; i++) {
		const struct device *device = &page->census.devices[i];

		if (device->by_verdict[part.verdict] > 0)
			print_device(page, device, &part);
	}
}

static void
print_page(struct page *page)
{
	page_answer(page);
	terminal_blank(&page->t);
	page_coverage(page);
	page_changes(page);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		print_section(page, &sections[i]);
	page_programs(page);
	questions_providers(page);
	questions_elsewhere(page);
	questions_between_servers(page);
	questions_certificates(page);
	page_trend(page);
	if (page->inventory->connections == 0)
		page_empty(page);
	page_missing(page);
	page_words(page);
}

int
report_text(FILE *out, const struct inventory *inventory,
    const struct report_source *source, const struct report_style *style)
{
	struct page page;

	page_init(&page, inventory, source);
	page.t.out = out;
	page.t.columns = style->columns;
	page.t.colour = style->colour;
	page.t.utf8 = style->utf8;
	errno = 0;
	print_page(&page);
	page_clear(&page);
	return report_end(out);
}
