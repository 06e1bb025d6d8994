/* SPDX-License-Identifier: ISC */
#include "report/familiar.h"

#include <string.h>

#include "tests/kit.h"

static struct familiar familiar;

static int
forget(void **state)
{
	(void)state;
	memset(&familiar, 0, sizeof(familiar));
	return 0;
}

/* A connection to server 203.0.113.`server`, port `port`. */
static struct connection
connection(uint8_t server, uint16_t port)
{
	struct connection c = {
		.protocol = MAIL_IMAP,
		.evidence = EVIDENCE_NAME,
		.ja4 = "t13d751100_479067518aa3_d41ae481755e",
	};

	memcpy(c.end[CLIENT].ip, "\xc0\xa8\x01\x02", 4);
	memcpy(c.end[SERVER].ip, "\xcb\x00\x71", 3);
	c.end[SERVER].ip[3] = server;
	c.end[SERVER].port = port;
	return c;
}

static void
nobody_is_known_at_first(void **state)
{
	struct connection c = connection(1, 9993);
	enum mail_protocol protocol;

	(void)state;
	assert_false(familiar_server(&familiar, &c, "", &protocol));
	assert_false(familiar_program(&familiar, &c));
	memset(&c, 0, sizeof(c)); /* as free places look */
	assert_false(familiar_program(&familiar, &c));
}

static void
a_server_is_known_by_address_and_port(void **state)
{
	struct connection c = connection(1, 9993);
	enum mail_protocol protocol = MAIL_UNKNOWN;

	(void)state;
	familiar_meet(&familiar, &c, "");
	c.end[CLIENT].ip[3] = 77;
	assert_true(familiar_server(&familiar, &c, "", &protocol));
	assert_int_equal(protocol, MAIL_IMAP);
	c.ipv6 = true;
	assert_false(familiar_server(&familiar, &c, "", &protocol));
	c = connection(2, 9993);
	assert_false(familiar_server(&familiar, &c, "", &protocol));
	c = connection(1, 9994);
	assert_false(familiar_server(&familiar, &c, "", &protocol));
}

static void
its_protocol_is_kept_when_another_does_not_show_it(void **state)
{
	struct connection c = connection(1, 9993), other = c;
	enum mail_protocol protocol = MAIL_UNKNOWN;

	(void)state;
	other.protocol = MAIL_UNKNOWN;
	familiar_meet(&familiar, &other, "");
	assert_true(familiar_server(&familiar, &c, "", &protocol));
	assert_int_equal(protocol, MAIL_UNKNOWN);
	familiar_meet(&familiar, &c, "");
	familiar_meet(&familiar, &other, "");
	familiar_server(&familiar, &c, "", &protocol);
	assert_int_equal(protocol, MAIL_IMAP);
}

static void
a_program_is_known_by_device_and_fingerprint(void **state)
{
	struct connection c = connection(1, 993);

	(void)state;
	c.evidence = EVIDENCE_PORT;
	familiar_meet(&familiar, &c, "");
	c = connection(99, 9993);
	assert_true(familiar_program(&familiar, &c));
	c.ja4[1] = '0';
	assert_false(familiar_program(&familiar, &c));
	c = connection(99, 9993);
	c.end[CLIENT].ip[3] = 3;
	assert_false(familiar_program(&familiar, &c));
}

static void
the_ports_of_mail_need_no_memory(void **state)
{
	struct connection c = connection(1, 993);
	enum mail_protocol protocol;

	(void)state;
	c.evidence = EVIDENCE_PORT;
	familiar_meet(&familiar, &c, "");
	assert_false(familiar_server(&familiar, &c, "", &protocol));
}

static void
a_server_is_known_by_name_and_port(void **state)
{
	struct connection c = connection(1, 9993);
	enum mail_protocol protocol;

	(void)state;
	familiar_meet(&familiar, &c, "Mail.Example.net");
	c = connection(2, 9993);
	c.ipv6 = true;
	assert_true(
	    familiar_server(&familiar, &c, "mail.example.NET", &protocol));
	assert_int_equal(protocol, MAIL_IMAP);
	assert_false(
	    familiar_server(&familiar, &c, "www.example.net", &protocol));
	assert_int_equal(protocol, MAIL_UNKNOWN);
	c.end[SERVER].port = 9995;
	assert_false(
	    familiar_server(&familiar, &c, "mail.example.net", &protocol));
}

