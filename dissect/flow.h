/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_FLOW_H
#define MAILTLS_DISSECT_FLOW_H

#include "dissect/connection.h"
#include "dissect/stream.h"

/*
 * The table of TCP connections that are being followed.  All flows live in one
 * array; each is in the hash table and in two lists: by age, which gives the
 * order of first packets, and by last use, which is several lists, one for
 * each class of worth, since the least worthy goes first when room is needed.
 * Indices are + 1, 0 is none.
 */

/* How much would be lost with a flow, least first.  With one that is settled,
 * only how long it lasts and who ends it. */
enum flow_class {
	FLOW_STRANGER, /* on a port that mail is not known for, silent yet */
	FLOW_DOUBTFUL, /* one of those with payload */
	FLOW_OVER,     /* its record was given out, or it has none */
	FLOW_EMPTY,    /* not a byte of payload yet; worth as much as that */
	FLOW_SETTLED,  /* its bytes are only counted any more */
	FLOW_TALK,     /* payload, and what it means is not known yet */
	FLOW_CLASSES,
};

/* Whether a flow is taken for mail. */
enum standing {
	STANDING_MAIL,     /* for good */
	STANDING_NAMED,    /* as long as its content does not contradict */
	STANDING_STRANGER, /* not yet; nothing from here on is */
	STANDING_REJECTED, /* not any more: it is to be removed */
};

struct flow_link {
	uint32_t before, after;
};

struct flow {
	/* What a lookup compares comes first, then what every packet needs. */
	uint8_t ip[2][16]; /* by enum side */
	uint16_t port[2];
	uint32_t next_in_bucket;
	uint32_t conversation; /* index + 1; 0: no payload yet, or over */
	bool ipv6;
	uint8_t flow_class; /* enum flow_class */
	uint8_t closed_by;  /* enum closed_by */
	uint8_t standing;   /* enum standing */
	bool elsewhere;     /* its server's port is none of mail's */
	bool settled;       /* as FLOW_SETTLED */
	bool judged;        /* if settled: its connection is */
	bool heard[2];      /* a segment of that side was seen */
	bool syn[2];        /* SYN of that side was seen */
	bool has_mac[2];
	uint8_t mac[2][6];
	bool sides_certain; /* by a SYN or by content, not by port alone */
	bool waits;         /* is in the list by_wait */
	bool reset;         /* RST: over as soon as its stream has ended */
	int64_t last_us;
	int64_t used_us;   /* when its place by use was last renewed */
	uint64_t bytes[2]; /* of payload, each once */
	struct stream stream[2];
	int64_t first_us;
	uint64_t frame;         /* the number of its first */
	int64_t waits_us;       /* since when it waits */
	uint64_t client_random; /* of the ClientHello, as looked up, or 0 */
	uint32_t first_seq[2];  /* of its SYN */
	struct flow_link by_age, by_use, by_wait;
};

struct flow_list {
	uint32_t first, last;
};

struct flow_table {
	struct flow *flows;
	uint32_t *buckets;
	uint32_t bucket_mask;
	uint64_t seed;
	uint32_t count, used, fresh, free;
	struct flow_list by_age, by_wait;
	struct flow_list by_use[FLOW_CLASSES];
};

/* The four ends of a flow as a packet names them. */
struct flow_key {
	const uint8_t (*ip)[16]; /* source, destination */
	const uint16_t *port;
	bool ipv6;
};

/* flow_bytes returns how much memory `count` flows take, table and all. */
size_t flow_bytes(uint32_t count);

/*
 * flow_table_init makes a table for `count` flows, a power of two, of the
 * flow_bytes(count) bytes at `block`.  Where a flow stands in it depends on
 * `seed`, so that nobody who does not know it can crowd one place.
 */
void flow_table_init(
    struct flow_table *table, void *block, uint32_t count, uint64_t seed);

/* flow_at returns the flow that `index1`, an index + 1, stands for. */
static inline struct flow *
flow_at(const struct flow_table *table, uint32_t index1)
{
	return &table->flows[index1 - 1];
}

/* flow_index is the other way round. */
static inline uint32_t
flow_index(const struct flow_table *table, const struct flow *flow)
{
	return (uint32_t)(flow - table->flows) + 1;
}

/*
 * flow_find returns the flow of `key` or NULL, and sets `*from` to the side
 * that the key's source is.
 */
struct flow *flow_find(const struct flow_table *table,
    const struct flow_key *key, enum side *from);

/* flow_hash returns a number by which `key` can be told from most others, in
 * either direction. */
uint32_t flow_hash(const struct flow_table *table, const struct flow_key *key);

/*
 * flow_new makes a flow of `key` whose source is side `from`, in class
 * FLOW_EMPTY, first and last seen at `time_us`.  There must be room.
 */
struct flow *flow_new(struct flow_table *table, const struct flow_key *key,
    enum side from, int64_t time_us);

bool flow_table_is_full(const struct flow_table *table);

/* flow_swap makes the client the server and the server the client. */
void flow_swap(struct flow *flow);

/* flow_use renews the flow's place by use, at `now_us`, in the list of
 * `flow_class`. */
void flow_use(struct flow_table *table, struct flow *flow,
    enum flow_class flow_class, int64_t now_us);

/* flow_wait puts the flow last in the list of those that wait; flow_go_on
 * takes it out.  Both may be called at any time. */
void flow_wait(struct flow_table *table, struct flow *flow, int64_t now_us);
void flow_go_on(struct flow_table *table, struct flow *flow);

/* flow_remove takes the flow out of the table; it is gone. */
void flow_remove(struct flow_table *table, struct flow *flow);

/* flow_least returns the flow that would be missed least, or NULL. */
struct flow *flow_least(const struct flow_table *table);

/* flow_least_of returns the one of `flow_class` unused for longest, or NULL. */
struct flow *flow_least_of(
    const struct flow_table *table, enum flow_class flow_class);

#endif
