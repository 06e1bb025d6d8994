/* SPDX-License-Identifier: ISC */
#include "report/past.h"

#include <stdio.h>
#include <string.h>

#include "report/language.h"
#include "report/terminal.h"
#include "report/words.h"

enum {
	SERVER_MAX = 300, /* bytes of a server's name, escaped */
};

const char *
past_kind(enum history_kind kind)
{
	static const char *const words[] = {
		[HISTORY_NEW] = N_("New"),
		[HISTORY_FIXED] = N_("Fixed"),
		[HISTORY_WORSE] = N_("Worse"),
		[HISTORY_GONE] = N_("Not seen any more"),
	};

	return _(words[kind <= HISTORY_GONE ? kind : HISTORY_GONE]);
}

/* Is it one that somebody has to do something about? */
static bool
is_grave(enum verdict verdict)
{
	return verdict != VERDICT_NONE &&
	       inventory_rank(verdict) <= inventory_rank(VERDICT_OLD_SERVER);
}

/* "TLS 1.0", or the verdict where that says more or there is no version. */
static const char *
state(enum verdict verdict, uint16_t version)
{
	if (version == TLS_NONE || verdict == VERDICT_PLAINTEXT_LOGIN ||
	    verdict == VERDICT_REFUSED_OLD || verdict == VERDICT_FAILED)
		return words_verdict(verdict);
	return words_version(version);
}

static void
say_gone(const struct history_change *change, const char *was, const char *then,
    char out[PAST_MAX])
{
	char server[SERVER_MAX];

	if (change->now != VERDICT_NONE) {
		terminal_escape(change->server, strlen(change->server), false,
		    " ", server, sizeof(server));
		/* Translators: "TLS 1.0", a server, and until when. */
		snprintf(out, PAST_MAX,
		    _("%s at %s, last %s. Not seen is not the same as "
		      "fixed."),
		    was, server, then);
	} else if (is_grave(change->before)) {
		/* Translators: "TLS 1.0", and until when. */
		snprintf(out, PAST_MAX,
		    _("%s, last %s. Not seen is not the same as fixed."), was,
		    then);
	} else {
		/* Translators: "TLS 1.2", and until when. */
		snprintf(out, PAST_MAX, _("%s, last %s."), was, then);
	}
}

void
past_say(
    const struct history_change *change, int64_t known_us, char out[PAST_MAX])
{
	char buffers[2][WORDS_TIME_MAX];
	const char *was = state(change->before, change->version_before);
	const char *is = state(change->now, change->version_now);
	const char *then =
	    words_time(change->last_before_us, known_us, buffers[0]);
	const char *since =
	    words_time(change->first_now_us, known_us, buffers[1]);

	if (change->kind == HISTORY_NEW)
		/* Translators: "TLS 1.0", and since when. */
		snprintf(out, PAST_MAX, _("%s, since %s."), is, since);
	else if (change->kind == HISTORY_GONE)
		say_gone(change, was, then, out);
	else
		/* Translators: "TLS 1.0", when, "TLS 1.2", when. */
		snprintf(out, PAST_MAX, _("%s until %s; %s since %s."), was,
		    then, is, since);
}

uint64_t
past_unseen(const struct history *history)
{
	uint64_t count = 0;

	for (size_t i = 0; i < history->change_count; i++)
		count += history->changes[i].kind == HISTORY_GONE &&
			 is_grave(history->changes[i].before);
	return count;
}

/* How much of the period that is, in percent; 100 only where it is all. */
static unsigned
percent(const struct history *history)
{
	int64_t whole = history->end_us - history->start_us;

	if (whole <= 0 || history->covered_us >= whole)
		return 100;
	return (unsigned)((double)history->covered_us * 100 / (double)whole);
}

void
past_say_coverage(const struct history *history, char out[PAST_MAX])
{
	char buffers[2][WORDS_TIME_MAX];
	const char *to = words_time_full(history->end_us, buffers[1]);
	const char *from =
	    words_time(history->start_us, history->end_us, buffers[0]);

	if (history->run_count > 0)
		/* Translators: the period, and how much of it in percent. */
		snprintf(out, PAST_MAX,
		    _("Period: %s to %s, of which %u%% was watched."), from, to,
		    percent(history));
	else
		/* Translators: the period. */
		snprintf(out, PAST_MAX,
		    _("Period: %s to %s. When it was watched is not known."),
		    from, to);
}

void
past_say_losses(const struct history *history, char out[PAST_MAX])
{
	char number[TERMINAL_NUMBER_MAX];
	uint64_t lost = 0;

	out[0] = '\0';
	for (size_t i = 0; i < history->run_count; i++)
		lost += history->runs[i].dropped + history->runs[i].lost;
	if (lost > 0)
		snprintf(out, PAST_MAX,
		    ngettext("%s packet was lost meanwhile.",
			"%s packets were lost meanwhile.", lost),
		    terminal_thousands(lost, number));
}
