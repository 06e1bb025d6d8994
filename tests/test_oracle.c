/* SPDX-License-Identifier: ISC */
/*
 * A second opinion: what nDPI says of each golden capture, where it can tell,
 * against what we say: which mail protocol, which server name, which JA3, and
 * which TLS version.  When nDPI says nothing, that is no contradiction.
 *
 * Where it is known to be otherwise, and why, is in `known` below.  Up to 4.4,
 * nDPI says nothing of what follows STARTTLS.
 */
#include <dirent.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "capture/classify.h"
#include "dissect/hello.h"
#include "report/fingerprint.h"
#include "tests/kit.h"

enum {
	ETHERNET = 1,
	ETHERNET_HEADER = 14,
	FLOWS_MAX = 256,
	CAPTURES_MAX = 512,
	MEMORY = 4 << 20,
	AGREEMENTS_MIN = 300,    /* in all: else nothing was compared */
	THEIR_NAME_MAX = 80 - 1, /* 4.2 cuts names there */
};

struct flow {
	struct connection c; /* ours */
	struct classify_flow *theirs;
	struct classify_answer answer;
	struct classify_details details;
};

struct capture {
	const char *name;
	struct flow flows[FLOWS_MAX];
	size_t count;
};

static struct classify *classify;
static size_t agreements;

/* Why nDPI is not believed where it says something else: up to 5.0 its version
 * is what the client offered, unless the server chose 1.3. */
#define OFFER    "the version that the client offered, the server chose less"
#define REFUSED  "the version that the client offered, the server refused it"
#define UNHEARD  "the version that the client offered, the answer is missing"
#define DRAFT    "drafts of 1.3 are 1.2 to it"
#define ONE_WORD "SMTP and LMTP are one to it"
#define ANY_NAME "it takes for a name what can be none"

/* Disagreements that are known: capture, what about, and why. */
static const struct {
	const char *capture, *what, *why;
} known[] = {
	{ "client-refuses-old-server.pcap", "version", OFFER },
	{ "downgrade-sentinel.pcap", "version", OFFER },
	{ "failed-handshakes.pcap", "version", REFUSED },
	{ "fallback-scsv.pcap", "version", REFUSED },
	{ "fallback-without-scsv.pcap", "version", REFUSED },
	{ "hostile-names.pcap", "name", ANY_NAME },
	{ "lmtp-starttls-tls10.pcap", "protocol", ONE_WORD },
	{ "old-server-tls10.pcap", "version", OFFER },
	{ "one-direction-only.pcap", "version", UNHEARD },
	{ "refused-alert70.pcap", "version", REFUSED },
	{ "refused-closed-gnutls.pcap", "version", REFUSED },
	{ "refused-closed-tls10.pcap", "version", REFUSED },
	{ "segment-lost.pcap", "version", UNHEARD },
	{ "tls13-drafts.pcap", "version", DRAFT },
	{ "wrong-mode.pcap", "version", REFUSED },
};

/* --- nDPI ------------------------------------------------------------------ */

static int
open_ndpi(void **state)
{
	(void)state;
	return classify_open(&classify);
}

static int
close_ndpi(void **state)
{
	(void)state;
	classify_close(classify);
	return 0;
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
	if (f->theirs == NULL)
		f->theirs = classify_begin();
	assert_non_null(f->theirs);
	classify_packet(
	    classify, f->theirs, frame.data, frame.len, time_us, &f->answer);
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

/* Why they disagree, or NULL. */
static const char *
reason(const char *capture, const char *what)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].capture, capture) == 0 &&
		    strcmp(known[i].what, what) == 0)
			return known[i].why;
	return NULL;
}

static void
agree(bool same, const char *what, const struct capture *capture,
    const struct flow *f)
{
	const struct classify_details *d = &f->details;
	const char *why = reason(capture->name, what);

	agreements += same;
	if (!same && why != NULL)
		print_message("# %s: %s\n", what, why);
	else if (!same)
		fail_msg("port %u: %s: nDPI says %s, \"%s\", %s, %04x",
		    f->c.end[CLIENT].port, what, d->protocol, d->server_name,
		    d->ja3, d->tls_version);
}

