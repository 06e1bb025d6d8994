/* SPDX-License-Identifier: ISC */
/*
 * mailtls: the wiring.  The only file that sees capture/, dissect/ and
 * report/ together: frames go from a source to the dissector, whose hooks
 * fill in what a connection means and count it or write it down.
 */
#include "config.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "capture/log.h"
#include "capture/options.h"
#include "capture/progress.h"
#include "capture/source.h"
#include "capture/source_list.h"
#include "dissect/maildissect.h"
#include "report/certificate.h"
#include "report/fingerprint.h"
#include "report/identify.h"
#include "report/inventory.h"
#include "report/language.h"
#include "report/ndjson.h"
#include "report/program.h"
#include "report/provider.h"
#include "report/report.h"
#include "report/verdict.h"

enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1, /* unreadable input, unwritable output */
	EXIT_USAGE = 2,
	EXIT_OLD = 3, /* --check found something */
	OUTPUT_BUFFER = 1 << 18,
	COLUMNS_DEFAULT = 80,
};

/* struct run is one run of `mailtls analyze`. */
struct run {
	const struct options *options;
	struct source_list list;
	struct md *md;
	struct trust *trust; /* NULL until the first certificate */
	struct judge judge;
	struct inventory inventory;
	struct leases aliases, leases;
	struct directory *directory;
	struct oui *oui;
	struct providers *providers;
	struct programs *programs;
	struct device_sources devices; /* the five above */
	FILE *out;
	bool out_failed;
	bool old_seen;
	bool begun; /* a source was opened */
	struct progress progress;
	uint64_t packets, failed;
	uint64_t bytes_done; /* of the files before this one */
};

/* What a signal handler needs to know. */
static volatile sig_atomic_t interrupted;
static struct source *volatile reading;

static void
interrupt(int signal_number)
{
	(void)signal_number;
	interrupted = 1;
	if (reading != NULL)
		source_stop(reading);
}

/* catch_signals makes the first SIGINT or SIGTERM end the reading; a second
 * one ends the program. */
