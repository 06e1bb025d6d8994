/* SPDX-License-Identifier: ISC */
/*
 * Connections by day and by version.  The picture (SVG 1.1) has bars only and
 * is stretched to the width that there is; what is to be read stands around it,
 * in letters that are not.  Old versions stand at the bottom of a bar, where
 * they can be compared, and none is too small to be seen.  The table of the
 * figures says the same without a picture.
 */

#include "report/html.h"
#include "report/language.h"

enum {
	BARS_MAX = 62,  /* more days than these are put together */
	LABELLED = 7,   /* as many bars have room for a label each */
	BAR_STEP = 10,  /* units from one bar to the next, */
	BAR_WIDTH = 8,  /* of which the bar takes so many */
	HEIGHT = 200,   /* of the highest bar there may be */
	HEIGHT_MIN = 4, /* of the least that is there at all */
	PLOT_TITLE_MAX = 512,
};

/* struct bar is a day, or several in a row. */
struct bar {
	int64_t start_us, end_us;
	bool watched; /* capture ran for some of it */
	uint64_t connections;
	uint64_t by_version[INVENTORY_VERSIONS];
};

/* struct plot is all of them. */
struct plot {
	struct bar bars[BARS_MAX];
	size_t count;
	size_t days_each;
	bool blind;   /* some were not watched */
	uint64_t top; /* what the highest bar could have */
};

/* Where it is not known when capture ran, nothing is said of that. */
static bool
was_watched(const struct history *history, const struct bar *bar)
{
	for (size_t i = 0; i < history->run_count; i++) {
		const struct history_run *run = &history->runs[i];

		if (run->start_us < bar->end_us && run->end_us > bar->start_us)
			return true;
	}
	return history->run_count == 0 || bar->connections > 0;
}

/* The least round number that is not below `number`. */
static uint64_t
round_up(uint64_t number)
{
	static const uint64_t round[] = { 1, 2, 3, 4, 5, 6, 8, 10 };
	uint64_t unit = 1;
	size_t i = 0;

	while (unit < number / 10 + (number % 10 > 0))
		unit *= 10;
	while (round[i] * unit < number)
		i++;
	return round[i] * unit;
}

static void
add_day(struct bar *bar, const struct history_day *day)
{
	if (bar->end_us == 0)
		bar->start_us = day->start_us;
	bar->end_us = day->end_us;
	bar->connections += day->connections;
	for (unsigned row = 0; row < INVENTORY_VERSIONS; row++)
		bar->by_version[row] += day->by_version[row];
}

static void
plot_of(const struct history *history, size_t days, struct plot *plot)
{
	uint64_t most = 0;

	*plot = (struct plot){
		.days_each = (days + BARS_MAX - 1) / BARS_MAX,
	};
	for (size_t i = 0; i < days; i++) {
		plot->count = i / plot->days_each + 1;
		add_day(&plot->bars[plot->count - 1], &history->days[i]);
	}
	for (size_t i = 0; i < plot->count; i++) {
		struct bar *bar = &plot->bars[i];

		bar->watched = was_watched(history, bar);
		plot->blind |= !bar->watched;
		if (bar->connections > most)
			most = bar->connections;
	}
	plot->top = round_up(most);
}

/*
 * The picture.
 */

/* How high `count` is drawn; a little more than it should be, if need be. */
static unsigned
height_of(const struct plot *plot, uint64_t count)
{
	double height = (double)count * HEIGHT / (double)plot->top;

	if (count == 0)
		return 0;
	return height < HEIGHT_MIN ? HEIGHT_MIN : (unsigned)height;
}

/* The rows of by_version from the bottom of a bar to its top: what is old, what
 * is not, what was not encrypted. */
static unsigned
row_at(unsigned place)
{
	return (place + 1) % INVENTORY_VERSIONS;
}

static void
name_row(unsigned row, char out[PAGE_PHRASE_MAX])
{
	snprintf(out, PAGE_PHRASE_MAX, "%s",
	    row > 0 ? words_version(inventory_row_version(row)) : _("no TLS"));
}

/* "16 May", or "16 May to 22 May". */
static void
name_bar(
    const struct plot *plot, const struct bar *bar, char out[PAGE_PHRASE_MAX])
{
	char first[WORDS_TIME_MAX], last[WORDS_TIME_MAX];

	words_day(bar->start_us, first);
	words_day(bar->end_us - 1, last);
	if (plot->days_each == 1)
		snprintf(out, PAGE_PHRASE_MAX, "%s %s",
		    words_weekday(bar->start_us), first);
	else
		snprintf(out, PAGE_PHRASE_MAX, _("%s to %s"), first, last);
}

