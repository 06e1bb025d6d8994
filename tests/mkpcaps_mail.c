/* SPDX-License-Identifier: ISC */
/*
 * The talk in the clear that leads to TLS, in the forms that servers and
 * programs may choose and few do.
 */
#include "tests/mkpcaps.h"

#include <string.h>

static void
starttls_session(struct mkframes *to, uint16_t client_port, uint16_t port,
    const char *script, uint16_t version)
{
	struct mktalk t = mkpcaps_start(to, client_port, port);
	struct mkdeal deal = mkdeal_of(version, version);

	mktalk_lines(&t, script);
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
}

static void
sieve_starttls_tls10(struct mkframes *to)
{
	starttls_session(to, 50001, 4190,
	    "S+\"IMPLEMENTATION\" \"Example Sieve\"\n"
	    "S+\"SIEVE\" \"fileinto reject\"\n"
	    "S+\"STARTTLS\"\n"
	    "S:OK \"mail.example.net ready\"\n"
	    "C:STARTTLS\n"
	    "S:OK \"Begin TLS negotiation now\"\n",
	    TLS_1_0);
}

static void
lmtp_starttls_tls10(struct mkframes *to)
{
	starttls_session(to, 50002, 24,
	    "S:220 mail.example.net LMTP\n"
	    "C:LHLO relay.example\n"
	    "S+250-mail.example.net\n"
	    "S+250-PIPELINING\n"
	    "S:250 STARTTLS\n"
	    "C:STARTTLS\n"
	    "S:220 go ahead\n",
	    TLS_1_0);
}

static void
smtp_multiline_220(struct mkframes *to)
{
	starttls_session(to, 50003, 587,
	    "S+220-mail.example.net ESMTP\n"
	    "S:220 no unsolicited mail\n"
	    "C:EHLO laptop.example\n"
	    "S+250-mail.example.net\n"
	    "S:250 STARTTLS\n"
	    "C:STARTTLS\n"
	    "S+220-2.0.0 wait for it\n"
	    "S:220 2.0.0 go ahead\n",
	    TLS_1_0);
}

static void
smtp_x_anonymoustls(struct mkframes *to)
{
	starttls_session(to, 50004, 25,
	    "S:220 mail.example.net ESMTP\n"
	    "C:EHLO hub.example\n"
	    "S+250-mail.example.net Hello\n"
	    "S+250-X-ANONYMOUSTLS\n"
	    "S:250 STARTTLS\n"
	    "C:X-ANONYMOUSTLS\n"
	    "S:220 2.0.0 SMTP server ready\n",
	    TLS_1_0);
}

static void
imap_literals(struct mkframes *to)
{
	starttls_session(to, 50005, 143,
	    "S:* OK mail.example.net ready\n"
	    "C:a1 CAPABILITY\n"
	    "S+* CAPABILITY IMAP4rev1 LITERAL+ ID STARTTLS\n"
	    "S:a1 OK done\n"
	    /* a literal of 19 bytes that looks like the next command */
	    "C:a2 ID (\"name\" {19}\n"
	    "S:+ go on\n"
	    "C+a9 STARTTLS\n"
	    "C+a9 OK  \"version\" {3+}\n"
	    "C:1.0)\n"
	    "S+* ID NIL\n"
	    "S:a2 OK done\n"
	    "C:a3 STARTTLS\n"
	    "S+* OK still here\n"
	    "S:a3 OK Begin TLS negotiation now\n",
	    TLS_1_1);
}

static void
imap_tag_dot(struct mkframes *to)
{
	starttls_session(to, 50006, 143,
	    "S:* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hello\n"
	    "C:. STARTTLS\n"
	    "S:. OK Begin TLS\n",
	    TLS_1_1);
}

static void
say(struct mktalk *t, enum side from, const char *text)
{
	mktalk_say(t, from, text, strlen(text));
}

/* Mixed case, bare LF for CRLF. */
static void
smtp_starttls_sloppy(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50007, 587);
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_2);

	say(&t, SERVER, "220 mail.example.net\n");
	say(&t, CLIENT, "ehLo laptop.example\n");
	say(&t, SERVER, "250-mail.example.net\n250-staRTtls\n250 HELP\n");
	say(&t, CLIENT, "staRttLs\n");
	say(&t, SERVER, "220 ok\n");
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
}

/* RFC 2920: several commands in one segment, STARTTLS the last. */
static void
smtp_pipelined(struct mkframes *to)
{
	starttls_session(to, 50008, 587,
	    "S:220 mail.example.net ESMTP\n"
	    "C+EHLO laptop.example\n"
	    "C+NOOP\n"
	    "C+RSET\n"
	    "C:STARTTLS\n"
	    "S+250-mail.example.net\n"
	    "S+250-PIPELINING\n"
	    "S:250 STARTTLS\n"
	    "S+250 2.0.0 ok\n"
	    "S:250 2.0.0 ok\n"
	    "S:220 2.0.0 go ahead\n",
	    TLS_1_2);
}

