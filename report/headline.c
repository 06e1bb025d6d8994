/* SPDX-License-Identifier: ISC */
#include "report/headline.h"

#include "report/language.h"
#include "report/past.h"

/* page_hit, with the number in words. */
static uint64_t
count(const struct page *page, enum verdict a, enum verdict b,
    char number[PAGE_PHRASE_MAX])
{
	uint64_t n = page_hit(page, a, b);

	page_number(page, n, number);
	return n;
}

/* The answer where something old was seen, by the gravest of it, or NULL;
 * `number` is for its %s. */
static const char *
old_answer(
    const struct page *page, enum mood *mood, char number[PAGE_PHRASE_MAX])
{
	uint64_t n;

	*mood = MOOD_BAD;
	n = count(page, VERDICT_OLD_CLIENT, VERDICT_OLD_CLIENT, number);
	if (n > 0)
		return ngettext("Yes, on %s device.", "Yes, on %s devices.", n);
	n = count(page, VERDICT_REFUSED_OLD, VERDICT_REFUSED_OLD, number);
	if (n > 0)
		return ngettext("It already has, on %s device.",
		    "It already has, on %s devices.", n);
	*mood = MOOD_CARE;
	n = count(page, VERDICT_FALLBACK, VERDICT_OLD_SERVER, number);
	if (n > 0)
		return ngettext("Probably not, but %s device needs a look.",
		    "Probably not, but %s devices need a look.", n);
	if (page->inventory->old_undetermined > 0)
		return _("Perhaps: not enough was seen to tell.");
	return NULL;
}

/* The answer where nothing old was seen, which is worth what was seen. */
static const char *
other_answer(const struct page *page, enum mood *mood)
{
	const uint64_t *seen = page->inventory->by_verdict;
	const struct history *history = page->source->history;

	*mood = MOOD_BAD;
	if (seen[VERDICT_PLAINTEXT_LOGIN] > 0)
		return _("Not by what was seen, but a login is not encrypted.");
	*mood = MOOD_NONE;
	if (seen[VERDICT_MODERN] + seen[VERDICT_WEAK_CIPHER] == 0)
		return _("That can not be said.");
	*mood = MOOD_CARE;
	if (history != NULL && past_unseen(history) > 0)
		return _("Not by what was seen, but something old was not "
			 "seen again.");
	*mood = MOOD_GOOD;
	return _("Not by what was seen.");
}

struct headline
headline_of(const struct page *page)
{
	struct headline headline = {
		.question = _("Will my mail stop working?"),
	};
	char number[PAGE_PHRASE_MAX];
	const char *answer = old_answer(page, &headline.mood, number);

	if (answer == NULL)
		answer = other_answer(page, &headline.mood);
	snprintf(headline.answer, sizeof(headline.answer), answer, number);
	return headline;
}

enum mood
headline_mood(enum verdict verdict)
{
	static const enum mood moods[INVENTORY_VERDICTS] = {
		[VERDICT_NONE] = MOOD_NONE,
		[VERDICT_PLAINTEXT_LOGIN] = MOOD_BAD,
		[VERDICT_REFUSED_OLD] = MOOD_BAD,
		[VERDICT_FAILED] = MOOD_CARE,
		[VERDICT_OLD_CLIENT] = MOOD_BAD,
		[VERDICT_FALLBACK] = MOOD_CARE,
		[VERDICT_OLD_SERVER] = MOOD_CARE,
		[VERDICT_WEAK_CIPHER] = MOOD_CARE,
		[VERDICT_MODERN] = MOOD_GOOD,
		[VERDICT_PLAINTEXT] = MOOD_NONE,
		[VERDICT_UNDETERMINED] = MOOD_NONE,
	};

	return moods[verdict <= VERDICT_UNDETERMINED ? verdict : 0];
}
