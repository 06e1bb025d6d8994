/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_HTML_H
#define MAILTLS_REPORT_HTML_H

#include "report/headline.h"
#include "report/markup.h"

/*
 * The report as HTML, and its parts.
 */

/* struct html is a document in the making. */
struct html {
	struct page page; /* its terminal writes to `m` */
	struct markup m;
	bool mail; /* for a mail program: no script, no picture */
};

/* html_write writes the whole document as report_html does, for a browser or
 * for a mail program. */
int html_write(FILE *out, const struct inventory *inventory,
    const struct report_source *source, bool mail);

/* html_mood returns the name of the class that things of this mood have. */
const char *html_mood(enum mood mood);

/*
 * html_cards writes a card for each device that must be dealt with, and one to
 * be unfolded for each that can wait; html_has_card tells whether there is one
 * of `device`, whose identifier is "d" and its number in the census.
 */
void html_cards(struct html *h);
bool html_has_card(const struct device *device);

/* html_chart writes the connections by day, where that is known, and by
 * version. */
void html_chart(struct html *h);

/* html_roster writes the table of all devices. */
void html_roster(struct html *h);

#endif
