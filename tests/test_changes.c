/* SPDX-License-Identifier: ISC */
/* What has changed since the period before, device by device. */
#include "report/changes.h"

#include <stdlib.h>
#include <string.h>

#include "tests/larder.h"

/* Three times, and what comes of comparing them. */
struct scene {
	struct inventory now;
	struct past past;
	struct history history;
};

static int
set_up(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return -1;
	inventory_init(&s->now);
	inventory_init(&s->past.before);
	inventory_init(&s->past.earlier);
	*state = s;
	return 0;
}

static int
tear_down(void **state)
{
	struct scene *s = *state;

	inventory_clear(&s->now);
	inventory_clear(&s->past.before);
	inventory_clear(&s->past.earlier);
	free(s->history.changes);
	free(s);
	return 0;
}
#define SCENE_TEST(name)                                                       \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* Adds a connection of `host`, on day `day`, to port `port`. */
static void
see(struct inventory *inventory, uint8_t host, int day, uint16_t port,
    enum verdict verdict)
{
	struct connection c = larder_connection(host, day, 0, verdict);

	c.end[SERVER].port = port;
	mk_add(inventory, c, 1);
}

static void
compare(struct scene *s)
{
	free(s->history.changes);
	changes_find(&s->now, &s->past, NULL, &s->history);
}

/* The only change there is. */
static const struct history_change *
change_of(struct scene *s, enum history_kind kind)
{
	compare(s);
	assert_int_equal(s->history.change_count, 1);
	assert_int_equal(s->history.changes[0].kind, kind);
	return &s->history.changes[0];
}

static void
nothing_has_changed(struct scene *s)
{
	compare(s);
	assert_int_equal(s->history.change_count, 0);
}

static void
what_stays_as_it_was_is_no_change(void **state)
{
	struct scene *s = *state;

	for (unsigned v = 1; v < INVENTORY_VERDICTS; v++) {
		see(&s->past.before, (uint8_t)v, -7, 587, (enum verdict)v);
		see(&s->now, (uint8_t)v, 0, 587, (enum verdict)v);
	}
	nothing_has_changed(s);
}

static void
a_device_that_was_never_seen_is_new(void **state)
{
	struct scene *s = *state;
	const struct history_change *c;

	see(&s->past.before, 1, -7, 587, VERDICT_MODERN);
	see(&s->now, 1, 0, 587, VERDICT_MODERN);
	see(&s->now, 2, 0, 587, VERDICT_OLD_CLIENT);
	c = change_of(s, HISTORY_NEW);
	assert_string_equal(c->id, "00-00-5E-00-53-02");
	assert_string_equal(c->device, "00-00-5E-00-53-02");
	assert_int_equal(c->before, VERDICT_NONE);
	assert_int_equal(c->now, VERDICT_OLD_CLIENT);
	assert_int_equal(c->version_now, TLS_1_0);
	assert_int_equal(c->first_now_us, LARDER_NOON_US);
}

static void
one_that_was_seen_long_ago_is_not_new(void **state)
{
	struct scene *s = *state;

	see(&s->past.before, 1, -7, 587, VERDICT_MODERN);
	see(&s->now, 1, 0, 587, VERDICT_MODERN);
	see(&s->past.earlier, 2, -40, 587, VERDICT_OLD_CLIENT);
	see(&s->now, 2, 0, 587, VERDICT_OLD_CLIENT);
	nothing_has_changed(s);
}

static void
at_the_beginning_nothing_is_new(void **state)
{
	struct scene *s = *state;

	see(&s->now, 1, 0, 587, VERDICT_MODERN);
	nothing_has_changed(s);
}