static void
servers_of_a_domain_have_the_same_on_a_port(void **state)
{
	struct connection c = connection(1, 9993), other = connection(2, 9993);

	(void)state;
	familiar_meet(&familiar, &c, "imap.example.net");
	assert_int_equal(
	    familiar_domain(&familiar, &other, "mail.example.net"), MAIL_IMAP);
	assert_int_equal(
	    familiar_domain(&familiar, &other, "a.mail.example.net"),
	    MAIL_UNKNOWN);
	assert_int_equal(familiar_domain(&familiar, &other, "mail.example.org"),
	    MAIL_UNKNOWN);
	other.end[SERVER].port = 9995;
	assert_int_equal(familiar_domain(&familiar, &other, "mail.example.net"),
	    MAIL_UNKNOWN);
}

static void
of_a_domain_with_several_nothing_is_said(void **state)
{
	struct connection c = connection(1, 9993);

	(void)state;
	familiar_meet(&familiar, &c, "imap.example.net");
	c.protocol = MAIL_SMTP;
	familiar_meet(&familiar, &c, "smtp.example.net");
	assert_int_equal(
	    familiar_domain(&familiar, &c, "mail.example.net"), MAIL_UNKNOWN);
	familiar_meet(&familiar, &c, "smtp.example.net");
	assert_int_equal(
	    familiar_domain(&familiar, &c, "mail.example.net"), MAIL_UNKNOWN);
}

static void
what_is_anybodys_is_no_domain(void **state)
{
	static const char *const hosts[][2] = {
		{ "example.net", "example2.net" },
		{ "example.co.uk", "example2.co.uk" },
		{ "example.ne.jp", "example2.ne.jp" },
		{ "mailhost", "mailhost2" },
		{ "", "" },
		{ ".", ".." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct connection c = connection(1, 9993);

		familiar_meet(&familiar, &c, hosts[i][0]);
		assert_int_equal(
		    familiar_domain(&familiar, &c, hosts[i][1]), MAIL_UNKNOWN);
	}
}

static void
names_that_are_too_long_are_not_remembered(void **state)
{
	struct connection c = connection(1, 9993);
	char host[FAMILIAR_NAME_MAX + 8];
	enum mail_protocol protocol;

	(void)state;
	memset(host, 'a', sizeof(host));
	host[sizeof(host) - 1] = '\0';
	familiar_meet(&familiar, &c, host);
	c = connection(2, 9993);
	assert_false(familiar_server(&familiar, &c, host, &protocol));
}

static void
many_are_remembered_and_none_is_mistaken(void **state)
{
	enum mail_protocol protocol;
	size_t known = 0;

	(void)state;
	for (uint16_t port = 1; port <= 5000; port++) {
		struct connection c = connection(1, port);

		familiar_meet(&familiar, &c, "");
	}
	for (uint16_t port = 1; port <= 5000; port++) {
		struct connection c = connection(1, port);

		known += familiar_server(&familiar, &c, "", &protocol);
		c.end[SERVER].ip[3] = 2;
		assert_false(familiar_server(&familiar, &c, "", &protocol));
	}
	assert_true(known > FAMILIAR_MAX / 2 && known <= FAMILIAR_MAX);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nobody_is_known_at_first, forget),
		cmocka_unit_test_setup(
		    a_server_is_known_by_address_and_port, forget),
		cmocka_unit_test_setup(
		    its_protocol_is_kept_when_another_does_not_show_it, forget),
		cmocka_unit_test_setup(
		    a_program_is_known_by_device_and_fingerprint, forget),
		cmocka_unit_test_setup(
		    the_ports_of_mail_need_no_memory, forget),
		cmocka_unit_test_setup(
		    a_server_is_known_by_name_and_port, forget),
		cmocka_unit_test_setup(
		    servers_of_a_domain_have_the_same_on_a_port, forget),
		cmocka_unit_test_setup(
		    of_a_domain_with_several_nothing_is_said, forget),
		cmocka_unit_test_setup(what_is_anybodys_is_no_domain, forget),
		cmocka_unit_test_setup(
		    names_that_are_too_long_are_not_remembered, forget),
		cmocka_unit_test_setup(
		    many_are_remembered_and_none_is_mistaken, forget),
	};

	return cmocka_run_group_tests_name("familiar", tests, NULL, NULL);
}
