/* SPDX-License-Identifier: ISC */
/*
 * What a connection means.  First why its handshake failed, if it did; then
 * the verdict, by a table of rules of which the first that applies counts.
 *
 * An alert means different things by who sent it and when: protocol_version
 * from the server refuses the client's offer, from the client it refuses the
 * server's choice.
 */
#include "report/verdict.h"

#include <string.h>

#include "dissect/names.h"

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

enum {
	/* With any of these, what was not seen may well have been there. */
	LOSS = INCOMPLETE_ONE_SIDED | INCOMPLETE_GAP | INCOMPLETE_TRUNCATED |
	       INCOMPLETE_OVERFLOW,
};

enum {
	WARNING = 1, /* AlertLevel */
};

/* AlertDescription (RFC 8446, 6; RFC 5246, 7.2). */
enum {
	CLOSE_NOTIFY = 0,
	HANDSHAKE_FAILURE = 40,
	NO_CERTIFICATE = 41, /* SSL 3.0: an answer, not a failure */
	BAD_CERTIFICATE = 42,
	UNSUPPORTED_CERTIFICATE = 43,
	CERTIFICATE_REVOKED = 44,
	CERTIFICATE_IS_EXPIRED = 45,
	CERTIFICATE_UNKNOWN = 46,
	ILLEGAL_PARAMETER = 47,
	UNKNOWN_CA = 48,
	ACCESS_DENIED = 49,
	PROTOCOL_VERSION = 70,
	INSUFFICIENT_SECURITY = 71,
	INTERNAL_ERROR = 80,
	INAPPROPRIATE_FALLBACK = 86, /* RFC 7507 */
	USER_CANCELED = 90,
	NO_RENEGOTIATION = 100,
	UNRECOGNIZED_NAME = 112,
	BAD_CERTIFICATE_STATUS = 113,
	CERTIFICATE_REQUIRED = 116,
	NO_APPLICATION_PROTOCOL = 120,
};

static const char *const verdict_words[] = {
	[VERDICT_PLAINTEXT_LOGIN] = "plaintext_login",
	[VERDICT_REFUSED_OLD] = "refused_old",
	[VERDICT_FAILED] = "failed",
	[VERDICT_OLD_CLIENT] = "old_client",
	[VERDICT_FALLBACK] = "fallback",
	[VERDICT_OLD_SERVER] = "old_server",
	[VERDICT_WEAK_CIPHER] = "weak_cipher",
	[VERDICT_MODERN] = "modern",
	[VERDICT_PLAINTEXT] = "plaintext",
	[VERDICT_UNDETERMINED] = "undetermined",
};

static const char *const failure_words[] = {
	[FAILURE_VERSION_REFUSED_BY_SERVER] = "version_refused_by_server",
	[FAILURE_VERSION_REFUSED_BY_CLIENT] = "version_refused_by_client",
	[FAILURE_CERTIFICATE_REFUSED] = "certificate_refused",
	[FAILURE_NO_COMMON_PARAMETERS] = "no_common_parameters",
	[FAILURE_NOT_TLS] = "not_tls",
	[FAILURE_CLOSED] = "closed",
	[FAILURE_OTHER] = "other",
};

const char *
verdict_name(enum verdict verdict)
{
	return (size_t)verdict < COUNT(verdict_words) ? verdict_words[verdict]
						      : NULL;
}

const char *
failure_name(enum failure failure)
{
	return (size_t)failure < COUNT(failure_words) ? failure_words[failure]
						      : NULL;
}

static bool
answered_old(const struct judge *judge, const struct connection *c)
{
	return c->answer.seen && c->answer.version != TLS_NONE &&
	       c->answer.version < judge->min_version;
}

bool
verdict_is_old(enum verdict verdict)
{
	return verdict == VERDICT_REFUSED_OLD ||
	       verdict == VERDICT_OLD_CLIENT || verdict == VERDICT_FALLBACK ||
	       verdict == VERDICT_OLD_SERVER;
}

bool
verdict_saw_old(const struct judge *judge, const struct connection *c)
{
	return verdict_is_old(c->verdict) ||
	       (c->verdict == VERDICT_UNDETERMINED && answered_old(judge, c));
}

bool
verdict_refused_own_offer(const struct connection *c)
{
	return c->failure == FAILURE_VERSION_REFUSED_BY_CLIENT &&
	       c->answer.seen && c->offer.max_version != TLS_NONE &&
	       c->offer.max_version <= c->answer.version;
}

