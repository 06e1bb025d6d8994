/* SPDX-License-Identifier: ISC */
/* cost COMMAND ARGUMENT...: runs it, and prints on standard error how many
 * milliseconds of CPU and KiB of memory it took, and the CPU in microseconds.
 * What is large itself measures through this: a program begins with the peak of
 * the one that started it. */
#include <err.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long
us_of(struct timeval time)
{
	return time.tv_sec * 1000000 + time.tv_usec;
}

int
main(int argc, char *argv[])
{
	struct rusage usage;
	int status;
	long us;
	pid_t pid;

	if (argc < 2)
		errx(2, "usage: cost COMMAND ARGUMENT...");
	pid = fork();
	if (pid < 0)
		err(2, "fork");
	if (pid == 0) {
		execvp(argv[1], argv + 1);
		err(2, "%s", argv[1]);
	}
	if (wait4(pid, &status, 0, &usage) != pid)
		err(2, "wait");
	us = us_of(usage.ru_utime) + us_of(usage.ru_stime);
	fprintf(stderr, "%ld %ld %ld\n", us / 1000, usage.ru_maxrss, us);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
