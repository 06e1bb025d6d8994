/* SPDX-License-Identifier: ISC */
/* The dissector as a whole: what its caller is told, and its bounds. */
#include "dissect/maildissect.h"

#include <stdlib.h>
#include <string.h>

#include "tests/kit.h"
#include "tests/mktls.h"

enum {
	ETHERNET = 1,
	RECORDS_MAX = 4096,
};

/* What the hooks were told. */
static struct {
	struct connection over[RECORDS_MAX];
	size_t over_count, judged_count, client_hellos, server_hellos;
	size_t certificates, sightings;
	int64_t judged_at_us;
} told;

static struct mkframes frames;
static void *block;
static struct md *md;

static void
on_client_hello(
    void *arg, struct connection *c, const struct client_hello *hello)
{
	(void)arg;
	assert_true(c->offer.seen);
	assert_int_equal(hello->random.len, 32);
	told.client_hellos++;
}

static void
on_server_hello(
    void *arg, struct connection *c, const struct server_hello *hello)
{
	(void)arg;
	assert_int_equal(c->answer.version, hello->version);
	told.server_hellos++;
}

static void
on_certificate(
    void *arg, struct connection *c, enum side side, struct bytes list)
{
	struct bytes leaf = bytes_vec24(&list);

	(void)arg;
	(void)c;
	assert_int_equal(side, SERVER);
	assert_int_equal(leaf.len, MKTLS_CERTIFICATE_LEN);
	assert_memory_equal(leaf.data, mktls_certificate, leaf.len);
	told.certificates++;
}

static void
on_judged(void *arg, struct connection *c)
{
	(void)arg;
	told.judged_count++;
	told.judged_at_us = c->last_us;
}

static void
on_over(void *arg, struct connection *c)
{
	(void)arg;
	if (told.over_count < RECORDS_MAX)
		told.over[told.over_count] = *c;
	told.over_count++;
}

static void
on_sighting(void *arg, const struct sighting *s)
{
	(void)arg;
	(void)s;
	told.sightings++;
}

static void
start(size_t size)
{
	static struct md_config config;

	md_default_ports(config.mail_ports);
	config.sightings = true;
	config.seed = 4711;
	config.hooks = (struct md_hooks){
		.client_hello = on_client_hello,
		.server_hello = on_server_hello,
		.certificate = on_certificate,
		.judged = on_judged,
		.over = on_over,
		.sighting = on_sighting,
	};
	block = realloc(block, size);
	assert_non_null(block);
	memset(block, 0xa5, size);
	md = md_init(block, size, &config);
	assert_non_null(md);
	memset(&told, 0, sizeof(told));
}

static int
fresh(void **state)
{
	(void)state;
	start(MD_SIZE_MIN);
	return 0;
}

static int
gone(void **state)
{
	(void)state;
	mkframes_clear(&frames);
	free(block);
	block = NULL;
	return 0;
}

static void
feed(size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct mkframe *frame = &frames.frames[i];
		uint8_t *copy = exact_copy(frame->data, frame->len);

		md_frame(md, ETHERNET, frame->time_us,
		    bytes_of(copy, frame->len), frame->wire_len);
		free(copy);
	}
}

/* handshake records a whole connection that ends by FIN. */
static struct mktalk
handshake(uint16_t port, uint16_t max, uint16_t chosen)
{
	struct mkdeal deal = mkdeal_of(max, chosen);
	struct mktalk t = mktalk_of(&frames, false, port, 993);

	deal.offer.seed = port; /* every client its own random */
	mktalk_open(&t);
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
	return t;
}

static void
every_hook_is_called_when_it_is_due(void **state)
{
	(void)state;
	handshake(40000, TLS_1_2, TLS_1_2);
	feed(0, frames.count - 3); /* all but the closing */
	assert_int_equal(told.client_hellos, 1);
	assert_int_equal(told.server_hellos, 1);
	assert_int_equal(told.certificates, 1);
	assert_int_equal(told.judged_count, 1);
	assert_int_equal(told.over_count, 0);
	feed(frames.count - 3, frames.count);
	assert_int_equal(told.judged_count, 1);
	assert_int_equal(told.over_count, 1);
	assert_true(told.over[0].answer.established);
	assert_int_equal(told.over[0].closed_by, CLOSED_BY_CLIENT);
	assert_true(told.judged_at_us < told.over[0].last_us);
	md_end(md);
	assert_int_equal(told.over_count, 1);
}

