/* SPDX-License-Identifier: ISC */
/*
 * What is left of passwords in the memory of mailtls: the program reads a
 * capture with logins, and is looked at in the moment before it ends.  Both
 * ways that passwords can take are gone: our own dialogue's and nDPI's.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/kit.h"
#include "tests/mktalk.h"
#include "tests/remains.h"

enum {
	/* As much goes through the buffers of whoever reads files. */
	PADDING = 4 << 20,
	NOISE_LEN = 1400,
	SECRET_LEN = 14,
};

static const char secret_text[SECRET_LEN + 1] = "sEcr3t-oN-wIre";
static char secret[SECRET_LEN + 1]; /* inverted */

/* logins says the password in every protocol, on its own port and on another.
 */
static void
logins(struct mkframes *to)
{
	static const struct {
		uint16_t port, odd;
		const char *before, *command;
	} rows[] = {
		{ 110, 1110, "S:+OK ready\nC:USER me\nS:+OK\n", "PASS %s\r\n" },
		{ 143, 1430, "S:* OK ready\nC:1 CAPABILITY\nS:1 OK done\n",
		    "2 LOGIN me %s\r\n" },
		{ 587, 5870,
		    "S:220 mx.example.net ESMTP\nC:EHLO pc.example.net\n"
		    "S:250 AUTH PLAIN LOGIN\nC:AUTH LOGIN bWU=\nS:334 \n",
		    "%s\r\n" },
		{ 21, 2121, "S:220 FTP ready\nC:USER me\nS:331 go on\n",
		    "PASS %s\r\n" },
	};
	char line[64];

	for (unsigned i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		struct mktalk t = mktalk_of(to, false, (uint16_t)(40000 + i),
		    i % 2 == 0 ? rows[i / 2].port : rows[i / 2].odd);

		mktalk_open(&t);
		mktalk_lines(&t, rows[i / 2].before);
		snprintf(line, sizeof(line), rows[i / 2].command, secret_text);
		mktalk_say(&t, CLIENT, line, strlen(line));
		mktalk_lines(&t, "S:+OK 235 fine\n");
		if (i % 4 < 2)
			mktalk_close(&t, CLIENT);
	}
}

static void
noise(struct mkframes *to)
{
	struct mktalk t = mktalk_of(to, false, 50000, 80);
	static char data[NOISE_LEN];

	memset(data, 'x', sizeof(data));
	mktalk_open(&t);
	for (int i = 0; i < PADDING / NOISE_LEN; i++)
		mktalk_say(&t, SERVER, data, sizeof(data));
}

static void
write_capture(const char *path)
{
	struct mkframes frames = { 0 };
	FILE *file = fopen(path, "wb");

	if (file == NULL)
		return;
	logins(&frames);
	noise(&frames);
	mkframes_write(&frames, 1, file);
	fclose(file);
	mkframes_clear(&frames);
}

/* The child: has itself traced, and becomes mailtls. */
static void
become(const char *path)
{
	/* What looks for leaks at the end can not do so when traced. */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(99);
	execl("./mailtls", "mailtls", "analyze", "-q", "--any-port", "--ca",
	    "none", "-f", "ndjson", "-o", "secrets.ndjson", path, (char *)NULL);
	_exit(99);
}

/* run_to_the_end lets `child` run until it is about to end, and returns whether
 * it does so; it can be told to stop there unless tracing is forbidden. */
static bool
run_to_the_end(pid_t child)
{
	intptr_t options = PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL;
	int status;

	if (waitpid(child, &status, 0) != child || WIFEXITED(status) ||
	    ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)options) != 0)
		return false;
	ptrace(PTRACE_CONT, child, NULL, NULL);
	while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
		int signal_number = WSTOPSIG(status);

		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8))
			return true;
		ptrace(PTRACE_CONT, child, NULL,
		    (void *)(intptr_t)(signal_number == SIGTRAP
					   ? 0
					   : signal_number));
	}
	return false;
}

static size_t
lines_of(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t lines = 0;
	int c;

	if (file == NULL)
		return 0;
	while ((c = getc(file)) != EOF)
		lines += c == '\n';
	fclose(file);
	return lines;
}

/* What was found. */
static struct {
	int secrets, arguments, status;
	size_t records;
} seen;

/* look runs mailtls and looks at it, and returns whether it could. */
static bool
look(void)
{
	static const char path[] = "secrets.pcap";
	char argument[] = "secrets.ndjson";
	bool traced;
	pid_t child;

	memcpy(secret, secret_text, SECRET_LEN);
	remains_invert(secret, SECRET_LEN);
	write_capture(path);
	fflush(NULL);
	child = fork();
	if (child == 0)
		become(path);
	traced = child > 0 && run_to_the_end(child);
	if (traced) {
		seen.records = lines_of(argument);
		remains_invert(argument, sizeof(argument) - 1);
		seen.arguments =
		    remains_count(child, argument, sizeof(argument) - 1);
		seen.secrets = remains_count(child, secret, SECRET_LEN);
		ptrace(PTRACE_CONT, child, NULL, NULL);
		waitpid(child, &seen.status, 0);
	}
	unlink("secrets.ndjson");
	unlink(path);
	return traced;
}

static void
all_logins_were_read_but_those_of_FTP(void **state)
{
	(void)state;
	assert_true(WIFEXITED(seen.status) && WEXITSTATUS(seen.status) == 0);
	assert_int_equal(seen.records, 6);
}

static void
what_is_in_memory_is_seen(void **state)
{
	(void)state;
	assert_true(seen.arguments > 0);
}

static void
no_password_is_left_when_the_program_ends(void **state)
{
	(void)state;
	assert_int_equal(seen.secrets, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_logins_were_read_but_those_of_FTP),
		cmocka_unit_test(what_is_in_memory_is_seen),
		cmocka_unit_test(no_password_is_left_when_the_program_ends),
	};

	if (!look()) {
		puts("1..0 # SKIP a process can not be traced here");
		return 0;
	}
	return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
