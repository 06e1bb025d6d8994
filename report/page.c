/* SPDX-License-Identifier: ISC */
/* What reports for people say about the whole: the answer, and how much was
 * seen. */
#include "report/page.h"

#include <stdarg.h>
#include <string.h>

#include "report/language.h"
#include "report/markup.h"

enum {
	NAMES_SHOWN = 3,      /* of files and interfaces */
	NAME_SHOWN_MAX = 256, /* bytes of one, escapes included */
	NOTE_MAX = 2048,
	NOTE_INDENT = 2,
};

void
page_init(struct page *page, const struct inventory *inventory,
    const struct report_source *source)
{
	memset(page, 0, sizeof(*page));
	page->inventory = inventory;
	page->source = source;
	page->old = words_old(source->min_version);
	page->min = inventory_version(source->min_version);
	if (page->min == 0)
		page->min = inventory_version(TLS_1_2);
	census_take(inventory, source->devices, &page->census);
}

void
page_clear(struct page *page)
{
	census_clear(&page->census);
}

/*
 * Writing.
 */

void
page_heading(struct page *page, const char *capitals, const char *heading)
{
	struct terminal *t = &page->t;

	if (t->markup != NULL) {
		markup_section(t->markup, heading, page->fold);
		return;
	}
	terminal_blank(t);
	terminal_heading(t, "1", capitals, "");
}

void
page_note(struct page *page, const char *format, ...)
{
	char text[NOTE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	terminal_item(&page->t, NOTE_INDENT, '-');
	terminal_say(&page->t, "%s", text);
	terminal_end(&page->t);
}

/*
 * Counting.
 */

const char *
page_number(const struct page *page, uint64_t count, char text[PAGE_PHRASE_MAX])
{
	char number[TERMINAL_NUMBER_MAX];

	terminal_thousands(count, number);
	if (page->inventory->not_kept > 0)
		snprintf(text, PAGE_PHRASE_MAX, _("at least %s"), number);
	else
		snprintf(text, PAGE_PHRASE_MAX, "%s", number);
	return text;
}

const char *
page_devices(
    const struct page *page, uint64_t count, char text[PAGE_PHRASE_MAX])
{
	char number[PAGE_PHRASE_MAX];

	snprintf(text, PAGE_PHRASE_MAX,
	    ngettext("%s device", "%s devices", count),
	    page_number(page, count, number));
	return text;
}

static size_t
devices_with(const struct page *page, enum verdict a, enum verdict b)
{
	size_t count = 0;

	for (size_t i = 0; i < page->census.count; i++) {
		const struct device *device = &page->census.devices[i];

		count += device->by_verdict[a] + device->by_verdict[b] > 0;
	}
	return count;
}

uint64_t
page_hit(const struct page *page, enum verdict a, enum verdict b)
{
	const uint64_t *connections_of = page->inventory->by_verdict;
	size_t count = devices_with(page, a, b);

	if (connections_of[a] + connections_of[b] == 0)
		return 0;
	/* Perhaps the only one is among those that are not listed. */
	return count > 0 ? count : 1;
}

bool
page_old(const struct page *page)
{
	return page_hit(page, VERDICT_OLD_CLIENT, VERDICT_REFUSED_OLD) +
		   page_hit(page, VERDICT_FALLBACK, VERDICT_OLD_SERVER) +
		   page->inventory->old_undetermined >
	       0;
}

/*
 * The answer.
 */

const char *
page_connections(uint64_t count, char text[PAGE_PHRASE_MAX])
{
	char number[TERMINAL_NUMBER_MAX];

	snprintf(text, PAGE_PHRASE_MAX,
	    ngettext("%s mail connection", "%s mail connections", count),
	    terminal_thousands(count, number));
	return text;
}

/* Says what was seen of old versions. */
static void
say_old(struct page *page)
{
	char text[PAGE_PHRASE_MAX];
	struct terminal *t = &page->t;
	uint64_t n;

	n = page_hit(page, VERDICT_OLD_CLIENT, VERDICT_OLD_CLIENT);
	if (n > 0)
		/* Translators: 1 device; "when TLS 1.0 ... off". */
		terminal_say(t,
		    ngettext("Mail on %s device will stop working %s. ",
			"Mail on %s devices will stop working %s. ", n),
		    page_number(page, n, text), page->old.when_off);
	n = page_hit(page, VERDICT_REFUSED_OLD, VERDICT_REFUSED_OLD);
	if (n > 0)
		terminal_say(t,
		    ngettext("Mail on %s device is refused already, for "
			     "offering no more than %s. ",
			"Mail on %s devices is refused already, for offering "
			"no more than %s. ",
			n),
		    page_number(page, n, text), page->old.any);
	n = page_hit(page, VERDICT_FALLBACK, VERDICT_OLD_SERVER);
	if (n > 0)
		terminal_say(t,
		    ngettext("On %s device, %s was used although better was "
			     "offered. ",
			"On %s devices, %s was used although better was "
			"offered. ",
			n),
		    page_number(page, n, text), page->old.any);
	n = page->inventory->old_undetermined;
	if (n > 0)
		/* Translators: "2 mail connections", "TLS 1.0 or 1.1". */
		terminal_say(t,
		    _("In %s, %s was used, but not enough was seen to tell "
		      "whose limit that is. "),
		    page_connections(n, text), page->old.any);
}

static size_t
judged_devices(const struct census *census)
{
	size_t count = 0;

	for (size_t i = 0; i < census->count; i++) {
		const struct device *device = &census->devices[i];

		count += device->connections >
			 device->by_verdict[VERDICT_UNDETERMINED];
	}
	return count;
}

/* Nothing old was seen, which is worth as much as what was seen. */
static void
say_none(struct page *page)
{
	const struct inventory *inventory = page->inventory;
	const uint64_t *count = inventory->by_verdict;
	uint64_t unjudged = inventory->connections - inventory->judged;
	char text[PAGE_PHRASE_MAX], more[PAGE_PHRASE_MAX];
	struct terminal *t = &page->t;

	if (inventory->connections == 0) {
		terminal_say(t,
		    _("No mail connection was seen, so nothing can be said "
		      "about %s."),
		    page->old.all);
		return;
	}
	if (inventory->judged == 0) {
		terminal_say(t,
		    _("None of %s could be judged, so nothing can be said "
		      "about %s."),
		    page_connections(unjudged, text), page->old.all);
		return;
	}
	/* Translators: "TLS 1.0 or 1.1", "2 mail connections", "1 device". */
	terminal_say(t, _("Nothing seen that uses %s, in %s from %s. "),
	    page->old.any, page_connections(inventory->judged, text),
	    page_devices(page, judged_devices(&page->census), more));
	if (count[VERDICT_MODERN] + count[VERDICT_WEAK_CIPHER] == 0)
		terminal_say(t, "%s ",
		    _("But no encryption came about in any of them, so that "
		      "says little."));
	if (unjudged > 0)
		terminal_say(t, _("%s could not be judged. "),
		    page_connections(unjudged, text));
}

void
page_answer(struct page *page)
{
	enum verdict gravest = inventory_gravest(page->inventory->by_verdict);
	bool grave =
	    inventory_rank(gravest) <= inventory_rank(VERDICT_OLD_SERVER);
	char text[PAGE_PHRASE_MAX];
	uint64_t in_clear =
	    page_hit(page, VERDICT_PLAINTEXT_LOGIN, VERDICT_PLAINTEXT_LOGIN);

	terminal_colour(&page->t, grave ? "1;31" : "1");
	terminal_begin(&page->t, 0, 0);
	if (page_old(page))
		say_old(page);
	else
		say_none(page);
	if (in_clear > 0)
		terminal_say(&page->t,
		    ngettext("On %s device, a login was not encrypted.",
			"On %s devices, a login was not encrypted.", in_clear),
		    page_number(page, in_clear, text));
	page_unseen(page);
	terminal_end(&page->t);
	terminal_colour(&page->t, "0");
}

/*
 * How much was seen.
 */

/* Joins the names of files and interfaces, as many as are shown. */
static void
list_names(const struct page *page, char *out, size_t size)
{
	const struct report_source *source = page->source;
	char name[NAME_SHOWN_MAX], number[TERMINAL_NUMBER_MAX];
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < source->name_count && i < NAMES_SHOWN; i++) {
		terminal_escape(source->names[i], strlen(source->names[i]),
		    page->t.utf8, "", name, sizeof(name));
		/* Translators: between names of files. */
		at += (size_t)snprintf(
		    out + at, size - at, "%s%s", at > 0 ? _(", ") : "", name);
	}
	if (source->name_count > NAMES_SHOWN)
		snprintf(out + at, size - at, _(", and %s more"),
		    terminal_thousands(
			source->name_count - NAMES_SHOWN, number));
}