static void
the_end_comes_in_order_of_first_packets(void **state)
{
	struct mkdeal deal = mkdeal_of(TLS_1_3, TLS_1_3);
	struct mktalk a = mktalk_of(&frames, false, 1001, 993), b;

	(void)state;
	mktalk_open(&a);
	b = mktalk_of(&frames, false, 1002, 993);
	mktalk_open(&b);
	b.now_us += 1000000;
	deal.offer.seed = 1;
	mktls_say_hello(&b, &deal.offer);
	a.now_us = b.now_us;
	deal.offer.seed = 2;
	mktls_say_hello(&a, &deal.offer);
	feed(0, frames.count);
	assert_int_equal(told.over_count, 0);
	md_end(md);
	assert_int_equal(told.over_count, 2);
	assert_int_equal(told.over[0].end[CLIENT].port, 1001);
	assert_int_equal(told.over[1].end[CLIENT].port, 1002);
	assert_int_equal(told.over[0].closed_by, CLOSED_BY_NONE);
}

static void
a_silent_connection_is_over_after_five_minutes(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 1001, 25);
	int64_t last_us;

	(void)state;
	mktalk_open(&t);
	mktalk_lines(&t, "S:220 mx.example.net ESMTP\n");
	feed(0, frames.count);
	last_us = frames.frames[frames.count - 1].time_us;
	md_tick(md, last_us + 299 * 1000000LL);
	assert_int_equal(told.over_count, 0);
	md_tick(md, last_us + 302 * 1000000LL);
	assert_int_equal(told.over_count, 1);
	assert_int_equal(told.over[0].protocol, MAIL_SMTP);
	assert_int_equal(told.over[0].last_us, last_us);
}

static void
a_connection_without_a_byte_gives_no_record(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 1001, 25);

	(void)state;
	mktalk_open(&t);
	mktalk_reset(&t, SERVER);
	feed(0, frames.count);
	md_end(md);
	assert_int_equal(told.over_count, 0);
	assert_int_equal(md_statistics(md).flows, 1);
	assert_int_equal(md_statistics(md).flows_without_data, 1);
}

static void
other_ports_are_passed_over(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 1001, 443);
	struct mkdeal deal = mkdeal_of(TLS_1_3, TLS_1_3);

	(void)state;
	mktalk_open(&t);
	mktls_handshake(&t, &deal);
	feed(0, frames.count);
	md_end(md);
	assert_int_equal(told.over_count, 0);
	assert_int_equal(md_statistics(md).frames_skipped, frames.count);
}

static void
the_same_ports_can_be_used_again(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct mktalk t = mktalk_of(&frames, false, 1001, 993);
		struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_0);

		deal.offer.seed = (uint64_t)i + 1;
		t.next[CLIENT] += 1000u * (unsigned)i;
		t.next[SERVER] += 1000u * (unsigned)i;
		mktalk_open(&t);
		mktls_handshake(&t, &deal);
		if (i == 1) /* the second is left open */
			continue;
		mktalk_close(&t, SERVER);
	}
	feed(0, frames.count);
	md_end(md);
	assert_int_equal(told.over_count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(told.over[i].answer.version, TLS_1_0);
	assert_int_equal(told.over[1].closed_by, CLOSED_BY_NONE);
}

static void
late_packets_of_a_closed_connection_start_nothing(void **state)
{
	struct mktalk t = handshake(1001, TLS_1_2, TLS_1_2);

	(void)state;
	mktls_say_data(&t, SERVER, 500);
	mktalk_reset(&t, CLIENT);
	feed(0, frames.count);
	md_end(md);
	assert_int_equal(told.over_count, 1);
}

/* half_open records `count` connections that say a little and never end, the
 * first from port 2000 + `from`. */
