/* SPDX-License-Identifier: ISC */
#include "report/manner.h"

#include <string.h>

#include "tests/kit.h"

struct row {
	enum mail_protocol protocol;
	const char *talk, *ehlo, *expected;
};

/* clang-format off */
static const struct row rows[] = {
	{ MAIL_SMTP, "EHLO,STARTTLS", "[192.0.2.10]", "EHLO [own],STARTTLS" },
	{ MAIL_SMTP, "ehlo,STARTTLS", "[127.0.1.1]", "ehlo [loop],STARTTLS" },
	{ MAIL_SMTP, "EHLO,STARTTLS", "[10.1.2.3]", "EHLO [ip],STARTTLS" },
	{ MAIL_SMTP, "EHLO,STARTTLS", "[IPv6:fd00::1]", "EHLO [ip6],STARTTLS" },
	{ MAIL_SMTP, "EHLO,STARTTLS", "[pc]", "EHLO [?],STARTTLS" },
	{ MAIL_SMTP, "EHLO,STARTTLS", "[10.1.2.3", "EHLO [?],STARTTLS" },
	{ MAIL_SMTP, "EHLO", "[", "EHLO [?]" },
	{ MAIL_SMTP, "EHLO,MAIL", "10.1.2.3", "EHLO ip,MAIL" },
	{ MAIL_SMTP, "EHLO,AUTH", "LocalHost", "EHLO localhost,AUTH" },
	{ MAIL_SMTP, "EHLO,AUTH", "mail.example.com", "EHLO mail.example.com,AUTH" },
	{ MAIL_SMTP, "EHLO,STARTTLS", "MX.example.net", "EHLO server,STARTTLS" },
	{ MAIL_SMTP, "EHLO,STARTTLS", "pc.example.net", "EHLO fqdn,STARTTLS" },
	{ MAIL_SMTP, "EHLO,STARTTLS", "pc.", "EHLO host,STARTTLS" },
	{ MAIL_SMTP, "EHLO,STARTTLS", "", "EHLO none,STARTTLS" },
	{ MAIL_SMTP, "NOOP,HELO,EHLO", "pc", "NOOP,HELO host,EHLO" },
	{ MAIL_LMTP, "LHLO,MAIL", "pc", "LHLO host,MAIL" },
	{ MAIL_IMAP, "a0000 STARTTLS", "", "a0000 STARTTLS" },
	{ MAIL_SMTP, "", "", "" },
	{ MAIL_SMTP, "?,QUIT", "", "?,QUIT" },
};
/* clang-format on */

static void
the_kind_of_name_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct connection c = { .protocol = rows[i].protocol };
		char manner[MANNER_MAX];

		memcpy(c.end[CLIENT].ip, "\xc0\x00\x02\x0a", 4);
		strncpy(c.talk, rows[i].talk, sizeof(c.talk) - 1);
		strncpy(c.ehlo, rows[i].ehlo, sizeof(c.ehlo) - 1);
		strncpy(c.offer.server_name, "mx.example.net", 15);
		manner_of(&c, manner);
		assert_string_equal(manner, rows[i].expected);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kind_of_name_is_told),
	};

	return cmocka_run_group_tests_name("manner", tests, NULL, NULL);
}
