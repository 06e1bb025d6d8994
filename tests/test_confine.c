/* SPDX-License-Identifier: ISC */
/*
 * A child confines itself, and then tries what whoever took it over would try.
 * What a kernel does not have can not be tested; where there is no root, there
 * is no other user to become.
 */
#include "capture/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/kit.h"

static char folder[] = "/tmp/mailtls-confine-XXXXXX";
static struct confine confined;
static int status_fd; /* of /proc/self/status, which can not be opened then */

/* An attempt returns true if it did not succeed, or should have. */
typedef bool attempt(void);

/* run_confined tells whether all goes well in a confined child. */
static bool
run_confined(attempt *try)
{
	char message[CONFINE_MESSAGE_MAX];
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		status_fd = open("/proc/self/status", O_RDONLY);
		if (confine_prepare(&confined, NULL, message) != 0 ||
		    confine_allow(&confined, folder, CONFINE_WRITE) != 0 ||
		    confine_enter(&confined, message) != 0) {
			fprintf(stderr, "# %s\n", message);
			_exit(2);
		}
		_exit(try() ? 0 : 1);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), 2);
	return WEXITSTATUS(status) == 0;
}

static bool
status_has(const char *line)
{
	static char text[1 << 14];
	ssize_t len = pread(status_fd, text, sizeof(text) - 1, 0);

	text[len > 0 ? len : 0] = '\0';
	return strstr(text, line) != NULL;
}

static bool
has_no_capabilities(void)
{
	return status_has("CapPrm:\t0000000000000000") &&
	       status_has("CapEff:\t0000000000000000") &&
	       status_has("CapInh:\t0000000000000000") &&
	       status_has("CapAmb:\t0000000000000000");
}

static bool
gets_no_new_privileges(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
	       prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
}

static bool
is_not_root_any_more(void)
{
	return getuid() != 0 && geteuid() != 0 && getgid() != 0 &&
	       getgroups(0, NULL) == 0 && setuid(0) != 0 && setgid(0) != 0;
}

static bool
can_not_read_the_shadow_file(void)
{
	return open("/etc/shadow", O_RDONLY) < 0 &&
	       open("/etc/gshadow", O_RDONLY) < 0;
}

static bool
can_open_no_file_but_in_its_folder(void)
{
	char path[64];

	if (open("/etc/passwd", O_RDONLY) >= 0 ||
	    open("/proc/self/status", O_RDONLY) >= 0 ||
	    open("/", O_RDONLY | O_DIRECTORY) >= 0 ||
	    open("/tmp/mailtls-other", O_WRONLY | O_CREAT, 0600) >= 0)
		return false;
	snprintf(path, sizeof(path), "%s/mine", folder);
	return open(path, O_RDWR | O_CREAT | O_TRUNC, 0600) >= 0 &&
	       unlink(path) == 0;
}

static bool
can_start_no_process(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NPROC, &limit) != 0 || limit.rlim_max != 0)
		return false;
	return geteuid() == 0 || fork() < 0;
}

static bool
leaves_no_core(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0;
}

static int
set_up(void **state)
{
	(void)state;
	/* For whoever the child becomes. */
	return mkdtemp(folder) != NULL && chmod(folder, 0777) == 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	return rmdir(folder);
}

static void
it_has_no_capabilities(void **state)
{
	(void)state;
	assert_true(run_confined(has_no_capabilities));
}

static void
it_gets_no_new_privileges(void **state)
{
	(void)state;
	assert_true(run_confined(gets_no_new_privileges));
}

static void
it_is_not_root_any_more(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_true(run_confined(is_not_root_any_more));
}

static void
it_can_not_read_the_shadow_file(void **state)
{
	(void)state;
	assert_true(run_confined(can_not_read_the_shadow_file));
}

static void
it_can_open_no_file_but_in_its_folder(void **state)
{
	char message[CONFINE_MESSAGE_MAX];
	struct confine confine;

	(void)state;
	assert_int_equal(confine_prepare(&confine, NULL, message), 0);
	if (confine.ruleset < 0)
		skip(); /* no Landlock */
	close(confine.ruleset);
	assert_true(run_confined(can_open_no_file_but_in_its_folder));
}

static void
it_can_start_no_process(void **state)
{
	(void)state;
	assert_true(run_confined(can_start_no_process));
}

static void
it_leaves_no_core(void **state)
{
	(void)state;
	assert_true(run_confined(leaves_no_core));
}

static void
a_user_that_does_not_exist_is_an_error(void **state)
{
	char message[CONFINE_MESSAGE_MAX];
	struct confine confine;

	(void)state;
	assert_true(
	    confine_prepare(&confine, "no-such-user-here", message) < 0);
	assert_non_null(strstr(message, "--user"));
}

static void
a_folder_that_does_not_exist_is_an_error(void **state)
{
	char message[CONFINE_MESSAGE_MAX];
	struct confine confine;

	(void)state;
	assert_int_equal(confine_prepare(&confine, NULL, message), 0);
	if (confine.ruleset < 0)
		skip();
	assert_int_equal(
	    confine_allow(&confine, "/no/such/folder/file", CONFINE_READ),
	    -ENOENT);
	assert_int_equal(
	    confine_allow(&confine, "relative-file", CONFINE_READ), 0);
	close(confine.ruleset);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_no_capabilities),
		cmocka_unit_test(it_gets_no_new_privileges),
		cmocka_unit_test(it_is_not_root_any_more),
		cmocka_unit_test(it_can_not_read_the_shadow_file),
		cmocka_unit_test(it_can_open_no_file_but_in_its_folder),
		cmocka_unit_test(it_can_start_no_process),
		cmocka_unit_test(it_leaves_no_core),
		cmocka_unit_test(a_user_that_does_not_exist_is_an_error),
		cmocka_unit_test(a_folder_that_does_not_exist_is_an_error),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
