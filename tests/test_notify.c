/* SPDX-License-Identifier: ISC */
#include "capture/notify.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/kit.h"

/* A service manager, and what it is told. */
struct manager {
	struct sockaddr_un address;
	socklen_t len;
	int fd;
	char heard[128];
};

static int
set_up(void **state)
{
	static struct manager manager;
	char name[64];

	/* A name that is no file, so that nothing is left behind. */
	snprintf(name, sizeof(name), "@mailtls-test-%ld", (long)getpid());
	manager = (struct manager){ .address = { .sun_family = AF_UNIX } };
	memcpy(manager.address.sun_path + 1, name + 1, strlen(name) - 1);
	manager.len =
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
	manager.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (manager.fd < 0 ||
	    bind(manager.fd, (struct sockaddr *)&manager.address,
		manager.len) != 0)
		return -1;
	setenv("NOTIFY_SOCKET", name, 1);
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	*state = &manager;
	return 0;
}

static int
tear_down(void **state)
{
	const struct manager *manager = *state;

	close(manager->fd);
	unsetenv("NOTIFY_SOCKET");
	return 0;
}

/* hear returns what was said next, "" if nothing was. */
static const char *
hear(struct manager *manager)
{
	ssize_t len =
	    recv(manager->fd, manager->heard, sizeof(manager->heard) - 1, 0);

	manager->heard[len > 0 ? len : 0] = '\0';
	return manager->heard;
}

static void
what_is_said_is_heard(void **state)
{
	struct manager *manager = *state;
	struct notify notify;

	notify_open(&notify);
	notify_say(&notify, "READY=1\nSTATUS=listening on lo");
	assert_string_equal(hear(manager), "READY=1\nSTATUS=listening on lo");
	assert_string_equal(hear(manager), "");
	notify_close(&notify);
}

static void
the_watchdog_hears_twice_in_its_time(void **state)
{
	struct manager *manager = *state;
	struct notify notify;

	setenv("WATCHDOG_USEC", "10000000", 1);
	notify_open(&notify);
	assert_int_equal(notify.interval_us, 5000000);
	notify_alive(&notify, 5000000);
	assert_string_equal(hear(manager), "WATCHDOG=1");
	notify_alive(&notify, 9999999);
	assert_string_equal(hear(manager), "");
	notify_alive(&notify, 10000000);
	assert_string_equal(hear(manager), "WATCHDOG=1");
	notify_close(&notify);
}

static void
the_watchdog_of_another_process_hears_nothing(void **state)
{
	struct manager *manager = *state;
	struct notify notify;

	setenv("WATCHDOG_USEC", "10000000", 1);
	setenv("WATCHDOG_PID", "1", 1);
	notify_open(&notify);
	notify_alive(&notify, 99000000);
	assert_string_equal(hear(manager), "");
	notify_close(&notify);
}

static void
where_nobody_listens_nothing_happens(void **state)
{
	static const char *const nobody[] = { "", "relative", "/nowhere/at/all",
		"@mailtls-nobody" };
	struct notify notify;

	(void)state;
	for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++) {
		setenv("NOTIFY_SOCKET", nobody[i], 1);
		notify_open(&notify);
		assert_int_equal(notify.fd, -1);
		notify_say(&notify, "READY=1");
		notify_alive(&notify, 1);
		notify_close(&notify);
	}
	unsetenv("NOTIFY_SOCKET");
	notify_open(&notify);
	assert_int_equal(notify.fd, -1);
}

static void
a_manager_that_has_gone_is_no_trouble(void **state)
{
	struct manager *manager = *state;
	struct notify notify;

	notify_open(&notify);
	close(manager->fd);
	notify_say(&notify, "STOPPING=1");
	notify_close(&notify);
	manager->fd = -1;
}

#define MANAGER_TEST(name)                                                     \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MANAGER_TEST(what_is_said_is_heard),
		MANAGER_TEST(the_watchdog_hears_twice_in_its_time),
		MANAGER_TEST(the_watchdog_of_another_process_hears_nothing),
		MANAGER_TEST(where_nobody_listens_nothing_happens),
		MANAGER_TEST(a_manager_that_has_gone_is_no_trouble),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
