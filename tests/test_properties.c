/* SPDX-License-Identifier: ISC */
/*
 * What holds for every connection, tried on generated ones.  The seed is
 * printed; MAILTLS_SEED sets it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dissect/maildissect.h"
#include "tests/kit.h"
#include "tests/mkplan.h"
#include "tests/mksame.h"

enum {
	ETHERNET = 1,
	ROUNDS = 150,       /* connections per property */
	PREFIX_ROUNDS = 20, /* each costs the square of its frames */
	GARBAGE_ROUNDS = 10000,
	RECORDS_MAX = 16,
	DEADLINE_S = 120,
	CANARY_LEN = 4096,
	CANARY = 0xc5,
	WINDOW = 4, /* frames that a frame is moved by at most */
};

struct records {
	struct connection of[RECORDS_MAX];
	size_t count;
};

static uint64_t seed;
static uint8_t *block;

static unsigned
pick(unsigned n)
{
	return (unsigned)(random_next(&seed) % n);
}

/* --- running the dissector ------------------------------------------------- */

static void
keep(void *arg, struct connection *c)
{
	struct records *records = arg;

	if (records->count < RECORDS_MAX) /* damage can make more */
		records->of[records->count++] = *c;
}

/* What the first `count` frames come to; what lies behind the block that the
 * dissector was given must stay as it is. */
static struct records
read_frames(const struct mkframes *list, size_t count)
{
	struct records records = { .count = 0 };
	struct md_config config = { .sightings = true, .seed = 1 };
	struct md *md;

	md_default_ports(config.mail_ports);
	config.hooks.arg = &records;
	config.hooks.over = keep;
	memset(block + MD_SIZE_MIN, CANARY, CANARY_LEN);
	md = md_init(block, MD_SIZE_MIN, &config);
	assert_non_null(md);
	for (size_t i = 0; i < count; i++) {
		const struct mkframe *f = &list->frames[i];
		uint8_t *copy = exact_copy(f->data, f->len);

		md_frame(md, ETHERNET, f->time_us, bytes_of(copy, f->len),
		    f->wire_len);
		free(copy);
	}
	md_end(md);
	for (size_t i = 0; i < CANARY_LEN; i++)
		assert_int_equal(block[MD_SIZE_MIN + i], CANARY);
	return records;
}

static struct records
read_all(const struct mkframes *list)
{
	return read_frames(list, list->count);
}

/* --- comparing records ----------------------------------------------------- */

static void
same_records(const struct records *a, const struct records *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++)
		mksame(&a->of[i], &b->of[i]);
}

static void
same_bytes(const struct records *a, const struct records *b)
{
	for (size_t i = 0; i < a->count; i++) {
		assert_int_equal(
		    a->of[i].end[CLIENT].bytes, b->of[i].end[CLIENT].bytes);
		assert_int_equal(
		    a->of[i].end[SERVER].bytes, b->of[i].end[SERVER].bytes);
	}
}

/* --- the properties -------------------------------------------------------- */

/* What was built is what is read: else the rest would prove little. */
static void
a_plan_is_read_as_it_was_made(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct mkframes list = { 0 };
		struct mkplan p = mkplan_any(&seed);
		struct records r;
		const struct connection *c = &r.of[0];
		bool chosen = !p.login && p.end != 1;

		mkplan_play(&list, &p);
		r = read_all(&list);
		assert_int_equal(r.count, 1);
		assert_int_equal(c->incomplete, 0);
		assert_int_equal(c->login, p.login);
		assert_int_equal(c->offer.max_version, p.login ? 0 : p.max);
		assert_int_equal(c->answer.version, chosen ? p.chosen : 0);
		assert_int_equal(c->answer.established, chosen && p.end != 2);
		assert_int_equal(
		    c->alert_count, !p.login && (p.end == 1 || p.end == 2));
		mkframes_clear(&list);
	}
}

static void
it_does_not_matter_how_a_stream_is_cut(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct mkframes whole = { 0 }, cut = { 0 };
		struct mkplan p = mkplan_any(&seed);
		struct records a, b;

		mkplan_play(&whole, &p);
		p.mss = 1 + pick(pick(2) ? 40 : 500);
		mkplan_play(&cut, &p);
		a = read_all(&whole);
		b = read_all(&cut);
		same_records(&a, &b);
		same_bytes(&a, &b);
		mkframes_clear(&whole);
		mkframes_clear(&cut);
	}
}

