/* SPDX-License-Identifier: ISC */
#include "tests/mkplan.h"

#include "tests/kit.h"
#include "tests/mksslv2.h"

static unsigned
pick(uint64_t *seed, unsigned n)
{
	return (unsigned)(random_next(seed) % n);
}

struct mkplan
mkplan_any(uint64_t *seed)
{
	static const uint16_t implicit[] = { 465, 993, 995 };
	static const uint16_t versions[] = { SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2,
		TLS_1_3 };
	unsigned max = pick(seed, 5), chosen = pick(seed, max + 1);
	struct mkplan p = {
		.port = implicit[pick(seed, 3)],
		.max = versions[max],
		.chosen = versions[chosen],
		.ipv6 = pick(seed, 2) != 0,
		.starttls = pick(seed, 2) != 0,
		.sslv2_hello = max == 1 && pick(seed, 2) != 0,
		.login = pick(seed, 6) == 0,
		.end = pick(seed, 4),
		.mss = 1400,
		.fragment = pick(seed, 2) * (1 + pick(seed, 300)),
	};

	if (p.starttls || p.login)
		p.port = pick(seed, 2) ? 587 : 143;
	return p;
}

static void
say_until_tls(struct mktalk *t, const struct mkplan *p)
{
	if (p->port == 143) {
		mktalk_lines(t,
		    "S:* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\n"
		    "C:a1 ID (\"name\" \"Example Mail\" \"version\" \"1.0\")\n"
		    "S+* ID NIL\n"
		    "S:a1 OK done\n");
		mktalk_lines(t,
		    p->login ? "C:a2 LOGIN user not-a-password\nS:a2 OK done\n"
			     : "C:a2 STARTTLS\nS:a2 OK begin\n");
	} else if (p->port == 587) {
		mktalk_lines(t, "S+220-mail.example.net ESMTP\n"
				"S:220 hello\n"
				"C:EHLO laptop.example\n"
				"S+250-mail.example.net\n"
				"S+250-AUTH PLAIN\n"
				"S:250 STARTTLS\n");
		mktalk_lines(
		    t, p->login ? "C:AUTH PLAIN\nS:334\n"
				  "C:AHVzZXIAbm90LWEtcGFzc3dvcmQ=\nS:235 ok\n"
				: "C:STARTTLS\nS:220 go ahead\n");
	}
}

static void
say_tls(struct mktalk *t, const struct mkplan *p)
{
	struct mkdeal deal = mkdeal_of(p->max, p->chosen);
	static struct mkbytes hello;

	deal.fragment = p->fragment;
	hello.len = 0;
	if (p->sslv2_hello) {
		mksslv2_hello(&hello, p->max);
		mktalk_bytes(t, CLIENT, &hello);
	} else {
		mktls_say_hello(t, &deal.offer);
	}
	if (p->end == 1) {
		mktls_say_alert(t, SERVER, p->chosen, ALERT_FATAL, 70);
		return;
	}
	mktls_say_answer(t, &deal);
	if (p->end == 2) {
		mktls_say_alert(t, CLIENT, p->chosen, ALERT_FATAL, 42);
		return;
	}
	mktls_say_finished(t, &deal);
	mktls_say_data(t, CLIENT, 60);
	mktls_say_data(t, SERVER, 90);
	mktls_say_data(t, CLIENT, 70);
}

void
mkplan_play(struct mkframes *to, const struct mkplan *p)
{
	struct mktalk t = mktalk_of(to, p->ipv6, 50000, p->port);

	t.mss = p->mss;
	t.step_us = MKPLAN_STEP_US;
	mktalk_open(&t);
	say_until_tls(&t, p);
	if (!p->login)
		say_tls(&t, p);
	mktalk_close(&t, p->end == 1 ? SERVER : CLIENT);
}
