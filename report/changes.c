/* SPDX-License-Identifier: ISC */
/*
 * What has changed, device by device.  Of a device with an old verdict it is
 * looked at each server apart: it is fixed when all that was old was seen again
 * and is not old any more.  What was not seen again is not fixed but gone, as
 * nobody knows.
 */
#include "report/changes.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "report/census.h"
#include "report/iptext.h"
#include "report/setting.h"

/* When an entry was seen. */
enum when {
	NOW,
	BEFORE,
	EARLIER,
	WHENS,
};

/* An entry of one of these times. */
struct glimpse {
	size_t device; /* in the census of all of them */
	enum when when;
	const struct entry *entry;
};

/* Entries of one device, of one time after the other, and at each time those of
 * one server after the other. */
struct lot {
	const struct glimpse *glimpses[WHENS];
	size_t count[WHENS];
};

/* What is known of some entries together. */
struct summary {
	enum verdict gravest; /* VERDICT_NONE: there are none */
	uint16_t lowest;      /* version */
	int64_t first_us;     /* of those with that verdict */
	int64_t last_us;      /* of that verdict */
};

static void *
xcalloc(size_t count, size_t size)
{
	void *new = calloc(count > 0 ? count : 1, size);

	if (new == NULL)
		err(EXIT_FAILURE, NULL);
	return new;
}

/* Is it one that somebody has to do something about? */
static bool
is_grave(enum verdict verdict)
{
	return verdict != VERDICT_NONE &&
	       inventory_rank(verdict) <= inventory_rank(VERDICT_OLD_SERVER);
}

/*
 * Entries to devices.
 */

static int
by_device(const void *a, const void *b)
{
	const struct glimpse *left = a, *right = b;
	int by =
	    (left->device > right->device) - (left->device < right->device);

	if (by == 0)
		by = (left->when > right->when) - (left->when < right->when);
	if (by == 0)
		by = inventory_compare_services(left->entry, right->entry);
	if (by == 0)
		by = inventory_compare_programs(left->entry, right->entry);
	if (by == 0)
		by = inventory_compare_addresses(left->entry, right->entry);
	return by != 0 ? by : inventory_compare_macs(left->entry, right->entry);
}

/* Which device the entries of `all` are of. */
static size_t *
owners_of(const struct inventory *all, const struct census *census)
{
	size_t *owners = xcalloc(all->count, sizeof(*owners));

	for (size_t i = 0; i < census->count; i++) {
		const struct device *device = &census->devices[i];

		for (size_t k = 0; k < device->count; k++)
			owners[device->entries[k] - all->entries] = i;
	}
	return owners;
}

/* Lists the entries of all times in order; the caller frees that. */
static struct glimpse *
list_glimpses(const struct inventory *const times[WHENS],
    const struct inventory *all, const size_t *owners, size_t *count)
{
	struct glimpse *glimpses = xcalloc(
	    times[NOW]->count + times[BEFORE]->count + times[EARLIER]->count,
	    sizeof(*glimpses));

	*count = 0;
	for (unsigned when = 0; when < WHENS; when++) {
		for (size_t i = 0; i < times[when]->count; i++) {
			const struct entry *entry = &times[when]->entries[i];
			const struct entry *same = inventory_find(all, entry);

			if (same == NULL)
				continue; /* there was no room */
			glimpses[(*count)++] =
			    (struct glimpse){ owners[same - all->entries],
				    (enum when)when, entry };
		}
	}
	qsort(glimpses, *count, sizeof(*glimpses), by_device);
	return glimpses;
}

/* Takes the entries of one device from the front of `count` at `at`, and returns
 * how many that were. */
static size_t
take_lot(const struct glimpse *at, size_t count, struct lot *out)
{
	size_t len = 0;

	memset(out, 0, sizeof(*out));
	for (; len < count && at[len].device == at[0].device; len++) {
		enum when when = at[len].when;

		if (out->count[when]++ == 0)
			out->glimpses[when] = &at[len];
	}
	return len;
}

/*
 * Summaries.
 */

static uint16_t
lowest_version(const struct entry *entry)
{
	for (unsigned row = 1; row < INVENTORY_VERSIONS; row++)
		if (entry->by_version[row] > 0)
			return inventory_row_version(row);
	return TLS_NONE;
}

