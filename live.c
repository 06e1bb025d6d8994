/* SPDX-License-Identifier: ISC */
/*
 * Live capture.  In order: everything is opened that takes a privilege or a
 * file; the process confines itself; only then is the first packet read.
 */
#include "config.h"

#include "live.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "capture/confine.h"
#include "capture/interfaces.h"
#include "capture/log.h"
#include "listener.h"

enum {
	/* How long to wait for packets: while something may be due that only
	 * time shows, and else. */
	WAIT_BUSY_MS = 50,
	WAIT_IDLE_MS = 1000,
	BUSY_US = 2 * 1000000,
	JUMP_US = 1000000,        /* what is less is the clock being slewed */
	REREAD_US = 30 * 1000000, /* leases, as they change by themselves */
	STATUS_MAX = 256,
};

/* What the signals ask for. */
static volatile sig_atomic_t wants_stats, wants_reopening;

/* --- signals --------------------------------------------------------------- */

static void
want(int signal_number)
{
	if (signal_number == SIGUSR1)
		wants_stats = 1;
	else
		wants_reopening = 1;
}

/* catch_signals has all signals wait until we do, and returns the mask that
 * lets them come. */
static sigset_t
catch_signals(void)
{
	static const int ours[] = { SIGUSR1, SIGHUP };
	static const int all[] = { SIGUSR1, SIGHUP, SIGINT, SIGTERM };
	struct sigaction action = { .sa_handler = want };
	sigset_t blocked, before;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		sigaction(ours[i], &action, NULL);
	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		sigaddset(&blocked, all[i]);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		sigdelset(&before, all[i]);
	signal(SIGPIPE, SIG_IGN); /* a reader that leaves is an error to us */
	return before;
}

/* --- frames ---------------------------------------------------------------- */

/* check_save: what can not be kept is no reason to stop listening. */
static void
check_save(struct listener *l, int error)
{
	if (error == 0)
		return;
	run_complain(&l->run, l->run.options->save, strerror(-error));
	log_warnx("--save: no more packets are kept");
	save_close(&l->save);
	l->saving = false;
}

/* save keeps a frame, or holds it back while it is not known whether it is of
 * mail. */
static void
save(struct listener *l, const struct source_frame *frame, bool may_be_kept)
{
	uint64_t number;
	bool may_be_later = md_doubt(l->run.md, &number);
	int error = 0;

	if (may_be_kept && number != 0)
		error = holdback_release(&l->holdback, number, &l->save);
	if (may_be_kept && error == 0)
		error = save_frame(&l->save, frame);
	else if (may_be_later)
		holdback_add(&l->holdback, number, frame);
	check_save(l, error);
}

static void
on_frame(void *arg, const struct source_frame *frame)
{
	struct listener *l = arg;
	bool may_be_kept = md_frame(l->run.md, frame->link,
	    clock_steady(&l->clock, frame->time_us),
	    bytes_of(frame->data, frame->len), frame->wire_len);

	if (l->saving)
		save(l, frame, may_be_kept);
}

/* --- statistics ------------------------------------------------------------ */

static void
print_stats(const struct listener *l)
{
	for (size_t i = 0; i < l->taps.count; i++) {
		const struct tap *tap = &l->taps.taps[i];

		fprintf(stderr,
		    "%s: %llu packets, %llu dropped by the kernel, %llu by the "
		    "interface%s\n",
		    tap->name, (unsigned long long)tap->frames,
		    (unsigned long long)tap->dropped,
		    (unsigned long long)tap->missed, tap->up ? "" : "; gone");
	}
	run_print_stats(&l->run);
}

/* --- the loop -------------------------------------------------------------- */

static int64_t
system_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
look_at_clock(struct listener *l)
{
	int64_t jump_us;

	l->now_us = run_now_us();
	jump_us = clock_look(&l->clock, l->now_us, system_now_us());
	l->run.jump_us = l->clock.jump_us;
	if (jump_us <= JUMP_US && jump_us >= -JUMP_US)
		return;
	log_info(
	    "the clock was set, by %+lld s", (long long)(jump_us / 1000000));
	keep_jump(l);
}

/* wait_for_packets returns when there are some, after a while, or when a
 * signal came; and whether there are SYNs alone. */
