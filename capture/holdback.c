/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "capture/holdback.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct held_frame {
	uint64_t number; /* of its connection; 0: none */
	struct source_frame frame;
	uint8_t data[HOLDBACK_LEN];
};

int
holdback_open(struct holdback *holdback)
{
	holdback->next = 0;
	holdback->frames = calloc(HOLDBACK_FRAMES, sizeof(*holdback->frames));
	return holdback->frames != NULL ? 0 : -ENOMEM;
}

void
holdback_close(struct holdback *holdback)
{
	free(holdback->frames);
	holdback->frames = NULL;
}

void
holdback_add(struct holdback *holdback, uint64_t number,
    const struct source_frame *frame)
{
	struct held_frame *held;

	if (holdback->frames == NULL || frame->len > HOLDBACK_LEN)
		return;
	held = &holdback->frames[holdback->next];
	holdback->next = (holdback->next + 1) % HOLDBACK_FRAMES;
	held->number = number;
	held->frame = *frame;
	memcpy(held->data, frame->data, frame->len);
	held->frame.data = held->data;
}

int
holdback_release(struct holdback *holdback, uint64_t number, struct save *save)
{
	int error = 0;

	for (size_t i = 0; holdback->frames != NULL && i < HOLDBACK_FRAMES;
	     i++) {
		struct held_frame *held =
		    &holdback->frames[(holdback->next + i) % HOLDBACK_FRAMES];

		if (held->number != number)
			continue;
		held->number = 0;
		if (error == 0)
			error = save_frame(save, &held->frame);
	}
	return error;
}
