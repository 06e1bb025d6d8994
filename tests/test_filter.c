/* SPDX-License-Identifier: ISC */
/* The kernel's filter, run by libpcap's interpreter of it. */
#include "capture/filter.h"

#include <dirent.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/source.h"
#include "dissect/maildissect.h"
#include "tests/frames.h"

enum {
	RAW = 101,
	BLOCK = 8 << 20,
	PATH_LEN = 512,
};

static uint8_t mail[MD_PORT_MAP_LEN], names[MD_PORT_MAP_LEN],
    taken[MD_PORT_MAP_LEN];
static const struct filter_ports usual = { .tcp = mail, .udp = names };
static const struct filter_ports any = {
	.tcp = mail, .others = taken, .udp = names
};

/* passes tells whether `filter` lets `frame` through. */
static bool
passes(const struct filter *filter, struct bytes frame)
{
	static struct bpf_insn steps[FILTER_STEPS_MAX];
	struct bpf_program program = { (u_int)filter->count, steps };
	struct pcap_pkthdr header = { .caplen = (bpf_u_int32)frame.len,
		.len = (bpf_u_int32)frame.len };

	for (size_t i = 0; i < filter->count; i++)
		steps[i] = (struct bpf_insn){ filter->steps[i].code,
			filter->steps[i].jt, filter->steps[i].jf,
			filter->steps[i].k };
	return pcap_offline_filter(&program, &header, frame.data) > 0;
}

static int
set_ports(void **state)
{
	(void)state;
	md_default_ports(mail);
	md_name_ports(names);
	md_taken_ports(taken);
	return 0;
}

/* --- frames ---------------------------------------------------------------- */

#define OTHER  "0400 0051 01020304" /* to port 81 */
#define REPLY  "0019 0400 01020304"
#define DNS    "0035 0400 0008 0000"
#define NTP    "007b 007b 0008 0000"
#define PPPOE  "8864 1100 0001 001e"
#define OPTION "0600 0000 0000 0000" /* of IPv6, before TCP */

