/* SPDX-License-Identifier: ISC */
/*
 * Where TLS is not, though something looks like it; where it was due and did
 * not come; and who logs in without it.
 */
#include "tests/mkpcaps.h"

#include <string.h>

static void
talk(struct mkframes *to, uint16_t client_port, uint16_t port,
    const char *script)
{
	struct mktalk t = mkpcaps_start(to, client_port, port);

	mktalk_lines(&t, script);
	mktalk_close(&t, CLIENT);
}

static void
say(struct mktalk *t, enum side from, const char *text)
{
	mktalk_say(t, from, text, strlen(text));
}

static void
noise(struct mktalk *t, enum side from, uint64_t seed, size_t len)
{
	static struct mkbytes b;

	b.len = 0;
	mkbytes_random(&b, seed, len);
	mktalk_bytes(t, from, &b);
}

/* Granted, and then something else, or just more of the same. */
static void
starttls_then_clear(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50101, 587);

	mkpcaps_starttls(&t);
	mktalk_lines(&t, "C+GET / HTTP/1.1\n"
			 "C+Host: mail.example.net\n"
			 "C:\n"
			 "S:500 5.5.1 what\n");
	mktalk_close(&t, CLIENT);
	t = mkpcaps_start(to, 50102, 587);
	mkpcaps_starttls(&t);
	mktalk_lines(&t, "C:EHLO laptop.example\n"
			 "S+250-mail.example.net\n"
			 "S:250 AUTH PLAIN\n"
			 "C:AUTH PLAIN AHVzZXIAbm90LWEtcGFzc3dvcmQ=\n"
			 "S:235 2.7.0 ok\n"
			 "C:QUIT\n"
			 "S:221 2.0.0 bye\n");
	mktalk_close(&t, CLIENT);
}

static void
starttls_masked(struct mkframes *to)
{
	talk(to, 50103, 25,
	    "S:220 **********************\n"
	    "C:EHLO laptop.example\n"
	    "S+250-mail.example.net\n"
	    "S:250 XXXXXXXA\n"
	    "C:MAIL FROM:<>\n"
	    "S:250 2.1.0 ok\n"
	    "C:QUIT\n"
	    "S:221 2.0.0 bye\n");
	talk(to, 50104, 587,
	    "S:220 mail.example.net ESMTP\n"
	    "C:EHLO laptop.example\n"
	    "S+250-mail.example.net\n"
	    "S+250-AUTH LOGIN\n"
	    "S:250 XXXXXXXX\n"
	    "C:AUTH LOGIN\n"
	    "S:334 VXNlcm5hbWU6\n"
	    "C:dXNlcg==\n"
	    "S:334 UGFzc3dvcmQ6\n"
	    "C:bm90LWEtcGFzc3dvcmQ=\n"
	    "S:235 2.7.0 ok\n");
}

static void
starttls_refused(struct mkframes *to)
{
	talk(to, 50105, 25,
	    "S:220 mail.example.net ESMTP\n"
	    "C:EHLO laptop.example\n"
	    "S+250-mail.example.net\n"
	    "S:250 STARTTLS\n"
	    "C:STARTTLS\n"
	    "S:454 4.7.0 TLS not available\n"
	    "C:MAIL FROM:<>\n"
	    "S:250 2.1.0 ok\n"
	    "C:QUIT\n"
	    "S:221 2.0.0 bye\n");
	talk(to, 50106, 143,
	    "S:* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\n"
	    "C:1 STARTTLS\n"
	    "S:1 BAD not now\n"
	    "C:2 LOGOUT\n"
	    "S+* BYE\n"
	    "S:2 OK bye\n");
}

static void
imap_preauth(struct mkframes *to)
{
	talk(to, 50107, 143,
	    "S:* PREAUTH [CAPABILITY IMAP4rev1] welcome back\n"
	    "C:1 SELECT INBOX\n"
	    "S:1 OK done\n"
	    "C:2 LOGOUT\n"
	    "S:2 OK bye\n");
}

