/* SPDX-License-Identifier: ISC */
/* The dissector with `any_port`: what it makes of connections on other ports
 * than mail's, and what they can not do to those on mail's. */
#include "dissect/maildissect.h"

#include <stdlib.h>
#include <string.h>

#include "dissect/limits.h"
#include "tests/kit.h"
#include "tests/mktls.h"

enum {
	ETHERNET = 1,
	RECORDS_MAX = 64,
	ODD = 9993, /* a port that nobody uses */
	HTTPS = 443,
	PIECES_MAX = 32,
};

/* What the hooks were told, and what they answer. */
static struct {
	struct connection over[RECORDS_MAX];
	size_t over_count, judged_count;
	int64_t judged_at_us;
	struct opinion by_name; /* of every server that is named */
	struct opinion by_past; /* of every server */
	struct opinion by_hint;
	size_t wanted; /* pieces, before there is a hint */
	size_t pieces, no_hints;
	uint64_t connection[PIECES_MAX];
	bool last;
} told;

static struct mkframes frames;
static void *block;
static struct md *md;

static void
on_client_hello(
    void *arg, struct connection *c, const struct client_hello *hello)
{
	(void)arg;
	(void)hello;
	if (c->offer.server_name[0] != '\0')
		c->by_name = told.by_name;
	c->by_past = told.by_past;
}

static bool
on_hint(void *arg, struct connection *c, const struct md_piece *piece)
{
	(void)arg;
	assert_true(piece->bytes.len > 0);
	if (told.pieces < PIECES_MAX)
		told.connection[told.pieces] = piece->connection;
	told.last = piece->last;
	if (++told.pieces < told.wanted)
		return true;
	c->by_hint = told.by_hint;
	return false;
}

static void
on_no_hint(void *arg, uint64_t connection)
{
	(void)arg;
	(void)connection;
	told.no_hints++;
}

static void
on_judged(void *arg, struct connection *c)
{
	(void)arg;
	told.judged_count++;
	told.judged_at_us = c->last_us;
}

static void
on_over(void *arg, struct connection *c)
{
	(void)arg;
	assert_true(told.over_count < RECORDS_MAX);
	told.over[told.over_count++] = *c;
}

static int
fresh(void **state)
{
	static struct md_config config;

	(void)state;
	md_default_ports(config.mail_ports);
	config.any_port = true;
	config.seed = 4711;
	config.hooks = (struct md_hooks){
		.client_hello = on_client_hello,
		.judged = on_judged,
		.over = on_over,
		.hint = on_hint,
		.no_hint = on_no_hint,
	};
	block = realloc(block, MD_SIZE_MIN);
	memset(block, 0xa5, MD_SIZE_MIN);
	md = md_init(block, MD_SIZE_MIN, &config);
	assert_non_null(md);
	memset(&told, 0, sizeof(told));
	return 0;
}

static int
gone(void **state)
{
	(void)state;
	mkframes_clear(&frames);
	free(block);
	block = NULL;
	return 0;
}

static void
feed(size_t from)
{
	for (size_t i = from; i < frames.count; i++) {
		const struct mkframe *frame = &frames.frames[i];
		uint8_t *copy = exact_copy(frame->data, frame->len);

		md_frame(md, ETHERNET, frame->time_us,
		    bytes_of(copy, frame->len), frame->wire_len);
		free(copy);
	}
}

/* over feeds all frames, ends, and returns the one record that there is. */
static const struct connection *
over(void)
{
	feed(0);
	md_end(md);
	assert_int_equal(told.over_count, 1);
	return &told.over[0];
}

static void
nothing_is_left_over(void)
{
	feed(0);
	md_end(md);
	assert_int_equal(told.over_count, 0);
}

static struct mkdeal
deal_of(uint16_t version, const char *server_name)
{
	struct mkdeal deal = mkdeal_of(version, version);

	deal.offer.server_name = server_name;
	return deal;
}

