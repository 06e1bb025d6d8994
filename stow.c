/* SPDX-License-Identifier: ISC */
#include "stow.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "capture/log.h"
#include "report/census.h"

static void
say(void *arg, const char *sentence)
{
	progress_clear(arg);
	log_warnx("%s", sentence);
}

struct store_options
stow_options(const struct options *options, const char *path)
{
	struct store_options store = store_defaults(path);

	if (options->keep_records >= 0)
		store.record_days = options->keep_records;
	if (options->keep_days >= 0)
		store.sum_days = options->keep_days;
	if (options->max_size > 0)
		store.size_max = options->max_size;
	if (options->commit_interval > 0)
		store.commit_s = options->commit_interval;
	return store;
}

bool
stow_is_output(const struct options *options, const char *path)
{
	struct stat out, store;

	if (options->output == NULL || stat(options->output, &out) != 0 ||
	    stat(path, &store) != 0 || out.st_dev != store.st_dev ||
	    out.st_ino != store.st_ino)
		return false;
	log_warnx("%s: is the store", options->output);
	return true;
}

bool
stow_open(struct run *run)
{
	char message[STORE_MESSAGE_MAX];
	struct store_options options;

	if (run->options->store == NULL)
		return true;
	if (stow_is_output(run->options, run->options->store))
		return false;
	options = stow_options(run->options, run->options->store);
	options.say = say;
	options.arg = &run->progress;
	if (store_open(&options, &run->store, message) == 0)
		return true;
	log_warnx("--store: %s", message);
	return false;
}

/* The name of a file, wherever it was: the same capture is the same source. */
static const char *
base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

void
stow_source(struct run *run, const char *path)
{
	struct history_run source;

	if (run->store == NULL || run->packets == run->packets_told)
		return;
	source = (struct history_run){
		.start_us = run->first_us,
		.end_us = run->last_us,
		.packets = run->packets - run->packets_told,
		.lost = run_lost(run) - run->lost_told,
	};
	snprintf(source.source, sizeof(source.source), "%s", base_of(path));
	store_run(run->store, &source);
	run->packets_told = run->packets;
	run->lost_told = run_lost(run);
	run->first_us = run->last_us = 0;
}

/* Names may have been heard after a device's last connection. */
static void
tell_names(struct run *run)
{
	struct census census;

	census_take(&run->inventory, &run->devices, &census);
	for (size_t i = 0; i < census.count; i++)
		store_name(run->store, &census.devices[i].name);
	census_clear(&census);
}

void
stow_close(struct run *run)
{
	if (run->store == NULL)
		return;
	tell_names(run);
	if (store_close(run->store, (int64_t)time(NULL) * 1000000) != 0)
		run->failed++;
	run->store = NULL;
}
