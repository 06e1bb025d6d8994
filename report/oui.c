/* SPDX-License-Identifier: ISC */
/*
 * The IEEE's lists.  A row of the index is one number: from the left, the
 * prefix in 36 bits, its length in 2, the file in 2, and where the row begins
 * in it in 24.  Sorted, that is what a binary search wants.
 */
#include "report/oui.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>
#include <unistd.h>

#include "report/hostname.h"

enum {
	FILES_MAX = 4,
	ROWS_MAX = 1 << 18, /* five times what all lists have today */
	ROOM_MIN = 1 << 12,
	PREFIX_BITS = 36,
	LENGTH_SHIFT = 26,
	FILE_SHIFT = 24,
	OFFSET_MAX = 1 << FILE_SHIFT,
	FIELD_MAX = 128,
	BUFFER_LEN = 1 << 16,
	ROW_MAX = 512, /* as much of a row as has the first three columns */
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

struct oui {
	FILE *files[FILES_MAX];
	bool indexed;
	uint64_t *rows;
	size_t count, room;
};

/* Lengths of prefixes, in bits, the longest first. */
static const unsigned lengths[] = { 36, 28, 24 };

static const char *const system_paths[FILES_MAX] = {
	"/usr/share/ieee-data/oui36.csv",
	"/usr/share/ieee-data/iab.csv",
	"/usr/share/ieee-data/mam.csv",
	"/usr/share/ieee-data/oui.csv",
};

static void *
xrealloc(void *old, size_t count, size_t size)
{
	void *new = realloc(old, count * size);

	if (new == NULL)
		err(EXIT_FAILURE, NULL);
	return new;
}

/*
 * A row of the file.
 */

/* Takes the next field of a row (RFC 4180) into `field`, cut if need be, and
 * returns what follows. */
static const char *
take_field(const char *at, char field[FIELD_MAX])
{
	bool quoted = *at == '"';
	size_t len = 0;

	at += quoted;
	while (*at != '\0' && *at != '\n' && (quoted || *at != ',')) {
		if (quoted && *at == '"' && *++at != '"')
			break;
		if (len < FIELD_MAX - 1)
			field[len++] = *at;
		at++;
	}
	field[len] = '\0';
	return at + (*at == ',');
}

/* Reads the prefix in `field`: 6, 7 or 9 hexadecimal digits. */
static bool
read_prefix(const char *field, uint64_t *prefix, size_t *length)
{
	size_t digits = strspn(field, "0123456789abcdefABCDEF");

	if (field[digits] != '\0')
		return false;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		if (digits * 4 != lengths[i])
			continue;
		*prefix = strtoull(field, NULL, 16)
			  << (PREFIX_BITS - lengths[i]);
		*length = i;
		return true;
	}
	return false;
}

static uint64_t
row_of(uint64_t prefix, size_t length)
{
	return prefix << (64 - PREFIX_BITS) | (uint64_t)length << LENGTH_SHIFT;
}

/*
 * The index.
 */

static void
add_row(struct oui *oui, uint64_t row)
{
	if (oui->count == ROWS_MAX)
		return;
	if (oui->count == oui->room) {
		oui->room = oui->room > 0 ? 2 * oui->room : ROOM_MIN;
		oui->rows = xrealloc(oui->rows, oui->room, sizeof(*oui->rows));
	}
	oui->rows[oui->count++] = row;
}

static void
index_file(struct oui *oui, size_t file)
{
	char field[FIELD_MAX];
	uint64_t offset = 0;
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&line, &room, oui->files[file])) > 0) {
		uint64_t prefix;
		size_t length;

		take_field(take_field(line, field), field);
		if (offset < OFFSET_MAX && read_prefix(field, &prefix, &length))
			add_row(oui, row_of(prefix, length) |
					 (uint64_t)file << FILE_SHIFT | offset);
		offset += (uint64_t)len;
	}
	free(line);
}

