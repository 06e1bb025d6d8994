/* SPDX-License-Identifier: ISC */
/* What several threads make of a capture is what one does. */
#include "capture/jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/load.h"
#include "dissect/hello.h"
#include "tests/kit.h"
#include "tests/mktls.h"

enum {
	ETHERNET = 1,
	LARGE = 32 << 20,
	TALKS = 400,
	AT_A_TIME = 40, /* of them, side by side */
	TOLD_MAX = 4 * TALKS,
};

/* What the hooks were told, in order: of a sighting, its name alone. */
struct told {
	struct connection over[TOLD_MAX];
	size_t count, sightings;
	bool elsewhere; /* one came from another thread */
	const struct jobs *jobs;
	struct md_stats stats;
};

static struct mkframes frames;
static struct told alone, together;

static void
on_over(void *arg, struct connection *c)
{
	struct told *told = arg;

	told->elsewhere |= jobs_is_other(told->jobs);
	if (told->count < TOLD_MAX)
		told->over[told->count] = *c;
	told->count++;
}

/* Between which connections one was heard is told as well. */
static void
on_sighting(void *arg, const struct sighting *s)
{
	struct told *told = arg;
	struct connection *c = &told->over[told->count];

	told->sightings++;
	if (told->count < TOLD_MAX)
		memcpy(c->ehlo, s->name, sizeof(c->ehlo));
	told->count++;
}

static void
on_hello(void *arg, struct connection *c, const struct client_hello *hello)
{
	(void)arg;
	c->has_ja3 = true;
	bytes_copy(hello->random, c->ja3, sizeof(c->ja3));
}

/* run reads all frames with `count` threads and `memory` bytes of loads. */
static void
run(unsigned count, size_t memory, bool settle_here, struct told *told)
{
	static struct md_config config;
	void *block = malloc(LARGE);
	struct jobs *jobs;
	struct md *md;

	assert_non_null(block);
	memset(told, 0, sizeof(*told));
	md_default_ports(config.mail_ports);
	config.sightings = config.sharded = true;
	config.seed = 4711;
	config.hooks = (struct md_hooks){ .arg = told,
		.client_hello = on_hello,
		.over = on_over,
		.sighting = on_sighting };
	md = md_init(block, LARGE, &config);
	assert_non_null(md);
	assert_int_equal(md_shards(md), MD_SHARDS_MAX);
	jobs = jobs_new(md, count, memory, settle_here);
	assert_int_equal(jobs != NULL, count > 1);
	told->jobs = jobs;
	for (size_t i = 0; i < frames.count; i++)
		md_frame(md, ETHERNET, frames.frames[i].time_us,
		    bytes_of(frames.frames[i].data, frames.frames[i].len),
		    frames.frames[i].wire_len);
	jobs_finish(jobs);
	jobs_free(jobs);
	told->jobs = NULL;
	md_end(md);
	told->stats = md_statistics(md);
	free(block);
}

/* --- the capture ----------------------------------------------------------- */

/* An answer of mDNS: 10.0.0.9 is n`number`.local */
static void
say_name(struct mktalk *t, unsigned number)
{
	static const uint8_t header[] = { 0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0,
		5 };
	static const uint8_t answer[] = { 5, 'l', 'o', 'c', 'a', 'l', 0, 0, 1,
		0, 1, 0, 0, 0, 120, 0, 4, 10, 0, 0, 9 };
	uint8_t ports[8] = { 0x14, 0xe9, 0x14, 0xe9, 0, 0, 0, 0 };
	struct mkbytes udp = { 0 }, ip = { 0 };
	char name[8];

	snprintf(name, sizeof(name), "n%04u", number % 10000);
	ports[5] = (uint8_t)(8 + sizeof(header) + 5 + sizeof(answer));
	mkbytes_put(&udp, ports, sizeof(ports));
	mkbytes_put(&udp, header, sizeof(header));
	mkbytes_put(&udp, name, 5);
	mkbytes_put(&udp, answer, sizeof(answer));
	mktalk_ip(t, CLIENT, 17, &udp, 0, &ip);
	mktalk_frame(t, CLIENT, &ip);
}

static struct mktalk
open_talk(unsigned number, int64_t now_us)
{
	struct mktalk t = mktalk_of(&frames, number % 3 == 0,
	    (uint16_t)(10000 + number), number % 2 == 0 ? 993 : 465);

	t.now_us = now_us;
	mktalk_open(&t);
	return t;
}

