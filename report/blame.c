/* SPDX-License-Identifier: ISC */
/*
 * Sentences for people.  Each is whole, so that it can be translated; they
 * claim no more than was seen, and name no remedy.
 */
#include "report/blame.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dissect/names.h"
#include "report/language.h"
#include "report/terminal.h"
#include "report/verdict.h"
#include "report/words.h"

enum {
	ALERT_CLOSE_NOTIFY = 0, /* RFC 8446 6 */
	ALERT_UNRECOGNIZED_NAME = 112,
	ALERT_FATAL = 2,
};

static const char *
problem(unsigned bit)
{
	static const char *const words[] = {
		N_("it has expired"),
		N_("it is not valid yet"),
		N_("it is signed by itself alone"),
		N_("it is for another server name"),
		N_("no known authority vouches for it"),
		N_("its key is weak"),
		N_("its signature is weak"),
	};

	return bit < sizeof(words) / sizeof(words[0]) ? _(words[bit]) : NULL;
}

/*
 * Sentences, one after the other into a buffer.
 */

struct sentences {
	char *out;
	size_t len;
};

static void add(struct sentences *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
add(struct sentences *s, const char *format, ...)
{
	size_t room = BLAME_MAX - s->len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(s->out + s->len, room, format, args);
	va_end(args);
	if (len < 0)
		s->out[s->len] = '\0';
	else
		s->len += (size_t)len < room ? (size_t)len : room - 1;
}

/* A new sentence begins. */
static void
next(struct sentences *s)
{
	if (s->len > 0)
		add(s, " ");
}

typedef const char *word_of_bit(unsigned bit);

/* "a; b; c" of the bits set. */
static void
list(unsigned bits, word_of_bit *word, char out[BLAME_MAX])
{
	struct sentences s = { .out = out };

	out[0] = '\0';
	for (unsigned bit = 0; bit < 8; bit++) {
		if ((bits >> bit & 1) == 0 || word(bit) == NULL)
			continue;
		/* Translators: between the items of a list. */
		add(&s, "%s%s", s.len > 0 ? _("; ") : "", word(bit));
	}
}

/* The alert that tells most: the last fatal one, else the last. */
static const struct alert *
telling_alert(const struct connection *c)
{
	const struct alert *telling = NULL;

	for (size_t i = 0; i < c->alert_count; i++) {
		const struct alert *alert = &c->alerts[i];

		if (alert->code == ALERT_CLOSE_NOTIFY ||
		    alert->code == ALERT_UNRECOGNIZED_NAME)
			continue;
		if (telling == NULL || alert->level == ALERT_FATAL ||
		    telling->level != ALERT_FATAL)
			telling = alert;
	}
	return telling;
}

/* What each side says by an alert about the other's certificate (RFC 8446
 * 6.2), NULL where it names no reason. */
static const char *
certificate_alert(uint8_t code)
{
	static const struct {
		uint8_t code;
		const char *words;
	} alerts[] = {
		{ 41, N_("there was none") }, /* SSL 3.0, RFC 6101 5.4.2 */
		{ 42, N_("it is damaged or wrong") },
		{ 43, N_("it is of a kind that can not be used") },
		{ 44, N_("it was revoked") },
		{ 45, N_("it has expired, or the clock there is wrong") },
		{ 48, N_("the authority that issued it is not known there") },
		{ 116, N_("there was none") },
	};

	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++) {
		if (alerts[i].code == code)
			return _(alerts[i].words);
	}
	return NULL;
}

/*
 * Why a handshake failed, by enum failure.
 */

static void
version_refused_by_server(struct sentences *s, const struct connection *c)
{
	if (c->offer.max_version != TLS_NONE)
		add(s, _("The server refused the versions offered, up to %s."),
		    words_version(c->offer.max_version));
	else
		add(s, "%s", _("The server refused the version offered."));
}

static void
version_refused_by_client(struct sentences *s, const struct connection *c)
{
	if (verdict_refused_own_offer(c))
		add(s,
		    _("It offers %s at most, and refused just that when the "
		      "server chose it: its setting and its TLS library "
		      "contradict each other."),
		    words_version(c->answer.version));
	else if (c->answer.seen)
		add(s, _("The server chose %s, and the device refused that."),
		    words_version(c->answer.version));
	else
		add(s, "%s", _("The device refused the server's version."));
}

static void
certificate_refused(struct sentences *s, const struct connection *c)
{
	const struct alert *alert = telling_alert(c);
	bool by_server = alert != NULL && alert->from == SERVER;
	const char *why = alert != NULL ? certificate_alert(alert->code) : NULL;

	if (why != NULL)
		add(s,
		    by_server ? _("The server did not accept the device's "
				  "certificate: %s.")
			      : _("The device did not accept the server's "
				  "certificate: %s."),
		    why);
	else
		add(s, "%s",
		    by_server ? _("The server did not accept the device's "
				  "certificate.")
			      : _("The device did not accept the server's "
				  "certificate."));
}

