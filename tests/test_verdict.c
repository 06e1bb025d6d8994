/* SPDX-License-Identifier: ISC */
#include "report/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "tests/kit.h"

/* What rows have in common. */
#define ALERT(from, level, code)                                               \
	.alerts = { { from, level, code } }, .alert_count = 1
#define DONE .established = true, .outcome = OUTCOME_SUCCESS
#define FAILED(why)                                                            \
	.verdict = VERDICT_FAILED, .failure = FAILURE_##why,                   \
	.outcome = OUTCOME_FAILURE
#define REFUSED(why)                                                           \
	.verdict = VERDICT_REFUSED_OLD, .failure = FAILURE_##why,              \
	.outcome = OUTCOME_FAILURE

enum {
	WARNING = 1,
	FATAL = 2,
};

/*
 * struct row is a situation and what is to be made of it.  What it does not
 * name is not seen.  `closed`, `offer` and so on are put into a connection by
 * connection_of.
 */
struct row {
	const char *name;
	/* What was seen. */
	struct alert alerts[2];
	uint8_t alert_count;
	uint16_t offer, answer, cipher, min, sentinel;
	uint16_t legacy; /* offer without its maximum: the hello was cut */
	uint16_t listed; /* in supported_versions, besides GREASE */
	uint8_t incomplete;
	enum closed_by closed;
	enum starttls starttls;
	enum encryption encryption;
	enum login_result login_result;
	bool tls, established, scsv, answered_in_clear, login;
	/* What it means. */
	enum verdict verdict;
	enum failure failure;
	enum outcome outcome;
	bool likely;
};

/* Suites: forward secrecy, plain RSA. */
enum {
	GOOD = 0xC02F,
	WEAK = 0x009C,
};