static void
a_device_is_fixed_when_what_was_old_came_again_and_is_not(void **state)
{
	struct scene *s = *state;
	const struct history_change *c;

	see(&s->past.before, 1, -7, 587, VERDICT_OLD_CLIENT);
	see(&s->past.before, 1, -6, 587, VERDICT_OLD_CLIENT);
	see(&s->past.before, 1, -5, 993, VERDICT_MODERN);
	see(&s->now, 1, 1, 587, VERDICT_MODERN);
	see(&s->now, 1, 2, 587, VERDICT_MODERN);
	c = change_of(s, HISTORY_FIXED);
	assert_int_equal(c->before, VERDICT_OLD_CLIENT);
	assert_int_equal(c->now, VERDICT_MODERN);
	assert_int_equal(c->version_before, TLS_1_0);
	assert_int_equal(c->version_now, TLS_1_3);
	assert_int_equal(
	    c->last_before_us, LARDER_NOON_US - 6 * LARDER_DAY_US + MK_SECOND);
	assert_int_equal(c->first_now_us, LARDER_NOON_US + LARDER_DAY_US);
}

static void
it_is_not_when_what_was_old_did_not_come_again(void **state)
{
	struct scene *s = *state;
	const struct history_change *c;

	see(&s->past.before, 1, -6, 587, VERDICT_OLD_CLIENT);
	see(&s->past.before, 1, -5, 993, VERDICT_MODERN);
	see(&s->now, 1, 1, 993, VERDICT_MODERN);
	c = change_of(s, HISTORY_GONE);
	assert_int_equal(c->before, VERDICT_OLD_CLIENT);
	assert_int_equal(c->now, VERDICT_MODERN);
	assert_string_equal(c->server, "mail.example");
}

static void
a_device_may_be_fixed_in_the_course_of_the_period(void **state)
{
	struct scene *s = *state;
	const struct history_change *c;

	see(&s->past.before, 1, -6, 587, VERDICT_OLD_CLIENT);
	see(&s->now, 1, 1, 587, VERDICT_OLD_CLIENT);
	see(&s->now, 1, 2, 587, VERDICT_MODERN);
	see(&s->now, 1, 1, 993, VERDICT_MODERN);
	c = change_of(s, HISTORY_FIXED);
	assert_int_equal(c->version_before, TLS_1_0);
	assert_int_equal(c->version_now, TLS_1_3);
	assert_int_equal(
	    c->last_before_us, LARDER_NOON_US + LARDER_DAY_US + MK_SECOND);
	assert_int_equal(c->first_now_us, LARDER_NOON_US + 2 * LARDER_DAY_US);
}

static void
two_programs_that_take_turns_fix_nothing(void **state)
{
	struct scene *s = *state;

	see(&s->past.before, 1, -6, 587, VERDICT_OLD_CLIENT);
	see(&s->now, 1, 1, 587, VERDICT_OLD_CLIENT);
	see(&s->now, 1, 2, 587, VERDICT_MODERN);
	see(&s->now, 1, 3, 587, VERDICT_OLD_CLIENT);
	nothing_has_changed(s);
	/* Nor does one that is fixed, beside one that is not. */
	see(&s->now, 2, 1, 587, VERDICT_OLD_CLIENT);
	see(&s->now, 2, 2, 587, VERDICT_MODERN);
	see(&s->now, 2, 2, 465, VERDICT_OLD_CLIENT);
	see(&s->past.before, 2, -6, 587, VERDICT_OLD_CLIENT);
	nothing_has_changed(s);
}

static void
a_graver_verdict_is_worse(void **state)
{
	struct scene *s = *state;
	const struct history_change *c;

	see(&s->past.before, 1, -6, 587, VERDICT_MODERN);
	see(&s->now, 1, 1, 587, VERDICT_MODERN);
	see(&s->now, 1, 2, 587, VERDICT_OLD_CLIENT);
	c = change_of(s, HISTORY_WORSE);
	assert_int_equal(c->before, VERDICT_MODERN);
	assert_int_equal(c->now, VERDICT_OLD_CLIENT);
	assert_int_equal(c->first_now_us, LARDER_NOON_US + 2 * LARDER_DAY_US);
}

