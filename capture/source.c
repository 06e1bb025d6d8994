/* SPDX-License-Identifier: ISC */
/*
 * Capture files and interfaces through libpcap.  For a file, it is handed a
 * stream of ours (see capture/inflate.h), so that compression is off and the
 * buffer is large.  Its messages are put into words by capture/complaint.c.
 */
#include "config.h"

#include "capture/source.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "capture/complaint.h"
#include "capture/filter.h"
#include "capture/inflate.h"

enum {
	MICROSECONDS = 1000000,
	BATCH = 1024, /* frames of one interface, before others have a turn */
	/* For SYNs alone: all headers down to TCP's, and some hundred. */
	OPENING_SNAPLEN = 192,
	OPENING_BUFFER = 64 << 10,
};

/* 9999-12-31 23:59:59 UTC: what a date has four digits of year for. */
static const int64_t time_max_s = 253402300799;

struct source {
	struct inflate *inflate;
	pcap_t *pcap;
	source_hook *hook;
	void *arg;
	int link;
	bool promiscuous;
	volatile bool stopped;
	uint64_t packets;
};

/* --- files ------------------------------------------------------------ */

static int
set_filter(
    struct source *source, const char *filter, char message[SOURCE_MESSAGE_MAX])
{
	struct bpf_program program;
	int error = 0;

	if (filter == NULL)
		return 0;
	if (pcap_compile(
		source->pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0)
		return complaint_say(message, -EINVAL, "filter '%s': %s",
		    filter, pcap_geterr(source->pcap));
	if (pcap_setfilter(source->pcap, &program) != 0)
		error = complaint_say(message, -EINVAL, "filter '%s': %s",
		    filter, pcap_geterr(source->pcap));
	pcap_freecode(&program);
	return error;
}

/* start hands the stream to libpcap, which owns it if it takes it. */
static int
start(
    struct source *source, const char *filter, char message[SOURCE_MESSAGE_MAX])
{
	FILE *stream = inflate_stream(source->inflate);
	char theirs[PCAP_ERRBUF_SIZE] = "";

