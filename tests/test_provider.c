/* SPDX-License-Identifier: ISC */
#include "report/provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/kit.h"

/* A row that is well, in which one column is replaced. */
#define ROW "Home\thome.example\t1.2\t2023-09-30\t\t\t\t\tmy own"

static char path[] = "/tmp/mailtls-providers-XXXXXX";

static struct providers *
open_text(const char *text, size_t len, char message[PROVIDER_MESSAGE_MAX])
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	return providers_open(path, message);
}

static int
set_up(void **state)
{
	char message[PROVIDER_MESSAGE_MAX];
	int fd = mkstemp(path);

	*state = providers_open(NULL, message);
	return fd < 0 || close(fd) != 0 || *state == NULL;
}

static int
tear_down(void **state)
{
	providers_free(*state);
	return unlink(path);
}

static const char *
name_of(const struct providers *providers, const char *host)
{
	const struct provider *found = provider_find(providers, host);

	return found != NULL ? found->name : "";
}

static void
a_host_is_found_by_the_end_of_its_name(void **state)
{
	static const struct {
		const char *host, *name;
	} cases[] = {
		{ "imap.gmx.net", "GMX" },
		{ "gmx.net", "GMX" },
		{ "mail.gmx.net.", "GMX" },
		{ "IMAP.GMX.Net", "GMX" },
		{ "imap.gmx.com", "GMX" },
		{ "secureimap.t-online.de", "T-Online" },
		{ "smtp.office365.com", "Microsoft 365, Outlook.com" },
		{ "imap.mail.me.com", "iCloud" },
		{ "agmx.net", "" },
		{ "gmx.net.evil.example", "" },
		{ "net", "" },
		{ ".", "" },
		{ "..", "" },
		{ "", "" },
		{ "\xff\x1b[31m.gmx.net", "GMX" },
		{ "imap.gmx.net..", "" },
		{ "192.0.2.25", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    name_of(*state, cases[i].host), cases[i].name);
	assert_null(provider_find(NULL, "imap.gmx.net"));
}

static void
the_names_of_a_server_count_in_this_order(void **state)
{
	struct connection c = { .ipv6 = false };

	assert_null(provider_of(*state, &c, ""));
	memcpy(c.service, "gmail.com", 10);
	assert_string_equal(provider_of(*state, &c, "")->name, "Gmail");
	memcpy(c.greeting_name, "mx.freenet.de", 14);
	assert_string_equal(provider_of(*state, &c, "")->name, "freenet");
	assert_string_equal(
	    provider_of(*state, &c, "smtp.web.de")->name, "WEB.DE");
	memcpy(c.server_certificate.name, "posteo.de", 10);
	assert_string_equal(
	    provider_of(*state, &c, "smtp.web.de")->name, "Posteo");
	memcpy(c.offer.server_name, "imap.gmx.net", 13);
	assert_string_equal(provider_of(*state, &c, "x")->name, "GMX");
	/* A name that nobody knows hides none that somebody does. */
	memcpy(c.offer.server_name, "home.example", 13);
	assert_string_equal(provider_of(*state, &c, "x")->name, "Posteo");
}

static void
facts_come_with_the_provider(void **state)
{
	const struct provider *p = provider_find(*state, "imap.mail.de");

	assert_int_equal(p->minimum, TLS_1_2);
	assert_string_equal(p->since, "2023-09-30");
	assert_memory_equal(p->history, "https://mail.de/", 16);
	p = provider_find(*state, "outlook.office365.com");
	assert_non_null(strstr(p->legacy, "smtp-legacy.office365.com"));
	assert_string_equal(p->legacy_until, "2026-12-31");
	/* Nobody said so in public. */
	p = provider_find(*state, "imap.gmx.net");
	assert_int_equal(p->minimum, TLS_NONE);
	assert_string_equal(p->since, "");
}

static void
no_host_in_the_table_is_below_another(void **state)
{
	const struct provider *p;

	for (size_t i = 0; (p = providers_each(*state, i)) != NULL; i++) {
		const char *host = p->hosts;

		while (*host != '\0') {
			char name[256];
			size_t len = strcspn(host, " ");

			assert_true(len > 3 && len < sizeof(name));
			memcpy(name, host, len);
			name[len] = '\0';
			assert_ptr_equal(provider_find(*state, name), p);
			host += len + (host[len] == ' ');
		}
	}
	assert_true(providers_each(*state, 15) != NULL);
}

static void
links_are_links(void **state)
{
	const struct provider *p;

	for (size_t i = 0; (p = providers_each(*state, i)) != NULL; i++) {
		const char *const links[] = { p->history, p->help };

		for (size_t k = 0; k < 2; k++) {
			if (links[k][0] != '\0')
				assert_memory_equal(links[k], "https://", 8);
			assert_null(strchr(links[k], ' '));
		}
	}
}

static void
a_file_is_asked_before_what_is_compiled_in(void **state)
{
	static const char text[] = "# mine\r\n\n" ROW "\r\n"
				   "Not GMX\tgmx.net\t\t\t\t\t\t\tx\n";
	char message[PROVIDER_MESSAGE_MAX];
	struct providers *mine = open_text(text, strlen(text), message);

	(void)state;
	assert_non_null(mine);
	assert_string_equal(message, "");
	assert_string_equal(name_of(mine, "mail.home.example"), "Home");
	assert_string_equal(name_of(mine, "imap.gmx.net"), "Not GMX");
	assert_string_equal(name_of(mine, "imap.gmx.com"), "GMX");
	assert_int_equal(provider_find(mine, "home.example")->minimum, TLS_1_2);
	providers_free(mine);
	mine = open_text("", 0, message);
	assert_non_null(mine);
	assert_string_equal(name_of(mine, "imap.gmx.net"), "GMX");
	providers_free(mine);
	providers_free(NULL);
}

static void
what_is_wrong_in_a_file_is_said_with_its_line(void **state)
{
	static const struct {
		const char *text, *problem;
	} cases[] = {
		{ "Home\thome.example\n", ":1: there are less than 9 columns" },
		{ "# x\n" ROW "\n" ROW "\tmore\n",
		    ":3: there are more than 9 columns" },
		{ "\thome.example\t\t\t\t\t\t\tx", ":1: the name is missing" },
		{ "Home\t \t\t\t\t\t\t\tx", ":1: the hosts are missing" },
		{ "Home\th.example\t\t\t\t\t\t\t",
		    ":1: the source is missing" },
		{ "\nHome\th.example\t2.0\t\t\t\t\t\tx",
		    ":2: the minimum is none of 1.0, 1.1, 1.2 and 1.3" },
		{ "Home\th.example\t\t30.9.2023\t\t\t\t\tx",
		    ":1: a day is not written as 2023-09-30" },
		{ "Home\th.example\t\t2023-13-01\t\t\t\t\tx",
		    ":1: a day is not written as 2023-09-30" },
		{ "Home\th.example\t\t2023-09-30x\t\t\t\t\tx",
		    ":1: a day is not written as 2023-09-30" },
		{ "Home\th.example\t\t\t\t2023-9-30\t\t\tx",
		    ":1: a day is not written as 2023-09-30" },
	};
	char message[PROVIDER_MESSAGE_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_null(
		    open_text(cases[i].text, strlen(cases[i].text), message));
		assert_memory_equal(message, path, strlen(path));
		assert_string_equal(message + strlen(path), cases[i].problem);
	}
	assert_null(providers_open("/nonexistent/providers", message));
	assert_string_equal(
	    message, "/nonexistent/providers: No such file or directory");
	assert_null(providers_open("/", message));
	assert_string_equal(message, "/: Is a directory");
}

static void
any_damage_to_a_file_is_survived(void **state)
{
	static const char row[] = ROW "\n";
	char message[PROVIDER_MESSAGE_MAX];
	size_t len = strlen(row);
	char text[sizeof(row)];

	(void)state;
	for (size_t i = 0; i < len; i++) {
		memcpy(text, row, sizeof(row));
		text[i] = (char)(text[i] ^ 1 << i % 8);
		providers_free(open_text(text, len, message));
		providers_free(open_text(row, i, message));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_is_found_by_the_end_of_its_name),
		cmocka_unit_test(the_names_of_a_server_count_in_this_order),
		cmocka_unit_test(facts_come_with_the_provider),
		cmocka_unit_test(no_host_in_the_table_is_below_another),
		cmocka_unit_test(links_are_links),
		cmocka_unit_test(a_file_is_asked_before_what_is_compiled_in),
		cmocka_unit_test(what_is_wrong_in_a_file_is_said_with_its_line),
		cmocka_unit_test(any_damage_to_a_file_is_survived),
	};

	return cmocka_run_group_tests_name(
	    "provider", tests, set_up, tear_down);
}
