/* SPDX-License-Identifier: ISC */
/* The names in files: rows in the order of the file, and two orders of them
 * to search in. */
#include "report/leases.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	ROOM_MIN = 64,
	LINE_MAX_LEN = 2048, /* of a lease file; what is longer is bad */
	MAC_LEN = 6,
	IP_LEN = 16,
};

#define BLANKS " \t\r\n"

static void *
xrealloc(void *old, size_t count, size_t size)
{
	void *new = count <= SIZE_MAX / size
			? realloc(old, count > 0 ? count * size : 1)
			: NULL;

	if (new == NULL)
		err(EXIT_FAILURE, NULL);
	return new;
}

void
leases_clear(struct leases *leases)
{
	free(leases->rows);
	free(leases->by_mac);
	free(leases->by_ip);
	memset(leases, 0, sizeof(*leases));
}

/* Adds a row; when there are too many, the older half goes. */
static void
add_row(void *arg, const struct lease *lease)
{
	struct leases *leases = arg;

	if (leases->count == LEASES_MAX) {
		leases->count /= 2;
		memmove(leases->rows, leases->rows + leases->count,
		    leases->count * sizeof(*leases->rows));
	}
	if (leases->count == leases->room) {
		size_t room = leases->room;

		room = room > 0 ? 2 * room : ROOM_MIN;
		leases->rows =
		    xrealloc(leases->rows, room, sizeof(*leases->rows));
		leases->room = room;
	}
	leases->rows[leases->count++] = *lease;
}

/*
 * Searching.
 */

static int
compare_macs(const struct lease *a, const struct lease *b)
{
	return memcmp(a->mac, b->mac, MAC_LEN);
}

static int
compare_ips(const struct lease *a, const struct lease *b)
{
	if (a->ipv6 != b->ipv6)
		return a->ipv6 - b->ipv6;
	return memcmp(a->ip, b->ip, IP_LEN);
}

/* Rows are in one array, so their order there decides among equals. */
static int
then_by_place(int by, const struct lease *a, const struct lease *b)
{
	return by != 0 ? by : (a > b) - (a < b);
}

static int
by_mac(const void *a, const void *b)
{
	const struct lease *left = *(const struct lease *const *)a;
	const struct lease *right = *(const struct lease *const *)b;

	return then_by_place(compare_macs(left, right), left, right);
}

static int
by_ip(const void *a, const void *b)
{
	const struct lease *left = *(const struct lease *const *)a;
	const struct lease *right = *(const struct lease *const *)b;

	return then_by_place(compare_ips(left, right), left, right);
}

static void
sort(struct leases *leases)
{
	size_t count = leases->count;

	leases->mac_count = leases->ip_count = 0;
	leases->by_mac =
	    xrealloc(leases->by_mac, count, sizeof(*leases->by_mac));
	leases->by_ip = xrealloc(leases->by_ip, count, sizeof(*leases->by_ip));
	for (size_t i = 0; i < count; i++) {
		const struct lease *row = &leases->rows[i];

		if (row->has_mac)
			leases->by_mac[leases->mac_count++] = row;
		if (row->has_ip)
			leases->by_ip[leases->ip_count++] = row;
	}
	qsort(
	    leases->by_mac, leases->mac_count, sizeof(*leases->by_mac), by_mac);
	qsort(leases->by_ip, leases->ip_count, sizeof(*leases->by_ip), by_ip);
}

/* The last of the `count` rows, in order, that equals `key`, or NULL. */
static const struct lease *
find_last(const struct lease *const *rows, size_t count,
    const struct lease *key,
    int (*compare)(const struct lease *, const struct lease *))
{
	size_t first = 0, end = count;

	while (first < end) {
		size_t middle = first + (end - first) / 2;

		if (compare(rows[middle], key) <= 0)
			first = middle + 1;
		else
			end = middle;
	}
	if (first == 0 || compare(rows[first - 1], key) != 0)
		return NULL;
	return rows[first - 1];
}

const struct lease *
leases_find_mac(const struct leases *leases, const uint8_t mac[6])
{
	struct lease key = { .has_mac = true };

	memcpy(key.mac, mac, MAC_LEN);
	return find_last(leases->by_mac, leases->mac_count, &key, compare_macs);
}

const struct lease *
leases_find_ip(const struct leases *leases, const uint8_t ip[16], bool ipv6)
{
	struct lease key = { .has_ip = true, .ipv6 = ipv6 };

	memcpy(key.ip, ip, ipv6 ? IP_LEN : 4);
	return find_last(leases->by_ip, leases->ip_count, &key, compare_ips);
}

/*
 * Reading.
 */

/* Takes a line of `text` into `line`, "" if it is too long or has a NUL in it,
 * and returns the length with its newline. */
static size_t
take_line(const char *text, size_t len, char line[LINE_MAX_LEN])
{
	const char *end = memchr(text, '\n', len);
	size_t line_len = end != NULL ? (size_t)(end - text) : len;

	line[0] = '\0';
	if (line_len < LINE_MAX_LEN && memchr(text, '\0', line_len) == NULL) {
		memcpy(line, text, line_len);
		line[line_len] = '\0';
	}
	return line_len + (end != NULL);
}

