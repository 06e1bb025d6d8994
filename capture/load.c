/* SPDX-License-Identifier: ISC */
#include "capture/load.h"

#include <assert.h>
#include <err.h>
#include <stddef.h>
#include <stdlib.h>

enum {
	PAGE_SIZE = 16 << 10, /* a few records of connections */
	ALIGN = 16,
	LINE = 64, /* of a cache, mostly */
};

struct load_parcel {
	struct load_parcel *next; /* for the same shard */
	struct md_parcel parcel;  /* its payload is right behind */
};

struct load_event {
	struct load_event *next;
	struct md_event event;
	union {
		struct connection connection;
		struct md_hello hello;
		struct sighting sighting;
	} of; /* as much of it as there is */
};

struct load_page {
	struct load_page *next;
	uint8_t *room;
};

static_assert(sizeof(struct load_event) <= PAGE_SIZE, "an event fits a page");

static size_t
aligned(size_t size)
{
	return (size + ALIGN - 1) / ALIGN * ALIGN;
}

static void *
xmalloc(size_t size)
{
	void *new = malloc(size);

	if (new == NULL)
		err(EXIT_FAILURE, NULL);
	return new;
}

/* --- parcels --------------------------------------------------------------- */

static size_t
size_of(const struct md_parcel *parcel)
{
	return aligned(sizeof(struct load_parcel) + parcel->payload.len);
}

bool
load_has_room(
    const struct load *load, const struct md_parcel *parcel, unsigned count)
{
	size_t room = load->used == 0 ? LOAD_SIZE : LOAD_FULL;

	return load->used + count * size_of(parcel) <= room;
}

void
load_add(struct load *load, unsigned shard, const struct md_parcel *parcel)
{
	struct load_parcels *list = &load->parcels[shard];
	size_t room = LOAD_SIZE - load->used - sizeof(struct load_parcel), len;
	struct load_parcel *new;
	uint8_t *payload;

	if (load->room == NULL)
		load->room = xmalloc(LOAD_SIZE);
	new = (void *)(load->room + load->used);
	payload = (uint8_t *)(new + 1);
	len = bytes_copy(parcel->payload, payload, room);
	load->used += size_of(parcel);
	new->next = NULL;
	new->parcel = *parcel;
	new->parcel.payload = bytes_of(payload, len);
	if (list->last != NULL)
		list->last->next = new;
	else
		list->first = new;
	list->last = new;
}

/* fetch has a parcel, which another core wrote, come nearer while there is
 * something else to do. */
static void
fetch(const struct load_parcel *parcel)
{
	const char *at = (const char *)parcel;

	for (size_t i = 0; parcel != NULL && i < sizeof(*parcel); i += LINE)
		__builtin_prefetch(at + i);
}

void
load_open(const struct load *load, struct md *md, unsigned shard)
{
	const struct load_parcel *parcel = load->parcels[shard].first;

	for (; parcel != NULL; parcel = parcel->next) {
		fetch(parcel->next);
		md_open(md, shard, &parcel->parcel);
	}
}

/* --- events ---------------------------------------------------------------- */

/* new_event returns room for an event that points at `size` bytes. */
static struct load_event *
new_event(struct load_events *list, size_t size)
{
	struct load_page *page = list->pages;
	struct load_event *new;

	size = aligned(offsetof(struct load_event, of) + size);
	if (page == NULL || list->used + size > PAGE_SIZE) {
		page = xmalloc(sizeof(*page));
		page->room = xmalloc(PAGE_SIZE);
		page->next = list->pages;
		list->pages = page;
		list->used = 0;
	}
	new = (void *)(page->room + list->used);
	list->used += size;
	list->bytes += size;
	return new;
}

/* keep copies what the event points at. */
static struct load_event *
keep(struct load_events *list, const struct md_event *event)
{
	struct load_event *new;

	switch (event->what) {
	case MD_OVER:
	case MD_JUDGED:
		new = new_event(list, sizeof(new->of.connection));
		new->event = *event;
		new->of.connection = *event->connection;
		new->event.connection = &new->of.connection;
		return new;
	case MD_HELLO:
		new = new_event(list, sizeof(new->of.hello));
		new->event = *event;
		new->of.hello = *event->hello;
		new->event.hello = &new->of.hello;
		return new;
	case MD_SIGHTING:
		new = new_event(list, sizeof(new->of.sighting));
		new->event = *event;
		new->of.sighting = *event->sighting;
		new->event.sighting = &new->of.sighting;
		return new;
	case MD_GONE:
		break;
	}
	new = new_event(list, 0);
	new->event = *event;
	return new;
}

void
load_tell(struct load *load, unsigned list, const struct md_event *event)
{
	struct load_events *events = &load->events[list];
	struct load_event *new = keep(events, event);

	new->next = NULL;
	if (events->last != NULL)
		events->last->next = new;
	else
		events->first = new;
	events->last = new;
}

size_t
load_told(const struct load *load)
{
	size_t bytes = 0;

	for (unsigned i = 0; i < LOAD_LISTS; i++)
		bytes += load->events[i].bytes;
	return bytes;
}

/* free_pages leaves `page` and frees those behind it. */
static void
free_pages(struct load_page *page)
{
	struct load_page *next = page != NULL ? page->next : NULL;

	if (page != NULL)
		page->next = NULL;
	while ((page = next) != NULL) {
		next = page->next;
		free(page->room);
		free(page);
	}
}

/* empty leaves one page in each list for the next time. */
static void
empty(struct load *load)
{
	load->used = 0;
	memset(load->parcels, 0, sizeof(load->parcels));
	for (unsigned i = 0; i < LOAD_LISTS; i++) {
		struct load_events *list = &load->events[i];

		free_pages(list->pages);
		list->first = list->last = NULL;
		list->used = list->bytes = 0;
	}
}

void
load_settle(struct load *load, struct md *md)
{
	for (;;) {
		struct load_events *next = NULL;

		for (unsigned i = 0; i < LOAD_LISTS; i++) {
			struct load_events *list = &load->events[i];

			if (list->first != NULL &&
			    (next == NULL ||
				md_moment_before(&list->first->event.when,
				    &next->first->event.when)))
				next = list;
		}
		if (next == NULL)
			break;
		md_settle(md, &next->first->event);
		next->first = next->first->next;
	}
	empty(load);
}

void
load_free(struct load *load)
{
	empty(load);
	for (unsigned i = 0; i < LOAD_LISTS; i++) {
		struct load_page *page = load->events[i].pages;

		if (page != NULL)
			free(page->room);
		free(page);
	}
	free(load->room);
	memset(load, 0, sizeof(*load));
}