static void
add_to_summary(struct summary *summary, const struct entry *entry)
{
	enum verdict worst = inventory_worst(entry);
	uint16_t lowest = lowest_version(entry);

	if (lowest != TLS_NONE &&
	    (summary->lowest == TLS_NONE || lowest < summary->lowest))
		summary->lowest = lowest;
	if (summary->gravest == VERDICT_NONE ||
	    inventory_rank(worst) < inventory_rank(summary->gravest)) {
		summary->gravest = worst;
		summary->first_us = entry->first_us;
		summary->last_us = entry->verdict_last_us[worst];
		return;
	}
	if (worst != summary->gravest)
		return;
	if (entry->first_us < summary->first_us)
		summary->first_us = entry->first_us;
	if (entry->verdict_last_us[worst] > summary->last_us)
		summary->last_us = entry->verdict_last_us[worst];
}

static struct summary
summary_of(const struct lot *lot, enum when when)
{
	struct summary summary = { .gravest = VERDICT_NONE };

	for (size_t i = 0; i < lot->count[when]; i++)
		add_to_summary(&summary, lot->glimpses[when][i].entry);
	return summary;
}

/* The same of the entries of the server that `like` is of. */
static struct summary
summary_at(const struct lot *lot, enum when when, const struct entry *like)
{
	struct summary summary = { .gravest = VERDICT_NONE };

	for (size_t i = 0; i < lot->count[when]; i++) {
		const struct entry *entry = lot->glimpses[when][i].entry;

		if (inventory_compare_services(entry, like) == 0)
			add_to_summary(&summary, entry);
	}
	return summary;
}

/*
 * Fixed or not.
 */

/* Finds what was grave at `when` and was not seen now; NULL if all was. */
static const struct entry *
find_unseen(const struct lot *lot, enum when when)
{
	for (size_t i = 0; i < lot->count[when]; i++) {
		const struct entry *entry = lot->glimpses[when][i].entry;

		if (is_grave(inventory_worst(entry)) &&
		    summary_at(lot, NOW, entry).gravest == VERDICT_NONE)
			return entry;
	}
	return NULL;
}

/* The setting of the device at the server that `like` is of, by now. */
static struct setting
setting_at(const struct lot *lot, const struct entry *like)
{
	const struct entry **run = xcalloc(lot->count[NOW], sizeof(*run));
	struct setting setting;
	size_t count = 0;

	for (size_t i = 0; i < lot->count[NOW]; i++) {
		const struct entry *entry = lot->glimpses[NOW][i].entry;

		if (inventory_compare_services(entry, like) == 0)
			run[count++] = entry;
	}
	setting = setting_of(like, run, count);
	free(run);
	return setting;
}

/*
 * Tells whether what is grave now was replaced in the course of the period: it
 * was followed by another offer to the same server, and was not seen since.  If
 * so, `*was` is what was replaced, and `*is` is by what.
 */
static bool
fixed_meanwhile(const struct lot *lot, struct summary *was, struct summary *is)
{
	int64_t since_us = 0;

	*was = *is = (struct summary){ .gravest = VERDICT_NONE };
	for (size_t i = 0; i < lot->count[NOW]; i++) {
		const struct entry *entry = lot->glimpses[NOW][i].entry;
		struct setting setting = setting_at(lot, entry);

		if (!is_grave(inventory_worst(entry))) {
			if (setting.changed)
				add_to_summary(is, entry);
			continue;
		}
		if (!setting.changed || setting.now == entry->max_version ||
		    entry->last_us >= setting.now_first_us)
			return false;
		add_to_summary(was, entry);
		if (setting.now_first_us > since_us)
			since_us = setting.now_first_us;
	}
	is->first_us = since_us;
	return is->gravest != VERDICT_NONE;
}

/*
 * Changes.
 */

static void
set_change(struct history_change *change, enum history_kind kind,
    const struct summary *before, const struct summary *now)
{
	change->kind = kind;
	change->before = before->gravest;
	change->now = now->gravest;
	change->version_before = before->lowest;
	change->version_now = now->lowest;
	change->last_before_us = before->last_us;
	change->first_now_us = now->first_us;
}

