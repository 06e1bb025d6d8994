/* SPDX-License-Identifier: ISC */
/*
 * The text report in all its languages, on one household that has everything:
 * tests/report-CODE.txt is what it must say, to the byte.  With
 * UPDATE_GOLDEN set, these files are written instead; read the difference.
 */
#include "report/language.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/report.h"
#include "report/terminal.h"
#include "tests/kit.h"
#include "tests/mkconnection.h"

static const char *const codes[] = { "en", "de", "ja" };

enum {
	CODES = sizeof(codes) / sizeof(codes[0]),
	DAY = 86400,
	PATH_LEN = 512,
};

static const char *const names[] = { "br-lan", "phone.pcap" };

static int
set_up(void **state)
{
	static struct inventory inventory;

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	inventory_init(&inventory);
	*state = &inventory;
	return 0;
}

static int
tear_down(void **state)
{
	inventory_clear(*state);
	assert_true(language_set("en"));
	return 0;
}

/* A connection `days` before the last. */
static struct connection
connection(uint8_t host, enum verdict verdict, const char *server, int days)
{
	struct connection c = mk_connection(178, host, host, verdict);

	c.first_us -= (int64_t)days * DAY * MK_SECOND;
	c.last_us -= (int64_t)days * DAY * MK_SECOND;
	snprintf(
	    c.offer.server_name, sizeof(c.offer.server_name), "%s", server);
	return c;
}

static void
offer(struct connection *c, uint16_t low, uint16_t high, uint16_t chosen)
{
	c->offer.max_version = high;
	for (uint16_t v = high; low != TLS_NONE && v >= low; v--)
		c->offer.versions[c->offer.version_count++] = v;
	if (chosen != TLS_NONE)
		mk_answer(c, chosen);
}

static void
implicit(struct connection *c, enum mail_protocol protocol, uint16_t port)
{
	c->protocol = protocol;
	c->encryption = ENCRYPTION_IMPLICIT;
	c->end[SERVER].port = port;
}

static void
add_old(struct inventory *inventory)
{
	struct connection c =
	    connection(40, VERDICT_OLD_CLIENT, "mail.gmx.net", 0);

	offer(&c, TLS_NONE, TLS_1_0, TLS_1_0);
	memcpy(c.ehlo, "printer-office", 15);
	mk_add(inventory, c, 12);
	c = connection(21, VERDICT_OLD_CLIENT, "securepop.t-online.de", 6);
	implicit(&c, MAIL_POP3, 995);
	offer(&c, TLS_NONE, TLS_1_0, TLS_1_0);
	mk_add(inventory, c, 1200);
	c = connection(21, VERDICT_MODERN, "securepop.t-online.de", 2);
	implicit(&c, MAIL_POP3, 995);
	offer(&c, TLS_NONE, TLS_1_2, TLS_1_2);
	mk_add(inventory, c, 11000);
	c = connection(22, VERDICT_OLD_SERVER, "mail.example.net", 1);
	implicit(&c, MAIL_IMAP, 993);
	offer(&c, TLS_1_0, TLS_1_3, TLS_1_1);
	c.answer.sentinel = TLS_1_1;
	mk_add(inventory, c, 2);
}

static void
add_failed(struct inventory *inventory)
{
	struct connection c =
	    connection(50, VERDICT_FAILED, "smtp.office365.com", 3);

	offer(&c, TLS_NONE, TLS_1_2, TLS_1_2);
	c.failure = FAILURE_CERTIFICATE_REFUSED;
	c.alert_count = 1;
	c.alerts[0] = (struct alert){ CLIENT, 2, 48 };
	mk_add(inventory, c, 1);
	c = connection(51, VERDICT_REFUSED_OLD, "imap.mail.de", 1);
	implicit(&c, MAIL_IMAP, 993);
	offer(&c, TLS_NONE, TLS_1_1, TLS_NONE);
	c.verdict_likely = true;
	mk_add(inventory, c, 3);
	c = connection(60, VERDICT_PLAINTEXT_LOGIN, "mail.example.net", 2);
	c.encryption = ENCRYPTION_NONE;
	c.offer.max_version = TLS_NONE;
	c.login = c.secret_exposed = true;
	memcpy(c.login_mechanism, "PLAIN", 6);
	c.starttls = STARTTLS_OFFERED;
	mk_add(inventory, c, 4);
	c = connection(61, VERDICT_UNDETERMINED, "", 2);
	c.encryption = ENCRYPTION_UNKNOWN;
	c.offer.max_version = TLS_NONE;
	c.incomplete = INCOMPLETE_NO_START | INCOMPLETE_GAP;
	mk_add(inventory, c, 3);
}

