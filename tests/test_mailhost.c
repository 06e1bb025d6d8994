/* SPDX-License-Identifier: ISC */
#include "report/mailhost.h"

#include "tests/kit.h"

static const struct {
	const char *host;
	bool mail;
	enum mail_protocol protocol;
} rows[] = {
	/* labels that name the protocol */
	{ "imap.example.net", true, MAIL_IMAP },
	{ "IMAP.example.net", true, MAIL_IMAP },
	{ "imaps.example.net", true, MAIL_IMAP },
	{ "imap4.example.net", true, MAIL_IMAP },
	{ "imap-02.example.net", true, MAIL_IMAP },
	{ "secureimap.example.net", true, MAIL_IMAP },
	{ "imapauth.example.net", true, MAIL_IMAP },
	{ "eu.imap.example.net", true, MAIL_IMAP },
	{ "imap.lan", true, MAIL_IMAP },
	{ "smtp.example.net", true, MAIL_SMTP },
	{ "smtp-relay.example.net", true, MAIL_SMTP },
	{ "securesmtp.example.net", true, MAIL_SMTP },
	{ "submission.example.net", true, MAIL_SMTP },
	{ "pop.example.net", true, MAIL_POP3 },
	{ "pop3.example.net", true, MAIL_POP3 },
	{ "securepop.example.net", true, MAIL_POP3 },
	{ "sieve.example.net", true, MAIL_SIEVE },
	{ "mail-imap.example.net", true, MAIL_IMAP },

	/* labels that say no more than mail */
	{ "mail.example.net", true, MAIL_UNKNOWN },
	{ "mail2.example.net", true, MAIL_UNKNOWN },
	{ "mx01.example.net", true, MAIL_UNKNOWN },
	{ "mail", true, MAIL_UNKNOWN },

	/* providers in the table */
	{ "imap.gmail.com", true, MAIL_IMAP },
	{ "outlook.office365.com", true, MAIL_UNKNOWN },
	{ "posteo.de", true, MAIL_UNKNOWN },

	/* neither */
	{ "", false, MAIL_UNKNOWN },
	{ ".", false, MAIL_UNKNOWN },
	{ "..", false, MAIL_UNKNOWN },
	{ "www.example.net", false, MAIL_UNKNOWN },
	{ "example.imap", false, MAIL_UNKNOWN },
	{ "webmail.example.net", false, MAIL_UNKNOWN },
	{ "gmailcache.example.net", false, MAIL_UNKNOWN },
	{ "popular.example.net", false, MAIL_UNKNOWN },
	{ "popup.example.net", false, MAIL_UNKNOWN },
	{ "shop3.example.net", false, MAIL_UNKNOWN },
	{ "192.0.2.1", false, MAIL_UNKNOWN },
	{ "\xff\x01.example.net", false, MAIL_UNKNOWN },
};

static void
names_are_judged_as_they_are_meant(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct opinion opinion = mailhost_judge(*state, rows[i].host);

		if (opinion.mail != rows[i].mail ||
		    opinion.protocol != rows[i].protocol)
			print_error("%s\n", rows[i].host);
		assert_int_equal(opinion.mail, rows[i].mail);
		assert_int_equal(opinion.protocol, rows[i].protocol);
		assert_false(opinion.other);
	}
}

static void
labels_do_without_a_table(void **state)
{
	(void)state;
	assert_true(mailhost_judge(NULL, "imap.example.net").mail);
	assert_false(mailhost_judge(NULL, "posteo.de").mail);
}

static int
open_table(void **state)
{
	char message[PROVIDER_MESSAGE_MAX];

	*state = providers_open(NULL, message);
	return *state != NULL ? 0 : -1;
}

static int
close_table(void **state)
{
	providers_free(*state);
	return 0;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_judged_as_they_are_meant),
		cmocka_unit_test(labels_do_without_a_table),
	};

	return cmocka_run_group_tests_name(
	    "mailhost", tests, open_table, close_table);
}
