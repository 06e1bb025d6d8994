/* SPDX-License-Identifier: ISC */
/* What the text report says of a period of a store. */
#include "report/page.h"

#include <string.h>

#include "report/language.h"
#include "report/past.h"

enum {
	/* Lines of the trend: days, then weeks, then four of them. */
	DAYS_MAX = 31,
	WEEKS_MAX = 60,
	WEEK_LEN = 7,
	MONTH_LEN = 28,
};

void
page_unseen(struct page *page)
{
	const struct history *history = page->source->history;
	uint64_t count = history != NULL ? past_unseen(history) : 0;
	char number[TERMINAL_NUMBER_MAX];

	if (count == 0)
		return;
	terminal_say(&page->t, " ");
	/* Translators: how many devices. */
	terminal_say(&page->t,
	    ngettext("%s device was old when it was last seen, and "
		     "could not be seen now.",
		"%s devices were old when they were last seen, and "
		"could not be seen now.",
		count),
	    terminal_thousands(count, number));
}

void
page_period(struct page *page)
{
	const struct history *history = page->source->history;
	char coverage[PAST_MAX], losses[PAST_MAX];

	if (history == NULL)
		return;
	past_say_coverage(history, coverage);
	past_say_losses(history, losses);
	terminal_begin(&page->t, 0, 2);
	terminal_say(&page->t, "%s %s", coverage, losses);
	terminal_end(&page->t);
}

/*
 * Changes.
 */

static void
print_change(struct page *page, const struct history_change *change)
{
	char name[TERMINAL_ESCAPED_MAX], what[PAST_MAX];

	/* Blanks in a name that the user did not give are escaped, or it could
	 * seem to end, and something else begin. */
	terminal_escape(change->device, strlen(change->device), page->t.utf8,
	    change->source == NAME_ALIAS ? "" : " ", name, sizeof(name));
	past_say(change, page->source->history->end_us, what);
	/* Translators: "Fixed", a device, and what was when. */
	page_note(page, _("%s: %s. %s"), past_kind(change->kind), name, what);
}

void
page_changes(struct page *page)
{
	const struct history *history = page->source->history;

	if (history == NULL)
		return;
	terminal_blank(&page->t);
	terminal_heading(
	    &page->t, "1", _("CHANGES SINCE THE PERIOD BEFORE"), "");
	for (size_t i = 0; i < history->change_count; i++)
		print_change(page, &history->changes[i]);
	if (history->change_count > 0)
		return;
	page_note(page, "%s",
	    history->before_known
		? _("None.")
		: _("Nothing is known of the time before, so there is nothing "
		    "to compare with."));
}

/*
 * By day.
 */

/* Was there capture at any time between? */
static bool
was_watched(const struct history *history, int64_t start_us, int64_t end_us)
{
	for (size_t i = 0; i < history->run_count; i++) {
		const struct history_run *run = &history->runs[i];

		if (run->start_us < end_us && run->end_us >= start_us)
			return true;
	}
	return false;
}

/* The `count` days at `days`, as one. */
static struct history_day
sum_of(const struct history_day *days, size_t count)
{
	struct history_day sum = days[0];

	for (size_t i = 1; i < count; i++) {
		sum.connections += days[i].connections;
		for (unsigned row = 0; row < INVENTORY_VERSIONS; row++)
			sum.by_version[row] += days[i].by_version[row];
	}
	sum.end_us = days[count - 1].end_us;
	return sum;
}

static void
say_days(struct page *page, const struct history_day *sum, bool one)
{
	char first[WORDS_TIME_MAX], last[WORDS_TIME_MAX];
	int64_t end_us = sum->end_us - 1;

	if (one)
		/* Translators: day of the week, day. */
		terminal_say(&page->t, _("%s %s: "),
		    words_weekday(sum->start_us),
		    words_day(sum->start_us, first));
	else
		/* Translators: two days. */
		terminal_say(&page->t, _("%s to %s: "),
		    words_day(sum->start_us, first), words_day(end_us, last));
}

/* "TLS 1.0 12, TLS 1.3 45". */
static void
say_versions(struct page *page, const struct history_day *sum)
{
	char number[TERMINAL_NUMBER_MAX];
	bool any = false;

	for (unsigned row = 1; row < INVENTORY_VERSIONS; row++) {
		uint64_t count = sum->by_version[row];

		if (count == 0)
			continue;
		/* Translators: a version, and how many connections. */
		terminal_say(&page->t, any ? _(", %s: %s") : _(" (%s: %s"),
		    words_version(inventory_row_version(row)),
		    terminal_thousands(count, number));
		any = true;
	}
	if (any)
		terminal_say(&page->t, "%s", _(")"));
}

static void
print_days(struct page *page, const struct history_day *days, size_t count)
{
	const struct history *history = page->source->history;
	struct history_day sum = sum_of(days, count);
	char number[TERMINAL_NUMBER_MAX];

	terminal_begin(&page->t, 2, 4);
	say_days(page, &sum, count == 1);
	if (sum.connections == 0 && history->run_count > 0 &&
	    !was_watched(history, sum.start_us, sum.end_us)) {
		terminal_say(&page->t, "%s", _("not watched"));
	} else {
		terminal_say(&page->t, "%s",
		    terminal_thousands(sum.connections, number));
		say_versions(page, &sum);
	}
	terminal_end(&page->t);
}

void
page_trend(struct page *page)
{
	const struct history *history = page->source->history;
	size_t count = history != NULL ? history->day_count : 0, len;

	if (count < 2)
		return; /* one line would say nothing new */
	len = count <= DAYS_MAX ? 1 : WEEK_LEN;
	if (count > WEEKS_MAX * WEEK_LEN)
		len = MONTH_LEN;
	terminal_blank(&page->t);
	terminal_heading(&page->t, "1", _("MAIL CONNECTIONS OVER TIME"), "");
	for (size_t i = 0; i < count; i += len)
		print_days(
		    page, &history->days[i], len < count - i ? len : count - i);
}
