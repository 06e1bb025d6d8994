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
#include <string.h>

#include "report/blame.h"
#include "report/iptext.h"
#include "report/page.h"

enum {
	DEVICE_INDENT = 2,
	ENTRY_INDENT = 4,
};

/* A line of a section: entries of one device that differ in its address
 * only, seen as one. */
struct line {
	const struct entry *entry; /* the one that was last */
	uint64_t connections;      /* of the section's verdict */
	int64_t last_us;
	uint64_t by_version[INVENTORY_VERSIONS];
};

static const struct section {
	enum verdict verdict;
	const char *sgr, *title;
	bool when_off;       /* "when TLS 1.0 and 1.1 are switched off" */
	const char *meaning; /* %s: "TLS 1.0 or 1.1" */
} sections[] = {
	{ VERDICT_PLAINTEXT_LOGIN, "1;31", "PASSWORD SENT UNENCRYPTED", false,
	    "A login, and all that came after it, was not encrypted. That is "
	    "graver than an old version of TLS." },
	{ VERDICT_OLD_CLIENT, "1;31", "WILL STOP WORKING", true,
	    "These use %s and offer nothing better." },
	{ VERDICT_REFUSED_OLD, "1;31", "ALREADY REFUSED", false,
	    "These offer nothing better than %s, and were turned away." },
	{ VERDICT_FALLBACK, "1;33", "OLD VERSION ON THE SECOND TRY", false,
	    "These use %s after a better offer had failed." },
	{ VERDICT_OLD_SERVER, "1;33", "SERVER IS THE LIMIT", false,
	    "These offer better, but the server chose %s." },
	{ VERDICT_FAILED, "1;33", "FAILED FOR ANOTHER REASON", false,
	    "No encrypted connection came about, and an old version in the "
	    "device was not the reason." },
	{ VERDICT_WEAK_CIPHER, "1;33", "NEXT TO BE SWITCHED OFF (weak cipher)",
	    false,
	    "The version of TLS is good enough, but the method of encryption "
	    "(cipher) is an old one." },
	{ VERDICT_PLAINTEXT, "1", "NOT ENCRYPTED (no password seen)", false,
	    "Nothing was encrypted, and no login was seen. Mail servers often "
	    "talk to each other like this." },
	{ VERDICT_UNDETERMINED, "1", "COULD NOT BE JUDGED", false,
	    "Too little was seen to tell the version. These are not counted "
	    "as fine." },
	{ VERDICT_MODERN, "1;32", "FINE", false,
	    "These use nothing as old as %s." },
};

static bool
uses_old(enum verdict verdict)
{
	return verdict == VERDICT_OLD_CLIENT || verdict == VERDICT_FALLBACK ||
	       verdict == VERDICT_OLD_SERVER;
}

static void
say_versions(struct page *page, const struct line *line, enum verdict verdict)
{
	unsigned first = 1, end = page->min;
	const char *between = ": ";

	if (verdict == VERDICT_MODERN) {
		first = page->min;
		end = INVENTORY_VERSIONS;
	} else if (verdict == VERDICT_WEAK_CIPHER) {
		first = inventory_version(TLS_1_2);
		end = first + 1;
	} else if (!uses_old(verdict)) {
		return;
	}
	for (unsigned row = first; row < end; row++) {
		if (line->by_version[row] == 0)
			continue;
		terminal_say(&page->t, "%s%s", between,
		    words_version(inventory_row_version(row)));
		between = " and ";
	}
}

static void
say_server(struct terminal *t, const struct entry *entry)
{
	const char *encryption = words_encryption(entry->encryption);
	char ip[IPTEXT_MAX];

	terminal_say(t, "%s ", words_doing(entry->protocol));
	if (entry->server_name[0] != '\0') {
		terminal_name(t, entry->server_name);
	} else {
		iptext_write(entry->server_ip, entry->ipv6, ip);
		terminal_say(t, entry->ipv6 ? "[%s]" : "%s", ip);
	}
	terminal_say(t, ":%u", entry->port);
	if (encryption[0] != '\0')
		terminal_say(t, " %s", encryption);
}

static void
say_often(struct terminal *t, const struct line *line, bool brief)
{
	char number[TERMINAL_NUMBER_MAX], when[WORDS_TIME_MAX];

	if (line->connections == 1)
		terminal_say(t, "once");
	else
		terminal_say(t, "%s" TERMINAL_NBSP "times",
		    terminal_thousands(line->connections, number));
	if (!brief)
		terminal_say(t,
		    line->connections == 1 ? ", %s. " : ", last %s. ",
		    words_time(line->last_us, when));
}

/* What is known of the program beyond the counts. */
static void
say_details(struct terminal *t, const struct entry *entry, enum verdict verdict)
{
	char blame[BLAME_MAX];

	blame_say(entry, verdict, blame);
	terminal_say(t, "%s", blame);
	if (inventory_worst(entry) != verdict || entry->last.ehlo[0] == '\0' ||
	    verdict == VERDICT_MODERN)
		return;
	terminal_say(t, " It calls itself \"");
	terminal_name(t, entry->last.ehlo);
	terminal_say(t, "\".");
}

