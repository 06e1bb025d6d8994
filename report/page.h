/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_PAGE_H
#define MAILTLS_REPORT_PAGE_H

#include "report/census.h"
#include "report/report.h"
#include "report/terminal.h"
#include "report/words.h"

enum {
	PAGE_PHRASE_MAX = 128,
};

/* struct page is a text report in the making. */
struct page {
	struct terminal t;
	const struct inventory *inventory;
	const struct report_source *source;
	struct census census;
	struct words_old old;
	unsigned min; /* row of the minimum version */
};

/*
 * page_hit writes which devices have a connection of verdict `a` or `b`: "2
 * devices", or "at least 1 device" where some are not listed.  It returns NULL
 * when none has.
 */
const char *page_hit(const struct page *page, enum verdict a, enum verdict b,
    char text[PAGE_PHRASE_MAX]);

/*
 * The parts of the report around the sections: the answer; what it rests on;
 * what an empty report can mean; what may be missing; what the words mean.
 */
void page_answer(struct page *page);
void page_coverage(struct page *page);
void page_empty(struct page *page);
void page_missing(struct page *page);
void page_words(struct page *page);

#endif