static bool
wait_for_packets(struct listener *l, const sigset_t *signals)
{
	struct pollfd fds[TAPS_FDS_MAX];
	nfds_t count = taps_fds(
	    &l->taps, !owner_is_full(&l->owner, l->clock.steady_us), fds);
	int ready;
	bool busy = l->now_us - l->busy_us < BUSY_US;
	struct timespec wait = {
		.tv_sec = busy ? 0 : WAIT_IDLE_MS / 1000,
		.tv_nsec = busy ? WAIT_BUSY_MS * 1000000L : 0,
	};

	ready = ppoll(fds, count, &wait, signals);
	if (ready < 0 && errno != EINTR)
		log_warn("poll");
	return ready > 0 && taps_have_openings(&l->taps, fds, count);
}

/*
 * look_up_openings asks for the programs of connections as they are opened.  It
 * returns when there is something else to do, which in a flood of SYNs would
 * take more time than they do.
 */
static void
look_up_openings(struct listener *l, const sigset_t *signals)
{
	int64_t end_us = run_now_us() + WAIT_BUSY_MS * INT64_C(1000);
	bool again;

	do {
		again = wait_for_packets(l, signals);
		taps_take_openings(&l->taps, show_opening, l);
	} while (again && run_now_us() < end_us);
}

static void
reopen_save(struct listener *l)
{
	int error = l->saving ? save_reopen(&l->save) : 0;

	if (error == 0)
		return;
	errno = -error;
	log_warn("--save: %s", l->run.options->save);
}

static void
do_what_is_wanted(struct listener *l)
{
	if (wants_stats) {
		wants_stats = 0;
		print_stats(l);
	}
	if (wants_reopening) {
		wants_reopening = 0;
		run_reopen_output(&l->run);
		l->ticker.out = l->run.out;
		reopen_save(l);
		run_reread(&l->run);
	}
}

static void
do_what_is_due(struct listener *l)
{
	md_tick(l->run.md, l->clock.steady_us);
	l->lost = !taps_watch(&l->taps, l->now_us);
	keep_time(l);
	hints_pass(&l->hints, l->now_us);
	notify_alive(&l->notify, l->now_us);
	if (l->now_us - l->reread_us >= REREAD_US) {
		l->reread_us = l->now_us;
		run_refresh(&l->run);
	}
	if (fflush(l->run.out) != 0)
		run_output_failed(&l->run, errno);
	if (l->saving)
		check_save(l, save_flush(&l->save));
}

static void
listen_on(struct listener *l, const sigset_t *signals)
{
	while (!run_interrupted() && !l->run.out_failed && !l->lost) {
		look_up_openings(l, signals);
		look_at_clock(l);
		if (taps_take(&l->taps, on_frame, l) > 0) {
			l->busy_us = l->now_us;
			hints_packets(&l->hints, l->now_us);
		}
		do_what_is_wanted(l);
		do_what_is_due(l);
	}
}

/* drain takes what passed before the end: the kernel hands it over late. */
static void
drain(struct listener *l)
{
	int64_t end_us = run_now_us() + 2 * SOURCE_LATENCY_MS * INT64_C(1000);

	while (!l->run.out_failed && !l->lost && l->now_us < end_us) {
		poll(NULL, 0, WAIT_BUSY_MS);
		look_at_clock(l);
		taps_take(&l->taps, on_frame, l);
		do_what_is_due(l);
	}
}

/* --- the beginning and the end --------------------------------------------- */

/* confine_self gives up every privilege, and all files but those that are
 * named. */
static bool
confine_self(struct listener *l)
{
	const struct options *o = l->run.options;
	const char *const reread[] = { o->devices, o->leases };
	char message[CONFINE_MESSAGE_MAX];
	struct confine confine;
	int error = confine_prepare(&confine, o->user, message);

	for (size_t i = 0; error == 0 && i < 2; i++)
		if (reread[i] != NULL)
			confine_allow(&confine, reread[i], CONFINE_READ);
	if (error == 0 && o->output != NULL)
		confine_allow(&confine, o->output, CONFINE_WRITE);
	if (error == 0 && o->save != NULL)
		confine_allow(&confine, o->save, CONFINE_WRITE);
	if (error == 0 && o->store != NULL)
		confine_allow(&confine, o->store, CONFINE_WRITE);
	if (error == 0)
		error = confine_enter(&confine, message);
	if (error != 0)
		log_warnx("%s", message);
	return error == 0;
}

