/* SPDX-License-Identifier: ISC */
/*
 * A program for the classic BPF machine (Linux's
 * Documentation/networking/filter.rst).  It goes through the headers with what
 * they add to the length of the link header in X, so that offsets in the IP
 * header are the same with and without tags, tunnels and options.
 *
 * Conditional jumps reach 255 steps, so they only ever jump over the next few;
 * the long ones are unconditional, to labels.
 */
#include "config.h"

#include "capture/filter.h"

#include <assert.h>

enum {
	LINK_ETHERNET = 1,
	LINK_RAW_LINUX = 12, /* DLT_RAW */
	LINK_RAW = 101,
	LINK_COOKED = 113, /* Linux cooked v1 */
};

enum {
	TAGS_MAX = 3,
	EXTENSIONS_MAX = 3, /* IPv6 extension headers in a row */
	PORTS = 65536,
};

enum {
	TYPE_IPV4 = 0x0800,
	TYPE_ARP = 0x0806,
	TYPE_TAG = 0x8100,  /* 802.1Q */
	TYPE_QINQ = 0x9100, /* before 802.1ad */
	TYPE_IPV6 = 0x86dd,
	TYPE_PPPOE = 0x8864,
	TYPE_PROVIDER_TAG = 0x88a8, /* 802.1ad */
	PPP_IPV4 = 0x0021,
	PPP_IPV6 = 0x0057,
};

enum {
	PROTO_HOP_BY_HOP = 0,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_ROUTING = 43,
	PROTO_FRAGMENT = 44,
	PROTO_ICMPV6 = 58,
	PROTO_OPTIONS = 60,
	ND_FIRST = 133, /* router solicitation, RFC 4861 4.1 */
	ND_LAST = 136,  /* neighbour advertisement, 4.4 */
};

/* Scratch memory of the machine. */
enum {
	KEPT, /* A, while it is used to add to X */
	LENGTH,
};

enum label {
	AT_IPV4,
	AT_IPV6,
	AT_TCP,
	AT_UDP,
	LABELS,
};

/* A filter in the making. */
struct build {
	struct filter *filter;
	uint32_t ip;           /* offset of the IP header, without X */
	bool connections_only; /* nothing but TCP is wanted */
	size_t at[LABELS];
};

/* There is always room for another step: nothing but the ports varies, and of
 * these there is a limit. */
static_assert(FILTER_STEPS_MAX >= 256 + 2 * 2 * 3 * FILTER_RANGES_MAX +
				      2 * 3 * FILTER_OTHERS_MAX,
    "three lists of ranges, each tested twice in three steps, and the rest");

static void
add(struct build *b, int code, uint32_t k)
{
	struct filter *f = b->filter;

	f->steps[f->count++] =
	    (struct sock_filter){ .code = (uint16_t)code, .k = k };
}

/* compare adds a test that jumps over `yes` steps if it holds, else `no`. */
static void
compare(struct build *b, int test, uint32_t k, uint8_t yes, uint8_t no)
{
	struct filter *f = b->filter;

	add(b, BPF_JMP | test | BPF_K, k);
	f->steps[f->count - 1].jt = yes;
	f->steps[f->count - 1].jf = no;
}

static void
drop(struct build *b)
{
	add(b, BPF_RET | BPF_K, 0);
}

static void
accept(struct build *b)
{
	add(b, BPF_RET | BPF_K, FILTER_SNAPLEN);
}

/* accept_other lets through what has no ports. */
static void
accept_other(struct build *b)
{
	add(b, BPF_RET | BPF_K, b->connections_only ? 0 : FILTER_SNAPLEN);
}

static void
accept_other_if(struct build *b, uint32_t value)
{
	compare(b, BPF_JEQ, value, 0, 1);
	accept_other(b);
}

/* go_if: its target is written by resolve. */
static void
go_if(struct build *b, uint32_t value, enum label label)
{
	compare(b, BPF_JEQ, value, 0, 1);
	add(b, BPF_JMP | BPF_JA, label);
}

static void
load(struct build *b, int size, uint32_t offset)
{
	add(b, BPF_LD | size | BPF_IND, b->ip + offset);
}

enum {
	ADVANCE_STEPS = 5,
};

/* advance adds `len` to X, and keeps A. */
static void
advance(struct build *b, uint32_t len)
{
	add(b, BPF_ST, KEPT);
	add(b, BPF_MISC | BPF_TXA, 0);
	add(b, BPF_ALU | BPF_ADD | BPF_K, len);
	add(b, BPF_MISC | BPF_TAX, 0);
	add(b, BPF_LD | BPF_MEM, KEPT);
}

