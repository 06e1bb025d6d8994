/* SPDX-License-Identifier: ISC */
#include "tests/remains.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	WINDOW = 1 << 16,
	SECRET_MAX = 64, /* windows overlap by so much */
};

/* Longer ranges are the shadows of sanitizers, which hold no copy of anything,
 * and terabytes of it. */
static const unsigned long RANGE_MAX = 1ul << 32;

void
remains_invert(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		text[i] = (char)~text[i];
}

static int
is_there(const char *at, const char *secret, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (at[i] != (char)~secret[i])
			return 0;
	return 1;
}

/* Counts in `size` bytes, which begin `window`, those that begin in the first
 * `fresh`. */
static int
count_in(const char *window, size_t fresh, size_t size, const char *secret,
    size_t len)
{
	int count = 0;

	for (size_t i = 0; i < fresh && i + len <= size; i++)
		count += is_there(window + i, secret, len);
	return count;
}

static int
count_range(int memory, unsigned long from, unsigned long to,
    const char *secret, size_t len)
{
	static char window[WINDOW + SECRET_MAX];
	int count = 0;

	for (; from < to; from += WINDOW) {
		size_t want =
		    to - from < sizeof(window) ? to - from : sizeof(window);
		ssize_t got = pread(memory, window, want, (off_t)from);

		if (got > 0)
			count +=
			    count_in(window, WINDOW, (size_t)got, secret, len);
	}
	for (size_t i = 0; i < sizeof(window); i++)
		window[i] = 0; /* lest it be found there */
	return count;
}

int
remains_count(pid_t pid, const char *secret, size_t len)
{
	char path[64], line[512], writable;
	unsigned long from, to;
	int memory, count = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	memory = open(path, O_RDONLY);
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "r");
	while (memory >= 0 && maps != NULL &&
	       fgets(line, sizeof(line), maps) != NULL)
		if (sscanf(line, "%lx-%lx %*c%c", &from, &to, &writable) == 3 &&
		    writable == 'w' && to - from <= RANGE_MAX)
			count += count_range(memory, from, to, secret, len);
	if (memory < 0 || maps == NULL)
		count = -1;
	if (memory >= 0)
		close(memory);
	if (maps != NULL)
		fclose(maps);
	return count;
}