	source->pcap = pcap_fopen_offline(stream, theirs);
	if (source->pcap == NULL) {
		fclose(stream);
		return complaint_header(source->inflate, theirs, message);
	}
	source->link = pcap_datalink(source->pcap);
	return set_filter(source, filter, message);
}

int
source_open(const char *path, const char *filter, struct source **out,
    char message[SOURCE_MESSAGE_MAX])
{
	struct source *source = calloc(1, sizeof(*source));
	int error;

	*out = NULL;
	if (source == NULL)
		return complaint_say(message, -ENOMEM, "%s", strerror(ENOMEM));
	error = inflate_open(path, SOURCE_BUFFER, &source->inflate);
	if (error == -EISDIR)
		complaint_say(message, error, "a folder, not a capture file");
	else if (error == -ELOOP)
		complaint_say(message, error,
		    "compressed more than %d times over", INFLATE_LAYERS_MAX);
	else if (error != 0)
		complaint_say(message, error, "%s", strerror(-error));
	else
		error = start(source, filter, message);
	if (error != 0) {
		source_close(source);
		return error;
	}
	*out = source;
	return 0;
}

void
source_close(struct source *source)
{
	if (source == NULL)
		return;
	if (source->pcap != NULL)
		pcap_close(source->pcap);
	inflate_free(source->inflate);
	free(source);
}

/*
 * time_of returns the packet's time.  Classic pcap has 32 bits of seconds, of
 * which libpcap makes a negative number from 2038 on; pcapng can say anything.
 */
static int64_t
time_of(const struct timeval *tv)
{
	int64_t s = tv->tv_sec, us = tv->tv_usec;

	if (s < 0 && s >= INT32_MIN)
		s += INT64_C(1) << 32;
	if (s < 0)
		s = 0;
	if (s > time_max_s)
		s = time_max_s;
	if (us < 0 || us >= MICROSECONDS)
		us = 0;
	return s * MICROSECONDS + us;
}

static void
take_packet(u_char *arg, const struct pcap_pkthdr *header, const u_char *data)
{
	struct source *source = (struct source *)(void *)arg;
	struct source_frame frame = {
		.time_us = time_of(&header->ts),
		.data = data,
		.len = header->caplen,
		.wire_len =
		    header->len > header->caplen ? header->len : header->caplen,
		.link = source->link,
	};

	source->packets++;
	source->hook(source->arg, &frame);
}

int
source_run(struct source *source, source_hook *hook, void *arg,
    char message[SOURCE_MESSAGE_MAX])
{
	const char *theirs;
	int result, error;

	source->hook = hook;
	source->arg = arg;
	result = pcap_loop(source->pcap, -1, take_packet, (u_char *)source);
	if (source->stopped)
		return 0;
	error = complaint_damage(source->inflate, source->packets, message);
	if (error != 0 || result != PCAP_ERROR)
		return error;
	theirs = pcap_geterr(source->pcap);
	if (strstr(theirs, "truncated") != NULL)
		return complaint_say(message, -ENODATA,
		    "cut inside a packet after %llu packets; read up to there",
		    (unsigned long long)source->packets);
	return complaint_say(message, -EBADMSG,
	    "%s (packets read before: %llu)", complaint_words(theirs),
	    (unsigned long long)source->packets);
}

void
source_stop(struct source *source)
{
	source->stopped = true;
	pcap_breakloop(source->pcap);
}

/* --- interfaces ------------------------------------------------------------ */

/* What pcap_activate(3) answers, and what that means. */
static const struct {
	int status, error;
	const char *words; /* NULL: libpcap's own */
} refusals[] = {
	{ PCAP_ERROR_NO_SUCH_DEVICE, -ENODEV,
	    "there is no such interface (--list shows them)" },
	{ PCAP_ERROR_IFACE_NOT_UP, -ENETDOWN, "this interface is not up" },
	{ PCAP_ERROR_PERM_DENIED, -EPERM,
	    "only root may listen, or who has CAP_NET_RAW" },
	{ PCAP_ERROR_PROMISC_PERM_DENIED, -EPERM,
	    "only root may listen to frames for others" },
};

static int
refuse_tap(pcap_t *pcap, int status, char message[SOURCE_MESSAGE_MAX])
{
	const char *theirs = pcap_geterr(pcap);

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i].status == status)
			return complaint_say(message, refusals[i].error, "%s",
			    refusals[i].words);
	return complaint_say(message, -EIO, "%s",
	    theirs[0] != '\0' ? theirs : pcap_statustostr(status));
}

/* filter_tap has the kernel filter, where that can be. */
static int
filter_tap(struct source *source, const struct source_tap *tap,
    char message[SOURCE_MESSAGE_MAX])
{
	static struct bpf_insn steps[FILTER_STEPS_MAX];
	static struct filter filter;
	struct bpf_program program = { .bf_insns = steps };

	if (tap->openings ? !filter_make_syn(source->link, &tap->ports, &filter)
			  : !filter_make(source->link, &tap->ports, &filter))
		return 0;
	program.bf_len = (u_int)filter.count;
	for (size_t i = 0; i < filter.count; i++)
		steps[i] =
		    (struct bpf_insn){ filter.steps[i].code, filter.steps[i].jt,
			    filter.steps[i].jf, filter.steps[i].k };
	if (pcap_setfilter(source->pcap, &program) != 0)
		return complaint_say(
		    message, -EINVAL, "%s", pcap_geterr(source->pcap));
	return 0;
}

