/* SPDX-License-Identifier: ISC */
/* Which capture files there are, and in which order they were recorded. */
#include "config.h"

#include "capture/source_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "capture/inflate.h"

enum {
	FOLDER_DEPTH_MAX = 32,
	LOOK = 4096, /* stdio buffer for a look at a file's first bytes */
};

/* --- adding ---------------------------------------------------------------- */

static int
append(struct source_list *list, const char *path, uint64_t size)
{
	char **paths =
	    realloc(list->paths, (list->count + 1) * sizeof(list->paths[0]));

	if (paths == NULL)
		return -ENOMEM;
	list->paths = paths;
	paths[list->count] = strdup(path);
	if (paths[list->count] == NULL)
		return -ENOMEM;
	list->count++;
	list->size += size;
	return 0;
}

/* holds_capture looks into the file at `path`. */
static bool
holds_capture(const char *path)
{
	struct inflate *inflate;
	const uint8_t *head;
	size_t len;
	bool is;

	if (inflate_open(path, LOOK, &inflate) != 0)
		return false;
	len = inflate_head(inflate, &head);
	is = source_is_capture(head, len);
	fclose(inflate_stream(inflate));
	inflate_free(inflate);
	return is;
}

static int add_folder(
    struct source_list *list, const char *path, unsigned depth);

/* add_entry takes in what a folder holds at `path`: files and links to files
 * that are captures, and folders. */
static int
add_entry(struct source_list *list, const char *path, unsigned depth)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return 0; /* it is gone by now */
	if (S_ISDIR(st.st_mode))
		return depth < FOLDER_DEPTH_MAX
			   ? add_folder(list, path, depth + 1)
			   : 0;
	if (S_ISLNK(st.st_mode) && stat(path, &st) != 0)
		return 0;
	if (!S_ISREG(st.st_mode) || !holds_capture(path))
		return 0;
	return append(list, path, (uint64_t)st.st_size);
}

/* add_folder takes in the folder at `path`.  One below the first that can not
 * be opened is passed over. */
static int
add_folder(struct source_list *list, const char *path, unsigned depth)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	int error = 0;

	if (folder == NULL)
		return depth == 0 ? -errno : 0;
	while (error == 0 && (entry = readdir(folder)) != NULL) {
		char *below;

		if (entry->d_name[0] == '.')
			continue;
		if (asprintf(&below, "%s/%s", path, entry->d_name) < 0) {
			error = -ENOMEM;
			break;
		}
		error = add_entry(list, below, depth);
		free(below);
	}
	closedir(folder);
	return error;
}

int
source_list_add(struct source_list *list, const char *path,
    char message[SOURCE_MESSAGE_MAX])
{
	size_t before = list->count;
	struct stat st;
	int error;

	if (strcmp(path, "-") == 0)
		error = append(list, path, 0);
	else if (stat(path, &st) != 0)
		error = -errno;
	else if (!S_ISDIR(st.st_mode))
		error = append(
		    list, path, S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0);
	else
		error = add_folder(list, path, 0);
	if (error != 0)
		snprintf(message, SOURCE_MESSAGE_MAX, "%s", strerror(-error));
	if (error == 0 && list->count == before) {
		snprintf(message, SOURCE_MESSAGE_MAX,
		    "no capture files in this folder");
		error = -ENOENT;
	}
	return error;
}

/* --- sorting --------------------------------------------------------------- */

struct dated {
	char *path;
	int64_t first_us;
};

/* struct first takes the time of the first packet and stops. */
struct first {
	struct source *source;
	int64_t time_us;
};

static void
take_first(void *arg, const struct source_frame *frame)
{
	struct first *first = arg;

	first->time_us = frame->time_us;
	source_stop(first->source);
}

/*
 * first_time returns when the file's first packet was seen, or INT64_MAX.
 * Only plain files can be looked into and read again afterwards.
 */
static int64_t
first_time(const char *path)
{
	struct first first = { NULL, INT64_MAX };
	char message[SOURCE_MESSAGE_MAX];
	struct stat st;

	if (strcmp(path, "-") == 0 || stat(path, &st) != 0 ||
	    !S_ISREG(st.st_mode))
		return INT64_MAX;
	if (source_open(path, NULL, &first.source, message) != 0)
		return INT64_MAX;
	source_run(first.source, take_first, &first, message);
	source_close(first.source);
	return first.time_us;
}

static int
compare(const void *a, const void *b)
{
	const struct dated *x = a, *y = b;
	bool in_x = strcmp(x->path, "-") == 0, in_y = strcmp(y->path, "-") == 0;

	if (x->first_us != y->first_us)
		return x->first_us < y->first_us ? -1 : 1;
	if (in_x != in_y)
		return in_x ? 1 : -1;
	return strcmp(x->path, y->path);
}

void
source_list_sort(struct source_list *list)
{
	struct dated *dated;

	if (list->count < 2)
		return;
	dated = calloc(list->count, sizeof(*dated));
	if (dated == NULL)
		return; /* as given, then */
	for (size_t i = 0; i < list->count; i++)
		dated[i] = (struct dated){ list->paths[i],
			first_time(list->paths[i]) };
	qsort(dated, list->count, sizeof(*dated), compare);
	for (size_t i = 0; i < list->count; i++)
		list->paths[i] = dated[i].path;
	free(dated);
}

void
source_list_clear(struct source_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->paths[i]);
	free(list->paths);
	*list = (struct source_list){ 0 };
}