static struct mktalk
handshake(uint16_t port, const struct mkdeal *deal)
{
	struct mktalk t = mktalk_of(&frames, false, 40000, port);

	mktalk_open(&t);
	mktls_say_hello(&t, &deal->offer);
	mktls_say_answer(&t, deal);
	mktls_say_finished(&t, deal);
	return t;
}

/* mail_in_tls is a connection in which the server greets inside TLS. */
static void
mail_in_tls(uint16_t port, const struct mkdeal *deal)
{
	struct mktalk t = handshake(port, deal);

	mktls_say_data(&t, SERVER, 90);
	mktls_say_data(&t, CLIENT, 40);
	mktls_say_data(&t, SERVER, 200);
	mktalk_close(&t, CLIENT);
}

static void
talk_in_the_clear_is_mail_as_elsewhere(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 40000, ODD);
	struct mkdeal deal = deal_of(TLS_1_0, "mx.example.net");
	const struct connection *c;

	(void)state;
	mktalk_open(&t);
	mktalk_lines(&t, "S:220 mx.example.net ESMTP\n"
			 "C:EHLO pc\n"
			 "S:250-mx.example.net\n"
			 "S:250 STARTTLS\n"
			 "C:STARTTLS\n"
			 "S:220 go on\n");
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
	c = over();
	assert_int_equal(c->protocol, MAIL_SMTP);
	assert_int_equal(c->evidence, EVIDENCE_CONTENT);
	assert_int_equal(c->starttls, STARTTLS_USED);
	assert_int_equal(c->answer.version, TLS_1_0);
	assert_int_equal(c->first_us, frames.frames[0].time_us);
	assert_int_equal(told.judged_count, 1);
	assert_int_equal(md_statistics(md).others_mail, 1);
	assert_int_equal(md_statistics(md).flows, 0);
	assert_int_equal(md_statistics(md).connections, 1);
}

static void
a_server_of_mail_by_its_name_is_taken_up(void **state)
{
	struct mkdeal deal = deal_of(TLS_1_1, "imap.example.net");
	const struct connection *c;

	(void)state;
	told.by_name = (struct opinion){ .mail = true, .protocol = MAIL_IMAP };
	mail_in_tls(ODD, &deal);
	c = over();
	assert_int_equal(c->protocol, MAIL_IMAP);
	assert_int_equal(c->evidence, EVIDENCE_NAME);
	assert_int_equal(c->encryption, ENCRYPTION_IMPLICIT);
	assert_int_equal(c->answer.version, TLS_1_1);
	assert_true(c->answer.established);
	assert_true(c->server_first);
}

static void
a_handshake_that_fails_is_taken_up_by_name_as_well(void **state)
{
	struct mkdeal deal = deal_of(TLS_1_0, "imap.example.net");
	struct mktalk t = mktalk_of(&frames, false, 40000, ODD);
	const struct connection *c;

	(void)state;
	told.by_name.mail = true;
	mktalk_open(&t);
	mktls_say_hello(&t, &deal.offer);
	mktls_say_alert(&t, SERVER, TLS_1_0, ALERT_FATAL, 70);
	mktalk_close(&t, SERVER);
	c = over();
	assert_int_equal(c->offer.max_version, TLS_1_0);
	assert_int_equal(c->alerts[0].code, 70);
	assert_int_equal(c->protocol, MAIL_UNKNOWN);
	assert_int_equal(told.judged_count, 1);
}

static void
a_client_that_speaks_first_is_no_mail_whatever_the_name(void **state)
{
	static const uint16_t versions[] = { TLS_1_2, TLS_1_3 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct mkdeal deal = deal_of(versions[i], "mail.example.net");
		struct mktalk t;

		told.by_name.mail = true;
		t = handshake(ODD, &deal);
		mktls_say_data(&t, CLIENT, 300);
		mktls_say_data(&t, SERVER, 3000);
		mktalk_close(&t, CLIENT);
		nothing_is_left_over();
		assert_int_equal(told.judged_count, 0);
		assert_int_equal(md_statistics(md).others_mail, 0);
		mkframes_clear(&frames);
	}
}

