/* SPDX-License-Identifier: ISC */
/*
 * Handshakes: every version, every way in which one fails, and the forms that
 * a hello can take.
 */
#include "tests/mkpcaps.h"

#include "tests/mksslv2.h"

enum {
	ALERT_HANDSHAKE_FAILURE = 40,
	ALERT_BAD_CERTIFICATE = 42,
	ALERT_UNKNOWN_CA = 48,
	ALERT_PROTOCOL_VERSION = 70,
	ALERT_INTERNAL_ERROR = 80,
	ALERT_INAPPROPRIATE_FALLBACK = 86,
	ALERT_UNRECOGNIZED_NAME = 112,
	FALLBACK_SCSV = 0x5600,
};

static void
add_suite(struct mkoffer *offer, uint16_t suite)
{
	size_t i = 0;

	while (offer->suites[i] != 0)
		i++;
	offer->suites[i] = suite;
}

static void
complete(struct mkframes *to, uint16_t client_port, const struct mkdeal *deal)
{
	struct mktalk t = mkpcaps_start(to, client_port, 993);

	mktls_handshake(&t, deal);
	mktalk_close(&t, CLIENT);
}

/* The server answers the hello with an alert. */
static void
refused(struct mkframes *to, uint16_t client_port, const struct mkoffer *offer,
    unsigned code)
{
	struct mktalk t = mkpcaps_start(to, client_port, 993);

	mktls_say_hello(&t, offer);
	mktls_say_alert(&t, SERVER, offer->legacy, ALERT_FATAL, code);
	mktalk_close(&t, SERVER);
}

/* The client answers the server's flight with one. */
static void
turned_down(struct mkframes *to, uint16_t client_port,
    const struct mkdeal *deal, unsigned code)
{
	struct mktalk t = mkpcaps_start(to, client_port, 993);

	mktls_say_hello(&t, &deal->offer);
	mktls_say_answer(&t, deal);
	mktls_say_alert(&t, CLIENT, deal->version, ALERT_FATAL, code);
	mktalk_close(&t, CLIENT);
}

static void
ssl30(struct mkframes *to)
{
	mkpcaps_session(to, 50201, 993, SSL_3_0, SSL_3_0);
}

static void
ssl20(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50202, 993);

	mksslv2_session(&t);
	mktalk_close(&t, CLIENT);
}

static void
sslv2_hello_tls10(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50203, 995);
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);
	static struct mkbytes hello;

	hello.len = 0;
	mksslv2_hello(&hello, TLS_1_0);
	mktalk_bytes(&t, CLIENT, &hello);
	mktls_say_answer(&t, &deal);
	mktls_say_finished(&t, &deal);
	mktls_say_data(&t, CLIENT, 60);
	mktalk_close(&t, CLIENT);
}

/* A 1.2 offer is cut off, then the same client tries lower. */
static void
fail_first(struct mkframes *to, uint16_t client_port)
{
	struct mktalk t = mkpcaps_start(to, client_port, 993);
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_2);

	mktls_say_hello(&t, &deal.offer);
	mktalk_reset(&t, SERVER);
}

static void
fallback_scsv(struct mkframes *to)
{
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);

	fail_first(to, 50210);
	add_suite(&deal.offer, FALLBACK_SCSV);
	complete(to, 50211, &deal);
	refused(to, 50212, &deal.offer, ALERT_INAPPROPRIATE_FALLBACK);
}

static void
fallback_without_scsv(struct mkframes *to)
{
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);
	struct mktalk t;

	fail_first(to, 50213);
	complete(to, 50214, &deal);
	/* another client, that never tried higher */
	t = mktalk_of(to, false, 50215, 993);
	t.host[CLIENT].ip[3] = 11;
	mktalk_open(&t);
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
	/* the first client again, too late to be a retry */
	t = mktalk_of(to, false, 50216, 993);
	t.now_us += 60 * 1000000;
	mktalk_open(&t);
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
}