static void
add_well(struct inventory *inventory)
{
	struct connection c = connection(23, VERDICT_MODERN, "imap.gmx.net", 0);

	implicit(&c, MAIL_IMAP, 993);
	offer(&c, TLS_1_2, TLS_1_3, TLS_1_3);
	mk_add(inventory, c, 214);
	c = connection(24, VERDICT_WEAK_CIPHER, "smtp.web.de", 0);
	offer(&c, TLS_NONE, TLS_1_2, TLS_1_2);
	c.answer.cipher = 0x000a;
	c.answer.established = true;
	c.server_certificate.seen = true;
	c.server_certificate.problems = CERTIFICATE_NAME_MISMATCH;
	c.client_certificate = CLIENT_CERTIFICATE_REQUESTED;
	mk_add(inventory, c, 1);
	c = connection(70, VERDICT_PLAINTEXT, "mx.example.com", 0);
	c.encryption = ENCRYPTION_NONE;
	c.offer.max_version = TLS_NONE;
	c.end[SERVER].port = 25;
	c.starttls = STARTTLS_NOT_OFFERED;
	mk_add(inventory, c, 2);
}

/* Programs of every kind that the report has words for. */
static void
add_programs(struct inventory *inventory)
{
	static const struct program certain = { .certain = true,
		.library = "openssl",
		.candidates = { "python3 smtplib" },
		.count = 1,
		.evidence = PROGRAM_BY_TALK | PROGRAM_BY_JA4 };
	static const struct program two = { .library = "gnutls",
		.candidates = { "mutt", "neomutt" },
		.count = 2,
		.evidence = PROGRAM_BY_TALK | PROGRAM_BY_JA4 };
	static const struct program many = { .library = "openssl",
		.candidates = { "alpine", "curl", "dma", "esmtp", "fetchmail",
		    "swaks" },
		.count = 6,
		.evidence = PROGRAM_BY_JA4 };
	static const struct program says_so = { .certain = true,
		.library = "",
		.name = "Becky! 2",
		.evidence = PROGRAM_BY_IMAP_ID };
	static const struct program unknown = { .library = "" };
	struct connection c =
	    connection(80, VERDICT_OLD_CLIENT, "smtp.web.de", 2);

	offer(&c, TLS_NONE, TLS_1_0, TLS_1_0);
	mk_add_as(inventory, c, &certain, 3);
	c = connection(81, VERDICT_OLD_CLIENT, "imap.gmx.net", 2);
	implicit(&c, MAIL_IMAP, 993);
	offer(&c, TLS_NONE, TLS_1_1, TLS_1_1);
	mk_add_as(inventory, c, &two, 7);
	mk_add_as(inventory, c, &many, 1);
	mk_add_as(inventory, c, &says_so, 1);
	memcpy(c.ja4, "t11d240900_0123456789ab_0123456789ab", sizeof(c.ja4));
	mk_add_as(inventory, c, &unknown, 1);
}

/* A virus scanner that stands before two mail programs. */
static void
add_shield(struct inventory *inventory)
{
	static const struct program thunderbird = { .library = "",
		.talk_library = "nss",
		.candidates = { "thunderbird" },
		.count = 1,
		.evidence = PROGRAM_BY_TALK };
	static const struct program mutt = { .library = "",
		.talk_library = "gnutls",
		.candidates = { "mutt" },
		.count = 1,
		.evidence = PROGRAM_BY_TALK };
	struct connection c =
	    connection(82, VERDICT_OLD_CLIENT, "imap.gmx.net", 2);

	memcpy(c.ja4, "t10d240900_ba9876543210_0123456789ab", sizeof(c.ja4));
	offer(&c, TLS_NONE, TLS_1_0, TLS_1_0);
	mk_add_as(inventory, c, &thunderbird, 5);
	mk_add_as(inventory, c, &mutt, 5);
}

static char *
text_of(const struct inventory *inventory, unsigned columns)
{
	static char *text; /* or gcc 12 warns of returning its address */
	static size_t size;
	struct report_style style = { .columns = columns, .utf8 = true };
	struct report_source source = {
		.names = names,
		.name_count = 2,
		.packets = 1204551,
		.min_version = TLS_1_2,
		.loss_count = 1,
		.losses = { { "gaps",
		    "places where bytes of a connection are missing", 7 } },
	};
	char message[PROVIDER_MESSAGE_MAX];
	struct providers *providers = providers_open(NULL, message);
	FILE *out = open_memstream(&text, &size);

	assert_non_null(providers);
	assert_non_null(out);
	source.providers = providers;
	assert_int_equal(report_text(out, inventory, &source, &style), 0);
	assert_int_equal(fclose(out), 0);
	providers_free(providers);
	return text;
}

static void
path_of(const char *code, char path[PATH_LEN])
{
	const char *srcdir = getenv("srcdir");

	snprintf(path, PATH_LEN, "%s/tests/report-%s.txt",
	    srcdir != NULL ? srcdir : ".", code);
}

/* Reads the file at `path`, or writes `text` there. */
static char *
golden(const char *path, const char *text)
{
	bool update = getenv("UPDATE_GOLDEN") != NULL;
	FILE *file = fopen(path, update ? "w" : "r");
	char *read = NULL;
	size_t size = 0;

	assert_non_null(file);
	if (update)
		assert_true(fputs(text, file) >= 0);
	else
		assert_true(getdelim(&read, &size, '\0', file) > 0);
	assert_int_equal(fclose(file), 0);
	return update ? strdup(text) : read;
}

