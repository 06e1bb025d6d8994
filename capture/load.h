/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_LOAD_H
#define MAILTLS_CAPTURE_LOAD_H

#include "dissect/maildissect.h"

/*
 * struct load is what travels between threads at a time: some hundred segments
 * on their way to the shards of a dissector, and then what these have to tell
 * of them.  There is a list for each shard of both, so that threads that work
 * for different shards need not know of each other.  It locks nothing itself.
 * Zeroed it is empty.
 */

enum {
	/* The longest segment that there is, libpcap's MAXIMUM_SNAPLEN, and
	 * some. */
	LOAD_SIZE = (256 + 32) << 10,
	/* More does not go in unless it is empty: what is on its way at a time
	 * should be found in the caches of the cores. */
	LOAD_FULL = 288 << 10,
	LOAD_LISTS = MD_SHARDS_MAX + 1, /* the last: of sightings */
};

struct load_parcel;
struct load_event;
struct load_page;

struct load {
	uint8_t *room; /* of parcels; NULL before the first */
	size_t used;
	struct load_parcels {
		struct load_parcel *first, *last;
	} parcels[MD_SHARDS_MAX];
	struct load_events {
		struct load_event *first, *last;
		struct load_page *pages; /* the one that is filled first */
		size_t used;             /* of that one */
		size_t bytes;            /* that events take up, of all */
	} events[LOAD_LISTS];
};

/* load_free gives back what it has. */
void load_free(struct load *load);

/* load_has_room tells whether there is room for `count` parcels like `parcel`.
 * In one that is empty, there is for any segment. */
bool load_has_room(
    const struct load *load, const struct md_parcel *parcel, unsigned count);

/* load_add adds a parcel, with a copy of its payload, for which there is
 * room. */
void load_add(
    struct load *load, unsigned shard, const struct md_parcel *parcel);

/* load_tell adds an event to a list, with a copy of what it points at. */
void load_tell(struct load *load, unsigned list, const struct md_event *event);

/* load_told returns how many bytes the events take up. */
size_t load_told(const struct load *load);

/* load_open brings its parcels to a shard, load_settle all events to md_settle,
 * in order; after that it is empty. */
void load_open(const struct load *load, struct md *md, unsigned shard);
void load_settle(struct load *load, struct md *md);

#endif
