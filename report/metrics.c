/* SPDX-License-Identifier: ISC */
/*
 * The report in the text format of Prometheus, 0.0.4, for the node exporter's
 * textfile collector.  All are gauges: a report is on a period, and the next
 * one may count less.  A label is a word of ours, or stands for a device: the
 * name that the user gave it, else a few digits of a digest; never an address,
 * nor a name that was heard.
 */
#include "report/report.h"

#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "dissect/names.h"
#include "report/census.h"
#include "report/digest.h"
#include "report/terminal.h"
#include "report/verdict.h"

enum {
	/* Devices with a label each, the gravest first: a time series is kept
	 * for every one. */
	METRICS_DEVICES_MAX = 64,
	ESCAPED_MAX = 4 * HOSTNAME_MAX, /* as for a terminal */
	LABEL_MAX = 2 * ESCAPED_MAX,    /* and once more */
};

/* struct labelled is a device, or several of one name. */
struct labelled {
	char label[LABEL_MAX];
	bool old;
};

static void
begin(FILE *out, const char *name, const char *help)
{
	fprintf(out, "# HELP mailtls_%s %s\n# TYPE mailtls_%s gauge\n", name,
	    help, name);
}

static void
put_count(FILE *out, const char *name, const char *help, uint64_t count)
{
	begin(out, name, help);
	fprintf(out, "mailtls_%s %" PRIu64 "\n", name, count);
}

static void
put_time(FILE *out, const char *name, const char *help, int64_t time_us)
{
	begin(out, name, help);
	fprintf(out, "mailtls_%s %" PRId64 ".%06" PRId64 "\n", name,
	    time_us / 1000000, time_us % 1000000);
}

/*
 * Connections.
 */

static void
put_versions(FILE *out, const struct inventory *inventory)
{
	begin(out, "connections",
	    "Mail connections of the report, by negotiated TLS version.");
	for (unsigned row = 0; row < INVENTORY_VERSIONS; row++)
		fprintf(out,
		    "mailtls_connections{version=\"%s\"} %" PRIu64 "\n",
		    row > 0 ? names_version(inventory_row_version(row))
			    : "none",
		    inventory->by_version[row]);
}

static void
put_verdicts(FILE *out, const struct inventory *inventory)
{
	begin(out, "judged_connections",
	    "Mail connections of the report, by verdict.");
	for (unsigned i = 0; i < INVENTORY_VERDICTS - 1; i++)
		fprintf(out,
		    "mailtls_judged_connections{verdict=\"%s\"} %" PRIu64 "\n",
		    verdict_name(inventory_order[i]),
		    inventory->by_verdict[inventory_order[i]]);
}

/*
 * Devices.
 */

static void
put_devices(FILE *out, const struct census *census)
{
	size_t count[INVENTORY_VERDICTS] = { 0 };

	for (size_t i = 0; i < census->count; i++)
		count[census->devices[i].worst]++;
	begin(out, "devices", "Devices of the report, by gravest verdict.");
	for (unsigned i = 0; i < INVENTORY_VERDICTS - 1; i++)
		fprintf(out, "mailtls_devices{verdict=\"%s\"} %zu\n",
		    verdict_name(inventory_order[i]),
		    count[inventory_order[i]]);
}

static bool
is_old(const struct device *device)
{
	return device->by_verdict[VERDICT_OLD_CLIENT] +
		   device->by_verdict[VERDICT_REFUSED_OLD] +
		   device->by_verdict[VERDICT_FALLBACK] +
		   device->by_verdict[VERDICT_OLD_SERVER] >
	       0;
}

/* Writes a label, in which \\ stands for a backslash; there is no quote. */
static void
write_label(const struct device *device, char out[LABEL_MAX])
{
	const struct device_name *name = &device->name;
	char safe[ESCAPED_MAX];
	uint8_t digest[DIGEST_LEN];
	size_t at = 0;

	if (name->source != NAME_ALIAS) {
		digest_text(name->id, strlen(name->id), digest);
		snprintf(out, LABEL_MAX, "device-%02x%02x%02x%02x", digest[0],
		    digest[1], digest[2], digest[3]);
		return;
	}
	terminal_escape(
	    name->name, strlen(name->name), true, "", safe, sizeof(safe));
	for (const char *c = safe; *c != '\0'; c++) {
		if (*c == '\\')
			out[at++] = '\\';
		out[at++] = *c;
	}
	out[at] = '\0';
}

