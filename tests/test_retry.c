/* SPDX-License-Identifier: ISC */
/* What the judge remembers from one connection to the next. */
#include <string.h>

#include "report/verdict.h"
#include "tests/kit.h"

enum {
	FATAL = 2,
	GOOD = 0xC02F, /* a suite with forward secrecy */
};

enum {
	SECOND = 1000000
};

/* A handshake that failed, and a retry at 1.0 a second later. */
static struct connection
failed_try(void)
{
	return (struct connection){
		.first_us = 100 * SECOND,
		.last_us = 101 * SECOND,
		.end = { [CLIENT] = { .ip = { 192, 0, 2, 1 }, .port = 40001 },
		    [SERVER] = { .ip = { 198, 51, 100, 1 }, .port = 993 } },
		.tls = true,
		.closed_by = CLOSED_BY_SERVER,
		.offer = { .seen = true,
		    .max_version = TLS_1_2,
		    .server_name = "imap.example" },
	};
}

static struct connection
retry(void)
{
	struct connection c = failed_try();

	c.first_us = 102 * SECOND;
	c.last_us = 103 * SECOND;
	c.end[CLIENT].port = 40002;
	c.closed_by = CLOSED_BY_NONE;
	c.offer.max_version = TLS_1_0;
	c.answer.seen = c.answer.established = true;
	c.answer.version = TLS_1_0;
	return c;
}

static enum verdict
judge_both(struct connection first, struct connection second)
{
	struct judge judge = { .min_version = TLS_1_2 };

	verdict_judge(&judge, &first);
	verdict_judge(&judge, &second);
	assert_int_equal(
	    second.verdict_likely, second.verdict == VERDICT_FALLBACK);
	return second.verdict;
}

static void
a_lower_retry_is_a_fallback(void **state)
{
	(void)state;
	assert_int_equal(judge_both(failed_try(), retry()), VERDICT_FALLBACK);
}

static void
a_retry_at_another_address_of_that_name_is_one(void **state)
{
	struct connection c = retry();

	(void)state;
	c.end[SERVER].ip[3] = 2;
	assert_int_equal(judge_both(failed_try(), c), VERDICT_FALLBACK);
	c.offer.server_name[0] = 'o';
	assert_int_equal(judge_both(failed_try(), c), VERDICT_OLD_CLIENT);
}

static void
a_retry_without_a_name_is_one_at_that_address_only(void **state)
{
	struct connection first = failed_try(), second = retry();

	(void)state;
	first.offer.server_name[0] = second.offer.server_name[0] = '\0';
	assert_int_equal(judge_both(first, second), VERDICT_FALLBACK);
	second.end[SERVER].ip[3] = 2;
	assert_int_equal(judge_both(first, second), VERDICT_OLD_CLIENT);
}

static void
another_client_or_port_is_no_retry(void **state)
{
	struct connection client = retry(), port = retry();

	(void)state;
	client.end[CLIENT].ip[3] = 2;
	assert_int_equal(judge_both(failed_try(), client), VERDICT_OLD_CLIENT);
	port.end[SERVER].port = 995;
	assert_int_equal(judge_both(failed_try(), port), VERDICT_OLD_CLIENT);
}

static void
a_retry_comes_within_its_time(void **state)
{
	struct connection c = retry();

	(void)state;
	c.first_us = 101 * SECOND + VERDICT_RETRY_US;
	assert_int_equal(judge_both(failed_try(), c), VERDICT_FALLBACK);
	c.first_us++;
	assert_int_equal(judge_both(failed_try(), c), VERDICT_OLD_CLIENT);
	c.first_us = 100 * SECOND + 1; /* before the first was over */
	assert_int_equal(judge_both(failed_try(), c), VERDICT_FALLBACK);
	c.first_us = 100 * SECOND - 1; /* before it began */
	assert_int_equal(judge_both(failed_try(), c), VERDICT_OLD_CLIENT);
	c.first_us = INT64_MAX;
	assert_int_equal(judge_both(failed_try(), c), VERDICT_OLD_CLIENT);
	c.first_us = INT64_MIN;
	assert_int_equal(judge_both(failed_try(), c), VERDICT_OLD_CLIENT);
}

