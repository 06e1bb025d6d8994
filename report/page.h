/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_PAGE_H
#define MAILTLS_REPORT_PAGE_H

#include "report/census.h"
#include "report/report.h"
#include "report/terminal.h"
#include "report/which.h"
#include "report/words.h"

enum {
	PAGE_PHRASE_MAX = 192,
};

/* struct page is a report for people in the making. */
struct page {
	struct terminal t;
	bool fold; /* in HTML, sections are to be unfolded by the reader */
	const struct inventory *inventory;
	const struct report_source *source;
	struct census census;
	struct words_old old;
	unsigned min;               /* row of the minimum version */
	struct which_groups groups; /* as far as the sections are written */
};

/*
 * page_init makes `page` ready but for its terminal, which comes out zeroed; it
 * borrows what it is given.  The caller clears it with page_clear.
 */
void page_init(struct page *page, const struct inventory *inventory,
    const struct report_source *source);
void page_clear(struct page *page);

/*
 * page_number writes a number of devices, "2", or "at least 1" where some are
 * not listed, and page_devices "2 devices" and "at least 1 device".  page_hit counts those that have a connection of
 * verdict `a` or `b`, 0 when there is no such connection.
 */
const char *page_number(
    const struct page *page, uint64_t count, char text[PAGE_PHRASE_MAX]);
const char *page_devices(
    const struct page *page, uint64_t count, char text[PAGE_PHRASE_MAX]);
uint64_t page_hit(const struct page *page, enum verdict a, enum verdict b);

/* page_connections writes how many: "2 mail connections". */
const char *page_connections(uint64_t count, char text[PAGE_PHRASE_MAX]);

/* page_old tells whether anything old was seen: what `--check` looks for. */
bool page_old(const struct page *page);

/* page_heading begins a section: `capitals` heads it in text, `heading` in
 * HTML. */
void page_heading(struct page *page, const char *capitals, const char *heading);

/* page_note writes one item of a list. */
void page_note(struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * The parts of the report around the sections: the answer; what it rests on;
 * what an empty report can mean; what may be missing; what the words mean.
 */
void page_answer(struct page *page);
void page_coverage(struct page *page);
void page_programs(struct page *page);
void page_empty(struct page *page);
void page_missing(struct page *page);
void page_words(struct page *page);

/*
 * The same of a period of a store, and nothing without one: what else belongs
 * to the answer, which is what was not seen; how much of the period was watched;
 * what has changed since the one before; and how it went by day.
 */
void page_unseen(struct page *page);
void page_period(struct page *page);
void page_changes(struct page *page);
void page_trend(struct page *page);

#endif
