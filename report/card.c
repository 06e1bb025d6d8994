/* SPDX-License-Identifier: ISC */
/*
 * Cards: a device, what it does that is not in order, by verdict, and what to
 * do.  What explains it further is folded.
 */
#include <string.h>

#include "report/html.h"
#include "report/label.h"
#include "report/language.h"
#include "report/lines.h"
#include "report/shield.h"

enum {
	/* Answers of one card; a reader follows the first. */
	CARD_ADVICE_MAX = 8,
};

/* struct remedy is one answer, and which program it is for: NULL for all of the
 * device, `sure` if that is not a guess. */
struct remedy {
	const char *text, *program;
	bool sure;
};

/* struct card is one in the making. */
struct card {
	struct html *h;
	const struct device *device;
	enum verdict verdict;
	size_t line_count;
	struct remedy remedies[CARD_ADVICE_MAX];
	size_t remedy_count;
};

/* Devices whose gravest verdict is no graver than this one can wait. */
static const enum verdict least = VERDICT_FAILED;

static bool
is_urgent(const struct device *device)
{
	return inventory_rank(device->worst) <= inventory_rank(least);
}

bool
html_has_card(const struct device *device)
{
	return device->worst != VERDICT_MODERN && device->worst != VERDICT_NONE;
}

/* The place of the answer `text`, or the one behind all that there are. */
static size_t
place_of(const struct card *card, const char *text)
{
	size_t i = 0;

	while (i < card->remedy_count && card->remedies[i].text != text)
		i++;
	return i;
}

/* Takes down an answer, once, whichever programs it is for. */
static void
take_remedy(struct card *card, const struct advice *advice, const char *program)
{
	size_t at = place_of(card, advice->text);
	struct remedy *remedy = &card->remedies[at];
	bool sure = advice->if_program == NULL;
	const char *whose = sure ? program : advice->if_program;

	if (at == CARD_ADVICE_MAX)
		return;
	if (at == card->remedy_count) {
		card->remedy_count++;
		*remedy = (struct remedy){ advice->text, whose, sure };
	} else if (remedy->program != NULL && whose != NULL &&
		   strcmp(remedy->program, whose) == 0) {
		remedy->sure |= sure;
	} else {
		remedy->program = NULL;
	}
}

/* Takes down what is to be done about `line`. */
static void
take_advice(struct card *card, const struct line *line)
{
	struct advice advice[ADVICE_MAX];
	size_t count = line_advice(line, card->verdict, card->device, advice);

	card->line_count++;
	for (size_t i = 0; i < count; i++)
		take_remedy(
		    card, &advice[i], program_name(&line->entry->program));
}

static void
write_line(void *arg, const struct line *line, const struct setting *setting)
{
	struct card *card = arg;
	struct page *page = &card->h->page;
	struct markup *m = &card->h->m;
	struct terminal *t = &page->t;

	markup_say(m, "<div class=\"does\">\n");
	terminal_begin(t, 0, 0);
	line_say_doing(page, line, card->verdict);
	terminal_end(t);
	terminal_begin(t, 0, 0);
	line_say_which(page, line);
	line_say_blame(t, line, card->verdict);
	terminal_end(t);
	markup_say(m, "<details><summary>%s</summary>\n", _("Details"));
	terminal_begin(t, 0, 0);
	line_say_often(page, line);
	line_say_habits(page, line, card->verdict, setting);
	terminal_end(t);
	markup_say(m, "</details>\n</div>\n");
	take_advice(card, line);
}

/* Where a card has one line, what is sure need not be said. */
static void
write_remedies(struct card *card)
{
	struct terminal *t = &card->h->page.t;
	struct markup *m = &card->h->m;

	if (card->remedy_count == 0)
		return;
	markup_say(m, "<div class=\"todo\">\n<h4>%s</h4>\n", _("What to do"));
	for (size_t i = 0; i < card->remedy_count; i++) {
		const struct remedy *remedy = &card->remedies[i];

		terminal_item(t, 0, '>');
		if (!remedy->sure || card->line_count > 1)
			line_say_if(t, remedy->program);
		terminal_say(t, "%s", remedy->text);
		terminal_end(t);
	}
	markup_say(m, "</div>\n");
}

static void
write_badge(struct markup *m, enum verdict verdict)
{
	markup_say(m, "<span class=\"badge %s\">%s</span>\n",
	    html_mood(headline_mood(verdict)), words_verdict(verdict));
}

/* What may stand between all of its programs and their servers. */
static void
write_shield(struct card *card)
{
	const char *shield = shield_say(card->device);

	if (shield != NULL)
		markup_say(&card->h->m, "<p class=\"shield\">%s</p>\n", shield);
}

/* What is amiss, the gravest first. */
static void
write_verdicts(struct card *card)
{
	bool folded = !is_urgent(card->device);

	for (size_t i = 0; i < INVENTORY_VERDICTS - 1; i++) {
		card->verdict = inventory_order[i];
		if (card->verdict == VERDICT_MODERN ||
		    card->device->by_verdict[card->verdict] == 0)
			continue;
		/* What is folded has the gravest before that. */
		if (!folded || card->verdict != card->device->worst)
			write_badge(&card->h->m, card->verdict);
		lines_each(card->device, card->verdict, write_line, card);
	}
}

static void
write_who(struct markup *m, const struct label *label)
{
	markup_say(m, "<h3><bdi>%s</bdi></h3>\n", label->name);
	if (label->part_count == 0)
		return;
	markup_say(m, "<span class=\"who\">");
	for (size_t i = 0; i < label->part_count; i++)
		markup_say(m, "%s<bdi>%s</bdi>", i > 0 ? " \xc2\xb7 " : "",
		    label->parts[i]);
	markup_say(m, "</span>\n");
}

static void
write_card(struct html *h, size_t number)
{
	const struct device *device = &h->page.census.devices[number];
	struct label label = label_of(device, true);
	struct card card = { .h = h, .device = device };
	const char *mood = html_mood(headline_mood(device->worst));
	bool urgent = is_urgent(device);

	markup_say(&h->m,
	    urgent ? "<article class=\"card %s\" id=\"d%zu\">\n"
		   : "<details class=\"card %s\" id=\"d%zu\"><summary>\n",
	    mood, number);
	write_who(&h->m, &label);
	if (!urgent) {
		write_badge(&h->m, device->worst);
		markup_say(&h->m, "</summary>\n");
	}
	write_shield(&card);
	write_verdicts(&card);
	write_remedies(&card);
	markup_say(&h->m, urgent ? "</article>\n" : "</details>\n");
}

/* A section of the cards that are urgent, or of those that are not. */
static void
write_section(struct html *h, bool urgent, const char *heading)
{
	bool headed = false;

	for (size_t i = 0; i < h->page.census.count; i++) {
		const struct device *device = &h->page.census.devices[i];

		if (!html_has_card(device) || is_urgent(device) != urgent)
			continue;
		if (!headed)
			markup_section(&h->m, heading, false);
		headed = true;
		write_card(h, i);
	}
	markup_section_end(&h->m);
}

void
html_cards(struct html *h)
{
	write_section(h, true, _("What to deal with"));
	write_section(h, false, _("What can wait, or could not be judged"));
}
