/* SPDX-License-Identifier: ISC */
#include "analyze.h"

#include "config.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/log.h"
#include "capture/source_list.h"
#include "stow.h"

/* output_is_input tells whether writing to `path` would destroy a capture
 * that is yet to be read. */
static bool
output_is_input(const char *path, const struct source_list *list)
{
	struct stat out, in;

	if (stat(path, &out) != 0 || !S_ISREG(out.st_mode))
		return false;
	for (size_t i = 0; i < list->count; i++)
		if (stat(list->paths[i], &in) == 0 && in.st_dev == out.st_dev &&
		    in.st_ino == out.st_ino)
			return true;
	return false;
}

/* list_sources takes all operands into the list. */
static void
list_sources(struct run *run, struct source_list *list)
{
	char message[SOURCE_MESSAGE_MAX];

	for (int i = 0; i < run->options->operand_count; i++) {
		const char *path = run->options->operands[i];

		if (source_list_add(list, path, message) != 0)
			run_complain(run, path, message);
	}
	source_list_sort(list);
}

/* read_all reads all sources and returns false when the filter is wrong: a
 * later source may be of a link type that it does not go with. */
static bool
read_all(struct run *run, const struct source_list *list)
{
	char message[SOURCE_MESSAGE_MAX];
	bool begun = false; /* a source was opened */

	for (size_t i = 0; i < list->count; i++) {
		const char *path = list->paths[i];
		struct source *source;
		int error;

		if (run_interrupted() || run->out_failed)
			break;
		error =
		    source_open(path, run->options->filter, &source, message);
		if (error == -EINVAL && !begun) {
			log_warnx("%s", message);
			return false;
		}
		if (error != 0 && !run_interrupted())
			run_complain(run, path, message);
		if (error != 0)
			continue;
		begun = true;
		run_read(run, source, path);
		stow_source(run, path);
		source_close(source);
	}
	return true;
}

/* report_on reads all sources and writes what the format is of. */
static enum exit_status
report_on(struct run *run, const struct source_list *list)
{
	const struct options *options = run->options;
	bool watched = !options->quiet && isatty(STDERR_FILENO);

	if (options->output != NULL && output_is_input(options->output, list)) {
		log_warnx("%s: is one of the captures", options->output);
		return EXIT_USAGE;
	}
	progress_init(
	    &run->progress, watched ? stderr : NULL, list->size, run_now_us());
	if (!stow_open(run) || !run_open_output(run, false))
		return EXIT_USAGE;
	run_start_jobs(run);
	if (!read_all(run, list)) {
		run_abandon_output(run);
		return EXIT_USAGE;
	}
	run_end(run);
	stow_close(run);
	run_report(run, (const char *const *)options->operands,
	    (size_t)options->operand_count);
	if (options->stats)
		run_print_stats(run);
	return run_close(run);
}

enum exit_status
analyze(const struct options *options)
{
	static struct run run; /* all zeros, it is not in the program's file */
	struct source_list list = { 0 };
	enum exit_status status;

	run.over = run_add;
	run.sharded = true;
	if (!run_prepare(&run, options))
		return EXIT_USAGE;
	list_sources(&run, &list);
	status = report_on(&run, &list);
	source_list_clear(&list);
	return status;
}
