/* SPDX-License-Identifier: ISC */
#include "report/program.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dissect/names.h"
#include "report/manner.h"

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

	JA4_LEN = 36,
	JA4_NAME_AT = 3,  /* `d` if a server name is sent, else `i` */
	JA4_COUNT_AT = 6, /* of extensions, two digits */
	JA4_SUITES_AT = 11,
	JA4_SUITES_LEN = 12,

	SETS_MAX = 192,       /* programs, or libraries */
	TALK_DEVICES_MIN = 2, /* that a way of talking was seen on */

	MEMOS = 64, /* answers remembered */
	MEMO_KEY_MAX = 256,
};

/* A set of programs, or of libraries, by number. */
struct set {
	uint64_t bits[SETS_MAX / 64];
};

struct known {
	const char *name, *library;
	unsigned library_number;
	unsigned protocols; /* bits of 1 << enum mail_protocol it speaks */
};

/* An answer that was given, and to what. */
struct memo {
	char key[MEMO_KEY_MAX];
	struct program answer;
};

struct programs {
	const char *const (*rows)[PROGRAM_COLUMNS]; /* borrowed */
	size_t row_count;
	struct known known[SETS_MAX];
	unsigned count;
	const char *libraries[SETS_MAX];
	unsigned library_count;
	uint8_t *of_row; /* number of the program of each row */
	struct memo memos[MEMOS];
};

/* --- sets ------------------------------------------------------------------ */

static void
set_add(struct set *set, unsigned i)
{
	set->bits[i / 64] |= (uint64_t)1 << i % 64;
}

static bool
set_has(const struct set *set, unsigned i)
{
	return set->bits[i / 64] >> i % 64 & 1;
}

static bool
set_is_empty(const struct set *set)
{
	uint64_t any = 0;

	for (size_t i = 0; i < SETS_MAX / 64; i++)
		any |= set->bits[i];
	return any == 0;
}

static struct set
set_common(const struct set *a, const struct set *b)
{
	struct set common;

	for (size_t i = 0; i < SETS_MAX / 64; i++)
		common.bits[i] = a->bits[i] & b->bits[i];
	return common;
}

static unsigned
set_size(const struct set *set)
{
	unsigned size = 0;

	for (unsigned i = 0; i < SETS_MAX; i++)
		size += set_has(set, i);
	return size;
}

/* --- the table ------------------------------------------------------------- */

static unsigned
library_number(struct programs *programs, const char *library)
{
	unsigned i = 0;

	while (i < programs->library_count &&
	       strcmp(programs->libraries[i], library) != 0)
		i++;
	if (i == programs->library_count && i < SETS_MAX - 1)
		programs->libraries[programs->library_count++] = library;
	return i;
}

static unsigned
program_number(struct programs *programs, const char *name, const char *library)
{
	struct known *known = programs->known;
	unsigned i = 0;

	while (
	    i < programs->count && (strcmp(known[i].name, name) != 0 ||
				       strcmp(known[i].library, library) != 0))
		i++;
	if (i < programs->count || i == SETS_MAX - 1)
		return i;
	known[i] = (struct known){ name, library,
		library_number(programs, library), 0 };
	programs->count++;
	return i;
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

	for (int p = MAIL_SMTP; p <= MAIL_SIEVE; p++) {
		char place[32];

		snprintf(place, sizeof(place), "%s/", names_protocol(p));
		if (is_where(where, place))
			protocols |= 1u << p;
	}
	return protocols;
}

struct programs *
programs_open(const char *const rows[][PROGRAM_COLUMNS], size_t count)
{
	struct programs *programs = calloc(1, sizeof(*programs));

	if (programs == NULL)
		return NULL;
	programs->rows = rows;
	programs->row_count = count;
	programs->of_row = calloc(count + 1, 1);
	if (programs->of_row == NULL) {
		free(programs);
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		const char *const *row = rows[i];
		unsigned number = program_number(
		    programs, row[COLUMN_PROGRAM], row[COLUMN_LIBRARY]);

		programs->of_row[i] = (uint8_t)number;
		programs->known[number].protocols |=
		    protocols_of(row[COLUMN_WHERE]);
	}
	return programs;
}

void
programs_free(struct programs *programs)
{
	if (programs == NULL)
		return;
	free(programs->of_row);
	free(programs);
}

/* --- what fits ------------------------------------------------------------- */

/* What is looked for. */
struct search {
	const struct programs *programs;
	const struct connection *c;
	char place[32];    /* protocol/encryption */
	char protocol[16]; /* protocol/ */
};

/* bare_ja4 writes `ja4` as it were had no server name been asked for. */
static void
bare_ja4(const char *ja4, char bare[JA4_LEN + 1])
{
	snprintf(bare, JA4_LEN + 1, "%s", ja4);
	if (strlen(bare) < JA4_LEN || bare[JA4_NAME_AT] != 'd')
		return;
	bare[JA4_NAME_AT] = 'i';
	if (bare[JA4_COUNT_AT + 1] > '0') {
		bare[JA4_COUNT_AT + 1]--;
	} else if (bare[JA4_COUNT_AT] > '0') {
		bare[JA4_COUNT_AT]--;
		bare[JA4_COUNT_AT + 1] = '9';
	}
}