static void
catch_signals(void)
{
	struct sigaction action = { .sa_flags = (int)SA_RESETHAND };

	action.sa_handler = interrupt;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static int64_t
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* --- output ---------------------------------------------------------------- */

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

static bool
output_open(struct run *run)
{
	static char buffer[OUTPUT_BUFFER];
	const char *path = run->options->output;

	run->out = stdout;
	if (path != NULL && output_is_input(path, &run->list)) {
		log_warnx("%s: is one of the captures", path);
		return false;
	}
	if (path != NULL)
		run->out = fopen(path, "w");
	if (run->out == NULL) {
		log_warn("%s", path);
		return false;
	}
	setvbuf(run->out, buffer, _IOFBF, sizeof(buffer));
	return true;
}

/* output_fail says so, once, and ends the reading.  A reader that has seen
 * enough is no failure worth a word. */
static void
output_fail(struct run *run, int error)
{
	if (run->out_failed)
		return;
	run->out_failed = true;
	progress_clear(&run->progress);
	errno = error;
	if (error != EPIPE)
		log_warn("%s", run->options->output != NULL
				   ? run->options->output
				   : "standard output");
	if (reading != NULL)
		source_stop(reading);
}

static void
output_close(struct run *run)
{
	if (fflush(run->out) != 0)
		output_fail(run, errno);
	if (run->out != stdout && fclose(run->out) != 0)
		output_fail(run, errno);
}

/* --- hooks ----------------------------------------------------------------- */

static void
on_client_hello(
    void *arg, struct connection *c, const struct client_hello *hello)
{
	(void)arg;
	fingerprint_client(c, hello);
}

static void
on_server_hello(
    void *arg, struct connection *c, const struct server_hello *hello)
{
	(void)arg;
	fingerprint_server(c, hello);
}

/* trust_of loads the authorities when the first certificate wants judging:
 * there are many, and most captures of today show none. */
static struct trust *
trust_of(struct run *run)
{
	if (run->trust != NULL)
		return run->trust;
	log_debug("loading the system's certificate authorities");
	if (trust_open(NULL, &run->trust) != 0)
		trust_open("none", &run->trust);
	return run->trust;
}

static void
on_certificate(
    void *arg, struct connection *c, enum side side, struct bytes list)
{
	struct run *run = arg;
	struct certificate certificate;

	certificate_read(trust_of(run), list,
	    side == SERVER ? c->offer.server_name : "", c->last_us,
	    &certificate);
	if (side == SERVER)
		c->server_certificate = certificate;
	else
		memcpy(c->client_subject, certificate.subject,
		    sizeof(c->client_subject));
}

static void
on_over(void *arg, struct connection *c)
{
	struct run *run = arg;
	char line[NDJSON_LINE_MAX];
	struct identity who;
	size_t len;

	verdict_judge(&run->judge, c);
	directory_meet(run->directory, c);
	identify(&run->devices, c, &who);
	if (verdict_saw_old(&run->judge, c))
		run->old_seen = true;
	if (run->options->format != FORMAT_NDJSON) {
		inventory_add(&run->inventory, c, &who);
		return;
	}
	len = ndjson_format(c, &who, line, sizeof(line));
	if (fwrite_unlocked(line, 1, len, run->out) != len)
		output_fail(run, errno);
}

static void
on_sighting(void *arg, const struct sighting *s)
{
	struct run *run = arg;

	directory_hear(run->directory, s);
}

/* --- reading --------------------------------------------------------------- */

static void
on_frame(void *arg, const struct source_frame *frame)
{
	struct run *run = arg;

	md_frame(run->md, frame->link, frame->time_us,
	    bytes_of(frame->data, frame->len), frame->wire_len);
	run->packets++;
	if (progress_due(&run->progress))
		progress_show(&run->progress,
		    run->bytes_done + source_position(reading), run->packets,
		    now_us());
}

/* complain counts `path` as failed and says why. */
static void
complain(struct run *run, const char *path, const char *message)
{
	run->failed++;
	progress_clear(&run->progress);
	log_warnx("%s: %s", path, message);
}

/* read_source reads the open `source` to its end. */
static void
read_source(struct run *run, struct source *source, const char *path)
{
	char message[SOURCE_MESSAGE_MAX];
	int link = source_link(source);

	if (!md_link_known(link)) {
		snprintf(message, sizeof(message),
		    "link type %d (%s) is none that can be read", link,
		    source_link_name(link));
		complain(run, path, message);
		return;
	}
	log_info("%s: link type %d (%s)", path, link, source_link_name(link));
	reading = source;
	if (interrupted)
		source_stop(source);
	if (source_run(source, on_frame, run, message) != 0)
		complain(run, path, message);
	reading = NULL;
	run->bytes_done += source_position(source);
}

/* read_all reads all sources and returns false when the filter is wrong: a
 * later source may be of a link type that it does not go with. */
static bool
read_all(struct run *run)
{
	char message[SOURCE_MESSAGE_MAX];

	for (size_t i = 0; i < run->list.count; i++) {
		const char *path = run->list.paths[i];
		struct source *source;
		int error;

		if (interrupted || run->out_failed)
			break;
		error =
		    source_open(path, run->options->filter, &source, message);
		if (error == -EINVAL && !run->begun) {
			log_warnx("%s", message);
			return false;
		}
		if (error != 0 && !interrupted)
			complain(run, path, message);
		if (error != 0)
			continue;
		run->begun = true;
		read_source(run, source, path);
		source_close(source);
	}
	return true;
}

/* --- the report ------------------------------------------------------------ */

/* Counters that mean that something was given up. */
static const size_t losses[] = {
	offsetof(struct md_stats, frames_broken),
	offsetof(struct md_stats, frames_cut),
	offsetof(struct md_stats, segments_broken),
	offsetof(struct md_stats, segments_far),
	offsetof(struct md_stats, flows_evicted),
	offsetof(struct md_stats, gaps),
	offsetof(struct md_stats, early_dropped),
	offsetof(struct md_stats, messages_dropped),
	offsetof(struct md_stats, datagrams_timed_out),
	offsetof(struct md_stats, datagrams_evicted),
	offsetof(struct md_stats, datagrams_oversized),
};

static uint64_t
stat_value(const struct md_stats *stats, size_t offset)
{
	uint64_t value;

	memcpy(&value, (const char *)stats + offset, sizeof(value));
	return value;
}

static const struct md_stat_name *
stat_name(size_t offset)
{
	for (unsigned i = 0; i < md_stat_count; i++)
		if (md_stat_names[i].offset == offset)
			return &md_stat_names[i];
	return NULL;
}

static void
list_losses(const struct md_stats *stats, struct report_source *out)
{
	for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++) {
		const struct md_stat_name *name = stat_name(losses[i]);

		if (name == NULL)
			continue;
		out->losses[out->loss_count++] = (struct report_loss){
			name->name,
			name->meaning,
			stat_value(stats, losses[i]),
		};
	}
}

