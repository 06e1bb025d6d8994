/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_QUESTIONS_H
#define MAILTLS_REPORT_QUESTIONS_H

#include "report/page.h"

/*
 * questions_print answers what readers of a provider's letter ask, each where
 * it applies: what is known of their providers; which certificates were seen;
 * whether mail between servers was encrypted; where else to look when nothing
 * old was found.
 */
void questions_print(struct page *page);

#endif