/* Not the SYN, which tells the client from the server, and not what ends the
 * connection, of which the first to come says who did. */
static void
shuffle(struct mkframes *list)
{
	for (size_t i = 3; i + 3 + WINDOW < list->count; i++)
		mkframes_swap(list, i, i + pick(WINDOW));
}

static void
the_order_within_a_window_does_not_matter(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct mkframes list = { 0 };
		struct mkplan p = mkplan_any(&seed);
		struct records a, b;

		p.mss = 1 + pick(200);
		mkplan_play(&list, &p);
		a = read_all(&list);
		shuffle(&list);
		b = read_all(&list);
		same_records(&a, &b);
		/* of a connection that needs no more reading, few of the holes
		 * are remembered: bytes that come late may go uncounted */
		assert_true(
		    b.of[0].end[CLIENT].bytes <= a.of[0].end[CLIENT].bytes);
		assert_true(
		    b.of[0].end[SERVER].bytes <= a.of[0].end[SERVER].bytes);
		mkframes_clear(&list);
	}
}

static void
packets_seen_twice_count_once(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct mkframes list = { 0 }, twice = { 0 };
		struct mkplan p = mkplan_any(&seed);
		struct records a, b;

		p.mss = 1 + pick(400);
		mkplan_play(&list, &p);
		for (size_t i = 0; i < list.count; i++) {
			mkframes_copy(&twice, &list, i);
			if (pick(2))
				mkframes_copy(&twice, &list, i);
			if (i > 3 && pick(4) == 0)
				mkframes_copy(&twice, &list, i - pick(WINDOW));
		}
		a = read_all(&list);
		b = read_all(&twice);
		same_records(&a, &b);
		same_bytes(&a, &b);
		mkframes_clear(&list);
		mkframes_clear(&twice);
	}
}

/*
 * The same bytes again, cut otherwise: what was already there is not changed
 * and not counted.  Both cuts are played into one list, each frame of the
 * second behind the frames of the first that carry the same bytes.
 */
static void
retransmissions_that_overlap_change_nothing(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct mkframes list = { 0 }, other = { 0 }, both = { 0 };
		struct mkplan p = mkplan_any(&seed);
		struct records a, b;
		size_t at = 3;

		p.mss = 100 + pick(300);
		mkplan_play(&list, &p);
		p.mss = 100 + pick(300);
		mkplan_play(&other, &p);
		for (size_t i = 0; i < list.count; i++) {
			size_t done = (i + 1) * other.count / list.count;

			mkframes_copy(&both, &list, i);
			for (; i > 3 && at < done && at + 3 < other.count; at++)
				mkframes_copy(&both, &other, at);
		}
		for (size_t i = 0; i < both.count; i++)
			both.frames[i].time_us = list.frames[0].time_us +
						 (int64_t)i * MKPLAN_STEP_US;
		a = read_all(&list);
		b = read_all(&both);
		same_records(&a, &b);
		same_bytes(&a, &b);
		mkframes_clear(&list);
		mkframes_clear(&other);
		mkframes_clear(&both);
	}
}

/* A number that was known stays; 0 may become known. */
#define GROWS(field)                                                           \
	do {                                                                   \
		if (part->field != 0)                                          \
			assert_int_equal(part->field, whole->field);           \
	} while (0)

static void
never_contradicts(const struct connection *part, const struct connection *whole)
{
	GROWS(offer.seen);
	GROWS(offer.max_version);
	GROWS(offer.legacy_version);
	GROWS(offer.sslv2_format);
	GROWS(answer.seen);
	GROWS(answer.version);
	GROWS(answer.cipher);
	GROWS(answer.group);
	GROWS(answer.sentinel);
	GROWS(answer.established);
	GROWS(answer.hello_retry);
	GROWS(tls);
	GROWS(login);
	GROWS(secret_exposed);
	GROWS(protocol);
	GROWS(closed_by);
	GROWS(change_cipher[CLIENT]);
	GROWS(change_cipher[SERVER]);
	assert_true(part->end[CLIENT].bytes <= whole->end[CLIENT].bytes);
	assert_true(part->end[SERVER].bytes <= whole->end[SERVER].bytes);
	assert_true(part->alert_count <= whole->alert_count);
	assert_memory_equal(part->alerts, whole->alerts,
	    part->alert_count * sizeof(part->alerts[0]));
	if (part->offer.server_name[0] != '\0')
		assert_string_equal(
		    part->offer.server_name, whole->offer.server_name);
	if (part->encryption > ENCRYPTION_NONE)
		assert_int_equal(part->encryption, whole->encryption);
}