/* advance_by_length adds what is in LENGTH to X, and keeps A. */
static void
advance_by_length(struct build *b)
{
	add(b, BPF_ST, KEPT);
	add(b, BPF_LD | BPF_MEM, LENGTH);
	add(b, BPF_ALU | BPF_ADD | BPF_X, 0);
	add(b, BPF_MISC | BPF_TAX, 0);
	add(b, BPF_LD | BPF_MEM, KEPT);
}

/* --- in front of IP -------------------------------------------------------- */

static void
skip_tag(struct build *b)
{
	compare(b, BPF_JEQ, TYPE_TAG, 2, 0);
	compare(b, BPF_JEQ, TYPE_PROVIDER_TAG, 1, 0);
	compare(b, BPF_JEQ, TYPE_QINQ, 0, 1 + ADVANCE_STEPS);
	load(b, BPF_H, 2);
	advance(b, 4);
}

/* RFC 2516 4, and the protocol number of RFC 1661 2 in the payload */
static void
read_pppoe(struct build *b)
{
	compare(b, BPF_JEQ, TYPE_PPPOE, 1, 0);
	drop(b);
	load(b, BPF_H, 6);
	advance(b, 8);
	go_if(b, PPP_IPV4, AT_IPV4);
	go_if(b, PPP_IPV6, AT_IPV6);
	drop(b);
}

static void
read_type(struct build *b, uint32_t offset)
{
	add(b, BPF_LD | BPF_H | BPF_ABS, offset);
	for (int i = 0; i <= TAGS_MAX; i++) {
		go_if(b, TYPE_IPV4, AT_IPV4);
		go_if(b, TYPE_IPV6, AT_IPV6);
		if (i < TAGS_MAX)
			skip_tag(b);
	}
	accept_other_if(b, TYPE_ARP);
	read_pppoe(b);
}

/* Without a link header it is the IP header that tells its version. */
static void
read_version(struct build *b)
{
	add(b, BPF_LD | BPF_B | BPF_ABS, 0);
	add(b, BPF_ALU | BPF_AND | BPF_K, 0xf0);
	go_if(b, 0x40, AT_IPV4);
	go_if(b, 0x60, AT_IPV6);
	drop(b);
}

/* --- IP -------------------------------------------------------------------- */

static void
read_ipv4(struct build *b)
{
	b->at[AT_IPV4] = b->filter->count;
	load(b, BPF_H, 6); /* a fragment, and which */
	compare(b, BPF_JSET, 0x3fff, 0, 1);
	accept_other(b);
	load(b, BPF_B, 0);
	add(b, BPF_ALU | BPF_AND | BPF_K, 0x0f);
	add(b, BPF_ALU | BPF_LSH | BPF_K, 2);
	add(b, BPF_ST, LENGTH);
	load(b, BPF_B, 9);
	advance_by_length(b);
	go_if(b, PROTO_TCP, AT_TCP);
	go_if(b, PROTO_UDP, AT_UDP);
	drop(b);
}

static void
skip_extension(struct build *b)
{
	enum {
		STEPS = 5 + ADVANCE_STEPS,
	};

	compare(b, BPF_JEQ, PROTO_HOP_BY_HOP, 2, 0);
	compare(b, BPF_JEQ, PROTO_ROUTING, 1, 0);
	compare(b, BPF_JEQ, PROTO_OPTIONS, 0, STEPS);
	load(b, BPF_B, 1);
	add(b, BPF_ALU | BPF_LSH | BPF_K, 3);
	add(b, BPF_ALU | BPF_ADD | BPF_K, 8);
	add(b, BPF_ST, LENGTH);
	load(b, BPF_B, 0);
	advance_by_length(b);
}

static void
read_ipv6(struct build *b)
{
	b->at[AT_IPV6] = b->filter->count;
	load(b, BPF_B, 6);
	advance(b, 40);
	for (int i = 0; i < EXTENSIONS_MAX; i++)
		skip_extension(b);
	go_if(b, PROTO_TCP, AT_TCP);
	go_if(b, PROTO_UDP, AT_UDP);
	accept_other_if(b, PROTO_FRAGMENT);
	compare(b, BPF_JEQ, PROTO_ICMPV6, 1, 0);
	drop(b);
	load(b, BPF_B, 0);
	compare(b, BPF_JGE, ND_FIRST, 0, 2);
	compare(b, BPF_JGT, ND_LAST, 1, 0);
	accept_other(b);
	drop(b);
}

/* --- ports ----------------------------------------------------------------- */

static bool
is_set(const uint8_t *ports, uint32_t port)
{
	return port < PORTS && (ports[port / 8] >> port % 8 & 1) != 0;
}

/* next_range returns whether there is a range of ports from `*first` on, and
 * where it begins and ends. */
