/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_REPORT_RECALL_H
#define MAILTLS_REPORT_RECALL_H

#include "report/calendar.h"
#include "report/remembered.h"
#include "report/report.h"
#include "report/store.h"

enum {
	RECALL_DAYS_MAX = 4000,  /* of more, the last ones are listed */
	RECALL_RUNS_MAX = 4096,  /* of more, the first ones, but all count */
	RECALL_SOURCES_MAX = 64, /* names of interfaces and files */
};

/*
 * struct recall is what a store remembers of a period, as reports want it: an
 * inventory as if the connections of these days had just been added up, and
 * their history.
 */
struct recall {
	struct inventory inventory;
	struct history history;
	struct remembered remembered;
	/* What the runs of the period have read and lost, in all. */
	const char *sources[RECALL_SOURCES_MAX];
	size_t source_count;
	uint64_t packets, dropped, lost;
	struct recordin *reader; /* private: it holds names of programs */
};

/* recall_known returns from which day to which a store knows anything. */
struct span recall_known(struct store *store);

/*
 * recall_period reads `period` from a store, as it is at `now_us`: days to come
 * are left out.  Devices are named `devices`, who
 * from then on remembers what `out` does.  It returns 0, or -errno when the
 * store could not be read; the caller clears `out` in any case.
 */
int recall_period(struct store *store, const struct period *period,
    int64_t now_us, struct device_sources *devices, struct recall *out);
void recall_clear(struct recall *recall);

/* recall_source says what a report on `recall`, which is borrowed, rests on; the
 * caller fills in the rest. */
void recall_source(const struct recall *recall, struct report_source *out);

#endif