static void
no_common_parameters(struct sentences *s, const struct connection *c)
{
	(void)c;
	add(s, "%s",
	    _("Device and server found no method of encryption (cipher) that "
	      "both of them know."));
}

static void
not_tls(struct sentences *s, const struct connection *c)
{
	if (c->answered_in_clear)
		add(s, "%s",
		    _("The device began with TLS and the server answered in "
		      "plain text: the setting SSL/TLS and the port do not "
		      "belong together."));
	else
		add(s, "%s",
		    _("Something other than TLS came where TLS was due."));
}

static void
closed(struct sentences *s, const struct connection *c)
{
	static const char *const words[] = {
		[CLOSED_BY_NONE] = N_("The connection ended before encryption "
				      "began, and gave no reason."),
		[CLOSED_BY_CLIENT] = N_("The device closed the connection "
					"before encryption began, and gave no "
					"reason."),
		[CLOSED_BY_SERVER] = N_("The server closed the connection "
					"before encryption began, and gave no "
					"reason."),
	};

	add(s, "%s",
	    _(words[c->closed_by <= CLOSED_BY_SERVER ? c->closed_by : 0]));
}

static void
other(struct sentences *s, const struct connection *c)
{
	const struct alert *alert = telling_alert(c);
	const char *name = alert != NULL ? names_alert(alert->code) : NULL;

	if (alert == NULL)
		add(s, "%s", _("What went wrong was not to be seen."));
	else if (name != NULL)
		add(s,
		    alert->from == SERVER
			? _("The server broke off with the message \"%s\".")
			: _("The device broke off with the message \"%s\"."),
		    name);
	else
		add(s,
		    alert->from == SERVER
			? _("The server broke off with message number %u.")
			: _("The device broke off with message number %u."),
		    (unsigned)alert->code);
}

static void
nothing(struct sentences *s, const struct connection *c)
{
	(void)s;
	(void)c;
}

typedef void explain(struct sentences *s, const struct connection *c);

static void
blame_failed(struct sentences *s, const struct connection *c)
{
	static explain *const explained[] = {
		[FAILURE_NONE] = nothing,
		[FAILURE_VERSION_REFUSED_BY_SERVER] = version_refused_by_server,
		[FAILURE_VERSION_REFUSED_BY_CLIENT] = version_refused_by_client,
		[FAILURE_CERTIFICATE_REFUSED] = certificate_refused,
		[FAILURE_NO_COMMON_PARAMETERS] = no_common_parameters,
		[FAILURE_NOT_TLS] = not_tls,
		[FAILURE_CLOSED] = closed,
		[FAILURE_OTHER] = other,
	};

	if (c->failure <= FAILURE_OTHER)
		explained[c->failure](s, c);
}

/*
 * Who is the limit, by enum verdict: from what was offered, what was answered,
 * the downgrade sentinel (RFC 8446 4.1.3) and TLS_FALLBACK_SCSV (RFC 7507).
 */

static void
add_starttls(struct sentences *s, const struct connection *c)
{
	static const char *const words[] = {
		[STARTTLS_NOT_OFFERED] =
		    N_("The server did not offer encryption (STARTTLS)."),
		[STARTTLS_OFFERED] = N_("The server offered encryption "
					"(STARTTLS), but the device did not "
					"use it."),
		[STARTTLS_MASKED] = N_("The server's offer of encryption "
				       "(STARTTLS) was overwritten on its "
				       "way."),
		[STARTTLS_REFUSED] = N_("The server refused to begin "
					"encryption (STARTTLS)."),
		[STARTTLS_USED] = NULL,
	};
	const char *word =
	    c->starttls <= STARTTLS_USED ? words[c->starttls] : NULL;

	if (word == NULL)
		return;
	next(s);
	add(s, "%s", _(word));
}

static void
blame_plaintext_login(struct sentences *s, const struct connection *c)
{
	char mechanism[4 * CONNECTION_WORD_MAX];

	terminal_escape(c->login_mechanism, strlen(c->login_mechanism), false,
	    " ", mechanism, sizeof(mechanism));
	if (mechanism[0] == '\0')
		add(s, "%s",
		    c->secret_exposed
			? _("Anyone on the way could read the password.")
			: _("The password itself was not readable, all the "
			    "rest was."));
	else
		add(s,
		    c->secret_exposed
			? _("Anyone on the way could read the password (login "
			    "method %s).")
			: _("The password itself was not readable, all the "
			    "rest was (login method %s)."),
		    mechanism);
	add_starttls(s, c);
}