static void
say_sources(struct page *page)
{
	char names[(NAMES_SHOWN + 1) * (NAME_SHOWN_MAX + 8)];
	char number[TERMINAL_NUMBER_MAX];
	uint64_t packets = page->source->packets;

	list_names(page, names, sizeof(names));
	if (names[0] == '\0')
		terminal_say(&page->t,
		    ngettext("Read: %s packet.", "Read: %s packets.", packets),
		    terminal_thousands(packets, number));
	else
		/* Translators: names of files or interfaces, how many. */
		terminal_say(&page->t,
		    ngettext("Read: %s, %s packet.", "Read: %s, %s packets.",
			packets),
		    names, terminal_thousands(packets, number));
}

void
page_coverage(struct page *page)
{
	const struct inventory *inventory = page->inventory;
	char text[PAGE_PHRASE_MAX], from[WORDS_TIME_MAX], to[WORDS_TIME_MAX];
	char number[TERMINAL_NUMBER_MAX], other[TERMINAL_NUMBER_MAX];
	struct terminal *t = &page->t;

	page_period(page);
	terminal_begin(t, 0, 2);
	terminal_thousands(inventory->connections, number);
	if (inventory->connections > 0)
		terminal_say(t, _("Mail connections: %s from %s, %s to %s"),
		    number, page_devices(page, page->census.count, text),
		    words_time(inventory->first_us, inventory->last_us, from),
		    words_time_full(inventory->last_us, to));
	else
		terminal_say(t, _("Mail connections: %s"), number);
	terminal_end(t);
	terminal_begin(t, 0, 2);
	say_sources(page);
	terminal_say(t, " ");
	terminal_say(t, _("Judged %s, not judged %s."),
	    terminal_thousands(inventory->judged, number),
	    terminal_thousands(
		inventory->connections - inventory->judged, other));
	terminal_end(t);
}

/*
 * Programs that are too many for a sentence.
 */

void
page_programs(struct page *page)
{
	char names[WHICH_NAMES_MAX];

	if (page->groups.count == 0)
		return;
	page_heading(page, _("PROGRAMS THAT CAN NOT BE TOLD APART"),
	    _("Programs that can not be told apart"));
	for (size_t i = 0; i < page->groups.count; i++) {
		which_list(page->groups.of[i], names);
		/* Translators: the number of a list, and its programs. */
		page_note(page, _("List %zu: %s."), i + 1, names);
	}
}