static void
half_open(unsigned from, unsigned count)
{
	for (unsigned i = from; i < from + count; i++) {
		struct mktalk t =
		    mktalk_of(&frames, false, (uint16_t)(2000 + i), 25);

		mktalk_open(&t);
		mktalk_lines(&t, "S:220 mx.example.net ESMTP\n");
	}
}

/* feed_evenly feeds all frames, a millisecond apart. */
static void
feed_evenly(void)
{
	for (size_t i = 0; i < frames.count; i++)
		frames.frames[i].time_us =
		    frames.frames[0].time_us + (int64_t)i * 1000;
	feed(0, frames.count);
	md_end(md);
}

/* told_from returns how many connections from client port `port` were told, and
 * sets `*out` to the last of them. */
static size_t
told_from(uint16_t port, const struct connection **out)
{
	size_t count = 0;

	*out = NULL;
	for (size_t i = 0; i < told.over_count; i++) {
		if (told.over[i].end[CLIENT].port != port)
			continue;
		*out = &told.over[i];
		count++;
	}
	return count;
}

static void
a_flood_takes_the_place_of_the_least_worthy_only(void **state)
{
	struct mktalk good = mktalk_of(&frames, false, 1001, 993);
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_1);
	const struct connection *c;
	struct md_stats stats;

	(void)state;
	half_open(0, 3000);
	mktalk_open(&good);
	half_open(3000, 50);
	mktls_say_hello(&good, &deal.offer);
	half_open(3050, 50);
	mktls_say_answer(&good, &deal);
	half_open(3100, 50);
	mktls_say_finished(&good, &deal);
	feed_evenly();
	stats = md_statistics(md);
	assert_int_equal(told.over_count, 3151);
	assert_true(stats.flows_evicted > 2000);
	assert_true(told.over[0].incomplete & INCOMPLETE_OVERFLOW);
	assert_int_equal(told_from(1001, &c), 1);
	assert_non_null(c);
	assert_int_equal(c->answer.version, TLS_1_1);
	assert_false(c->incomplete & INCOMPLETE_OVERFLOW);
	assert_true(stats.connections_peak < 1000);
}

static void
hellos_without_an_answer_keep_nobody_out(void **state)
{
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_0);
	struct mktalk good = mktalk_of(&frames, false, 1001, 587);
	const struct connection *c;

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		struct mktalk t =
		    mktalk_of(&frames, false, (uint16_t)(2000 + i), 993);

		deal.offer.seed = i + 1;
		mktalk_open(&t);
		mktls_say_hello(&t, &deal.offer);
	}
	deal.offer.seed = 0;
	mktalk_open(&good);
	mktalk_lines(&good, "S:220 mx.example.net ESMTP\n"
			    "C:EHLO laptop\n");
	half_open(3000, 50);
	mktalk_lines(&good, "S:250-mx.example.net\n"
			    "S:250 STARTTLS\n"
			    "C:STARTTLS\n"
			    "S:220 Go ahead\n");
	mktls_handshake(&good, &deal);
	feed_evenly();
	assert_int_equal(told_from(1001, &c), 1);
	assert_non_null(c);
	assert_int_equal(c->answer.version, TLS_1_0);
}

static void
what_had_to_make_room_is_told_once(void **state)
{
	struct mktalk good = mktalk_of(&frames, false, 1001, 993);
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_2);
	const struct connection *c;

	(void)state;
	mktalk_open(&good);
	mktls_handshake(&good, &deal);
	for (unsigned i = 0; i < 40; i++) {
		half_open(i * 50, 50);
		mktls_say_data(&good, SERVER, 500);
	}
	feed_evenly();
	assert_int_equal(told_from(1001, &c), 1);
	assert_non_null(c);
	assert_int_equal(c->answer.version, TLS_1_2);
	assert_true(c->end[SERVER].bytes < 40 * 500); /* it did make room */
}