/* A NAT in between: the same handshake comes by once more. */
static struct mktalk
outside_of(const struct mktalk *t)
{
	static const uint8_t address[16] = { 203, 0, 113, 7 };
	struct mktalk twin = *t;

	memcpy(twin.host[CLIENT].ip, address, sizeof(address));
	mktalk_open(&twin);
	return twin;
}

/* Some hellos are never answered, so that it is time that ends them. */
static void
shake_hands(struct mktalk *t, unsigned number)
{
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_0);
	struct mktalk twin;

	deal.offer.seed = number + 1;
	if (number % 10 == 3 && !t->ipv6) {
		twin = outside_of(t);
		mktls_say_hello(&twin, &deal.offer);
		t->now_us = twin.now_us;
	}
	if (number % 7 == 0) {
		mktls_say_hello(t, &deal.offer);
		return;
	}
	mktls_handshake(t, &deal);
	for (unsigned i = 0; i < 4; i++)
		mktls_say_data(t, SERVER, 1200);
	if (number % 5 != 0)
		mktalk_close(t, CLIENT);
}

/* Many talks side by side, some of which are lost by idleness in between. */
static int
record(void **state)
{
	struct mktalk talks[AT_A_TIME];
	int64_t now_us = INT64_C(1653000000000000);

	(void)state;
	for (unsigned first = 0; first < TALKS; first += AT_A_TIME) {
		for (unsigned i = 0; i < AT_A_TIME; i++) {
			talks[i] = open_talk(first + i, now_us);
			now_us = talks[i].now_us;
		}
		for (unsigned i = 0; i < AT_A_TIME; i++) {
			talks[i].now_us = now_us;
			shake_hands(&talks[i], first + i);
			say_name(&talks[i], first + i);
			now_us = talks[i].now_us;
		}
		now_us += INT64_C(100) * 1000000;
	}
	return 0;
}

static int
gone(void **state)
{
	(void)state;
	mkframes_clear(&frames);
	return 0;
}

/* --- tests ----------------------------------------------------------------- */

static void
assert_same(void)
{
	assert_true(alone.count > TALKS);
	assert_int_equal(together.count, alone.count);
	for (size_t i = 0; i < alone.count && i < TOLD_MAX; i++)
		assert_memory_equal(
		    &together.over[i], &alone.over[i], sizeof(alone.over[i]));
	assert_memory_equal(&together.stats, &alone.stats, sizeof(alone.stats));
}

static void
however_many_threads_there_are_the_same_comes_out(void **state)
{
	size_t bytes = 0;

	(void)state;
	for (size_t i = 0; i < frames.count; i++)
		bytes += frames.frames[i].len;
	assert_true(bytes > 6 * (size_t)LOAD_SIZE);
	run(1, 0, false, &alone);
	assert_true(alone.stats.twins > 0);
	assert_true(alone.sightings > 0);
	assert_false(alone.elsewhere);
	for (unsigned count = 2; count <= JOBS_MAX + 2; count++) {
		run(count, count % 2 == 0 ? 0 : LARGE, false, &together);
		assert_same();
	}
}

static void
what_is_to_be_settled_here_is(void **state)
{
	(void)state;
	run(1, 0, false, &alone);
	run(4, 0, true, &together);
	assert_same();
	assert_false(together.elsewhere);
}

static void
one_shard_is_for_one_thread(void **state)
{
	static struct md_config config;
	void *block = malloc(MD_SIZE_MIN);
	struct md *md;

	(void)state;
	assert_non_null(block);
	config.sharded = true;
	md = md_init(block, MD_SIZE_MIN, &config);
	assert_non_null(md);
	assert_null(jobs_new(md, 8, 0, false));
	free(block);
}

static void
nothing_read_is_nothing_to_finish(void **state)
{
	struct mkframes all = frames;

	(void)state;
	memset(&frames, 0, sizeof(frames));
	run(3, 0, false, &together);
	assert_int_equal(together.count, 0);
	frames = all;
}

static void
there_is_a_core(void **state)
{
	(void)state;
	assert_true(jobs_cores() >= 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    however_many_threads_there_are_the_same_comes_out),
		cmocka_unit_test(what_is_to_be_settled_here_is),
		cmocka_unit_test(one_shard_is_for_one_thread),
		cmocka_unit_test(nothing_read_is_nothing_to_finish),
		cmocka_unit_test(there_is_a_core),
	};

	return cmocka_run_group_tests_name("jobs", tests, record, gone);
}
