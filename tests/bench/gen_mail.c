/* SPDX-License-Identifier: ISC */
/*
 * Mail connections: 800 devices with nine kinds of programs, 509 servers with
 * SMTP, IMAP and POP3, with TLS at once or after STARTTLS.
 */
#include "tests/bench/gen_mail.h"

#include <stdarg.h>
#include <string.h>

#include "tests/bench/gen_tls.h"

enum {
	DEVICES = 800,
	PORTS = 28000, /* that a device uses in turn */
	FIRST_PORT = 32768,
	LINE_MAX = 512,
	DATA_TURNS_MAX = 12,
};

enum protocol {
	SMTP,
	IMAP,
	POP3,
};

struct service {
	unsigned share; /* of a hundred connections */
	uint16_t port;
	enum protocol protocol;
	bool starttls;
	const char *kind;
};

static const struct service services[] = {
	{ 15, 25, SMTP, true, "smtp-starttls" },
	{ 15, 587, SMTP, true, "smtp-starttls" },
	{ 12, 143, IMAP, true, "imap-starttls" },
	{ 8, 110, POP3, true, "pop3-starttls" },
	{ 28, 993, IMAP, false, "imaps" },
	{ 10, 995, POP3, false, "pop3s" },
	{ 12, 465, SMTP, false, "smtps" },
};

static const unsigned program_shares[GEN_PROGRAMS] = { 26, 18, 16, 9, 8, 9, 7,
	4, 3 };

/* A connection that was drawn. */
struct mail {
	const struct gen_wish *wish;
	uint32_t server;
	const struct service *service;
	const struct gen_program *program;
	char host[64];
	unsigned version; /* that both sides agree on */
	bool refused;     /* or the server refuses the offer */
	bool plain;       /* or no TLS is asked for */
};

static struct gen_buffer *
turn(struct gen_talk *talk, enum gen_side from, enum gen_matter matter)
{
	struct gen_turn *t = &talk->turns[talk->count++];

	t->from = from;
	t->matter = matter;
	t->bytes.len = 0;
	return &t->bytes;
}

static void say(struct gen_talk *talk, enum gen_side from, const char *format,
    ...) __attribute__((format(printf, 3, 4)));
