/* SPDX-License-Identifier: ISC */
#include "report/questions.h"

#include <string.h>
#include <time.h>

#include "report/language.h"

enum {
	SMTP_PORT = 25, /* from server to server, RFC 5321 */
	PROVIDERS_SHOWN = 16,
	LINK_MAX = 1024,
};

/*
 * Providers.
 */

struct seen {
	const struct provider *providers[PROVIDERS_SHOWN];
	size_t count;
};

static void
see(struct seen *seen, const struct provider *provider)
{
	for (size_t i = 0; i < seen->count; i++) {
		if (seen->providers[i] == provider)
			return;
	}
	if (provider != NULL && seen->count < PROVIDERS_SHOWN)
		seen->providers[seen->count++] = provider;
}

/* The providers of the devices that are listed first, which are those in
 * trouble. */
static struct seen
providers_seen(const struct page *page)
{
	struct seen seen = { .count = 0 };

	for (size_t i = 0; i < page->census.count; i++) {
		const struct device *device = &page->census.devices[i];

		for (size_t k = 0; k < device->count; k++)
			see(&seen, provider_of(page->source->providers,
				       &device->entries[k]->last,
				       device->entries[k]->server_name));
	}
	return seen;
}

static bool
is_known(const struct provider *provider)
{
	return provider->minimum != TLS_NONE || provider->legacy[0] != '\0' ||
	       provider->history[0] != '\0' || provider->help[0] != '\0';
}

static void
say_minimum(struct terminal *t, const struct provider *provider)
{
	const char *version = words_version(provider->minimum);
	char day[WORDS_TIME_MAX];

	if (provider->minimum == TLS_NONE)
		return;
	if (provider->since[0] == '\0')
		terminal_say(t, _("It takes %s at least."), version);
	else
		terminal_say(t, _("It takes %s at least, since %s."), version,
		    words_date(provider->since, day));
	terminal_say(t, " ");
}

/* Has `day`, "2026-12-31", passed at `time_us`? */
static bool
has_passed(const char *day, int64_t time_us)
{
	time_t seconds = (time_t)(time_us / 1000000);
	char date[sizeof("2026-12-31")];
	struct tm tm;

	return localtime_r(&seconds, &tm) != NULL &&
	       strftime(date, sizeof(date), "%Y-%m-%d", &tm) > 0 &&
	       strcmp(date, day) > 0;
}

static void
say_legacy(struct terminal *t, const struct provider *provider, int64_t last_us)
{
	char day[WORDS_TIME_MAX];

	if (provider->legacy[0] == '\0' ||
	    (provider->legacy_until[0] != '\0' &&
		has_passed(provider->legacy_until, last_us)))
		return;
	if (provider->legacy_until[0] == '\0')
		terminal_say(
		    t, _("For old devices it has %s."), provider->legacy);
	else
		terminal_say(t, _("For old devices it has, until %s: %s."),
		    words_date(provider->legacy_until, day), provider->legacy);
	terminal_say(t, " ");
}

static void
say_links(struct terminal *t, const struct provider *provider)
{
	if (provider->history[0] != '\0') {
		terminal_link(t,
		    _("It shows itself with which version one has logged "
		      "in: %s"),
		    provider->history);
		terminal_say(t, " ");
	}
	if (provider->help[0] != '\0' &&
	    strcmp(provider->help, provider->history) != 0)
		terminal_link(t, _("Its help: %s"), provider->help);
}

static void
print_provider(struct page *page, const struct provider *provider)
{
	struct terminal *t = &page->t;
	char name[LINK_MAX];

	terminal_begin(t, 2, 4);
	terminal_escape(provider->name, strlen(provider->name), t->utf8, "",
	    name, sizeof(name));
	terminal_say(t, "%s: ", name);
	say_minimum(t, provider);
	say_legacy(t, provider, page->inventory->last_us);
	say_links(t, provider);
	terminal_end(t);
}

void
questions_providers(struct page *page)
{
	struct seen seen = providers_seen(page);
	bool headed = false;

	for (size_t i = 0; i < seen.count; i++) {
		if (!is_known(seen.providers[i]))
			continue;
		if (!headed)
			page_heading(page, _("PROVIDERS"), _("Providers"));
		headed = true;
		print_provider(page, seen.providers[i]);
	}
}

/*
 * Certificates.
 */

void
questions_certificates(struct page *page)
{
	const struct inventory *inventory = page->inventory;
	char number[TERMINAL_NUMBER_MAX], other[TERMINAL_NUMBER_MAX];
	uint64_t servers = inventory->server_certificates;

	if (servers == 0 && inventory->client_requests == 0 &&
	    inventory->client_certificates == 0)
		return;
	page_heading(page, _("CERTIFICATES"), _("Certificates"));
	page_note(page,
	    ngettext("A server certificate is the proof by which a server "
		     "shows a mail program that it is the right one. It could "
		     "be seen in %s connection; with TLS 1.3 it can not.",
		"A server certificate is the proof by which a server shows a "
		"mail program that it is the right one. It could be seen in "
		"%s connections; with TLS 1.3 it can not.",
		servers),
	    terminal_thousands(servers, number));
	if (inventory->client_requests + inventory->client_certificates == 0)
		page_note(page, "%s",
		    _("A client certificate is the same in the other "
		      "direction, instead of or besides the password. None "
		      "was asked for and none was seen: nothing needs to be "
		      "set up for that."));
	else
		/* Translators: how many connections, both times. */
		page_note(page,
		    _("A client certificate is the same in the other "
		      "direction, instead of or besides the password. Devices "
		      "sent one in %s connections; in %s they were asked and "
		      "sent none."),
		    terminal_thousands(inventory->client_certificates, number),
		    terminal_thousands(inventory->client_requests, other));
}

/*
 * Mail between servers.
 */

void
questions_between_servers(struct page *page)
{
	const struct inventory *inventory = page->inventory;
	uint64_t all = 0, clear = 0;
	char number[TERMINAL_NUMBER_MAX], other[TERMINAL_NUMBER_MAX];

	for (size_t i = 0; i < inventory->count; i++) {
		const struct entry *entry = &inventory->entries[i];

		if (entry->port != SMTP_PORT)
			continue;
		all += entry->connections;
		clear += entry->by_version[0];
	}
	if (all == 0)
		return;
	page_heading(page, _("MAIL BETWEEN SERVERS (port 25)"),
	    _("Mail between servers (port 25)"));
	/* Translators: how many of how many. */
	page_note(page,
	    _("Encrypted: %s of %s connections. Which of them are encrypted "
	      "is for the two servers to settle; mail programs and devices of "
	      "the home should use port 587 or 465 instead."),
	    terminal_thousands(all - clear, number),
	    terminal_thousands(all, other));
}

/*
 * Where else to look.
 */

void
questions_elsewhere(struct page *page)
{
	static const char *const places[] = {
		N_("Phones and tablets away from home: join them to this "
		   "network and let them read mail."),
		N_("A computer at work or elsewhere that reads the same "
		   "mailbox."),
		N_("A web service or another provider that collects mail from "
		   "this mailbox: look in its settings for mail accounts that "
		   "it fetches from."),
		N_("What mails seldom: printers and scanners, a NAS, cameras, "
		   "the router itself. Have each of them send a test mail."),
		N_("The login history that some providers have in the "
		   "settings of the mailbox."),
	};

	if (page_old(page) || page->inventory->judged == 0)
		return;
	page_heading(page,
	    _("WHERE ELSE TO LOOK, if the provider has warned you"),
	    _("Where else to look, if the provider has warned you"));
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		page_note(page, "%s", _(places[i]));
}