static void
only_a_better_offer_that_failed_makes_a_fallback(void **state)
{
	struct connection same = failed_try(), done = failed_try();
	struct connection cut = failed_try(), distrusted = failed_try();

	(void)state;
	same.offer.max_version = TLS_1_0;
	assert_int_equal(judge_both(same, retry()), VERDICT_OLD_CLIENT);
	done.answer = (struct answer){ .seen = true,
		.established = true,
		.version = TLS_1_2,
		.cipher = GOOD };
	assert_int_equal(judge_both(done, retry()), VERDICT_OLD_CLIENT);
	cut.offer.max_version = 0;
	assert_int_equal(judge_both(cut, retry()), VERDICT_OLD_CLIENT);
	/* Nothing was wrong with its version. */
	distrusted.alerts[0] = (struct alert){ CLIENT, FATAL, 48 };
	distrusted.alert_count = 1;
	assert_int_equal(judge_both(distrusted, retry()), VERDICT_OLD_CLIENT);
}

static void
a_retry_that_gets_a_good_version_is_modern(void **state)
{
	struct connection first = failed_try(), c = retry();

	(void)state;
	first.offer.max_version = TLS_1_3;
	c.offer.max_version = c.answer.version = TLS_1_2;
	c.answer.cipher = GOOD;
	assert_int_equal(judge_both(first, c), VERDICT_MODERN);
}

static void
an_offer_that_is_not_known_is_no_retry(void **state)
{
	struct judge judge = { .min_version = TLS_1_2 };
	struct connection first = failed_try(), c = retry();

	(void)state;
	c.offer.max_version = 0;
	verdict_judge(&judge, &first);
	verdict_judge(&judge, &c);
	assert_int_equal(c.verdict, VERDICT_UNDETERMINED);
	assert_true(verdict_saw_old(&judge, &c));
}

static void
a_failure_judged_twice_is_remembered_once(void **state)
{
	struct judge judge = { .min_version = TLS_1_2 };
	struct connection c = failed_try();

	(void)state;
	verdict_judge(&judge, &c);
	c.last_us += SECOND;
	verdict_judge(&judge, &c);
	assert_int_equal(judge.next, 1);
	assert_int_equal(judge.failures[0].failed_us, c.last_us);
	/* Each of these is another one. */
	c.first_us++;
	verdict_judge(&judge, &c);
	c.end[CLIENT].port++;
	verdict_judge(&judge, &c);
	c.end[SERVER].port++;
	verdict_judge(&judge, &c);
	c.end[CLIENT].ip[0]++;
	verdict_judge(&judge, &c);
	c.end[SERVER].ip[0]++;
	verdict_judge(&judge, &c);
	assert_int_equal(judge.next, 6);
}

static void
the_oldest_failure_is_forgotten_but_not_its_verdict(void **state)
{
	struct judge judge = { .min_version = TLS_1_2 };
	struct connection first = failed_try(), c = retry(), other;

	(void)state;
	verdict_judge(&judge, &first);
	for (unsigned i = 1; i < VERDICT_FAILURES_MAX; i++) {
		other = failed_try();
		other.end[CLIENT].ip[0] = 203;
		other.end[CLIENT].port = (uint16_t)i;
		verdict_judge(&judge, &other);
	}
	verdict_judge(&judge, &c);
	assert_int_equal(c.verdict, VERDICT_FALLBACK);
	other.first_us++;
	verdict_judge(&judge, &other);
	other = retry();
	verdict_judge(&judge, &other);
	assert_int_equal(other.verdict, VERDICT_OLD_CLIENT);
	/* What was judged while it was remembered stands. */
	verdict_judge(&judge, &c);
	assert_int_equal(c.verdict, VERDICT_FALLBACK);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lower_retry_is_a_fallback),
		cmocka_unit_test(
		    a_retry_at_another_address_of_that_name_is_one),
		cmocka_unit_test(
		    a_retry_without_a_name_is_one_at_that_address_only),
		cmocka_unit_test(another_client_or_port_is_no_retry),
		cmocka_unit_test(a_retry_comes_within_its_time),
		cmocka_unit_test(
		    only_a_better_offer_that_failed_makes_a_fallback),
		cmocka_unit_test(a_retry_that_gets_a_good_version_is_modern),
		cmocka_unit_test(an_offer_that_is_not_known_is_no_retry),
		cmocka_unit_test(a_failure_judged_twice_is_remembered_once),
		cmocka_unit_test(
		    the_oldest_failure_is_forgotten_but_not_its_verdict),
	};

	return cmocka_run_group_tests_name("retry", tests, NULL, NULL);
}