/* Warnings that the handshake goes on after, or that only end it politely. */
static bool
is_harmless(const struct alert *alert)
{
	static const uint8_t codes[] = { CLOSE_NOTIFY, NO_CERTIFICATE,
		USER_CANCELED, NO_RENEGOTIATION, UNRECOGNIZED_NAME };

	return alert->level == WARNING &&
	       memchr(codes, alert->code, sizeof(codes)) != NULL;
}

/*
 * telling_alert returns the alert that ended the handshake, or NULL.  Some
 * stacks send as a warning what they then act upon as fatal; such a one
 * counts once the connection has ended.
 */
static const struct alert *
telling_alert(const struct connection *c)
{
	for (size_t i = 0; i < c->alert_count; i++) {
		const struct alert *alert = &c->alerts[i];

		if (is_harmless(alert))
			continue;
		if (alert->level != WARNING || c->closed_by != CLOSED_BY_NONE)
			return alert;
	}
	return NULL;
}

/* The server said in so many words that the offer is too old for it. */
static bool
refused_by_server(const struct connection *c)
{
	if (c->answer.seen)
		return false;
	for (size_t i = 0; i < c->alert_count; i++) {
		uint8_t code = c->alerts[i].code;

		if (c->alerts[i].from == SERVER &&
		    (code == PROTOCOL_VERSION ||
			code == INAPPROPRIATE_FALLBACK))
			return true;
	}
	return false;
}

/* The server took a version that the client had not listed. */
static bool
chose_unlisted(const struct connection *c)
{
	if (c->offer.version_count == 0)
		return false;
	for (size_t i = 0; i < c->offer.version_count; i++)
		if (c->offer.versions[i] == c->answer.version)
			return false;
	return true;
}

/*
 * refused_by_client tells whether `alert` of the client refuses the version
 * that the server chose.  For a choice below the minimum, stacks send other
 * alerts too (OpenSSL internal_error).
 */
static bool
refused_by_client(const struct judge *judge, const struct connection *c,
    const struct alert *alert)
{
	if (alert->from != CLIENT || !c->answer.seen)
		return false;
	if (alert->code == PROTOCOL_VERSION)
		return true;
	if (c->answer.version >= judge->min_version)
		return false;
	if (alert->code == HANDSHAKE_FAILURE ||
	    alert->code == ILLEGAL_PARAMETER)
		return chose_unlisted(c);
	return alert->code == INSUFFICIENT_SECURITY ||
	       alert->code == INTERNAL_ERROR;
}

/* What an alert says that is not about the version. */
static enum failure
alert_failure(const struct connection *c, const struct alert *alert)
{
	static const uint8_t certificate[] = { BAD_CERTIFICATE,
		UNSUPPORTED_CERTIFICATE, CERTIFICATE_REVOKED,
		CERTIFICATE_IS_EXPIRED, CERTIFICATE_UNKNOWN, UNKNOWN_CA,
		ACCESS_DENIED, BAD_CERTIFICATE_STATUS, CERTIFICATE_REQUIRED };
	static const uint8_t server[] = { HANDSHAKE_FAILURE, ILLEGAL_PARAMETER,
		INSUFFICIENT_SECURITY, NO_APPLICATION_PROTOCOL };
	static const uint8_t client[] = { HANDSHAKE_FAILURE,
		INSUFFICIENT_SECURITY };

	if (memchr(certificate, alert->code, sizeof(certificate)) != NULL)
		return FAILURE_CERTIFICATE_REFUSED;
	/* The server refuses what is offered, the client what is chosen. */
	if (alert->from == SERVER && !c->answer.seen &&
	    memchr(server, alert->code, sizeof(server)) != NULL)
		return FAILURE_NO_COMMON_PARAMETERS;
	if (alert->from == CLIENT && c->answer.seen &&
	    memchr(client, alert->code, sizeof(client)) != NULL)
		return FAILURE_NO_COMMON_PARAMETERS;
	/* The client complains that the answer to its hello was the end. */
	if (alert->from == CLIENT && !c->answer.seen &&
	    c->closed_by == CLOSED_BY_SERVER)
		return FAILURE_CLOSED;
	return FAILURE_OTHER;
}

static enum failure
find_failure(const struct judge *judge, const struct connection *c)
{
	const struct alert *alert = telling_alert(c);

	if (c->answer.established || (!c->tls && alert == NULL))
		return FAILURE_NONE;
	if (refused_by_server(c))
		return FAILURE_VERSION_REFUSED_BY_SERVER;
	if (!c->answer.seen &&
	    (c->answered_in_clear || c->incomplete & INCOMPLETE_NOT_TLS))
		return FAILURE_NOT_TLS;
	if (alert != NULL)
		return refused_by_client(judge, c, alert)
			   ? FAILURE_VERSION_REFUSED_BY_CLIENT
			   : alert_failure(c, alert);
	if (c->closed_by != CLOSED_BY_NONE && !(c->incomplete & LOSS))
		return FAILURE_CLOSED;
	return FAILURE_NONE;
}