bool
leases_parse(struct leases *out, const char *text, size_t len)
{
	struct lease_reader reader = { .add = add_row, .arg = out };
	bool whole = len == 0 || text[len - 1] == '\n';
	char line[LINE_MAX_LEN];

	while (len > 0) {
		size_t taken = take_line(text, len, line);
		bool empty = line[0] == '\0';

		if (empty)
			out->bad += taken > 1;
		/* A line without its end may have half a name. */
		else if (taken < len || whole)
			lease_reader_line(&reader, line);
		text += taken;
		len -= taken;
	}
	out->bad += reader.bad;
	sort(out);
	return whole && lease_reader_between(&reader);
}

/* Reads a file, up to a size, into memory that the caller frees, and notes
 * its state. */
static int
slurp(FILE *in, char **text, size_t *len, struct stat *state)
{
	size_t room = BUFSIZ;

	*text = NULL;
	*len = 0;
	if (fstat(fileno(in), state) != 0)
		return -errno;
	do {
		room *= 2;
		*text = xrealloc(*text, room, 1);
		errno = 0;
		*len += fread(*text + *len, 1, room - *len, in);
		if (ferror(in))
			return errno != 0 ? -errno : -EIO;
		if (*len > LEASES_FILE_MAX)
			return -EFBIG;
	} while (*len == room);
	return 0;
}

static int
slurp_path(const char *path, char **text, size_t *len, struct stat *state)
{
	FILE *in = fopen(path, "re");
	int error;

	*text = NULL;
	*len = 0;
	if (in == NULL)
		return -errno;
	error = slurp(in, text, len, state);
	fclose(in);
	return error;
}

/* Reads `path`; `*whole` tells whether it seems complete. */
static int
read_leases(struct leases *out, const char *path, bool *whole)
{
	struct stat state;
	char *text;
	size_t len;
	int error = slurp_path(path, &text, &len, &state);

	memset(out, 0, sizeof(*out));
	out->path = path;
	*whole = false;
	if (error == 0) {
		*whole = leases_parse(out, text, len);
		out->changed = state.st_mtim;
		out->size = state.st_size;
		out->inode = state.st_ino;
	}
	free(text);
	return error;
}

int
leases_load(struct leases *out, const char *path)
{
	bool whole;
	int error = read_leases(out, path, &whole);

	/* Half a file is better than none, and is read again soon. */
	if (!whole)
		out->size = -1;
	return error;
}

static bool
has_changed(const struct leases *leases, const struct stat *state)
{
	return leases->size != state->st_size ||
	       leases->inode != state->st_ino ||
	       leases->changed.tv_sec != state->st_mtim.tv_sec ||
	       leases->changed.tv_nsec != state->st_mtim.tv_nsec;
}

int
leases_refresh(struct leases *leases)
{
	struct leases new;
	struct stat state;
	bool whole;
	int error;

	if (stat(leases->path, &state) != 0)
		return -errno;
	if (!has_changed(leases, &state))
		return 0;
	error = read_leases(&new, leases->path, &whole);
	if (error != 0 || !whole || (new.count == 0 && leases->count > 0)) {
		leases_clear(&new);
		return error;
	}
	leases_clear(leases);
	*leases = new;
	return 0;
}

/*
 * Aliases.
 */

/* Reads a line of an alias file; true for one without anything in it. */
static bool
read_alias(struct leases *out, const char *line)
{
	struct lease lease = { .has_mac = false };
	char who[HOSTNAME_MAX];
	size_t len;

	line += strspn(line, BLANKS);
	if (*line == '\0' || *line == '#')
		return true;
	len = strcspn(line, BLANKS);
	if (len >= sizeof(who))
		return false;
	memcpy(who, line, len);
	who[len] = '\0';
	line += len;
	line += strspn(line, BLANKS);
	len = strlen(line);
	while (len > 0 && strchr(BLANKS, line[len - 1]) != NULL)
		len--;
	/* A name that would be cut is not the user's any more. */
	if (len == 0 || hostname_copy(line, lease.name) != len)
		return false;
	if (!lease_set_mac(&lease, who) && !lease_set_ip(&lease, who))
		return false;
	add_row(out, &lease);
	return true;
}

int
leases_load_aliases(struct leases *out, const char *path, size_t *bad_line)
{
	char line[LINE_MAX_LEN];
	struct stat state;
	char *text;
	const char *at;
	size_t len;
	int error = slurp_path(path, &text, &len, &state);

	memset(out, 0, sizeof(*out));
	*bad_line = 0;
	at = text;
	for (size_t number = 1; error == 0 && len > 0; number++) {
		size_t taken = take_line(at, len, line);
		bool empty = line[0] == '\0';

		if ((empty && taken > 1) || !read_alias(out, line)) {
			*bad_line = number;
			error = -EINVAL;
		}
		at += taken;
		len -= taken;
	}
	free(text);
	if (error != 0)
		leases_clear(out);
	else
		sort(out);
	return error;
}
