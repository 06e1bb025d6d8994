/* SPDX-License-Identifier: ISC */
/* Entries to lines: those that differ in an address only are one line. */
#include "report/lines.h"

#include <string.h>

/* Are they one line?  A program that is known may vary its offer; what is fine
 * need not be told apart by it at all. */
static bool
same_line(const struct entry *a, const struct entry *b, enum verdict verdict)
{
	if (inventory_compare_services(a, b) != 0 ||
	    program_compare(&a->program, &b->program) != 0)
		return false;
	return verdict == VERDICT_MODERN ||
	       (inventory_compare_offers(a, b) == 0 &&
		   (a->program.evidence != 0 || strcmp(a->ja4, b->ja4) == 0));
}

/* Adds `entry` to `line`, whose details are of the entry that was last. */
static void
add_entry(struct line *line, const struct entry *entry, enum verdict verdict)
{
	if (line->entry == NULL ||
	    entry->verdict_last_us[verdict] > line->last_us) {
		line->entry = entry;
		line->last_us = entry->verdict_last_us[verdict];
	}
	line->connections += entry->by_verdict[verdict];
	for (unsigned row = 0; row < INVENTORY_VERSIONS; row++)
		line->by_version[row] += entry->by_version[row];
}

/* Makes `line` of the first of the `count` entries at `run` and those like it,
 * as far as their connections belong here, and returns how many it took. */
static size_t
gather(const struct entry *const *run, size_t count, enum verdict verdict,
    struct line *line)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!same_line(run[0], run[i], verdict))
			break;
		if (run[i]->by_verdict[verdict] > 0)
			add_entry(line, run[i], verdict);
	}
	return i;
}

/* How many of the `count` entries at `run` are of the first one's server. */
static size_t
server_len(const struct entry *const *run, size_t count)
{
	size_t len = 1;

	while (len < count && inventory_compare_services(run[0], run[len]) == 0)
		len++;
	return len;
}

/* Visits the lines of one server, that of the `count` entries at `run`. */
static void
each_of_server(const struct entry *const *run, size_t count,
    enum verdict verdict, lines_visit *visit, void *arg)
{
	for (size_t i = 0; i < count;) {
		struct line line = { .entry = NULL };
		struct setting setting;

		i += gather(run + i, count - i, verdict, &line);
		if (line.entry == NULL)
			continue;
		setting = setting_of(line.entry, run, count);
		visit(arg, &line, &setting);
	}
}

void
lines_each(const struct device *device, enum verdict verdict,
    lines_visit *visit, void *arg)
{
	const struct entry *const *run = device->entries;
	size_t left = device->count;

	while (left > 0) {
		size_t len = server_len(run, left);

		each_of_server(run, len, verdict, visit, arg);
		run += len;
		left -= len;
	}
}