/* --- handshakes that failed of late -------------------------------------- */

/* FNV-1a, and never 0 */
static uint32_t
client_digest(const struct connection *c)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < sizeof(c->end[CLIENT].ip); i++)
		hash = (hash ^ c->end[CLIENT].ip[i]) * 16777619u;
	return hash != 0 ? hash : 1;
}

static bool
same_connection(const struct failed_handshake *f, const struct connection *c)
{
	return f->first_us == c->first_us &&
	       f->client_port == c->end[CLIENT].port &&
	       f->port == c->end[SERVER].port &&
	       memcmp(f->client, c->end[CLIENT].ip, sizeof(f->client)) == 0 &&
	       memcmp(f->server, c->end[SERVER].ip, sizeof(f->server)) == 0;
}

/* The place of `c` among the failures: its own if it has one, else the
 * oldest's. */
static struct failed_handshake *
place(struct judge *judge, const struct connection *c)
{
	uint32_t digest = client_digest(c);
	struct failed_handshake *oldest = &judge->failures[judge->next];

	for (size_t i = 0; i < VERDICT_FAILURES_MAX; i++)
		if (judge->digests[i] == digest &&
		    same_connection(&judge->failures[i], c))
			return &judge->failures[i];
	judge->digests[judge->next] = digest;
	judge->next = (judge->next + 1) % VERDICT_FAILURES_MAX;
	return oldest;
}

/* A refused certificate says nothing against the version it came with. */
static void
remember(struct judge *judge, const struct connection *c)
{
	struct failed_handshake *f;

	if (c->failure == FAILURE_NONE || c->offer.max_version == 0 ||
	    c->failure == FAILURE_CERTIFICATE_REFUSED)
		return;
	f = place(judge, c);
	f->first_us = c->first_us;
	f->failed_us = c->last_us;
	memcpy(f->client, c->end[CLIENT].ip, sizeof(f->client));
	memcpy(f->server, c->end[SERVER].ip, sizeof(f->server));
	f->client_port = c->end[CLIENT].port;
	f->port = c->end[SERVER].port;
	f->max_version = c->offer.max_version;
	memcpy(f->server_name, c->offer.server_name, sizeof(f->server_name));
}

static bool
same_server(const struct failed_handshake *f, const struct connection *c)
{
	if (f->port != c->end[SERVER].port)
		return false;
	if (memcmp(f->server, c->end[SERVER].ip, sizeof(f->server)) == 0)
		return true;
	return f->server_name[0] != '\0' &&
	       strncmp(f->server_name, c->offer.server_name,
		   sizeof(f->server_name)) == 0;
}

/* Not long ago; times are a capture's, and as wild as it likes. */
static bool
failed_just_before(const struct failed_handshake *f, const struct connection *c)
{
	if (f->first_us > c->first_us)
		return false;
	return f->failed_us >= c->first_us ||
	       (uint64_t)c->first_us - (uint64_t)f->failed_us <=
		   VERDICT_RETRY_US;
}

/* A better offer of this client to this server failed just before. */
static bool
is_retry(const struct judge *judge, const struct connection *c)
{
	const uint8_t *client = c->end[CLIENT].ip;
	uint32_t digest = client_digest(c);

	for (size_t i = 0; i < VERDICT_FAILURES_MAX; i++) {
		const struct failed_handshake *f = &judge->failures[i];

		if (judge->digests[i] == digest &&
		    f->max_version > c->offer.max_version &&
		    memcmp(f->client, client, sizeof(f->client)) == 0 &&
		    failed_just_before(f, c) && same_server(f, c))
			return true;
	}
	return false;
}

/* --- the rules ------------------------------------------------------------ */

static bool
is_plaintext_login(const struct judge *judge, const struct connection *c)
{
	(void)judge;
	return c->login;
}

/* The offer is below the minimum, and the server would not have it. */
static bool
is_refused_old(const struct judge *judge, const struct connection *c)
{
	if (c->answer.seen || c->offer.max_version == TLS_NONE ||
	    c->offer.max_version >= judge->min_version)
		return false;
	if (c->failure == FAILURE_VERSION_REFUSED_BY_SERVER)
		return true;
	return c->failure != FAILURE_NONE && c->failure != FAILURE_NOT_TLS &&
	       !(c->incomplete & LOSS);
}