static void
a_name_is_judged_when_it_is_seen_who_speaks_first(void **state)
{
	struct mkdeal deal = deal_of(TLS_1_2, "imap.example.net");
	struct mktalk t;
	size_t shaken;

	(void)state;
	told.by_name.mail = true;
	t = handshake(ODD, &deal);
	feed(0);
	assert_int_equal(told.judged_count, 0);
	shaken = frames.count;
	mktls_say_data(&t, SERVER, 90);
	mktalk_segment(&t, CLIENT, TCP_ACK, t.next[CLIENT], "", 0);
	feed(shaken);
	assert_int_equal(told.judged_count, 1);
}

static void
alpn_proves_mail_and_disproves_it(void **state)
{
	struct mkdeal deal = deal_of(TLS_1_3, "example.net");
	const struct connection *c;

	(void)state;
	deal.offer.alpn = "h2";
	told.by_name.mail = true;
	mail_in_tls(ODD, &deal);
	nothing_is_left_over();
	mkframes_clear(&frames);

	deal.offer.alpn = "imap";
	told.by_name.mail = false;
	mail_in_tls(HTTPS, &deal);
	c = over();
	assert_int_equal(c->protocol, MAIL_IMAP);
	assert_int_equal(c->evidence, EVIDENCE_CONTENT);
}

static void
webmail_is_no_mail(void **state)
{
	struct mkdeal deal = deal_of(TLS_1_2, "mail.example.net");

	(void)state;
	told.by_name.mail = true;
	mail_in_tls(HTTPS, &deal);
	nothing_is_left_over();
	assert_int_equal(md_statistics(md).others, 1);
}

static void
tls_that_shows_nothing_is_left_to_the_caller(void **state)
{
	struct mkdeal deal = deal_of(TLS_1_2, NULL);
	const struct connection *c;

	(void)state;
	mail_in_tls(ODD, &deal);
	c = over();
	assert_int_equal(c->evidence, EVIDENCE_NONE);
	assert_true(c->server_first);
	assert_int_equal(told.judged_count, 0);
	assert_int_equal(md_statistics(md).others_unproven, 1);
	assert_int_equal(md_statistics(md).connections, 0);
}

static void
what_is_no_mail_is_passed_over_from_then_on(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 40000, 80);
	size_t shown;

	(void)state;
	mktalk_open(&t);
	mktalk_lines(&t, "C+GET / HTTP/1.1\n"
			 "C:Host: example.net\n");
	shown = frames.count;
	mktalk_lines(&t, "S:HTTP/1.1 200 OK\n");
	mktalk_close(&t, CLIENT);
	nothing_is_left_over();
	assert_int_equal(
	    md_statistics(md).frames_skipped, frames.count - shown);
	assert_int_equal(md_statistics(md).others, 1);
	assert_int_equal(told.pieces, 0); /* nobody was asked */
}

static void
a_beginning_that_was_missed_is_made_up_for(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 40000, ODD);
	const struct connection *c;

	(void)state;
	mktalk_lines(&t, "S:220 mx.example.net ESMTP\n"
			 "C:EHLO pc\n"
			 "S:250 mx.example.net\n");
	c = over();
	assert_int_equal(c->end[SERVER].port, ODD);
	assert_int_equal(c->protocol, MAIL_SMTP);
	assert_true(c->incomplete & INCOMPLETE_NO_START);
}