static bool
is_exact(const char *value, const char *wanted)
{
	return strcmp(value, wanted) == 0;
}

static bool
is_but_name(const char *value, const char *wanted)
{
	char a[JA4_LEN + 1], b[JA4_LEN + 1];

	bare_ja4(value, a);
	bare_ja4(wanted, b);
	return strcmp(a, b) == 0;
}

static bool
is_by_suites(const char *value, const char *wanted)
{
	return strlen(value) == JA4_LEN && strlen(wanted) == JA4_LEN &&
	       strncmp(value + JA4_SUITES_AT, wanted + JA4_SUITES_AT,
		   JA4_SUITES_LEN) == 0;
}

/* gather returns the programs that have a row of `kind` with a fitting value;
 * in `place` (protocol/encryption, or protocol/), or anywhere if it is NULL. */
static struct set
gather(const struct search *search, const char *kind, const char *place,
    bool (*fits)(const char *value, const char *wanted), const char *wanted)
{
	struct set set = { { 0 } };

	for (size_t i = 0; i < search->programs->row_count; i++) {
		const char *const *row = search->programs->rows[i];

		if (strcmp(row[COLUMN_KIND], kind) == 0 &&
		    fits(row[COLUMN_VALUE], wanted) &&
		    (place == NULL || is_where(row[COLUMN_WHERE], place)))
			set_add(&set, search->programs->of_row[i]);
	}
	return set;
}

/* by_hello returns the programs whose ClientHello it may be, the nearest fit
 * that there is, and notes in `*evidence` which. */
static struct set
by_hello(const struct search *search, unsigned *evidence)
{
	static const struct {
		bool (*fits)(const char *value, const char *wanted);
		enum program_evidence evidence;
	} ways[] = {
		{ is_exact, PROGRAM_BY_JA4 },
		{ is_but_name, PROGRAM_BY_JA4_BUT_NAME },
		{ is_by_suites, PROGRAM_BY_SUITES },
	};
	const char *places[] = { search->place, search->protocol, NULL };
	struct set set = { { 0 } };

	for (size_t i = 0; i < 3 && search->c->ja4[0] != '\0'; i++) {
		for (size_t at = 0; at < 3; at++) {
			set = gather(search, "ja4", places[at], ways[i].fits,
			    search->c->ja4);
			if (set_is_empty(&set))
				continue;
			*evidence |= ways[i].evidence;
			return set;
		}
	}
	return set;
}

static struct set
libraries_of(const struct programs *programs, const struct set *set)
{
	struct set libraries = { { 0 } };

	for (unsigned i = 0; i < programs->count; i++)
		if (set_has(set, i))
			set_add(&libraries, programs->known[i].library_number);
	return libraries;
}

/* of_libraries returns the programs of `among`, or of all if that is NULL,
 * that use one of `libraries` and speak the protocol. */
static struct set
of_libraries(const struct search *search, const struct set *libraries,
    const struct set *among)
{
	const struct programs *programs = search->programs;
	struct set set = { { 0 } };

	for (unsigned i = 0; i < programs->count; i++) {
		const struct known *known = &programs->known[i];

		if (!set_has(libraries, known->library_number))
			continue;
		if (among != NULL ? set_has(among, i)
				  : known->protocols >> search->c->protocol & 1)
			set_add(&set, i);
	}
	return set;
}

/* is_widespread tells whether program `number` was heard to talk like this on
 * enough devices. */
static bool
is_widespread(
    const struct programs *programs, const char *talk, unsigned number)
{
	for (size_t i = 0; i < programs->row_count; i++) {
		const char *const *row = programs->rows[i];

		if (programs->of_row[i] == number &&
		    strcmp(row[COLUMN_KIND], "talk") == 0 &&
		    strcmp(row[COLUMN_VALUE], talk) == 0)
			return strtoul(row[COLUMN_DEVICES], NULL, 10) >=
			       TALK_DEVICES_MIN;
	}
	return false;
}

/* imap_name returns what the client calls itself in IMAP, NULL if nothing. */
static const char *
imap_name(const struct connection *c)
{
	const char *at = c->client_id, *end = at + c->client_id_len;

	while (at < end) {
		const char *value = at + strlen(at) + 1;

		if (manner_is_same(at, "name"))
			return value;
		at = value + strlen(value) + 1;
	}
	return NULL;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* tell writes the programs of `set` down, by name, each once. */
static void
tell(
    const struct programs *programs, const struct set *set, struct program *out)
{
	const char *names[SETS_MAX] = { NULL };
	size_t count = 0;

	for (unsigned i = 0; i < programs->count; i++)
		if (set_has(set, i))
			names[count++] = programs->known[i].name;
	qsort(names, count, sizeof(names[0]), compare_names);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && strcmp(names[i], names[i - 1]) == 0)
			continue;
		if (out->count == PROGRAM_CANDIDATES_MAX) {
			out->count = 0; /* too many to be of use */
			return;
		}
		out->candidates[out->count++] = names[i];
	}
}

