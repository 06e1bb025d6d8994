/* SPDX-License-Identifier: ISC */
/* What a report on a period rests on, put together from a store. */
#include "report/recall.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/census.h"
#include "report/changes.h"
#include "report/language.h"
#include "report/recordin.h"
#include "report/rows.h"
#include "report/store_private.h"

static void *
xcalloc(size_t count, size_t size)
{
	void *new = calloc(count > 0 ? count : 1, size);

	if (new == NULL)
		err(EXIT_FAILURE, NULL);
	return new;
}

static void
copy(const char *text, char *out, size_t size)
{
	snprintf(out, size, "%s", text);
}

static void
read_remembered(struct recall *recall, struct store *store)
{
	struct db_statement *row = db_prepare(store->db,
	    "SELECT id, name, source, vendor, vendor_class, own_mac,"
	    " randomized_mac FROM device ORDER BY id");
	struct device_name device;

	while (db_step(row)) {
		memset(&device, 0, sizeof(device));
		copy(db_text(row, 0), device.id, sizeof(device.id));
		copy(db_text(row, 1), device.name, sizeof(device.name));
		device.source = (enum name_source)db_int(row, 2);
		copy(db_text(row, 3), device.vendor, sizeof(device.vendor));
		copy(db_text(row, 4), device.vendor_class,
		    sizeof(device.vendor_class));
		device.own_mac = db_int(row, 5) != 0;
		device.randomized_mac = db_int(row, 6) != 0;
		remembered_add(&recall->remembered, &device);
	}
	db_finish(row);
}

/* Adds `run` to those that are listed, as long as there is room. */
static void
keep_run(struct history *history, const struct history_run *run)
{
	if (history->run_count == RECALL_RUNS_MAX)
		return;
	history->runs[history->run_count++] = *run;
}

/* Counts a run, those before which end at `*until_us` at the latest. */
static void
count_run(
    struct recall *recall, const struct history_run *run, int64_t *until_us)
{
	struct history *history = &recall->history;
	int64_t from_us = run->start_us, to_us = run->end_us;

	from_us = from_us > *until_us ? from_us : *until_us;
	to_us = to_us < history->end_us ? to_us : history->end_us;
	if (to_us > from_us) {
		history->covered_us += to_us - from_us;
		*until_us = to_us;
	}
	recall->packets += run->packets;
	recall->dropped += run->dropped;
	recall->lost += run->lost;
	keep_run(history, run);
}

static void
read_runs(struct recall *recall, struct store *store)
{
	struct history *history = &recall->history;
	struct db_statement *row = db_prepare(store->db,
	    "SELECT start_us, end_us, source, packets, dropped, lost FROM run"
	    " WHERE end_us >= ?1 AND start_us < ?2 ORDER BY start_us, source");
	int64_t until_us = history->start_us;

	history->runs = xcalloc(RECALL_RUNS_MAX, sizeof(*history->runs));
	db_bind_int(row, 1, history->start_us);
	db_bind_int(row, 2, history->end_us);
	while (db_step(row)) {
		struct history_run run = { .start_us = db_int(row, 0),
			.end_us = db_int(row, 1),
			.packets = (uint64_t)db_int(row, 3),
			.dropped = (uint64_t)db_int(row, 4),
			.lost = (uint64_t)db_int(row, 5) };

		copy(db_text(row, 2), run.source, sizeof(run.source));
		count_run(recall, &run, &until_us);
	}
	db_finish(row);
}

/* Lists the sources of the runs, each once. */
static void
list_sources(struct recall *recall)
{
	const struct history *history = &recall->history;

	for (size_t i = 0; i < history->run_count; i++) {
		const char *source = history->runs[i].source;
		size_t k = 0;

		while (k < recall->source_count &&
		       strcmp(recall->sources[k], source) != 0)
			k++;
		if (k == recall->source_count && k < RECALL_SOURCES_MAX)
			recall->sources[recall->source_count++] = source;
	}
}

/* Lists the days of a period, up to now. */
static void
make_days(struct history *history, struct span span, int64_t now_us)
{
	size_t count;

	history->start_us = calendar_start(span.first);
	history->end_us = calendar_start(span.end);
	if (history->start_us < now_us && now_us < history->end_us) {
		history->end_us = now_us;
		span.end = calendar_day(now_us) + 1;
	}
	count = (size_t)(span.end - span.first);
	if (count > RECALL_DAYS_MAX)
		count = RECALL_DAYS_MAX;
	history->first_day = span.end - (int32_t)count;
	history->day_count = count;
	history->days = xcalloc(count, sizeof(*history->days));
	for (size_t i = 0; i < count; i++) {
		int32_t day = history->first_day + (int32_t)i;

		history->days[i].start_us = calendar_start(day);
		history->days[i].end_us = calendar_start(day + 1);
	}
}

/* Is anything known of the days in `span`: connections, or that there were
 * none? */
