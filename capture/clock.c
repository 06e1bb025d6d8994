/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "capture/clock.h"

#include <sys/timex.h>
#include <time.h>

enum {
	/* How long before it is read a frame may have been stamped; none waits
	 * so long unless we were stopped. */
	WAIT_MAX_US = 2 * 1000000,
	/* How long after its start a system may be without the time. */
	BOOT_US = 600 * 1000000,
};

/* 2026-01-01 00:00:00 UTC: this program is not older. */
static const int64_t made_us = INT64_C(1767225600) * 1000000;

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

bool
clock_can_be(int64_t system_us, bool in_step, int64_t up_us)
{
	return system_us >= made_us && (in_step || up_us >= BOOT_US);
}

bool
clock_is_set(int64_t system_us)
{
	struct timex state = { .modes = 0 };
	struct timespec up;

	clock_gettime(CLOCK_BOOTTIME, &up);
	/* Who may not ask is in a container, on a system that is up. */
	return clock_can_be(system_us, adjtimex(&state) != TIME_ERROR,
	    (int64_t)up.tv_sec * 1000000);
}
