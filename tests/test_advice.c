/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* strcasestr */
#include "report/advice.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "report/language.h"
#include "tests/kit.h"

#define ALERT(who, number) .alert_count = 1, .alerts = { { who, 2, number } }
#define GENERAL            "Update the program, or the firmware of the device"

struct advice_case {
	const char *name;
	struct connection c;
	struct advice_about about; /* without the connection */
	/* How each answer begins, NULL after the last; "X? " before it is
	 * for the candidate X. */
	const char *begins[ADVICE_MAX + 1];
};

#define NAMES(...)                                                             \
	.candidates = (const char *const[])                                    \
	{                                                                      \
		__VA_ARGS__                                                    \
	}
#define ONE(name) .program = (name)

/* clang-format off */
static const struct advice_case cases[] = {
	{ "nobody in particular", { .verdict = VERDICT_OLD_CLIENT },
	    { .library = NULL }, { GENERAL } },
	{ "who was refused needs the same", { .verdict = VERDICT_REFUSED_OLD },
	    { .library = NULL }, { GENERAL } },
	{ "Becky!", { .verdict = VERDICT_OLD_CLIENT }, { ONE("Becky! 2") },
	    { "In the properties of the mailbox, undo" } },
	{ "Outlook", { .verdict = VERDICT_OLD_CLIENT },
	    { ONE("Microsoft Outlook 2010") }, { "Outlook uses the TLS of" } },
	{ "Outlook Express is not Outlook", { .verdict = VERDICT_OLD_CLIENT },
	    { ONE("Outlook Express") }, { "This program gets no updates" } },
	{ "Windows Live Mail", { .verdict = VERDICT_OLD_CLIENT },
	    { ONE("Windows Live Mail") }, { "This program gets no updates" } },
	{ "Thunderbird, in any case of letters",
	    { .verdict = VERDICT_OLD_CLIENT }, { ONE("thunderBird 60") },
	    { "Update Thunderbird: from version 78" } },
	{ "Apple Mail", { .verdict = VERDICT_OLD_CLIENT },
	    { ONE("Apple Mail") }, { "Update macOS or iOS" } },
	{ "K-9", { .verdict = VERDICT_OLD_CLIENT }, { ONE("K-9 Mail") },
	    { "Update the app, and Android" } },
	{ "fetchmail", { .verdict = VERDICT_OLD_CLIENT }, { ONE("fetchmail") },
	    { "In .fetchmailrc, write sslproto 'TLS1.2+'" } },
	{ "msmtp", { .verdict = VERDICT_REFUSED_OLD }, { ONE("msmtp") },
	    { "Take tls_priorities out" } },
	{ "getmail", { .verdict = VERDICT_OLD_CLIENT }, { ONE("getmail6") },
	    { "Take ssl_version out" } },
	{ "offlineimap", { .verdict = VERDICT_OLD_CLIENT },
	    { ONE("offlineimap") }, { "In .offlineimaprc" } },
	{ "mbsync", { .verdict = VERDICT_OLD_CLIENT }, { ONE("mbsync") },
	    { "In .mbsyncrc" } },
	{ "mutt", { .verdict = VERDICT_OLD_CLIENT }, { ONE("mutt") },
	    { "In the muttrc file" } },
	{ "Postfix", { .verdict = VERDICT_OLD_CLIENT }, { ONE("postfix") },
	    { "In main.cf" } },
	{ "Exim", { .verdict = VERDICT_OLD_CLIENT }, { ONE("exim") },
	    { "Update the mail server together" } },
	{ "PHP", { .verdict = VERDICT_OLD_CLIENT }, { ONE("php-imap") },
	    { "If the mailbox is named with /tls" } },
	{ "Python", { .verdict = VERDICT_OLD_CLIENT },
	    { ONE("python-imaplib") }, { "Give the connection a context" } },
	{ "Java", { .verdict = VERDICT_OLD_CLIENT }, { ONE("javamail") },
	    { "Update Java: version 8" } },
	{ ".NET", { .verdict = VERDICT_OLD_CLIENT }, { ONE("PowerShell") },
	    { "Let .NET use the TLS versions" } },
	{ "a virus scanner", { .verdict = VERDICT_OLD_CLIENT },
	    { ONE("Avast Mail Shield") }, { "This is the virus scanner" } },
	{ "a program comes before its device", { .verdict = VERDICT_OLD_CLIENT },
	    { ONE("msmtp"), .vendor = "Synology Incorporated" },
	    { "Take tls_priorities out" } },
	{ "an unknown program leaves its device",
	    { .verdict = VERDICT_OLD_CLIENT },
	    { ONE("nobody"), .vendor = "Synology Incorporated" },
	    { "Update DSM" } },
	{ "candidates are ifs, then what fits all",
	    { .verdict = VERDICT_OLD_CLIENT },
	    { NAMES("mutt", "neomutt", "fetchmail", "msmtp"),
		.candidate_count = 4 },
	    { "mutt? In the muttrc file", "fetchmail? In .fetchmailrc",
		GENERAL } },
	{ "of many candidates none is picked",
	    { .verdict = VERDICT_OLD_CLIENT },
	    { NAMES("mutt", "b", "c", "d", "e", "f"), .candidate_count = 6 },
	    { GENERAL } },
	{ "a device comes before candidates", { .verdict = VERDICT_OLD_CLIENT },
	    { NAMES("mutt", "neomutt"), .candidate_count = 2,
		.vendor = "ASUSTOR Inc." },
	    { "Update the device's firmware" } },
	{ "so does a library", { .verdict = VERDICT_OLD_CLIENT },
	    { NAMES("javamail", "java SSLSocket"), .candidate_count = 2,
		.library = "JSSE" },
	    { "It is a Java program" } },
	{ "but not the kind of system", { .verdict = VERDICT_OLD_CLIENT },
	    { NAMES("mutt"), .candidate_count = 1, .vendor_class = "MSFT 5.0" },
	    { "mutt? In the muttrc file", "It is a Windows computer" } },
	{ "which comes before who built it", { .verdict = VERDICT_OLD_CLIENT },
	    { .vendor = "Hewlett Packard", .vendor_class = "MSFT 5.0" },
	    { "It is a Windows computer" } },
	{ "a maker comes before a library", { .verdict = VERDICT_OLD_CLIENT },
	    { .vendor = "RICOH COMPANY,LTD.", .library = "JSSE" },
	    { "Look for a firmware update at the maker's" } },
	{ "curl", { .verdict = VERDICT_OLD_CLIENT }, { ONE("curl") },
	    { "Take --tls-max out" } },
	{ "PHPMailer is not PHP's imap", { .verdict = VERDICT_OLD_CLIENT },
	    { ONE("PHPMailer") }, { "Update PHP and its OpenSSL, and take" } },
	{ "node", { .verdict = VERDICT_OLD_CLIENT }, { ONE("nodemailer") },
	    { "Take maxVersion and" } },
	{ "perl", { .verdict = VERDICT_OLD_CLIENT }, { ONE("perl Net::SMTP") },
	    { "Take SSL_version out" } },
	{ "ruby", { .verdict = VERDICT_OLD_CLIENT }, { ONE("ruby net/imap") },
	    { "Take ssl_version and max_version" } },
	{ "a tool for tests", { .verdict = VERDICT_OLD_CLIENT },
	    { ONE("openssl s_client") }, { "This is a program for tests" } },
	{ "candidates of whom nothing is known", { .verdict = VERDICT_OLD_CLIENT },
	    { NAMES("one", "other"), .candidate_count = 2 }, { GENERAL } },
	{ "a candidate alone is not certain", { .verdict = VERDICT_OLD_CLIENT },
	    { NAMES("msmtp"), .candidate_count = 1 },
	    { "msmtp? Take tls_priorities out", GENERAL } },
	{ "Brother", { .verdict = VERDICT_OLD_CLIENT },
	    { .vendor = "Brother Industries, LTD." },
	    { "Look for a firmware update at the Brother" } },
	{ "Canon", { .verdict = VERDICT_OLD_CLIENT },
	    { .vendor = "CANON INC." },
	    { "Look for a firmware update at the maker's" } },
	{ "Epson", { .verdict = VERDICT_OLD_CLIENT },
	    { .vendor = "Seiko Epson Corporation" },
	    { "Update its firmware from its control panel" } },
	{ "HP", { .verdict = VERDICT_OLD_CLIENT },
	    { .vendor = "Hewlett Packard" },
	    { "Update its firmware, then open its address" } },
	{ "Konica Minolta", { .verdict = VERDICT_OLD_CLIENT },
	    { .vendor = "KONICA MINOLTA HOLDINGS, INC." },
	    { "In its web page, as administrator" } },
	{ "Xerox", { .verdict = VERDICT_OLD_CLIENT },
	    { .vendor = "XEROX CORPORATION" },
	    { "Update its firmware: WorkCentre" } },
	{ "QNAP", { .verdict = VERDICT_OLD_CLIENT },
	    { .vendor = "QNAP Systems, Inc." },
	    { "Update the device's firmware" } },
	{ "a camera", { .verdict = VERDICT_OLD_CLIENT },
	    { .vendor = "Hangzhou Hikvision Digital Technology" },
	    { "Update the camera's firmware" } },
	{ "a printer by its DHCP class", { .verdict = VERDICT_OLD_CLIENT },
	    { .vendor_class = "Hewlett-Packard JetDirect" },
	    { "It seems to be a printer" } },
	{ "Windows by its DHCP class", { .verdict = VERDICT_OLD_CLIENT },
	    { .vendor_class = "MSFT 5.0" }, { "It is a Windows computer" } },
	{ "Android by its DHCP class", { .verdict = VERDICT_OLD_CLIENT },
	    { .vendor_class = "android-dhcp-9" },
	    { "It seems to be an Android device" } },
	{ "a library", { .verdict = VERDICT_OLD_CLIENT },
	    { .library = "Schannel" }, { "The program uses the TLS of W" } },
	{ "the server is the limit", { .verdict = VERDICT_OLD_SERVER },
	    { .vendor = "CANON INC." }, { "The device needs no change." } },
	{ "a fallback", { .verdict = VERDICT_FALLBACK }, { .vendor = NULL },
	    { "The device needs no change." } },
	{ "a login in the clear", { .verdict = VERDICT_PLAINTEXT_LOGIN },
	    { .vendor = "Brother" },
	    { "In the settings of the account, choose SSL/TLS" } },
	{ "a login in the clear by Canon",
	    { .verdict = VERDICT_PLAINTEXT_LOGIN }, { .vendor = "CANON" },
	    { "In its settings for e-mail, under authentication" } },
	{ "an unknown authority", { .verdict = VERDICT_FAILED,
	    .failure = FAILURE_CERTIFICATE_REFUSED, ALERT(CLIENT, 48) },
	    { .vendor = NULL },
	    { "The version is not the trouble: the device lacks" } },
	{ "an unknown authority on QNAP", { .verdict = VERDICT_FAILED,
	    .failure = FAILURE_CERTIFICATE_REFUSED, ALERT(CLIENT, 48) },
	    { .vendor = "QNAP Systems" },
	    { "The version is not the trouble: an old QTS" } },
	{ "an expired certificate", { .verdict = VERDICT_FAILED,
	    .failure = FAILURE_CERTIFICATE_REFUSED, ALERT(CLIENT, 45) },
	    { .vendor = NULL },
	    { "The version is not the trouble: set the date" } },
	{ "another certificate trouble", { .verdict = VERDICT_FAILED,
	    .failure = FAILURE_CERTIFICATE_REFUSED, ALERT(CLIENT, 42) },
	    { .vendor = NULL },
	    { "The version is not the trouble: compare the server" } },
	{ "the client's certificate", { .verdict = VERDICT_FAILED,
	    .failure = FAILURE_CERTIFICATE_REFUSED, ALERT(SERVER, 116) },
	    { .vendor = NULL },
	    { "The version is not the trouble: the server wants" } },
	{ "the wrong mode", { .verdict = VERDICT_FAILED,
	    .failure = FAILURE_NOT_TLS }, { .vendor = NULL },
	    { "The version is not the trouble: choose SSL/TLS" } },
	{ "no common cipher", { .verdict = VERDICT_FAILED,
	    .failure = FAILURE_NO_COMMON_PARAMETERS }, { .vendor = NULL },
	    { "The version is not the trouble, the cipher is: update" } },
	{ "a cipher that Ricoh lacks", { .verdict = VERDICT_WEAK_CIPHER },
	    { .vendor = "RICOH COMPANY,LTD." },
	    { "The version is not the trouble, the cipher is: older" } },
	{ "a weak cipher", { .verdict = VERDICT_WEAK_CIPHER },
	    { .vendor = NULL }, { "This works, and will for a while." } },
	{ "a server that is too old", { .verdict = VERDICT_FAILED,
	    .failure = FAILURE_VERSION_REFUSED_BY_CLIENT },
	    { .vendor = NULL }, { "The device is new enough" } },
	{ "a device that refuses its own offer", { .verdict = VERDICT_FAILED,
	    .failure = FAILURE_VERSION_REFUSED_BY_CLIENT,
	    .offer = { .max_version = TLS_1_0 },
	    .answer = { .seen = true, .version = TLS_1_0 } },
	    { .vendor = NULL }, { "Update the program, or the firmware" } },
	{ "ended for no reason", { .verdict = VERDICT_FAILED,
	    .failure = FAILURE_CLOSED }, { .vendor = NULL },
	    { "Compare server, port and encryption" } },
	{ "fine", { .verdict = VERDICT_MODERN }, { .vendor = "CANON INC." },
	    { NULL } },
	{ "fine, but for its certificate", { .verdict = VERDICT_MODERN,
	    .answer = { .established = true },
	    .server_certificate = { .seen = true,
		.problems = CERTIFICATE_EXPIRED } },
	    { .vendor = NULL }, { "Look for a setting such as" } },
	{ "a weak key is nothing to verify", { .verdict = VERDICT_MODERN,
	    .answer = { .established = true },
	    .server_certificate = { .seen = true,
		.problems = CERTIFICATE_WEAK_KEY } },
	    { .vendor = NULL }, { NULL } },
	{ "who broke off was not careless", { .verdict = VERDICT_FAILED,
	    .failure = FAILURE_CERTIFICATE_REFUSED, ALERT(CLIENT, 45),
	    .server_certificate = { .seen = true,
		.problems = CERTIFICATE_EXPIRED } },
	    { .vendor = NULL },
	    { "The version is not the trouble: set the date" } },
	{ "never more answers than there is room for",
	    { .verdict = VERDICT_OLD_CLIENT, .answer = { .established = true },
		.server_certificate = { .seen = true,
		    .problems = CERTIFICATE_SELF_SIGNED } },
	    { NAMES("mutt", "fetchmail"), .candidate_count = 2 },
	    { "mutt? In the", "fetchmail? In .f", GENERAL } },
	{ "not judged", { .verdict = VERDICT_UNDETERMINED }, { .vendor = NULL },
	    { NULL } },
	{ "not even that", { .verdict = VERDICT_NONE }, { .vendor = NULL },
	    { NULL } },
};
/* clang-format on */

