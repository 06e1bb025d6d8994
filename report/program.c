/* SPDX-License-Identifier: ISC */
/*
 * Putting together what the hello and the talk say.  Each gives a set of
 * programs of the table; what they have in common are the candidates.
 */
#include "report/program.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/likeness.h"
#include "report/manner.h"

enum {
	TALK_DEVICES_MIN = 2, /* that a way of talking was seen on */

	/* Answers remembered, by sets: one that is given all the time must not
	 * have to make room for another that hashes alike. */
	MEMO_SETS = 64,
	MEMO_WAYS = 8,
};

/* All that an answer depends on, strings filled up with zeros.  It is compared
 * as memory, so it has no padding but at its end, and that is zero as well. */
struct question {
	uint16_t max_version;
	uint8_t protocol, encryption;
	bool has_ja3;
	uint8_t ja3[16];
	char ja4[37], ja4_fresh[37], suites[13];
	char talk[MANNER_MAX];
	char id[PROGRAM_NAME_MAX];
};

/* An answer that was given, and to what. */
struct memo {
	bool given;
	uint64_t hash; /* of the question */
	struct question question;
	struct program answer;
};

struct memo_set {
	struct memo memos[MEMO_WAYS];
	unsigned next; /* the one that makes room */
};

struct programs {
	struct measured *measured;
	struct memo_set sets[MEMO_SETS];
};

struct programs *
programs_open(const char *const rows[][MEASURED_COLUMNS], size_t count)
{
	struct programs *programs = calloc(1, sizeof(*programs));

	if (programs == NULL)
		return NULL;
	programs->measured = measured_open(rows, count);
	if (programs->measured != NULL)
		return programs;
	free(programs);
	return NULL;
}

void
programs_free(struct programs *programs)
{
	if (programs == NULL)
		return;
	measured_free(programs->measured);
	free(programs);
}

/* --- together -------------------------------------------------------------- */

/* of_libraries returns the programs of `among`, or of all if that is NULL,
 * that use a library of `hello` and speak the protocol. */
static struct match
of_libraries(const struct clues *clues, const struct match *hello,
    const struct match *among)
{
	const struct measured *measured = clues->measured;
	struct match match = { { 0 }, { 0 } };

	for (size_t i = 0; i < measured->count; i++) {
		const struct measured_program *program = &measured->programs[i];

		if (among != NULL
			? among->share[i] == 0
			: (program->protocols >> clues->c->protocol & 1) == 0)
			continue;
		if (match_has_library(measured, hello, program->library))
			match.share[i] = among != NULL ? among->share[i] : 1;
	}
	return match;
}

/* widen adds all programs of the libraries where the hello is the library's,
 * not the program's: where only the suites are known, and below 1.3, as one
 * that was not seen to be held at such a version may still be. */
static struct match
widen(const struct clues *clues, const struct match *hello, unsigned evidence)
{
	struct match all;

	if (clues->c->offer.max_version >= TLS_1_3 &&
	    (evidence & PROGRAM_BY_SUITES) == 0)
		return *hello;
	all = of_libraries(clues, hello, NULL);
	for (size_t i = 0; i < MEASURED_MAX; i++)
		if (hello->share[i] > 0)
			all.share[i] = hello->share[i];
	return all;
}

/* --- the answer ------------------------------------------------------------ */

/* A candidate, to be put in order. */
struct candidate {
	const char *name;
	uint16_t share;
};

static int
compare_names(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	return strcmp(left->name, right->name);
}

/* The likeliest comes first. */
static int
compare_shares(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;
	int by = (left->share < right->share) - (left->share > right->share);

	return by != 0 ? by : compare_names(a, b);
}

/* Leaves the best of each name, which with several libraries is there several
 * times. */
static size_t
merge_names(struct candidate *candidates, size_t count)
{
	size_t kept = 0;

	qsort(candidates, count, sizeof(*candidates), compare_names);
	for (size_t i = 0; i < count; i++) {
		struct candidate *last =
		    kept > 0 ? &candidates[kept - 1] : NULL;

		if (last == NULL || strcmp(last->name, candidates[i].name) != 0)
			candidates[kept++] = candidates[i];
		else if (candidates[i].share > last->share)
			last->share = candidates[i].share;
	}
	return kept;
}

