/* SPDX-License-Identifier: ISC */
#include "report/line.h"

#include <string.h>

#include "report/blame.h"
#include "report/iptext.h"
#include "report/language.h"
#include "report/shield.h"
#include "report/which.h"

enum {
	INDENT = 4,
	/* What a server is called: provider, name, port, encryption. */
	SERVER_SHOWN_MAX = TERMINAL_ESCAPED_MAX + 512,
};

static bool
uses_old(enum verdict verdict)
{
	return verdict == VERDICT_OLD_CLIENT || verdict == VERDICT_FALLBACK ||
	       verdict == VERDICT_OLD_SERVER;
}

/* "TLS 1.0 and TLS 1.1", those of the connections that `verdict` is of. */
static void
list_versions(const struct page *page, const struct line *line,
    enum verdict verdict, char out[PAGE_PHRASE_MAX])
{
	unsigned first = 1, end = page->min;

	out[0] = '\0';
	if (verdict == VERDICT_MODERN) {
		first = page->min;
		end = INVENTORY_VERSIONS;
	} else if (verdict == VERDICT_WEAK_CIPHER) {
		first = inventory_version(TLS_1_2);
		end = first + 1;
	} else if (!uses_old(verdict) && verdict != VERDICT_UNDETERMINED) {
		return;
	}
	for (unsigned row = first; row < end; row++) {
		size_t len = strlen(out);

		if (line->by_version[row] > 0)
			/* Translators: between two versions. */
			snprintf(out + len, PAGE_PHRASE_MAX - len, "%s%s",
			    len > 0 ? _(" and ") : "",
			    words_version(inventory_row_version(row)));
	}
}

/* "GMX, mail.gmx.net:587 STARTTLS" */
static void
name_server(const struct page *page, const struct entry *entry,
    char out[SERVER_SHOWN_MAX])
{
	const struct provider *provider = provider_of(
	    page->source->providers, &entry->last, entry->server_name);
	const char *encryption = words_encryption(entry->encryption);
	char name[TERMINAL_ESCAPED_MAX], ip[IPTEXT_MAX], brand[128];

	iptext_write(entry->server_ip, entry->ipv6, ip);
	if (entry->server_name[0] != '\0')
		terminal_escape(entry->server_name, strlen(entry->server_name),
		    page->t.utf8, " ", name, sizeof(name));
	else
		snprintf(name, sizeof(name), entry->ipv6 ? "[%s]" : "%s", ip);
	brand[0] = '\0';
	if (provider != NULL)
		terminal_escape(provider->name, strlen(provider->name),
		    page->t.utf8, "", brand, sizeof(brand));
	snprintf(out, SERVER_SHOWN_MAX, "%s%s%s:%u%s%s", brand,
	    brand[0] != '\0' ? ", " : "", name, entry->port,
	    encryption[0] != '\0' ? " " : "", encryption);
}

void
line_say_doing(struct page *page, const struct line *line, enum verdict verdict)
{
	char server[SERVER_SHOWN_MAX], versions[PAGE_PHRASE_MAX];
	char doing[SERVER_SHOWN_MAX + 128];

	name_server(page, line->entry, server);
	snprintf(
	    doing, sizeof(doing), words_doing(line->entry->protocol), server);
	list_versions(page, line, verdict, versions);
	if (versions[0] != '\0')
		/* Translators: what a program does; TLS versions. */
		terminal_say(&page->t, _("%s: %s"), doing, versions);
	else
		terminal_say(&page->t, "%s", doing);
}

void
line_say_often(struct page *page, const struct line *line)
{
	struct terminal *t = &page->t;
	char number[TERMINAL_NUMBER_MAX], when[WORDS_TIME_MAX];
	uint64_t n = line->connections;

	words_time(line->last_us, page->inventory->last_us, when);
	if (n == 1)
		/* Translators: a connection, and its time. */
		terminal_say(t, _("once, %s."), when);
	else
		/* Translators: connections, and the time of the last. */
		terminal_say(t,
		    ngettext("%s time, last %s.", "%s times, last %s.", n),
		    terminal_thousands(n, number), when);
	terminal_say(t, " ");
}

/* The same for what is fine, on the line of the server. */
static void
say_often_briefly(struct terminal *t, const struct line *line)
{
	char number[TERMINAL_NUMBER_MAX];
	uint64_t n = line->connections;

	if (n == 1)
		terminal_say(t, "%s", _(", once."));
	else
		terminal_say(t, ngettext(", %s time.", ", %s times.", n),
		    terminal_thousands(n, number));
	terminal_say(t, " ");
}

