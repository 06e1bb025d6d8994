/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_MARKUP_H
#define MAILTLS_REPORT_MARKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * struct markup writes HTML to `out`.  Set that, zero the others.  What is text
 * can not become markup: it is escaped here, for content and for attributes
 * between double quotes alike.
 */
struct markup {
	FILE *out;
	/* Private. */
	bool inside; /* a paragraph or an item */
	bool item;   /* it is an item */
	bool list;   /* a list of items is open */
	bool section, fold;
};

/*
 * markup_say writes `format`, which is markup of our own, like printf(3): what
 * it has for %s is text.  The other conversions are %u, %zu and %%.
 */
void markup_say(struct markup *m, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* markup_text writes `len` bytes of text; controls become U+FFFD, and
 * TERMINAL_NBSP a space at which no line ends. */
void markup_text(struct markup *m, const char *text, size_t len);

/* markup_link writes `text`, in which %s stands for `url`, as a link if it is
 * one of the web. */
void markup_link(struct markup *m, const char *text, const char *url);

/*
 * markup_begin begins a paragraph, or an item, and with the first of them a
 * list; markup_end ends it.  The list ends with what comes after its items.
 */
void markup_begin(struct markup *m, bool item);
void markup_end(struct markup *m);

/*
 * markup_section begins a section with a heading, to be unfolded by the reader
 * if `fold`; the section before ends.  markup_section_end ends the last one.
 */
void markup_section(struct markup *m, const char *heading, bool fold);
void markup_section_end(struct markup *m);

#endif
