/* SPDX-License-Identifier: ISC */
#include "capture/interfaces.h"

#include <stdlib.h>
#include <string.h>

#include "tests/kit.h"

/* A home router, as OpenWrt has it, and a computer with containers. */
static const struct interfaces router = {
	.forwards = true,
	.count = 6,
	.rows = {
		{ .name = "lo", .ip = { 127, 0, 0, 1 }, .up = true,
		    .loopback = true },
		{ .name = "lan1", .up = true, .master = "br-lan" },
		{ .name = "br-lan", .ip = { 192, 168, 1, 1 }, .up = true,
		    .bridge = true },
		{ .name = "wan", .ip = { 192, 168, 178, 20 }, .up = true,
		    .way_out = true },
		{ .name = "eth0", .up = true },
		{ .name = "guest", .ip = { 172, 31, 0, 1 } },
	},
};
static const struct interfaces computer = {
	.count = 4,
	.rows = {
		{ .name = "lo", .up = true, .loopback = true },
		{ .name = "wlan0", .ip = { 192, 168, 178, 21 }, .up = true,
		    .wireless = true, .way_out = true },
		{ .name = "docker0", .ip = { 172, 17, 0, 1 }, .up = true,
		    .bridge = true },
		{ .name = "br-0123456789ab", .ip = { 172, 18, 0, 1 },
		    .up = true, .bridge = true },
	},
};

/* The names of where to listen, with blanks after each. */
static const char *
best(const struct interfaces *all)
{
	static char names[256];
	size_t len = 0;

	names[0] = '\0';
	for (size_t i = 0; i < all->count; i++) {
		bool listen;

		assert_non_null(interfaces_advice(all, &all->rows[i], &listen));
		if (listen)
			len += (size_t)snprintf(names + len,
			    sizeof(names) - len, "%s ", all->rows[i].name);
	}
	return names;
}

static void
a_router_is_listened_to_where_the_home_is(void **state)
{
	struct interfaces other = router;

	(void)state;
	assert_string_equal(best(&router), "br-lan ");
	other.rows[5].up = true;
	assert_string_equal(best(&other), "br-lan guest ");
}

static void
a_computer_is_listened_to_on_its_way_out(void **state)
{
	(void)state;
	assert_string_equal(best(&computer), "wlan0 ");
}

static void
containers_do_not_make_a_router_s_bridge(void **state)
{
	struct interfaces other = computer;

	(void)state;
	other.forwards = true; /* Docker does that */
	assert_string_equal(best(&other), "");
}

static void
each_has_a_line(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	interfaces_print(&router, out);
	fclose(out);
	assert_non_null(strstr(text,
	    "* br-lan           192.168.1.1      the devices of this "
	    "network\n"));
	assert_non_null(strstr(text, "listen rather on br-lan\n"));
	assert_non_null(strstr(text, "  guest            172.31.0.1       is "
				     "not up\n"));
	assert_non_null(strstr(text, "look like one\n"));
	free(text);
}

static void
this_machine_has_a_loopback_interface(void **state)
{
	static struct interfaces all;
	bool found = false;

	(void)state;
	assert_int_equal(interfaces_read(&all), 0);
	for (size_t i = 0; i < all.count; i++)
		found = found || all.rows[i].loopback;
	assert_true(found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_router_is_listened_to_where_the_home_is),
		cmocka_unit_test(a_computer_is_listened_to_on_its_way_out),
		cmocka_unit_test(containers_do_not_make_a_router_s_bridge),
		cmocka_unit_test(each_has_a_line),
		cmocka_unit_test(this_machine_has_a_loopback_interface),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
