/* SPDX-License-Identifier: ISC */
/*
 * The entries of a report as CSV (RFC 4180, with the newline of Unix).  Names
 * are escaped as for a terminal, and none can be taken for a formula.
 */
#include "report/report.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "dissect/names.h"
#include "report/census.h"
#include "report/codes.h"
#include "report/iptext.h"
#include "report/terminal.h"
#include "report/verdict.h"

enum {
	/* A name, or several programs, before and after escaping. */
	CELL_MAX = 1024,
	ESCAPED_MAX = 4 * CELL_MAX + 1,
	TIME_LEN = sizeof("2022-05-22T18:11:00Z"),
};

/* struct row is what a line of the file is about. */
struct row {
	const struct report_source *source;
	const struct device *device;
	const struct entry *entry;
};

/* What spreadsheets begin a formula with, also as Japanese keyboards write it
 * (OWASP, "CSV Injection"); tab and return are escaped already. */
static bool
is_formula(const char *text)
{
	static const char *const begin[] = { "=", "+", "-", "@", "\xef\xbc\x9d",
		"\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0" };

	for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++) {
		if (strncmp(text, begin[i], strlen(begin[i])) == 0)
			return true;
	}
	return false;
}

/* A cell of text, which has no quote in it once it is escaped. */
static void
put_text(FILE *out, const char *text)
{
	char safe[ESCAPED_MAX];
	bool quoted;

	if (text == NULL)
		return;
	terminal_escape(text, strlen(text), true, "", safe, sizeof(safe));
	quoted = strchr(safe, ',') != NULL;
	fprintf(out, "%s%s%s%s", quoted ? "\"" : "",
	    is_formula(safe) ? "'" : "", safe, quoted ? "\"" : "");
}

static void
put_number(FILE *out, uint64_t number)
{
	fprintf(out, "%" PRIu64, number);
}

static void
put_ip(FILE *out, const uint8_t ip[16], bool ipv6)
{
	char text[IPTEXT_MAX];

	iptext_write(ip, ipv6, text);
	put_text(out, text);
}

/* RFC 3339, UTC. */
static void
put_time(FILE *out, int64_t time_us)
{
	time_t seconds = (time_t)(time_us / 1000000);
	char text[TIME_LEN];
	struct tm tm;

	if (gmtime_r(&seconds, &tm) != NULL &&
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		put_text(out, text);
}

/*
 * Columns.
 */

static void
put_id(FILE *out, const struct row *row)
{
	put_text(out, row->device->name.id);
}

static void
put_name(FILE *out, const struct row *row)
{
	put_text(out, row->device->name.name);
}

static void
put_name_source(FILE *out, const struct row *row)
{
	put_text(out, name_source_word(row->device->name.source));
}

static void
put_vendor(FILE *out, const struct row *row)
{
	put_text(out, row->device->name.vendor);
}

static void
put_client_ip(FILE *out, const struct row *row)
{
	put_ip(out, row->entry->client.ip, row->entry->ipv6);
}

static void
put_program(FILE *out, const struct row *row)
{
	put_text(out, program_name(&row->entry->program));
}

/* "a | b" */
static void
put_candidates(FILE *out, const struct row *row)
{
	const struct program *program = &row->entry->program;
	char list[CELL_MAX] = "";
	size_t at = 0;

	for (size_t i = 0; i < program->count && at < sizeof(list); i++)
		at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%s",
		    i > 0 ? " | " : "", program->candidates[i]);
	put_text(out, list);
}

static void
put_library(FILE *out, const struct row *row)
{
	put_text(out, row->entry->program.library);
}

static void
put_server_name(FILE *out, const struct row *row)
{
	put_text(out, row->entry->server_name);
}

static void
put_server_ip(FILE *out, const struct row *row)
{
	put_ip(out, row->entry->server_ip, row->entry->ipv6);
}

static void
put_port(FILE *out, const struct row *row)
{
	put_number(out, row->entry->port);
}

static void
put_provider(FILE *out, const struct row *row)
{
	const struct provider *provider = provider_of(
	    row->source->providers, &row->entry->last, row->entry->server_name);

	put_text(out, provider != NULL ? provider->name : NULL);
}

static void
put_protocol(FILE *out, const struct row *row)
{
	put_text(out, names_protocol((int)row->entry->protocol));
}