static void
a_prefix_never_contradicts_the_whole(void **state)
{
	(void)state;
	for (int round = 0; round < PREFIX_ROUNDS; round++) {
		struct mkframes list = { 0 };
		struct mkplan p = mkplan_any(&seed);
		struct records whole;

		p.mss = 10 + pick(300);
		mkplan_play(&list, &p);
		whole = read_all(&list);
		for (size_t n = 0; n < list.count; n++) {
			struct records part = read_frames(&list, n);

			assert_true(part.count <= 1);
			if (part.count == 1)
				never_contradicts(&part.of[0], &whole.of[0]);
		}
		mkframes_clear(&list);
	}
}

/* No frame but the first may be lost without a trace: a version is right or
 * not there. */
static void
what_is_lost_is_never_made_up(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct mkframes list = { 0 }, rest = { 0 };
		struct mkplan p = mkplan_any(&seed);
		struct records r;

		p.mss = 10 + pick(300);
		mkplan_play(&list, &p);
		for (size_t i = 0; i < list.count; i++)
			if (pick(8) != 0)
				mkframes_copy(&rest, &list, i);
		r = read_all(&rest);
		for (size_t i = 0; i < r.count; i++) {
			uint16_t version = r.of[i].answer.version;
			uint16_t max = r.of[i].offer.max_version;

			assert_true(version == 0 || version == p.chosen);
			assert_true(max == 0 || max == p.max);
		}
		mkframes_clear(&list);
		mkframes_clear(&rest);
	}
}

static void
garbage_is_survived_and_says_nothing(void **state)
{
	struct mkframes list = { 0 };
	static struct mkbytes b;
	struct records r;

	(void)state;
	for (int round = 0; round < GARBAGE_ROUNDS; round++) {
		b.len = 0;
		mkbytes_random(&b, random_next(&seed), pick(120));
		/* half of it says that it is IPv4 or IPv6 */
		if (b.len > 14 && pick(2)) {
			b.data[12] = pick(2) ? 0x08 : 0x86;
			b.data[13] = b.data[12] == 0x08 ? 0x00 : 0xdd;
			b.data[14] = b.data[12] == 0x08 ? 0x45 : 0x60;
		}
		mkframes_add(&list, round * 1000, &b, b.len);
	}
	r = read_all(&list);
	for (size_t i = 0; i < r.count; i++)
		assert_int_equal(r.of[i].answer.version, 0);
	mkframes_clear(&list);
}

/* One bit of one frame wrong: perhaps another answer, never a crash. */
static void
damaged_frames_are_survived(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct mkframes list = { 0 };
		struct mkplan p = mkplan_any(&seed);

		p.mss = 10 + pick(300);
		mkplan_play(&list, &p);
		for (size_t i = 0; i < list.count; i++) {
			struct mkframe *f = &list.frames[i];

			if (pick(3) == 0)
				f->data[pick(f->len)] ^=
				    (uint8_t)(1u << pick(8));
		}
		read_all(&list);
		mkframes_clear(&list);
	}
}

static int
set_up(void **state)
{
	const char *given = getenv("MAILTLS_SEED");

	(void)state;
	seed = given != NULL ? strtoull(given, NULL, 0) : 20260101;
	fprintf(stderr, "# MAILTLS_SEED=%llu\n", (unsigned long long)seed);
	alarm(DEADLINE_S); /* a loop without end is an error */
	block = malloc(MD_SIZE_MIN + CANARY_LEN);
	return block == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(block);
	return 0;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_is_read_as_it_was_made),
		cmocka_unit_test(it_does_not_matter_how_a_stream_is_cut),
		cmocka_unit_test(the_order_within_a_window_does_not_matter),
		cmocka_unit_test(packets_seen_twice_count_once),
		cmocka_unit_test(retransmissions_that_overlap_change_nothing),
		cmocka_unit_test(a_prefix_never_contradicts_the_whole),
		cmocka_unit_test(what_is_lost_is_never_made_up),
		cmocka_unit_test(garbage_is_survived_and_says_nothing),
		cmocka_unit_test(damaged_frames_are_survived),
	};

	return cmocka_run_group_tests_name(
	    "properties", tests, set_up, tear_down);
}