/* clang-format off */
static const struct sample {
	const char *name;
	int link;
	bool wanted;
	const char *frame;
} samples[] = {
	{ "to a mail port", ETHERNET, true, ETHER "0800" TCP4 },
	{ "from a mail port", ETHERNET, true,
	    ETHER "0800" V4("001c", "06") REPLY },
	{ "to another port", ETHERNET, false,
	    ETHER "0800" V4("001c", "06") OTHER },
	{ "mail ports of UDP", ETHERNET, false,
	    ETHER "0800" V4("001c", "11") DATA },
	{ "DNS", ETHERNET, true, ETHER "0800" V4("001c", "11") DNS },
	{ "other UDP", ETHERNET, false, ETHER "0800" V4("001c", "11") NTP },
	{ "another protocol", ETHERNET, false,
	    ETHER "0800" V4("001c", "01") DATA },
	{ "a fragment", ETHERNET, true,
	    ETHER "0800" V4F("001c", "2000", "06") OTHER },
	{ "a later fragment", ETHERNET, true,
	    ETHER "0800" V4F("001c", "0010", "06") OTHER },
	{ "an IP header with options", ETHERNET, true,
	    ETHER "0800 4600 0020 abcd 0000 40 06 0000" SRC4 DST4 "01010101"
	    DATA },
	{ "behind such a header", ETHERNET, false,
	    ETHER "0800 4600 0020 abcd 0000 40 06 0000" SRC4 DST4 "01010101"
	    OTHER },
	{ "IPv6", ETHERNET, true, ETHER "86dd" TCP6 },
	{ "IPv6 to another port", ETHERNET, false,
	    ETHER "86dd" V6("0008", "06") OTHER },
	{ "behind an extension header", ETHERNET, true,
	    ETHER "86dd" V6("0010", "00") OPTION DATA },
	{ "behind three", ETHERNET, true,
	    ETHER "86dd" V6("0020", "00") "3c00 0000 0000 0000"
	    "2b00 0000 0000 0000" OPTION DATA },
	{ "behind one of 16 bytes", ETHERNET, true,
	    ETHER "86dd" V6("0018", "3c") "0601 0000 0000 0000 0000 0000 0000"
	    "0000" DATA },
	{ "another port behind one", ETHERNET, false,
	    ETHER "86dd" V6("0010", "00") OPTION OTHER },
	{ "a fragment of IPv6", ETHERNET, true,
	    ETHER "86dd" V6("0010", "2c") "0600 0001 00000001" OTHER },
	{ "a router advertisement", ETHERNET, true,
	    ETHER "86dd" V6("0004", "3a") "8600 0000" },
	{ "a neighbour solicitation", ETHERNET, true,
	    ETHER "86dd" V6("0004", "3a") "8700 0000" },
	{ "an echo request", ETHERNET, false,
	    ETHER "86dd" V6("0004", "3a") "8000 0000" },
	{ "a redirect", ETHERNET, false,
	    ETHER "86dd" V6("0004", "3a") "8900 0000" },
	{ "ARP", ETHERNET, true, ETHER "0806" DATA },
	{ "LLDP", ETHERNET, false, ETHER "88cc" DATA },
	{ "in a VLAN", ETHERNET, true, ETHER "8100 0007 0800" TCP4 },
	{ "ARP in a VLAN", ETHERNET, true, ETHER "8100 0007 0806" DATA },
	{ "another port in a VLAN", ETHERNET, false,
	    ETHER "8100 0007 0800" V4("001c", "06") OTHER },
	{ "in a VLAN of a provider's", ETHERNET, true,
	    ETHER "88a8 0001 8100 0007 86dd" TCP6 },
	{ "in three of the old kind", ETHERNET, true,
	    ETHER "9100 0001 9100 0002 8100 0007 0800" TCP4 },
	{ "in four", ETHERNET, false,
	    ETHER "8100 0001 8100 0002 8100 0003 8100 0007 0800" TCP4 },
	{ "in PPPoE", ETHERNET, true, ETHER PPPOE "0021" TCP4 },
	{ "IPv6 in PPPoE in a VLAN", ETHERNET, true,
	    ETHER "8100 0007" PPPOE "0057" TCP6 },
	{ "another port in PPPoE", ETHERNET, false,
	    ETHER PPPOE "0021" V4("001c", "06") OTHER },
	{ "LCP in PPPoE", ETHERNET, false, ETHER PPPOE "c021 01010004" },
	{ "cooked", SLL, true, "0000 0001 0006" MAC_A "0000 0800" TCP4 },
	{ "cooked, in a VLAN", SLL, true,
	    "0000 0001 0006" MAC_A "0000 8100 0007 86dd" TCP6 },
	{ "cooked, to another port", SLL, false,
	    "0000 0001 0006" MAC_A "0000 0800" V4("001c", "06") OTHER },
	{ "raw", RAW, true, TCP4 },
	{ "raw IPv6", RAW, true, TCP6 },
	{ "raw, to another port", RAW, false, V4("001c", "06") OTHER },
	{ "raw, and no IP", RAW, false, "50000000" DATA },
	{ "a frame without end", ETHERNET, false, ETHER "0800 4500" },
	{ "nothing", ETHERNET, false, "" },
};
/* clang-format on */

static void
the_frames_that_matter_pass_and_no_others(void **state)
{
	struct filter filter;

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const struct sample *sample = &samples[i];
		uint8_t wire[FRAME_MAX];
		struct bytes frame = read_hex(sample->frame, wire);
		uint8_t *copy = exact_copy(frame.data, frame.len);

		assert_true(filter_make(sample->link, &usual, &filter));
		if (passes(&filter, bytes_of(copy, frame.len)) !=
		    sample->wanted)
			fail_msg("%s: wanted %d", sample->name, sample->wanted);
		free(copy);
	}
}

/* A segment, in hexadecimal, and whether it is to pass. */
struct segment_row {
	bool wanted;
	const char *segment;
};

static void
check_segments(
    const struct filter *filter, const struct segment_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t wire[FRAME_MAX];
		char digits[FRAME_MAX];

		snprintf(digits, sizeof(digits), "%s%s",
		    ETHER "0800" V4("0028", "06"), rows[i].segment);
		assert_int_equal(
		    passes(filter, read_hex(digits, wire)), rows[i].wanted);
	}
}

static void
the_syn_filter_lets_one_kind_of_segment_through(void **state)
{
	static const struct segment_row rows[] = {
		{ true, "0400 0019 00000001 00000000 5002 ffff 0000 0000" },
		{ true, "0400 0019 00000001 00000000 50c2 ffff 0000 0000" },
		{ false, "0019 0400 00000001 00000002 5012 ffff 0000 0000" },
		{ false, "0400 0019 00000001 00000002 5010 ffff 0000 0000" },
		{ false, "0400 0051 00000001 00000000 5002 ffff 0000 0000" },
		{ false, "0019 0400 00000001 00000000 5002 ffff 0000 0000" },
	};
	struct filter filter;

	(void)state;
	assert_true(filter_make_syn(ETHERNET, &usual, &filter));
	check_segments(&filter, rows, sizeof(rows) / sizeof(rows[0]));
	assert_false(
	    passes(&filter, bytes_of("\x02\x00\x5e\x00\x53\x0b\x02\x00\x5e\x00"
				     "\x53\x0a\x08\x06",
				14)));
}

