/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "capture/progress.h"

#include <inttypes.h>

enum {
	SECOND_US = 1000000,
};

void
progress_init(
    struct progress *progress, FILE *out, uint64_t total, int64_t now_us)
{
	*progress = (struct progress){
		.out = out,
		.total = total,
		.start_us = now_us,
		.last_us = now_us,
		.left = PROGRESS_PACKETS,
	};
}

/* print_left writes how much there is to do, going on at this speed. */
static void
print_left(FILE *out, uint64_t bytes, uint64_t total, double seconds)
{
	double rest = seconds * (double)(total - bytes) / (double)bytes;
	unsigned long left = (unsigned long)(rest + 0.5);

	fprintf(out, "%3" PRIu64 " %% read, %lu:%02lu left",
	    bytes * 100 / total, left / 60, left % 60);
}

void
progress_show(
    struct progress *progress, uint64_t bytes, uint64_t packets, int64_t now_us)
{
	double seconds = (double)(now_us - progress->start_us) / SECOND_US;

	if (progress->out == NULL || seconds <= 0 ||
	    now_us - progress->last_us < PROGRESS_INTERVAL_US)
		return;
	progress->last_us = now_us;
	progress->shown = true;
	fputc('\r', progress->out);
	if (bytes > 0 && bytes <= progress->total)
		print_left(progress->out, bytes, progress->total, seconds);
	else
		fprintf(progress->out, "%" PRIu64 " MB read", bytes / 1000000);
	/* To the end of the line, whatever longer one stood there. */
	fprintf(
	    progress->out, ", %.0f packets/s\033[K", (double)packets / seconds);
	fflush(progress->out);
}

void
progress_clear(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", progress->out);
	progress->shown = false;
}