static void
blame_old_client(struct sentences *s, const struct connection *c)
{
	if (c->offer.max_version != TLS_NONE)
		add(s,
		    c->answer.sentinel != 0
			? _("It offers %s at most, so the device is the limit; "
			    "the server says that it could do better.")
			: _("It offers %s at most, so the device is the "
			    "limit."),
		    words_version(c->offer.max_version));
}

static void
blame_refused_old(struct sentences *s, const struct connection *c)
{
	if (c->offer.max_version == TLS_NONE)
		return;
	add(s,
	    c->verdict_likely
		? _("It offers %s at most, and the connection ended before "
		    "encryption began, most likely because the server refuses "
		    "that.")
		: _("It offers %s at most, and the server refused that."),
	    words_version(c->offer.max_version));
}

static void
blame_fallback(struct sentences *s, const struct connection *c)
{
	if (c->offer.max_version == TLS_NONE)
		return;
	add(s,
	    c->offer.fallback_scsv
		? _("It offered %s at most and said that a better offer had "
		    "failed: the server, or something on the way such as a "
		    "virus scanner, may not stand it.")
		: _("It offered %s at most, just after a better offer had "
		    "failed: the server, or something on the way such as a "
		    "virus scanner, may not stand it."),
	    words_version(c->offer.max_version));
}

static void
blame_old_server(struct sentences *s, const struct connection *c)
{
	add(s,
	    c->answer.sentinel != 0
		? _("It offers %s, but the server chose %s and says that it "
		    "could do better: something on the way, such as a virus "
		    "scanner, may be the limit.")
		: _("It offers %s, but the server chose %s: the server, or "
		    "something on the way such as a virus scanner, is the "
		    "limit."),
	    words_version(c->offer.max_version),
	    words_version(c->answer.version));
}

static void
blame_weak_cipher(struct sentences *s, const struct connection *c)
{
	const char *name = names_cipher(c->answer.cipher);

	if (name != NULL)
		add(s, _("The method of encryption (cipher) is %s."), name);
	else
		add(s, _("The method of encryption (cipher) is number 0x%04x."),
		    (unsigned)c->answer.cipher);
}

static void
blame_undetermined(struct sentences *s, const struct connection *c)
{
	char why[BLAME_MAX];

	list(c->incomplete, words_incomplete, why);
	if (c->answer.seen && c->answer.version != TLS_NONE) {
		/* Translators: a version. */
		add(s,
		    _("It was %s, but what the device offered could not be "
		      "seen, so it is not known whose limit that is."),
		    words_version(c->answer.version));
		next(s);
	}
	/* Translators: why a connection could not be judged. */
	add(s, _("Why: %s."),
	    c->incomplete != 0
		? why
		: _("it ended before anything was said that tells"));
}

/* These make a certificate worthless to those who look at it. */
static const unsigned unverified =
    CERTIFICATE_EXPIRED | CERTIFICATE_NOT_YET_VALID | CERTIFICATE_SELF_SIGNED |
    CERTIFICATE_NAME_MISMATCH | CERTIFICATE_UNTRUSTED;

static void
blame_certificate(struct sentences *s, const struct connection *c)
{
	char problems[BLAME_MAX];

	if (!c->server_certificate.seen || c->server_certificate.problems == 0)
		return;
	next(s);
	list(c->server_certificate.problems, problem, problems);
	add(s,
	    (c->server_certificate.problems & unverified) != 0 &&
		    c->answer.established
		? _("It seems to accept certificates that do not verify, such as "
		    "the server's: %s.")
		: _("The server's certificate: %s."),
	    problems);
}

void
blame_say(const struct entry *entry, enum verdict verdict, char out[BLAME_MAX])
{
	static explain *const blame[INVENTORY_VERDICTS] = {
		[VERDICT_NONE] = nothing,
		[VERDICT_PLAINTEXT_LOGIN] = blame_plaintext_login,
		[VERDICT_REFUSED_OLD] = blame_refused_old,
		[VERDICT_FAILED] = blame_failed,
		[VERDICT_OLD_CLIENT] = blame_old_client,
		[VERDICT_FALLBACK] = blame_fallback,
		[VERDICT_OLD_SERVER] = blame_old_server,
		[VERDICT_WEAK_CIPHER] = blame_weak_cipher,
		[VERDICT_MODERN] = nothing,
		[VERDICT_PLAINTEXT] = add_starttls,
		[VERDICT_UNDETERMINED] = blame_undetermined,
	};
	struct sentences s = { .out = out };

	out[0] = '\0';
	if (inventory_worst(entry) != verdict)
		return; /* entry->last is of another */
	blame[verdict](&s, &entry->last);
	blame_certificate(&s, &entry->last);
}
