/* SPDX-License-Identifier: ISC */
/*
 * A sequence of fragments, eight bytes each: which datagram, what bits (1 more
 * fragments, 2 IPv6, 4 cut, 8 time goes back), seconds, and two bytes each of
 * offset in units, length and protocol.  Every byte is that of its place, so
 * whatever becomes whole can be checked.
 */
#include "dissect/fragment.h"

enum {
	CHUNKS = 300,
	SECOND = 1000000,
	PERIOD = 251, /* a byte is its offset modulo this */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct fragments fragments;
static struct chunk chunks[CHUNKS];
static uint8_t source[PERIOD + 65535];
static uint8_t buffer[FRAGMENT_DATAGRAM_LEN];

static void
fill_source(void)
{
	if (source[1] != 0)
		return;
	for (size_t i = 0; i < sizeof(source); i++)
		source[i] = (uint8_t)(i % PERIOD);
}

static void
check(bool true_here)
{
	if (!true_here)
		__builtin_trap();
}

static struct packet
read_fragment(struct bytes *input, int64_t *now_us)
{
	uint8_t id = bytes_u8(input);
	uint8_t bits = bytes_u8(input);
	int64_t seconds = bytes_u8(input);
	uint32_t at = (bytes_u16(input) & 0x1fffu) * FRAGMENT_UNIT;
	uint16_t len = bytes_u16(input);
	uint8_t protocol = bytes_u8(input);

	*now_us += SECOND * (bits & 8 ? -seconds : seconds);
	return (struct packet){
		.ipv6 = bits & 2,
		.protocol = protocol,
		.payload = bytes_of(source + at % PERIOD, len),
		.missing = bits & 4,
		.fragment = true,
		.more_fragments = bits & 1,
		.fragment_id = id,
		.fragment_at = at,
	};
}

static void
check_whole(const struct packet *p)
{
	check(!p->fragment && p->payload.len <= FRAGMENT_DATAGRAM_LEN);
	check(p->payload.len == 0 ||
	      memcmp(p->payload.data, source, p->payload.len) == 0);
}

static void
check_pool(const struct chunk_pool *pool)
{
	uint32_t used = 0;

	for (size_t i = 0; i < FRAGMENT_DATAGRAMS_MAX; i++)
		used += fragments.datagrams[i].pieces.count;
	check(used == pool->used && used <= CHUNKS);
	check(fragment_pending(&fragments) <= FRAGMENT_DATAGRAMS_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes input = bytes_of(data, len);
	struct chunk_pool pool;
	int64_t now_us = 0;

	fill_source();
	memset(&fragments, 0, sizeof(fragments));
	chunk_pool_init(&pool, chunks, sizeof(chunks));
	while (input.len > 0) {
		struct packet p = read_fragment(&input, &now_us);

		if (fragment_add(&fragments, &pool, now_us, &p, buffer))
			check_whole(&p);
		check_pool(&pool);
	}
	return 0;
}
