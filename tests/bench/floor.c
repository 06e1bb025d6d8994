/* SPDX-License-Identifier: ISC */
/*
 * floor MODE FILE reads a capture by libpcap and counts, and nothing else: what
 * reading costs before any analysis.
 *	loop	pcap_loop on what pcap_open_offline gives: reads of 4 KiB
 *	vbuf	the same on a FILE with a buffer of a megabyte
 *	vhand	the same, and looks for the ports of mail
 */
#include <err.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
	BUFFER = 1 << 20,
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_IPV6 = 0x86dd,
	TCP = 6,
};

static uint64_t packets, bytes, mail;
static bool is_mail_port[1 << 16];

static unsigned
u16(const u_char *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static bool
ports_are_mail(const u_char *tcp)
{
	return is_mail_port[u16(tcp)] || is_mail_port[u16(tcp + 2)];
}

static bool
is_mail(const u_char *frame, unsigned len)
{
	unsigned at = 14, type;

	if (len < 58)
		return false;
	type = u16(frame + 12);
	if (type == ETHERTYPE_VLAN) {
		type = u16(frame + 16);
		at = 18;
	}
	if (type == ETHERTYPE_IPV4) {
		unsigned head = (frame[at] & 15u) * 4;

		return frame[at + 9] == TCP &&
		       (u16(frame + at + 6) & 0x1fff) == 0 &&
		       at + head + 20 <= len &&
		       ports_are_mail(frame + at + head);
	}
	return type == ETHERTYPE_IPV6 && frame[at + 6] == TCP &&
	       at + 60 <= len && ports_are_mail(frame + at + 40);
}

static void
count(u_char *arg, const struct pcap_pkthdr *header, const u_char *frame)
{
	(void)arg;
	(void)frame;
	packets++;
	bytes += header->caplen;
}

static void
count_mail(u_char *arg, const struct pcap_pkthdr *header, const u_char *frame)
{
	count(arg, header, frame);
	mail += is_mail(frame, header->caplen);
}

static pcap_t *
open_buffered(const char *path, char *why)
{
	/* glibc takes no notice of the size when the buffer is NULL */
	static char buffer[BUFFER];
	FILE *file = fopen(path, "rb");

	if (file == NULL)
		err(1, "%s", path);
	setvbuf(file, buffer, _IOFBF, sizeof(buffer));
	return pcap_fopen_offline(file, why);
}

int
main(int argc, char *argv[])
{
	static const unsigned ports[] = { 25, 110, 143, 465, 587, 993, 995 };
	char why[PCAP_ERRBUF_SIZE];
	bool by_hand;
	pcap_t *pcap;

	if (argc != 3)
		errx(2, "usage: floor loop|vbuf|vhand FILE");
	for (size_t i = 0; i < sizeof(ports) / sizeof(*ports); i++)
		is_mail_port[ports[i]] = true;
	by_hand = strcmp(argv[1], "vhand") == 0;
	pcap = argv[1][0] == 'v' ? open_buffered(argv[2], why)
				 : pcap_open_offline(argv[2], why);
	if (pcap == NULL)
		errx(1, "%s", why);
	if (pcap_loop(pcap, -1, by_hand ? count_mail : count, NULL) != 0)
		errx(1, "%s: %s", argv[2], pcap_geterr(pcap));
	pcap_close(pcap);
	printf("%" PRIu64 " packets, %" PRIu64 " bytes, %" PRIu64 " of mail\n",
	    packets, bytes, mail);
	return 0;
}
