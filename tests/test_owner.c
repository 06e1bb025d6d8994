/* SPDX-License-Identifier: ISC */
/* The helper is asked about connections of this process. */
#include "capture/owner.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/kit.h"
#include "tests/pairs.h"

enum {
	TRIES = 200, /* of OWNER_WAIT_MS, and mostly one is enough */
};

static struct owner owner;

static int
start(void **state)
{
	(void)state;
	return owner_start(&owner);
}

static int
stop(void **state)
{
	(void)state;
	owner_stop(&owner);
	return 0;
}

/* find waits for an answer, however long that takes. */
static const struct owner_answer *
find(const struct owner_connection *connection)
{
	const struct owner_answer *answer = NULL;

	for (int i = 0; i < TRIES && answer == NULL; i++)
		answer = owner_find(&owner, connection);
	return answer;
}

/* is_answered tells whether nothing is to come any more. */
static bool
is_answered(const struct owner_connection *connection)
{
	for (int i = 0; i < TRIES; i++) {
		struct pollfd fd = { .fd = owner.fd, .events = POLLIN };
		bool open = false;

		owner_find(&owner, connection);
		for (size_t k = 0; k < OWNER_ASKED_MAX; k++)
			open = open || owner.asked[k].number != 0;
		if (!open)
			return true;
		poll(&fd, 1, OWNER_WAIT_MS);
	}
	return false;
}

static void
a_program_is_found_by_its_connection(void **state)
{
	const struct owner_answer *answer;
	struct owner_connection connection = { .first_us = 1000 };
	struct pair pair;

	(void)state;
	assert_true(pair_open(&pair, AF_INET));
	connection.ends = pair.client_ends;
	owner_ask(&owner, &connection);
	answer = find(&connection);
	assert_non_null(answer);
	assert_int_equal(answer->process.pid, getpid());
	assert_string_equal(answer->process.name, "test_owner");
	assert_int_equal(answer->uid, geteuid());
	/* It is known then, even when it is gone. */
	pair_close(&pair);
	assert_ptr_equal(owner_find(&owner, &connection), answer);
}

static void
over_ipv6_as_well(void **state)
{
	struct owner_connection connection = { .first_us = 1000 };
	struct pair pair;

	(void)state;
	if (!pair_open(&pair, AF_INET6))
		skip();
	connection.ends = pair.client_ends;
	owner_ask(&owner, &connection);
	assert_non_null(find(&connection));
	pair_close(&pair);
}

static void
what_is_not_asked_is_not_known(void **state)
{
	struct owner_connection connection = { .first_us = 1000 };
	struct pair pair;

	(void)state;
	assert_true(pair_open(&pair, AF_INET));
	connection.ends = pair.client_ends;
	assert_null(owner_find(&owner, &connection));
	pair_close(&pair);
}

static void
a_connection_of_another_machine_is_nobodys(void **state)
{
	struct owner_connection connection = {
		.ends = { .own_ip = { 192, 0, 2, 1 },
		    .own_port = 40000,
		    .other_ip = { 192, 0, 2, 2 },
		    .other_port = 993 },
		.first_us = 1000,
	};

	(void)state;
	owner_ask(&owner, &connection);
	assert_true(is_answered(&connection));
	assert_null(owner_find(&owner, &connection));
	assert_int_equal(owner.known[0].answer.finding, OWNER_FOREIGN);
}

static void
the_same_ends_at_another_time_are_another_connection(void **state)
{
	struct owner_connection connection = { .first_us = 1000 };
	struct pair pair;

	(void)state;
	assert_true(pair_open(&pair, AF_INET));
	connection.ends = pair.client_ends;
	owner_ask(&owner, &connection);
	assert_non_null(find(&connection));
	connection.first_us += OWNER_SAME_US; /* told twice */
	assert_non_null(owner_find(&owner, &connection));
	connection.first_us++;
	assert_null(owner_find(&owner, &connection));
	pair_close(&pair);
}

static void
a_question_is_asked_once(void **state)
{
	struct owner_connection connection = { .first_us = 1000 };
	struct pair pair;

	(void)state;
	assert_true(pair_open(&pair, AF_INET));
	connection.ends = pair.client_ends;
	owner_ask(&owner, &connection);
	owner_ask(&owner, &connection);
	assert_int_equal(owner.number, 1);
	assert_non_null(find(&connection));
	owner_ask(&owner, &connection);
	assert_int_equal(owner.number, 1);
	pair_close(&pair);
}