static bool
is_failed(const struct judge *judge, const struct connection *c)
{
	(void)judge;
	return c->failure != FAILURE_NONE;
}

/*
 * A retry is known from what is remembered, which is not for long: one that
 * was called so while it was open stays so.
 */
static bool
is_fallback(const struct judge *judge, const struct connection *c)
{
	return answered_old(judge, c) &&
	       (c->offer.fallback_scsv || c->verdict == VERDICT_FALLBACK ||
		   (c->offer.max_version != TLS_NONE && is_retry(judge, c)));
}

/*
 * The client offered better than it got.  Of a hello that was cut only the
 * legacy version is known, and the best is not below that.
 */
static bool
is_old_server(const struct judge *judge, const struct connection *c)
{
	uint16_t best = c->offer.max_version != TLS_NONE
			    ? c->offer.max_version
			    : c->offer.legacy_version;

	return answered_old(judge, c) && best >= judge->min_version;
}

/*
 * The client offered nothing better.  Where the offer was not seen, only the
 * sentinel tells: a server that could have done better was not asked for it.
 */
static bool
is_old_client(const struct judge *judge, const struct connection *c)
{
	return answered_old(judge, c) && (c->offer.max_version != TLS_NONE ||
					     c->answer.sentinel != TLS_NONE);
}

static bool
is_weak_cipher(const struct judge *judge, const struct connection *c)
{
	(void)judge;
	return c->answer.seen && c->answer.version == TLS_1_2 &&
	       names_cipher_is_weak(c->answer.cipher);
}

static bool
is_modern(const struct judge *judge, const struct connection *c)
{
	return c->answer.seen && c->answer.version >= judge->min_version;
}

static bool
is_plaintext(const struct judge *judge, const struct connection *c)
{
	(void)judge;
	return !c->tls && c->encryption == ENCRYPTION_NONE &&
	       c->starttls != STARTTLS_NOT_SEEN &&
	       c->starttls != STARTTLS_USED &&
	       !(c->incomplete &
		   (INCOMPLETE_NOT_TLS | INCOMPLETE_GAP | INCOMPLETE_TRUNCATED |
		       INCOMPLETE_OVERFLOW));
}

/*
 * In order.  What is old and no fallback and not the server's fault is the
 * client's, so old_client comes after the two that it would hide.  An old
 * version whose offer was not seen is nobody's, so it is undetermined.
 */
static const struct {
	enum verdict verdict;
	bool (*applies)(const struct judge *judge, const struct connection *c);
} rules[] = {
	{ VERDICT_PLAINTEXT_LOGIN, is_plaintext_login },
	{ VERDICT_REFUSED_OLD, is_refused_old },
	{ VERDICT_FAILED, is_failed },
	{ VERDICT_FALLBACK, is_fallback },
	{ VERDICT_OLD_SERVER, is_old_server },
	{ VERDICT_OLD_CLIENT, is_old_client },
	{ VERDICT_WEAK_CIPHER, is_weak_cipher },
	{ VERDICT_MODERN, is_modern },
	{ VERDICT_PLAINTEXT, is_plaintext },
};

static enum verdict
find_verdict(const struct judge *judge, const struct connection *c)
{
	for (size_t i = 0; i < COUNT(rules); i++)
		if (rules[i].applies(judge, c))
			return rules[i].verdict;
	return VERDICT_UNDETERMINED;
}

/* Whether the verdict is an inference from what is seen, not seen itself. */
static bool
is_likely(const struct connection *c)
{
	switch (c->verdict) {
	case VERDICT_REFUSED_OLD:
		return c->failure != FAILURE_VERSION_REFUSED_BY_SERVER;
	case VERDICT_FALLBACK:
		return !c->offer.fallback_scsv;
	case VERDICT_OLD_CLIENT:
	case VERDICT_OLD_SERVER:
		return c->offer.max_version == TLS_NONE;
	default:
		return false;
	}
}

static enum outcome
find_outcome(const struct connection *c)
{
	if (c->answer.established ||
	    (c->login && c->login_result == LOGIN_ACCEPTED))
		return OUTCOME_SUCCESS;
	if (c->failure != FAILURE_NONE ||
	    (c->login && c->login_result == LOGIN_REJECTED))
		return OUTCOME_FAILURE;
	return OUTCOME_UNKNOWN;
}

void
verdict_judge(struct judge *judge, struct connection *c)
{
	c->failure = find_failure(judge, c);
	c->verdict = find_verdict(judge, c);
	c->verdict_likely = is_likely(c);
	c->outcome = find_outcome(c);
	remember(judge, c);
}