static void
this_is_what_to_do(void **state)
{
	const struct advice_case *row = *state;
	struct advice_about about = row->about;
	struct advice advice[ADVICE_MAX];
	size_t count;

	about.connection = &row->c;
	count = advice_find(&about, advice);
	for (size_t i = 0; i < count; i++) {
		char text[2048];

		snprintf(text, sizeof(text), "%s%s%s",
		    advice[i].if_program != NULL ? advice[i].if_program : "",
		    advice[i].if_program != NULL ? "? " : "", advice[i].text);
		if (row->begins[i] == NULL)
			fail_msg("nothing more was due, but: %s", text);
		text[strlen(row->begins[i])] = '\0';
		assert_string_equal(text, row->begins[i]);
	}
	assert_null(row->begins[count]);
}

/* What no advice may say, in any language. */
static const char *const forbidden[] = {
	"encryption off",
	"without encryption",
	"no encryption",
	"off encryption",
	"disable TLS",
	"disable SSL",
	"off TLS",
	"off SSL",
	"disable encryption",
	"unencrypted connection",
	"ohne Verschl",
	"unverschl\xc3\xbcsselte Verbindung",
	"Verschl\xc3\xbcsselung aus",
	"Verschl\xc3\xbcsselung ab",
	"Verschl\xc3\xbcsselung deakt",
	"SSL aus",
	"TLS aus",
	/* ango-ka nashi; ango-ka wo mukou, ofu, kaijo, yameru */
	"\xe6\x9a\x97\xe5\x8f\xb7\xe5\x8c\x96\xe3\x82\x92\xe7\x84\xa1",
	"\xe6\x9a\x97\xe5\x8f\xb7\xe5\x8c\x96\xe3\x82\x92\xe3\x82\xaa",
	"\xe6\x9a\x97\xe5\x8f\xb7\xe5\x8c\x96\xe3\x82\x92\xe8\xa7\xa3",
	"\xe6\x9a\x97\xe5\x8f\xb7\xe5\x8c\x96\xe3\x82\x92\xe3\x82\x84",
};

