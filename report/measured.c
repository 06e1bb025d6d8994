/* SPDX-License-Identifier: ISC */
#include "report/measured.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "dissect/connection.h"
#include "dissect/names.h"

enum {
	COLUMN_KIND, /* of report/programs.tsv */
	COLUMN_VALUE,
	COLUMN_WHERE,
	COLUMN_PROGRAM,
	COLUMN_VERSION,
	COLUMN_LIBRARY,
	COLUMN_DATE,
	COLUMN_COUNT,
	COLUMN_DEVICES,
};

static_assert(COLUMN_DEVICES + 1 == MEASURED_COLUMNS, "columns of the table");

struct measured_row {
	uint16_t program; /* its number */
	uint8_t kind;     /* enum measured_kind */
	uint32_t count, devices;
};

static const char *const kind_names[MEASURED_KINDS] = {
	[MEASURED_ID] = "id",
	[MEASURED_TALK] = "talk",
	[MEASURED_JA4] = "ja4",
	[MEASURED_JA3] = "ja3",
};

/* --- the table ------------------------------------------------------------- */

/* The same program with another library is another program. */
static size_t
program_number(struct measured *measured, const char *name, const char *library)
{
	struct measured_program *programs = measured->programs;
	size_t i = 0;

	while (i < measured->count &&
	       (strcmp(programs[i].name, name) != 0 ||
		   strcmp(programs[i].library, library) != 0))
		i++;
	if (i == measured->count && i < MEASURED_MAX) {
		programs[i].name = name;
		programs[i].library = library;
		measured->count++;
	}
	return i;
}

static enum measured_kind
kind_of(const char *word)
{
	unsigned kind = 0;

	while (kind < MEASURED_KINDS && strcmp(word, kind_names[kind]) != 0)
		kind++;
	return (enum measured_kind)kind;
}

/* is_where tells whether `place`, `imap/starttls` or `imap/`, is among those
 * of the column, which are divided by commas. */
static bool
is_where(const char *column, const char *place)
{
	size_t len = strlen(place);

	while (column != NULL && *column != '\0') {
		if (strncmp(column, place, len) == 0 &&
		    (place[len - 1] == '/' || column[len] == '\0' ||
			column[len] == ','))
			return true;
		column = strchr(column, ',');
		if (column != NULL)
			column++;
	}
	return false;
}

static unsigned
protocols_of(const char *where)
{
	unsigned protocols = 0;

	while (where != NULL && *where != '\0') {
		size_t len = strcspn(where, "/");

		for (int p = MAIL_SMTP; p <= MAIL_SIEVE; p++)
			if (strncmp(where, names_protocol(p), len) == 0 &&
			    names_protocol(p)[len] == '\0')
				protocols |= 1u << p;
		where = strchr(where, ',');
		if (where != NULL)
			where++;
	}
	return protocols;
}

/* read_row takes in row number `i`, which may turn out to be of no kind. */
static void
read_row(struct measured *measured, size_t i)
{
	const char *const *row = measured->rows[i];
	struct measured_row *read = &measured->read[i];
	enum measured_kind kind = kind_of(row[COLUMN_KIND]);
	size_t number = MEASURED_MAX;

	read->kind = MEASURED_KINDS;
	if (kind < MEASURED_KINDS)
		number = program_number(
		    measured, row[COLUMN_PROGRAM], row[COLUMN_LIBRARY]);
	if (number == MEASURED_MAX)
		return;
	read->kind = (uint8_t)kind;
	read->program = (uint16_t)number;
	read->count = (uint32_t)strtoul(row[COLUMN_COUNT], NULL, 10);
	read->devices = (uint32_t)strtoul(row[COLUMN_DEVICES], NULL, 10);
	measured->programs[number].recorded[kind] += read->count;
	measured->programs[number].protocols |= protocols_of(row[COLUMN_WHERE]);
}

struct measured *
measured_open(const char *const rows[][MEASURED_COLUMNS], size_t count)
{
	struct measured *measured = calloc(1, sizeof(*measured));

	if (measured == NULL)
		return NULL;
	measured->rows = rows;
	measured->row_count = count;
	measured->read = calloc(count + 1, sizeof(*measured->read));
	if (measured->read == NULL) {
		free(measured);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		read_row(measured, i);
	return measured;
}

void
measured_free(struct measured *measured)
{
	if (measured == NULL)
		return;
	free(measured->read);
	free(measured);
}

/* --- what fits ------------------------------------------------------------- */

static uint16_t
at_most(uint64_t value, uint16_t most)
{
	return value < most ? (uint16_t)value : most;
}

/* `count` of `all`, as a share; what is there at all is not 0. */
static uint16_t
share_of(uint32_t count, uint32_t all)
{
	uint64_t share = (uint64_t)count * MEASURED_ALL / (all > 0 ? all : 1);

	return share > 0 ? at_most(share, MEASURED_ALL) : 1;
}

struct match
measured_find(const struct measured *measured, enum measured_kind kind,
    const char *place, measured_fits *fits, const void *wanted)
{
	struct match match = { { 0 }, { 0 } };
	uint32_t counts[MEASURED_MAX] = { 0 };

	for (size_t i = 0; i < measured->row_count; i++) {
		const char *const *row = measured->rows[i];
		const struct measured_row *read = &measured->read[i];
		size_t number = read->program;

		if (read->kind != kind || !fits(row[COLUMN_VALUE], wanted) ||
		    (place != NULL && !is_where(row[COLUMN_WHERE], place)))
			continue;
		counts[number] += read->count;
		match.share[number] = share_of(
		    counts[number], measured->programs[number].recorded[kind]);
		if (read->devices > match.devices[number])
			match.devices[number] =
			    at_most(read->devices, UINT16_MAX);
	}
	return match;
}

size_t
match_size(const struct match *match)
{
	size_t size = 0;

	for (size_t i = 0; i < MEASURED_MAX; i++)
		size += match->share[i] > 0;
	return size;
}

struct match
match_common(const struct match *a, const struct match *b)
{
	struct match common = { { 0 }, { 0 } };

	for (size_t i = 0; i < MEASURED_MAX; i++) {
		if (a->share[i] == 0 || b->share[i] == 0)
			continue;
		common.share[i] = share_of((uint32_t)a->share[i] * b->share[i],
		    (uint32_t)MEASURED_ALL * MEASURED_ALL);
		common.devices[i] = a->devices[i] < b->devices[i]
					? a->devices[i]
					: b->devices[i];
	}
	return common;
}

bool
match_has_library(const struct measured *measured, const struct match *match,
    const char *library)
{
	for (size_t i = 0; i < measured->count; i++)
		if (match->share[i] > 0 &&
		    strcmp(measured->programs[i].library, library) == 0)
			return true;
	return false;
}

const char *
match_library(const struct measured *measured, const struct match *match)
{
	const char *library = "";

	for (size_t i = 0; i < measured->count; i++) {
		if (match->share[i] == 0)
			continue;
		if (library[0] != '\0' &&
		    strcmp(measured->programs[i].library, library) != 0)
			return "";
		library = measured->programs[i].library;
	}
	return library;
}
