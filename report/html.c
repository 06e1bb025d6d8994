/* SPDX-License-Identifier: ISC */
/*
 * The report as one HTML file: no script is needed, nothing is fetched, and the
 * page's own Content-Security-Policy lets nothing else than its one style sheet
 * and its one script happen, whatever is in a name.
 */
#include "report/html.h"

#include <errno.h>
#include <string.h>

#include "report/digest.h"
#include "report/language.h"
#include "report/past.h"
#include "report/questions.h"

/* Written by build-aux/text2c.awk from files beside this one. */
extern const char *const page_css[], *const page_js[], *const mail_css[];

const char *
html_mood(enum mood mood)
{
	static const char *const classes[] = {
		[MOOD_NONE] = "none",
		[MOOD_GOOD] = "good",
		[MOOD_CARE] = "care",
		[MOOD_BAD] = "bad",
	};

	return classes[mood];
}

/*
 * The body.
 */

static void
write_header(struct html *h, const struct headline *headline)
{
	markup_say(&h->m,
	    "<header class=\"%s\">\n<h1><span>%s</span> %s</h1>\n"
	    "<div class=\"lede\">\n",
	    html_mood(headline->mood), headline->question, headline->answer);
	page_answer(&h->page);
	markup_say(&h->m, "</div>\n<div class=\"basis\">\n");
	page_coverage(&h->page);
	markup_say(&h->m, "</div>\n</header>\n");
}

static void
write_change(struct html *h, const struct history_change *change)
{
	static const enum mood moods[] = {
		[HISTORY_NEW] = MOOD_NONE,
		[HISTORY_FIXED] = MOOD_GOOD,
		[HISTORY_WORSE] = MOOD_BAD,
		[HISTORY_GONE] = MOOD_NONE,
	};
	char name[TERMINAL_ESCAPED_MAX], text[PAST_MAX];

	/* As in report/label.c. */
	terminal_escape(change->device, strlen(change->device), true,
	    change->source == NAME_ALIAS ? "" : " ", name, sizeof(name));
	past_say(change, h->page.source->history->end_us, text);
	markup_say(&h->m,
	    "<li><span class=\"badge %s\">%s</span> <bdi>%s</bdi> "
	    "<span>%s</span></li>\n",
	    html_mood(moods[change->kind]), past_kind(change->kind), name,
	    text);
}

/* What has changed since the period before. */
static void
write_changes(struct html *h)
{
	const struct history *history = h->page.source->history;
	struct markup *m = &h->m;

	if (history == NULL)
		return;
	markup_section(m, _("Since the period before"), false);
	if (!history->before_known)
		markup_say(m, "<p>%s</p>\n",
		    _("Nothing is known of the period before, so nothing can "
		      "be compared."));
	else if (history->change_count == 0)
		markup_say(m, "<p>%s</p>\n",
		    _("No device has changed since the period before."));
	markup_say(m, "<ul class=\"changes\">\n");
	for (size_t i = 0; i < history->change_count; i++)
		write_change(h, &history->changes[i]);
	markup_say(m, "</ul>\n");
	markup_section_end(m);
}

/* What answers questions, each to be unfolded; where nothing old was found, the
 * first question is where else to look. */
static void
write_questions(struct html *h)
{
	struct page *page = &h->page;

	page->fold = false;
	questions_elsewhere(page);
	if (page->inventory->connections == 0)
		page_empty(page);
	markup_section_end(&h->m);
	page->fold = !h->mail;
	page_programs(page);
	questions_providers(page);
	questions_between_servers(page);
	questions_certificates(page);
	page_missing(page);
	page_words(page);
	markup_section_end(&h->m);
}

static void
write_body(struct html *h)
{
	struct headline headline = headline_of(&h->page);

	write_header(h, &headline);
	markup_say(&h->m, "<main id=\"main\">\n");
	write_changes(h);
	html_cards(h);
	html_chart(h);
	html_roster(h);
	write_questions(h);
	markup_say(&h->m, "</main>\n<footer><p>%s</p></footer>\n",
	    _("Made by mailtls, which only listens: it reads no mail, and "
	      "keeps no password."));
}

/*
 * The page around it.
 */

/* An element with `lines`, an array that NULL ends, of our own in it. */
static void
write_lines(struct html *h, const char *tag, const char *const *lines)
{
	fprintf(h->m.out, "<%s>", tag);
	for (size_t i = 0; lines[i] != NULL; i++)
		fputs(lines[i], h->m.out);
	fprintf(h->m.out, "</%s>\n", tag);
}

/* Images: a browser that looks for an icon finds an empty one. */
static void
write_policy(struct html *h)
{
	char style[DIGEST_SOURCE_MAX], script[DIGEST_SOURCE_MAX];

	digest_source(page_css, style);
	digest_source(page_js, script);
	markup_say(&h->m,
	    "<meta http-equiv=\"Content-Security-Policy\" content=\""
	    "default-src 'none'; style-src '%s'; script-src "
	    "'%s'; img-src data:; base-uri 'none'; form-action "
	    "'none'\">\n",
	    style, script);
}

/* A browser is told more than a mail program would heed. */
static void
write_browser_head(struct html *h)
{
	write_policy(h);
	markup_say(&h->m,
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n"
	    "<link rel=\"icon\" href=\"data:,\">\n");
}

static void
write_head(struct html *h)
{
	struct headline headline = headline_of(&h->page);

	markup_say(&h->m,
	    "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n",
	    language_code());
	if (!h->mail)
		write_browser_head(h);
	markup_say(&h->m,
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\">\n"
	    "<meta name=\"generator\" content=\"mailtls\">\n"
	    "<title>%s %s</title>\n",
	    headline.question, headline.answer);
	write_lines(h, "style", h->mail ? mail_css : page_css);
	markup_say(&h->m, "</head>\n<body>\n");
}

int
html_write(FILE *out, const struct inventory *inventory,
    const struct report_source *source, bool mail)
{
	struct html h = { .m.out = out, .mail = mail };

	errno = 0;
	page_init(&h.page, inventory, source);
	h.page.t.markup = &h.m;
	h.page.t.utf8 = true;
	write_head(&h);
	if (!mail)
		markup_say(&h.m, "<a class=\"skip\" href=\"#main\">%s</a>\n",
		    _("Skip to what to do"));
	write_body(&h);
	if (!mail)
		write_lines(&h, "script", page_js);
	markup_say(&h.m, "</body>\n</html>\n");
	page_clear(&h.page);
	return report_end(out);
}

int
report_html(FILE *out, const struct inventory *inventory,
    const struct report_source *source)
{
	return html_write(out, inventory, source, false);
}