static const struct row rows[] = {

	/* Negotiated, whole. */
	{ "1.3 is modern", .offer = TLS_1_3, .answer = TLS_1_3,
	    .cipher = 0x1301, DONE, .verdict = VERDICT_MODERN },
	{ "1.2 with forward secrecy is modern", .offer = TLS_1_2,
	    .answer = TLS_1_2, .cipher = GOOD, DONE,
	    .verdict = VERDICT_MODERN },
	{ "1.2 without forward secrecy is weak", .offer = TLS_1_3,
	    .answer = TLS_1_2, .cipher = WEAK, DONE,
	    .verdict = VERDICT_WEAK_CIPHER },
	{ "1.1 by a client that has no better is an old client",
	    .offer = TLS_1_1, .answer = TLS_1_1, DONE,
	    .verdict = VERDICT_OLD_CLIENT },
	{ "1.0 out of 1.1 is an old client", .offer = TLS_1_1,
	    .answer = TLS_1_0, DONE, .verdict = VERDICT_OLD_CLIENT },
	{ "SSL 2.0 is an old client", .offer = SSL_2_0, .answer = SSL_2_0, DONE,
	    .verdict = VERDICT_OLD_CLIENT },
	{ "1.0 out of 1.2 is an old server", .offer = TLS_1_2,
	    .answer = TLS_1_0, DONE, .verdict = VERDICT_OLD_SERVER },
	{ "1.1 out of 1.3 is an old server, whatever the suite",
	    .offer = TLS_1_3, .answer = TLS_1_1, .cipher = WEAK, DONE,
	    .verdict = VERDICT_OLD_SERVER },
	{ "1.0 with TLS_FALLBACK_SCSV is a fallback", .offer = TLS_1_0,
	    .answer = TLS_1_0, .scsv = true, DONE,
	    .verdict = VERDICT_FALLBACK },
	{ "1.2 with TLS_FALLBACK_SCSV is modern", .offer = TLS_1_2,
	    .answer = TLS_1_2, .cipher = GOOD, .scsv = true, DONE,
	    .verdict = VERDICT_MODERN },
	{ "1.2 is old where the minimum is 1.3", .min = TLS_1_3,
	    .offer = TLS_1_2, .answer = TLS_1_2, .cipher = GOOD, DONE,
	    .verdict = VERDICT_OLD_CLIENT },
	{ "1.2 out of 1.3 is an old server where the minimum is 1.3",
	    .min = TLS_1_3, .offer = TLS_1_3, .answer = TLS_1_2, .cipher = WEAK,
	    DONE, .verdict = VERDICT_OLD_SERVER },

	/* Negotiated, in part. */
	{ "a version counts though the handshake was not seen to its end",
	    .offer = TLS_1_0, .answer = TLS_1_0,
	    .verdict = VERDICT_OLD_CLIENT },
	{ "so does a good one", .offer = TLS_1_3, .answer = TLS_1_3,
	    .verdict = VERDICT_MODERN },
	{ "closed with bytes missing is not known to have failed",
	    .offer = TLS_1_0, .answer = TLS_1_0, .closed = CLOSED_BY_CLIENT,
	    .incomplete = INCOMPLETE_GAP, .verdict = VERDICT_OLD_CLIENT },
	{ "closed and one side not seen neither", .answer = TLS_1_2,
	    .cipher = GOOD, .closed = CLOSED_BY_SERVER,
	    .incomplete = INCOMPLETE_ONE_SIDED, .verdict = VERDICT_MODERN },
	{ "an old version whose offer was not seen is nobody's",
	    .answer = TLS_1_0, DONE, .verdict = VERDICT_UNDETERMINED },
	{ "out of a hello that was cut neither", .legacy = TLS_1_0,
	    .answer = TLS_1_0, DONE, .verdict = VERDICT_UNDETERMINED },
	{ "a server that could do better makes it likely the client's",
	    .answer = TLS_1_0, .sentinel = TLS_1_1, DONE,
	    .verdict = VERDICT_OLD_CLIENT, .likely = true },
	{ "a hello that was cut can say enough to blame the server",
	    .legacy = TLS_1_2, .answer = TLS_1_0, DONE,
	    .verdict = VERDICT_OLD_SERVER, .likely = true },
	{ "a warning about the name does not fail", .offer = TLS_1_2,
	    .answer = TLS_1_2, .cipher = GOOD, ALERT(SERVER, WARNING, 112),
	    .verdict = VERDICT_MODERN },
	{ "an alert after the handshake does not fail it", .offer = TLS_1_2,
	    .answer = TLS_1_2, .cipher = GOOD, DONE, ALERT(SERVER, FATAL, 80),
	    .verdict = VERDICT_MODERN },
	{ "an answer without a version is undetermined", .tls = true,
	    .answer = 0xFFFF, .verdict = VERDICT_UNDETERMINED },

	/* Refused for its version. */
	{ "protocol_version to an old offer is certain", .offer = TLS_1_1,
	    ALERT(SERVER, FATAL, 70), REFUSED(VERSION_REFUSED_BY_SERVER) },
	{ "so it is as a warning", .offer = TLS_1_1, ALERT(SERVER, WARNING, 70),
	    REFUSED(VERSION_REFUSED_BY_SERVER) },
	{ "and behind a gap", .offer = TLS_1_1, ALERT(SERVER, FATAL, 70),
	    .incomplete = INCOMPLETE_GAP, REFUSED(VERSION_REFUSED_BY_SERVER) },
	{ "and after an alert of the client", .offer = TLS_1_0,
	    .alerts = { { CLIENT, FATAL, 50 }, { SERVER, FATAL, 70 } },
	    .alert_count = 2, REFUSED(VERSION_REFUSED_BY_SERVER) },
	{ "inappropriate_fallback to an old offer is certain", .offer = TLS_1_0,
	    .scsv = true, ALERT(SERVER, FATAL, 86),
	    REFUSED(VERSION_REFUSED_BY_SERVER) },
	{ "handshake_failure to an old offer is likely a refusal",
	    .offer = TLS_1_0, ALERT(SERVER, FATAL, 40),
	    REFUSED(NO_COMMON_PARAMETERS), .likely = true },
	{ "closing upon an old offer is likely a refusal", .offer = TLS_1_0,
	    .closed = CLOSED_BY_SERVER, REFUSED(CLOSED), .likely = true },
	{ "so it is when the client complains of it", .offer = TLS_1_1,
	    ALERT(CLIENT, FATAL, 50), .closed = CLOSED_BY_SERVER,
	    REFUSED(CLOSED), .likely = true },
	{ "or is the only one that is heard", .offer = TLS_1_1,
	    ALERT(CLIENT, FATAL, 10), REFUSED(OTHER), .likely = true },
	{ "close_notify and no more is closing", .offer = TLS_1_0,
	    ALERT(SERVER, WARNING, 0), .closed = CLOSED_BY_CLIENT,
	    REFUSED(CLOSED), .likely = true },
	{ "closing upon 1.2 is a refusal where the minimum is 1.3",
	    .min = TLS_1_3, .offer = TLS_1_2, .closed = CLOSED_BY_SERVER,
	    REFUSED(CLOSED), .likely = true },
	{ "an old offer that is still open is undetermined", .offer = TLS_1_0,
	    .verdict = VERDICT_UNDETERMINED },
	{ "an old offer whose server was not seen is undetermined",
	    .offer = TLS_1_0, .closed = CLOSED_BY_SERVER,
	    .incomplete = INCOMPLETE_ONE_SIDED,
	    .verdict = VERDICT_UNDETERMINED },
	{ "an old offer with bytes missing is undetermined", .offer = TLS_1_0,
	    .closed = CLOSED_BY_SERVER, .incomplete = INCOMPLETE_GAP,
	    .verdict = VERDICT_UNDETERMINED },
	{ "an old offer and cut packets are undetermined", .offer = TLS_1_0,
	    .closed = CLOSED_BY_SERVER, .incomplete = INCOMPLETE_TRUNCATED,
	    .verdict = VERDICT_UNDETERMINED },
	{ "an old offer beyond a limit is undetermined", .offer = TLS_1_0,
	    .closed = CLOSED_BY_SERVER, .incomplete = INCOMPLETE_OVERFLOW,
	    .verdict = VERDICT_UNDETERMINED },
	{ "a missing SYN hides no answer", .offer = TLS_1_0,
	    .closed = CLOSED_BY_SERVER, .incomplete = INCOMPLETE_NO_START,
	    REFUSED(CLOSED), .likely = true },
	{ "an alert behind a gap is a failure and no more", .offer = TLS_1_0,
	    ALERT(SERVER, FATAL, 40), .incomplete = INCOMPLETE_GAP,
	    FAILED(NO_COMMON_PARAMETERS) },

	/* Failed for another reason. */
	{ "protocol_version to a good offer", .offer = TLS_1_2,
	    ALERT(SERVER, FATAL, 70), FAILED(VERSION_REFUSED_BY_SERVER) },
	{ "protocol_version to a hello that was cut", .legacy = TLS_1_0,
	    ALERT(SERVER, FATAL, 70), FAILED(VERSION_REFUSED_BY_SERVER) },
	{ "protocol_version to a hello that was not seen",
	    ALERT(SERVER, FATAL, 70), FAILED(VERSION_REFUSED_BY_SERVER) },
	{ "the client refuses an old choice with protocol_version",
	    .offer = TLS_1_3, .answer = TLS_1_0, ALERT(CLIENT, FATAL, 70),
	    FAILED(VERSION_REFUSED_BY_CLIENT) },
	{ "with insufficient_security", .offer = TLS_1_3, .answer = TLS_1_1,
	    ALERT(CLIENT, FATAL, 71), FAILED(VERSION_REFUSED_BY_CLIENT) },
	{ "with internal_error", .offer = TLS_1_3, .answer = TLS_1_0,
	    ALERT(CLIENT, FATAL, 80), .closed = CLOSED_BY_CLIENT,
	    FAILED(VERSION_REFUSED_BY_CLIENT) },
	{ "with illegal_parameter, having listed others", .offer = TLS_1_3,
	    .listed = TLS_1_3, .answer = TLS_1_0, ALERT(CLIENT, FATAL, 47),
	    FAILED(VERSION_REFUSED_BY_CLIENT) },
	{ "but not having listed that one", .offer = TLS_1_3, .listed = TLS_1_0,
	    .answer = TLS_1_0, ALERT(CLIENT, FATAL, 40),
	    FAILED(NO_COMMON_PARAMETERS) },
	{ "nor having listed none", .offer = TLS_1_2, .answer = TLS_1_0,
	    ALERT(CLIENT, FATAL, 47), FAILED(OTHER) },
	{ "internal_error upon a good choice is some other failure",
	    .offer = TLS_1_3, .answer = TLS_1_2, ALERT(CLIENT, FATAL, 80),
	    FAILED(OTHER) },
	{ "protocol_version upon a good choice still is about the version",
	    .offer = TLS_1_3, .answer = TLS_1_2, ALERT(CLIENT, FATAL, 70),
	    FAILED(VERSION_REFUSED_BY_CLIENT) },
	{ "unknown_ca refuses a certificate", .offer = TLS_1_3,
	    .answer = TLS_1_3, ALERT(CLIENT, FATAL, 48),
	    FAILED(CERTIFICATE_REFUSED) },
	{ "and so under an old version, which was not used then",
	    .offer = TLS_1_0, .answer = TLS_1_0, ALERT(CLIENT, FATAL, 42),
	    FAILED(CERTIFICATE_REFUSED) },
	{ "the server refuses the client's", .offer = TLS_1_2,
	    .answer = TLS_1_2, ALERT(SERVER, FATAL, 116),
	    FAILED(CERTIFICATE_REFUSED) },
	{ "handshake_failure to a good offer", .offer = TLS_1_2,
	    ALERT(SERVER, FATAL, 40), FAILED(NO_COMMON_PARAMETERS) },
	{ "no_application_protocol", .offer = TLS_1_3,
	    ALERT(SERVER, FATAL, 120), FAILED(NO_COMMON_PARAMETERS) },
	{ "handshake_failure of the client upon a good choice",
	    .offer = TLS_1_2, .answer = TLS_1_2, ALERT(CLIENT, FATAL, 40),
	    FAILED(NO_COMMON_PARAMETERS) },
	{ "handshake_failure of the server after its hello is another thing",
	    .offer = TLS_1_2, .answer = TLS_1_2, ALERT(SERVER, FATAL, 40),
	    FAILED(OTHER) },
	{ "protocol_version of the server after its hello too",
	    .offer = TLS_1_2, .answer = TLS_1_2, ALERT(SERVER, FATAL, 70),
	    FAILED(OTHER) },
	{ "internal_error of the server", .offer = TLS_1_3,
	    ALERT(SERVER, FATAL, 80), FAILED(OTHER) },
	{ "an alert of the client without an answer", .offer = TLS_1_3,
	    ALERT(CLIENT, FATAL, 80), .closed = CLOSED_BY_CLIENT,
	    FAILED(OTHER) },
	{ "a warning that is acted upon counts once the end is there",
	    .offer = TLS_1_2, .answer = TLS_1_2, ALERT(CLIENT, WARNING, 42),
	    .closed = CLOSED_BY_CLIENT, FAILED(CERTIFICATE_REFUSED) },
	{ "and not before", .offer = TLS_1_2, .answer = TLS_1_2, .cipher = GOOD,
	    ALERT(CLIENT, WARNING, 42), .verdict = VERDICT_MODERN },
	{ "a fatal alert behind a harmless one", .offer = TLS_1_2,
	    .answer = TLS_1_2,
	    .alerts = { { SERVER, WARNING, 112 }, { CLIENT, FATAL, 45 } },
	    .alert_count = 2, FAILED(CERTIFICATE_REFUSED) },
	{ "text in answer to a hello", .offer = TLS_1_3,
	    .answered_in_clear = true, FAILED(NOT_TLS) },
	{ "text in answer to an old offer is no refusal of its version",
	    .offer = TLS_1_0, .answered_in_clear = true,
	    .closed = CLOSED_BY_SERVER, FAILED(NOT_TLS) },
	{ "something else in answer to a hello", .offer = TLS_1_3,
	    ALERT(CLIENT, FATAL, 70), .incomplete = INCOMPLETE_NOT_TLS,
	    FAILED(NOT_TLS) },
	{ "something else behind the ServerHello is no failure of its own",
	    .offer = TLS_1_3, .answer = TLS_1_3,
	    .incomplete = INCOMPLETE_NOT_TLS, .verdict = VERDICT_MODERN },
	{ "closing upon a good offer", .offer = TLS_1_2,
	    .closed = CLOSED_BY_SERVER, FAILED(CLOSED) },
	{ "closing in the middle, under an old version", .offer = TLS_1_0,
	    .answer = TLS_1_0, .closed = CLOSED_BY_CLIENT, FAILED(CLOSED) },
	{ "a good offer that is still open", .offer = TLS_1_3,
	    .verdict = VERDICT_UNDETERMINED },

	/* In the clear. */
	{ "a login is a login", .encryption = ENCRYPTION_NONE, .login = true,
	    .starttls = STARTTLS_NOT_OFFERED,
	    .verdict = VERDICT_PLAINTEXT_LOGIN },
	{ "one that was accepted", .encryption = ENCRYPTION_NONE, .login = true,
	    .login_result = LOGIN_ACCEPTED, .verdict = VERDICT_PLAINTEXT_LOGIN,
	    .outcome = OUTCOME_SUCCESS },
	{ "one that was rejected", .encryption = ENCRYPTION_NONE, .login = true,
	    .login_result = LOGIN_REJECTED, .verdict = VERDICT_PLAINTEXT_LOGIN,
	    .outcome = OUTCOME_FAILURE },
	{ "a login is the worst, even before TLS", .login = true,
	    .login_result = LOGIN_REJECTED, .starttls = STARTTLS_USED,
	    .offer = TLS_1_3, .answer = TLS_1_3, DONE,
	    .verdict = VERDICT_PLAINTEXT_LOGIN },
	{ "talk and no login is plaintext", .encryption = ENCRYPTION_NONE,
	    .starttls = STARTTLS_OFFERED, .closed = CLOSED_BY_CLIENT,
	    .verdict = VERDICT_PLAINTEXT },
	{ "so it is after a refusal", .encryption = ENCRYPTION_NONE,
	    .starttls = STARTTLS_REFUSED, .verdict = VERDICT_PLAINTEXT },
	{ "and of one side alone", .encryption = ENCRYPTION_NONE,
	    .starttls = STARTTLS_UNKNOWN,
	    .incomplete = INCOMPLETE_ONE_SIDED | INCOMPLETE_NO_START,
	    .verdict = VERDICT_PLAINTEXT },
	{ "talk with bytes missing is undetermined",
	    .encryption = ENCRYPTION_NONE, .starttls = STARTTLS_UNKNOWN,
	    .incomplete = INCOMPLETE_GAP, .verdict = VERDICT_UNDETERMINED },
	{ "STARTTLS without a hello is undetermined",
	    .encryption = ENCRYPTION_STARTTLS, .starttls = STARTTLS_USED,
	    .verdict = VERDICT_UNDETERMINED },
	{ "no talk is undetermined", .encryption = ENCRYPTION_NONE,
	    .incomplete = INCOMPLETE_NOT_TLS, .verdict = VERDICT_UNDETERMINED },
	{ "TLS from the middle is undetermined",
	    .incomplete = INCOMPLETE_NO_START,
	    .verdict = VERDICT_UNDETERMINED },
	{ "harmless alerts from the middle are undetermined",
	    ALERT(SERVER, WARNING, 0), .closed = CLOSED_BY_SERVER,
	    .verdict = VERDICT_UNDETERMINED },
};