/* list_names writes the names of the interfaces into `out`. */
static void
list_names(const struct listener *l, char out[STATUS_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < l->taps.count && len < STATUS_MAX; i++)
		len += (size_t)snprintf(out + len, STATUS_MAX - len, "%s%s",
		    i > 0 ? ", " : "", l->taps.taps[i].name);
}

/* open_save: a file has frames of one link type, that of the first interface. */
static bool
open_save(struct listener *l)
{
	const struct options *o = l->run.options;
	int link = source_link(l->taps.taps[0].source), error;

	if (o->save == NULL)
		return true;
	for (size_t i = 1; i < l->taps.count; i++)
		if (source_link(l->taps.taps[i].source) != link)
			log_warnx("--save: nothing of %s, which has another "
				  "link type than %s",
			    l->taps.taps[i].name, l->taps.taps[0].name);
	if (o->any_port && holdback_open(&l->holdback) != 0)
		log_warnx("--save: no memory");
	error = save_open(&l->save, o->save, o->rotate, link);
	l->saving = error == 0;
	errno = -error;
	if (error != 0)
		log_warn("--save: %s", o->save);
	return error == 0;
}

static bool
start(struct listener *l)
{
	char message[SOURCE_MESSAGE_MAX];
	struct report_style style;

	if (taps_open(&l->taps, l->run.options, l->owner.fd >= 0, message) !=
	    0) {
		log_warnx("%s", message);
		return false;
	}
	if (!run_open_output(&l->run, true) || !open_save(l))
		return false;
	style = run_style(&l->run);
	l->ticker = (struct ticker){
		.out = l->run.out,
		.colour = style.colour,
		.utf8 = style.utf8,
	};
	hints_start(&l->hints, run_now_us());
	/* What is read only when it is needed could not be read then. */
	run_load_authorities(&l->run);
	if (l->run.options->any_port)
		inquiry_start(&l->run.inquiry);
	tzset();
	notify_open(&l->notify);
	return confine_self(l) && keep_open(l);
}

static void
say_ready(const struct listener *l)
{
	char names[STATUS_MAX], state[STATUS_MAX + 64];

	list_names(l, names);
	snprintf(
	    state, sizeof(state), "READY=1\nSTATUS=listening on %s", names);
	notify_say(&l->notify, state);
	if (!l->run.options->quiet && isatty(STDERR_FILENO))
		log_warnx("listening on %s; Ctrl-C ends it", names);
}

static enum exit_status
finish(struct listener *l)
{
	uint64_t packets = 0;
	int error = 0;

	notify_say(&l->notify, "STOPPING=1");
	run_end(&l->run);
	keep_end(l);
	for (size_t i = 0; i < l->taps.count; i++)
		packets += l->taps.taps[i].frames;
	if (l->run.options->format == FORMAT_TEXT && !l->run.options->quiet)
		error = ticker_sum(&l->ticker, packets, taps_lost(&l->taps));
	if (error != 0)
		run_output_failed(&l->run, -error);
	if (l->run.options->stats)
		print_stats(l);
	if (l->saving)
		check_save(l, save_close(&l->save));
	holdback_close(&l->holdback);
	taps_close(&l->taps);
	notify_close(&l->notify);
	owner_stop(&l->owner);
	l->run.failed += l->lost;
	return run_close(&l->run);
}

static enum exit_status
list_interfaces(void)
{
	static struct interfaces all;
	int error = interfaces_read(&all);

	if (error != 0) {
		errno = -error;
		log_warn("the interfaces");
		return EXIT_FAILED;
	}
	interfaces_print(&all, stdout);
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}

enum exit_status
live(const struct options *options)
{
	static struct listener listener; /* all zeros: see analyze.c */
	struct listener *l = &listener;
	sigset_t signals;

	if (options->list)
		return list_interfaces();
	l->run.over = show_over;
	l->run.judged = show_judged;
	l->run.begun = show_begun;
	l->owner.fd = -1;
	if (!options->no_programs && owner_start(&l->owner) != 0)
		log_warnx("programs can not be looked up");
	if (getrandom(&l->run.seed, sizeof(l->run.seed), 0) < 0)
		log_warn("getrandom");
	if (!run_prepare(&l->run, options))
		return EXIT_USAGE;
	signals = catch_signals();
	if (!start(l))
		return EXIT_USAGE;
	clock_start(&l->clock, run_now_us(), system_now_us());
	look_at_clock(l);
	say_ready(l);
	listen_on(l, &signals);
	drain(l);
	return finish(l);
}
