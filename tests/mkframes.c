/* SPDX-License-Identifier: ISC */
#include "tests/mkframes.h"

#include <stdlib.h>
#include <string.h>

static void
append(struct mkframes *list, int64_t time_us, const uint8_t *data, size_t len,
    size_t wire_len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	if (list->count == list->room) {
		list->room = 2 * list->room + 16;
		list->frames =
		    realloc(list->frames, list->room * sizeof(list->frames[0]));
	}
	if (copy == NULL || list->frames == NULL)
		abort();
	memcpy(copy, data, len);
	list->frames[list->count++] = (struct mkframe){
		.time_us = time_us,
		.len = (uint32_t)len,
		.wire_len = (uint32_t)wire_len,
		.data = copy,
	};
}

void
mkframes_add(struct mkframes *list, int64_t time_us,
    const struct mkbytes *frame, size_t snaplen)
{
	size_t len = frame->len < snaplen ? frame->len : snaplen;

	append(list, time_us, frame->data, len, frame->len);
}

void
mkframes_copy(struct mkframes *list, const struct mkframes *from, size_t index)
{
	struct mkframe f = from->frames[index];

	append(list, f.time_us, f.data, f.len, f.wire_len);
}

void
mkframes_swap(struct mkframes *list, size_t a, size_t b)
{
	struct mkframe was = list->frames[a];
	int64_t time_us = list->frames[b].time_us;

	list->frames[a] = list->frames[b];
	list->frames[a].time_us = was.time_us;
	list->frames[b] = was;
	list->frames[b].time_us = time_us;
}

void
mkframes_clear(struct mkframes *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->frames[i].data);
	free(list->frames);
	*list = (struct mkframes){ 0 };
}

int
mkframes_write(const struct mkframes *list, unsigned link, FILE *out)
{
	static struct mkbytes head;

	head.len = 0;
	mkbytes_u32(&head, 0xa1b2c3d4); /* microseconds */
	mkbytes_u16(&head, 2);
	mkbytes_u16(&head, 4);
	mkbytes_u32(&head, 0);
	mkbytes_u32(&head, 0);
	mkbytes_u32(&head, 65535);
	mkbytes_u32(&head, link);
	fwrite(head.data, 1, head.len, out);
	for (size_t i = 0; i < list->count; i++) {
		const struct mkframe *f = &list->frames[i];

		head.len = 0;
		mkbytes_u32(&head, (uint32_t)(f->time_us / 1000000));
		mkbytes_u32(&head, (uint32_t)(f->time_us % 1000000));
		mkbytes_u32(&head, f->len);
		mkbytes_u32(&head, f->wire_len);
		fwrite(head.data, 1, head.len, out);
		fwrite(f->data, 1, f->len, out);
	}
	return ferror(out) ? -1 : 0;
}