static struct connection
connection_of(const struct row *row)
{
	struct connection c = {
		.incomplete = row->incomplete,
		.closed_by = row->closed,
		.encryption = row->encryption,
		.starttls = row->starttls,
		.login = row->login,
		.login_result = row->login_result,
		.tls = row->tls || row->offer || row->legacy || row->answer,
		.answered_in_clear = row->answered_in_clear,
		.alert_count = row->alert_count,
		.offer = { .seen = row->offer || row->legacy,
		    .fallback_scsv = row->scsv,
		    .legacy_version = row->legacy ? row->legacy : row->offer,
		    .max_version = row->offer },
		.answer = { .seen = row->answer != 0,
		    .established = row->established,
		    .version = row->answer == 0xFFFF ? 0 : row->answer,
		    .cipher = row->cipher,
		    .sentinel = row->sentinel },
	};

	memcpy(c.alerts, row->alerts, sizeof(row->alerts));
	if (row->listed != 0) {
		c.offer.versions[0] = 0x2A2A;
		c.offer.versions[1] = row->listed;
		c.offer.version_count = 2;
	}
	return c;
}

static void
is_judged(void **state)
{
	const struct row *row = *state;
	struct judge judge = { .min_version = row->min ? row->min : TLS_1_2 };
	struct connection c = connection_of(row);

	for (int again = 0; again < 2; again++) {
		verdict_judge(&judge, &c);
		assert_int_equal(c.failure, row->failure);
		assert_int_equal(c.verdict, row->verdict);
		assert_int_equal(c.outcome, row->outcome);
		assert_int_equal(c.verdict_likely, row->likely);
	}
}