static void
tell(const struct measured *measured, const struct match *match,
    struct program *out)
{
	struct candidate candidates[MEASURED_MAX] = { { NULL, 0 } };
	size_t count = 0;

	for (size_t i = 0; i < measured->count; i++)
		if (match->share[i] > 0)
			candidates[count++] =
			    (struct candidate){ measured->programs[i].name,
				    match->share[i] };
	count = merge_names(candidates, count);
	if (count > PROGRAM_CANDIDATES_MAX)
		return; /* too many to be of use */
	qsort(candidates, count, sizeof(*candidates), compare_shares);
	for (size_t i = 0; i < count; i++)
		out->candidates[i] = candidates[i].name;
	out->count = count;
}

/* narrow puts together what the hello and the talk say.  Of the `*evidence`
 * it leaves what the result rests on. */
static struct match
narrow(const struct clues *clues, const struct match *hello,
    const struct match *talk, unsigned *evidence)
{
	struct match both = match_common(hello, talk);

	if (match_size(talk) == 0)
		return *hello;
	if (match_size(hello) == 0)
		return *talk;
	if (match_size(&both) > 0)
		return both;
	both = of_libraries(clues, hello, talk);
	if (match_size(&both) == 0) {
		*evidence &= ~(unsigned)PROGRAM_BY_ANY_TALK;
		return *hello;
	}
	*evidence &= ~(unsigned)PROGRAM_BY_ANY_HELLO;
	*evidence |= PROGRAM_BY_SUITES;
	return both;
}

/* It is the one candidate if nobody else talks like that, and if that does not
 * hang on the device that it was measured on. */
static bool
is_certain(const struct match *candidates, const struct match *hello,
    const struct match *talk)
{
	if (match_size(candidates) != 1 || match_size(talk) != 1)
		return false;
	for (size_t i = 0; i < MEASURED_MAX; i++)
		if (talk->share[i] > 0)
			return hello->share[i] > 0 &&
			       talk->devices[i] >= TALK_DEVICES_MIN;
	return false;
}

static void
judge(const struct clues *clues, struct program *out)
{
	const struct measured *measured = clues->measured;
	struct match hello = likeness_of_hello(clues, &out->evidence);
	struct match talk = likeness_of_talk(clues, &out->evidence);
	struct match wide = widen(clues, &hello, out->evidence);
	struct match candidates;

	if ((out->evidence & PROGRAM_BY_TALK) != 0)
		out->talk_library = match_library(measured, &talk);
	candidates = narrow(clues, &wide, &talk, &out->evidence);
	out->certain = is_certain(&candidates, &wide, &talk) &&
		       (out->evidence & PROGRAM_BY_TALK);
	tell(measured, &candidates, out);
	if (clues->c->suites[0] == '\0')
		return;
	out->library = match_library(measured, &candidates);
	if (out->library[0] == '\0')
		out->library = match_library(measured, &hello);
}

/* by_imap_id: the program says who it is */
static bool
by_imap_id(const struct clues *clues, struct program *out)
{
	struct match match;

	if (clues->id[0] == '\0')
		return false;
	match = likeness_of_id(clues);
	if (match_size(&match) == 0)
		return false;
	tell(clues->measured, &match, out);
	out->library = match_library(clues->measured, &match);
	out->certain = out->count == 1;
	out->evidence = PROGRAM_BY_IMAP_ID;
	return true;
}

/* What calls itself by a name that is not of the table is not of the table,
 * however alike it looks. */
static void
take_id(const struct clues *clues, struct program *out)
{
	if (clues->id[0] == '\0')
		return;
	snprintf(out->name, sizeof(out->name), "%s", clues->id);
	out->count = 0;
	out->certain = true;
	out->evidence |= PROGRAM_BY_IMAP_ID;
}

/* --- looking --------------------------------------------------------------- */

/* ask writes all that the answer depends on, and returns whether it is all
 * there. */
static bool
ask(const struct connection *c, struct question *out)
{
	const char *id = clues_id(c);
	size_t id_len = strlen(id);

	memset(out, 0, sizeof(*out));
	out->protocol = (uint8_t)c->protocol;
	out->encryption = (uint8_t)c->encryption;
	out->max_version = c->offer.max_version;
	out->has_ja3 = c->has_ja3;
	memcpy(out->ja3, c->ja3, sizeof(out->ja3));
	memcpy(out->ja4, c->ja4, sizeof(out->ja4));
	memcpy(out->ja4_fresh, c->ja4_fresh, sizeof(out->ja4_fresh));
	memcpy(out->suites, c->suites, sizeof(out->suites));
	manner_of(c, out->talk);
	if (id_len >= sizeof(out->id))
		return false;
	memcpy(out->id, id, id_len);
	return true;
}