static void
print_line(struct page *page, const struct line *line, enum verdict verdict)
{
	bool brief = verdict == VERDICT_MODERN;
	struct terminal *t = &page->t;

	terminal_begin(t, ENTRY_INDENT, ENTRY_INDENT + 2);
	say_server(t, line->entry);
	say_versions(page, line, verdict);
	if (!brief) {
		terminal_end(t);
		terminal_begin(t, ENTRY_INDENT, ENTRY_INDENT);
	} else {
		terminal_say(t, ", ");
	}
	say_often(t, line, brief);
	if (brief)
		terminal_say(t, ". ");
	say_details(t, line->entry, verdict);
	terminal_end(t);
}

/* Are they one line?  What is fine need not be told apart by its offer. */
static bool
same_line(const struct entry *a, const struct entry *b, enum verdict verdict)
{
	if (verdict != VERDICT_MODERN)
		return inventory_compare_programs(a, b) == 0;
	return inventory_compare_services(a, b) == 0;
}

/* Adds `entry` to `line`, whose details are of the entry that was last. */
static void
add_entry(struct line *line, const struct entry *entry, enum verdict verdict)
{
	if (line->entry == NULL ||
	    entry->verdict_last_us[verdict] > line->last_us) {
		line->entry = entry;
		line->last_us = entry->verdict_last_us[verdict];
	}
	line->connections += entry->by_verdict[verdict];
	for (unsigned row = 0; row < INVENTORY_VERSIONS; row++)
		line->by_version[row] += entry->by_version[row];
}

static void
say_device(struct terminal *t, const struct device *device)
{
	const struct entry *shown = device->shown;
	char ip[IPTEXT_MAX], mac[WORDS_MAC_MAX];

	iptext_write(shown->client.ip, shown->ipv6, ip);
	terminal_say(t, "%s", ip);
	if (device->addresses > 1)
		terminal_say(t, " and %zu more %s", device->addresses - 1,
		    device->addresses == 2 ? "address" : "addresses");
	if (shown->client.has_mac)
		terminal_say(t, " (%s%s)",
		    device->behind_router ? "behind the router " : "",
		    words_mac(shown->client.mac, mac));
}

/* Prints the line that begins with entry number `first` of `device`, if any
 * of its connections belong here, and returns the number of the next. */
static size_t
print_entries(struct page *page, const struct device *device, size_t first,
    enum verdict verdict)
{
	const struct entry *const *entries = device->entries;
	struct line line = { .entry = NULL };
	size_t i;

	for (i = first; i < device->count; i++) {
		if (!same_line(entries[first], entries[i], verdict))
			break;
		if (entries[i]->by_verdict[verdict] > 0)
			add_entry(&line, entries[i], verdict);
	}
	if (line.entry != NULL)
		print_line(page, &line, verdict);
	return i;
}

static void
print_device(
    struct page *page, const struct device *device, enum verdict verdict)
{
	terminal_begin(&page->t, DEVICE_INDENT, DEVICE_INDENT + 2);
	say_device(&page->t, device);
	terminal_end(&page->t);
	for (size_t i = 0; i < device->count;)
		i = print_entries(page, device, i, verdict);
}

static void
print_section(struct page *page, const struct section *section)
{
	enum verdict verdict = section->verdict;
	char title[PAGE_PHRASE_MAX], text[PAGE_PHRASE_MAX];
	const char *hit = page_hit(page, verdict, verdict, text);

	if (hit == NULL)
		return;
	snprintf(title, sizeof(title),
	    section->when_off ? "%s when %s switched off" : "%s",
	    section->title, page->old.all_are);
	terminal_blank(&page->t);
	terminal_heading(&page->t, section->sgr, title, hit);
	terminal_begin(&page->t, DEVICE_INDENT, DEVICE_INDENT);
	terminal_say(&page->t, section->meaning, page->old.any);
	terminal_end(&page->t);
	for (size_t i = 0; i < page->census.count; i++) {
		const struct device *device = &page->census.devices[i];

		if (device->by_verdict[verdict] > 0)
			print_device(page, device, verdict);
	}
}

static void
print_page(struct page *page)
{
	page_answer(page);
	terminal_blank(&page->t);
	page_coverage(page);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		print_section(page, &sections[i]);
	if (page->inventory->connections == 0)
		page_empty(page);
	page_missing(page);
	page_words(page);
}

int
report_text(FILE *out, const struct inventory *inventory,
    const struct report_source *source, const struct report_style *style)
{
	struct page page = {
		.t = { .out = out,
		    .columns = style->columns,
		    .colour = style->colour,
		    .utf8 = style->utf8 },
		.inventory = inventory,
		.source = source,
		.old = words_old(source->min_version),
		.min = inventory_version(source->min_version),
	};

	if (page.min == 0)
		page.min = inventory_version(TLS_1_2);
	errno = 0;
	census_take(inventory, &page.census);
	print_page(&page);
	census_clear(&page.census);
	if (fflush(out) == 0 && !ferror(out))
		return 0;
	return errno != 0 ? -errno : -EIO;
}