static void
old_is_what_breaks_or_has_broken(void **state)
{
	(void)state;
	for (int v = VERDICT_NONE; v <= VERDICT_UNDETERMINED; v++)
		assert_int_equal(verdict_is_old((enum verdict)v),
		    v == VERDICT_REFUSED_OLD || v == VERDICT_OLD_CLIENT ||
			v == VERDICT_FALLBACK || v == VERDICT_OLD_SERVER);
}

static void
every_verdict_and_failure_has_a_word(void **state)
{
	(void)state;
	assert_null(verdict_name(VERDICT_NONE));
	assert_null(verdict_name((enum verdict)(VERDICT_UNDETERMINED + 1)));
	for (int v = VERDICT_NONE + 1; v <= VERDICT_UNDETERMINED; v++)
		assert_non_null(verdict_name((enum verdict)v));
	assert_string_equal(verdict_name(VERDICT_OLD_CLIENT), "old_client");
	assert_null(failure_name(FAILURE_NONE));
	assert_null(failure_name((enum failure)(FAILURE_OTHER + 1)));
	for (int f = FAILURE_NONE + 1; f <= FAILURE_OTHER; f++)
		assert_non_null(failure_name((enum failure)f));
	assert_string_equal(failure_name(FAILURE_NOT_TLS), "not_tls");
}

int
main(void)
{
	enum {
		ROWS = sizeof(rows) / sizeof(*rows)
	};
	static struct row states[ROWS];
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(old_is_what_breaks_or_has_broken),
		cmocka_unit_test(every_verdict_and_failure_has_a_word),
	};
	struct CMUnitTest tests[ROWS + sizeof(others) / sizeof(*others)];

	for (size_t i = 0; i < ROWS; i++) {
		states[i] = rows[i];
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = is_judged,
			.initial_state = &states[i] };
	}
	memcpy(tests + ROWS, others, sizeof(others));
	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