static void
ports_can_be_ranges(void **state)
{
	static const char from_1024[] = ETHER "0800" V4("001c", "06");
	uint8_t ports[MD_PORT_MAP_LEN] = { 0 };
	struct filter_ports wanted = { .tcp = ports, .udp = names };
	struct filter filter;

	(void)state;
	for (unsigned port = 0x1f40; port <= 0x1fa4; port++)
		ports[port / 8] |= (uint8_t)(1u << port % 8);
	ports[65535 / 8] |= 0x80;
	assert_true(filter_make(ETHERNET, &wanted, &filter));
	for (unsigned port = 0; port <= 0xffff; port++) {
		uint8_t wire[FRAME_MAX];
		char digits[FRAME_MAX];

		snprintf(digits, sizeof(digits), "%s 0400 %04x 01020304",
		    from_1024, port);
		assert_int_equal(passes(&filter, read_hex(digits, wire)),
		    (port >= 0x1f40 && port <= 0x1fa4) || port == 65535);
	}
}

static void
all_but_the_taken_ports_pass(void **state)
{
	static const struct {
		bool wanted;
		const char *ports; /* source, destination */
	} rows[] = {
		{ true, "0400 0051" }, /* 81 */
		{ true, "2709 0400" },
		{ false, "c350 01bb" }, /* 443 */
		{ false, "01bb c350" },
		{ false, "c350 0016" },
		{ true, "01bb 03e1" }, /* 443 and 993 */
		{ true, "03e1 01bb" },
	};
	struct filter filter;

	(void)state;
	assert_true(filter_make(ETHERNET, &any, &filter));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t wire[FRAME_MAX];
		char digits[FRAME_MAX];

		snprintf(digits, sizeof(digits), "%s%s 01020304",
		    ETHER "0800" V4("001c", "06"), rows[i].ports);
		assert_int_equal(
		    passes(&filter, read_hex(digits, wire)), rows[i].wanted);
	}
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		uint8_t wire[FRAME_MAX];
		struct bytes frame = read_hex(samples[i].frame, wire);

		assert_true(filter_make(samples[i].link, &any, &filter));
		if (samples[i].wanted)
			assert_true(passes(&filter, frame));
	}
}

static void
syns_to_all_but_the_taken_ports_pass(void **state)
{
	static const struct segment_row rows[] = {
		{ true, "0400 2709 00000001 00000000 5002 ffff 0000 0000" },
		{ true, "01bb 2709 00000001 00000000 5002 ffff 0000 0000" },
		{ true, "01bb 03e1 00000001 00000000 5002 ffff 0000 0000" },
		{ false, "0400 01bb 00000001 00000000 5002 ffff 0000 0000" },
		{ false, "0400 2709 00000001 00000002 5010 ffff 0000 0000" },
	};
	struct filter filter;

	(void)state;
	assert_true(filter_make_syn(ETHERNET, &any, &filter));
	check_segments(&filter, rows, sizeof(rows) / sizeof(rows[0]));
}

static void
with_too_many_ranges_all_of_tcp_passes(void **state)
{
	uint8_t ports[MD_PORT_MAP_LEN], wire[FRAME_MAX];
	struct bytes other =
	    read_hex(ETHER "0800" V4("001c", "06") OTHER, wire);
	struct filter_ports wanted = { .tcp = ports, .udp = names };
	const struct filter_ports all = { NULL, NULL, NULL };
	struct filter filter;

	(void)state;
	memset(ports, 0x55, sizeof(ports)); /* every second one */
	assert_true(filter_make(ETHERNET, &wanted, &filter));
	assert_true(passes(&filter, other));
	assert_true(filter_make(ETHERNET, &all, &filter));
	assert_true(passes(&filter, other));
}

static void
the_most_ranges_make_a_filter_that_libpcap_takes(void **state)
{
	uint8_t ports[MD_PORT_MAP_LEN] = { 0 };
	uint8_t others[MD_PORT_MAP_LEN] = { 0 };
	struct filter_ports most = { ports, others, ports };
	pcap_t *pcap = pcap_open_dead(ETHERNET, FILTER_SNAPLEN);
	struct filter filter;

	(void)state;
	memset(ports, 0x66, FILTER_RANGES_MAX / 2); /* pairs */
	memset(others, 0x66, FILTER_OTHERS_MAX / 2);
	assert_true(filter_make(ETHERNET, &most, &filter));
	assert_true(filter.count < FILTER_STEPS_MAX);
	for (size_t i = 0; i < filter.count; i++)
		if (filter.steps[i].code == (BPF_JMP | BPF_JA))
			assert_true(i + 1 + filter.steps[i].k < filter.count);
	pcap_close(pcap);
}

