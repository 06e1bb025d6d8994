/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "keep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "capture/log.h"
#include "report/store_check.h"
#include "report/transfer.h"
#include "stow.h"

enum {
	COMPLAINTS_MAX = 10, /* about lines of one file */
	DATE_MAX = 32,
};

/* What is being done. */
struct keeping {
	struct run run;
	const char *path; /* of the store */
	struct store *store;
	struct intake *intake;
	/* Of the file that is taken in. */
	const char *name;
	uint64_t lines, bad;
};

static void
say(void *arg, const char *sentence)
{
	(void)arg;
	log_warnx("%s", sentence);
}

static bool
open_to_read(const char *path, struct store **out)
{
	char message[STORE_MESSAGE_MAX];

	if (store_open_reader(path, out, message) == 0)
		return true;
	log_warnx("%s", message);
	return false;
}

static bool
open_to_write(struct keeping *k)
{
	struct store_options options = stow_options(k->run.options, k->path);
	char message[STORE_MESSAGE_MAX];
	int error = store_make_folder(k->path);

	if (error != 0) {
		log_warnx("%s: %s", k->path, strerror(-error));
		return false;
	}
	options.say = say;
	if (store_open(&options, &k->store, message) == 0)
		return true;
	log_warnx("%s", message);
	return false;
}

/* --- check ----------------------------------------------------------------- */

/* The date of a day, as people and --since have it. */
static const char *
date_of(int32_t day, char out[DATE_MAX])
{
	time_t seconds = (time_t)day * 86400;
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL ||
	    strftime(out, DATE_MAX, "%Y-%m-%d", &tm) == 0)
		out[0] = '\0';
	return out;
}

static void
print_health(struct keeping *k, const struct store_health *health)
{
	bool empty = health->days.first == health->days.end;
	char first[DATE_MAX] = "", last[DATE_MAX] = "";
	FILE *out = k->run.out;

	if (!empty) {
		date_of(health->days.first, first);
		date_of(health->days.end - 1, last);
	}
	fprintf(out, "%s: %s\n", k->path,
	    health->problem[0] != '\0' ? health->problem : "all is well");
	fprintf(out, "schema: %lld\n", (long long)health->schema);
	fprintf(out, "days: %s%s%s\n", first, empty ? "none" : " to ", last);
	fprintf(out, "connections: %lld\n", (long long)health->connections);
	fprintf(out, "records: %lld\n", (long long)health->records);
	fprintf(out, "devices: %lld\n", (long long)health->devices);
	fprintf(out, "runs of capture: %lld\n", (long long)health->runs);
	fprintf(out, "size: %.1f MiB\n", (double)health->bytes / (1 << 20));
}

static bool
check(struct keeping *k)
{
	struct store_health health;
	int error;

	if (!open_to_read(k->path, &k->store))
		return false;
	error = store_check(k->store, &health);
	if (error != 0 && health.problem[0] == '\0')
		snprintf(health.problem, sizeof(health.problem), "%s",
		    store_words(error));
	print_health(k, &health);
	k->run.failed += health.problem[0] != '\0';
	return true;
}

/* --- export ---------------------------------------------------------------- */

static bool
write_line(void *arg, const char *line, size_t len)
{
	struct keeping *k = arg;

	if (fwrite(line, 1, len, k->run.out) != len)
		run_output_failed(&k->run, errno);
	return !k->run.out_failed;
}

static void
complain_of_reading(struct keeping *k, const char *path, int error)
{
	if (error != 0)
		run_complain(&k->run, path, store_words(error));
}

static bool export(struct keeping *k)
{
	if (!open_to_read(k->path, &k->store))
		return false;
	complain_of_reading(k, k->path, transfer_out(k->store, write_line, k));
	return true;
}

/* --- import and merge ------------------------------------------------------ */

static bool
take_line(void *arg, const char *line, size_t len)
{
	struct keeping *k = arg;
	char message[TRANSFER_MESSAGE_MAX];

	k->lines++;
	if (intake_line(k->intake, line, len, message))
		return true;
	k->bad++;
	if (k->bad > COMPLAINTS_MAX)
		return true;
	log_warnx(
	    "%s:%llu: %s", k->name, (unsigned long long)k->lines, message);
	return true;
}

/* Passes over the rest of a line that is longer than any of a store. */
static void
skip_line(struct keeping *k, FILE *file)
{
	int c;

	do
		c = getc(file);
	while (c != '\n' && c != EOF);
	k->lines++;
	k->bad++;
}

static void
take_file(struct keeping *k, const char *path)
{
	static char line[TRANSFER_LINE_MAX + 1];
	bool is_input = strcmp(path, "-") == 0;
	FILE *file = is_input ? stdin : fopen(path, "re");

	if (file == NULL) {
		run_complain(&k->run, path, strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), file) != NULL) {
		size_t len = strlen(line);

		if (len == sizeof(line) - 1 && line[len - 1] != '\n')
			skip_line(k, file);
		else
			take_line(k, line, len);
	}
	if (ferror(file))
		run_complain(&k->run, path, strerror(errno));
	if (!is_input)
		fclose(file);
}

static void
take_store(struct keeping *k, const char *path)
{
	struct store *other;

	if (!open_to_read(path, &other)) {
		k->run.failed++;
		return;
	}
	complain_of_reading(k, path, transfer_out(other, take_line, k));
	store_close(other, 0);
}

/* Takes one file in, and says what that gave. */
static void
take(struct keeping *k, const char *path,
    void (*take_from)(struct keeping *k, const char *path))
{
	struct store_stats before = store_statistics(k->store), after;

	k->name = path;
	k->lines = k->bad = 0;
	k->intake = intake_new(k->store);
	take_from(k, path);
	complain_of_reading(k, k->path, intake_end(k->intake));
	after = store_statistics(k->store);
	fprintf(k->run.out, "%s: connections: %llu new, %llu known\n", path,
	    (unsigned long long)(after.added - before.added),
	    (unsigned long long)(after.known - before.known));
	if (k->bad == 0)
		return;
	log_warnx("%s: lines that were not understood: %llu", path,
	    (unsigned long long)k->bad);
	k->run.failed++;
}

static bool
take_all(
    struct keeping *k, void (*take_from)(struct keeping *k, const char *path))
{
	const struct options *options = k->run.options;

	if (!open_to_write(k))
		return false;
	for (int i = 1; i < options->operand_count; i++)
		take(k, options->operands[i], take_from);
	return true;
}

static bool
import(struct keeping *k)
{
	return take_all(k, take_file);
}

static bool
merge(struct keeping *k)
{
	return take_all(k, take_store);
}

/* --- the command ----------------------------------------------------------- */

static const struct {
	const char *verb;
	bool (*function)(struct keeping *k);
} verbs[] = {
	{ "check", check },
	{ "export", export },
	{ "import", import },
	{ "merge", merge },
};

enum exit_status
keep(const struct options *options)
{
	static struct keeping k;
	static char path[STORE_PATH_MAX];
	bool fine = false;

	k.run.options = options;
	k.path = options->store;
	if (k.path == NULL && store_path(path))
		k.path = path;
	if (k.path == NULL) {
		log_warnx("--store: there is no place where it is by default");
		return EXIT_USAGE;
	}
	if (stow_is_output(options, k.path) || !run_open_output(&k.run, false))
		return EXIT_USAGE;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].verb, options->operands[0]) == 0)
			fine = verbs[i].function(&k);
	if (store_close(k.store, (int64_t)time(NULL) * 1000000) != 0)
		k.run.failed++;
	k.run.failed += !fine;
	return run_close(&k.run);
}