static void
not_to_be_judged_is_not_worse(void **state)
{
	struct scene *s = *state;

	see(&s->past.before, 1, -6, 587, VERDICT_MODERN);
	see(&s->now, 1, 1, 587, VERDICT_UNDETERMINED);
	nothing_has_changed(s);
}

static void
what_was_seen_before_and_is_not_now_is_gone(void **state)
{
	struct scene *s = *state;
	const struct history_change *c;

	see(&s->past.before, 1, -6, 587, VERDICT_MODERN);
	c = change_of(s, HISTORY_GONE);
	assert_int_equal(c->before, VERDICT_MODERN);
	assert_int_equal(c->now, VERDICT_NONE);
	assert_string_equal(c->server, "");
	assert_int_equal(c->first_now_us, 0);
}

static void
what_was_old_when_last_seen_is_not_forgotten(void **state)
{
	struct scene *s = *state;
	const struct history_change *c;

	see(&s->past.earlier, 1, -60, 587, VERDICT_OLD_CLIENT);
	see(&s->past.earlier, 2, -60, 587, VERDICT_MODERN);
	c = change_of(s, HISTORY_GONE);
	assert_string_equal(c->id, "00-00-5E-00-53-01");
	assert_int_equal(
	    c->last_before_us, LARDER_NOON_US - 60 * LARDER_DAY_US + MK_SECOND);
}

static void
a_new_address_is_not_a_new_device(void **state)
{
	struct scene *s = *state;
	struct connection c = larder_connection(1, 0, 0, VERDICT_MODERN);

	see(&s->past.before, 1, -6, 587, VERDICT_MODERN);
	c.end[CLIENT].ip[3] = 77;
	mk_add(&s->now, c, 1);
	nothing_has_changed(s);
}

static void
the_gravest_comes_first_then_the_name(void **state)
{
	struct scene *s = *state;

	see(&s->past.before, 9, -6, 587, VERDICT_MODERN);
	see(&s->past.before, 3, -6, 587, VERDICT_OLD_CLIENT);
	see(&s->now, 3, 1, 587, VERDICT_MODERN);
	see(&s->now, 2, 1, 587, VERDICT_MODERN);
	see(&s->now, 5, 1, 587, VERDICT_OLD_CLIENT);
	see(&s->now, 4, 1, 587, VERDICT_OLD_CLIENT);
	compare(s);
	assert_int_equal(s->history.change_count, 5);
	assert_string_equal(s->history.changes[0].id, "00-00-5E-00-53-04");
	assert_string_equal(s->history.changes[1].id, "00-00-5E-00-53-05");
	assert_string_equal(s->history.changes[2].id, "00-00-5E-00-53-02");
	assert_string_equal(s->history.changes[3].id, "00-00-5E-00-53-03");
	assert_string_equal(s->history.changes[4].id, "00-00-5E-00-53-09");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_TEST(what_stays_as_it_was_is_no_change),
		SCENE_TEST(a_device_that_was_never_seen_is_new),
		SCENE_TEST(one_that_was_seen_long_ago_is_not_new),
		SCENE_TEST(at_the_beginning_nothing_is_new),
		SCENE_TEST(
		    a_device_is_fixed_when_what_was_old_came_again_and_is_not),
		SCENE_TEST(it_is_not_when_what_was_old_did_not_come_again),
		SCENE_TEST(a_device_may_be_fixed_in_the_course_of_the_period),
		SCENE_TEST(two_programs_that_take_turns_fix_nothing),
		SCENE_TEST(a_graver_verdict_is_worse),
		SCENE_TEST(not_to_be_judged_is_not_worse),
		SCENE_TEST(what_was_seen_before_and_is_not_now_is_gone),
		SCENE_TEST(what_was_old_when_last_seen_is_not_forgotten),
		SCENE_TEST(a_new_address_is_not_a_new_device),
		SCENE_TEST(the_gravest_comes_first_then_the_name),
	};

	return cmocka_run_group_tests_name("changes", tests, NULL, NULL);
}