static int
start_tap(struct source *source, const struct source_tap *tap,
    char message[SOURCE_MESSAGE_MAX])
{
	char theirs[PCAP_ERRBUF_SIZE] = "";
	int status;

	source->pcap = pcap_create(tap->interface, theirs);
	if (source->pcap == NULL)
		return complaint_say(message, -EINVAL, "%s", theirs);
	pcap_set_snaplen(
	    source->pcap, tap->openings ? OPENING_SNAPLEN : FILTER_SNAPLEN);
	pcap_set_promisc(source->pcap, tap->promiscuous);
	pcap_set_timeout(source->pcap, SOURCE_LATENCY_MS);
	pcap_set_immediate_mode(source->pcap, tap->openings);
	pcap_set_buffer_size(
	    source->pcap, tap->openings ? OPENING_BUFFER : (int)tap->buffer);
	status = pcap_activate(source->pcap);
	if (status < 0)
		return refuse_tap(source->pcap, status, message);
	source->link = pcap_datalink(source->pcap);
	source->promiscuous = tap->promiscuous;
	if (pcap_setnonblock(source->pcap, 1, theirs) != 0)
		return complaint_say(message, -EIO, "%s", theirs);
	return filter_tap(source, tap, message);
}

int
source_open_tap(const struct source_tap *tap, struct source **out,
    char message[SOURCE_MESSAGE_MAX])
{
	struct source *source = calloc(1, sizeof(*source));
	int error;

	*out = NULL;
	if (source == NULL)
		return complaint_say(message, -ENOMEM, "%s", strerror(ENOMEM));
	error = start_tap(source, tap, message);
	if (error != 0) {
		source_close(source);
		return error;
	}
	*out = source;
	return 0;
}

int
source_fd(const struct source *source)
{
	return pcap_get_selectable_fd(source->pcap);
}

int
source_take(struct source *source, source_hook *hook, void *arg)
{
	int count;

	source->hook = hook;
	source->arg = arg;
	count =
	    pcap_dispatch(source->pcap, BATCH, take_packet, (u_char *)source);
	return count == PCAP_ERROR ? -ENETDOWN : count < 0 ? 0 : count;
}

/*
 * A packet socket is bound to the number of an interface, and a new one of the
 * same name has another.  Binding it again takes no privilege, which opening
 * another one would.
 */
int
source_rebind(struct source *source, int index)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = index,
	};
	struct packet_mreq request = {
		.mr_ifindex = index,
		.mr_type = PACKET_MR_PROMISC,
	};
	int fd = pcap_fileno(source->pcap);

	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		return -errno;
	if (source->promiscuous &&
	    setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request,
		sizeof(request)) != 0)
		return -errno;
	return 0;
}

uint32_t
source_dropped(struct source *source)
{
	struct pcap_stat stat = { 0 };

	return pcap_stats(source->pcap, &stat) == 0 ? stat.ps_drop : 0;
}

/* --- what it is ------------------------------------------------------------ */

int
source_link(const struct source *source)
{
	return source->link;
}

const char *
source_link_name(int link)
{
	const char *name = pcap_datalink_val_to_description(link);

	return name != NULL ? name : "unknown";
}

uint64_t
source_position(const struct source *source)
{
	return inflate_position(source->inflate);
}

uint64_t
source_size(const struct source *source)
{
	return inflate_size(source->inflate);
}

bool
source_is_capture(const uint8_t *head, size_t len)
{
	static const uint8_t magics[][4] = {
		{ 0x0a, 0x0d, 0x0d, 0x0a }, /* pcapng */
		{ 0xa1, 0xb2, 0xc3, 0xd4 }, /* pcap */
		{ 0xa1, 0xb2, 0x3c, 0x4d }, /* with nanoseconds */
		{ 0xa1, 0xb2, 0xcd, 0x34 }, /* Kuznetzov's: "modified" */
		{ 0xa1, 0xb2, 0x34, 0xcd }, /* Mesquita's */
	};
	const uint8_t swapped[4] = { len < 4 ? 0 : head[3],
		len < 4 ? 0 : head[2], len < 4 ? 0 : head[1],
		len < 4 ? 0 : head[0] };

	for (size_t i = 0; len >= 4 && i < sizeof(magics) / 4; i++)
		if (memcmp(head, magics[i], 4) == 0 ||
		    memcmp(swapped, magics[i], 4) == 0)
			return true;
	return false;
}

const char *
source_library(void)
{
	return pcap_lib_version();
}
