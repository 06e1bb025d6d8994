/* SPDX-License-Identifier: ISC */
/*
 * Capture files through libpcap.  It is handed a stream of ours (see
 * capture/inflate.h), so that compression is off and the buffer is large, and
 * its messages are put into words that say what to do.
 */
#include "config.h"

#include "capture/source.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/inflate.h"

enum {
	MICROSECONDS = 1000000,
};

/* 9999-12-31 23:59:59 UTC: what a date has four digits of year for. */
static const int64_t time_max_s = 253402300799;

struct source {
	struct inflate *inflate;
	pcap_t *pcap;
	source_hook *hook;
	void *arg;
	int link;
	volatile bool stopped;
	uint64_t packets;
};

static int say(char message[SOURCE_MESSAGE_MAX], int error, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

/* say writes the message and returns `error`. */
static int
say(char message[SOURCE_MESSAGE_MAX], int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(message, SOURCE_MESSAGE_MAX, format, args);
	va_end(args);
	return error;
}

/* --- what is wrong with it ------------------------------------------------- */

/* What libpcap says, and what to say instead. */
static const struct complaint {
	const char *theirs, *ours;
} complaints[] = {
	{ "type", /* "an interface has a type %u different from the type ..." */
	    "its interfaces have different link types, which libpcap can not "
	    "read; take them out one by one, the first (if Ethernet) with: "
	    "tshark -r IN -Y 'frame.interface_id == 0' -w - | "
	    "editcap -F pcap -T ether - OUT.pcap" },
	{ "snapshot length", /* "an interface has a snapshot length ..." */
	    "its interfaces have different snapshot lengths, which libpcap can "
	    "not read; convert it with: editcap -F pcap IN OUT.pcap" },
};

/* explain puts libpcap's message about interfaces into words. */
static const char *
explain(const char *theirs)
{
	static const char mixed[] = "an interface has a ";
	const char *what = strstr(theirs, mixed);

	if (what == NULL)
		return theirs;
	what += sizeof(mixed) - 1;
	for (size_t i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++)
		if (strncmp(what, complaints[i].theirs,
			strlen(complaints[i].theirs)) == 0)
			return complaints[i].ours;
	return theirs;
}

/* blame says why the content could not be read as far as one would like, if
 * the file or its compression is to blame; else it returns 0. */
static int
blame(const struct source *source, char message[SOURCE_MESSAGE_MAX])
{
	int error = inflate_error(source->inflate);
	const char *format = inflate_format(source->inflate);
	unsigned long long packets = source->packets;

	if (error == -EBADMSG)
		return say(message, error,
		    "damaged %s compression after %llu packets; read up to "
		    "there",
		    format, packets);
	if (error == -ENODATA)
		return say(message, error,
		    "cut inside its %s compression after %llu packets; read "
		    "up to there",
		    format, packets);
	if (error != 0)
		return say(message, error, "%s", strerror(-error));
	return 0;
}

static bool
is_text(const uint8_t *head, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (head[i] < ' ' && (head[i] < '\t' || head[i] > '\r'))
			return false;
	return len > 0;
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

/* refuse says why libpcap did not take the file to be a capture. */
static int
refuse(const struct source *source, const char *theirs,
    char message[SOURCE_MESSAGE_MAX])
{
	const uint8_t *head;
	size_t len = inflate_head(source->inflate, &head);
	int error = blame(source, message);

	if (error != 0)
		return error;
	if (len == 0)
		return say(message, -EBADMSG, "empty: no capture file");
	if (source_is_capture(head, len) && strstr(theirs, "truncated") != NULL)
		return say(message, -EBADMSG,
		    "cut inside its header: there is no packet in it");
	if (source_is_capture(head, len))
		return say(message, -EBADMSG, "%s", explain(theirs));
	return say(message, -EBADMSG, "no capture file (pcap, pcapng)%s",
	    is_text(head, len) ? ": this is text" : "");
}

/* --- one source ------------------------------------------------------------ */

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
		return say(message, -EINVAL, "filter '%s': %s", filter,
		    pcap_geterr(source->pcap));
	if (pcap_setfilter(source->pcap, &program) != 0)
		error = say(message, -EINVAL, "filter '%s': %s", filter,
		    pcap_geterr(source->pcap));
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
		return refuse(source, theirs, message);
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
		return say(message, -ENOMEM, "%s", strerror(ENOMEM));
	error = inflate_open(path, SOURCE_BUFFER, &source->inflate);
	if (error == -EISDIR)
		say(message, error, "a folder, not a capture file");
	else if (error == -ELOOP)
		say(message, error, "compressed more than %d times over",
		    INFLATE_LAYERS_MAX);
	else if (error != 0)
		say(message, error, "%s", strerror(-error));
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
	error = blame(source, message);
	if (error != 0 || result != PCAP_ERROR)
		return error;
	theirs = pcap_geterr(source->pcap);
	if (strstr(theirs, "truncated") != NULL)
		return say(message, -ENODATA,
		    "cut inside a packet after %llu packets; read up to there",
		    (unsigned long long)source->packets);
	return say(message, -EBADMSG, "%s (packets read before: %llu)",
	    explain(theirs), (unsigned long long)source->packets);
}

void
source_stop(struct source *source)
{
	source->stopped = true;
	pcap_breakloop(source->pcap);
}

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

const char *
source_library(void)
{
	return pcap_lib_version();
}
