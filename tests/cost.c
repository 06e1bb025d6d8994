/* SPDX-License-Identifier: ISC */
/* cost COMMAND ARGUMENT...: runs it, and prints on standard error how many
 * milliseconds of CPU and KiB of memory it took. */
#include <err.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long
ms_of(struct timeval time)
{
	return time.tv_sec * 1000 + time.tv_usec / 1000;
}

int
main(int argc, char *argv[])
{
	struct rusage usage;
	int status;
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
	fprintf(stderr, "%ld %ld\n",
	    ms_of(usage.ru_utime) + ms_of(usage.ru_stime), usage.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
