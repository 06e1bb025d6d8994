/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_LINE_H
#define MAILTLS_REPORT_LINE_H

#include "report/advice.h"
#include "report/page.h"
#include "report/setting.h"

enum {
	/* Advice of one section that is remembered, not to be repeated. */
	LINE_ADVICE_MAX = 32,
};

/* struct line is a line of a section: entries of one device that differ in its
 * address only, seen as one. */
struct line {
	const struct entry *entry; /* the one that was last */
	uint64_t connections;      /* of the section's verdict */
	int64_t last_us;
	uint64_t by_version[INVENTORY_VERSIONS];
};

/* struct part is a section in the making, with what it has advised already. */
struct part {
	enum verdict verdict;
	const struct device *device; /* whose lines are being printed */
	const char *given[LINE_ADVICE_MAX];
	size_t given_count;
};

/*
 * The parts of a line, each added to the paragraph at hand: what a program does
 * at which server, with which versions; how often, and when last; which program
 * that may be; what is behind that; what its setting means and what it calls
 * itself.
 */
void line_say_doing(
    struct page *page, const struct line *line, enum verdict verdict);
void line_say_often(struct page *page, const struct line *line);
void line_say_which(struct page *page, const struct line *line);
void line_say_blame(
    struct terminal *t, const struct line *line, enum verdict verdict);
void line_say_habits(struct page *page, const struct line *line,
    enum verdict verdict, const struct setting *setting);

/* line_advice writes what is to be done about `line`, which is of `device`, and
 * returns how many answers that are. */
size_t line_advice(const struct line *line, enum verdict verdict,
    const struct device *device, struct advice out[ADVICE_MAX]);

/* line_say_if adds which program advice is for, unless that is NULL. */
void line_say_if(struct terminal *t, const char *program);

/*
 * line_print writes what a program does at which server, with which versions
 * and how often, what is behind that, what its setting means, and what to do.
 */
void line_print(struct page *page, const struct line *line,
    const struct setting *setting, struct part *part);

#endif