static void
what_was_rejected_is_not_looked_at_again(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 40000, 80);

	(void)state;
	mktalk_open(&t);
	mktalk_lines(&t, "C+GET / HTTP/1.1\n"
			 "C:Host: example.net\n"
			 "S:220 mx.example.net ESMTP\n");
	nothing_is_left_over();
	assert_int_equal(md_statistics(md).others, 1);
	assert_int_equal(md_statistics(md).frames_skipped, 0);
	/* but a new connection between the same ports is */
	mkframes_clear(&frames);
	t = mktalk_of(&frames, false, 40000, 80);
	t.next[CLIENT] += 100000;
	mktalk_open(&t);
	mktalk_lines(&t, "S:220 mx.example.net ESMTP\n");
	assert_int_equal(over()->protocol, MAIL_SMTP);
}

static void
a_client_may_use_a_port_of_mail(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 143, ODD);
	const struct connection *c;

	(void)state;
	mktalk_open(&t);
	mktalk_lines(&t, "S:* OK IMAP4rev1 ready\n");
	c = over();
	assert_int_equal(c->end[SERVER].port, ODD);
	assert_int_equal(c->evidence, EVIDENCE_CONTENT);
}

/* --- hints ----------------------------------------------------------------- */

static void
a_hint_is_believed_at_the_first_word_that_fits(void **state)
{
	static const char *const scripts[] = {
		"S:220 ready\nC:NOOP\nS:250 OK\n", /* SMTP, says the hint */
		"S:220 ready\nC:NOOP\nS:200 OK\n", /* FTP does that */
	};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct mktalk t =
		    mktalk_of(&frames, false, (uint16_t)(40000 + i), ODD);

		mktalk_open(&t);
		mktalk_lines(&t, scripts[i]);
		mktalk_close(&t, CLIENT);
	}
	told.by_hint = (struct opinion){ .mail = true, .protocol = MAIL_SMTP };
	feed(0);
	md_end(md);
	assert_int_equal(told.over_count, 1);
	assert_int_equal(told.over[0].protocol, MAIL_SMTP);
	assert_int_equal(told.over[0].end[CLIENT].port, 40000);
	assert_int_equal(md_statistics(md).hints, 2);
	assert_int_equal(md_statistics(md).hints_refuted, 1);
}

static void
what_others_have_shown_is_as_good_as_a_name(void **state)
{
	struct mkdeal deal = deal_of(TLS_1_1, NULL);
	const struct connection *c;

	(void)state;
	told.by_past = (struct opinion){ .mail = true, .protocol = MAIL_IMAP };
	mail_in_tls(ODD, &deal);
	c = over();
	assert_int_equal(c->evidence, EVIDENCE_SERVER);
	assert_int_equal(c->protocol, MAIL_IMAP);
}

/* --- the protocol inside TLS ------------------------------------------------ */

enum {
	GCM = 0xc02f,
	GCM_MORE = 24, /* bytes of a record beyond what it holds */
};

/* said is a word inside TLS. */
static void
said(struct mktalk *t, enum side from, size_t len)
{
	mktls_say_data(t, from, len + GCM_MORE);
}

/* begin_pop3 is TLS with a server that may be anything, and its first words. */
static struct mktalk
begin_pop3(void)
{
	struct mkdeal deal = deal_of(TLS_1_2, "mail.example.net");
	struct mktalk t;

	told.by_name.mail = true;
	deal.cipher = GCM;
	t = handshake(ODD, &deal);
	said(&t, SERVER, 29);
	said(&t, CLIENT, 6);
	said(&t, SERVER, 109);
	return t;
}

static void
the_protocol_is_told_by_what_is_said_in_tls(void **state)
{
	struct mktalk t = begin_pop3();

	(void)state;
	said(&t, CLIENT, 17);
	said(&t, SERVER, 40);
	said(&t, CLIENT, 6);
	said(&t, SERVER, 18);
	mktalk_close(&t, CLIENT);
	assert_int_equal(over()->protocol, MAIL_POP3);
	assert_int_equal(told.over[0].evidence, EVIDENCE_NAME);
	assert_int_equal(told.judged_count, 1);
}