static void
say(struct gen_talk *talk, enum gen_side from, const char *format, ...)
{
	char text[LINE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	gen_text(turn(talk, from, GEN_PLAIN), text);
}

static void
smtp(struct gen_talk *t, const struct mail *m)
{
	uint32_t id = m->wish->id;

	say(t, SERVER, "220 %s ESMTP Postfix (Debian/GNU)\r\n", m->host);
	say(t, CLIENT, "EHLO [192.168.0.%u]\r\n", id % 200);
	say(t, SERVER,
	    "250-%s\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n"
	    "250-ETRN\r\n250-STARTTLS\r\n250-ENHANCEDSTATUSCODES\r\n"
	    "250-8BITMIME\r\n250-DSN\r\n250 CHUNKING\r\n",
	    m->host);
	if (m->plain) {
		say(t, CLIENT, "MAIL FROM:<a%u@example.net>\r\n", id);
		say(t, SERVER, "250 2.1.0 Ok\r\n");
		return;
	}
	say(t, CLIENT, "STARTTLS\r\n");
	say(t, SERVER, "220 2.0.0 Ready to start TLS\r\n");
}

#define CAPABILITIES                                                           \
	"CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE "         \
	"LITERAL+ STARTTLS AUTH=PLAIN"

static void
imap(struct gen_talk *t, const struct mail *m)
{
	say(t, SERVER, "* OK [" CAPABILITIES "] Dovecot (Debian) ready.\r\n");
	say(t, CLIENT, "1 capability\r\n");
	say(t, SERVER,
	    "* " CAPABILITIES "\r\n1 OK Pre-login capabilities listed, "
	    "post-login capabilities have more.\r\n");
	if (m->plain) {
		say(t, CLIENT, "2 NOOP\r\n");
		say(t, SERVER, "2 OK NOOP completed.\r\n");
		return;
	}
	say(t, CLIENT, "2 STARTTLS\r\n");
	say(t, SERVER, "2 OK Begin TLS negotiation now.\r\n");
}

static void
pop3(struct gen_talk *t, const struct mail *m)
{
	say(t, SERVER, "+OK Dovecot (Debian) ready.\r\n");
	say(t, CLIENT, "CAPA\r\n");
	say(t, SERVER,
	    "+OK\r\nCAPA\r\nTOP\r\nUIDL\r\nRESP-CODES\r\n"
	    "PIPELINING\r\nSTLS\r\nUSER\r\nSASL PLAIN\r\n.\r\n");
	if (m->plain) {
		say(t, CLIENT, "NOOP\r\n");
		say(t, SERVER, "-ERR Unknown command.\r\n");
		return;
	}
	say(t, CLIENT, "STLS\r\n");
	say(t, SERVER, "+OK Begin TLS negotiation now.\r\n");
}

static const struct {
	const char *host;
	void (*greet)(struct gen_talk *, const struct mail *);
} protocols[] = {
	[SMTP] = { "smtp", smtp },
	[IMAP] = { "imap", imap },
	[POP3] = { "pop", pop3 },
};

/* Lines of letters, as a message in clear is. */
static void
letters(struct gen_buffer *b, int len)
{
	for (int i = 0; i < len; i += 78) {
		for (int column = 0; column < 76; column++)
			gen_u8(b, 'A' + gen_below(26));
		gen_text(b, "\r\n");
	}
}

/* What is said under the protection of TLS: mostly one side's. */
static void
data(struct gen_talk *t, const struct mail *m)
{
	unsigned version = m->version == TLS_13 ? TLS_12 : m->version;
	enum gen_side talker = gen_below(2) ? SERVER : CLIENT;
	enum record_type last = RECORD_ALERT;
	int left = m->wish->data_len;

	for (int n = 0; left > 0 && n < DATA_TURNS_MAX; n++) {
		int asked = 40 + (int)gen_below(300), told = left;

		gen_encrypted(turn(t, !talker, GEN_DATA), RECORD_DATA, version,
		    (size_t)asked);
		if (left > 6000)
			told = 2000 + (int)gen_below(4000);
		gen_encrypted(turn(t, talker, GEN_DATA), RECORD_DATA, version,
		    (size_t)told);
		left -= told + asked;
	}
	if (m->version == TLS_13)
		last = RECORD_DATA;
	gen_encrypted(turn(t, CLIENT, GEN_DATA), last, version,
	    m->version == TLS_13 ? 19 : 26);
}

static void
tls(struct gen_talk *t, const struct mail *m)
{
	size_t max = m->wish->record_max;

	gen_client_hello(
	    turn(t, CLIENT, GEN_HANDSHAKE), m->program, m->host, max);
	if (m->refused) {
		static const uint8_t alert[] = { RECORD_ALERT, 3, 3, 0, 2, 2,
			70 }; /* protocol_version */

		gen_put(turn(t, SERVER, GEN_HANDSHAKE), alert, sizeof(alert));
		return;
	}
	gen_server_flight(turn(t, SERVER, GEN_HANDSHAKE), m->version,
	    m->program, max < RECORD_MAX ? max * 4 : RECORD_MAX);
	gen_client_finish(
	    turn(t, CLIENT, GEN_HANDSHAKE), m->version, m->program);
	gen_server_finish(turn(t, SERVER, GEN_HANDSHAKE), m->version);
	data(t, m);
}

uint32_t
gen_mail_server_ip(uint32_t index)
{
	return 0xC6120001u + index * 7; /* 198.18.0.0/15, RFC 2544 */
}

static void
set_addresses(struct gen_session *s, uint32_t id, uint16_t port, bool ipv6)
{
	static const uint8_t home[8] = { 0xfd, 0x11, 0, 0, 0, 0, 0, 1 };
	static const uint8_t far[4] = { 0x20, 0x01, 0x0d, 0xb8 };
	uint32_t device = id % DEVICES, server = id % GEN_SERVERS;

	s->ipv6 = ipv6;
	s->port[CLIENT] = (uint16_t)(FIRST_PORT + id / DEVICES % PORTS);
	s->port[SERVER] = port;
	if (!ipv6) {
		gen_set32(s->ip[CLIENT],
		    0xC0A8000Au + device / 200 * 256 + device % 200);
		gen_set32(s->ip[SERVER], gen_mail_server_ip(server));
		return;
	}
	memset(s->ip, 0, sizeof(s->ip));
	memcpy(s->ip[CLIENT], home, sizeof(home));
	gen_set16(s->ip[CLIENT] + 14, device + 1);
	memcpy(s->ip[SERVER], far, sizeof(far));
	gen_set16(s->ip[SERVER] + 14, server + 1);
}

/* The best version that a server knows. */
static unsigned
server_max(uint32_t server)
{
	uint32_t share = (server * 2654435761u >> 16) % 100;

	if (share < 3)
		return TLS_10;
	if (share < 5)
		return TLS_11;
	return share < 45 ? TLS_12 : TLS_13;
}

static struct mail
draw(const struct gen_wish *wish)
{
	struct mail m = { .wish = wish, .server = wish->id % GEN_SERVERS };
	unsigned best = server_max(m.server), share = gen_below(100), i;

	m.service = services;
	for (; share >= m.service->share; m.service++)
		share -= m.service->share;
	share = gen_below(100);
	for (i = 0; share >= program_shares[i]; i++)
		share -= program_shares[i];
	m.program = &gen_programs[i];
	snprintf(m.host, sizeof(m.host), "%s.mail%u.example.net",
	    protocols[m.service->protocol].host, m.server);
	m.version = m.program->max < best ? m.program->max : best;
	m.refused =
	    m.program->max < TLS_12 && m.server % 7 == 0 && best >= TLS_12;
	m.plain = m.service->starttls && gen_below(100) < 6;
	return m;
}

static void
address_text(
    const struct gen_session *s, enum gen_side side, char *out, size_t size)
{
	const uint8_t *ip = s->ip[side];

	if (s->ipv6)
		snprintf(out, size, "%s::%x",
		    side == CLIENT ? "fd11:0:0:1" : "2001:db8",
		    (unsigned)ip[14] << 8 | ip[15]);
	else
		snprintf(out, size, "%u.%u.%u.%u", ip[0], ip[1], ip[2], ip[3]);
}

static void
tell(const struct gen_session *s, const struct mail *m, FILE *truth)
{
	char client[64], server[64], outcome[8] = "plain";

	address_text(s, CLIENT, client, sizeof(client));
	address_text(s, SERVER, server, sizeof(server));
	if (m->refused && !m->plain)
		snprintf(outcome, sizeof(outcome), "alert");
	else if (!m->plain)
		snprintf(outcome, sizeof(outcome), "%04x", m->version);
	fprintf(truth, "%u\t%s\t%u\t%s\t%u\t%s\t%s\t%s\t%04x\t%s\t%s\n",
	    m->wish->id, client, s->port[CLIENT], server, s->port[SERVER],
	    m->service->kind, m->wish->trouble,
	    m->plain ? "-" : m->program->name, m->plain ? 0u : m->program->max,
	    outcome, m->plain || !m->program->sni ? "-" : m->host);
}

void
gen_mail_talk(struct gen_session *s, const struct gen_wish *wish,
    struct gen_talk *talk, FILE *truth)
{
	struct mail m = draw(wish);

	set_addresses(s, wish->id, m.service->port, wish->ipv6);
	talk->count = 0;
	if (m.service->starttls)
		protocols[m.service->protocol].greet(talk, &m);
	if (m.plain)
		letters(turn(talk, gen_below(2) ? SERVER : CLIENT, GEN_PLAIN),
		    wish->data_len);
	else
		tls(talk, &m);
	tell(s, &m, truth);
}

void
gen_mail(struct gen_session *s, uint32_t id, int data_len, FILE *truth)
{
	static struct gen_talk talk;
	struct gen_wish wish = {
		.id = id,
		.data_len = data_len,
		.record_max = RECORD_MAX,
		.trouble = "-",
	};

	gen_session_init(s);
	gen_mail_talk(s, &wish, &talk, truth);
	gen_handshake(s);
	for (unsigned i = 0; i < talk.count; i++)
		gen_data(s, talk.turns[i].from, talk.turns[i].bytes.data,
		    talk.turns[i].bytes.len);
	gen_goodbye(s);
}
