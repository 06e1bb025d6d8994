/* SPDX-License-Identifier: ISC */
/*
 * A second opinion: what nDPI says of each golden capture, where it can tell,
 * against what we say: which mail protocol, which server name, which JA3.
 *
 * The version is not compared: nDPI up to 5.0 shows what the client offered,
 * unless the server chose 1.3.  Nor is what follows STARTTLS, which it reads
 * from 4.6 on only.  When nDPI says nothing, that is no contradiction.
 *
 * The only file that knows nDPI's interface, which no two versions share.
 */
#include <dirent.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* It is not written for warnings as ours. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wvariadic-macros"
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wundef"
#include <ndpi_api.h>
#pragma GCC diagnostic pop

#include "dissect/maildissect.h"
#include "report/fingerprint.h"
#include "tests/kit.h"

/* Before 4.10 there was no global context, and the answer was flat.  Only
 * 4.2 has been tried. */
#define NDPI_OLD (NDPI_MAJOR == 4 && NDPI_MINOR < 10)

enum {
	ETHERNET = 1,
	ETHERNET_HEADER = 14,
	FLOWS_MAX = 256,
	CAPTURES_MAX = 512,
	MEMORY = 4 << 20,
	AGREEMENTS_MIN = 200, /* in all: else nothing was compared */
};

struct flow {
	struct connection c; /* ours */
	struct ndpi_flow_struct *theirs;
	uint16_t master, app;
};

struct capture {
	struct flow flows[FLOWS_MAX];
	size_t count;
};

static struct ndpi_detection_module_struct *module;
static size_t agreements;

/* --- nDPI ------------------------------------------------------------------ */

static int
open_module(void **state)
{
#if NDPI_MAJOR < 5
	NDPI_PROTOCOL_BITMASK all;
#endif

	(void)state;
#if NDPI_OLD
	module = ndpi_init_detection_module(ndpi_no_prefs);
#else
	module = ndpi_init_detection_module(NULL);
#endif
	if (module == NULL)
		return -1;
#if NDPI_MAJOR < 5
	NDPI_BITMASK_SET_ALL(all);
	ndpi_set_protocol_detection_bitmask2(module, &all);
#endif
	ndpi_finalize_initialization(module);
	return 0;
}

static int
close_module(void **state)
{
	(void)state;
	ndpi_exit_detection_module(module);
	return 0;
}

static void
ask(struct flow *f, struct bytes ip, int64_t time_us)
{
	ndpi_protocol said;

#if NDPI_OLD
	said = ndpi_detection_process_packet(module, f->theirs, ip.data,
	    (unsigned short)ip.len, (u_int64_t)(time_us / 1000));
	f->master = said.master_protocol;
	f->app = said.app_protocol;
#else
	said = ndpi_detection_process_packet(module, f->theirs, ip.data,
	    (unsigned short)ip.len, (u_int64_t)(time_us / 1000), NULL);
	f->master = said.proto.master_protocol;
	f->app = said.proto.app_protocol;
#endif
}

static const char *
their_ja3(const struct flow *f)
{
	return f->theirs->protos.tls_quic.ja3_client;
}

/* --- us -------------------------------------------------------------------- */

static void
on_hello(void *arg, struct connection *c, const struct client_hello *hello)
{
	(void)arg;
	fingerprint_client(c, hello);
}

static void
on_over(void *arg, struct connection *c)
{
	struct capture *capture = arg;

	if (capture->count < FLOWS_MAX)
		capture->flows[capture->count++].c = *c;
}

/* The flow that an IPv4 packet without options belongs to, or NULL. */
static struct flow *
flow_of(struct capture *capture, struct bytes ip)
{
	struct bytes ports;
	const uint8_t *addresses;
	uint16_t a, b;

	if (ip.len < 40 || bytes_u8(&ip) != 0x45)
		return NULL;
	bytes_take(&ip, 11);
	addresses = ip.data;
	ports = ip;
	bytes_take(&ports, 8);
	a = bytes_u16(&ports);
	b = bytes_u16(&ports);
	for (size_t i = 0; i < capture->count; i++) {
		const struct endpoint *end = capture->flows[i].c.end;
		enum side from = end[CLIENT].port == a ? CLIENT : SERVER;
		enum side to = from == CLIENT ? SERVER : CLIENT;

		if (end[from].port == a && end[to].port == b &&
		    memcmp(end[from].ip, addresses, 4) == 0 &&
		    memcmp(end[to].ip, addresses + 4, 4) == 0)
			return &capture->flows[i];
	}
	return NULL;
}

/* --- a capture, twice ------------------------------------------------------ */

/* Calls `each` with every packet; skips what is not Ethernet. */
static void
for_each_packet(const char *path, struct capture *capture,
    void (*each)(struct capture *, struct bytes, int64_t, size_t))
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(path, error);
	struct pcap_pkthdr *head;
	const u_char *data;

	assert_non_null(pcap);
	while (pcap_datalink(pcap) == DLT_EN10MB &&
	       pcap_next_ex(pcap, &head, &data) == 1)
		each(capture, bytes_of(data, head->caplen),
		    (int64_t)head->ts.tv_sec * 1000000 + head->ts.tv_usec,
		    head->len);
	pcap_close(pcap);
}

static struct md *md;

static void
give_us(struct capture *capture, struct bytes frame, int64_t time_us,
    size_t wire_len)
{
	(void)capture;
	md_frame(md, ETHERNET, time_us, frame, wire_len);
}