static void
nothing_is_written_behind_the_block(void **state)
{
	enum {
		CANARY = 64
	};
	struct md_config config = { .sightings = true };
	uint8_t *end;

	(void)state;
	block = realloc(block, MD_SIZE_MIN + CANARY);
	end = (uint8_t *)block + MD_SIZE_MIN;
	memset(end, 0x5a, CANARY);
	md_default_ports(config.mail_ports);
	assert_null(md_init(block, MD_SIZE_MIN - 1, &config));
	md = md_init(block, MD_SIZE_MIN, &config);
	half_open(0, 1500);
	feed(0, frames.count);
	md_end(md);
	for (int i = 0; i < CANARY; i++)
		assert_int_equal(end[i], 0x5a);
}

static void
the_outer_side_of_a_nat_gives_no_record(void **state)
{
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_2);
	struct mktalk inside = mktalk_of(&frames, false, 1001, 993), outside;

	(void)state;
	memcpy(inside.host[CLIENT].ip, "\xc0\xa8\x01\x02", 4);
	outside = inside;
	memcpy(outside.host[CLIENT].ip, "\xcb\x00\x71\x09", 4);
	/* the outer side is heard first here, and is not preferred for it */
	mktalk_open(&outside);
	mktalk_open(&inside);
	mktls_say_hello(&outside, &deal.offer);
	mktls_say_hello(&inside, &deal.offer);
	mktls_say_answer(&outside, &deal);
	mktls_say_answer(&inside, &deal);
	mktls_say_finished(&inside, &deal);
	mktls_say_finished(&outside, &deal);
	feed(0, frames.count);
	md_end(md);
	assert_int_equal(told.over_count, 1);
	assert_memory_equal(told.over[0].end[CLIENT].ip, "\xc0\xa8\x01\x02", 4);
	assert_int_equal(md_statistics(md).twins, 1);
}

/* As when two interfaces are listened on, and one has more to say at first. */
static void
both_sides_of_a_nat_are_judged_once(void **state)
{
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_2);
	struct mktalk inside = mktalk_of(&frames, false, 1001, 993), outside;

	(void)state;
	memcpy(inside.host[CLIENT].ip, "\xc0\xa8\x01\x02", 4);
	outside = inside;
	memcpy(outside.host[CLIENT].ip, "\xcb\x00\x71\x09", 4);
	mktalk_open(&outside);
	mktls_say_hello(&outside, &deal.offer);
	mktls_say_answer(&outside, &deal);
	mktls_say_finished(&outside, &deal);
	mktalk_open(&inside);
	mktls_say_hello(&inside, &deal.offer);
	mktls_say_answer(&inside, &deal);
	mktls_say_finished(&inside, &deal);
	feed(0, frames.count);
	md_end(md);
	assert_int_equal(told.judged_count, 1);
	assert_int_equal(told.over_count, 1);
	assert_memory_equal(told.over[0].end[CLIENT].ip, "\xc0\xa8\x01\x02", 4);
	assert_true(told.over[0].judged);
}

static void
bytes_are_counted_once_before_and_after_the_handshake(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 1001, 993);
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_2);
	uint32_t start_seq = t.next[SERVER];
	size_t hello;

	(void)state;
	mktalk_open(&t);
	mktls_handshake(&t, &deal);
	mktls_say_data(&t, SERVER, 5000);
	hello = frames.count - 2;
	mkframes_copy(&frames, &frames, hello); /* seen twice */
	mkframes_swap(&frames, hello - 1, hello);
	mktalk_close(&t, CLIENT);
	feed(0, frames.count);
	md_end(md);
	assert_int_equal(told.over_count, 1);
	/* what was sent, less SYN and FIN */
	assert_int_equal(
	    told.over[0].end[SERVER].bytes, t.next[SERVER] - start_seq - 2);
}

static void
both_sides_may_acknowledge_what_never_was(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 1001, 25);

	(void)state;
	mktalk_open(&t);
	mktalk_lines(&t, "S:220 mx.example.net ESMTP\n");
	t.next[CLIENT] += 50; /* each now answers what the other never said */
	t.next[SERVER] += 50;
	mktalk_segment(&t, CLIENT, TCP_ACK, t.next[CLIENT] - 50,
	    "EHLO pc.example.net\r\n", 21);
	mktalk_segment(&t, SERVER, TCP_ACK, t.next[SERVER] - 50,
	    "250 mx.example.net\r\n", 20);
	feed(0, frames.count);
	md_end(md);
	assert_int_equal(told.over_count, 1);
	assert_string_equal(told.over[0].ehlo, "pc.example.net");
}

