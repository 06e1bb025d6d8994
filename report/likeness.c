/* SPDX-License-Identifier: ISC */
#include "report/likeness.h"

#include <stdio.h>
#include <string.h>

#include "dissect/names.h"
#include "report/program.h"

enum {
	JA4_LEN = 36,
	JA4_NAME_AT = 3,  /* `d` if a server name is sent, else `i` */
	JA4_COUNT_AT = 6, /* of extensions, two digits */
	JA4_SUITES_AT = 11,
	JA4_SUITES_LEN = 12,
};

/* --- clues ----------------------------------------------------------------- */

const char *
clues_id(const struct connection *c)
{
	const char *at = c->client_id, *end = at + c->client_id_len;

	while (at < end) {
		const char *value = at + strlen(at) + 1;

		if (manner_is_same(at, "name"))
			return value;
		at = value + strlen(value) + 1;
	}
	return "";
}

static void
write_ja3(const struct connection *c, char out[CLUES_JA3_MAX])
{
	static const char digits[] = "0123456789abcdef";
	size_t len = 0;

	for (size_t i = 0; i < sizeof(c->ja3) && c->has_ja3; i++) {
		out[len++] = digits[c->ja3[i] >> 4];
		out[len++] = digits[c->ja3[i] & 15];
	}
	out[len] = '\0';
}

void
clues_gather(const struct measured *measured, const struct connection *c,
    struct clues *out)
{
	static const char *const encryptions[] = { "", "none", "implicit",
		"starttls" };
	const char *protocol = names_protocol((int)c->protocol);
	char manner[MANNER_MAX];

	*out = (struct clues){ .measured = measured, .c = c };
	snprintf(out->protocol, sizeof(out->protocol), "%s/", protocol);
	snprintf(out->place, sizeof(out->place), "%s/%s", protocol,
	    encryptions[c->encryption]);
	write_ja3(c, out->ja3);
	manner_of(c, manner);
	if (manner[0] != '\0')
		snprintf(
		    out->talk, sizeof(out->talk), "%s %s", protocol, manner);
	out->id = clues_id(c);
}

/* --- the like of them ------------------------------------------------------ */

static bool
is_exact(const char *value, const void *wanted)
{
	return strcmp(value, wanted) == 0;
}

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

/* tail returns the digests in a JA4, which no server name is in. */
static const char *
tail(const char *ja4)
{
	return strlen(ja4) < JA4_LEN ? ja4 : ja4 + JA4_SUITES_AT;
}

static bool
is_but_name(const char *value, const void *wanted)
{
	char a[JA4_LEN + 1], b[JA4_LEN + 1];

	if (strcmp(tail(value), tail(wanted)) != 0)
		return false;
	bare_ja4(value, a);
	bare_ja4(wanted, b);
	return strcmp(a, b) == 0;
}

/* is_partly: up to the suites */
static bool
is_partly(const char *value, const void *wanted)
{
	return strlen(value) == JA4_LEN &&
	       strncmp(value, wanted, JA4_SUITES_AT + JA4_SUITES_LEN) == 0;
}

static bool
is_by_suites(const char *value, const void *wanted)
{
	return strlen(value) == JA4_LEN &&
	       strncmp(value + JA4_SUITES_AT, wanted, JA4_SUITES_LEN) == 0;
}

/* is_but_end: is it the same talk up to its last command, which depends on
 * what the server offers?  With one command alone, up to the tag of IMAP. */
static bool
is_but_end(const char *value, const void *wanted)
{
	const char *talk = wanted, *end = strrchr(talk, ',');
	size_t len;

	if (end == NULL)
		end = strncmp(talk, "imap ", 5) == 0 ? strrchr(talk, ' ')
						     : talk + strlen(talk);
	len = (size_t)(end - talk);
	return strncmp(value, talk, len) == 0 &&
	       strchr(", ", value[len]) != NULL;
}

/* One way to look for something. */
struct way {
	measured_fits *fits;
	const char *wanted; /* "": it is not known */
	enum program_evidence evidence;
};

/* find_nearest returns the programs that fit in the first of the `count` ways
 * in which any does, in the first of the places, and notes in `*evidence` which
 * way that was. */
static struct match
find_nearest(const struct clues *clues, enum measured_kind kind,
    const struct way *ways, size_t count, unsigned *evidence)
{
	const char *places[] = { clues->place, clues->protocol, NULL };
	struct match match = { { 0 }, { 0 } };

	for (size_t i = 0; i < count; i++) {
		for (size_t at = 0; at < 3 && ways[i].wanted[0] != '\0'; at++) {
			match = measured_find(clues->measured, kind, places[at],
			    ways[i].fits, ways[i].wanted);
			if (match_size(&match) == 0)
				continue;
			*evidence |= ways[i].evidence;
			return match;
		}
	}
	return match;
}

/* narrow_by_ja3 takes those out of `hello` that list the same in another
 * order. */
static struct match
narrow_by_ja3(
    const struct clues *clues, const struct match *hello, unsigned *evidence)
{
	struct match ja3 = measured_find(
	    clues->measured, MEASURED_JA3, NULL, is_exact, clues->ja3);
	struct match both = match_common(hello, &ja3);

	if (match_size(&both) == 0 || match_size(&both) == match_size(hello))
		return *hello;
	*evidence |= PROGRAM_BY_JA3;
	return both;
}

/* A program may resume a session though it was not seen to in the lab, where
 * few have time for it: those count as well that make the same hello without. */
static struct match
with_fresh(const struct clues *clues, struct match match)
{
	const struct way way = { is_but_name, clues->c->ja4_fresh,
		PROGRAM_BY_JA4_NEARLY };
	unsigned how = 0;
	struct match fresh = find_nearest(clues, MEASURED_JA4, &way, 1, &how);

	for (size_t i = 0; i < MEASURED_MAX; i++)
		if (match.share[i] == 0)
			match.share[i] = fresh.share[i];
	return match;
}

struct match
likeness_of_hello(const struct clues *clues, unsigned *evidence)
{
	const struct connection *c = clues->c;
	const char *fresh = c->ja4_fresh[0] != '\0' ? c->ja4_fresh : c->ja4;
	const struct way ways[] = {
		{ is_exact, c->ja4, PROGRAM_BY_JA4 },
		{ is_but_name, fresh, PROGRAM_BY_JA4_NEARLY },
		{ is_partly, fresh, PROGRAM_BY_JA4_PARTLY },
		{ is_by_suites, c->suites, PROGRAM_BY_SUITES },
	};
	unsigned how = 0;
	struct match match = find_nearest(clues, MEASURED_JA4, ways, 4, &how);

	if (how & PROGRAM_BY_JA4)
		match = with_fresh(clues, narrow_by_ja3(clues, &match, &how));
	*evidence |= how;
	return match;
}

struct match
likeness_of_talk(const struct clues *clues, unsigned *evidence)
{
	const struct way ways[] = {
		{ is_exact, clues->talk, PROGRAM_BY_TALK },
		{ is_but_end, clues->talk, PROGRAM_BY_TALK_NEARLY },
	};

	return find_nearest(clues, MEASURED_TALK, ways, 2, evidence);
}

struct match
likeness_of_id(const struct clues *clues)
{
	return measured_find(
	    clues->measured, MEASURED_ID, NULL, is_exact, clues->id);
}