static bool
is_known(struct store *store, struct span span)
{
	struct db_statement *find = db_prepare(store->db,
	    "SELECT EXISTS(SELECT 1 FROM daily WHERE day >= ?1 AND day < ?2)"
	    " OR EXISTS(SELECT 1 FROM run WHERE end_us >= ?3 AND start_us <"
	    " ?4)");
	bool known;

	if (span.first == span.end)
		return false;
	db_bind_int(find, 1, span.first);
	db_bind_int(find, 2, span.end);
	db_bind_int(find, 3, calendar_start(span.first));
	db_bind_int(find, 4, calendar_start(span.end));
	known = db_step(find) && db_int(find, 0) != 0;
	db_finish(find);
	return known;
}

static uint64_t
count_devices(
    const struct inventory *inventory, const struct device_sources *devices)
{
	struct census census;
	uint64_t count;

	census_take(inventory, devices, &census);
	count = census.count;
	census_clear(&census);
	return count;
}

/* What the talk of an entry tells of its library is not in records; by now, more
 * may be known of that. */
static void
find_libraries(struct inventory *inventory, struct programs *programs)
{
	struct program program;

	for (size_t i = 0; i < inventory->count; i++) {
		struct entry *entry = &inventory->entries[i];

		program_find(programs, &entry->last, &program);
		entry->program.talk_library = program.talk_library;
	}
}

/* Compares with what was before. */
static void
read_past(struct recall *recall, struct store *store,
    const struct period *period, const struct device_sources *devices)
{
	const struct span earlier = { INT32_MIN, period->before.first };
	struct past past;

	recall->history.before_known = is_known(store, period->before);
	if (period->before.first == period->before.end)
		return;
	inventory_init(&past.before);
	inventory_init(&past.earlier);
	rows_read(store, recall->reader, ROWS_OF_DAYS, period->before,
	    &past.before, NULL);
	rows_read(store, recall->reader, ROWS_OF_LAST_WEEK, earlier,
	    &past.earlier, NULL);
	changes_find(&recall->inventory, &past, devices, &recall->history);
	inventory_clear(&past.before);
	inventory_clear(&past.earlier);
}

struct span
recall_known(struct store *store)
{
	struct db *db = store->db;
	bool sums = db_number(db, "SELECT count(*) FROM daily") > 0;
	bool runs = db_number(db, "SELECT count(*) FROM run") > 0;
	struct span known = { 0, 0 }, ran = { 0, 0 };

	if (sums)
		known = (struct span){
			(int32_t)db_number(db, "SELECT min(day) FROM daily"),
			(int32_t)db_number(db, "SELECT max(day) FROM daily") +
			    1,
		};
	if (runs)
		ran = (struct span){
			calendar_day(
			    db_number(db, "SELECT min(start_us) FROM run")),
			calendar_day(
			    db_number(db, "SELECT max(end_us) FROM run")) +
			    1,
		};
	if (!sums || (runs && ran.first < known.first))
		known.first = ran.first;
	if (!sums || (runs && ran.end > known.end))
		known.end = ran.end;
	return known;
}

int
recall_period(struct store *store, const struct period *period, int64_t now_us,
    struct device_sources *devices, struct recall *out)
{
	int error;

	memset(out, 0, sizeof(*out));
	out->reader = recordin_new();
	inventory_init(&out->inventory);
	db_run(store->db, "BEGIN"); /* one look, whatever is written */
	read_remembered(out, store);
	devices->remembered = &out->remembered;
	make_days(&out->history, period->span, now_us);
	rows_read(store, out->reader, ROWS_OF_DAYS, period->span,
	    &out->inventory, &out->history);
	find_libraries(&out->inventory, devices->programs);
	read_runs(out, store);
	list_sources(out);
	read_past(out, store, period, devices);
	out->history.devices_seen = count_devices(&out->inventory, devices);
	error = db_error(store->db);
	db_clear(store->db);
	db_run(store->db, "COMMIT");
	return error;
}

void
recall_clear(struct recall *recall)
{
	inventory_clear(&recall->inventory);
	remembered_clear(&recall->remembered);
	free(recall->history.days);
	free(recall->history.runs);
	free(recall->history.changes);
	recordin_free(recall->reader);
	memset(recall, 0, sizeof(*recall));
}

void
recall_source(const struct recall *recall, struct report_source *out)
{
	const struct report_loss losses[] = {
		{ "dropped",
		    N_("packets that the system had no time for, or no room"),
		    recall->dropped },
		{ "lost", N_("pieces of connections that were given up"),
		    recall->lost },
	};

	out->names = recall->sources;
	out->name_count = recall->source_count;
	out->packets = recall->packets;
	out->history = &recall->history;
	memcpy(out->losses, losses, sizeof(losses));
	out->loss_count = sizeof(losses) / sizeof(losses[0]);
}