/* What shows when a bar is pointed at. */
static void
write_title(struct markup *m, const struct plot *plot, const struct bar *bar)
{
	char name[PAGE_PHRASE_MAX], number[TERMINAL_NUMBER_MAX];

	name_bar(plot, bar, name);
	markup_say(m, "<title>%s", name);
	if (!bar->watched)
		markup_say(m, ": %s", _("not watched"));
	for (unsigned row = 0; row < INVENTORY_VERSIONS; row++) {
		if (bar->by_version[row] == 0)
			continue;
		name_row(row, name);
		markup_say(m, "\n%s: %s", name,
		    terminal_thousands(bar->by_version[row], number));
	}
	markup_say(m, "</title>");
}

static void
write_bar(struct markup *m, const struct plot *plot, size_t number)
{
	const struct bar *bar = &plot->bars[number];
	unsigned x = (unsigned)number * BAR_STEP + (BAR_STEP - BAR_WIDTH) / 2;
	unsigned y = HEIGHT;

	markup_say(m, "<g>");
	write_title(m, plot, bar);
	if (!bar->watched)
		markup_say(m,
		    "<rect class=\"blind\" x=\"%u\" y=\"0\" width=\"%u\" "
		    "height=\"%u\"/>",
		    (unsigned)number * BAR_STEP, BAR_STEP, HEIGHT);
	for (unsigned place = 0; place < INVENTORY_VERSIONS; place++) {
		unsigned row = row_at(place);
		unsigned height = height_of(plot, bar->by_version[row]);

		if (height == 0)
			continue;
		y -= height < y ? height : y;
		markup_say(m,
		    "<rect class=\"v%u\" x=\"%u\" y=\"%u\" width=\"%u\" "
		    "height=\"%u\"/>",
		    row, x, y, BAR_WIDTH, height);
	}
	markup_say(m, "</g>\n");
}

static void
write_picture(struct markup *m, const struct plot *plot, const char *summary)
{
	unsigned width = (unsigned)plot->count * BAR_STEP;

	markup_say(m,
	    "<svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %u %u\" "
	    "preserveAspectRatio=\"none\">\n"
	    "<path class=\"grid\" d=\"M0 0H%uM0 %uH%uM0 %uH%u\"/>\n",
	    summary, width, HEIGHT, width, HEIGHT / 2, width, HEIGHT, width);
	for (size_t i = 0; i < plot->count; i++)
		write_bar(m, plot, i);
	markup_say(m, "</svg>\n");
}

/*
 * What stands around it.
 */

static void
write_scale(struct markup *m, const struct plot *plot)
{
	char top[TERMINAL_NUMBER_MAX], half[TERMINAL_NUMBER_MAX];

	markup_say(m,
	    "<p class=\"scale\" aria-hidden=\"true\"><span>%s</span>"
	    "<span>%s</span><span>0</span></p>\n",
	    terminal_thousands(plot->top, top),
	    plot->top % 2 == 0 ? terminal_thousands(plot->top / 2, half) : "");
}

/* Is there room for a label below bar `i`?  Else the first, the middle and the
 * last have one. */
static bool
is_labelled(const struct plot *plot, size_t i)
{
	return plot->count <= LABELLED || i == 0 || i == plot->count / 2 ||
	       i == plot->count - 1;
}

static void
write_days(struct markup *m, const struct plot *plot)
{
	char day[WORDS_TIME_MAX];

	markup_say(m, "<p class=\"days\" aria-hidden=\"true\">");
	for (size_t i = 0; i < plot->count; i++) {
		const struct bar *bar = &plot->bars[i];

		if (!is_labelled(plot, i))
			continue;
		if (plot->count <= LABELLED && plot->days_each == 1)
			markup_say(m, "<span>%s<small>%s</small></span>",
			    words_weekday(bar->start_us),
			    words_day(bar->start_us, day));
		else
			markup_say(m, "<span>%s</span>",
			    words_day(bar->start_us, day));
	}
	markup_say(m, "</p>\n");
}

/* Whether there is any of `row` in the report. */
static bool
has_row(const struct html *h, unsigned row)
{
	return h->page.inventory->by_version[row] > 0;
}

static void
write_figures_head(struct html *h)
{
	char name[PAGE_PHRASE_MAX];

	markup_say(&h->m, "<thead><tr><th scope=\"col\">%s</th>", _("Day"));
	for (unsigned place = 0; place < INVENTORY_VERSIONS; place++) {
		if (!has_row(h, row_at(place)))
			continue;
		name_row(row_at(place), name);
		markup_say(&h->m, "<th scope=\"col\">%s</th>", name);
	}
	markup_say(&h->m, "</tr></thead>\n<tbody>\n");
}

static void
write_figures_row(
    struct html *h, const struct plot *plot, const struct bar *bar)
{
	char name[PAGE_PHRASE_MAX], number[TERMINAL_NUMBER_MAX];
	struct markup *m = &h->m;

