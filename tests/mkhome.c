/* SPDX-License-Identifier: ISC */
/*
 * mkhome RECORDS FIRST COUNT [STORE]: what a home's devices send by mail on
 * COUNT days from day FIRST on, 0 being 1 January 2022, as records on standard
 * output or right into a store.
 *
 * RECORDS are a few of each device, as analyze prints them, each of which comes
 * again and again at other times.  A day is always the same, whatever days are
 * asked for.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/calendar.h"
#include "report/ndjson.h"
#include "report/recordin.h"
#include "report/store.h"
#include "report/words.h"
#include "tests/kit.h"

enum {
	PER_DAY = 500,
	RECORDS_MAX = 256,
	FIXED_DAY = 33,  /* from which on the first device is not old */
	AWAY_FIRST = 30, /* when the second one is not at home */
	AWAY_END = 37,
	RUN_DAYS = 7, /* how often capture begins anew */
	NEW_HOST = 99,
};

#define HOUR_US INT64_C(3600000000)

struct home {
	struct {
		struct connection c;
		struct identity who;
	} records[RECORDS_MAX];
	size_t count;
	const char *first, *second; /* ids of two devices */
	struct store *store;        /* NULL: standard output */
};

static void
read_records(struct home *home, const char *path)
{
	static char line[NDJSON_LINE_MAX];
	/* It stays, as it has the names of programs. */
	static struct recordin *reader;
	char message[RECORDIN_MESSAGE_MAX];
	FILE *file = fopen(path, "r");

	if (file == NULL)
		err(1, "%s", path);
	reader = recordin_new();
	while (home->count < RECORDS_MAX &&
	       fgets(line, sizeof(line), file) != NULL) {
		if (!recordin_read(reader, line, strlen(line),
			&home->records[home->count].c,
			&home->records[home->count].who, message))
			errx(1, "%s: %s", path, message);
		home->count++;
	}
	fclose(file);
}

/* Gives the home one device more, which does what the last one does. */
static void
add_device(struct home *home)
{
	const char *like = home->records[home->count - 1].who.device.id;
	size_t count = home->count;

	for (size_t i = 0; i < count && home->count < RECORDS_MAX; i++) {
		struct device_name *device;

		if (strcmp(home->records[i].who.device.id, like) != 0)
			continue;
		home->records[home->count] = home->records[i];
		home->records[home->count].c.end[CLIENT].ip[3] = NEW_HOST;
		home->records[home->count].c.end[CLIENT].mac[5] = NEW_HOST;
		device = &home->records[home->count++].who.device;
		snprintf(device->name, sizeof(device->name), "another");
		words_mac(home->records[i].c.end[CLIENT].mac, device->id);
		snprintf(device->id + 15, 3, "%02X", NEW_HOST);
	}
}

static bool
is_of(const struct home *home, size_t i, const char *id)
{
	return strcmp(home->records[i].who.device.id, id) == 0;
}

/* Makes what was old as if the program had been updated. */
static void
update(struct connection *c)
{
	if (c->verdict != VERDICT_OLD_CLIENT)
		return;
	c->verdict = VERDICT_MODERN;
	c->offer.max_version = c->offer.legacy_version = TLS_1_2;
	c->answer.version = TLS_1_2;
	c->answer.sentinel = TLS_NONE;
}

static void
give(struct home *home, const struct connection *c, const struct identity *who)
{
	static char line[NDJSON_LINE_MAX];
	size_t len;

	if (home->store != NULL) {
		store_add(home->store, c, who);
		return;
	}
	len = ndjson_format(c, who, line, sizeof(line));
	if (fwrite(line, 1, len, stdout) != len)
		err(1, "standard output");
}

static void
give_day(struct home *home, int day)
{
	int32_t date = calendar_date(2022, 1, 1) + day;
	int64_t start_us = calendar_start(date);
	int64_t length_us = calendar_start(date + 1) - start_us;
	uint64_t seed = (uint64_t)day;

	for (int n = 0; n < PER_DAY; n++) {
		size_t i = random_next(&seed) % home->count;
		struct connection c = home->records[i].c;
		int64_t lasts_us = c.last_us - c.first_us;

		if (is_of(home, i, home->second) && day >= AWAY_FIRST &&
		    day < AWAY_END)
			continue;
		if (is_of(home, i, home->first) && day >= FIXED_DAY)
			update(&c);
		c.first_us = start_us + length_us / PER_DAY * n +
			     (int64_t)(random_next(&seed) % 1000000);
		c.last_us = c.first_us + lasts_us;
		c.end[CLIENT].port =
		    (uint16_t)(32768 + random_next(&seed) % 28000);
		give(home, &c, &home->records[i].who);
	}
}

static void
give_run(struct home *home, int day)
{
	int32_t date = calendar_date(2022, 1, 1) + day;
	struct history_run run = {
		.start_us = calendar_start(date),
		.end_us = calendar_start(date + RUN_DAYS) - HOUR_US,
		.source = "br-lan",
		.packets = 100000,
	};

	if (home->store != NULL)
		store_run(home->store, &run);
}

int
main(int argc, char *argv[])
{
	static struct home home;
	char message[STORE_MESSAGE_MAX];
	struct store_options options;
	int first, end;

	if (argc < 4)
		errx(2, "usage: mkhome RECORDS FIRST COUNT [STORE]");
	tzset();
	read_records(&home, argv[1]);
	if (home.count < 3)
		errx(1, "%s: too few records", argv[1]);
	add_device(&home);
	home.first = home.records[3].who.device.id;
	home.second = home.records[6].who.device.id;
	first = (int)strtol(argv[2], NULL, 10);
	end = first + (int)strtol(argv[3], NULL, 10);
	if (argc > 4) {
		options = store_defaults(argv[4]);
		if (store_open(&options, &home.store, message) != 0)
			errx(1, "%s", message);
	}
	for (int day = first; day < end; day++) {
		if (day % RUN_DAYS == 0)
			give_run(&home, day);
		give_day(&home, day);
	}
	if (fflush(stdout) != 0)
		err(1, "standard output");
	return store_close(home.store, INT64_MAX / 2) == 0 ? 0 : 1;
}
