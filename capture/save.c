/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "capture/save.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* In this machine's byte order, which it tells; times are in microseconds. */
static const uint32_t magic = 0xa1b2c3d4;

enum {
	MAJOR = 2,
	MINOR = 4,
	SNAPLEN = 256 << 10,
	MICROSECONDS = 1000000,
	MODE = 0600,
};

struct file_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, accuracy;
	uint32_t snaplen, link;
};

struct frame_header {
	uint32_t s, us;
	uint32_t len, wire_len;
};

/* begin empties the current file and writes its header. */
static int
begin(struct save *save)
{
	const struct file_header header = {
		.magic = magic,
		.major = MAJOR,
		.minor = MINOR,
		.snaplen = SNAPLEN,
		.link = (uint32_t)save->link,
	};
	FILE *file = save->files[save->current];

	rewind(file);
	if (ftruncate(fileno(file), 0) != 0 ||
	    fwrite(&header, sizeof(header), 1, file) != 1)
		return -errno;
	save->written = sizeof(header);
	return 0;
}

static FILE *
open_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, MODE);
	FILE *file = fd >= 0 ? fdopen(fd, "r+") : NULL;

	if (fd >= 0 && file == NULL)
		close(fd);
	return file;
}

static void
close_files(struct save *save)
{
	for (size_t i = 0; i < SAVE_FILES; i++)
		if (save->files[i] != NULL)
			fclose(save->files[i]);
	memset(save->files, 0, sizeof(save->files));
}

/* open_files opens what there are; 0 or -errno. */
static int
open_files(struct save *save)
{
	size_t count = save->limit > 0 ? SAVE_FILES : 1;

	for (size_t i = 0; i < count; i++) {
		save->files[i] = open_file(save->paths[i]);
		if (save->files[i] == NULL) {
			int error = -errno;

			close_files(save);
			return error;
		}
	}
	return 0;
}

/* older returns which of the two files is to be begun anew: the last of the
 * frames before are in the other one. */
static size_t
older(const struct save *save)
{
	struct stat first, second;

	if (save->limit == 0 || fstat(fileno(save->files[0]), &first) != 0 ||
	    fstat(fileno(save->files[1]), &second) != 0 || first.st_size == 0)
		return 0;
	if (second.st_size == 0)
		return 1;
	if (first.st_mtim.tv_sec != second.st_mtim.tv_sec)
		return first.st_mtim.tv_sec > second.st_mtim.tv_sec;
	return first.st_mtim.tv_nsec > second.st_mtim.tv_nsec;
}

int
save_open(struct save *save, const char *path, size_t limit, int link)
{
	int error;

	*save = (struct save){ .limit = limit, .link = link };
	if (strlen(path) + sizeof(".1") > SAVE_PATH_MAX)
		return -ENAMETOOLONG;
	snprintf(save->paths[0], SAVE_PATH_MAX, "%s", path);
	snprintf(save->paths[1], SAVE_PATH_MAX, "%s.1", path);
	error = open_files(save);
	if (error != 0)
		return error;
	save->current = older(save);
	error = begin(save);
	return error != 0 ? error : save_flush(save);
}

int
save_frame(struct save *save, const struct source_frame *frame)
{
	const struct frame_header header = {
		.s = (uint32_t)(frame->time_us / MICROSECONDS),
		.us = (uint32_t)(frame->time_us % MICROSECONDS),
		.len = frame->len,
		.wire_len = frame->wire_len,
	};
	size_t size = sizeof(header) + frame->len;
	FILE *file;
	int error = 0;

	if (frame->link != save->link)
		return 0;
	if (save->limit > 0 && save->written + size > save->limit) {
		error = save_flush(save);
		save->current = 1 - save->current;
		if (error == 0)
			error = begin(save);
	}
	file = save->files[save->current];
	if (error == 0 &&
	    (fwrite(&header, sizeof(header), 1, file) != 1 ||
		fwrite(frame->data, 1, frame->len, file) != frame->len))
		error = -errno;
	save->written += size;
	return error;
}

int
save_flush(struct save *save)
{
	return fflush(save->files[save->current]) == 0 ? 0 : -errno;
}

/* is_same tells whether both are open on the same files. */
static bool
is_same(const struct save *a, const struct save *b)
{
	struct stat one, other;

	for (size_t i = 0; i < SAVE_FILES; i++) {
		if (a->files[i] == NULL)
			continue;
		if (fstat(fileno(a->files[i]), &one) != 0 ||
		    fstat(fileno(b->files[i]), &other) != 0 ||
		    one.st_ino != other.st_ino || one.st_dev != other.st_dev)
			return false;
	}
	return true;
}

int
save_reopen(struct save *save)
{
	struct save anew = *save;
	int error = open_files(&anew);

	if (error != 0)
		return error;
	if (is_same(save, &anew)) {
		close_files(&anew);
		return save_flush(save);
	}
	close_files(save);
	*save = anew;
	save->current = older(save);
	return begin(save);
}

int
save_close(struct save *save)
{
	int error = 0;

	for (size_t i = 0; i < SAVE_FILES; i++)
		if (save->files[i] != NULL && fclose(save->files[i]) != 0)
			error = -errno;
	memset(save->files, 0, sizeof(save->files));
	return error;
}