static void
with_too_few_words_it_is_not_told(void **state)
{
	struct mktalk t = begin_pop3();

	(void)state;
	mktalk_close(&t, CLIENT);
	assert_int_equal(over()->protocol, MAIL_UNKNOWN);
}

static void
what_is_missing_after_the_handshake_is_no_loss(void **state)
{
	struct mktalk t = begin_pop3();

	(void)state;
	mktalk_skip(&t, SERVER, 500);
	said(&t, CLIENT, 17);
	said(&t, SERVER, 40);
	said(&t, CLIENT, 6);
	mktalk_close(&t, CLIENT);
	assert_int_equal(over()->protocol, MAIL_UNKNOWN);
	assert_int_equal(told.over[0].incomplete, 0);
	assert_int_equal(told.judged_count, 1);
	assert_int_equal(md_statistics(md).gaps, 0);
}

/* --- what may be kept -------------------------------------------------------- */

/* kept feeds all frames; it writes K for one that may be kept, d for one that may
 * be if the connection turns out to be mail, and - for others. */
static void
kept(char *out)
{
	for (size_t i = 0; i < frames.count; i++) {
		const struct mkframe *frame = &frames.frames[i];
		uint64_t number = 0;

		*out = md_frame(md, ETHERNET, frame->time_us,
			   bytes_of(frame->data, frame->len), frame->wire_len)
			   ? 'K'
			   : '-';
		if (md_doubt(md, &number)) {
			assert_int_equal(*out, '-');
			*out = 'd';
		}
		assert_true(number != 0 || *out == '-');
		out++;
	}
	*out = '\0';
}

static void
frames_are_kept_once_it_is_known_to_be_mail(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 40000, ODD);
	char out[64];

	(void)state;
	mktalk_open(&t);
	mktalk_lines(&t, "S:+OK ready\nC:CAPA\nS:+OK\n");
	kept(out);
	assert_memory_equal(out, "ddd", 3);
	assert_int_equal(out[3], 'd'); /* "+OK", which others say as well */
	assert_non_null(strchr(out, 'K'));
}

static void
nothing_is_kept_of_what_is_no_mail(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 40000, ODD);
	char out[64];

	(void)state;
	mktalk_open(&t);
	mktalk_lines(&t, "C:GET / HTTP/1.1\nC:Host: example.net\n"
			 "S:HTTP/1.1 200 OK\n");
	kept(out);
	assert_null(strchr(out, 'K'));
}

static void
a_hint_at_the_server_is_as_good_as_a_name(void **state)
{
	struct mkdeal deal = deal_of(TLS_1_2, NULL);
	const struct connection *c;

	(void)state;
	told.by_hint.mail = true;
	mail_in_tls(ODD, &deal);
	c = over();
	assert_int_equal(c->evidence, EVIDENCE_HINT);
	assert_int_equal(c->protocol, MAIL_UNKNOWN);
	assert_int_equal(md_statistics(md).hints, 1);
	assert_int_equal(md_statistics(md).hints_refuted, 0);
}

static void
content_outranks_a_hint(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 40000, ODD);

	(void)state;
	told.by_hint.other = true;
	mktalk_open(&t);
	mktalk_lines(&t, "S:* OK IMAP4rev1 ready\n");
	assert_int_equal(over()->protocol, MAIL_IMAP);
	assert_int_equal(md_statistics(md).hints, 0);
	assert_int_equal(md_statistics(md).hints_refuted, 1);
}

static void
no_more_is_shown_than_was_agreed(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 40000, ODD);

	(void)state;
	told.wanted = SIZE_MAX;
	mktalk_open(&t);
	mktalk_lines(&t, "S:220 mx.example.net ESMTP\n");
	for (int i = 0; i < 20; i++)
		mktalk_lines(&t, "C:NOOP\nS:250 OK\n");
	over();
	assert_int_equal(told.pieces, LIMIT_STRANGER_PIECES);
	assert_true(told.last);
	assert_int_equal(told.no_hints, 0);
	for (size_t i = 1; i < LIMIT_STRANGER_PIECES; i++)
		assert_int_equal(told.connection[i], told.connection[0]);
}