static unsigned
columns_of(FILE *out)
{
	const char *word = getenv("COLUMNS");
	struct winsize size;
	unsigned long columns = 0;

	if (word != NULL)
		columns = strtoul(word, NULL, 10);
	else if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0)
		columns = size.ws_col;
	return columns > 0 && columns < 1000 ? (unsigned)columns
					     : COLUMNS_DEFAULT;
}

static bool
colour_of(FILE *out, enum colour colour)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (colour != COLOUR_AUTO)
		return colour == COLOUR_ALWAYS;
	return isatty(fileno(out)) && (no == NULL || no[0] == '\0') &&
	       term != NULL && strcmp(term, "dumb") != 0;
}

/* locale_name returns what the environment names for `category`: a locale that
 * need not be installed here. */
static const char *
locale_name(const char *category)
{
	const char *const names[] = { "LC_ALL", category, "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return value;
	}
	return "";
}

static bool
locale_is_utf8(void)
{
	const char *name = locale_name("LC_CTYPE");

	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ||
	       strstr(name, ".UTF-8") != NULL || strstr(name, ".utf8") != NULL;
}

static void
write_report(struct run *run, const struct md_stats *stats)
{
	struct report_source source = {
		.names = (const char *const *)run->options->operands,
		.name_count = (size_t)run->options->operand_count,
		.packets = stats->frames,
		.bytes = stats->bytes,
		.failed = run->failed,
		.min_version = run->options->min_version,
		.devices = &run->devices,
		.providers = run->providers,
	};
	struct report_style style = {
		.colour = colour_of(run->out, run->options->colour),
		/* Other languages can not do without. */
		.utf8 = locale_is_utf8() || strcmp(language_code(), "en") != 0,
		.columns = columns_of(run->out),
	};
	int error = 0;

	list_losses(stats, &source);
	if (run->options->format == FORMAT_TEXT)
		error = report_text(run->out, &run->inventory, &source, &style);
	if (run->options->format == FORMAT_JSON)
		error = report_json(run->out, &run->inventory, &source);
	if (error != 0)
		output_fail(run, -error);
}

static void
print_stats(const struct md_stats *stats, uint64_t forgotten)
{
	for (unsigned i = 0; i < md_stat_count; i++)
		fprintf(stderr, "%-20s %12llu  %s\n", md_stat_names[i].name,
		    (unsigned long long)stat_value(
			stats, md_stat_names[i].offset),
		    md_stat_names[i].meaning);
	fprintf(stderr, "%-20s %12llu  %s\n", "names_forgotten",
	    (unsigned long long)forgotten,
	    "names and addresses of devices and servers, too many");
}

/* --- commands -------------------------------------------------------------- */

/* list_sources takes all operands into the list. */
static void
list_sources(struct run *run)
{
	char message[SOURCE_MESSAGE_MAX];

	for (int i = 0; i < run->options->operand_count; i++) {
		const char *path = run->options->operands[i];

		if (source_list_add(&run->list, path, message) != 0)
			complain(run, path, message);
	}
	source_list_sort(&run->list);
}

/* start_dissector gets the one block of memory that it lives in, which the
 * system hands out only as it is used. */
