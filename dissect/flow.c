/* SPDX-License-Identifier: ISC */
#include "dissect/flow.h"

#include <stddef.h>

size_t
flow_bytes(uint32_t count)
{
	return (size_t)count * (sizeof(struct flow) + sizeof(uint32_t));
}

void
flow_table_init(
    struct flow_table *table, void *block, uint32_t count, uint64_t seed)
{
	struct flow *flows = block;

	*table = (struct flow_table){
		.flows = flows,
		.buckets = (void *)(flows + count),
		.bucket_mask = count - 1,
		.seed = seed,
		.count = count,
	};
	memset(table->buckets, 0, (size_t)count * sizeof(uint32_t));
}

/* hash is the same for both directions: the ends' hashes are added up. */
static uint32_t
hash_end(uint64_t seed, const uint8_t ip[16], uint16_t port)
{
	uint64_t half[2];

	memcpy(half, ip, sizeof(half));
	half[0] = (half[0] ^ seed ^ port) * 0x9E3779B97F4A7C15u;
	half[1] = (half[1] ^ half[0] >> 29) * 0xBF58476D1CE4E5B9u;
	return (uint32_t)((half[0] ^ half[1]) >> 32);
}

uint32_t
flow_hash(const struct flow_table *table, const struct flow_key *key)
{
	uint32_t hash = hash_end(table->seed, key->ip[0], key->port[0]) +
			hash_end(table->seed, key->ip[1], key->port[1]);

	hash = (hash ^ hash >> 15) * 0x85EBCA6Bu;
	return hash ^ hash >> 13;
}

static uint32_t *
bucket_of(const struct flow_table *table, const struct flow_key *key)
{
	return &table->buckets[flow_hash(table, key) & table->bucket_mask];
}

static bool
is_end(const struct flow *flow, int end, const uint8_t ip[16], uint16_t port)
{
	return flow->port[end] == port && memcmp(flow->ip[end], ip, 16) == 0;
}

struct flow *
flow_find(
    const struct flow_table *table, const struct flow_key *key, enum side *from)
{
	uint32_t which = *bucket_of(table, key);

	while (which != 0) {
		struct flow *flow = flow_at(table, which);

		which = flow->next_in_bucket;
		if (flow->ipv6 != key->ipv6)
			continue;
		for (int end = 0; end < 2; end++) {
			if (!is_end(flow, end, key->ip[0], key->port[0]) ||
			    !is_end(flow, !end, key->ip[1], key->port[1]))
				continue;
			*from = end == CLIENT ? CLIENT : SERVER;
			return flow;
		}
	}
	return NULL;
}

/*
 * A link is found in a flow by its offset, so that one pair of functions
 * serves all lists.
 */
static struct flow_link *
link_of(const struct flow_table *table, uint32_t which, size_t offset)
{
	return (void *)((uint8_t *)flow_at(table, which) + offset);
}

static void
list_add(struct flow_table *table, struct flow_list *list, uint32_t which,
    size_t offset)
{
	struct flow_link *link = link_of(table, which, offset);

	link->before = list->last;
	link->after = 0;
	if (list->last != 0)
		link_of(table, list->last, offset)->after = which;
	else
		list->first = which;
	list->last = which;
}

static void
list_remove(struct flow_table *table, struct flow_list *list, uint32_t which,
    size_t offset)
{
	struct flow_link *link = link_of(table, which, offset);

	if (link->before != 0)
		link_of(table, link->before, offset)->after = link->after;
	else
		list->first = link->after;
	if (link->after != 0)
		link_of(table, link->after, offset)->before = link->before;
	else
		list->last = link->before;
}

static uint32_t
slot_new(struct flow_table *table)
{
	uint32_t which = table->free;

	table->used++;
	if (which == 0)
		return ++table->fresh;
	table->free = flow_at(table, which)->next_in_bucket;
	return which;
}

struct flow *
flow_new(struct flow_table *table, const struct flow_key *key, enum side from,
    int64_t time_us)
{
	uint32_t *bucket = bucket_of(table, key);
	enum side to = from == CLIENT ? SERVER : CLIENT;
	uint32_t which = slot_new(table);
	struct flow *flow = flow_at(table, which);

	*flow = (struct flow){
		.next_in_bucket = *bucket,
		.ipv6 = key->ipv6,
		.flow_class = FLOW_EMPTY,
		.first_us = time_us,
		.last_us = time_us,
		.used_us = time_us,
	};
	memcpy(flow->ip[from], key->ip[0], 16);
	memcpy(flow->ip[to], key->ip[1], 16);
	flow->port[from] = key->port[0];
	flow->port[to] = key->port[1];
	*bucket = which;
	list_add(table, &table->by_age, which, offsetof(struct flow, by_age));
	list_add(table, &table->by_use[FLOW_EMPTY], which,
	    offsetof(struct flow, by_use));
	return flow;
}

