/* SPDX-License-Identifier: ISC */
/*
 * Mail programs call it "default", "automatic" or "SSL/TLS"; what that means
 * shows in what they offer.
 */
#include "report/setting.h"

#include <stdio.h>
#include <string.h>

#include "report/language.h"
#include "report/words.h"

/* The entry of `run` that was last seen, of those whose offer is known. */
static const struct entry *
latest(const struct entry *const *run, size_t count)
{
	const struct entry *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (run[i]->max_version != TLS_NONE &&
		    (found == NULL || run[i]->last_us > found->last_us))
			found = run[i];
	}
	return found;
}

struct setting
setting_of(const struct entry *const *run, size_t count)
{
	const struct entry *last = latest(run, count);
	struct setting setting = { .changed = false };

	if (last == NULL)
		return setting;
	setting.now = last->max_version;
	setting.now_first_us = last->first_us;
	for (size_t i = 0; i < count; i++) {
		const struct entry *entry = run[i];

		if (entry->max_version == setting.now) {
			if (entry->first_us < setting.now_first_us)
				setting.now_first_us = entry->first_us;
		} else if (entry->max_version != TLS_NONE &&
			   (setting.before == TLS_NONE ||
			       entry->last_us > setting.before_last_us)) {
			setting.before = entry->max_version;
			setting.before_last_us = entry->last_us;
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
    char out[SETTING_MAX])
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
		    words_time(entry->first_us, from));
	else if (entry->max_version == setting->now) {
		snprintf(other, sizeof(other), _("%s at most"),
		    words_version(setting->before));
		snprintf(out, SETTING_MAX,
		    _("Its setting means %s since %s; until %s it was %s."),
		    range, words_time(setting->now_first_us, from),
		    words_time(setting->before_last_us, to), other);
	} else {
		snprintf(other, sizeof(other), _("%s at most"),
		    words_version(setting->now));
		snprintf(out, SETTING_MAX,
		    _("Its setting meant %s until %s; since %s it is %s."),
		    range, words_time(entry->last_us, to),
		    words_time(setting->now_first_us, from), other);
	}
}
