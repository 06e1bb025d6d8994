/* SPDX-License-Identifier: ISC */
/*
 * The wiring.  With the commands' own files the only place that sees capture/,
 * dissect/ and report/ together.
 */
#include "run.h"

#include "config.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "capture/log.h"
#include "render.h"
#include "report/digest.h"
#include "report/fingerprint.h"
#include "report/language.h"
#include "report/program.h"
#include "report/provider.h"

enum {
	OUTPUT_BUFFER = 1 << 18,
	PID_MAX_LEN = 24, /* a dot and a number */
	COLUMNS_DEFAULT = 80,
	/* Parts of --memory, in hundredths. */
	SHARE_INVENTORY = 25,
	SHARE_NAMES = 12,
	SHARE_INQUIRY = 6, /* with --any-port */
	SHARE_JOBS = 6,    /* without: what is on its way between threads */
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

bool
run_interrupted(void)
{
	return interrupted;
}

int64_t
run_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* --- output ---------------------------------------------------------------- */

/* Metrics are read at any time, so they appear in one piece.  What is no file
 * is not replaced by one, nor is a link, such as /dev/stdout. */
static char *
path_aside(const struct options *options)
{
	struct stat status;
	size_t size;
	char *path;

	if (options->format != FORMAT_PROMETHEUS || options->output == NULL ||
	    (lstat(options->output, &status) == 0 && !S_ISREG(status.st_mode)))
		return NULL;
	size = strlen(options->output) + PID_MAX_LEN;
	path = malloc(size);
	if (path != NULL)
		snprintf(path, size, "%s.%ld", options->output, (long)getpid());
	return path;
}

/* use_output makes `out` the one that is written to. */
static void
use_output(struct run *run, FILE *out)
{
	static char buffer[OUTPUT_BUFFER];

	run->out = out;
	setvbuf(out, buffer, _IOFBF, sizeof(buffer));
}

bool
run_open_output(struct run *run, bool append)
{
	const char *path = run->options->output;
	FILE *out = stdout;

	run->aside = path_aside(run->options);
	if (path != NULL)
		out = fopen(run->aside != NULL ? run->aside : path,
		    append ? "ae" : "we");
	if (out == NULL) {
		log_warn("%s", path);
		return false;
	}
	use_output(run, out);
	return true;
}

void
run_abandon_output(struct run *run)
{
	if (run->aside != NULL)
		unlink(run->aside);
}

void
run_reopen_output(struct run *run)
{
	const char *path = run->options->output;
	FILE *out;

	if (path == NULL)
		return;
	out = fopen(path, "ae");
	if (out == NULL) {
		log_warn("%s", path);
		return;
	}
	if (fclose(run->out) != 0)
		run_output_failed(run, errno);
	use_output(run, out);
}

/* A reader that has seen enough is no failure worth a word. */
void
run_output_failed(struct run *run, int error)
{
	if (jobs_is_other(run->jobs)) {
		run->out_error = error;
		return;
	}
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

/* look_at_output takes notice of what another thread has met. */
static void
look_at_output(struct run *run)
{
	if (run->out_error != 0 && !run->out_failed)
		run_output_failed(run, run->out_error);
}

static void
output_close(struct run *run)
{
	if (run->out == NULL)
		return;
	if (fflush(run->out) != 0)
		run_output_failed(run, errno);
	if (run->out != stdout && fclose(run->out) != 0)
		run_output_failed(run, errno);
	if (run->aside == NULL)
		return;
	if (run->out_failed)
		unlink(run->aside);
	else if (rename(run->aside, run->options->output) != 0)
		run_output_failed(run, errno);
	free(run->aside);
}

/* --- hooks ----------------------------------------------------------------- */

static void
on_client_hello(
    void *arg, struct connection *c, const struct client_hello *hello)
{
	struct run *run = arg;
	bool may_be_mail;

	jobs_enter(run->jobs);
	anyport_hello(&run->anyport, c);
	may_be_mail = md_may_be_mail(c);
	if (may_be_mail)
		fingerprint_client(c, hello);
	jobs_leave(run->jobs);
	if (may_be_mail && run->begun != NULL)
		run->begun(run, c);
}

static void
on_server_hello(
    void *arg, struct connection *c, const struct server_hello *hello)
{
	struct run *run = arg;

	jobs_enter(run->jobs);
	fingerprint_server(c, hello);
	jobs_leave(run->jobs);
}

void
run_load_authorities(struct run *run)
{
	if (run->trust != NULL)
		return;
	log_debug("loading the system's certificate authorities");
	if (trust_open(NULL, &run->trust) != 0)
		trust_open("none", &run->trust);
}

/* read_certificate: there are many authorities, and most captures of today show
 * no certificate, so they are loaded here. */
static void
read_certificate(struct run *run, const struct connection *c, enum side side,
    struct bytes list, struct certificate *out)
{
	jobs_enter(run->jobs);
	run_load_authorities(run);
	certificate_read(run->trust, list,
	    side == SERVER ? c->offer.server_name : "",
	    c->last_us + run->jump_us, out);
	jobs_leave(run->jobs);
}

static void
on_certificate(
    void *arg, struct connection *c, enum side side, struct bytes list)
{
	struct run *run = arg;
	struct certificate certificate;

	read_certificate(run, c, side, list, &certificate);
	if (side == SERVER) {
		c->server_certificate = certificate;
		anyport_certificate(&run->anyport, c, list);
	} else {
		memcpy(c->client_subject, certificate.subject,
		    sizeof(c->client_subject));
	}
}

/* meet_ends judges `c`, and says who its ends are. */
static void
meet_ends(struct run *run, struct connection *c, struct identity *who)
{
	verdict_judge(&run->judge, c);
	directory_meet(run->directory, c);
	identify(&run->devices, c, who);
}

static void
on_judged(void *arg, struct connection *c)
{
	struct run *run = arg;
	struct identity who;

	anyport_meet(&run->anyport, c);
	if (run->judged == NULL)
		return;
	meet_ends(run, c, &who);
	run->judged(run, c, &who);
}

void
run_write(
    struct run *run, const struct connection *c, const struct identity *who)
{
	int error = render_record(
	    run->out, run->options->format, c, who, run->recorded_us == 0);

	run->recorded_us = c->last_us;
	if (error != 0)
		run_output_failed(run, -error);
}

static void
on_over(void *arg, struct connection *c)
{
	struct run *run = arg;
	struct identity who;

	if (!anyport_keeps(&run->anyport, c))
		return;
	meet_ends(run, c, &who);
	if (verdict_saw_old(&run->judge, c))
		run->old_seen = true;
	run->over(run, c, &who);
}

void
run_add(struct run *run, struct connection *c, const struct identity *who)
{
	bool of_records = render_is_of_records(run->options->format);

	if (run->store != NULL)
		store_add(run->store, c, who);
	if (of_records)
		run_write(run, c, who);
	/* The store wants to know all names in the end. */
	if (!of_records || run->store != NULL)
		inventory_add(&run->inventory, c, who);
}

static void
on_sighting(void *arg, const struct sighting *s)
{
	struct run *run = arg;

	directory_hear(run->directory, s);
}

static bool
on_piece(void *arg, struct connection *c, const struct md_piece *piece)
{
	struct run *run = arg;

	return inquiry_ask(&run->inquiry, c, piece);
}

static void
on_no_hint(void *arg, uint64_t connection)
{
	struct run *run = arg;

	inquiry_drop(&run->inquiry, connection);
}

/* --- reading --------------------------------------------------------------- */

static void
on_frame(void *arg, const struct source_frame *frame)
{
	struct run *run = arg;

	md_frame(run->md, frame->link, frame->time_us,
	    bytes_of(frame->data, frame->len), frame->wire_len);
	run->packets++;
	if (run->first_us == 0 || frame->time_us < run->first_us)
		run->first_us = frame->time_us;
	if (run->last_us == 0 || frame->time_us > run->last_us)
		run->last_us = frame->time_us;
	look_at_output(run);
	if (progress_due(&run->progress))
		progress_show(&run->progress,
		    run->bytes_done + source_position(reading), run->packets,
		    run_now_us());
}

void
run_complain(struct run *run, const char *path, const char *message)
{
	run->failed++;
	progress_clear(&run->progress);
	log_warnx("%s: %s", path, message);
}

void
run_read(struct run *run, struct source *source, const char *path)
{
	char message[SOURCE_MESSAGE_MAX];
	int link = source_link(source);

	if (!md_link_known(link)) {
		snprintf(message, sizeof(message),
		    "link type %d (%s) is none that can be read", link,
		    source_link_name(link));
		run_complain(run, path, message);
		return;
	}
	log_info("%s: link type %d (%s)", path, link, source_link_name(link));
	reading = source;
	if (interrupted)
		source_stop(source);
	if (source_run(source, on_frame, run, message) != 0)
		run_complain(run, path, message);
	reading = NULL;
	run->bytes_done += source_position(source);
	if (run->store != NULL)
		jobs_finish(run->jobs); /* it is told what was lost */
}

/* --- the report ------------------------------------------------------------ */

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

struct report_style
run_style(const struct run *run)
{
	return (struct report_style){
		.colour = colour_of(run->out, run->options->colour),
		/* Other languages can not do without. */
		.utf8 = locale_is_utf8() || strcmp(language_code(), "en") != 0,
		.columns = columns_of(run->out),
	};
}

void
run_render(struct run *run, const struct inventory *inventory,
    const struct report_source *source)
{
	struct report_style style = run_style(run);
	int error = render(run->out, run->options, inventory, source, &style);

	if (error != 0)
		run_output_failed(run, -error);
}

/* is_worth_a_report: a report for people on nothing at all, after the reason
 * was said, would only hide that. */
static bool
is_worth_a_report(const struct run *run, const struct md_stats *stats)
{
	return !render_is_for_people(run->options->format) ||
	       run->failed == 0 || stats->frames > 0;
}

void
run_report(struct run *run, const char *const *names, size_t name_count)
{
	struct md_stats stats = md_statistics(run->md);
	struct report_source source = {
		.names = names,
		.name_count = name_count,
		.packets = stats.frames,
		.bytes = stats.bytes,
		.failed = run->failed,
		.min_version = run->options->min_version,
		.any_port = run->options->any_port,
		.devices = &run->devices,
		.providers = run->providers,
	};

	if (!is_worth_a_report(run, &stats))
		return;
	run_list_losses(&stats, &source);
	run_render(run, &run->inventory, &source);
}

/* --- the beginning and the end -------------------------------------------- */

/* share returns `hundredths` of --memory. */
static size_t
share(const struct run *run, unsigned hundredths)
{
	return run->options->memory / 100 * hundredths;
}

/* dissector_memory returns how much of --memory is the dissector's: what the
 * others leave. */
static size_t
dissector_memory(struct run *run)
{
	unsigned others = SHARE_INVENTORY + SHARE_NAMES;
	size_t size;

	if (run->options->any_port)
		others += SHARE_INQUIRY;
	else if (run->sharded)
		others += SHARE_JOBS; /* however many there are */
	size = share(run, 100 - others);
	return size > MD_SIZE_MIN ? size : MD_SIZE_MIN;
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
			.judged = on_judged,
			.over = on_over,
			.sighting = on_sighting,
			.hint = on_piece,
			.no_hint = on_no_hint,
		},
		.sightings = true,
		.sharded = run->sharded,
		.seed = run->seed,
		.any_port = run->options->any_port,
	};
	size_t size = dissector_memory(run);
	void *block = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (block == MAP_FAILED) {
		log_warn("--memory");
		return false;
	}
	memcpy(
	    config.mail_ports, run->options->ports, sizeof(config.mail_ports));
	run->md = md_init(block, size, &config);
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

static bool
load_aliases(struct run *run)
{
	const char *path = run->options->devices;
	struct leases anew = { 0 };
	char what[96];
	size_t line = 0;
	int error;

	if (path == NULL)
		return true;
	error = leases_load_aliases(&anew, path, &line);
	if (error != 0) {
		snprintf(what, sizeof(what),
		    "line %zu: not a MAC or IP address and a short name", line);
		wrong_file("--devices", path, error, what);
		leases_clear(&anew);
		return false;
	}
	leases_clear(&run->aliases);
	run->aliases = anew;
	return true;
}

/* load_names reads what names devices before anything is heard. */
static bool
load_names(struct run *run)
{
	const struct options *o = run->options;
	int error;

	run->devices.aliases = &run->aliases;
	run->devices.leases = &run->leases;
	if (!load_aliases(run))
		return false;
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

void
run_refresh(struct run *run)
{
	if (run->options->leases != NULL)
		leases_refresh(&run->leases);
}

void
run_reread(struct run *run)
{
	load_aliases(run); /* or says why not, and the old ones stay */
	run_refresh(run);
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

static bool
check_options(const struct options *options)
{
	const char *problem = render_problem(options);

	if (problem != NULL)
		log_warnx("%s", problem);
	return problem == NULL;
}

static bool
load_authorities(struct run *run)
{
	const char *ca = run->options->ca;
	int error = ca != NULL ? trust_open(ca, &run->trust) : 0;

	if (error != 0)
		wrong_file("--ca", ca, error, "there is no certificate in it");
	return error == 0;
}

bool
run_prepare_report(struct run *run, const struct options *options)
{
	run->options = options;
	digest_start();
	return check_options(options) && load_names(run) &&
	       load_providers(run) && choose_language(options);
}

bool
run_prepare(struct run *run, const struct options *options)
{
	run->options = options;
	run->judge.min_version = options->min_version;
	if (options->any_port && classify_version() == NULL)
		log_warnx("--any-port: there is no nDPI in this program: mail "
			  "is found by content and names of servers alone");
	run->anyport.on = options->any_port;
	run->anyport.known = &run->devices;
	inventory_init(&run->inventory);
	inventory_limit(&run->inventory, share(run, SHARE_INVENTORY));
	inquiry_init(
	    &run->inquiry, options->any_port ? share(run, SHARE_INQUIRY) : 0);
	run->directory = directory_new(run->seed, share(run, SHARE_NAMES));
	run->devices.directory = run->directory;
	catch_signals();
	return run_prepare_report(run, options) && load_authorities(run) &&
	       start_dissector(run);
}

void
run_start_jobs(struct run *run)
{
	unsigned count = run->options->jobs;

	run->jobs = jobs_new(run->md, count > 0 ? count : jobs_cores(),
	    share(run, SHARE_JOBS), run->store != NULL);
}

static enum exit_status
exit_status(const struct run *run)
{
	if (run->out_failed)
		return EXIT_FAILED;
	if (run->options->check && run->old_seen)
		return EXIT_OLD;
	return run->failed > 0 ? EXIT_FAILED : EXIT_DONE;
}

void
run_end(struct run *run)
{
	jobs_free(run->jobs);
	run->jobs = NULL;
	look_at_output(run);
	md_end(run->md);
	progress_clear(&run->progress);
	render_end(run->out, run->options->format, run->recorded_us);
}

enum exit_status
run_close(struct run *run)
{
	output_close(run);
	inquiry_clear(&run->inquiry);
	inventory_clear(&run->inventory);
	leases_clear(&run->aliases);
	leases_clear(&run->leases);
	directory_free(run->directory);
	oui_free(run->oui);
	providers_free(run->providers);
	programs_free(run->programs);
	trust_free(run->trust);
	return exit_status(run);
}
