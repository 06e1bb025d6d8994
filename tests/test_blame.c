/* SPDX-License-Identifier: ISC */
#include "report/blame.h"

#include <stdlib.h>
#include <string.h>

#include "report/words.h"
#include "tests/kit.h"

struct blame_case {
	const char *name;
	enum verdict verdict;
	struct connection c;
	const char *words;
};

#define SERVER_ALERT(number)                                                   \
	.alert_count = 1, .alerts = { { SERVER, 2, (number) } }
#define CLIENT_ALERT(number)                                                   \
	.alert_count = 1, .alerts = { { CLIENT, 2, (number) } }

/* clang-format off */
static const struct blame_case cases[] = {
	{ "the client is the limit", VERDICT_OLD_CLIENT,
	    { .offer = { .max_version = TLS_1_1 } },
	    "It offers TLS 1.1 at most, so the device is the limit." },
	{ "and the server says it could do better", VERDICT_OLD_CLIENT,
	    { .offer = { .max_version = SSL_3_0 },
		.answer = { .sentinel = TLS_1_1 } },
	    "It offers SSL 3.0 at most, so the device is the limit; the server "
	    "says that it could do better." },
	{ "an offer that was not seen is not guessed", VERDICT_OLD_CLIENT,
	    { .tls = true }, "" },
	{ "nor what of it was refused", VERDICT_REFUSED_OLD, { .tls = true },
	    "" },
	{ "nor what came second", VERDICT_FALLBACK, { .tls = true }, "" },
	{ "an old offer was refused", VERDICT_REFUSED_OLD,
	    { .offer = { .max_version = TLS_1_0 } },
	    "It offers TLS 1.0 at most, and the server refused that." },
	{ "an old offer was probably refused", VERDICT_REFUSED_OLD,
	    { .offer = { .max_version = TLS_1_0 }, .verdict_likely = true },
	    "It offers TLS 1.0 at most, and the connection ended before "
	    "encryption began, most likely because the server refuses that." },
	{ "a marked fallback", VERDICT_FALLBACK,
	    { .offer = { .max_version = TLS_1_1, .fallback_scsv = true } },
	    "It offered TLS 1.1 at most and said that a better offer had "
	    "failed: the server, or something on the way such as a virus "
	    "scanner, may not stand it." },
	{ "a fallback that was observed", VERDICT_FALLBACK,
	    { .offer = { .max_version = TLS_1_0 } },
	    "It offered TLS 1.0 at most, just after a better offer had failed: "
	    "the server, or something on the way such as a virus scanner, may "
	    "not stand it." },
	{ "the server is the limit", VERDICT_OLD_SERVER,
	    { .offer = { .max_version = TLS_1_3 },
		.answer = { .version = TLS_1_0 } },
	    "It offers TLS 1.3, but the server chose TLS 1.0: the server, or "
	    "something on the way such as a virus scanner, is the limit." },
	{ "the server is not the limit by its own word", VERDICT_OLD_SERVER,
	    { .offer = { .max_version = TLS_1_2 },
		.answer = { .version = TLS_1_1, .sentinel = TLS_1_1 } },
	    "It offers TLS 1.2, but the server chose TLS 1.1 and says that it "
	    "could do better: something on the way, such as a virus scanner, "
	    "may be the limit." },
	{ "a weak cipher by name", VERDICT_WEAK_CIPHER,
	    { .answer = { .cipher = 0x000a } },
	    "The method of encryption (cipher) is "
	    "TLS_RSA_WITH_3DES_EDE_CBC_SHA." },
	{ "a weak cipher by number", VERDICT_WEAK_CIPHER,
	    { .answer = { .cipher = 0xfedc } },
	    "The method of encryption (cipher) is number 0xfedc." },
	{ "the password was readable", VERDICT_PLAINTEXT_LOGIN,
	    { .secret_exposed = true, .login_mechanism = "PLAIN",
		.starttls = STARTTLS_NOT_OFFERED },
	    "Anyone on the way could read the password (login method PLAIN). "
	    "The server did not offer encryption (STARTTLS)." },
	{ "the password was not readable", VERDICT_PLAINTEXT_LOGIN,
	    { .login_mechanism = "CRAM-MD5\x1b", .starttls = STARTTLS_MASKED },
	    "The password itself was not readable, all the rest was (login "
	    "method CRAM-MD5\\x1b). The server's offer of encryption "
	    "(STARTTLS) was overwritten on its way." },
	{ "encryption was offered in vain", VERDICT_PLAINTEXT,
	    { .starttls = STARTTLS_OFFERED },
	    "The server offered encryption (STARTTLS), but the device did not "
	    "use it." },
	{ "encryption was refused", VERDICT_PLAINTEXT,
	    { .starttls = STARTTLS_REFUSED },
	    "The server refused to begin encryption (STARTTLS)." },
	{ "nothing is known of STARTTLS", VERDICT_PLAINTEXT,
	    { .starttls = STARTTLS_UNKNOWN }, "" },
	{ "STARTTLS that was used needs no words", VERDICT_PLAINTEXT,
	    { .starttls = STARTTLS_USED }, "" },
	{ "what is fine needs no words", VERDICT_MODERN, { .tls = true }, "" },
	{ "but its certificate may", VERDICT_MODERN,
	    { .server_certificate = { .seen = true, .problems = 0x7f } },
	    "The server's certificate: it has expired; it is not valid yet; "
	    "it is signed by itself alone; it is for another server name; no "
	    "known authority vouches for it; its key is weak; its signature "
	    "is weak." },
	{ "the device did not mind", VERDICT_MODERN,
	    { .answer = { .established = true },
		.server_certificate = { .seen = true,
		    .problems = CERTIFICATE_EXPIRED } },
	    "It seems to accept certificates that do not verify, such as "
	    "the server's: it has expired." },
	{ "nor is there anything to mind in a weak key", VERDICT_MODERN,
	    { .answer = { .established = true },
		.server_certificate = { .seen = true,
		    .problems = CERTIFICATE_WEAK_KEY } },
	    "The server's certificate: its key is weak." },
	{ "why it was not judged", VERDICT_UNDETERMINED,
	    { .incomplete = INCOMPLETE_ONE_SIDED | INCOMPLETE_TRUNCATED },
	    "Why: only one side of it was seen; the capture kept only the "
	    "beginning of each packet." },
	{ "a failure without a reason", VERDICT_FAILED, { .tls = true }, "" },
	{ "the server refused a version that is not old", VERDICT_FAILED,
	    { .failure = FAILURE_VERSION_REFUSED_BY_SERVER,
		.offer = { .max_version = TLS_1_2 } },
	    "The server refused the versions offered, up to TLS 1.2." },
	{ "the server refused an unknown version", VERDICT_FAILED,
	    { .failure = FAILURE_VERSION_REFUSED_BY_SERVER },
	    "The server refused the version offered." },
	{ "the client refused the server's choice", VERDICT_FAILED,
	    { .failure = FAILURE_VERSION_REFUSED_BY_CLIENT,
		.answer = { .seen = true, .version = TLS_1_0 } },
	    "The server chose TLS 1.0, and the device refused that." },
	{ "the client refused its own offer", VERDICT_FAILED,
	    { .failure = FAILURE_VERSION_REFUSED_BY_CLIENT,
		.offer = { .max_version = TLS_1_0 },
		.answer = { .seen = true, .version = TLS_1_0 } },
	    "It offers TLS 1.0 at most, and refused just that when the server "
	    "chose it: its setting and its TLS library contradict each "
	    "other." },
	{ "the client refused a choice that was not seen", VERDICT_FAILED,
	    { .failure = FAILURE_VERSION_REFUSED_BY_CLIENT },
	    "The device refused the server's version." },
	{ "the authority is not known", VERDICT_FAILED,
	    { .failure = FAILURE_CERTIFICATE_REFUSED, CLIENT_ALERT(48) },
	    "The device did not accept the server's certificate: the authority "
	    "that issued it is not known there." },
	{ "the certificate has expired, in both eyes", VERDICT_FAILED,
	    { .failure = FAILURE_CERTIFICATE_REFUSED, CLIENT_ALERT(45),
		.server_certificate = { .seen = true,
		    .problems = CERTIFICATE_EXPIRED } },
	    "The device did not accept the server's certificate: it has "
	    "expired, or the clock there is wrong. The server's certificate: "
	    "it has expired." },
	{ "the server wants another client certificate", VERDICT_FAILED,
	    { .failure = FAILURE_CERTIFICATE_REFUSED, SERVER_ALERT(116) },
	    "The server did not accept the device's certificate: there was "
	    "none." },
	{ "a certificate was refused for no reason", VERDICT_FAILED,
	    { .failure = FAILURE_CERTIFICATE_REFUSED },
	    "The device did not accept the server's certificate." },
	{ "an alert about certificates that says nothing", VERDICT_FAILED,
	    { .failure = FAILURE_CERTIFICATE_REFUSED, CLIENT_ALERT(46) },
	    "The device did not accept the server's certificate." },
	{ "no common cipher", VERDICT_FAILED,
	    { .failure = FAILURE_NO_COMMON_PARAMETERS },
	    "Device and server found no method of encryption (cipher) that "
	    "both of them know." },
	{ "the wrong mode", VERDICT_FAILED,
	    { .failure = FAILURE_NOT_TLS, .answered_in_clear = true },
	    "The device began with TLS and the server answered in plain text: "
	    "the setting SSL/TLS and the port do not belong together." },
	{ "not TLS", VERDICT_FAILED, { .failure = FAILURE_NOT_TLS },
	    "Something other than TLS came where TLS was due." },
	{ "the server closed", VERDICT_FAILED,
	    { .failure = FAILURE_CLOSED, .closed_by = CLOSED_BY_SERVER },
	    "The server closed the connection before encryption began, and "
	    "gave no reason." },
	{ "the device closed", VERDICT_FAILED,
	    { .failure = FAILURE_CLOSED, .closed_by = CLOSED_BY_CLIENT },
	    "The device closed the connection before encryption began, and "
	    "gave no reason." },
	{ "another alert, by name", VERDICT_FAILED,
	    { .failure = FAILURE_OTHER, SERVER_ALERT(80) },
	    "The server broke off with the message \"internal_error\"." },
	{ "another alert, by number", VERDICT_FAILED,
	    { .failure = FAILURE_OTHER, CLIENT_ALERT(213) },
	    "The device broke off with message number 213." },
	{ "the fatal alert tells, not the warnings", VERDICT_FAILED,
	    { .failure = FAILURE_OTHER, .alert_count = 5,
		.alerts = { { SERVER, 1, 112 }, { CLIENT, 1, 90 },
		    { SERVER, 2, 80 }, { CLIENT, 1, 90 }, { SERVER, 1, 0 } } },
	    "The server broke off with the message \"internal_error\"." },
	{ "no alert that tells", VERDICT_FAILED,
	    { .failure = FAILURE_OTHER, .alert_count = 1 },
	    "What went wrong was not to be seen." },
};
/* clang-format on */