static void
a_packet_without_its_payload_is_not_shown(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 40000, ODD);

	(void)state;
	mktalk_open(&t);
	t.snaplen = 54; /* Ethernet, IPv4 and TCP */
	mktalk_lines(&t, "S:220 mx.example.net ESMTP\n");
	t.snaplen = 65535;
	mktalk_lines(&t, "C:EHLO pc\nS:250-mx.example.net\nS:250 OK\n");
	assert_true(over()->incomplete & INCOMPLETE_TRUNCATED);
	assert_int_equal(told.pieces, 1);
}

static void
an_end_before_the_hint_is_told(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 40000, ODD);

	(void)state;
	told.wanted = SIZE_MAX;
	mktalk_open(&t);
	mktalk_lines(&t, "S:220 mx.example.net ESMTP\n");
	over();
	assert_int_equal(told.pieces, 1);
	assert_int_equal(told.no_hints, 1);
}

static void
nobody_is_asked_about_the_ports_of_mail_and_of_the_web(void **state)
{
	static const uint16_t ports[] = { 25, 143, HTTPS };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct mktalk t =
		    mktalk_of(&frames, false, (uint16_t)(40000 + i), ports[i]);

		mktalk_open(&t);
		mktalk_lines(&t, "S:220 mx.example.net ESMTP\n");
	}
	feed(0);
	md_end(md);
	assert_int_equal(told.over_count, 3);
	assert_int_equal(told.pieces, 0);
}

/* --- bounds ---------------------------------------------------------------- */

/* strangers records connections on other ports that begin, and go no further
 * than `script`. */
static void
strangers(unsigned count, const char *script)
{
	for (unsigned i = 0; i < count; i++) {
		struct mktalk t =
		    mktalk_of(&frames, false, (uint16_t)(2000 + i), ODD);

		mktalk_open(&t);
		mktalk_lines(&t, script);
	}
}

/* crowd lets all frames follow each other within five minutes. */
static void
crowd(void)
{
	for (size_t i = 0; i < frames.count; i++)
		frames.frames[i].time_us =
		    frames.frames[0].time_us + (int64_t)i * 1000;
}

static void
strangers_do_not_drive_out_mail(void **state)
{
	static const char *const scripts[] = { "", "S:220-Welcome\n" };

	for (size_t i = 0; i < 2; i++) {
		struct mktalk good[8];

		fresh(state);
		for (unsigned j = 0; j < 8; j++) {
			good[j] =
			    mktalk_of(&frames, false, (uint16_t)(1000 + j), 25);
			mktalk_open(&good[j]);
			if (j % 2 == 0)
				mktalk_lines(&good[j], "S:220 mx ESMTP\n");
		}
		strangers(4000, scripts[i]);
		crowd();
		feed(0);
		assert_int_equal(told.over_count, 0);
		assert_true(md_statistics(md).others_evicted > 2000);
		assert_int_equal(md_statistics(md).flows_evicted, 0);
		md_end(md);
		assert_int_equal(told.over_count, 4);
		mkframes_clear(&frames);
	}
}

static void
mail_drives_out_strangers(void **state)
{
	struct md_stats stats;
	unsigned room;

	(void)state;
	strangers(4000, "S:220-Welcome\n");
	for (unsigned i = 0; i < 50; i++) {
		struct mktalk t =
		    mktalk_of(&frames, false, (uint16_t)(10000 + i), 25);

		mktalk_open(&t);
		mktalk_lines(&t, "S:220 mx ESMTP\n");
	}
	crowd();
	feed(0);
	stats = md_statistics(md);
	room = (unsigned)stats.connections_peak;
	assert_true(room > 50);
	assert_int_equal(stats.flows_evicted, 0);
	assert_int_equal(told.over_count, 0);
	md_end(md);
	assert_int_equal(told.over_count, 50);
}

