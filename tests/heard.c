/* SPDX-License-Identifier: ISC */
#include "tests/heard.h"

#include <string.h>

typedef void reader(
    struct bytes, const struct sighting *, sighting_hook *, void *);

struct subject {
	reader *read;
	enum sighting_source source;
};

void
hear(void *arg, const struct sighting *s)
{
	struct heard *heard = arg;
	size_t room = sizeof(heard->sightings) / sizeof(heard->sightings[0]);

	assert_non_null(memchr(s->name, '\0', sizeof(s->name)));
	assert_non_null(memchr(s->vendor_class, '\0', sizeof(s->vendor_class)));
	if (heard->count < room)
		heard->sightings[heard->count++] = *s;
}

static struct sighting
from(enum sighting_source source, bool ipv6)
{
	struct sighting s = { .time_us = 7,
		.source = source,
		.has_ip = true,
		.ipv6 = ipv6,
		.ip = { 192, 0, 2, 1 } };

	if (ipv6)
		memcpy(s.ip, "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	return s;
}

struct heard
hear_all(
    const char *digits, enum sighting_source source, bool ipv6, reader *read)
{
	struct sighting sender = from(source, ipv6);
	struct heard heard = { .count = 0 };
	uint8_t message[1500];
	size_t len = hex(digits, message, sizeof(message));

	read(bytes_of(message, len), &sender, hear, &heard);
	return heard;
}

static void
survive(struct bytes mutant, size_t cut, void *arg)
{
	const struct subject *subject = arg;
	struct sighting sender = from(subject->source, false);
	struct heard heard = { .count = 0 };

	(void)cut;
	subject->read(mutant, &sender, hear, &heard);
}

void
hear_mutants(const char *digits, enum sighting_source source, reader *read)
{
	struct subject subject = { read, source };
	uint8_t message[1500];
	size_t len = hex(digits, message, sizeof(message));

	mutate(message, len, survive, &subject);
}