/* Finds the place of `label`, or the one behind the `count` that there are. */
static size_t
place_of(const struct labelled *list, size_t count, const char *label)
{
	size_t i = 0;

	while (i < count && strcmp(list[i].label, label) != 0)
		i++;
	return i;
}

/* A name may be that of several devices, as of one with and without a cable. */
static size_t
list_devices(
    const struct census *census, struct labelled list[METRICS_DEVICES_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < census->count; i++) {
		char label[LABEL_MAX];
		size_t at;

		write_label(&census->devices[i], label);
		at = place_of(list, count, label);
		if (at == METRICS_DEVICES_MAX)
			continue;
		if (at == count) {
			memcpy(list[at].label, label, sizeof(label));
			list[count++].old = false;
		}
		list[at].old |= is_old(&census->devices[i]);
	}
	return count;
}

static void
put_labelled(FILE *out, const struct census *census)
{
	struct labelled list[METRICS_DEVICES_MAX];
	size_t count = list_devices(census, list);

	begin(out, "device_obsolete",
	    "Whether a device used, or offered at most, an old TLS version.");
	for (size_t i = 0; i < count; i++)
		fprintf(out, "mailtls_device_obsolete{device=\"%s\"} %d\n",
		    list[i].label, list[i].old);
}

/* The last connection with an old version, or try at one; 0: none. */
static int64_t
last_old_us(const struct inventory *inventory)
{
	static const enum verdict old[] = { VERDICT_OLD_CLIENT,
		VERDICT_REFUSED_OLD, VERDICT_FALLBACK, VERDICT_OLD_SERVER };
	int64_t last_us = 0;

	for (size_t i = 0; i < inventory->count; i++) {
		const struct entry *entry = &inventory->entries[i];

		for (size_t k = 0; k < sizeof(old) / sizeof(old[0]); k++) {
			int64_t us = entry->verdict_last_us[old[k]];

			if (us > last_us)
				last_us = us;
		}
	}
	return last_us;
}

/*
 * What it rests on.
 */

static void
put_basis(FILE *out, const struct inventory *inventory,
    const struct report_source *source)
{
	put_count(out, "packets", "Packets that the report rests on.",
	    source->packets);
	put_count(out, "sources_failed",
	    "Files and interfaces that were not read to their end.",
	    source->failed);
	put_count(out, "connections_not_listed",
	    "Connections that are counted but belong to no listed device.",
	    inventory->not_kept);
	begin(out, "lost", "What was given up while reading, by reason.");
	for (size_t i = 0; i < source->loss_count; i++)
		fprintf(out, "mailtls_lost{reason=\"%s\"} %" PRIu64 "\n",
		    source->losses[i].name, source->losses[i].count);
}

static void
put_period(FILE *out, const struct history *history)
{
	put_time(out, "period_start_timestamp_seconds",
	    "When the period of the report begins.", history->start_us);
	put_time(out, "period_end_timestamp_seconds",
	    "When the period of the report ends.", history->end_us);
	begin(out, "period_watched_seconds",
	    "How much of the period capture was running.");
	fprintf(out, "mailtls_period_watched_seconds %" PRId64 "\n",
	    history->covered_us / 1000000);
}

static void
put_all(FILE *out, const struct inventory *inventory,
    const struct report_source *source, const struct census *census)
{
	int64_t old_us = last_old_us(inventory);

	begin(out, "build_info", "Which version of mailtls wrote this.");
	fprintf(out, "mailtls_build_info{version=\"%s\"} 1\n", PACKAGE_VERSION);
	put_versions(out, inventory);
	put_verdicts(out, inventory);
	put_devices(out, census);
	put_labelled(out, census);
	if (old_us != 0)
		put_time(out, "last_obsolete_timestamp_seconds",
		    "The last connection with an old version, or try at one.",
		    old_us);
	if (inventory->connections > 0)
		put_time(out, "last_connection_timestamp_seconds",
		    "When the last packet of a mail connection was seen.",
		    inventory->last_us);
	put_basis(out, inventory, source);
	if (source->history != NULL)
		put_period(out, source->history);
}

int
report_metrics(FILE *out, const struct inventory *inventory,
    const struct report_source *source)
{
	struct census census;

	errno = 0;
	census_take(inventory, source->devices, &census);
	put_all(out, inventory, source, &census);
	census_clear(&census);
	return report_end(out);
}