static bool
next_range(const uint8_t *ports, uint32_t *first, uint32_t *last)
{
	while (*first < PORTS && !is_set(ports, *first))
		++*first;
	*last = *first;
	while (is_set(ports, *last + 1))
		++*last;
	return *first < PORTS;
}

static size_t
count_ranges(const uint8_t *ports)
{
	uint32_t first = 0, last;
	size_t count = 0;

	for (; next_range(ports, &first, &last); first = last + 1)
		count++;
	return count;
}

enum {
	SOURCE = 0, /* offsets of the ports */
	DESTINATION = 2,
};

/* end_ranges ends, by `what`, what comes from or goes to one of `ports`, by the
 * port at `offset`. */
static void
end_ranges(struct build *b, uint32_t offset, const uint8_t *ports,
    void (*what)(struct build *b))
{
	uint32_t first = 0, last;

	load(b, BPF_H, offset);
	for (; next_range(ports, &first, &last); first = last + 1) {
		if (first == last) {
			compare(b, BPF_JEQ, first, 0, 1);
		} else {
			compare(b, BPF_JGE, first, 0, 2);
			compare(b, BPF_JGT, last, 1, 0);
		}
		what(b);
	}
}

static void
read_udp(struct build *b, const uint8_t *ports)
{
	b->at[AT_UDP] = b->filter->count;
	if (ports == NULL || count_ranges(ports) > FILTER_RANGES_MAX) {
		accept(b);
		return;
	}
	end_ranges(b, SOURCE, ports, accept);
	end_ranges(b, DESTINATION, ports, accept);
	drop(b);
}

/* read_tcp lets through what is between ports from the one at `first` on. */
static void
read_tcp(struct build *b, const struct filter_ports *ports, uint32_t first)
{
	bool all =
	    ports->tcp == NULL || count_ranges(ports->tcp) > FILTER_RANGES_MAX;
	bool but = ports->others != NULL &&
		   count_ranges(ports->others) <= FILTER_OTHERS_MAX;

	for (uint32_t at = first; !all && at <= DESTINATION; at += 2)
		end_ranges(b, at, ports->tcp, accept);
	for (uint32_t at = first; !all && but && at <= DESTINATION; at += 2)
		end_ranges(b, at, ports->others, drop);
	if (all || ports->others != NULL)
		accept(b);
	else
		drop(b);
}

/* --- all of it ------------------------------------------------------------- */

static void
resolve(struct build *b)
{
	struct filter *f = b->filter;

	for (size_t i = 0; i < f->count; i++)
		if (f->steps[i].code == (BPF_JMP | BPF_JA))
			f->steps[i].k =
			    (uint32_t)(b->at[f->steps[i].k] - i - 1);
}

/* begin begins a filter with what is in front of IP. */
static bool
begin(struct build *b, int link)
{
	static const struct {
		int link;
		uint32_t type, ip; /* offsets */
	} links[] = {
		{ LINK_ETHERNET, 12, 14 },
		{ LINK_COOKED, 14, 16 },
		{ LINK_RAW, 0, 0 },
		{ LINK_RAW_LINUX, 0, 0 },
	};
	size_t row = 0, rows = sizeof(links) / sizeof(links[0]);

	b->filter->count = 0;
	while (row < rows && links[row].link != link)
		row++;
	if (row == rows)
		return false;
	b->ip = links[row].ip;
	add(b, BPF_LDX | BPF_IMM, 0);
	if (b->ip > 0)
		read_type(b, links[row].type);
	else
		read_version(b);
	read_ipv4(b);
	read_ipv6(b);
	return true;
}

bool
filter_make(int link, const struct filter_ports *ports, struct filter *out)
{
	struct build b = { .filter = out };

	if (!begin(&b, link))
		return false;
	b.at[AT_TCP] = out->count;
	read_tcp(&b, ports, SOURCE);
	read_udp(&b, ports->udp);
	resolve(&b);
	return true;
}

bool
filter_make_syn(int link, const struct filter_ports *ports, struct filter *out)
{
	enum {
		SYN = 0x02,
		SYN_AND_ACK = 0x12,
	};
	struct build b = { .filter = out, .connections_only = true };

	if (!begin(&b, link))
		return false;
	b.at[AT_TCP] = out->count;
	load(&b, BPF_B, 13); /* flags */
	add(&b, BPF_ALU | BPF_AND | BPF_K, SYN_AND_ACK);
	compare(&b, BPF_JEQ, SYN, 1, 0);
	drop(&b);
	read_tcp(&b, ports, DESTINATION);
	b.at[AT_UDP] = out->count;
	drop(&b);
	resolve(&b);
	return true;
}
