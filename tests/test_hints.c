/* SPDX-License-Identifier: ISC */
/* What is said goes to standard error, which goes to a file here. */
#include "capture/hints.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/kit.h"

static const uint8_t router[16] = { 203, 0, 113, 1 };
static const uint8_t laptop[16] = { 192, 168, 1, 21 };

static struct hints hints;
static FILE *said;
static int before;

static int
set_up(void **state)
{
	(void)state;
	hints = (struct hints){
		.here = { .forwards = true,
		    .count = 1,
		    .rows = { { .name = "wan", .ip = { 203, 0, 113, 1 } } } },
		.start_us = 5,
		.packet_us = 5,
	};
	said = tmpfile();
	fflush(stderr);
	before = dup(STDERR_FILENO);
	return said != NULL && dup2(fileno(said), STDERR_FILENO) >= 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	fflush(stderr);
	dup2(before, STDERR_FILENO);
	close(before);
	return fclose(said);
}

/* lines_with returns how many lines were said that have `text`. */
static unsigned
lines_with(const char *text)
{
	char line[1024];
	unsigned count = 0;

	fflush(stderr);
	rewind(said);
	while (fgets(line, sizeof(line), said) != NULL)
		count += strstr(line, text) != NULL;
	return count;
}

static void
one_client_that_is_the_router_is_told_once(void **state)
{
	(void)state;
	for (int i = 0; i < HINTS_CLIENTS - 1; i++)
		hints_connection(&hints, router, false);
	assert_int_equal(lines_with("address translation"), 0);
	for (int i = 0; i < 100; i++)
		hints_connection(&hints, router, false);
	assert_int_equal(lines_with("address translation"), 1);
}

static void
other_clients_are_well(void **state)
{
	(void)state;
	hints_connection(&hints, laptop, false);
	for (int i = 0; i < 100; i++)
		hints_connection(&hints, router, false);
	assert_int_equal(lines_with(""), 0);
	hints.several = false;
	memcpy(hints.client, laptop, sizeof(laptop));
	for (int i = 0; i < 100; i++)
		hints_connection(&hints, laptop, false);
	assert_int_equal(lines_with(""), 0);
}

static void
a_machine_that_is_no_router_is_well(void **state)
{
	(void)state;
	hints.here.forwards = false;
	for (int i = 0; i < 100; i++)
		hints_connection(&hints, router, false);
	assert_int_equal(lines_with(""), 0);
}

static void
when_nothing_passes_that_is_told_once(void **state)
{
	(void)state;
	hints_pass(&hints, HINTS_QUIET_US);
	assert_int_equal(lines_with("not a packet"), 0);
	hints_pass(&hints, 5 + HINTS_QUIET_US);
	hints_pass(&hints, 6 + HINTS_QUIET_US);
	assert_int_equal(lines_with("not a packet"), 1);
}

static void
when_only_mail_is_missing_that_is_told_later(void **state)
{
	(void)state;
	hints_packets(&hints, 1000);
	hints_pass(&hints, HINTS_NO_MAIL_US);
	assert_int_equal(lines_with(""), 0);
	hints_pass(&hints, 5 + HINTS_NO_MAIL_US);
	hints_pass(&hints, 6 + HINTS_NO_MAIL_US);
	assert_int_equal(lines_with("no mail connection"), 1);
	assert_int_equal(lines_with(""), 1);
}

static void
where_there_was_mail_nothing_is_told(void **state)
{
	(void)state;
	hints_packets(&hints, 1000);
	hints_connection(&hints, laptop, false);
	hints_pass(&hints, 5 * HINTS_NO_MAIL_US);
	assert_int_equal(lines_with(""), 0);
}

static void
offloading_is_found_in_the_firewall_s_configuration(void **state)
{
	static const struct {
		bool offloads;
		const char *text;
	} rows[] = {
		{ true, "config defaults\n\toption input 'REJECT'\n"
			"\toption flow_offloading '1'\n"
			"\toption flow_offloading_hw '1'\n" },
		{ true, "config defaults\n  option flow_offloading_hw 1\n" },
		{ true, "option flow_offloading_hw \"1\"\n" },
		{ false, "config defaults\n\toption flow_offloading '1'\n" },
		{ false, "config defaults\n\toption flow_offloading_hw '0'\n" },
		{ false, "#\toption flow_offloading_hw '1'\n" },
		{ false, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		FILE *config = tmpfile();

		assert_non_null(config);
		fputs(rows[i].text, config);
		rewind(config);
		assert_int_equal(hints_offloads(config), rows[i].offloads);
		fclose(config);
	}
}

#define HINTS_TEST(name)                                                       \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HINTS_TEST(one_client_that_is_the_router_is_told_once),
		HINTS_TEST(other_clients_are_well),
		HINTS_TEST(a_machine_that_is_no_router_is_well),
		HINTS_TEST(when_nothing_passes_that_is_told_once),
		HINTS_TEST(when_only_mail_is_missing_that_is_told_later),
		HINTS_TEST(where_there_was_mail_nothing_is_told),
		cmocka_unit_test(
		    offloading_is_found_in_the_firewall_s_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