/* The hello comes with the command, before the reply. */
static void
smtp_impatient(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50009, 587);
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_2);
	static struct mkbytes said, hello;

	said.len = hello.len = 0;
	mktalk_lines(&t, "S:220 mail.example.net ESMTP\n"
			 "C:EHLO laptop.example\n"
			 "S+250-mail.example.net\n"
			 "S:250 STARTTLS\n");
	mkbytes_text(&said, "STARTTLS\r\n");
	mkhello_client(&hello, &deal.offer);
	mktls_record(&said, RECORD_HANDSHAKE, TLS_1_0, hello.data, hello.len);
	mktalk_bytes(&t, CLIENT, &said);
	mktalk_lines(&t, "S:220 2.0.0 go ahead\n");
	mktls_say_answer(&t, &deal);
	mktls_say_finished(&t, &deal);
	mktls_say_data(&t, CLIENT, 60);
	mktalk_close(&t, CLIENT);
}

/* https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt */
static void
proxy_v1(struct mkframes *to)
{
	starttls_session(to, 50010, 25,
	    "C:PROXY TCP4 203.0.113.7 198.51.100.25 40001 25\n"
	    "S:220 mail.example.net ESMTP\n"
	    "C:EHLO laptop.example\n"
	    "S+250-mail.example.net\n"
	    "S:250 STARTTLS\n"
	    "C:STARTTLS\n"
	    "S:220 2.0.0 go ahead\n",
	    TLS_1_0);
}

static void
proxy_v2(struct mkframes *to)
{
	/* TCP over IPv4, 203.0.113.7:40001 to 198.51.100.25:993 */
	static const uint8_t prefix[] =
	    "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\14"
	    "\xcb\0\x71\7\xc6\x33\x64\x19\x9c\x41\3\xe1";
	struct mktalk t = mkpcaps_start(to, 50011, 993);
	struct mkdeal deal = mkdeal_of(TLS_1_1, TLS_1_1);

	mktalk_say(&t, CLIENT, prefix, sizeof(prefix) - 1);
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
}

static void
smtp_implicit_587(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50012, 587);
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_2);

	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
}

/* Commands after STARTTLS, replies after its grant: see
 * https://nostarttls.secvuln.info. */
static void
injection(struct mkframes *to)
{
	starttls_session(to, 50013, 587,
	    "S:220 mail.example.net ESMTP\n"
	    "C:EHLO laptop.example\n"
	    "S+250-mail.example.net\n"
	    "S:250 STARTTLS\n"
	    "C+STARTTLS\n"
	    "C:NOOP injected\n"
	    "S:220 2.0.0 go ahead\n",
	    TLS_1_2);
	starttls_session(to, 50014, 143,
	    "S:* OK mail.example.net ready\n"
	    "C:a1 STARTTLS\n"
	    "S+a1 OK Begin TLS negotiation now\n"
	    "S:* OK injected\n",
	    TLS_1_2);
}

/* Terminal escapes, markup, right-to-left override, bytes that are no UTF-8,
 * a formula of a spreadsheet. */
static void
hostile_names(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50015, 587);
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);

	deal.offer.server_name = "\033[2J\033]0;owned\a<b>&\"'.example";
	mktalk_lines(&t, "S:220 <script>alert(1)</script> ESMTP\n"
			 "C:EHLO \xe2\x80\xaelmth.elif\xe2\x80\xac<img/src=x>\n"
			 "S+250-mail.example.net\n"
			 "S:250 STARTTLS\n"
			 "C:STARTTLS\n"
			 "S:220 go\n");
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
	starttls_session(to, 50016, 143,
	    "S:* OK ready\n"
	    "C:a1 ID (\"name\" \"=cmd|'/c calc'!A0\" \"version\" \"\033[31m\xff\xfe\")\n"
	    "S:a1 OK done\n"
	    "C:a2 STARTTLS\n"
	    "S:a2 OK go\n",
	    TLS_1_0);
}

const struct mkpcap mkpcaps_mail[] = {
	{ "sieve-starttls-tls10", LINK_ETHERNET, sieve_starttls_tls10, 0 },
	{ "lmtp-starttls-tls10", LINK_ETHERNET, lmtp_starttls_tls10, 0 },
	{ "smtp-multiline-220", LINK_ETHERNET, smtp_multiline_220, 0 },
	{ "smtp-x-anonymoustls", LINK_ETHERNET, smtp_x_anonymoustls, 0 },
	{ "imap-literals", LINK_ETHERNET, imap_literals, 0 },
	{ "imap-tag-dot", LINK_ETHERNET, imap_tag_dot, 0 },
	{ "smtp-starttls-sloppy", LINK_ETHERNET, smtp_starttls_sloppy, 0 },
	{ "smtp-pipelined", LINK_ETHERNET, smtp_pipelined, 0 },
	{ "smtp-impatient-hello", LINK_ETHERNET, smtp_impatient, 0 },
	{ "proxy-v1", LINK_ETHERNET, proxy_v1, 0 },
	{ "proxy-v2", LINK_ETHERNET, proxy_v2, 0 },
	{ "smtp-implicit-587", LINK_ETHERNET, smtp_implicit_587, 0 },
	{ "starttls-injection", LINK_ETHERNET, injection, 0 },
	{ "hostile-names", LINK_ETHERNET, hostile_names, 0 },
	{ NULL, 0, NULL, 0 },
};
