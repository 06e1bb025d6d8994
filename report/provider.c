/* SPDX-License-Identifier: ISC */
/*
 * The table of providers.  The one compiled in and the user's go through the
 * same checks: a row is PROVIDER_COLUMNS strings.
 */
#include "report/provider.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Written from report/providers.tsv by build-aux/tsv2c.awk. */
extern const char *const provider_rows[][PROVIDER_COLUMNS];
extern const size_t provider_rows_count;

/* The columns, in their order. */
enum {
	NAME,
	HOSTS,
	MINIMUM,
	SINCE,
	LEGACY,
	LEGACY_UNTIL,
	HISTORY,
	HELP,
	SOURCE,
};

/* A host of a row, in the text of the row. */
struct suffix {
	const char *text; /* NULL: this place is free */
	size_t len;
	size_t row;
};

struct providers {
	struct provider *rows;
	size_t count, room;
	char *text;              /* of the file */
	struct suffix *suffixes; /* a hash table */
	size_t suffix_mask;
};

/* --- rows ------------------------------------------------------------------ */

static const char *
check_date(const char *date)
{
	unsigned year, month, day;
	char end;

	if (date[0] == '\0')
		return NULL;
	if (sscanf(date, "%4u-%2u-%2u%c", &year, &month, &day, &end) != 3 ||
	    strlen(date) != 10 || month < 1 || month > 12 || day < 1 ||
	    day > 31)
		return "a day is not written as 2023-09-30";
	return NULL;
}

static const char *
check_minimum(const char *minimum, uint16_t *out)
{
	static const char *const words[] = { "1.0", "1.1", "1.2", "1.3" };

	*out = TLS_NONE;
	if (minimum[0] == '\0')
		return NULL;
	for (size_t i = 0; i < 4; i++) {
		if (strcmp(words[i], minimum) == 0) {
			*out = (uint16_t)(TLS_1_0 + i);
			return NULL;
		}
	}
	return "the minimum is none of 1.0, 1.1, 1.2 and 1.3";
}

/* Returns what is wrong with the columns of a row, or NULL. */
static const char *
read_row(const char *const columns[PROVIDER_COLUMNS], struct provider *out)
{
	const char *problem = check_minimum(columns[MINIMUM], &out->minimum);

	if (columns[NAME][0] == '\0')
		return "the name is missing";
	if (strspn(columns[HOSTS], " ") == strlen(columns[HOSTS]))
		return "the hosts are missing";
	if (columns[SOURCE][0] == '\0')
		return "the source is missing";
	if (problem == NULL)
		problem = check_date(columns[SINCE]);
	if (problem == NULL)
		problem = check_date(columns[LEGACY_UNTIL]);
	out->name = columns[NAME];
	out->hosts = columns[HOSTS];
	out->since = columns[SINCE];
	out->legacy = columns[LEGACY];
	out->legacy_until = columns[LEGACY_UNTIL];
	out->history = columns[HISTORY];
	out->help = columns[HELP];
	return problem;
}

static const char *
add_row(struct providers *to, const char *const columns[PROVIDER_COLUMNS])
{
	struct provider row;
	const char *problem = read_row(columns, &row);

	if (problem != NULL)
		return problem;
	if (to->count == to->room) {
		to->room = to->room > 0 ? 2 * to->room : 64;
		to->rows = reallocarray(to->rows, to->room, sizeof(*to->rows));
		if (to->rows == NULL)
			err(EXIT_FAILURE, NULL);
	}
	to->rows[to->count++] = row;
	return NULL;
}

/* Cuts `line` at its tabs, and adds it. */
static const char *
add_line(struct providers *to, char *line)
{
	const char *columns[PROVIDER_COLUMNS];
	size_t count = 0;

	line[strcspn(line, "\r")] = '\0';
	if (line[0] == '#' || strspn(line, " ") == strlen(line))
		return NULL;
	for (char *rest = line; rest != NULL;) {
		const char *column = strsep(&rest, "\t");

		if (count == PROVIDER_COLUMNS)
			return "there are more than 9 columns";
		columns[count++] = column;
	}
	if (count < PROVIDER_COLUMNS)
		return "there are less than 9 columns";
	return add_row(to, columns);
}

/* The whole of `file`, NULL when it can not be read. */
static char *
read_file(FILE *file)
{
	char *text = NULL;
	size_t size = 0;
	ssize_t len = getdelim(&text, &size, '\0', file);

	if (len < 0 && !ferror(file)) {
		free(text);
		text = strdup(""); /* an empty file */
	}
	if (!ferror(file))
		return text;
	free(text);
	return NULL;
}

static bool
add_file(
    struct providers *to, const char *path, char message[PROVIDER_MESSAGE_MAX])
{
	FILE *file = fopen(path, "r");
	const char *problem = NULL;
	size_t number = 0;

