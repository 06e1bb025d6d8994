/* SPDX-License-Identifier: ISC */
#include "report/advice.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "report/language.h"
#include "report/remedy.h"
#include "report/verdict.h"

enum {
	/* Of more candidates than these, advice on some would be a guess. */
	CANDIDATES_MAX = 5,
	CLIENT_TROUBLE = CERTIFICATE_EXPIRED | CERTIFICATE_NOT_YET_VALID |
			 CERTIFICATE_SELF_SIGNED | CERTIFICATE_NAME_MISMATCH |
			 CERTIFICATE_UNTRUSTED,
};

/*
 * What happened.
 */

/* By the alert that refused a certificate, RFC 8446 6.2. */
static unsigned
of_certificate(const struct connection *c)
{
	unsigned situation = REMEDY_CERTIFICATE;

	for (size_t i = 0; i < c->alert_count; i++) {
		const struct alert *alert = &c->alerts[i];

		if (alert->from == SERVER && alert->code >= 41)
			return REMEDY_CLIENT_CERT;
		if (alert->code == 48)
			situation = REMEDY_AUTHORITY;
		if (alert->code == 45)
			situation = REMEDY_EXPIRED;
	}
	return situation;
}

static unsigned
of_failure(const struct connection *c)
{
	static const unsigned situations[] = {
		[FAILURE_VERSION_REFUSED_BY_SERVER] = REMEDY_BROKEN,
		[FAILURE_VERSION_REFUSED_BY_CLIENT] = REMEDY_REFUSES,
		[FAILURE_NO_COMMON_PARAMETERS] = REMEDY_CIPHER,
		[FAILURE_NOT_TLS] = REMEDY_MODE,
		[FAILURE_CLOSED] = REMEDY_BROKEN,
		[FAILURE_OTHER] = REMEDY_BROKEN,
	};

	if (c->failure == FAILURE_CERTIFICATE_REFUSED)
		return of_certificate(c);
	if (verdict_refused_own_offer(c))
		return REMEDY_OLD;
	return c->failure <= FAILURE_OTHER ? situations[c->failure] : 0;
}

static unsigned
situation_of(const struct connection *c)
{
	static const unsigned situations[] = {
		[VERDICT_PLAINTEXT_LOGIN] = REMEDY_IN_CLEAR,
		[VERDICT_REFUSED_OLD] = REMEDY_OLD,
		[VERDICT_OLD_CLIENT] = REMEDY_OLD,
		[VERDICT_FALLBACK] = REMEDY_SERVER_OLD,
		[VERDICT_OLD_SERVER] = REMEDY_SERVER_OLD,
		[VERDICT_WEAK_CIPHER] = REMEDY_WEAK,
		[VERDICT_UNDETERMINED] = 0,
	};

	if (c->verdict == VERDICT_FAILED)
		return of_failure(c);
	return c->verdict <= VERDICT_UNDETERMINED ? situations[c->verdict] : 0;
}

static bool
is_careless(const struct connection *c)
{
	return c->answer.established && c->server_certificate.seen &&
	       (c->server_certificate.problems & CLIENT_TROUBLE) != 0;
}

/*
 * Whose advice it is.
 */

/* Does `name` begin with one of `names`, which stand between bars? */
static bool
begins(const char *name, const char *names)
{
	if (name == NULL)
		return false;
	for (const char *at = names; *at != '\0';) {
		size_t len = strcspn(at, "|");

		if (strncasecmp(name, at, len) == 0)
			return true;
		at += len;
		at += *at == '|';
	}
	return false;
}

static bool
fits_device(const struct remedy *row, const struct advice_about *about)
{
	const char *const named[] = {
		[REMEDY_LIBRARY] = about->library,
		[REMEDY_VENDOR] = about->vendor,
		[REMEDY_CLASS] = about->vendor_class,
	};

	return row->who == REMEDY_ANYONE ||
	       (row->who != REMEDY_PROGRAM &&
		   begins(named[row->who], row->names));
}

static const struct remedy *
find(unsigned when, const char *program, const struct advice_about *about)
{
	for (size_t i = 0; i < remedies_count; i++) {
		const struct remedy *row = &remedies[i];

		if ((row->when & when) == 0)
			continue;
		if (program == NULL && fits_device(row, about))
			return row;
		if (program != NULL && row->who == REMEDY_PROGRAM &&
		    begins(program, row->names))
			return row;
	}
	return NULL;
}

static bool
has(const struct advice *out, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (out[i].text == text)
			return true;
	}
	return false;
}

/* Does what is known of the device or the library say more than candidates, who
 * are like it and perhaps not there at all? */
static bool
is_telling(const struct remedy *row)
{
	return row != NULL &&
	       (row->who == REMEDY_VENDOR || row->who == REMEDY_LIBRARY);
}

/* What there is for the candidates, each text once. */
static size_t
find_candidates(unsigned when, const struct advice_about *about,
    struct advice out[ADVICE_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < about->candidate_count; i++) {
		const char *program = about->candidates[i];
		const struct remedy *row = find(when, program, about);

		if (row == NULL || has(out, count, _(row->text)))
			continue;
		out[count++] = (struct advice){ program, _(row->text) };
		if (count == ADVICE_MAX - 1)
			break;
	}
	return count;
}

/* What there is for the program, else for the candidates, else for the device
 * or for anyone. */
static size_t
find_remedies(unsigned when, const struct advice_about *about,
    struct advice out[ADVICE_MAX])
{
	const struct remedy *row = find(when, NULL, about);
	const struct remedy *its =
	    about->program != NULL ? find(when, about->program, about) : NULL;
	size_t count = 0;

	if (its != NULL) {
		out[0] = (struct advice){ NULL, _(its->text) };
		return 1;
	}
	if (about->program == NULL &&
	    about->candidate_count <= CANDIDATES_MAX && !is_telling(row))
		count = find_candidates(when, about, out);
	if (row != NULL)
		out[count++] = (struct advice){ NULL, _(row->text) };
	return count;
}

size_t
advice_find(const struct advice_about *about, struct advice out[ADVICE_MAX])
{
	const struct connection *c = about->connection;
	size_t count = find_remedies(situation_of(c), about, out);
	const struct remedy *row;

	if (count < ADVICE_MAX && is_careless(c)) {
		row = find(REMEDY_CARELESS, NULL, about);
		out[count++] = (struct advice){ NULL, _(row->text) };
	}
	return count;
}

const char *
advice_each(size_t i)
{
	return i < remedies_count ? remedies[i].text : NULL;
}
