/* SPDX-License-Identifier: ISC */
/*
 * A whole capture, a classic pcap file of little-endian order, through all that
 * analyze does but for certificates, in the least memory there can be: once
 * as it is, and once with no port taken for mail's, so that it has to be found.
 * The corpus is pcaps/.
 */
#include <stdlib.h>

#include "dissect/maildissect.h"
#include "report/fingerprint.h"
#include "report/identify.h"
#include "report/inventory.h"
#include "report/ndjson.h"
#include "report/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum {
	FILE_HEADER = 20, /* before the link type */
};

struct run {
	struct judge judge;
	struct inventory inventory;
	uint64_t over;
};

static void
check(bool true_here)
{
	if (!true_here)
		abort();
}

static void
on_client_hello(
    void *arg, struct connection *c, const struct client_hello *hello)
{
	(void)arg;
	c->by_name.mail = c->evidence != EVIDENCE_PORT && c->offer.seen;
	if (md_may_be_mail(c))
		fingerprint_client(c, hello);
}

/* An opinion at the second piece, or never. */
static bool
on_piece(void *arg, struct connection *c, const struct md_piece *piece)
{
	(void)arg;
	check(piece->bytes.len > 0);
	if (piece->at == 0)
		return true;
	c->by_hint.mail = piece->connection % 2 == 0;
	c->by_hint.protocol = MAIL_SMTP;
	return false;
}

static void
on_server_hello(
    void *arg, struct connection *c, const struct server_hello *hello)
{
	(void)arg;
	fingerprint_server(c, hello);
}

/* A record is one line of printable text, whatever names it has. */
static void
on_over(void *arg, struct connection *c)
{
	struct run *run = arg;
	char line[NDJSON_LINE_MAX];
	struct identity who;
	size_t len;

	verdict_judge(&run->judge, c);
	check(c->verdict != VERDICT_NONE);
	check(c->answer.seen || c->answer.version == TLS_NONE);
	identify(NULL, c, &who);
	inventory_add(&run->inventory, c, &who);
	len = ndjson_format(c, &who, line, sizeof(line));
	check(len > 0 && line[len - 1] == '\n');
	for (size_t i = 0; i + 1 < len; i++)
		check((unsigned char)line[i] >= ' ' && line[i] != 0x7f);
	run->over++;
}

static void
read_frames(struct md *md, int link, struct bytes file)
{
	while (file.len > 0) {
		int64_t time_us = (int64_t)bytes_le32(&file) * 1000000;
		uint32_t len, wire_len;
		struct bytes frame;

		time_us += bytes_le32(&file);
		len = bytes_le32(&file);
		wire_len = bytes_le32(&file);
		frame = bytes_take(&file, len < file.len ? len : file.len);
		if (bytes_ok(file))
			md_frame(md, link, time_us, frame, wire_len);
	}
}

static void
read_capture(int link, struct bytes file, bool any_port)
{
	static uint64_t block[MD_SIZE_MIN / sizeof(uint64_t)];
	static struct run run;
	struct md_config config = {
		.hooks = { .arg = &run,
		    .client_hello = on_client_hello,
		    .server_hello = on_server_hello,
		    .over = on_over,
		    .hint = on_piece },
		.sightings = true,
		.any_port = any_port,
	};
	struct md_stats stats;
	struct md *md;

	run = (struct run){ .judge = { .min_version = TLS_1_2 } };
	inventory_init(&run.inventory);
	if (!any_port)
		md_default_ports(config.mail_ports);
	md = md_init(block, sizeof(block), &config);
	check(md != NULL);
	read_frames(md, link, file);
	md_end(md);
	stats = md_statistics(md);
	check(run.over == stats.connections + stats.others_unproven);
	check(stats.others_mail <= stats.others);
	check(run.over == run.inventory.connections);
	inventory_clear(&run.inventory);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes file = bytes_of(data, len);
	int link;

	bytes_take(&file, FILE_HEADER);
	link = (int)(bytes_le32(&file) & 0xffff);
	if (!bytes_ok(file))
		return 0;
	read_capture(link, file, false);
	read_capture(link, file, true);
	return 0;
}
