/* SPDX-License-Identifier: ISC */
#include "tests/household.h"

#include <stdio.h>
#include <string.h>

#include "tests/mkconnection.h"

#define DAY (INT64_C(86400) * MK_SECOND)

/* A connection `days` before the last. */
static struct connection
connection(uint8_t host, enum verdict verdict, const char *server, int days)
{
	struct connection c = mk_connection(178, host, host, verdict);

	c.first_us -= (int64_t)days * DAY;
	c.last_us -= (int64_t)days * DAY;
	snprintf(
	    c.offer.server_name, sizeof(c.offer.server_name), "%s", server);
	return c;
}

static void
offer(struct connection *c, uint16_t low, uint16_t high, uint16_t chosen)
{
	c->offer.max_version = high;
	for (uint16_t v = high; low != TLS_NONE && v >= low; v--)
		c->offer.versions[c->offer.version_count++] = v;
	if (chosen != TLS_NONE)
		mk_answer(c, chosen);
}

static void
implicit(struct connection *c, enum mail_protocol protocol, uint16_t port)
{
	c->protocol = protocol;
	c->encryption = ENCRYPTION_IMPLICIT;
	c->end[SERVER].port = port;
}

static void
add_old(struct inventory *inventory)
{
	struct connection c =
	    connection(40, VERDICT_OLD_CLIENT, "mail.gmx.net", 0);

	offer(&c, TLS_NONE, TLS_1_0, TLS_1_0);
	memcpy(c.ehlo, "printer-office", 15);
	mk_add(inventory, c, 12);
	c = connection(21, VERDICT_OLD_CLIENT, "securepop.t-online.de", 6);
	implicit(&c, MAIL_POP3, 995);
	offer(&c, TLS_NONE, TLS_1_0, TLS_1_0);
	mk_add(inventory, c, 1200);
	c = connection(21, VERDICT_MODERN, "securepop.t-online.de", 2);
	implicit(&c, MAIL_POP3, 995);
	offer(&c, TLS_NONE, TLS_1_2, TLS_1_2);
	mk_add(inventory, c, 11000);
	c = connection(22, VERDICT_OLD_SERVER, "mail.example.net", 1);
	implicit(&c, MAIL_IMAP, 993);
	offer(&c, TLS_1_0, TLS_1_3, TLS_1_1);
	c.answer.sentinel = TLS_1_1;
	mk_add(inventory, c, 2);
}

static void
add_failed(struct inventory *inventory)
{
	struct connection c =
	    connection(50, VERDICT_FAILED, "smtp.office365.com", 3);

	offer(&c, TLS_NONE, TLS_1_2, TLS_1_2);
	c.failure = FAILURE_CERTIFICATE_REFUSED;
	c.alert_count = 1;
	c.alerts[0] = (struct alert){ CLIENT, 2, 48 };
	mk_add(inventory, c, 1);
	c = connection(51, VERDICT_REFUSED_OLD, "imap.mail.de", 1);
	implicit(&c, MAIL_IMAP, 993);
	offer(&c, TLS_NONE, TLS_1_1, TLS_NONE);
	c.verdict_likely = true;
	mk_add(inventory, c, 3);
	c = connection(60, VERDICT_PLAINTEXT_LOGIN, "mail.example.net", 2);
	c.encryption = ENCRYPTION_NONE;
	c.offer.max_version = TLS_NONE;
	c.login = c.secret_exposed = true;
	memcpy(c.login_mechanism, "PLAIN", 6);
	c.starttls = STARTTLS_OFFERED;
	mk_add(inventory, c, 4);
	c = connection(61, VERDICT_UNDETERMINED, "", 2);
	c.encryption = ENCRYPTION_UNKNOWN;
	c.offer.max_version = TLS_NONE;
	c.incomplete = INCOMPLETE_NO_START | INCOMPLETE_GAP;
	mk_add(inventory, c, 3);
}

