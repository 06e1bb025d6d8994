/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "capture/complaint.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int
complaint_say(
    char message[SOURCE_MESSAGE_MAX], int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(message, SOURCE_MESSAGE_MAX, format, args);
	va_end(args);
	return error;
}

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

const char *
complaint_words(const char *theirs)
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

int
complaint_damage(const struct inflate *inflate, uint64_t count,
    char message[SOURCE_MESSAGE_MAX])
{
	int error = inflate_error(inflate);
	const char *format = inflate_format(inflate);
	unsigned long long packets = count;

	if (error == -EBADMSG)
		return complaint_say(message, error,
		    "damaged %s compression after %llu packets; read up to "
		    "there",
		    format, packets);
	if (error == -ENODATA)
		return complaint_say(message, error,
		    "cut inside its %s compression after %llu packets; read "
		    "up to there",
		    format, packets);
	if (error != 0)
		return complaint_say(message, error, "%s", strerror(-error));
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

int
complaint_header(const struct inflate *inflate, const char *theirs,
    char message[SOURCE_MESSAGE_MAX])
{
	const uint8_t *head;
	size_t len = inflate_head(inflate, &head);
	int error = complaint_damage(inflate, 0, message);

	if (error != 0)
		return error;
	if (len == 0)
		return complaint_say(
		    message, -EBADMSG, "empty: no capture file");
	if (source_is_capture(head, len) && strstr(theirs, "truncated") != NULL)
		return complaint_say(message, -EBADMSG,
		    "cut inside its header: there is no packet in it");
	if (source_is_capture(head, len))
		return complaint_say(
		    message, -EBADMSG, "%s", complaint_words(theirs));
	return complaint_say(message, -EBADMSG,
	    "no capture file (pcap, pcapng)%s",
	    is_text(head, len) ? ": this is text" : "");
}