static struct entry *
entry_of(const struct blame_case *row)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	assert_non_null(entry);
	entry->last = row->c;
	entry->connections = 1;
	entry->by_verdict[row->verdict] = 1;
	return entry;
}

static void
blame_is_said_in_these_words(void **state)
{
	const struct blame_case *row = *state;
	struct entry *entry = entry_of(row);
	char out[BLAME_MAX];

	blame_say(entry, row->verdict, out);
	assert_string_equal(out, row->words);
	entry->by_verdict[VERDICT_PLAINTEXT_LOGIN]++;
	if (row->verdict != VERDICT_PLAINTEXT_LOGIN) {
		blame_say(entry, row->verdict, out);
		assert_string_equal(out, ""); /* the last is another's */
	}
	free(entry);
}

static void
protocols_encryption_and_versions_have_words(void **state)
{
	(void)state;
	assert_string_equal(words_doing(MAIL_SMTP), "sends mail by %s");
	assert_string_equal(words_doing(MAIL_SIEVE), "sets mail filters at %s");
	assert_string_equal(words_encryption(ENCRYPTION_NONE), "");
	assert_string_equal(words_encryption(ENCRYPTION_IMPLICIT), "SSL/TLS");
	assert_string_equal(words_version(SSL_2_0), "SSL 2.0");
	assert_string_equal(words_version(0x7f1c), "an unknown version");
	assert_null(words_incomplete(6));
	assert_null(words_incomplete(8));
	assert_string_equal(
	    words_old(TLS_1_0).when_off, "when SSL is switched off");
	assert_string_equal(words_old(TLS_1_1).any, "TLS 1.0");
	assert_string_equal(words_old(SSL_3_0).any, "TLS 1.0 or 1.1");
}