bool
flow_table_is_full(const struct flow_table *table)
{
	return table->used == table->count;
}

static void
swap_bytes(void *a, void *b, size_t len)
{
	uint8_t *left = a, *right = b;

	for (size_t i = 0; i < len; i++) {
		uint8_t byte = left[i];

		left[i] = right[i];
		right[i] = byte;
	}
}

void
flow_swap(struct flow *flow)
{
	swap_bytes(flow->ip[0], flow->ip[1], sizeof(flow->ip[0]));
	swap_bytes(&flow->port[0], &flow->port[1], sizeof(flow->port[0]));
	swap_bytes(flow->mac[0], flow->mac[1], sizeof(flow->mac[0]));
	swap_bytes(&flow->has_mac[0], &flow->has_mac[1], sizeof(bool));
	swap_bytes(&flow->bytes[0], &flow->bytes[1], sizeof(flow->bytes[0]));
	swap_bytes(&flow->heard[0], &flow->heard[1], sizeof(bool));
	swap_bytes(&flow->stream[0], &flow->stream[1], sizeof(flow->stream[0]));
}

void
flow_use(struct flow_table *table, struct flow *flow,
    enum flow_class flow_class, int64_t now_us)
{
	uint32_t which = flow_index(table, flow);

	list_remove(table, &table->by_use[flow->flow_class], which,
	    offsetof(struct flow, by_use));
	flow->flow_class = (uint8_t)flow_class;
	flow->used_us = now_us;
	list_add(table, &table->by_use[flow_class], which,
	    offsetof(struct flow, by_use));
}

void
flow_wait(struct flow_table *table, struct flow *flow, int64_t now_us)
{
	flow_go_on(table, flow);
	flow->waits = true;
	flow->waits_us = now_us;
	list_add(table, &table->by_wait, flow_index(table, flow),
	    offsetof(struct flow, by_wait));
}

void
flow_go_on(struct flow_table *table, struct flow *flow)
{
	if (!flow->waits)
		return;
	flow->waits = false;
	list_remove(table, &table->by_wait, flow_index(table, flow),
	    offsetof(struct flow, by_wait));
}

void
flow_remove(struct flow_table *table, struct flow *flow)
{
	uint32_t which = flow_index(table, flow);
	struct flow_key key = { (const uint8_t(*)[16])flow->ip, flow->port,
		flow->ipv6 };
	uint32_t *place = bucket_of(table, &key);

	while (*place != which)
		place = &flow_at(table, *place)->next_in_bucket;
	*place = flow->next_in_bucket;
	flow_go_on(table, flow);
	list_remove(
	    table, &table->by_age, which, offsetof(struct flow, by_age));
	list_remove(table, &table->by_use[flow->flow_class], which,
	    offsetof(struct flow, by_use));
	flow->next_in_bucket = table->free;
	table->free = which;
	table->used--;
}

struct flow *
flow_least_of(const struct flow_table *table, enum flow_class flow_class)
{
	uint32_t first = table->by_use[flow_class].first;

	return first != 0 ? flow_at(table, first) : NULL;
}

/* least_silent returns the one unused for longest of those that are over and
 * those that have not begun to talk.  Of one that was given up while it went on,
 * more would come, and seem to be another. */
static struct flow *
least_silent(const struct flow_table *table)
{
	struct flow *over = flow_least_of(table, FLOW_OVER);
	struct flow *empty = flow_least_of(table, FLOW_EMPTY);

	if (over == NULL || empty == NULL)
		return over != NULL ? over : empty;
	return over->used_us <= empty->used_us ? over : empty;
}

struct flow *
flow_least(const struct flow_table *table)
{
	struct flow *flow = NULL;

	for (int i = 0; i < FLOW_CLASSES && flow == NULL; i++)
		flow = i == FLOW_OVER
			   ? least_silent(table)
			   : flow_least_of(table, (enum flow_class)i);
	return flow;
}