	if (file != NULL) {
		to->text = read_file(file);
		fclose(file);
	}
	if (to->text == NULL) {
		snprintf(message, PROVIDER_MESSAGE_MAX, "%.400s: %s", path,
		    strerror(errno));
		return false;
	}
	for (char *rest = to->text; rest != NULL && problem == NULL; number++)
		problem = add_line(to, strsep(&rest, "\n"));
	if (problem != NULL)
		snprintf(message, PROVIDER_MESSAGE_MAX, "%.400s:%zu: %s", path,
		    number, problem);
	return problem == NULL;
}

/* --- hosts ----------------------------------------------------------------- */

/* The hash of a host goes from its end to its beginning, so that on its way it
 * is that of every domain that the host is in.  FNV-1a. */
static uint32_t
hash_on(uint32_t hash, char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	return (hash ^ (uint8_t)c) * 16777619u;
}

/* suffix_of returns the place of a host, which is free if no row has it. */
static struct suffix *
suffix_of(const struct providers *providers, uint32_t hash, const char *text,
    size_t len)
{
	size_t at = hash & providers->suffix_mask;

	for (;; at = (at + 1) & providers->suffix_mask) {
		struct suffix *s = &providers->suffixes[at];

		if (s->text == NULL ||
		    (s->len == len && strncasecmp(s->text, text, len) == 0))
			return s;
	}
}

/* next_host takes the next host from the front of `*hosts`, and returns its
 * length: 0 when there are no more. */
static size_t
next_host(const char **hosts, const char **host)
{
	size_t len;

	*host = *hosts + strspn(*hosts, " ");
	len = strcspn(*host, " ");
	*hosts = *host + len;
	return len;
}

static void
index_row(struct providers *providers, size_t row)
{
	const char *hosts = providers->rows[row].hosts, *host;
	size_t len;

	while ((len = next_host(&hosts, &host)) > 0) {
		uint32_t hash = 0;
		struct suffix *s;

		for (size_t at = len; at-- > 0;)
			hash = hash_on(hash, host[at]);
		s = suffix_of(providers, hash, host, len);
		if (s->text == NULL)
			*s = (struct suffix){ host, len, row };
	}
}

/* index_rows makes the table of hosts, which is half full at the most. */
static void
index_rows(struct providers *providers)
{
	size_t count = 0, size = 2;
	const char *host;

	for (size_t i = 0; i < providers->count; i++) {
		const char *hosts = providers->rows[i].hosts;

		while (next_host(&hosts, &host) > 0)
			count++;
	}
	while (size < 2 * count)
		size *= 2;
	providers->suffixes = calloc(size, sizeof(*providers->suffixes));
	if (providers->suffixes == NULL)
		err(EXIT_FAILURE, NULL);
	providers->suffix_mask = size - 1;
	for (size_t i = 0; i < providers->count; i++)
		index_row(providers, i);
}

struct providers *
providers_open(const char *path, char message[PROVIDER_MESSAGE_MAX])
{
	struct providers *new = calloc(1, sizeof(*new));

	if (new == NULL)
		err(EXIT_FAILURE, NULL);
	message[0] = '\0';
	if (path != NULL && !add_file(new, path, message)) {
		providers_free(new);
		return NULL;
	}
	for (size_t i = 0; i < provider_rows_count; i++) {
		const char *problem = add_row(new, provider_rows[i]);

		if (problem == NULL)
			continue;
		snprintf(message, PROVIDER_MESSAGE_MAX, "providers.tsv: %s: %s",
		    provider_rows[i][NAME], problem);
		providers_free(new);
		return NULL;
	}
	index_rows(new);
	return new;
}

void
providers_free(struct providers *providers)
{
	if (providers == NULL)
		return;
	free(providers->rows);
	free(providers->suffixes);
	free(providers->text);
	free(providers);
}

const struct provider *
providers_each(const struct providers *providers, size_t i)
{
	return i < providers->count ? &providers->rows[i] : NULL;
}

/* Of several domains that the host is in, that of the first row counts. */
const struct provider *
provider_find(const struct providers *providers, const char *host)
{
	size_t len = strlen(host);
	uint32_t hash = 0;
	size_t best;

	if (len > 0 && host[len - 1] == '.')
		len--; /* the root, RFC 1034 3.1 */
	if (providers == NULL)
		return NULL;
	best = providers->count;
	for (size_t at = len; at-- > 0;) {
		const struct suffix *s;

		hash = hash_on(hash, host[at]);
		if (at > 0 && host[at - 1] != '.')
			continue;
		s = suffix_of(providers, hash, host + at, len - at);
		if (s->text != NULL && s->row < best)
			best = s->row;
	}
	return providers_each(providers, best);
}

const struct provider *
provider_of(const struct providers *providers, const struct connection *c,
    const char *looked_up)
{
	const char *const hosts[] = { c->offer.server_name,
		c->server_certificate.name, looked_up, c->greeting_name,
		c->service };
	const struct provider *found = NULL;

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		found = provider_find(providers, hosts[i]);
		if (found != NULL)
			break;
	}
	return found;
}
