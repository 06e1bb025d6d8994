/* SPDX-License-Identifier: ISC */
#include "summary.h"

#include <stdlib.h>
#include <time.h>

#include "capture/log.h"
#include "report/recall.h"
#include "report/verdict.h"
#include "stow.h"

/* The time, or the one that whoever wants the same report again sets
 * (reproducible-builds.org/specs/source-date-epoch). */
static int64_t
now_us(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");

	if (epoch != NULL)
		return (int64_t)strtoll(epoch, NULL, 10) * 1000000;
	return (int64_t)time(NULL) * 1000000;
}

static bool
open_store(const struct options *options, struct store **out)
{
	static char place[STORE_PATH_MAX];
	const char *path = options->store;
	char message[STORE_MESSAGE_MAX];

	if (path == NULL && store_path(place))
		path = place;
	if (path == NULL) {
		log_warnx("--store: there is no place where it is by default");
		return false;
	}
	if (stow_is_output(options, path))
		return false;
	if (store_open_reader(path, out, message) == 0)
		return true;
	log_warnx("--store: %s", message);
	return false;
}

static bool
choose_period(
    const struct options *options, struct store *store, struct period *out)
{
	static const enum period_kind kinds[] = {
		[STRETCH_WEEK] = PERIOD_WEEK,
		[STRETCH_DAY] = PERIOD_DAY,
		[STRETCH_MONTH] = PERIOD_MONTH,
		[STRETCH_ALL] = PERIOD_ALL,
	};
	const struct period_wish wish = {
		.kind = kinds[options->period],
		.last = options->last,
		.since = options->since,
		.until = options->until,
	};
	char message[CALENDAR_MESSAGE_MAX];

	tzset();
	if (calendar_period(&wish, calendar_day(now_us()), recall_known(store),
		out, message))
		return true;
	log_warnx("%s", message);
	return false;
}

static bool
saw_old(const struct inventory *inventory)
{
	uint64_t old = inventory->old_undetermined;

	for (unsigned v = 0; v < INVENTORY_VERDICTS; v++)
		if (verdict_is_old((enum verdict)v))
			old += inventory->by_verdict[v];
	return old > 0;
}

static void
write_report(struct run *run, struct recall *recall)
{
	struct report_source source = {
		.min_version = run->options->min_version,
		.devices = &run->devices,
		.providers = run->providers,
	};

	run->old_seen = saw_old(&recall->inventory);
	if (run->options->only_changes && recall->history.change_count == 0)
		return;
	recall_source(recall, &source);
	run_render(run, &recall->inventory, &source);
}

enum exit_status
summary(const struct options *options)
{
	static struct run run;
	struct period period;
	struct recall recall;
	struct store *store;
	int error;

	if (!run_prepare_report(&run, options) || !open_store(options, &store))
		return EXIT_USAGE;
	if (!choose_period(options, store, &period) ||
	    !run_open_output(&run, false)) {
		store_close(store, 0);
		return EXIT_USAGE;
	}
	error = recall_period(store, &period, now_us(), &run.devices, &recall);
	if (error != 0) {
		run.failed++;
		log_warnx("--store: it could not be read to its end: %s",
		    store_words(error));
	}
	write_report(&run, &recall);
	recall_clear(&recall);
	store_close(store, 0);
	return run_close(&run);
}