/* Does the sentence of blame say what was offered? */
static bool
names_offer(enum verdict verdict)
{
	return uses_old(verdict) || verdict == VERDICT_REFUSED_OLD;
}

void
line_say_which(struct page *page, const struct line *line)
{
	char which[WHICH_MAX];

	which_say(line->entry, &page->groups, page->t.utf8, which);
	terminal_say(&page->t, "%s ", which);
}

void
line_say_blame(
    struct terminal *t, const struct line *line, enum verdict verdict)
{
	char blame[BLAME_MAX];

	blame_say(line->entry, verdict, blame);
	terminal_say(t, "%s ", blame);
}

void
line_say_habits(struct page *page, const struct line *line,
    enum verdict verdict, const struct setting *setting)
{
	const struct entry *entry = line->entry;
	char means[SETTING_MAX], ehlo[TERMINAL_ESCAPED_MAX];
	struct terminal *t = &page->t;

	setting_say(entry, setting, page->inventory->last_us, means);
	if (!names_offer(verdict) || setting->changed ||
	    entry->last.offer.version_count > 0)
		terminal_say(t, "%s ", means);
	if (inventory_worst(entry) != verdict || entry->last.ehlo[0] == '\0' ||
	    verdict == VERDICT_MODERN)
		return;
	terminal_escape(entry->last.ehlo, strlen(entry->last.ehlo),
	    page->t.utf8, " ", ehlo, sizeof(ehlo));
	terminal_say(t, _("It calls itself \"%s\"."), ehlo);
}

/*
 * Advice.
 */

/* Was `text` given in this section?  It is now. */
static bool
was_given(struct part *part, const char *text)
{
	for (size_t i = 0; i < part->given_count; i++) {
		if (part->given[i] == text)
			return true;
	}
	if (part->given_count < LINE_ADVICE_MAX)
		part->given[part->given_count++] = text;
	return false;
}

/* What is known of who sent this: the place to add more. */
static struct advice_about
about_of(const struct entry *entry, const struct device *device)
{
	const struct program *program = &entry->program;

	return (struct advice_about){
		.connection = &entry->last,
		.vendor = device->name.vendor,
		.vendor_class = device->name.vendor_class,
		.program = shield_say(device) != NULL ? "antivirus"
						      : program_name(program),
		.candidates = program->candidates,
		.candidate_count = program->count,
		.library = program->library,
	};
}

size_t
line_advice(const struct line *line, enum verdict verdict,
    const struct device *device, struct advice out[ADVICE_MAX])
{
	struct advice_about about = about_of(line->entry, device);

	if (inventory_worst(line->entry) != verdict)
		return 0; /* entry->last is of another */
	return advice_find(&about, out);
}

void
line_say_if(struct terminal *t, const char *program)
{
	char name[TERMINAL_ESCAPED_MAX];

	if (program == NULL)
		return;
	terminal_escape(
	    program, strlen(program), t->utf8, "", name, sizeof(name));
	/* Translators: the name of a program. */
	terminal_say(t, _("If it is %s:"), name);
	terminal_say(t, " ");
}

static void
print_advice(struct page *page, const struct line *line, struct part *part)
{
	struct advice advice[ADVICE_MAX];
	struct terminal *t = &page->t;
	size_t count = line_advice(line, part->verdict, part->device, advice);
	bool above = false;

	for (size_t i = 0; i < count; i++) {
		if (was_given(part, advice[i].text)) {
			above = true;
			continue;
		}
		terminal_item(t, INDENT, '>');
		line_say_if(t, advice[i].if_program);
		terminal_say(t, "%s", advice[i].text);
		terminal_end(t);
	}
	if (!above)
		return;
	terminal_item(t, INDENT, '>');
	terminal_say(t, "%s", _("As above."));
	terminal_end(t);
}

void
line_print(struct page *page, const struct line *line,
    const struct setting *setting, struct part *part)
{
	enum verdict verdict = part->verdict;
	struct terminal *t = &page->t;

	terminal_begin(t, INDENT, INDENT + 2);
	line_say_doing(page, line, verdict);
	if (verdict == VERDICT_MODERN) {
		say_often_briefly(t, line);
	} else {
		terminal_end(t);
		terminal_begin(t, INDENT, INDENT);
		line_say_often(page, line);
	}
	line_say_which(page, line);
	line_say_blame(t, line, verdict);
	line_say_habits(page, line, verdict, setting);
	terminal_end(t);
	print_advice(page, line, part);
}
