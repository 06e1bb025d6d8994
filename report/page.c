/* SPDX-License-Identifier: ISC */
/*
 * What the text report says about the whole: the answer, how much was seen,
 * what may be missing, and what the words mean.
 */
#include "report/page.h"

#include <string.h>

enum {
	NAMES_SHOWN = 3,      /* of files and interfaces */
	NAME_SHOWN_MAX = 256, /* bytes of one, escapes included */
	NOTE_MAX = 256,
	NOTE_INDENT = 2,
};

/* Below this, programs that mail seldom may not have done so. */
#define SHORT_US (24 * 3600 * INT64_C(1000000))

/*
 * Counting.
 */

static const char *
devices(const struct page *page, uint64_t count, char text[PAGE_PHRASE_MAX])
{
	char number[TERMINAL_NUMBER_MAX];

	snprintf(text, PAGE_PHRASE_MAX, "%s%s" TERMINAL_NBSP "%s",
	    page->inventory->not_kept > 0 ? "at least " : "",
	    terminal_thousands(count, number),
	    count == 1 ? "device" : "devices");
	return text;
}

static const char *
connections(uint64_t count, char text[PAGE_PHRASE_MAX])
{
	char number[TERMINAL_NUMBER_MAX];

	snprintf(text, PAGE_PHRASE_MAX, "%s" TERMINAL_NBSP "mail %s",
	    terminal_thousands(count, number),
	    count == 1 ? "connection" : "connections");
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

const char *
page_hit(const struct page *page, enum verdict a, enum verdict b,
    char text[PAGE_PHRASE_MAX])
{
	const uint64_t *connections_of = page->inventory->by_verdict;
	size_t count = devices_with(page, a, b);

	if (connections_of[a] + connections_of[b] == 0)
		return NULL;
	/* Perhaps the only one is among those that are not listed. */
	return devices(page, count > 0 ? count : 1, text);
}

/*
 * The answer.
 */

/* Says what was seen of old versions, and returns whether any was. */
static bool
say_old(struct page *page)
{
	char text[3][PAGE_PHRASE_MAX];
	const char *breaking =
	    page_hit(page, VERDICT_OLD_CLIENT, VERDICT_OLD_CLIENT, text[0]);
	const char *refused =
	    page_hit(page, VERDICT_REFUSED_OLD, VERDICT_REFUSED_OLD, text[1]);
	const char *limited =
	    page_hit(page, VERDICT_FALLBACK, VERDICT_OLD_SERVER, text[2]);

	if (breaking != NULL)
		terminal_say(&page->t,
		    "Mail on %s will stop working when %s switched off. ",
		    breaking, page->old.all_are);
	if (refused != NULL)
		terminal_say(&page->t,
		    "Mail on %s is refused already, for offering no more than "
		    "%s. ",
		    refused, page->old.any);
	if (limited != NULL)
		terminal_say(&page->t,
		    "On %s, %s was used although better was offered. ", limited,
		    page->old.any);
	return breaking != NULL || refused != NULL || limited != NULL;
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

	if (inventory->connections == 0) {
		terminal_say(&page->t,
		    "No mail connection was seen, so nothing can be said "
		    "about %s.",
		    page->old.all);
		return;
	}
	if (inventory->judged == 0) {
		terminal_say(&page->t,
		    "None of %s could be judged, so nothing can be said about "
		    "%s.",
		    connections(unjudged, text), page->old.all);
		return;
	}
	terminal_say(&page->t, "Nothing seen that uses %s, in %s from %s. ",
	    page->old.any, connections(inventory->judged, text),
	    devices(page, judged_devices(&page->census), more));
	if (count[VERDICT_MODERN] + count[VERDICT_WEAK_CIPHER] == 0)
		terminal_say(&page->t, "But no encryption came about in any "
				       "of them, so that says little. ");
	if (unjudged > 0)
		terminal_say(&page->t, "%s could not be judged. ",
		    connections(unjudged, text));
}

void
page_answer(struct page *page)
{
	enum verdict gravest = inventory_gravest(page->inventory->by_verdict);
	bool grave =
	    inventory_rank(gravest) <= inventory_rank(VERDICT_OLD_SERVER);
	char text[PAGE_PHRASE_MAX];
	const char *in_clear = page_hit(
	    page, VERDICT_PLAINTEXT_LOGIN, VERDICT_PLAINTEXT_LOGIN, text);

	terminal_colour(&page->t, grave ? "1;31" : "1");
	terminal_begin(&page->t, 0, 0);
	if (!say_old(page))
		say_none(page);
	if (in_clear != NULL)
		terminal_say(
		    &page->t, "On %s, a login was not encrypted.", in_clear);
	terminal_end(&page->t);
	terminal_colour(&page->t, "0");
}

/*
 * How much was seen.
 */

static void
say_sources(struct page *page)
{
	const struct report_source *source = page->source;
	char text[NAME_SHOWN_MAX], number[TERMINAL_NUMBER_MAX];

	terminal_say(&page->t, "Read:");
	for (size_t i = 0; i < source->name_count && i < NAMES_SHOWN; i++) {
		const char *name = source->names[i];

		terminal_escape(
		    name, strlen(name), page->t.utf8, "", text, sizeof(text));
		terminal_say(&page->t, " %s,", text);
	}
	if (source->name_count > NAMES_SHOWN)
		terminal_say(&page->t, " and %s more,",
		    terminal_thousands(
			source->name_count - NAMES_SHOWN, number));
	terminal_say(&page->t, " %s" TERMINAL_NBSP "%s.",
	    terminal_thousands(source->packets, number),
	    source->packets == 1 ? "packet" : "packets");
}

void
page_coverage(struct page *page)
{
	const struct inventory *inventory = page->inventory;
	char text[PAGE_PHRASE_MAX], from[WORDS_TIME_MAX], to[WORDS_TIME_MAX];
	struct terminal *t = &page->t;

	terminal_begin(t, 0, 2);
	terminal_say(t, "Mail connections: ");
	terminal_number(t, inventory->connections);
	if (inventory->connections > 0)
		terminal_say(t, " from %s, %s to %s",
		    devices(page, page->census.count, text),
		    words_time(inventory->first_us, from),
		    words_time_full(inventory->last_us, to));
	terminal_end(t);
	terminal_begin(t, 0, 2);
	say_sources(page);
	terminal_say(t, " Judged ");
	terminal_number(t, inventory->judged);
	terminal_say(t, ", not judged ");
	terminal_number(t, inventory->connections - inventory->judged);
	terminal_say(t, ".");
	terminal_end(t);
}

/*
 * What may be missing.
 */

static void
print_note(struct terminal *t, const char *note)
{
	terminal_begin(t, NOTE_INDENT, NOTE_INDENT + 2);
	terminal_say(t, "- %s", note);
	terminal_end(t);
}

static size_t
print_losses(struct page *page)
{
	const struct report_source *source = page->source;
	char number[TERMINAL_NUMBER_MAX];
	struct terminal *t = &page->t;
	size_t shown = 0;

	for (size_t i = 0; i < source->loss_count; i++) {
		if (source->losses[i].count == 0)
			continue;
		terminal_begin(t, NOTE_INDENT, NOTE_INDENT + 2);
		terminal_say(t, "- %s: %s (%s)", source->losses[i].name,
		    terminal_thousands(source->losses[i].count, number),
		    source->losses[i].meaning);
		terminal_end(t);
		shown++;
	}
	return shown;
}

/* Files cut short, losses on the way, and lists that were full. */
static void
print_incidents(struct page *page)
{
	uint64_t failed = page->source->failed;
	uint64_t not_kept = page->inventory->not_kept;
	char number[TERMINAL_NUMBER_MAX], text[NOTE_MAX];
	char phrase[PAGE_PHRASE_MAX];
	size_t losses;

	if (failed > 0) {
		snprintf(text, sizeof(text),
		    "%s of the files or interfaces "
		    "above could not be read to %s end.",
		    terminal_thousands(failed, number),
		    failed == 1 ? "its" : "their");
		print_note(&page->t, text);
	}
	losses = print_losses(page);
	if (not_kept > 0) {
		snprintf(text, sizeof(text),
		    "Counted in the totals but not listed: %s. There were too "
		    "many different ones.",
		    connections(not_kept, phrase));
		print_note(&page->t, text);
	}
	if (failed == 0 && not_kept == 0 && losses == 0)
		print_note(&page->t, "Nothing of what was captured was lost "
				     "or left unread.");
}

static bool
has_router(const struct census *census)
{
	for (size_t i = 0; i < census->count; i++) {
		if (census->devices[i].behind_router)
			return true;
	}
	return false;
}

/* What the capture can not have shown, the more so if it shows nothing. */
static void
print_limits(struct page *page)
{
	const struct inventory *inventory = page->inventory;
	struct terminal *t = &page->t;

	if (inventory->connections == 0)
		return; /* see page_empty */
	if (has_router(&page->census))
		print_note(t, "A router or repeater stands before some of "
			      "these devices: they are told apart by address "
			      "only, and several may share one.");
	if (inventory->last_us - inventory->first_us < SHORT_US)
		print_note(t, "The connections span less than a day. What "
			      "sends mail seldom, such as a printer, may not "
			      "have done so.");
	print_note(t, "Only what crossed this place of the network at that "
		      "time can show here. A phone on its mobile network, a "
		      "computer elsewhere, or a service that collects mail "
		      "from another provider does not.");
	print_note(t, "Mail that is read in a web browser, and in some apps, "
		      "travels as web traffic (HTTPS) and does not show here "
		      "either.");
}

void
page_missing(struct page *page)
{
	terminal_blank(&page->t);
	terminal_heading(&page->t, "1", "WHAT MAY BE MISSING", "");
	print_incidents(page);
	print_limits(page);
}

/* An empty report is an answer only to the question whether the capture was
 * any good. */
void
page_empty(struct page *page)
{
	static const char *const causes[] = {
		"The capture was taken at a place, or on a network interface, "
		"that the mail does not pass.",
		"It was too short. A mail program connects when it is started "
		"and then every few minutes, or stays connected for hours; a "
		"printer connects when it mails. Let it run for a day, or "
		"start programs and devices anew meanwhile.",
		"Mail is read here in a web browser or an app only, and "
		"travels as web traffic (HTTPS).",
		"The mail server uses an unusual port.",
	};

	terminal_blank(&page->t);
	terminal_heading(&page->t, "1", "WHAT THAT CAN MEAN", "");
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		print_note(&page->t, causes[i]);
}

void
page_words(struct page *page)
{
	struct terminal *t = &page->t;

	terminal_blank(t);
	terminal_heading(t, "1", "WORDS", "");
	print_note(t, "TLS encrypts the way between a mail program and the "
		      "provider's server; SSL is its old name. Its versions "
		      "are 1.0, 1.1, 1.2 and 1.3, and programs and servers "
		      "agree on one for each connection.");
	if (page->inventory->connections == 0)
		return;
	print_note(t, "SSL/TLS and STARTTLS are what a mail program's settings "
		      "call the two ways to begin TLS: at once, or after a few "
		      "words in the clear. The number after a server's name is "
		      "the port, which stands in the same settings.");
	print_note(t, "The six pairs in brackets after an address are the "
		      "device's hardware address (MAC), which is often printed "
		      "on its label.");
}
