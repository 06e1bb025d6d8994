/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_CLOCK_H
#define MAILTLS_CAPTURE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Two times, for live capture.  The system's time can be set: a router without
 * a battery starts in some year past and jumps to the present when it has heard
 * of it.  So the dissector is told a steady time that never jumps; it runs from
 * what the system's time was at first.  What it says of times is translated
 * into what they are by the system's time now, so that even what happened
 * before a jump gets the right time after it.
 */

/* struct clock; the times are in microseconds, as everywhere. */
struct clock {
	int64_t steady_us; /* at the last look */
	int64_t offset_us; /* of the steady time, from the monotonic one */
	int64_t jump_us;   /* of the system's time, from the steady one */
};

/*
 * clock_start begins, and clock_look looks again: `monotonic_us` is the time
 * since some moment, and `system_us` the system's.  The latter returns how far
 * the system's time has jumped since the last look.
 */
void clock_start(struct clock *clock, int64_t monotonic_us, int64_t system_us);
int64_t clock_look(
    struct clock *clock, int64_t monotonic_us, int64_t system_us);

/* clock_steady returns the steady time of a frame that the kernel stamped
 * `system_us`, perhaps just before the system's time was set. */
int64_t clock_steady(const struct clock *clock, int64_t system_us);

/* clock_system returns what the system's time was, as we know it now, at the
 * steady time `steady_us`. */
int64_t clock_system(const struct clock *clock, int64_t steady_us);

/*
 * clock_is_set tells whether `system_us` can be the time: it is not long before
 * this program was made, and whoever sets the clock after the system's start
 * has set it, or does not seem to.
 */
bool clock_is_set(int64_t system_us);

/* clock_can_be tells so by what the system says: whether somebody keeps its
 * time in step, and how long it has been up. */
bool clock_can_be(int64_t system_us, bool in_step, int64_t up_us);

#endif