static void
days_are_written_out(void **state)
{
	char out[WORDS_TIME_MAX];

	(void)state;
	assert_string_equal(words_date("2023-09-30", out), "30 Sep 2023");
	assert_string_equal(words_date("2023-9-1", out), "1 Sep 2023");
	assert_string_equal(words_date("2023-13-01", out), "2023-13-01");
	assert_string_equal(words_date("soon", out), "soon");
}

static void
times_are_local_and_any_number_is_one(void **state)
{
	const int64_t day_us = 86400 * INT64_C(1000000);
	char out[WORDS_TIME_MAX];

	(void)state;
	setenv("TZ", "XXX3:30", 1);
	assert_string_equal(
	    words_time_full(0, out), "Wed 31 Dec 1969 20:30 (UTC-03:30)");
	assert_string_equal(
	    words_time_full(-1, out), "Wed 31 Dec 1969 20:29 (UTC-03:30)");
	assert_string_equal(
	    words_time(day_us, day_us * 2, out), "Thu 1 Jan 20:30");
	assert_string_equal(words_time(day_us, 0, out), "Thu 1 Jan 1970 20:30");
	assert_non_null(strchr(words_time_full(INT64_MAX, out), ':'));
	assert_non_null(strchr(words_time_full(INT64_MIN, out), ':'));
}

int
main(void)
{
	enum {
		ROWS = sizeof(cases) / sizeof(cases[0]),
	};
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(protocols_encryption_and_versions_have_words),
		cmocka_unit_test(days_are_written_out),
		cmocka_unit_test(times_are_local_and_any_number_is_one),
	};
	struct CMUnitTest tests[ROWS + sizeof(others) / sizeof(others[0])];

	/* A row reports under its own name; state is not written through. */
	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){
			.name = cases[i].name,
			.test_func = blame_is_said_in_these_words,
			.initial_state = (void *)(uintptr_t)&cases[i],
		};
	memcpy(tests + ROWS, others, sizeof(others));
	return cmocka_run_group_tests_name("blame", tests, NULL, NULL);
}
