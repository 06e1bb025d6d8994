/* SPDX-License-Identifier: ISC */
#include "report/codes.h"

#include <string.h>

#include "dissect/connection.h"

#define CODES(words)                                                           \
	{                                                                      \
		words, sizeof(words) / sizeof((words)[0])                      \
	}

static const char *const side_words[] = {
	[CLIENT] = "client",
	[SERVER] = "server",
};
const struct codes codes_side = CODES(side_words);

/* AlertLevel, RFC 8446 6. */
static const char *const level_words[] = {
	[1] = "warning",
	[2] = "fatal",
};
const struct codes codes_level = CODES(level_words);

static const char *const encryption_words[] = {
	[ENCRYPTION_NONE] = "none",
	[ENCRYPTION_IMPLICIT] = "implicit",
	[ENCRYPTION_STARTTLS] = "starttls",
};
const struct codes codes_encryption = CODES(encryption_words);

static const char *const starttls_words[] = {
	[STARTTLS_UNKNOWN] = "unknown",
	[STARTTLS_NOT_OFFERED] = "not_offered",
	[STARTTLS_OFFERED] = "offered",
	[STARTTLS_MASKED] = "masked",
	[STARTTLS_REFUSED] = "refused",
	[STARTTLS_USED] = "used",
};
const struct codes codes_starttls = CODES(starttls_words);

static const char *const client_certificate_words[] = {
	[CLIENT_CERTIFICATE_NONE] = "none",
	[CLIENT_CERTIFICATE_REQUESTED] = "requested",
	[CLIENT_CERTIFICATE_SENT] = "sent",
};
const struct codes codes_client_certificate = CODES(client_certificate_words);

static const char *const evidence_words[] = {
	[EVIDENCE_CONTENT] = "content",
	[EVIDENCE_NAME] = "name",
	[EVIDENCE_HINT] = "ndpi",
	[EVIDENCE_SERVER] = "server",
	[EVIDENCE_PROGRAM] = "program",
};
const struct codes codes_evidence = CODES(evidence_words);

static const char *const closed_by_words[] = {
	[CLOSED_BY_NONE] = "none",
	[CLOSED_BY_CLIENT] = "client",
	[CLOSED_BY_SERVER] = "server",
};
const struct codes codes_closed_by = CODES(closed_by_words);

static const char *const outcome_words[] = {
	[OUTCOME_UNKNOWN] = "unknown",
	[OUTCOME_SUCCESS] = "success",
	[OUTCOME_FAILURE] = "failure",
};
const struct codes codes_outcome = CODES(outcome_words);

/* By bit of enum incomplete. */
static const char *const incomplete_words[] = { "no_start", "one_sided", "gap",
	"truncated", "not_tls", "overflow" };
const struct codes codes_incomplete = CODES(incomplete_words);

/* By bit of enum certificate_problem. */
static const char *const problem_words[] = { "expired", "not_yet_valid",
	"self_signed", "name_mismatch", "untrusted", "weak_key",
	"weak_signature" };
const struct codes codes_problem = CODES(problem_words);

/* By bit of facts.certificates. */
static const char *const certificates_words[] = { "server", "client_requested",
	"client_sent" };
const struct codes codes_certificates = CODES(certificates_words);

const char *
codes_word(const struct codes *codes, size_t value)
{
	return value < codes->count ? codes->words[value] : NULL;
}

bool
codes_find(const struct codes *codes, const char *word, size_t *out)
{
	for (size_t i = 0; i < codes->count; i++) {
		*out = i;
		if (codes->words[i] != NULL &&
		    strcmp(codes->words[i], word) == 0)
			return true;
	}
	*out = 0;
	return false;
}