static void
logins(struct mkframes *to)
{
	talk(to, 50110, 587,
	    "S:220 mail.example.net ESMTP\n"
	    "C:EHLO scanner.example\n"
	    "S+250-mail.example.net\n"
	    "S:250 AUTH PLAIN LOGIN\n"
	    "C:AUTH PLAIN AHVzZXIAbm90LWEtcGFzc3dvcmQ=\n"
	    "S:235 2.7.0 ok\n");
	talk(to, 50111, 110,
	    "S:+OK ready <1896.697170952@mail.example.net>\n"
	    "C:APOP user c4c9334bac560ecc979e58001b3e22fb\n"
	    "S:+OK\n");
	talk(to, 50112, 110,
	    "S:+OK ready\n"
	    "C:USER user\n"
	    "S:+OK\n"
	    "C:PASS not-a-password\n"
	    "S:-ERR [AUTH] no\n");
	talk(to, 50113, 143,
	    "S:* OK ready\n"
	    "C:a1 LOGIN {4}\n"
	    "S:+ go on\n"
	    "C:user {14}\n"
	    "S:+ go on\n"
	    "C:not-a-password\n"
	    "S:a1 OK done\n");
	talk(to, 50114, 143,
	    "S:* OK ready\n"
	    "C:a1 AUTHENTICATE CRAM-MD5\n"
	    "S:+ PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5uZXQ+\n"
	    "C:dXNlciAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMA==\n"
	    "S:a1 OK done\n");
	talk(to, 50115, 4190,
	    "S+\"SIEVE\" \"fileinto\"\n"
	    "S+\"SASL\" \"PLAIN\"\n"
	    "S:OK\n"
	    "C+AUTHENTICATE \"PLAIN\" {28+}\n"
	    "C:AHVzZXIAbm90LWEtcGFzc3dvcmQ=\n"
	    "S:OK\n");
}

/* Mail text that looks like the protocol. */
static void
text_like_protocol(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50120, 25);
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);
	static struct mkbytes hello;
	char command[32];

	/* BDAT with a whole ClientHello, RFC 3030 */
	mktalk_lines(&t, "S:220 mail.example.net ESMTP\n"
			 "C:EHLO relay.example\n"
			 "S+250-mail.example.net\n"
			 "S:250 CHUNKING\n"
			 "C:MAIL FROM:<>\n"
			 "S:250 2.1.0 ok\n"
			 "C:RCPT TO:<postmaster>\n"
			 "S:250 2.1.5 ok\n");
	hello.len = 0;
	mkhello_client(&hello, &deal.offer);
	snprintf(command, sizeof(command), "BDAT %zu LAST\r\n", hello.len + 5);
	say(&t, CLIENT, command);
	mktls_say_hello(&t, &deal.offer);
	mktalk_lines(&t, "S:250 2.0.0 ok\nC:QUIT\nS:221 2.0.0 bye\n");
	mktalk_close(&t, CLIENT);
	talk(to, 50121, 25,
	    "S:220 mail.example.net ESMTP\n"
	    "C:EHLO relay.example\n"
	    "S+250-mail.example.net\n"
	    "S:250 STARTTLS\n"
	    "C:MAIL FROM:<>\n"
	    "S:250 2.1.0 ok\n"
	    "C:RCPT TO:<postmaster>\n"
	    "S:250 2.1.5 ok\n"
	    "C:DATA\n"
	    "S:354 go ahead\n"
	    "C:Subject: how to\n"
	    "C:\n"
	    "C:STARTTLS\n"
	    "C:AUTH PLAIN AHVzZXIAbm90LWEtcGFzc3dvcmQ=\n"
	    "C:\026\003\001\n"
	    "C:.\n"
	    "S:250 2.0.0 ok\n"
	    "C:QUIT\n"
	    "S:221 2.0.0 bye\n");
	talk(to, 50122, 110,
	    "S:+OK ready\n"
	    "C:USER user\n"
	    "S:+OK\n"
	    "C:PASS not-a-password\n"
	    "S:+OK 1 message\n"
	    "C:RETR 1\n"
	    "S++OK 40 octets\n"
	    "S+Subject: STLS\n"
	    "S+\n"
	    "S+STLS\n"
	    "S+OK Begin TLS\n"
	    "S:.\n"
	    "C:QUIT\n"
	    "S:+OK\n");
}

/* Set to SSL on a port that wants STARTTLS, and the other way round. */
static void
wrong_mode(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50130, 143);
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_2);

	mktls_say_hello(&t, &deal.offer);
	mktalk_lines(&t, "S:* OK mail.example.net ready\n"
			 "S:* BAD invalid command\n");
	mktalk_close(&t, CLIENT);
	t = mkpcaps_start(to, 50131, 465);
	mktls_say_hello(&t, &deal.offer);
	mktalk_lines(&t, "S:220 mail.example.net ESMTP\n");
	mktls_say_alert(&t, CLIENT, TLS_1_0, ALERT_FATAL, 70);
	mktalk_close(&t, CLIENT);
	t = mkpcaps_start(to, 50132, 993);
	mktalk_lines(&t, "C:a1 CAPABILITY\n");
	mktls_say_alert(&t, SERVER, TLS_1_0, ALERT_FATAL, 10);
	mktalk_close(&t, SERVER);
}

