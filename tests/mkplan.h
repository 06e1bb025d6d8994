/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_MKPLAN_H
#define MAILTLS_TESTS_MKPLAN_H

#include "tests/mktls.h"

enum {
	MKPLAN_STEP_US = 1000, /* from frame to frame */
};

/* How a connection goes; the same number always makes the same one. */
struct mkplan {
	uint16_t port, max, chosen;
	bool ipv6, starttls, sslv2_hello, login;
	unsigned end; /* 0 complete, 1 refused, 2 turned down */
	size_t mss, fragment;
};

/* mkplan_any returns any plan; the generator's state is `*seed`. */
struct mkplan mkplan_any(uint64_t *seed);

/* mkplan_play adds the frames of a connection that goes as `p` says. */
void mkplan_play(struct mkframes *to, const struct mkplan *p);

#endif