static void
add_well(struct inventory *inventory)
{
	struct connection c = connection(23, VERDICT_MODERN, "imap.gmx.net", 0);

	implicit(&c, MAIL_IMAP, 993);
	offer(&c, TLS_1_2, TLS_1_3, TLS_1_3);
	mk_add(inventory, c, 214);
	c = connection(24, VERDICT_WEAK_CIPHER, "smtp.web.de", 0);
	offer(&c, TLS_NONE, TLS_1_2, TLS_1_2);
	c.answer.cipher = 0x000a;
	c.answer.established = true;
	c.server_certificate.seen = true;
	c.server_certificate.problems = CERTIFICATE_NAME_MISMATCH;
	c.client_certificate = CLIENT_CERTIFICATE_REQUESTED;
	mk_add(inventory, c, 1);
	c = connection(70, VERDICT_PLAINTEXT, "mx.example.com", 0);
	c.encryption = ENCRYPTION_NONE;
	c.offer.max_version = TLS_NONE;
	c.end[SERVER].port = 25;
	c.starttls = STARTTLS_NOT_OFFERED;
	mk_add(inventory, c, 2);
}

/* Programs of every kind that the report has words for. */
static void
add_programs(struct inventory *inventory)
{
	static const struct program certain = { .certain = true,
		.library = "openssl",
		.candidates = { "python3 smtplib" },
		.count = 1,
		.evidence = PROGRAM_BY_TALK | PROGRAM_BY_JA4 };
	static const struct program two = { .library = "gnutls",
		.candidates = { "mutt", "neomutt" },
		.count = 2,
		.evidence = PROGRAM_BY_TALK | PROGRAM_BY_JA4 };
	static const struct program many = { .library = "openssl",
		.candidates = { "alpine", "curl", "dma", "esmtp", "fetchmail",
		    "swaks" },
		.count = 6,
		.evidence = PROGRAM_BY_JA4 };
	static const struct program says_so = { .certain = true,
		.library = "",
		.name = "Becky! 2",
		.evidence = PROGRAM_BY_IMAP_ID };
	static const struct program unknown = { .library = "" };
	struct connection c =
	    connection(80, VERDICT_OLD_CLIENT, "smtp.web.de", 2);

	offer(&c, TLS_NONE, TLS_1_0, TLS_1_0);
	mk_add_as(inventory, c, &certain, 3);
	c = connection(81, VERDICT_OLD_CLIENT, "imap.gmx.net", 2);
	implicit(&c, MAIL_IMAP, 993);
	offer(&c, TLS_NONE, TLS_1_1, TLS_1_1);
	mk_add_as(inventory, c, &two, 7);
	mk_add_as(inventory, c, &many, 1);
	mk_add_as(inventory, c, &says_so, 1);
	memcpy(c.ja4, "t11d240900_0123456789ab_0123456789ab", sizeof(c.ja4));
	mk_add_as(inventory, c, &unknown, 1);
}

/* A virus scanner that stands before two mail programs. */
static void
add_shield(struct inventory *inventory)
{
	static const struct program thunderbird = { .library = "",
		.talk_library = "nss",
		.candidates = { "thunderbird" },
		.count = 1,
		.evidence = PROGRAM_BY_TALK };
	static const struct program mutt = { .library = "",
		.talk_library = "gnutls",
		.candidates = { "mutt" },
		.count = 1,
		.evidence = PROGRAM_BY_TALK };
	struct connection c =
	    connection(82, VERDICT_OLD_CLIENT, "imap.gmx.net", 2);

	memcpy(c.ja4, "t10d240900_ba9876543210_0123456789ab", sizeof(c.ja4));
	offer(&c, TLS_NONE, TLS_1_0, TLS_1_0);
	mk_add_as(inventory, c, &thunderbird, 5);
	mk_add_as(inventory, c, &mutt, 5);
}

void
household_fill(struct inventory *inventory)
{
	add_old(inventory);
	add_failed(inventory);
	add_well(inventory);
	add_programs(inventory);
	add_shield(inventory);
}

/*
 * A week of it: Monday 16 May 2022, local time in Central Europe, and on.
 */

#define WEEK_START_US (INT64_C(1652652000) * MK_SECOND)

enum {
	DAYS = 7,
	BLIND_DAY = 4, /* Friday: nobody watched */
};

