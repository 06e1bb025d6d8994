/* SPDX-License-Identifier: ISC */
#include "tests/mkconnection.h"

#include <string.h>

#include "tests/kit.h"

enum {
	COUNT_OF_MANY = 400,
};

const char mk_hostile[26] = "\x1b[31m<b>\xe2\x80\xae\nx\xff\xc3\xbc \"&'%s";

struct connection
mk_connection(uint8_t net, uint8_t host, uint8_t mac, enum verdict verdict)
{
	static const struct connection base = {
		.first_us = MK_LAST_US - MK_SECOND,
		.last_us = MK_LAST_US,
		.end = { [CLIENT] = { .ip = { 192, 168 },
			     .mac = { 0, 0, 0x5e, 0, 0x53 },
			     .port = 40000 },
		    [SERVER] = { .ip = { 192, 0, 2, 25 }, .port = 587 } },
		.protocol = MAIL_SMTP,
		.encryption = ENCRYPTION_STARTTLS,
		.offer = { .seen = true,
		    .max_version = TLS_1_0,
		    .server_name = "mail.example" },
	};
	struct connection c = base;

	c.end[CLIENT].ip[2] = net;
	c.end[CLIENT].ip[3] = host;
	c.end[CLIENT].mac[5] = mac;
	c.end[CLIENT].has_mac = mac != 0;
	c.verdict = verdict;
	return c;
}

struct connection
mk_connection_ipv6(uint8_t net, uint8_t host, uint8_t mac, enum verdict verdict)
{
	struct connection c = mk_connection(0, 0, mac, verdict);
	const uint8_t client[16] = { 0x20, 1, 0x0d, 0xb8, 0, 0, 0, net, 0, 0, 0,
		0, 0, 0, 0, host };

	c.ipv6 = true;
	memcpy(c.end[CLIENT].ip, client, sizeof(client));
	return c;
}

void
mk_answer(struct connection *c, uint16_t version)
{
	c->answer.seen = true;
	c->answer.version = version;
}

void
mk_add(struct inventory *inventory, struct connection c, unsigned times)
{
	struct identity who;

	identify(NULL, &c, &who);
	while (times-- > 0)
		inventory_add(inventory, &c, &who);
}

void
mk_add_as(struct inventory *inventory, struct connection c,
    const struct program *program, unsigned times)
{
	struct identity who;

	identify(NULL, &c, &who);
	who.program = *program;
	while (times-- > 0)
		inventory_add(inventory, &c, &who);
}

void
mk_add_every(struct inventory *inventory)
{
	for (unsigned v = 1; v < INVENTORY_VERDICTS; v++) {
		struct connection c =
		    mk_connection(1, (uint8_t)v, (uint8_t)v, (enum verdict)v);

		mk_add(inventory, c, v);
	}
}

void
mk_add_many(struct inventory *inventory)
{
	static const uint16_t versions[] = { SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2,
		TLS_1_3 };
	uint64_t seed = 42;

	for (unsigned i = 0; i < COUNT_OF_MANY; i++) {
		uint64_t r = random_next(&seed);
		struct connection c = mk_connection(1, (uint8_t)(r % 40),
		    (uint8_t)(r % 40), (enum verdict)(1 + (r >> 8) % 10));

		mk_answer(&c, versions[(r >> 16) % 5]);
		c.offer.max_version = versions[(r >> 20) % 5];
		c.answer.cipher = (uint32_t)(r >> 24 & 0xff);
		c.failure = (enum failure)((r >> 32) % 8);
		c.starttls = (enum starttls)((r >> 36) % 7);
		c.protocol = (enum mail_protocol)((r >> 40) % 6);
		c.encryption = (enum encryption)((r >> 44) % 4);
		c.incomplete = (uint8_t)(r >> 48 & 0x3f);
		c.server_certificate.seen = true;
		c.server_certificate.problems = (uint8_t)(r >> 52 & 0x7f);
		c.end[SERVER].port = (uint16_t)(r >> 16);
		c.end[CLIENT].ip[2] = (uint8_t)((r >> 60) & 1);
		c.alert_count = 1;
		c.alerts[0].code = (uint8_t)(r >> 24);
		c.last_us += (int64_t)(r % 1000000) * MK_SECOND;
		c.ipv6 = (r >> 59 & 7) == 0;
		memcpy(c.ehlo, "printer.example", 16);
		if ((r >> 57 & 3) == 0)
			c.offer.server_name[0] = '\0';
		mk_add(inventory, c, 1 + (unsigned)(r >> 62));
	}
}

void
mk_add_hostile(struct inventory *inventory)
{
	struct program program = {
		.certain = true, .library = "", .evidence = PROGRAM_BY_IMAP_ID
	};

	for (unsigned v = 1; v < INVENTORY_VERDICTS; v++) {
		struct connection c =
		    mk_connection(1, (uint8_t)v, (uint8_t)v, (enum verdict)v);

		memcpy(c.offer.server_name, mk_hostile, sizeof(mk_hostile));
		memcpy(c.ehlo, mk_hostile, sizeof(mk_hostile));
		memcpy(c.login_mechanism, mk_hostile, sizeof(mk_hostile));
		c.login = true;
		memcpy(program.name, mk_hostile, sizeof(mk_hostile));
		mk_add_as(inventory, c, &program, 1);
	}
}
