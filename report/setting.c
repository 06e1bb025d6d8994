/* SPDX-License-Identifier: ISC */
/*
 * Mail programs call it "default", "automatic" or "SSL/TLS"; what that means
 * shows in what they offer.
 */
#include "report/setting.h"

#include <stdio.h>
#include <string.h>

#include "report/language.h"
#include "report/manner.h"
#include "report/words.h"

static bool
has_candidate(const struct program *program, const char *name)
{
	for (size_t i = 0; i < program->count; i++)
		if (strcmp(program->candidates[i], name) == 0)
			return true;
	return false;
}

static bool
has_common_candidate(const struct program *a, const struct program *b)
{
	for (size_t i = 0; i < a->count; i++)
		if (has_candidate(b, a->candidates[i]))
			return true;
	return false;
}

/* Do both say something, and not the same? */
static bool
is_other_word(const char *a, const char *b)
{
	return a[0] != '\0' && b[0] != '\0' && strcmp(a, b) != 0;
}

/* Do they talk in another way before TLS, or by another name?  An address for a
 * name may change. */
static bool
is_other_talk(const struct entry *a, const struct entry *b)
{
	char manner_a[MANNER_MAX], manner_b[MANNER_MAX];

	manner_of(&a->last, manner_a);
	manner_of(&b->last, manner_b);
	return is_other_word(manner_a, manner_b) ||
	       (a->last.ehlo[0] != '[' &&
		   is_other_word(a->last.ehlo, b->last.ehlo));
}

/* Is `b` for all that is known the program of `a`? */
static bool
is_same_program(const struct entry *a, const struct entry *b)
{
	const struct program *left = &a->program, *right = &b->program;

	if (is_other_word(left->name, right->name) ||
	    is_other_word(left->library, right->library) || is_other_talk(a, b))
		return false;
	return left->count == 0 || right->count == 0 ||
	       has_common_candidate(left, right);
}

/* May `other` say something of the setting of the program of `entry`? */
static bool
counts(const struct entry *entry, const struct entry *other)
{
	return other->max_version != TLS_NONE && is_same_program(entry, other);
}

/* The entry of `run` that was last seen, of those that count. */
static const struct entry *
latest(const struct entry *entry, const struct entry *const *run, size_t count)
{
	const struct entry *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (counts(entry, run[i]) &&
		    (found == NULL || run[i]->last_us > found->last_us))
			found = run[i];
	}
	return found;
}

struct setting
setting_of(
    const struct entry *entry, const struct entry *const *run, size_t count)
{
	const struct entry *last = latest(entry, run, count);
	struct setting setting = { .changed = false };

	if (last == NULL)
		return setting;
	setting.now = last->max_version;
	setting.now_first_us = last->first_us;
	for (size_t i = 0; i < count; i++) {
		const struct entry *other = run[i];

		if (!counts(entry, other))
			continue;
		if (other->max_version == setting.now) {
			if (other->first_us < setting.now_first_us)
				setting.now_first_us = other->first_us;
		} else if (setting.before == TLS_NONE ||
			   other->last_us > setting.before_last_us) {
			setting.before = other->max_version;
			setting.before_last_us = other->last_us;
		}
	}
	setting.changed = setting.before != TLS_NONE &&
			  setting.before_last_us < setting.now_first_us;
	return setting;
}

/* The lowest version that the offer lists, TLS_NONE if it lists none. */
static uint16_t
lowest(const struct offer *offer)
{
	uint16_t low = TLS_NONE;

	for (size_t i = 0; i < offer->version_count; i++) {
		if (low == TLS_NONE || offer->versions[i] < low)
			low = offer->versions[i];
	}
	return low;
}

/* "TLS 1.0 to TLS 1.3", or "TLS 1.0 at most". */
static void
say_range(const struct entry *entry, char out[SETTING_MAX / 4])
{
	uint16_t low = lowest(&entry->last.offer);
	const char *high = words_version(entry->max_version);

	if (low == TLS_NONE)
		snprintf(out, SETTING_MAX / 4, _("%s at most"), high);
	else if (low == entry->max_version)
		snprintf(out, SETTING_MAX / 4, _("%s alone"), high);
	else
		snprintf(out, SETTING_MAX / 4, _("%s to %s"),
		    words_version(low), high);
}

void
setting_say(const struct entry *entry, const struct setting *setting,
    int64_t known_us, char out[SETTING_MAX])
{
	char range[SETTING_MAX / 4], other[SETTING_MAX / 4];
	char from[WORDS_TIME_MAX], to[WORDS_TIME_MAX];

	out[0] = '\0';
	if (entry->max_version == TLS_NONE)
		return;
	say_range(entry, range);
	if (!setting->changed)
		snprintf(out, SETTING_MAX,
		    _("Its setting means %s, seen since %s."), range,
		    words_time(entry->first_us, known_us, from));
	else if (entry->max_version == setting->now) {
		snprintf(other, sizeof(other), _("%s at most"),
		    words_version(setting->before));
		snprintf(out, SETTING_MAX,
		    _("Its setting means %s since %s; until %s it was %s."),
		    range, words_time(setting->now_first_us, known_us, from),
		    words_time(setting->before_last_us, known_us, to), other);
	} else {
		snprintf(other, sizeof(other), _("%s at most"),
		    words_version(setting->now));
		snprintf(out, SETTING_MAX,
		    _("Its setting meant %s until %s; since %s it is %s."),
		    range, words_time(entry->last_us, known_us, to),
		    words_time(setting->now_first_us, known_us, from), other);
	}
}