static void
strangers_are_not_waited_for(void **state)
{
	struct mktalk t = mktalk_of(&frames, false, 40000, ODD);
	int64_t last_us;

	(void)state;
	mktalk_open(&t);
	feed(0);
	last_us = frames.frames[frames.count - 1].time_us;
	md_tick(md, last_us + LIMIT_STRANGER_IDLE_US + 2000000);
	mktalk_lines(&t, "C:EHLO pc\n");
	frames.frames[frames.count - 1].time_us = last_us + 70000000;
	feed(frames.count - 1);
	assert_int_equal(md_statistics(md).others, 2);
}

static void
the_two_sides_of_a_nat_are_one_here_too(void **state)
{
	struct mkdeal deal = deal_of(TLS_1_2, "imap.example.net");
	struct mktalk inside = mktalk_of(&frames, false, 1001, ODD), outside;

	(void)state;
	told.by_name.mail = true;
	memcpy(inside.host[CLIENT].ip, "\xc0\xa8\x01\x02", 4);
	outside = inside;
	memcpy(outside.host[CLIENT].ip, "\xcb\x00\x71\x09", 4);
	mktalk_open(&outside);
	mktalk_open(&inside);
	mktls_say_hello(&outside, &deal.offer);
	mktls_say_hello(&inside, &deal.offer);
	mktls_say_answer(&outside, &deal);
	mktls_say_answer(&inside, &deal);
	assert_memory_equal(over()->end[CLIENT].ip, "\xc0\xa8\x01\x02", 4);
	assert_int_equal(md_statistics(md).twins, 1);
}

/* clang-format off */
#define TEST(t) cmocka_unit_test_setup_teardown(t, fresh, gone)
/* clang-format on */

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(talk_in_the_clear_is_mail_as_elsewhere),
		TEST(a_server_of_mail_by_its_name_is_taken_up),
		TEST(a_handshake_that_fails_is_taken_up_by_name_as_well),
		TEST(a_client_that_speaks_first_is_no_mail_whatever_the_name),
		TEST(a_name_is_judged_when_it_is_seen_who_speaks_first),
		TEST(alpn_proves_mail_and_disproves_it),
		TEST(webmail_is_no_mail),
		TEST(tls_that_shows_nothing_is_left_to_the_caller),
		TEST(what_is_no_mail_is_passed_over_from_then_on),
		TEST(a_beginning_that_was_missed_is_made_up_for),
		TEST(what_was_rejected_is_not_looked_at_again),
		TEST(a_client_may_use_a_port_of_mail),
		TEST(a_hint_is_believed_at_the_first_word_that_fits),
		TEST(what_others_have_shown_is_as_good_as_a_name),
		TEST(the_protocol_is_told_by_what_is_said_in_tls),
		TEST(with_too_few_words_it_is_not_told),
		TEST(what_is_missing_after_the_handshake_is_no_loss),
		TEST(frames_are_kept_once_it_is_known_to_be_mail),
		TEST(nothing_is_kept_of_what_is_no_mail),
		TEST(a_hint_at_the_server_is_as_good_as_a_name),
		TEST(content_outranks_a_hint),
		TEST(no_more_is_shown_than_was_agreed),
		TEST(a_packet_without_its_payload_is_not_shown),
		TEST(an_end_before_the_hint_is_told),
		TEST(nobody_is_asked_about_the_ports_of_mail_and_of_the_web),
		TEST(strangers_do_not_drive_out_mail),
		TEST(mail_drives_out_strangers),
		TEST(strangers_are_not_waited_for),
		TEST(the_two_sides_of_a_nat_are_one_here_too),
	};

	return cmocka_run_group_tests_name("otherports", tests, NULL, NULL);
}