static void
downgrade_sentinel(struct mkframes *to)
{
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_1);

	deal.sentinel = TLS_1_1;
	complete(to, 50220, &deal);
	deal = mkdeal_of(TLS_1_3, TLS_1_2);
	deal.sentinel = TLS_1_2;
	complete(to, 50221, &deal);
	/* although the client got all that it offered */
	deal = mkdeal_of(TLS_1_0, TLS_1_0);
	deal.sentinel = TLS_1_1;
	complete(to, 50222, &deal);
}

static void
hello_retry(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50223, 993);
	struct mkdeal deal = mkdeal_of(TLS_1_3, TLS_1_3);
	static struct mkbytes message, wire;

	message.len = wire.len = 0;
	mktls_say_hello(&t, &deal.offer);
	mkhello_retry(&message, &deal);
	mktls_record(
	    &wire, RECORD_HANDSHAKE, TLS_1_2, message.data, message.len);
	mktls_record(&wire, RECORD_CCS, TLS_1_2, "\1", 1);
	mktalk_bytes(&t, SERVER, &wire);
	mktls_record(&wire, RECORD_CCS, TLS_1_2, "\1", 1);
	/* RFC 8446 D.4: the dummy first, then the second hello in the clear */
	mktalk_say(&t, CLIENT, wire.data + wire.len - 6, 6);
	deal.offer.group = deal.group = GROUP_SECP256R1;
	deal.offer.key_len = 65;
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
}

static void
grease(struct mkframes *to)
{
	struct mkdeal deal = mkdeal_of(TLS_1_3, TLS_1_3);

	deal.offer.grease = true;
	complete(to, 50224, &deal);
}

/* Drafts 18 and 23 (RFC 8446 before it was one), and Facebook's number. */
static void
tls13_drafts(struct mkframes *to)
{
	static const uint16_t drafts[] = { 0x7f12, 0x7f17, 0xfb17 };

	for (uint16_t i = 0; i < 3; i++) {
		struct mkdeal deal = mkdeal_of(TLS_1_3, TLS_1_3);

		deal.draft = deal.offer.versions[0] = drafts[i];
		complete(to, (uint16_t)(50225 + i), &deal);
	}
}

static void
ech(struct mkframes *to)
{
	struct mkdeal deal = mkdeal_of(TLS_1_3, TLS_1_3);

	deal.offer.ech = true;
	deal.offer.server_name = "cover.example";
	complete(to, 50228, &deal);
}

static void
early_warning(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50229, 993);
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_2);

	mktls_say_hello(&t, &deal.offer);
	mktls_say_alert(
	    &t, SERVER, TLS_1_2, ALERT_WARNING, ALERT_UNRECOGNIZED_NAME);
	mktls_say_answer(&t, &deal);
	mktls_say_finished(&t, &deal);
	mktls_say_data(&t, CLIENT, 60);
	mktls_say_data(&t, SERVER, 60);
	mktalk_close(&t, CLIENT);
}

static void
client_certificate_empty(struct mkframes *to)
{
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_2);

	deal.ask_certificate = true;
	complete(to, 50230, &deal);
}

static void
weak_cipher(struct mkframes *to)
{
	struct mkdeal deal = mkdeal_of(TLS_1_2, TLS_1_2);

	add_suite(&deal.offer, 0x009c);
	deal.cipher = 0x009c; /* TLS_RSA_WITH_AES_128_GCM_SHA256 */
	complete(to, 50231, &deal);
	deal.cipher = 0x000a; /* TLS_RSA_WITH_3DES_EDE_CBC_SHA */
	add_suite(&deal.offer, 0x000a);
	complete(to, 50232, &deal);
}

