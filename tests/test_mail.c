/* SPDX-License-Identifier: ISC */
#include "report/mail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/kit.h"
#include "tests/mkconnection.h"

static const char *const names[] = { "home.pcap" };

static const struct report_source source = {
	.names = names,
	.name_count = 1,
	.min_version = TLS_1_2,
};

static int
mail(const struct envelope *envelope, char **text)
{
	static struct inventory inventory;
	size_t size;
	FILE *out = open_memstream(text, &size);
	int error;

	assert_non_null(out);
	inventory_init(&inventory);
	mk_add_hostile(&inventory);
	error = report_mail(out, &inventory, &source, envelope);
	inventory_clear(&inventory);
	assert_int_equal(fclose(out), 0);
	return error;
}

/* How many lines of `text` begin with `word`. */
static size_t
lines_with(const char *text, const char *word)
{
	size_t count = 0;

	for (const char *line = text; *line != '\0';) {
		count += strncmp(line, word, strlen(word)) == 0;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return count;
}

static void
a_message_has_each_header_once(void **state)
{
	static const char *const headers[] = { "Subject: ", "Date: ",
		"Message-ID: ", "From: ", "To: ", "MIME-Version: 1.0" };
	struct envelope envelope = { "a@b.example, c@d.example",
		"mailtls <e@f.example>", MK_LAST_US };
	static char *text;

	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	assert_int_equal(mail(&envelope, &text), 0);
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		assert_int_equal(lines_with(text, headers[i]), 1);
	assert_non_null(
	    strstr(text, "\nDate: Sun, 22 May 2022 20:11:00 +0200\n"));
	assert_non_null(strstr(text, "\nTo: a@b.example, c@d.example\n"));
	assert_non_null(strstr(text, "@f.example>\n"));
	assert_int_equal(lines_with(text, "--=_mailtls"), 3);
	free(text);
}

static void
names_can_not_end_a_part_or_the_message(void **state)
{
	struct envelope envelope = { "a@b.example", "e@f.example", MK_LAST_US };
	static char *text;

	(void)state;
	assert_int_equal(mail(&envelope, &text), 0);
	assert_int_equal(lines_with(text, ".\n"), 0);
	assert_int_equal(lines_with(text, "From "), 0);
	assert_null(strchr(text, '\x1b'));
	assert_null(strchr(text, '\xff'));
	free(text);
}

static void
an_address_can_not_bring_a_header(void **state)
{
	static const char *const bad[] = { "", "a@b\nBcc: c@d", "a@b\rX: y",
		"a@b\tc", "\x7f", "j\xc3\xbcrgen@b" };
	static char *text;
	char longest[MAIL_ADDRESS_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct envelope to = { bad[i], "e@f.example", MK_LAST_US };
		struct envelope from = { "a@b.example", bad[i], MK_LAST_US };

		assert_false(mail_address_ok(bad[i]));
		assert_int_equal(mail(&to, &text), -EINVAL);
		assert_string_equal(text, "");
		free(text);
		assert_int_equal(mail(&from, &text), -EINVAL);
		assert_string_equal(text, "");
		free(text);
	}
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	assert_false(mail_address_ok(longest));
	assert_true(mail_address_ok(longest + 1));
	assert_true(mail_address_ok("root"));
	assert_true(mail_address_ok("\"A, B\" <a@b.example>, c@d.example"));
}

static void
the_same_report_has_another_id_at_another_time(void **state)
{
	struct envelope envelope = { "root", "root", MK_LAST_US };
	static char *one, *two;

	(void)state;
	assert_int_equal(mail(&envelope, &one), 0);
	envelope.time_us += MK_SECOND;
	assert_int_equal(mail(&envelope, &two), 0);
	assert_non_null(strstr(one, "@localhost>\n"));
	assert_memory_not_equal(
	    strstr(one, "\nMessage-ID: "), strstr(two, "\nMessage-ID: "), 40);
	free(one);
	free(two);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_has_each_header_once),
		cmocka_unit_test(names_can_not_end_a_part_or_the_message),
		cmocka_unit_test(an_address_can_not_bring_a_header),
		cmocka_unit_test(
		    the_same_report_has_another_id_at_another_time),
	};

	return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
