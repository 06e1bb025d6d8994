/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "capture/clock.h"

enum {
	/* How long before it is read a frame may have been stamped; none waits
	 * so long unless we were stopped. */
	WAIT_MAX_US = 2 * 1000000,
};

void
clock_start(struct clock *clock, int64_t monotonic_us, int64_t system_us)
{
	*clock = (struct clock){
		.steady_us = system_us,
		.offset_us = system_us - monotonic_us,
	};
}

int64_t
clock_look(struct clock *clock, int64_t monotonic_us, int64_t system_us)
{
	int64_t before_us = clock->jump_us;

	clock->steady_us = monotonic_us + clock->offset_us;
	clock->jump_us = system_us - clock->steady_us;
	return clock->jump_us - before_us;
}

int64_t
clock_steady(const struct clock *clock, int64_t system_us)
{
	int64_t steady_us = system_us - clock->jump_us;

	if (steady_us > clock->steady_us + WAIT_MAX_US ||
	    steady_us < clock->steady_us - WAIT_MAX_US)
		return clock->steady_us;
	return steady_us;
}

int64_t
clock_system(const struct clock *clock, int64_t steady_us)
{
	return steady_us + clock->jump_us;
}