static void
failures(struct mkframes *to)
{
	struct mkdeal deal = mkdeal_of(TLS_1_1, TLS_1_1);

	refused(to, 50240, &deal.offer, ALERT_PROTOCOL_VERSION);
	refused(to, 50241, &deal.offer, ALERT_HANDSHAKE_FAILURE);
	deal = mkdeal_of(TLS_1_2, TLS_1_2);
	refused(to, 50242, &deal.offer, ALERT_HANDSHAKE_FAILURE);
	turned_down(to, 50243, &deal, ALERT_UNKNOWN_CA);
	turned_down(to, 50244, &deal, ALERT_BAD_CERTIFICATE);
	deal = mkdeal_of(TLS_1_2, TLS_1_0);
	turned_down(to, 50245, &deal, ALERT_PROTOCOL_VERSION);
	turned_down(to, 50246, &deal, ALERT_INTERNAL_ERROR);
}

static void
resumed(struct mkframes *to)
{
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);

	complete(to, 50250, &deal);
	deal.offer.with_session = deal.resumed = true;
	complete(to, 50251, &deal);
}

/* RFC 5246 6.2.1: messages do not care where records end. */
static void
two_records(struct mkframes *to)
{
	struct mktalk t = mkpcaps_start(to, 50252, 993);
	struct mkdeal deal = mkdeal_of(TLS_1_0, TLS_1_0);
	static struct mkbytes message, wire;

	message.len = wire.len = 0;
	mkhello_client(&message, &deal.offer);
	mktls_records(&wire, RECORD_HANDSHAKE, TLS_1_0, &message, 60);
	mktalk_bytes(&t, CLIENT, &wire);
	deal.fragment = 50;
	mktls_say_answer(&t, &deal);
	mktls_say_finished(&t, &deal);
	mktls_say_data(&t, CLIENT, 60);
	mktalk_close(&t, CLIENT);
}

static void
many_segments(struct mkframes *to)
{
	struct mktalk t = mktalk_of(to, false, 50253, 993);
	struct mkdeal deal = mkdeal_of(TLS_1_3, TLS_1_3);

	t.mss = 256;
	mktalk_open(&t);
	deal.offer.group = deal.group = GROUP_X25519MLKEM768;
	deal.offer.key_len = 1216;
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
}

static void
no_sni(struct mkframes *to)
{
	struct mkdeal deal = mkdeal_of(TLS_1_1, TLS_1_1);

	deal.offer.server_name = NULL;
	complete(to, 50254, &deal);
}

const struct mkpcap mkpcaps_tls[] = {
	{ "imaps-ssl30", LINK_ETHERNET, ssl30, 0 },
	{ "imaps-ssl20", LINK_ETHERNET, ssl20, 0 },
	{ "pop3s-sslv2-hello-tls10", LINK_ETHERNET, sslv2_hello_tls10, 0 },
	{ "fallback-scsv", LINK_ETHERNET, fallback_scsv, 0 },
	{ "fallback-without-scsv", LINK_ETHERNET, fallback_without_scsv, 0 },
	{ "downgrade-sentinel", LINK_ETHERNET, downgrade_sentinel, 0 },
	{ "hello-retry-request", LINK_ETHERNET, hello_retry, 0 },
	{ "grease", LINK_ETHERNET, grease, 0 },
	{ "tls13-drafts", LINK_ETHERNET, tls13_drafts, 0 },
	{ "ech", LINK_ETHERNET, ech, 0 },
	{ "early-warning-alert", LINK_ETHERNET, early_warning, 0 },
	{ "client-certificate-empty", LINK_ETHERNET, client_certificate_empty,
	    0 },
	{ "weak-cipher", LINK_ETHERNET, weak_cipher, 0 },
	{ "failed-handshakes", LINK_ETHERNET, failures, 0 },
	{ "resumed-by-session-id", LINK_ETHERNET, resumed, 0 },
	{ "hello-in-two-records", LINK_ETHERNET, two_records, 0 },
	{ "hello-in-many-segments", LINK_ETHERNET, many_segments, 0 },
	{ "no-server-name", LINK_ETHERNET, no_sni, 0 },
	{ NULL, 0, NULL, 0 },
};