static uint64_t
hash_of(const struct question *question)
{
	uint64_t words[sizeof(*question) / sizeof(uint64_t)], hash = 0;

	memcpy(words, question, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		hash = (hash ^ words[i]) * UINT64_C(0x9E3779B97F4A7C15);
	return hash;
}

/* memo_of returns the memo of `question`; it is not `given` if there was
 * none. */
static struct memo *
memo_of(struct programs *programs, const struct question *question)
{
	uint64_t hash = hash_of(question);
	struct memo_set *set = &programs->sets[(hash >> 32) % MEMO_SETS];
	struct memo *memo;

	for (size_t i = 0; i < MEMO_WAYS; i++) {
		memo = &set->memos[i];
		if (memo->given && memo->hash == hash &&
		    memcmp(&memo->question, question, sizeof(*question)) == 0)
			return memo;
	}
	memo = &set->memos[set->next];
	set->next = (set->next + 1) % MEMO_WAYS;
	memo->given = false;
	memo->hash = hash;
	memo->question = *question;
	return memo;
}

static void
answer(const struct programs *programs, const struct connection *c,
    struct program *out)
{
	struct clues clues;

	*out = (struct program){ .library = "", .talk_library = "" };
	clues_gather(programs->measured, c, &clues);
	if (by_imap_id(&clues, out))
		return;
	judge(&clues, out);
	take_id(&clues, out);
}

void
program_find(
    struct programs *programs, const struct connection *c, struct program *out)
{
	struct question question;
	struct memo *memo;

	if (programs == NULL) {
		*out = (struct program){ .library = "", .talk_library = "" };
		return;
	}
	if (!ask(c, &question)) {
		answer(programs, c, out);
		return;
	}
	memo = memo_of(programs, &question);
	if (!memo->given) {
		answer(programs, c, &memo->answer);
		memo->given = true;
	}
	*out = memo->answer;
}

/* --- beyond the table ------------------------------------------------------ */

/* How much of the name of a process is that of the program: `thunderbird-bin`,
 * `python3.11`, `Outlook.exe`. */
static size_t
stem_len(const char *process)
{
	size_t len = strcspn(process, ".");
	static const char tail[] = "-bin";
	size_t tail_len = sizeof(tail) - 1;

	if (len > tail_len &&
	    strncmp(process + len - tail_len, tail, tail_len) == 0)
		len -= tail_len;
	return len;
}

void
program_set_process(struct program *program, const char *process)
{
	size_t len = stem_len(process), fitting = 0;
	const char *fit = NULL;

	if (process[0] == '\0')
		return;
	for (size_t i = 0; i < program->count && len > 0; i++) {
		if (strncasecmp(program->candidates[i], process, len) != 0)
			continue;
		fit = program->candidates[i];
		fitting++;
	}
	program->count = 0;
	program->name[0] = '\0';
	if (fitting == 1)
		program->candidates[program->count++] = fit;
	else
		snprintf(program->name, sizeof(program->name), "%s", process);
	program->certain = true;
	program->evidence |= PROGRAM_BY_PROCESS;
}

const char *
program_name(const struct program *program)
{
	if (!program->certain)
		return NULL;
	return program->name[0] != '\0' ? program->name
					: program->candidates[0];
}

int
program_compare(const struct program *a, const struct program *b)
{
	int by = strcmp(a->name, b->name);

	if (by == 0)
		by = (a->count > b->count) - (a->count < b->count);
	for (size_t i = 0; i < a->count && by == 0; i++)
		by = strcmp(a->candidates[i], b->candidates[i]);
	return by;
}

const char *
program_evidence_name(unsigned bit)
{
	static const char *const names[] = { "process", "imap_id", "talk",
		"ja4", "ja3", "talk_nearly", "ja4_nearly", "ja4_partly",
		"cipher_suites" };

	return bit < sizeof(names) / sizeof(names[0]) ? names[bit] : NULL;
}