static int
by_number(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

static void
index_all(struct oui *oui)
{
	oui->indexed = true;
	for (size_t i = 0; i < FILES_MAX; i++) {
		if (oui->files[i] == NULL)
			continue;
		setvbuf(oui->files[i], NULL, _IOFBF, BUFFER_LEN);
		index_file(oui, i);
	}
	if (oui->count > 0)
		qsort(oui->rows, oui->count, sizeof(*oui->rows), by_number);
}

int
oui_open(const char *path, struct oui **out)
{
	struct oui *oui = xrealloc(NULL, 1, sizeof(*oui));
	int error = 0;

	*oui = (struct oui){ .indexed = false };
	for (size_t i = 0; path == NULL && i < FILES_MAX; i++)
		oui->files[i] = fopen(system_paths[i], "re");
	if (path != NULL) {
		oui->files[0] = fopen(path, "re");
		if (oui->files[0] == NULL)
			error = -errno;
		else
			index_all(oui);
		if (error == 0 && oui->count == 0)
			error = ferror(oui->files[0]) ? -EIO : -EINVAL;
	}
	if (error != 0) {
		oui_free(oui);
		oui = NULL;
	}
	*out = oui;
	return error;
}

void
oui_free(struct oui *oui)
{
	if (oui == NULL)
		return;
	for (size_t i = 0; i < FILES_MAX; i++) {
		if (oui->files[i] != NULL)
			fclose(oui->files[i]);
	}
	free(oui->rows);
	free(oui);
}

/* The first row not below `wanted`. */
static size_t
lower_bound(const struct oui *oui, uint64_t wanted)
{
	size_t first = 0, end = oui->count;

	while (first < end) {
		size_t middle = first + (end - first) / 2;

		if (oui->rows[middle] < wanted)
			first = middle + 1;
		else
			end = middle;
	}
	return first;
}

/* Reads the name in `row` from its file. */
static void
read_name(const struct oui *oui, uint64_t row, char vendor[OUI_VENDOR_MAX])
{
	/* What the IEEE writes where it tells no name. */
	static const char *const none[] = { "Private",
		"IEEE Registration Authority" };
	FILE *file = oui->files[row >> FILE_SHIFT & (FILES_MAX - 1)];
	char text[ROW_MAX], field[FIELD_MAX];
	ssize_t len = pread(fileno(file), text, sizeof(text) - 1,
	    (off_t)(row & (OFFSET_MAX - 1)));

	text[len > 0 ? len : 0] = '\0';
	take_field(take_field(take_field(text, field), field), field);
	for (size_t i = 0; i < COUNT(none); i++) {
		if (strcasecmp(field, none[i]) == 0)
			field[0] = '\0';
	}
	oui_shorten(field, vendor);
}

bool
oui_find(struct oui *oui, const uint8_t mac[6], char vendor[OUI_VENDOR_MAX])
{
	uint64_t prefix = 0;

	memset(vendor, 0, OUI_VENDOR_MAX);
	if (oui == NULL || (mac[0] & 3) != 0) /* local, or multicast */
		return false;
	if (!oui->indexed)
		index_all(oui);
	for (size_t i = 0; i < 5; i++)
		prefix = prefix << 8 | mac[i];
	prefix >>= 5 * 8 - PREFIX_BITS;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		unsigned rest = PREFIX_BITS - lengths[i];
		uint64_t wanted = row_of(prefix >> rest << rest, i);
		size_t at = lower_bound(oui, wanted);

		if (at == oui->count ||
		    oui->rows[at] >> LENGTH_SHIFT != wanted >> LENGTH_SHIFT)
			continue;
		read_name(oui, oui->rows[at], vendor);
		break;
	}
	return vendor[0] != '\0';
}

bool
oui_is_local(const uint8_t mac[6])
{
	return (mac[0] & 3) == 2;
}

/*
 * Names.
 */

/* Legal forms, as they stand without their dots. */
static const char *const legal_forms[] = { "&", "a/s", "ab", "ag", "aps", "as",
	"bhd", "bv", "co", "company", "corp", "corporate", "corporation",
	"gmbh", "inc", "incorporated", "kg", "kk", "limited", "llc", "lp",
	"ltd", "ltda", "mbh", "nv", "oy", "oyj", "plc", "pte", "pty", "pvt",
	"sa", "sarl", "sas", "sdn", "se", "spa", "srl", "sro" };

/* Trades that everybody leaves out after a name. */
static const char *const trades[] = { "electronics", "industries",
	"technologies" };

/* The last word of the `len` bytes at `name`; its length in `*word_len`. */
static size_t
last_word(const char *name, size_t len, char word[OUI_VENDOR_MAX])
{
	size_t begin = len, at = 0;

	while (begin > 0 && strchr(" ,", name[begin - 1]) == NULL)
		begin--;
	for (size_t i = begin; i < len && at < OUI_VENDOR_MAX - 1; i++) {
		if (name[i] != '.')
			word[at++] = name[i];
	}
	word[at] = '\0';
	return begin;
}

static bool
is_one_of(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcasecmp(word, words[i]) == 0)
			return true;
	}
	return false;
}

/* The length of `name` without blanks, commas and the like at its end. */
static size_t
trim(const char *name, size_t len)
{
	while (len > 0 && strchr(" ,;.", name[len - 1]) != NULL)
		len--;
	return len;
}

static size_t
without_legal_forms(const char *name, size_t len)
{
	char word[OUI_VENDOR_MAX];

	for (;;) {
		size_t rest = last_word(name, len, word);

		if (!is_one_of(word, legal_forms, COUNT(legal_forms)))
			return len;
		rest = trim(name, rest);
		if (rest == 0)
			return len;
		len = rest;
	}
}

static size_t
without_brackets(const char *name, size_t len)
{
	size_t at = len;

	if (len == 0 || name[len - 1] != ')')
		return len;
	while (at > 0 && name[at - 1] != '(')
		at--;
	at = trim(name, at > 0 ? at - 1 : 0);
	return at > 0 ? at : len;
}

static size_t
without_trade(const char *name, size_t len)
{
	char word[OUI_VENDOR_MAX];
	size_t rest = trim(name, last_word(name, len, word));

	if (!is_one_of(word, trades, COUNT(trades)) || rest < 2 ||
	    memchr(name, ' ', rest) != NULL)
		return len;
	return rest;
}

void
oui_shorten(const char *name, char out[OUI_VENDOR_MAX])
{
	char short_name[FIELD_MAX] = "";
	size_t len;

	name += strspn(name, " ");
	len = strnlen(name, FIELD_MAX - 1);
	len = trim(name, len);
	len = without_legal_forms(name, len);
	len = without_brackets(name, len);
	len = without_legal_forms(name, len);
	len = without_trade(name, len);
	memcpy(short_name, name, len);
	memset(out, 0, OUI_VENDOR_MAX);
	hostname_copy(short_name, out);
}