static void
put_encryption(FILE *out, const struct row *row)
{
	put_text(out, codes_word(&codes_encryption, row->entry->encryption));
}

static void
put_offer(FILE *out, const struct row *row)
{
	put_text(out, names_version(row->entry->max_version));
}

static void
put_ja4(FILE *out, const struct row *row)
{
	put_text(out, row->entry->ja4);
}

static void
put_mechanism(FILE *out, const struct row *row)
{
	put_text(out, row->entry->login_mechanism);
}

static void
put_verdict(FILE *out, const struct row *row)
{
	put_text(out, verdict_name(inventory_worst(row->entry)));
}

static void
put_certainty(FILE *out, const struct row *row)
{
	put_text(out, row->entry->last.verdict_likely ? "likely" : NULL);
}

static void
put_failure(FILE *out, const struct row *row)
{
	put_text(out, failure_name(row->entry->last.failure));
}

static void
put_connections(FILE *out, const struct row *row)
{
	put_number(out, row->entry->connections);
}

static void
put_first(FILE *out, const struct row *row)
{
	put_time(out, row->entry->first_us);
}

static void
put_last(FILE *out, const struct row *row)
{
	put_time(out, row->entry->last_us);
}

static const struct {
	const char *name;
	void (*put)(FILE *out, const struct row *row);
} columns[] = {
	{ "device_id", put_id },
	{ "device_name", put_name },
	{ "name_source", put_name_source },
	{ "vendor", put_vendor },
	{ "ip", put_client_ip },
	{ "program", put_program },
	{ "program_candidates", put_candidates },
	{ "library", put_library },
	{ "server_name", put_server_name },
	{ "server_ip", put_server_ip },
	{ "server_port", put_port },
	{ "provider", put_provider },
	{ "protocol", put_protocol },
	{ "encryption", put_encryption },
	{ "offer_max_version", put_offer },
	{ "ja4", put_ja4 },
	{ "login_mechanism", put_mechanism },
	{ "verdict", put_verdict },
	{ "certainty", put_certainty },
	{ "failure", put_failure },
	{ "first", put_first },
	{ "last", put_last },
	{ "connections", put_connections },
};

enum {
	COLUMNS = sizeof(columns) / sizeof(columns[0]),
};

/* A column of counts, "version_ssl_3.0". */
static void
put_count_head(FILE *out, const char *kind, const char *name)
{
	fprintf(out, ",%s_", kind);
	for (; *name != '\0'; name++)
		fputc(*name == ' ' ? '_' : *name, out);
}

/* Behind the columns above, one for each version and each verdict. */
static void
put_head(FILE *out)
{
	for (size_t i = 0; i < COLUMNS; i++)
		fprintf(out, "%s%s", i > 0 ? "," : "", columns[i].name);
	put_count_head(out, "version", "none");
	for (unsigned row = 1; row < INVENTORY_VERSIONS; row++)
		put_count_head(
		    out, "version", names_version(inventory_row_version(row)));
	for (unsigned i = 0; i < INVENTORY_VERDICTS - 1; i++)
		put_count_head(
		    out, "verdict", verdict_name(inventory_order[i]));
	fputc('\n', out);
}

static void
put_row(FILE *out, const struct row *row)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		if (i > 0)
			fputc(',', out);
		columns[i].put(out, row);
	}
	for (unsigned v = 0; v < INVENTORY_VERSIONS; v++)
		fprintf(out, ",%" PRIu64, row->entry->by_version[v]);
	for (unsigned i = 0; i < INVENTORY_VERDICTS - 1; i++)
		fprintf(out, ",%" PRIu64,
		    row->entry->by_verdict[inventory_order[i]]);
	fputc('\n', out);
}

int
report_csv(FILE *out, const struct inventory *inventory,
    const struct report_source *source)
{
	struct row row = { .source = source };
	struct census census;

	errno = 0;
	census_take(inventory, source->devices, &census);
	put_head(out);
	for (size_t i = 0; i < census.count; i++) {
		row.device = &census.devices[i];
		for (size_t k = 0; k < row.device->count; k++) {
			row.entry = row.device->entries[k];
			put_row(out, &row);
		}
	}
	census_clear(&census);
	return report_end(out);
}
