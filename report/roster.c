/* SPDX-License-Identifier: ISC */
/*
 * The table of all devices.  Its roles are spelled out, as a narrow screen lays
 * the rows out as blocks, which would else take them away.
 */
#include <inttypes.h>

#include "report/html.h"
#include "report/label.h"
#include "report/language.h"

enum {
	KEY_MAX = 24, /* a number to sort by */
};

/* The columns, with what a script sorts them by. */
static const struct column {
	const char *heading, *sort;
} columns[] = {
	{ N_("Device"), "text" },
	{ N_("Verdict"), "number" },
	{ N_("Versions"), "number" },
	{ N_("Connections"), "number" },
	{ N_("Last seen"), "number" },
};

/* struct row is what the table says of a device. */
struct row {
	uint64_t by_version[INVENTORY_VERSIONS];
	unsigned lowest; /* row of by_version, or INVENTORY_VERSIONS */
	int64_t last_us;
};

static struct row
row_of(const struct device *device)
{
	struct row row = { .lowest = INVENTORY_VERSIONS };

	for (size_t i = 0; i < device->count; i++) {
		const struct entry *entry = device->entries[i];

		for (unsigned v = 0; v < INVENTORY_VERSIONS; v++)
			row.by_version[v] += entry->by_version[v];
		if (i == 0 || entry->last_us > row.last_us)
			row.last_us = entry->last_us;
	}
	for (unsigned v = INVENTORY_VERSIONS - 1; v > 0; v--) {
		if (row.by_version[v] > 0)
			row.lowest = v;
	}
	return row;
}

/* "TLS 1.0, TLS 1.2", or nothing where none was negotiated. */
static void
write_versions(struct markup *m, const struct row *row)
{
	bool any = false;

	for (unsigned v = 1; v < INVENTORY_VERSIONS; v++) {
		if (row->by_version[v] == 0)
			continue;
		markup_say(m, "%s<span>%s</span>", any ? _(", ") : "",
		    words_version(inventory_row_version(v)));
		any = true;
	}
}

static void
begin_cell(struct markup *m, size_t column, uint64_t key)
{
	char number[KEY_MAX];

	snprintf(number, sizeof(number), "%" PRIu64, key);
	markup_say(m, "<td role=\"cell\" data-key=\"%s\" data-label=\"%s\">",
	    number, _(columns[column].heading));
}

static void
write_device(struct html *h, size_t number)
{
	const struct device *device = &h->page.census.devices[number];
	struct label label = label_of(device, true);
	struct markup *m = &h->m;

	markup_say(m, "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">");
	if (html_has_card(device))
		markup_say(m, "<a href=\"#d%zu\"><bdi>%s</bdi></a>", number,
		    label.name);
	else
		markup_say(m, "<bdi>%s</bdi>", label.name);
	for (size_t i = 0; i < label.part_count; i++)
		markup_say(m, " <small><bdi>%s</bdi></small>", label.parts[i]);
	markup_say(m, "</th>");
}

static void
write_row(struct html *h, size_t number)
{
	const struct device *device = &h->page.census.devices[number];
	struct row row = row_of(device);
	char count[TERMINAL_NUMBER_MAX], last[WORDS_TIME_MAX];
	struct markup *m = &h->m;

	write_device(h, number);
	begin_cell(m, 1, inventory_rank(device->worst));
	markup_say(m, "<span class=\"badge %s\">%s</span></td>",
	    html_mood(headline_mood(device->worst)),
	    words_verdict(device->worst));
	begin_cell(m, 2, row.lowest);
	write_versions(m, &row);
	markup_say(m, "</td>");
	begin_cell(m, 3, device->connections);
	markup_say(
	    m, "%s</td>", terminal_thousands(device->connections, count));
	begin_cell(m, 4, (uint64_t)row.last_us);
	markup_say(m, "%s</td></tr>\n",
	    words_time(row.last_us, h->page.inventory->last_us, last));
}

void
html_roster(struct html *h)
{
	struct markup *m = &h->m;

	if (h->page.census.count == 0)
		return;
	markup_section(m, _("All devices"), false);
	markup_say(m,
	    "<table role=\"table\" class=\"roster\"><thead role=\"rowgroup\">"
	    "<tr role=\"row\">");
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		markup_say(m,
		    "<th role=\"columnheader\" scope=\"col\" data-sort=\"%s\">"
		    "%s</th>",
		    columns[i].sort, _(columns[i].heading));
	markup_say(m, "</tr></thead>\n<tbody role=\"rowgroup\">\n");
	for (size_t i = 0; i < h->page.census.count; i++)
		write_row(h, i);
	markup_say(m, "</tbody></table>\n");
	markup_section_end(m);
}