static void
fill_day(struct history_day *day, unsigned number)
{
	static const uint64_t versions[DAYS][INVENTORY_VERSIONS] = {
		{ 2, 0, 0, 310, 0, 1400, 30 },
		{ 0, 0, 0, 300, 0, 1510, 28 },
		{ 3, 0, 0, 290, 1, 1650, 33 },
		{ 0, 0, 0, 302, 0, 1380, 31 },
		{ 0, 0, 0, 0, 0, 0, 0 },
		{ 4, 0, 0, 19, 11, 2480, 45 },
		{ 3, 0, 0, 4, 0, 2582, 47 },
	};

	*day = (struct history_day){
		.start_us = WEEK_START_US + number * DAY,
		.end_us = WEEK_START_US + (number + 1) * DAY,
	};
	for (unsigned row = 0; row < INVENTORY_VERSIONS; row++) {
		day->by_version[row] = versions[number][row];
		day->connections += versions[number][row];
	}
	day->by_verdict[VERDICT_OLD_CLIENT] = day->by_version[3];
	day->by_verdict[VERDICT_OLD_SERVER] = day->by_version[4];
	day->by_verdict[VERDICT_PLAINTEXT_LOGIN] = day->by_version[0];
	day->by_verdict[VERDICT_MODERN] =
	    day->by_version[5] + day->by_version[6];
}

static const struct history_change changes[] = {
	{ .kind = HISTORY_WORSE,
	    .device = "nas-\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
	    .source = NAME_ALIAS,
	    .id = "00-00-5E-00-53-3C",
	    .before = VERDICT_MODERN,
	    .now = VERDICT_PLAINTEXT_LOGIN,
	    .version_before = TLS_1_2,
	    .last_before_us = WEEK_START_US - DAY,
	    .first_now_us = WEEK_START_US + 2 * DAY },
	{ .kind = HISTORY_FIXED,
	    .device = "kitchen tablet",
	    .source = NAME_ALIAS,
	    .id = "00-00-5E-00-53-15",
	    .before = VERDICT_OLD_CLIENT,
	    .now = VERDICT_MODERN,
	    .version_before = TLS_1_0,
	    .version_now = TLS_1_2,
	    .last_before_us = WEEK_START_US + DAY,
	    .first_now_us = WEEK_START_US + 2 * DAY },
	{ .kind = HISTORY_NEW,
	    .device = "192.168.178.23",
	    .id = "192.168.178.23",
	    .now = VERDICT_MODERN,
	    .version_now = TLS_1_3,
	    .first_now_us = WEEK_START_US + 6 * DAY },
	{ .kind = HISTORY_GONE,
	    .device = "old-phone",
	    .id = "00-00-5E-00-53-99",
	    .before = VERDICT_REFUSED_OLD,
	    .last_before_us = WEEK_START_US - 3 * DAY },
	{ .kind = HISTORY_GONE,
	    .device = "annas-laptop",
	    .id = "00-00-5E-00-53-16",
	    .before = VERDICT_OLD_CLIENT,
	    .now = VERDICT_OLD_SERVER,
	    .version_before = TLS_1_0,
	    .version_now = TLS_1_1,
	    .last_before_us = WEEK_START_US - 2 * DAY,
	    .server = "imap.example.org" },
};

const struct history *
household_history(void)
{
	static struct history_day days[DAYS];
	static struct history_change
	    changed[sizeof(changes) / sizeof(changes[0])];
	static struct history_run runs[] = {
		{ WEEK_START_US - 30 * DAY, WEEK_START_US + BLIND_DAY * DAY,
		    "br-lan", 800000, 12, 3 },
		{ WEEK_START_US + (BLIND_DAY + 1) * DAY,
		    WEEK_START_US + DAYS * DAY, "br-lan", 404551, 0, 0 },
	};
	static struct history history = {
		.start_us = WEEK_START_US,
		.end_us = WEEK_START_US + DAYS * DAY,
		.days = days,
		.day_count = DAYS,
		.changes = changed,
		.change_count = sizeof(changes) / sizeof(changes[0]),
		.runs = runs,
		.run_count = sizeof(runs) / sizeof(runs[0]),
		.covered_us = (DAYS - 1) * DAY,
		.before_known = true,
		.devices_seen = 10,
	};

	for (unsigned i = 0; i < DAYS; i++)
		fill_day(&days[i], i);
	memcpy(changed, changes, sizeof(changes));
	return &history;
}
