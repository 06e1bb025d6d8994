/* SPDX-License-Identifier: ISC */
/* What a report can not say: what may be missing, what an empty one can mean;
 * and what its words mean. */
#include "report/page.h"

#include "report/label.h"
#include "report/language.h"

/* Below this, programs that mail seldom may not have done so. */
#define SHORT_US (24 * 3600 * INT64_C(1000000))

enum {
	FEW = 10, /* connections: there may be others elsewhere */
};

/*
 * What may be missing.
 */

static size_t
print_losses(struct page *page)
{
	const struct report_source *source = page->source;
	char number[TERMINAL_NUMBER_MAX];
	size_t shown = 0;

	for (size_t i = 0; i < source->loss_count; i++) {
		if (source->losses[i].count == 0)
			continue;
		/* Translators: a counter's name, its count, its meaning. */
		page_note(page, _("%s: %s (%s)"), source->losses[i].name,
		    terminal_thousands(source->losses[i].count, number),
		    _(source->losses[i].meaning));
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
	char number[TERMINAL_NUMBER_MAX], phrase[PAGE_PHRASE_MAX];
	size_t losses;

	if (failed > 0)
		page_note(page,
		    ngettext("%s of the files or interfaces above could not "
			     "be read to its end.",
			"%s of the files or interfaces above could not be "
			"read to their end.",
			failed),
		    terminal_thousands(failed, number));
	losses = print_losses(page);
	if (not_kept > 0)
		page_note(page,
		    _("Counted in the totals but not listed: %s. There were "
		      "too many different ones."),
		    page_connections(not_kept, phrase));
	if (failed == 0 && not_kept == 0 && losses == 0)
		page_note(page, "%s",
		    _("Nothing of what was captured was lost or left "
		      "unread."));
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

	if (inventory->connections == 0)
		return; /* see page_empty */
	if (has_router(&page->census))
		page_note(page, "%s",
		    _("A router or repeater stands before some of these "
		      "devices: they are told apart by address only, and "
		      "several may share one."));
	if (inventory->last_us - inventory->first_us < SHORT_US)
		page_note(page, "%s",
		    _("The connections span less than a day. What sends mail "
		      "seldom, such as a printer, may not have done so."));
	page_note(page, "%s",
	    _("Only what crossed this place of the network at that time can "
	      "show here. A phone on its mobile network, a computer "
	      "elsewhere, or a service that collects mail from another "
	      "provider does not."));
	page_note(page, "%s",
	    _("Mail that is read in a web browser, and in some apps, travels "
	      "as web traffic (HTTPS) and does not show here either."));
	if (inventory->connections < FEW && !page->source->any_port)
		page_note(page, "%s",
		    _("Mail to servers on unusual ports shows only with "
		      "--any-port."));
}

void
page_missing(struct page *page)
{
	page_heading(page, _("WHAT MAY BE MISSING"), _("What may be missing"));
	print_incidents(page);
	print_limits(page);
}

/* An empty report is an answer only to the question whether the capture was
 * any good. */
void
page_empty(struct page *page)
{
	static const char *const causes[] = {
		N_("The capture was taken at a place, or on a network "
		   "interface, that the mail does not pass."),
		N_("It was too short. A mail program connects when it is "
		   "started and then every few minutes, or stays connected "
		   "for hours; a printer connects when it mails. Let it run "
		   "for a day, or start programs and devices anew meanwhile."),
		N_("Mail is read here in a web browser or an app only, and "
		   "travels as web traffic (HTTPS)."),
	};

	page_heading(page, _("WHAT THAT CAN MEAN"), _("What that can mean"));
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		page_note(page, "%s", _(causes[i]));
	if (page->source->any_port)
		page_note(page, "%s",
		    _("The mail server uses an unusual port, and nothing shows "
		      "there that it is mail."));
	else
		page_note(page, "%s",
		    _("The mail server uses an unusual port. With --any-port, "
		      "mail is looked for on all of them."));
}

static bool
has_mac_shown(const struct census *census)
{
	for (size_t i = 0; i < census->count; i++) {
		if (label_shows_mac(&census->devices[i]))
			return true;
	}
	return false;
}

void
page_words(struct page *page)
{
	page_heading(page, _("WORDS"), _("Words"));
	page_note(page, "%s",
	    _("TLS encrypts the way between a mail program and the provider's "
	      "server; SSL is its old name. Its versions are 1.0, 1.1, 1.2 "
	      "and 1.3, and programs and servers agree on one for each "
	      "connection."));
	if (page->inventory->connections == 0)
		return;
	page_note(page, "%s",
	    _("SSL/TLS and STARTTLS are what a mail program's settings call "
	      "the two ways to begin TLS: at once, or after a few words in "
	      "the clear. The number after a server's name is the port, which "
	      "stands in the same settings."));
	page_note(page, "%s",
	    _("What a mail program calls default or automatic says nothing of "
	      "versions. What it means in fact was seen in what it offered: "
	      "\"its setting means\"."));
	if (!has_mac_shown(&page->census))
		return;
	page_note(page, "%s",
	    _("The six pairs in brackets after an address are the device's "
	      "hardware address (MAC), which is often printed on its "
	      "label."));
}