/* A device that was seen before and now. */
static bool
compare(const struct lot *lot, enum when when, struct history_change *out)
{
	struct summary now = summary_of(lot, NOW);
	struct summary before = summary_of(lot, when), was;
	unsigned now_rank = inventory_rank(now.gravest);
	const struct entry *unseen;

	if (is_grave(now.gravest) && is_grave(before.gravest) &&
	    fixed_meanwhile(lot, &was, &now)) {
		set_change(out, HISTORY_FIXED, &was, &now);
		return true;
	}
	now = summary_of(lot, NOW);
	if (now_rank < inventory_rank(before.gravest) &&
	    now_rank <= inventory_rank(VERDICT_WEAK_CIPHER)) {
		set_change(out, HISTORY_WORSE, &before, &now);
		return true;
	}
	if (!is_grave(before.gravest) || is_grave(now.gravest))
		return false;
	unseen = find_unseen(lot, when);
	if (unseen != NULL) {
		before = summary_at(lot, when, unseen);
		memcpy(out->server, unseen->server_name, sizeof(out->server));
		if (out->server[0] == '\0')
			iptext_write(
			    unseen->server_ip, unseen->ipv6, out->server);
	}
	set_change(
	    out, unseen != NULL ? HISTORY_GONE : HISTORY_FIXED, &before, &now);
	return true;
}

/* Tells whether a device has changed, and how; `known`: anything at all is
 * known of the time before. */
static bool
find_change(const struct lot *lot, bool known, struct history_change *out)
{
	struct summary now = summary_of(lot, NOW);
	struct summary before = summary_of(lot, BEFORE);
	struct summary earlier = summary_of(lot, EARLIER);

	memset(out, 0, sizeof(*out));
	if (now.gravest != VERDICT_NONE && before.gravest != VERDICT_NONE)
		return compare(lot, BEFORE, out);
	if (now.gravest != VERDICT_NONE && earlier.gravest != VERDICT_NONE)
		return compare(lot, EARLIER, out);
	if (now.gravest != VERDICT_NONE) {
		set_change(out, HISTORY_NEW, &before, &now);
		return known;
	}
	if (before.gravest == VERDICT_NONE) {
		set_change(out, HISTORY_GONE, &earlier, &now);
		return is_grave(earlier.gravest);
	}
	set_change(out, HISTORY_GONE, &before, &now);
	return true;
}

static unsigned
rank_of(const struct history_change *change)
{
	return inventory_rank(
	    change->now != VERDICT_NONE ? change->now : change->before);
}

static int
by_gravity(const void *a, const void *b)
{
	const struct history_change *left = a, *right = b;
	unsigned a_rank = rank_of(left), b_rank = rank_of(right);
	int by = (a_rank > b_rank) - (a_rank < b_rank);

	if (by == 0)
		by = strcmp(left->device, right->device);
	return by != 0 ? by : strcmp(left->id, right->id);
}

static void
name_device(const struct device *device, struct history_change *out)
{
	const char *name = device->name.name;

	memcpy(out->id, device->name.id, sizeof(out->id));
	out->source = device->name.source;
	if (name[0] == '\0')
		name = device->name.id;
	memcpy(out->device, name, strlen(name) + 1);
}

/* All entries of all times. */
static void
merge_all(const struct inventory *const times[WHENS], struct inventory *out)
{
	inventory_init(out);
	for (unsigned when = 0; when < WHENS; when++)
		for (size_t i = 0; i < times[when]->count; i++)
			inventory_merge(out, &times[when]->entries[i]);
}

void
changes_find(const struct inventory *now, const struct past *past,
    const struct device_sources *devices, struct history *out)
{
	const struct inventory *const times[WHENS] = { now, &past->before,
		&past->earlier };
	bool known = past->before.count + past->earlier.count > 0;
	struct glimpse *glimpses;
	struct inventory all;
	struct census census;
	struct lot lot;
	size_t *owners, count, i = 0;

	merge_all(times, &all);
	census_take(&all, devices, &census);
	owners = owners_of(&all, &census);
	glimpses = list_glimpses(times, &all, owners, &count);
	out->changes = xcalloc(census.count, sizeof(*out->changes));
	out->change_count = 0;
	while (i < count) {
		struct history_change *change =
		    &out->changes[out->change_count];
		size_t device = glimpses[i].device;

		i += take_lot(glimpses + i, count - i, &lot);
		if (!find_change(&lot, known, change))
			continue;
		name_device(&census.devices[device], change);
		out->change_count++;
	}
	qsort(
	    out->changes, out->change_count, sizeof(*out->changes), by_gravity);
	free(glimpses);
	free(owners);
	census_clear(&census);
	inventory_clear(&all);
}