static void
every_counter_has_a_name_of_its_own(void **state)
{
	(void)state;
	assert_int_equal(
	    md_stat_count * sizeof(uint64_t), sizeof(struct md_stats));
	for (unsigned i = 0; i < md_stat_count; i++)
		for (unsigned j = 0; j < i; j++) {
			assert_string_not_equal(
			    md_stat_names[i].name, md_stat_names[j].name);
			assert_int_not_equal(
			    md_stat_names[i].offset, md_stat_names[j].offset);
		}
}

static void
time_that_runs_backwards_is_survived(void **state)
{
	(void)state;
	handshake(1001, TLS_1_2, TLS_1_2);
	for (size_t i = 0; i < frames.count; i++)
		frames.frames[i].time_us =
		    i % 2 == 0 ? INT64_MAX / 2 : -1000000 * (int64_t)i;
	feed(0, frames.count);
	md_end(md);
	assert_int_equal(told.over_count, 1);
	assert_int_equal(told.over[0].answer.version, TLS_1_2);
}

/* clang-format off */
#define TEST(t) cmocka_unit_test_setup_teardown(t, fresh, gone)
/* clang-format on */

static void
an_opening_is_a_syn_and_nothing_else(void **state)
{
	struct mktalk t = mktalk_of(&frames, true, 40000, 993);
	struct md_opening opening;

	(void)state;
	mktalk_open(&t); /* SYN, SYN-ACK, ACK */
	mktalk_close(&t, CLIENT);
	for (size_t i = 0; i < frames.count; i++)
		assert_int_equal(
		    md_opening(ETHERNET,
			bytes_of(frames.frames[i].data, frames.frames[i].len),
			&opening),
		    i == 0);
	assert_true(md_opening(ETHERNET,
	    bytes_of(frames.frames[0].data, frames.frames[0].len), &opening));
	assert_true(opening.ipv6);
	assert_memory_equal(opening.ip[CLIENT], t.host[CLIENT].ip, 16);
	assert_memory_equal(opening.ip[SERVER], t.host[SERVER].ip, 16);
	assert_int_equal(opening.port[CLIENT], 40000);
	assert_int_equal(opening.port[SERVER], 993);
	assert_false(md_opening(147,
	    bytes_of(frames.frames[0].data, frames.frames[0].len), &opening));
	for (size_t len = 0; len < 14 + 40 + 20; len++)
		assert_false(md_opening(
		    ETHERNET, bytes_of(frames.frames[0].data, len), &opening));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(every_hook_is_called_when_it_is_due),
		TEST(the_end_comes_in_order_of_first_packets),
		TEST(a_silent_connection_is_over_after_five_minutes),
		TEST(a_connection_without_a_byte_gives_no_record),
		TEST(other_ports_are_passed_over),
		TEST(the_same_ports_can_be_used_again),
		TEST(late_packets_of_a_closed_connection_start_nothing),
		TEST(a_flood_takes_the_place_of_the_least_worthy_only),
		TEST(hellos_without_an_answer_keep_nobody_out),
		TEST(what_had_to_make_room_is_told_once),
		TEST(nothing_is_written_behind_the_block),
		TEST(the_outer_side_of_a_nat_gives_no_record),
		TEST(both_sides_of_a_nat_are_judged_once),
		TEST(bytes_are_counted_once_before_and_after_the_handshake),
		TEST(both_sides_may_acknowledge_what_never_was),
		TEST(every_counter_has_a_name_of_its_own),
		TEST(time_that_runs_backwards_is_survived),
		TEST(an_opening_is_a_syn_and_nothing_else),
	};

	return cmocka_run_group_tests_name("maildissect", tests, NULL, NULL);
}