static void
tell_library(
    const struct programs *programs, const struct set *set, struct program *out)
{
	struct set libraries = libraries_of(programs, set);

	if (out->library[0] != '\0' || set_size(&libraries) != 1)
		return;
	for (unsigned i = 0; i < programs->library_count; i++)
		if (set_has(&libraries, i))
			out->library = programs->libraries[i];
}

/* narrow puts together what the hello and the talk say. */
static struct set
narrow(const struct search *search, const struct set *hello,
    const struct set *talk)
{
	struct set both = set_common(hello, talk), libraries;

	if (set_is_empty(talk))
		return *hello;
	if (set_is_empty(hello))
		return *talk;
	if (!set_is_empty(&both))
		return both;
	libraries = libraries_of(search->programs, hello);
	both = of_libraries(search, &libraries, talk);
	return set_is_empty(&both) ? *hello : both;
}

static void
judge(const struct search *search, struct program *out)
{
	const struct programs *programs = search->programs;
	const struct connection *c = search->c;
	char talk[MANNER_MAX], wanted[MANNER_MAX + 16];
	struct set hello = by_hello(search, &out->evidence), known_hello, said;
	struct set candidates = { { 0 } };

	manner_of(c, talk);
	snprintf(wanted, sizeof(wanted), "%s %s",
	    names_protocol((int)c->protocol), talk);
	said = talk[0] != '\0' ? gather(search, "talk", NULL, is_exact, wanted)
			       : candidates;
	known_hello = hello;
	/* A hello below 1.3 is the library's, not the program's. */
	if (!set_is_empty(&hello) && c->offer.max_version < TLS_1_3) {
		struct set libraries = libraries_of(programs, &hello);
		struct set more = of_libraries(search, &libraries, NULL);

		for (size_t i = 0; i < SETS_MAX / 64; i++)
			hello.bits[i] |= more.bits[i];
	}
	candidates = narrow(search, &hello, &said);
	if (!set_is_empty(&said))
		out->evidence |= PROGRAM_BY_TALK;
	tell(programs, &candidates, out);
	if (c->ja4[0] != '\0') {
		tell_library(programs, &candidates, out);
		tell_library(programs, &known_hello, out);
	}
	if (set_size(&candidates) == 1 && set_size(&said) == 1)
		for (unsigned i = 0; i < programs->count; i++)
			if (set_has(&said, i) && set_has(&hello, i))
				out->certain =
				    is_widespread(programs, wanted, i);
}

/* by_imap_id: the program says who it is */
static bool
by_imap_id(const struct search *search, struct program *out)
{
	const char *name = imap_name(search->c);
	struct set set;

	if (name == NULL)
		return false;
	set = gather(search, "id", NULL, is_exact, name);
	if (set_is_empty(&set))
		return false;
	tell(search->programs, &set, out);
	tell_library(search->programs, &set, out);
	out->certain = out->count == 1;
	out->evidence = PROGRAM_BY_IMAP_ID;
	return true;
}

static struct memo *
memo_of(struct programs *programs, const char *key)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (; *key != '\0'; key++)
		hash = (hash ^ (uint8_t)*key) * 16777619u;
	return &programs->memos[hash % MEMOS];
}

/* write_key writes all that the answer depends on, and returns whether it is
 * all there. */
static bool
write_key(const struct search *search, char key[MEMO_KEY_MAX])
{
	const struct connection *c = search->c;
	const char *name = imap_name(c);
	char manner[MANNER_MAX];

	manner_of(c, manner);
	return snprintf(key, MEMO_KEY_MAX, "%s|%s|%x|%s|%s", search->place,
		   c->ja4, c->offer.max_version, manner,
		   name != NULL ? name : "") < MEMO_KEY_MAX;
}

void
program_find(
    struct programs *programs, const struct connection *c, struct program *out)
{
	static const char *const encryptions[] = { "", "none", "implicit",
		"starttls" };
	struct search search = { .programs = programs, .c = c };
	char key[MEMO_KEY_MAX];
	struct memo *memo;
	bool whole;

	*out = (struct program){ .library = "" };
	if (programs == NULL)
		return;
	snprintf(search.protocol, sizeof(search.protocol), "%s/",
	    names_protocol((int)c->protocol));
	snprintf(search.place, sizeof(search.place), "%s%s", search.protocol,
	    encryptions[c->encryption]);
	whole = write_key(&search, key);
	memo = memo_of(programs, key);
	if (whole && strcmp(memo->key, key) == 0) {
		*out = memo->answer;
		return;
	}
	if (!by_imap_id(&search, out))
		judge(&search, out);
	if (!whole)
		return;
	memcpy(memo->key, key, sizeof(key));
	memo->answer = *out;
}

const char *
program_evidence_name(unsigned bit)
{
	static const char *const names[] = { "imap_id", "talk", "ja4",
		"ja4_without_server_name", "cipher_suites" };

	return bit < sizeof(names) / sizeof(names[0]) ? names[bit] : NULL;
}