static bool
start_dissector(struct run *run)
{
	struct md_config config = {
		.hooks = {
			.arg = run,
			.client_hello = on_client_hello,
			.server_hello = on_server_hello,
			.certificate = on_certificate,
			.over = on_over,
			.sighting = on_sighting,
		},
		.sightings = true,
	};
	void *block = mmap(NULL, run->options->memory, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (block == MAP_FAILED) {
		log_warn("--memory");
		return false;
	}
	memcpy(
	    config.mail_ports, run->options->ports, sizeof(config.mail_ports));
	run->md = md_init(block, run->options->memory, &config);
	return run->md != NULL;
}

/* wrong_file says what is wrong with the file of an option. */
static void
wrong_file(const char *option, const char *path, int error, const char *what)
{
	if (error == -EINVAL) {
		log_warnx("%s: %s: %s", option, path, what);
		return;
	}
	errno = -error;
	log_warn("%s: %s", option, path);
}

/* load_names reads what names devices before anything is heard. */
static bool
load_names(struct run *run)
{
	const struct options *o = run->options;
	char what[96];
	size_t line = 0;
	int error;

	run->directory = directory_new(0);
	run->devices.aliases = &run->aliases;
	run->devices.leases = &run->leases;
	run->devices.directory = run->directory;
	error = o->devices != NULL
		    ? leases_load_aliases(&run->aliases, o->devices, &line)
		    : 0;
	if (error != 0) {
		snprintf(what, sizeof(what),
		    "line %zu: not a MAC or IP address and a short name", line);
		wrong_file("--devices", o->devices, error, what);
		return false;
	}
	error = o->leases != NULL ? leases_load(&run->leases, o->leases) : 0;
	if (error != 0) {
		wrong_file("--leases", o->leases, error, "");
		return false;
	}
	if (run->leases.bad > 0)
		log_warnx("--leases: %s: lines that make no sense: %zu",
		    o->leases, run->leases.bad);
	error = oui_open(o->oui, &run->oui);
	run->devices.oui = run->oui;
	if (error != 0)
		wrong_file("--oui", o->oui, error, "no list of the IEEE's");
	return error == 0;
}

static bool
load_providers(struct run *run)
{
	char message[PROVIDER_MESSAGE_MAX];

	run->programs = programs_open(program_rows, program_rows_count);
	run->providers = providers_open(run->options->providers, message);
	run->devices.providers = run->providers;
	run->devices.programs = run->programs;
	if (run->providers == NULL)
		log_warnx("--providers: %s", message);
	return run->providers != NULL;
}

/* choose_language takes the language that was asked for, else the locale's
 * where the terminal can show it. */
static bool
choose_language(const struct options *options)
{
	if (options->lang == NULL && locale_is_utf8())
		language_set(locale_name("LC_MESSAGES"));
	if (options->lang == NULL || language_set(options->lang))
		return true;
	log_warnx("--lang: '%s': there is no such language", options->lang);
	return false;
}

/* prepare does all that can go wrong before the first packet. */
static bool
prepare(struct run *run)
{
	const char *ca = run->options->ca;
	int error = ca != NULL ? trust_open(ca, &run->trust) : 0;
	bool watched = !run->options->quiet && isatty(STDERR_FILENO);

	if (error == -EINVAL) {
		log_warnx("--ca: %s: there is no certificate in it", ca);
		return false;
	}
	if (error != 0) {
		errno = -error;
		log_warn("--ca: %s", ca);
		return false;
	}
	if (!load_names(run) || !load_providers(run) ||
	    !choose_language(run->options))
		return false;
	list_sources(run);
	progress_init(
	    &run->progress, watched ? stderr : NULL, run->list.size, now_us());
	return output_open(run) && start_dissector(run);
}

static int
exit_status(const struct run *run)
{
	if (run->out_failed)
		return EXIT_FAILED;
	if (run->options->check && run->old_seen)
		return EXIT_OLD;
	return run->failed > 0 ? EXIT_FAILED : EXIT_DONE;
}

static int
analyze(const struct options *options)
{
	static struct run run;
	struct md_stats stats;

	run.options = options;
	run.judge.min_version = options->min_version;
	inventory_init(&run.inventory);
	catch_signals();
	if (!prepare(&run) || !read_all(&run))
		return EXIT_USAGE;
	md_end(run.md);
	progress_clear(&run.progress);
	stats = md_statistics(run.md);
	write_report(&run, &stats);
	output_close(&run);
	if (options->stats)
		print_stats(&stats, directory_forgotten(run.directory));
	inventory_clear(&run.inventory);
	leases_clear(&run.aliases);
	leases_clear(&run.leases);
	directory_free(run.directory);
	oui_free(run.oui);
	providers_free(run.providers);
	programs_free(run.programs);
	trust_free(run.trust);
	source_list_clear(&run.list);
	return exit_status(&run);
}

static int
print_version(void)
{
	printf("%s\n"
	       "Copyright (C) 2026 the mailtls authors\n"
	       "ISC License; there is no warranty, to the extent permitted by "
	       "law.\n"
	       "%s\n%s\n",
	    PACKAGE_STRING, source_library(), CRYPTO_VERSION);
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}

static int
print_usage(enum command command)
{
	options_usage(stdout, command);
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}

int
main(int argc, char *argv[])
{
	char message[OPTIONS_MESSAGE_MAX];
	struct options options;

	setlocale(LC_CTYPE, "");
	if (!options_read(argc, argv, &options, message)) {
		log_warnx("%s", message);
		fprintf(stderr, "Try 'mailtls%s --help'.\n",
		    options.command == COMMAND_ANALYZE ? " analyze" : "");
		return EXIT_USAGE;
	}
	if (options.help)
		return print_usage(options.command);
	if (options.version)
		return print_version();
	log_set_level(LOG_NORMAL + (enum log_level)options.verbose);
	return analyze(&options);
}