/* The capture begins when all is said. */
static void
records_midstream(struct mkframes *to)
{
	struct mktalk t = mktalk_of(to, false, 50140, 993);

	mktls_say_data(&t, CLIENT, 60);
	mktls_say_data(&t, SERVER, 200);
	mktls_say_data(&t, CLIENT, 90);
	t = mktalk_of(to, false, 50141, 587);
	mktls_say_data(&t, SERVER, 200);
	mktls_say_data(&t, CLIENT, 60);
	mktalk_close(&t, CLIENT);
}

static void
random_on_465(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50142, 465);

	noise(&t, CLIENT, 1, 300);
	noise(&t, SERVER, 2, 500);
	mktalk_close(&t, CLIENT);
}

/* A whole TLS session inside OpenVPN's framing over TCP. */
static void
openvpn_on_993(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50143, 993);
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_2);
	static struct mkbytes b, hello;
	size_t at;

	b.len = hello.len = 0;
	mkbytes_u16(&b, 14);
	mkbytes_u8(&b, 0x38); /* P_CONTROL_HARD_RESET_CLIENT_V2 */
	mkbytes_random(&b, 9, 8);
	mkbytes_fill(&b, 0, 5);
	mktalk_bytes(&t, CLIENT, &b);
	b.len = 0;
	mkbytes_u16(&b, 26);
	mkbytes_u8(&b, 0x40); /* P_CONTROL_HARD_RESET_SERVER_V2 */
	mkbytes_random(&b, 10, 25);
	mktalk_bytes(&t, SERVER, &b);
	b.len = 0;
	at = mkbytes_open(&b, 2);
	mkbytes_u8(&b, 0x20); /* P_CONTROL_V1 */
	mkbytes_random(&b, 9, 8);
	mkbytes_fill(&b, 0, 5);
	mkhello_client(&hello, &deal.offer);
	mktls_record(&b, RECORD_HANDSHAKE, TLS_1_0, hello.data, hello.len);
	mkbytes_close(&b, at, 2);
	mktalk_bytes(&t, CLIENT, &b);
	mktalk_close(&t, CLIENT);
}

/* None of these is a mail connection. */
static void
not_mail(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 993, 2049);
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);

	/* NFS: a client with a privileged port that is IMAP's by chance */
	mktalk_say(
	    &t, CLIENT, "\200\0\0\50\0\0\0\1\0\0\0\0\0\0\0\2\0\1\206\243", 20);
	noise(&t, CLIENT, 3, 24);
	noise(&t, SERVER, 4, 28);
	mktalk_close(&t, CLIENT);
	talk(to, 50151, 80,
	    "C+GET /STARTTLS HTTP/1.1\n"
	    "C:\n"
	    "S+HTTP/1.1 404 Not Found\n"
	    "S:\n");
	t = mkpcaps_start(to, 50152, 443);
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
	/* connected, and never said a word */
	t = mkpcaps_start(to, 50153, 25);
	mktalk_close(&t, SERVER);
}

/* Redis answers +OK, as POP3 does. */
static void
redis(struct mkframes *to)
{
	talk(to, 50154, 6379,
	    "C+*2\n"
	    "C+$6\n"
	    "C+SELECT\n"
	    "C+$1\n"
	    "C:0\n"
	    "S:+OK\n"
	    "C+*1\n"
	    "C+$4\n"
	    "C:PING\n"
	    "S:+PONG\n");
}

const struct mkpcap mkpcaps_odd[] = {
	{ "starttls-then-clear", LINK_ETHERNET, starttls_then_clear, 0 },
	{ "starttls-masked", LINK_ETHERNET, starttls_masked, 0 },
	{ "starttls-refused", LINK_ETHERNET, starttls_refused, 0 },
	{ "imap-preauth", LINK_ETHERNET, imap_preauth, 0 },
	{ "plaintext-logins", LINK_ETHERNET, logins, 0 },
	{ "text-like-protocol", LINK_ETHERNET, text_like_protocol, 0 },
	{ "wrong-mode", LINK_ETHERNET, wrong_mode, 0 },
	{ "records-midstream", LINK_ETHERNET, records_midstream, 0 },
	{ "random-on-465", LINK_ETHERNET, random_on_465, 0 },
	{ "openvpn-on-993", LINK_ETHERNET, openvpn_on_993, 0 },
	{ "not-mail", LINK_ETHERNET, not_mail, 0 },
	{ "redis-ok", LINK_ETHERNET, redis, 0 },
	{ NULL, 0, NULL, 0 },
};