static void
give_them(struct capture *capture, struct bytes frame, int64_t time_us,
    size_t wire_len)
{
	struct flow *f;

	(void)wire_len;
	bytes_take(&frame, ETHERNET_HEADER);
	f = flow_of(capture, frame);
	if (f == NULL)
		return;
	if (f->theirs == NULL) {
		f->theirs = ndpi_flow_malloc(SIZEOF_FLOW_STRUCT);
		assert_non_null(f->theirs);
		memset(f->theirs, 0, SIZEOF_FLOW_STRUCT);
	}
	ask(f, frame, time_us);
}

static void
read_both(const char *path, struct capture *capture)
{
	struct md_config config = { .seed = 1 };
	void *block = malloc(MEMORY);

	md_default_ports(config.mail_ports);
	config.hooks.arg = capture;
	config.hooks.client_hello = on_hello;
	config.hooks.over = on_over;
	md = md_init(block, MEMORY, &config);
	assert_non_null(md);
	for_each_packet(path, capture, give_us);
	md_end(md);
	free(block);
	for_each_packet(path, capture, give_them);
}

/* --- comparing ------------------------------------------------------------- */

/* Which mail protocol a number of nDPI's stands for, or MAIL_UNKNOWN. */
static enum mail_protocol
mail_of(uint16_t protocol)
{
	static const struct {
		uint16_t theirs;
		enum mail_protocol ours;
	} table[] = {
		{ NDPI_PROTOCOL_MAIL_SMTP, MAIL_SMTP },
		{ NDPI_PROTOCOL_MAIL_SMTPS, MAIL_SMTP },
		{ NDPI_PROTOCOL_MAIL_IMAP, MAIL_IMAP },
		{ NDPI_PROTOCOL_MAIL_IMAPS, MAIL_IMAP },
		{ NDPI_PROTOCOL_MAIL_POP, MAIL_POP3 },
		{ NDPI_PROTOCOL_MAIL_POPS, MAIL_POP3 },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].theirs == protocol)
			return table[i].ours;
	return MAIL_UNKNOWN;
}

static void
agree(bool same, const char *what, const struct flow *f)
{
	agreements += same;
	if (!same)
		fail_msg("port %u: %s: nDPI says %u/%u, \"%s\", %s",
		    f->c.end[CLIENT].port, what, f->master, f->app,
		    f->theirs->host_server_name, their_ja3(f));
}

static void
compare(const struct flow *f)
{
	static const char digits[] = "0123456789abcdef";
	enum mail_protocol theirs = mail_of(f->master);
	const char *name = f->theirs->host_server_name;
	char ja3[33] = "";

	if (theirs == MAIL_UNKNOWN)
		theirs = mail_of(f->app);
	/* nDPI has one word for SMTP and LMTP */
	if (theirs != MAIL_UNKNOWN && f->c.protocol != MAIL_LMTP)
		agree(theirs == f->c.protocol, "protocol", f);
	if (f->c.encryption != ENCRYPTION_IMPLICIT || !f->c.has_ja3)
		return;
	for (size_t i = 0; i < sizeof(f->c.ja3); i++) {
		ja3[2 * i] = digits[f->c.ja3[i] >> 4];
		ja3[2 * i + 1] = digits[f->c.ja3[i] & 15];
	}
	if (name[0] != '\0')
		agree(strcmp(name, f->c.offer.server_name) == 0, "name", f);
	if (their_ja3(f)[0] != '\0')
		agree(strcmp(their_ja3(f), ja3) == 0, "JA3", f);
}

static void
ndpi_does_not_contradict(void **state)
{
	struct capture *capture = calloc(1, sizeof(*capture));

	assert_non_null(capture);
	read_both(*state, capture);
	for (size_t i = 0; i < capture->count; i++)
		if (capture->flows[i].theirs != NULL)
			compare(&capture->flows[i]);
	for (size_t i = 0; i < capture->count; i++)
		if (capture->flows[i].theirs != NULL) {
			ndpi_free_flow_data(capture->flows[i].theirs);
			ndpi_free(capture->flows[i].theirs);
		}
	free(capture);
}

static void
there_was_something_to_compare(void **state)
{
	(void)state;
	assert_true(agreements >= AGREEMENTS_MIN);
}

static int
is_capture(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot != NULL && strcmp(dot, ".pcap") == 0;
}

/* A test for each capture in `folder`; they are never freed. */
static size_t
list_captures(const char *folder, struct CMUnitTest *tests, size_t room)
{
	struct dirent **found;
	int count = scandir(folder, &found, is_capture, alphasort);
	size_t used = 0;

	for (int i = 0; i < count && used < room; i++) {
		size_t size = strlen(folder) + strlen(found[i]->d_name) + 2;
		char *path = malloc(size);

		if (path == NULL)
			return 0;
		snprintf(path, size, "%s/%s", folder, found[i]->d_name);
		tests[used++] = (struct CMUnitTest){
			.name = strrchr(path, '/') + 1,
			.test_func = ndpi_does_not_contradict,
			.initial_state = path,
		};
	}
	return used;
}

int
main(void)
{
	static struct CMUnitTest tests[CAPTURES_MAX + 1];
	const char *srcdir = getenv("srcdir");
	char folder[4096];
	size_t count;

	snprintf(
	    folder, sizeof(folder), "%s/pcaps", srcdir != NULL ? srcdir : ".");
	count = list_captures(folder, tests, CAPTURES_MAX);
	tests[count++] =
	    (struct CMUnitTest)cmocka_unit_test(there_was_something_to_compare);
	return _cmocka_run_group_tests(
	    "oracle", tests, count, open_module, close_module);
}
