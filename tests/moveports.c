/* SPDX-License-Identifier: ISC */
/*
 * moveports [-e] SEED FOLDER CAPTURE...: writes each capture into FOLDER again,
 * with the ports of mail servers moved to others between 20000 and 60000.
 * Which, depends on SEED; with -e, every connection gets one of its own.
 * TCP checksums stay as right or as wrong as they were.  A line on standard
 * output for each port that was moved: CLIENT-PORT OLD NEW, `*` for any.
 */
#include <libgen.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dissect/frame.h"
#include "dissect/maildissect.h"
#include "tests/kit.h"

enum {
	FIRST = 20000,
	COUNT = 40000,
	CHECKSUM_AT = 16, /* RFC 9293 3.1 */
	SNAPLEN = 262144,
};

static struct {
	uint8_t mail[MD_PORT_MAP_LEN];
	uint64_t seed;
	bool each;
	uint16_t to[65536]; /* by the port that tells: the new one said last */
} moves;

static bool
is_mail(uint16_t port)
{
	return moves.mail[port / 8] >> port % 8 & 1;
}

/* The new port in place of `port`, for the connection of `client`. */
static uint16_t
new_port(uint16_t port, uint16_t client)
{
	uint64_t state = moves.seed ^ (uint64_t)port << 16;
	uint16_t to;

	if (moves.each)
		state ^= (uint64_t)client << 32;
	to = (uint16_t)(FIRST + random_next(&state) % COUNT);
	if (!moves.each && moves.to[port] == 0) {
		moves.to[port] = to;
		printf("* %u %u\n", port, to);
	}
	if (moves.each && moves.to[client] != to) {
		moves.to[client] = to;
		printf("%u %u %u\n", client, port, to);
	}
	return to;
}

static uint16_t
get16(const u_char *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static void
put16(u_char *at, unsigned value)
{
	at[0] = (u_char)(value >> 8);
	at[1] = (u_char)value;
}

/* Writes `port` to `at` and corrects the checksum of `tcp` (RFC 1624 3). */
static void
replace(u_char *tcp, size_t len, u_char *at, uint16_t port)
{
	uint32_t sum;

	if (len >= CHECKSUM_AT + 2) {
		sum = (uint16_t)~get16(tcp + CHECKSUM_AT);
		sum += (uint16_t)~get16(at) + (uint32_t)port;
		sum = (sum & 0xffff) + (sum >> 16);
		sum = (sum & 0xffff) + (sum >> 16);
		put16(tcp + CHECKSUM_AT, (uint16_t)~sum);
	}
	put16(at, port);
}

/* Moves the server's port of one frame, if that is one of mail's. */
static void
move(int link, u_char *frame, size_t len)
{
	struct packet packet;
	u_char *tcp;
	uint16_t from, to;

	if (frame_read(link, bytes_of(frame, len), &packet) != FRAME_IP ||
	    packet.protocol != IP_PROTO_TCP || packet.payload.len < 4 ||
	    (packet.fragment && packet.fragment_at > 0))
		return;
	tcp = frame + (packet.payload.data - frame);
	from = get16(tcp);
	to = get16(tcp + 2);
	if (is_mail(to) && (!is_mail(from) || to < from))
		replace(tcp, packet.payload.len, tcp + 2, new_port(to, from));
	else if (is_mail(from))
		replace(tcp, packet.payload.len, tcp, new_port(from, to));
}

static bool
move_all(const char *folder, char *path)
{
	char error[PCAP_ERRBUF_SIZE], to[4096];
	pcap_t *in = pcap_open_offline(path, error);
	struct pcap_pkthdr *head;
	const u_char *data;
	static u_char copy[SNAPLEN];
	pcap_dumper_t *out;

	if (in == NULL) {
		fprintf(stderr, "moveports: %s: %s\n", path, error);
		return false;
	}
	snprintf(to, sizeof(to), "%s/%s", folder, basename(path));
	out = pcap_dump_open(in, to);
	while (out != NULL && pcap_next_ex(in, &head, &data) == 1) {
		memcpy(copy, data, head->caplen);
		move(pcap_datalink(in), copy, head->caplen);
		pcap_dump((u_char *)out, head, copy);
	}
	if (out != NULL)
		pcap_dump_close(out);
	pcap_close(in);
	return out != NULL;
}

int
main(int argc, char *argv[])
{
	bool good = true;

	if (argc > 1 && strcmp(argv[1], "-e") == 0) {
		moves.each = true;
		argc--;
		argv++;
	}
	if (argc < 4) {
		fprintf(
		    stderr, "usage: moveports [-e] SEED FOLDER CAPTURE...\n");
		return 2;
	}
	md_default_ports(moves.mail);
	moves.seed = strtoull(argv[1], NULL, 10);
	for (int i = 3; i < argc; i++)
		good = move_all(argv[2], argv[i]) && good;
	return good ? 0 : 1;
}
