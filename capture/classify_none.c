/* SPDX-License-Identifier: ISC */
/* In place of classify.c, where there is no nDPI. */
#include <errno.h>
#include <string.h>

#include "capture/classify.h"

const char *
classify_version(void)
{
	return NULL;
}

int
classify_open(struct classify **out)
{
	*out = NULL;
	return -ENOSYS;
}

void
classify_close(struct classify *classify)
{
	(void)classify;
}

struct classify_flow *
classify_begin(void)
{
	return NULL;
}

void
classify_end(struct classify_flow *flow)
{
	(void)flow;
}

void
classify_packet(struct classify *classify, struct classify_flow *flow,
    const uint8_t *packet, size_t len, int64_t time_us,
    struct classify_answer *out)
{
	(void)classify;
	(void)flow;
	(void)packet;
	(void)len;
	(void)time_us;
	memset(out, 0, sizeof(*out));
}

void
classify_details(struct classify *classify, const struct classify_flow *flow,
    struct classify_details *out)
{
	(void)classify;
	(void)flow;
	memset(out, 0, sizeof(*out));
}
