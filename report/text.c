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

#include "report/iptext.h"
#include "report/language.h"
#include "report/line.h"
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
	    N_("No encrypted connection came about, and an old version in the "
	       "device was not the reason.") },
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

/* Are they one line?  A program that is known may vary its offer; what is fine
 * need not be told apart by it at all. */
static bool
same_line(const struct entry *a, const struct entry *b, enum verdict verdict)
{
	if (inventory_compare_services(a, b) != 0 ||
	    program_compare(&a->program, &b->program) != 0)
		return false;
	return verdict == VERDICT_MODERN ||
	       (inventory_compare_offers(a, b) == 0 &&
		   (a->program.evidence != 0 || strcmp(a->ja4, b->ja4) == 0));
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

/* The name of the device.  Blanks in one that the user did not give are
 * escaped, or it could seem to end, and something else begin. */
static void
say_name(struct terminal *t, const struct device_name *device)
{
	char name[TERMINAL_ESCAPED_MAX];

	terminal_escape(device->name, strlen(device->name), t->utf8,
	    device->source == NAME_ALIAS ? "" : " ", name, sizeof(name));
	terminal_say(t, "%s", name);
}

static void
say_addresses(struct terminal *t, const struct device *device)
{
	char ip[IPTEXT_MAX];

	iptext_write(device->shown->client.ip, device->shown->ipv6, ip);
	terminal_say(t, "%s", ip);
	if (device->addresses > 1)
		terminal_say(t,
		    ngettext(" and %zu more address", " and %zu more addresses",
			device->addresses - 1),
		    device->addresses - 1);
}

/* The MAC, where it is not the device's own or there is no name. */
static void
say_mac(struct terminal *t, const struct device *device)
{
	char mac[WORDS_MAC_MAX];
	const char *format = "%s";

	if (device->behind_router)
		format = _("behind the router %s");
	else if (device->name.randomized_mac)
		/* Translators: a hardware address not given by the maker. */
		format = _("random %s");
	terminal_say(t, format, words_mac(device->shown->client.mac, mac));
}

/* Says what comes before the next thing in brackets. */
static void
begin_part(struct terminal *t, bool *any)
{
	terminal_say(t, *any ? ", " : " (");
	*any = true;
}

/* "printer (Brother, 192.168.1.40)", or without a name "192.168.1.40 (Brother,
 * 00-00-5E-00-53-28)"; what is not known is left out. */
static void
say_device(struct terminal *t, const struct device *device)
{
	const char *vendor = device->name.vendor;
	bool named = device->name.name[0] != '\0', any = false;
	char text[TERMINAL_ESCAPED_MAX];

	if (named)
		say_name(t, &device->name);
	else
		say_addresses(t, device);
	if (vendor[0] != '\0') {
		begin_part(t, &any);
		terminal_escape(
		    vendor, strlen(vendor), t->utf8, "", text, sizeof(text));
		terminal_say(t, "%s", text);
	}
	if (named) {
		begin_part(t, &any);
		say_addresses(t, device);
	}
	if (page_shows_mac(device)) {
		begin_part(t, &any);
		say_mac(t, device);
	}
	if (any)
		terminal_say(t, ")");
}

/* The entries of one device that are of one server. */
struct service {
	const struct entry *const *entries;
	size_t count;
};

/* Prints the line that begins with the first of the `count` entries at `run`,
 * if any of its connections belong here, and returns how many it took. */
static size_t
print_entries(struct page *page, const struct entry *const *run, size_t count,
    const struct service *service, struct part *part)
{
	struct line line = { .entry = NULL };
	struct setting setting;
	size_t i;

	for (i = 0; i < count; i++) {
		if (!same_line(run[0], run[i], part->verdict))
			break;
		if (run[i]->by_verdict[part->verdict] > 0)
			add_entry(&line, run[i], part->verdict);
	}
	if (line.entry == NULL)
		return i;
	setting = setting_of(line.entry, service->entries, service->count);
	line_print(page, &line, &setting, part);
	return i;
}

/* Prints the lines of the server that the first of the `count` entries at `run`
 * is of, and returns how many entries those are. */
static size_t
print_server(struct page *page, const struct entry *const *run, size_t count,
    struct part *part)
{
	struct service service = { run, 1 };

	while (service.count < count &&
	       inventory_compare_services(run[0], run[service.count]) == 0)
		service.count++;
	for (size_t i = 0; i < service.count;)
		i += print_entries(
		    page, run + i, service.count - i, &service, part);
	return service.count;
}

static void
print_device(struct page *page, const struct device *device, struct part *part)
{
	const struct entry *const *entries = device->entries;
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
	for (size_t i = 0; i < device->count;)
		i += print_server(page, entries + i, device->count - i, part);
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
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		print_section(page, &sections[i]);
	page_programs(page);
	questions_print(page);
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
	census_take(inventory, source->devices, &page.census);
	print_page(&page);
	census_clear(&page.census);
	if (fflush(out) == 0 && !ferror(out))
		return 0;
	return errno != 0 ? -errno : -EIO;
}