static void
the_report_says_this_in_each_language(void **state)
{
	add_old(*state);
	add_failed(*state);
	add_well(*state);
	add_programs(*state);
	add_shield(*state);
	for (size_t i = 0; i < CODES; i++) {
		char path[PATH_LEN];
		char *text, *expected;

		assert_true(language_set(codes[i]));
		text = text_of(*state, 80);
		path_of(codes[i], path);
		expected = golden(path, text);
		assert_string_equal(text, expected);
		free(text);
		free(expected);
	}
}

/* The English report on what is clean, or empty, and so on. */
static void
lines_are_narrow(const struct inventory *inventory, unsigned columns)
{
	char *text = text_of(inventory, columns);
	char *line = text;

	for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		/* A link is one word, however long. */
		if (terminal_width(line) > columns &&
		    strstr(line, "http") == NULL)
			fail_msg("%u columns: %s", terminal_width(line), line);
	}
	free(text);
}

static void
no_line_is_too_wide_in_any_language(void **state)
{
	for (size_t i = 0; i < CODES; i++) {
		assert_true(language_set(codes[i]));
		lines_are_narrow(*state, 80);
	}
	mk_add_many(*state);
	add_old(*state);
	add_failed(*state);
	for (size_t i = 0; i < CODES; i++) {
		assert_true(language_set(codes[i]));
		lines_are_narrow(*state, 60);
		lines_are_narrow(*state, 80);
		lines_are_narrow(*state, 132);
	}
}

static void
hostile_names_are_harmless_in_any_language(void **state)
{
	mk_add_hostile(*state);
	for (size_t i = 0; i < CODES; i++) {
		char *text;

		assert_true(language_set(codes[i]));
		text = text_of(*state, 80);
		for (const char *c = text; *c != '\0'; c++)
			assert_true((uint8_t)*c >= ' ' || *c == '\n');
		assert_null(strstr(text, "\xe2\x80\xae")); /* U+202E */
		assert_null(strchr(text, '\xff'));
		assert_non_null(strstr(text, "\\x1b[31m<b>"));
		free(text);
	}
}

static void
a_language_is_chosen_by_its_code_alone(void **state)
{
	static const struct {
		const char *locale, *code; /* NULL: no such language */
	} cases[] = {
		{ "de", "de" },
		{ "ja_JP.UTF-8", "ja" },
		{ "de_AT@euro", "de" },
		{ "en_GB.UTF-8", "en" },
		{ "ja.UTF-8", "ja" },
		{ "C", "en" },
		{ "C.UTF-8", "en" },
		{ "POSIX", "en" },
		{ "fr_FR", NULL },
		{ "deu", NULL },
		{ "d", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(language_set("ja"));
		assert_int_equal(
		    language_set(cases[i].locale), cases[i].code != NULL);
		assert_string_equal(language_code(),
		    cases[i].code != NULL ? cases[i].code : "ja");
	}
}

static void
what_has_no_translation_stays_as_it_is(void **state)
{
	static const char text[] = "no such message";

	(void)state;
	assert_true(language_set("de"));
	assert_ptr_equal(language_text(text), text);
	assert_string_equal(language_plural("one x", "%s xs", 1), "one x");
	assert_string_equal(language_plural("one x", "%s xs", 0), "%s xs");
	assert_string_equal(_("TLS 1.0 and 1.1"), "TLS 1.0 und 1.1");
}

static void
plurals_are_those_of_the_language(void **state)
{
	(void)state;
	assert_true(language_set("de"));
	assert_string_equal(
	    ngettext("%s device", "%s devices", 1), "%s Ger\xc3\xa4t");
	assert_string_equal(
	    ngettext("%s device", "%s devices", 0), "%s Ger\xc3\xa4te");
	assert_true(language_set("ja"));
	assert_string_equal(ngettext("%s device", "%s devices", 1),
	    ngettext("%s device", "%s devices", 2));
}

static void
thousands_are_grouped_as_the_language_does(void **state)
{
	char text[TERMINAL_NUMBER_MAX];

	(void)state;
	assert_string_equal(terminal_thousands(1234, text), "1234");
	assert_string_equal(terminal_thousands(1234567, text),
	    "1" TERMINAL_NBSP "234" TERMINAL_NBSP "567");
	assert_true(language_set("de"));
	assert_string_equal(terminal_thousands(9999, text), "9999");
	assert_string_equal(terminal_thousands(12345, text), "12.345");
	assert_true(language_set("ja"));
	assert_string_equal(terminal_thousands(999, text), "999");
	assert_string_equal(terminal_thousands(1234, text), "1,234");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(the_report_says_this_in_each_language),
		TEST(no_line_is_too_wide_in_any_language),
		TEST(hostile_names_are_harmless_in_any_language),
		TEST(a_language_is_chosen_by_its_code_alone),
		TEST(what_has_no_translation_stays_as_it_is),
		TEST(plurals_are_those_of_the_language),
		TEST(thousands_are_grouped_as_the_language_does),
	};

	/* --disable-nls leaves English. */
	if (!language_set("de")) {
		puts("1..0 # SKIP there is no language but English");
		return 0;
	}
	return cmocka_run_group_tests_name("languages", tests, NULL, NULL);
}
