/* SPDX-License-Identifier: ISC */
/*
 * Names of mail servers follow a custom: RFC 6186 and the settings that
 * providers publish (report/providers.tsv and its sources) have imap, pop3,
 * smtp and mail in some label, with numbers and words around them.
 */
#include "report/mailhost.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum place {
	WHOLE,   /* the word is all there is */
	AT_EDGE, /* it may be the beginning or the end of a longer one */
};

static const struct {
	const char *word;
	enum mail_protocol protocol;
	enum place place;
} words[] = {
	{ "imap", MAIL_IMAP, AT_EDGE },
	{ "imaps", MAIL_IMAP, AT_EDGE },
	{ "smtp", MAIL_SMTP, AT_EDGE },
	{ "smtps", MAIL_SMTP, AT_EDGE },
	{ "submission", MAIL_SMTP, WHOLE },
	{ "lmtp", MAIL_LMTP, WHOLE },
	{ "pop", MAIL_POP3, WHOLE },
	{ "pops", MAIL_POP3, WHOLE },
	{ "pop3", MAIL_POP3, AT_EDGE },
	{ "pop3s", MAIL_POP3, AT_EDGE },
	{ "securepop", MAIL_POP3, WHOLE },
	{ "sieve", MAIL_SIEVE, WHOLE },
	{ "managesieve", MAIL_SIEVE, WHOLE },
	{ "mail", MAIL_UNKNOWN, WHOLE },
	{ "email", MAIL_UNKNOWN, WHOLE },
	{ "mailhost", MAIL_UNKNOWN, WHOLE },
	{ "mailserver", MAIL_UNKNOWN, WHOLE },
	{ "mx", MAIL_UNKNOWN, WHOLE },
};

static bool
is_word(const char *text, size_t len, const char *word, enum place place)
{
	size_t word_len = strlen(word);

	if (len < word_len)
		return false;
	if (place == AT_EDGE && strncasecmp(text, word, word_len) == 0)
		return true;
	return (place == AT_EDGE || len == word_len) &&
	       strncasecmp(text + len - word_len, word, word_len) == 0;
}

/* judge_word notes what a word of a label means; one that names the protocol
 * outranks one that does not. */
static void
judge_word(const char *text, size_t len, struct opinion *out)
{
	size_t bare = len;

	while (bare > 0 && isdigit((unsigned char)text[bare - 1]))
		bare--; /* "mx01", "imap4" */
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!is_word(text, len, words[i].word, words[i].place) &&
		    !is_word(text, bare, words[i].word, words[i].place))
			continue;
		out->mail = true;
		if (out->protocol == MAIL_UNKNOWN)
			out->protocol = words[i].protocol;
	}
}

struct opinion
mailhost_judge(const struct providers *providers, const char *host)
{
	struct opinion opinion = {
		.mail = provider_find(providers, host) != NULL,
	};
	const char *top = strrchr(host, '.');
	const char *end = top != NULL ? top : host + strlen(host);

	while (host < end) {
		size_t len = strcspn(host, ".-");

		judge_word(host, len, &opinion);
		host += len + 1;
	}
	return opinion;
}
