/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_RUN_H
#define MAILTLS_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "anyport.h"
#include "capture/inquiry.h"
#include "capture/options.h"
#include "capture/progress.h"
#include "capture/source.h"
#include "dissect/maildissect.h"
#include "report/certificate.h"
#include "report/identify.h"
#include "report/inventory.h"
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

/* struct run is one run of a command.  Zeroed, it is ready for run_prepare. */
struct run {
	const struct options *options;
	struct md *md;
	struct trust *trust; /* NULL until the first certificate */
	struct judge judge;
	struct inventory inventory;
	struct leases aliases, leases;
	struct directory *directory;
	struct oui *oui;
	struct providers *providers;
	struct programs *programs;
	struct device_sources devices; /* the six above */
	struct anyport anyport;
	struct inquiry inquiry;
	FILE *out;
	char *aside; /* where that is written before it is renamed, or NULL */
	bool out_failed;
	int64_t recorded_us; /* when the last record written was over, or 0 */
	bool old_seen;
	struct progress progress;
	uint64_t packets;
	uint64_t failed;     /* sources that could not be read to their end */
	uint64_t bytes_done; /* of the sources before this one */
};

/*
 * run_prepare does what can go wrong before the first packet, except for the
 * output and the sources: names, tables, authorities, language, memory.  It
 * returns false after having said why.
 */
bool run_prepare(struct run *run, const struct options *options);

/* run_open_output opens what --output names, or standard output; false after
 * having said why not. */
bool run_open_output(struct run *run);

/* run_abandon_output removes what run_open_output has made, where the output
 * only appears when it is complete. */
void run_abandon_output(struct run *run);

/* run_output_failed says so, once, and ends the reading. */
void run_output_failed(struct run *run, int error);

/* run_complain counts source `path` as failed and says why. */
void run_complain(struct run *run, const char *path, const char *message);

/*
 * run_read reads `source`, which is named `path`, to its end, or until a
 * signal.  run_interrupted tells whether there was one.
 */
void run_read(struct run *run, struct source *source, const char *path);
bool run_interrupted(void);

/* run_finish ends all connections, writes the report on `names` where the
 * format is one of a report, frees all and returns the exit status. */
enum exit_status run_finish(
    struct run *run, const char *const *names, size_t name_count);

/* run_now_us returns the time since some moment, for progress. */
int64_t run_now_us(void);

#endif