static void
more_connections_than_are_remembered_do_no_harm(void **state)
{
	struct owner_connection connection = {
		.ends = { .own_ip = { 192, 0, 2, 1 },
		    .other_ip = { 192, 0, 2, 2 },
		    .other_port = 993 },
		.first_us = 1000,
	};
	struct pair pair;

	(void)state;
	for (unsigned port = 1; port <= OWNER_KNOWN_MAX + 100; port++) {
		connection.ends.own_port = (uint16_t)port;
		connection.first_us += 1000000 / OWNER_RATE_MAX;
		owner_ask(&owner, &connection);
		if (port % OWNER_ASKED_MAX == 0)
			assert_true(is_answered(&connection));
	}
	assert_true(pair_open(&pair, AF_INET));
	connection.ends = pair.client_ends;
	assert_true(is_answered(&connection));
	owner_ask(&owner, &connection);
	assert_non_null(find(&connection));
	pair_close(&pair);
}

static void
no_more_is_asked_than_there_is_time_for(void **state)
{
	struct owner_connection connection = {
		.ends = { .own_ip = { 192, 0, 2, 1 },
		    .other_ip = { 192, 0, 2, 2 },
		    .other_port = 993 },
		.first_us = 5000000,
	};
	uint32_t before = owner.number;

	(void)state;
	for (unsigned port = 1; port <= OWNER_RATE_MAX + 100; port++) {
		connection.ends.own_port = (uint16_t)(20000 + port);
		assert_int_equal(
		    owner_is_full(&owner, 5999999), port > OWNER_RATE_MAX);
		owner_ask(&owner, &connection);
		if (port % OWNER_ASKED_MAX == 0 && port < OWNER_RATE_MAX)
			assert_true(is_answered(&connection));
	}
	assert_int_equal(owner.number - before, OWNER_RATE_MAX);
	assert_false(owner_is_full(&owner, 6000000));
	connection.first_us = 6000000;
	assert_true(is_answered(&connection));
	owner_ask(&owner, &connection);
	assert_int_equal(owner.number - before, OWNER_RATE_MAX + 1);
}

static void
an_answer_that_is_late_is_not_trusted(void **state)
{
	struct owner_question question = { .number = 1 };
	struct owner_answer answer;
	struct timespec now;
	struct pair pair;

	(void)state;
	assert_true(pair_open(&pair, AF_INET));
	question.ends = pair.client_ends;
	clock_gettime(CLOCK_MONOTONIC, &now);
	question.asked_ms = (int64_t)now.tv_sec * 1000 - OWNER_LATE_MS;
	owner_look(&question, &answer);
	assert_int_equal(answer.finding, OWNER_NONE);
	/* As long ahead as a scan may take. */
	question.asked_ms = (int64_t)now.tv_sec * 1000 + 600000;
	owner_look(&question, &answer);
	assert_int_equal(answer.finding, OWNER_ONE);
	pair_close(&pair);
}

static void
without_a_helper_nothing_is_known(void **state)
{
	struct owner_connection connection = { .first_us = 1000 };
	struct pair pair;

	(void)state;
	assert_true(pair_open(&pair, AF_INET));
	connection.ends = pair.client_ends;
	kill(owner.child, SIGKILL);
	waitpid(owner.child, NULL, 0);
	owner_ask(&owner, &connection);
	assert_null(owner_find(&owner, &connection));
	owner_stop(&owner);
	owner_ask(&owner, &connection);
	assert_null(owner_find(&owner, &connection));
	pair_close(&pair);
}

static void
the_helper_ends_with_who_asks(void **state)
{
	pid_t child = owner.child;

	(void)state;
	assert_int_equal(kill(child, 0), 0);
	assert_int_equal(kill(child, SIGTERM), 0); /* is not for it */
	owner_stop(&owner);
	assert_true(kill(child, 0) != 0);
}

#define OWNER_TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OWNER_TEST(a_program_is_found_by_its_connection),
		OWNER_TEST(over_ipv6_as_well),
		OWNER_TEST(what_is_not_asked_is_not_known),
		OWNER_TEST(a_connection_of_another_machine_is_nobodys),
		OWNER_TEST(
		    the_same_ends_at_another_time_are_another_connection),
		OWNER_TEST(a_question_is_asked_once),
		OWNER_TEST(more_connections_than_are_remembered_do_no_harm),
		OWNER_TEST(no_more_is_asked_than_there_is_time_for),
		OWNER_TEST(an_answer_that_is_late_is_not_trusted),
		OWNER_TEST(without_a_helper_nothing_is_known),
		OWNER_TEST(the_helper_ends_with_who_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
