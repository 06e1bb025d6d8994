/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_SOURCE_LIST_H
#define MAILTLS_CAPTURE_SOURCE_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "capture/source.h"

/*
 * struct source_list is a list of capture files in the order of their first
 * packet.  Paths are owned by the list.
 */
struct source_list {
	char **paths;
	size_t count;
	uint64_t size; /* bytes of all files whose size is known */
};

/*
 * source_list_add takes `path` into the list: a file as it is, a folder with
 * all capture files below it, known by content, hidden ones and symbolic
 * links to folders left out.  It returns 0 or -errno.
 */
int source_list_add(struct source_list *list, const char *path,
    char message[SOURCE_MESSAGE_MAX]);

/*
 * source_list_sort orders the list by the time of each file's first packet,
 * then by name; files that can not be read stay, last, so that opening them
 * tells why.  Standard input comes last as well.
 */
void source_list_sort(struct source_list *list);
void source_list_clear(struct source_list *list);

#endif
