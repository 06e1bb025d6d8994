/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_RUN_H
#define MAILTLS_RUN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "anyport.h"
#include "capture/inquiry.h"
#include "capture/jobs.h"
#include "capture/options.h"
#include "capture/progress.h"
#include "capture/source.h"
#include "dissect/maildissect.h"
#include "report/certificate.h"
#include "report/identify.h"
#include "report/inventory.h"
#include "report/report.h"
#include "report/store.h"
#include "report/verdict.h"

/*
 * What the commands that read packets have in common: where frames go and
 * what becomes of the records.  Frames are handed to the dissector, whose
 * hooks fill in what a connection means and count it or write it down.
 */

enum exit_status {
	EXIT_DONE = 0,
	EXIT_FAILED = 1, /* unreadable input, unwritable output */
	EXIT_USAGE = 2,
	EXIT_OLD = 3, /* --check found something */
};

struct run;

/* A run_hook takes one connection, whose ends are `who`, as it stands. */
typedef void run_hook(
    struct run *run, struct connection *c, const struct identity *who);

/* struct run is one run of a command.  With its first five members set and
 * the rest zeroed, it is ready for run_prepare. */
struct run {
	run_hook *over;   /* what becomes of a connection that is over */
	run_hook *judged; /* of one that was judged, and is open; or NULL */
	/* Of one whose ClientHello was seen; or NULL. */
	void (*begun)(struct run *run, const struct connection *c);
	uint64_t seed; /* that nobody knows who could send us packets */
	bool sharded;  /* several threads may work on it, see run_start_jobs */
	const struct options *options;
	struct md *md;
	struct jobs *jobs;   /* NULL: one thread does it alone */
	struct trust *trust; /* NULL until the first certificate */
	struct judge judge;
	struct inventory inventory;
	struct leases aliases, leases;
	struct directory *directory;
	struct oui *oui;
	struct providers *providers;
	struct programs *programs;
	struct device_sources devices; /* the six above */
	int64_t jump_us; /* of the system's time, since the dissector's began */
	struct anyport anyport;
	struct inquiry inquiry;
	FILE *out;
	char *aside; /* where that is written before it is renamed, or NULL */
	bool out_failed;
	atomic_int out_error; /* that another thread met, or 0 */
	int64_t recorded_us;  /* when the last record written was over, or 0 */
	bool old_seen;
	struct progress progress;
	uint64_t packets;
	uint64_t failed;     /* sources that could not be read to their end */
	uint64_t bytes_done; /* of the sources before this one */
	/* For --store: NULL without it.  Since the store was last told. */
	struct store *store;
	int64_t first_us, last_us; /* of packets, 0: there was none */
	uint64_t packets_told, lost_told;
};

/*
 * run_prepare does what can go wrong before the first packet, except for the
 * output and the sources: names, tables, authorities, language, memory.  It
 * returns false after having said why.
 */
bool run_prepare(struct run *run, const struct options *options);

/* run_prepare_report does so for a command that reads no packets. */
bool run_prepare_report(struct run *run, const struct options *options);

/* run_open_output opens what --output names, or standard output, to `append`
 * to it or to write it anew; false after having said why not. */
bool run_open_output(struct run *run, bool append);

/* run_reopen_output opens what --output names anew, to add to it; where that
 * fails it says so, and all stays as it was. */
void run_reopen_output(struct run *run);

/* run_write writes a connection in a format of records; run_add does so or
 * counts it for the report, and keeps it in the store, if there is one. */
void run_write(
    struct run *run, const struct connection *c, const struct identity *who);
run_hook run_add;

/* run_abandon_output removes what run_open_output has made, where the output
 * only appears when it is complete. */
void run_abandon_output(struct run *run);

/*
 * run_start_jobs has as many threads work as --jobs says, when the output and
 * the store are open.  Then `over` may be called from any of them, but not from
 * two at a time, and with a store from the first alone.  run_end ends them.
 */
void run_start_jobs(struct run *run);

/* run_output_failed says so, once, and ends the reading, or has the first thread
 * do so soon. */
void run_output_failed(struct run *run, int error);

/* run_complain counts source `path` as failed and says why. */
void run_complain(struct run *run, const char *path, const char *message);

/*
 * run_read reads `source`, which is named `path`, to its end, or until a
 * signal.  run_interrupted tells whether there was one.
 */
void run_read(struct run *run, struct source *source, const char *path);
bool run_interrupted(void);

/* run_load_authorities loads those that certificates are judged by, which
 * otherwise waits for the first certificate. */
void run_load_authorities(struct run *run);

/* run_reread reads the files that name devices once more, and run_refresh
 * those of them that change by themselves. */
void run_reread(struct run *run);
void run_refresh(struct run *run);

/* run_list_losses fills in the losses of `out`, as they are counted in
 * `stats`. */
void run_list_losses(const struct md_stats *stats, struct report_source *out);

/* run_lost returns how many things were given up, of all kinds together. */
uint64_t run_lost(const struct run *run);

/* run_style returns how text for people is to look. */
struct report_style run_style(const struct run *run);

/* run_print_stats prints what was counted on standard error. */
void run_print_stats(const struct run *run);

/*
 * run_end ends all connections; run_report then writes the report on `names`
 * where the format is one of a report, by run_render; and run_close frees all,
 * and returns the exit status.
 */
void run_end(struct run *run);
void run_render(struct run *run, const struct inventory *inventory,
    const struct report_source *source);
void run_report(struct run *run, const char *const *names, size_t name_count);
enum exit_status run_close(struct run *run);

/* run_now_us returns the time since some moment, for progress. */
int64_t run_now_us(void);

#endif
