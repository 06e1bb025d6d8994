/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_HEADLINE_H
#define MAILTLS_REPORT_HEADLINE_H

#include "report/page.h"

/*
 * The first line of a page and of a mail: the reader's question, "Will my mail
 * stop working?", and the shortest answer to it.
 */

enum mood {
	MOOD_NONE, /* nothing can be said */
	MOOD_GOOD,
	MOOD_CARE,
	MOOD_BAD,
};

struct headline {
	const char *question;
	char answer[PAGE_PHRASE_MAX];
	enum mood mood;
};

struct headline headline_of(const struct page *page);

/* headline_mood returns what `verdict` means to the reader. */
enum mood headline_mood(enum verdict verdict);

#endif