static void
nobody_is_told_to_do_without_encryption(void **state)
{
	static const char *const codes[] = { "en", "de", "ja" };
	const char *text;

	(void)state;
	for (size_t l = 0; l < 3 && language_set(codes[l]); l++) {
		for (size_t i = 0; (text = advice_each(i)) != NULL; i++) {
			text = _(text);
			for (size_t k = 0;
			     k < sizeof(forbidden) / sizeof(forbidden[0]); k++)
				if (strcasestr(text, forbidden[k]) != NULL)
					fail_msg("%s: %s", forbidden[k], text);
		}
	}
	assert_true(language_set("en"));
}

static void
every_advice_is_a_sentence_or_two(void **state)
{
	const char *text;
	size_t i;

	(void)state;
	for (i = 0; (text = advice_each(i)) != NULL; i++) {
		size_t len = strlen(text);

		assert_true(len > 40 && len < 400);
		assert_int_equal(text[len - 1], '.');
		assert_null(strchr(text, '%'));
	}
	assert_true(i > 40);
}

int
main(void)
{
	enum {
		ROWS = sizeof(cases) / sizeof(cases[0]),
	};
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(nobody_is_told_to_do_without_encryption),
		cmocka_unit_test(every_advice_is_a_sentence_or_two),
	};
	struct CMUnitTest tests[ROWS + 2];

	/* A row reports under its own name; state is not written through. */
	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){
			.name = cases[i].name,
			.test_func = this_is_what_to_do,
			.initial_state = (void *)(uintptr_t)&cases[i],
		};
	memcpy(tests + ROWS, others, sizeof(others));
	return cmocka_run_group_tests_name("advice", tests, NULL, NULL);
}