static bool
is_name(const char *theirs, const char *ours)
{
	return strncasecmp(theirs, ours, THEIR_NAME_MAX) == 0;
}

static void
compare_tls(const struct capture *capture, const struct flow *f)
{
	static const char digits[] = "0123456789abcdef";
	const struct classify_details *d = &f->details;
	uint16_t version = hello_version(d->tls_version);
	char ja3[CLASSIFY_JA3_MAX] = "";

	for (size_t i = 0; i < sizeof(f->c.ja3); i++) {
		ja3[2 * i] = digits[f->c.ja3[i] >> 4];
		ja3[2 * i + 1] = digits[f->c.ja3[i] & 15];
	}
	if (d->server_name[0] != '\0')
		agree(is_name(d->server_name, f->c.offer.server_name) ||
			  is_name(d->server_name, f->c.greeting_name),
		    "name", capture, f);
	if (d->ja3[0] != '\0')
		agree(strcmp(d->ja3, ja3) == 0, "JA3", capture, f);
	if (version != TLS_NONE)
		agree(version == f->c.answer.version, "version", capture, f);
}

static void
compare(const struct capture *capture, struct flow *f)
{
	const struct opinion *theirs = &f->answer.opinion;

	classify_details(classify, f->theirs, &f->details);
	/* nDPI has one word for SMTP and LMTP */
	if (theirs->protocol != MAIL_UNKNOWN)
		agree(
		    theirs->protocol == f->c.protocol, "protocol", capture, f);
	if (theirs->other)
		agree(f->c.protocol == MAIL_UNKNOWN ||
			  f->c.incomplete & INCOMPLETE_NOT_TLS,
		    "mail", capture, f);
	if (f->c.has_ja3)
		compare_tls(capture, f);
}

static void
ndpi_does_not_contradict(void **state)
{
	struct capture *capture = calloc(1, sizeof(*capture));

	assert_non_null(capture);
	capture->name = strrchr(*state, '/') + 1;
	read_both(*state, capture);
	for (size_t i = 0; i < capture->count; i++)
		if (capture->flows[i].theirs != NULL)
			compare(capture, &capture->flows[i]);
	for (size_t i = 0; i < capture->count; i++)
		classify_end(capture->flows[i].theirs);
	free(capture);
}

static void
there_was_something_to_compare(void **state)
{
	(void)state;
	print_message("# agreements: %zu\n", agreements);
	assert_true(agreements >= AGREEMENTS_MIN);
}

static int
is_capture(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot != NULL && strcmp(dot, ".pcap") == 0;
}

/* path_of returns FOLDER/NAME, which is never freed. */
static char *
path_of(const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	char *path = malloc(size);

	if (path != NULL)
		snprintf(path, size, "%s/%s", folder, name);
	return path;
}

/* A test for each capture in `folder`. */
static size_t
list_captures(const char *folder, struct CMUnitTest *tests, size_t room)
{
	struct dirent **found;
	int count = scandir(folder, &found, is_capture, alphasort);
	size_t used = 0;

	for (int i = 0; i < count; i++) {
		char *path = path_of(folder, found[i]->d_name);

		free(found[i]);
		if (path == NULL || used == room)
			continue;
		tests[used++] = (struct CMUnitTest){
			.name = strrchr(path, '/') + 1,
			.test_func = ndpi_does_not_contradict,
			.initial_state = path,
		};
	}
	if (count >= 0)
		free(found);
	return used;
}

int
main(void)
{
	static struct CMUnitTest tests[CAPTURES_MAX + 1];
	const char *srcdir = getenv("srcdir");
	char folder[4096];
	size_t count;

	if (classify_version() == NULL) {
		puts("1..0 # SKIP there is no nDPI in this build");
		return 0;
	}
	snprintf(
	    folder, sizeof(folder), "%s/pcaps", srcdir != NULL ? srcdir : ".");
	count = list_captures(folder, tests, CAPTURES_MAX);
	tests[count++] =
	    (struct CMUnitTest)cmocka_unit_test(there_was_something_to_compare);
	return _cmocka_run_group_tests(
	    "oracle", tests, count, open_ndpi, close_ndpi);
}
