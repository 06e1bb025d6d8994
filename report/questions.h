/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_QUESTIONS_H
#define MAILTLS_REPORT_QUESTIONS_H

#include "report/page.h"

/*
 * What readers of a provider's letter ask, each answered where it applies: what
 * is known of their providers; where else to look when nothing old was found;
 * whether mail between servers was encrypted; which certificates were seen.
 */
void questions_providers(struct page *page);
void questions_elsewhere(struct page *page);
void questions_between_servers(struct page *page);
void questions_certificates(struct page *page);

#endif
