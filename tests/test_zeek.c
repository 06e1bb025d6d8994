/* SPDX-License-Identifier: ISC */
#include "report/zeek.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/kit.h"
#include "tests/mkconnection.h"

enum {
	FIELDS = 25,
};

/* The line of `c`, cut into its fields. */
static size_t
fields_of(struct connection c, char line[ZEEK_LINE_MAX], char *fields[FIELDS])
{
	struct identity who;
	size_t len, count = 0;

	identify(NULL, &c, &who);
	memcpy(who.device.name, c.ehlo, sizeof(who.device.name));
	len = zeek_format(&c, &who, line, ZEEK_LINE_MAX);
	assert_true(len > 0 && line[len - 1] == '\n');
	assert_null(memchr(line, '\n', len - 1));
	line[len - 1] = '\0';
	for (char *at = line; at != NULL && count < FIELDS; count++) {
		fields[count] = strsep(&at, "\t");
		assert_true(at != NULL || count == FIELDS - 1);
	}
	return count;
}

static struct connection
connection(uint16_t version)
{
	struct connection c = mk_connection(1, 40, 40, VERDICT_OLD_CLIENT);

	c.tls = true;
	mk_answer(&c, version);
	c.answer.cipher = 0x002f;
	return c;
}

static void
versions_are_spelled_as_zeek_spells_them(void **state)
{
	static const struct {
		uint16_t version, draft;
		const char *word;
	} rows[] = {
		{ SSL_2_0, 0, "SSLv2" },
		{ SSL_3_0, 0, "SSLv3" },
		{ TLS_1_0, 0, "TLSv10" },
		{ TLS_1_1, 0, "TLSv11" },
		{ TLS_1_2, 0, "TLSv12" },
		{ TLS_1_3, 0, "TLSv13" },
		{ TLS_1_3, 0x7f17, "TLSv13-draft23" },
		{ 0x0305, 0, "unknown-773" },
	};
	char line[ZEEK_LINE_MAX], *fields[FIELDS];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct connection c = connection(rows[i].version);

		c.answer.draft = rows[i].draft;
		assert_int_equal(fields_of(c, line, fields), FIELDS);
		assert_string_equal(fields[6], rows[i].word);
		assert_string_equal(fields[7], "TLS_RSA_WITH_AES_128_CBC_SHA");
		assert_string_equal(fields[9], "mail.example");
	}
}

static void
what_was_not_seen_is_not_set(void **state)
{
	struct connection c = connection(TLS_1_0);
	char line[ZEEK_LINE_MAX], *fields[FIELDS];

	(void)state;
	memset(&c.answer, 0, sizeof(c.answer));
	c.offer.server_name[0] = '\0';
	assert_int_equal(fields_of(c, line, fields), FIELDS);
	for (size_t i = 6; i < 10; i++)
		assert_string_equal(fields[i], "-");
	assert_string_equal(fields[10], "F");
	assert_string_equal(fields[11], "-");
}

static void
names_stay_one_field_and_can_not_be_mistaken(void **state)
{
	static const struct {
		const char *name, *field;
	} rows[] = {
		{ mk_hostile, "\\x1b[31m<b>\\xe2\\x80\\xae\\x0ax\\xff\xc3\xbc "
			      "\\x22&'%s" },
		{ "a\tb\\x09", "a\\x09b\\x5cx09" },
		{ "-", "\\x2d" },
		{ "(empty)", "\\x28empty)" },
		{ "a-b", "a-b" },
	};
	char line[ZEEK_LINE_MAX], *fields[FIELDS];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct connection c = connection(TLS_1_0);

		snprintf(c.offer.server_name, sizeof(c.offer.server_name), "%s",
		    rows[i].name);
		memcpy(c.ehlo, c.offer.server_name, sizeof(c.ehlo));
		assert_int_equal(fields_of(c, line, fields), FIELDS);
		assert_string_equal(fields[9], rows[i].field);
		assert_string_equal(fields[21], rows[i].field);
	}
}

static void
the_last_alert_is_named(void **state)
{
	struct connection c = connection(TLS_1_0);
	char line[ZEEK_LINE_MAX], *fields[FIELDS];

	(void)state;
	c.alert_count = 2;
	c.alerts[0].code = 70;
	c.alerts[1].code = 48;
	fields_of(c, line, fields);
	assert_string_equal(fields[11], "unknown_ca");
	c.alerts[1].code = 200;
	fields_of(c, line, fields);
	assert_string_equal(fields[11], "unknown-200");
}

static void
an_identifier_is_that_of_its_connection(void **state)
{
	struct connection c = connection(TLS_1_0);
	char line[ZEEK_LINE_MAX], other[ZEEK_LINE_MAX], *fields[FIELDS];
	char *others[FIELDS];

	(void)state;
	fields_of(c, line, fields);
	fields_of(c, other, others);
	assert_string_equal(fields[1], others[1]);
	assert_int_equal(fields[1][0], 'C');
	c.end[CLIENT].port++;
	fields_of(c, other, others);
	assert_string_not_equal(fields[1], others[1]);
}

static void
a_connection_without_tls_is_left_out(void **state)
{
	struct connection c = connection(TLS_1_0);
	char line[ZEEK_LINE_MAX];
	struct identity who;

	(void)state;
	c.tls = false;
	identify(NULL, &c, &who);
	assert_int_equal(zeek_format(&c, &who, line, sizeof(line)), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_are_spelled_as_zeek_spells_them),
		cmocka_unit_test(what_was_not_seen_is_not_set),
		cmocka_unit_test(names_stay_one_field_and_can_not_be_mistaken),
		cmocka_unit_test(the_last_alert_is_named),
		cmocka_unit_test(an_identifier_is_that_of_its_connection),
		cmocka_unit_test(a_connection_without_tls_is_left_out),
	};

	return cmocka_run_group_tests_name("zeek", tests, NULL, NULL);
}