static void
of_other_links_there_is_no_filter(void **state)
{
	struct filter filter;

	(void)state;
	assert_false(filter_make(RADIOTAP, &usual, &filter));
	assert_int_equal(filter.count, 0);
}

/* --- captures -------------------------------------------------------------- */

/* What a capture holds: a sum over all records. */
struct reading {
	struct md *md;
	struct filter *filter; /* NULL: none */
	uint64_t sum, records, passed;
};

static void
on_over(void *arg, struct connection *c)
{
	struct reading *reading = arg;
	const uint8_t *byte = (const uint8_t *)c;

	reading->records++;
	for (size_t i = 0; i < sizeof(*c); i++)
		reading->sum = (reading->sum ^ byte[i]) * 0x100000001b3;
}

static void
on_sighting(void *arg, const struct sighting *s)
{
	struct reading *reading = arg;

	for (const char *name = s->name; *name != '\0'; name++)
		reading->sum = (reading->sum ^ (uint8_t)*name) * 0x100000001b3;
}

static void
on_frame(void *arg, const struct source_frame *frame)
{
	struct reading *reading = arg;
	struct bytes data = bytes_of(frame->data, frame->len);

	if (reading->filter != NULL && !passes(reading->filter, data))
		return;
	reading->passed++;
	md_frame(
	    reading->md, frame->link, frame->time_us, data, frame->wire_len);
}

/* read_capture returns what comes of the capture at `path`. */
static struct reading
read_capture(const char *path, struct filter *filter, int *link)
{
	static struct md_config config;
	struct reading reading = { .filter = filter };
	char message[SOURCE_MESSAGE_MAX];
	struct source *source;
	void *block = calloc(1, BLOCK);

	md_default_ports(config.mail_ports);
	config.sightings = true;
	config.hooks = (struct md_hooks){
		.arg = &reading,
		.over = on_over,
		.sighting = on_sighting,
	};
	reading.md = md_init(block, BLOCK, &config);
	*link = -1;
	if (source_open(path, NULL, &source, message) == 0) {
		*link = source_link(source);
		if (filter != NULL)
			filter_make(*link, &usual, filter);
		source_run(source, on_frame, &reading, message);
		source_close(source);
	}
	md_end(reading.md);
	free(block);
	return reading;
}

/* Tunnels are not looked into, nor MPLS and SNAP. */
static bool
is_filtered(const char *name, int link)
{
	static const char *const others[] = { "gre", "in-four", "mpls" };
	struct filter filter;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strstr(name, others[i]) != NULL)
			return false;
	return filter_make(link, &usual, &filter);
}

static void
what_comes_of_the_captures_is_the_same(void **state)
{
	const char *srcdir = getenv("srcdir");
	char folder[PATH_LEN], path[2 * PATH_LEN];
	static struct filter filter;
	struct dirent *entry;
	unsigned same = 0;
	DIR *dir;

	(void)state;
	snprintf(
	    folder, sizeof(folder), "%s/pcaps", srcdir != NULL ? srcdir : ".");
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		struct reading all, filtered;
		int link;

		if (strstr(entry->d_name, ".pcap") == NULL)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		all = read_capture(path, NULL, &link);
		if (!is_filtered(entry->d_name, link))
			continue;
		filtered = read_capture(path, &filter, &link);
		if (filtered.sum != all.sum || filtered.records != all.records)
			fail_msg("%s: %llu records of %llu", entry->d_name,
			    (unsigned long long)filtered.records,
			    (unsigned long long)all.records);
		same++;
	}
	closedir(dir);
	assert_true(same > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_frames_that_matter_pass_and_no_others),
		cmocka_unit_test(
		    the_syn_filter_lets_one_kind_of_segment_through),
		cmocka_unit_test(ports_can_be_ranges),
		cmocka_unit_test(all_but_the_taken_ports_pass),
		cmocka_unit_test(syns_to_all_but_the_taken_ports_pass),
		cmocka_unit_test(with_too_many_ranges_all_of_tcp_passes),
		cmocka_unit_test(
		    the_most_ranges_make_a_filter_that_libpcap_takes),
		cmocka_unit_test(of_other_links_there_is_no_filter),
		cmocka_unit_test(what_comes_of_the_captures_is_the_same),
	};

	return cmocka_run_group_tests(tests, set_ports, NULL);
}