	name_bar(plot, bar, name);
	markup_say(m, "<tr><th scope=\"row\">%s", name);
	if (!bar->watched)
		markup_say(m, " <small>%s</small>", _("not watched"));
	markup_say(m, "</th>");
	for (unsigned place = 0; place < INVENTORY_VERSIONS; place++) {
		unsigned row = row_at(place);

		if (has_row(h, row))
			markup_say(m, "<td>%s</td>",
			    terminal_thousands(bar->by_version[row], number));
	}
	markup_say(m, "</tr>\n");
}

static void
write_figures(struct html *h, const struct plot *plot)
{
	markup_say(&h->m,
	    h->mail ? "<h3>%s</h3>\n<table class=\"figures\">"
		    : "<details><summary>%s</summary>\n"
		      "<div class=\"wide\" tabindex=\"0\" role=\"group\">"
		      "<table class=\"figures\">",
	    _("The figures by day"));
	write_figures_head(h);
	for (size_t i = 0; i < plot->count; i++)
		write_figures_row(h, plot, &plot->bars[i]);
	markup_say(&h->m, "</tbody></table>");
	markup_say(&h->m, h->mail ? "\n" : "</div></details>\n");
}

/* "Connections by day, at most 200, on Tue 17 May." */
static void
summarize(const struct plot *plot, char out[PLOT_TITLE_MAX])
{
	const struct bar *most = &plot->bars[0];
	char name[PAGE_PHRASE_MAX], number[TERMINAL_NUMBER_MAX];

	for (size_t i = 1; i < plot->count; i++) {
		if (plot->bars[i].connections > most->connections)
			most = &plot->bars[i];
	}
	name_bar(plot, most, name);
	/* Translators: how many, and the day of that. */
	snprintf(out, PLOT_TITLE_MAX,
	    _("Connections by day and version: at most %s, %s. The figures "
	      "are in a table below."),
	    terminal_thousands(most->connections, number), name);
}

static void
write_plot(struct html *h, size_t days)
{
	const struct history *history = h->page.source->history;
	struct plot plot;
	char summary[PLOT_TITLE_MAX];
	struct markup *m = &h->m;

	plot_of(history, days, &plot);
	if (!h->mail) {
		summarize(&plot, summary);
		markup_say(m, "<figure class=\"plot\">\n");
		write_scale(m, &plot);
		write_picture(m, &plot, summary);
		write_days(m, &plot);
		if (plot.blind)
			markup_say(m, "<figcaption>%s</figcaption>\n",
			    _("Grey: not watched."));
		markup_say(m, "</figure>\n");
	}
	write_figures(h, &plot);
}

/*
 * By version.
 */

/* A bar of its own for each row, of `all`. */
static void
write_share(struct markup *m, unsigned row, uint64_t count, uint64_t all)
{
	unsigned width = (unsigned)((double)count * HEIGHT / (double)all);

	markup_say(m,
	    "<td><svg class=\"share\" aria-hidden=\"true\" "
	    "viewBox=\"0 0 %u 1\" preserveAspectRatio=\"none\"><rect "
	    "class=\"v%u\" width=\"%u\" height=\"1\"/></svg></td>",
	    HEIGHT, row, width > 0 ? width : 1);
}

static void
write_versions(struct html *h)
{
	const struct inventory *inventory = h->page.inventory;
	char name[PAGE_PHRASE_MAX], number[TERMINAL_NUMBER_MAX];
	struct markup *m = &h->m;

	markup_say(m,
	    "<table class=\"versions\"><thead><tr><th scope=\"col\">%s</th>"
	    "<td></td><th scope=\"col\">%s</th></tr></thead>\n<tbody>\n",
	    _("Version"), _("Connections"));
	for (unsigned place = 0; place < INVENTORY_VERSIONS; place++) {
		unsigned row = row_at(place);
		uint64_t count = inventory->by_version[row];

		if (count == 0)
			continue;
		name_row(row, name);
		markup_say(m, "<tr><th scope=\"row\">%s</th>", name);
		if (h->mail)
			markup_say(m, "<td></td>");
		else
			write_share(m, row, count, inventory->connections);
		markup_say(
		    m, "<td>%s</td></tr>\n", terminal_thousands(count, number));
	}
	markup_say(m, "</tbody></table>\n");
}

void
html_chart(struct html *h)
{
	const struct history *history = h->page.source->history;
	size_t days = history != NULL ? history->day_count : 0;

	if (h->page.inventory->connections == 0)
		return;
	markup_section(&h->m,
	    days > 0 ? _("Connections by day and version")
		     : _("Connections by version"),
	    false);
	if (days > 0)
		write_plot(h, days);
	write_versions(h);
	markup_section_end(&h->m);
}
