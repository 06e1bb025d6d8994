/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_TESTS_HEARD_H
#define MAILTLS_TESTS_HEARD_H

#include "dissect/sighting.h"
#include "tests/kit.h"

/* What a test of sightings has heard so far; hear() is its hook. */
struct heard {
	struct sighting sightings[16];
	size_t count;
};

void hear(void *heard, const struct sighting *s);

/*
 * hear_all hands the message in `digits` (hexadecimal) to `read`, as one that
 * came from fe80::1 or 192.0.2.1 without a MAC, and returns what was heard.
 */
struct heard hear_all(const char *digits, enum sighting_source source,
    bool ipv6,
    void (*read)(
	struct bytes, const struct sighting *, sighting_hook *, void *));

/*
 * hear_mutants hands `read` every truncation and every flipped bit of it, and
 * fails when a name is not ended.
 */
void hear_mutants(const char *digits, enum sighting_source source,
    void (*read)(
	struct bytes, const struct sighting *, sighting_hook *, void *));

#endif
