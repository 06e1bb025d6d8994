/* SPDX-License-Identifier: ISC */
/* What was counted: what a report says of it, and --stats. */
#include "config.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "run.h"

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
	offsetof(struct md_stats, others_evicted),
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

void
run_list_losses(const struct md_stats *stats, struct report_source *out)
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

uint64_t
run_lost(const struct run *run)
{
	struct md_stats stats = md_statistics(run->md);
	uint64_t lost = 0;

	for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++)
		lost += stat_value(&stats, losses[i]);
	return lost;
}

static void
print_stat(const char *name, uint64_t value, const char *meaning)
{
	fprintf(stderr, "%-20s %12llu  %s\n", name, (unsigned long long)value,
	    meaning);
}

/* resident_peak: what getrusage(2) says may be that of whoever started us. */
static uint64_t
resident_peak(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[128];
	unsigned long long kib = 0;
	struct rusage usage;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "VmHWM:", 6) == 0)
			kib = strtoull(line + 6, NULL, 10);
	if (file != NULL)
		fclose(file);
	if (kib == 0 && getrusage(RUSAGE_SELF, &usage) == 0)
		kib = (unsigned long long)usage.ru_maxrss;
	return kib;
}

void
run_print_stats(const struct run *run)
{
	struct md_stats stats = md_statistics(run->md);

	for (unsigned i = 0; i < md_stat_count; i++)
		print_stat(md_stat_names[i].name,
		    stat_value(&stats, md_stat_names[i].offset),
		    md_stat_names[i].meaning);
	print_stat("names_forgotten", directory_forgotten(run->directory),
	    "names and addresses of devices and servers, too many");
	print_stat("inventory_entries", run->inventory.count,
	    "different connections that reports tell apart");
	print_stat("inventory_not_kept", run->inventory.not_kept,
	    "connections that differ from these, too many");
	print_stat("resident_peak", resident_peak(),
	    "most memory that the program had at a time, in KiB");
}
