/* SPDX-License-Identifier: ISC */
#include "capture/process.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/kit.h"
#include "tests/pairs.h"

enum {
	WORDS_MAX = 8,
};

/* A command line, and what it is called. */
static const struct command {
	const char *name;
	const char *executable;
	const char *argv[WORDS_MAX];
} commands[] = {
	{ "fetchmail", "/usr/bin/fetchmail", { "fetchmail", "-a" } },
	{ "thunderbird-bin", "/usr/lib/thunderbird/thunderbird-bin",
	    { "thunderbird" } },
	{ "read.py", "/usr/bin/python3.11",
	    { "python3", "/home/anna/read.py", "secret" } },
	{ "getmail", "/usr/bin/python3.11",
	    { "/usr/bin/python3", "-W", "ignore", "/usr/bin/getmail" } },
	{ "offlineimap", "/usr/bin/python3",
	    { "python3", "-m", "offlineimap" } },
	{ "python3.11", "/usr/bin/python3.11",
	    { "python3", "-c", "import x" } },
	{ "python3", "/usr/bin/python3", { "python3" } },
	{ "python3", "/usr/bin/python3",
	    { "python3", "-"
			 "m" } },
	{ "swaks", "/usr/bin/perl",
	    { "/usr/bin/perl", "-w", "/usr/bin/swaks", "--to", "a@b" } },
	{ "perl", "/usr/bin/perl", { "perl", "-e", "print" } },
	{ "mail.rb", "/usr/bin/ruby3.1", { "ruby", "-I", "lib", "mail.rb" } },
	{ "send.js", "/usr/bin/node", { "node", "--no-warnings", "send.js" } },
	{ "send.php", "/usr/bin/php8.2", { "php", "-f", "send.php" } },
	{ "php8.2", "/usr/bin/php8.2", { "php", "-r", "mail();" } },
	{ "mail.jar", "/usr/lib/jvm/bin/java",
	    { "java", "-Xmx1g", "-jar", "/opt/mail.jar" } },
	{ "Mail", "/usr/lib/jvm/bin/java", { "java", "-cp", "lib", "Mail" } },
	{ "notify", "/usr/bin/dash", { "/bin/sh", "/etc/cron.daily/notify" } },
	{ "bash", "/usr/bin/bash", { "bash", "-c", "exec 3<>/dev/tcp/x/25" } },
	{ "bash", "/usr/bin/bash", { "-bash" } },
	{ "sendmail", "/bin/busybox", { "/usr/sbin/sendmail", "-t" } },
	{ "node_exporter", "/usr/bin/node_exporter", { "node_exporter", "x" } },
	{ "shotwell", "/usr/bin/shotwell", { "shotwell", "x" } },
	{ "python3", "/usr/bin/python3", { NULL } },
	{ "python3", "/usr/bin/python3", { "python3", "/tmp/" } },
};

static void
a_program_is_called_by_what_it_runs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		char name[PROCESS_NAME_MAX];

		process_name(commands[i].executable, commands[i].argv, name);
		assert_string_equal(name, commands[i].name);
	}
}

static void
a_long_name_is_cut(void **state)
{
	char path[PROCESS_PATH_MAX], name[PROCESS_NAME_MAX];
	const char *const argv[] = { NULL };

	(void)state;
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	process_name(path, argv, name);
	assert_int_equal(strlen(name), PROCESS_NAME_MAX - 1);
}

static void
the_holder_of_a_socket_is_found(void **state)
{
	struct process_info info;
	char self[PROCESS_PATH_MAX] = "";
	struct pair pair;

	(void)state;
	assert_true(pair_open(&pair, AF_INET));
	assert_int_equal(
	    process_of_socket(pair_inode(pair.client), &info), PROCESS_ONE);
	assert_int_equal(info.pid, getpid());
	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	assert_string_equal(info.executable, self);
	assert_string_equal(info.name, "test_process");
	pair_close(&pair);
}

static void
of_a_socket_that_nobody_has_there_is_none(void **state)
{
	struct process_info info;
	struct pair pair;
	uint32_t inode;

	(void)state;
	assert_true(pair_open(&pair, AF_INET));
	inode = pair_inode(pair.client);
	pair_close(&pair);
	assert_int_equal(process_of_socket(inode, &info), PROCESS_NONE);
	assert_string_equal(info.name, "");
}

/* share starts a child that holds `fd` as well, and runs `program` if that is
 * not NULL. */
static pid_t
share(int fd, const char *program)
{
	int ends[2];
	pid_t child;
	char byte;

	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	child = fork();
	if (child == 0) {
		if (program == NULL) {
			close(ends[1]);
			pause();
		}
		dup2(fd, 9); /* which is not closed by exec */
		execl(program, "sleep", "100", (char *)NULL);
		_exit(1);
	}
	assert_true(child > 0);
	close(ends[1]);
	/* The child's end is closed when it is where it is to be. */
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	return child;
}

static void
end(pid_t child)
{
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void
two_processes_of_a_program_are_that_program(void **state)
{
	struct process_info info;
	struct pair pair;
	pid_t child;

	(void)state;
	assert_true(pair_open(&pair, AF_INET));
	child = share(pair.client, NULL);
	assert_int_equal(
	    process_of_socket(pair_inode(pair.client), &info), PROCESS_ONE);
	assert_int_equal(info.pid, 0);
	assert_string_equal(info.name, "test_process");
	end(child);
	pair_close(&pair);
}

static void
two_programs_are_several(void **state)
{
	struct process_info info;
	struct pair pair;
	pid_t child;

	(void)state;
	if (access("/bin/sleep", X_OK) != 0)
		skip();
	assert_true(pair_open(&pair, AF_INET));
	child = share(pair.client, "/bin/sleep");
	assert_int_equal(
	    process_of_socket(pair_inode(pair.client), &info), PROCESS_SEVERAL);
	end(child);
	pair_close(&pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_is_called_by_what_it_runs),
		cmocka_unit_test(a_long_name_is_cut),
		cmocka_unit_test(the_holder_of_a_socket_is_found),
		cmocka_unit_test(of_a_socket_that_nobody_has_there_is_none),
		cmocka_unit_test(two_processes_of_a_program_are_that_program),
		cmocka_unit_test(two_programs_are_several),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
